"""Orders in the API: told, listed, looked through, put right."""

import pytest

from prilavok.domain.events import OccasionArose
from prilavok.flows.reactions import REACTIONS
from prilavok.store import order_pages, stock
from tests.house import on_both
from tests.ordering import reads, said_of


@pytest.fixture(autouse=True)
def nobody_answers(monkeypatch):
    """What is said about an order, and how it is judged, is looked at elsewhere."""
    monkeypatch.setitem(REACTIONS, OccasionArose, [])


async def put(shop, name, **fields):
    body = {
        "placed_at": said_of(shop, hours=-1),
        "total": "1250.00",
        "customer": {"name": "Олена", "phone": "0671234567", "email": "olena@example.org"},
        **fields,
    }
    answer = await shop.ask("PUT", f"/api/v1/orders/{name}", body)
    assert answer.status == 200, answer
    return answer.json()["id"]


@on_both
async def test_an_order_told_by_a_program_is_shown_whole(shop):
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
    made = (await shop.ask("PUT", "/api/v1/orders/ext-17", body)).json()
    assert (made["created"], made["status"]) == (True, "placed")
    again = (await shop.ask("PUT", "/api/v1/orders/ext-17", body)).json()
    assert again == {"id": made["id"], "created": False, "status": "placed"}
    for name in (made["id"], "ext-17"):
        whole = await shop.get(f"/api/v1/orders/{name}")
        assert (whole["id"], whole["external_id"], whole["number"]) == (made["id"], "ext-17", "A-17")
        assert (whole["total"], whole["paid"], whole["payment"], whole["method"]) == (
            "1250.00",
            False,
            "cod",
            "courier",
        )
        assert (whole["phone"], whole["email"], whole["country"]) == ("+380671234567", "olena@example.org", "UA")
        assert whole["items"] == [{"sku": "tea", "name": "Чай", "quantity": 2, "price": "625.00"}]
        assert (whole["contact"]["name"], whole["last_event"]["kind"], whole["risk"]) == ("Олена", "placed", None)
        found = {(one["channel"], one["address"]) for one in whole["identities"]}
        assert found == {("phone", "+380671234567"), ("email", "olena@example.org")}
        assert whole["wishes"]["call"] == whole["call"] == "no_statement"


@on_both
async def test_events_are_told_one_or_many_at_a_time(shop):
    await put(shop, "1")
    one = await shop.ask("POST", "/api/v1/orders/1/events", {"kind": "confirmed"})
    assert one.json()["status"] == "confirmed"
    many = [{"kind": "delivered"}, {"kind": "shipped", "data": {"carrier": "НП"}}, {"kind": "paid"}]
    assert (await shop.ask("POST", "/api/v1/orders/1/events", many)).json()["status"] == "delivered"
    assert (await shop.get("/api/v1/orders/1"))["paid"] is True


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "total"),
        ({"total": "багато"}, "total"),
        ({"total": "NaN"}, "total"),
        ({"total": "1e20"}, "total"),
        ({"total": "1e999999999"}, "total"),
        ({"total": "1", "items": [{"name": "x", "price": "1e999999999"}]}, "items"),
        ({"total": 1, "items": [{"quantity": -1}]}, "items[0].quantity"),
        ({"total": 1, "placed_at": "учора"}, "placed_at"),
        ({"total": 1, "placed_at": "2026-11-20T10:00:00"}, "placed_at"),
        ({"total": 1, "placed_at": "9999-12-31T23:59:59-12:00"}, "placed_at"),
        ({"total": 1, "placed_at": "0001-01-01T00:00:00+14:00"}, "placed_at"),
        ({"total": 1, "customer": {"phone": 5}}, "customer.phone"),
    ],
)
async def test_what_does_not_fit_is_said_by_its_field(shop, body, field):
    answer = await shop.ask("PUT", "/api/v1/orders/1", body)
    assert (answer.status, answer.json()["field"]) == (422, field), answer.text
    assert (await shop.ask("GET", "/api/v1/orders/1")).status == 404


@pytest.mark.parametrize("body", [[], {"kind": "flown"}, {"kind": "shipped", "at": "2999-01-01T00:00:00Z"}, 5, None])
async def test_events_that_are_none_are_refused(shop, body):
    await put(shop, "1")
    assert (await shop.ask("POST", "/api/v1/orders/1/events", body)).status == 422
    assert (await shop.ask("POST", "/api/v1/orders/nobody/events", {"kind": "shipped"})).status == 404


