"""The inbox: lists, conversations, messages, drafts."""

import base64
import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from prilavok.domain.conversation import Status
from prilavok.domain.errors import BadInput, Conflict
from prilavok.flows import arrange as arranging
from prilavok.flows import confirm
from prilavok.flows import reply as replying
from prilavok.flows.unit import Unit
from prilavok.kit.ids import is_id
from prilavok.kit.text import storable
from prilavok.store import conversations, idempotency, search
from prilavok.web import looks, shapes
from prilavok.web.ask import Ask, IdText, Viewer
from prilavok.web.errors import Refusal

MOST_AT_ONCE = 100
COUNTED = 1000
LONGEST_KEY = 128  # characters
WRONG_CURSOR = "This cursor is not one of ours. Begin without a cursor."
ConversationList = shapes.list_of(shapes.Conversation)
MessageList = shapes.list_of(shapes.Message)


class Tag(msgspec.Struct):
    tag: str
    count: int


class TagList(msgspec.Struct):
    items: list[Tag]


class Counts(msgspec.Struct):
    mine: int
    unassigned: int
    all: int


class AllCounts(msgspec.Struct):
    open: Counts
    snoozed: Counts
    closed: Counts


class NewMessage(msgspec.Struct):
    kind: Literal["reply", "note"]
    text: str = ""
    inbox_id: IdText | None = None
    attachments: list[IdText] = []
    reply_to: IdText | None = None
    buttons: list[dict[str, str]] = []


class ConversationChanges(msgspec.Struct):
    status: Literal["open", "snoozed", "closed"] | msgspec.UnsetType = msgspec.UNSET
    assignee_id: IdText | msgspec.UnsetType | None = msgspec.UNSET
    team_id: IdText | msgspec.UnsetType | None = msgspec.UNSET
    priority: Literal["low", "normal", "high", "critical"] | msgspec.UnsetType = msgspec.UNSET
    tags: list[str] | msgspec.UnsetType = msgspec.UNSET
    snoozed_until: datetime | msgspec.UnsetType | None = msgspec.UNSET
    subject: str | msgspec.UnsetType = msgspec.UNSET


class SeenUpTo(msgspec.Struct):
    seq: Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class Draft(msgspec.Struct):
    text: str
    kind: Literal["reply", "note"] = "reply"
    inbox_id: str | None = None
    attachments: list[str] = []


class StoredDraft(Draft):
    updated_at: datetime | None = None


async def list_conversations(ask: Ask) -> Any:
    limit = min(ask.whole("limit", 50) or 50, MOST_AT_ONCE)
    which = await _filter(ask)
    after = _read_cursor(ask.query("cursor"))
    reading = ask.services.bus.read_slowly if which.ids is not None else ask.read
    items, following = await reading(looks.conversation_list, ask.shop_id, which, after=after, limit=limit)
    return ConversationList(items, _cursor(following))


async def counts(ask: Ask) -> AllCounts:
    found = await ask.read(_counts, ask.shop_id, ask.me.id)
    return AllCounts(**{status: Counts(*numbers) for status, numbers in found.items()})


async def tags(ask: Ask) -> TagList:
    return TagList([Tag(*row) for row in await ask.read(conversations.all_tags, ask.shop_id)])


async def show(ask: Ask) -> shapes.OpenConversation:
    services = ask.services
    return await ask.read(looks.open_conversation, ask.shop_id, ask.id(), services.directory, services.now)


async def change(ask: Ask) -> shapes.Conversation:
    given: ConversationChanges = ask.body
    named = {
        name: value for name in arranging.Changes.__slots__ if (value := getattr(given, name)) is not msgspec.UNSET
    }
    if isinstance(named.get("snoozed_until"), datetime) and named["snoozed_until"].tzinfo is None:
        raise BadInput("A time needs its zone, e.g. 2026-11-22T09:00:00Z.", field="snoozed_until")
    await ask.do(arranging.arrange, ask.shop_id, ask.id(), ask.me.id, ask.me.name, arranging.Changes(**named))
    return await ask.read(looks.one_conversation, ask.shop_id, ask.id())


async def list_messages(ask: Ask) -> Any:
    limit = min(ask.whole("limit", 50) or 50, MOST_AT_ONCE)
    before, after = ask.whole("before"), ask.whole("after")
    items = await ask.read(looks.message_page, ask.shop_id, ask.id(), before=before, after=after, limit=limit)
    more = bool(items) and len(items) == limit and items[0].seq > 1
    return MessageList(items, str(items[0].seq) if more and after is None else None)


async def write(ask: Ask) -> shapes.Message:
    given: NewMessage = ask.body
    draft = replying.Draft(
        text=given.text,
        inbox_id=given.inbox_id,
        file_ids=given.attachments,
        buttons=[_button(one) for one in given.buttons],
        reply_to=given.reply_to,
    )
    message_id = await ask.do(_write, ask.me, ask.id(), given.kind, draft, once=_once(ask))
    return await ask.read(looks.one_message, ask.shop_id, message_id)


async def retry(ask: Ask) -> shapes.Message:
    await ask.do(replying.retry, ask.shop_id, ask.id())
    return await ask.read(looks.one_message, ask.shop_id, ask.id())


