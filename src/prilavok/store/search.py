"""Finding conversations by who and what. Looks at names, addresses, subjects, first words and numbers."""

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from prilavok.store.schema import contacts, conversations, identities

MOST = 500


def conversations_like(db: Connection, shop_id: int, words: str) -> list[str]:
    """Ids of the newest conversations that the words fit, at most 500."""
    if words.lstrip("#").isdecimal() and len(words) < 16:
        by_number = select(conversations.c.id).where(
            conversations.c.shop_id == shop_id, conversations.c.number == int(words.lstrip("#"))
        )
        if found := list(db.execute(by_number).scalars()):
            return found
    pattern = f"%{_escaped(words.lower())}%"
    people = (
        select(contacts.c.id)
        .where(contacts.c.shop_id == shop_id, func.lower(contacts.c.name).like(pattern, escape="\\"))
        .union(
            select(identities.c.contact_id).where(
                identities.c.shop_id == shop_id, func.lower(identities.c.address).like(pattern, escape="\\")
            )
        )
    )
    query = (
        select(conversations.c.id)
        .where(
            conversations.c.shop_id == shop_id,
            or_(
                conversations.c.contact_id.in_(people),
                func.lower(conversations.c.subject).like(pattern, escape="\\"),
                func.lower(conversations.c.last_text).like(pattern, escape="\\"),
            ),
        )
        .order_by(conversations.c.last_at.desc())
        .limit(MOST)
    )
    return list(db.execute(query).scalars())


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
