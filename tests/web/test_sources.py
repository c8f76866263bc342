"""Shop platforms and carriers in the settings: connected, shown without their secrets, changed, taken away."""

import pytest

from prilavok.commerce.base import Account, Undeliverable
from prilavok.flows import connect_source
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
    spoken = (await shop.get("/api/v1/sources", headers={"accept-language": "ru-RU,ru;q=0.9"}))["kinds"]
    assert {"Ваша программа", "ru"} <= {text for one in spoken for text in (one["title"], one["guide"]["language"])}
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


async def test_a_stored_secret_does_not_follow_the_address_to_another_place(shop):
    """Else whoever may edit settings could have it sent to themselves."""
    asked = []

    async def perform(dialogue):
        """Answers nothing: what was asked, and of whom, is what counts."""
        try:
            asked.append(next(dialogue).url)
        except StopIteration:
            return
        raise Undeliverable("nobody is there")

    config = {"url": "https://shop.example", "consumer_key": "ck_1", "consumer_secret": "cs_1"}
    own = shop.house.services.arrivals.suppliers
    given = own.read_config("woocommerce", config)
    source_id = connect_source.new_source_id()
    account = Account(name="Shop")
    await shop.house.bus.do(
        connect_source.connect_source, own, shop.id, "woocommerce", "Shop", given, account, source_id
    )
    object.__setattr__(shop.house.services, "perform", perform)
    path = f"/api/v1/sources/{source_id}"
    moved = await shop.ask("PATCH", path, {"config": {"url": "https://thief.example", "consumer_secret": ""}})
    assert (moved.status, moved.json()["field"]) == (422, "config.consumer_secret")
    assert asked == []
    stayed = await shop.ask("PATCH", path, {"config": {"url": "https://shop.example", "consumer_secret": ""}})
    assert (stayed.status, stayed.json()["field"]) == (422, "config")  # asked there, where nobody was
    again = {"url": "https://new.example", "consumer_secret": "cs_2"}
    assert (await shop.ask("PATCH", path, {"config": again})).status == 422
    assert [url.split("/")[2] for url in asked] == ["shop.example", "new.example"]
