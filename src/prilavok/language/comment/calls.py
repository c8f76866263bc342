"""May the customer be called? Every word about a call is judged by itself, then all of them together.

When in doubt a refusal is believed: a call too few can be made up for, a call against the word cannot.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from prilavok.domain.wishes import Call
from prilavok.language.comment import call_phrases as table
from prilavok.language.comment import call_unsaid as unsaid
from prilavok.language.comment.call_statements import Calls, Stance, Statement
from prilavok.language.comment.call_turns import Turns
from prilavok.language.comment.call_unspoken import OTHERWISE
from prilavok.language.comment.hunch import refusal_hunch
from prilavok.language.comment.phrases import Hit, Phrases
from prilavok.language.comment.polarity import Propositions, bare_signs, is_action
from prilavok.language.comment.times import TimeHit
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

LIKELY, LIKELY_UNSAID, SURE = 0.6, 0.8, 0.75  # with a word about telephones or talking, and without
WHO = words("который хто кто котрий який")
GETTING = table.OBJECT | words("please get have love make schedule arrange appreciate expecting await prefer after")
OPTIONAL = words("обязательно обов'язково необязательно необов'язково necessary required")
WHOLLY = words("вообще взагалі")
TOO = words("даже навіть even тоже теж также також ни ні nor neither")
A_CALL = words("a one every another any single")
OVERRULED = {
    Call.NO_STATEMENT: 0.98,
    Call.REQUIRED: 0.85,
    Call.ONLY_IF_URGENT: 0.99,
}  # from when rules are not believed


@cache
def _phrases() -> Phrases:
    named = {
        "courier may": table.COURIER_MAY,
        "welcome": table.WELCOME,
        "threat": table.THREATS,
        "anecdote": table.ANECDOTES,
        "never again": table.NEVER_AGAIN,
        "by no means": table.BY_NO_MEANS,
        "voice": table.BY_VOICE,
        "refusal": table.REFUSALS + unsaid.UNSAID,
        "busy": unsaid.BUSY,
        "writing": table.ONLY_WRITING,
        "deaf": table.DEAF,
        "arrival": table.ARRIVAL,
    }
    named |= {f"shield {name}": lines for name, lines in table.SHIELDS.items()}
    return Phrases(named | {f"if {name}": lines for name, lines in table.CONDITIONS.items()})


def read_calls(tokens: Sequence[Token], times: Sequence[TimeHit], questions: frozenset[int] = frozenset()) -> Calls:
    """`questions`: the sentences that end in a question mark."""
    reader = _Reader(tokens, times, list(_phrases().find(tokens)), questions)
    answers = reader.answered()
    asked = {one.first for one in answers}
    statements = [one for one in reader.spoken() if one.first not in asked]
    statements += [*answers, *reader.implied(), *reader.signs()]
    statements = reader.sworn_off(reader.answered_apart(statements))
    statements = reader.without_silence([*statements, *reader.courier_may(statements), *reader.excepted(statements)])
    if any(one.stance is Stance.ELSE and reader.third(one.first) and reader.negated(one.first) for one in statements):
        # "Don't call my wife, call me": whose telephone, not whether
        statements = [replace(one, stance=Stance.ALLOWED) if one.stance is Stance.ASKED else one for one in statements]
    statements = reader.welcomed(reader.elsewhere(statements))
    if any(one.stance is Stance.REFUSED and reader.speaks(one) for one in statements):
        statements = [one for one in statements if not reader.is_marketing(one)]
    clear = any(one.stance is not Stance.ALLOWED or reader.is_explained(one) for one in statements)
    settled = [one for one in statements if one.stance is not Stance.ALLOWED or reader.is_settled(one)]
    if not reader.rung_elsewhere(statements) and not reader.renumbered():
        statements = suspected(tokens, statements, clear=clear, questions=questions)
    statements = [
        replace(one, angry=one.stance is Stance.REFUSED and reader.is_angry(one.first, one.last)) for one in statements
    ]
    places = [one.first for one in statements if one.stance in {Stance.CONDITIONAL, Stance.ARRIVAL, Stance.REFUSED}]
    return replace(
        _together(statements),
        settled=frozenset(at for one in settled for at in range(*reader.propositions.bounds_of(one.first))),
        conditions=frozenset(at for place in places for at in reader.when(place)),
    )


def suspected(
    tokens: Sequence[Token], said: list[Statement], *, clear: bool, questions: frozenset[int] = frozenset()
) -> list[Statement]:
    """What the rules understood, or a refusal that is likely by the words; a person reads what is not sure.

    `clear`: the rules have an answer, and much is needed to overrule it.
    """
    if not tokens or unsaid.is_elsewhere(tokens):
        return said
    if any(one.stance in {Stance.ELSE, Stance.COMPLAINT} for one in said):
        return said
    voice = next((place for place, token in enumerate(tokens) if token.keys & unsaid.VOICE), None)
    if voice is None and all(token.sentence in questions for token in tokens):
        return said  # "Сколько это стоит?"
    least = OVERRULED.get(_together(said).call, 1.0) if clear else LIKELY if voice is not None else LIKELY_UNSAID
    never = refusal_hunch(tokens) if least < 1.0 else 0.0
    if never <= least:
        return said
    first, last = (0, len(tokens)) if voice is None else Propositions(tokens).bounds_of(voice)
    refused = Statement(Stance.REFUSED, first, last, doubtful=clear or never < SURE, guessed=True)
    return [refused] if clear else [*said, refused]


def _together(said: list[Statement]) -> Calls:
    """One answer out of all statements; see the table in docs/user/order-comments.md."""
    stances = {one.stance for one in said}
    refused = [one for one in said if one.stance is Stance.REFUSED]
    hard = [one for one in refused if not one.soft]
    doubtful = any(one.doubtful for one in said)
    if refused and not hard and any(one.welcome for one in said):
        return Calls(Call.NO_STATEMENT, tuple(said), doubtful)  # "только почта. Ну и звонить можно"
    if refused:
        forbidden = max((one.first for one in hard if one.courier), default=-1)
        if any(one.stance is Stance.ARRIVAL and one.first > forbidden for one in said):
            return Calls(Call.BEFORE_ARRIVAL, tuple(said), doubtful)
        if Stance.CONDITIONAL in stances:
            return Calls(Call.ONLY_IF_URGENT, tuple(said), doubtful)
        if Stance.ASKED in stances:
            if not hard:
                return Calls(Call.REQUIRED, tuple(said), True)
            return Calls(Call.NEVER, tuple(said), True)
        sure = any(not one.doubtful for one in hard) and not any(
            one.doubtful for one in said if one.stance is not Stance.REFUSED
        )
        return Calls(Call.NEVER, tuple(said), doubtful and not sure)
    for stance, call in (
        (Stance.ASKED, Call.REQUIRED),
        (Stance.ARRIVAL, Call.BEFORE_ARRIVAL),
        (Stance.CONDITIONAL, Call.ONLY_IF_URGENT),
    ):
        if stance in stances:
            return Calls(call, tuple(said), doubtful)
    return Calls(Call.NO_STATEMENT, tuple(said), doubtful)


class _Reader(Turns):
    """Every word about a call becomes one statement."""

    def spoken(self) -> list[Statement]:
        """One statement for every word that means a call."""
        slang = {hit.last - 1 for hit in self.hits.get("shield slang", ())}
        slang |= {hit.first for hit in self.hits.get("voice", ())}
        return [
            self._judge(place)
            for place, token in enumerate(self.tokens)
            if place in slang or (token.keys & {"CALLV", "CALLN"} and not self._is_compound(place))
        ]

    def courier_may(self, said: Sequence[Statement]) -> list[Statement]:
        """ "Оператор пусть не звонит, курьеру можно": the word is not said again."""
        refused = [one for one in said if one.stance is Stance.REFUSED]
        if not refused:
            return []
        found = []
        for hit in self.hits.get("courier may", ()):
            if all(one.courier and one.first > hit.first for one in refused) or self._refused_too(hit):
                continue
            rest = self.tokens[hit.first : hit.last + 4]
            same = [one for one in rest if one.sentence == self.tokens[hit.first].sentence]
            led = "DAT" in self.tokens[hit.last - 1].keys  # "только курьеру, когда он приедет"
            led |= any("WHEN" in one.keys for one in same)
            comes = not led and any(one.keys >= {"COMING", "P3"} for one in same)
            if not comes and not any(
                one.keys & {"PEN", "WRITE", "LEAVE", "NOT", "GIVE"} and "ANSWER" not in one.keys for one in same
            ):
                found.append(Statement(Stance.ARRIVAL, hit.first, hit.last))
        return found

    def _refused_too(self, hit: Hit) -> bool:
        """ "Не надо, даже курьеру за час", "no need for the courier to call before delivery"."""
        first, last = self.propositions.bounds_of(hit.first)
        led = self.tokens[first : hit.first + 1]
        if any("CALLV" in one.keys for one in self.tokens[hit.last : last]):
            return True  # judged by itself: "курьер пусть звонит в домофон, а не на телефон"
        called = any(one.keys & {"CALLV", "CALLN"} for one in self.proposition(hit.first))
        return any(one.low in TOO or (called and one.keys & {"NOT", "WITHOUT"}) for one in led)

    def answered_apart(self, said: list[Statement]) -> list[Statement]:
        """ "Чтобы кто-то звонил — не надо": the "no" stands apart from the call that it refuses."""
        answered = list(said)
        for first, last, denied in bare_signs(self.tokens, self.propositions):
            sentence = self.tokens[first].sentence
            alone = first == 0 or self.tokens[first - 1].sentence != sentence
            before = [one for one in said if one.last <= first]
            near = [one for one in before if 0 <= sentence - self.tokens[one.last - 1].sentence <= alone]
            wholly = any(one.low in WHOLLY for one in self.tokens[first:last])  # "с опросами не надо, и вообще не надо"
            known = {Stance.ELSE, Stance.REFUSED} | (set() if wholly else {Stance.COMPLAINT})
            if not denied or not near or near[-1].stance in known:
                continue
            mild = any(one.low in OPTIONAL for one in self.tokens[first:last])  # "не проти, але не обов'язково"
            sign = self.sign(near[-1].first)
            if mild and sign is not None and sign.mood == "allowed":
                continue
            if any(is_action(one) for one in self.tokens[near[-1].last : first]):
                continue
            otherwise = any(one.low in OTHERWISE for one in self.tokens[first:last])  # "а так не надо"
            undone = near[-1].stance is Stance.ASKED or (self.supposed(near[-1]) and not otherwise)
            if not alone and undone and near[-1] in answered:
                answered.remove(near[-1])
            answered.append(Statement(Stance.REFUSED, first, last))
        return answered

    def answered(self) -> list[Statement]:
        """ "Звонить? Нет." """
        return [
            Statement(Stance.REFUSED, place, place + 2)
            for place, (one, two) in enumerate(pairwise(self.tokens))
            if one.keys & {"CALLN", "INF"}
            and one.keys & {"CALLN", "CALLV"}
            and set("?:—–-") & set(two.gap)
            and two.low in unsaid.NO
        ]

    def signs(self) -> list[Statement]:
        """📵 says it alone, a telephone says it beside a cross."""
        found = []
        for place, token in enumerate(self.tokens):
            if token.kind != "sign":
                continue
            around = {one.low for one in self.tokens[max(0, place - 1) : place + 2]}
            words = {key for one in self.tokens[max(0, place - 1) : place + 1] for key in one.keys}
            if token.low in table.NO_PHONE_SIGNS or (
                token.low in table.PHONE_SIGNS and (around & table.NO_SIGNS or words & {"NOT", "WITHOUT"})
            ):
                found.append(Statement(Stance.REFUSED, place, place + 1))
        return found

    def _judge(self, place: int) -> Statement:
        token, last = self.tokens[place], place + 1
        shield = self.shield(place)
        operator, courier = self.whose(place)
        negated = self.negated(place)
        also_phone = any("PHONE" in one.keys for one in self.tokens[place : self.propositions.bounds_of(place)[1]])
        if "P1" in token.keys and "VERB" in token.keys and not token.keys & {"IMPER", "P2"}:
            return Statement(Stance.REFUSED if self.we_do_not(place) else Stance.ELSE, place, last)  # "сама наберу"
        if self.asks_why(place):
            return Statement(Stance.COMPLAINT, place, last)
        if shield == "bell" and negated and (also_phone or "DIAL" in token.keys):
            shield = ""
        if (other := self._of_others(place, shield, negated=negated)) is not None:
            return other
        if shield == "complaint":
            if not self.wished(place):
                return self._complained(place)
            sign = self.sign(place)
            shield = "" if negated else (sign and sign.mood) or "asked"  # "не против, чтобы позвонили"
        if (turned := self._turned(place, shield)) is not None:
            return turned
        if "PAST" in token.keys and not token.keys & {"CALLV", "CALLN"}:
            return Statement(Stance.ELSE, place, last)  # "поговорили по телефону"
        if self.about_goods(place) and negated:
            return Statement(Stance.COMPLAINT, place, last)
        if self.only_me(place) or (negated and self.supposes(place)):
            return Statement(Stance.ALLOWED, place, last)
        if (threat := self._in(place, "threat")) is not None:
            return Statement(Stance.REFUSED, threat.first, threat.last)
        if shield in {"", "asked"}:
            if dead := self._dead_phone(place):
                return self._refusal(*dead, anchor=place)
            sign = self.sign(place)
            if sign is not None and sign.negative and not shield:
                return self._refusal(sign.first, sign.last, anchor=place)
            if sign is not None and sign.mood and not shield:
                shield = sign.mood
        if shield == "allowed" or self.either_way(place):
            return Statement(Stance.ALLOWED, place, last)
        if self.supposes(place):
            return Statement(Stance.ALLOWED, place, last)
        condition = self.condition(place)
        arrives = self.arrives(place) or (shield == "asked" and self.until_arrival(place))
        if condition == "" and (self.under_if(place) or (not arrives and self.supposed_by_dash(place))):
            condition = "urgent"
        if condition == "urgent" and (
            self.only_if(place) or not (arrives and "CALLV" in token.keys and self.about_door(place))
        ):
            return Statement(Stance.CONDITIONAL, place, last)
        if arrives and self.confirms(place):
            return Statement(Stance.ASKED, place, last)
        if arrives:
            return Statement(Stance.ARRIVAL, place, last, operator=operator, courier=courier)
        if condition == "loose":
            return Statement(Stance.ALLOWED, place, last)
        asked = shield == "asked" or self._asked(place)
        welcome = not asked and any("OKAY" in one.keys for one in self.proposition(place))
        stance = Stance.ASKED if asked else Stance.ALLOWED
        return Statement(stance, place, last, operator=operator, courier=courier, welcome=welcome)

    def _of_others(self, place: int, shield: str, *, negated: bool) -> Statement | None:
        """A doorbell, another person, another shop: nothing of the customer's telephone, or nearly."""
        if shield == "third" and not negated and self.not_me_after(place):
            return Statement(Stance.REFUSED, place, place + 1, doubtful=True)
        if self._in(place, "anecdote") is not None:
            return Statement(Stance.REFUSED, place, place + 1, doubtful=True)
        if shield == "third" and not negated and "IMPER" in self.tokens[place].keys and self.arrives(place):
            return Statement(Stance.ARRIVAL, place, place + 1)  # "позвоните маме перед приездом"
        if shield in {"bell", "third", "thanks"} or self.scolds(place):
            return Statement(Stance.ELSE, place, place + 1)
        return None

    def _complained(self, place: int) -> Statement:
        if any("THANKS" in one.keys for one in self.tokens):
            return Statement(Stance.ELSE, place, place + 1)
        waiting = any(one.keys & unsaid.WAITING for one in self.tokens)
        return Statement(Stance.ASKED if waiting else Stance.COMPLAINT, place, place + 1, doubtful=waiting)

    def _in(self, place: int, name: str) -> Hit | None:
        return next((hit for hit in self.hits.get(name, ()) if hit.first <= place < hit.last), None)

    def _turned(self, place: int, shield: str) -> Statement | None:
        """What the words beyond its own proposition make of a call."""
        quiet, sign = self.silence(place), self.sign(place)
        if quiet is not None and (sign is None or not sign.negative or quiet[0] <= sign.first < quiet[1]):
            return Statement(Stance.CONDITIONAL, place, place + 1)
        if turned := self.threatened(place) or (not shield and self.outdone(place)):
            return Statement(Stance.REFUSED, *turned)
        return None

    def _asked(self, place: int) -> bool:
        """A perfective request asks for one call; an imperfective one merely allows calls."""
        token, here = self.tokens[place], self.around(place, 4)
        before = [one for one in self.tokens[max(0, place - 4) : place] if one.sentence == token.sentence]
        words = {one.low for one in here} | {key for one in here for key in one.keys if key.islower()}
        said_before = {one.low for one in before} | {key for one in before for key in one.keys if key.islower()}
        if "ENGLISH" in token.keys:
            if (
                token.low in {"called", "calling", "phone", "telephone"}
                and not self.told(place)
                and not said_before & table.OBJECT
            ):
                return False
            if {"i", "we", "ll", "i'll"} & {one.low for one in before} and not {
                "want",
                "need",
                "would",
                "like",
            } & said_before:
                return False
            if token.low == "calls" and not said_before & table.OBJECT:
                return False
            given = [one.low for one in before[-2:]] in (["me", "a"], ["us", "a"])  # "give me a ring after five"
            if self.only_timed(place) or (self.timed(place) and not self.whom(place) and not given):
                return False
            you = [one.low for one in before][-3:]
            asking = any(
                first in {"can", "could", "would", "will", "may"} and second in {"you", "someone", "somebody", "u"}
                for first, second in pairwise(you)
            )
            if before and before[-1].low in A_CALL and not said_before & GETTING:
                return False  # "a letter beats a call"
            after = {one.low for one in self.tokens[place + 1 : place + 4] if one.sentence == token.sentence}
            return asking or not (said_before | after) & table.ALLOWING
        if any(one.low in WHO for one in self.proposition(place)[:2]) and "P3" in token.keys:
            return False  # "менеджер, который наберёт"
        if "CALLN" in token.keys and "CALLV" not in token.keys:
            if any("OKAY" in one.keys for one in here):
                return False
            return (
                bool(words & table.OBJECT)
                or any(one.keys >= {"WARN", "IMPER"} for one in before)
                or self.instead_of_words(place)
                or any(one.keys & {"CONFIRM"} for one in here)
            )
        if token.keys & {"P1", "PAST"} and "IMPER" not in token.keys:
            return False
        if said_before & table.ALLOWING and not said_before & table.INSISTING:
            return token.sentence in self.questions and bool(said_before & {"можете", "могли", "можешь"})
        if self.only_timed(place) or ("PERF" not in token.keys and self.timed(place)):
            return False
        if self.instead_of_words(place):
            return True
        if token.keys & {"PERF"} and token.keys & {"IMPER", "INF", "P2", "P3"}:
            return True
        if words & table.INSISTING and not words & table.ALLOWING and token.keys & {"IMPER", "INF"}:
            return True
        return "INF" in token.keys and any(one.keys & {"NEED", "ASK", "WANT"} for one in before)
