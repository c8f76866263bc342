"""Answers kept for requests that may be repeated."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.base import is_sqlite
from prilavok.store.schema import idempotency


def get(db: Connection, shop_id: int, agent_id: str, key: str) -> RowMapping | None:
    query = select(idempotency).where(
        idempotency.c.shop_id == shop_id, idempotency.c.agent_id == agent_id, idempotency.c.key == key
    )
    return db.execute(query).mappings().first()


def add(db: Connection, row: Mapping[str, Any]) -> None:
    insert_or_leave = insert_sqlite if is_sqlite(db) else insert_postgresql
    db.execute(insert_or_leave(idempotency).values(**row).on_conflict_do_nothing())


def forget_before(db: Connection, at: datetime) -> None:
    db.execute(delete(idempotency).where(idempotency.c.created_at < at))
