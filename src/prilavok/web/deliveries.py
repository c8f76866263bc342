"""How parcels are brought: the owner's settings, and the link for whoever brings one."""

from typing import Annotated, Any

import msgspec
from sqlalchemy.engine import Connection

from prilavok.domain.delivery import as_mapping
from prilavok.domain.errors import NotFound
from prilavok.flows import schedule
from prilavok.flows.addresses import courier_page
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


async def show(ask: Ask) -> DeliverySettings:
    return await ask.read(_settings, ask.shop_id)


async def change(ask: Ask) -> DeliverySettings:
    given: dict[str, Any] = msgspec.to_builtins(ask.body)
    await ask.do(schedule.save_settings, ask.shop_id, given)
    return await ask.read(_settings, ask.shop_id)


async def courier_link(ask: Ask) -> Link:
    """Signed, for two weeks; whoever has it sees the address and the wishes of this one order."""
    given = ask.path("id")
    order_id = given if is_id(given) else await ask.read(orders.by_external, ask.shop_id, key_of(storable(given)))
    if order_id is None or await ask.read(orders.get, ask.shop_id, order_id) is None:
        raise NotFound
    return Link(courier_page(ask.services.bus.world, ask.shop_id, order_id, ask.services.now))


def _settings(db: Connection, shop_id: int) -> DeliverySettings:
    return msgspec.convert(as_mapping(settings_of(db, shop_id)), DeliverySettings)
