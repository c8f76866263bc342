"""May the customer be called? Every word about a call is judged by itself, then all of them together.

When in doubt a refusal is believed: a call too few can be made up for, a call against the word cannot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from itertools import pairwise

from prilavok.domain.wishes import Call
from prilavok.language.comment import call_phrases as table
from prilavok.language.comment import call_unsaid as unsaid
from prilavok.language.comment.call_scope import Scope
from prilavok.language.comment.hunch import refusal_hunch
from prilavok.language.comment.phrases import Hit, Phrases
from prilavok.language.comment.polarity import bare_signs, dead_at, is_action
from prilavok.language.comment.times import TimeHit
from prilavok.language.comment.tokens import Token

LIKELY, LIKELY_UNSAID, SURE = 0.5, 0.7, 0.85  # with a word about telephones or talking, and without


class Stance(Enum):
    REFUSED = "refused"
    CONDITIONAL = "conditional"
    ARRIVAL = "arrival"
    ASKED = "asked"
    ALLOWED = "allowed"
    COMPLAINT = "complaint"
    ELSE = "else"  # somebody else's telephone, a doorbell


@dataclass(frozen=True, slots=True)
class Statement:
    """What the words `first` to `last` (exclusive) say about calls."""

    stance: Stance
    first: int
    last: int
    operator: bool = False  # only those in the shop are meant
    courier: bool = False
    doubtful: bool = False
    soft: bool = False  # read between the lines: "text only"
    angry: bool = False  # "хватит звонить"


@dataclass(frozen=True, slots=True)
class Calls:
    call: Call
    statements: tuple[Statement, ...]
    doubtful: bool  # a person should look
    conditions: frozenset[int] = frozenset()  # the words that say when a call is welcome


@cache
def _phrases() -> Phrases:
    named = {
        "courier may": table.COURIER_MAY,
        "threat": table.THREATS,
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
    statements = reader.answered_apart(statements)
    statements += reader.courier_may(statements)
    if any(one.stance is Stance.ELSE and reader.third(one.first) and reader.negated(one.first) for one in statements):
        # "Don't call my wife, call me": whose telephone, not whether
        statements = [replace(one, stance=Stance.ALLOWED) if one.stance is Stance.ASKED else one for one in statements]
    if not any(one.stance is not Stance.ALLOWED or reader.is_explained(one) for one in statements):
        statements += suspected(tokens)
    statements = [
        replace(one, angry=one.stance is Stance.REFUSED and reader.is_angry(one.first, one.last)) for one in statements
    ]
    places = [one.first for one in statements if one.stance in {Stance.CONDITIONAL, Stance.ARRIVAL, Stance.REFUSED}]
    return replace(_together(statements), conditions=frozenset(at for place in places for at in reader.when(place)))


def suspected(tokens: Sequence[Token]) -> list[Statement]:
    """Where the rules saw nothing: a refusal that is likely by its words is believed, and a person reads it."""
    if any(token.keys & (unsaid.LANGUAGES - {"PERSON"}) for token in tokens):
        return []  # "говорю только по-русски"
    voice = any(token.keys & unsaid.VOICE for token in tokens)
    never = refusal_hunch(tokens) if tokens else 0.0
    if never <= (LIKELY if voice else LIKELY_UNSAID):
        return []
    return [Statement(Stance.REFUSED, 0, len(tokens), doubtful=never < SURE)]


def _together(said: list[Statement]) -> Calls:
    """One answer out of all statements; see the table in docs/user/order-comments.md."""
    stances = {one.stance for one in said}
    refused = [one for one in said if one.stance is Stance.REFUSED]
    hard = [one for one in refused if not one.soft]
    doubtful = any(one.doubtful for one in said)
    if refused:
        if Stance.ARRIVAL in stances and not any(one.courier for one in hard):
            return Calls(Call.BEFORE_ARRIVAL, tuple(said), doubtful)
        if Stance.CONDITIONAL in stances:
            return Calls(Call.ONLY_IF_URGENT, tuple(said), doubtful)
        if Stance.ASKED in stances:
            if not hard:
                return Calls(Call.REQUIRED, tuple(said), True)
            return Calls(Call.NEVER, tuple(said), True)
        return Calls(Call.NEVER, tuple(said), doubtful)
    for stance, call in (
        (Stance.ASKED, Call.REQUIRED),
        (Stance.ARRIVAL, Call.BEFORE_ARRIVAL),
        (Stance.CONDITIONAL, Call.ONLY_IF_URGENT),
    ):
        if stance in stances:
            return Calls(call, tuple(said), doubtful)
    return Calls(Call.NO_STATEMENT, tuple(said), doubtful)


class _Reader(Scope):
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

    def implied(self) -> list[Statement]:
        """Refusals without the word: nobody who is deaf, picks up no telephone or wants texts only is called."""
        found = []
        for hit in self.hits.get("refusal", ()):
            spoken = (place for place in range(hit.first, hit.last) if self.tokens[place].keys & {"CALLV", "CALLN"})
            if all(self._is_compound(place) for place in spoken) and self._is_mine(hit):
                refusal = self._refusal(hit.first, hit.last, anchor=hit.first)
                found.append(self._lasts(refusal))
        found += self._without_the_word(found)
        for hit in self.hits.get("deaf", ()):
            if self._is_mine(hit) and not self._hears_no_bell(hit):
                found.append(Statement(Stance.REFUSED, hit.first, hit.last, soft=True))
        found += [
            Statement(Stance.REFUSED, hit.first, hit.last, soft=True)
            for hit in self.hits.get("writing", ())
            if self._means_only_writing(hit)
        ]
        found += self._busy()
        covered = {place for hit in self.hits.get("refusal", ()) for place in range(hit.first, hit.last)}
        for place, token in enumerate(self.tokens):
            if "BOTHER" in token.keys and place not in covered and self.negated(place) and self._bothers_me(place):
                calls = any(one.keys & {"CALLV", "CALLN", "PHONE"} for one in self.proposition(place))
                found.append(self._refusal(place - 1, place + 1, anchor=place, doubtful=not calls))
        return found

    def _without_the_word(self, found: Sequence[Statement]) -> list[Statement]:
        """ "По телефону никак", "говорить не могу", "голосом не отвечу": nothing was said of a call."""
        more = []
        for number, (first, last) in enumerate(self.propositions.bounds):
            inside = self.tokens[first:last]
            if any(
                one.keys & {"CALLV", "CALLN"} and not self._is_compound(first + at) for at, one in enumerate(inside)
            ):
                continue
            if any(one.first < last and first < one.last for one in found):
                continue
            for place in range(first, last):
                if not self._is_voice(place):
                    continue
                if self.reserved(place):
                    more.append(Statement(Stance.CONDITIONAL, place, place + 1))
                    break
                sign = dead_at(self.tokens, place, (first, last))
                hit = Hit(sign.first, sign.last, "voice") if sign is not None else None
                if hit is not None and sign is not None and sign.negative and self._is_mine(hit):
                    more.append(self._lasts(self._refusal(hit.first, hit.last, anchor=place)))
                    break
        return more

    def _bothers_me(self, place: int) -> bool:
        if not self.tokens[place].keys & {"IMPER", "INF", "ENGLISH"} and not self.wished(place):
            return False  # "пёс не трогает"
        others = {"KIN", "PERSON", "собака", "кошка", "кот", "dog", "cat", "baby", "дети", "діти", "дитина", "ребенок"}
        return not self.shield(place) and not any(one.keys & others for one in self.proposition(place))

    def _lasts(self, refusal: Statement) -> Statement:
        """ "днём телефон выключен, пишите": no call in the evening either."""
        if refusal.stance is Stance.ALLOWED and self._texting() and all(time.vague for time in self.times):
            return replace(refusal, stance=Stance.REFUSED)
        return refusal

    def _is_voice(self, place: int) -> bool:
        token = self.tokens[place]
        if "TALK" in token.keys:
            return not token.keys & {"IMPER", "PAST", "P2"} and not any(
                one.keys & unsaid.LANGUAGES for one in self.proposition(place)
            )
        return bool(token.keys & {"PHONE", "TUBE", "VOICE", "LINK"}) and token.low not in {"answer"}

    def courier_may(self, said: Sequence[Statement]) -> list[Statement]:
        """ "Оператор пусть не звонит, курьеру можно": the word is not said again."""
        if not any(one.stance is Stance.REFUSED and not one.courier for one in said):
            return []
        found = []
        for hit in self.hits.get("courier may", ()):
            rest = self.tokens[hit.first : hit.last + 4]
            same = [one for one in rest if one.sentence == self.tokens[hit.first].sentence]
            if not any(one.keys & {"PEN", "WRITE", "LEAVE", "NOT", "GIVE"} for one in same):
                found.append(Statement(Stance.ARRIVAL, hit.first, hit.last))
        return found

    def answered_apart(self, said: list[Statement]) -> list[Statement]:
        """ "Чтобы кто-то звонил — не надо": the "no" stands apart from the call that it refuses."""
        answered = list(said)
        for first, last, denied in bare_signs(self.tokens, self.propositions):
            sentence = self.tokens[first].sentence
            alone = first == 0 or self.tokens[first - 1].sentence != sentence
            before = [one for one in said if one.last <= first]
            near = [one for one in before if 0 <= sentence - self.tokens[one.last - 1].sentence <= alone]
            if not denied or not near or near[-1].stance in {Stance.ELSE, Stance.COMPLAINT, Stance.REFUSED}:
                continue
            if any(is_action(one) for one in self.tokens[near[-1].last : first]):
                continue
            if not alone and near[-1].stance is Stance.ASKED and near[-1] in answered:
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
        token = self.tokens[place]
        last = place + 1
        shield = self.shield(place)
        operator, courier = self.whose(place)
        negated = self.negated(place)
        also_phone = any("PHONE" in one.keys for one in self.tokens[place : self.propositions.bounds_of(place)[1]])
        if "P1" in token.keys and "VERB" in token.keys and not token.keys & {"IMPER", "P2"}:
            return Statement(Stance.ELSE, place, last)  # "сама наберу"
        if shield == "bell" and negated and (also_phone or "DIAL" in token.keys):
            shield = ""
        if shield == "third" and not negated and self.not_me_after(place):
            return Statement(Stance.REFUSED, place, last, doubtful=True)
        if shield in {"bell", "third", "thanks"} or self.scolds(place):
            return Statement(Stance.ELSE, place, last)
        if shield == "complaint":
            if not self.wished(place):
                if any("THANKS" in one.keys for one in self.tokens):
                    return Statement(Stance.ELSE, place, last)
                waiting = any(one.keys & unsaid.WAITING for one in self.tokens)
                return Statement(Stance.ASKED if waiting else Stance.COMPLAINT, place, last, doubtful=waiting)
            shield = "" if negated else "asked"
        if "PAST" in token.keys and not token.keys & {"CALLV", "CALLN"}:
            return Statement(Stance.ELSE, place, last)  # "поговорили по телефону"
        if self.about_goods(place) and negated:
            return Statement(Stance.COMPLAINT, place, last)
        if self.only_me(place) or (negated and self.supposes(place)):
            return Statement(Stance.ALLOWED, place, last)
        for hit in self.hits.get("threat", ()):
            if hit.first <= place < hit.last:
                return Statement(Stance.REFUSED, hit.first, hit.last)
        if shield in {"", "asked"}:
            if token.low in {"phone", "phone's", "phones"} and (
                dead := dead_at(self.tokens, place, self.propositions.bounds_of(place))
            ):
                if dead.negative and self._is_mine(Hit(dead.first, dead.last, "voice")):
                    return self._refusal(dead.first, dead.last, anchor=place)
            sign = self.sign(place)
            if sign is not None and sign.negative and not shield:
                return self._refusal(sign.first, sign.last, anchor=place)
            if sign is not None and sign.mood and not shield:
                shield = sign.mood
        if shield == "allowed":
            return Statement(Stance.ALLOWED, place, last)
        if self.supposes(place):
            return Statement(Stance.ALLOWED, place, last)
        condition = self.condition(place)
        arrives = self.arrives(place) or (shield == "asked" and self.until_arrival(place))
        if condition == "" and self.under_if(place):
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
        return Statement(Stance.ASKED if asked else Stance.ALLOWED, place, last, operator=operator, courier=courier)

    def _refusal(self, first: int, last: int, *, anchor: int, doubtful: bool = False) -> Statement:
        operator, courier = self.whose(anchor)
        forever = any(
            "EVER" in one.keys or one.low in {"вообще", "взагалі", "совсем"} for one in self.around(anchor, 4)
        )
        if self.condition(anchor, refused=True) == "urgent":
            return Statement(Stance.CONDITIONAL, first, last, operator=operator, courier=courier)
        if not forever and self.only_for_a_time(first, last):
            return Statement(Stance.ALLOWED, first, last)
        if self.until(last):
            return Statement(Stance.ALLOWED, first, last, doubtful=True)
        arrives = courier or (self.arrives(anchor) and not operator)
        return Statement(Stance.REFUSED, first, last, operator=operator, courier=arrives, doubtful=doubtful)

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
            if self.only_timed(place) or (self.timed(place) and not self.whom(place)):
                return False
            you = [one.low for one in before][-3:]
            asking = any(
                first in {"can", "could", "would", "will", "may"} and second in {"you", "someone", "u"}
                for first, second in pairwise(you)
            )
            after = {one.low for one in self.tokens[place + 1 : place + 4] if one.sentence == token.sentence}
            return asking or not (said_before | after) & table.ALLOWING
        if "CALLN" in token.keys and "CALLV" not in token.keys:
            if any("OKAY" in one.keys for one in here):
                return False
            return bool(words & table.OBJECT) or any(one.keys & {"CONFIRM"} for one in here)
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

    def _is_mine(self, hit: Hit) -> bool:
        """Not under an "if" ("если не отвечу"), and not about somebody else ("жена не берёт трубку")."""
        head = self.tokens[max(0, hit.first - 3) : hit.last]
        sentence = self.tokens[hit.first].sentence
        same = [one for one in head if one.sentence == sentence]
        if any(one.keys & {"IF"} for one in same) or (
            any(one.keys & {"KIN"} for one in same) and not any(one.low in unsaid.US for one in same)
        ):
            return False
        whole = self.tokens[hit.first : hit.last]
        if self.about_shop(hit) or self.on_sale(hit):
            return False
        if self.about_messages(hit) or any(other.first <= hit.first < other.last for other in self.complaints()):
            return False
        return not any(one.keys >= {"PAST", "VERB"} for one in whole) or any(
            one.keys & {"SILENT", "GONE", "голос", "voice"} for one in whole
        )

    def _busy(self) -> list[Statement]:
        """ "Я на работе, пишите": who cannot talk and asks for words instead is not called."""
        if not self._texting():
            return []
        timed = {self.tokens[time.first].sentence for time in self.times if not time.vague}
        return [
            Statement(Stance.REFUSED, hit.first, hit.last, soft=True)
            for hit in self.hits.get("busy", ())
            if self._is_mine(hit) and self.tokens[hit.first].sentence not in timed
        ]

    def _texting(self) -> bool:
        return any(one.keys >= {"PEN", "IMPER"} or self._asks_for_text(one) for one in self.tokens)

    def _asks_for_text(self, token: Token) -> bool:
        return "ENGLISH" in token.keys and token.low in unsaid.TEXTING

    def _hears_no_bell(self, hit: Hit) -> bool:
        """ "Плохо слышу звонок", "hard of hearing, knock loudly": the door is meant."""
        knocking = {"стучать", "постучать", "стукати", "knock"}
        if any("HEAR" in one.keys for one in self.tokens[hit.first : hit.last]):
            knocking |= {"BELL"}
        after = self.tokens[hit.last : hit.last + 3]
        return any(
            one.keys & knocking and "INTERCOM" not in one.keys and one.clause == self.tokens[hit.last - 1].clause
            for one in after
        )

    def _means_only_writing(self, hit: Hit) -> bool:
        words = self.tokens[hit.first : hit.last]
        head = self.tokens[max(0, hit.first - 2) : hit.last]
        sent = {"PAPER", "COMING", "SHIP", "GIVE"}
        if any(one.keys & sent and "WRITE" not in one.keys and one.clause == words[0].clause for one in head):
            return False  # "чек только на почту"
        if any(one.keys & {"IF", "NOT", "HOUR", "MORNING", "EVENING", "NUM"} for one in words):
            return False
        after = self.tokens[hit.last : hit.last + 2]
        if any("PAPER" in one.keys for one in after):
            return False  # "email only the invoice"
        return not any("IF" in one.keys and one.clause == words[-1].clause for one in after)

    def _is_compound(self, place: int) -> bool:
        """ "phone" in "my phone" is a thing."""
        token = self.tokens[place]
        after = self.tokens[place + 1].low if place + 1 < len(self.tokens) else ""
        before = self.tokens[place - 1].low if place else ""
        if token.low in {"phone", "telephone"} and not (before in unsaid.TO_PHONE or after in unsaid.PHONE_WHOM):
            return True
        jewellery = token.low == "ring" and (after in unsaid.JEWELLERY or before in unsaid.OF_RINGS)
        if (token.low, after) in unsaid.NO_CALLS or jewellery:
            return True
        return (
            token.low in {"phone", "telephone", "ring"}
            and bool(place and self.tokens[place - 1].low in {"my", "the", "by", "on", "over", "a", "via"})
        ) or (token.low == "phone" and place + 1 < len(self.tokens) and self.tokens[place + 1].keys >= {"CALLN"})
