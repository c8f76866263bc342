"""Refusals without the word: nobody who is deaf, picks up no telephone or wants texts only is called."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from prilavok.language.comment import call_unsaid as unsaid
from prilavok.language.comment.call_conditions import Conditions
from prilavok.language.comment.call_statements import Stance, Statement
from prilavok.language.comment.keys import CHANNELS
from prilavok.language.comment.phrases import Hit
from prilavok.language.comment.polarity import Propositions, dead_at
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

NO_RULE = words("IF NOT HOUR MORNING EVENING NUM")
OTHERWISE = words("иначе інакше otherwise else так остальном решті")
KNOCKING = words("стучать постучать стукать стукати постукати knock knocking")
CENTRES = words("колл кол call контакт")
OLD = words("старый старым старий старим old")
AT_ONCE = words("сразу одразу immediately straightaway always всегда завжди")
EARLIER = words("раньше ранее раніше earlier sooner")
OWNING = words("маю имею есть є have got has установлен встановлено стоит стоїть")
PERHAPS = words("могу можем может могут можу можемо може можуть может'быть might may")


def at_door(tokens: Sequence[Token]) -> bool:
    """ "Стучите тихо", "в дверь не звоните": the door's noise is meant; "домофон 45" speaks of none."""
    if any(one.keys & KNOCKING for one in tokens):
        return True
    insides = (tokens[first:last] for first, last in Propositions(tokens).bounds)
    return any(
        any(one.keys & {"BELL", "DOOR"} for one in inside) and any(one.keys & {"CALLV", "NOT"} for one in inside)
        for inside in insides
    )


