"""Which order is meant: by the source's own id, by what two sources have in common, by the parcel's number."""

from datetime import timedelta

from prilavok.domain.order import News, Order
from prilavok.flows.unit import Unit
from prilavok.kit.text import key_of, storable
from prilavok.store import orders
from prilavok.store.questions import Row

NEAR = timedelta(days=2)  # between the times that two sources give for the placing of one order


def find(unit: Unit, shop_id: int, source: str, news: News, given: Order | None) -> Row | None:
    """The stored order, locked. One that another source told of is from now on known by this source's id too."""
    if given is not None:
        order_id = orders.by_key(unit.db, shop_id, source, given.external_id)
        if order_id is None and (order_id := _twin(unit, shop_id, source, given)) is not None:
            orders.add_key(unit.db, shop_id, source, given.external_id, order_id)
    else:
        order_id = _named(unit, shop_id, source, news)
    return orders.get(unit.db, shop_id, order_id, lock=True) if order_id is not None else None


def authority(unit: Unit, row: Row, source: str) -> bool:
    """Whether this source told of the order first."""
    events = orders.events_of(unit.db, row["shop_id"], row["id"])
    return any(event["kind"] == "placed" and event["source"] == source for event in events)


def _twin(unit: Unit, shop_id: int, source: str, given: Order) -> str | None:
    """The same order from another source: equal number and equal phone or e-mail, or number and sum within days."""
    if not given.number:
        return None
    rows = orders.by_numbers(unit.db, shop_id, spellings(given.number))
    keys = orders.keys_of(unit.db, shop_id, [row["id"] for row in rows])
    for row in rows:
        if source in keys.get(row["id"], {}):
            continue  # this source knows it under another id: two orders
        same_person = any(mine and mine == row[name] for name, mine in _contact(given))
        same_sum = hundredths(given) == row["total"] and abs(given.placed_at - row["placed_at"]) <= NEAR
        if same_person or same_sum:
            return str(row["id"])
    return None


def _contact(given: Order) -> tuple[tuple[str, str], ...]:
    return ("phone", given.buyer.phone), ("email", given.buyer.email)


def hundredths(given: Order) -> int:
    return int(given.total.scaleb(2))


def _named(unit: Unit, shop_id: int, source: str, news: News) -> str | None:
    """An order of which only a name is said; a number that two orders share names neither."""
    external, number = key_of(storable(news.external_id)), storable(news.number).strip()[:100]
    if external and (found := orders.by_key(unit.db, shop_id, source, external)) is not None:
        return found
    if number:
        rows = orders.by_numbers(unit.db, shop_id, spellings(number))
        if len(rows) == 1:
            return str(rows[0]["id"])
    tracking = storable(news.tracking).strip()[:100]
    return orders.by_tracking(unit.db, shop_id, tracking) if tracking else None


def spellings(number: str) -> list[str]:
    """“#1042” and “1042” are one number."""
    bare = number.lstrip("#№ ")
    return [number, bare, f"#{bare}"]
