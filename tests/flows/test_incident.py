"""Force majeure: many orders are told of one thing, and a parcel that stands still is noticed."""

import pytest

from prilavok.domain.errors import BadInput
from prilavok.domain.events import OccasionArose, OccasionsArose
from prilavok.domain.incident import condition_from
from prilavok.flows import incident, watch
from prilavok.flows.reactions import REACTIONS
from prilavok.store import incidents, tasks
from tests.house import on_both

SNOW = {"name": "Snow", "texts": {"uk": "Сніг: доставимо завтра.", "en": "Snow: we deliver tomorrow."}}


@pytest.fixture
def told(monkeypatch) -> list[OccasionsArose]:
    """What the policy is asked about; nothing is sent in these tests."""
    heard: list[OccasionsArose] = []
    quiet = {OccasionsArose: [lambda unit, event: heard.append(event)], OccasionArose: []}
    for kind, reactions in quiet.items():
        monkeypatch.setitem(REACTIONS, kind, reactions)
    return heard


async def place(shop, number: int, **delivery):
    body = {
        "number": str(number),
        "placed_at": shop.clock().isoformat(),
        "currency": "UAH",
        "total": "500.00",
        "items": [{"sku": "cup" if number % 2 else "tea", "name": "Чашка", "quantity": 1, "price": "500.00"}],
        "customer": {"name": "Олена", "phone": f"067 123-4{number // 10 % 10}-{number % 100:02}"},
        "delivery": {"method": "courier", "city": "Київ", "address": "вул. Антоновича, 5", **delivery},
    }
    answer = await shop.ask("PUT", f"/api/v1/orders/{number}", body)
    assert answer.status == 200, answer
    return answer.json()["id"]


async def happens(shop, number: int, kind: str):
    body = {"kind": kind, "at": shop.clock().isoformat()}
    assert (await shop.ask("POST", f"/api/v1/orders/{number}/events", body)).status == 200


@on_both
async def test_an_incident_is_looked_at_before_it_is_told(shop, told):
    for number in (1, 2):
        await place(shop, number)
    await place(shop, 3, city="Львів")
    look = (await shop.ask("POST", "/api/v1/incidents/preview", {"condition": {"cities": ["київ"]}})).json()
    assert look["count"] == 2
    assert {one["number"] for one in look["sample"]} == {"1", "2"}
    assert told == []


@on_both
async def test_conditions_choose_by_what_orders_are(shop, told):
    for number in (1, 2, 3, 4):
        await place(shop, number, method="pickup" if number == 4 else "courier")
    await happens(shop, 2, "shipped")
    await happens(shop, 3, "delivered")
    day = shop.clock.now.date().isoformat()

    async def chosen(**condition):
        rows = await shop.read(incidents.sample, condition_from(condition), "Europe/Kyiv")
        return {row["number"] for row in rows}

    assert await chosen() == {"1", "2", "4"}  # what is at its end concerns nobody
    assert await chosen(statuses=["shipped"]) == {"2"}
    assert await chosen(methods=["pickup"]) == {"4"}
    assert await chosen(skus=["tea"]) == {"2", "4"}
    assert await chosen(unpaid=True, placed_from="2020-01-01", placed_to="2099-01-01") == {"1", "2", "4"}
    assert await chosen(placed_to="2020-01-01") == set()
    assert await chosen(delivery_from=day) == set()


@on_both
async def test_everybody_who_is_affected_is_asked_about_once_piece_by_piece(shop, told, monkeypatch):
    monkeypatch.setattr(incident, "FIRST", 2)
    monkeypatch.setattr(incident, "PIECE", 3)
    ids = [await place(shop, number) for number in range(1, 8)]
    made = (await shop.ask("POST", "/api/v1/incidents", SNOW)).json()
    started = await shop.ask("POST", f"/api/v1/incidents/{made['id']}/start")
    assert started.json()["progress"]["affected"] == 7
    bus = shop.house.bus
    while await bus.do(incident.advance, shop.id, made["id"]):
        pass
    asked = [one for event in told for one in event.order_ids]
    assert sorted(asked) == sorted(ids)
    assert len(told[0].order_ids) <= 2
    assert {event.occasion.key for event in told} == {made["id"]}
    shown = await shop.get(f"/api/v1/incidents/{made['id']}")
    assert (shown["state"], shown["progress"]["planned"]) == ("done", 7)


async def test_an_incident_can_be_stopped_in_the_middle_and_not_started_twice(shop, told, monkeypatch):
    for number in range(1, 6):
        await place(shop, number)
    made = (await shop.ask("POST", "/api/v1/incidents", SNOW)).json()
    url = f"/api/v1/incidents/{made['id']}"
    assert (await shop.ask("POST", f"{url}/stop")).status == 409
    assert (await shop.ask("POST", f"{url}/start")).status == 200
    assert (await shop.ask("POST", f"{url}/start")).status == 409
    assert (await shop.ask("POST", f"{url}/stop")).status == 200
    assert not await shop.house.bus.do(incident.advance, shop.id, made["id"])
    assert (await shop.get(url))["state"] == "stopped"


async def test_nobody_to_tell_is_said_before_the_start(shop, told):
    made = (await shop.ask("POST", "/api/v1/incidents", SNOW)).json()
    answer = await shop.ask("POST", f"/api/v1/incidents/{made['id']}/start")
    assert (answer.status, "nobody to tell" in answer.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"texts": {"en": "Snow"}}, "texts.uk"),
        ({"texts": {"uk": "х" * 601}}, "texts.uk"),
        ({"condition": {"weather": ["snow"]}}, "condition.weather"),
        ({"condition": {"statuses": ["delivered"]}}, "condition.statuses"),
        ({"condition": {"placed_from": "yesterday"}}, "condition.placed_from"),
        ({"condition": {"cities": "Київ"}}, "condition.cities"),
    ],
)
async def test_what_does_not_fit_is_named(shop, told, change, field):
    answer = await shop.ask("POST", "/api/v1/incidents", {**SNOW, **change})
    assert (answer.status, answer.json()["field"]) == (422, field)


def test_a_condition_of_nonsense_is_refused():
    with pytest.raises(BadInput):
        condition_from({"cities": [1]})


@on_both
async def test_a_parcel_that_stands_still_is_noticed_once(shop, told):
    await place(shop, 1)
    await place(shop, 2)
    await happens(shop, 1, "shipped")
    shop.clock.forward(days=4)
    bus = shop.house.bus
    assert await bus.do(watch.notice_stuck) == 0
    shop.clock.forward(days=2)
    assert await bus.do(watch.notice_stuck) == 1
    assert await bus.do(watch.notice_stuck) == 0
    noticed = await shop.read(tasks.page, state="open")
    assert [(one["number"], one["because"][0]["why"]) for one in noticed] == [("1", "stuck")]
    await happens(shop, 1, "out_for_delivery")
    shop.clock.forward(days=6)
    assert await bus.do(watch.notice_stuck) == 1


@on_both
async def test_parcels_that_were_noticed_do_not_keep_the_next_one_out(shop, told, monkeypatch):
    monkeypatch.setattr(watch, "AT_ONCE", 1)
    for number in (1, 2):
        await place(shop, number)
        await happens(shop, number, "shipped")
    shop.clock.forward(days=6)
    bus = shop.house.bus
    assert [await bus.do(watch.notice_stuck) for _ in range(3)] == [1, 1, 0]
    noticed = await shop.read(tasks.page, state="open")
    assert {one["number"] for one in noticed} == {"1", "2"}
