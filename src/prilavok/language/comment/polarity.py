"""Is a call wanted or not? What the words around a mention of calls make of it, one proposition at a time.

A sentence is cut into propositions: at its commas, and where "but", "because", "if" or "and don't" begin a new
thought. Within one, a "not" belongs to the next thing that is done; words of dislike, refusal and use turn or confirm
it. Negatives in a row are one negative ("никому никогда не звоните"), "not" before dislike is none ("не против").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

BUT = words("а но але зато бо because since cause поэтому тому потому иначе інакше otherwise so то but and'")
AND = words("и та і й and or или або либо чи")
SPLITS = words("если ежели якщо якшо if unless чтоб'")
DIRECT = words("IMPER NOT ONLY P2")
ACTIONS = words("LEAVE GIVE COMING RECEIVE SHIP SWAP ADD CHECK WRAP WRITE CALLV CANCEL PAY MEET")
NO_ACTION = words("ANSWER CONTACT CALLN TALK CONFIRM NEED ACCEPT")  # "не надо связываться звонком" is still about calls
FLIPS = words("AGAINST SHY FORGET STOP")
BAD = words("HATE AGAINST STOP USELESS SHY UNWELCOME REFUSED REFUSE")
LOST = words("GONE SILENT BROKEN OFF")
ONE_MORE = words(
    "раньше ранее раніше позже позднее пізніше later earlier sooner until before только тільки only просто"
)
INSTEAD = words("but вместо замість instead чем ніж нежели than заместо минуя кроме крім окрім except помимо")
FILLER = words("""
    мне мені меня мене нам нас me us я i we вы ви you бы б би ли уж же ж пожалуйста пожалуста будь ласка please pls плиз
    вообще взагалі совсем зовсім точно это це it the a то а но и та і але but so спс thanks thx спасибо дякую then
    очень дуже по на with is are be do at all any вовсе категорически принципе поводу этому from me лучше краще
    would like was were will к ни ничего для всё все всем тоже теж также too так вам тут здесь этого цього
    here категорично
    есть є if если якщо уже вже заказ заказа заказу замовлення замовленню order хоть щоб чтоб чтобы питання вопрос
""")
INDEFINITE = words("что чего чему чем кто кого кому какой какого каких где куда")
CALL_ME = words("call ring phone dial")  # verbs, unless a word for nouns stands before them
BEFORE_NOUNS = words("a the any no your confirmation phone courtesy this that another every")
SAYING = words("saying say mean said что что-то чтобы щоб")
MODAL = words("NOT NEED WANT OKAY USELESS CANT MUST NONE")
MOST_BARE, NEAR = 8, 3
COULD = words("мог могла могли можете можешь міг могла могли можете можеш трудно сложно важко складно затруднит")
PLAIN_NO = words("нет ні no not")
EITHER = words("or nor или або либо чи")
PLACES = words("out down here near close way delivery arrival outside downstairs left")
LIKING = words("WANT NEED OKAY ASK нравиться подобатися понравиться")
LINKS = words("чтобы чтоб щоб когда коли when that if если якщо как")
MANY = words("входящие вхідні входящих вхідних звонки звонков звонками дзвінки дзвінків дзвінками calls")
RATHER_THAN = words("звонкам дзвінкам")
GIVING = words("give gives giving gimme drop давать дают")
MODEST = words("бы пытайтесь пробуйте вздумайте надо нужно be do will would should have")


@dataclass(frozen=True, slots=True)
class Sign:
    """`negative`: the call is refused; `mood`: asked or allowed when two negatives make a wish; the words read."""

    negative: bool
    first: int
    last: int
    mood: str = ""


class Propositions:
    """`of[place]`: the number of the proposition that a token belongs to; `range(number)`: its tokens."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.of: list[int] = []
        self.bounds: list[tuple[int, int]] = []
        for place in range(len(tokens)):
            if place == 0 or self._begins(place):
                self.bounds.append((place, place))
            first, _ = self.bounds[-1]
            self.bounds[-1] = (first, place + 1)
            self.of.append(len(self.bounds) - 1)

    def bounds_of(self, place: int) -> tuple[int, int]:
        return self.bounds[self.of[place]]

    def same(self, one: int, two: int) -> bool:
        return self.of[one] == self.of[two]

    def _begins(self, place: int) -> bool:
        here, before = self.tokens[place], self.tokens[place - 1]
        if here.gap in {"-", ":"} and (here.kind == before.kind):
            return False  # "19:00", "кто-то"
        if here.low == "but" and before.low in {"anything", "anyhow", "everything"}:
            return False
        after = self.tokens[place + 1 : place + 2]
        if here.low == "так" and any(one.low in {"что", "що", "шо"} for one in after):
            return True
        if here.low == "то" and before.low in INDEFINITE and not any(one.keys & {"IMPER", "INF"} for one in after):
            return False  # "если чего то нет"
        if here.clause != before.clause or here.low in BUT or here.low in SPLITS:
            return True
        if here.low in AND:
            after = [one for one in self.tokens[place + 1 : place + 3] if one.clause == here.clause]
            first = after[:2] if after and after[0].low in FILLER else after[:1]
            return any(one.keys & DIRECT for one in first)
        return False


