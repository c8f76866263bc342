"""The facts of an order: how they are first written down, and what later news changes of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prilavok.domain.order import Order, Status
from prilavok.flows.take.known import hundredths
from prilavok.store.questions import Row

OF_THE_PARCEL = frozenset({"carrier", "tracking"})  # whoever carries it knows better than whoever sold it
ADDED = frozenset({"context"})


def first_row(shop_id: int, order_id: str, given: Order, now: datetime) -> dict[str, Any]:
    """A new row without its contact."""
    return {
        **said(given),
        "shop_id": shop_id,
        "id": order_id,
        "status": Status.PLACED.value,
        "placed_at": given.placed_at,
        "said_at": given.at,
        "last_event_at": given.placed_at,
        "created_at": now,
    }


def differences(row: Row, given: Order, *, authority: bool) -> dict[str, Any]:
    """What the news changes. What is not said (empty) never takes away what is known; older news only fills gaps."""
    fresh = authority and given.at >= row["said_at"]
    changes: dict[str, Any] = {}
    for name, value in said(given).items():
        known = row[name]
        if name in ADDED:
            if value and (more := {**value, **(known or {})}) != (known or {}):
                changes[name] = more
        elif value != known and _is_said(name, value) and (fresh or not known or name in OF_THE_PARCEL):
            changes[name] = value
    if not fresh:
        changes.pop("total", None)
    if authority and given.at > row["said_at"]:
        changes["said_at"] = given.at
    return changes if set(changes) - {"said_at"} else {}


def said(given: Order) -> dict[str, Any]:
    """The columns that come out of what a source says."""
    buyer = given.buyer
    return {
        "number": given.number,
        "currency": given.currency,
        "total": hundredths(given),
        "payment": given.payment,
        "method": given.method,
        "name": buyer.name,
        "phone": buyer.phone,
        "email": buyer.email,
        "language": buyer.language,
        "country": buyer.country,
        "timezone": buyer.timezone,
        "city": given.city,
        "address": given.address,
        "carrier": given.carrier,
        "tracking": given.tracking,
        "comment": given.comment,
        "items": items_of(given),
        "context": _context(given) or None,
    }


def _context(given: Order) -> dict[str, Any]:
    """With the messengers that the shop's own account knows: they belong to this order, and may be written to."""
    messengers = dict(given.buyer.messengers)
    return dict(given.context) | ({"messengers": messengers} if messengers else {})


def items_of(given: Order) -> list[Mapping[str, Any]] | None:
    lines: list[Mapping[str, Any]] = [
        {
            "sku": item.sku,
            "name": item.name,
            "quantity": item.quantity,
            "price": None if item.price is None else str(item.price),
        }
        for item in given.items
    ]
    return lines or None


def _is_said(name: str, value: Any) -> bool:
    return bool(value) or name == "total"
