"""Contacts as a search shows them: who, under which addresses, with how much behind them."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from prilavok.store.questions import Row
from prilavok.store.schema import contacts, conversations, identities
from prilavok.store.schema_orders import orders

FEW = 4  # addresses that are shown of one person


def search(db: Connection, shop_id: int, words: str, limit: int) -> Sequence[Row]:
    """Whose name has these words in it, or one of whose addresses begins so; nobody who went over into another."""
    text = words.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    begins = select(identities.c.contact_id).where(
        identities.c.shop_id == shop_id, func.lower(identities.c.address).like(f"{text}%", escape="\\")
    )
    query = (
        select(contacts.c.id, contacts.c.name)
        .where(
            contacts.c.shop_id == shop_id,
            contacts.c.went_to.is_(None),
            or_(func.lower(contacts.c.name).like(f"%{text}%", escape="\\"), contacts.c.id.in_(begins)),
        )
        .order_by(func.lower(contacts.c.name), contacts.c.id)
        .limit(limit)
    )
    return db.execute(query).mappings().all()


def addresses_of(db: Connection, shop_id: int, ids: Sequence[str]) -> dict[str, list[str]]:
    query = (
        select(identities.c.contact_id, identities.c.address)
        .where(identities.c.shop_id == shop_id, identities.c.contact_id.in_(ids))
        .order_by(identities.c.last_at.desc().nulls_last(), identities.c.id)
    )
    found: dict[str, list[str]] = {}
    for contact_id, address in db.execute(query):
        known = found.setdefault(contact_id, [])
        if address not in known and len(known) < FEW:
            known.append(address)
    return found


def conversations_of(db: Connection, shop_id: int, ids: Sequence[str]) -> dict[str, int]:
    mine = (conversations.c.shop_id == shop_id, conversations.c.contact_id.in_(ids))
    query = select(conversations.c.contact_id, func.count()).where(*mine).group_by(conversations.c.contact_id)
    return {row[0]: row[1] for row in db.execute(query)}


def orders_of(db: Connection, shop_id: int, ids: Sequence[str]) -> dict[str, int]:
    mine = (orders.c.shop_id == shop_id, orders.c.contact_id.in_(ids))
    query = select(orders.c.contact_id, func.count()).where(*mine).group_by(orders.c.contact_id)
    return {row[0]: row[1] for row in db.execute(query)}
