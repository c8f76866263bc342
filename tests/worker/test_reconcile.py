"""Platforms and carriers are asked in turn, by one process at a time, and their webhooks are made again."""

import asyncio
import json

import pytest

from prilavok.store import sources
from prilavok.worker.reconcile import Reconciler
from tests import suppliers
from tests.delivering import happenings
from tests.house import on_both
from tests.platforms import Shopify
from tests.suppliers import Wire, fixture, says

WOO = {"url": "https://w.test", "consumer_key": "k", "consumer_secret": "s", "webhook_secret": "x"}
SAMPLE = fixture("woocommerce")["order"]


class WooShop:
    """Answers as WooCommerce; `broken` answers every question instead."""

    def __init__(self, *rows):
        self.rows = list(rows)
        self.hooks = []
        self.broken = None

    def __call__(self, request):
        if self.broken is not None:
            return self.broken
        if "/webhooks" in request.url and request.method == "GET":
            return says(self.hooks)
        if "/webhooks" in request.url:
            made = json.loads(request.body)
            self.hooks.append({"id": len(self.hooks), "status": "active", **made})
            return says(self.hooks[-1], 201)
        since = request.url.partition("modified_after=")[2].partition("&")[0].replace("%3A", ":")
        return says([row for row in self.rows if row["date_modified_gmt"] > since])


def order(shop, number, **fields):
    now = shop.clock.now.strftime("%Y-%m-%dT%H:%M:%S")
    times = {"date_created_gmt": now, "date_modified_gmt": now, "date_paid_gmt": None}
    return {**SAMPLE, "id": number, "number": str(number), **times, **fields}


def reconciler(shop, answer):
    return Reconciler(shop.house.bus, shop.house.services.arrivals.suppliers, Wire(answer))


@pytest.fixture
def quiet_house(open_house):
    return open_house(work=False)


@pytest.fixture
def house(quiet_house):
    """Without its own workers: the test looks in turn by itself."""
    return quiet_house


@pytest.fixture
def other(shop, open_house):
    """A second process of the same installation."""
    return open_house(work=False)


@on_both
async def test_what_a_hook_missed_is_found_by_asking_and_asked_only_once_a_turn(shop):
    woo = await suppliers.connect(shop, "woocommerce", **WOO)
    platform = WooShop(order(shop, 1), order(shop, 2, status="completed"))
    worker = reconciler(shop, platform)
    assert await worker.round() == 1
    assert sorted(one["topic"] for one in platform.hooks) == ["order.created", "order.updated"]
    states = {one["number"]: one["status"] for one in (await shop.get("/api/v1/orders"))["items"]}
    assert states == {"1": "placed", "2": "shipped"}
    assert await worker.round() == 0, "its turn is over"
    shop.clock.forward(minutes=6)
    platform.rows.append(order(shop, 3))
    assert await worker.round() == 1
    assert len((await shop.get("/api/v1/orders"))["items"]) == 3
    assert (await shop.read(sources.get, woo.id))["reason"] == ""


@on_both
async def test_two_processes_never_ask_the_same_source_at_once(shop, other):
    await suppliers.connect(shop, "woocommerce", **WOO)
    other.services.arrivals.suppliers.kinds = shop.house.services.arrivals.suppliers.kinds
    platform = WooShop(order(shop, 1))
    here = reconciler(shop, platform)
    there = Reconciler(other.bus, other.services.arrivals.suppliers, Wire(platform))
    assert sum(await asyncio.gather(here.round(), there.round())) == 1


async def test_a_key_that_was_taken_back_pauses_the_source_and_says_why(shop):
    woo = await suppliers.connect(shop, "woocommerce", **WOO)
    platform = WooShop()
    platform.broken = says({"code": "woocommerce_rest_cannot_view"}, 401)
    await reconciler(shop, platform).round()
    [shown] = (await shop.get("/api/v1/sources"))["items"]
    assert (shown["state"], "does not accept the key" in shown["reason"]) == ("paused", True)
    platform.broken = None
    shop.clock.forward(minutes=6)
    assert await reconciler(shop, platform).round() == 0
    assert (await shop.ask("PATCH", f"/api/v1/sources/{woo.id}", {"state": "active"})).status == 200
    assert await reconciler(shop, platform).round() == 1


async def test_a_source_that_is_busy_is_asked_again_in_its_turn(shop):
    await suppliers.connect(shop, "woocommerce", **WOO)
    platform = WooShop(order(shop, 1))
    platform.broken = says({}, 503)
    worker = reconciler(shop, platform)
    await worker.round()
    [shown] = (await shop.get("/api/v1/sources"))["items"]
    assert (shown["state"], shown["reason"]) == ("active", "WooCommerce is busy (503)")
    platform.broken = None
    shop.clock.forward(minutes=6)
    await worker.round()
    [shown] = (await shop.get("/api/v1/sources"))["items"]
    assert shown["reason"] == ""
    assert len((await shop.get("/api/v1/orders"))["items"]) == 1


@on_both
async def test_parcels_on_their_way_are_asked_for_by_their_carrier(shop):
    await suppliers.connect(shop, "novaposhta", api_key="k")
    for number, tracking, kind in (("1", "20450000000001", "shipped"), ("2", "20450000000002", "placed")):
        body = {"total": 1, "delivery": {"tracking": tracking}, "customer": {"phone": "0671234567"}}
        await shop.ask("PUT", f"/api/v1/orders/{number}", body)
        if kind != "placed":
            await shop.ask("POST", f"/api/v1/orders/{number}/events", {"kind": kind})
    asked = []

    def carrier(request):
        documents = json.loads(request.body)["methodProperties"]["Documents"]
        asked.extend(documents)
        rows = [{"Number": one["DocumentNumber"], "StatusCode": "7", "WarehouseRecipient": "№5"} for one in documents]
        return says({"success": True, "data": rows})

    await reconciler(shop, carrier).round()
    assert [one["DocumentNumber"] for one in asked] == ["20450000000001"]
    assert (await shop.get("/api/v1/orders/1"))["status"] == "at_pickup"
    assert (await shop.get("/api/v1/orders/2"))["status"] == "placed"


@on_both
async def test_what_shopify_could_not_tell_is_asked_for_and_told_late_it_is_told_once(shop):
    platform = Shopify()
    given = {"shop": "tea.myshopify.com", "access_token": platform.token, "client_secret": platform.secret}
    supplier = await suppliers.connect(shop, "shopify", **given)
    worker = reconciler(shop, platform)
    await worker.round()
    assert len(platform.webhooks) == 4
    now = shop.clock.now.isoformat()
    fresh = {"processed_at": now, "created_at": now, "updated_at": now, "cancelled_at": None, "fulfillments": []}
    platform.orders[1] = {**fixture("shopify")["order"], **fresh, "id": 1, "name": "#1", "financial_status": "pending"}
    shop.clock.forward(minutes=6)
    assert await worker.round() == 1, "the delivery was lost on its way"
    [known] = (await shop.get("/api/v1/orders"))["items"]
    assert (known["number"], known["status"]) == ("#1", "placed")
    [(address, headers, raw)] = platform.deliveries(1, "orders/create")
    assert address.endswith(supplier.key)
    for _ in range(2):
        answer = await shop.ask("POST", f"/hooks/{supplier.key}", role=None, headers=headers, body=raw)
        assert answer.status == 200
    assert [kind for kind, _ in await happenings(shop, known)] == ["placed"]
    platform.webhooks.clear()
    shop.clock.forward(hours=2)
    await worker.round()
    assert len(platform.webhooks) == 4, "made again"
