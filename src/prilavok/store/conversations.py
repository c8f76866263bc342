"""Conversations: found, opened, changed, and listed in the order in which agents see them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.engine import Connection

from prilavok.store.questions import Question, Row, among, listed
from prilavok.store.rowsets import Insertion, Renewal
from prilavok.store.schema import conversation_tags, conversations, drafts

GROWING = (
    "status",
    "snoozed_until",
    "waiting_since",
    "rank",
    "last_seq",
    "last_text",
    "last_at",
    "last_direction",
    "last_kind",
    "last_inbox_id",
    "reply_inbox_id",
    "reply_identity_id",
    "context",
)
_DEFAULTS: dict[str, Any] = {
    "thread": "",
    "subject": "",
    "public": False,
    "priority": "normal",
    "assignee_id": None,
    "team_id": None,
    "snoozed_until": None,
    "waiting_since": None,
    "seen_seq": 0,
    "last_text": "",
    "last_direction": "",
    "last_kind": "",
    "last_inbox_id": None,
    "reply_inbox_id": None,
    "reply_identity_id": None,
    "context": None,
    "acknowledged_at": None,
}


_insert = Insertion(conversations, [column.name for column in conversations.columns])
CONTINUED = (
    "shop_id",
    "id",
    "contact_id",
    "status",
    "snoozed_until",
    "waiting_since",
    "rank",
    "last_seq",
    "last_at",
    "context",
)
_continuing = Question(
    select(*(conversations.c[name] for name in CONTINUED))
    .where(
        conversations.c.shop_id == bindparam("shop"),
        among(conversations.c.contact_id, "people"),
        conversations.c.public.is_(False),
        or_(conversations.c.status != "closed", conversations.c.last_at > bindparam("since")),
    )
    .order_by(conversations.c.contact_id, conversations.c.last_at)  # as the index has them
    .with_for_update()
)
_speaking = Question(
    select(conversations)
    .where(
        conversations.c.shop_id == bindparam("shop"),
        among(conversations.c.contact_id, "people"),
        conversations.c.public.is_(False),
        or_(conversations.c.status != "closed", conversations.c.last_at > bindparam("since")),
    )
    .order_by(conversations.c.contact_id, conversations.c.last_at)
    .with_for_update()
)
_by_id = select(conversations).where(conversations.c.shop_id == bindparam("shop"))
_one = Question(_by_id.where(conversations.c.id == bindparam("which")))
_one_locked = Question(_by_id.where(conversations.c.id == bindparam("which")).with_for_update())
_some = Question(_by_id.where(among(conversations.c.id, "wanted")))
_some_locked = Question(
    _by_id.where(among(conversations.c.id, "wanted")).order_by(conversations.c.id).with_for_update()
)
_of_contact = Question(
    _by_id.where(conversations.c.contact_id == bindparam("person"))
    .order_by(conversations.c.last_at.desc())
    .limit(bindparam("most", type_=Integer))
)
_tags = Question(
    select(conversation_tags.c.conversation_id, conversation_tags.c.tag).where(
        conversation_tags.c.shop_id == bindparam("shop"), among(conversation_tags.c.conversation_id, "wanted")
    )
)
PLACE = ("status", "snoozed_until", "waiting_since", "rank")
listed_at = itemgetter(*PLACE)  # of a row: what decides where lists show it
_grow = Renewal(conversations, ("shop_id", "id"), GROWING)
_go_on = Renewal(conversations, ("shop_id", "id"), [name for name in GROWING if name not in PLACE])


def add(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    _insert(db, [{**_DEFAULTS, **row} for row in rows])


def save_growth(db: Connection, rows: Sequence[Mapping[str, Any]], moved: Collection[str] | None = None) -> None:
    """Stores what new messages change in their conversations; each row as it was read, with GROWING renewed.

    `moved` names those whose place in the lists has changed; all, when it is not given. The others, a customer's second
    message and third, leave three indexes alone.
    """
    changed = [row for row in rows if moved is None or row["id"] in moved]
    if changed:
        _grow(db, changed)
    if len(changed) < len(rows):
        _go_on(db, [row for row in rows if moved is not None and row["id"] not in moved])


def get(db: Connection, shop_id: int, conversation_id: str, *, lock: bool = False) -> Row | None:
    return (_one_locked if lock else _one).row(db, shop=shop_id, which=conversation_id)


def locked(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Locked until the commit (PostgreSQL), in one order."""
    return {row["id"]: row for row in _some_locked.rows(db, shop=shop_id, wanted=listed(ids))}


