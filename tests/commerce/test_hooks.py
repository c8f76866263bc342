"""Orders knock at /hooks/{key}: kept raw, taken, taken again."""

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prilavok.store import journal, sources
from prilavok.store import orders as store
from tests import suppliers
from tests.house import on_both
from tests.ordering import said_of
from tests.suppliers import fixture

SECRET = "a webhook secret of this shop"


def an_order(shop, name="17", **fields):
    return {
        "id": name,
        "number": name,
        "placed_at": said_of(shop, hours=-1),
        "total": "100.50",
        "customer": {"phone": "0671234567"},
        **fields,
    }


async def entries(shop, state):
    return await shop.read(journal.page, state=state)


@on_both
async def test_a_signed_program_tells_of_orders_and_what_happens_to_them(shop):
    here = await suppliers.connect(shop, "generic")
    body = {"order": an_order(shop), "events": [{"kind": "shipped", "at": said_of(shop, minutes=-1)}]}
    answer = await suppliers.post(shop, here, body)
    assert answer.status == 200, answer
    whole = await shop.get("/api/v1/orders/17")
    assert (whole["status"], whole["total"], whole["currency"]) == ("shipped", "100.50", "UAH")
    [kept] = await entries(shop, "done")
    assert (kept["inbox_id"], kept["inbox_name"], kept["channel"]) == (here.id, "generic", "generic")
    many = {"orders": [an_order(shop, "18"), an_order(shop, "19")], "events": [{"kind": "cancelled", "order": "18"}]}
    assert (await suppliers.post(shop, here, many)).status == 200
    assert [one["number"] for one in (await shop.get("/api/v1/orders?status=open"))["items"]] == ["19", "17"]


@on_both
async def test_what_is_not_signed_is_refused_and_leaves_nothing(shop):
    here = await suppliers.connect(shop, "generic")
    assert (await suppliers.post(shop, here, {"order": an_order(shop)}, signed=False)).status == 401
    woo = await suppliers.connect(
        shop, "woocommerce", url="https://w.test", consumer_key="k", consumer_secret="s", webhook_secret=SECRET
    )
    answer = await shop.ask("POST", f"/hooks/{woo.key}", role=None, body=b"{}")
    assert answer.status == 401
    assert await shop.read(journal.unfinished, ["failed", "pending", "done", "ignored"]) == []


@on_both
async def test_a_delivery_that_could_not_be_taken_is_kept_and_taken_again_later(shop):
    here = await suppliers.connect(shop, "generic")
    news = {"events": [{"kind": "shipped", "order": "17", "at": said_of(shop, minutes=-1)}]}
    assert (await suppliers.post(shop, here, news)).status == 200
    [failed] = (await shop.get("/api/v1/journal"))["items"]
    assert failed["inbox"]["name"] == "generic"
    assert "nobody has told" in failed["reason"]
    await suppliers.post(shop, here, {"order": an_order(shop)}, delivery="d2")
    shop.clock.forward(hours=3)
    answer = await shop.ask("POST", "/api/v1/journal/replay", {})
    assert answer.json() == {"replayed": 1, "failed": 0}
    assert (await shop.get("/api/v1/orders/17"))["status"] == "shipped"


@on_both
async def test_one_order_that_cannot_be_read_hides_no_other(shop):
    here = await suppliers.connect(shop, "generic")
    body = {"orders": [an_order(shop, "1", total="1e300"), an_order(shop, "2")]}
    assert (await suppliers.post(shop, here, body)).status == 200
    assert (await shop.get("/api/v1/orders/2"))["number"] == "2"
    assert (await shop.ask("GET", "/api/v1/orders/1")).status == 404
    [failed] = await entries(shop, "failed")
    assert failed["reason"] == "The sum is larger than any order."


@on_both
async def test_woocommerce_knocks_and_its_test_delivery_is_welcome(shop):
    config = {"url": "https://w.test", "consumer_key": "k", "consumer_secret": "s", "webhook_secret": SECRET}
    woo = await suppliers.connect(shop, "woocommerce", **config)
    for body in (b"webhook_id=5", json.dumps(fixture("woocommerce")["order"]).encode()):
        seal = base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()
        headers = {"x-wc-webhook-signature": seal, "x-wc-webhook-topic": "order.updated"}
        assert (await shop.ask("POST", f"/hooks/{woo.key}", role=None, headers=headers, body=body)).status == 200
    [order] = (await shop.get("/api/v1/orders"))["items"]
    assert (order["number"], order["total"], order["currency"], order["paid"]) == ("727", "29.35", "USD", True)
    assert [one["state"] for one in await entries(shop, "ignored")] == ["ignored"]
    assert (await shop.read(sources.get, woo.id))["last_received_at"] is not None


