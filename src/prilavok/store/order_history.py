"""Orders by the hundred, as they were: for a history that is not told one order after the other."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from prilavok.store.orders import BLANK
from prilavok.store.rowsets import Insertion
from prilavok.store.schema import identities
from prilavok.store.schema_orders import order_events, order_keys, orders, preferences

_orders = Insertion(orders, [column.name for column in orders.columns])
_keys = Insertion(order_keys, [column.name for column in order_keys.columns])
_events = Insertion(order_events, [column.name for column in order_events.columns])
_identities = Insertion(identities, [column.name for column in identities.columns])
_preferences = Insertion(preferences, [column.name for column in preferences.columns])


def add(db: Connection, source: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of `orders`, each with the `external_id` by which the source knows it."""
    if rows:
        _orders(db, [{**BLANK, **row} for row in rows])
        _keys(
            db,
            [
                {
                    "shop_id": row["shop_id"],
                    "source": source,
                    "external_id": row["external_id"],
                    "order_id": row["id"],
                }
                for row in rows
            ],
        )


def add_events(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        _events(db, rows)


def add_preferences(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        _preferences(db, rows)


def add_addresses(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of `identities`, of people who are known already."""
    if rows:
        _identities(db, rows)
