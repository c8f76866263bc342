"""What surrounds a word about calls: a "not", a condition, the courier's arrival, somebody else's telephone."""

from collections.abc import Sequence
from itertools import pairwise

from prilavok.language.comment import call_phrases as table
from prilavok.language.comment import call_unsaid as unsaid
from prilavok.language.comment.phrases import Hit
from prilavok.language.comment.polarity import Propositions, Sign, governed, is_action, sign_at
from prilavok.language.comment.times import TimeHit
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.windows import AWAY
from prilavok.language.comment.wordlist import words

FAR = 12  # words: how far a condition or an arrival reaches

ME = words("мне мені me меня мене нам us")
AGES = words("месяц год лет місяць рік рочок month months year years NUM")
BELL_NOUNS = words("звонок дзвінок дзвоник")
KNOCKING = words("""
    натискати натиснути нажимать нажать жать грюкнути грюкати тиснути стучать постучать стукать стукнуть стукати
    постукати knock стук трогать чіпати чипати торкати торкатися торкатись touch
""")
OWNERS = words("my the his our a up")
AT = words("в за по к с з из від от у на біля возле")
SOON = words("MINUTE HOUR")
DESKS = words("office work")
YOU = words("вы ви you же ж так")
THEN = words("тогда тоді then это цей этот")
REST = words("остальные остальным остальных решта решту інші іншим others everyone")
FROM = words("от від from")
OTHERS = words("ему ей им йому їй їм him her them нему")
MANY_CALLS = words("звонки звонков дзвінки дзвінків")


