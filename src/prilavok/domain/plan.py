"""What was decided: where, when and until when something is said, or why nothing is. Every choice has its reason.

Named tuples, for they are made many thousand times a second, and a frozen dataclass takes three times as long to make.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from prilavok.domain.receipt import RANK, Receipt

IN_SENDING = timedelta(hours=24)  # how long the outbox tries; its outcome asks again sooner
NO_PARTICULARS: Mapping[str, Any] = MappingProxyType({})


class Stage(StrEnum):
    """Of a purchase. Calls exist at `delivery` alone."""

    QUESTION = "question"
    CONFIRMATION = "confirmation"
    PAYMENT = "payment"
    DELIVERY = "delivery"
    AFTERSALE = "aftersale"
    PROMOTION = "promotion"


class Purpose(StrEnum):
    """Why the shop writes. Transactional words may wait and never vanish; promotion needs consent."""

    TRANSACTIONAL = "transactional"
    SERVICE = "service"
    PROMOTION = "promotion"


class Why(StrEnum):
    """Every reason of a choice, a rejection, a delay or a silence. Interfaces say them in words (`domain/reasons`)."""

    # of a step
    ASKED_FOR = "asked_for"  # the customer named this channel
    WROTE_HERE = "wrote_here"  # it is where they wrote last
    HABIT = "habit"  # of the country
    CHEAPER = "cheaper"
    FALLBACK = "fallback"  # the step before was not read in time
    ONLY_WAY = "only_way"
    NO_READ_RECEIPT = "no_read_receipt"  # this channel does not tell what was read; something weaker is waited for
    UNKNOWN_ZONE = "unknown_zone"  # the customer's hours are guessed from the country
    AT_DELIVERY = "at_delivery"  # a call is allowed now
    MARKED_URGENT = "marked_urgent"  # a person said that it cannot wait
    # of its hour
    AT_ONCE = "at_once"
    OWN_ACT = "own_act"  # it answers what the customer did a moment ago
    QUIET_HOURS = "quiet_hours"
    CONTACT_WINDOW = "contact_window"  # the hours that the customer named
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    OUT_OF_HOURS = "out_of_hours"  # nobody is in the shop to call
    DIGEST = "digest"  # waits some minutes for what may belong to it
    CAP = "cap"  # enough was said these days
    # of a rejection
    REFUSED = "refused"  # the customer does not want this channel
    NO_CALLS = "no_calls"  # the customer does not want to be called
    COMMENT_UNREAD = "comment_unread"  # it may refuse calls; a person must read it first
    CALLS_ONLY_AT_DELIVERY = "calls_only_at_delivery"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    NEVER_WROTE = "never_wrote"  # the channel lets us answer only
    WINDOW_SHUT = "window_shut"
    PAUSED = "paused"  # the inbox does not work
    NOT_CONNECTED = "not_connected"
    PUBLIC = "public"
    SAME_ADDRESS = "same_address"
    TRIED = "tried"  # an earlier rung went there
    LATER_RUNG = "later_rung"  # not needed: a better one stands before it
    NOT_IN_POLICY = "not_in_policy"
    # of a silence
    NOT_TOLD = "not_told"  # the policy does not speak of such events
    TOLD_ALREADY = "told_already"
    OVERTAKEN = "overtaken"  # something later has happened since
    NO_CONSENT = "no_consent"
    COMPLAINT_OPEN = "complaint_open"
    TOO_OLD = "too_old"
    NO_CHANNEL = "no_channel"  # nobody can be reached: a person must look
    ANSWERED = "answered"
    STOPPED = "stopped"


class Because(NamedTuple):
    """One reason with its particulars: `Because(Why.QUIET_HOURS, {"until": "09:00", "zone": "Europe/Kyiv"})`."""

    why: Why
    data: Mapping[str, Any] = NO_PARTICULARS


class Step(NamedTuple):
    """One rung. `at`: not before; for rungs after the first it is when the one before has had its time. `wait_for` is
    the receipt that ends the matter (None: the last rung, nothing is waited for), `within` seconds of the actual send.
    """

    channel: str  # the medium, as people say it
    inbox_id: str
    identity_id: str
    address: str
    at: datetime
    wait_for: Receipt | None
    within: int  # seconds
    because: tuple[Because, ...]
    voice: bool = False

    @property
    def until(self) -> datetime | None:
        return self.at + timedelta(seconds=self.within) if self.wait_for is not None else None


class Rejected(NamedTuple):
    """A way that was not chosen, and why."""

    channel: str
    because: Because
    address: str = ""
    inbox_id: str = ""  # the line: two may reach one address


class Plan(NamedTuple):
    stage: Stage
    purpose: Purpose
    steps: tuple[Step, ...]  # never empty
    rejected: tuple[Rejected, ...] = ()
    policy_version: int = 0


class Silence(NamedTuple):
    """Nothing is said. `needs_person`: somebody must look, for it was not a thing to keep quiet about."""

    because: Because
    rejected: tuple[Rejected, ...] = ()
    stage: Stage | None = None
    needs_person: bool = False
    policy_version: int = 0


Decision = Plan | Silence


def reached(step: Step, receipt: Receipt | None) -> bool:
    """Whether the step's message has come as far as the step waits for."""
    if receipt is None or receipt in {Receipt.FAILED, Receipt.PERHAPS_SENT}:
        return False
    return RANK[receipt] >= RANK[step.wait_for or Receipt.SENT]
