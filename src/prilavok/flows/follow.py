"""How what was said went: receipts start the clocks and end plans, an answer in any channel ends them too."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from prilavok.domain.calling import called_in_vain
from prilavok.domain.digest import OVERTAKEN_BY, leading, still_to_tell
from prilavok.domain.errors import Conflict, NotFound
from prilavok.domain.events import MessageChanged, MessageReceived, OccasionArose, PlanChanged, StepsDue, TaskChanged
from prilavok.domain.facts import Occasion
from prilavok.domain.plan import Because, Why
from prilavok.domain.receipt import RANK, Receipt
from prilavok.domain.written import because_out
from prilavok.flows.unit import Unit
from prilavok.store import contacts, messages, outbox, plans, tasks
from prilavok.store.questions import Row

NEEDLESS = "no longer needed: the customer has it already"
ENDED = frozenset({"reached", "unreached", "stopped"})


def receipt(unit: Unit, event: MessageChanged) -> None:
    """A message of ours came further, or failed."""
    known = plans.by_message(unit.db, event.shop_id, event.message_id or "") if event.message_id else None
    if known is None:
        if event.receipt is Receipt.FAILED:
            _rang(unit, event)
        return
    plan = plans.get(unit.db, event.shop_id, known[0], lock=True)
    message = messages.get(unit.db, event.shop_id, event.message_id or "")
    if plan is None or message is None or not message["receipt"]:
        return
    attempts = list(plans.attempts_of(unit.db, event.shop_id, [plan["id"]])[plan["id"]])
    came, position = Receipt(message["receipt"]), known[1]
    before = attempts[position]
    if came is Receipt.ACCEPTED or came.value == before["receipt"]:
        return
    changes = _of_attempt(unit, before, message, came)
    plans.change_attempt(unit.db, event.shop_id, plan["id"], position, changes)
    attempts[position] = {**before, **changes}
    _go_on(unit, plan, attempts, position, came)
    unit.emit(PlanChanged(shop_id=event.shop_id, ref_id=plan["order_id"]))


def _rang(unit: Unit, event: MessageChanged) -> None:
    """An agent's call through our own telephone: that nobody answered need not be said by a person. What a talk was
    about only they know.
    """
    message = messages.get(unit.db, event.shop_id, event.message_id or "")
    call = (message["content"] or {}).get("call") if message is not None else None
    if message is None or call is None or not called_in_vain(call.get("outcome")):
        return
    called = contacts.identity(unit.db, event.shop_id, message["identity_id"] or "")
    for task in tasks.calls_to(unit.db, event.shop_id, called["contact_id"]) if called is not None else ():
        if called is not None and task["phone"] == called["address"]:
            finish(unit, event.shop_id, task["id"], "no_answer", call.get("agent"))


def answer(unit: Unit, event: MessageReceived) -> None:
    """The customer writes, in whichever channel: what was said to them has been heard. A plan of which nothing has
    been said yet goes on waiting.
    """
    if event.automatic or event.ref_id is None or not event.awaited:
        return
    rows = list(plans.begun_with(unit.db, event.shop_id, event.ref_id))
    if event.apart and (identity := contacts.identity(unit.db, event.shop_id, event.ref_id)) is not None:
        rows += plans.begun_naming(unit.db, event.shop_id, identity["address"])
    for row in rows:
        _hear(unit, row["shop_id"], row["id"], "answer")


def opened(unit: Unit, shop_id: int, order_id: str) -> None:
    """The customer has opened the order's own page: the link was in something that we sent."""
    for row in plans.open_of_order(unit.db, shop_id, order_id):
        _hear(unit, shop_id, row["id"], "page")


