"""What people say to each other, before it is stored: parts that every channel shares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from prilavok.domain.receipt import Receipt


class Kind(StrEnum):
    MESSAGE = "message"  # from the customer
    REPLY = "reply"  # to the customer
    NOTE = "note"  # among agents; the customer never sees it
    EVENT = "event"  # "assigned to Olena", "went on in Telegram"


class AuthorKind(StrEnum):
    CONTACT = "contact"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"


class CallState(StrEnum):
    """Of `content.call` {direction: in|out, state, from, to, extension?, seconds?}; has `seconds` once it is over.

    `ended` is only ever told, never stored: the line is free again, and what was known before says how it ended.
    """

    RINGING = "ringing"
    ANSWERED = "answered"
    MISSED = "missed"
    ENDED = "ended"


class CallOutcome(StrEnum):
    """How a call of ours ended, `content.call.outcome`: the same few words for every line, whatever its vendor says."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"  # it rang, and nobody picked up
    BUSY = "busy"  # in another call, or declined: few networks tell which
    UNREACHABLE = "unreachable"  # the customer's telephone is off or out of reach, or there is no such number
    CANCELLED = "cancelled"  # we hung up before anybody answered
    AGENT_NO_ANSWER = "agent_no_answer"  # our own telephone, which rings first, was not picked up
    FAILED = "failed"  # the exchange or the network made no call: it says nothing of the customer


def call_text(state: CallState, seconds: int | None = None) -> str:
    """Instead of words, for a channel knows no language."""
    if state is CallState.MISSED:
        return "☎ ✗"
    return "☎" if seconds is None else f"☎ {seconds // 60}:{seconds % 60:02}"


def gone_on(before: Mapping[str, Any], told: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What is known of a call after some news of it. `since`: when somebody picked up."""
    call = {**before, **told}
    if call["state"] == CallState.ANSWERED and "seconds" not in call:
        call.setdefault("since", at.isoformat())
    if call["state"] == CallState.ENDED:
        talked = before.get("state") == CallState.ANSWERED
        lasted = (at - datetime.fromisoformat(before["since"])).total_seconds() if "since" in before else 0
        call["state"] = CallState.ANSWERED.value if talked else CallState.MISSED.value
        call["seconds"] = max(0, told.get("seconds") or int(lasted)) if talked else 0
    if "seconds" in call:
        call.pop("since", None)
    return call


def ended(call: Mapping[str, Any], outcome: CallOutcome | None) -> dict[str, Any]:
    """A call of ours with its outcome; without one it is made again, or goes on."""
    told = {"outcome": outcome.value} if outcome is not None else {}
    return {name: value for name, value in call.items() if name != "outcome"} | told


class Content(Protocol):
    """Bytes that may be too many to hold: they have a length and are read piece by piece, as often as needed."""

    def __len__(self) -> int: ...

    def pieces(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message: exactly one of `data`, `url`, `ref`, `file_id` says where it is.

    `ref` is the vendor's own handle; the channel's `fetch` turns it into bytes. `file_id` is ours, once stored. On its
    way out a file has both `data`, which stays on the disk, and a signed `url` of ours, for vendors who fetch it
    themselves.
    """

    name: str
    type: str = "application/octet-stream"
    size: int | None = None
    data: bytes | Content | None = None
    url: str | None = None
    ref: str | None = None
    file_id: str | None = None
    content_id: str | None = None  # of an inline image in a mail
    kind: str = "file"  # file | image | voice | video | audio | sticker


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply (`data` comes back when it is pressed) or, with `url`, a link."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as the channel knows them. `address` is stable: a chat id, an e-mail, a visitor id."""

    address: str
    name: str = ""
    language: str = ""
    phone: str = ""  # proven by the channel (a shared contact of oneself), not merely typed
    email: str = ""
    verified: bool = False  # the channel vouches that the address belongs to the person
    timezone: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)  # username, avatar, page visited, UTM marks ...


@dataclass(frozen=True, slots=True)
class Public:
    """What everybody can read: a comment under a post, a review, a question about a product.

    `root` is the provider id of what began it; everything with one root in one inbox is one public conversation.
    """

    kind: str  # comment | review | question
    root: str
    rating: int | None = None  # stars, 1 to 5
    product: Mapping[str, str] = field(default_factory=dict)  # id, sku, name, url, picture; what is known
    order: str = ""  # the order's number, where the vendor tells it
    url: str = ""  # where it stands
    about: str = ""  # the first words of the post that was commented on
    answerable: bool = True  # False: the vendor takes no answer to this one
    answered: bool = False  # an answer of the shop stands already


