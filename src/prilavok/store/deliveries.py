"""An order as its customer and its courier change it: its events, its day and hour, and what was said about it last."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, delete, func, select, update
from sqlalchemy.engine import Connection

from prilavok.kit.ids import new_id
from prilavok.store.base import insert_into
from prilavok.store.questions import Question, Row
from prilavok.store.schema_orders import attempts, order_events, orders, plans

STILL_TO_BRING = [orders.c.status != over for over in ("delivered", "cancelled", "returned")]

_of_shop = select(orders).where(orders.c.shop_id == bindparam("shop"))
_booked = Question(
    select(orders.c.delivery_day, orders.c.slot_from, func.count().label("parcels"))
    .where(
        orders.c.shop_id == bindparam("shop"),
        orders.c.delivery_day >= bindparam("first"),
        orders.c.slot_from.is_not(None),
        *STILL_TO_BRING,
    )
    .group_by(orders.c.delivery_day, orders.c.slot_from)
)
_on_day = Question(
    _of_shop.where(
        orders.c.delivery_day == bindparam("day"),
        orders.c.id > bindparam("after"),
        orders.c.slot_from.is_not(None),
        *STILL_TO_BRING,
    )
    .order_by(orders.c.id)
    .limit(bindparam("most", type_=Integer))
)
_of_order = (plans.c.shop_id == bindparam("shop"), plans.c.order_id == bindparam("of"))
_last_said = Question(
    select(attempts.c.channel, attempts.c.inbox_id, attempts.c.because, attempts.c.sent_at, plans.c.kind)
    .join(plans, (plans.c.shop_id == attempts.c.shop_id) & (plans.c.id == attempts.c.plan_id))
    .where(*_of_order, attempts.c.sent_at.is_not(None))
    .order_by(attempts.c.sent_at.desc())
    .limit(1)
)
_next_planned = Question(
    select(plans.c.kind, plans.c.due_at)
    .where(*_of_order, plans.c.state == "waiting", plans.c.due_at.is_not(None))
    .order_by(plans.c.due_at)
    .limit(1)
)


def add_event(
    db: Connection,
    shop_id: int,
    order_id: str,
    *,
    kind: str,
    key: str,
    at: datetime,
    source: str,
    data: Mapping[str, Any],
    now: datetime,
) -> bool:
    """False when an event of this kind with this key is known already: it stays as it is."""
    row = {"shop_id": shop_id, "id": new_id(), "order_id": order_id, "kind": kind, "key": key, "at": at}
    statement = insert_into(db, order_events).values(**row, source=source, data=dict(data) or None, created_at=now)
    return db.execute(statement.on_conflict_do_nothing().returning(order_events.c.id)).first() is not None


def take_event_back(db: Connection, shop_id: int, order_id: str, kind: str, key: str) -> bool:
    """For a slip of the thumb. False when there is no such event."""
    which = (order_events.c.order_id == order_id, order_events.c.kind == kind, order_events.c.key == key)
    return db.execute(delete(order_events).where(order_events.c.shop_id == shop_id, *which)).rowcount > 0


def booked(db: Connection, shop_id: int, first: date) -> dict[tuple[str, str], int]:
    """(day, beginning of the interval) → parcels that are still to be brought, from the day `first` on."""
    rows = _booked.rows(db, shop=shop_id, first=first.isoformat())
    return {(row["delivery_day"], row["slot_from"]): row["parcels"] for row in rows}


def on_day(db: Connection, shop_id: int, day: date, *, after: str, limit: int) -> Sequence[Row]:
    """Orders with hours on this day that are still to be brought; by id, those after `after`."""
    return _on_day.rows(db, shop=shop_id, day=day.isoformat(), after=after, most=limit)


def last_said(db: Connection, shop_id: int, order_id: str) -> Row | None:
    """The last message about this order that has gone: channel, inbox_id, because, sent_at, kind of the occasion."""
    return _last_said.row(db, shop=shop_id, of=order_id)


def next_planned(db: Connection, shop_id: int, order_id: str) -> Row | None:
    """What waits to be said: kind of the occasion and due_at."""
    return _next_planned.row(db, shop=shop_id, of=order_id)


def hold_back(db: Connection, shop_id: int, order_id: str, kind: str, key: str, now: datetime) -> bool:
    """Stops the plan of an occasion whose message has not gone yet; False when it has, or there is none."""
    statement = (
        update(plans)
        .where(
            plans.c.shop_id == shop_id,
            plans.c.order_id == order_id,
            plans.c.kind == kind,
            plans.c.key == key,
            plans.c.state == "waiting",
            plans.c.lease_until.is_(None) | (plans.c.lease_until < now),
        )
        .values(state="stopped", due_at=None, ended_at=now, because={"why": "stopped", "data": {}})
    )
    return db.execute(statement).rowcount > 0
