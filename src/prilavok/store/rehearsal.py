"""Recorded orders with their events, to be lived through again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.schema_orders import order_events, orders


def events_since(db: Connection, shop_id: int, since: datetime, limit: int) -> Sequence[RowMapping]:
    """Of the newest `limit` orders placed since then, order by order, oldest event first."""
    chosen = (
        select(orders.c.id, orders.c.contact_id)
        .where(orders.c.shop_id == shop_id, orders.c.placed_at >= since)
        .order_by(orders.c.placed_at.desc(), orders.c.id.desc())
        .limit(limit)
        .subquery()
    )
    query = (
        select(order_events.c.order_id, chosen.c.contact_id, order_events.c.kind, order_events.c.key, order_events.c.at)
        .join(chosen, chosen.c.id == order_events.c.order_id)
        .where(order_events.c.shop_id == shop_id)
        .order_by(order_events.c.order_id, order_events.c.at, order_events.c.id)
    )
    return db.execute(query).mappings().all()
