"""Orders on their way to a customer who can be written to, and what arose about them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from prilavok.domain.events import OccasionArose
from prilavok.flows import addresses
from prilavok.flows.reactions import REACTIONS
from prilavok.flows.take import take
from prilavok.store import orders
from tests.ordering import buyer, event, news, order

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=KYIV)  # a Tuesday


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[OccasionArose]]:
    """What somebody may have to be told of, in its order; nobody is."""
    heard: list[OccasionArose] = []
    monkeypatch.setitem(REACTIONS, OccasionArose, [lambda _unit, arisen: heard.append(arisen)])  # type: ignore[index]
    return heard


def kinds(heard: list[OccasionArose]) -> list[str]:
    return [one.occasion.kind for one in heard]


async def placed(shop: Any, external_id: str = "1042", *, who: str = "olena", **fields: Any) -> Any:
    """An order that the shop's own courier brings, of somebody who can be written to by pigeon."""
    values: dict[str, Any] = {"method": "courier", "city": "Київ", "address": "вул. Хрещатик, 1", "payment": "cod"}
    person = buyer(messengers={"pigeon": who}, phone="", email="", **fields.pop("buyer", {}))
    given = order(external_id, at=shop.clock(), buyer=person, **{**values, **fields})
    taken = await shop.house.bus.do(take, shop.id, "api", news(given, external_id=external_id))
    return await order_row(shop, taken.order_id)


async def happened(shop: Any, row: Any, kind: str, key: str = "", **data: Any) -> None:
    part = event(kind, shop.clock(), key, **data)
    await shop.house.bus.do(take, shop.id, "api", news(part), order_id=row["id"])


async def order_row(shop: Any, order_id: str) -> Any:
    found = await shop.read(orders.get, order_id)
    assert found is not None
    return found


async def changed(shop: Any, row: Any, **values: Any) -> Any:
    """What only other parts of the shop can change."""
    await shop.house.bus.do(lambda unit: orders.change(unit.db, shop.id, row["id"], values))
    return await order_row(shop, row["id"])


async def happenings(shop: Any, row: Any) -> list[tuple[str, str]]:
    """(kind, key) of everything that happened to an order."""
    return [(one["kind"], one["key"]) for one in await shop.read(orders.events_of, row["id"])]


def page_of(shop: Any, row: Any, which: str = "order") -> str:
    """The path of a signed page: order, courier, wishes or unsubscribe."""
    world, now = shop.house.bus.world, shop.clock()
    match which:
        case "order":
            link = addresses.order_page(world, shop.id, row["id"], now)
        case "courier":
            link = addresses.courier_page(world, shop.id, row["id"], now)
        case "wishes":
            link = addresses.wishes_page(world, shop.id, row["contact_id"], now)
        case _:
            link = addresses.unsubscribe(world, shop.id, row["contact_id"], now)
    return link.removeprefix("https://shop.test")


async def posted(shop: Any, path: str, headers: dict[str, str] | None = None, **fields: str) -> Any:
    """A form of a signed page; answers where it leads to, or the refusal."""
    from urllib.parse import urlencode

    body = urlencode(fields).encode()
    form = {"content-type": "application/x-www-form-urlencoded", **(headers or {})}
    return await shop.ask("POST", path, role=None, headers=form, body=body)
