"""When a parcel can be brought: days and hours that are free, those that fit a wish, and what a courier may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from prilavok.domain.errors import BadInput
from prilavok.domain.order import Status
from prilavok.domain.wishes import Call, Window, Wishes

MOST_DAYS = 60
MOST_INTERVALS = 24
NOT_YET_GONE = frozenset({Status.PLACED, Status.CONFIRMED, Status.PACKED})


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A day and its hours, in the shop's zone."""

    day: date
    start: time
    end: time

    @property
    def code(self) -> str:
        """For buttons, which hold few characters: "2611241000"."""
        return f"{self.day:%y%m%d}{self.start:%H%M}"


@dataclass(frozen=True, slots=True)
class Interval:
    """Hours of a day, and how many parcels can be brought in them."""

    start: time
    end: time
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How this shop brings parcels, as the owner has set it. `weekdays` from Monday 0. `holidays_of` is the country
    whose public holidays are days off (ISO 3166; empty: none). `notice`: how many hours before its beginning an
    interval can still be picked. `remind_at`: the hour of the day before.
    """

    offered: bool = True
    intervals: tuple[Interval, ...] = (
        Interval(time(10), time(14), 20),
        Interval(time(14), time(18), 20),
        Interval(time(18), time(21), 20),
    )
    days_ahead: int = 7
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4, 5})
    closed_days: frozenset[date] = frozenset()
    holidays_of: str = ""
    notice: int = 3
    remind_at: time = time(17)


Booked = Mapping[tuple[str, str], int]  # (YYYY-MM-DD, HH:MM of its beginning) → parcels


def free_slots(
    delivery: Delivery, booked: Booked, holidays: frozenset[date], here: datetime, *, own: Slot | None = None
) -> list[Slot]:
    """What can still be picked, the soonest first. `here` is now in the shop's zone; `own` is the order's present slot,
    whose place is its own.
    """
    if not delivery.offered:
        return []
    soonest = (here + timedelta(hours=delivery.notice)).replace(tzinfo=None)
    found = []
    for ahead in range(delivery.days_ahead + 1):
        day = here.date() + timedelta(days=ahead)
        if day.weekday() not in delivery.weekdays or day in delivery.closed_days or day in holidays:
            continue
        for one in delivery.intervals:
            slot = Slot(day, one.start, one.end)
            taken = booked.get((day.isoformat(), f"{one.start:%H:%M}"), 0) - (slot == own)
            if taken < one.capacity and datetime.combine(day, one.start) >= soonest:
                found.append(slot)
    return found


def fitting(slots: Sequence[Slot], wish: Window | None) -> Slot | None:
    """The first slot within the hours that the customer named, else the one that shares most of them; None when the
    wish is silent or nothing fits.
    """
    if wish is None or (wish.from_ is None and wish.to is None):
        return None
    start, end = minutes(wish.from_, 0), minutes(wish.to, 24 * 60)
    right_day = [one for one in slots if wish.days == "any" or (one.day.weekday() >= 5) == (wish.days == "weekends")]
    shared = {one: _shared(one, start, end) for one in right_day}
    best = max(shared.values(), default=0.0)
    return next((one for one in right_day if shared[one] == best), None) if best else None


def _shared(slot: Slot, start: int, end: int) -> float:
    """Which part of the slot lies between these minutes of the day."""
    begins, ends = _minute(slot.start), _minute(slot.end)
    return max(0, min(ends, end) - max(begins, start)) / (ends - begins)


def minutes(hour: str | None, default: int) -> int:
    return default if hour is None else int(hour[:2]) * 60 + int(hour[3:5])


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


class Act(StrEnum):
    """What a courier tells with one tap."""

    ON_MY_WAY = "on_my_way"
    ARRIVED = "arrived"
    NO_ANSWER = "no_answer"
    DELIVERED = "delivered"
    REFUSED = "refused"


UNDO = timedelta(seconds=30)  # a slip of the thumb


def may_act(status: Status) -> bool:
    """Whether the parcel can be carried at all."""
    return status not in {Status.DELIVERED, Status.CANCELLED, Status.RETURNED}


def may_call(
    wishes: Wishes,
    lasting: Call,
    *,
    at_delivery: bool,
    at_door: bool,
    quiet: bool,
    urgent: bool = False,
    unread: bool = False,
) -> bool:
    """Whether the courier may ring the customer up now. `lasting` is the customer's word for good; `at_door`: the
    courier has said that they stand there; `quiet`: it is an hour in which nobody is called; `unread`: the comment may
    refuse calls, and nobody in the shop has read it. Whoever refused calls is never called.
    """
    said = {wishes.call, lasting}
    if Call.NEVER in said or quiet or unread:
        return False
    if Call.ONLY_IF_URGENT in said:
        return at_door or urgent
    return at_delivery


def delivery_from(stored: Mapping[str, Any] | None) -> Delivery:
    """What `as_mapping` wrote, or an owner sent; what is missing stays as built in. BadInput names what is wrong."""
    given = dict(stored or {})
    if extra := set(given) - set(Delivery.__slots__):
        raise BadInput(f"There is no setting of the delivery called “{min(extra)}”.", field=min(extra))
    if "intervals" in given:
        given["intervals"] = _intervals(given["intervals"])
    if "weekdays" in given:
        given["weekdays"] = frozenset(_whole(one, "weekdays", 0, 6) for one in _listed(given["weekdays"], "weekdays"))
    if "closed_days" in given:
        given["closed_days"] = frozenset(_day(one) for one in _listed(given["closed_days"], "closed_days"))
    for name, most in (("days_ahead", MOST_DAYS), ("notice", 24 * 14)):
        if name in given:
            given[name] = _whole(given[name], name, 0, most)
    if "remind_at" in given:
        given["remind_at"] = _hour(given["remind_at"], "remind_at")
    if "holidays_of" in given:
        given["holidays_of"] = str(given["holidays_of"]).upper()[:2]
    if "offered" in given:
        given["offered"] = bool(given["offered"])
    return Delivery(**given)


def as_mapping(delivery: Delivery) -> dict[str, Any]:
    """For storage and for the API: hours as "HH:MM", days as "YYYY-MM-DD"."""
    return {
        "offered": delivery.offered,
        "intervals": [
            {"from": f"{one.start:%H:%M}", "to": f"{one.end:%H:%M}", "capacity": one.capacity}
            for one in delivery.intervals
        ],
        "days_ahead": delivery.days_ahead,
        "weekdays": sorted(delivery.weekdays),
        "closed_days": [one.isoformat() for one in sorted(delivery.closed_days)],
        "holidays_of": delivery.holidays_of,
        "notice": delivery.notice,
        "remind_at": f"{delivery.remind_at:%H:%M}",
    }


def _intervals(given: Any) -> tuple[Interval, ...]:
    listed = _listed(given, "intervals")
    if len(listed) > MOST_INTERVALS:
        raise BadInput(f"A day has at most {MOST_INTERVALS} intervals.", field="intervals")
    found = []
    for one in listed:
        if not isinstance(one, Mapping) or not {"from", "to"} <= set(one):
            raise BadInput("An interval is {from, to, capacity}.", field="intervals")
        capacity = _whole(one.get("capacity", 1), "intervals", 0, 100_000)
        interval = Interval(_hour(one["from"], "intervals"), _hour(one["to"], "intervals"), capacity)
        if interval.start >= interval.end:
            raise BadInput("An interval ends after it begins.", field="intervals")
        found.append(interval)
    found.sort(key=lambda one: one.start)
    if len({one.start for one in found}) < len(found):
        raise BadInput("Two intervals begin at one hour.", field="intervals")
    return tuple(found)


def _listed(given: Any, name: str) -> list[Any]:
    if not isinstance(given, list | tuple | set | frozenset):
        raise BadInput(f"“{name}” is a list.", field=name)
    return list(given)


def _whole(given: Any, name: str, least: int, most: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise BadInput(f"“{name}” is a whole number from {least} to {most}.", field=name)
    return given


def _hour(given: Any, name: str) -> time:
    try:
        return time.fromisoformat(str(given)).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise BadInput("Hours are written as 18:00.", field=name) from None


def _day(given: Any) -> date:
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise BadInput("Days are written as 2026-12-31.", field="closed_days") from None
