"""Times of day in a comment: "после 18:00", "с девяти до шести", "around 6pm", "до обеда", "по будням"."""

from collections.abc import Sequence
from dataclasses import dataclass

from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import in_order, words

ONES = in_order("""
    один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать
""")
UA_ONES = in_order("""
    один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять
""")
ORDINALS = in_order("""
    первый второй третий четвертый пятый шестой седьмой восьмой девятый десятый одиннадцатый двенадцатый
""")
UA_ORDINALS = in_order("""
    перший другий третій четвертий п'ятий шостий сьомий восьмий дев'ятий десятий одинадцятий дванадцятий
""")
EN_ONES = in_order("one two three four five six seven eight nine ten eleven twelve")
EN_ORDINALS = in_order("""
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
""")
TEENS = in_order("""
    тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать
""")
UA_TEENS = in_order("""
    тринадцять чотирнадцять п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять двадцять
""")
UA_TEENTH = in_order("""
    тринадцятий чотирнадцятий п'ятнадцятий шістнадцятий сімнадцятий
    вісімнадцятий дев'ятнадцятий двадцятий
""")
NUMERALS = {
    word: number
    for row, first in ((ONES, 1), (UA_ONES, 1), (ORDINALS, 1), (UA_ORDINALS, 1), (EN_ONES, 1), (EN_ORDINALS, 1),
                       (TEENS, 13), (UA_TEENS, 13), (UA_TEENTH, 13))
    for number, word in enumerate(row, first)
}  # fmt: skip
FROM = words("""
    с со после от з із зі після від from after since позже пізніше later past
""")
TO = words("раньше ранее раніше sooner earlier до к by before until till to позже позднее пізніше til untill")
LATER = words("раньше ранее раніше before earlier sooner")
SOONER = frozenset(["позже", "позднее", "пізніше", "later", "after"])
HALF = frozenset(["пол", "половина", "half"])
MERIDIEM_PM = words("вечер вечір pm вечора вечера день дня дні")
MERIDIEM_AM = words("утро ранок am утра ранку ночь ніч ночи")
PARTS = (  # concept, from, to
    ("MORNING", "08:00", "12:00"), ("EVENING", "18:00", "22:00"),
)  # fmt: skip


ABOUT_AT = words("в у о об at около близько around ровно примерно about десь приблизно")
ROUGHLY = words("за примерно где десь чем ніж than часов around about около")
UP_TO = words("до по to till until и and та і й til")
HOURS = words("""
    час часов ч година годин год h o'clock oclock hrs hours ої ти х й ї мая 00
""")
UNITS = words("""
    MINUTE FLOOR APARTMENT ENTRANCE MONTH GOODS PAY CHANGE day days число рубль грн грн. гривня руб день р
    тысяча тис тыс к процент раз штука шт лет рік метр м mins го числа дня дней людина человек градус кг percent
    тысяч year th st погляд взгляд sight глянуть view love
""")


@dataclass(frozen=True, slots=True)
class TimeHit:
    """Tokens `first` to `last`; `point`: one time without a direction; `excluded`: "не с 12 до 14"."""

    first: int
    last: int
    from_: str | None = None
    to: str | None = None
    vague: bool = False
    point: bool = False
    days: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    last: int
    hour: int
    minute: int = 0
    sure: bool = False  # minutes, "hours" or "pm" were said
    half_known: bool = False  # morning or evening was said

    def text(self, *, later: bool = False) -> str:
        return f"{self.hour + 12 if later else self.hour:02}:{self.minute:02}"


def times_in(tokens: Sequence[Token]) -> list[TimeHit]:
    found: list[TimeHit] = []
    place = 0
    while place < len(tokens):
        hit = _days(tokens, place) or _window(tokens, place) or _part(tokens, place)
        if hit:
            found.append(hit)
        place = hit.last if hit else place + 1
    return found


