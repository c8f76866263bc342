"""Messages: stored once, numbered within their conversation and within their identity."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Integer, Text, bindparam, cast, func, insert, literal_column, or_, select, union_all, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.kit.ids import first_id
from prilavok.store.base import insert_into
from prilavok.store.questions import Question, Row, among, listed
from prilavok.store.rowsets import Insertion
from prilavok.store.schema import aliases, bodies, messages

_DEFAULTS: dict[str, Any] = {
    "inbox_id": None,
    "identity_id": None,
    "identity_seq": None,
    "provider_id": None,
    "author_id": None,
    "author_name": "",
    "text": "",
    "receipt": None,
    "receipt_times": None,
    "reason": None,
    "automatic": False,
    "edited_at": None,
    "deleted_at": None,
    "attachments": None,
    "content": None,
}


_insert = Insertion(messages, [column.name for column in messages.columns])
_FOUND = (messages.c.id, messages.c.conversation_id, messages.c.identity_id, messages.c.direction)
_known = Question(
    union_all(
        select(*_FOUND, messages.c.provider_id.label("provider"), literal_column("1").label("own")).where(
            messages.c.shop_id == bindparam("shop"),
            messages.c.inbox_id == bindparam("inbox"),
            among(messages.c.provider_id, "wanted"),
        ),
        select(*_FOUND, aliases.c.provider_id.label("provider"), literal_column("0").label("own"))
        .join(messages, (messages.c.shop_id == aliases.c.shop_id) & (messages.c.id == aliases.c.message_id))
        .where(
            aliases.c.shop_id == bindparam("shop"),
            aliases.c.inbox_id == bindparam("inbox"),
            among(aliases.c.provider_id, "wanted"),
        ),
    )
)


ENDLESS = 2**62  # above every number
_one = Question(select(messages).where(messages.c.shop_id == bindparam("shop"), messages.c.id == bindparam("which")))
_one_locked = Question(
    select(messages)
    .where(messages.c.shop_id == bindparam("shop"), messages.c.id == bindparam("which"))
    .with_for_update()
)
_some = Question(select(messages).where(messages.c.shop_id == bindparam("shop"), among(messages.c.id, "wanted")))
_of_conversation = select(messages).where(
    messages.c.shop_id == bindparam("shop"), messages.c.conversation_id == bindparam("of")
)
_page_after = Question(
    _of_conversation.where(messages.c.seq > bindparam("place"))
    .order_by(messages.c.seq)
    .limit(bindparam("most", type_=Integer))
)
_page_before = Question(
    _of_conversation.where(messages.c.seq < bindparam("place"))
    .order_by(messages.c.seq.desc())
    .limit(bindparam("most", type_=Integer))
)
_of_identity = Question(
    select(messages)
    .where(
        messages.c.shop_id == bindparam("shop"),
        messages.c.identity_id == bindparam("of"),
        messages.c.identity_seq > bindparam("first"),
        messages.c.identity_seq < bindparam("last"),
        or_(messages.c.kind == "message", messages.c.kind == "reply"),
    )
    .order_by(messages.c.identity_seq.desc())
    .limit(bindparam("most", type_=Integer))
)


def add(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    _insert(db, [{**_DEFAULTS, **row} for row in rows])


def add_bodies(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of: shop_id, message_id, html."""
    db.execute(insert(bodies), list(rows))


