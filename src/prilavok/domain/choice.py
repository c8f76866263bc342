"""Which ways to a customer may be used, in which order, and why the others may not."""

from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from prilavok.domain.capabilities import BLOCKED, Capabilities
from prilavok.domain.country import CALL, MAIL, MESSENGER, SMS, habit_of
from prilavok.domain.facts import Facts, Occasion, Way
from prilavok.domain.plan import Because, Purpose, Rejected, Stage, Why
from prilavok.domain.receipt import RANK, Receipt
from prilavok.domain.rules import Policy, Rule
from prilavok.domain.timing import Timing
from prilavok.domain.wishes import Call, Wishes

LATELY = timedelta(days=90)  # an older letter says little about where somebody reads today
COSTS = {"free": 0, "low": 1}
MAILBOX = "email"  # a kind of address
PHONE = "phone"  # the word by which people refuse calls, whatever the medium of the calls is
NO_WISHES = Wishes()

# Reasons without particulars are made once: a decision is made many thousand times a second.
REFUSED, PUBLIC, PAUSED = Because(Why.REFUSED), Because(Why.PUBLIC), Because(Why.PAUSED)
TRIED, NOT_IN_POLICY, UNREACHABLE = Because(Why.TRIED), Because(Why.NOT_IN_POLICY), Because(Why.UNREACHABLE)
SAME_ADDRESS, LATER_RUNG, ONLY_WAY = Because(Why.SAME_ADDRESS), Because(Why.LATER_RUNG), Because(Why.ONLY_WAY)
ASKED_FOR, WROTE_HERE, CHEAPER = Because(Why.ASKED_FOR), Because(Why.WROTE_HERE), Because(Why.CHEAPER)
AT_DELIVERY, MARKED_URGENT = Because(Why.AT_DELIVERY), Because(Why.MARKED_URGENT)
NO_CALLS, NO_CALLS_UNLESS_URGENT = Because(Why.NO_CALLS), Because(Why.NO_CALLS, {"unless": "urgent"})
COMMENT_UNREAD = Because(Why.COMMENT_UNREAD)
NO_CALLS_BEFORE = Because(Why.NO_CALLS, {"unless": "arrival"})
ONLY_AT_DELIVERY = Because(Why.CALLS_ONLY_AT_DELIVERY)
ONLY_AT_DELIVERY_THOUGH_ASKED = Because(Why.CALLS_ONLY_AT_DELIVERY, {"asked": True})
SHUT = Because(Why.WINDOW_SHUT)
REFUSALS = {"never_wrote": Because(Why.NEVER_WROTE), "window_shut": SHUT, "no_template": SHUT}
TEMPLATE = "template_"  # begins the words for an approved text that may not be sent now


class Chosen(NamedTuple):
    """A way that may be used, with the reasons for its place. `wait_for`: the best proof that exists there; `weaker`
    says so where that proof is not the one that the rule wants.
    """

    way: Way
    wait_for: Receipt
    because: tuple[Because, ...]
    weaker: tuple[Because, ...]


# Sorted as it stands: the customer's word, calls last, what would have to wait for the morning after what need not,
# where they wrote lately (the later the less), then habit and cost (or the other way round), the place in the facts;
# with the way itself and the reason. A bare tuple: one is made for each way of each decision.
Candidate = tuple[int, bool, bool, float, int, int, int, Way, Because]


def class_of(able: Capabilities) -> str:
    """What a policy calls such a channel."""
    if able.voice:
        return CALL
    if able.rings:
        return SMS
    return MAIL if able.address_kind == MAILBOX else MESSENGER


