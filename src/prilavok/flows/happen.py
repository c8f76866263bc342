"""What every flow does when something happens to an order: the event once, where the order stands now, the occasion."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from prilavok.domain.events import OccasionArose, OrderChanged
from prilavok.domain.facts import Occasion
from prilavok.domain.order import Happened, OrderEvent, is_paid, status_of
from prilavok.flows.unit import Unit
from prilavok.store import deliveries, orders
from prilavok.store.questions import Row


def happen(
    unit: Unit,
    order: Row,
    kind: Happened,
    *,
    key: str,
    source: str,
    data: Mapping[str, Any],
    at: datetime | None = None,
    **changes: Any,
) -> bool:
    """Stores an event of a locked order and lets its status follow, with `changes` of further columns. False when the
    event is known already: then nothing changes.
    """
    shop_id, order_id = order["shop_id"], order["id"]
    when = at or unit.now
    new = deliveries.add_event(
        unit.db, shop_id, order_id, kind=kind, key=key, at=when, source=source, data=data, now=unit.now
    )
    if new:
        settle(unit, order, **changes)
    return new


def settle(unit: Unit, order: Row, **changes: Any) -> None:
    """The order stands where its events say; `changes` are further columns."""
    shop_id, order_id = order["shop_id"], order["id"]
    stored = orders.events_of(unit.db, shop_id, order_id)
    if now_is := standing(order, {}, stored) | changes:
        orders.change(unit.db, shop_id, order_id, now_is)
    unit.emit(OrderChanged(shop_id=shop_id, ref_id=order_id))


def standing(row: Row, changes: Mapping[str, Any], stored: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The columns that follow from an order's events; only those that differ from the row and its `changes`."""
    events = [OrderEvent(Happened(one["kind"]), one["at"], one["key"]) for one in stored]
    events.sort(key=lambda one: (one.at, one.kind, one.key), reverse=True)
    now_is = {
        "status": status_of(events).value,
        "paid": is_paid(events),
        "last_event_at": max((one.at for one in events), default=row["last_event_at"]),
        "attempts": sum(one.kind is Happened.FAILED_ATTEMPT for one in events),
        "placed_at": min((one.at for one in events if one.kind is Happened.PLACED), default=row["placed_at"]),
    }
    return {name: value for name, value in now_is.items() if value != changes.get(name, row[name])}


def arise(
    unit: Unit,
    order: Row,
    kind: str,
    *,
    key: str = "",
    data: Mapping[str, Any] | None = None,
    by_customer: bool = False,
) -> None:
    """Something may have to be said about an order."""
    unit.emit(
        OccasionArose(
            shop_id=order["shop_id"],
            ref_id=order["id"],
            contact_id=order["contact_id"],
            occasion=Occasion(kind=kind, at=unit.now, key=key, by_customer=by_customer),
            data=data or {},
        )
    )
