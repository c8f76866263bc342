import asyncio
from datetime import timedelta

import pytest

from prilavok.domain.events import OccasionArose
from prilavok.domain.wishes import Window, Wishes, as_mapping
from prilavok.flows import schedule
from prilavok.flows.reactions import REACTIONS
from prilavok.flows.slots import choice
from tests.delivering import NOON, changed, happened, kinds, order_row, page_of, placed, posted
from tests.house import on_both

TOMORROW = "2026-11-25"


async def chosen(shop, row):
    return await shop.house.bus.read(choice, await order_row(shop, row["id"]), shop.clock.now)


async def reminded(shop, told, **more):
    told.clear()
    await shop.house.bus.do(schedule.remind, **more)
    return [(one.occasion.kind, one.ref_id) for one in told]


@on_both
async def test_the_day_before_everybody_is_reminded_once(shop, told):
    shop.clock.now = NOON
    rows = [await placed(shop, str(number), who=f"k{number}") for number in range(5)]
    for row in rows[:3]:
        await changed(shop, row, delivery_day=TOMORROW, slot_from="10:00", slot_to="14:00")
    await changed(shop, rows[3], delivery_day=TOMORROW)
    await changed(shop, rows[4], delivery_day="2026-11-26", slot_from="10:00", slot_to="14:00")
    await happened(shop, rows[2], "cancelled")
    assert await reminded(shop, told) == []
    shop.clock.forward(hours=5)
    first = await reminded(shop, told, limit=1)
    second = await reminded(shop, told, limit=1)
    third = await reminded(shop, told, limit=1)
    assert first + second + third == [("slot_reminder", rows[0]["id"]), ("slot_reminder", rows[1]["id"])]
    assert await reminded(shop, told) == []
    shop.clock.forward(days=1)
    assert [ref for _, ref in await reminded(shop, told)] == [rows[4]["id"]]
    assert told[0].data == {"day": "2026-11-26", "from": "10:00", "to": "14:00"}


async def test_shops_are_reminded_each_in_its_own_evening(shop, other_shop, told):
    shop.clock.now = NOON
    mine, theirs = await placed(shop), await placed(other_shop)
    for one, row in ((shop, mine), (other_shop, theirs)):
        await changed(one, row, delivery_day=TOMORROW, slot_from="10:00", slot_to="14:00")
    await other_shop.ask("PUT", "/api/v1/delivery-settings", {"remind_at": "11:00"})
    assert await reminded(shop, told) == [("slot_reminder", theirs["id"])]
    shop.clock.forward(hours=5)
    assert await reminded(shop, told) == [("slot_reminder", mine["id"])]


@on_both
async def test_the_hours_that_the_customer_asked_for_are_marked(shop, told):
    shop.clock.now = NOON
    row = await placed(shop)
    wishes = as_mapping(Wishes(delivery_window=Window("18:30", None, "weekends")))
    row = await changed(shop, row, wishes=wishes)
    found = await chosen(shop, row)
    assert found.mine is None
    assert found.suggested.code == "2611281800"


@on_both
async def test_hours_are_full_when_they_are_full_and_free_again_when_somebody_leaves(shop, told):
    shop.clock.now = NOON
    given = {"intervals": [{"from": "10:00", "to": "12:00", "capacity": 1}], "days_ahead": 1}
    assert (await shop.ask("PUT", "/api/v1/delivery-settings", given)).status == 200
    first, second = await placed(shop), await placed(shop, "2", who="taras")
    assert [one.code for one in (await chosen(shop, second)).free] == ["2611251000"]
    await changed(shop, first, delivery_day=TOMORROW, slot_from="10:00", slot_to="12:00")
    assert (await chosen(shop, second)).free == ()
    assert [one.code for one in (await chosen(shop, first)).free] == ["2611251000"]
    await happened(shop, first, "cancelled")
    assert [one.code for one in (await chosen(shop, second)).free] == ["2611251000"]


@pytest.mark.parametrize(
    ("fields", "event", "may"),
    [
        ({}, "packed", True),
        ({}, "shipped", True),
        ({}, "out_for_delivery", False),
        ({}, "delivered", False),
        ({"method": "post"}, "packed", False),
        ({"method": "pickup"}, "packed", False),
        ({"carrier": "NovaPost"}, "packed", False),
    ],
)
async def test_hours_are_promised_only_where_the_shop_itself_brings(shop, told, fields, event, may):
    shop.clock.now = NOON
    row = await placed(shop, **fields)
    await happened(shop, row, event)
    assert bool((await chosen(shop, row)).free) is may