def some(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, Row]:
    return {row["id"]: row for row in _some.rows(db, shop=shop_id, wanted=listed(ids))}


def latest_of(db: Connection, shop_id: int, contact_ids: Iterable[str], since: datetime) -> dict[str, Row]:
    """contact → the conversation a message without a thread may go on in: unfinished, or active after `since`."""
    query = (
        select(conversations)
        .where(
            conversations.c.shop_id == shop_id,
            conversations.c.contact_id.in_(list(contact_ids)),
            conversations.c.public.is_(False),
            or_(conversations.c.status != "closed", conversations.c.last_at > since),
        )
        .order_by(conversations.c.last_at)
    )
    return {row["contact_id"]: row for row in db.execute(query).mappings()}  # the last of each contact wins


def continuing(db: Connection, shop_id: int, contact_ids: Iterable[str], since: datetime) -> dict[str, dict[str, Any]]:
    """The same, locked until the commit (PostgreSQL, in one order), and only with what a new message needs to know."""
    rows = _continuing.rows(db, shop=shop_id, people=listed(contact_ids), since=since)
    return {row["contact_id"]: row for row in rows}  # the last of each contact wins


def speaking(
    db: Connection, shop_id: int, contact_ids: Iterable[str], since: datetime
) -> dict[str, list[dict[str, Any]]]:
    """contact → every conversation that is unfinished, or active after `since`, the latest last; locked as above."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _speaking.rows(db, shop=shop_id, people=listed(contact_ids), since=since):
        found.setdefault(row["contact_id"], []).append(row)
    return found


def by_thread(
    db: Connection, shop_id: int, inbox_id: str, threads: Iterable[str], *, public: bool = False
) -> dict[str, Row]:
    """thread → the conversation; what is public is found by the id of what began it, and only as such."""
    query = select(conversations).where(
        conversations.c.shop_id == shop_id,
        conversations.c.inbox_id == inbox_id,
        conversations.c.thread.in_(list(threads)),
        conversations.c.thread != "",
        conversations.c.public.is_(public),
    )
    return {row["thread"]: row for row in db.execute(query).mappings()}


def change(db: Connection, shop_id: int, conversation_id: str, changes: Mapping[str, Any]) -> None:
    db.execute(
        update(conversations)
        .where(conversations.c.shop_id == shop_id, conversations.c.id == conversation_id)
        .values(**changes)
    )


def set_seen(db: Connection, shop_id: int, conversation_id: str, seq: int) -> bool:
    """Only climbs. True when it changed."""
    statement = (
        update(conversations)
        .where(
            conversations.c.shop_id == shop_id,
            conversations.c.id == conversation_id,
            conversations.c.seen_seq < seq,
        )
        .values(seen_seq=seq)
    )
    return db.execute(statement).rowcount > 0


def set_tags(db: Connection, shop_id: int, conversation_id: str, tags: Sequence[str]) -> None:
    key = (conversation_tags.c.shop_id == shop_id, conversation_tags.c.conversation_id == conversation_id)
    db.execute(delete(conversation_tags).where(*key))
    add_tags(db, shop_id, [(conversation_id, tag) for tag in tags])


def add_tags(db: Connection, shop_id: int, pairs: Iterable[tuple[str, str]]) -> None:
    """Pairs of a conversation and a tag that it does not have yet."""
    rows = [{"shop_id": shop_id, "conversation_id": conversation_id, "tag": tag} for conversation_id, tag in pairs]
    if rows:
        db.execute(insert(conversation_tags), rows)


def tags_of(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    # Sorted here: asked to sort, SQLite reads all the tags of the shop in their order.
    for row in sorted(_tags.rows(db, shop=shop_id, wanted=listed(ids)), key=itemgetter("tag")):
        found.setdefault(row["conversation_id"], []).append(row["tag"])
    return found


def all_tags(db: Connection, shop_id: int, limit: int = 500) -> list[tuple[str, int]]:
    count = func.count()
    query = (
        select(conversation_tags.c.tag, count)
        .where(conversation_tags.c.shop_id == shop_id)
        .group_by(conversation_tags.c.tag)
        .order_by(count.desc(), conversation_tags.c.tag)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.execute(query)]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which conversations a list shows. `assignee` is an agent's id, "none" for nobody, or None for all."""

    status: str = "open"
    assignee: str | None = None
    inbox_id: str | None = None
    tag: str | None = None
    team_id: str | None = None
    ids: tuple[str, ...] | None = None  # what a search found
    public: bool | None = None


