from datetime import timedelta

import pytest

from prilavok.domain.delivery import Act
from prilavok.flows import carry
from prilavok.store import orders
from prilavok.store.schema_orders import plans as schema_plans
from tests.delivering import NOON, changed, happened, happenings, kinds, order_row, placed
from tests.house import on_both


async def tapped(shop, row, act, attempt=1, **more):
    return await shop.house.bus.do(carry.tap, shop.id, row["id"], carry.Tap(Act(act), attempt, **more))


async def undone(shop, row, act, attempt=1):
    return await shop.house.bus.do(carry.undo, shop.id, row["id"], Act(act), attempt)


async def on_its_way(shop, told, **fields):
    """A packed order with hours today, and a courier with a name."""
    shop.clock.now = NOON
    row = await placed(shop, **fields)
    await happened(shop, row, "packed")
    hours = {"delivery_day": "2026-11-24", "slot_from": "10:00", "slot_to": "14:00", "courier": "Тарас"}
    row = await changed(shop, row, **hours)
    told.clear()
    return row


@on_both
async def test_a_delivery_without_a_hitch_is_three_taps(shop, told):
    row = await on_its_way(shop, told)
    for act in ("on_my_way", "arrived", "delivered"):
        assert await tapped(shop, row, act) == "done"
        assert await tapped(shop, row, act) == "again"
    assert kinds(told) == ["courier_on_the_way", "courier_arrived", "delivered"]
    assert (await order_row(shop, row["id"]))["status"] == "delivered"
    assert told[0].data == {"attempt": 1, "by": "courier", "courier": "Тарас", "from": "12:00", "to": "13:00"}
    assert [one.occasion.key.partition("@")[0] for one in told] == ["1", "1", ""]


@on_both
async def test_nobody_at_home_frees_the_hours_and_says_who_came(shop, told):
    row = await on_its_way(shop, told)
    await tapped(shop, row, "on_my_way")
    told.clear()
    assert await tapped(shop, row, "no_answer") == "done"
    fresh = await order_row(shop, row["id"])
    assert (fresh["attempts"], fresh["delivery_day"], fresh["slot_from"]) == (1, None, None)
    [arisen] = told
    assert arisen.occasion.kind == "courier_no_answer"
    assert arisen.data["courier"] == "Тарас"
    assert arisen.data["called"] is True
    assert arisen.data["called_at"] == "12:00"
    assert (arisen.data["free_day"], arisen.data["free_from"]) == ("2026-11-24", "18:00")
    assert all(isinstance(value, str | int) for value in arisen.data.values()), "texts are filled with them"
    assert ("failed_attempt", "1") in await happenings(shop, row)


async def test_a_second_tap_that_comes_late_is_not_the_second_attempt(shop, told):
    row = await on_its_way(shop, told)
    await tapped(shop, row, "no_answer")
    told.clear()
    assert await tapped(shop, row, "no_answer") == "again"
    assert await tapped(shop, row, "delivered", attempt=1) == "over"
    assert told == []
    assert (await order_row(shop, row["id"]))["attempts"] == 1
    assert await tapped(shop, row, "on_my_way", attempt=2) == "done"
    assert await tapped(shop, row, "no_answer", attempt=2) == "done"
    assert (await order_row(shop, row["id"]))["attempts"] == 2
    assert [one.occasion.key.partition("@")[0] for one in told] == ["2", "2"]


@on_both
async def test_a_slip_of_the_thumb_is_taken_back_and_put_right(shop, told):
    row = await on_its_way(shop, told)
    await tapped(shop, row, "no_answer")
    told.clear()
    assert await undone(shop, row, "no_answer") == "undone"
    fresh = await order_row(shop, row["id"])
    assert (fresh["attempts"], fresh["delivery_day"], fresh["slot_from"]) == (0, "2026-11-24", "10:00")
    assert fresh["status"] == "packed"
    assert kinds(told) == ["courier_correction"]
    assert told[0].data["act"] == "no_answer"
    assert await undone(shop, row, "no_answer") == "late"


@on_both
async def test_what_was_not_said_yet_is_simply_not_said(shop, told):
    row = await on_its_way(shop, told)
    await tapped(shop, row, "on_my_way")
    key = told[0].occasion.key
    told.clear()
    waiting = {
        "shop_id": shop.id,
        "id": row["id"],
        "contact_id": row["contact_id"],
        "order_id": row["id"],
        "kind": "courier_on_the_way",
        "key": key,
        "stage": "delivery",
        "purpose": "transactional",
        "state": "waiting",
        "occasions": [],
        "steps": [],
        "rejected": [],
        "policy_version": 0,
        "due_at": shop.clock(),
        "decided_at": shop.clock(),
    }
    await shop.house.bus.do(lambda unit: unit.db.execute(schema_plans.insert().values(**waiting)) and None)
    assert await undone(shop, row, "on_my_way") == "undone"
    assert told == []
    state = await shop.house.bus.read(lambda db: db.execute(schema_plans.select()).mappings().one())
    assert (state["state"], state["due_at"]) == ("stopped", None)


async def test_after_half_a_minute_a_tap_stands(shop, told):
    row = await on_its_way(shop, told)
    await tapped(shop, row, "delivered")
    shop.clock.forward(seconds=31)
    assert await undone(shop, row, "delivered") == "late"
    assert (await order_row(shop, row["id"]))["status"] == "delivered"


@on_both
async def test_a_refusal_at_the_door_sends_the_parcel_back(shop, told):
    row = await on_its_way(shop, told)
    assert await tapped(shop, row, "refused") == "done"
    assert (await order_row(shop, row["id"]))["status"] == "returned"
    assert kinds(told) == ["returned"]
    [event] = [one for one in await shop.read(orders.events_of, row["id"]) if one["kind"] == "returned"]
    assert event["data"]["reason"] == "refused_at_door"
    assert "reason" not in told[0].data, "a code is no word to a customer"


@pytest.mark.parametrize("end", ["cancelled", "returned", "delivered"])
async def test_what_is_at_its_end_is_not_carried_any_more(shop, told, end):
    row = await on_its_way(shop, told)
    await happened(shop, row, end)
    told.clear()
    assert await tapped(shop, row, "on_my_way") == "over"
    assert told == []


async def test_a_tap_that_waited_for_the_network_tells_its_own_time(shop, told):
    row = await on_its_way(shop, told)
    at = NOON - timedelta(hours=2, minutes=-3)
    await tapped(shop, row, "on_my_way", at=at, minutes=30)
    assert (told[0].data["from"], told[0].data["to"]) == ("10:00", "10:35"), "nobody is promised more than was said"
    later = NOON + timedelta(days=3)
    await tapped(shop, row, "arrived", at=later)
    events = await shop.read(orders.events_of, row["id"])
    assert max(one["at"] for one in events) <= shop.clock.now


async def test_what_the_shop_or_a_carrier_told_is_not_a_couriers_to_take_back(shop, told):
    row = await on_its_way(shop, told)
    await happened(shop, row, "delivered")
    assert await undone(shop, row, "delivered") == "late"
    assert (await order_row(shop, row["id"]))["status"] == "delivered"
    assert kinds(told) == ["delivered"]
