"""What a product's card shows: what was said about it in one inbox, and the shop's answers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from prilavok.store.questions import Row
from prilavok.store.schema import conversations, messages

MOST = 500  # matters of a product, the latest; what is older is not on the card


def said_about(db: Connection, shop_id: int, inbox_id: str, key: str) -> list[tuple[Row, list[Row]]]:
    """(matter, what was said in it in order), the latest first. `key` is what the ids about the product begin with."""
    query = (
        select(conversations.c.id, conversations.c.context, conversations.c.created_at)
        .where(
            conversations.c.shop_id == shop_id,
            conversations.c.inbox_id == inbox_id,
            conversations.c.thread.startswith(key, autoescape=True),
            conversations.c.public.is_(True),
        )
        .order_by(conversations.c.created_at.desc(), conversations.c.id)
        .limit(MOST)
    )
    matters = db.execute(query).mappings().all()
    spoken: dict[str, list[Any]] = {row["id"]: [] for row in matters}
    for row in _words(db, shop_id, list(spoken)):
        spoken[row["conversation_id"]].append(row)
    return [(row, spoken[row["id"]]) for row in matters]


def matter_of(db: Connection, shop_id: int, inbox_id: str, message_id: str) -> list[Row]:
    """Everything that was said in the matter of a public message of this inbox, in order; empty for any other."""
    query = (
        select(messages.c.conversation_id)
        .join(
            conversations,
            (conversations.c.shop_id == messages.c.shop_id) & (conversations.c.id == messages.c.conversation_id),
        )
        .where(
            messages.c.shop_id == shop_id,
            messages.c.id == message_id,
            conversations.c.inbox_id == inbox_id,
            conversations.c.public.is_(True),
        )
    )
    found = db.execute(query).scalar_one_or_none()
    return list(_words(db, shop_id, [found])) if found is not None else []


def _words(db: Connection, shop_id: int, ids: Sequence[str]) -> Sequence[Row]:
    if not ids:
        return []
    query = (
        select(
            messages.c.id,
            messages.c.conversation_id,
            messages.c.kind,
            messages.c.direction,
            messages.c.author_name,
            messages.c.text,
            messages.c.at,
            messages.c.content,
            messages.c.attachments,
        )
        .where(
            messages.c.shop_id == shop_id,
            messages.c.conversation_id.in_(ids),
            messages.c.kind.in_(["message", "reply"]),
            messages.c.deleted_at.is_(None),
        )
        .order_by(messages.c.conversation_id, messages.c.seq)
    )
    return db.execute(query).mappings().all()