def finish(unit: Unit, shop_id: int, task_id: str, result: str, by: str | None) -> None:
    """A person has done a task. Whoever was called and did not answer reads at once who called and why."""
    task = tasks.get(unit.db, shop_id, task_id)
    if task is None:
        raise NotFound
    if task["state"] != "open":
        raise Conflict("This task has been done before.")
    if task["kind"] == "read" and result != "dropped":
        raise Conflict("Read the customer's comment on the order's page and say there that you did.")
    state = "dropped" if result == "dropped" else "done"
    tasks.end(unit.db, shop_id, task_id, state=state, result=result, by=by, now=unit.now)
    unit.emit(TaskChanged(shop_id=shop_id, ref_id=task["order_id"]))
    if task["kind"] != "call" or task["plan_id"] is None:
        return
    plan = plans.get(unit.db, shop_id, task["plan_id"], lock=True)
    if plan is None:
        return
    _called(unit, plan, task_id, heard=result in {"answered", "done"})
    if result == "no_answer":
        about = leading(still_to_tell(plan["occasions"]))[0]  # several may have been told together
        occasion = Occasion(kind="unanswered_call", at=unit.now, key=task_id, urgent=about.get("urgent", False))
        data = {"about": about["kind"]}
        arose = OccasionArose(
            shop_id=shop_id, ref_id=plan["order_id"], contact_id=plan["contact_id"], occasion=occasion, data=data
        )
        unit.emit(arose)


def _called(unit: Unit, plan: Row, task_id: str, *, heard: bool) -> None:
    attempts = plans.attempts_of(unit.db, plan["shop_id"], [plan["id"]]).get(plan["id"], [])
    rung = next((one for one in attempts if one["task_id"] == task_id), None)
    if rung is None or plan["state"] in ENDED:
        return
    changes: dict[str, Any] = {"state": "sent" if heard else "failed", "sent_at": unit.now}
    changes |= {"receipt": Receipt.READ.value, "receipt_at": unit.now} if heard else {}
    plans.change_attempt(unit.db, plan["shop_id"], plan["id"], rung["position"], changes)
    if heard:
        _end(unit, plan, "call", rung["position"])
    else:
        _next_rung(unit, plan, unit.now)
    unit.emit(PlanChanged(shop_id=plan["shop_id"], ref_id=plan["order_id"]))


def stop(unit: Unit, shop_id: int, plan_id: str, by: str) -> bool:
    """A person says that what waits is not to be said. False when nothing waits any more."""
    plan = plans.get(unit.db, shop_id, plan_id, lock=True)
    if plan is None or plan["state"] in ENDED:
        return False
    _stop(unit, plan, Because(Why.STOPPED, {"by": by}))
    return True


def overtake(unit: Unit, event: OccasionArose) -> None:
    """What was said once, and what happened now makes needless, is not said again in another channel. Of which nothing
    has been said yet is decided when it is due, or together with what happened now.
    """
    for row in plans.open_of_order(unit.db, event.shop_id, event.ref_id) if event.ref_id is not None else ():
        needless = all(event.occasion.kind in OVERTAKEN_BY.get(one["kind"], ()) for one in row["occasions"])
        if not needless or (row["state"] == "waiting" and not row["position"]):
            continue
        plan = plans.get(unit.db, event.shop_id, row["id"], lock=True)
        if plan is not None and plan["state"] not in ENDED:
            _stop(unit, plan, Because(Why.OVERTAKEN, {"by": event.occasion.kind}))


def _stop(unit: Unit, plan: Row, because: Because) -> None:
    shop_id = plan["shop_id"]
    for one in plans.attempts_of(unit.db, shop_id, [plan["id"]]).get(plan["id"], []):
        _take_back(unit, one)
    changes = {"state": "stopped", "due_at": None, "lease_until": None, "ended_at": unit.now}
    plans.change(unit.db, shop_id, plan["id"], {**changes, "because": because_out(because)})
    unit.emit(PlanChanged(shop_id=shop_id, ref_id=plan["order_id"]))


def _of_attempt(unit: Unit, before: Row, message: Row, came: Receipt) -> dict[str, Any]:
    changes: dict[str, Any] = {"receipt": came.value, "receipt_at": unit.now}
    if came is Receipt.FAILED:
        return {**changes, "state": "failed"}
    changes["state"] = "sent"
    if before["sent_at"] is None:
        changes["sent_at"] = _when(message, "sent") or unit.now
    return changes


def _when(message: Row, what: str) -> datetime | None:
    """The moment of a receipt, as the message remembers it."""
    at = (message["receipt_times"] or {}).get(what)
    return datetime.fromisoformat(at) if isinstance(at, str) else at


