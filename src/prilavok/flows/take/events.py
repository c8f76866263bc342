"""What has happened to an order, each event once, whoever tells of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from prilavok.domain.order import Happened, OrderEvent
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import orders, shops
from prilavok.store.questions import Row

Known = Mapping[str, Any]

DAILY = frozenset({Happened.FAILED_ATTEMPT, Happened.DELAYED, Happened.OUT_FOR_DELIVERY, Happened.PAYMENT_FAILED})


def keep(
    unit: Unit, row: Row, source: str, events: Iterable[OrderEvent]
) -> tuple[list[dict[str, Any]], list[OrderEvent]]:
    """Stores what is new. Returns all events of the order, and the new ones.

    Of two that tell of one event the earlier time counts, so that it does not matter which of them came first.
    """
    stored = {(one["kind"], one["key"]): one for one in orders.events_of(unit.db, row["shop_id"], row["id"])}
    added: dict[tuple[str, str], dict[str, Any]] = {}
    fresh: dict[tuple[str, str], OrderEvent] = {}
    for event in (_keyed(unit, row["shop_id"], one) for one in events):
        which = (event.kind.value, event.key)
        if which in stored:
            if event.at < stored[which]["at"]:
                stored[which]["at"] = event.at
                if which not in added:
                    orders.move_event(unit.db, row["shop_id"], stored[which]["id"], event.at)
            continue
        added[which] = stored[which] = _row(unit, row, source, event)
        fresh[which] = event
    if added:
        orders.add_events(unit.db, list(added.values()))
    return list(stored.values()), list(fresh.values())


def _keyed(unit: Unit, shop_id: int, event: OrderEvent) -> OrderEvent:
    """What may happen again is told apart by its day (a change by its time) where the source has no id for it."""
    if event.key or event.kind not in DAILY | {Happened.CHANGED}:
        return event
    key = event.at.isoformat() if event.kind is Happened.CHANGED else _day(unit, shop_id, event.at)
    return OrderEvent(event.kind, event.at, key, event.data)


def _day(unit: Unit, shop_id: int, at: datetime) -> str:
    shop = shops.get(unit.db, shop_id) or {}
    return at.astimezone(ZoneInfo(shop.get("timezone") or "UTC")).date().isoformat()


def _row(unit: Unit, row: Row, source: str, event: OrderEvent) -> dict[str, Any]:
    return {
        "shop_id": row["shop_id"],
        "id": new_id(),
        "order_id": row["id"],
        "kind": event.kind.value,
        "key": event.key,
        "at": event.at,
        "source": source,
        "data": dict(event.data) or None,
        "created_at": unit.now,
    }