def choose(
    occasion: Occasion, facts: Facts, policy: Policy, rule: Rule, timing: Timing
) -> tuple[list[Chosen], list[Rejected]]:
    """The best way first. Every way is either here or there."""
    wishes = facts.order.wishes if facts.order is not None else NO_WISHES
    preferred = (*wishes.preferred_channels, *facts.preferences.preferred_channels)
    refused = (*wishes.forbidden_channels, *facts.preferences.forbidden_channels)
    rejected: list[Rejected] = []
    usable: list[tuple[int, str, Way]] = []
    spare: list[tuple[int, str, Way]] = []  # in writing, and not what the rule had in mind
    for place, way in enumerate(facts.ways):
        kind = class_of(way.able)
        why = _why_not(way, kind, refused, occasion, facts, rule, wishes)
        if why is None:
            usable.append((place, kind, way))
        elif why is NOT_IN_POLICY and not way.able.voice:
            spare.append((place, kind, way))
        else:
            rejected.append(Rejected(way.channel, why, way.address, way.inbox_id))
    if usable or rule.purpose is not Purpose.TRANSACTIONAL:
        rejected += [Rejected(way.channel, NOT_IN_POLICY, way.address, way.inbox_id) for _, _, way in spare]
    else:
        usable = spare  # rather so than not at all
    if preferred:
        _miss(preferred, facts, rejected)
    ranked = _ranked(usable, preferred, facts, policy, timing)
    return _each_once(ranked, rejected, rule, timing), rejected


def _ranked(
    usable: list[tuple[int, str, Way]], preferred: tuple[str, ...], facts: Facts, policy: Policy, timing: Timing
) -> list[Candidate]:
    habits = policy.habits.get(facts.country) or habit_of(facts.country).media
    silently = timing.own_act and timing.asleep()
    found = [
        _candidate(way, kind, place, preferred, habits, facts, policy, timing, silently=silently)
        for place, kind, way in usable
    ]
    if len(found) > 1:
        found.sort()
    return found


def _each_once(ranked: list[Candidate], rejected: list[Rejected], rule: Rule, timing: Timing) -> list[Chosen]:
    """Two inboxes may reach the same address."""
    chosen: list[Chosen] = []
    if len(ranked) == 1:
        way, reason = ranked[0][-2:]
        return [_chosen(way, ONLY_WAY if reason.why is Why.HABIT else reason, rule, timing)]
    seen: set[tuple[str, str]] = set()
    for one in ranked:
        way = one[-2]
        where = way.channel, way.address
        if where in seen:
            rejected.append(Rejected(way.channel, SAME_ADDRESS, way.address, way.inbox_id))
            continue
        seen.add(where)
        chosen.append(_chosen(way, one[-1], rule, timing))
    return chosen


def _miss(preferred: tuple[str, ...], facts: Facts, rejected: list[Rejected]) -> None:
    """What they asked for and have no address in."""
    known = {way.channel for way in facts.ways}
    for word in dict.fromkeys(preferred):
        if word != PHONE and word not in known:
            rejected.append(Rejected(word, Because(Why.NOT_CONNECTED, {"asked": True})))


def _why_not(
    way: Way, kind: str, refused: tuple[str, ...], occasion: Occasion, facts: Facts, rule: Rule, wishes: Wishes
) -> Because | None:
    able = way.able
    if able.voice and (why := why_no_call(refused, occasion, facts, rule, wishes)):
        return why
    if way.channel in refused:
        return REFUSED
    if able.public:
        return PUBLIC
    if way.paused:
        return PAUSED
    if way.refusal or not way.reachable:
        return _unreachable(way.refusal)
    if facts.tried and (way.channel, way.address) in facts.tried:
        return TRIED
    if kind in rule.media or way.channel in rule.media or (able.voice and occasion.urgent):
        return None
    return NOT_IN_POLICY


