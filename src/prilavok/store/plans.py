"""Plans, their attempts, and silences: what was decided to be said, how it went, and what was left unsaid."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, or_, select, update
from sqlalchemy.engine import Connection

from prilavok.store.questions import Question, Row, among, listed
from prilavok.store.rowsets import Insertion, Renewal
from prilavok.store.schema import identities
from prilavok.store.schema_orders import attempts, orders, plans, silences

_add = Insertion(plans, [column.name for column in plans.columns])
_add_attempts = Insertion(attempts, [column.name for column in attempts.columns])
_add_silences = Insertion(silences, [column.name for column in silences.columns])
STEPPING = (  # what a step changes in its plan
    "stage",
    "state",
    "steps",
    "rejected",
    "policy_version",
    "because",
    "position",
    "due_at",
    "lease_until",
    "ended_at",
)
_renew = Renewal(plans, ("shop_id", "id"), STEPPING)
_PLAN = {
    "order_id": None,
    "incident_id": None,
    "because": None,
    "position": 0,
    "lease_until": None,
    "ended_at": None,
}
_ATTEMPT = {"message_id": None, "task_id": None, "sent_at": None, "receipt": None, "receipt_at": None}
_SILENCE = {"order_id": None, "incident_id": None}

_due = Question(
    select(plans.c.shop_id, plans.c.id)
    .where(plans.c.due_at <= bindparam("now"))
    .order_by(plans.c.due_at, plans.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_lease = Question(
    update(plans)
    .where(plans.c.shop_id == bindparam("shop"), among(plans.c.id, "wanted"))
    .values(due_at=bindparam("until"), lease_until=bindparam("until"))
    .returning(*plans.columns)
)
_next_due = Question(
    select(plans.c.due_at).where(plans.c.due_at.isnot(None)).order_by(plans.c.due_at, plans.c.id).limit(1)
)
_of_shop = select(plans).where(plans.c.shop_id == bindparam("shop"))
_one = Question(_of_shop.where(plans.c.id == bindparam("which")))
_one_locked = Question(_of_shop.where(plans.c.id == bindparam("which")).with_for_update())
_some_locked = Question(_of_shop.where(among(plans.c.id, "wanted")).order_by(plans.c.id).with_for_update())
_of_order = Question(_of_shop.where(plans.c.order_id == bindparam("which")).order_by(plans.c.decided_at, plans.c.id))
_of_contact = Question(
    _of_shop.where(plans.c.contact_id == bindparam("which"))
    .order_by(plans.c.decided_at.desc(), plans.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_attempts = Question(
    select(attempts)
    .where(attempts.c.shop_id == bindparam("shop"), among(attempts.c.plan_id, "wanted"))
    .order_by(attempts.c.plan_id, attempts.c.position)
)
_by_message = Question(
    select(attempts.c.plan_id, attempts.c.position).where(
        attempts.c.shop_id == bindparam("shop"), attempts.c.message_id == bindparam("which")
    )
)
_silences = Question(
    select(silences)
    .where(silences.c.shop_id == bindparam("shop"), silences.c.order_id == bindparam("which"))
    .order_by(silences.c.at, silences.c.id)
)
# What was begun and is not at its end: a message is out, or one was and the next rung waits.
_begun = or_(plans.c.state == "sending", plans.c.state == "watching", plans.c.position > 0)
_open_of_identity = Question(
    select(plans)
    .join(
        identities,
        (identities.c.shop_id == plans.c.shop_id) & (identities.c.contact_id == plans.c.contact_id),
    )
    .where(
        identities.c.shop_id == bindparam("shop"),
        identities.c.id == bindparam("which"),
        plans.c.due_at.isnot(None),
        _begun,
    )
    .order_by(plans.c.id)
)
_open_naming = Question(  # of orders that name the address, whoever they are of
    select(plans)
    .join(orders, (orders.c.shop_id == plans.c.shop_id) & (orders.c.id == plans.c.order_id))
    .where(
        orders.c.shop_id == bindparam("shop"),
        or_(orders.c.email == bindparam("address"), orders.c.phone == bindparam("address")),
        plans.c.due_at.isnot(None),
        _begun,
    )
    .order_by(plans.c.id)
)
_awaiting = Question(
    select(plans.c.contact_id)
    .where(
        plans.c.shop_id == bindparam("shop"),
        among(plans.c.contact_id, "people"),
        plans.c.due_at.isnot(None),
        _begun,
    )
    .distinct()
)
_open_of_order = Question(
    _of_shop.where(plans.c.order_id == bindparam("which"), plans.c.due_at.isnot(None)).order_by(plans.c.id)
)


def add(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of: shop_id, id, contact_id, kind, key, stage, purpose, state, occasions, steps, rejected, policy_version,
    due_at, decided_at; order_id, incident_id.
    """
    if rows:
        _add(db, [{**_PLAN, **row} for row in rows])