def _window(tokens: Sequence[Token], place: int) -> TimeHit | None:
    """A range, or a side of one, beginning exactly here."""
    token = tokens[place]
    direction, at = "", place
    if place and token.kind == "word" and not token.gap and tokens[place - 1].kind == "number":
        return None  # the letter of a code: "66К12"
    if token.low in {"между", "між", "between"}:
        return _range(tokens, place, place + 1)
    if token.low in {"не", "not", "no"} and place + 1 < len(tokens) and tokens[place + 1].low in LATER | SOONER:
        direction = "from" if tokens[place + 1].low in LATER else "to"
        at = place + 2
    elif token.low in FROM:
        direction, at = "from", place + 1
    elif token.low in TO:
        direction, at = "to", place + 1
    elif token.low in ABOUT_AT:
        direction, at = "at", place + 1
    while at < len(tokens) and direction and tokens[at].low in ROUGHLY:
        at += 1
    if not direction or direction == "from":
        found = _range(tokens, place, at, said=direction == "from")
        if found:
            return found
    clock = _clock(tokens, at)
    if clock is None or _not_a_time(tokens, at, clock):
        return None
    if not direction:
        if _lasts(tokens, at, clock):
            return None
        return (
            TimeHit(place, clock.last, clock.text(later=_pm(clock)), clock.text(later=_pm(clock)), point=True)
            if clock.sure
            else None
        )
    if direction == "at":
        before = tokens[place - 1] if place else None
        if before is not None and before.keys & {"PERSON", "FLOOR", "GIVE"} and not clock.sure:
            return None
        if not clock.sure and token.low in {"в", "у", "at", "о", "об"} and token.low in {"в", "у"}:
            return None
        counted = tokens[clock.last : clock.last + 1] if token.low == "about" and tokens[at].kind == "word" else ()
        if any(one.kind == "word" and one.clause == token.clause and not one.keys & {"HOUR"} for one in counted):
            return None  # "about one lipstick"
        text = clock.text(later=_pm(clock))
        return TimeHit(place, clock.last, text, text, point=True)
    text = clock.text(later=_pm(clock))
    if direction == "from":
        return TimeHit(place, clock.last, text, None, direction="from")
    return TimeHit(place, clock.last, None, text, direction="to")


def _lasts(tokens: Sequence[Token], at: int, clock: Clock) -> bool:
    """ "Два часа укладывала", "по 12 часов": how long and not when."""
    return not clock.half_known and tokens[clock.last - 1].keys >= {"HOUR"} and clock.last - at == 2


def _pm(clock: Clock) -> bool:
    """Nobody delivers at six in the morning: an hour from one to seven without a word is after noon."""
    return not clock.half_known and 1 <= clock.hour <= 7


def _range(tokens: Sequence[Token], first: int, at: int, *, said: bool = False) -> TimeHit | None:
    begin = _clock(tokens, at)
    if begin is None or begin.last >= len(tokens):
        return None
    joint = tokens[begin.last]
    end_at = begin.last
    if joint.low in UP_TO:
        end_at += 1
    elif joint.gap.strip() not in {"-", "–", "—", "до", "..", "--"}:
        return None
    while end_at < len(tokens) and tokens[end_at].low in {"до", "примерно", "где", "по", "to"}:
        end_at += 1
    noon = end_at < len(tokens) and tokens[end_at].low in {"noon", "midday"}
    end = Clock(end_at + 1, 12, sure=True) if noon else _clock(tokens, end_at)
    if (
        end is None
        or end.hour > 24
        or (joint.low in {"и", "and", "та", "і", "й"} and tokens[first].low not in {"между", "між", "between"})
    ):
        return None
    if not said and not (begin.sure or end.sure) and joint.kind == "number" and _not_a_time(tokens, end_at, end):
        return None
    if (
        not said
        and joint.kind == "number"
        and not (begin.sure or end.sure)
        and not 5 < begin.hour < end.hour <= 24
        and not (first and tokens[first - 1].keys & {"WEEKDAY", "WEEKEND", "MON"} and end.hour < 12)
        and not (1 <= begin.hour <= 12 and 1 <= end.hour <= 12 and joint.low in {"to"})
    ):
        return None
    if _not_a_time(tokens, end_at, end) and not end.sure:
        return None
    late_begin = (
        not begin.half_known
        and begin.hour <= 7
        and (end.hour > 12 or (end.hour <= 12 and (begin.hour <= end.hour <= 11)))
    )
    if (
        end.half_known
        and end.hour > 12
        and not begin.half_known
        and begin.hour < 12
        and begin.hour + 12 < end.hour
        and begin.hour < 8
    ):
        late_begin = True
    begin_text = begin.text(later=late_begin and begin.hour < 12)
    late_end = not end.half_known and end.hour < 12 and (end.hour <= begin.hour or late_begin)
    return TimeHit(first, end.last, begin_text, end.text(later=late_end), direction="range")


