"""An agent calls: because a task says so, or of their own accord. Never against what the customer has said since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from prilavok.domain.calling import Ruling, may_ring
from prilavok.domain.errors import Conflict, NotFound
from prilavok.domain.facts import Occasion
from prilavok.domain.order import ENDED, Status
from prilavok.domain.wishes import Call
from prilavok.flows.circumstances import Circumstances, Matter, policy_in, unwanted_call
from prilavok.flows.unit import Unit
from prilavok.flows.ways import Way, ways_to
from prilavok.store import conversations, messages, order_pages, orders, tasks
from prilavok.store.questions import Row

ORDERS = 20  # of one customer, the newest, whose wishes are asked
LATELY = timedelta(hours=24)  # whoever rang us within it may be rung back
UNWANTED = {
    Call.NEVER: "The customer does not want to be called. Write instead.",
    Call.ONLY_IF_URGENT: "The customer wants calls only about what is urgent. Write, or mark the order as urgent.",
}
LOOK_BACK = 50  # messages among which such a call is looked for


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call that may be made now: through which telephone, to which number, and what it is noted under."""

    conversation_id: str
    inbox_id: str
    identity_id: str
    about: str


def allow(unit: Unit, shop_id: int, task_id: str) -> Ringing:
    """Conflict says why nobody is called, and what to do instead."""
    task = tasks.get(unit.db, shop_id, task_id)
    if task is None or task["kind"] != "call":
        raise NotFound
    order = orders.get(unit.db, shop_id, task["order_id"]) if task["order_id"] else None
    if said := unwanted_call(unit.db, task, order):
        raise Conflict(UNWANTED[said])
    if order is not None and order["calls_wait"]:
        raise Conflict("The customer's comment has not been read yet. Read it and confirm that you did.")
    if task["state"] != "open":
        raise Conflict("This task has been done before.")
    if task["not_before"] is not None and unit.now < task["not_before"]:
        raise Conflict("It is too early to call: the task says from when on.")
    if task["not_after"] is not None and unit.now > task["not_after"]:
        raise Conflict("It is too late to call: the hours of this task are over.")
    talks = conversations.of_contact(unit.db, shop_id, task["contact_id"], limit=1)
    if not talks:
        raise Conflict("Nothing has been written to this customer yet. Dial the number by hand.")
    for way in telephones(unit, talks[0]):
        if way.identity["address"] == task["phone"]:
            about = order["number"] if order is not None else ""
            return Ringing(talks[0]["id"], way.inbox.id, way.identity["id"], about)
    raise Conflict("No telephone is connected that could call this number. Dial it by hand.")


def telephones(unit: Unit, conversation: Row) -> Sequence[Way]:
    """Each number of the customer through each line of ours that could call it."""
    ways = ways_to(unit.db, unit.world.directory, conversation, unit.now)
    return [
        way
        for way in ways
        if way.inbox.capabilities.voice and way.refusal == "voice" and way.identity["address"].startswith("+")
    ]


def ruling(unit: Unit, conversation: Row, *, urgent: bool = False) -> Ruling:
    """Whether this customer may be called now. `urgent`: a person has said why it cannot wait."""
    shop_id, contact_id = conversation["shop_id"], conversation["contact_id"]
    listed = order_pages.page(unit.db, shop_id, order_pages.Which(contact_id=contact_id), after=None, limit=ORDERS)
    # The newest counts even when it is over: "do not call" was the last that was heard.
    newest = listed[0]["id"] if listed else None
    rows = {row["id"]: row for row in listed if row["id"] == newest or Status(row["status"]) not in ENDED}
    occasion = Occasion(kind="call", at=unit.now)
    matters = [Matter(contact_id, order_id, occasion) for order_id in rows or (None,)]
    known = Circumstances(unit, shop_id, matters, rows)
    pressing = urgent or _rang_us(unit, conversation)
    asked = [(known.facts_of(one), pressing or bool(one.order_id and rows[one.order_id]["urgent"])) for one in matters]
    return may_ring(asked, policy_in(unit.db, shop_id), unit.now)


def _rang_us(unit: Unit, conversation: Row) -> bool:
    said = messages.page(unit.db, conversation["shop_id"], conversation["id"], limit=LOOK_BACK)
    return any(
        one["direction"] == "inbound" and "call" in (one["content"] or {}) and unit.now - one["at"] <= LATELY
        for one in said
    )
