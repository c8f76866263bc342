"""What is due is said. A plan is decided again before each of its rungs, for facts change: what was true when it was
made may have been overtaken, refused or answered since.

Two units of work: one leases, one carries out. Whoever stops in between leaves the plan due again when the lease ends;
whoever comes too late finds another lease on it. A rung is written in the same transaction as its message, and its key
is (plan, position): it cannot be written twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prilavok.domain.digest import leading, still_to_tell
from prilavok.domain.events import PlanChanged, TaskChanged
from prilavok.domain.plan import IN_SENDING, Because, Decision, Plan, Purpose, Silence, Step, Why
from prilavok.domain.policy import decide
from prilavok.domain.receipt import RANK, Receipt
from prilavok.domain.rules import Policy
from prilavok.domain.written import because_out, occasion_in, rejected_out, step_out
from prilavok.flows.attempt.say import Letter, write
from prilavok.flows.attempt.words import Words
from prilavok.flows.circumstances import Circumstances, Matter, policy_of
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import messages, outbox, plans, tasks
from prilavok.store.questions import Row

LEASE = timedelta(seconds=60)
LATER = timedelta(minutes=5)  # until a plan that failed is tried again
TO_CALL = timedelta(hours=24)  # a person has, where the step does not say


@dataclass(frozen=True, slots=True)
class Leased:
    shop_id: int
    plan_id: str
    until: datetime


def due(unit: Unit, limit: int) -> list[Leased]:
    """Leases what is due, oldest first."""
    rows = plans.claim(unit.db, unit.now, LEASE, limit)
    return [Leased(row["shop_id"], row["id"], row["lease_until"]) for row in rows]


def carry_out(unit: Unit, shop_id: int, leased: Sequence[Leased]) -> None:
    """Takes the next step of each of these plans of one shop."""
    ours = {one.plan_id: one.until for one in leased}
    rows = [dict(row) for row in plans.locked(unit.db, shop_id, ours) if row["lease_until"] == ours[row["id"]]]
    begun = plans.attempts_of(unit.db, shop_id, [row["id"] for row in rows])
    steps = [Stepping(row, begun.get(row["id"], [])) for row in rows]
    for one in steps:
        _settle_last(unit, one)
    moving = [one for one in steps if not one.postponed]
    known = Circumstances(unit, shop_id, [one.matter() for one in moving])
    words = Words(unit, known, [one.plan for one in moving])
    policy = policy_of(unit, shop_id)
    letters = [letter for one in moving if (letter := _step(unit, one, known, words, policy)) is not None]
    plans.save_steps(unit.db, [one.plan for one in steps])
    plans.add_attempts(unit.db, [one.attempt for one in steps if one.attempt is not None])
    if letters:
        write(unit, shop_id, letters)
    for order_id in dict.fromkeys(one.plan["order_id"] for one in steps):
        unit.emit(PlanChanged(shop_id=shop_id, ref_id=order_id))


def give_back(unit: Unit, leased: Leased) -> None:
    """Could not be carried out: somebody has been told, and it is tried again."""
    row = plans.get(unit.db, leased.shop_id, leased.plan_id, lock=True)
    if row is not None and row["lease_until"] == leased.until:
        changes = {"due_at": unit.now + LATER, "lease_until": None}
        plans.change(unit.db, leased.shop_id, leased.plan_id, changes)


class Stepping:
    """One plan while its step is taken: `plan` as it will be stored, `attempt` the new rung."""

    def __init__(self, plan: dict[str, Any], attempts: Sequence[Row]) -> None:
        self.plan = plan
        self.attempts = list(attempts)
        self.attempt: dict[str, Any] | None = None
        self.postponed = False
        plan["lease_until"] = None

    def occasions(self) -> list[Mapping[str, Any]]:
        """Those that nothing has overtaken; the one that decides first."""
        return leading(still_to_tell(self.plan["occasions"]))

    def matter(self, occasion: Mapping[str, Any] | None = None) -> Matter:
        tried = frozenset((one["channel"], one["address"]) for one in self.attempts)
        chosen = occasion or self.occasions()[0]
        told, caller = occasion_in(chosen), str((chosen.get("data") or {}).get("caller", ""))
        return Matter(self.plan["contact_id"], self.plan["order_id"], told, self.plan["id"], tried, caller)

    def postpone(self, at: datetime) -> None:
        self.plan["due_at"] = at
        self.postponed = True

    def end(self, state: str, because: Because, now: datetime) -> None:
        self.plan |= {"state": state, "because": because_out(because), "due_at": None, "ended_at": now}


def _settle_last(unit: Unit, one: Stepping) -> None:
    """The time of the rung before is over: nothing was heard of it."""
    if not one.attempts:
        return
    last = one.attempts[-1]
    if last["state"] != "waiting":
        return
    shop_id, plan_id = one.plan["shop_id"], one.plan["id"]
    if last["task_id"] is not None:  # nobody called while it was allowed
        tasks.end(unit.db, shop_id, last["task_id"], state="dropped", result="", by=None, now=unit.now)
        unit.emit(TaskChanged(shop_id=shop_id, ref_id=one.plan["order_id"]))
    elif last["message_id"] is not None:
        parcel = outbox.of_message(unit.db, shop_id, last["message_id"])
        if parcel is not None and parcel["state"] == "leased":
            one.postpone(unit.now + LATER)
            return
        if parcel is not None:
            outbox.remove(unit.db, shop_id, parcel["id"])
        changes = {"receipt": Receipt.FAILED.value, "reason": "could not be sent within a day"}
        messages.change(unit.db, shop_id, last["message_id"], changes)
    plans.change_attempt(unit.db, shop_id, plan_id, last["position"], {"state": "failed"})
    one.attempts[-1] = {**last, "state": "failed"}


def _step(unit: Unit, one: Stepping, known: Circumstances, words: Words, policy: Policy) -> Letter | None:
    """Decides again, and does what was decided. A letter, when something is to be written now."""
    match _decide_again(one, known, policy, unit.now):
        case Silence() as silence:
            _fall_silent(unit, one, silence)
            return None
        case Plan() as plan:
            steps = _remaining(one, plan, policy)
            one.plan |= {
                "stage": plan.stage.value,
                "steps": [*one.plan["steps"][: len(one.attempts)], *map(step_out, steps)],
                "rejected": rejected_out(plan.rejected, plan.steps),
                "policy_version": plan.policy_version,
                "position": len(one.attempts),
            }
            if steps[0].at > unit.now:
                one.plan |= {"state": "waiting", "due_at": steps[0].at}
                return None
            if not steps[0].voice:
                return _say(unit, one, steps[0], known, words)
            _call(unit, one, steps[0])
            return None


def _decide_again(one: Stepping, known: Circumstances, policy: Policy, now: datetime) -> Decision:
    """By the occasion that leads; by another one, when that one is not to be told any more."""
    decision: Decision | None = None
    for occasion in one.occasions():
        matter = one.matter(occasion)
        found = decide(matter.occasion, known.facts_of(matter), policy, now)
        if isinstance(found, Plan):
            return found
        decision = decision or found
    assert decision is not None  # an occasion always remains
    return decision


def _remaining(one: Stepping, plan: Plan, policy: Policy) -> list[Step]:
    """The rungs that are left of those the rule allows; the first says what it follows."""
    said = sum(attempt["state"] == "sent" for attempt in one.attempts)
    rule = policy.rules.get(one.plan["kind"])
    allowed = max(1, (rule.rungs if rule is not None else len(plan.steps)) - said)
    steps = list(plan.steps[:allowed])
    if one.attempts:
        last = one.attempts[-1]
        data = {"after": last["channel"], "minutes": last["within"] // 60, "receipt": last["wait_for"]}
        if last["state"] == "failed":
            data |= {"failed": True}
        steps[0] = steps[0]._replace(because=(Because(Why.FALLBACK, data), *steps[0].because))
    steps[-1] = steps[-1]._replace(wait_for=None, within=0)
    return steps


def _fall_silent(unit: Unit, one: Stepping, silence: Silence) -> None:
    """Overtaken or refused meanwhile; or every way was tried, and a person must look."""
    nobody = silence.because.why is Why.NO_CHANNEL
    one.plan["rejected"] = rejected_out(silence.rejected)
    one.end("unreached" if nobody else "stopped", silence.because, unit.now)
    if nobody and one.plan["purpose"] == Purpose.TRANSACTIONAL:
        _task(unit, one, "look", [silence.because])


def _call(unit: Unit, one: Stepping, step: Step) -> None:
    """A person calls; the plan waits for what they say about it."""
    not_after = unit.now + (timedelta(seconds=step.within) if step.wait_for is not None else TO_CALL)
    task_id = _task(unit, one, "call", step.because, phone=step.address, not_before=step.at, not_after=not_after)
    one.attempt = _attempt_row(unit, one, step) | {"task_id": task_id}
    one.plan |= {"state": "watching", "due_at": not_after}


def _say(unit: Unit, one: Stepping, step: Step, known: Circumstances, words: Words) -> Letter:
    inbox = known.inboxes[step.inbox_id]
    stop = words.stop(one.plan)
    letter = Letter(
        plan=one.plan,
        inbox=inbox,
        identity_id=step.identity_id,
        rendered=words.render(one.plan, inbox),
        subject=words.subject(one.plan),
        why=[because_out(reason) for reason in step.because],
        links={"unsubscribe": stop} if stop else {},
    )
    one.attempt = _attempt_row(unit, one, step) | {"message_id": letter.message_id}
    one.plan |= {"state": "sending", "due_at": unit.now + IN_SENDING}
    if inbox.capabilities.direct:
        _sent_at_once(unit, one, step)
    return letter


def _sent_at_once(unit: Unit, one: Stepping, step: Step) -> None:
    """The reader's socket is ours: the clock starts now."""
    assert one.attempt is not None
    one.attempt |= {"state": "sent", "sent_at": unit.now, "receipt": Receipt.SENT.value, "receipt_at": unit.now}
    if step.wait_for is None or RANK[step.wait_for] <= RANK[Receipt.SENT]:
        proof = {"by": "receipt", "position": one.plan["position"], "receipt": Receipt.SENT.value}
        one.end("reached", Because(Why.ANSWERED, proof), unit.now)
    else:
        one.plan |= {"state": "watching", "due_at": unit.now + timedelta(seconds=step.within)}


