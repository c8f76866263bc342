"""What was decided is carried out: in time, once, and as far as the customer can be reached."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from prilavok.domain.errors import TryLater, Undeliverable
from prilavok.domain.facts import Occasion
from prilavok.flows import attempt, wish
from prilavok.flows.circumstances import Circumstances, Matter
from prilavok.store import orders
from tests.house import on_both
from tests.telling import Counter


@pytest.fixture
def house(open_house):
    return open_house(work=False)


@pytest.fixture
def neighbour(open_house):
    """A second process of the installation."""
    return open_house(work=False)


@pytest.fixture
def counter(shop, loft, runner):
    return runner.run(Counter.open(shop, loft))


@on_both
async def test_an_order_is_answered_at_once_where_the_customer_writes(counter):
    order_id = await counter.placed("A-17")
    [said] = counter.in_messenger
    assert "A-17" in said
    assert counter.in_mail == counter.in_sms == []
    plan = await counter.plan(order_id)
    assert (plan["state"], plan["kind"], plan["position"]) == ("watching", "placed", 0)
    [rung] = await counter.attempts(order_id)
    assert (rung["state"], rung["channel"], rung["receipt"]) == ("sent", "telegram", "sent")


@on_both
async def test_what_is_not_read_in_time_is_said_in_the_next_channel(counter):
    order_id = await counter.placed()
    await counter.later(hours=3, minutes=59)
    assert counter.in_sms == []
    await counter.later(minutes=2)
    assert len(counter.in_sms) == 1
    assert counter.in_mail == []
    first, second = await counter.attempts(order_id)
    assert second["because"][0]["why"] == "fallback"
    assert second["because"][0]["data"] == {"after": "telegram", "minutes": 240, "receipt": "read"}
    assert (first["wait_for"], second["wait_for"]) == ("read", "delivered")
    await counter.later(hours=4, minutes=1)
    assert len(counter.in_mail) == 1
    assert (await counter.plan(order_id))["state"] == "reached"


@on_both
async def test_delivered_alone_is_not_read(counter):
    await counter.placed()
    await counter.receipt(counter.last(counter.dove), "delivered")
    await counter.later(hours=4, minutes=1)
    assert len(counter.in_sms) == 1


@on_both
async def test_where_something_was_read_lately_is_known_to_the_next_decision(counter):
    order_id = await counter.placed()
    sent = counter.last(counter.dove)

    def last_read(unit):
        order = orders.get(unit.db, counter.shop.id, order_id)
        matter = Matter(order["contact_id"], order_id, Occasion(kind="delayed", at=unit.now))
        facts = Circumstances(unit, counter.shop.id, [matter]).facts_of(matter)
        return {way.address: way.last_read for way in facts.ways}[sent.address]

    assert await counter.shop.house.bus.do(last_read) is None
    await counter.receipt(sent, "read")
    assert await counter.shop.house.bus.do(last_read) is not None


@on_both
async def test_what_was_read_in_time_is_said_once(counter):
    order_id = await counter.placed()
    await counter.receipt(counter.last(counter.dove), "read")
    plan = await counter.plan(order_id)
    assert (plan["state"], plan["due_at"]) == ("reached", None)
    assert plan["because"]["data"] == {"by": "receipt", "position": 0, "receipt": "read"}
    await counter.later(days=2)
    assert counter.in_sms == counter.in_mail == []


@on_both
async def test_a_late_receipt_cancels_the_next_rung_while_it_waits_for_the_morning(counter):
    counter.shop.clock.forward(hours=7)  # seven in the evening
    order_id = await counter.placed()
    await counter.later(hours=4, minutes=1)  # eleven at night: nothing rings now
    plan = await counter.plan(order_id)
    assert (plan["state"], plan["position"]) == ("waiting", 1)
    await counter.receipt(counter.last(counter.dove), "read")
    assert (await counter.plan(order_id))["state"] == "reached"
    await counter.later(hours=24)
    assert counter.in_sms == counter.in_mail == []


@on_both
async def test_a_late_receipt_takes_back_what_still_waits_in_the_outbox(counter, loft):
    order_id = await counter.placed()
    loft.always[counter.rooster.id] = TryLater("the gateway is down", after=600)
    await counter.later(hours=4, minutes=1)
    assert (await counter.plan(order_id))["state"] == "sending"
    await counter.receipt(counter.last(counter.dove), "read")
    loft.always.clear()
    tried = len(counter.in_sms)
    await counter.later(hours=12)
    assert len(counter.in_sms) == tried
    assert (await counter.plan(order_id))["state"] == "reached"
    assert await counter.shop.outbox() == []


@on_both
async def test_an_answer_in_any_channel_ends_the_matter(counter):
    order_id = await counter.placed()
    await counter.writes("Так, чекаю", inbox=counter.owl, who="olena@example.org")
    plan = await counter.plan(order_id)
    assert (plan["state"], plan["because"]["data"]["by"]) == ("reached", "answer")
    await counter.later(days=2)
    assert counter.in_sms == []


@on_both
async def test_a_machines_answer_ends_nothing(counter):
    await counter.placed()
    await counter.writes("Я у відпустці", inbox=counter.owl, who="olena@example.org", automatic=True)
    await counter.later(hours=4, minutes=1)
    assert len(counter.in_sms + counter.in_mail) == 1


@on_both
async def test_what_has_not_been_said_yet_is_said_although_the_customer_writes(counter):
    order_id = await counter.placed()
    await counter.happens(order_id, "shipped")  # some minutes are waited for what may belong to it
    await counter.writes("А коли привезете?")
    assert [one["state"] for one in await counter.plans(order_id)] == ["stopped", "waiting"]
    await counter.later(minutes=6)
    assert len(counter.in_messenger) == 2


@on_both
async def test_the_clock_starts_at_the_actual_send(counter, loft):
    loft.always[counter.dove.id] = TryLater("the messenger is down", after=3 * 3600)
    order_id = await counter.placed()
    loft.always.clear()
    counter.shop.house.deliverer._held.clear()
    await counter.later(hours=3, minutes=1)
    [rung] = await counter.attempts(order_id)
    assert rung["sent_at"] - rung["created_at"] > timedelta(hours=3)
    await counter.later(hours=2)  # five hours after the order, two after the message
    assert counter.in_sms == []
    await counter.later(hours=2, minutes=1)
    assert len(counter.in_sms) == 1


@on_both
async def test_after_a_restart_it_goes_on_where_it_stopped(counter):
    order_id = await counter.placed()
    assert await counter.do(lambda unit: attempt.due(unit, 10)) == []  # nothing is due: nothing is leased
    await counter.happens(order_id, "shipped", said=False)
    counter.shop.clock.forward(minutes=6)
    leased = await counter.do(lambda unit: attempt.due(unit, 10))
    assert len(leased) == 1  # and whoever leased it is gone
    await counter.work()
    assert len(counter.in_messenger) == 1
    await counter.later(seconds=61)
    assert len(counter.in_messenger) == 2
    await counter.do(lambda unit: attempt.carry_out(unit, counter.shop.id, leased))  # it comes back, too late
    await counter.work()
    assert len(counter.in_messenger) == 2


@on_both
async def test_nothing_is_said_in_quiet_hours_of_the_customers_own_place(counter):
    order_id = await counter.placed(timezone="Asia/Tashkent")  # three hours ahead of Kyiv
    counter.shop.clock.forward(hours=7)  # seven in Kyiv, ten at night there
    await counter.happens(order_id, "shipped")
    await counter.later(hours=1)
    assert len(counter.in_messenger) == 1
    plan = (await counter.plans(order_id))[1]
    assert plan["due_at"] == counter.now.replace(hour=4, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert {one["why"] for one in plan["steps"][0]["because"]} >= {"quiet_hours"}
    await counter.later(hours=11)
    assert len(counter.in_messenger) == 2


async def test_a_changed_wish_frees_what_waits_at_once(counter):
    order_id = await counter.placed()
    contact = (await counter.plan(order_id))["contact_id"]

    async def wishes(**given):
        await counter.do(lambda unit: wish.save(unit, counter.shop.id, contact, given, by="customer"))
        await counter.work()

    await wishes(contact_window={"from": "18:00", "to": "20:00"})
    await counter.happens(order_id, "shipped", said=False)
    await counter.later(minutes=30)
    assert len(counter.in_messenger) == 1, "they named the evening"
    await wishes(contact_window=None)
    assert len(counter.in_messenger) == 2


@on_both
@pytest.mark.parametrize(
    ("evening", "morning"),
    [
        (datetime(2027, 3, 27, 20, 0, tzinfo=UTC), datetime(2027, 3, 28, 6, 0, tzinfo=UTC)),  # an hour is lost
        (datetime(2027, 10, 30, 19, 0, tzinfo=UTC), datetime(2027, 10, 31, 7, 0, tzinfo=UTC)),  # and comes back
    ],
)
async def test_morning_comes_by_the_clock_on_the_wall(counter, evening, morning):
    counter.shop.clock.now = evening
    order_id = await counter.placed(messenger=False, said=False)
    plan = await counter.plan(order_id)
    await counter.work()
    counter.shop.clock.now = evening
    await counter.happens(order_id, "shipped")
    plan = (await counter.plans(order_id))[-1]
    assert plan["due_at"] == morning


@on_both
async def test_what_happens_close_together_is_told_in_one_message(counter):
    order_id = await counter.placed("7", paid=True)
    [said] = counter.in_messenger
    assert "7 на 1" in said  # accepted
    assert "плат" in said  # and paid
    [plan] = await counter.plans(order_id)
    assert [one["kind"] for one in plan["occasions"]] == ["placed", "paid"]


@on_both
async def test_only_the_later_step_of_the_way_is_told(counter):
    order_id = await counter.placed()
    await counter.happens(order_id, "shipped")
    await counter.later(minutes=2)
    await counter.happens(order_id, "out_for_delivery")
    [_, said] = counter.in_messenger
    assert "кур'єр" in said.lower()
    assert "дороз" not in said
    await counter.later(hours=1)
    assert len(counter.in_messenger) == 2


@on_both
async def test_a_cancellation_replaces_whatever_was_to_be_said(counter):
    order_id = await counter.placed()
    await counter.happens(order_id, "shipped")
    await counter.happens(order_id, "cancelled")
    await counter.later(minutes=6)
    [_, said] = counter.in_messenger
    assert "скасовано" in said
    assert "дороз" not in said


@on_both
async def test_what_was_said_and_has_been_overtaken_goes_on_nowhere_and_shows_no_next_word(counter):
    order_id = await counter.placed()
    await counter.happens(order_id, "failed_attempt")
    await counter.later(minutes=6)
    [_, plan] = await counter.plans(order_id)
    assert plan["state"] == "watching"
    await counter.happens(order_id, "delivered")
    [_, plan] = await counter.plans(order_id)
    assert (plan["state"], plan["due_at"], plan["because"]["why"]) == ("stopped", None, "overtaken")
    await counter.later(hours=6)
    assert counter.in_sms == counter.in_mail == []


@on_both
async def test_each_status_is_told_once(counter):
    order_id = await counter.placed()
    await counter.happens(order_id, "shipped")
    await counter.later(minutes=6)
    await counter.arises(order_id, "shipped")
    await counter.later(hours=1)
    assert len(counter.in_messenger) == 2
    assert [one["because"]["why"] for one in await counter.silences(order_id)] == ["told_already"]


@on_both
async def test_news_that_came_too_late_to_be_true_are_not_told(counter):
    counter.shop.clock.forward(hours=10)  # ten at night
    order_id = await counter.placed()
    await counter.happens(order_id, "shipped")
    counter.shop.clock.forward(hours=9)
    await counter.happens(order_id, "delivered", said=False)
    await counter.later(hours=6)
    shipped = (await counter.plans(order_id))[1]
    assert (shipped["state"], shipped["because"]["why"]) == ("stopped", "overtaken")
    assert len(counter.in_messenger) == 1


@on_both
async def test_who_blocked_us_there_is_reached_elsewhere(counter):
    order_id = await counter.placed(said=False)
    await counter.blocks()
    await counter.work()
    assert counter.in_messenger == []
    assert len(counter.in_sms) == 1
    plan = await counter.plan(order_id)
    assert ("telegram", "blocked") in {(one["channel"], one["because"]["why"]) for one in plan["rejected"]}


@on_both
async def test_what_cannot_be_delivered_goes_to_the_next_channel_at_once(counter, loft):
    loft.always[counter.dove.id] = Undeliverable("there is no such chat", address_is_dead=True)
    order_id = await counter.placed()
    assert len(counter.in_sms) == 1
    first, second = await counter.attempts(order_id)
    assert (first["state"], first["receipt"], second["state"]) == ("failed", "failed", "sent")
    assert second["because"][0]["data"]["failed"] is True


@on_both
async def test_a_letter_that_comes_back_was_not_told(counter):
    order_id = await counter.placed(messenger=False, phone="")
    assert (await counter.plan(order_id))["state"] == "reached"  # there is no other way, and it was sent
    await counter.receipt(counter.last(counter.owl), "failed", inbox=counter.owl)
    assert (await counter.plan(order_id))["state"] == "unreached"
    assert [one["kind"] for one in await counter.tasks(order_id)] == ["look"]


@on_both
async def test_whoever_cannot_be_reached_at_all_is_a_task_for_a_person(counter):
    order_id = await counter.placed(messenger=False, phone="", email="")
    [silence] = await counter.silences(order_id)
    assert (silence["because"]["why"], silence["needs_person"]) == ("no_channel", True)
    assert [one["kind"] for one in await counter.tasks(order_id)] == ["look"]


@on_both
async def test_perhaps_sent_is_not_repeated(counter, loft):
    loft.outcomes[counter.dove.id] = [TryLater("the line broke", perhaps_sent=True)]
    order_id = await counter.placed()
    [rung] = await counter.attempts(order_id)
    assert (rung["state"], rung["receipt"]) == ("sent", "perhaps_sent")
    assert (await counter.plan(order_id))["state"] == "watching"
    await counter.later(hours=4, minutes=1)
    assert len(counter.in_messenger) == 1
    assert len(counter.in_sms) == 1


async def test_perhaps_sent_on_the_only_way_counts_as_sent_and_asks_nobody(counter, loft):
    loft.outcomes[counter.owl.id] = [TryLater("the line broke", perhaps_sent=True)]
    order_id = await counter.placed(messenger=False, phone="")
    assert (await counter.plan(order_id))["state"] == "reached"
    await counter.later(days=2)
    assert len(counter.in_mail) == 1


@on_both
async def test_two_workers_say_it_once(counter, neighbour, monkeypatch):
    monkeypatch.setattr("prilavok.worker.steps.BATCH", 3)
    orders = [
        await counter.placed(f"{n}", by=f"olena{n}", email=f"{n}@example.org", phone="", said=False) for n in range(12)
    ]
    houses = (counter.shop.house, neighbour)
    await asyncio.gather(*(house.steps.take() for _ in range(5) for house in houses))
    await counter.work()
    assert len(counter.in_messenger) == len(orders)
    assert len({one.address for one in counter.loft.flown[counter.dove.id]}) == len(orders)