def page(db: Connection, shop_id: int, which: Filter, *, after: tuple[int, str] | None, limit: int) -> Sequence[Row]:
    """Waiting longest first, then the latest; `after` is (rank, id) of the last row seen."""
    given = {name: value for name in Filter.__slots__ if (value := getattr(which, name)) is not None}
    if which.ids is not None:
        given["ids"] = list(which.ids)
    if which.assignee == "none":
        del given["assignee"]
    if after is not None:
        given["after_rank"], given["after_id"] = after
    question = _page_of(frozenset(given), nobody=which.assignee == "none")
    return question.rows(db, shop=shop_id, most=limit, **given)


@lru_cache(maxsize=128)
def _page_of(given: frozenset[str], *, nobody: bool) -> Question:
    """The list of one combination of filters."""
    query = _by_id.where(conversations.c.status == bindparam("status"))
    for parameter, column in (("assignee", "assignee_id"), ("inbox_id", "inbox_id"), ("team_id", "team_id")):
        if parameter in given:
            query = query.where(conversations.c[column] == bindparam(parameter))
    if nobody:
        query = query.where(conversations.c.assignee_id.is_(None))
    if "public" in given:
        query = query.where(conversations.c.public == bindparam("public"))
    if "tag" in given:
        query = query.join(conversation_tags, _tagged(bindparam("tag")))
    if "ids" in given:
        query = query.where(among(conversations.c.id, "ids"))
    if "after_rank" in given:
        place = tuple_(bindparam("after_rank", type_=BigInteger), bindparam("after_id", type_=conversations.c.id.type))
        query = query.where(tuple_(conversations.c.rank, conversations.c.id) > place)
    ordered = query.order_by(conversations.c.rank, conversations.c.id)
    return Question(ordered.limit(bindparam("most", type_=Integer)))


def count(db: Connection, shop_id: int, which: Filter, *, at_most: int) -> int:
    """Counts no further than `at_most`: nobody reads "412,077 open"."""
    some = _filtered(select(conversations.c.id), shop_id, which).limit(at_most).subquery()
    return int(db.execute(select(func.count()).select_from(some)).scalar_one())


def _filtered(query: Select[Any], shop_id: int, which: Filter) -> Select[Any]:
    query = query.where(conversations.c.shop_id == shop_id, conversations.c.status == which.status)
    if which.assignee == "none":
        query = query.where(conversations.c.assignee_id.is_(None))
    elif which.assignee is not None:
        query = query.where(conversations.c.assignee_id == which.assignee)
    if which.inbox_id is not None:
        query = query.where(conversations.c.inbox_id == which.inbox_id)
    if which.team_id is not None:
        query = query.where(conversations.c.team_id == which.team_id)
    if which.public is not None:
        query = query.where(conversations.c.public.is_(which.public))
    if which.tag is not None:
        query = query.join(conversation_tags, _tagged(which.tag))
    if which.ids is not None:
        query = query.where(conversations.c.id.in_(which.ids))
    return query


def _tagged(tag: Any) -> ColumnElement[bool]:
    return and_(
        conversation_tags.c.shop_id == conversations.c.shop_id,
        conversation_tags.c.conversation_id == conversations.c.id,
        conversation_tags.c.tag == tag,
    )


def of_contact(db: Connection, shop_id: int, contact_id: str, limit: int = 20) -> Sequence[Row]:
    return _of_contact.rows(db, shop=shop_id, person=contact_id, most=limit)


def snoozed_until(db: Connection, now: datetime, limit: int = 200) -> Sequence[Row]:
    """Those whose time has come, of all shops."""
    query = (
        select(conversations.c.shop_id, conversations.c.id)
        .where(conversations.c.snoozed_until <= now, conversations.c.status == "snoozed")
        .order_by(conversations.c.snoozed_until)
        .limit(limit)
    )
    return db.execute(query).mappings().all()


def draft(db: Connection, shop_id: int, conversation_id: str, agent_id: str) -> Row | None:
    query = select(drafts).where(
        drafts.c.shop_id == shop_id, drafts.c.conversation_id == conversation_id, drafts.c.agent_id == agent_id
    )
    return db.execute(query).mappings().first()


def save_draft(
    db: Connection, shop_id: int, conversation_id: str, agent_id: str, text: Mapping[str, Any] | None, now: datetime
) -> None:
    """None throws it away."""
    key = (drafts.c.shop_id == shop_id, drafts.c.conversation_id == conversation_id, drafts.c.agent_id == agent_id)
    db.execute(delete(drafts).where(*key))
    if text is not None:
        db.execute(
            insert(drafts).values(
                shop_id=shop_id, conversation_id=conversation_id, agent_id=agent_id, draft=dict(text), updated_at=now
            )
        )
