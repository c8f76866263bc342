"""A shop on Ozon: what buyers say in public and in private, answered where it was said."""

import pytest

from prilavok.simulator import ozon
from prilavok.simulator.telegram import Fault
from tests.asking import until
from tests.simulator.markets import Stall, quick

ANNA = "anna"
SETTINGS = {"client_id": ozon.CLIENT_ID, "api_key": ozon.API_KEY}


@pytest.fixture
def stall(shop, runner, monkeypatch):
    quick(monkeypatch)
    emulator = ozon.OzonEmulator(address="https://ozon.test", now=shop.clock, pace=0.01)
    made = Stall(shop, emulator, "ozon.test")
    yield made
    runner.run(emulator.close())


async def test_a_bad_review_comes_in_and_is_answered_beneath_it(shop, stall):
    await stall.connect("ozon", **SETTINGS)
    review = stall.emulator.user_reviews(ANNA, 1, "Перегорела", pictures=("https://ozon.test/v2/chat/file/1",))
    [talk] = await stall.talks("?public=true")
    assert (talk["publication"]["kind"], talk["publication"]["rating"]) == ("review", 1)
    message = await shop.agent_replies(talk["id"], "Простите, заменим")
    await stall.receipt(talk["id"], message, "sent")
    assert [one.text for one in review.answers] == ["Простите, заменим"]

    async def echoed():
        return (await shop.conversation(talk["id"]))["publication"]["answered"]

    await until(echoed)
    assert stall.complaints("ozon/requests.slice.json") == {}


async def test_a_question_is_answered_with_its_product_and_only_within_the_length_ozon_takes(shop, stall):
    await stall.connect("ozon", **SETTINGS)
    question = stall.emulator.user_asks(ANNA, "Есть синяя?", name="Анна")
    [talk] = await stall.talks("?public=true")
    assert talk["contact"]["name"] == "Анна"
    assert talk["publication"]["product"]["sku"] == question.sku
    long = {"kind": "reply", "text": "я" * 3001}
    refused = await shop.ask("POST", f"/api/v1/conversations/{talk['id']}/messages", long)
    assert refused.status == 422
    message = await shop.agent_replies(talk["id"], "Есть, завтра отправим")
    await stall.receipt(talk["id"], message, "sent")
    assert [one.text for one in question.answers] == ["Есть, завтра отправим"]
    assert stall.complaints("ozon/requests.slice.json") == {}


async def test_a_buyers_chat_is_private_and_its_reading_is_told(shop, stall):
    await stall.connect("ozon", **SETTINGS)
    stall.emulator.user_says(ANNA, "Где мой заказ?")
    [talk] = await stall.talks("?public=false")
    assert talk["publication"] is None
    message = await shop.agent_replies(talk["id"], "Уже едет")
    await stall.receipt(talk["id"], message, "sent")
    stall.emulator.look(ANNA, open=True)
    await stall.receipt(talk["id"], message, "read")
    assert [one.text for one in stall.emulator.talk(ANNA).bubbles] == ["Где мой заказ?", "Уже едет"]
    assert stall.complaints("ozon/requests.slice.json") == {}


async def test_without_pushes_a_chat_is_found_by_asking(shop, stall):
    stall.emulator.user_says(ANNA, "Есть кто?")
    await stall.connect("ozon", **SETTINGS)
    stall.emulator.hook = ""
    [talk] = await stall.talks("?public=false")
    stall.emulator.user_sends_file(ANNA, "photo.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(32), "Вот фото")

    async def fetched():
        said = await shop.messages(talk["id"])
        return said[-1] if len(said) == 2 and said[-1]["attachments"][0].get("id") else None

    message = await until(fetched)
    assert message["text"] == "Вот фото"
    assert stall.complaints("ozon/requests.slice.json") == {}


async def test_old_and_answered_reviews_do_not_flood_a_new_inbox(shop, stall):
    old = stall.emulator.user_reviews(ANNA, 2, "Давно")
    stall.emulator.shop_answers(old, "Ответили тогда же")
    fresh = stall.emulator.user_reviews("petr", 2, "Недавно")
    await stall.connect("ozon", **SETTINGS)
    [talk] = await stall.talks("?public=true")
    assert talk["last_message"]["text"] == fresh.text
    assert await shop.conversations("?public=true&status=closed") == []


async def test_an_answer_survives_a_busy_ozon_and_a_lost_subscription_stops_the_inbox(shop, stall):
    await stall.connect("ozon", **SETTINGS)
    review = stall.emulator.user_reviews(ANNA, 3, "Так себе")
    [talk] = await stall.talks("?public=true")
    stall.emulator.fail(Fault.BROKEN)
    message = await shop.agent_replies(talk["id"], "Что исправить?")

    async def got_through():
        shop.clock.forward(seconds=10)
        shop.house.deliverer.ring()
        return (await shop.message(talk["id"], message["id"]))["receipt"] == "sent"

    await until(got_through)
    assert len(review.answers) == 1
    stall.emulator.plus = False

    async def paused():
        return (await shop.inbox(stall.inbox.id)).state == "paused"

    await until(paused)
    [inbox] = [one for one in (await shop.get("/api/v1/inboxes"))["items"] if one["id"] == stall.inbox.id]
    assert "Premium Plus" in inbox["reason"]


async def test_ozons_check_of_the_hook_is_answered_as_it_wants(shop, stall):
    await stall.connect("ozon", **SETTINGS)
    path = f"/hooks/{stall.inbox.key}"
    ping = await shop.ask("POST", path, {"message_type": "TYPE_PING", "time": "2026-11-22T12:00:00Z"}, role=None)
    assert set(ping.json()) == {"version", "name", "time"}
    other = await shop.ask("POST", path, {"message_type": "TYPE_NEW_POSTING", "posting_number": "1"}, role=None)
    assert other.json() == {"result": True}
    forged = await shop.ask("POST", path, {"asked": [["review", {"id": "1", "rating": 1}]]}, role=None)
    assert forged.status == 401
    assert await shop.conversations("?public=true") == []
