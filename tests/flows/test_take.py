"""Orders come in: one truth from several sources, each event once, in any order."""

from datetime import timedelta

import pytest

from prilavok.domain.events import OccasionArose
from prilavok.flows.reactions import REACTIONS
from prilavok.flows.take import take
from prilavok.store import orders as store
from tests.house import on_both
from tests.ordering import event, news, order, said_of


@on_both
async def test_an_order_told_through_the_api_is_there_with_its_customer(shop):
    body = {
        "number": "A-17",
        "placed_at": said_of(shop, hours=-1),
        "currency": "UAH",
        "total": "1250.00",
        "items": [{"sku": "tea", "name": "Чай", "quantity": 2, "price": "625.00"}],
        "customer": {"name": "Олена", "phone": "067 123-45-67", "email": "Olena@Example.org", "language": "uk"},
        "payment": {"method": "cod", "paid": False},
        "delivery": {"method": "courier", "city": "Київ", "address": "вул. Антоновича, 5"},
        "comment": "",
    }
    answer = await shop.ask("PUT", "/api/v1/orders/ext-17", body)
    assert answer.status == 200, answer
    made = answer.json()
    assert made["created"] is True
    assert made["status"] == "placed"
    for name in (made["id"], "ext-17"):
        whole = await shop.get(f"/api/v1/orders/{name}")
        assert whole["id"] == made["id"]
        assert whole["external_id"] == "ext-17"
        assert whole["total"] == "1250.00"
        assert whole["phone"] == "+380671234567"
        assert whole["email"] == "olena@example.org"
        assert whole["country"] == "UA"
        assert whole["contact"]["name"] == "Олена"
        assert whole["last_event"]["kind"] == "placed"
        assert {(one["channel"], one["address"]) for one in whole["identities"]} == {
            ("phone", "+380671234567"),
            ("email", "olena@example.org"),
        }
    again = (await shop.ask("PUT", "/api/v1/orders/ext-17", body)).json()
    assert again == {"id": made["id"], "created": False, "status": "placed"}
    assert [one["kind"] for one in await shop.read(store.events_of, made["id"])] == ["placed"]
    answer = await shop.ask(
        "POST", "/api/v1/orders/ext-17/events", {"kind": "shipped", "at": said_of(shop, minutes=-5)}
    )
    assert answer.json()["status"] == "shipped"


@on_both
async def test_everything_that_is_new_asks_for_a_word_once(shop, heard):
    placed = shop.clock.now - timedelta(hours=1)
    await shop.house.bus.do(take, shop.id, "api", news(order(at=placed, paid=True)))
    await shop.house.bus.do(take, shop.id, "api", news(order(at=placed, paid=True)))
    await shop.house.bus.do(take, shop.id, "api", news(event("shipped", placed + timedelta(minutes=5))))
    await shop.house.bus.do(take, shop.id, "api", news(event("shipped", placed + timedelta(minutes=9))))
    kinds = [(one.occasion.kind, one.first, one.occasion.by_customer) for one in heard]
    assert kinds == [("placed", True, True), ("paid", False, True), ("shipped", False, False)]


@pytest.fixture
def heard(monkeypatch):
    found = []
    monkeypatch.setitem(REACTIONS, OccasionArose, [lambda unit, event: found.append(event)])
    return found
