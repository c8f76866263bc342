"""Inboxes: configured channels. `config` is sealed bytes here; only the directory opens them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, bindparam, delete, func, insert, or_, select, type_coerce, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.kit.ids import first_id
from prilavok.store.base import Instant
from prilavok.store.questions import Question, Row
from prilavok.store.schema import inboxes, journal, messages, outbox

_DEFAULTS: dict[str, Any] = {
    "state": "active",
    "reason": "",
    "account_name": "",
    "account_handle": "",
    "cursor": None,
    "listener": None,
    "listener_until": None,
    "last_received_at": None,
    "last_sent_at": None,
    "expires_at": None,
    "expiry_told": None,
}


_of_shop = Question(select(inboxes).where(inboxes.c.shop_id == bindparam("shop")).order_by(inboxes.c.id))
_names = Question(select(inboxes.c.id, inboxes.c.name, inboxes.c.channel).where(inboxes.c.shop_id == bindparam("shop")))


def add(db: Connection, row: Mapping[str, Any]) -> None:
    db.execute(insert(inboxes).values({**_DEFAULTS, **row}))


def get(db: Connection, shop_id: int, inbox_id: str) -> RowMapping | None:
    return db.execute(select(inboxes).where(inboxes.c.shop_id == shop_id, inboxes.c.id == inbox_id)).mappings().first()


def by_key(db: Connection, key: str) -> RowMapping | None:
    return db.execute(select(inboxes).where(inboxes.c.key == key)).mappings().first()


def by_id(db: Connection, inbox_id: str) -> RowMapping | None:
    """Whatever its shop."""
    return db.execute(select(inboxes).where(inboxes.c.id == inbox_id)).mappings().first()


def of_shop(db: Connection, shop_id: int) -> Sequence[Row]:
    return _of_shop.rows(db, shop=shop_id)


def names(db: Connection, shop_id: int) -> dict[str, tuple[str, str]]:
    """inbox → (name, channel)."""
    return {row["id"]: (row["name"], row["channel"]) for row in _names.rows(db, shop=shop_id)}


def everything(db: Connection) -> Sequence[RowMapping]:
    return db.execute(select(inboxes).order_by(inboxes.c.shop_id, inboxes.c.id)).mappings().all()


def change(db: Connection, shop_id: int, inbox_id: str, changes: Mapping[str, Any]) -> bool:
    statement = update(inboxes).where(inboxes.c.shop_id == shop_id, inboxes.c.id == inbox_id).values(**changes)
    return db.execute(statement).rowcount > 0


def remove(db: Connection, shop_id: int, inbox_id: str) -> None:
    """Forgets the settings and what waits to be sent; conversations stay."""
    db.execute(delete(outbox).where(outbox.c.shop_id == shop_id, outbox.c.inbox_id == inbox_id))
    db.execute(delete(inboxes).where(inboxes.c.shop_id == shop_id, inboxes.c.id == inbox_id))


def ending(db: Connection, until: datetime) -> Sequence[RowMapping]:
    """Inboxes whose access at the vendor's ends by then, whatever their shop."""
    return db.execute(select(inboxes).where(inboxes.c.expires_at <= until)).mappings().all()


def claim_listening(
    db: Connection, process: str, ids: Sequence[str], now: datetime, lease: timedelta
) -> list[tuple[int, str]]:
    """Takes or keeps the right to listen for each of these inboxes that nobody else holds: (shop, inbox)."""
    free = or_(inboxes.c.listener == process, inboxes.c.listener.is_(None), inboxes.c.listener_until < now)
    statement = (
        update(inboxes)
        .where(inboxes.c.id.in_(list(ids)), inboxes.c.state == "active", free)
        .values(listener=process, listener_until=now + lease)
        .returning(inboxes.c.shop_id, inboxes.c.id)
    )
    return [(row[0], row[1]) for row in db.execute(statement)]


def release_listening(db: Connection, process: str) -> None:
    db.execute(update(inboxes).where(inboxes.c.listener == process).values(listener=None, listener_until=None))


def health(db: Connection, shop_id: int, inbox_id: str, now: datetime) -> dict[str, Any]:
    """Counts of the last 24 hours, by hour (oldest first), and what is stuck."""
    since = now - timedelta(hours=24)
    hour = 3_600_000_000
    created = type_coerce(messages.c.created_at, BigInteger)
    bucket = type_coerce(created - created % hour, Instant).label("bucket")
    query = (
        select(bucket, messages.c.direction, messages.c.receipt, func.count())
        .where(
            messages.c.shop_id == shop_id,
            messages.c.inbox_id == inbox_id,
            messages.c.id >= first_id(since),  # ids begin with their time: the primary key finds the last day
            messages.c.kind.in_(["message", "reply"]),
            messages.c.receipt != "accepted",  # what only waits has not been sent
        )
        .group_by(bucket, messages.c.direction, messages.c.receipt)
    )
    hours: dict[datetime, dict[str, int]] = {}
    for at, direction, receipt, count in db.execute(query):
        row = hours.setdefault(at, {"received": 0, "sent": 0, "failed": 0})
        what = "received" if direction == "inbound" else "failed" if receipt == "failed" else "sent"
        row[what] += count
    stuck = select(outbox.c.state, func.count()).where(outbox.c.shop_id == shop_id, outbox.c.inbox_id == inbox_id)
    states = {row[0]: row[1] for row in db.execute(stuck.group_by(outbox.c.state))}
    failed_hooks = select(func.count()).where(
        journal.c.shop_id == shop_id, journal.c.state == "failed", journal.c.inbox_id == inbox_id
    )
    return {
        "hours": hours,
        "waiting": states.get("waiting", 0) + states.get("leased", 0),
        "dead": states.get("dead", 0) + states.get("perhaps", 0),
        "failed_hooks": int(db.execute(failed_hooks).scalar_one()),
    }


def last_received(db: Connection, shop_id: int, inbox_id: str) -> datetime | None:
    """When the newest delivery came in."""
    query = select(func.max(journal.c.received_at)).where(journal.c.shop_id == shop_id, journal.c.inbox_id == inbox_id)
    return db.execute(query).scalar()
