"""What a decision asks about customers and their orders: about any number of them at once, a statement a question."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.engine import Connection

from prilavok.store.questions import Question, Row, among, listed
from prilavok.store.schema import contacts, conversation_tags, conversations, identities, messages
from prilavok.store.schema_orders import attempts, incidents, orders, plans, preferences

COMPLAINT = "complaint"  # the tag that says so
LOOK_BACK = 30  # of our last messages to an address: what was read before that says little

_ORDER = (
    "id",
    "number",
    "status",
    "placed_at",
    "currency",
    "total",
    "paid",
    "payment",
    "method",
    "contact_id",
    "name",
    "phone",
    "email",
    "context",
    "language",
    "country",
    "timezone",
    "city",
    "carrier",
    "tracking",
    "wishes",
    "calls_wait",
    "urgent",
    "outcome",
    "delivery_day",
    "slot_from",
    "slot_to",
)
_ASKED = (
    "id",
    "contact_id",
    "status",
    "paid",
    "phone",
    "email",
    "context",
    "language",
    "country",
    "timezone",
    "city",
    "wishes",
    "calls_wait",
)


def _of_orders(names: Iterable[str]) -> Question:
    chosen = select(*(orders.c[name] for name in names))
    return Question(chosen.where(orders.c.shop_id == bindparam("shop"), among(orders.c.id, "wanted")))


_orders, _asked_orders = _of_orders(_ORDER), _of_orders(_ASKED)
_contacts = Question(
    select(contacts.c.id, contacts.c.name, contacts.c.language, contacts.c.timezone, contacts.c.country).where(
        contacts.c.shop_id == bindparam("shop"), among(contacts.c.id, "wanted")
    )
)
_ADDRESS = (
    identities.c.id,
    identities.c.contact_id,
    identities.c.scope,
    identities.c.inbox_id,
    identities.c.address,
    identities.c.reachable,
    identities.c.reason,
    identities.c.last_at,
    identities.c.verified,
    identities.c.claimed,
)
_identities = Question(
    select(*_ADDRESS)
    .where(identities.c.shop_id == bindparam("shop"), among(identities.c.contact_id, "wanted"))
    .order_by(identities.c.contact_id, identities.c.id)
)
_named = Question(
    select(*_ADDRESS).where(
        identities.c.shop_id == bindparam("shop"),
        or_(*(identities.c.scope == scope for scope in ("email", "phone", "whatsapp"))),
        among(identities.c.address, "wanted"),
        identities.c.claimed != "",
    )
)
# Asked of each address, not grouped: to group by address a database reads every address of the shop.
_lately_read = (
    select(func.max(messages.c.at, type_=messages.c.at.type))
    .where(
        messages.c.shop_id == identities.c.shop_id,
        messages.c.identity_id == identities.c.id,
        messages.c.identity_seq > identities.c.last_seq - LOOK_BACK,
        messages.c.direction == "outbound",
        messages.c.receipt == "read",
    )
    .correlate(identities)
    .scalar_subquery()
)
_last_read = Question(
    select(identities.c.id, _lately_read.label("at")).where(
        identities.c.shop_id == bindparam("shop"), among(identities.c.contact_id, "wanted"), identities.c.last_seq > 0
    )
)
_preferences = Question(
    select(preferences.c.contact_id, preferences.c.data).where(
        preferences.c.shop_id == bindparam("shop"), among(preferences.c.contact_id, "wanted")
    )
)
_PLANNED = (plans.c.id, plans.c.order_id, plans.c.contact_id, plans.c.kind, plans.c.key, plans.c.state)
_planned = Question(
    select(*_PLANNED, plans.c.occasions, plans.c.position, plans.c.decided_at, plans.c.purpose, plans.c.incident_id)
    .where(plans.c.shop_id == bindparam("shop"), among(plans.c.order_id, "wanted"))
    .order_by(plans.c.decided_at, plans.c.id)
)
# Asked of each plan, not joined: while these tables grow by the thousand a minute PostgreSQL knows nothing of them yet
# and would read all attempts to join them.
_first_try = {
    column.name: select(column)
    .where(attempts.c.shop_id == plans.c.shop_id, attempts.c.plan_id == plans.c.id, attempts.c.position == 0)
    .correlate(plans)
    .scalar_subquery()
    .label(column.name)
    for column in (attempts.c.created_at, attempts.c.inbox_id)
}
_begun = Question(  # the moments at which something of a plan was first said, if ever
    select(plans.c.id, plans.c.contact_id, plans.c.order_id, plans.c.kind, plans.c.key, *_first_try.values()).where(
        plans.c.shop_id == bindparam("shop"),
        among(plans.c.contact_id, "wanted"),
        plans.c.decided_at > bindparam("since"),
    )
)
_complaining = Question(
    select(conversations.c.contact_id)
    .outerjoin(
        conversation_tags,
        (conversation_tags.c.shop_id == conversations.c.shop_id)
        & (conversation_tags.c.conversation_id == conversations.c.id)
        & (conversation_tags.c.tag == COMPLAINT),
    )
    .where(
        conversations.c.shop_id == bindparam("shop"),
        among(conversations.c.contact_id, "wanted"),
        conversations.c.status != "closed",
        conversations.c.public.is_(False),
        or_(conversations.c.priority == "critical", conversation_tags.c.tag.isnot(None)),
    )
)
_incidents = Question(
    select(incidents.c.id, incidents.c.texts).where(
        incidents.c.shop_id == bindparam("shop"), among(incidents.c.id, "wanted")
    )
)


def orders_of(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, Row]:
    return {row["id"]: row for row in _orders.rows(db, shop=shop_id, wanted=listed(ids))}


def asked_of(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, Row]:
    """Of each order what a decision asks about, for an incident has many thousands; no text can be written from it."""
    return {row["id"]: row for row in _asked_orders.rows(db, shop=shop_id, wanted=listed(ids))}


def people(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, Row]:
    return {row["id"]: row for row in _contacts.rows(db, shop=shop_id, wanted=listed(ids))}


def addresses(db: Connection, shop_id: int, contact_ids: Iterable[str]) -> dict[str, list[Row]]:
    """contact → their addresses."""
    return _grouped(_identities.rows(db, shop=shop_id, wanted=listed(contact_ids)), "contact_id")


def named(db: Connection, shop_id: int, wanted: Iterable[str]) -> dict[str, list[Row]]:
    """address → where it leads, of those that only an order had named so far, whoever has written from there."""
    return _grouped(_named.rows(db, shop=shop_id, wanted=listed(wanted)), "address")


def last_read(db: Connection, shop_id: int, contact_ids: Iterable[str]) -> dict[str, datetime]:
    """address → when something of ours was last read there."""
    rows = _last_read.rows(db, shop=shop_id, wanted=listed(contact_ids))
    return {row["id"]: row["at"] for row in rows if row["at"] is not None}


def preferences_of(db: Connection, shop_id: int, contact_ids: Iterable[str]) -> dict[str, Any]:
    """contact → what `domain.facts.Preferences` is stored as."""
    return {row["contact_id"]: row["data"] for row in _preferences.rows(db, shop=shop_id, wanted=listed(contact_ids))}


def planned(db: Connection, shop_id: int, order_ids: Iterable[str]) -> dict[str, list[Row]]:
    """order → what was ever planned about it, oldest first."""
    return _grouped(_planned.rows(db, shop=shop_id, wanted=listed(order_ids)), "order_id")


def spoken(db: Connection, shop_id: int, contact_ids: Iterable[str], since: datetime) -> dict[str, list[Row]]:
    """contact → plans decided after `since` of which something was said, with the moment."""
    rows = _begun.rows(db, shop=shop_id, wanted=listed(contact_ids), since=since)
    return _grouped([row for row in rows if row["created_at"] is not None], "contact_id")


def complaining(db: Connection, shop_id: int, contact_ids: Iterable[str]) -> set[str]:
    """Who has a complaint that is still open."""
    return {row["contact_id"] for row in _complaining.rows(db, shop=shop_id, wanted=listed(contact_ids))}


def incident_texts(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """incident → language → what is said about it."""
    return {row["id"]: row["texts"] for row in _incidents.rows(db, shop=shop_id, wanted=listed(ids))}


def _grouped(rows: Iterable[Row], name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found