@on_both
async def test_the_list_is_paged_newest_first_and_searched_as_people_ask(shop):
    for number in range(7):
        person = {"name": f"Покупець {number}", "phone": f"+38067123450{number}", "email": f"p{number}@example.org"}
        await put(
            shop, f"id-{number}", number=f"#{number}", placed_at=said_of(shop, hours=-10 + number), customer=person
        )
    await shop.ask("POST", "/api/v1/orders/id-2/events", {"kind": "delivered"})
    seen, cursor = [], ""
    while True:
        page = await shop.get(f"/api/v1/orders?limit=3{cursor}")
        seen += [one["number"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [f"#{number}" for number in range(6, -1, -1)]

    async def found(query):
        return {one["number"] for one in (await shop.get(f"/api/v1/orders?{query}"))["items"]}

    assert await found("status=delivered") == {"#2"}
    assert await found("status=open") == {f"#{number}" for number in range(7)} - {"#2"}
    assert await found("q=3") == {"#3"}
    assert await found("q=%233") == {"#3"}
    assert await found("q=0671234504") == {"#4"}
    assert await found("q=P5%40example.org") == {"#5"}
    assert await found("q=%D0%BF%D0%BE%D0%BA%D1%83%D0%BF%D0%B5%D1%86%D1%8C%206") == {"#6"}
    assert await found("q=%25") == set()
    assert (await shop.get("/api/v1/orders/counts"))["open"] == 6
    for query in ("status=flown", "outcome=x", "cursor=x", "cursor=5.x", "limit=x", "contact=x"):
        assert (await shop.ask("GET", f"/api/v1/orders?{query}")).status == 422


@on_both
async def test_a_comment_waits_for_a_person_and_counts_say_how_many(shop):
    reads(shop)
    order_id = await put(shop, "1", comment="щось незрозуміле")
    await put(shop, "2", customer={"phone": "0501112233"})
    assert [one["id"] for one in (await shop.get("/api/v1/orders?to_read=1"))["items"]] == [order_id]
    counts = await shop.get("/api/v1/orders/counts")
    assert (counts["open"], counts["to_read"], counts["tasks"], counts["by_status"]["placed"]) == (2, 1, 1, 2)
    wishes = {"call": "never", "contact_window": {"from": "18:00", "to": None}, "floor": "3"}
    whole = (await shop.ask("PUT", "/api/v1/orders/1/wishes", wishes, role="agent")).json()
    assert (whole["call"], whole["wishes"]["floor"], whole["wishes_by"].partition(":")[0]) == ("never", "3", "agent")
    assert whole["wishes"]["contact_window"] == {"from": "18:00", "to": None, "days": "any"}
    assert (await shop.ask("POST", "/api/v1/orders/1/acknowledge", role="agent")).json()["to_read"] is False
    for wrong in ({"call": "perhaps"}, {"contact_window": {"from": "evening"}}, {"change_from": -1}):
        assert (await shop.ask("PUT", "/api/v1/orders/1/wishes", wrong)).status == 422


@on_both
async def test_a_colleague_puts_an_order_right(shop):
    await put(shop, "1")
    changes = {
        "urgent": True,
        "delivery_day": "2026-11-25",
        "slot": {"from": "9:00", "to": "12:00"},
        "courier": "Петро",
    }
    whole = (await shop.ask("PATCH", "/api/v1/orders/1", {**changes, "slot": {"from": "09:00", "to": "12:00"}})).json()
    assert (whole["urgent"], whole["delivery_day"], whole["slot"], whole["courier"]) == (
        True,
        "2026-11-25",
        {"from": "09:00", "to": "12:00"},
        "Петро",
    )
    whole = (await shop.ask("PATCH", "/api/v1/orders/1", {"slot": None, "delivery_day": None, "urgent": False})).json()
    assert (whole["slot"], whole["delivery_day"], whole["urgent"], whole["courier"]) == (None, None, False, "Петро")
    for wrong in (
        {"delivery_day": "завтра"},
        {"slot": {"from": "18:00", "to": "12:00"}},
        {"slot": {"from": "25:00"}},
        {"outcome": "maybe"},
    ):
        assert (await shop.ask("PATCH", "/api/v1/orders/1", wrong)).status == 422, wrong
    assert (await shop.ask("PATCH", "/api/v1/orders/nobody", {"urgent": True})).status == 404


@on_both
async def test_orders_of_another_shop_are_not_there(shop, other_shop):
    theirs = await put(other_shop, "1")
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"urgent": True}),
        ("POST", "/events", {"kind": "cancelled"}),
        ("PUT", "/wishes", {"call": "never"}),
        ("POST", "/acknowledge", None),
    ):
        for name in (theirs, "1"):
            assert (await shop.ask(method, f"/api/v1/orders/{name}{path}", body)).status == 404
    mine = await put(shop, "1")
    assert mine != theirs
    assert [one["id"] for one in (await shop.get("/api/v1/orders"))["items"]] == [mine]
    assert await shop.read(order_pages.counts) != {}
    assert (await other_shop.get("/api/v1/orders/1"))["status"] == "placed"


@on_both
async def test_stock_is_told_and_told_again(shop):
    items = [{"sku": "tea", "quantity": 5, "name": "Чай", "price": "10.50"}, {"sku": "cup", "quantity": 0}]
    assert (await shop.ask("PUT", "/api/v1/stock", {"items": items})).json() == {"stored": 2}
    await shop.ask("PUT", "/api/v1/stock", {"items": [{"sku": "tea", "quantity": 4}, {"sku": "tea", "quantity": 3}]})
    rows = await shop.read(stock.some, ["tea", "cup"])
    assert [(one["sku"], one["quantity"], one["name"], one["price"], one["currency"]) for one in rows] == [
        ("cup", 0, "", None, ""),
        ("tea", 3, "Чай", 1050, "UAH"),
    ]
    for wrong in ({"items": []}, {"items": [{"sku": "", "quantity": 1}]}, {"items": [{"sku": "a", "quantity": 1.5}]}):
        assert (await shop.ask("PUT", "/api/v1/stock", wrong)).status == 422
    for price in ("NaN", "-1", "1e30"):
        answer = await shop.ask("PUT", "/api/v1/stock", {"items": [{"sku": "a", "quantity": 1, "price": price}]})
        assert answer.status == 422
