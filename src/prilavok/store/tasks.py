"""What a person has to do: a call, a comment to read, a buyer to look at."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.schema_orders import orders, tasks


def add(db: Connection, row: Mapping[str, Any]) -> None:
    """Row of: shop_id, id, kind, because, created_at; order_id, contact_id, plan_id, phone, not_before, not_after."""
    db.execute(insert(tasks).values({"state": "open", "result": "", "phone": "", **row}))


def get(db: Connection, shop_id: int, task_id: str) -> RowMapping | None:
    query = select(tasks).where(tasks.c.shop_id == shop_id, tasks.c.id == task_id).with_for_update()
    return db.execute(query).mappings().first()


def of_order(db: Connection, shop_id: int, order_id: str) -> Sequence[RowMapping]:
    query = select(tasks).where(tasks.c.shop_id == shop_id, tasks.c.order_id == order_id)
    return db.execute(query.order_by(tasks.c.created_at, tasks.c.id)).mappings().all()


def calls_to(db: Connection, shop_id: int, contact_id: str) -> Sequence[RowMapping]:
    """Calls to this contact that nobody has made yet."""
    query = select(tasks).where(tasks.c.shop_id == shop_id, tasks.c.contact_id == contact_id)
    return db.execute(query.where(tasks.c.kind == "call", tasks.c.state == "open")).mappings().all()


def page(db: Connection, shop_id: int, *, state: str, after: str = "", limit: int = 50) -> Sequence[RowMapping]:
    """Oldest first, each with the number of its order."""
    query = (
        select(tasks, orders.c.number)
        .outerjoin(orders, (orders.c.shop_id == tasks.c.shop_id) & (orders.c.id == tasks.c.order_id))
        .where(tasks.c.shop_id == shop_id, tasks.c.state == state)
        .order_by(tasks.c.id)
        .limit(limit)
    )
    if after:
        query = query.where(tasks.c.id > after)
    return db.execute(query).mappings().all()


def end(db: Connection, shop_id: int, task_id: str, *, state: str, result: str, by: str | None, now: datetime) -> None:
    """One that has ended before keeps what it ended with."""
    values = {"state": state, "result": result, "done_at": now, "done_by": by}
    mine = (tasks.c.shop_id == shop_id, tasks.c.id == task_id, tasks.c.state == "open")
    db.execute(update(tasks).where(*mine).values(**values))


def drop(db: Connection, shop_id: int, order_id: str, kind: str, now: datetime) -> int:
    """What is no longer to be done; returns how many there were."""
    query = (
        update(tasks)
        .where(tasks.c.shop_id == shop_id, tasks.c.order_id == order_id, tasks.c.kind == kind, tasks.c.state == "open")
        .values(state="dropped", done_at=now)
    )
    return int(db.execute(query).rowcount)
