"""Orders, the ids by which their sources know them, and what has happened to them. Sums are whole hundredths."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.engine import Connection

from prilavok.store.questions import Question, Row, among, listed
from prilavok.store.rowsets import Insertion
from prilavok.store.schema_orders import order_events, order_keys, orders

BLANK: Mapping[str, Any] = {  # what an order has before anybody said more of it
    "paid": False,
    "payment": "",
    "method": "",
    "name": "",
    "phone": "",
    "email": "",
    "language": "",
    "country": "",
    "timezone": "",
    "city": "",
    "address": "",
    "carrier": "",
    "tracking": "",
    "comment": "",
    "items": None,
    "context": None,
    "reading": None,
    "wishes": None,
    "wishes_by": "",
    "to_read": False,
    "calls_wait": False,
    "read_by": None,
    "read_at": None,
    "urgent": False,
    "risk": None,
    "outcome": "",
    "outcome_by": "",
    "delivery_day": None,
    "slot_from": None,
    "slot_to": None,
    "attempts": 0,
    "courier": "",
}

_insert = Insertion(orders, [column.name for column in orders.columns])
_insert_keys = Insertion(order_keys, [column.name for column in order_keys.columns])
_insert_events = Insertion(order_events, [column.name for column in order_events.columns])

_of_shop = select(orders).where(orders.c.shop_id == bindparam("shop"))
_one = Question(_of_shop.where(orders.c.id == bindparam("which")))
_one_locked = Question(_of_shop.where(orders.c.id == bindparam("which")).with_for_update())
_by_number = Question(
    _of_shop.where(among(orders.c.number, "numbers")).order_by(orders.c.placed_at.desc(), orders.c.id).limit(20)
)
_owners_of = Question(
    select(orders.c.number, orders.c.contact_id).where(
        orders.c.shop_id == bindparam("shop"), among(orders.c.number, "numbers")
    )
)
_by_tracking = Question(
    select(orders.c.id)
    .where(orders.c.shop_id == bindparam("shop"), orders.c.tracking == bindparam("code"))
    .order_by(orders.c.placed_at.desc())
    .limit(1)
)
_key = Question(
    select(order_keys.c.order_id).where(
        order_keys.c.shop_id == bindparam("shop"),
        order_keys.c.source == bindparam("of_source"),
        order_keys.c.external_id == bindparam("external"),
    )
)
_keys_of = Question(
    select(order_keys.c.order_id, order_keys.c.source, order_keys.c.external_id)
    .where(order_keys.c.shop_id == bindparam("shop"), among(order_keys.c.order_id, "wanted"))
    .order_by(order_keys.c.source, order_keys.c.external_id)
)
_any_key = Question(
    select(order_keys.c.order_id, order_keys.c.source)
    .where(order_keys.c.shop_id == bindparam("shop"), order_keys.c.external_id == bindparam("external"))
    .order_by(order_keys.c.source)
)
_events_of = Question(
    select(order_events)
    .where(order_events.c.shop_id == bindparam("shop"), order_events.c.order_id == bindparam("which"))
    .order_by(order_events.c.at, order_events.c.kind, order_events.c.key)
)
_last_of = Question(
    select(order_events.c.order_id, order_events.c.kind, order_events.c.at)
    .where(order_events.c.shop_id == bindparam("shop"), among(order_events.c.order_id, "wanted"))
    .order_by(order_events.c.at, order_events.c.kind, order_events.c.key)
)


def add(db: Connection, row: Mapping[str, Any]) -> None:
    _insert(db, [{**BLANK, **row}])


def change(db: Connection, shop_id: int, order_id: str, changes: Mapping[str, Any]) -> None:
    db.execute(update(orders).where(orders.c.shop_id == shop_id, orders.c.id == order_id).values(**changes))


def get(db: Connection, shop_id: int, order_id: str, *, lock: bool = False) -> Row | None:
    return (_one_locked if lock else _one).row(db, shop=shop_id, which=order_id)


def by_numbers(db: Connection, shop_id: int, numbers: Iterable[str]) -> Sequence[Row]:
    """Orders with one of these numbers, the latest first; a number is no key: two platforms count alike."""
    return _by_number.rows(db, shop=shop_id, numbers=listed(numbers))


def owners_of(db: Connection, shop_id: int, numbers: Iterable[str]) -> Sequence[Row]:
    """number and contact_id of every order with one of these numbers."""
    return _owners_of.rows(db, shop=shop_id, numbers=listed(numbers))


def by_tracking(db: Connection, shop_id: int, tracking: str) -> str | None:
    """The latest order that travels under this number."""
    found: str | None = _by_tracking.value(db, shop=shop_id, code=tracking)
    return found


def by_key(db: Connection, shop_id: int, source: str, external_id: str) -> str | None:
    """The order that a source knows by this id."""
    found: str | None = _key.value(db, shop=shop_id, of_source=source, external=external_id)
    return found


def by_external(db: Connection, shop_id: int, external_id: str, *, first: str = "api") -> str | None:
    """The order that anybody knows by this id, `first` before all others. None when two others mean two orders."""
    rows = _any_key.rows(db, shop=shop_id, external=external_id)
    for row in rows:
        if row["source"] == first:
            return str(row["order_id"])
    found = {row["order_id"] for row in rows}
    return str(found.pop()) if len(found) == 1 else None


def keys_of(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """order → source → the source's id."""
    found: dict[str, dict[str, str]] = {}
    for row in _keys_of.rows(db, shop=shop_id, wanted=listed(ids)):
        found.setdefault(row["order_id"], {})[row["source"]] = row["external_id"]
    return found


def add_key(db: Connection, shop_id: int, source: str, external_id: str, order_id: str) -> None:
    _insert_keys(db, [{"shop_id": shop_id, "source": source, "external_id": external_id, "order_id": order_id}])


def forget_source(db: Connection, shop_id: int, source: str) -> None:
    """Orders stay; they are no longer known by the ids of a source that is gone."""
    db.execute(delete(order_keys).where(order_keys.c.shop_id == shop_id, order_keys.c.source == source))


def events_of(db: Connection, shop_id: int, order_id: str) -> list[dict[str, Any]]:
    """Oldest first."""
    return _events_of.rows(db, shop=shop_id, which=order_id)


def last_events(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, tuple[str, datetime]]:
    """order → kind and time of the latest event."""
    rows = _last_of.rows(db, shop=shop_id, wanted=listed(ids))
    return {row["order_id"]: (row["kind"], row["at"]) for row in rows}


def add_events(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of: shop_id, id, order_id, kind, key, at, source, data, created_at."""
    _insert_events(db, rows)


def move_event(db: Connection, shop_id: int, event_id: str, at: datetime) -> None:
    """Another source says that it happened earlier."""
    where = (order_events.c.shop_id == shop_id, order_events.c.id == event_id)
    db.execute(update(order_events).where(*where).values(at=at))