def why_no_call(
    refused: tuple[str, ...], occasion: Occasion, facts: Facts, rule: Rule, wishes: Wishes
) -> Because | None:
    """What no policy can allow. Whoever has refused calls once, here or for good, is not called; nor is whoever may
    have, before a person has read what they wrote.
    """
    here, for_good = wishes.call, facts.preferences.call
    if PHONE in refused or here is Call.NEVER or for_good is Call.NEVER:
        return NO_CALLS
    if facts.order is not None and facts.order.comment_unread:
        return COMMENT_UNREAD
    word = for_good if here is Call.NO_STATEMENT else here
    if word is Call.ONLY_IF_URGENT and not occasion.urgent:
        return NO_CALLS_UNLESS_URGENT
    if rule.purpose is not Purpose.TRANSACTIONAL:
        return ONLY_AT_DELIVERY
    if rule.stage is Stage.DELIVERY:
        return None
    if word is Call.BEFORE_ARRIVAL:
        return NO_CALLS_BEFORE
    if occasion.urgent:
        return None
    return ONLY_AT_DELIVERY_THOUGH_ASKED if word is Call.REQUIRED else ONLY_AT_DELIVERY


def _unreachable(refusal: str) -> Because:
    if refusal in REFUSALS:
        return REFUSALS[refusal]
    word, _, reason = refusal.partition(": ")
    if word.startswith(TEMPLATE):
        return SHUT
    if reason == BLOCKED:
        return Because(Why.BLOCKED)
    return Because(Why.UNREACHABLE, {"reason": reason}) if reason else UNREACHABLE


def _candidate(
    way: Way,
    kind: str,
    place: int,
    preferred: tuple[str, ...],
    habits: tuple[str, ...],
    facts: Facts,
    policy: Policy,
    timing: Timing,
    *,
    silently: bool,
) -> Candidate:
    able = way.able
    habit, cost = _place(way.channel, kind, habits), COSTS.get(able.cost, 2)
    by_cost = policy.prefer == "cost"
    first, second = (cost, habit) if by_cost else (habit, cost)
    lately = 0.0 if able.voice else _lately(way, timing)
    if preferred and way.channel in preferred:
        return preferred.index(way.channel), able.voice, False, lately, first, second, place, way, ASKED_FOR
    reason = WROTE_HERE if lately else CHEAPER if by_cost else _habit(facts.country)
    return len(preferred), able.voice, silently and able.rings, lately, first, second, place, way, reason


def _lately(way: Way, timing: Timing) -> float:
    """The later they wrote or read here, the less; 0 when it is long ago."""
    seen = way.last_inbound
    if way.last_read is not None and (seen is None or way.last_read > seen):
        seen = way.last_read
    return -seen.timestamp() if seen is not None and timing.start - seen <= LATELY else 0.0


@lru_cache(maxsize=4096)
def _place(channel: str, kind: str, habits: tuple[str, ...]) -> int:
    if channel in habits:
        return habits.index(channel)
    return habits.index(kind) if kind in habits else len(habits)


@lru_cache(maxsize=512)
def _habit(country: str) -> Because:
    return Because(Why.HABIT, {"country": country})


def _chosen(way: Way, reason: Because, rule: Rule, timing: Timing) -> Chosen:
    able = way.able
    because: tuple[Because, ...] = (reason,)
    if able.voice:
        because = (AT_DELIVERY if rule.stage is Stage.DELIVERY else MARKED_URGENT, reason)
    if timing.guessed:
        because = (*because, Because(Why.UNKNOWN_ZONE, {"zone": timing.zone.key, "country": timing.facts.country}))
    wanted = rule.wait_for
    if able.voice or wanted in able.receipts:
        return Chosen(way, wanted, because, ())
    wait_for, weaker = _best_proof(able.receipts, wanted, insist=rule.insist)
    return Chosen(way, wait_for, because, weaker)


@lru_cache(maxsize=256)
def _best_proof(receipts: frozenset[Receipt], wanted: Receipt, *, insist: bool) -> tuple[Receipt, tuple[Because, ...]]:
    """The receipt that exists here and comes nearest to what is wanted, and what is said about that. Who insists waits
    for more than a receipt.
    """
    there = Receipt.DELIVERED in receipts and RANK[wanted] > RANK[Receipt.DELIVERED]
    proof = Receipt.DELIVERED if there else Receipt.SENT
    data = {"wanted": wanted.value, "waits_for": "answer" if insist else proof.value}
    return wanted if insist else proof, (Because(Why.NO_READ_RECEIPT, data),)
