"""To whom and how: somebody else, at the door, with change, as a present."""

import re
from collections.abc import Sequence
from functools import cache

from prilavok.language.comment.phrases import Phrases
from prilavok.language.comment.times import NUMERALS
from prilavok.language.comment.tokens import Token

TABLE = {
    "other": """
        RECEIVE|GIVE|LEAVE|брать ... PERSON
        PERSON&DAT GIVE|LEAVE
        PERSON .. RECEIVE|заплатить|розписаться|оплатить
        GIVE NAME
        она|он|вона|він|she|he сам|сама|же|ж|и|і|й|will|ll|would? сам|сама|и|і|й|be? RECEIVE
        mr|mrs|ms|dr ... will|to RECEIVE|TAKE
        RECEIVE&P3 она|он|вона|він сам|сама
        they|she|he|she'll|he'll|they'll be? RECEIVE|TAKE|taking
        получатель|отримувач|recipient .. другой|інший|NAME|PERSON|не|не|another
        PERSON .. будет|буде|будут|будуть|will|is .. дома|вдома|home|there|месте|in
        на охране|охрані|ресепшене|ресепшн|рецепции|рецепції|вахте|вахті|проходной|кпп|стойке|reception
    """,
    "surely other": """
        !NOT GIVE&IMPER PERSON&DAT
        !NOT принять&P3&PERF|взять&P3&PERF|забрать&P3&PERF|прийняти&P3&PERF|взяти&P3&PERF|забрати&P3&PERF
        PERSON ... will|to hold|fetch|sign
        PERSON ... will take
        PERSON ... GIVE|LEAVE лично|особисто|прямо|в? руки? ему|ей|йому|їй|him|her|them
    """,
    "not other": """
        NOT~ABSENT .. PERSON
        PERSON хороший|добрый|свой|честный|надежный|добрі|надійний|чесний
        LEAVE ... PERSON .. SLEEP~NOUN
        WEEKDAY|WEEKEND .. PERSON
        брать&P1|брати&P1 .. PERSON&DAT
        PERSON NOT .. CALLV
        VERB&P1~RECEIVE .. на проходной|охране|вахте|рецепции|рецепції|вахті|ресепшене
        PERSON .. пропустить|открыть|откроет|пустить|впустить|впустит|сказать|let|buzz|open
        GIFT|BIRTHDAY .. PERSON !RECEIVE
        CALLV .. PERSON
    """,
    "door": """
        LEAVE|GIVE|drop ... под|у|возле|около|коло|на|за|в|перед|біля|під|at .. the|my|входной|front|back? SURFACE
        LEAVE|GIVE|drop ... on|by|outside|in|behind .. самый|почтовый|поштовий|моя|our? SURFACE
        под|у|возле|около|коло|на|за|перед|біля|під|at|on|by|outside|behind|under .. SURFACE .. LEAVE
        бесконтактный|безконтактний|contactless|contact-free|безконтактно|бесконтактно
        safe place|spot
        под|у|на|за|біля|під двери|дверью|дверь|дверями|порогом|пороге|коврике|крыльце|дверима|порозі|килимку !CALLV
    """,
    "not door": """
        NOT LEAVE ... SURFACE
        SURFACE .. NOT LEAVE
        LEAVE~IMPER ... NOT NEED|надо
        CODE|CALLN|BELL|табличка|наклейка|номер|замок на двери|дверях
        CALLV|CALLN|стучать|постучать|knock|ring в|у|the|on|at? the? SURFACE
        CALLV .. на мобильный|телефон|мобільний .. у|возле|біля|под|під SURFACE
    """,
    "gift": """
        GIFT
        BIRTHDAY
        красивый|нарядный|праздничный|гарний|святковий|гарна .. WRAP
        красиво|нарядно|гарно|nicely|beautifully|празднично|святково .. WRAP
        wrap&ENGLISH it|this|them|please|everything|as|up !separately
        бант|бантик|ленточка
    """,
    "not gift": """
        NOT .. GIFT
        GIFT .. NOT NEED|надо|нужный
        GIFT .. за|по|к|до|with заказ|order|акция|покупка|замовлення|акції|отзыв
    """,
}
MONEY = re.compile(
    r"(?P<whole>\d{1,3}(?:[ .,\u00a0]\d{3})+|\d+)(?:[.,](?P<part>\d{2}))?\s*-?"
    r"(?P<kilo>(?:к|k|тыс|тис|тысяч\w*|тисяч\w*|штук\w*)(?![^\W\d_]))?",
    re.IGNORECASE,
)
THOUSANDS = {
    "тысяча": 1000,
    "тисяча": 1000,
    "штука": 1000,
    "косарь": 1000,
    "пятихатка": 500,
    "сотка": 100,
    "пятитысячный": 5000,
    "пятитысячная": 5000,
    "двухтысячный": 2000,
    "пятисотка": 500,
    "thousand": 1000,
    "двести": 200,
    "пятьсот": 500,
    "п'ятсот": 500,
    "двісті": 200,
    "сто": 100,
    "hundred": 100,
    "тысячный": 1000,
    "тысячная": 1000,
    "пятисотенный": 500,
    "двадцатка": 20,
    "полтинник": 50,
    "fifty": 50,
    "twenty": 20,
    "fiver": 5,
    "tenner": 10,
    "стольник": 100,
    "тисячна": 1000,
    "пятёрка": 5000,
    "пятерка": 5000,
}


