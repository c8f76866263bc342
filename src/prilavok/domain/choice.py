"""Which ways to a customer may be used, in which order, and why the others may not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from prilavok.domain.capabilities import BLOCKED, Capabilities
from prilavok.domain.country import CALL, CLASSES, MAIL, MESSENGER, SMS, habit_of
from prilavok.domain.facts import Facts, Occasion, Way
from prilavok.domain.plan import Because, Purpose, Rejected, Stage, Why
from prilavok.domain.receipt import RANK, Receipt
from prilavok.domain.rules import Policy, Rule
from prilavok.domain.timing import Timing
from prilavok.domain.wishes import Call, Wishes

LATELY = timedelta(days=90)  # an older letter says little about where somebody reads today
COSTS = {"free": 0, "low": 1}
PHONE = "phone"  # the word by which people refuse calls, whatever the medium of the calls is
NO_WISHES = Wishes()
SHARED = {one: Because(one) for one in Why}
REFUSALS = {"never_wrote": Why.NEVER_WROTE, "window_shut": Why.WINDOW_SHUT}
Key = tuple[int, int, int, float, int, int, int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A way that may be used, with the reasons for its place. `wait_for`: the best proof that exists there."""

    way: Way
    wait_for: Receipt
    because: tuple[Because, ...]


def class_of(able: Capabilities) -> str:
    """What a policy calls such a channel."""
    if able.voice:
        return CALL
    if able.rings:
        return SMS
    return MAIL if able.address_kind == "email" else MESSENGER


def choose(
    occasion: Occasion, facts: Facts, policy: Policy, rule: Rule, timing: Timing
) -> tuple[list[Chosen], list[Rejected]]:
    """The best way first. Every way is either here or there."""
    wishes = facts.order.wishes if facts.order is not None else NO_WISHES
    preferred = (*wishes.preferred_channels, *facts.preferences.preferred_channels)
    refused = {*wishes.forbidden_channels, *facts.preferences.forbidden_channels}
    rejected: list[Rejected] = []
    usable: list[tuple[Key, int, Way, Why]] = []
    habits = policy.habits.get(facts.country) or habit_of(facts.country).media
    silently = timing.own_act and timing.asleep()
    for place, way in enumerate(facts.ways):
        why = _why_not(way, refused, occasion, facts, rule, wishes)
        if why is not None:
            rejected.append(Rejected(way.channel, why, way.address))
            continue
        key, reason = _rank(way, preferred, habits, policy, timing.start, silently=silently)
        usable.append((key, place, way, reason))
    usable.sort(key=_order)
    for word in dict.fromkeys(preferred):
        if word != PHONE and all(way.channel != word for way in facts.ways):
            rejected.append(Rejected(word, Because(Why.NOT_CONNECTED, {"asked": True})))
    chosen: list[Chosen] = []
    seen: set[tuple[str, str]] = set()
    for _, _, way, reason in usable:
        address = (way.channel, way.address)
        if address in seen:
            rejected.append(Rejected(way.channel, SHARED[Why.SAME_ADDRESS], way.address))
            continue
        seen.add(address)
        chosen.append(_chosen(way, reason, len(usable), facts, rule, timing))
    return chosen, rejected


def _order(one: tuple[Key, int, Way, Why]) -> tuple[Key, int]:
    return one[0], one[1]


def _why_not(
    way: Way, refused: set[str], occasion: Occasion, facts: Facts, rule: Rule, wishes: Wishes
) -> Because | None:
    able = way.able
    if able.voice and (why := _why_no_call(refused, occasion, facts, rule, wishes)):
        return why
    if way.channel in refused:
        return SHARED[Why.REFUSED]
    if able.public:
        return SHARED[Why.PUBLIC]
    if way.paused:
        return SHARED[Why.PAUSED]
    if way.refusal or not way.reachable:
        return _unreachable(way.refusal)
    if (way.channel, way.address) in facts.tried:
        return SHARED[Why.TRIED]
    kind = class_of(able)
    if kind in rule.media or way.channel in rule.media or (able.voice and occasion.urgent):
        return None
    return SHARED[Why.NOT_IN_POLICY]


