"""Hours of the day in somebody's zone: is it a decent hour, and if not, when is the next one.

Spans are minutes of the local day, [from, to). The clock on the customer's wall counts, so a change to summer or
winter time moves the instant and never the hour.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prilavok.domain.wishes import Window

DAY = 24 * 60
WHOLE_DAY = ((0, DAY),)
FAR = 60  # days to look ahead; whoever allows no hour in two months allows none

Spans = tuple[tuple[int, int], ...]


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo | None:
    """None for a name that no clock follows."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a name that is a folder, or too long for a file
        return None


def minutes(text: str | None) -> int | None:
    """ "09:30" → 570; "24:00" is the end of the day. None for what is no time of day."""
    hour, colon, minute = (text or "").partition(":")
    if not (colon and hour.isascii() and hour.isdecimal() and minute.isascii() and minute.isdecimal()):
        return None
    if len(hour) > 2 or len(minute) != 2 or int(minute) > 59:
        return None
    value = int(hour) * 60 + int(minute)
    return value if value <= DAY else None


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


@lru_cache(maxsize=4096)
def between(start: int, end: int) -> Spans:
    """From one time of day to another; past midnight when `end` is not after `start`."""
    if start < end:
        return ((start, end),)
    return tuple(span for span in ((0, end), (start, DAY)) if span[0] < span[1])


@lru_cache(maxsize=4096)
def outside(spans: Spans) -> Spans:
    """The rest of the day."""
    edges = [0, *(edge for span in sorted(spans) for edge in span), DAY]
    return tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b)


@lru_cache(maxsize=4096)
def both(one: Spans, other: Spans) -> Spans:
    """What lies in both; spans of one minute or more."""
    found = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple(sorted(span for span in found if span[0] < span[1]))


@lru_cache(maxsize=4096)
def named(window: Window) -> Spans:
    """The hours that a customer named; the whole day when what they named is no time of day."""
    start, end = minutes(window.from_), minutes(window.to)
    if start is None and end is None:
        return WHOLE_DAY
    return between((start or 0) % DAY, DAY if end is None else end or DAY)


def days_of(window: Window | None) -> frozenset[int]:
    """Weekdays from Monday 0 that the customer left out."""
    if window is None or window.days == "any":
        return frozenset()
    return frozenset((5, 6)) if window.days == "weekdays" else frozenset(range(5))


def inside(minute: int, spans: Spans) -> bool:
    for start, end in spans:  # noqa: SIM110  `any` costs three times as much
        if start <= minute < end:
            return True
    return False


def is_open(at: datetime, zone: ZoneInfo, spans: Spans, shut: Collection[int], holidays: Collection[date]) -> bool:
    local = at.astimezone(zone)
    if not inside(local.hour * 60 + local.minute, spans):
        return False
    return not (shut and local.weekday() in shut) and not (holidays and local.date() in holidays)


def next_open(
    at: datetime, zone: ZoneInfo, spans: Spans, shut: Collection[int] = (), holidays: Collection[date] = ()
) -> datetime | None:
    """The first instant from `at` on at which it is open: `at` itself when it is. `shut` are weekdays. None when
    there is none within two months.
    """
    local = at.astimezone(zone)
    today = local.date()
    if inside(local.hour * 60 + local.minute, spans) and _works(today, shut, holidays):
        return at
    for ahead in range(FAR):
        day = today + timedelta(days=ahead)
        if not _works(day, shut, holidays):
            continue
        for start, _ in spans:
            opens, minute, on = opening(day, start, zone)
            # Opening may fall into the hour that summer time skips, and what follows may be shut already.
            if opens > at and inside(minute, spans) and _works(on, shut, holidays):
                return opens
    return None


def _works(day: date, shut: Collection[int], holidays: Collection[date]) -> bool:
    return not (shut and day.weekday() in shut) and not (holidays and day in holidays)


@lru_cache(maxsize=8192)
def opening(day: date, minute: int, zone: ZoneInfo) -> tuple[datetime, int, date]:
    """That time of day as an instant in UTC, and what the clock on the wall then says. Kept, for thousands of
    customers wait for the same morning.
    """
    opens = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone).astimezone(UTC)
    local = opens.astimezone(zone)
    return opens, local.hour * 60 + local.minute, local.date()


def next_shift(
    at: datetime, zone: ZoneInfo, shifts: Sequence[tuple[int, time, time]], closed: Collection[date] = ()
) -> datetime | None:
    """The first instant from `at` on at which somebody works; `shifts` are (weekday, from, to), none means always.
    None when nobody comes within two months.
    """
    if not shifts:
        return at
    today = at.astimezone(zone).date()
    found: list[datetime] = []
    for ahead in range(-1, FAR):  # from yesterday: a shift may end after midnight
        day = today + timedelta(days=ahead)
        if found and ahead > 0:
            break
        if day in closed:
            continue
        for weekday, opens, closes in shifts:
            if day.weekday() == weekday:
                start = datetime.combine(day, opens.replace(tzinfo=None), zone).astimezone(UTC)
                last = day if opens < closes else day + timedelta(days=1)
                end = datetime.combine(last, closes.replace(tzinfo=None), zone).astimezone(UTC)
                if end > at:
                    found.append(max(start, at))
    return min(found, default=None)
