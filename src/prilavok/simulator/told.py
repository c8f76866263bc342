"""What the customers of the latest orders were told, and why: decided by the same rules as today's, as things stood
then; how it went is drawn from what each channel can prove.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from prilavok.domain.capabilities import why_not
from prilavok.domain.digest import leading, still_to_tell
from prilavok.domain.facts import Facts, Occasion, OrderFacts, Way
from prilavok.domain.order import Happened, OrderEvent, is_paid, status_of
from prilavok.domain.plan import Because, Plan, Silence, Step, Why, reached
from prilavok.domain.policy import decide
from prilavok.domain.receipt import Receipt
from prilavok.domain.rules import BUILT_IN
from prilavok.domain.wishes import wishes_from
from prilavok.domain.written import because_out, occasion_out, rejected_out, step_out
from prilavok.flows.directory import Served
from prilavok.kit.ids import new_id

OF_THE_CUSTOMER = frozenset({Happened.PLACED, Happened.CHANGED, Happened.PAID, Happened.CONFIRMED, Happened.CANCELLED})
CLIMBS = (Receipt.SENT, Receipt.DELIVERED, Receipt.READ)
SOON = timedelta(seconds=20)  # what is a person's to do is decided again when the demo runs
UNREAD = 0.15  # of what was sent stays where it is until the next rung


@dataclass(slots=True)
class Told:
    """Rows of `plans`, `attempts`, `silences`; and what was written: (plan, attempt, the occasions of the message)."""

    plans: list[dict[str, Any]] = field(default_factory=list)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    silences: list[dict[str, Any]] = field(default_factory=list)
    letters: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Customer:
    """An address is a row of `identities`."""

    addresses: Sequence[Mapping[str, Any]]
    inboxes: Mapping[str, Sequence[Served]]  # by scope


def tell(
    rng: random.Random,
    order: Mapping[str, Any],
    events: Sequence[OrderEvent],
    who: Customer,
    now: datetime,
    *,
    deaf: bool = False,
) -> Told:
    """`order` is a row of `orders`; `events` oldest first. Of `deaf` customers nothing is heard in writing."""
    told, said = Told(), set[str]()
    for place, event in enumerate(events):
        by_customer = event.kind in OF_THE_CUSTOMER
        occasion = Occasion(kind=event.kind.value, at=event.at, key=event.key, by_customer=by_customer)
        key = f"{occasion.kind}:{occasion.key}" if occasion.key else occasion.kind
        facts = _facts(order, events[: place + 1], who, event.at, frozenset(said))
        said.add(key)
        match decide(occasion, facts, BUILT_IN, event.at):
            case Silence() as silence:
                told.silences.append(_silence(order, occasion, silence))
            case Plan() as plan:
                written = occasion_out(occasion, event.data)
                if not _joined(told, plan, written, event.at):
                    told.plans.append(_plan(order, occasion, plan, written))
    for row in told.plans:
        _carry_out(rng, told, row, now, deaf)
    return told


def _facts(
    order: Mapping[str, Any], until: Sequence[OrderEvent], who: Customer, at: datetime, said: frozenset[str]
) -> Facts:
    return Facts(
        ways=tuple(_ways(who, at)),
        zone=order["timezone"],
        country=order["country"],
        order=OrderFacts(status_of(until), is_paid(until), wishes_from(order["wishes"])),
        told=said,
    )


def _ways(who: Customer, at: datetime) -> list[Way]:
    found = []
    for address in who.addresses:
        wrote = address["last_at"] if address["inbox_id"] else None
        wrote = min(wrote, at) if wrote is not None else None
        for inbox in who.inboxes.get(address["scope"], ()):
            able = inbox.capabilities
            refusal = why_not(
                able, reachable=address["reachable"], blocked_because=address["reason"], last_inbound=wrote, now=at
            )
            found.append(
                Way(
                    channel=able.medium or inbox.kind,
                    address=address["address"],
                    able=able,
                    inbox_id=inbox.id,
                    identity_id=address["id"],
                    reachable=address["reachable"],
                    refusal=refusal,
                    last_inbound=wrote,
                )
            )
    return found


def _joined(told: Told, plan: Plan, written: dict[str, Any], at: datetime) -> bool:
    """Whether it goes into the message before it, of which nothing had been said yet."""
    last = told.plans[-1] if told.plans else None
    if last is None or last["due"] <= at or last["purpose"] != plan.purpose.value:
        return False
    last["occasions"].append(written)
    if leading(still_to_tell(last["occasions"]))[0] is written:
        last |= {"steps": [step_out(one) for one in plan.steps], "plan": plan, "due": plan.steps[0].at}
    return True


def _plan(order: Mapping[str, Any], occasion: Occasion, plan: Plan, written: dict[str, Any]) -> dict[str, Any]:
    return {
        "shop_id": order["shop_id"],
        "id": new_id(),
        "contact_id": order["contact_id"],
        "order_id": order["id"],
        "kind": occasion.kind,
        "key": occasion.key,
        "stage": plan.stage.value,
        "purpose": plan.purpose.value,
        "state": "waiting",
        "occasions": [written],
        "steps": [step_out(one) for one in plan.steps],
        "rejected": rejected_out(plan.rejected, plan.steps),
        "policy_version": plan.policy_version,
        "because": None,
        "position": 0,
        "due_at": None,
        "ended_at": None,
        "decided_at": occasion.at,
        "plan": plan,  # these two are not stored
        "due": plan.steps[0].at,
    }


def _silence(order: Mapping[str, Any], occasion: Occasion, silence: Silence) -> dict[str, Any]:
    return {
        "shop_id": order["shop_id"],
        "id": new_id(),
        "contact_id": order["contact_id"],
        "order_id": order["id"],
        "kind": occasion.kind,
        "key": occasion.key,
        "because": because_out(silence.because),
        "rejected": rejected_out(silence.rejected),
        "policy_version": silence.policy_version,
        "needs_person": False,
        "at": occasion.at,
    }


def _carry_out(rng: random.Random, told: Told, row: dict[str, Any], now: datetime, deaf: bool) -> None:
    """Rung by rung until one is reached, or until today."""
    at = row["due"]
    unread = 1.0 if deaf and row is told.plans[-1] else UNREAD
    for position, step in enumerate(row["plan"].steps):
        at = max(at, step.at) + timedelta(seconds=rng.uniform(1, 6))
        if at > now or step.voice:
            row |= {"state": "waiting", "position": position, "due_at": max(step.at, now + SOON)}
            return
        attempt = _attempt(rng, row, position, step, at, now, unread)
        told.attempts.append(attempt)
        told.letters.append((row, attempt))
        if attempt["state"] == "sent" and reached(step, Receipt(attempt["receipt"])):
            proof = (step.wait_for or Receipt.SENT).value
            because = because_out(Because(Why.ANSWERED, {"by": "receipt", "position": position, "receipt": proof}))
            ended = {"state": "reached", "because": because, "due_at": None, "ended_at": attempt["receipt_at"]}
            row |= {**ended, "position": position}
            return
        due = at + timedelta(seconds=step.within)
        row |= {"state": "watching", "position": position, "due_at": due}
        at = due
    if row["due_at"] is not None and row["due_at"] <= now:
        because = because_out(Because(Why.NO_CHANNEL))
        row |= {"state": "unreached", "because": because, "due_at": None, "ended_at": row["due_at"]}


def _attempt(
    rng: random.Random,
    row: Mapping[str, Any],
    position: int,
    step: Step,
    at: datetime,
    now: datetime,
    unread: float,
) -> dict[str, Any]:
    wanted = step.wait_for or Receipt.SENT
    patient = timedelta(seconds=step.within or 3600)
    came = CLIMBS[: CLIMBS.index(wanted) + 1] if rng.random() > unread or wanted is Receipt.SENT else (Receipt.SENT,)
    receipt_at = at if came[-1] is Receipt.SENT else at + patient * rng.uniform(0.02, 0.7)
    if receipt_at > now:
        came, receipt_at = (Receipt.SENT,), at
    return {
        "shop_id": row["shop_id"],
        "plan_id": row["id"],
        "position": position,
        "channel": step.channel,
        "inbox_id": step.inbox_id or None,
        "identity_id": step.identity_id or None,
        "address": step.address,
        "wait_for": step.wait_for.value if step.wait_for is not None else None,
        "within": step.within,
        "because": [because_out(one) for one in step.because],
        "state": "sent",
        "message_id": new_id(),
        "created_at": at,
        "sent_at": at,
        "receipt": came[-1].value,
        "receipt_at": receipt_at,
    }
