"""When a call is welcome: under a condition, at the courier's arrival, for a time."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from prilavok.language.comment import call_phrases as table
from prilavok.language.comment import call_unsaid as unsaid
from prilavok.language.comment.call_scope import FAR, ME, Scope
from prilavok.language.comment.keys import CHANNELS
from prilavok.language.comment.phrases import Hit
from prilavok.language.comment.polarity import AND, FILLER, SPLITS, is_action
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

GRATEFUL = words("""
    appreciate great grateful prefer nice good lovely glad благодарный благодарна благодарен признателен признательна
    признательный рад рада хорошо здорово вдячна вдячний вдячні добре чудово супер
""")
DENYING = words("NOT WITHOUT NONE STOP USELESS HATE REFUSE WHY INSTEAD")
EXCEPTING = words("кроме крім unless except разве без хіба окрім необходимости нужды")
STOCK = words("склад наличие наявність stock warehouse поступить поступление надійти надходження пункт пвз")
ALL = words("все всё усе любой любое будь-який either both anything all")
SUITS = words("""
    удобно зручно подходит підходить устраивает влаштовує устроит влаштує годится works suits fine ok good great
    приемлемо прийнятно
""")
WHICHEVER = words("whichever либо-либо разницы різниці")
LET = words("пусть пускай хай нехай let")
LETTING_IN = words("пускать пропускать впускать пускати пропускати открывать відчиняти")
PESTS = words("мошенники шахраї спамеры спамери банки реклама scammers")
LEAVING = words("со from you your")
MEETING = words(
    "COURIER ENTRANCE COMING RECEIVE MEET вход подход въезд встреча получение возможность можливість отримання"
)


def _supposing(inside: Sequence[Token]) -> bool:
    """ "Если меня не будет", and "як не буде мене вдома"."""
    led = inside[0].low in {"как", "як"} and any("NOT" in one.keys for one in inside[1:3])
    future = (one.keys & {"быть", "бути", "ABSENT"} or one.keys >= {"VERB", "PERF"} for one in inside)
    return inside[0].low in SPLITS or (led and any(future))


class _Said(Protocol):
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


class Conditions(Scope):
    """What is said around a call of when it may be made."""

    def condition(self, place: int, *, refused: bool = False) -> str:
        for name in ("polite", "urgent", "loose"):
            for hit in self.hits.get(f"if {name}", ()):
                if not self.within(place, hit):
                    continue
                if name == "polite" or self.grateful(hit.first) or self.covered_by(hit, "writing"):
                    continue  # "только через вайбер, когда есть связь": not the call waits for it
                if hit.first < place < hit.last and self.tokens[hit.first].low in {"в", "у", "при", "по"}:
                    continue  # "в звонках нет нужды"
                near = self.propositions.bounds_of(hit.last - 1)[1]
                failing = any("NOT" in one.keys for one in self.tokens[hit.first : near])
                then = bool(self.tokens[hit.last - 1].keys & {"когда", "коли", "when"}) and not failing
                until = hit.last + 2 * then
                if any(one.keys & MEETING for one in self.tokens[hit.first : until]) and name == "urgent":
                    continue  # "при подъезде"
                if name == "loose" and not self._is_short(hit):
                    continue
                if self.covered_by(hit, "if polite") or self.belongs_elsewhere(place, hit, refused=refused):
                    continue
                return name
        return ""

    def _is_short(self, hit: Hit) -> bool:
        """ "если что", not "если чего-то не окажется"."""
        _, last = self.propositions.bounds_of(hit.first)
        return not any("NOT" in one.keys for one in self.tokens[hit.first : last])

    def under_if(self, place: int) -> bool:
        """ "если товара нет, то позвоните": whatever the condition is, as long as it asks for more than leave."""
        here = self.propositions.of[place]
        near = [here, here - 1, here + 1]
        for number in near:
            if not 0 <= number < len(self.propositions.bounds):
                continue
            first, last = self.propositions.bounds[number]
            inside = self.tokens[first:last]
            if number == here and not (self.tokens[place].keys & {"IMPER", "INF", "ENGLISH"} or self.let(place)):
                continue  # "если позвоните"
            if inside[0].sentence != self.tokens[place].sentence or not _supposing(inside) or len(inside) < 2:
                continue
            courteous = any(one.keys & {"OKAY", "BETTER", "CANT"} for one in inside) or any(
                "NOT" in one.keys and "USELESS" in two.keys for one, two in pairwise(inside)
            )  # "если не трудно"
            loose = any(hit.first == first for hit in self.hits.get("if polite", ()))
            loose |= any(hit.first == first and self._is_short(hit) for hit in self.hits.get("if loose", ()))
            following = self.tokens[last : last + 5] if number == here + 1 else inside
            other = any(is_action(one) and one.keys & {"IMPER"} and "CALLV" not in one.keys for one in following)
            if not (courteous or loose or other):
                return True
        return False

    def supposed_by_dash(self, place: int) -> bool:
        """ "Никого не окажется — звоните", "заблукаєте – гукайте": an "if" that is only a dash."""
        first, _ = self.propositions.bounds_of(place)
        if not first or not set(self.tokens[first].gap) & set("-–—"):
            return False
        low, high = self.propositions.bounds_of(first - 1)
        before = self.tokens[low:high]
        if before[0].sentence != self.tokens[place].sentence or any(one.keys & {"WHEN", "OKAY"} for one in before):
            return False
        future = any(one.keys >= {"VERB", "PERF"} and one.keys & {"P2", "P3"} for one in before) or any(
            one.low in {"будет", "буде"} for one in before
        )
        if any(one.low in {"никто", "ніхто"} for one in before) and any("NOT" in one.keys for one in before):
            return not any("CALLV" in one.keys for one in before)  # "никто не открыл — звоните"
        return future and not any(one.keys & {"P1", "PAST", "CALLV", "PEN", "COMING"} for one in before)

    def only_me(self, place: int) -> bool:
        """ "никому, кроме меня, не звоните"."""
        inside = self.proposition(place)
        return any(one.low in EXCEPTING and two.low in ME for one, two in pairwise(inside))

    def about_goods(self, place: int) -> bool:
        """ "No marketing calls" refuses those only, and a person has to see to it."""
        _, last = self.propositions.bounds_of(place)
        inside = self.proposition(place)
        if any(one.low in {"ни", "ні", "nor"} and two.low not in {"реклама"} for one, two in pairwise(inside)) and any(
            one.keys & {"заказ", "замовлення", "order"} for one in inside
        ):
            return False  # "ни по акциям, ни по заказу"
        besides = place + 1 < last and self.tokens[place + 1].low in AND  # "никаких звонков и рекламы" are both
        return not besides and any(one.keys & unsaid.MARKETING for one in inside)

    def is_marketing(self, one: _Said) -> bool:
        """Such a refusal; beside one of every call it asks for nothing more."""
        here = self.tokens[one.first]
        return bool(here.keys & {"CALLV", "CALLN"}) and self.negated(one.first) and self.about_goods(one.first)

    def supposes(self, place: int) -> bool:
        """ "если позвоните, не отвечу" asks for nothing."""
        first, _ = self.propositions.bounds_of(place)
        led = self.tokens[first].low in SPLITS and not any("OKAY" in one.keys for one in self.proposition(place))
        if led and self.let(place):
            return False
        if led and "P2" in self.tokens[place].keys and all(one.low in FILLER for one in self.tokens[first + 1 : place]):
            return True
        return led and not self.tokens[place].keys & {"IMPER", "INF", "ENGLISH"}

    def let(self, place: int) -> bool:
        """ "Если потеряется, пусть звонит"."""
        return any(one.low in LET for one in self.tokens[max(0, place - 3) : place])

    def reserved(self, place: int) -> bool:
        """ "телефон на самый крайний случай", "emergencies only by phone"."""
        inside = list(self.proposition(place))
        _, last = self.propositions.bounds_of(place)
        if last < len(self.tokens) and self.tokens[last].sentence == self.tokens[place].sentence:
            after = self.tokens[last : self.propositions.bounds_of(last)[1]]
            inside += [] if any(one.keys & {"IMPER", "INF", "VERB"} for one in after) else after
        return (
            "PHONE" in self.tokens[place].keys
            and any("URGENT" in one.keys for one in inside)
            and not any("NOT" in one.keys for one in inside)
        )

    def when(self, place: int) -> Iterator[int]:
        """The words that say when this call is welcome: "если что-то с оплатой", "кроме проблем с заказом"."""
        here = self.propositions.of[place]
        for number in (here - 1, here, here + 1):
            if not 0 <= number < len(self.propositions.bounds):
                continue
            first, last = self.propositions.bounds[number]
            inside = self.tokens[first:last]
            if inside[0].sentence != self.tokens[place].sentence:
                continue
            led = inside[0].low in SPLITS or inside[0].keys & {"WHEN"} or inside[0].low in EXCEPTING
            if (led or number == here) and not any(
                one.keys & {"SWAP", "ADD", "CANCEL", "CARD"}
                and one.keys & {"IMPER", "ENGLISH"}
                and "NOUN" not in one.keys
                for one in inside
            ):
                yield from range(first, last)

    def is_angry(self, first: int, last: int) -> bool:
        """ "Хватит звонить", "достали звонками"."""
        spoken = any(one.keys & {"CALLV", "CALLN", "PHONE"} for one in self.tokens[first:last])
        place = first
        if any(one.low in PESTS for one in self.proposition(place)):
            return False
        return spoken and any(one.keys & unsaid.ANGER and "P1" not in one.keys for one in self.proposition(place))

    def either_way(self, place: int) -> bool:
        """ "Звонок, смс — всё удобно", "call or message, whichever"."""
        inside = [one for one in self.tokens if one.sentence == self.tokens[place].sentence]
        if any(one.keys & DENYING for one in inside):
            return False
        whole = any(one.low in ALL for one in inside) and any(one.keys & {"OKAY"} or one.low in SUITS for one in inside)
        return whole or any(one.low in WHICHEVER for one in inside)

    def is_explained(self, one: _Said) -> bool:
        """Whether a time, a welcome or a wish accounts for calls being merely mentioned."""
        near = self.proposition(one.first)
        if self.either_way(one.first) or self.shield(one.first) == "allowed" or self.hits.get("welcome"):
            return True
        if (sign := self.sign(one.first)) is not None and sign.mood:
            return True
        if near[0].low in SPLITS:
            return True  # "если не дозвонитесь, оставьте у соседки"
        return (
            one.last - one.first > 1
            or self.timed(one.first)
            or any(each.keys & ({"OKAY"} | table.ALLOWING) or each.low in table.ALLOWING for each in near)
            or (
                any("P1" in each.keys and "THANKS" not in each.keys for each in near)
                and not any("NOT" in each.keys for each in near)
            )
        )

    def is_settled(self, one: _Said) -> bool:
        """Whether such a mention of a call certainly refuses none: leave was given, or an hour named."""
        near = self.proposition(one.first)
        if self.either_way(one.first):
            return True
        if (sign := self.sign(one.first)) is not None and sign.mood:
            return True
        if self.timed(one.first) or any(each.keys & ({"OKAY"} | table.ALLOWING) for each in near):
            return True
        here = self.tokens[one.first]
        told = here.keys >= {"CALLV", "IMPER"} or (one.last - one.first > 1 and "ENGLISH" in here.keys)
        return told and not any(each.keys & DENYING and each.sentence == here.sentence for each in self.tokens)

    def until(self, last: int) -> bool:
        """ "не звоните, пока не соберёте"."""
        after = self.tokens[last : last + 5]
        pairs = {(one.low, two.low) for one, two in pairwise(after)}
        return bool(pairs & {("пока", "не"), ("поки", "не")})

    def covered_by(self, hit: Hit, name: str) -> bool:
        return any(other.first == hit.first for other in self.hits.get(name, ()))

    def belongs_elsewhere(self, place: int, hit: Hit, *, refused: bool) -> bool:
        """Whether the condition is about another verb: "не звоните, если что, пишите"."""
        tokens = self.tokens
        sentence = tokens[place].sentence
        if any(
            one.low in {"даже", "навіть", "even", "ни", "ні"} for one in tokens[max(0, hit.first - 2) : hit.first + 1]
        ):
            return True  # "даже если срочно": no condition at all
        orders = {"WRITE", "LEAVE", "GIVE", "CALLV"}
        if any(one.keys & orders and "IMPER" in one.keys for one in tokens[hit.first : hit.last]):
            return True  # another order lies within
        if refused and any("CALLN" in one.keys for one in tokens[hit.first : hit.last]) and not hit.first <= place:
            return True  # "не звоните, жду только звонка, когда …": of that other call
        has_only = any(one.keys & {"ONLY"} or one.low in EXCEPTING for one in tokens[hit.first : hit.last])
        denies = any("NOT" in one.keys for one in tokens[hit.first : hit.last])
        settled = any(
            one.low in {"порядок", "ок", "все", "everything", "everything's"} or "все" in one.keys
            for one in tokens[hit.first : hit.last]
        )
        verbs = {"WRITE", "LEAVE", "GIVE", "SWAP", "CANCEL", "CALLV", "MESSAGE", *CHANNELS}
        following = [one for one in tokens[hit.last : hit.last + 5] if one.sentence == sentence]
        if hit.first > place and not refused and not has_only:
            return any(one.keys & {"PEN", "WRITE", "LEAVE", "GIVE"} and "IMPER" in one.keys for one in following)
        if hit.first > place:
            between = tokens[place + 1 : hit.first]
            if any(one.keys & verbs and one.keys & {"IMPER", "INF", "ENGLISH"} for one in between):
                return True
            if refused and not has_only:
                urgent = any(
                    one.keys & {"URGENT", "PROBLEM", "QUESTION", "NEED"} for one in tokens[hit.first : hit.last]
                )
                after = [one for one in tokens[hit.last : hit.last + 5] if one.sentence == sentence]
                other = any(one.keys & verbs for one in after) or not urgent
                return not (denies and urgent) and not settled and other
            return False
        pressing = any(one.keys & {"URGENT", "PROBLEM", "QUESTION", "NEED"} for one in tokens[hit.first : hit.last])
        if refused and not (has_only or (denies and pressing) or settled):
            return True
        between = tokens[hit.last : place]
        return any(one.keys & {"WRITE", "CALLV"} and one.keys & {"IMPER"} for one in between) and refused

    def arrives(self, place: int, *, own: bool = False) -> bool:
        """`own`: not the arrival that another call is tied to: "не названивать, курьер пусть наберёт"."""
        return any(
            self.within(place, hit)
            and not (own and self._of_another_call(place, hit))
            and not self.parted(place, hit)
            and self._is_whole(hit)
            and not self._into_stock(hit)
            for hit in self.hits.get("arrival", ())
        )

    def _of_another_call(self, place: int, hit: Hit) -> bool:
        if self.propositions.same(place, hit.first):
            return False
        if any("ONLY" in one.keys for one in self.proposition(hit.first)[:2]):
            return True  # "не звоните, только когда подъедете"
        return any(one.keys & {"CALLV", "CALLN"} for one in self.proposition(hit.first))

    def _into_stock(self, hit: Hit) -> bool:
        """ "Как товар придёт на склад": the goods arrive, not the courier."""
        there = self.proposition(hit.last - 1)
        driven = any((one.keys & {"COURIER", "P2"} and "IMPER" not in one.keys) or one.low in LEAVING for one in there)
        return any(one.keys & STOCK for one in there) and not driven

    def _is_whole(self, hit: Hit) -> bool:
        """Not "до 21, а привезти …": the words of one proposition."""
        return self.propositions.same(hit.first, hit.last - 1) or "BEFORE" not in self.tokens[hit.first].keys

    def until_arrival(self, place: int) -> bool:
        """ "без звонка не приезжать" asks for a call before the courier comes, "не отправлять" for one before that."""
        hits = (hit for hit in self.hits.get("shield asked", ()) if hit.first <= place < hit.last)
        words = [token.keys for hit in hits for token in self.tokens[hit.first : hit.last]]
        return any(keys & (LETTING_IN | {"COMING"}) and "SHIP" not in keys for keys in words)

    def grateful(self, place: int) -> bool:
        """ "I'd appreciate it if nobody called"."""
        return any(one.keys & GRATEFUL for one in self.tokens[max(0, place - 4) : place])

    def only_if(self, place: int) -> bool:
        """ "звонить только если не открою"."""
        after = self.tokens[place + 1 : place + 3]
        return len(after) == 2 and "ONLY" in after[0].keys and "IF" in after[1].keys

    def confirms(self, place: int) -> bool:
        """ "Зателефонуйте підтвердити, а кур'єр хай набере": the first call is one of its own."""
        here = self.tokens[place]
        near = self.tokens[place + 1 : place + 4]
        confirmed = any("CONFIRM" in one.keys and one.clause == here.clause for one in near)
        there = [hit for hit in self.hits.get("arrival", ()) if self.within(place, hit)]
        return (
            confirmed
            and here.keys >= {"PERF", "IMPER"}
            and all(self.tokens[hit.first].clause != here.clause for hit in there)
        )

    def about_door(self, place: int) -> bool:
        return any("INTERCOM" in one.keys for one in self.around(place, FAR))

    def parted(self, place: int, hit: Hit) -> bool:
        """Another order stands between: "не звоните, оставьте у двери"."""
        low, high = (hit.last, place) if hit.last <= place else (place + 1, hit.first)
        verbs = {"WRITE", "LEAVE", "GIVE", "CALLV"}
        return any(
            one.keys & verbs and one.keys & {"IMPER", "CALLV"} and "COMING" not in one.keys
            for one in self.tokens[low:high]
        )
