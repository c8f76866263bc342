"""What a customer can do with an order, from the messenger or from its page. Every act can be repeated harmlessly and
answers with how things stand: "" when an occasion tells the customer, else a word of `words.TEXTS`.
"""

from prilavok.domain.delivery import NOT_YET_GONE
from prilavok.domain.errors import NotFound
from prilavok.domain.order import Happened, Status
from prilavok.domain.rendering import language_of
from prilavok.flows import addresses
from prilavok.flows.happen import arise, happen
from prilavok.flows.slots import slot_of, take
from prilavok.flows.tap.say import wants_change
from prilavok.flows.unit import Unit
from prilavok.store import contacts, orders, shops
from prilavok.store.questions import Row

SOURCE = "customer"


def confirm(unit: Unit, order: Row) -> str:
    status = Status(order["status"])
    if status is not Status.PLACED:
        return standing(status)
    if happen(unit, order, Happened.CONFIRMED, key=SOURCE, source=SOURCE, data={"by": SOURCE}):
        arise(unit, order, Happened.CONFIRMED, data={"by": SOURCE}, by_customer=True)
        return ""
    return "confirmed"


def cancel(unit: Unit, order: Row) -> str:
    """Only before the parcel has left the shop; afterwards the customer is told what to do instead."""
    status = Status(order["status"])
    if status is Status.CANCELLED:
        return "cancelled"
    if status not in NOT_YET_GONE:
        return "too_late" if status in {Status.SHIPPED, Status.AT_PICKUP, Status.OUT_FOR_DELIVERY} else standing(status)
    # With the number of earlier ones: an order may have been taken up again.
    before = [one for one in orders.events_of(unit.db, order["shop_id"], order["id"]) if one["kind"] == "cancelled"]
    key = SOURCE if not before else f"{SOURCE}:{len(before) + 1}"
    happen(unit, order, Happened.CANCELLED, key=key, source=SOURCE, data={"by": SOURCE})
    arise(unit, order, Happened.CANCELLED, key="" if not before else key, data={"by": SOURCE}, by_customer=True)
    return ""


def pick(unit: Unit, order: Row, code: str) -> str:
    """Takes a day and its hours by their code."""
    before = slot_of(order)
    slot = take(unit, order, code)
    if slot is None:
        return "slot_taken"
    return "slot_yours" if slot == before else ""


def on_page(unit: Unit, shop_id: int, order_id: str, act: str, value: str) -> str:
    """The same acts from the order's page; `value` is a slot's code or what the customer wrote. The answer is a word as
    everywhere, "done" instead of none, or "nobody" when the shop has no inbox for what was written.
    """
    order = orders.get(unit.db, shop_id, order_id, lock=True)
    if order is None:
        raise NotFound
    match act:
        case "confirm":
            return confirm(unit, order) or "done"
        case "cancel":
            return cancel(unit, order) or "done"
        case "slot":
            return pick(unit, order, value) or "done"
        case "change" if value.strip():
            return "change" if wants_change(unit, order, value) else "nobody"
    return "nothing"


def standing(status: Status) -> str:
    """The word for where an order stands."""
    return "confirmed" if status in {Status.CONFIRMED, Status.PACKED} else status.value


def language(unit: Unit, order: Row) -> str:
    """In which the customer of an order is spoken to."""
    shop = shops.get(unit.db, order["shop_id"])
    person = contacts.contact(unit.db, order["shop_id"], order["contact_id"])
    known = (person["language"] if person is not None else "") or order["language"]
    return language_of(order["comment"], known, shop["language"] if shop is not None else "en")


def link(unit: Unit, order: Row) -> str:
    return addresses.order_page(unit.world, order["shop_id"], order["id"], unit.now)
