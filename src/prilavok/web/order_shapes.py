"""Orders as the API shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from prilavok.web.shapes import Identity, Named

WISH_NAMES = ("call", "preferred_channels", "forbidden_channels", "contact_window")


class Slot(msgspec.Struct):
    from_: str | None = msgspec.field(name="from")
    to: str | None


class OrderRisk(msgspec.Struct, kw_only=True):
    score: int
    outcome: str
    by: str


class WholeRisk(OrderRisk, kw_only=True):
    reasons: list[dict[str, Any]]


class LastEvent(msgspec.Struct):
    kind: str
    at: datetime


class NextWord(msgspec.Struct):
    """What is said next of its own accord; `kind` is the occasion."""

    channel: str
    at: datetime
    kind: str


class Order(msgspec.Struct, kw_only=True):
    id: str
    number: str
    external_id: str
    status: str
    placed_at: datetime
    currency: str
    total: str
    paid: bool
    payment: str
    method: str
    contact: Named
    city: str
    comment: str
    call: str
    to_read: bool
    calls_wait: bool
    risk: OrderRisk | None
    delivery_day: str | None
    slot: Slot | None
    last_event: LastEvent | None
    next: NextWord | None
    tasks: int
    urgent: bool


class OrderItem(msgspec.Struct):
    sku: str
    name: str
    quantity: int
    price: str | None


class OrderSpan(msgspec.Struct):
    start: int
    end: int
    field: str
    value: str


class Unread(msgspec.Struct):
    start: int
    end: int


class WholeOrder(Order, kw_only=True):
    """An order with everything that its page shows beside the timeline."""

    risk: WholeRisk | None
    phone: str
    email: str
    address: str
    country: str
    language: str
    timezone: str
    carrier: str
    tracking: str
    items: list[OrderItem]
    wishes: dict[str, Any]
    wishes_by: str
    spans: list[OrderSpan]
    unread_spans: list[Unread]
    read_by: Named | None
    read_at: datetime | None
    attempts: int
    courier: str
    context: dict[str, Any]
    identities: list[Identity]
    preferences: dict[str, Any]
    lasting: dict[str, Any]
    conversation_id: str | None


class OrderCounts(msgspec.Struct):
    open: int
    to_read: int
    person: int
    tasks: int
    by_status: dict[str, int]


class OrderTaken(msgspec.Struct):
    id: str
    created: bool
    status: str


def order_fields(
    row: Mapping[Any, Any],
    *,
    name: str,
    keys: Mapping[str, str],
    last: tuple[str, datetime] | None,
    following: tuple[str, datetime, str] | None,
    tasks: int,
) -> dict[str, Any]:
    """`name` of the contact; `keys`: source → the source's id; `last`: the latest event; `following`: the next word."""
    risk = row["risk"]
    return {
        "id": row["id"],
        "number": row["number"],
        "external_id": keys.get("api") or next(iter(keys.values()), ""),
        "status": row["status"],
        "placed_at": row["placed_at"],
        "currency": row["currency"],
        "total": amount(row["total"]),
        "paid": bool(row["paid"]),
        "payment": row["payment"],
        "method": row["method"],
        "contact": Named(row["contact_id"], name or row["name"]),
        "city": row["city"],
        "comment": row["comment"],
        "call": (row["wishes"] or {}).get("call", "no_statement"),
        "to_read": bool(row["to_read"]),
        "calls_wait": bool(row["calls_wait"]),
        "risk": OrderRisk(score=risk["score"], outcome=row["outcome"], by=row["outcome_by"]) if risk else None,
        "delivery_day": row["delivery_day"],
        "slot": Slot(row["slot_from"], row["slot_to"]) if row["slot_from"] or row["slot_to"] else None,
        "last_event": LastEvent(*last) if last else None,
        "next": NextWord(*following) if following else None,
        "tasks": tasks,
        "urgent": bool(row["urgent"]),
    }


def amount(hundredths: int) -> str:
    """1250 hundredths are "12.50"."""
    whole, part = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{part:02}"
