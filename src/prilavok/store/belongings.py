"""What goes with a person when two prove to be one, and comes back when they do not: by its ids, so that it can."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Table, select, update
from sqlalchemy.engine import Connection

from prilavok.store.schema import conversations, identities, messages
from prilavok.store.schema_orders import consents, orders, plans, silences, tasks

OF_A_PERSON = (identities, conversations, orders, plans, silences, tasks, consents)
ABOUT_AN_ORDER = (plans, silences, tasks)
AT_ONCE = 500  # ids in one statement


def move(db: Connection, shop_id: int, contact_id: str, to: str) -> dict[str, list[str]]:
    """table → ids of what moved. Everything but the preferences, which may contradict each other."""
    return {table.name: _move(db, table, shop_id, contact_id, to) for table in OF_A_PERSON}


def move_some(db: Connection, shop_id: int, contact_id: str, to: str, rows: Mapping[str, Iterable[str]]) -> None:
    """What is still this person's of these rows (table → ids)."""
    for table in OF_A_PERSON:
        wanted = list(rows.get(table.name, ()))
        for start in range(0, len(wanted), AT_ONCE):
            _move(db, table, shop_id, contact_id, to, wanted[start : start + AT_ONCE])


def _move(
    db: Connection, table: Table, shop_id: int, contact_id: str, to: str, only: list[str] | None = None
) -> list[str]:
    mine = update(table).where(table.c.shop_id == shop_id, table.c.contact_id == contact_id)
    mine = mine if only is None else mine.where(table.c.id.in_(only))
    return sorted(db.execute(mine.values(contact_id=to).returning(table.c.id)).scalars())


def follow_orders(db: Connection, shop_id: int, contact_id: str, to: str, order_ids: Iterable[str]) -> None:
    """What was decided about these orders goes where they are."""
    wanted = list(order_ids)
    for table in ABOUT_AN_ORDER:
        for start in range(0, len(wanted), AT_ONCE):
            some = table.c.order_id.in_(wanted[start : start + AT_ONCE])
            mine = update(table).where(table.c.shop_id == shop_id, table.c.contact_id == contact_id, some)
            db.execute(mine.values(contact_id=to))


def speakers(db: Connection, shop_id: int, contact_id: str, since: datetime) -> dict[str, set[str]]:
    """conversation opened after `since` → the identities that wrote in it."""
    query = (
        select(conversations.c.id, messages.c.identity_id)
        .join(
            messages,
            (messages.c.shop_id == conversations.c.shop_id) & (messages.c.conversation_id == conversations.c.id),
        )
        .where(
            conversations.c.shop_id == shop_id,
            conversations.c.contact_id == contact_id,
            conversations.c.created_at > since,
            messages.c.identity_id.is_not(None),
        )
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for conversation_id, identity_id in db.execute(query):
        found.setdefault(conversation_id, set()).add(identity_id)
    return found


def orders_since(db: Connection, shop_id: int, contact_id: str, since: datetime) -> dict[str, set[str]]:
    """order that came after `since` → the phone and the e-mail that it names."""
    query = select(orders.c.id, orders.c.phone, orders.c.email).where(
        orders.c.shop_id == shop_id, orders.c.contact_id == contact_id, orders.c.created_at > since
    )
    return {row.id: set(filter(None, (row.phone, row.email))) for row in db.execute(query)}


def answer_at_home(db: Connection, shop_id: int, contact_id: str, strangers: Iterable[str]) -> list[str]:
    """Conversations of this person that would be answered at a stranger's address are answered where they themselves
    last wrote; nowhere, when they never did. Answers which.
    """
    mine = (conversations.c.shop_id == shop_id, conversations.c.contact_id == contact_id)
    lost = select(conversations.c.id).where(*mine, conversations.c.reply_identity_id.in_(list(strangers)))
    found = list(db.execute(lost).scalars())
    for conversation_id in found:
        wrote = (
            select(messages.c.inbox_id, messages.c.identity_id)
            .join(
                identities, (identities.c.shop_id == messages.c.shop_id) & (identities.c.id == messages.c.identity_id)
            )
            .where(
                messages.c.shop_id == shop_id,
                messages.c.conversation_id == conversation_id,
                messages.c.direction == "inbound",
                identities.c.contact_id == contact_id,
            )
            .order_by(messages.c.seq.desc())
            .limit(1)
        )
        last = db.execute(wrote).first()
        place = {"reply_inbox_id": last[0] if last else None, "reply_identity_id": last[1] if last else None}
        db.execute(
            update(conversations)
            .where(conversations.c.shop_id == shop_id, conversations.c.id == conversation_id)
            .values(**place)
        )
    return found