def add_aliases(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of: shop_id, inbox_id, provider_id, message_id. One that exists stays as it is."""
    db.execute(insert_into(db, aliases).on_conflict_do_nothing(), list(rows))


def known(db: Connection, shop_id: int, inbox_id: str, provider_ids: Iterable[str]) -> dict[str, Row]:
    """provider id → id, conversation_id, identity_id, direction of the message that has it (or an alias of it)."""
    wanted = list(provider_ids)
    found = _known.rows(db, shop=shop_id, inbox=inbox_id, wanted=wanted)
    found.sort(key=itemgetter("own"))  # a message's own id stands above an alias
    return {row["provider"]: row for row in found}


def get(db: Connection, shop_id: int, message_id: str, *, lock: bool = False) -> Row | None:
    """`lock`: until the commit (PostgreSQL), for whoever changes what it has read."""
    return (_one_locked if lock else _one).row(db, shop=shop_id, which=message_id)


def many(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, Row]:
    return {row["id"]: row for row in _some.rows(db, shop=shop_id, wanted=listed(ids))}


def page(
    db: Connection,
    shop_id: int,
    conversation_id: str,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int,
) -> Sequence[Row]:
    """In the order of their numbers; the last `limit` before `before`, or the first after `after`."""
    if after is not None:
        return _page_after.rows(db, shop=shop_id, of=conversation_id, place=after, most=limit)
    place = before if before is not None else ENDLESS
    return _page_before.rows(db, shop=shop_id, of=conversation_id, place=place, most=limit)[::-1]


def of_identity(
    db: Connection, shop_id: int, identity_id: str, *, before: int | None = None, after: int | None = None, limit: int
) -> Sequence[Row]:
    """What one address said and was told, by its own numbers; never notes, never other addresses of the person."""
    between = {"first": after if after is not None else -1, "last": before if before is not None else ENDLESS}
    return _of_identity.rows(db, shop=shop_id, of=identity_id, **between, most=limit)[::-1]


def change(db: Connection, shop_id: int, message_id: str, changes: Mapping[str, Any]) -> None:
    db.execute(update(messages).where(messages.c.shop_id == shop_id, messages.c.id == message_id).values(**changes))


def inbound_since(
    db: Connection, shop_id: int, inbox_ids: Sequence[str], since: datetime, limit: int = 200
) -> Sequence[RowMapping]:
    """What came in through these inboxes, the oldest first."""
    query = (
        select(messages)
        .where(
            messages.c.shop_id == shop_id,
            messages.c.id >= first_id(since),  # ids begin with their time
            messages.c.direction == "inbound",
            messages.c.inbox_id.in_(list(inbox_ids)),
        )
        .order_by(messages.c.id)
        .limit(limit)
    )
    return db.execute(query).mappings().all()


def receipts_up_to(
    db: Connection,
    shop_id: int,
    identity_id: str,
    *,
    direction: str,
    inbox_id: str = "",
    seq: int | None = None,
    at: datetime | None = None,
) -> Sequence[Row]:
    """Messages of one address that a watermark (its number, or a time) may lift: those not yet read.

    `inbox_id`: only what went through this inbox, for one telephone number is both called and written to.
    """
    query = select(messages).where(
        messages.c.shop_id == shop_id,
        messages.c.identity_id == identity_id,
        messages.c.direction == direction,
        messages.c.receipt.in_(["accepted", "sent", "delivered", "perhaps_sent"]),
    )
    if inbox_id:
        query = query.where(messages.c.inbox_id == inbox_id)
    if seq is not None:
        query = query.where(messages.c.identity_seq <= seq)
    if at is not None:
        query = query.where(messages.c.created_at <= at)
    return db.execute(query.order_by(messages.c.identity_seq.desc()).limit(200).with_for_update()).mappings().all()


def seen_up_to(db: Connection, shop_id: int, conversation_id: str, seq: int) -> list[str]:
    """Marks the customer's messages up to `seq` as read by an agent; returns the ids that changed."""
    statement = (
        update(messages)
        .where(
            messages.c.shop_id == shop_id,
            messages.c.conversation_id == conversation_id,
            messages.c.seq <= seq,
            messages.c.direction == "inbound",
            messages.c.receipt == "delivered",
        )
        .values(receipt="read")
        .returning(messages.c.id)
    )
    return list(db.execute(statement).scalars())


def watermarks(db: Connection, shop_id: int, identity_id: str) -> tuple[int, int]:
    """(delivered, read): the highest numbers of the customer's own messages that reached us and that agents saw."""
    own = (
        messages.c.shop_id == shop_id,
        messages.c.identity_id == identity_id,
        messages.c.direction == "inbound",
    )
    delivered = db.execute(select(func.max(messages.c.identity_seq)).where(*own)).scalar()
    read = db.execute(select(func.max(messages.c.identity_seq)).where(*own, messages.c.receipt == "read")).scalar()
    return int(delivered or 0), int(read or 0)


def thread_ids(db: Connection, shop_id: int, conversation_id: str, inbox_id: str, limit: int = 20) -> list[str]:
    """The vendor's ids of the conversation in one inbox, oldest first: what a mail refers to."""
    query = (
        select(messages.c.provider_id)
        .where(
            messages.c.shop_id == shop_id,
            messages.c.conversation_id == conversation_id,
            messages.c.inbox_id == inbox_id,
            messages.c.provider_id.isnot(None),
        )
        .order_by(messages.c.seq.desc())
        .limit(limit)
    )
    return list(db.execute(query).scalars())[::-1]


def last_said(db: Connection, shop_id: int, conversation_id: str) -> str:
    """The vendor's id of what a customer said last and did not take back; empty when there is nothing."""
    query = (
        select(messages.c.provider_id)
        .where(
            messages.c.shop_id == shop_id,
            messages.c.conversation_id == conversation_id,
            messages.c.direction == "inbound",
            messages.c.kind == "message",
            messages.c.provider_id.isnot(None),
            messages.c.deleted_at.is_(None),
        )
        .order_by(messages.c.seq.desc())
        .limit(1)
    )
    return str(db.execute(query).scalar() or "")


def written_to(db: Connection, shop_id: int, conversation_id: str, identity_id: str) -> bool:
    """Whether something in this conversation has gone to this address."""
    query = _of_conversation.where(messages.c.identity_id == identity_id, messages.c.direction == "outbound").limit(1)
    return db.execute(query, {"shop": shop_id, "of": conversation_id}).first() is not None


def body(db: Connection, shop_id: int, message_id: str) -> str | None:
    return db.execute(
        select(bodies.c.html).where(bodies.c.shop_id == shop_id, bodies.c.message_id == message_id)
    ).scalar()


_ATTACH = (
    update(messages)
    .where(messages.c.shop_id == bindparam("shop"), messages.c.id == bindparam("which"))
    .values(attachments=bindparam("files"))
)


def set_attachments(db: Connection, shop_id: int, message_id: str, attachments: list[dict[str, Any]]) -> None:
    db.execute(_ATTACH, {"shop": shop_id, "which": message_id, "files": attachments})


def holding(db: Connection, shop_id: int, file_id: str, since: datetime, until: datetime) -> Sequence[RowMapping]:
    """The messages of that time with this file among their attachments; only for what is rare."""
    query = select(messages).where(
        messages.c.shop_id == shop_id,
        messages.c.id >= first_id(since),
        messages.c.id < first_id(until),
        cast(messages.c.attachments, Text).contains(file_id),
    )
    rows = db.execute(query).mappings()
    return [row for row in rows if any(one.get("id") == file_id for one in row["attachments"] or ())]


def automatic_since(db: Connection, shop_id: int, identity_id: str, since: datetime) -> int:
    """How many automatic messages one address got since then: what breaks a loop of two machines."""
    query = select(func.count()).where(
        messages.c.shop_id == shop_id,
        messages.c.identity_id == identity_id,
        messages.c.direction == "outbound",
        messages.c.automatic.is_(True),
        messages.c.created_at >= since,
    )
    return int(db.execute(query).scalar_one())
