"""Whether a colleague may ring a customer now, of their own accord: the walls around `policy` stand for people too.

Nobody rings whoever has refused calls, nor in their night, nor outside of the hours that they named. Before delivery a
call needs a person's word that it cannot wait, unless the customer has just rung themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from prilavok.domain.capabilities import Capabilities
from prilavok.domain.choice import why_no_call
from prilavok.domain.country import CALL
from prilavok.domain.facts import Facts, Occasion, Way
from prilavok.domain.message import CallOutcome
from prilavok.domain.order import Status
from prilavok.domain.plan import Because, Stage
from prilavok.domain.rules import Policy, Rule
from prilavok.domain.timing import Timing
from prilavok.domain.wishes import Wishes

OCCASION = "a colleague's own call"
UNDER_WAY = frozenset({Status.SHIPPED, Status.AT_PICKUP, Status.OUT_FOR_DELIVERY})
TELEPHONE = Way(channel="phone", address="", able=Capabilities(address_kind="phone", starts=True, voice=True))
NO_WISHES = Wishes()
IN_VAIN = frozenset({CallOutcome.NO_ANSWER, CallOutcome.BUSY, CallOutcome.UNREACHABLE})


def called_in_vain(outcome: str | None) -> bool:
    """Whether the customer was called and not spoken to. Not when our own telephone was not picked up, when we hung up
    first, or when the exchange made no call: of these only a person knows what they mean.
    """
    return outcome in IN_VAIN


@dataclass(frozen=True, slots=True)
class Ruling:
    """Without reasons the call may be made. `urgent_helps`: it may, once a person says why it cannot wait."""

    because: tuple[Because, ...] = ()
    urgent_helps: bool = False


def may_ring(matters: Sequence[tuple[Facts, bool]], policy: Policy, now: datetime) -> Ruling:
    """`matters`: what is known with each order that matters, or without any, and whether that one is urgent. What one
    order forbids outright is forbidden; one that is under way is enough to allow a call.
    """
    now = now.astimezone(UTC)
    rulings = [_ruling(facts, policy, now, urgent=urgent) for facts, urgent in matters]
    for one in rulings:
        if one.because and not one.urgent_helps:
            return one
    return next((one for one in rulings if not one.because), rulings[0])


def _ruling(facts: Facts, policy: Policy, now: datetime, *, urgent: bool) -> Ruling:
    if because := _why_not(facts, policy, now, urgent=True):
        return Ruling(because)
    because = () if urgent else _why_not(facts, policy, now, urgent=False)
    return Ruling(because, urgent_helps=bool(because))


def _why_not(facts: Facts, policy: Policy, now: datetime, *, urgent: bool) -> tuple[Because, ...]:
    stage = Stage.DELIVERY if facts.order is not None and facts.order.status in UNDER_WAY else Stage.QUESTION
    rule = Rule(stage=stage, media=(CALL,))
    occasion = Occasion(kind=OCCASION, at=now, urgent=urgent)
    wishes = facts.order.wishes if facts.order is not None else NO_WISHES
    refused = (*wishes.forbidden_channels, *facts.preferences.forbidden_channels)
    if why := why_no_call(refused, occasion, facts, rule, wishes):
        return (why,)
    # Whoever presses the button is there: the shop's own hours are no matter.
    timing = Timing(occasion, facts._replace(hours=None), replace(policy, rules={OCCASION: rule}), rule, now)
    hour = timing.later(now, TELEPHONE)
    if hour is None:
        return (timing.never(TELEPHONE),)
    at, because = hour
    return because if at > now else ()
