"""What an agent sees of orders in a row, and hears of them."""

import pytest

from tests.house import on_both
from tests.telling import Counter


@pytest.fixture
def house(open_house):
    return open_house(work=False)


@pytest.fixture
def counter(shop, loft, runner):
    return runner.run(Counter.open(shop, loft))


async def row_of(counter, order_id):
    [row] = [one for one in (await counter.shop.get("/api/v1/orders"))["items"] if one["id"] == order_id]
    return row


@on_both
async def test_a_row_tells_the_next_word_until_nothing_more_is_to_be_said(counter):
    order_id = await counter.placed()
    [plan] = await counter.plans(order_id)
    row = await row_of(counter, order_id)
    following = plan["steps"][1]["channel"]
    assert (row["next"]["channel"], row["next"]["kind"]) == (following, "placed")
    assert row["next"]["at"][:16] == plan["due_at"].isoformat()[:16]
    await counter.receipt(counter.last(counter.dove), "read")
    assert (await row_of(counter, order_id))["next"] is None


@on_both
async def test_a_row_tells_the_hour_of_what_waits_for_the_morning(counter):
    order_id = await counter.placed()
    await counter.receipt(counter.last(counter.dove), "read")
    counter.shop.clock.forward(hours=11)  # an hour before midnight in Kyiv
    await counter.happens(order_id, "shipped")
    plan = next(one for one in await counter.plans(order_id) if one["kind"] == "shipped")
    assert plan["state"] == "waiting"
    row = await row_of(counter, order_id)
    assert (row["next"]["channel"], row["next"]["kind"]) == (plan["steps"][0]["channel"], "shipped")
    assert row["next"]["at"][:16] == plan["due_at"].isoformat()[:16]


@on_both
async def test_every_screen_hears_which_order_has_changed(counter):
    screen = counter.shop.screen()
    await screen.frame("hello")
    order_id = await counter.placed()
    assert (await screen.frame("order.changed"))["order_id"] == order_id