def sign_at(tokens: Sequence[Token], place: int, bounds: tuple[int, int]) -> Sign | None:
    """None when nothing in the proposition speaks for or against the call at `place`."""
    sign = _before(tokens, place, bounds[0]) or _after(tokens, place, bounds[1])
    if sign is None and tokens[place].low in MANY:
        return _lost(tokens, place, bounds)  # "звонки выкл"
    return sign


def is_action(token: Token) -> bool:
    """Something else that is to be done; a "not" before it is about that."""
    if (
        token.keys & NO_ACTION
        or token.keys & {"STOP", "HATE"}
        or token.low in PLACES
        or token.keys >= {"CALLV", "PHONE"}
    ):
        return False
    doing = token.keys & {"IMPER", "INF", "P2", "P3", "ENGLISH", "VERB"}
    return bool(token.keys & ACTIONS and doing and "NOUN" not in token.keys - {"VERB"}) or token.keys >= {
        "IMPER",
        "OTHER",
    }


def governed(tokens: Sequence[Token], props: Propositions, place: int) -> Sign | None:
    """ "Не хочу, чтобы мне звонили", "ненавижу, когда звонят": what the proposition before says of this one."""
    first, _ = props.bounds_of(place)
    if not first or tokens[first].low not in LINKS or tokens[first - 1].sentence != tokens[first].sentence:
        return None
    low, high = props.bounds_of(first - 1)
    before = tokens[low:high]
    if any(is_action(one) and "IMPER" in one.keys for one in before):
        return None
    if any(one.keys & {"HATE", "STOP", "AGAINST"} for one in before) or any(
        one.keys & {"NOT"} and two.keys & LIKING for one, two in pairwise(before)
    ):
        turned = any(one.keys & {"NOT"} and two.keys & {"AGAINST", "HATE"} for one, two in pairwise(before))
        return Sign(not turned, low, place + 1, "allowed" if turned else "")
    return None


def dead_at(tokens: Sequence[Token], place: int, bounds: tuple[int, int]) -> Sign | None:
    """As `sign_at`, of a telephone or a voice: it may also be lost, broken or silent."""
    return _lost(tokens, place, bounds) or sign_at(tokens, place, bounds)


def _lost(tokens: Sequence[Token], place: int, bounds: tuple[int, int]) -> Sign | None:
    for near in range(place + 1, bounds[1]):
        if tokens[near].keys & LOST:
            return Sign(True, place, near + 1)
        if is_action(tokens[near]):
            break
    for near in range(place - 1, max(bounds[0], place - 4) - 1, -1):
        if is_action(tokens[near]):
            break
        if tokens[near].keys & LOST and tokens[near].keys & {"PAST", "ENGLISH", "ADJ", "P1", "NOUN"}:
            return Sign(True, near, place + 1)
    return None


def _before(tokens: Sequence[Token], place: int, low: int) -> Sign | None:
    here = tokens[place]
    if here.low in RATHER_THAN:
        return Sign(True, place, place + 1)
    told = "IMPER" in here.keys and "INF" not in here.keys
    supposed = any("IF" in one.keys or one.low == "case" for one in tokens[low:place])
    negative, first, either = False, place, False
    for back in range(place - 1, low - 1, -1):
        token, after = tokens[back], tokens[back + 1]
        if _given(tokens, back, place):
            continue
        if _courteous(tokens, back):
            if not negative:
                return Sign(False, back, place + 1, "asked")
            continue
        if "CANCEL" in token.keys and "CALLN" in here.keys and place - back <= 2:
            return Sign(True, back, place + 1)
        if token.low in EITHER:
            either = True
            continue
        if is_action(token) and not _bothers(token) and not (either or _takes(token, here)):
            without = negative and "WITHOUT" in tokens[first].keys
            if without and any(one.keys & {"NOT"} for one in tokens[max(low, back - 2) : back]):
                return Sign(False, back, place + 1, "asked")  # "не приезжать без звонка"
            break
        if (told or supposed) and not negative and token.low in {"так", "right"}:
            break  # "если что-то не так, позвоните"
        if (told or supposed) and token.keys & {"VERB", "INF", "NEED"} and not (_modest(token) or token.keys & BAD):
            break  # "домофон не работает звоните": the "not" is about what works
        if token.low == "please" and here.low in CALL_ME and not negative:
            break
        if token.low in INSTEAD and place - back <= 3 and (token.low != "but" or back > low):
            return Sign(True, back, place + 1)
        if token.low == "mind" and any(one.low in {"would", "do"} for one in tokens[max(low, back - 3) : back]):
            if not negative:
                return Sign(False, back, place + 1, "asked")  # "would somebody mind calling me"
            continue
        if "WHY" in token.keys and here.keys & {"INF", "CALLN", "ENGLISH"}:
            return Sign(True, back, place + 1)
        if supposed and "ENGLISH" in here.keys and place - back > NEAR and token.keys & {"NOT", "NONE"}:
            break  # "if you can't find the house ring me"
        if token.keys & {"NOT", "NONE", "WITHOUT"} and after.low not in ONE_MORE:
            if negative and any(one.low in SAYING for one in tokens[back + 1 : first]):
                return Sign(False, back, place + 1, "allowed")
            if negative and _cannot_but(tokens, back, first):
                return Sign(False, back, place + 1, "asked")
            negative, first = True, back
        elif token.keys & {"FORGET", *BAD}:
            turned = back > low and "NOT" in tokens[back - 1].keys
            if turned and supposed and "USELESS" in token.keys:
                break  # "если не трудно, перезвоните"
            if turned and (token.keys & FLIPS or token.keys & {"P1", "P3"}):
                return Sign(False, back - 1, place + 1, "asked" if "FORGET" in token.keys else "allowed")
            if "FORGET" not in token.keys:
                negative, first = True, back
    return Sign(negative, first, place + 1) if negative else None


