"""What if: the same orders and the same people under other rules, counted. Pure; people are seeded, so every policy
meets exactly the same ones.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from prilavok.domain.choice import class_of
from prilavok.domain.country import CALL, MAIL, MESSENGER, SMS, habit_of
from prilavok.domain.facts import Facts, Occasion, Way
from prilavok.domain.hours import inside, zone_of
from prilavok.domain.order import Status
from prilavok.domain.plan import Because, Decision, Plan, Purpose, Silence, Stage, Step, Why
from prilavok.domain.policy import decide
from prilavok.domain.receipt import Receipt
from prilavok.domain.rules import BUILT_IN, Policy
from prilavok.domain.timing import GREENWICH
from prilavok.domain.wishes import Call

Decider = Callable[[Occasion, Facts, datetime], Decision]
AWAKE = ((9 * 60, 21 * 60),)
SPANS: Mapping[str, timedelta] = {
    "reached_15m": timedelta(minutes=15),
    "reached_1h": timedelta(hours=1),
    "reached_24h": timedelta(hours=24),
}
PRICES: Mapping[str, float] = {MESSENGER: 0.0, MAIL: 0.0, SMS: 0.05, CALL: 0.60}  # in euros; a call is minutes of work
PAID_MESSAGE = 0.04


@dataclass(frozen=True, slots=True)
class Person:
    """How somebody behaves: minutes until they read, by class of media (None: never), and whether they pick up."""

    reads: Mapping[str, float | None]
    picks_up: float
    patience: float  # minutes after which news are late for them
    dead: frozenset[str] = frozenset()  # media that turn out to reach nobody
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """Something to tell, with the facts of its time."""

    occasion: Occasion
    facts: Facts


@dataclass(frozen=True, slots=True)
class Story:
    """One order from its beginning to its end."""

    person: Person
    moments: tuple[Moment, ...]


@dataclass(slots=True)
class Tally:
    """What a policy came to; figures at any time, so that whoever stops it sees what there is."""

    orders: int = 0
    matters: int = 0
    contacts: dict[str, int] = field(default_factory=dict)
    cost: float = 0.0
    reached: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*SPANS, "in_patience"), 0))
    forbidden: int = 0
    night: int = 0
    silences: int = 0
    by_hour: list[int] = field(default_factory=lambda: [0] * 24)

    def figures(self) -> dict[str, float]:
        """Shares are of matters that were for telling; the cost is in euros an order."""
        orders, matters = max(1, self.orders), max(1, self.matters)
        return {
            "orders": self.orders,
            "contacts_per_order": round(sum(self.contacts.values()) / orders, 3),
            "calls_per_order": round(self.contacts.get(CALL, 0) / orders, 3),
            **{name: round(count / matters, 4) for name, count in self.reached.items()},
            "cost_per_order": round(self.cost / orders, 4),
            "forbidden": self.forbidden,
            "night": self.night,
        }

    def series(self) -> dict[str, list[dict[str, object]]]:
        return {
            "contacts": [{"label": name, "value": count} for name, count in sorted(self.contacts.items())],
            "by_hour": [{"label": f"{hour:02d}", "value": count} for hour, count in enumerate(self.by_hour)],
        }


def by_policy(policy: Policy) -> Decider:
    return lambda occasion, facts, now: decide(occasion, facts, policy, now)


def calls_everybody(occasion: Occasion, facts: Facts, now: datetime) -> Decision:
    """As many shops work: the telephone for everything, at once, whoever refused it. For comparison only."""
    return _crudely(occasion, facts, now, (CALL, SMS, MAIL))


def mails_only(occasion: Occasion, facts: Facts, now: datetime) -> Decision:
    """A letter for everything, promotion included. For comparison only."""
    return _crudely(occasion, facts, now, (MAIL,))


COMPARISONS: Mapping[str, Decider] = {"call-everybody": calls_everybody, "mail-only": mails_only}


def play(stories: Iterable[Story], decider: Decider, tally: Tally) -> Tally:
    for story in stories:
        _play_one(story, decider, tally)
    return tally


def _play_one(story: Story, decider: Decider, tally: Tally) -> None:
    tally.orders += 1
    luck = Random(story.person.seed)  # noqa: S311  a play, no secret
    recent: list[datetime] = []
    for moment in story.moments:
        now = moment.occasion.at
        facts = moment.facts._replace(recent=tuple(recent))
        decision = decider(moment.occasion, facts, now)
        wanted = BUILT_IN.rules.get(moment.occasion.kind)
        for_telling = wanted is not None and wanted.tell and wanted.purpose is Purpose.TRANSACTIONAL
        tally.matters += for_telling
        if isinstance(decision, Silence):
            tally.silences += 1
            continue
        reached = _carry_out(decision, moment, story.person, luck, tally)
        recent.append(decision.steps[0].at)
        if for_telling and reached is not None:
            waited = reached - now
            for name, span in SPANS.items():
                tally.reached[name] += waited <= span
            tally.reached["in_patience"] += waited <= timedelta(minutes=story.person.patience)


def _carry_out(plan: Plan, moment: Moment, person: Person, luck: Random, tally: Tally) -> datetime | None:
    """When the person knew; None: never. Rungs stop as they do in life, by what the shop can see."""
    ways = {(way.channel, way.inbox_id, way.address): way for way in moment.facts.ways}
    known: datetime | None = None
    for position, step in enumerate(plan.steps):
        way = ways[step.channel, step.inbox_id, step.address]
        kind = class_of(way.able)
        _count(step, way, plan, moment, tally)
        chance = luck.random()
        if kind == CALL:
            read = step.at if chance < person.picks_up and step.channel not in person.dead else None
        else:
            delay = None if step.channel in person.dead else person.reads.get(kind)
            read = None if delay is None else step.at + timedelta(minutes=delay * (0.5 + chance))
        if read is not None and (known is None or read < known):
            known = read
        following = plan.steps[position + 1].at if position + 1 < len(plan.steps) else None
        if following is None or _seen(step, read, following, dead=step.channel in person.dead):
            break
    return known


def _seen(step: Step, read: datetime | None, following: datetime, *, dead: bool) -> bool:
    """Whether the shop sees enough to leave the next rung out."""
    if step.voice or step.wait_for is Receipt.READ:
        return read is not None and read < following
    return not dead


def _count(step: Step, way: Way, plan: Plan, moment: Moment, tally: Tally) -> None:
    kind = class_of(way.able)
    tally.contacts[kind] = tally.contacts.get(kind, 0) + 1
    tally.cost += PRICES[kind] or (PAID_MESSAGE if way.able.cost == "per message" else 0.0)
    facts = moment.facts
    local = step.at.astimezone(zone_of(facts.zone) or zone_of(habit_of(facts.country).zone) or GREENWICH)
    tally.by_hour[local.hour] += 1
    asleep = not inside(local.hour * 60 + local.minute, AWAKE)
    tally.night += asleep and (way.able.rings or not moment.occasion.by_customer)
    tally.forbidden += is_forbidden(step, way, plan, moment, asleep=asleep)


def is_forbidden(step: Step, way: Way, plan: Plan, moment: Moment, *, asleep: bool) -> bool:
    """Against the customer's word, without their consent, a call before the delivery, or a sound at night."""
    facts, occasion = moment.facts, moment.occasion
    refused = set(facts.preferences.forbidden_channels)
    calls = {facts.preferences.call}
    if facts.order is not None:
        refused |= set(facts.order.wishes.forbidden_channels)
        calls.add(facts.order.wishes.call)
    if step.channel in refused or (way.able.rings and asleep):
        return True
    if plan.purpose is Purpose.PROMOTION and facts.preferences.consents.get("promotion") is not True:
        return True
    if not way.able.voice:
        return False
    unwanted = Call.NEVER in calls or (Call.ONLY_IF_URGENT in calls and not occasion.urgent) or "phone" in refused
    return unwanted or (plan.stage is not Stage.DELIVERY and not occasion.urgent)


def _crudely(occasion: Occasion, facts: Facts, now: datetime, media: Sequence[str]) -> Decision:
    """The first way of the first class that there is, at once."""
    rule = BUILT_IN.rules.get(occasion.kind)
    if rule is None or not rule.tell:
        return Silence(Because(Why.NOT_TOLD))
    if facts.order is not None and facts.order.status is Status.CANCELLED and rule.until is not None:
        return Silence(Because(Why.OVERTAKEN))
    for kind in media:
        for way in facts.ways:
            if class_of(way.able) == kind and not way.refusal and not way.paused:
                where = (way.channel, way.inbox_id, way.identity_id, way.address)
                step = Step(*where, now, None, 0, (Because(Why.AT_ONCE),), way.able.voice)
                return Plan(rule.stage, rule.purpose, (step,))
    return Silence(Because(Why.NO_CHANNEL), needs_person=True)
