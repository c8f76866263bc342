"""The customer's page of one order: what it is, where it stands, and everything that can be done without a call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection
from starlette.responses import Response

from prilavok.domain import reasons
from prilavok.domain.delivery import NOT_YET_GONE, Slot
from prilavok.domain.order import ENDED, Status
from prilavok.domain.wishes import wishes_from
from prilavok.flows import follow
from prilavok.flows.addresses import wishes_page
from prilavok.flows.directory import Directory
from prilavok.flows.slots import Choice, choice, needs_new_slot, zone_for
from prilavok.flows.tap.acts import on_page
from prilavok.store import contacts, deliveries, orders, shops
from prilavok.web.ask import Ask
from prilavok.web.calls import ShopPhone, shop_phones
from prilavok.web.public import why, wish_words
from prilavok.web.public.dates import day_words, moment, money
from prilavok.web.public.door import back, form, gone, opened, shown, spoken
from prilavok.web.public.order_words import DID, EVENTS, LEADS, WORDS
from prilavok.web.public.page import whole
from prilavok.web.public.phones import block
from prilavok.web.public.style import FORMS

LONGEST_CHANGE = 2000  # characters
AHEAD = {Status.PLACED: 0, Status.CONFIRMED: 1, Status.PACKED: 2, Status.SHIPPED: 3, Status.OUT_FOR_DELIVERY: 4}


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything that the page speaks of."""

    order: Mapping[Any, Any]
    shop: Mapping[Any, Any]
    events: Sequence[Mapping[Any, Any]]
    slots: Choice
    said: Mapping[Any, Any] | None
    following: Mapping[Any, Any] | None
    channel: str
    language: str
    now: datetime
    wishes_link: str
    did: str = ""
    phones: Sequence[ShopPhone] = ()

    @property
    def zone(self) -> ZoneInfo:
        return zone_for(self.order, self.shop)

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.shop["timezone"])).date()

    @property
    def status(self) -> Status:
        return Status(self.order["status"])


async def show(ask: Ask) -> Response:
    key = opened(ask, "order", "o")
    sight = await ask.read(_load, ask, key.shop_id, key.id) if key is not None else None
    if key is None or sight is None:
        return gone(ask)
    # A person's browser says so. Programs that look through mail open links too, and prove no reading.
    if ask.request.headers.get("sec-fetch-mode") == "navigate" and ask.request.method == "GET":
        await ask.do(follow.opened, key.shop_id, key.id)
    return shown(_render(sight))


async def act(ask: Ask) -> Response:
    """Confirms, changes, cancels, or takes a slot; then the page is shown anew with one sentence about it."""
    key = opened(ask, "order", "o")
    if key is None or await ask.read(orders.get, key.shop_id, key.id) is None:
        return gone(ask)
    given = await form(ask, key)
    value = given.get("slot" if given.get("act") == "slot" else "text", "")[:LONGEST_CHANGE]
    word = await ask.do(on_page, key.shop_id, key.id, given.get("act", ""), value)
    return back(ask, word)


def _load(db: Connection, ask: Ask, shop_id: int, order_id: str) -> Sight | None:
    order = orders.get(db, shop_id, order_id)
    shop = shops.get(db, shop_id)
    if order is None or shop is None:
        return None
    person = contacts.contact(db, shop_id, order["contact_id"])
    now = ask.services.now
    said = deliveries.last_said(db, shop_id, order_id)
    language = spoken(ask, person["language"] if person is not None else "", order["language"])
    return Sight(
        order=order,
        shop=shop,
        events=orders.events_of(db, shop_id, order_id),
        slots=choice(db, order, now),
        said=said,
        following=deliveries.next_planned(db, shop_id, order_id),
        channel=channel_name(db, ask.services.directory, shop_id, said, language),
        language=language,
        now=now,
        wishes_link=wishes_page(ask.services.bus.world, shop_id, order["contact_id"], now),
        did=ask.query("did"),
        phones=shop_phones(db, shop_id, ask.services.directory),
    )


