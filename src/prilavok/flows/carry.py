"""What a courier tells with one tap: on the way, there, nobody opens, handed over, refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from prilavok.domain.delivery import UNDO, Act, may_act
from prilavok.domain.errors import NotFound
from prilavok.domain.order import Happened, Status
from prilavok.flows.happen import arise, happen, settle
from prilavok.flows.slots import as_data, choice, zone_for
from prilavok.flows.unit import Unit
from prilavok.store import deliveries, orders, shops
from prilavok.store.questions import Row

SOURCE = "courier"
OFFLINE = timedelta(hours=24)  # how long a tap may have waited for the network
WINDOWS = (30, 60, 120)  # minutes within which a courier says to come
# The order's event that an act is; the occasion under which the customer hears of it.
ACTS = {
    Act.ON_MY_WAY: (Happened.OUT_FOR_DELIVERY, "courier_on_the_way"),
    Act.ARRIVED: (Happened.OUT_FOR_DELIVERY, "courier_arrived"),
    Act.NO_ANSWER: (Happened.FAILED_ATTEMPT, "courier_no_answer"),
    Act.DELIVERED: (Happened.DELIVERED, "delivered"),
    Act.REFUSED: (Happened.RETURNED, "returned"),
}
REFUSED_AT_DOOR = "refused_at_door"


@dataclass(frozen=True, slots=True)
class Tap:
    """`attempt` is the one that the courier saw on the page, from 1; `at` when they tapped, None for now."""

    act: Act
    attempt: int
    at: datetime | None = None
    minutes: int = 60
    called: bool = True  # of "nobody opens": whether they rang the customer up before


def tap(unit: Unit, shop_id: int, order_id: str, given: Tap) -> str:
    """ "done", "again" when this attempt was told so already, "over" when the attempt or the order has ended."""
    order = orders.get(unit.db, shop_id, order_id, lock=True)
    if order is None:
        raise NotFound
    if known(unit, order, given.act, given.attempt):
        return "again"
    if not may_act(Status(order["status"])) or given.attempt != current_attempt(order):
        return "over"
    kind, occasion = ACTS[given.act]
    at = _believable(given.at, unit.now)
    data, told_as = _data(unit, order, given, at), _told_as(unit, given)
    freed: dict[str, Any] = {}
    if given.act is Act.NO_ANSWER:
        freed = {"delivery_day": None, "slot_from": None, "slot_to": None}
    stored = {**data, **_for_the_shop(order, given), "told_as": told_as}
    key = key_of(given.act, given.attempt)
    happen(unit, order, kind, key=key, source=SOURCE, data=stored, at=at, **freed)
    if freed:
        free = choice(unit.db, {**order, **freed, "attempts": given.attempt}, unit.now).free
        data |= {f"free_{name}": value for name, value in as_data(free[0]).items()} if free else {}
    arise(unit, order, occasion, key=told_as, data=data)
    return "done"


def undo(unit: Unit, shop_id: int, order_id: str, act: Act, attempt: int) -> str:
    """Takes a tap back within half a minute of its arrival: "undone", or "late". What has not been said yet is not
    said; what has been is put right.
    """
    order = orders.get(unit.db, shop_id, order_id, lock=True)
    if order is None:
        raise NotFound
    row = known(unit, order, act, attempt)
    if row is None or row["source"] != SOURCE or unit.now - row["created_at"] > UNDO:
        return "late"  # what the shop or a carrier told is not a courier's to take back
    kind, occasion = ACTS[act]
    deliveries.take_event_back(unit.db, shop_id, order_id, kind, row["key"])
    stored: dict[str, Any] = row["data"] or {}
    changes: dict[str, Any] = {}
    if act is Act.NO_ANSWER:
        slot = stored.get("slot") or {}
        changes = {"delivery_day": slot.get("day"), "slot_from": slot.get("from"), "slot_to": slot.get("to")}
    settle(unit, order, **changes)
    if not deliveries.hold_back(unit.db, shop_id, order_id, occasion, stored.get("told_as", ""), unit.now):
        arise(unit, order, "courier_correction", key=f"{act}:{attempt}:{unit.now:%H%M%S}", data={"act": act.value})
    return "undone"


def known(unit: Unit, order: Row, act: Act, attempt: int) -> Row | None:
    """The event that this act left behind in this attempt."""
    kind, _ = ACTS[act]
    wanted = key_of(act, attempt)
    rows = orders.events_of(unit.db, order["shop_id"], order["id"])
    return next((row for row in rows if row["kind"] == kind and row["key"] == wanted), None)


def key_of(act: Act, attempt: int) -> str:
    """Makes an act one event: a parcel is handed over or refused once, everything else happens once an attempt."""
    if act in {Act.DELIVERED, Act.REFUSED}:
        return ""
    return str(attempt) if act is Act.NO_ANSWER else f"{act}:{attempt}"


def current_attempt(order: Row) -> int:
    return int(order["attempts"]) + 1


def _told_as(unit: Unit, given: Tap) -> str:
    """The key of the occasion. The end of an order has the one that the shop's own system gives it: the customer hears
    of it once. Of the others the time is a part: what was taken back and tapped again is told again.
    """
    return "" if given.act in {Act.DELIVERED, Act.REFUSED} else f"{given.attempt}@{unit.now:%H%M%S}"


def _data(unit: Unit, order: Row, given: Tap, at: datetime) -> dict[str, Any]:
    """What the customer's message may speak of: attempt, courier, from and to ("HH:MM" in the customer's zone), called.
    Plain values only, for texts are filled with them.
    """
    data: dict[str, Any] = {"attempt": given.attempt, "by": SOURCE}
    if order["courier"]:
        data["courier"] = order["courier"]
    if given.act is Act.ON_MY_WAY:
        start = at.astimezone(_zone(unit, order))
        end = start + timedelta(minutes=given.minutes if given.minutes in WINDOWS else 60)
        data |= {"from": _rounded(start), "to": _rounded(end + timedelta(minutes=4))}
    elif given.act is Act.NO_ANSWER:
        data |= {"called": given.called, "called_at": f"{at.astimezone(_zone(unit, order)):%H:%M}"}
    return data


def _for_the_shop(order: Row, given: Tap) -> dict[str, Any]:
    """What only the order's own record needs: the reason, and the hours that an undoing gives back."""
    if given.act is Act.REFUSED:
        return {"reason": REFUSED_AT_DOOR}
    if given.act is not Act.NO_ANSWER:
        return {}
    hours = {"day": order["delivery_day"], "from": order["slot_from"], "to": order["slot_to"]}
    return {"reason": "no_answer", "slot": hours}


def _zone(unit: Unit, order: Row) -> ZoneInfo:
    return zone_for(order, shops.get(unit.db, order["shop_id"]) or {"timezone": "UTC"})


def _rounded(at: datetime) -> str:
    """Down to five minutes: nobody comes at 14:03."""
    return f"{at - timedelta(minutes=at.minute % 5):%H:%M}"


def _believable(at: datetime | None, now: datetime) -> datetime:
    """A telephone's clock may be wrong, and a tap may have waited for the network."""
    return at if at is not None and now - OFFLINE < at <= now else now
