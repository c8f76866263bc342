"""The course of an order: what happens to it between the click and the cup of tea, and when."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from prilavok.domain.order import Happened, OrderEvent

LEAVES = (14, 19)  # hours at which parcels leave the shop
DAYS_ON_THE_WAY = {"courier": (1, 3), "post": (2, 5), "pickup": (1, 2)}
REASONS = ("weather", "carrier", "customs", "sorting")
NOBODY = ("nobody_home", "no_answer", "wrong_address")


@dataclass(frozen=True, slots=True)
class Way:
    """What decides an order's course. `fate`: taken, back, cancelled."""

    method: str
    payment: str
    fate: str
    zone: ZoneInfo  # of the shop
    trouble: str = ""  # delayed | failed_attempt | payment_failed | changed


def course(rng: random.Random, placed_at: datetime, way: Way) -> list[OrderEvent]:
    """Everything that will have happened at the end, oldest first."""
    told = [OrderEvent(Happened.PLACED, placed_at)]
    at = placed_at
    if way.trouble == "payment_failed" and way.payment == "card":
        at = _then(told, Happened.PAYMENT_FAILED, at + timedelta(minutes=1), data={"reason": "declined"})
        at += timedelta(minutes=rng.uniform(4, 300))
    if way.payment == "card":
        at = _then(told, Happened.PAID, at + timedelta(minutes=rng.uniform(1, 4)))
    if way.trouble == "changed":
        at = _then(told, Happened.CHANGED, at + timedelta(minutes=rng.uniform(5, 90)), data={"what": "address"})
    at = _then(told, Happened.CONFIRMED, at + timedelta(minutes=min(rng.lognormvariate(2.2, 1.2), 700)))
    if way.fate == "cancelled":
        at = _then(told, Happened.CANCELLED, at + timedelta(hours=rng.uniform(0.2, 9)), data={"by": "customer"})
        if way.payment == "card":
            _then(told, Happened.REFUNDED, at + timedelta(hours=rng.uniform(1, 40)))
        return told
    leaves = _working(at + timedelta(hours=2), way.zone, rng.uniform(*LEAVES))
    _then(told, Happened.PACKED, leaves - timedelta(minutes=rng.uniform(20, 100)))
    at = _then(told, Happened.SHIPPED, leaves)
    return _brought(rng, told, way, at)


def _brought(rng: random.Random, told: list[OrderEvent], way: Way, at: datetime) -> list[OrderEvent]:
    """From the shop's door to the customer's, or back."""
    days = rng.randint(*DAYS_ON_THE_WAY[way.method])
    if way.trouble == "delayed":
        late = rng.randint(2, 4)
        day = (at + timedelta(days=days + late)).astimezone(way.zone).date().isoformat()
        data = {"reason": rng.choice(REASONS), "new_date": day}
        _then(told, Happened.DELAYED, at + timedelta(days=days - 0.4), data=data)
        days += late
    morning = _working(at + timedelta(days=days), way.zone, rng.uniform(8, 10))
    if way.method == "courier":
        at = _then(told, Happened.OUT_FOR_DELIVERY, morning)
        if way.trouble == "failed_attempt" or way.fate == "back":
            data = {"reason": rng.choice(NOBODY), "attempt": "1"}
            _then(told, Happened.FAILED_ATTEMPT, at + timedelta(hours=rng.uniform(2, 8)), key="1", data=data)
            at = _then(told, Happened.OUT_FOR_DELIVERY, _working(at + timedelta(days=1), way.zone, 9.2), key="2")
        takes = timedelta(hours=rng.uniform(1, 9))
    else:
        at = _then(told, Happened.ARRIVED_AT_PICKUP, morning, data={"place": str(rng.randint(2, 180))})
        takes = timedelta(hours=rng.uniform(3, 70))
    if way.fate == "back":
        at = _then(told, Happened.RETURNED, at + timedelta(days=rng.uniform(4, 8)), data={"reason": "not_fetched"})
        if way.payment == "card":
            _then(told, Happened.REFUNDED, at + timedelta(days=rng.uniform(0.5, 2)))
        return told
    at = _then(told, Happened.DELIVERED, _awake(at + takes, way.zone))
    if way.payment == "cod":
        _then(told, Happened.PAID, at)
    return told


def _then(
    told: list[OrderEvent], kind: Happened, at: datetime, *, key: str = "", data: Mapping[str, object] | None = None
) -> datetime:
    at = at.astimezone(UTC).replace(microsecond=0)
    told.append(OrderEvent(kind, at, key, data or {}))
    return at


def _working(at: datetime, zone: ZoneInfo, hour: float) -> datetime:
    """The next time that it is `hour` there on a day that is no Sunday."""
    local = at.astimezone(zone)
    day = local.replace(hour=int(hour), minute=int(hour % 1 * 60), second=0, microsecond=0)
    if day < local:
        day += timedelta(days=1)
    while day.weekday() == 6:
        day += timedelta(days=1)
    return day


def _awake(at: datetime, zone: ZoneInfo) -> datetime:
    """Nobody takes a parcel at night."""
    local = at.astimezone(zone)
    if 8 <= local.hour < 21:
        return at
    day = local if local.hour < 8 else local + timedelta(days=1)
    return day.replace(hour=10, minute=local.minute)
