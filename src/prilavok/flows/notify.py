"""Something may have to be said: it is decided whether, where and when, and the decision is kept with its reasons.

What is decided close together goes into one message: a new occasion joins a plan of its order of which nothing has
been said yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prilavok.domain.digest import leading, still_to_tell
from prilavok.domain.events import (
    LeftUnsaid,
    OccasionArose,
    OccasionsArose,
    PlanChanged,
    StepsDue,
    TaskChanged,
    WishesChanged,
)
from prilavok.domain.facts import Occasion
from prilavok.domain.plan import Plan, Silence, Why
from prilavok.domain.policy import decide
from prilavok.domain.wishes import Call
from prilavok.domain.written import because_out, occasion_out, rejected_out, step_out
from prilavok.flows.circumstances import Circumstances, Matter, policy_of, unwanted_call
from prilavok.flows.queue import Queue
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id, new_ids
from prilavok.store import circumstances, orders, plans, tasks
from prilavok.store.questions import Row

# How a task ends whose customer asked since not to be called, or only about what is urgent.
ENDS = {Call.NEVER: "refused", Call.ONLY_IF_URGENT: "not_urgent"}


@dataclass(frozen=True, slots=True)
class Telling:
    """An occasion, of whom and of what, and what the text may speak of."""

    contact_id: str
    order_id: str | None
    occasion: Occasion
    data: Mapping[str, Any] = field(default_factory=dict)
    incident_id: str | None = None

    @property
    def matter(self) -> Matter:
        caller = str(self.data.get("caller", ""))
        return Matter(self.contact_id, self.order_id, self.occasion, caller=caller)


@dataclass(slots=True)
class Planned:
    """How many became a plan (joined ones too) and how many a silence."""

    plans: int = 0
    silences: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    quiet: list[dict[str, Any]] = field(default_factory=list)


def notify(unit: Unit, event: OccasionArose) -> None:
    """One occasion, as it arises."""
    plan_many(unit, event.shop_id, [Telling(event.contact_id, event.ref_id, event.occasion, event.data)])
    unit.emit(PlanChanged(shop_id=event.shop_id, ref_id=event.ref_id))


def notify_many(unit: Unit, event: OccasionsArose) -> None:
    """The same for many orders. What is said of an incident stays with the incident."""
    data = {name: value for name, value in event.data.items() if name != "texts"}
    known = circumstances.asked_of(unit.db, event.shop_id, event.order_ids)
    tellings = [
        Telling(known[one]["contact_id"], one, event.occasion, data, event.ref_id)
        for one in event.order_ids
        if one in known
    ]
    plan_many(unit, event.shop_id, tellings, known)


def plan_many(
    unit: Unit, shop_id: int, tellings: Sequence[Telling], orders: Mapping[str, Row] | None = None
) -> Planned:
    """Decides for any number of occasions in a handful of statements; one occasion an order. What an incident tells
    joins nothing: it can be stopped as a whole. `orders`: their rows, where they have just been read.
    """
    matters = [one.matter for one in tellings]
    known = Circumstances(unit, shop_id, matters, orders)
    policy = policy_of(unit, shop_id)
    outcome = Planned()
    incident = next((one.incident_id for one in tellings if one.incident_id), None)
    queue = Queue(unit, shop_id, incident, known.inboxes) if incident is not None else None
    pages = Pages()
    ids = iter(new_ids(len(tellings)))
    for telling, matter in zip(tellings, matters, strict=True):
        decision = decide(telling.occasion, known.facts_of(matter), policy, unit.now)
        match decision:
            case Silence():
                outcome.quiet.append(_silence_row(unit, shop_id, next(ids), telling, decision))
                if call := telling.data.get("call"):  # it waits in the inbox already
                    unit.emit(_unsaid(shop_id, telling, decision, str(call)))
                elif decision.needs_person:
                    _ask_a_person(unit, shop_id, telling, decision)
            case Plan():
                open_plan = None if telling.incident_id else _joinable(known, telling, decision)
                if open_plan is None or not _join(unit, shop_id, open_plan["id"], telling, decision):
                    row = _plan_row(unit, shop_id, next(ids), telling, decision, pages)
                    if queue is not None:
                        row["due_at"] += queue.wait(decision.steps[0].inbox_id)
                    outcome.rows.append(row)
                outcome.plans += 1
    outcome.silences = len(outcome.quiet)
    plans.add(unit.db, outcome.rows)
    plans.add_silences(unit.db, outcome.quiet)
    if queue is not None:
        queue.keep()
    if outcome.plans:
        unit.emit(StepsDue(shop_id=shop_id))
    return outcome


def reconsider(unit: Unit, event: WishesChanged) -> None:
    """The customer changed how they may be written to: whatever waits for them is decided again."""
    for order_id in dict.fromkeys(plans.hurry(unit.db, event.shop_id, event.ref_id or "", unit.now)):
        unit.emit(PlanChanged(shop_id=event.shop_id, ref_id=order_id))
    _call_off(unit, event.shop_id, event.ref_id or "")
    unit.emit(StepsDue(shop_id=event.shop_id))


def _call_off(unit: Unit, shop_id: int, contact_id: str) -> None:
    """Calls that wait to be made to somebody who does not want them since: no number is left for anybody to dial."""
    for task in tasks.calls_to(unit.db, shop_id, contact_id):
        order = orders.get(unit.db, shop_id, task["order_id"]) if task["order_id"] else None
        said = unwanted_call(unit.db, task, order)
        if said is None:
            continue
        tasks.end(unit.db, shop_id, task["id"], state="dropped", result=ENDS[said], by=None, now=unit.now)
        unit.emit(TaskChanged(shop_id=shop_id, ref_id=task["order_id"]))
        if task["plan_id"] is not None:  # only a new decision can ask for a call again
            plans.change(unit.db, shop_id, task["plan_id"], {"due_at": unit.now, "lease_until": None})


def _joinable(known: Circumstances, telling: Telling, decision: Plan) -> Row | None:
    """A plan of the same order, customer and purpose of which nothing has been said yet."""
    for row in reversed(known.planned.get(telling.order_id or "", [])):
        if (
            row["state"] == "waiting"
            and row["position"] == 0
            and row["incident_id"] is None
            and row["contact_id"] == telling.contact_id
            and row["purpose"] == decision.purpose
        ):
            return row
    return None


def _join(unit: Unit, shop_id: int, plan_id: str, telling: Telling, decision: Plan) -> bool:
    """False when the plan was begun a moment ago."""
    row = plans.get(unit.db, shop_id, plan_id, lock=True)
    if row is None or row["state"] != "waiting" or row["position"]:
        return False
    new = occasion_out(telling.occasion, telling.data)
    occasions = [*row["occasions"], new]
    changes: dict[str, Any] = {"occasions": occasions}
    first = decision.steps[0].at
    if leading(still_to_tell(occasions))[0] is new:
        changes |= {
            "steps": [step_out(one) for one in decision.steps],
            "rejected": rejected_out(decision.rejected, decision.steps),
            "stage": decision.stage.value,
            "policy_version": decision.policy_version,
        }
    if row["lease_until"] is None:  # else it is being carried out, with this occasion too
        changes["due_at"] = min(row["due_at"], first)
    plans.change(unit.db, shop_id, plan_id, changes)
    return True


class Pages:
    """What rows have in common is written down once: of an incident all tell the same."""

    def __init__(self) -> None:
        self.last: tuple[Occasion, Mapping[str, Any]] | None = None
        self.written: list[dict[str, Any]] = []

    def occasions(self, telling: Telling) -> list[dict[str, Any]]:
        if self.last is None or telling.occasion is not self.last[0] or telling.data is not self.last[1]:
            self.last = telling.occasion, telling.data
            self.written = [occasion_out(telling.occasion, telling.data)]
        return self.written


def _plan_row(unit: Unit, shop_id: int, plan_id: str, telling: Telling, decision: Plan, pages: Pages) -> dict[str, Any]:
    return {
        "shop_id": shop_id,
        "id": plan_id,
        "contact_id": telling.contact_id,
        "order_id": telling.order_id,
        "incident_id": telling.incident_id,
        "kind": telling.occasion.kind,
        "key": telling.occasion.key,
        "stage": decision.stage.value,
        "purpose": decision.purpose.value,
        "state": "waiting",
        "occasions": pages.occasions(telling),
        "steps": [step_out(one) for one in decision.steps],
        "rejected": rejected_out(decision.rejected, decision.steps),
        "policy_version": decision.policy_version,
        "due_at": decision.steps[0].at,
        "decided_at": unit.now,
    }


def _silence_row(unit: Unit, shop_id: int, silence_id: str, telling: Telling, decision: Silence) -> dict[str, Any]:
    return {
        "shop_id": shop_id,
        "id": silence_id,
        "contact_id": telling.contact_id,
        "order_id": telling.order_id,
        "incident_id": telling.incident_id,
        "kind": telling.occasion.kind,
        "key": telling.occasion.key,
        "because": because_out(decision.because),
        "rejected": rejected_out(decision.rejected),
        "policy_version": decision.policy_version,
        "needs_person": decision.needs_person,
        "at": unit.now,
    }


def _unsaid(shop_id: int, telling: Telling, decision: Silence, call: str) -> LeftUnsaid:
    """With what bars the way to the very number that rang, where that is why."""
    caller, because = telling.data.get("caller"), decision.because
    if because.why is Why.NO_CHANNEL:
        barred = (one.because for one in decision.rejected if one.address == caller)
        because = next((one for one in barred if one.why is Why.UNREACHABLE), because)
    return LeftUnsaid(shop_id=shop_id, ref_id=telling.contact_id, message_id=call, because=because_out(because))


def _ask_a_person(unit: Unit, shop_id: int, telling: Telling, decision: Silence) -> None:
    """Once an order: whoever looks at it sees everything that could not be said."""
    known = tasks.of_order(unit.db, shop_id, telling.order_id) if telling.order_id else []
    because = because_out(decision.because)
    if any(one["state"] == "open" and because["why"] in {each["why"] for each in one["because"]} for one in known):
        return
    task = {
        "shop_id": shop_id,
        "id": new_id(),
        "kind": "look",
        "order_id": telling.order_id,
        "contact_id": telling.contact_id,
        "because": [because],
        "created_at": unit.now,
    }
    tasks.add(unit.db, task)
    unit.emit(TaskChanged(shop_id=shop_id, ref_id=telling.order_id))