def _attempt_row(unit: Unit, one: Stepping, step: Step) -> dict[str, Any]:
    return {
        "shop_id": one.plan["shop_id"],
        "plan_id": one.plan["id"],
        "position": one.plan["position"],
        "channel": step.channel,
        "inbox_id": step.inbox_id or None,
        "identity_id": step.identity_id or None,
        "address": step.address,
        "wait_for": step.wait_for.value if step.wait_for is not None else None,
        "within": step.within,
        "because": [because_out(reason) for reason in step.because],
        "state": "waiting",
        "message_id": None,
        "task_id": None,
        "created_at": unit.now,
        "sent_at": None,
        "receipt": None,
        "receipt_at": None,
    }


def _task(unit: Unit, one: Stepping, kind: str, because: Sequence[Because], **more: Any) -> str:
    task_id = new_id()
    row = {
        "shop_id": one.plan["shop_id"],
        "id": task_id,
        "kind": kind,
        "order_id": one.plan["order_id"],
        "contact_id": one.plan["contact_id"],
        "plan_id": one.plan["id"],
        "because": [because_out(reason) for reason in because],
        "created_at": unit.now,
    }
    tasks.add(unit.db, {**row, **more})
    unit.emit(TaskChanged(shop_id=one.plan["shop_id"], ref_id=one.plan["order_id"]))
    return task_id