@dataclass(frozen=True, slots=True)
class Price:
    """What a message cost us, as the vendor says. `units`: the parts (SMS segments) it was counted as."""

    amount: str  # a decimal number; empty while the vendor tells the parts only
    currency: str  # ISO 4217, upper case; empty when the vendor does not say
    units: int | None = None

    @property
    def as_mapping(self) -> dict[str, Any]:
        """As it stands in `content.price`: what is not known is left out."""
        values = {"amount": self.amount, "currency": self.currency, "units": self.units}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Received:
    """A customer's message. `provider_id` is unique within the inbox; `at` is the vendor's clock, in UTC."""

    provider_id: str
    at: datetime
    sender: Sender
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    html: str = ""  # as it came; cleaned before anybody sees it
    folded: str = ""  # quoted history and signature, hidden behind a fold
    subject: str = ""
    thread: str = ""  # the vendor's thread key; messages with one key are one matter
    replies_to: tuple[str, ...] = ()  # provider ids that this one answers, nearest first
    conversation_hint: str = ""  # id of our conversation, proven by a signed token
    link_token: str = ""  # one-time token of a deep link that brought the customer here
    album: str = ""  # several messages with one album key are shown as one
    automatic: bool = False  # written by a machine: never answered by a machine
    content: Mapping[str, Any] = field(default_factory=dict)  # location, contact card, pressed button, page, utm ...
    copies: tuple[str, ...] = ()  # further addresses of a mail (Cc)
    silent: bool = False  # opens nothing and waits for nobody (a bare /start): identity and context only
    public: Public | None = None  # said for everybody to read


@dataclass(frozen=True, slots=True)
class Edited:
    """A customer changed a message; the old text stays visible to agents.

    With `content` it is the message itself that went on, a call that ended: then there is no old text to keep. A vendor
    that names only the call leaves the sender's address empty. `attachments` are what has come since: a recording.
    """

    provider_id: str
    at: datetime
    sender: Sender
    text: str
    content: Mapping[str, Any] = field(default_factory=dict)
    waits: bool = False  # from now on the customer waits for an answer (a missed call)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Deleted:
    """A customer took a message back; agents see that it was there."""

    provider_id: str
    at: datetime
    sender: Sender


@dataclass(frozen=True, slots=True)
class Echoed:
    """The shop itself wrote to a customer, in the vendor's own application: agents must see it and not answer twice.

    Our own messages come back in this shape too; `provider_id` tells them apart. `address` is the customer's.
    """

    provider_id: str
    at: datetime
    address: str
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    author: str = ""  # who wrote, where the vendor says so
    public: Public | None = None
    content: Mapping[str, Any] = field(default_factory=dict)
    message_id: str = ""  # our own id, where the vendor gives back what we sent along


@dataclass(frozen=True, slots=True)
class Reacted:
    """A customer put an emoji to a message; an empty `emoji` takes it back. Nobody waits for an answer."""

    provider_id: str  # of the message it was put to
    at: datetime
    sender: Sender
    emoji: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptCame:
    """The vendor says how far our message has come. `provider_id` is the vendor's id of *our* message.

    `up_to` is set instead where the vendor only says "read up to this time" for the sender's chat, `up_to_seq` where
    the reader names the last of our messages (by its number in the conversation) that it has. With `and_before` the
    vendor says it of the named message and of everything that was said to its address before.
    """

    receipt: Receipt
    at: datetime
    provider_id: str = ""
    message_id: str = ""  # our own id, where the vendor echoes it or a signed Message-ID proves it
    address: str = ""
    up_to: datetime | None = None
    up_to_seq: int | None = None
    and_before: bool = False
    reason: str = ""
    outcome: CallOutcome | None = None  # of a call that is over; then `reason` is only what that does not say
    address_is_dead: bool = False  # a bounce that will repeat: mark the identity too
    price: Price | None = None
    unreliable: bool = False  # a machine may have done it (a picture of a mail was loaded): noted, nothing climbs


@dataclass(frozen=True, slots=True)
class Reachability:
    """The customer blocked us, or let us in again."""

    address: str
    at: datetime
    reachable: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Noticed:
    """The vendor says of the inbox itself what its owner must know: a template was rejected, the account restricted.

    An empty `trouble` says that all is well again with what it is about.
    """

    about: str
    at: datetime
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Typing:
    """The customer is writing; shown for some seconds, never stored."""

    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unknown:
    """An update we have no use for. Counted and kept in the journal, never silent."""

    what: str


Inbound = Received | Edited | Deleted | Echoed | Reacted | ReceiptCame | Reachability | Noticed | Typing | Unknown


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message on its way out, with everything a channel may need and nothing it must look up."""

    message_id: str
    conversation_id: str
    address: str
    text: str
    name: str = ""  # of the recipient
    author: str = ""  # the agent's name, as the customer may see it
    shop: str = ""
    language: str = "en"
    attachments: tuple[Attachment, ...] = ()
    buttons: tuple[Button, ...] = ()
    replies_to: str = ""  # provider id of the customer's message that this answers
    references: tuple[str, ...] = ()  # provider ids of the conversation in this inbox, oldest first
    subject: str = ""
    copies: tuple[str, ...] = ()
    automatic: bool = False
    attempt: int = 1
    links: Mapping[str, str] = field(default_factory=dict)  # tracking, wishes, unsubscribe
    window_shut: bool = False  # the time for free words is over: only a template gets through
    template: Mapping[str, Any] = field(default_factory=dict)  # {name, language?, parameters?, buttons?}
    call: Mapping[str, Any] = field(default_factory=dict)  # not empty: ring them. {extension?, agent?}: whose phone
    public: bool = False  # an answer for everybody to read, to what `replies_to` names
    private_to: str = ""  # provider id of a public comment that is answered in private


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer of the shop's that everybody reads: what it answers, whose words those are (their address)."""

    provider_id: str
    replies_to: str
    address: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The vendor took it, under this id. Some vendors say at once that it was delivered."""

    provider_id: str
    receipt: Receipt = Receipt.SENT
    more_ids: tuple[str, ...] = ()  # a long text or several files may become several messages
    price: Price | None = None
