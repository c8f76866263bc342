"""Shopify as its fixtures show it."""

import base64
import copy
import hashlib
import hmac
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from prilavok.channels.base import Hook
from prilavok.commerce.base import BadInput, BadSignature, NeedsOwner
from prilavok.domain.order import Happened
from tests.suppliers import drive, fixture, make, says

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLES = fixture("shopify")
SECRET = "client secret"
OURS = "https://counter.test/hooks/abc"


def shopify(**config):
    given = {"shop": "my-shop.myshopify.com", "access_token": "shpat_1", "client_secret": SECRET}
    return make("shopify", **{**given, **config})


def hook(body, topic="orders/updated", **headers):
    raw = json.dumps(body).encode()
    seal = base64.b64encode(hmac.digest(SECRET.encode(), raw, hashlib.sha256)).decode()
    return Hook(raw, {"x-shopify-hmac-sha256": seal, "x-shopify-topic": topic, **headers}, NOW)


def order(**changes):
    return {**copy.deepcopy(SAMPLES["order"]), **changes}


def test_the_documented_order_is_read_as_it_is():
    [news] = shopify().parse(hook(order(note="leave it at the door")))
    given = news.order
    assert (given.external_id, given.number, given.total, given.currency) == (
        "450789469",
        "#1001",
        Decimal("409.94"),
        "USD",
    )
    assert given.placed_at == datetime(2008, 1, 10, 16, tzinfo=UTC)
    assert (given.buyer.name, given.buyer.phone, given.buyer.email) == (
        "Bob Norman",
        "555-625-1199",
        "bob.norman@hostmail.com",
    )
    assert (given.city, given.address, given.buyer.country) == ("Louisville", "Chestnut Street 92, 40202", "US")
    assert [one.sku for one in given.items] == ["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK"]
    assert (given.comment, given.tracking) == ("leave it at the door", "1Z2345")
    assert news.events == (), "authorised is not paid, a fulfilment that failed is not on its way"


def test_what_has_happened_is_told_from_the_orders_own_fields():
    parcel = {"status": "success", "created_at": "2026-11-19T10:00:00Z", "updated_at": "2026-11-20T09:00:00Z"}
    parcel["shipment_status"] = "out_for_delivery"
    [news] = shopify().parse(hook(order(financial_status="paid", fulfillments=[parcel])))
    assert [one.kind for one in news.events] == [Happened.PAID, Happened.SHIPPED, Happened.OUT_FOR_DELIVERY]
    [news] = shopify().parse(hook(order(cancelled_at="2026-11-20T09:00:00Z", cancel_reason="customer")))
    assert [(one.kind, one.data) for one in news.events] == [(Happened.CANCELLED, {"reason": "customer"})]
    [news] = shopify().parse(hook(SAMPLES["fulfillment_event"], "fulfillment_events/create"))
    assert (news.external_id, [one.kind for one in news.events]) == ("2776493818019", [Happened.PACKED])


def test_a_customer_that_shopify_hides_leaves_an_order_without_addresses():
    hidden = {"customer": None, "shipping_address": None, "billing_address": None, "email": None, "phone": None}
    [news] = shopify().parse(hook(order(**hidden)))
    assert (news.order.buyer.phone, news.order.buyer.email, news.order.buyer.name) == ("", "", "")


def test_where_the_buyer_came_from_is_kept_and_their_browser_only_as_a_mark():
    details = {"browser_ip": "203.0.113.9", "user_agent": "Mozilla"}
    [news] = shopify().parse(hook(order(landing_site="/x?utm_source=ig&utm_medium=cpc&a=b", client_details=details)))
    assert news.order.context["utm"] == {"source": "ig", "medium": "cpc"}
    assert "203.0.113.9" not in json.dumps(dict(news.order.context))
    assert len(news.order.context["device"]) == 24


def test_test_deliveries_and_other_topics_hold_no_order():
    assert shopify().parse(hook(order(), **{"x-shopify-test": "true"})) == []
    for topic in ("customers/redact", "shop/redact", "orders/delete", "app/uninstalled", ""):
        assert shopify().parse(hook({"id": 1}, topic)) == []
    with pytest.raises(BadInput):
        shopify().parse(hook({"id": 1}))


def test_only_shopify_is_believed():
    good = hook(order())
    for headers in ({}, {**good.headers, "x-shopify-hmac-sha256": "AAAA"}):
        with pytest.raises(BadSignature):
            shopify().parse(Hook(good.body, headers, NOW))
    with pytest.raises(BadSignature):
        shopify(client_secret="").parse(good)


def test_subscriptions_that_shopify_deleted_are_made_again():
    webhooks = [
        {"id": 1, "topic": "orders/create", "address": OURS},
        {"id": 2, "topic": "orders/updated", "address": "?"},
    ]
    made, asked = drive(
        shopify().subscribe(), lambda request: says({"webhooks": webhooks} if request.method == "GET" else {}, 200)
    )
    assert made == ("orders/updated", "orders/cancelled", "fulfillment_events/create")
    assert json.loads(asked[1].body) == {"webhook": {"topic": "orders/updated", "address": OURS, "format": "json"}}
    assert asked[0].headers["x-shopify-access-token"] == "shpat_1"


def test_the_shop_is_checked_before_it_is_kept():
    account, asked = drive(shopify().check(), lambda request: says({"shop": {"name": "Tea"}}))
    assert account.name == "Tea"
    assert asked[0].url == "https://my-shop.myshopify.com/admin/api/2026-07/shop.json"
    with pytest.raises(NeedsOwner, match="myshopify"):
        drive(shopify(shop="https://evil.test/x.myshopify.com").check(), lambda request: says({}))
    with pytest.raises(NeedsOwner, match="locked"):
        drive(shopify().check(), lambda request: says({}, 402))


def test_the_look_goes_on_from_page_to_page_without_missing_or_circling():
    rows = [order(id=number, updated_at=f"2026-11-19T{number // 60:02}:{number % 60:02}:00Z") for number in range(250)]

    def shelf(request):
        since = request.url.partition("updated_at_min=")[2].replace("%3A", ":").replace("%2B", "+")
        newer = [one for one in rows if datetime.fromisoformat(one["updated_at"]) >= datetime.fromisoformat(since)]
        return says({"orders": newer[:100]})

    seen, cursor, quiet = set(), {}, []
    for _ in range(10):
        page, _ = drive(shopify().poll(cursor, NOW), shelf)
        seen |= {one.order.external_id for one in page.news}
        cursor = json.loads(json.dumps(page.cursor, default=datetime.isoformat))
        quiet.append(page.quiet)
        if not page.more:
            break
    assert seen == {str(number) for number in range(250)}
    assert all(quiet)
    page, _ = drive(shopify().poll(cursor, NOW), shelf)
    assert not page.quiet