def brought_there(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "Доставка в больницу": where the parcel goes, and not why nobody can talk."""
    first, last = Propositions(tokens).bounds_of(hit.first)
    sent = any(one.keys & {"COMING", "SHIP", "GIVE", "LEAVE"} for one in tokens[first:last])
    return sent and not any("SLEEP" in one.keys for one in tokens[hit.first : hit.last])


class Unspoken(Conditions):
    """Reads between the lines."""

    def implied(self) -> list[Statement]:
        """Refusals without the word: nobody who is deaf, picks up no telephone or wants texts only is called."""
        found = []
        for hit in self.hits.get("refusal", ()):
            if any(other.first <= hit.first < other.last for other in self.hits.get("shield asked", ())):
                continue  # "без разговора не отправляйте"
            spoken = (place for place in range(hit.first, hit.last) if self.tokens[place].keys & {"CALLV", "CALLN"})
            if all(self._is_compound(place) for place in spoken) and self._is_mine(hit):
                refusal = self._refusal(hit.first, hit.last, anchor=hit.first)
                found.append(self._lasts(refusal))
        found += self._without_the_word(found)
        for hit in self.hits.get("deaf", ()):
            if self._is_mine(hit) and not (
                self._hears_no_bell(hit) or self._is_for_another(hit) or self._hears_later(hit)
            ):
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
                doubtful = not (calls or self._otherwise(place) or self._operators(place))
                found.append(self._refusal(place - 1, place + 1, anchor=place, doubtful=doubtful))
        return found

    def _operators(self, place: int) -> bool:
        """ "Операторы пусть не беспокоят, доставщик звонит за час"."""
        here = self.tokens[place].sentence
        there = any(one.keys & {"CALLV", "CALLN"} and one.sentence == here for one in self.tokens)
        return there and any("OPERATOR" in one.keys for one in self.proposition(place))

    def _otherwise(self, place: int) -> bool:
        """ "При замене звоните, а так не беспокойте": calls were spoken of before."""
        first, _ = self.propositions.bounds_of(place)
        led = any(one.low in OTHERWISE for one in self.tokens[first : first + 3])
        return led and any(one.keys & {"CALLV", "CALLN"} for one in self.tokens[:first])

    def _without_the_word(self, found: Sequence[Statement]) -> list[Statement]:
        """ "По телефону никак", "говорить не могу", "голосом не отвечу": nothing was said of a call."""
        more = []
        for first, last in self.propositions.bounds:
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
        bells = {"звонок", "дзвінок", "дзвоник", "doorbell", "bell"}
        there = self.proposition(place)
        return not self.shield(place) and not any(one.keys & others or one.low in bells for one in there)

    def _lasts(self, refusal: Statement) -> Statement:
        """ "днём телефон выключен, пишите": no call in the evening either."""
        if refusal.stance is Stance.ALLOWED and self._texting() and all(time.vague for time in self.times):
            return replace(refusal, stance=Stance.REFUSED)
        return refusal

    def _is_voice(self, place: int) -> bool:
        token = self.tokens[place]
        if unsaid.is_voice_note(self.tokens, place):
            return False
        if "TALK" in token.keys:
            return not token.keys & {"IMPER", "PAST", "P2"} and not any(
                one.keys & unsaid.LANGUAGES for one in self.proposition(place)
            )
        return bool(token.keys & {"PHONE", "TUBE", "VOICE", "LINK"}) and token.low not in {"answer"}

    def _dead_phone(self, place: int) -> tuple[int, int] | None:
        """ "phone's dead"."""
        if self.tokens[place].low not in {"phone", "phone's", "phones"}:
            return None
        dead = dead_at(self.tokens, place, self.propositions.bounds_of(place))
        if dead is None or not dead.negative or not self._is_mine(Hit(dead.first, dead.last, "voice")):
            return None
        return dead.first, dead.last

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
        arrives = courier or (self.arrives(anchor, own=True) and not operator)
        return Statement(Stance.REFUSED, first, last, operator=operator, courier=arrives, doubtful=doubtful)

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
        if any(one.low in OLD and "NOT" in two.keys for one, two in pairwise(whole)):
            return False  # "номер новый, старый не используйте"
        if any(one.low in AT_ONCE for one in self.tokens[hit.first : hit.last + 1]):
            return False  # "не отвечу сразу"
        if self.about_shop(hit) or self.on_sale(hit) or self._only_perhaps(hit):
            return False
        if self.about_messages(hit) or any(other.first <= hit.first < other.last for other in self.complaints()):
            return False
        return not any(one.keys >= {"PAST", "VERB"} for one in whole) or any(
            one.keys & {"SILENT", "GONE", "голос", "voice"} for one in whole
        )

    def _only_perhaps(self, hit: Hit) -> bool:
        """ "Можем не услышать", "звоните после шести, раньше не отвечу"."""
        first, last = self.propositions.bounds_of(hit.first)
        if any(one.low in PERHAPS and "NOT" in two.keys for one, two in pairwise(self.tokens[first:last])):
            return True
        before = self.tokens[:first]
        called = any(one.keys & {"CALLV", "CALLN"} and not self.negated(at) for at, one in enumerate(before))
        return called and any(one.low in EARLIER for one in self.tokens[first : hit.last + 2])

    def _busy(self) -> list[Statement]:
        """ "Я на работе, пишите": who cannot talk and asks for words instead is not called."""
        if not self._texting() and not self._texting_instead():
            return []
        timed = {self.tokens[time.first].sentence for time in self.times if not time.vague}
        return [
            Statement(Stance.REFUSED, hit.first, hit.last, soft=True)
            for hit in self.hits.get("busy", ())
            if (self._is_asleep(hit) or self._is_mine(hit))
            and self.tokens[hit.first].sentence not in timed
            and not brought_there(self.tokens, hit)
        ]

    def _is_asleep(self, hit: Hit) -> bool:
        """ "Дочка спит": whoever sleeps, no sound is wanted; at the door that is another matter."""
        inside = self.tokens[hit.first : hit.last]
        if any("IF" in one.keys for one in self.tokens[max(0, hit.first - 3) : hit.last]):
            return False
        return any("SLEEP" in one.keys for one in inside) and not at_door(self.tokens)

    def _texting_instead(self) -> bool:
        """ "Тому повідомлення у вайбер", "киньте в телеграм", "черкните строчку"."""
        if at_door(self.tokens) or any("NUMBER" in one.keys for one in self.tokens):
            return False
        asked = any(one.keys & {"WRITE", "BETTER", "MESSAGE", "ONLY", "THANKS"} for one in self.tokens)
        return asked and any(one.keys & {*CHANNELS, "MESSAGE", "CHAT"} for one in self.tokens)

    def _texting(self) -> bool:
        return any(one.keys >= {"PEN", "IMPER"} or self._asks_for_text(one) for one in self.tokens) or any(
            one.keys & {"BETTER", "ONLY"} and two.keys & {"MESSAGE", "PEN", "sms"} for one, two in pairwise(self.tokens)
        )

    def _asks_for_text(self, token: Token) -> bool:
        return "ENGLISH" in token.keys and token.low in unsaid.TEXTING

    def _is_for_another(self, hit: Hit) -> bool:
        """ "Слуховой аппарат для мамы"."""
        after = self.tokens[hit.last : hit.last + 3]
        return any(one.low in {"для", "for"} and "KIN" in two.keys for one, two in pairwise(after))

    def _hears_later(self, hit: Hit) -> bool:
        """ "Звоните после 18, днём в тракторе не слышно"."""
        part = any(self.propositions.same(time.first, hit.first) for time in self.times)
        return part and any(
            one.keys >= {"CALLV", "IMPER"} and self.timed(at) and not self.negated(at)
            for at, one in enumerate(self.tokens)
        )

    def _hears_no_bell(self, hit: Hit) -> bool:
        """ "Плохо слышу звонок", "hard of hearing, knock loudly": the door is meant."""
        knocking = {"стучать", "постучать", "стукати", "knock"}
        if any("HEAR" in one.keys for one in self.tokens[hit.first : hit.last]):
            knocking |= {"BELL"}
        after = self.tokens[hit.last : hit.last + 3]
        partly = any(one.keys & {"плохо", "погано", "слабо", "bit", "little"} for one in self.around(hit.first, 2))
        if partly and any(
            one.keys & {"CALLV", "CALLN"} and self.shield(at) == "bell" and not self.negated(at)
            for at, one in enumerate(self.tokens)
        ):
            return True
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
        if any(one.keys & NO_RULE and one.low not in {"никак", "ніяк", "nothing"} for one in words):
            return False
        after = self.tokens[hit.last : hit.last + 2]
        if any("PAPER" in one.keys for one in after):
            return False  # "email only the invoice"
        if self._merely_has(hit):
            return False
        return not any("IF" in one.keys and one.clause == words[-1].clause for one in after)

    def _merely_has(self, hit: Hit) -> bool:
        """ "Вайбера нет, только телеграм и смс": which messengers there are, and not that nothing else will do."""
        first, last = self.propositions.bounds_of(hit.first)
        here = self.tokens[first:last]
        low, high = self.propositions.bounds_of(first - 1) if first else (0, 0)
        lacks = self.tokens[low:high]
        return (
            any(one.low in OWNING for one in here)
            and any(one.keys & set(CHANNELS) for one in lacks)
            and any("NOT" in one.keys for one in lacks)
        )

    def _is_compound(self, place: int) -> bool:
        """ "phone" in "my phone" is a thing."""
        token = self.tokens[place]
        after = self.tokens[place + 1].low if place + 1 < len(self.tokens) else ""
        before = self.tokens[place - 1].low if place else ""
        if token.low in {"phone", "telephone"} and not (before in unsaid.TO_PHONE or after in unsaid.PHONE_WHOM):
            return True
        if token.low == "phone's":
            return True
        jewellery = token.low == "ring" and (after in unsaid.JEWELLERY or before in unsaid.OF_RINGS)
        if (token.low, after) in unsaid.NO_CALLS or jewellery:
            return True
        if token.low in CENTRES and any("центр" in one.keys for one in self.tokens[place + 1 : place + 2]):
            return True  # "колл-центр"
        return (
            token.low in {"phone", "telephone", "ring"}
            and bool(place and self.tokens[place - 1].low in {"my", "the", "by", "on", "over", "a", "via"})
        ) or (token.low == "phone" and place + 1 < len(self.tokens) and self.tokens[place + 1].keys >= {"CALLN"})