async def leave(ask: Ask) -> shapes.Message:
    await ask.do(replying.leave, ask.shop_id, ask.id())
    return await ask.read(looks.one_message, ask.shop_id, ask.id())


async def take_back(ask: Ask) -> None:
    await ask.do(replying.take_back, ask.shop_id, ask.id())


async def seen(ask: Ask) -> None:
    given: SeenUpTo = ask.body
    await ask.do(confirm.see, ask.shop_id, ask.id(), given.seq, reader=ask.me.name)


async def show_draft(ask: Ask) -> StoredDraft | None:
    row = await ask.read(conversations.draft, ask.shop_id, ask.id(), ask.me.id)
    return StoredDraft(**row["draft"], updated_at=row["updated_at"]) if row is not None else None


async def keep_draft(ask: Ask) -> None:
    given: Draft = ask.body
    if len(given.text) > 100_000:
        raise BadInput("A draft of this length cannot be kept.", field="text")
    await ask.do(_keep_draft, ask.shop_id, ask.id(), ask.me.id, msgspec.to_builtins(given))


async def drop_draft(ask: Ask) -> None:
    await ask.do(_keep_draft, ask.shop_id, ask.id(), ask.me.id, None)


def _write(
    unit: Unit, me: Viewer, conversation_id: str, kind: str, draft: replying.Draft, *, once: tuple[str, str] | None
) -> str:
    """`once` is (Idempotency-Key, hash of the request): the same again is the same message, in the same commit."""
    if once is not None:
        stored = idempotency.get(unit.db, me.shop_id, me.id, once[0])
        if stored is not None and stored["request_hash"] != once[1]:
            raise Conflict("This Idempotency-Key was used for another request. Take a new one.")
        if stored is not None:
            return str(stored["result_id"])
    author = replying.Author("agent", me.id, me.name)
    store = replying.note if kind == "note" else replying.reply
    message_id = store(unit, me.shop_id, conversation_id, author, draft)
    conversations.save_draft(unit.db, me.shop_id, conversation_id, me.id, None, unit.now)
    if once is not None:
        idempotency.add(unit.db, me.shop_id, me.id, once, message_id, unit.now)
    return message_id


def _once(ask: Ask) -> tuple[str, str] | None:
    key = ask.request.headers.get("idempotency-key", "")
    if not key:
        return None
    if len(key) > LONGEST_KEY or not key.isprintable() or not key.isascii():
        raise Refusal(422, f"An Idempotency-Key has at most {LONGEST_KEY} printable characters.")
    return key, hashlib.sha256(ask.request.url.path.encode() + b"\0" + ask.raw_body).hexdigest()


def _keep_draft(unit: Unit, shop_id: int, conversation_id: str, agent_id: str, draft: dict[str, Any] | None) -> None:
    if conversations.get(unit.db, shop_id, conversation_id) is not None:
        conversations.save_draft(unit.db, shop_id, conversation_id, agent_id, draft, unit.now)


def _counts(db: Any, shop_id: int, me: str) -> dict[str, tuple[int, ...]]:
    return {
        status.value: tuple(
            conversations.count(db, shop_id, conversations.Filter(status.value, assignee), at_most=COUNTED)
            for assignee in (me, "none", None)
        )
        for status in Status
    }


async def _filter(ask: Ask) -> conversations.Filter:
    assignee = ask.query("assignee")
    status = ask.query("status", "open")
    if status not in list(Status):
        raise BadInput("A conversation is open, snoozed or closed.", field="status")
    found = None
    if q := ask.query("q").strip():
        found = tuple(await ask.services.bus.read_slowly(search.conversations_like, ask.shop_id, storable(q[:200])))
    return conversations.Filter(
        status=status,
        assignee={"me": ask.me.id, "none": "none"}.get(assignee) or ask.query_id("assignee"),
        inbox_id=ask.query_id("inbox"),
        tag=storable(ask.query("tag")) or None,
        team_id=ask.query_id("team"),
        ids=found,
        public=_yes_or_no(ask, "public"),
    )


def _yes_or_no(ask: Ask, name: str) -> bool | None:
    value = ask.query(name)
    if value not in {"", "true", "false"}:
        raise BadInput(f"“{name}” is true or false.", field=name)
    return value == "true" if value else None


def _cursor(place: tuple[int, str] | None) -> str | None:
    if place is None:
        return None
    return base64.urlsafe_b64encode(f"{place[0]}.{place[1]}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, str] | None:
    if not cursor:
        return None
    try:
        rank, _, last = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(".")
        place = int(rank), last
    except (ValueError, UnicodeDecodeError) as error:
        raise Refusal(422, WRONG_CURSOR, field="cursor") from error
    if not is_id(last) or not 0 <= place[0] < 2**62:
        raise Refusal(422, WRONG_CURSOR, field="cursor")
    return place


def _button(one: dict[str, str]) -> dict[str, str]:
    text = one.get("text", "").strip()
    if not text:
        raise BadInput("A button needs a text.", field="buttons")
    return {"text": text[:60], "data": one.get("data", text)[:60]}
