"""Agents ring through the connected telephone, for a task or of their own accord; never against the customer's word."""

from datetime import timedelta

from prilavok.flows import wish
from prilavok.kit.ids import new_id
from prilavok.store import tasks
from tests.asking import until
from tests.telling import wednesday

NUMBER = "+380671234567"


async def a_call_to_make(shop, **hours):
    """A customer who rang once, their order, and the task to call them."""
    bell = await shop.connect("bell")
    await shop.customer_writes("☎", inbox=bell, sender={"address": NUMBER})
    body = {
        "number": "17",
        "placed_at": shop.clock().isoformat(),
        "currency": "UAH",
        "total": "500.00",
        "customer": {"phone": NUMBER},
        "comment": "",
    }
    order_id = (await shop.ask("PUT", "/api/v1/orders/17", body)).json()["id"]
    order = await shop.get(f"/api/v1/orders/{order_id}")
    task = {
        "shop_id": shop.id,
        "id": new_id(),
        "kind": "call",
        "order_id": order_id,
        "contact_id": order["contact"]["id"],
        "phone": NUMBER,
        "because": [],
        "created_at": shop.clock(),
        **hours,
    }
    await shop.house.bus.do(lambda unit: tasks.add(unit.db, task))
    return bell, order, task["id"]


async def test_one_press_rings_the_customer(shop, loft):
    bell, _, task_id = await a_call_to_make(shop)
    answer = await shop.ask("POST", f"/api/v1/tasks/{task_id}/call", role="agent")
    assert answer.status == 200, answer
    [flown] = await until(lambda: loft.flown[bell.id])
    assert (flown.address, flown.call["task"]) == (NUMBER, task_id)


async def test_nobody_is_called_who_has_refused_it_since(shop, loft):
    bell, order, task_id = await a_call_to_make(shop)
    wishes = {**order["wishes"], "call": "never", "forbidden_channels": ["phone"]}
    assert (await shop.ask("PUT", f"/api/v1/orders/{order['id']}/wishes", wishes)).status == 200
    answer = await shop.ask("POST", f"/api/v1/tasks/{task_id}/call")
    assert (answer.status, "does not want" in answer.json()["detail"]) == (409, True)
    assert loft.flown[bell.id] == []


async def test_a_comment_that_refuses_calls_closes_the_call_with_the_reason(shop):
    _, order, task_id = await a_call_to_make(shop)
    news = {"number": "17", "customer": {"phone": NUMBER}, "total": "500.00", "currency": "UAH"}
    for comment in ("Будь ласка, не телефонуйте, пишіть у Viber", "Подзвоніть, будь ласка"):
        assert (await shop.ask("PUT", "/api/v1/orders/17", {**news, "comment": comment})).status == 200
        open_ones = (await shop.get("/api/v1/tasks?state=open"))["items"]
        assert [one for one in open_ones if one["kind"] == "call"] == []
    [task] = [one for one in await shop.read(tasks.of_order, order["id"]) if one["id"] == task_id]
    assert (task["state"], task["result"], task["done_by"]) == ("dropped", "refused", None)


async def test_a_comment_that_allows_urgent_calls_only_closes_the_call_that_is_not(shop):
    _, order, task_id = await a_call_to_make(shop)
    news = {"number": "17", "customer": {"phone": NUMBER}, "total": "500.00", "currency": "UAH"}
    await shop.ask("PATCH", f"/api/v1/orders/{order['id']}", {"urgent": True})
    comment = "Телефонуйте лише у разі термінової потреби"
    assert (await shop.ask("PUT", "/api/v1/orders/17", {**news, "comment": comment})).status == 200
    assert (await shop.get(f"/api/v1/orders/{order['id']}"))["wishes"]["call"] == "only_if_urgent"

    async def stands() -> tuple[str, str]:
        [task] = [one for one in await shop.read(tasks.of_order, order["id"]) if one["id"] == task_id]
        return task["state"], task["result"]

    assert await stands() == ("open", ""), "somebody said that it cannot wait"
    for urgent in (False, True):
        await shop.ask("PATCH", f"/api/v1/orders/{order['id']}", {"urgent": urgent})
        assert await stands() == ("dropped", "not_urgent"), "only a new decision lists it again"


async def test_nobody_is_called_before_a_person_has_read_what_may_refuse_it(shop, loft):
    bell, order, task_id = await a_call_to_make(shop)
    news = {"number": "17", "comment": "мій язик — текст", "customer": {"phone": NUMBER}, "total": "500.00"}
    assert (await shop.ask("PUT", "/api/v1/orders/17", {**news, "currency": "UAH"})).status == 200
    assert (await shop.get(f"/api/v1/orders/{order['id']}"))["calls_wait"] is True
    answer = await shop.ask("POST", f"/api/v1/tasks/{task_id}/call")
    assert (answer.status, "has not been read" in answer.json()["detail"]) == (409, True)
    read = await shop.ask("POST", f"/api/v1/orders/{order['id']}/acknowledge")
    assert read.json()["calls_wait"] is False
    assert (await shop.ask("POST", f"/api/v1/tasks/{task_id}/call")).status == 200
    [flown] = await until(lambda: loft.flown[bell.id])
    assert flown.address == NUMBER


