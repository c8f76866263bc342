"""What the API answers with. Typed, so that /openapi.json and the browser's types come from here and nowhere else."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

UNSET = msgspec.UNSET
Unset = msgspec.UnsetType


KEPT_BACK = ("infected", "waiting")


class Named(msgspec.Struct):
    id: str
    name: str


class InboxRef(msgspec.Struct):
    id: str
    name: str
    channel: str


class LastMessage(msgspec.Struct):
    text: str
    at: datetime
    direction: str
    kind: str
    inbox_id: str | None


class OrderRef(msgspec.Struct):
    number: str
    id: str | None = None  # None while we do not know such an order


class Publication(msgspec.Struct, kw_only=True):
    """What everybody can read: what it is, what it is about, what may be done. Only in public conversations."""

    kind: str  # comment | review | question
    rating: int | None = None
    product: dict[str, str] = {}  # id, sku, name, url, picture; what is known
    order: OrderRef | None = None
    url: str = ""
    about: str = ""  # the first words of the post
    answerable: bool = True
    answered: bool = False  # an answer of the shop stood there when we last heard
    moderates: list[str] = []  # of hide, show, delete, report
    amends: list[str] = []  # of edit, delete: what may become of the shop's own answers
    private_reply: bool = False  # the vendor carries one private answer to a comment
    private_days: int = 0


class Conversation(msgspec.Struct, kw_only=True):
    id: str
    number: int
    status: str
    priority: str
    public: bool
    subject: str
    contact: Named
    inbox: InboxRef
    reply_inbox_id: str | None
    assignee: Named | None
    tags: list[str]
    last_message: LastMessage | None
    waiting_since: datetime | None
    snoozed_until: datetime | None
    unread: bool
    created_at: datetime
    last_seq: int
    context: dict[str, Any]
    publication: Publication | None = None


class Author(msgspec.Struct):
    kind: str
    id: str | None
    name: str


class File(msgspec.Struct, omit_defaults=True):
    name: str
    id: str | None = None
    type: str = "application/octet-stream"
    size: int | None = None
    url: str | None = None  # None while we are still fetching it from the vendor
    kind: str = "file"
    width: int | None = None
    height: int | None = None
    checked: str = ""  # "infected": locked away; "waiting" for the virus scanner; "unchecked": let through without it
    failed: str = ""  # why there is no file


class Message(msgspec.Struct, kw_only=True):
    id: str
    seq: int
    conversation_id: str
    kind: str
    direction: str
    text: str
    html: bool
    channel: str | None
    inbox_id: str | None
    receipt: str | None
    times: dict[str, Any]
    at: datetime
    created_at: datetime
    automatic: bool
    author: Author
    attachments: list[File]
    content: dict[str, Any]
    folded: str | Unset = UNSET
    subject: str | Unset = UNSET
    reason: str | Unset = UNSET
    edited_at: datetime | Unset = UNSET
    deleted_at: datetime | Unset = UNSET
    original_text: str | Unset = UNSET


class Identity(msgspec.Struct, kw_only=True):
    id: str
    channel: str
    inbox_id: str | None
    address: str
    display: str
    verified: bool
    reachable: bool
    reason: str | Unset = UNSET
    last_at: datetime | None


class ConversationLine(msgspec.Struct):
    id: str
    number: int
    status: str
    last_message: str
    last_at: datetime
    inbox_id: str | None = None  # where it last went on


class Reason(msgspec.Struct):
    why: str  # link | named | typed | phone | email | order | name
    value: str


class Resemblance(msgspec.Struct):
    """Perhaps the same person; a colleague accepts or dismisses it by its id."""

    id: str
    contact: Named
    because: list[Reason]


class Joined(msgspec.Struct):
    """Somebody who became one with this person. Only the latest can be undone."""

    id: str
    name: str
    by: str  # agent:ID, or what proved it: link, phone, email
    at: datetime


class Contact(msgspec.Struct, kw_only=True):
    id: str
    name: str
    language: str
    timezone: str
    country: str
    created_at: datetime
    facts: dict[str, Any]
    identities: list[Identity]
    conversations: list[ConversationLine]
    resembles: list[Resemblance] = []
    joined: list[Joined] = []  # the latest first


class WayToAnswer(msgspec.Struct, kw_only=True):
    inbox_id: str
    name: str
    channel: str
    identity_id: str
    address: str
    can_reply: bool
    reason: str | Unset = UNSET
    window_until: datetime | Unset = UNSET
    text_limit: int
    media: bool
    buttons: int
    public: bool = False  # everybody reads what is sent this way
    templated: bool = False  # the words go within a text that the vendor has approved


class OpenConversation(Conversation, kw_only=True):
    """A conversation with the person behind it and the ways to answer, best first."""

    contact: Contact  # type: ignore[assignment]  # the whole card instead of the name
    channels: list[WayToAnswer]


class Agent(msgspec.Struct):
    id: str
    name: str
    email: str
    role: str
    online: bool


class Problem(msgspec.Struct, kw_only=True):
    """RFC 9457. `detail` is a sentence for the person who caused it."""

    type: str
    title: str
    status: int
    detail: str
    field: str | Unset = UNSET


def list_of(kind: type) -> type:
    """`{"items": [...], "next": cursor or null}`."""
    items = list.__class_getitem__(kind)
    return msgspec.defstruct(f"{kind.__name__}List", [("items", items), ("next", str | None, None)], module=__name__)


class Names:
    """The names that rows refer to by id, looked up once for a whole answer."""

    def __init__(
        self,
        *,
        contacts: Mapping[str, str],
        agents: Mapping[str, str],
        inboxes: Mapping[str, tuple[str, str]],
        tags: Mapping[str, list[str]],
    ) -> None:
        self.contacts = contacts
        self.agents = agents
        self.inboxes = inboxes
        self.tags = tags

    def inbox(self, inbox_id: str | None) -> InboxRef:
        name, channel = self.inboxes.get(inbox_id or "", ("", ""))
        return InboxRef(inbox_id or "", name, channel)


def conversation(row: Mapping[Any, Any], names: Names) -> Conversation:
    return Conversation(**conversation_fields(row, names))


def conversation_fields(row: Mapping[Any, Any], names: Names) -> dict[str, Any]:
    last = None
    if row["last_kind"]:
        last = LastMessage(
            row["last_text"], row["last_at"], row["last_direction"], row["last_kind"], row["last_inbox_id"]
        )
    assignee = row["assignee_id"]
    return {
        "id": row["id"],
        "number": row["number"],
        "status": row["status"],
        "priority": row["priority"],
        "public": bool(row["public"]),
        "subject": row["subject"],
        "contact": Named(row["contact_id"], names.contacts.get(row["contact_id"], "")),
        "inbox": names.inbox(row["inbox_id"]),
        "reply_inbox_id": row["reply_inbox_id"],
        "assignee": Named(assignee, names.agents.get(assignee, "")) if assignee else None,
        "tags": names.tags.get(row["id"], []),
        "last_message": last,
        "waiting_since": row["waiting_since"],
        "snoozed_until": row["snoozed_until"],
        "unread": row["waiting_since"] is not None and row["seen_seq"] < row["last_seq"],
        "created_at": row["created_at"],
        "last_seq": row["last_seq"],
        "context": {name: value for name, value in (row["context"] or {}).items() if name != "public"},
        "publication": publication((row["context"] or {}).get("public")) if row["public"] else None,
    }


def publication(told: Mapping[str, Any] | None) -> Publication | None:
    if not told:
        return None
    return Publication(
        kind=told["kind"],
        rating=told.get("rating"),
        product=told.get("product", {}),
        order=OrderRef(told["order"]) if told.get("order") else None,
        url=told.get("url", ""),
        about=told.get("about", ""),
        answerable=told.get("answerable", True),
        answered=told.get("answered", False),
    )


HIDDEN = {"folded", "subject", "html", "original_text", "reply_to", "links", "private_to"}


def message(row: Mapping[Any, Any], names: Names) -> Message:
    content = row["content"] or {}
    inbox_id = row["inbox_id"]
    return Message(
        id=row["id"],
        seq=row["seq"],
        conversation_id=row["conversation_id"],
        kind=row["kind"],
        direction=row["direction"],
        text=row["text"],
        html=bool(content.get("html")),
        channel=names.inboxes.get(inbox_id, ("", ""))[1] if inbox_id else None,
        inbox_id=inbox_id,
        receipt=row["receipt"],
        times=row["receipt_times"] or {},
        at=row["at"],
        created_at=row["created_at"],
        automatic=bool(row["automatic"]),
        author=Author(row["author_kind"], row["author_id"], row["author_name"]),
        attachments=files(row["attachments"]),
        content={name: value for name, value in content.items() if name not in HIDDEN},
        folded=content.get("folded", UNSET),
        subject=content.get("subject", UNSET),
        reason=row["reason"] or UNSET,
        edited_at=row["edited_at"] or UNSET,
        deleted_at=row["deleted_at"] or UNSET,
        original_text=content.get("original_text", UNSET),
    )


def files(rows: Iterable[Mapping[str, Any]] | None) -> list[File]:
    return [
        File(
            name=row["name"],
            id=row.get("id"),
            type=row.get("type", "application/octet-stream"),
            size=row.get("size"),
            url=file_url(row["id"], row["name"]) if row.get("id") and row.get("checked") not in KEPT_BACK else None,
            kind=row.get("kind", "file"),
            width=row.get("width"),
            height=row.get("height"),
            checked=row.get("checked", ""),
            failed=row.get("failed", ""),
        )
        for row in rows or ()
    ]


def file_url(file_id: str, name: str) -> str:

    return f"/files/{file_id}/{quote(name, safe='')}"


def identity(row: Mapping[Any, Any]) -> Identity:
    return Identity(
        id=row["id"],
        channel=row["channel"],
        inbox_id=row["inbox_id"],
        address=row["address"],
        display=row["display"],
        verified=bool(row["verified"]),
        reachable=bool(row["reachable"]),
        reason=row["reason"] or UNSET,
        last_at=row["last_at"],
    )


def contact(
    row: Mapping[Any, Any],
    identities: Iterable[Mapping[Any, Any]],
    conversations: Iterable[Mapping[Any, Any]],
    *,
    resembles: list[Resemblance],
    joined: Iterable[Mapping[Any, Any]],
) -> Contact:
    return Contact(
        id=row["id"],
        name=row["name"],
        language=row["language"],
        timezone=row["timezone"],
        country=row["country"],
        created_at=row["created_at"],
        facts=row["facts"] or {},
        identities=[identity(one) for one in identities],
        conversations=[
            ConversationLine(
                one["id"],
                one["number"],
                one["status"],
                one["last_text"],
                one["last_at"],
                one["last_inbox_id"] or one["inbox_id"],
            )
            for one in conversations
        ],
        resembles=resembles,
        joined=[Joined(one["id"], one["name"], one["by"], one["at"]) for one in joined],
    )
