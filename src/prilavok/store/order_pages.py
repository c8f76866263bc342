"""Orders as they are looked through: pages, searches, counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.engine import Connection

from prilavok.domain.order import ENDED, Status
from prilavok.store.questions import Row
from prilavok.store.schema_orders import orders, plans, tasks

OPEN = tuple(status.value for status in Status if status not in ENDED)


@dataclass(frozen=True, slots=True)
class Which:
    """What is empty does not restrict. `status`: "open" or one of them; `q`: number, phone, e-mail, name, parcel."""

    status: str = ""
    q: str = ""
    to_read: bool = False
    outcome: str = ""
    contact_id: str | None = None


def page(
    db: Connection, shop_id: int, which: Which, *, after: tuple[datetime, str] | None, limit: int
) -> Sequence[Row]:
    """The newest first."""
    query = select(orders).where(orders.c.shop_id == shop_id, *_conditions(which))
    if after is not None:
        placed_at, order_id = after
        older = and_(orders.c.placed_at == placed_at, orders.c.id < order_id)
        query = query.where(orders.c.placed_at <= placed_at, or_(orders.c.placed_at < placed_at, older))
    query = query.order_by(orders.c.placed_at.desc(), orders.c.id.desc()).limit(limit)
    return db.execute(query).mappings().all()


def counts(db: Connection, shop_id: int) -> dict[str, Any]:
    by_status = select(orders.c.status, func.count()).where(orders.c.shop_id == shop_id).group_by(orders.c.status)
    found = {row[0]: int(row[1]) for row in db.execute(by_status)}
    unread = select(func.count()).where(orders.c.shop_id == shop_id, orders.c.to_read)
    person = select(func.count()).where(
        orders.c.shop_id == shop_id, orders.c.outcome == "person", orders.c.status.in_(OPEN)
    )
    to_do = select(func.count()).where(tasks.c.shop_id == shop_id, tasks.c.state == "open")
    return {
        "open": sum(count for status, count in found.items() if status in OPEN),
        "to_read": int(db.execute(unread).scalar_one()),
        "person": int(db.execute(person).scalar_one()),
        "tasks": int(db.execute(to_do).scalar_one()),
        "by_status": {status.value: found.get(status.value, 0) for status in Status},
    }


def open_tasks(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, int]:
    """order → how many things a person has to do for it."""
    query = (
        select(tasks.c.order_id, func.count())
        .where(tasks.c.shop_id == shop_id, tasks.c.order_id.in_(list(ids)), tasks.c.state == "open")
        .group_by(tasks.c.order_id)
    )
    return {row[0]: int(row[1]) for row in db.execute(query)}


def next_words(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, tuple[str, datetime, str]]:
    """order → what is said next of its own accord, and of the several the soonest: channel, when, about what."""
    query = (
        select(plans.c.order_id, plans.c.kind, plans.c.state, plans.c.position, plans.c.steps, plans.c.due_at)
        .where(plans.c.shop_id == shop_id, plans.c.order_id.in_(list(ids)), plans.c.due_at.isnot(None))
        .where(plans.c.state.in_(("waiting", "watching")))
        .order_by(plans.c.due_at, plans.c.id)
    )
    found: dict[str, tuple[str, datetime, str]] = {}
    for row in db.execute(query).mappings():
        # What is watched has been said: the rung after it comes when nothing is heard until then.
        at = row["position"] + (row["state"] == "watching")
        if at < len(row["steps"]):
            found.setdefault(row["order_id"], (row["steps"][at]["channel"], row["due_at"], row["kind"]))
    return found


def _conditions(which: Which) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.status:
        found.append(orders.c.status.in_(OPEN) if which.status == "open" else orders.c.status == which.status)
    if which.to_read:
        found.append(orders.c.to_read)
    if which.outcome:
        found.append(orders.c.outcome == which.outcome)
    if which.contact_id:
        found.append(orders.c.contact_id == which.contact_id)
    if which.q:
        found.append(_matches(which.q))
    return found


def _matches(words: str) -> ColumnElement[bool]:
    """A number as people say it, with or without its sign; the end of a phone; part of a name."""
    bare = words.lstrip("#№ ").lower()
    ways = [
        func.lower(orders.c.number).in_([words.lower(), bare, f"#{bare}"]),
        orders.c.email == words.lower(),
        orders.c.tracking == words,
        func.lower(orders.c.name).contains(words.lower(), autoescape=True),
    ]
    digits = "".join(sign for sign in words if sign.isdecimal() and sign.isascii())
    if len(digits) >= 4:
        ways.append(orders.c.phone.endswith(digits[-10:]))
    return or_(*ways)
