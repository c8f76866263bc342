"""Shop platforms as their documents describe them, small: they know their key, keep webhooks, sign what they deliver
and answer questions by their own rules. The same object answers a dialogue in a test and an HTTP server in front of it.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from prilavok.channels.base import Request, Response
from tests.suppliers import says

Delivery = tuple[str, dict[str, str], bytes]  # address, headers, body


def seal(secret: str, raw: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), raw, hashlib.sha256)).decode()


@dataclass
class Platform:
    """`orders` by id, as the platform shows them; `webhooks` as whoever connected made them."""

    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    webhooks: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        url = urlsplit(request.url)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if not self.known(request.headers):
            return says({"errors": "Invalid API key or access token", "code": "woocommerce_rest_cannot_view"}, 401)
        what, _, rest = url.path.removeprefix(self.root).strip("/").removesuffix(".json").partition("/")
        if not url.path.startswith(self.root):
            return says({"errors": "Not Found"}, 404)
        if what == "webhooks":
            return self.about_webhooks(request, rest)
        return self.answer(what, asked)

    root = ""

    def known(self, headers: Mapping[str, str]) -> bool:
        raise NotImplementedError

    def answer(self, what: str, asked: Mapping[str, str]) -> Response:
        raise NotImplementedError

    def about_webhooks(self, request: Request, number: str) -> Response:
        raise NotImplementedError


@dataclass
class WooCommerce(Platform):
    key: str = "ck_demo"
    secret: str = "cs_demo"
    root = "/wp-json/wc/v3/"

    def known(self, headers: Mapping[str, str]) -> bool:
        pair = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        return headers.get("authorization") == f"Basic {pair}"

    def answer(self, what: str, asked: Mapping[str, str]) -> Response:
        if what != "orders":
            return says({"code": "rest_no_route"}, 404)
        name = "date_modified_gmt" if asked.get("dates_are_gmt") == "true" else "date_modified"
        rows = [one for one in self.orders.values() if one[name] > asked.get("modified_after", "")]
        rows.sort(key=lambda one: one[name], reverse=asked.get("order", "desc") == "desc")
        size, page = int(asked.get("per_page", 10)), int(asked.get("page", 1))
        return says(rows[(page - 1) * size : page * size])

    def about_webhooks(self, request: Request, number: str) -> Response:
        if request.method == "GET":
            return says([{name: value for name, value in one.items() if name != "secret"} for one in self.webhooks])
        if request.method == "DELETE":
            self.webhooks = [one for one in self.webhooks if str(one["id"]) != number]
            return says({"id": int(number)})
        made = {"id": len(self.webhooks) + 1, "status": "active", **json.loads(request.body or b"{}")}
        self.webhooks.append(made)
        return says(made, 201)

    def deliveries(self, number: int, topic: str) -> list[Delivery]:
        raw = json.dumps(self.orders[number]).encode()
        return [
            (
                one["delivery_url"],
                {"x-wc-webhook-topic": topic, "x-wc-webhook-signature": seal(one["secret"], raw)},
                raw,
            )
            for one in self.webhooks
            if one["topic"] == topic and one["status"] == "active"
        ]


@dataclass
class Shopify(Platform):
    token: str = "shpat_demo"
    secret: str = "shpss_demo"
    root = "/admin/api/2026-07/"

    def known(self, headers: Mapping[str, str]) -> bool:
        return headers.get("x-shopify-access-token") == self.token

    def answer(self, what: str, asked: Mapping[str, str]) -> Response:
        if what == "shop":
            return says({"shop": {"name": "Кардамон"}})
        if what != "orders":
            return says({"errors": "Not Found"}, 404)
        # Without status only the open ones; without an order the newest id first.
        since = datetime.fromisoformat(asked.get("updated_at_min", "2000-01-01T00:00:00Z"))
        rows = [
            one
            for one in self.orders.values()
            if datetime.fromisoformat(one["updated_at"]) >= since
            and (asked.get("status", "open") == "any" or (one["closed_at"] is None and one["cancelled_at"] is None))
        ]
        if asked.get("order") == "updated_at asc":
            rows.sort(key=lambda one: datetime.fromisoformat(one["updated_at"]))
        else:
            rows.sort(key=lambda one: -one["id"])
        return says({"orders": rows[: int(asked.get("limit", 50))]})

    def about_webhooks(self, request: Request, number: str) -> Response:
        if request.method == "GET":
            return says({"webhooks": self.webhooks})
        if request.method == "DELETE":
            self.webhooks = [one for one in self.webhooks if str(one["id"]) != number]
            return says({})
        given = json.loads(request.body or b"{}")["webhook"]
        if any((one["topic"], one["address"]) == (given["topic"], given["address"]) for one in self.webhooks):
            return says({"errors": {"address": ["for this topic has already been taken"]}}, 422)
        self.webhooks.append({"id": len(self.webhooks) + 1, **given})
        return says({"webhook": self.webhooks[-1]}, 201)

    def deliveries(self, number: int, topic: str) -> list[Delivery]:
        raw = json.dumps(self.orders[number]).encode()
        headers = {"x-shopify-topic": topic, "x-shopify-hmac-sha256": seal(self.secret, raw)}
        return [(one["address"], headers, raw) for one in self.webhooks if one["topic"] == topic]
