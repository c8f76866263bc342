"""What every flow does when something happens to an order: the event once, where the order stands now, the occasion."""

from collections.abc import Mapping
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
    rows = orders.events_of(unit.db, shop_id, order_id)
    known = [OrderEvent(Happened(row["kind"]), row["at"], row["key"]) for row in rows]
    latest = max((row["at"] for row in rows), default=order["last_event_at"])
    changed = {
        "status": status_of(known).value,
        "paid": is_paid(known, said=order["paid"]),
        "attempts": sum(one.kind is Happened.FAILED_ATTEMPT for one in known),
        "last_event_at": latest,
        **changes,
    }
    orders.change(unit.db, shop_id, order_id, changed)
    unit.emit(OrderChanged(shop_id=shop_id, ref_id=order_id))


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
