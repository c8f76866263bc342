"""The decision: through which channel, at what hour, and why; or why nothing is said.

`decide` is pure and total. Some rules can never be edited away, whatever the policy says: no call outside of the
delivery stage unless a person marked the matter as urgent, no call before a person has read a comment that may refuse
it, no call and nothing that rings in quiet hours, no channel that the customer refused, no promotion without consent.
Transactional words may wait; they never vanish.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from prilavok.domain.choice import LATER_RUNG, Chosen, choose
from prilavok.domain.facts import Facts, Occasion
from prilavok.domain.order import HEIGHT
from prilavok.domain.plan import Because, Decision, Plan, Purpose, Rejected, Silence, Step, Why
from prilavok.domain.receipt import Receipt
from prilavok.domain.rules import HOUR, Policy, Rule
from prilavok.domain.timing import Timing

TOLD_ALREADY, COMPLAINT_OPEN = Because(Why.TOLD_ALREADY), Because(Why.COMPLAINT_OPEN)
Rung = tuple[Chosen, datetime, tuple[Because, ...], tuple[Because, ...]]  # reasons of its place, reasons of its hour
CONSENT = {"review_request": "review", "survey": "survey"}


def decide(occasion: Occasion, facts: Facts, policy: Policy, now: datetime) -> Decision:
    """The same facts always lead to the same decision. `now` and all times are aware; steps are in UTC."""
    rule = policy.rules.get(occasion.kind)
    if rule is None:
        return Silence(Because(Why.NOT_TOLD, {"kind": occasion.kind}), policy_version=policy.version)
    now = now if now.tzinfo is UTC else now.astimezone(UTC)
    if why := _keep_quiet(occasion, facts, policy, rule, now):
        return Silence(why, stage=rule.stage, policy_version=policy.version)
    timing = Timing(occasion, facts, policy, rule, now)
    chosen, rejected = choose(occasion, facts, policy, rule, timing)
    steps = _steps(chosen, rejected, rule, timing)
    if not steps:
        nobody = Because(Why.NO_CHANNEL, {"tried": len(facts.tried)})
        needed = rule.purpose is Purpose.TRANSACTIONAL
        return Silence(nobody, tuple(rejected), rule.stage, needed, policy.version)
    return Plan(rule.stage, rule.purpose, steps, tuple(rejected), policy.version)


def _keep_quiet(occasion: Occasion, facts: Facts, policy: Policy, rule: Rule, now: datetime) -> Because | None:
    """Why this is not for telling at all, whatever the channel."""
    if not rule.tell:
        return Because(Why.NOT_TOLD, {"kind": occasion.kind})
    if facts.told and (f"{occasion.kind}:{occasion.key}" if occasion.key else occasion.kind) in facts.told:
        return TOLD_ALREADY
    if facts.order is not None:
        if rule.until is not None and HEIGHT[facts.order.status] >= HEIGHT[rule.until]:
            return Because(Why.OVERTAKEN, {"by": facts.order.status.value})
        if rule.until_paid and facts.order.paid:
            return Because(Why.OVERTAKEN, {"by": "paid"})
    return None if rule.purpose is Purpose.TRANSACTIONAL else _unasked(occasion, facts, policy, rule, now)


def _unasked(occasion: Occasion, facts: Facts, policy: Policy, rule: Rule, now: datetime) -> Because | None:
    """Why what nobody asked for is better left unsaid."""
    promotes = rule.purpose is Purpose.PROMOTION
    consent = facts.preferences.consents.get("promotion" if promotes else CONSENT.get(occasion.kind, occasion.kind))
    if consent is False or (consent is not True and promotes):
        return Because(Why.NO_CONSENT, {"withdrawn": consent is False})
    if facts.complaint_open:
        return COMPLAINT_OPEN
    if rule.stale_after and now - occasion.at > timedelta(seconds=rule.stale_after):
        return Because(Why.TOO_OLD, {"hours": int((now - occasion.at).total_seconds() // 3600)})
    cap = policy.caps.get(rule.purpose)
    if promotes and cap is not None:
        since = now - timedelta(days=cap.days)
        if sum(one > since for one in facts.recent) >= cap.messages:
            return Because(Why.CAP, {"messages": cap.messages, "days": cap.days})
    return None


def _steps(chosen: Sequence[Chosen], rejected: list[Rejected], rule: Rule, timing: Timing) -> tuple[Step, ...]:
    """Rungs in their order; the hour of each is projected from the one before, as though that went out on time."""
    rungs: list[Rung] = []
    most = rule.rungs if rule.rungs > 1 else 1
    for one in chosen:
        way = one.way
        if len(rungs) >= most:
            rejected.append(Rejected(way.channel, LATER_RUNG, way.address, way.inbox_id))
            continue
        if rungs:
            before, at, _, _ = rungs[-1]
            patience, then = _patience(rule.within, len(rungs) - 1)
            hour = timing.later(at + then, way)
            first: tuple[Because, ...] = (_fallback(before.way.channel, patience // 60, before.wait_for), *one.because)
            last: tuple[Because, ...] = ()
        else:
            hour = timing.first(way)
            first, last = one.because, timing.because
        if hour is None:
            rejected.append(Rejected(way.channel, timing.never(way), way.address, way.inbox_id))
        else:
            rungs.append((one, hour[0], first, (*last, *hour[1])))
    end = len(rungs) - 1
    return tuple([_step(rung, rule, position, last=position == end) for position, rung in enumerate(rungs)])


def _step(rung: Rung, rule: Rule, position: int, *, last: bool) -> Step:
    """After the last one nothing is waited for."""
    (way, wait_for, _, weaker), at, first, then = rung
    where = way.channel, way.inbox_id, way.identity_id, way.address
    if last:
        return Step(*where, at, None, 0, (*first, *then), way.able.voice)
    within, _ = _patience(rule.within, position)
    return Step(*where, at, wait_for, within, (*first, *weaker, *then), way.able.voice)


@lru_cache(maxsize=4096)
def _fallback(after: str, minutes: int, receipt: Receipt) -> Because:
    return Because(Why.FALLBACK, {"after": after, "minutes": minutes, "receipt": receipt.value})


@lru_cache(maxsize=4096)
def _patience(within: tuple[int, ...], position: int) -> tuple[int, timedelta]:
    """Seconds that a rung has until the next one follows, and the same as a time."""
    seconds = (within[min(position, len(within) - 1)] or 1) if within else HOUR
    return seconds, timedelta(seconds=seconds)
