"""Puts the year's orders into the database: rows, events, what the comments ask for, who looks like a real buyer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from prilavok.domain.order import Happened, OrderEvent, is_paid, status_of
from prilavok.domain.risk import BUILT_IN, Model, OrderMarks, Outcome, assess
from prilavok.domain.wishes import Reading, as_mapping
from prilavok.flows.take.comment import stored
from prilavok.flows.unit import Unit
from prilavok.kit import phone
from prilavok.kit.ids import new_id
from prilavok.simulator.seeds import OrderSeed
from prilavok.store import order_history, tasks

SOURCE = "api"  # the sample shop's own system
AT_ONCE = 500  # rows in one statement
ORDINARY_SUMS = 200  # orders whose middle is an ordinary sum
OWNERS = Model(BUILT_IN.weights, tap_from=3.0)  # the owner of the demo's shop asks for a tap sooner than ours
KEPT = ("call", "preferred_channels", "forbidden_channels", "contact_window")  # what may be wished for good


@dataclass(slots=True)
class Placing:
    """What is under way while the year goes by."""

    shop_id: int
    contacts: Mapping[str, str]  # key of a contact → its id
    reader: Callable[[str, str], Reading]
    now: datetime
    agent: str  # who has read the old comments
    taken: dict[str, int] = field(default_factory=dict)
    back: dict[str, int] = field(default_factory=dict)
    sums: list[int] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    preferences: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: list[dict[str, Any]] = field(default_factory=list)


def furnish_orders(
    unit: Unit, shop_id: int, seeds: Sequence[OrderSeed], people: Mapping[str, str], agent: str
) -> list[dict[str, Any]]:
    """`people`: ids of contacts by their keys; `agent` has read the old comments. Returns the rows, in order."""
    read: dict[tuple[str, str], Reading] = {}

    def reader(text: str, language: str) -> Reading:
        known = (text, language)
        if known not in read:
            read[known] = unit.world.read_comment(text, language) if text else Reading()
        return read[known]

    placing = Placing(shop_id, people, reader, unit.now, agent)
    _addresses(unit, placing, seeds)
    for seed in seeds:
        _one(placing, seed)
    for part in parts(placing.rows, AT_ONCE):
        order_history.add(unit.db, SOURCE, part)
    for part in parts(placing.events, AT_ONCE):
        order_history.add_events(unit.db, part)
    order_history.add_preferences(unit.db, list(placing.preferences.values()))
    for task in placing.tasks:
        tasks.add(unit.db, task)
    return placing.rows


def _addresses(unit: Unit, placing: Placing, seeds: Sequence[OrderSeed]) -> None:
    """Every buyer gave a number, and can be reached under it through whatever the shop has connected."""
    inboxes = unit.world.directory.of_shop(unit.db, placing.shop_id)
    kinds = {one.scope: one.kind for one in inboxes if one.capabilities.address_kind in {"phone", "whatsapp"}}
    numbers = {one.contact: (one.order.buyer.phone, one.order.placed_at) for one in reversed(seeds)}
    rows = [
        _identity(placing, contact, scope, kind, number, at)
        for contact, (number, at) in numbers.items()
        if phone.normalise(number, "") == number
        for scope, kind in sorted({"phone": "phone", **kinds}.items())
    ]
    order_history.add_addresses(unit.db, rows)


def _identity(placing: Placing, contact: str, scope: str, kind: str, number: str, at: datetime) -> dict[str, Any]:
    return {
        "shop_id": placing.shop_id,
        "id": new_id(),
        "contact_id": placing.contacts[contact],
        "channel": kind,
        "inbox_id": None,
        "scope": scope,
        "address": number,
        "display": "",
        "verified": False,
        "claimed": "order",
        "reachable": True,
        "reason": "",
        "last_at": None,
        "last_seq": 0,
        "created_at": at,
    }


def _one(placing: Placing, seed: OrderSeed) -> None:
    order, order_id = seed.order, new_id()
    reading = placing.reader(order.comment, order.buyer.language)
    status = status_of(seed.events)
    unread = bool(reading.needs_human or reading.to_read)
    waits = unread and seed.case == "read"
    row = _row(placing, seed, order_id) | {
        "status": status.value,
        "paid": is_paid(seed.events),
        "reading": stored(reading),
        "wishes": as_mapping(reading.wishes),
        "to_read": waits,
        "calls_wait": waits,
        "read_by": placing.agent if unread and not waits else None,
        "read_at": min(placing.now, order.placed_at + timedelta(minutes=21)) if unread and not waits else None,
        "attempts": sum(one.kind is Happened.FAILED_ATTEMPT for one in seed.events),
        "last_event_at": max(one.at for one in seed.events),
    }
    row |= _risk(placing, seed, row)
    placing.rows.append(row)
    placing.events += [_event(placing, order_id, one) for one in seed.events]
    placing.sums.append(row["total"])
    kinds = {one.kind for one in seed.events}
    placing.taken[seed.contact] = placing.taken.get(seed.contact, 0) + (Happened.DELIVERED in kinds)
    placing.back[seed.contact] = placing.back.get(seed.contact, 0) + (Happened.RETURNED in kinds)
    if reading.lasting:
        _for_good(placing, row, reading)
    if waits:
        placing.tasks.append(_task(placing, row, "read", []))


def _row(placing: Placing, seed: OrderSeed, order_id: str) -> dict[str, Any]:
    order, buyer = seed.order, seed.order.buyer
    return {
        "shop_id": placing.shop_id,
        "id": order_id,
        "external_id": order.external_id,
        "number": order.number,
        "placed_at": order.placed_at,
        "currency": order.currency,
        "total": int(order.total * 100),
        "payment": order.payment,
        "method": order.method,
        "contact_id": placing.contacts[seed.contact],
        "name": buyer.name,
        "phone": buyer.phone,
        "email": buyer.email,
        "language": buyer.language,
        "country": buyer.country,
        "timezone": buyer.timezone,
        "city": order.city,
        "address": order.address,
        "carrier": order.carrier,
        "tracking": order.tracking,
        "comment": order.comment,
        "items": [
            {"sku": one.sku, "name": one.name, "quantity": one.quantity, "price": str(one.price)} for one in order.items
        ],
        "context": dict(order.context),
        "delivery_day": seed.delivery_day or None,
        "slot_from": seed.slot[0] if seed.slot else None,
        "slot_to": seed.slot[1] if seed.slot else None,
        "courier": seed.courier,
        "said_at": order.at,
        "created_at": order.placed_at,
    }


def _event(placing: Placing, order_id: str, event: OrderEvent) -> dict[str, Any]:
    by = "customer" if event.kind in {Happened.CONFIRMED, Happened.CANCELLED} else SOURCE
    return {
        "shop_id": placing.shop_id,
        "id": new_id(),
        "order_id": order_id,
        "kind": event.kind.value,
        "key": event.key,
        "at": event.at,
        "source": by,
        "data": dict(event.data) or None,
        "created_at": event.at,
    }


def _risk(placing: Placing, seed: OrderSeed, row: Mapping[str, Any]) -> dict[str, Any]:
    """The score as it was on placing: out of what had happened with this customer until then."""
    ordinary = median(placing.sums[-ORDINARY_SUMS:] or [row["total"]])
    marks = OrderMarks(
        phone=phone.kind_of(row["phone"]),
        email="ordinary" if row["email"] else "none",
        address_parts=3 if row["method"] != "courier" or row["address"] else 1,
        delivered=placing.taken.get(seed.contact, 0),
        refused=placing.back.get(seed.contact, 0),
        sum_ratio=row["total"] / ordinary if ordinary else 1.0,
        proven=bool(seed.order.buyer.messengers),
        paid=row["payment"] == "card" and row["paid"],
        cash=row["payment"] == "cod",
    )
    found = assess(marks, OWNERS)
    risk = {
        "score": found.score,
        "outcome": found.outcome.value,
        "reasons": [{"why": one.why, "points": one.points, "data": dict(one.data)} for one in found.reasons],
        "signals": dict(found.signals),
    }
    if found.outcome is Outcome.PERSON and seed.case == "person":
        because = [{"why": one.why, "data": dict(one.data)} for one in found.reasons[:3]]
        placing.tasks.append(_task(placing, row, "look", because))
    return {"risk": risk, "outcome": found.outcome.value}


def _task(placing: Placing, row: Mapping[str, Any], kind: str, because: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "shop_id": placing.shop_id,
        "id": new_id(),
        "kind": kind,
        "order_id": row["id"],
        "contact_id": row["contact_id"],
        "phone": row["phone"],
        "because": because,
        "created_at": row["placed_at"],
    }


def _for_good(placing: Placing, row: Mapping[str, Any], reading: Reading) -> None:
    wishes = as_mapping(reading.wishes)
    placing.preferences[row["contact_id"]] = {
        "shop_id": placing.shop_id,
        "contact_id": row["contact_id"],
        "data": {name: wishes[name] for name in KEPT if name in reading.lasting},
        "by": f"comment:{row['id']}",
        "updated_at": row["placed_at"],
    }


def parts(rows: list[dict[str, Any]], size: int) -> Iterable[list[dict[str, Any]]]:
    """So many at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
