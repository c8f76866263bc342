"""How long customers waited for an answer, and what the shop may therefore promise."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from prilavok.store.schema import answers


def add(db: Connection, row: Mapping[str, Any]) -> None:
    """Row of: shop_id, id, inbox_id, hour_of_week, seconds, at."""
    db.execute(insert(answers).values(**row))


def add_many(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    db.execute(insert(answers), list(rows))


def recent(db: Connection, shop_id: int, since: datetime, limit: int = 5000) -> list[tuple[str, int, int]]:
    """(inbox, hour of the week, seconds), newest first."""
    query = (
        select(answers.c.inbox_id, answers.c.hour_of_week, answers.c.seconds)
        .where(answers.c.shop_id == shop_id, answers.c.at >= since)
        .order_by(answers.c.at.desc())
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in db.execute(query)]
