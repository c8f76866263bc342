"""What decisions need to know, gathered for many orders at once: who, through which ways, at what hour, and what was
said before. No verb: `notify` decides with it, and `attempt` decides again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain

from sqlalchemy.engine import Connection

from prilavok.domain.capabilities import Capabilities, why_not, window_shut
from prilavok.domain.editing import policy_from
from prilavok.domain.facts import Facts, Hours, Occasion, OrderFacts, Preferences, Way
from prilavok.domain.opening import hours_from
from prilavok.domain.order import Status
from prilavok.domain.preferences import newly_refused, preferences_from, refusing
from prilavok.domain.rendering import LANGUAGES
from prilavok.domain.rules import BUILT_IN, Policy
from prilavok.domain.wishes import Call, Wishes, about_calls, wishes_from
from prilavok.domain.written import key_of
from prilavok.domain.zones import zone_at
from prilavok.flows.directory import Served
from prilavok.flows.unit import Unit
from prilavok.kit import public_holidays
from prilavok.kit.phone import kind_of, region_of
from prilavok.store import circumstances, closures, contacts, plans, preferences, rulebook, shops
from prilavok.store.questions import Row

LATELY = timedelta(days=7)  # what was said before that wearies nobody
GREETED = timedelta(hours=12)  # a greeting lasts for so long
AHEAD = timedelta(days=14)  # how far off a decided hour may lie
HOURS = "hours"  # the shop's setting: when somebody is there
LANDLINE = "landline"  # a reason that is a word: a number that takes no texts
CALLED = "phone"  # the word for a call that a person makes from their own telephone
CALL = Capabilities(address_kind="phone", starts=True, voice=True, rings=True, medium=CALLED, cost="per message")


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be decided. `plan_id` is its own plan, which is no earlier word; `tried` what it has used up.
    `caller`: the telephone number that it answers. Whoever rang from there is meant, whatever is known of them.
    """

    contact_id: str
    order_id: str | None
    occasion: Occasion
    plan_id: str = ""
    tried: frozenset[tuple[str, str]] = frozenset()
    caller: str = ""


