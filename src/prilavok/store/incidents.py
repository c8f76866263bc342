"""Incidents, and the orders that they concern."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Text, func, insert, or_, select, type_coerce, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.domain.incident import Condition
from prilavok.domain.order import ENDED
from prilavok.store.schema_orders import incidents, orders, plans, tasks

OVER = [status.value for status in ENDED]
AT_WORK = ("planning", "sending")


def add(db: Connection, row: Mapping[str, Any]) -> None:
    db.execute(insert(incidents).values({"state": "draft", "cursor": "", **row}))


def get(db: Connection, shop_id: int, incident_id: str, *, lock: bool = False) -> RowMapping | None:
    query = select(incidents).where(incidents.c.shop_id == shop_id, incidents.c.id == incident_id)
    return db.execute(query.with_for_update() if lock else query).mappings().first()


def of_shop(db: Connection, shop_id: int, limit: int = 100) -> Sequence[RowMapping]:
    query = select(incidents).where(incidents.c.shop_id == shop_id).order_by(incidents.c.id.desc()).limit(limit)
    return db.execute(query).mappings().all()


def change(db: Connection, shop_id: int, incident_id: str, changes: Mapping[str, Any]) -> None:
    query = update(incidents).where(incidents.c.shop_id == shop_id, incidents.c.id == incident_id)
    db.execute(query.values(**changes))


def at_work(db: Connection) -> Sequence[RowMapping]:
    """Of all shops: what is being planned or sent, the oldest first."""
    query = select(incidents).where(incidents.c.state.in_(AT_WORK)).order_by(incidents.c.started_at)
    return db.execute(query).mappings().all()


def affected(
    db: Connection, shop_id: int, condition: Condition, zone: str, *, after: str = "", limit: int = 1000
) -> Sequence[str]:
    """Ids of the orders concerned, in their order, a page at a time."""
    query = _chosen(select(orders.c.id), shop_id, condition, zone)
    if after:
        query = query.where(orders.c.id > after)
    return list(db.execute(query.order_by(orders.c.id).limit(limit)).scalars())


def count_affected(db: Connection, shop_id: int, condition: Condition, zone: str) -> int:
    query = _chosen(select(func.count()).select_from(orders), shop_id, condition, zone)
    return int(db.execute(query).scalar() or 0)


def sample(db: Connection, shop_id: int, condition: Condition, zone: str, limit: int = 5) -> Sequence[RowMapping]:
    columns = (orders.c.id, orders.c.number, orders.c.status, orders.c.city, orders.c.name, orders.c.placed_at)
    query = _chosen(select(*columns), shop_id, condition, zone)
    return db.execute(query.order_by(orders.c.id.desc()).limit(limit)).mappings().all()


def states(db: Connection, shop_id: int, incident_id: str) -> dict[str, int]:
    """How many of its plans stand where."""
    query = (
        select(plans.c.state, func.count())
        .where(plans.c.shop_id == shop_id, plans.c.incident_id == incident_id)
        .group_by(plans.c.state)
    )
    return {state: int(count) for state, count in db.execute(query)}


def stop_plans(db: Connection, shop_id: int, incident_id: str, now: datetime) -> int:
    """Whatever has not been said yet is not said; returns how many there were."""
    query = (
        update(plans)
        .where(plans.c.shop_id == shop_id, plans.c.incident_id == incident_id, plans.c.state == "waiting")
        .values(state="stopped", due_at=None, ended_at=now, because={"why": "stopped", "data": {}})
    )
    return int(db.execute(query).rowcount)


def stuck(
    db: Connection, statuses: Sequence[str], before: datetime, after: datetime, limit: int
) -> Sequence[RowMapping]:
    """Orders on their way of which nothing was heard since `before` (and not for longer than since `after`), and whose
    standstill nobody has been told of: those that have must not keep the others out.
    """
    noticed = (
        select(1)
        .where(
            tasks.c.shop_id == orders.c.shop_id,
            tasks.c.order_id == orders.c.id,
            tasks.c.created_at > orders.c.last_event_at,
            type_coerce(tasks.c.because, Text).contains('"why":"stuck"'),
        )
        .exists()
    )
    query = (
        select(orders)
        .where(
            orders.c.status.in_(statuses), orders.c.last_event_at < before, orders.c.last_event_at >= after, ~noticed
        )
        .order_by(orders.c.last_event_at)
        .limit(limit)
    )
    return db.execute(query).mappings().all()


def _chosen(query: Select[Any], shop_id: int, condition: Condition, zone: str) -> Select[Any]:
    query = query.where(orders.c.shop_id == shop_id)
    among = orders.c.status.in_(condition.statuses) if condition.statuses else orders.c.status.notin_(OVER)
    query = query.where(among)
    if condition.methods:
        query = query.where(orders.c.method.in_(condition.methods))
    for column, words in ((orders.c.carrier, condition.carriers), (orders.c.city, condition.cities)):
        if words:
            query = query.where(func.lower(column).in_([word.lower() for word in words]))
    if condition.placed_from:
        query = query.where(orders.c.placed_at >= _midnight(condition.placed_from, zone))
    if condition.placed_to:
        query = query.where(orders.c.placed_at < _midnight(condition.placed_to, zone) + timedelta(days=1))
    if condition.delivery_from:
        query = query.where(orders.c.delivery_day >= condition.delivery_from)
    if condition.delivery_to:
        query = query.where(orders.c.delivery_day <= condition.delivery_to)
    if condition.unpaid:
        query = query.where(~orders.c.paid)
    if condition.skus:
        items = type_coerce(orders.c["items"], Text)
        query = query.where(or_(*(items.contains(f'"sku":"{sku}"', autoescape=True) for sku in condition.skus)))
    return query


def _midnight(day: str, zone: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
