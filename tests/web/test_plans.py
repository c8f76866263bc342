"""What people of the shop see of plans, and what they may do about them."""

import pytest

from prilavok.domain.phrases import KINDS
from tests.house import on_both
from tests.telling import Counter


@pytest.fixture
def house(open_house):
    return open_house(work=False)


@pytest.fixture
def counter(shop, loft, runner):
    return runner.run(Counter.open(shop, loft))


@on_both
async def test_the_timeline_tells_what_happened_what_was_said_and_what_comes(counter):
    order_id = await counter.placed("A-17")
    items = (await counter.shop.get(f"/api/v1/orders/{order_id}/timeline"))["items"]
    assert [one["what"] for one in items if not one.get("planned")] == ["event", "plan", "attempt"]
    plan = next(one for one in items if one["what"] == "plan")
    assert [one["channel"] for one in plan["steps"]] == ["telegram", "sms", "email"]
    tried = next(one for one in items if one["what"] == "attempt" and not one.get("planned"))
    assert "A-17" in tried["text"]
    assert (tried["state"], tried["wait_for"], tried["receipt"]) == ("sent", "read", "sent")
    assert all(one["text"] for one in tried["because"])
    coming = [one for one in items if one.get("planned")]
    assert [(one["position"], one["channel"]) for one in coming] == [(1, "sms"), (2, "email")]
    assert items[-2:] == coming


@on_both
async def test_an_answer_stands_in_the_timeline_too(counter):
    order_id = await counter.placed()
    await counter.writes("Дякую, чекаю")
    items = (await counter.shop.get(f"/api/v1/orders/{order_id}/timeline"))["items"]
    assert [one["text"] for one in items if one["what"] == "message"] == ["Дякую, чекаю"]
    assert not any(one.get("planned") for one in items)


@on_both
async def test_plans_of_an_order_show_attempts_and_silences(counter):
    order_id = await counter.placed("A-17")
    await counter.arises(order_id, "placed")
    for name in (order_id, "A-17"):
        found = await counter.shop.get(f"/api/v1/plans?order={name}")
        assert [len(one["attempts"]) for one in found["items"]] == [1]
        assert [one["because"]["why"] for one in found["silences"]] == ["told_already"]
    assert (await counter.shop.ask("GET", "/api/v1/plans?order=nothing")).status == 404


@on_both
async def test_a_person_stops_what_waits(counter):
    order_id = await counter.placed()
    await counter.happens(order_id, "shipped")
    waiting = (await counter.plans(order_id))[1]
    path = f"/api/v1/plans/{waiting['id']}/stop"
    assert (await counter.shop.ask("POST", path)).status == 204
    assert (await counter.shop.ask("POST", path)).status == 409
    await counter.later(hours=1)
    assert len(counter.in_messenger) == 1


@on_both
async def test_tasks_are_listed_and_done(counter):
    order_id = await counter.placed("A-1", messenger=False, phone="", email="")
    found = [
        one for one in (await counter.shop.get("/api/v1/tasks"))["items"] if one["because"][0]["why"] == "no_channel"
    ]
    assert [(one["kind"], one["order"]) for one in found] == [("look", {"id": order_id, "number": "A-1"})]
    assert found[0]["because"][0]["text"]
    path = f"/api/v1/tasks/{found[0]['id']}/done"
    done = (await counter.shop.ask("POST", path, {"result": "done"})).json()
    assert (done["state"], done["result"], done["done_by"]["name"]) == ("done", "done", "Owner")
    assert (await counter.shop.ask("POST", path, {"result": "done"})).status == 409
    assert (await counter.shop.ask("POST", path, {"result": "perhaps"})).status == 422


@on_both
async def test_the_owner_sees_the_words_and_puts_their_own_in_place(counter):
    items = (await counter.shop.get("/api/v1/templates"))["items"]
    assert {one["kind"] for one in items} == set(KINDS)
    assert {one["channel"] for one in items} >= {"", "telegram", "sms", "email"}
    own = {"kind": "shipped", "language": "uk", "channel": "telegram", "text": "Їде! Номер {tracking}."}
    seen = (await counter.shop.ask("POST", "/api/v1/templates/preview", own)).json()
    assert seen["text"].startswith("Їде! Номер ")
    assert (await counter.shop.ask("PUT", "/api/v1/templates", own)).status == 200
    order_id = await counter.placed()
    await counter.happens(order_id, "shipped")
    await counter.later(minutes=6)
    assert counter.in_messenger[-1] == "Їде!"  # there is no number: no hole
    assert (await counter.shop.ask("PUT", "/api/v1/templates", {**own, "text": ""})).status == 200
    items = (await counter.shop.get("/api/v1/templates"))["items"]
    assert not any(one["text"] for one in items)


@on_both
async def test_a_text_that_cannot_be_said_is_refused_with_its_reason(counter):
    own = {"kind": "shipped", "language": "uk", "channel": "sms", "text": "Номер {nummer}"}
    answer = await counter.shop.ask("PUT", "/api/v1/templates", own)
    assert (answer.status, answer.json()["field"]) == (422, "text")
    answer = await counter.shop.ask("PUT", "/api/v1/templates", {**own, "text": "ї" * 700})
    assert answer.status == 422
    answer = await counter.shop.ask("PUT", "/api/v1/templates", {**own, "text": "Добре", "channel": "raven"})
    assert (answer.status, answer.json()["field"]) == (422, "channel")
    answer = await counter.shop.ask("PUT", "/api/v1/templates", {**own, "text": "Добре"}, role="agent")
    assert answer.status == 403
