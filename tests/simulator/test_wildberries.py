"""A shop on Wildberries: asked for everything, answered once."""

import pytest

from prilavok.channels.base import NeedsOwner
from prilavok.channels.wildberries.access import good_until
from prilavok.simulator import wildberries
from tests.asking import until
from tests.simulator.markets import Stall, quick

ANNA = "anna"
SETTINGS = {"token": wildberries.TOKEN, "chat_base": "https://wb.test"}


@pytest.fixture
def stall(shop, runner, monkeypatch):
    quick(monkeypatch)
    emulator = wildberries.WildberriesEmulator(address="https://wb.test", now=shop.clock, pace=0.01)
    made = Stall(shop, emulator, "wb.test")
    yield made
    runner.run(emulator.close())


async def test_a_review_is_answered_once_and_stands(shop, stall):
    await stall.connect("wildberries", **SETTINGS)
    review = stall.emulator.user_reviews(ANNA, 2, "Мала", name="Анна")
    [talk] = await stall.talks("?public=true")
    assert (talk["contact"]["name"], talk["publication"]["rating"]) == ("Анна", 2)
    assert talk["publication"]["product"]["name"] == "Чайник «Туман»"
    message = await shop.agent_replies(talk["id"], "Поменяем на больший размер")
    await stall.receipt(talk["id"], message, "delivered")
    assert [one.text for one in review.answers] == ["Поменяем на больший размер"]
    [way] = (await shop.conversation(talk["id"]))["channels"]
    assert (way["can_reply"], way["reason"]) == (False, "answered_already")


async def test_a_question_is_answered_by_its_own_call(shop, stall):
    await stall.connect("wildberries", **SETTINGS)
    question = stall.emulator.user_asks(ANNA, "Есть синяя?")
    [talk] = await stall.talks("?public=true")
    message = await shop.agent_replies(talk["id"], "Есть")
    await stall.receipt(talk["id"], message, "delivered")
    assert [one.text for one in question.answers] == ["Есть"]
    assert stall.complaints("wildberries/requests.slice.json") == {}


async def test_a_chat_is_private_and_is_answered_under_its_signature(shop, stall):
    await stall.connect("wildberries", **SETTINGS)
    stall.emulator.user_says(ANNA, "Пришёл не тот цвет", name="Анна")
    [talk] = await stall.talks("?public=false")
    assert talk["contact"]["name"] == "Анна"
    message = await shop.agent_replies(talk["id"], "Оформим возврат\r\n--boundary")
    await stall.receipt(talk["id"], message, "sent")
    assert [one.text for one in stall.emulator.talk(ANNA).bubbles][-1] == "Оформим возврат\r\n--boundary"


async def test_a_stranger_is_never_written_to_first(shop, stall):
    await stall.connect("wildberries", **SETTINGS)
    stall.emulator.user_reviews(ANNA, 1, "Ужас")
    [talk] = await stall.talks("?public=true")
    message = await shop.agent_replies(talk["id"], "Простите")
    await stall.receipt(talk["id"], message, "delivered")
    aside = await shop.ask("POST", f"/api/v1/conversations/{talk['id']}/private", {"text": "Напишите нам"})
    assert aside.status == 409


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("abc", "no token"),
        ("a.b.c", "no token"),
        (wildberries.token(until=1), "ended on 1970-01-01"),
        (wildberries.token(rights=1 << 7), "lacks a category"),
    ],
)
def test_a_token_that_is_no_good_is_noticed_before_it_is_used(clock, given, says):
    with pytest.raises(NeedsOwner) as raised:
        good_until(given, clock())
    assert says in raised.value.reason
    assert f"{good_until(wildberries.TOKEN, clock()):%Y-%m-%d}" == "2100-01-01"


async def test_a_question_is_rejected_with_a_sentence_and_a_review_cannot_be(shop, stall):
    await stall.connect("wildberries", **SETTINGS)
    question = stall.emulator.user_asks(ANNA, "Кто у вас директор?")
    [talk] = await stall.talks("?public=true")
    assert (await shop.conversation(talk["id"]))["publication"]["moderates"] == ["hide"]
    [asked] = await shop.messages(talk["id"])
    assert (await shop.ask("POST", f"/api/v1/messages/{asked['id']}/moderate", {"act": "hide"})).status == 202
    await until(lambda: question.id in stall.emulator.rejected)
    stall.emulator.user_reviews("olga", 1, "Ужас", name="Ольга")

    async def both():
        found = await shop.conversations("?public=true")
        return found if len(found) == 2 else None

    review = next(one for one in await until(both) if one["contact"]["name"] == "Ольга")
    assert (await shop.conversation(review["id"]))["publication"]["moderates"] == []
    [said] = await shop.messages(review["id"])
    assert (await shop.ask("POST", f"/api/v1/messages/{said['id']}/moderate", {"act": "hide"})).status == 422
    assert stall.complaints("wildberries/requests.slice.json") == {}
