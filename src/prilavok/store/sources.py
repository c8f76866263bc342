"""Connected shop platforms and carriers. `config` is sealed bytes here; only `flows/suppliers` opens them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.domain.order import Status
from prilavok.store.questions import Question, Row
from prilavok.store.schema import journal
from prilavok.store.schema_orders import orders, sources

ON_THE_WAY = (Status.PACKED.value, Status.SHIPPED.value, Status.AT_PICKUP.value, Status.OUT_FOR_DELIVERY.value)
_DEFAULTS: Mapping[str, Any] = {
    "state": "active",
    "reason": "",
    "account_name": "",
    "cursor": None,
    "last_received_at": None,
    "checked_at": None,
}

_by_key = Question(select(sources).where(sources.c.key == bindparam("in_address")))
_one = Question(select(sources).where(sources.c.shop_id == bindparam("shop"), sources.c.id == bindparam("which")))


def add(db: Connection, row: Mapping[str, Any]) -> None:
    db.execute(insert(sources).values({**_DEFAULTS, **row}))


def get(db: Connection, shop_id: int, source_id: str) -> Row | None:
    return _one.row(db, shop=shop_id, which=source_id)


def by_key(db: Connection, key: str) -> Row | None:
    return _by_key.row(db, in_address=key)


def of_shop(db: Connection, shop_id: int) -> Sequence[RowMapping]:
    return db.execute(select(sources).where(sources.c.shop_id == shop_id).order_by(sources.c.id)).mappings().all()


def change(db: Connection, shop_id: int, source_id: str, changes: Mapping[str, Any]) -> bool:
    where = (sources.c.shop_id == shop_id, sources.c.id == source_id)
    return db.execute(update(sources).where(*where).values(**changes)).rowcount > 0


def remove(db: Connection, shop_id: int, source_id: str) -> None:
    db.execute(delete(sources).where(sources.c.shop_id == shop_id, sources.c.id == source_id))


def claim(db: Connection, kinds: Mapping[str, timedelta], now: datetime, limit: int) -> list[tuple[int, str]]:
    """Those whose turn has come to be looked at: (shop, source). `kinds`: how long between two looks.

    The time that is noted is the lease: nobody else looks until the next turn, and a process that dies loses one look.
    """
    due = [
        and_(sources.c.kind == kind, or_(sources.c.checked_at.is_(None), sources.c.checked_at <= now - every))
        for kind, every in kinds.items()
    ]
    if not due:
        return []
    chosen = (
        select(sources.c.id)
        .where(sources.c.state == "active", or_(*due))
        .order_by(sources.c.checked_at, sources.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = [row[0] for row in db.execute(chosen)]
    if not ids:
        return []
    statement = update(sources).where(sources.c.id.in_(ids)).values(checked_at=now)
    return [(row[0], row[1]) for row in db.execute(statement.returning(sources.c.shop_id, sources.c.id))]


def parcels(db: Connection, shop_id: int, *, after: str, since: datetime, limit: int) -> Sequence[RowMapping]:
    """Orders on their way with a number of their parcel, by id: id, number, carrier, tracking, phone, status."""
    query = (
        select(orders.c.id, orders.c.number, orders.c.carrier, orders.c.tracking, orders.c.phone, orders.c.status)
        .where(
            orders.c.shop_id == shop_id,
            orders.c.status.in_(ON_THE_WAY),
            orders.c.tracking != "",
            orders.c.placed_at >= since,
        )
        .order_by(orders.c.id)
        .limit(limit)
    )
    if after:
        query = query.where(orders.c.id > after)
    return db.execute(query).mappings().all()


def failed_hooks(db: Connection, shop_id: int) -> dict[str, int]:
    """source (or inbox) → how many deliveries wait to be taken again."""
    query = (
        select(journal.c.inbox_id, func.count())
        .where(journal.c.shop_id == shop_id, journal.c.state == "failed")
        .group_by(journal.c.inbox_id)
    )
    return {row[0]: int(row[1]) for row in db.execute(query)}
