"""Who is one person: contacts are found, made one, taken apart, and suspected of being one."""

from typing import Any

import msgspec
from sqlalchemy.engine import Connection

from prilavok.domain.errors import NotFound
from prilavok.domain.preferences import as_mapping, preferences_from, united
from prilavok.flows import merge
from prilavok.store import merges, people, preferences
from prilavok.web import looks, shapes
from prilavok.web.ask import Ask, IdText

AT_ONCE = 20  # that a search shows


class Found(msgspec.Struct):
    """A contact as a search shows it."""

    id: str
    name: str
    addresses: list[str]
    conversations: int
    orders: int


class FoundList(msgspec.Struct):
    items: list[Found]


class Other(msgspec.Struct):
    other_id: IdText


class Preview(msgspec.Struct):
    """What will be one: both cards, how many orders each has, and the wishes that will hold."""

    kept: shapes.Contact
    gone: shapes.Contact
    orders: dict[str, int]
    preferences: dict[str, Any]


class Merged(msgspec.Struct):
    """`id` undoes it."""

    id: str
    contact: shapes.Contact


class Parted(msgspec.Struct):
    kept: shapes.Contact
    back: shapes.Contact


async def find(ask: Ask) -> FoundList:
    """By a part of the name or the beginning of an address."""
    return await ask.read(_find, ask.shop_id, (ask.query("q") or "").strip()[:100])


def _find(db: Connection, shop_id: int, words: str) -> FoundList:
    rows = people.search(db, shop_id, words, AT_ONCE) if words else []
    ids = [row["id"] for row in rows]
    orders, talks = people.orders_of(db, shop_id, ids), people.conversations_of(db, shop_id, ids)
    where = people.addresses_of(db, shop_id, ids)
    return FoundList(
        [
            Found(row["id"], row["name"], where.get(row["id"], []), talks.get(row["id"], 0), orders.get(row["id"], 0))
            for row in rows
        ]
    )


async def preview(ask: Ask) -> Preview:
    given: Other = ask.body
    return await ask.read(_preview, ask.shop_id, ask.id(), given.other_id)


def _preview(db: Connection, shop_id: int, kept_id: str, gone_id: str) -> Preview:
    kept, gone = looks.contact_card(db, shop_id, kept_id), looks.contact_card(db, shop_id, gone_id)
    rows = [preferences.get(db, shop_id, one.id) for one in (kept, gone)]
    said = [preferences_from(row["data"] if row is not None else None) for row in rows]
    orders = people.orders_of(db, shop_id, [kept.id, gone.id])
    counted = {one.id: orders.get(one.id, 0) for one in (kept, gone)}
    return Preview(kept, gone, counted, as_mapping(united(*said)))


async def join(ask: Ask) -> Merged:
    given: Other = ask.body
    merge_id = await ask.do(merge.merge, ask.shop_id, ask.id(), given.other_id, by=f"agent:{ask.me.id}")
    return Merged(merge_id, await ask.read(looks.contact_card, ask.shop_id, ask.id()))


async def undo(ask: Ask) -> Parted:
    kept, back = await ask.do(merge.undo, ask.shop_id, ask.id(), by=f"agent:{ask.me.id}")
    cards = [await ask.read(looks.contact_card, ask.shop_id, one) for one in (kept, back)]
    return Parted(*cards)


async def accept(ask: Ask) -> Merged:
    merge_id = await ask.do(merge.accept, ask.shop_id, ask.id(), by=f"agent:{ask.me.id}")
    return Merged(merge_id, await ask.read(_kept_card, ask.shop_id, merge_id))


def _kept_card(db: Connection, shop_id: int, merge_id: str) -> shapes.Contact:
    row = merges.get(db, shop_id, merge_id)
    if row is None:
        raise NotFound
    return looks.contact_card(db, shop_id, row["kept_id"])


async def dismiss(ask: Ask) -> None:
    await ask.do(merge.dismiss, ask.shop_id, ask.id(), by=f"agent:{ask.me.id}")
