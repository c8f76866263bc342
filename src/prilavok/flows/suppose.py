"""A dry run: what would be decided for an order that need not exist, in a shop that need not be set up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Connection

from prilavok.domain.capabilities import Capabilities, why_not
from prilavok.domain.facts import Facts, Occasion, OrderFacts, Preferences, Way
from prilavok.domain.hours import zone_of
from prilavok.domain.media import KNOWN, UNHEARD_OF
from prilavok.domain.order import STATUS_AFTER, Happened, Order, Status
from prilavok.domain.plan import Decision
from prilavok.domain.policy import decide
from prilavok.domain.rules import Policy
from prilavok.domain.wishes import Reading
from prilavok.domain.zones import zone_at
from prilavok.flows.circumstances import holidays_of, hours_of, policy_in
from prilavok.flows.directory import Served
from prilavok.flows.unit import World
from prilavok.kit.phone import normalise, region_of
from prilavok.kit.places import country_of
from prilavok.store import shops
from prilavok.store.questions import Row

AT: Mapping[str, Status] = {  # where an order stands when such a thing is told, beside what its events say
    "delayed": Status.SHIPPED,
    "stuck": Status.SHIPPED,
    "failed_attempt": Status.OUT_FOR_DELIVERY,
    "courier_on_the_way": Status.OUT_FOR_DELIVERY,
    "courier_arrived": Status.OUT_FOR_DELIVERY,
    "courier_no_answer": Status.OUT_FOR_DELIVERY,
    "pickup_reminder": Status.AT_PICKUP,
    "review_request": Status.DELIVERED,
    "survey": Status.DELIVERED,
    "refunded": Status.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address as somebody supposes it."""

    channel: str
    address: str = ""
    reachable: bool = True
    last_inbound: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """All that a dry run is told. `order` None: the matter is about no order. `status` None: as the occasion has it."""

    occasion: Occasion
    now: datetime
    order: Order | None = None
    status: Status | None = None
    addresses: Sequence[Address] = ()
    timezone: str = ""
    country: str = ""
    preferences: Preferences = Preferences()
    told: frozenset[str] = frozenset()
    recent: tuple[datetime, ...] = ()
    complaint_open: bool = False
    policy: Policy | None = None  # the shop's own


@dataclass(frozen=True, slots=True)
class Supposition:
    """`missing`: media that were supposed and are not connected in this shop."""

    decision: Decision
    facts: Facts
    reading: Reading | None = None
    missing: frozenset[str] = field(default_factory=frozenset)


def suppose(db: Connection, world: World, shop_id: int, given: Supposed) -> Supposition:
    shop = shops.get(db, shop_id)
    assert shop is not None
    inboxes = {(one.capabilities.medium or one.kind): one for one in reversed(world.directory.of_shop(db, shop_id))}
    country = _country(given, shop)
    reading = None
    if given.order is not None and given.order.comment.strip():
        reading = world.read_comment(given.order.comment, given.order.buyer.language)
    facts = Facts(
        ways=tuple(_ways(given, world, inboxes, shop)),
        zone=_zone(given, country, shop),
        country=country,
        order=_order_facts(given, reading) if given.order is not None else None,
        preferences=given.preferences,
        hours=hours_of(db, shop),
        holidays=holidays_of(country, given.now.date()),
        told=given.told,
        recent=given.recent,
        complaint_open=given.complaint_open,
    )
    decision = decide(given.occasion, facts, given.policy or policy_in(db, shop_id), given.now)
    missing = frozenset(way.channel for way in facts.ways if not way.inbox_id and not way.able.voice)
    return Supposition(decision, facts, reading, missing)


def _ways(given: Supposed, world: World, inboxes: Mapping[str, Served], shop: Row) -> Iterable[Way]:
    for one in (*given.addresses, *_of_the_order(given, inboxes, shop)):
        served = inboxes.get(one.channel)
        able = served.capabilities if served is not None else _able(one.channel, world)
        refusal = "" if one.reachable else "unreachable"
        if one.last_inbound is not None:  # else whoever gives an address means that it can be written to
            refusal = why_not(
                able, reachable=one.reachable, blocked_because="", last_inbound=one.last_inbound, now=given.now
            )
        yield Way(
            channel=one.channel,
            address=one.address,
            able=able,
            inbox_id=served.id if served is not None else "",
            reachable=one.reachable,
            refusal=refusal,
            paused=served is not None and served.state != "active",
            last_inbound=one.last_inbound,
        )


def _of_the_order(given: Supposed, inboxes: Mapping[str, Served], shop: Row) -> Iterable[Address]:
    """As intake does it: what the order gives can be used through what is connected; a call needs no inbox."""
    if given.order is None:
        return
    known = {one.channel for one in given.addresses}
    buyer = given.order.buyer
    phone = normalise(buyer.phone, buyer.country or given.country or _home(shop)) if buyer.phone else None
    for word, address in (("email", buyer.email), ("sms", phone), ("phone", phone)):
        if address and word not in known and (word == "phone" or word in inboxes):
            yield Address(channel=word, address=address)


def _able(channel: str, world: World) -> Capabilities:
    """Of an installed channel of that medium, else what is publicly known of it."""
    for kind, made in world.directory.kinds.items():
        if channel in (made.capabilities.medium, kind):
            return made.capabilities
    return KNOWN.get(channel, UNHEARD_OF)


def _home(shop: Row) -> str:
    """How numbers without a country's code are read."""
    return country_of(shop["timezone"], shop["currency"])


def _country(given: Supposed, shop: Row) -> str:
    buyer = given.order.buyer if given.order is not None else None
    stated = given.country or (buyer.country if buyer is not None else "")
    if stated:
        return stated.upper()
    phone = normalise(buyer.phone, _home(shop)) if buyer is not None and buyer.phone else None
    return (region_of(phone) or "") if phone else ""


def _zone(given: Supposed, country: str, shop: Row) -> str:
    order = given.order
    stated = (given.timezone, order.buyer.timezone if order is not None else "")
    found = next((one for one in stated if zone_of(one) is not None), "") or zone_at(
        country, order.city if order is not None else ""
    )
    return found if found or country else str(shop["timezone"])


def _order_facts(given: Supposed, reading: Reading | None) -> OrderFacts:
    assert given.order is not None
    order, kind = given.order, given.occasion.kind
    happened = Happened(kind) if kind in set(Happened) else None
    status = given.status or (STATUS_AFTER.get(happened) if happened is not None else None) or AT.get(kind)
    if reading is None:
        return OrderFacts(status or Status.PLACED, order.paid)
    return OrderFacts(status or Status.PLACED, order.paid, reading.wishes, reading.calls_wait)
