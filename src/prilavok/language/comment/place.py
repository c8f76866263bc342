"""Where exactly the door is: intercom, floor, entrance, apartment."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from prilavok.language.comment.times import NUMERALS
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

CODE = re.compile(r"\d(?: \d){2,4}(?![\w ]?\d)(?= |$|[кkвv,.])|[#*№]*(?:[^\W\d_] )?\w*\d[\w*#]*(?:-\d[\w*#]*)*")
ALONE = re.compile(r"\s*(?P<code>\d{1,4}\s?[кkвv]\s?\d{0,6})\s*[.!]?\s*", re.IGNORECASE)  # the whole comment: "45К"
AFTER_CODE = re.compile(
    r"\s?(?P<join>[kкvв]|ключ(?:ик)?|key|вызов|виклик|звонок|звездочка|решетка|#|\*)(?![^\W\d_])\s?(?P<more>\d+(?!\s*(?:эт|пов|под|кв|fl)))?",
    re.IGNORECASE,
)
BETWEEN = words("""
    код кода коду кодом номер номера № дверь двери двор на в у это is the number code no для квартира квартиру
    то key набрать набирать набираем наберите набирайте нажать нажмите нажимайте нажимать press dial enter цифра
    ввести введите жмите жать тоже подъезда подъезд входной вхідний звонить звоните дзвоніть use от с вхід вход
    через не працює парадной
""")
NO_CODE = words("""
    работать работает сломан сломать сломанный нет немає отсутствует отсутствовать нету отключен отключить
    зламаний працювати
""")
NEIGHBOURS = frozenset({"сосед", "соседка", "сусід", "сусідка", "neighbour", "neighbor"})
OUT_OF = frozenset({"из", "з", "с", "із", "from", "at"})
NUMBERED = {"floor": "FLOOR", "entrance": "ENTRANCE", "apartment": "APARTMENT"}
SUFFIXES = words("й ый ой я ая ий а го ом м st nd rd th")


NUMBER_WORDS = words("номер number no это is этаж n ра ира р")
NO_DOOR = words("""
    промокод promo скидка coupon купон PAY discount товар почтовый сообщить заказ выдача смс sms получение
""")
CODE_PLACES = words("""
    ENTRANCE DOOR BELL INTERCOM GATE entry access building lobby main front