async def test_a_telephone_that_was_struck_off_for_good_is_not_rung(shop, loft):
    bell, order, task_id = await a_call_to_make(shop)
    refused = {"forbidden_channels": ["phone"]}
    await shop.house.bus.do(wish.save, shop.id, order["contact"]["id"], refused, by="customer")
    answer = await shop.ask("POST", f"/api/v1/tasks/{task_id}/call")
    assert (answer.status, "does not want" in answer.json()["detail"]) == (409, True)
    assert loft.flown[bell.id] == []


async def test_nobody_is_called_outside_of_the_tasks_hours(shop, loft):
    hours = {"not_before": shop.clock.now + timedelta(hours=1), "not_after": shop.clock.now + timedelta(hours=3)}
    bell, _, task_id = await a_call_to_make(shop, **hours)
    assert (await shop.ask("POST", f"/api/v1/tasks/{task_id}/call")).status == 409
    shop.clock.forward(hours=2)
    assert (await shop.ask("POST", f"/api/v1/tasks/{task_id}/call")).status == 200
    shop.clock.forward(hours=2)
    assert (await shop.ask("POST", f"/api/v1/tasks/{task_id}/call")).status == 409
    await until(lambda: loft.flown[bell.id])


async def test_a_task_that_was_done_rings_nobody(shop):
    _, _, task_id = await a_call_to_make(shop)
    assert (await shop.ask("POST", f"/api/v1/tasks/{task_id}/done", {"result": "answered"})).status == 200
    assert (await shop.ask("POST", f"/api/v1/tasks/{task_id}/call")).status == 409


async def test_another_shop_cannot_ring_our_customers(shop, other_shop):
    _, _, task_id = await a_call_to_make(shop)
    assert (await other_shop.ask("POST", f"/api/v1/tasks/{task_id}/call")).status == 404


async def a_customer_to_call(shop, comment="", **order):
    """Who has an open order and whose number is known; they rang days ago, and it is a Friday at noon."""
    shop.clock.now = wednesday(shop.clock.now)
    bell = await shop.connect("bell", "Лінія")
    taken = await shop.customer_writes("☎", inbox=bell, who=NUMBER, content={"call": {"direction": "in"}})
    shop.clock.forward(days=2)
    body = {"number": "17", "total": "500.00", "customer": {"phone": NUMBER}, "comment": comment, **order}
    assert (await shop.ask("PUT", "/api/v1/orders/17", body)).status == 200
    return bell, f"/api/v1/conversations/{taken.conversation_id}"


async def press(shop, path, **more):
    may = await shop.get(f"{path}/call")
    [number] = may["numbers"]
    chosen = {"inbox_id": number["inbox_id"], "identity_id": number["identity_id"]}
    return may, await shop.ask("POST", f"{path}/call", {**chosen, **more}, role="agent")


async def test_before_delivery_a_call_needs_a_word_why_it_cannot_wait(shop, loft):
    bell, path = await a_customer_to_call(shop)
    may, refused = await press(shop, path)
    assert (may["urgent_helps"], len(may["because"]), refused.status) == (True, 1, 409)
    _, called = await press(shop, path, urgent_because="Адреса без будинку, кур’єр виїжджає.")
    assert called.status == 201, called
    [flown] = await until(lambda: loft.flown[bell.id])
    assert flown.address == NUMBER
    why = (await shop.get(f"{path}/messages"))["items"][-1]
    assert (why["kind"], why["content"]["about"]) == ("note", called.json()["message_id"])


async def test_no_word_opens_a_telephone_that_was_refused(shop, loft):
    bell, path = await a_customer_to_call(shop)
    order = (await shop.get("/api/v1/orders"))["items"][0]["id"]
    await shop.ask("PUT", f"/api/v1/orders/{order}/wishes", {"call": "never"})
    await shop.ask("POST", f"/api/v1/orders/{order}/events", {"kind": "delivered"})  # the last word is not forgotten
    may, answer = await press(shop, path, urgent_because="Дуже треба.")
    assert (may["urgent_helps"], answer.status, loft.flown[bell.id]) == (False, 409, [])


async def test_nobody_is_woken_whatever_cannot_wait(shop, loft):
    bell, path = await a_customer_to_call(shop)
    shop.clock.forward(hours=12)
    may, answer = await press(shop, path, urgent_because="Дуже треба.")
    assert (may["urgent_helps"], answer.status, loft.flown[bell.id]) == (False, 409, [])


async def test_whoever_has_just_rung_is_rung_back(shop, loft):
    bell, path = await a_customer_to_call(shop)
    await shop.customer_writes("☎", inbox=bell, who=NUMBER, content={"call": {"direction": "in", "state": "missed"}})
    may, answer = await press(shop, path)
    assert (may["because"], answer.status) == ([], 201)
    await until(lambda: loft.flown[bell.id])


async def test_a_parcel_on_its_way_is_reason_enough(shop):
    _, path = await a_customer_to_call(shop)
    order = (await shop.get("/api/v1/orders"))["items"][0]["id"]
    await shop.ask("POST", f"/api/v1/orders/{order}/events", {"kind": "out_for_delivery"})
    assert (await shop.get(f"{path}/call"))["because"] == []


async def test_without_a_line_of_our_own_there_is_nobody_to_call(shop):
    taken = await shop.customer_writes("Алло?")
    nothing = {"numbers": [], "because": [], "urgent_helps": False}
    assert await shop.get(f"/api/v1/conversations/{taken.conversation_id}/call") == nothing
