"""What a decision knows: about the order, the customer, the ways to them, the hour, and what was said before.

Only what some rule asks about. What is made anew for every decision is a named tuple, which is quickly made; it is
written with the names of its fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

from prilavok.domain.capabilities import Capabilities
from prilavok.domain.order import Status
from prilavok.domain.wishes import Call, Window, Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What asks for a word: an order's event, a reminder, an incident, a promotion. `kind` is a rule's name in the
    policy: an order's event by its own word, or "slot_reminder", "incident", "review_request", "promotion" ...
    `urgent`: a person marked the matter as urgent beyond delay. `by_customer`: it answers what they did themselves.
    """

    kind: str
    at: datetime
    key: str = ""
    urgent: bool = False
    by_customer: bool = False


class Way(NamedTuple):
    """One address through one inbox. `refusal` is why it cannot be used now (`capabilities.why_not`), or empty."""

    channel: str  # the medium, as people say it
    address: str
    able: Capabilities
    inbox_id: str = ""
    identity_id: str = ""
    reachable: bool = True
    refusal: str = ""
    paused: bool = False
    last_inbound: datetime | None = None
    last_read: datetime | None = None  # when they last read something of ours here


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a customer wants for good: set by themselves or read from lasting words."""

    call: Call = Call.NO_STATEMENT
    preferred_channels: tuple[str, ...] = ()
    forbidden_channels: tuple[str, ...] = ()
    contact_window: Window | None = None
    consents: Mapping[str, bool] = field(default_factory=dict)  # promotion, review, survey → given or withdrawn


class OrderFacts(NamedTuple):
    """`comment_unread`: the comment may refuse calls, and nobody has read it yet."""

    status: Status
    paid: bool = False
    wishes: Wishes = Wishes()
    comment_unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When the shop works, in its own zone: (weekday from Monday 0, opens, closes), past midnight when it closes before
    it opens. Empty: always. On `closed` days nobody comes.
    """

    zone: str
    open: tuple[tuple[int, time, time], ...] = ()
    closed: frozenset[date] = frozenset()


class Facts(NamedTuple):
    """`zone` and `country` are the customer's. `holidays` are days of that country around now. `told` are the keys
    (`kind` or `kind:key`) of what this order's customer was told already; `recent` when the shop wrote to them of its
    own accord; `tried` the (channel, address) pairs of rungs that this plan has used up.
    """

    ways: tuple[Way, ...]
    zone: str
    country: str = ""
    order: OrderFacts | None = None
    preferences: Preferences = Preferences()
    hours: Hours | None = None
    holidays: frozenset[date] = frozenset()
    told: frozenset[str] = frozenset()
    recent: tuple[datetime, ...] = ()
    complaint_open: bool = False
    tried: frozenset[tuple[str, str]] = frozenset()
