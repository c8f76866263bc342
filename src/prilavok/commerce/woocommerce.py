"""WooCommerce, REST API v3: webhooks signed over the raw body, and the reconciling look at what was modified.

WooCommerce switches a webhook off after five failed deliveries and loses what it could not deliver, so it is asked as
well. A status tells less than it seems: "completed" is said when the shop has done its part, so it means shipped here.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode, urlsplit

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
    Response,
    Source,
    field_of,
    refused,
    same,
)
from prilavok.commerce.reading import amount, branch, branches, joined, moment, tree, whole, words
from prilavok.kit.ids import new_token

HISTORY = timedelta(days=30)  # how far back the first look goes
OVERLAP = timedelta(minutes=2)  # looked at twice, for what was committed late over there
SECOND = timedelta(seconds=1)  # what their times are exact to
PAGE = 50
TOPICS = ("order.created", "order.updated")
NOT_YET = frozenset({"checkout-draft", "auto-draft", "trash"})  # no orders, or no more
HAPPENED: Mapping[str, Happened] = {
    "completed": Happened.SHIPPED,
    "cancelled": Happened.CANCELLED,
    "refunded": Happened.REFUNDED,
    "failed": Happened.PAYMENT_FAILED,
    # of plugins in wide use
    "confirmed": Happened.CONFIRMED,
    "packed": Happened.PACKED,
    "shipped": Happened.SHIPPED,
    "partial-shipped": Happened.SHIPPED,
    "out-for-delivery": Happened.OUT_FOR_DELIVERY,
    "ready-for-pickup": Happened.ARRIVED_AT_PICKUP,
    "delivered": Happened.DELIVERED,
    "returned": Happened.RETURNED,
}
METHODS = (("pickup", "pickup"), ("poshta", "post"), ("post", "post"), ("cdek", "post"))  # part of a method's id
PAYMENTS = {"cod": "cod", "bacs": "invoice", "cheque": "invoice", "": ""}  # anything else is paid at once, by card
UTM = "_wc_order_attribution_utm_"


class WooConfig(Config):
    url: Annotated[str, field_of("Shop's address", "Where WordPress is, like https://shop.example.")]
    consumer_key: Annotated[
        str, field_of("Consumer key", "WooCommerce → Settings → Advanced → REST API, with read and write rights.")
    ]
    consumer_secret: Annotated[str, field_of("Consumer secret", secret=True)]
    webhook_secret: Annotated[
        str, field_of("Webhook secret", "Signs the deliveries. Leave it empty and one is made.", secret=True)
    ] = ""
    key_in_address: Annotated[
        bool, field_of("Key in the address", "For hosts that take the Authorization header away.")
    ] = False
    completed_means_delivered: Annotated[
        bool, field_of("“Completed” means delivered", "Otherwise it means that the parcel is on its way.")
    ] = False


class WooCommerce(Source):
    kind = "woocommerce"
    title = "WooCommerce"
    summary = "Orders of a WordPress shop, by webhook and by a look every five minutes."
    Config = WooConfig
    polled = True
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "test delivery": "done",
        "switched-off webhooks": "done",
        "missed deliveries": "done",
        "deleted orders": "exempt, a record taken away is not an order cancelled",
    }

    @classmethod
    def prepare(cls, config: WooConfig) -> WooConfig:
        return config if config.webhook_secret else msgspec.structs.replace(config, webhook_secret=new_token(32))

    def check(self) -> Dialogue[Account]:
        self._require_address()
        response = yield self._ask("GET", "orders", per_page="1")
        refused(response, "WooCommerce", rights="read and write")
        if not isinstance(response.json(), list):
            raise NeedsOwner("This address answers, but it is not WooCommerce's REST API.")
        return Account(name=urlsplit(self.config.url).hostname or self.info.name)

    def parse(self, hook: Hook) -> Iterable[News]:
        expected = base64.b64encode(hmac.digest(self.config.webhook_secret.encode(), hook.body, hashlib.sha256))
        if not self.config.webhook_secret or not same(
            hook.headers.get("x-wc-webhook-signature", ""), expected.decode()
        ):
            raise BadSignature
        if hook.body.startswith(b"webhook_id="):  # the test delivery that a new webhook begins with
            return []
        topic = hook.headers.get("x-wc-webhook-topic", "")
        if topic and topic not in {*TOPICS, "order.restored"}:
            return []
        return list(self._news(tree(hook.body), hook.received_at))

    def poll(self, cursor: Mapping[str, Any], now: datetime) -> Dialogue[Polled]:
        since = moment(cursor, "since") or now - HISTORY
        page = whole(cursor, "page") or 1
        quiet = not cursor or cursor.get("quiet") is True
        response = yield self._ask(
            "GET",
            "orders",
            modified_after=_written(since),
            dates_are_gmt="true",
            orderby="modified",
            order="asc",
            per_page=str(PAGE),
            page=str(page),
        )
        refused(response, "WooCommerce", rights="read and write")
        rows = [row for row in _rows(response) if isinstance(row, dict)]
        news = tuple(one for row in rows for one in self._readable(row, now))
        newest = max((at for row in rows if (at := moment(row, "date_modified_gmt"))), default=since)
        if len(rows) == PAGE:
            # Goes on from the time, not by page: what is modified meanwhile moves to the end and shifts the pages.
            further = newest - SECOND
            following = {"since": further, "page": 1} if further > since else {"since": since, "page": page + 1}
            return Polled(news, {**following, "quiet": quiet}, more=True, quiet=quiet)
        return Polled(news, {"since": max(since, min(newest, now) - OVERLAP)}, quiet=quiet)

    def subscribe(self) -> Dialogue[tuple[str, ...]]:
        response = yield self._ask("GET", "webhooks", per_page="100")
        refused(response, "WooCommerce", rights="read and write")
        ours = {
            words(row, "topic"): row
            for row in _rows(response)
            if isinstance(row, dict) and words(row, "delivery_url") == self.info.hook_url
        }
        made = []
        for topic in TOPICS:
            known = ours.get(topic)
            if known is not None and words(known, "status") == "active":
                continue
            body = {"topic": topic, "delivery_url": self.info.hook_url, "secret": self.config.webhook_secret}
            if known is None:
                answer = yield self._ask("POST", "webhooks", body={**body, "name": f"Prilavok {topic}"})
            else:
                answer = yield self._ask("PUT", f"webhooks/{words(known, 'id')}", body={**body, "status": "active"})
            refused(answer, "WooCommerce", rights="read and write")
            made.append(topic)
        return tuple(made)

    def unsubscribe(self) -> Dialogue[None]:
        response = yield self._ask("GET", "webhooks", per_page="100")
        refused(response, "WooCommerce", rights="read and write")
        for row in _rows(response):
            if isinstance(row, dict) and words(row, "delivery_url") == self.info.hook_url:
                refused((yield self._ask("DELETE", f"webhooks/{words(row, 'id')}", force="true")), "WooCommerce")

    def _require_address(self) -> None:
        if not self.config.url.startswith(("https://", "http://")):
            raise NeedsOwner("The shop's address must begin with https:// (or http://).")

    def _ask(self, method: str, what: str, *, body: Mapping[str, Any] | None = None, **query: str) -> Request:
        config = self.config
        headers = {"accept": "application/json"}
        if config.key_in_address:
            query |= {"consumer_key": config.consumer_key, "consumer_secret": config.consumer_secret}
        else:
            pair = f"{config.consumer_key}:{config.consumer_secret}".encode()
            headers["authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        raw = None
        if body is not None:
            headers["content-type"] = "application/json"
            raw = msgspec.json.encode(body)
        url = f"{config.url.rstrip('/')}/wp-json/wc/v3/{what}"
        return Request(method, f"{url}?{urlencode(query)}" if query else url, headers=headers, body=raw, timeout=60.0)

    def _readable(self, row: Mapping[str, Any], now: datetime) -> list[News]:
        """One record that cannot be read does not hide its neighbours."""
        try:
            return list(self._news(row, now))
        except BadInput:
            return []

    def _news(self, row: Mapping[str, Any], now: datetime) -> Iterator[News]:
        status = words(row, "status").removeprefix("wc-")
        if status in NOT_YET:
            return
        order = order_of(row, now, self.info.signing_key)
        happened = HAPPENED.get(status)
        if status == "completed" and self.config.completed_means_delivered:
            happened = Happened.DELIVERED
        at = moment(row, "date_completed_gmt") if status == "completed" else None
        events = () if happened is None else (OrderEvent(happened, at or order.at),)
        paid_at = moment(row, "date_paid_gmt")
        if paid_at is not None:
            events = (OrderEvent(Happened.PAID, paid_at), *events)
        yield News(order=order, events=events)


def order_of(row: Mapping[str, Any], now: datetime, key: bytes) -> Order:
    """BadInput when it is no order at all."""
    external_id, total = words(row, "id"), amount(row, "total")
    if not external_id or total is None:
        raise BadInput("This delivery holds no order: there is no id or no total in it.")
    placed_at = moment(row, "date_created_gmt") or moment(row, "date_modified_gmt") or now
    billing, shipping = branch(row, "billing"), branch(row, "shipping")
    where = shipping if words(shipping, "address_1") or words(shipping, "city") else billing
    meta = {words(one, "key"): one.get("value") for one in branches(row, "meta_data")}
    customer_id = words(row, "customer_id")
    carrier, tracking = _parcel(meta)
    return Order(
        external_id=external_id,
        number=words(row, "number") or external_id,
        placed_at=placed_at,
        at=moment(row, "date_modified_gmt") or placed_at,
        currency=words(row, "currency"),
        total=total,
        items=tuple(_item(line) for line in branches(row, "line_items")),
        buyer=Buyer(
            name=joined(words(billing, "first_name"), words(billing, "last_name")),
            phone=words(billing, "phone") or words(shipping, "phone"),
            email=words(billing, "email"),
            language=words(meta, "wpml_language"),
            country=words(where, "country") or words(billing, "country"),
            external_id=customer_id if customer_id != "0" else "",
        ),
        payment=PAYMENTS.get(words(row, "payment_method"), "card"),
        method=_method(branches(row, "shipping_lines")),
        city=words(where, "city"),
        address=joined(words(where, "address_1"), words(where, "address_2"), words(where, "postcode"), by=", "),
        carrier=carrier,
        tracking=tracking,
        comment=words(row, "customer_note"),
        context=_context(meta) | _device(row, key),
    )


def _item(line: Mapping[str, Any]) -> Item:
    """Half a kilogram is one piece of half the price, named so."""
    name, pieces = unescape(words(line, "name")), whole(line, "quantity")
    if pieces is None:
        name = joined(name, f"× {words(line, 'quantity')}")
        return Item(name, 1, amount(line, "total"), words(line, "sku"))
    return Item(name, pieces, amount(line, "price"), words(line, "sku"))


def _method(lines: list[dict[str, Any]]) -> str:
    if not lines:
        return ""
    method = words(lines[0], "method_id").lower()
    return next((ours for part, ours in METHODS if part in method), "courier")


def _parcel(meta: Mapping[str, Any]) -> tuple[str, str]:
    """Carrier and number, as the official tracking plugin keeps them."""
    parcels = branches(meta, "_wc_shipment_tracking_items")
    if not parcels:
        return "", words(meta, "_tracking_number")
    last = parcels[-1]
    carrier = words(last, "tracking_provider") or words(last, "custom_tracking_provider")
    return carrier, words(last, "tracking_number")


def _context(meta: Mapping[str, Any]) -> dict[str, Any]:
    utm = {name.removeprefix(UTM): words(meta, name) for name in meta if name.startswith(UTM)}
    referrer = words(meta, "_wc_order_attribution_referrer")
    return ({"utm": utm} if utm else {}) | ({"referrer": referrer} if referrer else {})


def _device(row: Mapping[str, Any], key: bytes) -> dict[str, str]:
    """A mark of the buyer's browser that can be compared and says nothing else."""
    address, browser = words(row, "customer_ip_address"), words(row, "customer_user_agent")
    if not browser:
        return {}
    return {"device": hmac.digest(key, f"{address} {browser}".encode(), hashlib.sha256).hex()[:24]}


def _rows(response: Response) -> list[Any]:
    found = response.json()
    return found if isinstance(found, list) else []


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
