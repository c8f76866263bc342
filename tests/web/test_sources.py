"""Shop platforms and carriers in the settings: connected, shown without their secrets, changed, taken away."""

import pytest

from prilavok.store import orders as store
from tests import suppliers
from tests.house import on_both


@pytest.fixture(autouse=True)
def known_kinds(shop):
    own = shop.house.services.arrivals.suppliers
    own.kinds = {**own.kinds, **suppliers.ALL}


@on_both
async def test_a_source_is_connected_and_its_secret_is_shown_once(shop):
    answer = await shop.ask("POST", "/api/v1/sources", {"kind": "generic", "name": "Каса"})
    assert answer.status == 201, answer
    made = answer.json()
    assert made["secret"].startswith("whsec_")
    assert made["hook_url"].startswith("https://shop.test/hooks/")
    assert made["config"] == {"secret": ""}
    listed = await shop.get("/api/v1/sources")
    [shown] = listed["items"]
    assert (shown["name"], shown["state"], "secret" in shown) == ("Каса", "active", False)
    assert made["secret"] not in str(listed)
    kinds = {one["kind"]: one for one in listed["kinds"]}
    assert set(kinds) >= {"generic", "woocommerce", "shopify", "cdek", "novaposhta", "parcels"}
    assert kinds["novaposhta"]["family"] == "carrier"
    assert kinds["woocommerce"]["config_schema"]["properties"]["consumer_secret"]["writeOnly"] is True
    own = shop.house.services.arrivals.suppliers
    before = (await shop.read(own.get, made["id"])).source.config.secret
    changed = await shop.ask("PATCH", f"/api/v1/sources/{made['id']}", {"name": "Каса 2", "config": {"secret": ""}})
    assert (changed.status, changed.json()["name"]) == (200, "Каса 2")
    assert (await shop.read(own.get, made["id"])).source.config.secret == before


@on_both
async def test_a_source_that_is_taken_away_leaves_its_orders(shop):
    here = await suppliers.connect(shop, "generic")
    await suppliers.post(shop, here, {"order": {"id": "17", "total": 1}})
    order_id = await shop.read(store.by_external, "17")
    assert (await shop.ask("DELETE", f"/api/v1/sources/{here.id}", role="admin")).status == 403
    assert (await shop.ask("DELETE", f"/api/v1/sources/{here.id}")).status == 204
    assert (await shop.get("/api/v1/sources"))["items"] == []
    assert (await suppliers.post(shop, here, {"order": {"id": "18", "total": 1}})).status == 404
    assert (await shop.get(f"/api/v1/orders/{order_id}"))["number"] == "17"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "fax", "name": "x"}, "kind"),
        ({"kind": "generic", "name": " "}, "name"),
        ({"kind": "generic", "name": "x", "config": {"secret": "short"}}, "config"),
        ({"kind": "woocommerce", "name": "x"}, "config.url"),
        ({"kind": "generic", "name": "x", "config": {"colour": "red"}}, "config.colour"),
    ],
)
async def test_settings_that_cannot_work_are_refused_by_their_field(shop, body, field):
    answer = await shop.ask("POST", "/api/v1/sources", body)
    assert (answer.status, answer.json()["field"]) == (422, field), answer.text
    assert (await shop.get("/api/v1/sources"))["items"] == []
    assert (await shop.ask("POST", "/api/v1/sources", body, role="agent")).status == 403
