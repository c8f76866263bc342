"""Who is rung when a customer calls, in which order, at which hours; and the shop's own numbers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = 24 * 60


class Holidays(StrEnum):
    """What a public holiday means for a turn: free of duty, a day like any other, or its only days."""

    OFF = "off"
    AS_USUAL = "as_usual"
    ONLY = "only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """`ring`: an extension of the exchange, or a number. Hours are minutes of the local day, past midnight when they
    end before they begin, the whole day when both are the same; a night belongs to the day it began on. No `days`:
    every day (Monday is 0). `seconds`: how long it rings before the next one does.
    """

    ring: str
    agent_id: str = ""
    days: frozenset[int] = frozenset()
    starts: int = 0
    ends: int = 0
    holidays: Holidays = Holidays.OFF
    seconds: int = 20

    def works(self, day: date, holidays: Collection[date]) -> bool:
        if self.days and day.weekday() not in self.days:
            return False
        match self.holidays:
            case Holidays.OFF:
                return day not in holidays
            case Holidays.ONLY:
                return day in holidays
            case Holidays.AS_USUAL:
                return True


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopNumber:
    """One of the shop's telephone numbers, in E.164. `kind`: local, mobile, toll_free, other."""

    number: str
    label: str = ""
    kind: str = "other"


def ring_order(duty: Sequence[Turn], now: datetime, zone: ZoneInfo, holidays: Collection[date]) -> tuple[Turn, ...]:
    """Those on duty, in the order of the list, each telephone once. `holidays`: public ones around now."""
    found: dict[str, Turn] = {}
    for turn in duty:
        if on_duty(turn, now, zone, holidays):
            found.setdefault(turn.ring, turn)
    return tuple(found.values())


def on_duty(turn: Turn, now: datetime, zone: ZoneInfo, holidays: Collection[date]) -> bool:
    local = now.astimezone(zone)
    minute, today = local.hour * 60 + local.minute, local.date()
    if turn.starts % DAY == turn.ends % DAY:
        return turn.works(today, holidays)
    if turn.starts < turn.ends:
        return turn.starts <= minute < turn.ends and turn.works(today, holidays)
    if minute >= turn.starts:
        return turn.works(today, holidays)
    return minute < turn.ends and turn.works(today - timedelta(days=1), holidays)