def channel_name(
    db: Connection, directory: Directory, shop_id: int, said: Mapping[Any, Any] | None, language: str
) -> str:
    """As people call it; where we have no word, as the channel calls itself, or its medium's word when it is gone."""
    if said is None:
        return ""
    inbox = directory.get(db, shop_id, said["inbox_id"]) if said["inbox_id"] else None
    word = (inbox.capabilities.medium or inbox.kind) if inbox is not None else str(said["channel"])
    return reasons.way_name(word, inbox.channel.title if inbox is not None else word, language)


def _render(sight: Sight) -> str:
    words, order, language = WORDS[sight.language], sight.order, sight.language
    title = words["title"].format(number=order["number"])
    did = DID[language].get(sight.did) or (LEADS[language].get(sight.status, "") if sight.did in list(Status) else "")
    notice = f'<p class="notice" role="status">{escape(did)}</p>' if did else ""
    body = [
        f'<p class="shop">{escape(sight.shop["name"])}</p><h1>{escape(title)}</h1>{notice}',
        f'<p class="lead">{escape(_lead(sight))}</p>',
        _actions(sight),
        _timeline(sight),
        _contents(sight),
        _where(sight),
        block(sight.phones, language),
        _footer(sight),
    ]
    return whole(title, language, "".join(body), style=FORMS)


def _lead(sight: Sight) -> str:
    words = WORDS[sight.language]
    lead = LEADS[sight.language][sight.status]
    if needs_new_slot(sight.order) and sight.slots.free:
        lead = words["new_slot"]
    mine = sight.slots.mine
    if mine is not None and mine.day >= sight.today and sight.status not in ENDED:
        lead += " " + words["slot_yours"].format(when=_slot_words(mine, sight))
    return lead


def _slot_words(slot: Slot, sight: Sight) -> str:
    return f"{day_words(slot.day, sight.today, sight.language)}, {slot.start:%H:%M}–{slot.end:%H:%M}"


def _actions(sight: Sight) -> str:
    words, number = WORDS[sight.language], sight.order["number"]
    parts = []
    if sight.status is Status.PLACED:
        button = f'<button name="act" value="confirm" class="wide">{escape(words["confirm"])}</button>'
        parts.append(f'<form method="post" class="acts">{button}</form>')
    parts.append(_slot_picker(sight))
    if sight.status not in ENDED:
        hint = f'<label for="text">{escape(words["change_hint"])}</label>'
        area = f'<textarea id="text" name="text" required maxlength="{LONGEST_CHANGE}"></textarea>'
        send = f'<button name="act" value="change">{escape(words["change_send"])}</button>'
        parts.append(_fold(words["change"], f'<form method="post">{hint}{area}{send}</form>'))
    if sight.status in NOT_YET_GONE:
        hint = f"<p>{escape(words['cancel_hint'].format(number=number))}</p>"
        button = f'<button name="act" value="cancel" class="danger">{escape(words["cancel_do"])}</button>'
        parts.append(_fold(words["cancel"], f'<form method="post">{hint}{button}</form>'))
    return "".join(parts)


def _slot_picker(sight: Sight) -> str:
    """Days with their free hours; open where the customer is asked for them."""
    words, slots = WORDS[sight.language], sight.slots
    if not slots.free:
        return ""
    chosen = slots.mine or slots.suggested
    days = []
    for day, of_day in groupby(slots.free, key=lambda one: one.day):
        chips = "".join(
            f'<label class="chip"><input type="radio" name="slot" value="{one.code}" required'
            f"{' checked' if one == chosen else ''}><span>{one.start:%H:%M}–{one.end:%H:%M}</span></label>"
            for one in of_day
        )
        named = escape(day_words(day, sight.today, sight.language))
        days.append(f'<fieldset class="day"><legend>{named}</legend><div class="chips">{chips}</div></fieldset>')
    marked = slots.mine is None and slots.suggested is not None
    hint = f'<p class="muted">{escape(words["slot_hint"])}</p>' if marked else ""
    send = f'<button name="act" value="slot">{escape(words["slot_do"])}</button>'
    title = words["slot_other" if slots.mine is not None else "slot"]
    wanted = needs_new_slot(sight.order) or (slots.mine is None and sight.status is not Status.PLACED)
    return _fold(title, f'<form method="post">{hint}{"".join(days)}{send}</form>', opened=wanted)


def _fold(title: str, inner: str, *, opened: bool = False) -> str:
    return f"<details{' open' if opened else ''}><summary>{escape(title)}</summary>{inner}</details>"