def _clock(tokens: Sequence[Token], at: int) -> Clock | None:
    """ "18", "18:30", "6 вечера", "6:30pm", "шести", "пол седьмого", "полудня"."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.low == "пів" and at + 2 < len(tokens) and tokens[at + 1].low == "на":
        whole = _spoken_hour(tokens[at + 2])
        return _with_part(tokens, Clock(at + 3, (whole - 1) or 12, 30, sure=True)) if whole else None
    if token.low in HALF and at + 1 < len(tokens):
        whole = _spoken_hour(tokens[at + 1]) if tokens[at + 1].kind == "word" else None
        return _with_part(tokens, Clock(at + 2, (whole - 1) or 12, 30, sure=True)) if whole else None
    if token.low.startswith("пол") and token.kind == "word":
        whole = NUMERALS.get(_ordinal(token.low[3:]))
        if whole:
            return _with_part(tokens, Clock(at + 1, (whole - 1) or 12, 30, sure=True))
    if token.kind == "word":
        one = token.low == "часу" and at > 0 and tokens[at - 1].low in {"с", "со"}
        hour = 1 if one else _spoken_hour(token)
        if hour == 20 and at + 1 < len(tokens) and (unit := _spoken_hour(tokens[at + 1])) and unit < 5:
            return _with_part(tokens, Clock(at + 2, 20 + unit))
        return _with_part(tokens, Clock(at + 1, hour)) if hour else None
    if token.kind != "number":
        return None
    if (
        len(token.low) in {3, 4}
        and token.low[-2:] in {"00", "30", "15", "45"}
        and int(token.low[:-2]) <= 24
        and len(token.low) == 4
        and not _money(tokens, at)
    ):
        return _with_part(tokens, Clock(at + 1, int(token.low[:-2]), int(token.low[-2:]), sure=False))
    if len(token.low) > 2 or int(token.low) > 24:
        return None
    hour, last, minute, sure = int(token.low), at + 1, 0, False
    if (
        last < len(tokens)
        and tokens[last].kind == "number"
        and len(tokens[last].low) == 2
        and int(tokens[last].low) < 60
    ):
        mark, late = tokens[last].gap, int(tokens[last].low)
        if (
            mark in {":", ".", "："}
            or (mark == "-" and (late % 15 == 0 and (late == 0 or late > 24)))
            or (mark == " " and late == 0)
        ):
            minute, last, sure = late, last + 1, True
    return _with_part(tokens, Clock(last, hour, minute, sure=sure))


def _money(tokens: Sequence[Token], at: int) -> bool:
    near = tokens[max(0, at - 4) : at + 3]
    return any(one.keys & {"CHANGE", "NOTE", "PAY", "руб", "грн", "рубль", "гривня", "р"} for one in near)


def _with_part(tokens: Sequence[Token], clock: Clock) -> Clock:
    """Takes in "часов", "вечера", "pm"."""
    last, sure, known, hour = clock.last, clock.sure, False, clock.hour
    while last < len(tokens) and tokens[last].sentence == tokens[clock.last - 1].sentence:
        token = tokens[last]
        said = {token.low} | {key for key in token.keys if key.islower()}
        if token.gap.strip() not in {"", "-", "."}:
            break
        if said & HOURS and token.low not in {"годину", "мая", "лет", "года"}:
            sure, last = True, last + 1
        elif token.low in {"p", "a", "п", "р"} and last + 1 < len(tokens) and tokens[last + 1].low == "m":
            known, hour, last = True, _shifted(hour, pm=token.low in {"p"}), last + 2
        elif said & MERIDIEM_PM and token.low not in {"день", "днем", "вечером", "дни", "ввечері", "вдень"}:
            known, hour, last = True, _shifted(hour, pm=True), last + 1
        elif said & MERIDIEM_AM and token.low not in {"утром", "вранці", "зранку"}:
            known, hour, last = True, _shifted(hour, pm=False), last + 1
        else:
            break
    return Clock(last, hour, clock.minute, sure=sure or known, half_known=known or hour > 12 or clock.hour > 12)


def _shifted(hour: int, *, pm: bool) -> int:
    if pm:
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 else hour


def _not_a_time(tokens: Sequence[Token], at: int, clock: Clock) -> bool:
    """A number that counts something: minutes, floors, money, pieces, a day of a month."""
    if clock.hour > 24:
        return True
    after = tokens[clock.last] if clock.last < len(tokens) else None
    with_minutes = clock.sure and clock.last - at > 1 and tokens[clock.last - 1].kind == "number"
    if with_minutes or after is None or after.sentence != tokens[at].sentence or (clock.half_known and clock.sure):
        return False
    units = UNITS
    if after.keys & units and not after.keys & {"HOUR"} and after.gap.strip() in {"", "-", "."}:
        return True
    if after.kind == "number" and after.gap in {".", "/"}:
        return True
    return after.kind == "number" and after.gap in {" "} and len(after.low) >= 3


def _spoken_hour(token: Token) -> int | None:
    for key in (token.low, *sorted(token.keys)):
        if key in NUMERALS:
            return NUMERALS[key]
    return None


def _ordinal(word: str) -> str:
    """ "полседьмого" holds "седьмого": the dictionary form of what is left."""
    return next((each for each in ORDINALS if word == each[:-2] + ("ьего" if each == "третий" else "ого")), "")


def _part(tokens: Sequence[Token], place: int) -> TimeHit | None:
    """Morning, before noon, afternoon, evening: vague windows."""
    token = tokens[place]
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    low = token.low
    if low in {"первой", "першій", "перша", "первая"} and after is not None and "половина" in after.keys:
        return TimeHit(place, min(place + 3, len(tokens)), None, "13:00", vague=True)
    if low in {"второй", "другій", "друга", "вторая"} and after is not None and "половина" in after.keys:
        return TimeHit(place, min(place + 3, len(tokens)), "13:00", None, vague=True)
    if after is not None and "NOON" in after.keys and after.sentence == token.sentence:
        if low in {"до", "before", "к", "до'"}:
            return TimeHit(place, place + 2, None, "13:00", vague=True)
        if low in {"после", "після", "after", "по", "с"}:
            return TimeHit(place, place + 2, "13:00", None, vague=True)
        if low in {"в", "у", "at"} and after.low in {"обед", "обід", "lunch", "lunchtime"}:
            return TimeHit(place, place + 2, "12:00", "14:00", vague=True)
    if after is not None and low in {"до", "before"} and after.keys & {"EVENING"}:
        return TimeHit(place, place + 2, None, "18:00", vague=True)
    if after is not None and low in {"после", "після", "after"} and after.keys & {"работа", "робота", "work", "школа"}:
        return TimeHit(place, place + 2, "18:00", None, vague=True)
    if after is not None and low in {"рабочее", "робочий", "рабочие"} and "время" in after.keys:
        return TimeHit(place, place + 2, "09:00", "18:00", vague=True)
    if (
        low in {"добрый", "добрий", "доброго", "доброе", "good", "добрии"}
        and after is not None
        and after.keys & {"DAYPART", "MORNING", "EVENING", "DATE"}
    ):
        return TimeHit(place, place + 2, days="no time")
    end = tokens[place + 2 : place + 3] if after is not None and after.low == "до" else ()
    if token.keys & {"MORNING"} and any(one.keys & {"EVENING", "NIGHT"} for one in end):
        return TimeHit(place, place + 3, days="no time")  # "с утра до ночи": all day long
    if token.keys & {"MORNING"}:
        return TimeHit(place, place + 1, "08:00", "12:00", vague=True)
    if token.keys & {"EVENING"} and not token.keys & {"чай"}:
        return TimeHit(place, place + 1, "18:00", "22:00", vague=True)
    if low in {"днем", "вдень", "afternoon", "удень", "пополудни", "пополудні"} and not (
        after is not None and after.keys & {"BIRTHDAY", "святой", "ангел"}
    ):
        return TimeHit(place, place + 1, "13:00", None, vague=True)
    return None


def _days(tokens: Sequence[Token], place: int) -> TimeHit | None:
    token = tokens[place]
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    if (
        after is not None
        and token.low in {"рабочие", "рабочим", "робочі", "рабочий", "робочим", "робочих", "рабочих"}
        and after.keys & {"день"}
    ):
        return TimeHit(place, place + 2, days="weekdays")
    if token.keys & {"WEEKDAY"} and not token.keys & {"рабочий", "робочий"}:
        return TimeHit(place, place + 1 + (after is not None and "день" in after.keys), days="weekdays")
    if token.keys & {"WEEKEND"}:
        return TimeHit(place, place + 1, days="weekends")
    if "MON" in token.keys and after is not None and token.low[:2] in {"пн", "mo", "по"}:
        end = place + 2 if after.low in {"по", "to", "до", "till"} else place + 1
        if end < len(tokens) and tokens[end].low[:2] in {"пт", "fr", "пя", "п'"} and "MON" in tokens[end].keys:
            return TimeHit(place, end + 1, days="weekdays")
    if "MON" in token.keys and after is not None and token.low[:2] in {"сб", "sa", "су"}:
        end = place + 2 if after.low in {"и", "та", "or", "and", "і", "или", "або", "с", "з", "із"} else place + 1
        if end < len(tokens) and "MON" in tokens[end].keys and tokens[end].low[:2] in {"вс", "нд", "su", "во", "не"}:
            return TimeHit(place, end + 1, days="weekends")
    return None
