"""What waits to be sent. A row lives from the reply until its message has gone or a person has decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.rowsets import Insertion
from prilavok.store.schema import inboxes, messages, outbox

_insert = Insertion(outbox, [column.name for column in outbox.columns])
_NEW: dict[str, Any] = {"state": "waiting", "attempts": 0, "lease_until": None, "reason": None}


def add(db: Connection, row: Mapping[str, Any]) -> None:
    """Row of: shop_id, id, message_id, conversation_id, inbox_id, identity_id, due_at, created_at."""
    db.execute(insert(outbox).values({**_NEW, **row}))


def add_many(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same for a batch."""
    if rows:
        _insert(db, [{**_NEW, **row} for row in rows])


def claim(
    db: Connection, now: datetime, lease: timedelta, limit: int, *, busy: Iterable[str] = ()
) -> Sequence[RowMapping]:
    """Leases what is due, oldest first, of active inboxes that are not `busy`. One message of an identity at a time,
    so that a customer reads them in the order in which they were written.
    """
    earlier = outbox.alias()
    nobody_before = ~(
        select(1)
        .where(
            earlier.c.shop_id == outbox.c.shop_id,
            earlier.c.inbox_id == outbox.c.inbox_id,
            earlier.c.identity_id == outbox.c.identity_id,
            earlier.c.state.in_(["waiting", "leased"]),
            earlier.c.id < outbox.c.id,
        )
        .exists()
    )
    query = (
        select(outbox.c.id)
        .join(inboxes, and_(inboxes.c.shop_id == outbox.c.shop_id, inboxes.c.id == outbox.c.inbox_id))
        .where(outbox.c.state == "waiting", outbox.c.due_at <= now, inboxes.c.state == "active", nobody_before)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=outbox)
    )
    if held := list(busy):
        query = query.where(outbox.c.inbox_id.notin_(held))
    ids = list(db.execute(query).scalars())
    if not ids:
        return []
    db.execute(
        update(outbox)
        .where(outbox.c.id.in_(ids))
        .values(state="leased", lease_until=now + lease, attempts=outbox.c.attempts + 1)
    )
    return (
        db.execute(select(outbox).where(outbox.c.id.in_(ids)).order_by(outbox.c.due_at, outbox.c.id)).mappings().all()
    )


def lapsed(db: Connection, now: datetime, limit: int = 200) -> Sequence[RowMapping]:
    """Leases that ran out: whoever held them stopped between sending and storing the outcome."""
    query = (
        select(outbox)
        .where(outbox.c.state == "leased", outbox.c.lease_until < now)
        .order_by(outbox.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return db.execute(query).mappings().all()


def any_lapsed(db: Connection, now: datetime) -> bool:
    """Whether `lapsed` would find something: to look costs no transaction."""
    query = select(outbox.c.id).where(outbox.c.state == "leased", outbox.c.lease_until < now).limit(1)
    return db.execute(query).first() is not None


def next_due(db: Connection) -> datetime | None:
    """When the next waiting row of an active inbox is due."""
    query = (
        select(outbox.c.due_at)
        .join(inboxes, and_(inboxes.c.shop_id == outbox.c.shop_id, inboxes.c.id == outbox.c.inbox_id))
        .where(outbox.c.state == "waiting", inboxes.c.state == "active")
        .order_by(outbox.c.due_at)
        .limit(1)
    )
    return db.execute(query).scalar()


def get(db: Connection, shop_id: int, row_id: str) -> RowMapping | None:
    return db.execute(select(outbox).where(outbox.c.shop_id == shop_id, outbox.c.id == row_id)).mappings().first()


def of_message(db: Connection, shop_id: int, message_id: str) -> RowMapping | None:
    query = select(outbox).where(outbox.c.shop_id == shop_id, outbox.c.message_id == message_id).with_for_update()
    return db.execute(query).mappings().first()


def under_way(db: Connection, shop_id: int, inbox_id: str, identity_id: str) -> Sequence[RowMapping]:
    """What may have reached one address without our knowing, oldest first, with `text` and `attachments`; locked."""
    doubtful = or_(outbox.c.state.in_(["leased", "perhaps"]), and_(outbox.c.state == "waiting", outbox.c.attempts > 0))
    query = (
        select(outbox, messages.c.text, messages.c.attachments)
        .join(messages, and_(messages.c.shop_id == outbox.c.shop_id, messages.c.id == outbox.c.message_id))
        .where(outbox.c.shop_id == shop_id, outbox.c.inbox_id == inbox_id, outbox.c.identity_id == identity_id)
        .where(doubtful)
        .order_by(outbox.c.id)
        .with_for_update(of=outbox)
    )
    return db.execute(query).mappings().all()


def any_leased(db: Connection, shop_id: int, inbox_id: str) -> bool:
    """Whether something is on its way to the vendor just now."""
    query = select(1).where(outbox.c.shop_id == shop_id, outbox.c.inbox_id == inbox_id, outbox.c.state == "leased")
    return db.execute(query.limit(1)).first() is not None


def change(db: Connection, shop_id: int, row_id: str, changes: Mapping[str, Any]) -> None:
    db.execute(update(outbox).where(outbox.c.shop_id == shop_id, outbox.c.id == row_id).values(**changes))


def release(db: Connection, ids: Iterable[str]) -> None:
    """Gives leased rows back untried."""
    db.execute(
        update(outbox)
        .where(outbox.c.id.in_(list(ids)), outbox.c.state == "leased")
        .values(state="waiting", lease_until=None, attempts=outbox.c.attempts - 1)
    )


def remove(db: Connection, shop_id: int, row_id: str) -> None:
    db.execute(delete(outbox).where(outbox.c.shop_id == shop_id, outbox.c.id == row_id))


def page(db: Connection, shop_id: int, states: Sequence[str], limit: int = 200) -> Sequence[RowMapping]:
    query = (
        select(
            outbox,
            messages.c.text,
            inboxes.c.name.label("inbox_name"),
            inboxes.c.channel,
        )
        .join(messages, and_(messages.c.shop_id == outbox.c.shop_id, messages.c.id == outbox.c.message_id))
        .join(inboxes, and_(inboxes.c.shop_id == outbox.c.shop_id, inboxes.c.id == outbox.c.inbox_id))
        .where(outbox.c.shop_id == shop_id, outbox.c.state.in_(list(states)))
        .order_by(outbox.c.due_at)
        .limit(limit)
    )
    return db.execute(query).mappings().all()


def waiting(db: Connection) -> int:
    query = select(func.count()).select_from(outbox).where(or_(outbox.c.state == "waiting", outbox.c.state == "leased"))
    return int(db.execute(query).scalar_one())
