"""An agent calls because a task says so: within its hours, and never against what the customer has said since."""

from dataclasses import dataclass

from prilavok.domain.errors import Conflict, NotFound
from prilavok.flows.circumstances import refuses_calls
from prilavok.flows.unit import Unit
from prilavok.flows.ways import ways_to
from prilavok.store import conversations, orders, tasks


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call that may be made now: through which telephone, and what it is noted under."""

    conversation_id: str
    inbox_id: str
    about: str


def allow(unit: Unit, shop_id: int, task_id: str) -> Ringing:
    """Conflict says why nobody is called, and what to do instead."""
    task = tasks.get(unit.db, shop_id, task_id)
    if task is None or task["kind"] != "call":
        raise NotFound
    order = orders.get(unit.db, shop_id, task["order_id"]) if task["order_id"] else None
    if refuses_calls(unit.db, shop_id, task["contact_id"], order):
        raise Conflict("The customer does not want to be called. Write instead.")
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
    for way in ways_to(unit.db, unit.world.directory, talks[0], unit.now):
        if way.inbox.capabilities.voice and way.identity["address"] == task["phone"]:
            return Ringing(talks[0]["id"], way.inbox.id, order["number"] if order is not None else "")
    raise Conflict("No telephone is connected that could call this number. Dial it by hand.")