class Circumstances:
    """Of one shop, loaded once for all matters; then `facts_of` asks nothing more."""

    def __init__(
        self, unit: Unit, shop_id: int, matters: Iterable[Matter], orders: Mapping[str, Row] | None = None
    ) -> None:
        """`orders`: the rows, where somebody has just read them."""
        listed = list(matters)
        db, people = unit.db, {one.contact_id for one in listed}
        about = {one.order_id for one in listed if one.order_id is not None}
        shop = shops.get(db, shop_id)
        assert shop is not None
        self.now = unit.now
        self.shop = shop
        self.orders = orders if orders is not None else circumstances.orders_of(db, shop_id, about) if about else {}
        self.people = circumstances.people(db, shop_id, people)
        self.planned = circumstances.planned(db, shop_id, about) if about else {}
        self.inboxes = {inbox.id: inbox for inbox in unit.world.directory.of_shop(db, shop_id)}
        self._reaching: dict[str, list[tuple[Served, Capabilities, str]]] = {}  # by the scope of addresses
        for inbox in self.inboxes.values():
            self._reaching.setdefault(inbox.scope, []).append((inbox, inbox.capabilities, inbox.medium))
        self._addresses = circumstances.addresses(db, shop_id, people)
        self._named = self._named_by_orders(db, shop_id)
        people |= {one["contact_id"] for rows in self._named.values() for one in rows}
        self._shut = closures.of(db, shop_id, self._shared()) if self._reaching else {}
        self._last_read = circumstances.last_read(db, shop_id, people)
        self._preferences = circumstances.preferences_of(db, shop_id, people)
        self._spoken = circumstances.spoken(db, shop_id, people, unit.now - LATELY)
        self._complaining = circumstances.complaining(db, shop_id, people)
        self._hours = hours_of(db, shop)
        self._today = unit.now.date()

    def _shared(self) -> list[str]:
        """Addresses that several media use: each may be shut for one of them."""
        scopes = {one.scope for one in self.inboxes.values() if one.capabilities.shares_address}
        rows = chain(chain.from_iterable(self._addresses.values()), chain.from_iterable(self._named.values()))
        return [one["id"] for one in rows if one["scope"] in scopes]

    def _named_by_orders(self, db: Connection, shop_id: int) -> dict[str, list[Row]]:
        """address → who came with it, of those that an order named before it was known whose they are."""
        named = {address for order in self.orders.values() for address in (order["phone"], order["email"]) if address}
        return circumstances.named(db, shop_id, named) if named else {}

    def _strangers(self, matter: Matter, own: frozenset[str]) -> list[Row]:
        """The order's own addresses that proved to be another contact's. It may be written to there all the same."""
        if not self._named:
            return []
        rows = (one for address in own for one in self._named.get(address, ()))
        return sorted((one for one in rows if one["contact_id"] != matter.contact_id), key=lambda one: str(one["id"]))

    def facts_of(self, matter: Matter) -> Facts:
        order = self.orders.get(matter.order_id or "")
        contact = self.people.get(matter.contact_id)
        country = self.country_of(order, contact)
        own = own_addresses(order)
        strangers = self._strangers(matter, own)
        spoken = self._spoken.get(matter.contact_id)
        return Facts(
            ways=tuple(self._ways(matter, order, own, strangers)),
            zone=self.zone_of(order, contact, country),
            country=country,
            order=_order_facts(order) if order is not None else None,
            preferences=self._wanted(matter, strangers),
            hours=self._hours,
            holidays=holidays_of(country, self._today),
            told=frozenset(self._told(matter)),
            recent=tuple(sorted(one["created_at"] for one in spoken if one["id"] != matter.plan_id)) if spoken else (),
            complaint_open=matter.contact_id in self._complaining,
            tried=matter.tried,
        )

    def language_of(self, order: Row | None, contact: Row | None) -> str:
        """The language to write in. A language that we do not speak is answered in English."""
        for row in (order, contact):
            if row is not None and row["language"]:
                known = str(row["language"]).lower()[:2]
                return known if known in LANGUAGES else "en"
        shops_own = str(self.shop["language"])
        return shops_own if shops_own in LANGUAGES else "en"

    def country_of(self, order: Row | None, contact: Row | None) -> str:
        for row in (order, contact):
            if row is not None and row["country"]:
                return str(row["country"])
        return (region_of(order["phone"]) or "") if order is not None and order["phone"].startswith("+") else ""

    def zone_of(self, order: Row | None, contact: Row | None, country: str) -> str:
        """The customer's; empty when only the country's habits can tell. Without any mark of a place the shop's own."""
        for row in (contact, order):
            if row is not None and row["timezone"]:
                return str(row["timezone"])
        found = zone_at(country, order["city"] if order is not None else "")
        return found if found or country else str(self.shop["timezone"])

    def greeted(self, contact_id: str, inbox_id: str, plan_id: str) -> bool:
        """Whether a greeting of ours still stands above, where they would read this."""
        return any(
            row["inbox_id"] == inbox_id and row["id"] != plan_id and self.now - row["created_at"] < GREETED
            for row in self._spoken.get(contact_id, ())
        )

    def _wanted(self, matter: Matter, strangers: Sequence[Row]) -> Preferences:
        """The customer's, with what is refused by whoever else has an address that the order names."""
        said = self._said(matter.contact_id)
        for other in {one["contact_id"] for one in strangers} if strangers else ():
            said = refusing(said, newly_refused(said, self._said(other)))
        return said

    def _said(self, contact_id: str) -> Preferences:
        stored = self._preferences.get(contact_id)
        return preferences_from(stored) if stored else NOTHING_PREFERRED

    def _ways(self, matter: Matter, order: Row | None, own: frozenset[str], strangers: Sequence[Row]) -> Iterable[Way]:
        callable_too = order is not None and order["phone"].startswith("+")
        caller = matter.caller
        landline = bool(caller) and kind_of(caller) == "fixed"
        for address in (*self._addresses.get(matter.contact_id, ()), *strangers):
            where = address["address"]
            if not (address["verified"] or where in own or where == caller or introduced(address)):
                continue  # somebody else's order named it: with the right phone a stranger could read along
            for inbox, able, medium in self._reaching.get(address["scope"], ()):
                callable_too = callable_too and not able.voice
                deaf = landline and where == caller and able.rings and not able.voice
                shut = LANDLINE if deaf else self._closed(address, inbox) if self._shut else None
                reachable = address["reachable"] and shut is None
                refusal = why_not(
                    able,
                    reachable=reachable,
                    blocked_because=address["reason"] if shut is None else shut,
                    last_inbound=address["last_at"],
                    now=self.now,
                )
                if able.templates and not refusal and window_shut(able, address["last_at"], self.now):
                    language = self.language_of(order, self.people.get(matter.contact_id))
                    refusal = inbox.channel.why_no_template(language, inbox.reason)
                yield Way(
                    channel=medium,
                    address=where,
                    able=able,
                    inbox_id=inbox.id,
                    identity_id=address["id"],
                    reachable=reachable,
                    refusal=refusal,
                    paused=inbox.state != "active",
                    last_inbound=address["last_at"],
                    last_read=self._last_read.get(address["id"]),
                )
        if callable_too and order is not None:
            yield Way(channel=CALLED, address=order["phone"], able=CALL)

    def _closed(self, address: Row, inbox: Served) -> str | None:
        """Why this address takes nothing through such an inbox. A word that is no number (a hidden caller's) is closed
        for all of them at once.
        """
        closed = self._shut.get(address["id"], {})
        if inbox.capabilities.shares_address and not address["address"].startswith("+"):
            return next(iter(closed.values()), None)
        return closed.get(inbox.medium)

    def _told(self, matter: Matter) -> Iterable[str]:
        """What is planned counts as told: it will be. So does what was stopped: nobody tells it later."""
        rows = self.planned.get(matter.order_id or "", ()) if matter.order_id else ()
        for row in rows:
            if row["id"] != matter.plan_id:
                for one in row["occasions"]:
                    yield key_of(one)
        if matter.order_id is None:
            for row in self._spoken.get(matter.contact_id, ()):
                if row["id"] != matter.plan_id and row["order_id"] is None:
                    yield key_of(row)


