"""Hours of a usual week as customers read them beside a telephone number: «пн–пт 9:00–18:00; сб 10:00–15:00»."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from prilavok.domain.duty import DAY, Holidays, Turn
from prilavok.domain.facts import Hours
from prilavok.domain.hours import Spans, clock

Week = tuple[Spans, ...]  # seven days from Monday; a night ends past the minutes of the day that it began on

DAYS = {
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "uk": ("пн", "вт", "ср", "чт", "пт", "сб", "нд"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
WORDS = {
    "ru": ("ежедневно", "круглосуточно"),
    "uk": ("щодня", "цілодобово"),
    "en": ("every day", "day and night"),
}


def of_duty(turns: Sequence[Turn]) -> Week | None:
    """When anybody is rung in a week without holidays; None where the list names nobody."""
    days: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for turn in turns:
        if turn.holidays is not Holidays.ONLY:
            start, end = turn.starts % DAY, turn.ends % DAY
            for day in turn.days or range(7):
                days[day].append((0, DAY) if start == end else (start, end if end > start else end + DAY))
    return tuple(_joined(day) for day in days) if any(days) else None


def of_shop(hours: Hours) -> Week:
    days: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for weekday, opens, closes in hours.open:
        start, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
        days[weekday].append((start, end if end > start else end + DAY))
    return tuple(_joined(day) for day in days)


def in_words(week: Week | None, language: str) -> str:
    """Empty where nothing is known. A language that we do not speak is answered in English."""
    if week is None or not any(week):
        return ""
    names, (daily, always) = DAYS.get(language, DAYS["en"]), WORDS.get(language, WORDS["en"])
    if all(day == ((0, DAY),) for day in week):
        return always
    parts = []
    for spans, run in groupby(range(7), key=lambda day: week[day]):
        days = list(run)
        if spans:
            named = names[days[0]] if len(days) == 1 else f"{names[days[0]]}–{names[days[-1]]}"
            hours = always if spans == ((0, DAY),) else ", ".join(_said(one) for one in spans)
            parts.append(f"{daily if len(days) == 7 else named} {hours}")
    return "; ".join(parts)


def _said(span: tuple[int, int]) -> str:
    start, end = (clock(edge if edge <= DAY else edge - DAY).removeprefix("0") for edge in span)
    return f"{start}–{end}"


def _joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """What overlaps or touches is one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return ((0, DAY),) if any(end - start >= DAY for start, end in found) else tuple(found)