def _courteous(tokens: Sequence[Token], back: int) -> bool:
    """ "не могли бы вы", "чи не могли б ви", "не можете ли вы", "нельзя ли": a request and no negation."""
    here, after = tokens[back], tokens[back + 1 : back + 4]
    if here.low == "нельзя":
        return bool(after) and after[0].low == "ли"
    if here.low != "не" or len(after) < 2 or after[0].low not in COULD:
        return False
    asking = back > 0 and tokens[back - 1].low == "чи"
    return asking or any(one.low in {"бы", "б", "ли"} for one in after)


def _given(tokens: Sequence[Token], back: int, place: int) -> bool:
    """ "don't give me a call"."""
    return tokens[back].low in GIVING and place - back <= 3


def _modest(token: Token) -> bool:
    """Words that a "not" reaches through on its way to the call: "не надо", "не смейте", "прошу"."""
    return bool(token.keys & {"NOT", "ASK", "THANKS", "SOME"}) or token.low in MODEST


def _after(tokens: Sequence[Token], place: int, high: int) -> Sign | None:
    here = tokens[place]
    if "IMPER" in here.keys and "INF" not in here.keys:
        return None
    verb = here.low in CALL_ME and not (place and tokens[place - 1].low in BEFORE_NOUNS)
    for forward in range(place + 1, high):
        token = tokens[forward]
        if (
            is_action(token)
            and token.low not in GIVING
            and not (tokens[forward - 1].low in AND and token.keys & {"INF", "ENGLISH"})
        ):
            return None
        after = tokens[forward + 1] if forward + 1 < high else None
        if token.keys & {"NOT", "NONE", "WITHOUT"}:
            needless = after is not None and bool(after.keys & {"NEED", "USELESS"})
            if after is not None and (after.low in ONE_MORE or (verb and not needless)):
                return None
            if after is not None and after.keys & (BAD | {"PROBLEM"}):
                return Sign("WITHOUT" in token.keys, place, forward + 2, "allowed")
            if "WITHOUT" not in token.keys:
                return Sign(True, place, forward + 1 + (after is not None))
        if token.keys & BAD:
            return Sign(True, place, forward + 1)
    return None


def _takes(token: Token, here: Token) -> bool:
    """ "I do not wish to receive calls"."""
    return "RECEIVE" in token.keys and "CALLN" in here.keys


def _bothers(token: Token) -> bool:
    return bool(token.keys & {"HATE", "BOTHER"})


def _cannot_but(tokens: Sequence[Token], back: int, first: int) -> bool:
    """ "нельзя не позвонить", "не приезжать без звонка", "не могу не попросить"."""
    if tokens[back].low in {"нельзя", "неможна"} and tokens[first].low in {"не"}:
        return True
    return "WITHOUT" in tokens[first].keys and "WITHOUT" not in tokens[back].keys and first - back == 1


def bare_signs(tokens: Sequence[Token], props: Propositions) -> Iterator[tuple[int, int, bool]]:
    """Propositions that only say yes or no ("… — не надо", "иначе ни", "otherwise don't"): first, last, whether no."""
    for first, last in props.bounds:
        inside = tokens[first:last]
        if last - first == 2 and inside[0].low in SPLITS and inside[1].low in PLAIN_NO:
            continue  # "если нет — пишите" goes on from a choice
        denied = any(one.keys & {"NOT"} or one.keys & {"USELESS"} for one in inside)
        said = [one for one in inside if one.kind == "word" and one.low not in FILLER | BUT]
        plain = bool(said) and all(one.keys & MODAL for one in said) and len(inside) <= MOST_BARE
        if plain and (denied or any(one.keys & {"OKAY", "MUST"} for one in said)):
            yield first, last, denied
