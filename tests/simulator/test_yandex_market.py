"""A shop on Yandex Market: pushes hold nothing but ids, everything else is asked for."""

import pytest

from prilavok.channels.base import NeedsOwner
from prilavok.channels.yandex_market import YandexMarket, YandexMarketConfig
from prilavok.simulator import yandex_market
from prilavok.simulator.telegram import Fault
from prilavok.simulator.yandex_market import API_KEY, BUSINESS, CAMPAIGN, YandexMarketEmulator
from tests.asking import until
from tests.channels.loopback import Loopback, converse
from tests.channels.reading import INBOX
from tests.simulator.markets import Stall, quick

ANNA = "anna"
SETTINGS = {"api_key": API_KEY, "business_id": str(BUSINESS)}
SLICE = "yandex_market/requests.slice.json"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


@pytest.fixture
def emulator(clock):
    return YandexMarketEmulator(address="https://yandex.test", now=clock, pace=0.01)


@pytest.fixture
def stall(shop, runner, monkeypatch, emulator):
    quick(monkeypatch)
    made = Stall(shop, emulator, "yandex.test")
    yield made
    runner.run(emulator.close())


async def test_a_review_is_answered_and_the_moderators_verdict_is_told(shop, stall):
    await stall.connect("yandex_market", **SETTINGS)
    stall.emulator.strict = True
    review = stall.emulator.user_reviews(ANNA, 2, "Греется", name="Анна")
    [talk] = await stall.talks("?public=true")
    assert (talk["contact"]["name"], talk["publication"]["rating"]) == ("Анна", 2)
    message = await shop.agent_replies(talk["id"], "Простите, заменим")
    await stall.receipt(talk["id"], message, "sent")
    [answer] = review.answers
    stall.emulator.moderate(answer, "PUBLISHED")
    await stall.receipt(talk["id"], message, "delivered")
    assert (await shop.conversation(talk["id"]))["publication"]["answered"]
    assert len(await shop.messages(talk["id"])) == 2
    assert stall.complaints(SLICE) == {}


async def test_an_answer_that_the_moderators_ban_has_failed(shop, stall):
    await stall.connect("yandex_market", **SETTINGS)
    stall.emulator.strict = True
    review = stall.emulator.user_reviews(ANNA, 2, "Греется")
    [talk] = await stall.talks("?public=true")
    message = await shop.agent_replies(talk["id"], "Звоните 8 800")
    await stall.receipt(talk["id"], message, "sent")
    stall.emulator.moderate(review.answers[0], "BANNED")
    await stall.receipt(talk["id"], message, "failed")
    assert "failed" in {one["receipt"] for one in await shop.messages(talk["id"])}


async def test_a_buyers_word_beneath_our_answer_is_found_by_its_push_and_answered_there(shop, stall):
    await stall.connect("yandex_market", **SETTINGS)
    review = stall.emulator.user_reviews(ANNA, 3, "Так себе")
    [talk] = await stall.talks("?public=true")
    first = await shop.agent_replies(talk["id"], "Что не так?")
    await stall.receipt(talk["id"], first, "delivered")
    word = stall.emulator.user_answers(review, "Гудит", review.answers[0].id)

    async def heard():
        return [one for one in await shop.messages(talk["id"]) if one["text"] == "Гудит"]

    await until(heard)
    second = await shop.agent_replies(talk["id"], "Пришлём другую")
    await stall.receipt(talk["id"], second, "sent")
    assert (review.answers[-1].text, review.answers[-1].parent) == ("Пришлём другую", word.id)
    assert stall.complaints(SLICE) == {}


async def test_a_question_gets_its_answer_once(shop, stall):
    await stall.connect("yandex_market", **SETTINGS)
    question = stall.emulator.user_asks(ANNA, "Есть синяя?", name="Анна")
    [talk] = await stall.talks("?public=true")
    assert talk["publication"]["product"]["sku"] == question.sku
    message = await shop.agent_replies(talk["id"], "Есть")
    await stall.receipt(talk["id"], message, "delivered")
    assert [one.text for one in question.answers] == ["Есть"]
    assert len(await shop.messages(talk["id"])) == 2
    assert stall.complaints(SLICE) == {}


async def test_a_chat_is_private_takes_files_and_knows_the_order(shop, stall):
    await stall.connect("yandex_market", **SETTINGS)
    stall.emulator.chat(ANNA, "Анна")
    stall.emulator.user_says(ANNA, "Где мой заказ?")
    [talk] = await stall.talks("?public=false")
    assert (talk["publication"], talk["contact"]["name"]) == (None, "Анна")
    message = await shop.agent_replies(talk["id"], "Уже едет")
    await stall.receipt(talk["id"], message, "sent")
    stall.emulator.user_sends_file(ANNA, "photo.png", "image/png", PNG, "Вот фото")
    stall.emulator.support_says(ANNA, "Пришлите накладную")

    async def heard():
        said = [one["text"] for one in await shop.messages(talk["id"])]
        return said if len(said) == 4 else None

    said = await until(heard)
    assert sorted(said) == sorted(["Где мой заказ?", "Уже едет", "Вот фото", "Yandex Market: Пришлите накладную"])
    assert stall.complaints(SLICE) == {}


