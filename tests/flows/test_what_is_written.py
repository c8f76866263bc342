"""What is written: where it stands, what can be pressed, to whom it belongs."""

import pytest

from prilavok.domain.events import WishesChanged
from prilavok.flows import join
from prilavok.store import contacts
from prilavok.store import messages as message_store
from prilavok.store import orders as order_store
from tests.house import on_both
from tests.telling import Counter


@pytest.fixture
def house(open_house):
    return open_house(work=False)


@pytest.fixture
def counter(shop, loft, runner):
    return runner.run(Counter.open(shop, loft))


@on_both
async def test_the_customers_new_wish_counts_for_what_waits(counter):
    order_id = await counter.placed()
    await counter.happens(order_id, "shipped")
    order = await counter.shop.read(order_store.get, order_id)

    def refuse(unit):
        order_store.change(unit.db, counter.shop.id, order_id, {"wishes": {"forbidden_channels": ["telegram"]}})
        unit.emit(WishesChanged(shop_id=counter.shop.id, ref_id=order["contact_id"]))

    await counter.do(refuse)
    await counter.later(minutes=6)
    assert len(counter.in_messenger) == 1
    assert len(counter.in_sms) == 1


@on_both
async def test_a_message_says_which_plan_it_belongs_to_and_why(counter):
    order_id = await counter.placed("A-1")
    [rung] = await counter.attempts(order_id)
    message = await counter.shop.read(message_store.get, rung["message_id"])
    assert (message["author_kind"], bool(message["automatic"])) == ("bot", True)
    assert message["content"]["plan"] == rung["plan_id"]
    assert [one["why"] for one in message["content"]["why"]] == ["wrote_here", "own_act"]


@on_both
async def test_a_chat_on_the_site_has_it_at_once_and_its_clock_runs(counter):
    chat = await counter.shop.connect("parrot")
    await counter.shop.customer_writes("Є чай?", who="visitor", inbox=chat)
    order_id = await counter.placed("A-1", messenger=False, messengers={"parrot": "visitor"})
    [rung] = await counter.attempts(order_id)
    assert (rung["channel"], rung["state"], rung["receipt"]) == ("webchat", "sent", "sent")
    assert await counter.shop.outbox() == []
    assert (await counter.plan(order_id))["state"] == "watching"
    message = await counter.shop.read(message_store.get, rung["message_id"])
    assert "A-1" in message["text"]
    await counter.later(hours=4, minutes=1)
    assert len(counter.in_sms) == 1


@on_both
async def test_one_tap_stands_under_an_order_that_wants_confirming(counter):
    order_id = await counter.placed("A-1", said=False)
    wants = {"outcome": "tap"}
    await counter.do(lambda unit: order_store.change(unit.db, counter.shop.id, order_id, wants))
    await counter.work()
    outbound = counter.last(counter.dove)
    assert [one.data for one in outbound.buttons] == [f"o:{order_id}:{act}" for act in ("confirm", "change", "cancel")]
    await counter.later(hours=4, minutes=1)
    [rung] = [one for one in await counter.attempts(order_id) if one["channel"] == "sms"]
    message = await counter.shop.read(message_store.get, rung["message_id"])
    assert "1 - підтвердити" in message["text"]
    assert [one["data"] for one in message["content"]["choices"]] == [one.data for one in outbound.buttons]
    await counter.writes("1", inbox=counter.rooster, who="+380671234567")
    assert (await counter.shop.read(order_store.get, order_id))["status"] == "confirmed"


@on_both
async def test_a_letter_that_nobody_asked_for_can_be_ended_with_one_press(counter):
    order_id = await counter.placed(messenger=False, phone="")
    await counter.happens(order_id, "delivered")
    await counter.arises(order_id, "review_request")
    outbound = counter.last(counter.owl)
    assert outbound.links["unsubscribe"].startswith("https://shop.test/u/")
    assert outbound.links["unsubscribe"] in outbound.text
    assert (outbound.subject, counter.loft.flown[counter.owl.id][0].links) == ("Замовлення 1", {})


@on_both
async def test_who_never_wrote_gets_a_conversation_that_nobody_must_answer(counter):
    await counter.placed("A-1", messenger=False)
    [conversation] = await counter.shop.conversations("?status=closed")
    assert conversation["subject"] == "Замовлення A-1"
    assert conversation["waiting_since"] is None
    await counter.writes("Добре", inbox=counter.rooster, who="+380671234567")
    [conversation] = await counter.shop.conversations("?status=open")
    assert [one["direction"] for one in await counter.shop.messages(conversation["id"])] == ["outbound", "inbound"]


@on_both
async def test_a_question_that_waits_for_an_answer_goes_on_waiting(counter):
    await counter.placed("A-1")
    [conversation] = await counter.shop.conversations("?status=open")
    assert conversation["last_message"]["text"] == "Добрий день"
    assert conversation["waiting_since"] is not None


@on_both
async def test_orders_and_what_is_to_be_said_move_with_a_visitor_who_goes_on_in_a_messenger(counter):
    shop = counter.shop
    chat = await shop.connect("homing", "сайт")
    await shop.customer_writes("Чи є синя?", who="visitor", inbox=chat)
    order_id = await counter.placed(messenger=False, phone="", email="", messengers={"homing": "visitor"})
    identity = await shop.read(contacts.identity_at, chat.scope, "visitor")
    url = await shop.house.bus.do(join.offer_link, shop.id, identity["id"], shop.post.id)
    await shop.customer_writes("Я тут", who="tg-olena")  # the messenger knows them already
    await shop.customer_writes("", who="tg-olena", link_token=url.partition("start=")[2], silent=True)
    newcomer = await shop.read(contacts.identity_at, shop.post.scope, "tg-olena")
    assert (await shop.read(order_store.get, order_id))["contact_id"] == newcomer["contact_id"]
    await counter.happens(order_id, "shipped")
    await counter.later(minutes=6)
    assert any("дорозі" in text for text in counter.said(shop.post))


@on_both
@pytest.mark.parametrize("called", [True, False])
async def test_whom_the_courier_missed_reads_who_came_and_when_they_called(counter, called):
    order_id = await counter.placed("A-1")
    given = {"courier": "Іван", "called": called, "called_at": "18:40"}
    await counter.arises(order_id, "courier_no_answer", data=given)
    text = counter.in_messenger[-1]
    assert "Іван" in text
    assert ("18:40" in text) is called


@on_both
async def test_one_greeting_a_day_is_enough_in_one_chat(counter):
    order_id = await counter.placed("A-1")
    await counter.happens(order_id, "shipped")
    await counter.later(minutes=6)
    first, second = counter.in_messenger[-2:]
    assert first.startswith("Добрий день!")
    assert not second.startswith("Добрий день!")
    assert second[0].isupper()
    await counter.later(hours=24)
    await counter.happens(order_id, "arrived_at_pickup")
    await counter.later(minutes=6)
    assert counter.in_messenger[-1].startswith("Добрий день!")
