"""Which days and hours are free for an order, and taking one of them. Shared by the messenger and the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from prilavok.domain.delivery import Delivery, Slot, delivery_from, fitting, free_slots
from prilavok.domain.events import OrderChanged
from prilavok.domain.hours import zone_of
from prilavok.domain.order import ENDED, Happened, Status
from prilavok.domain.wishes import wishes_from
from prilavok.flows.happen import arise
from prilavok.flows.unit import Unit
from prilavok.kit.public_holidays import holidays_of
from prilavok.store import counters, deliveries, orders, shops
from prilavok.store.questions import Row

SETTING = "delivery"


@dataclass(frozen=True, slots=True)
class Choice:
    """`mine` is what the order has now, `suggested` what fits the customer's wish best."""

    free: tuple[Slot, ...]
    mine: Slot | None
    suggested: Slot | None

    def by_code(self, code: str) -> Slot | None:
        return next((one for one in self.free if one.code == code), None)


def settings_of(db: Connection, shop_id: int) -> Delivery:
    return delivery_from(shops.setting(db, shop_id, SETTING))


def choice(db: Connection, order: Row, now: datetime) -> Choice:
    """Empty for what is not brought by the shop's own courier, and once it is on its way or at its end."""
    shop_id = order["shop_id"]
    mine = slot_of(order)
    shop = shops.get(db, shop_id)
    if shop is None or not can_pick(db, order):
        return Choice((), mine, None)
    here = now.astimezone(ZoneInfo(shop["timezone"]))
    settings = settings_of(db, shop_id)
    off = days_off(settings, here.date())
    free = free_slots(settings, deliveries.booked(db, shop_id, here.date()), off, here, own=mine)
    wish = wishes_from(order["wishes"] or {}).delivery_window
    return Choice(tuple(free), mine, fitting(free, wish))


def can_pick(db: Connection, order: Row) -> bool:
    """Until the parcel has gone to the customer; again after a courier met nobody, until the next one sets off."""
    status = Status(order["status"])
    if order["method"] != "courier" or order["carrier"] or status in ENDED:
        return False
    if status is not Status.OUT_FOR_DELIVERY:
        return True
    return order["attempts"] > 0 and not on_the_way(orders.events_of(db, order["shop_id"], order["id"]))


def on_the_way(events: Sequence[Row]) -> bool:
    """Whether somebody set off and has not come back with the parcel."""
    last = [one["kind"] for one in events if one["kind"] in {Happened.OUT_FOR_DELIVERY, Happened.FAILED_ATTEMPT}]
    return bool(last) and last[-1] == Happened.OUT_FOR_DELIVERY


def needs_new_slot(order: Row) -> bool:
    """The last attempt failed and no other day was picked since."""
    return order["attempts"] > 0 and order["slot_from"] is None and Status(order["status"]) not in ENDED


def slot_of(order: Row) -> Slot | None:
    if not order["delivery_day"] or not order["slot_from"] or not order["slot_to"]:
        return None
    start, end = time.fromisoformat(order["slot_from"]), time.fromisoformat(order["slot_to"])
    return Slot(date.fromisoformat(order["delivery_day"]), start, end)


def take(unit: Unit, order: Row, code: str) -> Slot | None:
    """Gives a locked order these hours and lets the customer know; None when they are not free any more. The same again
    changes nothing.
    """
    mine = slot_of(order)
    if mine is not None and mine.code == code:
        return mine
    # Whoever takes hours waits here for the other: two customers must not both get the last place.
    counters.take(unit.db, order["shop_id"], "slot", 1)
    slot = choice(unit.db, order, unit.now).by_code(code)
    if slot is None:
        return None
    hours = {"slot_from": f"{slot.start:%H:%M}", "slot_to": f"{slot.end:%H:%M}"}
    orders.change(unit.db, order["shop_id"], order["id"], {"delivery_day": slot.day.isoformat(), **hours})
    unit.emit(OrderChanged(shop_id=order["shop_id"], ref_id=order["id"]))
    key = f"{slot.code}@{unit.now:%d%H%M%S}"  # whoever picks, picks again and comes back is told each time
    arise(unit, order, "slot_confirmed", key=key, data=as_data(slot), by_customer=True)
    return slot


def days_off(settings: Delivery, first: date) -> frozenset[date]:
    if not settings.holidays_of:
        return frozenset()
    return holidays_of(settings.holidays_of, first.year) | holidays_of(settings.holidays_of, first.year + 1)


def zone_for(order: Row, shop: Row) -> ZoneInfo:
    """The customer's clock; the shop's, where theirs is unknown."""
    return zone_of(order["timezone"]) or ZoneInfo(shop["timezone"])


def as_data(slot: Slot) -> dict[str, str]:
    """What a text may speak of: day "YYYY-MM-DD", from and to "HH:MM"."""
    return {"day": slot.day.isoformat(), "from": f"{slot.start:%H:%M}", "to": f"{slot.end:%H:%M}"}
