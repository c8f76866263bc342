"""What happened, in the past tense. Flows leave events behind; `flows/reactions.py` says who answers to them.

Every event knows its shop. `kind` is the word that agents' screens are told; events without one stay inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from prilavok.domain.facts import Occasion
from prilavok.domain.message import Deleted, Echoed, Edited, Noticed, Reachability, Reacted, ReceiptCame
from prilavok.domain.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    shop_id: int
    kind: ClassVar[str] = ""
    conversation_id: str | None = None
    message_id: str | None = None
    ref_id: str | None = None  # the identity, contact or inbox concerned


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event):
    """A customer wrote. `opened` when it began a conversation, `automatic` when a machine wrote it.

    The rest spares the reactions a question to the database for each message: `button` is what was pressed, `words` the
    text when it is short enough to be an answer to a question, `awaited` whether a plan waits for a word of theirs,
    `shut` whether their number was shut for this medium, `apart` whether an order of somebody else's names the address
    and waits for it too.
    """

    kind: ClassVar[str] = "message.new"
    inbox_id: str
    opened: bool = False
    automatic: bool = False
    button: str = ""
    words: str = ""
    awaited: bool = False
    apart: bool = False
    shut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidInPublic(Event):
    """A customer wrote where everybody reads it. Another event than MessageReceived, so that nothing which answers by
    itself ever hears of it.
    """

    kind: ClassVar[str] = "message.new"
    inbox_id: str
    opened: bool = False
    rating: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWritten(Event):
    """A reply, a note or an event line was stored."""

    kind: ClassVar[str] = "message.new"
    inbox_id: str | None = None
    waited_seconds: int | None = None  # how long the customer had waited for this answer
    asked_hour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChanged(Event):
    """Edited, deleted, or its receipt climbed."""

    kind: ClassVar[str] = "message.changed"
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationChanged(Event):
    kind: ClassVar[str] = "conversation.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged(Event):
    kind: ClassVar[str] = "contact.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxChanged(Event):
    kind: ClassVar[str] = "inbox.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Event):
    """The vendor told us something about what is already stored: a receipt, an edit, a block."""

    inbox_id: str
    scope: str
    report: ReceiptCame | Edited | Deleted | Echoed | Reacted | Reachability | Noticed


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOpened(Event):
    """A customer came through a one-time link. `ref_id` is the identity they came with."""

    inbox_id: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePersonProven(Event):
    """Two contacts are one. `ref_id` is the one to keep; `by` says what proved it: link, phone, email."""

    other_id: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched(Event):
    """The channel vouches for a phone or an e-mail of who wrote. `ref_id` is the identity."""

    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hinted(Event):
    """What only a person we know may know was written: (identity, what, value), of a whole batch of messages."""

    hints: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Event):
    """A customer called. `ref_id` is the identity, `message_id` the call; `seconds` of talk, 0 when nobody answered."""

    inbox_id: str
    answered: bool
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftUnsaid(Event):
    """Nothing is written after a call that nobody took. `message_id` is the call, `ref_id` the contact."""

    because: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxFilled(Event):
    """Something waits to be sent: the deliverer need not sleep."""

    kind: ClassVar[str] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(Event):
    """Somebody signed out: the sockets of that session close. `ref_id` is the agent; `session` and `kept` are hashes.

    Without a `session` all of the agent's sessions have ended but the one that is `kept`.
    """

    session: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged(Event):
    """Anything of an order that a screen shows. `ref_id` is the order."""

    kind: ClassVar[str] = "order.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionArose(Event):
    """Something may have to be said to a customer: an order's event, a reminder, an incident. `ref_id` is the order."""

    contact_id: str
    occasion: Occasion
    data: Mapping[str, Any] = field(default_factory=dict)  # what the text may speak of: reason, day, carrier ...
    first: bool = False  # the order has just become known: its risk is assessed before anything is said


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionsArose(Event):
    """The same occasion for many orders at once. `ref_id` is the incident."""

    order_ids: tuple[str, ...]
    occasion: Occasion
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WishesChanged(Event):
    """A customer, or a person for them, changed how they may be written to. `ref_id` is the contact."""

    kind: ClassVar[str] = "contact.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(Event):
    """A plan was made, went on or ended, or a silence was kept. `ref_id` is the order."""

    kind: ClassVar[str] = "order.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsDue(Event):
    """A plan may have a step to take now: whoever carries plans out need not sleep."""

    kind: ClassVar[str] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentChanged(Event):
    """An incident began, went on or ended. `ref_id` is the incident."""

    kind: ClassVar[str] = "incident.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChanged(Event):
    """A person has something to do, or has done it. `ref_id` is the order."""

    kind: ClassVar[str] = "task.changed"