@cache
def _phrases() -> Phrases:
    return Phrases(TABLE)


Found = dict[str, tuple[int, int]]


def read_handing(tokens: Sequence[Token]) -> Found:
    """field → first and last token, for those that were said."""
    hits: dict[str, list[tuple[int, int]]] = {}
    for hit in _phrases().find(tokens):
        hits.setdefault(hit.value, []).append((hit.first, hit.last))
    found: Found = {}
    for first, last in hits.get("surely other", ()):
        found.setdefault("recipient_other", (first, last))
    for field, name in (("recipient_other", "other"), ("leave_at_door", "door"), ("gift", "gift")):
        against = hits.get(f"not {name}", ())
        for first, last in hits.get(name, ()):
            spoiled = (
                one
                for one in against
                if one[0] <= last - 1 and first < one[1] and _same_words(tokens, one, (first, last))
            )
            if not any(spoiled):
                found.setdefault(field, (first, last))
                break
    return found


def _same_words(tokens: Sequence[Token], one: tuple[int, int], other: tuple[int, int]) -> bool:
    shared = range(max(one[0], other[0]), min(one[1], other[1]))
    return any(
        tokens[place].keys & {"PERSON", "GIFT", "DOOR", "LEAVE", "BELL", "BIRTHDAY"}
        or (tokens[place].kind == "word" and len(tokens[place].low) > 3)
        for place in shared
    )


def read_change(text: str, tokens: Sequence[Token]) -> tuple[int | float, int, int] | None:
    """The sum, and where it stands in the text."""
    for at, token in enumerate(tokens):
        if "CHANGE" in token.keys and _is_money_back(tokens, at):
            if at and tokens[at - 1].keys & {"WITHOUT", "NOT"}:
                continue
            if any("NOT" in one.keys for one in tokens[at + 1 : at + 3]) and not _sum_after(text, tokens, at):
                continue
            found = _sum_after(text, tokens, at) or _sum_before(text, tokens, at)
            if found:
                return found[0], min(token.start, found[1]), max(token.end, found[2])
        if ("NOTE" in token.keys and token.low not in {"note", "bill", "notes"}) or (
            token.low in {"note", "bill"} and _paper(tokens, at)
        ):
            found = _sum_near(text, tokens, at)
            if found:
                return found[0], min(token.start, found[1]), max(token.end, found[2])
    return None


def _is_money_back(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if not token.low.startswith("chang"):
        return True
    after = tokens[at + 1].low if at + 1 < len(tokens) else ""
    return after in {"from", "for", "of", "due"} or (
        at > 0
        and tokens[at - 1].low in {"need", "bring", "with", "have", "my", "the", "some", "give"}
        and after in {"", "from", "for"}
    )


def _paper(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and tokens[at - 1].kind == "number"


def _sum_after(text: str, tokens: Sequence[Token], at: int) -> tuple[int | float, int, int] | None:
    for forward in range(at + 1, min(at + 9, len(tokens))):
        token = tokens[forward]
        if token.sentence > tokens[at].sentence:
            return None
        if token.kind in {"number", "phone"}:
            return _amount(text, tokens, forward)
        value = _spoken_sum(tokens, forward)
        if value:
            return value, token.start, token.end
    return None


def _sum_before(text: str, tokens: Sequence[Token], at: int) -> tuple[int | float, int, int] | None:
    for back in range(at - 1, max(-1, at - 8), -1):
        token = tokens[back]
        if token.sentence != tokens[at].sentence:
            return None
        if token.kind == "number":
            begin = back
            while begin and tokens[begin - 1].kind == "number" and len(tokens[begin].low) == 3:
                begin -= 1
            return _amount(text, tokens, begin)
        value = _spoken_sum(tokens, back)
        if value:
            return value, token.start, token.end
    return None


def _sum_near(text: str, tokens: Sequence[Token], at: int) -> tuple[int | float, int, int] | None:
    return _sum_before(text, tokens, at) or _sum_after(text, tokens, at)


def _amount(text: str, tokens: Sequence[Token], at: int) -> tuple[int | float, int, int] | None:
    match = MONEY.match(text, tokens[at].start)
    if match is None:
        return None
    value: int | float = int(re.sub(r"\D", "", match["whole"]))
    if match["part"]:
        value += int(match["part"]) / 100
    if match["kilo"] or ((after := at + 1) < len(tokens) and tokens[after].keys & {"тысяча", "тисяча", "косарь"}):
        value *= 1000
    if not 5 <= value <= 1_000_000:
        return None
    return value, match.start(), match.end()


def _spoken_sum(tokens: Sequence[Token], at: int) -> int | None:
    token = tokens[at]
    value = next((THOUSANDS[key] for key in (token.low, *sorted(token.keys)) if key in THOUSANDS), None)
    if value is None:
        return None
    before = tokens[at - 1] if at else None
    if value == 1000 and before is not None:
        many = next((NUMERALS[key] for key in (before.low, *sorted(before.keys)) if key in NUMERALS), None)
        if many:
            return many * 1000
        if before.kind == "number":
            return int(before.low[:4]) * 1000
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    many = NUMERALS.get(token.low)
    if many and after is not None and THOUSANDS.get(after.low) == 1000:
        return many * 1000
    return value