def add_attempts(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of: shop_id, plan_id, position, channel, inbox_id, identity_id, address, wait_for, within, because, state,
    created_at. A rung that was tried already is refused by the primary key.
    """
    if rows:
        _add_attempts(db, [{**_ATTEMPT, **row} for row in rows])


def add_silences(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of: shop_id, id, contact_id, kind, key, because, rejected, policy_version, needs_person, at."""
    if rows:
        _add_silences(db, [{**_SILENCE, **row} for row in rows])


def claim(db: Connection, now: datetime, lease: timedelta, limit: int) -> list[Row]:
    """Leases what is due, oldest first. A lease is the due time moved on: whoever stops before the end of its work
    leaves the plan due again, and `lease_until` tells whose turn it is.
    """
    per_shop: dict[int, list[str]] = {}
    for row in _due.rows(db, now=now, most=limit):
        per_shop.setdefault(row["shop_id"], []).append(row["id"])
    leased: list[Row] = []
    for shop_id, ids in sorted(per_shop.items()):
        leased += _lease.rows(db, shop=shop_id, wanted=ids, until=now + lease)
    return leased


def next_due(db: Connection) -> datetime | None:
    """When the next plan must be looked at."""
    found: datetime | None = _next_due.value(db)
    return found


def get(db: Connection, shop_id: int, plan_id: str, *, lock: bool = False) -> Row | None:
    return (_one_locked if lock else _one).row(db, shop=shop_id, which=plan_id)


def locked(db: Connection, shop_id: int, ids: Iterable[str]) -> list[Row]:
    """Locked until the commit (PostgreSQL), in one order."""
    return list(_some_locked.rows(db, shop=shop_id, wanted=listed(ids)))


def of_order(db: Connection, shop_id: int, order_id: str) -> Sequence[Row]:
    """Oldest first."""
    return _of_order.rows(db, shop=shop_id, which=order_id)


def of_contact(db: Connection, shop_id: int, contact_id: str, limit: int = 50) -> Sequence[Row]:
    """Newest first."""
    return _of_contact.rows(db, shop=shop_id, which=contact_id, most=limit)


def attempts_of(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, list[Row]]:
    """plan → its attempts in the order of the rungs."""
    found: dict[str, list[Row]] = {}
    for row in _attempts.rows(db, shop=shop_id, wanted=listed(ids)):
        found.setdefault(row["plan_id"], []).append(row)
    return found


def by_message(db: Connection, shop_id: int, message_id: str) -> tuple[str, int] | None:
    """(plan, position) of the attempt that wrote this message."""
    row = _by_message.row(db, shop=shop_id, which=message_id)
    return (row["plan_id"], row["position"]) if row is not None else None


def silences_of(db: Connection, shop_id: int, order_id: str) -> Sequence[Row]:
    return _silences.rows(db, shop=shop_id, which=order_id)


def begun_with(db: Connection, shop_id: int, identity_id: str) -> Sequence[Row]:
    """Plans of this address's owner of which something was said and which are not at their end."""
    return _open_of_identity.rows(db, shop=shop_id, which=identity_id)


def begun_naming(db: Connection, shop_id: int, address: str) -> Sequence[Row]:
    """The same for the orders that name this address, although somebody else answers there."""
    return _open_naming.rows(db, shop=shop_id, address=address)


def awaiting(db: Connection, shop_id: int, contact_ids: Iterable[str]) -> set[str]:
    """Those of them to whom something was said that has not been heard yet."""
    return {row["contact_id"] for row in _awaiting.rows(db, shop=shop_id, people=listed(contact_ids))}


def open_of_order(db: Connection, shop_id: int, order_id: str) -> Sequence[Row]:
    """Plans of an order that are not at their end."""
    return _open_of_order.rows(db, shop=shop_id, which=order_id)


def change(db: Connection, shop_id: int, plan_id: str, changes: Mapping[str, Any]) -> None:
    db.execute(update(plans).where(plans.c.shop_id == shop_id, plans.c.id == plan_id).values(**changes))


def change_attempt(db: Connection, shop_id: int, plan_id: str, position: int, changes: Mapping[str, Any]) -> None:
    db.execute(
        update(attempts)
        .where(attempts.c.shop_id == shop_id, attempts.c.plan_id == plan_id, attempts.c.position == position)
        .values(**changes)
    )


def save_steps(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Whole rows, as they were read, with STEPPING renewed."""
    if rows:
        _renew(db, rows)


def hurry(db: Connection, shop_id: int, contact_id: str, now: datetime) -> list[str]:
    """Whatever waits for this contact is looked at now; returns the orders concerned."""
    statement = (
        update(plans)
        .where(
            plans.c.shop_id == shop_id,
            plans.c.contact_id == contact_id,
            plans.c.state == "waiting",
            plans.c.due_at > now,
        )
        .values(due_at=now)
        .returning(plans.c.order_id)
    )
    return [row[0] for row in db.execute(statement) if row[0] is not None]