async def test_a_failed_attempt_opens_the_choice_again(shop, told):
    shop.clock.now = NOON
    row = await placed(shop)
    await happened(shop, row, "out_for_delivery", "a")
    assert (await chosen(shop, row)).free == ()
    shop.clock.forward(minutes=5)
    await happened(shop, row, "failed_attempt", "1")
    assert (await chosen(shop, row)).free != ()


async def test_whoever_has_no_hours_is_asked_when_the_parcel_is_ready(shop, told, monkeypatch):
    monkeypatch.setitem(REACTIONS, OccasionArose, [*REACTIONS[OccasionArose], schedule.offer])
    shop.clock.now = NOON
    row, picked = await placed(shop), await placed(shop, "2", who="taras")
    by_post = await placed(shop, "3", who="ivan", method="post")
    await changed(shop, picked, delivery_day=TOMORROW, slot_from="10:00", slot_to="14:00")
    told.clear()
    for one in (row, picked, by_post):
        await happened(shop, one, "packed")
    assert sorted(kinds(told)) == ["packed", "packed", "packed", "slot_offer"]
    [offered] = [one for one in told if one.occasion.kind == "slot_offer"]
    assert offered.ref_id == row["id"]
    assert offered.data == {"free_day": "2026-11-24", "free_from": "18:00", "free_to": "21:00"}


async def test_public_holidays_are_days_off_where_the_owner_says_so(shop, told):
    shop.clock.now = NOON + timedelta(days=30)  # Christmas Eve, a Thursday
    row = await placed(shop)
    assert any(one.day.day == 25 for one in (await chosen(shop, row)).free)
    await shop.ask("PUT", "/api/v1/delivery-settings", {"holidays_of": "gb"})
    assert not any(one.day.day in {25, 28} for one in (await chosen(shop, row)).free)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"intervals": [{"from": "10:00", "to": "09:00", "capacity": 1}]}, "intervals"),
        ({"intervals": [{"from": "25:00", "to": "26:00", "capacity": 1}]}, ""),
        ({"intervals": [{"from": "10:00", "to": "12:00", "capacity": -1}]}, "intervals"),
        ({"intervals": [{"from": "10:00", "to": "12:00", "capacity": 1}] * 2}, "intervals"),
        ({"days_ahead": 1000}, "days_ahead"),
        ({"weekdays": [7]}, "weekdays"),
        ({"closed_days": ["31.12"]}, "closed_days"),
        ({"remind_at": "evening"}, "remind_at"),
    ],
)
async def test_settings_that_cannot_be_are_refused_by_name(shop, given, field):
    answer = await shop.ask("PUT", "/api/v1/delivery-settings", given)
    assert answer.status == 422
    assert not field or answer.json()["field"] == field


@on_both
async def test_settings_are_kept_and_what_is_not_given_stays(shop, other_shop):
    built_in = await shop.get("/api/v1/delivery-settings")
    changed_one = await shop.ask("PUT", "/api/v1/delivery-settings", {"closed_days": ["2026-12-31"], "notice": 1})
    assert changed_one.json() == {**built_in, "closed_days": ["2026-12-31"], "notice": 1}
    assert (await shop.ask("PUT", "/api/v1/delivery-settings", {"notice": 5}, role="agent")).status == 403
    assert await other_shop.get("/api/v1/delivery-settings") == built_in


@on_both
def test_the_last_place_goes_to_one_of_many_who_press_at_once(shop, neighbour, told):
    async def story():
        shop.clock.now = NOON
        given = {"intervals": [{"from": "10:00", "to": "12:00", "capacity": 2}], "days_ahead": 1}
        await shop.ask("PUT", "/api/v1/delivery-settings", given)
        rows = [await placed(shop, str(number), who=f"k{number}") for number in range(8)]
        paths = [page_of(shop, row) for row in rows]
        answers = await asyncio.gather(
            *(posted(one, path, act="slot", slot="2611251000") for path in paths for one in (shop, neighbour))
        )
        assert all(answer.status == 303 for answer in answers)
        taken = [await order_row(shop, row["id"]) for row in rows]
        assert sum(row["delivery_day"] == TOMORROW for row in taken) == 2

    shop.run(story())
