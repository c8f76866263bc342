"""One-time tokens of deep links: they prove that two addresses belong to one person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.schema_people import links
from prilavok.store.staff import hashed


def add(db: Connection, token: str, row: Mapping[str, Any]) -> None:
    db.execute(insert(links).values(token_hash=hashed(token), used_at=None, **row))


def use(db: Connection, shop_id: int, inbox_id: str, token: str, now: datetime) -> RowMapping | None:
    """The link, if it is still good; from now on it is not."""
    statement = (
        update(links)
        .where(
            links.c.shop_id == shop_id,
            links.c.token_hash == hashed(token),
            links.c.inbox_id == inbox_id,
            links.c.used_at.is_(None),
            links.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(links.c.identity_id, links.c.conversation_id)
    )
    return db.execute(statement).mappings().first()
