"""What the demo's shop consists of before it is stored: plain facts, in the words of the domain.

`key` fields are only good for pointing from one seed to another; the loader gives real ids. All times are in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from prilavok.domain.conversation import Priority, Status
from prilavok.domain.message import Attachment, AuthorKind, Kind
from prilavok.domain.order import Order, OrderEvent
from prilavok.domain.receipt import Receipt


@dataclass(frozen=True, slots=True)
class AgentSeed:
    key: str
    name: str
    email: str
    role: str  # owner | admin | agent
    language: str  # of the interface: ru | uk | en


@dataclass(frozen=True, slots=True)
class InboxSeed:
    key: str
    channel: str
    name: str


@dataclass(frozen=True, slots=True)
class IdentitySeed:
    inbox: str  # key of an InboxSeed
    address: str
    display: str
    verified: bool = False
    reachable: bool = True
    reason: str = ""
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactSeed:
    """`name` is empty for visitors who never said who they are."""

    key: str
    name: str
    language: str
    timezone: str  # IANA
    country: str  # ISO 3166 alpha-2
    created_at: datetime
    identities: tuple[IdentitySeed, ...]
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageSeed:
    """One line of a conversation. `times` has a datetime for each of sent, delivered, read, failed that happened."""

    kind: Kind
    direction: str  # inbound | outbound
    text: str
    at: datetime
    author_kind: AuthorKind
    author: str  # key of an AgentSeed or ContactSeed; empty for the system
    inbox: str
    receipt: Receipt | None = None  # None for what the customer wrote, for notes and for events
    times: Mapping[str, datetime] = field(default_factory=dict)
    reason: str = ""  # why it failed
    subject: str = ""
    folded: str = ""  # quoted history and signature of a mail
    edited_at: datetime | None = None
    original_text: str = ""
    attachments: tuple[Attachment, ...] = ()  # with `data`
    content: Mapping[str, object] = field(default_factory=dict)
    automatic: bool = False

    @property
    def read_at(self) -> datetime | None:
        return self.times.get("read")


@dataclass(frozen=True, slots=True)
class ConversationSeed:
    """`messages` are in order of time. `seen` of them were seen by an agent; the rest is unread."""

    key: str
    number: int
    topic: str
    contact: str
    inbox: str  # where the answer goes
    status: Status
    priority: Priority
    assignee: str | None
    tags: tuple[str, ...]
    subject: str
    created_at: datetime
    messages: tuple[MessageSeed, ...]
    seen: int
    waiting_since: datetime | None = None
    snoozed_until: datetime | None = None
    context: Mapping[str, object] = field(default_factory=dict)  # page, title, referrer, utm, language

    @property
    def last_at(self) -> datetime:
        return self.messages[-1].at

    @property
    def unread(self) -> bool:
        return self.seen < len(self.messages)


@dataclass(frozen=True, slots=True)
class OrderSeed:
    """One order and what has happened to it, oldest first. `case` names what is to be shown by it, if anything."""

    contact: str
    order: Order
    events: tuple[OrderEvent, ...]
    case: str = ""  # tap | read | person | call | stuck
    delivery_day: str = ""  # YYYY-MM-DD
    slot: tuple[str, str] | None = None
    courier: str = ""


@dataclass(frozen=True, slots=True)
class History:
    shop: str
    currency: str
    timezone: str
    agents: tuple[AgentSeed, ...]
    inboxes: tuple[InboxSeed, ...]
    contacts: tuple[ContactSeed, ...]
    conversations: tuple[ConversationSeed, ...]  # oldest first
    orders: tuple[OrderSeed, ...] = ()  # oldest first
