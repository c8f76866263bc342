"""A call is one message; a missed one waits for an answer; and nothing rings that was not meant to."""

from datetime import timedelta

import pytest

from prilavok.domain.events import CallEnded
from prilavok.domain.message import CallState
from prilavok.domain.receipt import Receipt
from prilavok.flows.reactions import REACTIONS
from prilavok.flows.reply import Author, Draft, reply
from tests.asking import until
from tests.house import on_both

RINGS = {"direction": "in", "state": CallState.RINGING, "from": "olena"}


@pytest.fixture
def ended(monkeypatch):
    """The calls that the house was told of as over."""
    told = []
    monkeypatch.setitem(REACTIONS, CallEnded, [lambda unit, event: told.append(event)])
    return told


async def call(shop, conversation_id, about, how):
    """An agent clicks: their telephone rings, and then the customer's."""
    agent = Author("agent", shop.staff["agent"].id, "Agent")
    return await shop.house.bus.do(reply, shop.id, conversation_id, agent, Draft(about, content={"call": how}))


async def flown(loft, inbox):
    return await until(lambda: loft.flown[inbox.id])


def call_of(shop, number):
    return (
        "Received",
        {
            "provider_id": number,
            "at": shop.clock(),
            "text": "☎",
            "sender": {"address": "olena"},
            "automatic": True,
            "content": {"call": RINGS},
        },
    )


def change(shop, number, text, *, waits=False, **call):
    fields = {"provider_id": number, "at": shop.clock(), "sender": {"address": "olena"}, "text": text}
    return ("Edited", {**fields, "content": {"call": call}, "waits": waits})


@on_both
async def test_a_call_that_is_answered_is_one_message_and_asks_for_nothing(shop, ended):
    [taken] = await shop.vendor_says(call_of(shop, "call-1"))
    assert (await shop.conversation(taken.conversation_id))["waiting_since"] is None
    await shop.vendor_says(change(shop, "call-1", "☎", state="answered", extension="101"))
    await shop.vendor_says(change(shop, "call-1", "☎ 1:04", state="answered", seconds=64))
    [message] = await shop.messages(taken.conversation_id)
    assert message["text"] == "☎ 1:04"
    assert message["content"]["call"] == {
        "direction": "in",
        "state": "answered",
        "from": "olena",
        "extension": "101",
        "seconds": 64,
    }
    assert "original_text" not in message
    seen = await shop.conversation(taken.conversation_id)
    assert (seen["waiting_since"], seen["last_message"]["text"]) == (None, "☎ 1:04")
    assert [(one.answered, one.seconds) for one in ended] == [(True, 64)]


@on_both
async def test_a_missed_call_waits_for_an_answer_and_is_told_once(shop, ended):
    [taken] = await shop.vendor_says(call_of(shop, "call-1"))
    await shop.arrange(taken.conversation_id, status="closed")
    missed = change(shop, "call-1", "☎ ✗", waits=True, state="missed", seconds=0)
    await shop.vendor_says(call_of(shop, "call-1"), missed)
    await shop.vendor_says(missed)
    seen = await shop.conversation(taken.conversation_id)
    assert seen["status"] == "open"
    assert seen["waiting_since"] is not None
    assert [one.answered for one in ended] == [False]


@on_both
async def test_news_that_come_late_do_not_begin_a_call_again(shop):
    [taken] = await shop.vendor_says(call_of(shop, "call-1"))
    await shop.vendor_says(change(shop, "call-1", "☎ 0:09", state="answered", seconds=9))
    await shop.vendor_says(change(shop, "call-1", "☎", state="answered"))
    [message] = await shop.messages(taken.conversation_id)
    assert message["text"] == "☎ 0:09"


async def test_a_call_that_was_not_announced_is_there_all_the_same(shop):
    over = change(shop, "call-7", "☎ ✗", waits=True, state="missed", seconds=0)
    [taken] = await shop.vendor_says(call_of(shop, "call-7"), over)
    assert (await shop.conversation(taken.conversation_id))["waiting_since"] is not None


async def test_a_text_never_goes_to_a_telephone_and_a_call_never_to_a_chat(shop, loft):
    phone = await shop.connect("bell")
    post = {"inbox": phone, "sender": {"address": "+380501234567"}}
    taken = await shop.customer_writes("☎", **post)
    answer = await shop.ask(
        "POST", f"/api/v1/conversations/{taken.conversation_id}/messages", {"kind": "reply", "text": "Добрий день"}
    )
    assert answer.status == 422
    assert "called, not written to" in answer.json()["detail"]
    [way] = (await shop.conversation(taken.conversation_id))["channels"]
    assert (way["can_reply"], way["reason"]) == (False, "voice")
    await call(shop, taken.conversation_id, "Про замовлення 7", {"extension": "102"})
    [one] = await flown(loft, phone)
    assert one.call == {"extension": "102"}


async def test_a_receipt_up_to_a_time_speaks_of_its_own_inbox_alone(shop, loft):
    phone = await shop.connect("bell")
    sms = await shop.connect("slip")
    number = {"sender": {"address": "+380501234567"}}
    taken = await shop.customer_writes("Передзвоніть", inbox=sms, **number)
    text = await shop.agent_replies(taken.conversation_id, "Дзвонимо")
    called = await call(shop, taken.conversation_id, "Дзвінок", {"extension": "101"})
    await flown(loft, phone)
    report = {"receipt": Receipt.READ, "at": shop.clock(), "address": "+380501234567"}
    await shop.vendor_says(("ReceiptCame", {**report, "up_to": shop.clock() + timedelta(minutes=1)}), inbox=phone)
    assert (await shop.message(taken.conversation_id, called))["receipt"] == "read"
    assert (await shop.message(taken.conversation_id, text["id"]))["receipt"] == "sent"


async def test_after_the_window_only_a_channel_with_templates_is_still_written_to(shop, loft):
    open_post = await shop.connect("formal")
    shut_post = await shop.connect("window")
    asked = [await shop.customer_writes("Привіт", inbox=one, who=one.kind) for one in (open_post, shut_post)]
    shop.clock.forward(hours=2)
    await shop.agent_replies(asked[0].conversation_id)
    [one] = await flown(loft, open_post)
    assert one.window_shut
    answer = await shop.ask(
        "POST", f"/api/v1/conversations/{asked[1].conversation_id}/messages", {"kind": "reply", "text": "Вже"}
    )
    assert answer.status == 422