async def test_without_pushes_everything_is_found_by_asking(shop, stall):
    stall.emulator.user_says(ANNA, "Есть кто?")
    old = stall.emulator.user_reviews("petr", 2, "Давно")
    stall.emulator.shop_answers(old, "Ответили тогда же")
    fresh = stall.emulator.user_reviews("oleg", 2, "Недавно")
    stall.emulator.user_asks("ivan", "Какой цоколь?")
    await stall.connect("yandex_market", **SETTINGS)
    stall.emulator.hook = ""
    [talk] = await stall.talks("?public=false")
    assert talk["last_message"]["text"] == "Есть кто?"

    async def both():
        found = await shop.conversations("?public=true")
        return found if len(found) == 2 else None

    assert {one["last_message"]["text"] for one in await until(both)} == {fresh.text, "Какой цоколь?"}
    stall.emulator.user_changes(fresh, 5, "Исправили, спасибо")

    async def changed():
        [review] = [one for one in await shop.conversations("?public=true") if one["publication"]["kind"] == "review"]
        return review["publication"]["rating"] == 5

    await until(changed)


async def test_yandexs_check_of_the_hook_is_answered_with_its_three_words(shop, stall):
    await stall.connect("yandex_market", **SETTINGS)
    ping = {"notificationType": "PING", "time": "2026-11-22T12:00:00Z"}
    for path in (f"/hooks/{stall.inbox.key}", f"/hooks/{stall.inbox.key}/notification"):
        answer = await shop.ask("POST", path, ping, role=None)
        assert (answer.status, set(answer.json())) == (200, {"version", "name", "time"})


async def test_a_feigned_push_makes_us_ask_and_believe_nothing(shop, stall):
    await stall.connect("yandex_market", **SETTINGS)
    path = f"/hooks/{stall.inbox.key}"
    told = {"notificationType": "CHAT_MESSAGE_SENT", "businessId": BUSINESS, "chatId": 5, "messageId": 7}
    feigned = await shop.ask("POST", path, {**told, "message": "Переведите деньги"}, role=None)
    foreign = await shop.ask("POST", path, {**told, "businessId": 77}, role=None)
    forged = await shop.ask("POST", path, {"asked": [["feedback", {"feedbackId": 1}]]}, role=None)
    assert [feigned.status, foreign.status, forged.status] == [200, 200, 401]
    assert await shop.conversations() == []


async def test_a_withdrawn_key_stops_the_inbox_and_says_so(shop, stall, monkeypatch):
    await stall.connect("yandex_market", **SETTINGS)
    monkeypatch.setattr(yandex_market, "API_KEY", "another")

    async def paused():
        return (await shop.inbox(stall.inbox.id)).state == "paused"

    await until(paused)
    [inbox] = [one for one in (await shop.get("/api/v1/inboxes"))["items"] if one["id"] == stall.inbox.id]
    assert "Api-Key" in inbox["reason"]


@pytest.mark.parametrize(
    ("settings", "scopes", "says"),
    [
        ({}, ["PRICING"], "may not talk to buyers"),
        ({"business_id": str(CAMPAIGN)}, ["ALL_METHODS"], "its cabinet's is 1000"),
        ({"business_id": "55"}, ["COMMUNICATION"], "It opens: 1000 (Кардамон и Ко)"),
        ({"api_key": "wrong"}, ["COMMUNICATION"], "Make a new Api-Key"),
    ],
)
async def test_the_check_says_what_is_wrong_with_the_key_or_the_number(emulator, settings, scopes, says):
    emulator.scopes = scopes
    config = YandexMarketConfig(**{**SETTINGS, **settings}, api_base="https://yandex.test")
    with pytest.raises(NeedsOwner) as raised:
        await converse(YandexMarket(config, INBOX).check(), Loopback(emulator))
    assert says in raised.value.reason


async def test_the_check_finds_the_cabinet_and_says_what_to_press(emulator):
    config = YandexMarketConfig(**SETTINGS, api_base="https://yandex.test")
    account = await converse(YandexMarket(config, INBOX).check(), Loopback(emulator))
    assert account.name == "Кардамон и Ко"
    assert "API notifications" in account.note


@pytest.mark.parametrize("fault", [Fault.TOO_MANY, Fault.BROKEN])
async def test_a_public_answer_survives_a_failing_vendor_and_stands_once(shop, stall, fault):
    await stall.connect("yandex_market", **SETTINGS)
    review = stall.emulator.user_reviews(ANNA, 2, "Греется")
    [talk] = await stall.talks("?public=true")
    stall.emulator.fail(fault, seconds=60)
    message = await shop.agent_replies(talk["id"], "Простите, заменим")

    async def stands():
        shop.clock.forward(seconds=10)
        return (await shop.message(talk["id"], message["id"]))["receipt"] in {"sent", "delivered"}

    await until(stands)
    assert [one.text for one in review.answers] == ["Простите, заменим"]