@on_both
async def test_a_hook_of_one_shop_speaks_of_its_own_orders_only(shop, other_shop):
    theirs, ours = await suppliers.connect(other_shop, "generic"), await suppliers.connect(shop, "generic")
    await suppliers.post(other_shop, theirs, {"order": an_order(shop)})
    await suppliers.post(shop, ours, {"events": [{"kind": "cancelled", "order": "17", "number": "17"}]})
    assert (await other_shop.get("/api/v1/orders/17"))["status"] == "placed"
    assert (await shop.ask("GET", "/api/v1/orders/17")).status == 404
    assert (await shop.ask("DELETE", f"/api/v1/sources/{theirs.id}")).status == 404
    assert (await shop.ask("PATCH", f"/api/v1/sources/{theirs.id}", {"name": "x"})).status == 404
    assert [one["id"] for one in (await shop.get("/api/v1/sources"))["items"]] == [ours.id]


STRANGE = st.sampled_from(["", "\0", "x" * 3000, "🙂", "-1", "1e999", "NaN", "null", "2026-11-20T10:00:00Z", "placed"])
SCALAR = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | STRANGE
TREE = st.recursive(SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(STRANGE, inner, max_size=3))
NAMES = ("id", "number", "total", "placed_at", "updated_at", "items", "customer", "payment", "delivery", "comment")
ORDER = st.fixed_dictionaries({}, optional=dict.fromkeys((*NAMES, "context", "currency"), TREE)) | TREE
EVENT = st.fixed_dictionaries({}, optional=dict.fromkeys(("kind", "at", "key", "data", "order"), TREE)) | TREE
DELIVERY = st.fixed_dictionaries({}, optional={"order": ORDER, "orders": st.lists(ORDER), "events": st.lists(EVENT)})


@on_both
def test_whatever_a_program_signs_is_kept_and_never_a_fault(shop):
    here = shop.run(suppliers.connect(shop, "generic"))
    shop.run(suppliers.post(shop, here, {"order": an_order(shop)}))

    @settings(
        max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(DELIVERY | TREE | st.binary(max_size=50))
    def any_body(body):
        async def story():
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            before = len(await shop.read(journal.unfinished, ["failed", "done", "ignored"]))
            assert (await suppliers.post(shop, here, raw)).status == 200
            assert len(await shop.read(journal.unfinished, ["failed", "done", "ignored"])) == before + 1

        shop.run(story())

    any_body()
    assert shop.run(shop.read(store.by_external, "17")) is not None


PLATFORM = st.fixed_dictionaries(
    {"id": st.just(5) | TREE},
    optional=dict.fromkeys(
        (
            *("total", "total_price", "number", "name", "status", "billing", "shipping", "line_items", "meta_data"),
            *(
                "customer",
                "fulfillments",
                "shipping_lines",
                "date_created_gmt",
                "created_at",
                "updated_at",
                "attributes",
            ),
            *("type", "note", "note_attributes", "landing_site", "client_details", "cancelled_at"),
            *("financial_status", "updated_at"),
        ),
        TREE,
    ),
)


@pytest.mark.parametrize("kind", ["woocommerce", "shopify", "cdek"])
def test_whatever_a_platform_sends_is_read_or_refused_in_words(shop, kind):
    config = {
        "woocommerce": {"url": "https://w.test", "consumer_key": "k", "consumer_secret": "s", "webhook_secret": SECRET},
        "shopify": {"shop": "a.myshopify.com", "access_token": "t", "client_secret": SECRET},
        "cdek": {"account": "a", "password": "p"},
    }[kind]
    here = shop.run(suppliers.connect(shop, kind, **config))

    @settings(
        max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(PLATFORM | TREE)
    def any_body(body):
        raw = json.dumps(body).encode()
        seal = base64.b64encode(hmac.digest(SECRET.encode(), raw, hashlib.sha256)).decode()
        headers = {
            "x-wc-webhook-signature": seal,
            "x-shopify-hmac-sha256": seal,
            "x-shopify-topic": "orders/updated",
            "x-wc-webhook-topic": "order.updated",
        }
        answer = shop.run(shop.ask("POST", f"/hooks/{here.key}", role=None, headers=headers, body=raw))
        assert answer.status == 200, answer

    any_body()
    faults = [one["reason"] for one in shop.run(entries(shop, "failed")) if "Error" in (one["reason"] or "")]
    assert faults == []
