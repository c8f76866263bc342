"""What a source says, as it can be stored: texts of a sensible length, numbers people can call, past times."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from typing import Any

import msgspec

from prilavok.domain.errors import BadInput
from prilavok.domain.order import Buyer, Item, Order, OrderEvent
from prilavok.domain.shop import currency
from prilavok.flows.unit import Unit
from prilavok.kit import phone
from prilavok.kit.places import country_of, is_zone
from prilavok.kit.text import key_of, storable, storable_tree
from prilavok.store import shops

LARGEST = Decimal("999999999999.99")  # of a sum
MOST_ITEMS = 500
LONGEST_COMMENT = 20_000  # characters; whatever of it is not understood by itself is shown to a person
LONGEST_NOTE = 8 * 1024  # bytes of an event's data, of an order's context
DEEPEST_NOTE = 20  # levels of the same
MOST_MESSENGERS = 20
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(days=1)
PAYMENTS = frozenset({"cod", "card", "invoice"})
METHODS = frozenset({"courier", "pickup", "post"})


def fitted(unit: Unit, shop_id: int, given: Order) -> Order:
    """The same order, clean. BadInput names what cannot be."""
    shop = shops.get(unit.db, shop_id) or {}
    home = country_of(shop.get("timezone", ""), shop.get("currency", ""))
    return dataclasses.replace(
        given,
        external_id=key_of(storable(given.external_id.strip())),
        number=_text(given.number or given.external_id, 100),
        placed_at=_time(given.placed_at, unit.now, "placed_at"),
        at=_time(given.at, unit.now, "updated_at"),
        currency=currency(given.currency) or shop.get("currency", ""),
        total=_total(given.total),
        items=tuple(_item(item) for item in given.items[:MOST_ITEMS]),
        buyer=_buyer(given.buyer, home),
        payment=given.payment if given.payment in PAYMENTS else "",
        method=given.method if given.method in METHODS else "",
        city=_text(given.city, 200),
        address=_text(given.address, 1000),
        carrier=_text(given.carrier, 100),
        tracking=_text(given.tracking, 100),
        comment=comment_of(given)[0],
        context=note(given.context),
    )


def comment_of(given: Order) -> tuple[str, str]:
    """The comment and the language as they are stored, and thus read."""
    return storable(given.comment.strip())[:LONGEST_COMMENT], _text(given.buyer.language, 8).lower()[:2]


def fitted_event(unit: Unit, event: OrderEvent) -> OrderEvent:
    at = _time(event.at, unit.now, "at")
    return dataclasses.replace(event, at=at, key=key_of(storable(event.key)), data=note(event.data))


def money(value: Decimal, field: str) -> Decimal:
    """To the hundredth."""
    try:
        if abs(value) > LARGEST:
            raise BadInput("The sum is larger than any order.", field=field)
        return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    except DecimalException:  # neither a number nor of a size that arithmetic knows
        raise BadInput("The sum is no number.", field=field) from None


def _total(value: Decimal) -> Decimal:
    total = money(value, "total")
    if total < 0:
        raise BadInput("An order costs no less than nothing. Money given back is told as refunded.", field="total")
    return total


def note(data: Mapping[str, Any]) -> dict[str, Any]:
    """What came along, if it is of a size and a depth to keep."""
    if not _shallow(data, DEEPEST_NOTE):
        return {}
    kept: dict[str, Any] = storable_tree(dict(data))
    return kept if len(msgspec.json.encode(kept)) <= LONGEST_NOTE else {}


def _shallow(value: Any, levels: int) -> bool:
    """Whether nothing is nested deeper: a program's mistake of a thousand levels must not exhaust the stack."""
    inner: list[Any]
    match value:
        case Mapping():
            inner = list(value.values())
        case list() | tuple():
            inner = list(value)
        case _:
            return True
    return levels > 0 and all(_shallow(one, levels - 1) for one in inner)


def _buyer(given: Buyer, home: str) -> Buyer:
    country = given.country.strip().upper()
    country = country if len(country) == 2 and country.isascii() and country.isalpha() else ""
    typed = _text(given.phone, 64)
    messengers = list(given.messengers.items())[:MOST_MESSENGERS]
    number = phone.normalise(typed, country or home) or (phone.normalise(typed, home) if home else None)
    return Buyer(
        name=_text(given.name, 200),
        phone=number or typed,
        email=_email(given.email),
        language=_text(given.language, 8).lower()[:2],
        country=country or (phone.region_of(number) if number else "") or "",
        timezone=given.timezone if given.timezone and is_zone(given.timezone) else "",
        external_id=_text(given.external_id, 200),
        messengers={_text(kind, 32): _text(address, 200) for kind, address in messengers if address},
    )


def _email(text: str) -> str:
    address = _text(text, 254).lower()
    name, at, host = address.rpartition("@")
    return address if at and name and "." in host and " " not in address else ""


def _item(item: Item) -> Item:
    price = None if item.price is None else money(item.price, "items")
    quantity = min(max(item.quantity, 0), 10**9)
    return Item(name=_text(item.name, 300), quantity=quantity, price=price, sku=_text(item.sku, 100))


def _text(text: str, longest: int) -> str:
    return " ".join(storable(text).split())[:longest]


def _time(at: datetime, now: datetime, field: str) -> datetime:
    """In UTC and not in the future, a wrong clock allowed for."""
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        raise BadInput("That is no time of our calendar.", field=field) from None
    if at > now + CLOCKS_DIFFER:
        raise BadInput("That time is still to come: say what has happened.", field=field)
    if at < EARLIEST:
        raise BadInput("That was before there were online shops.", field=field)
    return min(at, now)
