"""What a source says of an order becomes one truth: one row however many sources know it, each event once, in whatever
order they come. What is new asks for a word (`OccasionArose`).

The source that told of the order first is its authority: what it says later replaces what it said before. Others only
fill what is empty, except for the way of the parcel; what happened is believed of everybody.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.domain.events import OccasionArose, OrderChanged, WishesChanged
from prilavok.domain.facts import Occasion
from prilavok.domain.order import HEIGHT, STATUS_AFTER, Happened, News, Order, OrderEvent, Status
from prilavok.flows.happen import standing
from prilavok.flows.take import known
from prilavok.flows.take.comment import read_comment
from prilavok.flows.take.events import keep
from prilavok.flows.take.facts import differences, first_row
from prilavok.flows.take.fit import fitted, fitted_event
from prilavok.flows.take.person import person_of
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import orders
from prilavok.store.questions import Row

__all__ = ["TOO_OLD", "Taken", "take"]

TOO_OLD = timedelta(days=3)  # nobody is written to about what happened longer ago
OF_THE_CUSTOMER = frozenset({Happened.PLACED, Happened.CHANGED, Happened.PAID})


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one piece of news. `changed` when anything is different from before."""

    order_id: str
    created: bool
    status: str
    changed: bool


def take(
    unit: Unit,
    shop_id: int,
    source: str,
    news: News,
    *,
    order_id: str | None = None,
    quiet: bool = False,
    by_hand: bool = False,
) -> Taken:
    """NotFound when nobody has told of this order yet. `order_id`: our own id, where the caller knows it.

    `quiet`: nothing is said about it (an import, a history). `by_hand`: a person of the shop says so; then an unread
    comment stops what must not go on without it (Conflict).
    """
    given = fitted(unit, shop_id, news.order) if news.order is not None else None
    events = [fitted_event(unit, event) for event in news.events]
    if order_id is not None:
        row = orders.get(unit.db, shop_id, order_id, lock=True)
    else:
        row = known.find(unit, shop_id, source, news, given)
    if row is None and given is None:
        raise NotFound
    if by_hand and row is not None and row["to_read"]:
        _refuse_unread(events)
    created, changes = row is None, dict[str, Any]()
    if row is None:
        assert given is not None
        row = _place(unit, shop_id, source, given)
        events.append(OrderEvent(Happened.PLACED, given.placed_at))
    elif given is not None:
        authority = known.authority(unit, row, source)
        changes = differences(row, given, authority=authority)
        if authority and (what := _to_tell(row, changes)):
            events.append(OrderEvent(Happened.CHANGED, given.at, given.at.isoformat(), {"what": what}))
    if given is not None and given.paid:
        events.append(OrderEvent(Happened.PAID, given.placed_at if created else given.at))
    stored, fresh = keep(unit, row, source, events)
    changes |= standing(row, changes, stored)
    if created or "comment" in changes:
        changes |= read_comment(unit, {**row, **changes})
        if not created and changes["wishes"] != row["wishes"]:  # what waits for them may not be wanted any more
            unit.emit(WishesChanged(shop_id=shop_id, ref_id=row["contact_id"]))
    if changes:
        orders.change(unit.db, shop_id, row["id"], changes)
    if created or changes or fresh:
        unit.emit(OrderChanged(shop_id=shop_id, ref_id=row["id"]))
    if not quiet:
        _ask_for_words(unit, row, fresh, first=created)
    status = str(changes.get("status", row["status"]))
    return Taken(row["id"], created, status, bool(created or changes or fresh))


def _place(unit: Unit, shop_id: int, source: str, given: Order) -> Row:
    """A new order, with its customer."""
    if not given.external_id:
        raise BadInput("An order needs an id or a number of its own.", field="external_id")
    row = first_row(shop_id, new_id(), given, unit.now)
    row["contact_id"] = person_of(unit, shop_id, source, row, given.buyer)
    orders.add(unit.db, row)
    orders.add_key(unit.db, shop_id, source, given.external_id, row["id"])
    return {**orders.BLANK, **row}


def _to_tell(row: Row, changes: dict[str, Any]) -> list[str]:
    """Which of the changes are the customer's business: not that we now know the postcode too."""
    told = [name for name in ("items", "total", "address", "city", "comment") if name in changes]
    return [name for name in told if row[name] or name == "comment"]


def _ask_for_words(unit: Unit, row: Row, fresh: list[OrderEvent], *, first: bool) -> None:
    for event in sorted(fresh, key=lambda one: (one.at, one.kind != Happened.PLACED)):
        if event.at < unit.now - TOO_OLD:
            continue
        by_customer = event.kind in OF_THE_CUSTOMER and event.data.get("by", "customer") == "customer"
        unit.emit(
            OccasionArose(
                shop_id=row["shop_id"],
                ref_id=row["id"],
                contact_id=row["contact_id"],
                occasion=Occasion(kind=event.kind.value, at=event.at, key=event.key, by_customer=by_customer),
                data=event.data,
                first=first and event.kind is Happened.PLACED,
            )
        )


def _refuse_unread(events: list[OrderEvent]) -> None:
    """Before an order goes to packing, somebody has read what the customer wrote."""
    for event in events:
        status = STATUS_AFTER.get(event.kind)
        if status is not None and HEIGHT[Status.PACKED] <= HEIGHT[status] <= HEIGHT[Status.DELIVERED]:
            raise Conflict("The customer's comment has not been read yet. Read it and confirm that you did.")
