"""Shopify: webhooks signed over the raw body, and the reconciling look at what was updated.

Shopify gives a hook five seconds and deletes the subscription after eight failures, so it is looked at and made again,
and orders are asked for as well. One reading serves both: webhooks and the Admin API's JSON have one shape.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from prilavok.commerce.base import (
    Account,
    BadInput,
    BadSignature,
    Buyer,
    Config,
    Dialogue,
    Happened,
    Hook,
    Item,
    NeedsOwner,
    News,
    Order,
    OrderEvent,
    Polled,
    Request,
    Source,
    field_of,
    refused,
    same,
)
from prilavok.commerce.reading import amount, at, branch, branches, joined, moment, tree, whole, words

VERSION = "2026-07"
HISTORY = timedelta(days=30)  # how far back the first look goes; beyond 60 days it would need another right
OVERLAP = timedelta(minutes=2)
SECOND = timedelta(seconds=1)  # what their times are exact to
PAGE = 100
TOPICS = ("orders/create", "orders/updated", "orders/cancelled", "fulfillment_events/create")
HOST = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
OF_A_PARCEL: Mapping[str, Happened] = {
    "label_printed": Happened.PACKED,
    "label_purchased": Happened.PACKED,
    "confirmed": Happened.PACKED,
    "picked_up": Happened.SHIPPED,
    "carrier_picked_up": Happened.SHIPPED,
    "in_transit": Happened.SHIPPED,
    "ready_for_pickup": Happened.ARRIVED_AT_PICKUP,
    "out_for_delivery": Happened.OUT_FOR_DELIVERY,
    "attempted_delivery": Happened.FAILED_ATTEMPT,
    "delayed": Happened.DELAYED,
    "failure": Happened.DELAYED,
    "delivered": Happened.DELIVERED,
}
PAYMENTS = (("cash", "cod"), ("cod", "cod"), ("bank", "invoice"), ("manual", "invoice"))  # part of a gateway's name


class ShopifyConfig(Config):
    shop: Annotated[str, field_of("Shop", "Its address at Shopify, like my-shop.myshopify.com.")]
    access_token: Annotated[
        str, field_of("Admin API access token", "Of your custom app; begins with shpat_.", secret=True)
    ]
    client_secret: Annotated[str, field_of("API secret key", "Of the same app: it signs the deliveries.", secret=True)]
    api_base: Annotated[str, field_of("API address", "Only for a gateway of your own.")] = ""


class Shopify(Source):
    kind = "shopify"
    title = "Shopify"
    summary = "Orders of a Shopify shop, by webhook and by a look every five minutes."
    Config = ShopifyConfig
    polled = True
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "test delivery": "done",
        "deleted subscriptions": "done",
        "missed deliveries": "done",
        "GraphQL": "exempt, orders are read through the REST shape that webhooks have as well",
    }

    def check(self) -> Dialogue[Account]:
        if not self.config.api_base and not HOST.fullmatch(self.config.shop):
            raise NeedsOwner("The shop's address looks like my-shop.myshopify.com.")
        response = yield self._ask("GET", "shop.json")
        refused(response, "Shopify", rights="read_orders")
        name = words(response.json(), "shop", "name")
        response = yield self._ask("GET", "orders.json", status="any", limit="1")
        refused(response, "Shopify", rights="read_orders")
        return Account(name=name or self.config.shop)

    def parse(self, hook: Hook) -> Iterable[News]:
        expected = base64.b64encode(hmac.digest(self.config.client_secret.encode(), hook.body, hashlib.sha256))
        if not self.config.client_secret or not same(hook.headers.get("x-shopify-hmac-sha256", ""), expected.decode()):
            raise BadSignature
        topic = hook.headers.get("x-shopify-topic", "")
        if hook.headers.get("x-shopify-test", "").lower() == "true":
            return []
        if topic.startswith("orders/") and topic != "orders/delete":
            return [self._news(tree(hook.body), hook.received_at)]
        if topic == "fulfillment_events/create":
            return list(parcel_news(tree(hook.body)))
        return []  # of customers, of carts, of the app: no order's news

    def poll(self, cursor: Mapping[str, Any], now: datetime) -> Dialogue[Polled]:
        since = moment(cursor, "since") or now - HISTORY
        quiet = not cursor or cursor.get("quiet") is True
        response = yield self._ask(
            "GET",
            "orders.json",
            status="any",
            order="updated_at asc",
            limit=str(PAGE),
            updated_at_min=since.isoformat(),
        )
        refused(response, "Shopify", rights="read_orders")
        rows = branches(response.json(), "orders")
        news = tuple(one for row in rows for one in self._readable(row, now))
        newest = max((found for row in rows if (found := moment(row, "updated_at"))), default=since)
        if len(rows) == PAGE:
            # A whole page within one second would be the same page for ever.
            further = newest if newest > since else since + SECOND
            return Polled(news, {"since": further, "quiet": quiet}, more=True, quiet=quiet)
        return Polled(news, {"since": max(since, min(newest, now) - OVERLAP)}, quiet=quiet)

    def subscribe(self) -> Dialogue[tuple[str, ...]]:
        response = yield self._ask("GET", "webhooks.json", limit="250")
        refused(response, "Shopify", rights="read_orders")
        ours = {
            words(row, "topic")
            for row in branches(response.json(), "webhooks")
            if words(row, "address") == self.info.hook_url
        }
        made = []
        for topic in TOPICS:
            if topic not in ours:
                webhook = {"topic": topic, "address": self.info.hook_url, "format": "json"}
                answer = yield self._ask("POST", "webhooks.json", body={"webhook": webhook})
                refused(answer, "Shopify", rights="read_orders and read_fulfillments")
                made.append(topic)
        return tuple(made)

    def unsubscribe(self) -> Dialogue[None]:
        response = yield self._ask("GET", "webhooks.json", limit="250")
        refused(response, "Shopify")
        for row in branches(response.json(), "webhooks"):
            if words(row, "address") == self.info.hook_url:
                refused((yield self._ask("DELETE", f"webhooks/{words(row, 'id')}.json")), "Shopify")

    def _ask(self, method: str, what: str, *, body: Mapping[str, Any] | None = None, **query: str) -> Request:
        base = self.config.api_base.rstrip("/") or f"https://{self.config.shop}"
        url = f"{base}/admin/api/{VERSION}/{what}"
        headers = {"x-shopify-access-token": self.config.access_token, "accept": "application/json"}
        raw = None
        if body is not None:
            headers["content-type"] = "application/json"
            raw = msgspec.json.encode(body)
        url = f"{url}?{urlencode(query)}" if query else url
        return Request(method, url, headers=headers, body=raw, timeout=60.0, max_bytes=16 * 1024 * 1024)

    def _readable(self, row: Mapping[str, Any], now: datetime) -> list[News]:
        """One record that cannot be read does not hide its neighbours."""
        try:
            return [self._news(row, now)]
        except BadInput:
            return []

    def _news(self, row: Mapping[str, Any], now: datetime) -> News:
        order = order_of(row, now, self.info.signing_key)
        return News(order=order, events=tuple(events_of(row, order.at)))


def order_of(row: Mapping[str, Any], now: datetime, key: bytes) -> Order:
    """BadInput when it is no order at all. Names, addresses and phones are null until Shopify approves the app."""
    external_id, total = words(row, "id"), amount(row, "total_price")
    if not external_id or total is None:
        raise BadInput("This delivery holds no order: there is no id or no total in it.")
    placed_at = moment(row, "processed_at") or moment(row, "created_at") or now
    where = branch(row, "shipping_address") or branch(row, "billing_address")
    customer = branch(row, "customer")
    parcels = branches(row, "fulfillments")
    name = words(where, "name") or joined(words(customer, "first_name"), words(customer, "last_name"))
    phones = (words(row, "phone"), words(where, "phone"), words(customer, "phone"))
    return Order(
        external_id=external_id,
        number=words(row, "name") or words(row, "order_number"),
        placed_at=placed_at,
        at=moment(row, "updated_at") or placed_at,
        currency=words(row, "currency"),
        total=total,
        items=tuple(_item(line) for line in branches(row, "line_items")),
        buyer=Buyer(
            name=name,
            phone=next((one for one in phones if one), ""),
            email=words(row, "email") or words(row, "contact_email") or words(customer, "email"),
            language=words(row, "customer_locale").partition("-")[0],
            country=words(where, "country_code"),
            external_id=words(customer, "id"),
        ),
        payment=_payment(row),
        method=_method(row),
        city=words(where, "city"),
        address=joined(words(where, "address1"), words(where, "address2"), words(where, "zip"), by=", "),
        carrier=words(parcels[-1], "tracking_company") if parcels else "",
        tracking=words(parcels[-1], "tracking_number") if parcels else "",
        comment=words(row, "note"),
        context=_context(row, key),
    )


def events_of(row: Mapping[str, Any], said: datetime) -> Iterator[OrderEvent]:
    match words(row, "financial_status"):
        case "paid":
            yield OrderEvent(Happened.PAID, moment(row, "processed_at") or said)
        case "refunded":
            yield OrderEvent(Happened.REFUNDED, said)
    if (cancelled := moment(row, "cancelled_at")) is not None:
        reason = words(row, "cancel_reason")
        yield OrderEvent(Happened.CANCELLED, cancelled, data={"reason": reason} if reason else {})
    for parcel in branches(row, "fulfillments"):
        if words(parcel, "status") in {"success", "open"}:
            yield OrderEvent(Happened.SHIPPED, moment(parcel, "created_at") or said)
            happened = OF_A_PARCEL.get(words(parcel, "shipment_status"))
            if happened is not None and happened not in {Happened.PACKED, Happened.SHIPPED}:
                yield OrderEvent(happened, moment(parcel, "updated_at") or said)


def parcel_news(row: Mapping[str, Any]) -> Iterator[News]:
    """A fulfilment event knows its order by id alone."""
    happened, order_id = OF_A_PARCEL.get(words(row, "status")), words(row, "order_id")
    happened_at = moment(row, "happened_at") or moment(row, "created_at")
    if happened is not None and order_id and happened_at is not None:
        day = words(row, "estimated_delivery_at")
        yield News(events=(OrderEvent(happened, happened_at, data={"day": day} if day else {}),), external_id=order_id)


def _item(line: Mapping[str, Any]) -> Item:
    return Item(
        name=words(line, "name") or words(line, "title"),
        quantity=whole(line, "current_quantity") or whole(line, "quantity") or 0,
        price=amount(line, "price"),
        sku=words(line, "sku"),
    )


def _payment(row: Mapping[str, Any]) -> str:
    names = at(row, "payment_gateway_names")
    listed = " ".join(name for name in names if isinstance(name, str)) if isinstance(names, list) else ""
    gateway = (listed or words(row, "gateway")).lower()
    return next((ours for part, ours in PAYMENTS if part in gateway), "card" if gateway else "")


def _method(row: Mapping[str, Any]) -> str:
    lines = branches(row, "shipping_lines")
    if not lines:
        return ""
    title = f"{words(lines[0], 'code')} {words(lines[0], 'title')}".lower()
    if "pickup" in title or "pick up" in title:
        return "pickup"
    return "post" if "post" in title or "poshta" in title or "пошта" in title else "courier"


def _context(row: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """Where the buyer came from, and a mark of their browser that can be compared and says nothing else."""
    landing, found = words(row, "landing_site"), dict[str, Any]()
    try:
        query = parse_qsl(urlsplit(landing).query)
    except ValueError:
        query = []
    utm = {name.removeprefix("utm_"): value[:200] for name, value in query if name.startswith("utm_")}
    if utm:
        found["utm"] = utm
    if referrer := words(row, "referring_site"):
        found["referrer"] = referrer[:500]
    marks = joined(words(row, "client_details", "browser_ip"), words(row, "client_details", "user_agent"))
    if words(row, "client_details", "user_agent"):
        found["device"] = hmac.digest(key, marks.encode(), hashlib.sha256).hex()[:24]
    return found
