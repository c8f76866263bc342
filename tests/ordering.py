"""Orders as tests tell them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from prilavok.domain.order import Buyer, Happened, Item, News, Order, OrderEvent
from prilavok.domain.wishes import Reading
from prilavok.flows.unit import nothing_read


def buyer(**fields: Any) -> Buyer:
    return Buyer(**{"name": "Олена", "phone": "+380671234567", "email": "olena@example.org", **fields})


def order(external_id: str = "1", *, at: datetime, said: datetime | None = None, **fields: Any) -> Order:
    """Placed at `at`; `said` is when the source says so."""
    values = {
        "number": external_id,
        "currency": "UAH",
        "total": Decimal("1250"),
        "items": (Item("Чай", 2, Decimal("625"), "tea"),),
        "buyer": buyer(),
        **fields,
    }
    return Order(external_id=external_id, placed_at=at, at=said or at, **values)


def event(kind: str, at: datetime, key: str = "", **data: Any) -> OrderEvent:
    return OrderEvent(Happened(kind), at, key, data)


def news(*parts: Order | OrderEvent, external_id: str = "1") -> News:
    """An order and events in any number, or only events of the order that is named."""
    orders = [part for part in parts if isinstance(part, Order)]
    events = tuple(part for part in parts if isinstance(part, OrderEvent))
    return News(order=orders[0] if orders else None, events=events, external_id=external_id)


def reads(shop: Any, *readings: Reading) -> None:
    """Comments are read as these, one after the other; then, and without any, nothing of them is understood."""
    answers = list(readings)
    read = lambda text, language: answers.pop(0) if answers else nothing_read(text, language)  # noqa: E731
    object.__setattr__(shop.house.bus.world, "read_comment", read)


def said_of(shop: Any, **ago: float) -> str:
    """A time of the shop's clock as JSON."""
    return (shop.clock.now + timedelta(**ago)).isoformat()