def _order_facts(order: Row) -> OrderFacts:
    wishes = wishes_from(order["wishes"]) if order["wishes"] else NOTHING_WISHED
    return OrderFacts(STATUSES[order["status"]], order["paid"], wishes, order["calls_wait"])


def hours_of(db: Connection, shop: Row) -> Hours | None:
    """When somebody is there; None while the owner has said nothing."""
    return hours_from(shops.setting(db, shop["id"], HOURS), shop["timezone"])


def introduced(address: Row) -> bool:
    """Whether the person came to us through this address. A letter from one that only an order named proves whose
    mailbox it is, not that the telephone of that order is theirs too.
    """
    return address["last_at"] is not None and (
        address["claimed"] in {"", contacts.APART} or address["scope"] not in NAMED_BY_ORDERS
    )


def own_addresses(order: Row | None) -> frozenset[str]:
    """What the order itself names: whoever placed it expects to be written to there."""
    if order is None:
        return frozenset()
    messengers = (order["context"] or {}).get("messengers") or {}
    return frozenset(filter(None, (order["phone"], order["email"], *messengers.values())))


NAMED_BY_ORDERS = frozenset({"phone", "email", "whatsapp"})  # scopes of addresses that anybody may type into an order
NOTHING_WISHED = Wishes()
NOTHING_PREFERRED = Preferences()
STATUSES = {status.value: status for status in Status}  # found faster than by asking the class


def unwanted_call(db: Connection, task: Row, order: Row | None) -> Call | None:
    """What the customer has said against this call, in this order or for good: NEVER, or ONLY_IF_URGENT while nobody
    says that it is; None when it may be made. A call is not urgent for standing on a list.
    """
    stored = preferences.get(db, task["shop_id"], task["contact_id"])
    for_good = preferences_from(stored["data"]) if stored is not None else NOTHING_PREFERRED
    here = wishes_from(order["wishes"]) if order is not None and order["wishes"] else NOTHING_WISHED
    if any(about_calls(said.call, said.forbidden_channels) is Call.NEVER for said in (for_good, here)):
        return Call.NEVER
    word = for_good.call if here.call is Call.NO_STATEMENT else here.call
    return word if word is Call.ONLY_IF_URGENT and not _pressing(db, task, order) else None


def _pressing(db: Connection, task: Row, order: Row | None) -> bool:
    """A person has marked the order, or what is told with the task, as urgent."""
    if order is not None and order["urgent"]:
        return True
    plan = plans.get(db, task["shop_id"], task["plan_id"]) if task["plan_id"] is not None else None
    return plan is not None and any(one.get("urgent", False) for one in plan["occasions"])


def policy_of(unit: Unit, shop_id: int) -> Policy:
    return policy_in(unit.db, shop_id)


def policy_in(db: Connection, shop_id: int) -> Policy:
    """The shop's own rules, or the built-in ones."""
    own = rulebook.active(db, shop_id)
    return BUILT_IN if own is None else _policy(json.dumps(own["data"], sort_keys=True), own["version"])


@lru_cache(maxsize=64)
def _policy(data: str, version: int) -> Policy:
    """Read once: checking every rule takes as long as many decisions."""
    return policy_from(json.loads(data), version=version)


@lru_cache(maxsize=512)
def holidays_of(country: str, today: date) -> frozenset[date]:
    """Public holidays of a country in the weeks around today; none for a country that nobody has written down."""
    years = {today.year, (today + AHEAD).year}
    return frozenset().union(*(public_holidays.holidays_of(country, year) for year in years))


def warm() -> None:
    """What takes a second at its first use, done before anybody waits for it."""
    public_holidays.known()
