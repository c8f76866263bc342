"""Is the buyer real: every new order is given its score before anything is said about it."""

from prilavok.flows import assess
from prilavok.store import risk, tasks
from prilavok.worker.learn import learn_all
from tests.house import on_both

BODY = {
    "currency": "UAH",
    "total": "500.00",
    "items": [{"sku": "tea", "name": "Чай", "quantity": 1, "price": "500.00"}],
    "payment": {"method": "cod", "paid": False},
    "delivery": {"method": "courier", "city": "Київ", "address": "вул. Антоновича, 5"},
    "comment": "",
}


async def placed(shop, number: str, **customer):
    """An order as the shop's own system tells it, whole."""
    changes = {name: customer.pop(name) for name in ("total", "delivery", "payment") if name in customer}
    buyer = {"name": "Олена", "phone": "067 123-45-67", "email": "olena@ukr.net", **customer}
    body = {**BODY, "number": number, "placed_at": shop.clock().isoformat(), "customer": buyer, **changes}
    answer = await shop.ask("PUT", f"/api/v1/orders/{number}", body)
    assert answer.status == 200, answer
    return await shop.get(f"/api/v1/orders/{number}")


async def happens(shop, number: str, kind: str):
    answer = await shop.ask("POST", f"/api/v1/orders/{number}/events", {"kind": kind, "at": shop.clock().isoformat()})
    assert answer.status == 200, answer


@on_both
async def test_an_ordinary_order_confirms_itself(shop):
    assert (await placed(shop, "1"))["risk"]["outcome"] == "confirmed"


@on_both
async def test_parcels_that_came_back_make_the_next_order_dearer(shop):
    first = await placed(shop, "1")
    for number in ("2", "3", "4"):
        shop.clock.forward(days=5)
        await placed(shop, number, total=f"{number}00.00")
        await happens(shop, number, "shipped")
        shop.clock.forward(days=3)
        await happens(shop, number, "returned")
    shop.clock.forward(days=10)
    last = await placed(shop, "5")
    assert last["risk"]["score"] > first["risk"]["score"]
    assert last["risk"]["outcome"] in {"tap", "prepay"}
    assert last["risk"]["reasons"][0]["why"] == "refused_before"
    assert last["risk"]["reasons"][0]["data"] == {"count": 3}


@on_both
async def test_a_cancellation_before_the_parcel_left_is_no_refusal(shop):
    await placed(shop, "1")
    await happens(shop, "1", "cancelled")
    shop.clock.forward(days=10)
    whole = await placed(shop, "2")
    assert "refused_before" not in {one["why"] for one in whole["risk"]["reasons"]}


@on_both
async def test_a_buyer_who_cannot_be_reached_at_all_is_for_a_person(shop):
    nowhere = {"method": "courier", "city": "", "address": ""}
    whole = await placed(shop, "1", phone="12", email="x@mailinator.com", delivery=nowhere)
    assert whole["risk"]["outcome"] == "person"
    buyer, nobody_reached = await shop.read(tasks.page, state="open")
    assert {buyer["kind"], nobody_reached["kind"]} == {"look"}
    assert "phone_impossible" in {one["why"] for one in buyer["because"]}
    assert [one["why"] for one in nobody_reached["because"]] == ["no_channel"]


async def test_what_a_person_decided_is_not_judged_again(shop):
    await placed(shop, "1")
    answer = await shop.ask("PATCH", "/api/v1/orders/1", {"outcome": "prepay"})
    assert answer.status == 200, answer
    await placed(shop, "1", total="900.00")
    assert (await shop.get("/api/v1/orders/1"))["risk"]["outcome"] == "prepay"


async def test_a_name_and_a_language_change_nothing(shop):
    one = await placed(shop, "1", name="Олена", phone="067 111-11-11", email="a@ukr.net")
    other = await placed(shop, "2", name="Ahmed", phone="067 222-22-22", email="b@ukr.net", language="en", total="700")
    assert one["risk"]["score"] == other["risk"]["score"]


async def test_the_owner_moves_the_borders_and_nobody_else_does(shop):
    strict = {"tap_from": 0, "prepay_from": 30, "person_from": 60}
    assert (await shop.ask("PUT", "/api/v1/risk", strict, role="agent")).status == 403
    assert (await shop.ask("PUT", "/api/v1/risk", {**strict, "tap_from": 90})).status == 422
    assert (await shop.ask("PUT", "/api/v1/risk", strict)).status == 200
    assert (await placed(shop, "1"))["risk"]["outcome"] == "tap"
    assert (await shop.ask("DELETE", "/api/v1/risk")).json()["version"] == 0


async def test_a_young_shop_learns_nothing_and_says_so(shop):
    await placed(shop, "1")
    judged = (await shop.ask("POST", "/api/v1/risk/learn")).json()
    assert judged["versions"][0]["quality"]["because"] == "too_few"
    assert judged["version"] == 0
    assert await learn_all(shop.house.bus) == 0


@on_both
async def test_ended_orders_are_what_it_learns_from(shop):
    await placed(shop, "1")
    await placed(shop, "2", phone="067 765-43-21", email="petro@ukr.net")
    for number, end in (("1", "delivered"), ("2", "returned")):
        await happens(shop, number, "shipped")
        shop.clock.forward(days=1)
        await happens(shop, number, end)
    assert [came_back for _, came_back in await shop.read(risk.ended, 10)] == [False, True]
    model = await shop.read(lambda db, shop_id: assess.model_of(db, shop_id))
    assert model.version == 0


@on_both
async def test_many_orders_from_one_device_under_different_names_weigh(shop):
    for number in ("1", "2", "3"):
        body = {
            **BODY,
            "number": number,
            "total": f"{number}00.00",
            "placed_at": shop.clock().isoformat(),
            "customer": {"name": "X", "phone": f"067 123-45-6{number}", "email": f"x{number}@ukr.net"},
            "context": {"device": "browser-1"},
        }
        assert (await shop.ask("PUT", f"/api/v1/orders/{number}", body)).status == 200
    whole = await shop.get("/api/v1/orders/3")
    counts = [one["data"]["count"] for one in whole["risk"]["reasons"] if one["why"] == "from_one_device"]
    assert counts == [2]


async def test_yesterdays_other_orders_from_the_device_count_and_last_weeks_do_not(shop):
    marks = []
    for number, wait in (("1", 0), ("2", 8)):
        shop.clock.forward(days=wait)
        body = {
            **BODY,
            "number": number,
            "placed_at": shop.clock().isoformat(),
            "customer": {"phone": f"067 123-45-6{number}"},
            "context": {"device": "browser-1"},
        }
        assert (await shop.ask("PUT", f"/api/v1/orders/{number}", body)).status == 200
        row = await shop.get(f"/api/v1/orders/{number}")
        marks.append({one["why"] for one in row["risk"]["reasons"]})
    assert "from_one_device" not in marks[1]
