"""An order as every platform's words come down to: what was bought, for whom, and what has happened to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Happened(StrEnum):
    """Everything that can happen to an order, in the past tense."""

    PLACED = "placed"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    PACKED = "packed"
    SHIPPED = "shipped"
    ARRIVED_AT_PICKUP = "arrived_at_pickup"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    FAILED_ATTEMPT = "failed_attempt"
    DELAYED = "delayed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    RETURNED = "returned"


class Status(StrEnum):
    """Where an order stands. In this order it only climbs; `cancelled` and `returned` end it."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    PACKED = "packed"
    SHIPPED = "shipped"
    AT_PICKUP = "at_pickup"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


STATUS_AFTER: Mapping[Happened, Status] = {
    Happened.PLACED: Status.PLACED,
    Happened.CONFIRMED: Status.CONFIRMED,
    Happened.PACKED: Status.PACKED,
    Happened.SHIPPED: Status.SHIPPED,
    Happened.ARRIVED_AT_PICKUP: Status.AT_PICKUP,
    Happened.OUT_FOR_DELIVERY: Status.OUT_FOR_DELIVERY,
    Happened.DELIVERED: Status.DELIVERED,
    Happened.CANCELLED: Status.CANCELLED,
    Happened.RETURNED: Status.RETURNED,
}
HEIGHT: Mapping[Status, int] = {status: height for height, status in enumerate(Status)}
ENDED = frozenset({Status.DELIVERED, Status.CANCELLED, Status.RETURNED})


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order. `price` is for one piece, in the order's currency."""

    name: str
    quantity: int = 1
    price: Decimal | None = None
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Buyer:
    """The customer as the order gives them; nothing here is proven."""

    name: str = ""
    phone: str = ""  # as typed; normalised when it is stored
    email: str = ""
    language: str = ""
    country: str = ""  # ISO 3166
    timezone: str = ""
    external_id: str = ""
    messengers: Mapping[str, str] = field(default_factory=dict)  # channel kind → address, where the shop knows it


@dataclass(frozen=True, slots=True)
class Order:
    """What a source says of an order. `external_id` is the source's own; `at` is when the source says this was true."""

    external_id: str
    number: str
    placed_at: datetime
    at: datetime
    currency: str
    total: Decimal
    items: tuple[Item, ...] = ()
    buyer: Buyer = Buyer()
    payment: str = ""  # cod | card | invoice
    paid: bool = False
    method: str = ""  # courier | pickup | post
    city: str = ""
    address: str = ""
    carrier: str = ""
    tracking: str = ""
    comment: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)  # utm, referrer, device: a hash of the browser's marks


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """Something that happened to an order. `key` makes it one event: the source's id, or what it is about ("2" of the
    second failed attempt); events of one kind with one key are told once.
    """

    kind: Happened
    at: datetime
    key: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)  # reason, new_date, attempt, place, sum ...


@dataclass(frozen=True, slots=True)
class News:
    """What a source reports in one go: the order as it is now (None: only events), found by `external_id`, `number` or
    `tracking`, whichever is not empty.
    """

    order: Order | None = None
    events: tuple[OrderEvent, ...] = ()
    external_id: str = ""
    number: str = ""
    tracking: str = ""


def status_of(events: Iterable[OrderEvent]) -> Status:
    """One truth from events in any order, some of them twice: the highest step reached. A cancellation is undone only
    by a later step (the customer changed their mind back); a return comes after everything.
    """
    known = sorted(
        {(event.at, STATUS_AFTER[event.kind]) for event in events if event.kind in STATUS_AFTER},
        key=lambda one: (one[0], HEIGHT[one[1]]),
    )
    reached, cancelled_at = Status.PLACED, None
    for at, status in known:
        if status is Status.CANCELLED:
            cancelled_at = at
        elif status is Status.RETURNED:
            return Status.RETURNED
        else:
            if cancelled_at is not None and at > cancelled_at:
                cancelled_at = None
            reached = max(reached, status, key=HEIGHT.__getitem__)
    if cancelled_at is not None and reached is not Status.DELIVERED:
        return Status.CANCELLED
    return reached


def is_paid(events: Iterable[OrderEvent], *, said: bool = False) -> bool:
    """Whether the money is there: the latest of "paid", "refunded" decides; without either what the order said."""
    about = [event for event in events if event.kind in {Happened.PAID, Happened.REFUNDED}]
    return max(about, key=lambda event: event.at).kind is Happened.PAID if about else said
