"""The owner's policy in its versions, and the owner's own texts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.questions import Question
from prilavok.store.schema_orders import policies, templates

_active = Question(
    select(policies.c.version, policies.c.data)
    .where(policies.c.shop_id == bindparam("shop"))
    .order_by(policies.c.version.desc())
    .limit(1)
)
_templates = Question(
    select(templates.c.kind, templates.c.language, templates.c.channel, templates.c.text).where(
        templates.c.shop_id == bindparam("shop")
    )
)


def active(db: Connection, shop_id: int) -> Mapping[str, Any] | None:
    """The newest policy, `version` and `data`; None while the shop uses the built-in one (version 0)."""
    return _active.row(db, shop=shop_id)


def add_version(
    db: Connection, shop_id: int, data: Mapping[str, Any], *, note: str, author_id: str | None, now: datetime
) -> int:
    """Stores a policy as the newest; returns its version."""
    last = db.execute(select(func.max(policies.c.version)).where(policies.c.shop_id == shop_id)).scalar() or 0
    row = {"shop_id": shop_id, "version": last + 1, "data": dict(data), "note": note}
    db.execute(insert(policies).values(**row, author_id=author_id, created_at=now))
    return int(last) + 1


def versions(db: Connection, shop_id: int, limit: int = 100) -> Sequence[RowMapping]:
    """The newest first, without their data."""
    query = (
        select(policies.c.version, policies.c.note, policies.c.author_id, policies.c.created_at)
        .where(policies.c.shop_id == shop_id)
        .order_by(policies.c.version.desc())
        .limit(limit)
    )
    return db.execute(query).mappings().all()


def version(db: Connection, shop_id: int, number: int) -> RowMapping | None:
    query = select(policies).where(policies.c.shop_id == shop_id, policies.c.version == number)
    return db.execute(query).mappings().first()


def own_texts(db: Connection, shop_id: int) -> dict[tuple[str, str, str], str]:
    """(occasion, language, channel or "") → the owner's text."""
    return {(row["kind"], row["language"], row["channel"]): row["text"] for row in _templates.rows(db, shop=shop_id)}


def save_text(
    db: Connection, shop_id: int, kind: str, language: str, channel: str, text: str, *, by: str | None, now: datetime
) -> None:
    """Replaces one text; an empty one brings the built-in words back."""
    key = (templates.c.kind == kind, templates.c.language == language, templates.c.channel == channel)
    db.execute(delete(templates).where(templates.c.shop_id == shop_id, *key))
    if text:
        row = {"shop_id": shop_id, "kind": kind, "language": language, "channel": channel, "text": text}
        db.execute(insert(templates).values(**row, updated_at=now, author_id=by))
