"""The order as programs of the shop tell it: the generic shape, of `PUT /api/v1/orders/{id}` and of signed hooks."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from prilavok.domain.errors import BadInput
from prilavok.domain.order import Buyer, Happened, Item, News, Order, OrderEvent

BATCH = 1000  # orders and events in one delivery
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Amount = Decimal  # "1250.00" or 1250
Whole = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
Word = Annotated[str, msgspec.Meta(max_length=2000)]


class GivenItem(msgspec.Struct):
    name: Word = ""
    sku: Word = ""
    quantity: Whole = 1
    price: Amount | None = None


class GivenCustomer(msgspec.Struct):
    name: Word | None = None
    phone: Word | None = None
    email: Word | None = None
    language: Word | None = None
    country: Word | None = None
    timezone: Word | None = None
    id: Word | int | None = None
    messengers: dict[str, Word] = {}  # channel → address, where the shop knows it


class GivenPayment(msgspec.Struct):
    method: Word | None = None
    paid: bool = False


class GivenDelivery(msgspec.Struct):
    method: Word | None = None
    city: Word | None = None
    address: Word | None = None
    carrier: Word | None = None
    tracking: Word | None = None


class GivenOrder(msgspec.Struct):
    """`updated_at`: when this was true (now, unless it is said). `external_id` and `id` count in deliveries only."""

    number: Word | int | None = None
    placed_at: Moment | None = None
    updated_at: Moment | None = None
    currency: Word | None = None
    total: Amount | None = None
    items: list[GivenItem] = []
    customer: GivenCustomer = msgspec.field(default_factory=GivenCustomer)
    payment: GivenPayment = msgspec.field(default_factory=GivenPayment)
    delivery: GivenDelivery = msgspec.field(default_factory=GivenDelivery)
    comment: Annotated[str, msgspec.Meta(max_length=20_000)] | None = None
    context: dict[str, Any] | None = None
    external_id: Word | int | None = None
    id: Word | int | None = None


class GivenEvent(msgspec.Struct):
    """`order`, `number` or `tracking` name the order, in deliveries only."""

    kind: Happened
    at: Moment | None = None
    key: Word = ""
    data: dict[str, Any] = {}
    order: Word | int | None = None
    number: Word | int | None = None
    tracking: Word | None = None


def order_of(given: GivenOrder, external_id: str, now: datetime) -> Order:
    """BadInput when there is no sum: an order without one is a mistake of the program, not a present."""
    if given.total is None:
        raise BadInput("Say what the order costs.", field="total")
    buyer, payment, delivery = given.customer, given.payment, given.delivery
    return Order(
        external_id=external_id,
        number=text(given.number) or external_id,
        placed_at=given.placed_at or given.updated_at or now,
        at=given.updated_at or now,
        currency=given.currency or "",
        total=given.total,
        items=tuple(Item(one.name, one.quantity, one.price, one.sku) for one in given.items),
        buyer=Buyer(
            name=buyer.name or "",
            phone=buyer.phone or "",
            email=buyer.email or "",
            language=buyer.language or "",
            country=buyer.country or "",
            timezone=buyer.timezone or "",
            external_id=text(buyer.id),
            messengers=buyer.messengers,
        ),
        payment=payment.method or "",
        paid=payment.paid,
        method=delivery.method or "",
        city=delivery.city or "",
        address=delivery.address or "",
        carrier=delivery.carrier or "",
        tracking=delivery.tracking or "",
        comment=given.comment or "",
        context=given.context or {},
    )


def event_of(given: GivenEvent, now: datetime) -> OrderEvent:
    return OrderEvent(given.kind, given.at or now, given.key, given.data)


def news_of(given: GivenOrder, now: datetime) -> News:
    """An order of a delivery, under its own id or else its number."""
    external_id = text(given.external_id) or text(given.id) or text(given.number)
    if not external_id:
        raise BadInput("An order needs an id or a number of its own.", field="order.id")
    return News(order=order_of(given, external_id, now))


def news_of_event(given: GivenEvent, now: datetime) -> News:
    external, number, tracking = text(given.order), text(given.number), given.tracking or ""
    if not (external or number or tracking):
        raise BadInput("Say which order this happened to: order, number or tracking.", field="events.order")
    return News(events=(event_of(given, now),), external_id=external, number=number, tracking=tracking)


def text(value: str | int | None) -> str:
    return "" if value is None else str(value).strip()
