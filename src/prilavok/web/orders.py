"""Orders: told by the shop's programs, looked through and put right by its people."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from sqlalchemy.engine import Connection

from prilavok.commerce.shape import BATCH, GivenEvent, event_of, order_of
from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.order import News, Status
from prilavok.domain.preferences import lasting_in
from prilavok.domain.risk_words import explained
from prilavok.domain.wishes import Wishes, as_mapping
from prilavok.flows import heed, wish
from prilavok.flows.take import take
from prilavok.flows.take.ahead import read_ahead
from prilavok.flows.unit import Unit
from prilavok.kit.ids import is_id
from prilavok.kit.text import key_of, storable
from prilavok.store import contacts, conversations, order_pages, preferences, staff
from prilavok.store import orders as store
from prilavok.store.base import EPOCH, micros
from prilavok.store.questions import Row
from prilavok.web import order_shapes as shown
from prilavok.web import shapes
from prilavok.web.ask import Ask, decode

SOURCE = "api"  # what is told through the API is one source
MOST, USUAL = 100, 50  # orders on a page
EVENTS: Any = GivenEvent | list[GivenEvent]
SAME = ("phone", "email", "address", "country", "language", "timezone", "carrier", "tracking", "wishes_by", "courier")
OrderList = shapes.list_of(shown.Order)


class Slot(msgspec.Struct):
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None


class Lasting(msgspec.Struct):
    """`keep`: what the comment asks for good is the customer's own word from now on."""

    keep: bool


class OrderChanges(msgspec.Struct):
    urgent: bool | msgspec.UnsetType = msgspec.UNSET
    delivery_day: str | msgspec.UnsetType | None = msgspec.UNSET
    slot: Slot | msgspec.UnsetType | None = msgspec.UNSET
    outcome: str | msgspec.UnsetType = msgspec.UNSET
    courier: str | msgspec.UnsetType = msgspec.UNSET


class GivenWindow(msgspec.Struct):
    from_: Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-4]):[0-5]\d$")] | None = msgspec.field(
        name="from", default=None
    )
    to: Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-4]):[0-5]\d$")] | None = None
    days: str = "any"
    vague: bool = False


Short = Annotated[str, msgspec.Meta(max_length=100)]
Channels = Annotated[list[Short], msgspec.Meta(max_length=20)]


class GivenWishes(msgspec.Struct):
    call: str = "no_statement"
    preferred_channels: Channels = []
    forbidden_channels: Channels = []
    contact_window: GivenWindow | None = None
    delivery_window: GivenWindow | None = None
    intercom: Short | None = None
    floor: Short | None = None
    entrance: Short | None = None
    apartment: Short | None = None
    recipient_other: bool = False
    leave_at_door: bool = False
    change_from: Annotated[float, msgspec.Meta(ge=0, le=1e9)] | None = None
    gift: bool = False


async def put_order(ask: Ask) -> shown.OrderTaken:
    """The order as it is now. The same again changes nothing."""
    order = order_of(ask.body, _external(ask), ask.services.now)
    news = News(order=order)
    await read_ahead(ask.services.bus.world, [news])
    taken = await ask.do(take, ask.shop_id, SOURCE, news)
    return shown.OrderTaken(taken.order_id, taken.created, taken.status)


async def add_events(ask: Ask) -> shown.OrderTaken:
    """What has happened to an order: one event or a list of them, in any order."""
    given = decode(await ask.raw(ask.services.settings.max_body), EVENTS)
    events = given if isinstance(given, list) else [given]
    if not 0 < len(events) <= BATCH:
        raise BadInput(f"Tell of 1 to {BATCH} events at a time.", field="events")
    order_id = await _order_id(ask)
    news = News(events=tuple(event_of(one, ask.services.now) for one in events))
    by_hand = bool(ask.me.session_hash)  # a colleague at the screen, not a program that reports what is so
    taken = await ask.do(take, ask.shop_id, SOURCE, news, order_id=order_id, by_hand=by_hand)
    return shown.OrderTaken(taken.order_id, taken.created, taken.status)


async def list_orders(ask: Ask) -> Any:
    status = ask.query("status")
    if status and status not in {"open", *Status}:
        raise BadInput(f"An order is open, or one of: {', '.join(Status)}.", field="status")
    outcome = ask.query("outcome")
    if outcome and outcome not in heed.OUTCOMES:
        raise BadInput(f"An order is judged one of: {', '.join(heed.OUTCOMES)}.", field="outcome")
    which = order_pages.Which(
        status=status,
        q=storable(ask.query("q")).strip()[:100],
        to_read=ask.query("to_read") in {"1", "true"},
        outcome=outcome,
        contact_id=ask.query_id("contact"),
    )
    limit = min(ask.whole("limit", USUAL) or USUAL, MOST)
    after = _after(ask.query("cursor"))
    items, following = await ask.services.bus.read_slowly(_page, ask.shop_id, which, after, limit)
    return OrderList(items=items, next=following)


async def counts(ask: Ask) -> shown.OrderCounts:
    return shown.OrderCounts(**await ask.services.bus.read_slowly(order_pages.counts, ask.shop_id))


async def show(ask: Ask) -> shown.WholeOrder:
    return await ask.read(whole_order, ask.shop_id, await _order_id(ask), ask.language)


async def change(ask: Ask) -> shown.WholeOrder:
    given: OrderChanges = ask.body
    values = {name: value for name in given.__struct_fields__ if (value := getattr(given, name)) is not msgspec.UNSET}
    if isinstance(slot := values.get("slot"), Slot):
        values["slot"] = (slot.from_, slot.to)
    order_id = await _order_id(ask)
    await ask.do(heed.arrange_order, ask.shop_id, order_id, ask.me.id, heed.Arrangement(**values))
    return await ask.read(whole_order, ask.shop_id, order_id, ask.language)


