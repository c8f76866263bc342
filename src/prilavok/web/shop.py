"""The shop itself, as its owner describes it."""

from typing import Annotated, Any

import msgspec
from sqlalchemy.engine import Connection

from prilavok.flows.circumstances import HOURS
from prilavok.flows.describe import describe
from prilavok.store import shops
from prilavok.web.ask import Ask


class Span(msgspec.Struct):
    from_: str = msgspec.field(name="from")
    to: str


class OpeningHours(msgspec.Struct):
    """`week`: seven lists from Monday, an empty one is a day off; `closed_days` as YYYY-MM-DD."""

    week: list[list[Span]]
    closed_days: list[str] = []


class Shop(msgspec.Struct):
    """`hours` is null while nobody has said when the shop works: calls then follow the policy's hours alone."""

    name: str
    language: str
    timezone: str
    currency: str
    hours: OpeningHours | None


class ShopChanges(msgspec.Struct, omit_defaults=True):
    """What is not given stays as it was."""

    name: Annotated[str, msgspec.Meta(max_length=1000)] | msgspec.UnsetType = msgspec.UNSET
    language: str | msgspec.UnsetType = msgspec.UNSET
    timezone: str | msgspec.UnsetType = msgspec.UNSET
    hours: OpeningHours | msgspec.UnsetType | None = msgspec.UNSET


async def show(ask: Ask) -> Shop:
    return await ask.read(_shop, ask.shop_id)


async def change(ask: Ask) -> Shop:
    given: dict[str, Any] = msgspec.to_builtins(ask.body)
    await ask.do(describe, ask.shop_id, given)
    return await ask.read(_shop, ask.shop_id)


def _shop(db: Connection, shop_id: int) -> Shop:
    row = shops.get(db, shop_id)
    assert row is not None
    known = {name: row[name] for name in ("name", "language", "timezone", "currency")}
    return msgspec.convert({**known, "hours": shops.setting(db, shop_id, HOURS)}, Shop)