def _go_on(unit: Unit, plan: Row, attempts: Sequence[Row], position: int, came: Receipt) -> None:
    if plan["state"] in ENDED:
        _begin_again(unit, plan, position, came)
    elif (heard := _reached(attempts)) is not None:
        for later in attempts[heard + 1 :]:
            _take_back(unit, later)
        _end(unit, plan, "receipt", heard, receipt=attempts[heard]["wait_for"] or Receipt.SENT.value)
    elif position != len(attempts) - 1 or plan["state"] == "waiting":
        return  # of an earlier rung, and not far enough: the present one goes on
    elif came is Receipt.FAILED:
        _next_rung(unit, plan, unit.now)
    else:
        rung = attempts[position]
        due = rung["sent_at"] + timedelta(seconds=rung["within"])
        changes = {"state": "watching", "due_at": max(due, unit.now), "lease_until": None}
        plans.change(unit.db, plan["shop_id"], plan["id"], changes)


def _reached(attempts: Sequence[Row]) -> int | None:
    """The rung whose message has come as far as was wanted of it. "Perhaps sent" counts as sent: it is not repeated."""
    for one in attempts:
        wanted = Receipt(one["wait_for"]) if one["wait_for"] else Receipt.SENT
        if one["state"] == "sent" and one["receipt"] is not None:
            came = Receipt.SENT if one["receipt"] == Receipt.PERHAPS_SENT else Receipt(one["receipt"])
            if RANK[came] >= RANK[wanted]:
                return int(one["position"])
    return None


def _begin_again(unit: Unit, plan: Row, position: int, came: Receipt) -> None:
    """The word that had ended a plan comes back undelivered: it was not told, so the next rung is due."""
    data = (plan["because"] or {}).get("data") or {}
    through_it = data.get("by") == "receipt" and data.get("position") == position
    if came is Receipt.FAILED and plan["state"] == "reached" and through_it:
        plans.change(unit.db, plan["shop_id"], plan["id"], {"because": None, "ended_at": None})
        _next_rung(unit, plan, unit.now)


def _next_rung(unit: Unit, plan: Row, at: datetime) -> None:
    changes = {"state": "waiting", "position": plan["position"] + 1, "due_at": at, "lease_until": None}
    plans.change(unit.db, plan["shop_id"], plan["id"], changes)
    unit.emit(StepsDue(shop_id=plan["shop_id"]))


def _hear(unit: Unit, shop_id: int, plan_id: str, by: str) -> None:
    plan = plans.get(unit.db, shop_id, plan_id, lock=True)
    if plan is None or plan["state"] in ENDED or (plan["state"] == "waiting" and not plan["position"]):
        return
    attempts = plans.attempts_of(unit.db, shop_id, [plan_id]).get(plan_id, [])
    for later in attempts[1:]:
        _take_back(unit, later)
    _end(unit, plan, by, len(attempts) - 1)
    unit.emit(PlanChanged(shop_id=shop_id, ref_id=plan["order_id"]))


def _end(unit: Unit, plan: Row, by: str, position: int, **more: Any) -> None:
    because = because_out(Because(Why.ANSWERED, {"by": by, "position": position, **more}))
    changes = {"state": "reached", "because": because, "due_at": None, "lease_until": None, "ended_at": unit.now}
    plans.change(unit.db, plan["shop_id"], plan["id"], changes)


def _take_back(unit: Unit, attempt: Mapping[Any, Any]) -> None:
    """A message that still waits in the outbox does not go; a call that still waits is not made."""
    shop_id = attempt["shop_id"]
    if attempt["state"] != "waiting":
        return
    if attempt["task_id"] is not None:
        tasks.end(unit.db, shop_id, attempt["task_id"], state="dropped", result="", by=None, now=unit.now)
    if attempt["message_id"] is not None:
        parcel = outbox.of_message(unit.db, shop_id, attempt["message_id"])
        if parcel is None or parcel["state"] != "waiting":
            return
        outbox.remove(unit.db, shop_id, parcel["id"])
        changes = {"receipt": Receipt.FAILED.value, "reason": NEEDLESS, "deleted_at": unit.now}
        messages.change(unit.db, shop_id, attempt["message_id"], changes)
    plans.change_attempt(unit.db, shop_id, attempt["plan_id"], attempt["position"], {"state": "failed"})