async def set_wishes(ask: Ask) -> shown.WholeOrder:
    order_id = await _order_id(ask)
    await ask.do(heed.set_wishes, ask.shop_id, order_id, ask.me.id, msgspec.to_builtins(ask.body))
    return await ask.read(whole_order, ask.shop_id, order_id, ask.language)


async def acknowledge(ask: Ask) -> shown.WholeOrder:
    order_id = await _order_id(ask)
    await ask.do(heed.acknowledge_comment, ask.shop_id, order_id, ask.me.id)
    return await ask.read(whole_order, ask.shop_id, order_id, ask.language)


async def settle_lasting(ask: Ask) -> shown.WholeOrder:
    order_id = await _order_id(ask)
    await ask.do(_settle_lasting, ask.shop_id, order_id, ask.me.id, ask.body.keep)
    return await ask.read(whole_order, ask.shop_id, order_id, ask.language)


def _settle_lasting(unit: Unit, shop_id: int, order_id: str, agent_id: str, keep: bool) -> None:
    found = heed.settle_lasting(unit, shop_id, order_id)
    if keep and found["wanted"]:
        wish.save(unit, shop_id, found["contact_id"], found["wanted"], by=f"agent:{agent_id}")


def whole_order(db: Connection, shop_id: int, order_id: str, language: str) -> shown.WholeOrder:
    row = store.get(db, shop_id, order_id)
    if row is None:
        raise NotFound
    [base] = _fields(db, shop_id, [row])
    reading, agents = row["reading"] or {}, staff.names(db, shop_id)
    talks = conversations.of_contact(db, shop_id, row["contact_id"], limit=1)
    wanted = preferences.get(db, shop_id, row["contact_id"])
    risk = row["risk"]
    if risk:
        judged = {"score": risk["score"], "outcome": row["outcome"], "by": row["outcome_by"]}
        base["risk"] = shown.WholeRisk(**judged, reasons=explained(risk.get("reasons") or [], language))
    return shown.WholeOrder(
        **base,
        **{name: row[name] for name in SAME},
        items=[shown.OrderItem(**item) for item in row["items"] or ()],
        wishes=row["wishes"] or as_mapping(Wishes()),
        spans=[shown.OrderSpan(**span) for span in reading.get("spans", ())],
        unread_spans=[shown.Unread(**span) for span in reading.get("to_read", ())],
        read_by=shapes.Named(row["read_by"], agents.get(row["read_by"], "")) if row["read_by"] else None,
        read_at=row["read_at"],
        attempts=row["attempts"],
        context=row["context"] or {},
        identities=[shapes.identity(one) for one in contacts.identities_of(db, shop_id, row["contact_id"])],
        preferences=_preferences(wanted),
        lasting=_for_good(row, reading, wanted),
        conversation_id=talks[0]["id"] if talks else None,
    )


def _for_good(row: Row, reading: dict[str, Any], known: Row | None) -> dict[str, Any]:
    """What the comment asks for good and nobody has decided: whoever placed the order had not proven who they are. What
    the customer has said since counts more.
    """
    since = known is not None and known["updated_at"] > row["placed_at"] and not known["by"].startswith("comment:")
    return {} if since else lasting_in(reading, known["data"] if known is not None else {})


def _preferences(wanted: Row | None) -> dict[str, Any]:
    silent = {name: as_mapping(Wishes())[name] for name in shown.WISH_NAMES}
    said = dict(wanted["data"]) if wanted is not None else {}
    by, at = (wanted["by"], wanted["updated_at"]) if wanted is not None else ("", None)
    return {**silent, "consents": {}, **said, "by": by, "updated_at": at}


def _page(
    db: Connection, shop_id: int, which: order_pages.Which, after: tuple[datetime, str] | None, limit: int
) -> tuple[list[shown.Order], str | None]:
    rows = order_pages.page(db, shop_id, which, after=after, limit=limit + 1)
    items = [shown.Order(**fields) for fields in _fields(db, shop_id, rows[:limit])]
    if len(rows) <= limit:
        return items, None
    last = rows[limit - 1]
    return items, f"{micros(last['placed_at'])}.{last['id']}"


def _fields(db: Connection, shop_id: int, rows: Any) -> list[dict[str, Any]]:
    """What a list shows of orders, with the names they refer to looked up once."""
    ids = [row["id"] for row in rows]
    if not ids:
        return []
    names = contacts.names(db, shop_id, {row["contact_id"] for row in rows})
    keys, last = store.keys_of(db, shop_id, ids), store.last_events(db, shop_id, ids)
    to_do, following = order_pages.open_tasks(db, shop_id, ids), order_pages.next_words(db, shop_id, ids)
    return [
        shown.order_fields(
            row,
            name=names.get(row["contact_id"], ""),
            keys=keys.get(row["id"], {}),
            last=last.get(row["id"]),
            following=following.get(row["id"]),
            tasks=to_do.get(row["id"], 0),
        )
        for row in rows
    ]


async def _order_id(ask: Ask) -> str:
    """From the path: our own id, or the one under which a source knows the order."""
    given = _external(ask)
    if is_id(given) and await ask.read(store.get, ask.shop_id, given) is not None:
        return given
    found = await ask.read(store.by_external, ask.shop_id, given)
    if found is None:
        raise NotFound
    return found


def _external(ask: Ask) -> str:
    return key_of(storable(ask.path("id").strip()))


def _after(cursor: str) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    at, _, order_id = cursor.partition(".")
    try:
        if not is_id(order_id):
            raise ValueError
        return EPOCH + timedelta(microseconds=int(at[:20])), order_id
    except (ValueError, OverflowError):
        raise BadInput("This cursor is not one that we gave.", field="cursor") from None
