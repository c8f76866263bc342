"""Telephone calls for the screens of those on duty: who is ringing, with their card; and the shop's own numbers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Any, Protocol

import msgspec
from sqlalchemy.engine import Connection

from prilavok.domain.errors import NotFound
from prilavok.domain.message import CallState
from prilavok.domain.weekly import Week, in_words, of_duty, of_shop
from prilavok.flows.circumstances import hours_of
from prilavok.flows.directory import Directory
from prilavok.kit.phone import pretty
from prilavok.kit.places import country_of
from prilavok.store import contacts, conversations, inboxes, messages, order_pages, shops
from prilavok.web.ask import Ask
from prilavok.web.order_shapes import amount

RINGS_AT_MOST = timedelta(minutes=3)  # a call whose end was never told stops ringing on the screens
ORDERS, WORDS, LOOK_BACK = 3, 3, 20


class CallLine(msgspec.Struct, kw_only=True):
    """The line that rings. `number` and `label`: the shop's number that was dialled, where the vendor says so."""

    inbox_id: str
    name: str
    number: str
    label: str


class CallOrder(msgspec.Struct, kw_only=True):
    id: str
    number: str
    status: str
    total: str
    currency: str
    placed_at: datetime
    delivery_day: str | None


class Words(msgspec.Struct, kw_only=True):
    text: str
    at: datetime
    direction: str
    channel: str


class CallCard(msgspec.Struct, kw_only=True):
    """`id` is the call's message. `number` as it is read aloud, empty for a hidden one. `for_agents`: whose screens it
    is for; empty means everybody's. `orders`: the newest open ones; `last_words`: the newest last.
    """

    id: str
    conversation_id: str
    state: str
    at: datetime
    number: str
    contact_id: str
    name: str
    line: CallLine
    orders: list[CallOrder]
    more_orders: bool
    last_words: list[Words]
    for_agents: list[str]


class CallList(msgspec.Struct):
    items: list[CallCard]


class ShopPhone(msgspec.Struct, kw_only=True):
    """`number` in E.164, `shown` as customers read it, `href` for a link. `kind`: local, mobile, toll_free, other.
    `week`: when somebody answers there in a usual week, minutes of seven days from Monday; None: nobody has said.
    `hours`: the same in words.
    """

    number: str
    shown: str
    href: str
    label: str
    kind: str
    inbox_id: str
    week: Week | None = None
    hours: str = ""


class ShopPhones(msgspec.Struct):
    """`snippet`: HTML to paste into the shop's own pages; `page`: the public page with the same numbers."""

    items: list[ShopPhone]
    page: str
    snippet: str


class OnDuty(msgspec.Struct, kw_only=True):
    """Who is rung for a call that comes at `at`, in their order. Without anybody the exchange decides."""

    at: datetime
    items: list[dict[str, Any]]


async def ringing(ask: Ask) -> CallList:
    """GET /api/v1/calls: those that ring at this moment."""
    services = ask.services
    return await ask.read(_ringing, ask.shop_id, services.directory, services.now)


async def show(ask: Ask) -> CallCard:
    services = ask.services
    return await ask.read(_card, ask.shop_id, ask.id(), services.directory, services.now)


async def phones(ask: Ask) -> ShopPhones:
    services = ask.services
    token = services.seal.sign("phones", {"s": ask.shop_id})
    found = await ask.read(shop_phones, ask.shop_id, services.directory)
    items = [msgspec.structs.replace(one, hours=in_words(one.week, ask.language)) for one in found]
    return ShopPhones(items, f"{services.settings.public_url}/phones/{token}", snippet(items))


async def duty(ask: Ask) -> OnDuty:
    """GET /api/v1/inboxes/{id}/duty"""
    served = await ask.read(ask.services.directory.get, ask.shop_id, ask.id())
    if served is None:
        raise NotFound
    now = ask.services.now
    turns = served.channel.on_duty(now)
    items = [{"ring": one.ring, "agent_id": one.agent_id or None, "seconds": one.seconds} for one in turns]
    return OnDuty(at=now, items=items)


def shop_phones(db: Connection, shop_id: int, directory: Directory) -> list[ShopPhone]:
    """Every number once, in the order of the inboxes and of their settings; free ones come first. They are answered
    when somebody is on duty by the line's own list, else when the shop is open.
    """
    shop = shops.get(db, shop_id)
    opened = hours_of(db, shop) if shop is not None else None
    country = country_of(shop["timezone"], shop["currency"]) if shop is not None else ""
    found: dict[str, ShopPhone] = {}
    for inbox in directory.of_shop(db, shop_id):
        week = of_duty(inbox.channel.shifts) or (of_shop(opened) if opened is not None else None)
        for one in inbox.channel.numbers:
            found.setdefault(
                one.number,
                ShopPhone(
                    number=one.number,
                    shown=pretty(one.number, country if one.kind == "toll_free" else ""),
                    href=f"tel:{one.number}",
                    label=one.label,
                    kind=one.kind,
                    inbox_id=inbox.id,
                    week=week,
                ),
            )
    return sorted(found.values(), key=lambda one: one.kind != "toll_free")


