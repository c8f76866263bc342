"""The sample shop's own system, behind its checkout: it numbers orders, and tells Prilavok what becomes of them."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from prilavok.simulator.storefront import PRODUCTS

MOST = 500  # orders that it remembers
LATE = timedelta(days=2)

Tell = Callable[[str, Mapping[str, Any], list[dict[str, Any]]], Awaitable[bool]]
"""Tells Prilavok of an order: its id, the whole order as `docs/developers/orders.md` shapes it (empty: only events),
what has happened to it. False when it was not taken."""


@dataclass(slots=True)
class Placed:
    """One order of a visitor. `key` is in the address of its page and nobody else's."""

    key: str
    number: str
    timezone: str
    told: list[tuple[str, datetime]] = field(default_factory=list)
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Basket:
    """What the form said, checked. `messengers` as the shop knows them from signing in."""

    items: Mapping[str, int]
    language: str
    name: str
    phone: str
    email: str
    country: str
    timezone: str
    method: str
    city: str
    address: str
    payment: str
    comment: str
    messengers: Mapping[str, str] = field(default_factory=dict)
    utm: Mapping[str, str] = field(default_factory=dict)
    device: str = ""


class Warehouse:
    """Remembers the orders of this run. `tell` is how the shop's system speaks with Prilavok."""

    def __init__(self, tell: Tell, now: Callable[[], datetime]) -> None:
        self.tell, self.now = tell, now
        self.orders: dict[str, Placed] = {}
        self._last = 0

    async def place(self, basket: Basket) -> Placed | None:
        """None when Prilavok did not take it."""
        now = self.now()
        self._last = max(self._last + 1, int(now.timestamp()) // 10 % 900_000 + 100_000)
        number = str(self._last)
        placed = Placed(secrets.token_urlsafe(12), number, basket.timezone, [("placed", now)])
        events = [{"kind": "paid", "at": now.isoformat()}] if basket.payment == "card" else []
        if not await self.tell(number, order_of(basket, number, now), events):
            return None
        if events:
            placed.told.append(("paid", now))
        self.orders[placed.key] = placed
        if len(self.orders) > MOST:
            del self.orders[next(iter(self.orders))]
        return placed

    async def move(self, placed: Placed, kind: str) -> bool:
        """The parcel goes on. What may happen twice has a key, so that twice it is told."""
        now = self.now()
        event: dict[str, Any] = {"kind": kind, "at": now.isoformat()}
        if kind == "failed_attempt":
            event |= {"key": str(placed.failures + 1), "data": {"reason": "no_answer", "attempt": placed.failures + 1}}
        elif kind == "out_for_delivery" and placed.failures:
            event["key"] = str(placed.failures + 1)
        elif kind == "delayed":
            event["data"] = {"reason": "weather", "new_date": (now + LATE).date().isoformat()}
        if not await self.tell(placed.number, {}, [event]):
            return False
        placed.failures += kind == "failed_attempt"
        placed.told.append((kind, now))
        return True


def order_of(basket: Basket, number: str, now: datetime) -> dict[str, Any]:
    """The generic order, as `PUT /api/v1/orders/{external_id}` takes it."""
    prices = {one.slug: Decimal(one.price) for one in PRODUCTS}
    names = {one.slug: one.texts[basket.language][0] for one in PRODUCTS}
    total = sum((prices[slug] * quantity for slug, quantity in basket.items.items()), Decimal(0))
    context = {"utm": dict(basket.utm)} if basket.utm else {}
    return {
        "number": number,
        "placed_at": now.isoformat(),
        "updated_at": now.isoformat(),
        "currency": "EUR",
        "total": f"{total:.2f}",
        "items": [
            {"sku": slug, "name": names[slug], "quantity": quantity, "price": f"{prices[slug]:.2f}"}
            for slug, quantity in basket.items.items()
        ],
        "customer": {
            "name": basket.name,
            "phone": basket.phone,
            "email": basket.email,
            "language": basket.language,
            "country": basket.country,
            "timezone": basket.timezone,
            "messengers": dict(basket.messengers),
        },
        "payment": {"method": basket.payment, "paid": basket.payment == "card"},
        "delivery": {"method": basket.method, "city": basket.city, "address": basket.address},
        "comment": basket.comment,
        "context": {**context, "device": basket.device} if basket.device else context,
    }
