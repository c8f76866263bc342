"""How parcels are brought: the owner's settings, and the links for whoever brings one and whoever has got one."""

from typing import Annotated, Any

import msgspec
from sqlalchemy.engine import Connection

from prilavok.domain.delivery import as_mapping
from prilavok.domain.errors import NotFound
from prilavok.flows import schedule
from prilavok.flows.addresses import courier_page, review_key
from prilavok.flows.slots import settings_of
from prilavok.kit.ids import is_id
from prilavok.kit.text import key_of, storable
from prilavok.store import orders
from prilavok.web.ask import Ask

Hour = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Interval(msgspec.Struct):
    from_: Hour = msgspec.field(name="from")
    to: Hour
    capacity: int


class DeliverySettings(msgspec.Struct):
    """`weekdays` from Monday 0; `holidays_of` a country whose public holidays are days off; `notice` in hours."""

    offered: bool
    intervals: list[Interval]
    days_ahead: int
    weekdays: list[int]
    closed_days: list[str]
    holidays_of: str
    notice: int
    remind_at: str


class DeliveryChanges(msgspec.Struct, omit_defaults=True):
    """What is not given stays as it was."""

    offered: bool | msgspec.UnsetType = msgspec.UNSET
    intervals: list[Interval] | msgspec.UnsetType = msgspec.UNSET
    days_ahead: int | msgspec.UnsetType = msgspec.UNSET
    weekdays: list[int] | msgspec.UnsetType = msgspec.UNSET
    closed_days: list[str] | msgspec.UnsetType = msgspec.UNSET
    holidays_of: str | msgspec.UnsetType = msgspec.UNSET
    notice: int | msgspec.UnsetType = msgspec.UNSET
    remind_at: str | msgspec.UnsetType = msgspec.UNSET


class Link(msgspec.Struct):
    url: str


class ReviewKey(msgspec.Struct):
    """`fragment` goes to the end of the address of a page with a product's card."""

    key: str
    fragment: str


async def show(ask: Ask) -> DeliverySettings:
    return await ask.read(_settings, ask.shop_id)


async def change(ask: Ask) -> DeliverySettings:
    given: dict[str, Any] = msgspec.to_builtins(ask.body)
    await ask.do(schedule.save_settings, ask.shop_id, given)
    return await ask.read(_settings, ask.shop_id)


async def courier_link(ask: Ask) -> Link:
    """Signed, for two weeks; whoever has it sees the address and the wishes of this one order."""
    order_id = await _order_of(ask)
    return Link(courier_page(ask.services.bus.world, ask.shop_id, order_id, ask.services.now))


async def make_review_key(ask: Ask) -> ReviewKey:
    """Proves to the shop's product cards that its bearer bought what is in this order. Good for 90 days."""
    order_id = await _order_of(ask)
    key = review_key(ask.services.bus.world, ask.shop_id, order_id, ask.services.now)
    return ReviewKey(key, f"#review={key}")


async def _order_of(ask: Ask) -> str:
    """By our id, or by the shop's own."""
    given = ask.path("id")
    order_id = given if is_id(given) else await ask.read(orders.by_external, ask.shop_id, key_of(storable(given)))
    if order_id is None or await ask.read(orders.get, ask.shop_id, order_id) is None:
        raise NotFound
    return order_id


def _settings(db: Connection, shop_id: int) -> DeliverySettings:
    return msgspec.convert(as_mapping(settings_of(db, shop_id)), DeliverySettings)
