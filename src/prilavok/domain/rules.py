"""The owner's rules as data, and the built-in ones: what is told, where, how patiently, at which hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from prilavok.domain.country import CALL, MAIL, MESSENGER, SMS
from prilavok.domain.hours import DAY, Spans, between, both, outside
from prilavok.domain.order import Status
from prilavok.domain.plan import Purpose, Stage
from prilavok.domain.receipt import Receipt

MINUTE, HOUR = 60, 3600
IN_WRITING = (MESSENGER, MAIL, SMS)
WITH_A_CALL = (*IN_WRITING, CALL)
SILENTLY = (MESSENGER, MAIL)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local hours in which nothing goes out, in minutes of the day; past midnight when it starts later than it ends."""

    start: int
    end: int


LEAST_FOR_MESSAGES = Quiet(23 * 60, 7 * 60)  # no policy may make the nights shorter than these
LEAST_FOR_CALLS = Quiet(21 * 60, 8 * 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one kind of occasion is told. `media` are classes or channels that may be used; `within` are seconds for
    each rung to be read before the next one, the last figure for all further rungs; `insist`: where reading cannot be
    seen, only an answer or an opened link counts. `until`: from that status on there is nothing to tell any more.
    """

    stage: Stage
    purpose: Purpose = Purpose.TRANSACTIONAL
    tell: bool = True
    media: tuple[str, ...] = IN_WRITING
    rungs: int = 4
    wait_for: Receipt = Receipt.READ
    within: tuple[int, ...] = (HOUR,)
    insist: bool = False
    digest: int = 0  # seconds to wait for what may belong to the same message
    stale_after: int = 0  # seconds; only for what is not transactional; 0: never
    until: Status | None = None
    until_paid: bool = False


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many messages of the shop's own accord in so many days."""

    messages: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`quiet_at` widens the quiet hours of single stages: (messages, calls). `habits` overrides countries' orders of
    media. Weekdays count from Monday 0.
    """

    rules: Mapping[str, Rule]
    quiet_messages: Quiet = Quiet(21 * 60, 9 * 60)
    quiet_calls: Quiet = Quiet(20 * 60, 10 * 60)
    quiet_at: Mapping[Stage, tuple[Quiet, Quiet]] = field(default_factory=dict)
    caps: Mapping[Purpose, Cap] = field(default_factory=dict)
    answer_own_act_within: int = 30 * MINUTE
    no_calls_on: frozenset[int] = frozenset({6})
    calls_on_holidays: bool = False
    no_promotion_on: frozenset[int] = frozenset({5, 6})
    promotion_on_holidays: bool = False
    prefer: str = "habit"  # habit | cost: what decides between ways that the customer did not choose between
    habits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    version: int = 0
    hours: Mapping[str, tuple[Spans, Spans]] = field(init=False, repr=False, compare=False)
    """When each kind of occasion may be told, by message and by call: worked out once a policy."""

    def __post_init__(self) -> None:
        hours = {}
        for kind, rule in self.rules.items():
            messages, calls = self.quiet_at.get(rule.stage, (self.quiet_messages, self.quiet_calls))
            hours[kind] = _awake(messages, LEAST_FOR_MESSAGES), _awake(calls, LEAST_FOR_CALLS)
        object.__setattr__(self, "hours", hours)


def _awake(quiet: Quiet, least: Quiet) -> Spans:
    """The day without the owner's quiet hours and without those that no owner can take away."""
    night = between(least.start, least.end)
    return both(outside(between(quiet.start % DAY, quiet.end % DAY)), outside(night)) or outside(night)


BUILT_IN = Policy(
    rules={
        # the customer has bought
        "placed": Rule(stage=Stage.CONFIRMATION, within=(4 * HOUR, 4 * HOUR), until=Status.SHIPPED),
        "confirm_again": Rule(stage=Stage.CONFIRMATION, within=(12 * HOUR,), until=Status.CONFIRMED),
        "confirmed": Rule(stage=Stage.CONFIRMATION, within=(12 * HOUR,), digest=2 * MINUTE, until=Status.SHIPPED),
        "changed": Rule(stage=Stage.CONFIRMATION, within=(4 * HOUR,), digest=5 * MINUTE, until=Status.DELIVERED),
        "cancelled": Rule(stage=Stage.CONFIRMATION, within=(4 * HOUR,), digest=2 * MINUTE),
        "question": Rule(stage=Stage.QUESTION, within=(2 * HOUR,), until=Status.DELIVERED),
        "missed_call": Rule(stage=Stage.QUESTION, rungs=1),  # theirs, that nobody took
        # and pays
        "prepay_request": Rule(stage=Stage.PAYMENT, within=(4 * HOUR,), until=Status.SHIPPED, until_paid=True),
        "payment_failed": Rule(stage=Stage.PAYMENT, within=(2 * HOUR,), until=Status.SHIPPED, until_paid=True),
        "payment_reminder": Rule(stage=Stage.PAYMENT, within=(12 * HOUR,), until=Status.SHIPPED, until_paid=True),
        "paid": Rule(stage=Stage.PAYMENT, media=SILENTLY, within=(24 * HOUR,), digest=3 * MINUTE),
        "refunded": Rule(stage=Stage.PAYMENT, within=(24 * HOUR,), digest=5 * MINUTE),
        # it is on its way
        "packed": Rule(stage=Stage.DELIVERY, tell=False),
        "shipped": Rule(stage=Stage.DELIVERY, within=(12 * HOUR,), digest=5 * MINUTE, until=Status.AT_PICKUP),
        "slot_offer": Rule(stage=Stage.DELIVERY, media=WITH_A_CALL, within=(2 * HOUR,), until=Status.OUT_FOR_DELIVERY),
        "slot_confirmed": Rule(stage=Stage.DELIVERY, media=SILENTLY, within=(4 * HOUR,), until=Status.DELIVERED),
        "slot_reminder": Rule(stage=Stage.DELIVERY, within=(2 * HOUR,), digest=MINUTE, until=Status.DELIVERED),
        "arrived_at_pickup": Rule(stage=Stage.DELIVERY, within=(6 * HOUR,), until=Status.DELIVERED),
        "pickup_reminder": Rule(stage=Stage.DELIVERY, media=WITH_A_CALL, within=(12 * HOUR,), until=Status.DELIVERED),
        "out_for_delivery": Rule(
            stage=Stage.DELIVERY, media=WITH_A_CALL, within=(30 * MINUTE, 15 * MINUTE), until=Status.DELIVERED
        ),
        "courier_on_the_way": Rule(
            stage=Stage.DELIVERY, media=WITH_A_CALL, within=(10 * MINUTE, 10 * MINUTE), until=Status.DELIVERED
        ),
        "failed_attempt": Rule(
            stage=Stage.DELIVERY,
            media=WITH_A_CALL,
            within=(15 * MINUTE, 15 * MINUTE),
            insist=True,
            until=Status.DELIVERED,
        ),
        "courier_arrived": Rule(
            stage=Stage.DELIVERY, media=WITH_A_CALL, within=(5 * MINUTE, 5 * MINUTE), until=Status.DELIVERED
        ),
        "courier_no_answer": Rule(
            stage=Stage.DELIVERY,
            media=WITH_A_CALL,
            within=(15 * MINUTE, 15 * MINUTE),
            insist=True,
            until=Status.DELIVERED,
        ),
        "courier_correction": Rule(stage=Stage.DELIVERY, within=(15 * MINUTE,)),
        "unanswered_call": Rule(stage=Stage.DELIVERY, within=(HOUR,), until=Status.DELIVERED),  # ours
        "delayed": Rule(stage=Stage.DELIVERY, within=(2 * HOUR,), digest=3 * MINUTE, until=Status.DELIVERED),
        "stuck": Rule(stage=Stage.DELIVERY, within=(6 * HOUR,), until=Status.DELIVERED),
        "incident": Rule(stage=Stage.DELIVERY, within=(HOUR,), until=Status.DELIVERED),
        "delivered": Rule(stage=Stage.AFTERSALE, tell=False),
        # and afterwards
        "returned": Rule(stage=Stage.AFTERSALE, within=(12 * HOUR,), digest=5 * MINUTE),
        "review_request": Rule(
            stage=Stage.AFTERSALE, purpose=Purpose.SERVICE, media=SILENTLY, rungs=1, stale_after=14 * 24 * HOUR
        ),
        "survey": Rule(
            stage=Stage.AFTERSALE, purpose=Purpose.SERVICE, media=SILENTLY, rungs=1, stale_after=7 * 24 * HOUR
        ),
        "abandoned_cart": Rule(
            stage=Stage.PROMOTION, purpose=Purpose.PROMOTION, media=SILENTLY, rungs=1, stale_after=48 * HOUR
        ),
        "promotion": Rule(
            stage=Stage.PROMOTION, purpose=Purpose.PROMOTION, media=SILENTLY, rungs=1, stale_after=72 * HOUR
        ),
    },
    caps={
        Purpose.TRANSACTIONAL: Cap(12, 1),
        Purpose.SERVICE: Cap(3, 7),
        Purpose.PROMOTION: Cap(2, 7),
    },
)