def _why_no_call(refused: set[str], occasion: Occasion, facts: Facts, rule: Rule, wishes: Wishes) -> Because | None:
    """What no policy can allow. Whoever has refused calls once, here or for good, is not called."""
    word = wishes.call if wishes.call is not Call.NO_STATEMENT else facts.preferences.call
    if PHONE in refused or Call.NEVER in (wishes.call, facts.preferences.call):
        return SHARED[Why.NO_CALLS]
    if word is Call.ONLY_IF_URGENT and not occasion.urgent:
        return Because(Why.NO_CALLS, {"unless": "urgent"})
    if rule.purpose is not Purpose.TRANSACTIONAL:
        return SHARED[Why.CALLS_ONLY_AT_DELIVERY]
    if rule.stage is Stage.DELIVERY:
        return None
    if word is Call.BEFORE_ARRIVAL:
        return Because(Why.NO_CALLS, {"unless": "arrival"})
    if occasion.urgent:
        return None
    return Because(Why.CALLS_ONLY_AT_DELIVERY, {"asked": word is Call.REQUIRED})


def _unreachable(refusal: str) -> Because:
    if refusal in REFUSALS:
        return SHARED[REFUSALS[refusal]]
    _, _, reason = refusal.partition(": ")
    if reason == BLOCKED:
        return SHARED[Why.BLOCKED]
    return Because(Why.UNREACHABLE, {"reason": reason}) if reason else SHARED[Why.UNREACHABLE]


def _rank(
    way: Way, preferred: tuple[str, ...], habits: tuple[str, ...], policy: Policy, now: datetime, *, silently: bool
) -> tuple[Key, Why]:
    """The customer's word, then where they write and read, then the custom of the country and the price."""
    able = way.able
    named = preferred.index(way.channel) if way.channel in preferred else len(preferred)
    lately = 0.0
    seen = way.last_inbound
    if way.last_read is not None and (seen is None or way.last_read > seen):
        seen = way.last_read
    if seen is not None and not able.voice and now - seen <= LATELY:
        lately = -seen.timestamp()
    habit = _place(way.channel, class_of(able), habits)
    cost = COSTS.get(able.cost, 2)
    first, second = (cost, habit) if policy.prefer == "cost" else (habit, cost)
    loud = able.rings and silently and named == len(preferred)
    key = (named, int(able.voice), int(loud), lately, first, second, CLASSES.index(class_of(able)))
    if named < len(preferred):
        return key, Why.ASKED_FOR
    if lately:
        return key, Why.WROTE_HERE
    return key, Why.CHEAPER if policy.prefer == "cost" else Why.HABIT


def _place(channel: str, kind: str, habits: tuple[str, ...]) -> int:
    if channel in habits:
        return habits.index(channel)
    return habits.index(kind) if kind in habits else len(habits)


def _chosen(way: Way, reason: Why, ways: int, facts: Facts, rule: Rule, timing: Timing) -> Chosen:
    able = way.able
    because: list[Because] = []
    if able.voice:
        because.append(SHARED[Why.AT_DELIVERY if rule.stage is Stage.DELIVERY else Why.MARKED_URGENT])
    if reason is Why.HABIT and ways == 1:
        because.append(SHARED[Why.ONLY_WAY])
    elif reason is Why.HABIT:
        because.append(Because(Why.HABIT, {"country": facts.country}))
    else:
        because.append(SHARED[reason])
    if timing.guessed:
        because.append(Because(Why.UNKNOWN_ZONE, {"zone": timing.zone.key, "country": facts.country}))
    wait_for = _best_proof(able, rule.wait_for)
    if wait_for is not rule.wait_for and not able.voice:
        if rule.insist:
            wait_for = rule.wait_for
        proof = "answer" if rule.insist else wait_for.value
        because.append(Because(Why.NO_READ_RECEIPT, {"wanted": rule.wait_for.value, "waits_for": proof}))
    return Chosen(way, wait_for, tuple(because))


def _best_proof(able: Capabilities, wanted: Receipt) -> Receipt:
    """The receipt that exists here and comes nearest to what is wanted."""
    if wanted in able.receipts:
        return wanted
    if Receipt.DELIVERED in able.receipts and RANK[wanted] > RANK[Receipt.DELIVERED]:
        return Receipt.DELIVERED
    return Receipt.SENT
