"""The raw journal: every delivery as it came, before anybody understood it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.base import insert_into
from prilavok.store.rowsets import Insertion
from prilavok.store.schema import inboxes, journal, unknown
from prilavok.store.schema_orders import sources

_insert = Insertion(
    journal, ("shop_id", "id", "inbox_id", "received_at", "headers", "body", "state", "reason", "attempts")
)

# A delivery came to an inbox, or to a source of orders.
_with_sender = journal.outerjoin(
    inboxes, (inboxes.c.shop_id == journal.c.shop_id) & (inboxes.c.id == journal.c.inbox_id)
).outerjoin(sources, (sources.c.shop_id == journal.c.shop_id) & (sources.c.id == journal.c.inbox_id))
_sender_is_there = or_(inboxes.c.id.is_not(None), sources.c.id.is_not(None))


def add(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of: shop_id, id, inbox_id, received_at, headers, body, state, reason."""
    _insert(db, [{"attempts": 1, **row} for row in rows])


def settle(db: Connection, shop_id: int, entry_id: str, *, state: str, reason: str | None) -> None:
    """Notes the outcome of one more attempt."""
    db.execute(
        update(journal)
        .where(journal.c.shop_id == shop_id, journal.c.id == entry_id)
        .values(state=state, reason=reason, attempts=journal.c.attempts + 1)
    )


def entry(db: Connection, shop_id: int, entry_id: str) -> RowMapping | None:
    return db.execute(select(journal).where(journal.c.shop_id == shop_id, journal.c.id == entry_id)).mappings().first()


def page(
    db: Connection, shop_id: int, *, state: str, inbox_id: str | None = None, before: str | None = None, limit: int = 50
) -> Sequence[RowMapping]:
    """Without the bodies, newest first; `before` is the id of the last one seen."""
    query = (
        select(
            journal.c.id,
            journal.c.inbox_id,
            func.coalesce(inboxes.c.name, sources.c.name).label("inbox_name"),
            func.coalesce(inboxes.c.channel, sources.c.kind).label("channel"),
            journal.c.received_at,
            journal.c.state,
            journal.c.reason,
            journal.c.attempts,
            func.length(journal.c.body).label("size"),
        )
        .select_from(_with_sender)
        .where(journal.c.shop_id == shop_id, journal.c.state == state, _sender_is_there)
        .order_by(journal.c.id.desc())
        .limit(limit)
    )
    if inbox_id:
        query = query.where(journal.c.inbox_id == inbox_id)
    if before:
        query = query.where(journal.c.id < before)
    return db.execute(query).mappings().all()


def unfinished(db: Connection, shop_id: int, states: Iterable[str], limit: int = 1000) -> list[str]:
    """Ids to replay, oldest first, of inboxes and sources that are still there."""
    query = (
        select(journal.c.id)
        .select_from(_with_sender)
        .where(journal.c.shop_id == shop_id, journal.c.state.in_(list(states)), _sender_is_there)
        .order_by(journal.c.id)
        .limit(limit)
    )
    return list(db.execute(query).scalars())


def forget_before(db: Connection, at: datetime) -> int:
    """Drops what was understood and is older than `at`; what failed stays until somebody looks."""
    return db.execute(
        delete(journal).where(journal.c.received_at < at, journal.c.state.in_(["done", "ignored"]))
    ).rowcount


def count_unknown(db: Connection, shop_id: int, inbox_id: str, counts: Mapping[str, int], now: datetime) -> None:
    for what, count in sorted(counts.items()):
        statement = insert_into(db, unknown).values(
            shop_id=shop_id, inbox_id=inbox_id, what=what[:200], count=count, last_at=now
        )
        db.execute(
            statement.on_conflict_do_update(
                index_elements=["shop_id", "inbox_id", "what"],
                set_={"count": unknown.c.count + statement.excluded.count, "last_at": now},
            )
        )


def unknown_of(db: Connection, shop_id: int, inbox_id: str) -> dict[str, int]:
    query = select(unknown.c.what, unknown.c.count).where(unknown.c.shop_id == shop_id, unknown.c.inbox_id == inbox_id)
    return {row[0]: row[1] for row in db.execute(query.order_by(unknown.c.count.desc()).limit(50))}