def _timeline(sight: Sight) -> str:
    words, names = WORDS[sight.language], EVENTS[sight.language]
    rows = []
    for event in sight.events:
        data = event["data"] or {}
        arrived = str(event["key"]).startswith("arrived:")
        name = names["arrived" if arrived else event["kind"]]
        bad = event["kind"] in {"failed_attempt", "payment_failed", "delayed", "cancelled", "returned"}
        extra = words["new_date"].format(_new_date(sight, str(data["new_date"]))) if data.get("new_date") else ""
        at = escape(moment(event["at"], sight.now, sight.zone, sight.language))
        note = f"<p>{escape(extra)}</p>" if extra else ""
        mark = "bad" if bad else "done"
        rows.append(f'<li class="{mark}"><strong>{escape(name)}</strong> <time>{at}</time>{note}</li>')
    rows += [f'<li class="next">{escape(one)}</li>' for one in _to_come(sight)]
    return f"<h2>{escape(words['timeline'])}</h2><ol>{''.join(rows)}</ol>"


def _new_date(sight: Sight, given: str) -> str:
    """As people say it, where the source gave a day; else in its own words."""
    try:
        return day_words(date.fromisoformat(given[:10]), sight.today, sight.language)
    except ValueError:
        return given


def _to_come(sight: Sight) -> list[str]:
    """The steps that are still ahead, as this order is brought."""
    names, place = EVENTS[sight.language], AHEAD.get(sight.status)
    if place is None:
        return [names["delivered"]] if sight.status is Status.AT_PICKUP else []
    by_courier = sight.order["method"] == "courier"
    last = names["out_for_delivery" if by_courier else "arrived_at_pickup"]
    return [names["confirmed"], names["packed"], names["shipped"], last, names["delivered"]][place:]


def _contents(sight: Sight) -> str:
    words, order = WORDS[sight.language], sight.order
    rows = []
    for item in order["items"] or ():
        name = escape(str(item.get("name", "")))
        count = int(item.get("quantity") or 1)
        times = f' <span class="muted">× {count}</span>' if count != 1 else ""
        price = _hundredths(item.get("price"))
        total = escape(money(price * count, order["currency"], sight.language)) if price is not None else ""
        rows.append(f"<tr><td>{name}{times}</td><td>{total}</td></tr>")
    total = escape(money(order["total"], order["currency"], sight.language))
    rows.append(f"<tr><td>{escape(words['total'])}</td><td>{total}</td></tr>")
    state = words["paid"] if order["paid"] else words["to_pay" if order["payment"] == "cod" else "unpaid"]
    return (
        f'<h2>{escape(words["items"])}</h2><table class="sums">{"".join(rows)}</table>'
        f'<p class="muted">{escape(state)}</p>'
    )


def _hundredths(price: Any) -> int | None:
    """As it is stored: a sum like "1250.00", or whole hundredths."""
    if price is None or price == "":
        return None
    return price if isinstance(price, int) else int(Decimal(str(price)) * 100)


def _where(sight: Sight) -> str:
    words, order = WORDS[sight.language], sight.order
    parts = []
    place = ", ".join(filter(None, (order["city"], order["address"])))
    if place or order["tracking"]:
        parcel = words["tracking"].format(tracking=order["tracking"]) if order["tracking"] else ""
        told = "<br>".join(escape(one) for one in (place, parcel) if one)
        parts.append(f'<h2>{escape(words["where"])}</h2><p class="place">{told}</p>')
    wishes = wish_words.lines(wishes_from(order["wishes"] or {}), sight.language)
    if wishes:
        tags = "".join(f"<li>{escape(one.text)}</li>" for one in wishes)
        parts.append(f'<h2>{escape(words["wishes"])}</h2><ul class="tags">{tags}</ul>')
    return "".join(parts)


def _footer(sight: Sight) -> str:
    told = why.sentence(
        sight.said,
        sight.following,
        channel=sight.channel,
        status=sight.status,
        now=sight.now,
        zone=sight.zone,
        language=sight.language,
    )
    link = f'<a href="{escape(sight.wishes_link)}">{escape(WORDS[sight.language]["wishes_page"])}</a>'
    return f"<footer><p>{escape(told)}</p><p>{link}</p></footer>"
