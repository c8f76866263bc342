"""People of the shop put an order right: what the comment asks for, that it was read, who brings it and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.events import OrderChanged, TaskChanged, WishesChanged
from prilavok.domain.preferences import lasting_in
from prilavok.domain.wishes import as_mapping, wishes_from
from prilavok.flows.unit import Unit
from prilavok.kit.text import storable, storable_tree
from prilavok.store import orders, tasks
from prilavok.store.questions import Row

OUTCOMES = ("confirmed", "tap", "prepay", "person")


class Keep:
    """Marks what a change leaves as it is (None takes away)."""


KEEP = Keep()


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`slot`: (from, to), "HH:MM" each, one side may be None."""

    urgent: bool | Keep = KEEP
    delivery_day: str | Keep | None = KEEP
    slot: tuple[str | None, str | None] | Keep | None = KEEP
    outcome: str | Keep = KEEP
    courier: str | Keep = KEEP


def set_wishes(unit: Unit, shop_id: int, order_id: str, agent_id: str, given: Mapping[str, Any]) -> None:
    """A person says what the comment means. Their word stands until the customer writes another comment."""
    row = _locked(unit, shop_id, order_id)
    wishes = as_mapping(wishes_from(storable_tree(dict(given))))
    changes = {"wishes": wishes, "wishes_by": f"agent:{agent_id}", "calls_wait": row["to_read"]}
    if wishes == row["wishes"] and row["wishes_by"] == changes["wishes_by"]:
        return
    orders.change(unit.db, shop_id, order_id, changes)
    unit.emit(OrderChanged(shop_id=shop_id, ref_id=order_id))
    unit.emit(WishesChanged(shop_id=shop_id, ref_id=row["contact_id"]))


def settle_lasting(unit: Unit, shop_id: int, order_id: str) -> dict[str, Any]:
    """Somebody has decided what becomes of the words that the comment meant for good; nobody is asked again. Returns
    them, with whose they are as `contact_id`.
    """
    row = _locked(unit, shop_id, order_id)
    reading = dict(row["reading"] or {})
    wanted = lasting_in(reading, {})
    if wanted:
        orders.change(unit.db, shop_id, order_id, {"reading": {**reading, "lasting": []}})
        unit.emit(OrderChanged(shop_id=shop_id, ref_id=order_id))
    return {"contact_id": row["contact_id"], "wanted": wanted}


def acknowledge_comment(unit: Unit, shop_id: int, order_id: str, agent_id: str) -> None:
    """A person has read the comment: it stops nothing any more."""
    row = _locked(unit, shop_id, order_id)
    if not (row["to_read"] or row["calls_wait"]):
        return
    orders.change(
        unit.db, shop_id, order_id, {"to_read": False, "calls_wait": False, "read_by": agent_id, "read_at": unit.now}
    )
    for task in tasks.of_order(unit.db, shop_id, order_id):
        if task["kind"] == "read" and task["state"] == "open":
            tasks.end(unit.db, shop_id, task["id"], state="done", result="done", by=agent_id, now=unit.now)
            unit.emit(TaskChanged(shop_id=shop_id, ref_id=order_id))
    unit.emit(OrderChanged(shop_id=shop_id, ref_id=order_id))
    if row["calls_wait"]:  # what was planned without a call may be planned with one
        unit.emit(WishesChanged(shop_id=shop_id, ref_id=row["contact_id"]))


def arrange_order(unit: Unit, shop_id: int, order_id: str, agent_id: str, wanted: Arrangement) -> None:
    """Applies what is given. What it means for messages that wait is looked at anew."""
    row = _locked(unit, shop_id, order_id)
    changes = {name: value for name, value in _changes(row, agent_id, wanted).items() if value != row[name]}
    if not changes:
        return
    orders.change(unit.db, shop_id, order_id, changes)
    unit.emit(OrderChanged(shop_id=shop_id, ref_id=order_id))
    if "urgent" in changes:
        unit.emit(WishesChanged(shop_id=shop_id, ref_id=row["contact_id"]))


def _changes(row: Row, agent_id: str, wanted: Arrangement) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if not isinstance(wanted.urgent, Keep):
        changes["urgent"] = wanted.urgent
    if not isinstance(wanted.courier, Keep):
        changes["courier"] = storable(wanted.courier).strip()[:200]
    if not isinstance(wanted.delivery_day, Keep):
        changes["delivery_day"] = _day(wanted.delivery_day)
    if not isinstance(wanted.slot, Keep):
        start, end = wanted.slot or (None, None)
        changes |= {"slot_from": _hour(start), "slot_to": _hour(end)}
        if start and end and start >= end:
            raise BadInput("The interval ends before it begins.", field="slot")
    if not isinstance(wanted.outcome, Keep):
        if wanted.outcome not in OUTCOMES:
            raise BadInput(f"An order is judged one of: {', '.join(OUTCOMES)}.", field="outcome")
        if wanted.outcome != row["outcome"]:
            changes |= {"outcome": wanted.outcome, "outcome_by": f"agent:{agent_id}"}
    return changes


def _day(text: str | None) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError:
        raise BadInput("Write the day like 2026-11-30.", field="delivery_day") from None


def _hour(text: str | None) -> str | None:
    try:
        return time.fromisoformat(text).strftime("%H:%M") if text else None
    except ValueError:
        raise BadInput("Write the hours like 18:00.", field="slot") from None


def _locked(unit: Unit, shop_id: int, order_id: str) -> Row:
    row = orders.get(unit.db, shop_id, order_id, lock=True)
    if row is None:
        raise NotFound
    return row