class Scope:
    """`hits`: what the tables found in the tokens; `questions`: the sentences that end in a question mark."""

    def __init__(
        self, tokens: Sequence[Token], times: Sequence[TimeHit], hits: list[Hit], questions: frozenset[int]
    ) -> None:
        self.tokens, self.times, self.questions = tokens, times, questions
        self.propositions = Propositions(tokens)
        self.hits: dict[str, list[Hit]] = {}
        for hit in hits:
            self.hits.setdefault(hit.value, []).append(hit)

    def shield(self, place: int) -> str:
        """ "third" or what the tables say."""
        if self.third(place):
            return "third"
        if self._is_bell(place):
            return "bell"
        return self._shield(place)

    def _is_bell(self, place: int) -> bool:
        """ "звонка нет, стучите"."""
        here = self.tokens[place]
        if here.keys.isdisjoint(BELL_NOUNS) or here.low in MANY_CALLS:
            return False
        there = self.proposition(place)
        opened = place and self.tokens[place - 1].low == "по"  # "шлагбаум открою по звонку"
        if opened or any(one.keys & FROM for one in self.tokens[place + 1 : place + 2]):
            return False  # "жду звонка от курьера у шлагбаума"
        return any(one.keys & KNOCKING and one.sentence == here.sentence for one in self.tokens) or any(
            one.keys & {"GATE", "HEAR"} for one in there
        )

    def asks_why(self, place: int) -> bool:
        """ "Нащо ви щоразу дзвоните, якщо все написано"."""
        before = self.proposition(place)
        led = [one for one in before if one.start < self.tokens[place].start]
        return "P2" in self.tokens[place].keys and any(
            "WHY" in one.keys and two.low in YOU for one, two in pairwise(led)
        )

    def scolds(self, place: int) -> bool:
        """ "вы не отвечаете на звонки"."""
        inside = self.proposition(place)
        return any(one.low in unsaid.SHOP - {"никто", "ніхто", "nobody"} for one in inside) and any(
            one.keys & {"ANSWER", "TAKE"} and "P1" not in one.keys for one in inside
        )

    def _shield(self, place: int) -> str:
        """What takes the edge off a "not" here: the doorbell is not the telephone, "do not forget to call"."""
        for name in ("thanks", "asked", "allowed", "bell", "third", "complaint"):
            for hit in self.hits.get(f"shield {name}", ()):
                if not hit.first <= place < hit.last:
                    continue
                many = name == "bell" and self.tokens[place].low in MANY_CALLS
                if many and any("BROKEN" in one.keys for one in self.tokens[place : hit.last]):
                    continue  # "звонки у меня отключены" are calls, "звонок отключён" is a bell
                said = self.tokens[hit.first : hit.last]
                if name == "bell" and said[-1].keys & {"NUM"} and any(one.keys & SOON for one in said):
                    continue  # "наберёт минут за 20"
                own = name == "third" and hit.last - 2 >= 0 and self.tokens[hit.last - 2].low in {"по", "за"}
                if own and self.negated(place):
                    continue  # "не звоните по нему"
                if name == "bell" and not self.propositions.same(hit.first, hit.last - 1):
                    continue
                parted = self.tokens[hit.first].clause != self.tokens[hit.last - 1].clause
                if (parted or self.also_me(place)) and name in {"bell", "third"} and self.negated(place):
                    continue
                own_not = hit.first < self.where_not(place) < place and "NOT" in self.tokens[hit.first].keys
                if not (name == "asked" and own_not):
                    return name
        return ""

    def not_me_after(self, place: int) -> bool:
        """ "call my wife, not me"."""
        after = self.tokens[place + 1 : place + 7]
        return any(one.keys & {"NOT"} and two.low in ME for one, two in pairwise(after))

    def also_me(self, place: int) -> bool:
        """ "ни мне, ни мужу"."""
        me = {"мне", "мені", "me", "меня", "мене"}
        after = self.tokens[place + 1 : place + 6]
        return any(two.low in me and not one.keys & {"CALLV", "CALLN", "ONLY"} for one, two in pairwise(after)) or (
            bool(after) and after[0].low in me
        )

    def sign(self, place: int) -> Sign | None:
        sign = sign_at(self.tokens, place, self.propositions.bounds_of(place))
        return sign or governed(self.tokens, self.propositions, place) or self._by_no_means(place)

    def _by_no_means(self, place: int) -> Sign | None:
        """ "Under no circumstances, however tempting, is anybody to ring me"."""
        here = self.tokens[place]
        for hit in self.hits.get("by no means", ()):
            same = hit.last <= place and self.tokens[hit.first].sentence == here.sentence
            between = self.tokens[hit.last : place]
            if same and not any(is_action(one) and "CALLV" not in one.keys for one in between):
                return Sign(True, hit.first, place + 1)
        return None

    def negated(self, place: int) -> bool:
        sign = self.sign(place)
        return sign is not None and sign.negative

    def where_not(self, place: int) -> int:
        """Where the words begin that refuse this call; its own place when there are none."""
        sign = self.sign(place)
        return sign.first if sign is not None and sign.negative else place

    def wished(self, place: int) -> bool:
        """ "чтобы мне не звонили" is a wish, "мне не звонили" a complaint."""
        first, _ = self.propositions.bounds_of(place)
        here = self.tokens[place]
        if any("SOME" in one.keys and one.sentence == here.sentence for one in self.tokens[max(0, place - 20) : place]):
            return True
        return any(one.keys & {"HATE", "WHEN"} or one.low in {"б", "бы"} for one in self.tokens[first:place])

    def proposition(self, place: int) -> Sequence[Token]:
        first, last = self.propositions.bounds_of(place)
        return self.tokens[first:last]

    def whom(self, place: int) -> bool:
        """ "phone me"."""
        return any(one.low in {"me", "us"} for one in self.tokens[place + 1 : place + 2])

    def told(self, place: int) -> bool:
        """ "please phone", "phone me"."""
        first, _ = self.propositions.bounds_of(place)
        led = place == first or self.tokens[place - 1].low in {"please", "pls", "plz", "kindly", "must"}
        return self.whom(place) or (led and self.tokens[place].low in {"phone", "telephone"})

    def only_timed(self, place: int) -> bool:
        """ "call after six only"."""
        return self.timed(place) and any(one.low in table.ONLY for one in self.proposition(place))

    def instead_of_words(self, place: int) -> bool:
        """ "не надо мне смс, звоните": whoever refuses messages asks for the call."""
        here = self.propositions.of[place]
        only = place > 0 and "ONLY" in self.tokens[place - 1].keys and "CALLN" in self.tokens[place].keys
        if not (only or "IMPER" in self.tokens[place].keys) or self.timed(place):
            return False
        for number, (first, last) in enumerate(self.propositions.bounds):
            inside = self.tokens[first:last]
            if number != here and any(one.keys & {"PEN", "MESSAGE", "sms", "WRITE"} for one in inside):
                return any("NOT" in one.keys for one in inside)
        return False

    def third(self, place: int) -> bool:
        """Somebody else would be called: "ей не звоните", "мужу не говорите и не звоните", "don't call my wife"."""
        first, last = self.propositions.bounds_of(place)
        if "ENGLISH" in self.tokens[place].keys:
            after = [one for one in self.tokens[place + 1 : min(last, place + 4)] if one.low not in OWNERS]
            if self.tokens[place].low == "call" and len(after) > 1 and after[0].low in {"it", "this"}:
                return after[1].low in {"a", "an", "my", "the"}  # "don't call it a bowl"
            return bool(after) and (
                after[0].low in OTHERS or bool(after[0].keys & {"KIN", "PERSON"}) or after[0].low in DESKS
            )
        inside = self.tokens[first:last]
        if any(one.low in ME for one in inside):
            return False
        if any("BOTHER" in one.keys for one in inside) and any(one.keys & {"KIN", "PERSON"} for one in inside):
            return True
        if any(self._is_other(first + number) for number in range(len(inside))):
            return True
        linked = first > 1 and self.tokens[first].low in {"и", "та", "і", "й"}
        before = self.propositions.bounds_of(first - 1) if linked else (0, 0)
        theirs = any(self._is_other(at) for at in range(*before))
        return theirs and not any(one.low in ME for one in self.tokens[before[0] : before[1]])

    def _is_other(self, place: int) -> bool:
        token = self.tokens[place]
        led = self.tokens[place - 1].low if place else ""
        if token.low in OTHERS:
            return led not in {"по", "к", "до", "с", "з"}
        old = place + 1 < len(self.tokens) and self.tokens[place + 1].keys & AGES  # "дочке месяц"
        theirs = token.keys & {"KIN", "PERSON"} and "DAT" in token.keys and token.low != "мати"
        return bool(theirs) and not old and led not in AT

    def timed(self, place: int) -> bool:
        return any(self.tokens[hit.first].sentence == self.tokens[place].sentence for hit in self.times)

    def only_for_a_time(self, first: int, last: int) -> bool:
        """ "до 12 не звоните" sets a time, "привезите до 12, не звоните" refuses."""
        if self._is_at_such_a_time(first, last):
            return True
        for hit in self.times:
            if self.tokens[hit.first].sentence != self.tokens[first].sentence:
                continue
            if hit.first >= first and hit.first < last:
                return True
            if 0 <= hit.first - last <= 2 and self.tokens[hit.first].clause == self.tokens[last - 1].clause:
                tail = self.tokens[hit.last : hit.last + 3]
                home = {"COMING", "дом", "дома", "RECEIVE"} | AWAY
                asleep = any("BABY" in one.keys or one.keys >= {"SLEEP", "P3"} for one in tail)  # "после 21 дети спят"
                ends = asleep or not any(one.keys & home and one.clause == self.tokens[first].clause for one in tail)
                middle = self.tokens[last : hit.first]
                return ends and all(one.low in table.TRANSPARENT for one in middle)
            if 0 <= first - hit.last <= 2:
                head = self.tokens[max(0, hit.first - 4) : hit.first]
                same = [one for one in head if one.sentence == self.tokens[first].sentence]
                if any(
                    one.keys & {"COMING", "GIVE", "WRITE", "RECEIVE", "дом", "дома", "home", "BELL"} for one in same
                ):
                    return False
                between = self.tokens[hit.last : first]
                if any(one.low not in table.TRANSPARENT and "THANKS" not in one.keys for one in between):
                    return False
                apart = self.tokens[hit.last - 1].clause != self.tokens[first].clause
                return not apart  # "после 18, просьба не звонить" speaks of two things
        return False

    def _is_at_such_a_time(self, first: int, last: int) -> bool:
        """ "С 13 до 15 спит малыш, тогда не звоните", "по ночам не звоните", "в обед не звоните"."""
        low, high = self.propositions.bounds_of(first)
        inside = self.tokens[low : max(high, last)]
        if any(one.keys & {"NIGHT", "ночам", "nights"} or one.keys >= {"NOON", "обед"} for one in inside):
            return not any(one.keys & (AWAY - {"сон"}) for one in inside)
        if any(one.low in {"тихого", "тихий"} for one in inside):
            return any("HOUR" in one.keys for one in inside)
        then = any(one.low in {"тогда", "тоді", "then"} for one in inside) or any(
            one.low in {"это", "цей", "this", "that"} and two.keys & {"время", "час", "time"}
            for one, two in pairwise(inside)
        )
        sentence = self.tokens[first].sentence
        return then and any(
            time.last <= first and sentence - self.tokens[time.first].sentence <= 1 for time in self.times
        )

    def whose(self, place: int) -> tuple[bool, bool]:
        around = self.around(place, 4)
        before = [one for one in self.tokens[max(0, place - 6) : place + 5] if one.clause == self.tokens[place].clause]
        operator = any(one.keys & {"OPERATOR", "CONFIRM", "центр"} or one.low in REST for one in before or around)
        courier = any("COURIER" in one.keys and "delivery" not in one.keys for one in before or around)
        return operator, courier and not operator

    def within(self, place: int, hit: Hit) -> bool:
        near = place - FAR <= hit.first and hit.last <= place + FAR
        return near and self.tokens[hit.first].sentence == self.tokens[place].sentence

    def around(self, place: int, reach: int) -> list[Token]:
        here = self.tokens[place]
        window = self.tokens[max(0, place - reach) : place + reach + 1]
        return [one for one in window if one.sentence == here.sentence]

    def complaints(self) -> list[Hit]:
        return self.hits.get("shield complaint", [])

    def about_messages(self, hit: Hit) -> bool:
        """ "На сообщения не отвечаю" refuses no call."""
        whole = self.tokens[hit.first : hit.last]
        if not any("ANSWER" in one.keys for one in whole) or any(one.keys & unsaid.BY_VOICE for one in whole):
            return False
        around = self.tokens[max(0, hit.first - 3) : hit.last + 2]
        return any(one.keys & unsaid.BY_TEXT and one.clause == whole[0].clause for one in around)

    def about_shop(self, hit: Hit) -> bool:
        """ "Ваш телефон не отвечает", "вы не берёте трубку", "никто не берёт трубку": the shop is scolded."""
        low, sentence = max(0, hit.first - 2), self.tokens[hit.first].sentence
        near = [one for one in self.tokens[low : hit.last + 2] if one.sentence == sentence]
        yours = any(
            one.keys & unsaid.YOURS and two.keys & {"PHONE", "TUBE", "номер", "line"} for one, two in pairwise(near)
        )
        verbs = [one for one in near if one.keys >= {"VERB", "IMPF"} and not one.keys & {"IMPER", "P1"}]
        if any(one.low == "you" and two.keys & {"NOT", "EVER"} for one, two in pairwise(near)):
            return True
        return yours or (bool(verbs) and any(one.low in unsaid.SHOP for one in near))

    def on_sale(self, hit: Hit) -> bool:
        """ "Чехол на телефон не нужен", "собака глухая": neither the customer's telephone nor the customer."""
        before = self.tokens[max(0, hit.first - 3) : hit.last + 2]
        here = self.tokens[hit.first]
        return any(one.keys & unsaid.ON_SALE and one.clause == here.clause for one in before)
