"""The whole way of an order with everything that reacts to it: only the channel is a pigeon."""

from prilavok.domain.delivery import Act
from prilavok.flows import carry
from prilavok.store import tasks
from tests.asking import until
from tests.delivering import NOON, happenings, order_row, placed
from tests.house import on_both


@on_both
async def test_an_order_is_confirmed_picked_missed_and_picked_again_without_a_single_call(shop, loft):
    shop.clock.now = NOON
    await shop.customer_writes("Добрий день! Хочу чаю.")
    row = await placed(shop)

    def heard(words):
        return next((text for text in loft.texts(shop.post.id) if words.lower() in text.lower()), None)

    async def told(words):
        async def passed():
            shop.clock.forward(seconds=2)
            return heard(words)

        return await until(passed)

    question = await told("1042")
    assert "1 — підтвердити" in question
    await shop.customer_writes("1")
    assert (await order_row(shop, row["id"]))["status"] == "confirmed"
    assert "1 — обрати час" in await told("підтверджено")
    await shop.customer_writes("1")
    await told("1. сьогодні, вт 24.11, 18:00–21:00")
    await shop.customer_writes("1")
    row = await order_row(shop, row["id"])
    assert (row["delivery_day"], row["slot_from"]) == ("2026-11-24", "18:00")
    assert "18:00" in await told("привеземо")
    await shop.house.bus.do(carry.tap, shop.id, row["id"], carry.Tap(Act.NO_ANSWER, 1))
    missed = await told("Оберіть новий час")
    assert "1042" in missed
    assert ("failed_attempt", "1") in await happenings(shop, row)
    assert await shop.read(tasks.page, state="open") == []
