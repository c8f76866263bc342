"""What customers want for good, and the proof of every consent that they gave or withdrew."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection

from prilavok.kit.ids import new_id
from prilavok.store.questions import Question, Row
from prilavok.store.schema_orders import consents, preferences

_one = Question(
    select(preferences.c.data, preferences.c.by, preferences.c.updated_at).where(
        preferences.c.shop_id == bindparam("shop"), preferences.c.contact_id == bindparam("person")
    )
)
_history = Question(
    select(consents.c.purpose, consents.c.given, consents.c.by, consents.c.at)
    .where(consents.c.shop_id == bindparam("shop"), consents.c.contact_id == bindparam("person"))
    .order_by(consents.c.at.desc(), consents.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)


def get(db: Connection, shop_id: int, contact_id: str) -> Row | None:
    """`data`, `by` and `updated_at`; None for somebody who never said anything."""
    return _one.row(db, shop=shop_id, person=contact_id)


def save(db: Connection, shop_id: int, contact_id: str, data: Mapping[str, Any], *, by: str, now: datetime) -> None:
    which = (preferences.c.shop_id == shop_id, preferences.c.contact_id == contact_id)
    values = {"data": dict(data), "by": by, "updated_at": now}
    if not db.execute(update(preferences).where(*which).values(**values)).rowcount:
        db.execute(insert(preferences).values(shop_id=shop_id, contact_id=contact_id, **values))


def add_consents(
    db: Connection, shop_id: int, contact_id: str, changed: Mapping[str, bool], *, by: str, now: datetime
) -> None:
    """`changed`: purpose → given or withdrawn."""
    rows = [
        {"shop_id": shop_id, "id": new_id(), "contact_id": contact_id, "purpose": purpose, "given": given}
        for purpose, given in changed.items()
    ]
    if rows:
        db.execute(insert(consents).values([{**row, "by": by, "at": now} for row in rows]))


def history(db: Connection, shop_id: int, contact_id: str, limit: int = 20) -> Sequence[Row]:
    """Every consent as it was given or withdrawn, the latest first."""
    return _history.rows(db, shop=shop_id, person=contact_id, most=limit)


def forget(db: Connection, shop_id: int, contact_id: str) -> None:
    db.execute(delete(preferences).where(preferences.c.shop_id == shop_id, preferences.c.contact_id == contact_id))
