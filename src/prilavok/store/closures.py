"""Numbers that are shut for one medium only: who wrote STOP in an SMS may still be called, unless they refused that."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.engine import Connection

from prilavok.store.base import insert_into
from prilavok.store.questions import Question, among, listed
from prilavok.store.schema_people import closures

Shut = dict[str, dict[str, str]]  # identity → medium → why

_of = Question(
    select(closures.c.identity_id, closures.c.medium, closures.c.reason).where(
        closures.c.shop_id == bindparam("shop"), among(closures.c.identity_id, "wanted")
    )
)


def of(db: Connection, shop_id: int, identity_ids: Iterable[str]) -> Shut:
    found: Shut = {}
    for row in _of.rows(db, shop=shop_id, wanted=listed(identity_ids)):
        found.setdefault(row["identity_id"], {})[row["medium"]] = row["reason"]
    return found


def shut(db: Connection, shop_id: int, identity_id: str, medium: str, reason: str, now: datetime) -> None:
    """The latest reason stands."""
    statement = insert_into(db, closures).values(
        shop_id=shop_id, identity_id=identity_id, medium=medium, reason=reason, since=now
    )
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["shop_id", "identity_id", "medium"], set_={"reason": reason, "since": now}
        )
    )


def reopen(db: Connection, shop_id: int, identity_id: str, medium: str) -> None:
    which = (closures.c.shop_id == shop_id, closures.c.identity_id == identity_id, closures.c.medium == medium)
    db.execute(delete(closures).where(*which))
