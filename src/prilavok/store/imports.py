"""Tables of orders being read in: how far, and what was wrong with which line."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.schema_orders import imports

UNDER_WAY = ("waiting", "running")
SHOWN = 1000  # bad lines that are kept in full


def add(db: Connection, row: Mapping[str, Any]) -> None:
    blank = {"total": 0, "done": 0, "created": 0, "updated": 0, "bad": [], "bad_count": 0, "ended_at": None}
    db.execute(insert(imports).values({**blank, **row}))


def get(db: Connection, shop_id: int, import_id: str, *, lock: bool = False) -> RowMapping | None:
    query = select(imports).where(imports.c.shop_id == shop_id, imports.c.id == import_id)
    return db.execute(query.with_for_update() if lock else query).mappings().first()


def latest(db: Connection, shop_id: int, limit: int = 20) -> Sequence[RowMapping]:
    query = select(imports).where(imports.c.shop_id == shop_id).order_by(imports.c.id.desc()).limit(limit)
    return db.execute(query).mappings().all()


def change(db: Connection, shop_id: int, import_id: str, changes: Mapping[str, Any]) -> None:
    where = (imports.c.shop_id == shop_id, imports.c.id == import_id)
    db.execute(update(imports).where(*where).values(**changes))


def any_under_way(db: Connection) -> bool:
    return db.execute(select(1).where(imports.c.state.in_(UNDER_WAY)).limit(1)).first() is not None


def under_way(db: Connection) -> Sequence[RowMapping]:
    """Of all shops, the oldest first, locked; those that another process is just looking at are left out."""
    query = select(imports).where(imports.c.state.in_(UNDER_WAY)).order_by(imports.c.created_at, imports.c.id)
    return db.execute(query.with_for_update(skip_locked=True)).mappings().all()


def is_free(row: Mapping[Any, Any], process: str, now: datetime) -> bool:
    """Whether this process may go on with it: nobody else has given a sign of life lately."""
    options = row["options"] or {}
    until = options.get("until")
    return options.get("process") in {None, process} or until is None or datetime.fromisoformat(until) < now