def snippet(phones: list[ShopPhone]) -> str:
    lines = [
        f'<li><a href="{escape(one.href)}">{escape(one.shown)}</a>'
        f"{escape(''.join(f' {said}' for said in (one.label, one.hours) if said))}</li>"
        for one in phones
    ]
    return f'<ul class="phones">{"".join(lines)}</ul>' if lines else ""


def _ringing(db: Connection, shop_id: int, directory: Directory, now: datetime) -> CallList:
    lines = [one.id for one in directory.of_shop(db, shop_id) if one.capabilities.voice]
    rows = messages.inbound_since(db, shop_id, lines, now - RINGS_AT_MOST) if lines else []
    ringing = [row for row in rows if _call(row).get("state") == CallState.RINGING]
    return CallList([_card(db, shop_id, row["id"], directory, now) for row in ringing])


def _card(db: Connection, shop_id: int, message_id: str, directory: Directory, now: datetime) -> CallCard:
    row = messages.get(db, shop_id, message_id)
    conversation = conversations.get(db, shop_id, row["conversation_id"]) if row is not None else None
    call = _call(row) if row is not None else {}
    if row is None or conversation is None or call.get("direction") != "in":
        raise NotFound
    contact_id = conversation["contact_id"]
    which = order_pages.Which(status="open", contact_id=contact_id)
    orders = order_pages.page(db, shop_id, which, after=None, limit=ORDERS + 1)
    served = directory.get(db, shop_id, row["inbox_id"])
    turns = served.channel.on_duty(row["created_at"]) if served is not None else ()
    return CallCard(
        id=row["id"],
        conversation_id=conversation["id"],
        state=_state(call, row, now),
        at=row["at"],
        number=pretty(call["from"]) if call.get("from") else "",
        contact_id=contact_id,
        name=contacts.names(db, shop_id, {contact_id}).get(contact_id, ""),
        line=_line(served, row, call),
        orders=[_order(one) for one in orders[:ORDERS]],
        more_orders=len(orders) > ORDERS,
        last_words=_last_words(db, shop_id, contact_id),
        for_agents=[one.agent_id for one in turns] if all(one.agent_id for one in turns) else [],
    )


class _Served(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def channel(self) -> Any: ...


def _line(served: _Served | None, row: Mapping[Any, Any], call: Mapping[str, Any]) -> CallLine:
    dialled = str(call.get("to", ""))
    numbers = served.channel.numbers if served is not None else ()
    label = next((one.label for one in numbers if one.number == dialled), "")
    name = served.name if served is not None else ""
    return CallLine(inbox_id=row["inbox_id"], name=name, number=pretty(dialled), label=label)


def _state(call: Mapping[str, Any], row: Mapping[Any, Any], now: datetime) -> str:
    over = call.get("state") == CallState.RINGING and now - row["created_at"] > RINGS_AT_MOST
    return "over" if over else str(call.get("state", ""))


def _order(row: Mapping[Any, Any]) -> CallOrder:
    names = ("id", "number", "status", "currency", "placed_at", "delivery_day")
    return CallOrder(total=amount(row["total"]), **{name: row[name] for name in names})


def _last_words(db: Connection, shop_id: int, contact_id: str) -> list[Words]:
    """What was written last, in whichever channel; calls and notes say nothing to somebody who picks up."""
    channels = inboxes.names(db, shop_id)
    found = [
        Words(text=one["text"][:200], at=one["at"], direction=one["direction"], channel=_channel(channels, one))
        for place in conversations.of_contact(db, shop_id, contact_id, limit=3)
        if not place["public"]
        for one in messages.page(db, shop_id, place["id"], limit=LOOK_BACK)
        if one["kind"] in {"message", "reply"} and one["text"].strip() and not one["deleted_at"] and not _of_calls(one)
    ]
    return sorted(found, key=lambda one: one.at)[-WORDS:]


def _of_calls(row: Mapping[Any, Any]) -> bool:
    """A call, or its recording."""
    return bool(_call(row)) or bool(row["automatic"] and row["attachments"])


def _channel(names: Mapping[str, tuple[str, str]], row: Mapping[Any, Any]) -> str:
    return names.get(row["inbox_id"] or "", ("", ""))[1]


def _call(row: Mapping[Any, Any]) -> Mapping[str, Any]:
    return (row["content"] or {}).get("call") or {}
