"""When the answer comes: computed from how long this shop's customers really waited, hour of the week by hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

WEEK = 168  # hours
ENOUGH = 5  # answers; fewer than that prove nothing
SHARE = 0.75  # of the customers were answered within the promised time


@dataclass(frozen=True, slots=True)
class Promise:
    """`measured` is false when the shop has too little history and the default was taken."""

    seconds: int
    measured: bool


def hour_of_week(at: datetime, zone: str) -> int:
    """0 is Monday from midnight to one, in the shop's own time."""
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() * 24 + local.hour


def expected(answers: Iterable[tuple[int, int]], hour: int, *, default: int) -> Promise:
    """`answers` are (hour of the week, seconds waited). The nearest circle with enough of them decides: this hour of
    this day with its neighbours, then this hour on any such day (working day or weekend), then everything.
    """
    known = list(answers)
    for near in (_same_hours, _same_kind_of_day, _any_time):
        waited = sorted(seconds for asked, seconds in known if near(asked, hour))
        if len(waited) >= ENOUGH:
            return Promise(rounded(waited[int(len(waited) * SHARE) - (SHARE == 1)]), measured=True)
    return Promise(default, measured=False)


def rounded(seconds: int) -> int:
    """Up to the next figure that people say: 1, 2, 3, 4, 5, 10, 15, 20, 30, 45 minutes, then whole hours."""
    minutes = max(1, -(-seconds // 60))
    for step in (1, 2, 3, 4, 5, 10, 15, 20, 30, 45):
        if minutes <= step:
            return step * 60
    return -(-minutes // 60) * 3600


def _same_hours(asked: int, hour: int) -> bool:
    return (asked - hour + 1) % WEEK <= 2


def _same_kind_of_day(asked: int, hour: int) -> bool:
    return asked % 24 == hour % 24 and (asked >= 120) == (hour >= 120)


def _any_time(asked: int, hour: int) -> bool:  # noqa: ARG001  the widest circle
    return True