""")


@dataclass(frozen=True, slots=True)
class Place:
    field: str
    value: str
    start: int
    end: int


def read_place(text: str, tokens: Sequence[Token]) -> list[Place]:
    """At most one of each field: the first."""
    found: dict[str, Place] = {}
    taken: set[int] = set()
    for place in _numbered(tokens, taken):
        found.setdefault(place.field, place)
    code = _intercom(text, tokens, taken)
    if code is not None:
        found["intercom"] = code
    return list(found.values())


def _numbered(tokens: Sequence[Token], taken: set[int]) -> Iterator[Place]:
    for at, token in enumerate(tokens):
        for field, concept in NUMBERED.items():
            short = (
                field == "entrance"
                and token.low == "п"
                and at + 2 < len(tokens)
                and tokens[at + 2].keys & {"FLOOR", "APARTMENT"}
            ) or (field == "entrance" and token.low == "д" and token.gap == "-" and at and tokens[at - 1].low == "п")
            if not (concept in token.keys or short) or not _means(tokens, at, field):
                continue
            glued = _glued(tokens, at, field)
            order = (
                (_number_before, _number_after) if _before_is_nearer(tokens, at) else (_number_after, _number_before)
            )
            for side in (glued, *(find(tokens, at, field) for find in order)):
                if side is not None and side[0] not in taken:
                    number, value, start, end = side
                    taken.add(number)
                    yield Place(field, value, min(start, token.start), max(end, token.end))
                    break
            break


def _means(tokens: Sequence[Token], at: int, field: str) -> bool:
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    before = tokens[at - 1] if at else None
    if field == "entrance" and token.low == "под":
        numbered = after is not None and after.kind == "number" and (after.gap in {".", ". "} or after.gap == " ")
        led = before is not None and before.kind == "number" and token.gap.strip() in {"", "-", "й"}
        follows = after is not None and after.kind == "word" and not after.keys & {"FLOOR", "APARTMENT", "INTERCOM"}
        return bool(
            numbered or (led and not follows) or (led and after is not None and after.gap.strip() in {",", "."})
        )
    if field == "apartment" and _next_door(tokens[max(0, at - 4) : at]):
        return False
    led_by = tokens[max(0, at - 2) : at]
    if field == "entrance" and any("CODE" in one.keys and one.clause == token.clause for one in led_by):
        return False  # "код подъезда 45"
    if token.low == "fl" and before is not None and (before.low in SUFFIXES or before.kind == "number"):
        return True
    if token.low in {"пар", "пд", "fl", "no", "п"}:
        return after is not None and after.kind == "number"
    if field == "apartment" and token.keys & {"unit", "кабинет"}:
        return after is not None and after.kind == "number"
    return True


def _next_door(before: Sequence[Token]) -> bool:
    """ "Соседке из 14 квартиры", "сосед из 5 квартиры"."""
    whose = any(one.keys & NEIGHBOURS and "DAT" in one.keys for one in before)
    return whose or any(one.keys & NEIGHBOURS and two.low in OUT_OF for one, two in pairwise(before))


def _glued(tokens: Sequence[Token], at: int, field: str) -> tuple[int, str, int, int] | None:
    """ "5эт", "кв45"."""
    before = tokens[at - 1] if at else None
    if (
        before is not None
        and before.kind == "number"
        and tokens[at].gap == ""
        and len(before.low) <= 5
        and field != "apartment"
    ):
        return at - 1, before.raw, before.start, before.end
    return None


def _before_is_nearer(tokens: Sequence[Token], at: int) -> bool:
    """ "3 подъезд, 5 этаж" against "подъезд 3, этаж 5": whichever way the whole text goes."""
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None or after.kind != "number" or after.gap.strip(" .:-№#") or after.sentence != tokens[at].sentence:
        return True
    if before is None or not _numberish(before) or tokens[at].gap.strip(" -й"):
        return False
    if before.low in SUFFIXES:
        return True
    further = tokens[at - 2] if at > 1 else None
    named = {"FLOOR", "ENTRANCE", "APARTMENT", "INTERCOM", "CODE", "дом", "д"}
    of_another = further is not None and further.keys & named and not tokens[at - 1].gap.strip(" .:№")
    return not of_another


def _numberish(token: Token) -> bool:
    return token.kind == "number" or token.low in SUFFIXES or bool(token.keys & NUMERALS.keys())


def _number_before(tokens: Sequence[Token], at: int, field: str) -> tuple[int, str, int, int] | None:
    back = at - 1
    if back >= 0 and tokens[back].low in SUFFIXES and tokens[back].gap.strip(" -") == "" and back:
        back -= 1
    if (
        back < 0
        or tokens[back].sentence != tokens[at].sentence
        or tokens[at].gap.strip(" -й№.")
        or "\n" in tokens[at].gap
    ):
        return None
    token = tokens[back]
    clock = (
        back
        and (token.gap in {":", "."} or (token.gap == "-" and token.low == "00"))
        and tokens[back - 1].kind == "number"
    )
    if clock or (field != "apartment" and len(token.low) > 3 and token.kind == "number"):
        return None
    if token.kind == "number" and len(token.low) <= 4:
        suffix = tokens[back + 1]
        if suffix.low in {"st", "nd", "rd", "th"} and not suffix.gap:
            return back, token.raw + suffix.raw, token.start, suffix.end
        return back, token.raw, token.start, token.end
    if token.kind == "word" and _spoken(token) and field != "apartment":
        return back, token.raw, token.start, token.end
    if field == "floor" and token.low in {"ground", "lower"}:
        return back, token.low, token.start, token.end
    return None


def _number_after(tokens: Sequence[Token], at: int, field: str) -> tuple[int, str, int, int] | None:
    forward = at + 1
    while forward < len(tokens) and forward < at + 3 and tokens[forward].low in NUMBER_WORDS:
        forward += 1
    if forward >= len(tokens) or (tokens[forward].sentence != tokens[at].sentence and "." not in tokens[forward].gap):
        return None
    token = tokens[forward]
    if token.kind != "number" or len(token.low) > 5 or "," in token.gap or "\n" in token.gap:
        if (
            field == "entrance"
            and token.kind == "word"
            and len(token.raw) == 1
            and token.raw.isupper()
            and not token.gap.strip(" :")
        ):
            return forward, token.raw, token.start, token.end
        value = _spoken(token) if token.kind == "word" and not token.gap.strip(" :") else None
        if (
            value
            and field in {"floor", "entrance"}
            and token.keys & {"NUM", *NUMERALS}
            and not _followed(tokens, forward)
        ):
            return forward, token.raw, token.start, token.end
        return None
    value_text, end = token.raw, token.end
    letter = tokens[forward + 1] if forward + 1 < len(tokens) else None
    if (
        letter is not None
        and letter.kind == "word"
        and len(letter.low) == 1
        and letter.gap in {"", "-"}
        and field != "floor"
    ):
        value_text, end = token.raw + letter.gap + letter.raw, letter.end
    if _followed(tokens, forward) and _number_before(tokens, at, field):
        return None
    return forward, value_text, token.start, end


def _followed(tokens: Sequence[Token], at: int) -> bool:
    """The number belongs to the next word: "квартира 5 этаж"."""
    if at + 1 >= len(tokens):
        return False
    after = tokens[at + 1]
    own = tokens[at + 2] if at + 2 < len(tokens) else None
    if own is not None and own.kind == "number" and tokens[at - 1].keys & {"FLOOR", "ENTRANCE"}:
        return False  # "эт 3 под 1"
    return bool(after.keys & {"FLOOR", "ENTRANCE"}) and after.gap.strip(" -") == "" and "\n" not in after.gap


def _spoken(token: Token) -> int | None:
    for key in (token.low, *sorted(token.keys)):
        if key in NUMERALS:
            return NUMERALS[key]
    return None


def _intercom(text: str, tokens: Sequence[Token], taken: set[int]) -> Place | None:
    numbers = {tokens[number].start for number in taken}
    if alone := ALONE.fullmatch(text):
        return Place("intercom", re.sub(r"\s+", "", alone["code"]).upper(), alone.start("code"), alone.end("code"))
    for at, token in enumerate(tokens):
        if "INTERCOM" in token.keys or ("CODE" in token.keys and _is_door_code(tokens, at)):
            found = _code_after(text, tokens, at, numbers) or _code_before(text, tokens, at, numbers)
            if found is not None and not _broken(tokens, at):
                return found
    return None


def _is_door_code(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    near = tokens[max(0, at - 4) : at + 5]
    if any(one.keys & NO_DOOR for one in near):
        return False
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.low in {"ключ", "пароль", "pin", "шифр", "key"}:
        return any(one.keys & {"ENTRANCE", "INTERCOM", "DOOR", "BELL"} for one in near)
    if after is not None and (
        after.kind == "number"
        or after.keys & {"ENTRANCE", "DOOR", "BELL", "INTERCOM", "GATE"}
        or after.low in {"от", "від", "до", "на", "for", "is", "к"}
        or "#" in after.gap
    ):
        return True
    places = CODE_PLACES
    return any(one.keys & places for one in near)


def _code_after(text: str, tokens: Sequence[Token], at: int, numbers: set[int]) -> Place | None:
    """The code follows, perhaps after "код", "номер", "на двери"."""
    for forward in range(at + 1, min(at + 6, len(tokens))):
        token = tokens[forward]
        if token.sentence != tokens[at].sentence and "." not in token.gap:
            return None
        if token.kind == "number":
            after = tokens[forward + 1] if forward + 1 < len(tokens) else None
            if token.start in numbers:
                if any(one.keys & {"APARTMENT"} for one in tokens[at:forward]):
                    return None
                continue
            if (
                after is not None
                and after.keys & {"HOUR", "MINUTE"}
                and not after.gap.strip(" ")
                and after.low not in SUFFIXES
            ):
                return None
            start = token.start
            while start > tokens[forward - 1].end and text[start - 1] in "#*№ " and text[start - 1] != " ":
                start -= 1
            return _taken_code(text, start, tokens[at].start)
        if token.kind == "phone":
            return None
        follower = tokens[forward + 1] if forward + 1 < len(tokens) else None
        if (
            token.kind == "word"
            and len(token.raw) == 1
            and token.raw.isupper()
            and follower is not None
            and follower.kind == "number"
            and follower.gap == " "
        ):
            return _taken_code(text, token.start, tokens[at].start)
        follower = tokens[forward + 1] if forward + 1 < len(tokens) else None
        letters = (
            token.kind == "word"
            and follower is not None
            and follower.kind == "number"
            and (
                (len(token.raw) <= 2 and follower.gap == "")
                or (len(token.raw) == 1 and token.raw.isupper() and follower.gap == " ")
            )
        )
        if letters:
            return _taken_code(text, token.start, tokens[at].start)
        if token.keys & BETWEEN or token.low in BETWEEN or token.keys & {"BELL", "DOOR", "ENTRANCE", "GATE", "CODE"}:
            continue
        return None
    return None


def _taken_code(text: str, start: int, begin: int) -> Place | None:
    match = CODE.match(text, start)
    if match is None:
        return None
    end = match.end()
    more = AFTER_CODE.match(text, end)
    while more is not None:
        word = more["join"].lower()
        apart = text[end : end + 1] == " " and text[more.end() : more.end() + 1] != ","  # "45 к, корпус 2"
        if word in {"k", "к", "v", "в"} and more["more"] is None and apart:
            break
        end = more.end("more") if more["more"] is not None else more.end("join")
        more = AFTER_CODE.match(text, end)
    raw = text[start:end].strip(" №:")
    return Place("intercom", re.sub(r"\s+", "", raw).upper(), begin, end)


def _code_before(text: str, tokens: Sequence[Token], at: int, numbers: set[int]) -> Place | None:
    """ "45 домофон", "45К - код домофона", "наберите 45 на домофоне"."""
    back = at - 1
    while (
        back >= 0
        and back > at - 4
        and (tokens[back].low in BETWEEN or (len(tokens[back].low) == 1 and tokens[back].kind == "word"))
    ):
        back -= 1
    if (
        back < 0
        or tokens[back].kind != "number"
        or tokens[back].start in numbers
        or tokens[back].sentence != tokens[at].sentence
    ):
        return None
    if tokens[at].gap.strip(" -–—") and tokens[at].gap.strip() not in {":"}:
        return None
    return _taken_code(text, tokens[back].start, tokens[back].start)


def _broken(tokens: Sequence[Token], at: int) -> bool:
    near = [
        one
        for one in tokens[max(0, at - 2) : at + 5]
        if one.sentence == tokens[at].sentence and abs(one.clause - tokens[at].clause) == 0
    ]
    denied = any("NOT" in one.keys for one in near) and any(one.keys & {"BROKEN", "слышать"} for one in near)
    return denied or any(
        one.keys & NO_CODE and "работать" not in one.keys and "працювати" not in one.keys for one in near
    )
