"""A shop on Rozetka: everything is asked for, with a token that dies whenever somebody signs in anew."""

import pytest

from prilavok.channels.base import NeedsOwner
from prilavok.channels.rozetka import Rozetka, RozetkaConfig
from prilavok.simulator.rozetka import LOGIN, PASSWORD, RozetkaEmulator
from tests.asking import until
from tests.channels.loopback import Loopback, converse
from tests.channels.reading import INBOX
from tests.simulator.markets import Stall, quick

ANNA = "anna"
SETTINGS = {"username": LOGIN, "password": PASSWORD}
SLICE = "rozetka/requests.slice.json"


@pytest.fixture
def emulator(clock):
    return RozetkaEmulator(address="https://rozetka.test", now=clock, pace=0.01)


@pytest.fixture
def stall(shop, runner, monkeypatch, emulator):
    quick(monkeypatch)
    made = Stall(shop, emulator, "rozetka.test")
    yield made
    runner.run(emulator.close())


async def test_a_question_is_answered_beneath_it_though_the_session_ended_meanwhile(shop, stall):
    await stall.connect("rozetka", **SETTINGS)
    question = stall.emulator.user_asks(ANNA, "Чи є синя?", name="Анна")
    [talk] = await stall.talks("?public=true")
    assert (talk["contact"]["name"], talk["publication"]["product"]["name"]) == ("Анна", "Чайник «Туман»")
    stall.emulator.session_ends()
    message = await shop.agent_replies(talk["id"], "Є")
    await stall.receipt(talk["id"], message, "delivered")
    assert [one.text for one in question.answers] == ["Є"]
    assert len(await shop.messages(talk["id"])) == 2
    assert stall.complaints(SLICE) == {}


async def test_a_review_of_the_shop_is_answered_by_its_own_call(shop, stall):
    await stall.connect("rozetka", **SETTINGS)
    review = stall.emulator.user_judges(ANNA, "Довга доставка", 3)
    [talk] = await stall.talks("?public=true")
    assert talk["publication"]["rating"] == 3
    message = await shop.agent_replies(talk["id"], "Вибачте")
    await stall.receipt(talk["id"], message, "delivered")
    assert [one.text for one in review.answers] == ["Вибачте"]
    assert stall.complaints(SLICE) == {}


async def test_a_chat_is_private_and_a_word_about_a_call_closes_it_at_rozetka(shop, stall):
    await stall.connect("rozetka", **SETTINGS)
    stall.emulator.chat(ANNA, "Анна")
    stall.emulator.user_says(ANNA, "Коли відправите?")
    [talk] = await stall.talks("?public=false")
    message = await shop.agent_replies(talk["id"], "Сьогодні")
    await stall.receipt(talk["id"], message, "sent")
    assert [one.text for one in stall.emulator.talk(ANNA).bubbles] == ["Коли відправите?", "Сьогодні"]
    stall.emulator.user_rings("olena", "Зателефонуйте", "+380500000000")

    async def rung():
        found = await shop.conversations("?public=false")
        return [one for one in found if "+380500000000" in one["last_message"]["text"]]

    [ringing] = await until(rung)
    for words, state in (("Не вирішено: не відповідає", 3), ("Домовилися на завтра", 4)):
        message = await shop.agent_replies(ringing["id"], words)
        await stall.receipt(ringing["id"], message, "sent")
        assert (stall.emulator.calls[0]["status_id"], stall.emulator.calls[0]["status_comment"]) == (state, words)
    refused = await shop.agent_replies(ringing["id"], "Дзвонили " * 40)
    await stall.receipt(ringing["id"], refused, "failed")


async def test_the_check_names_the_shop_or_says_that_the_password_is_wrong(emulator):
    good = RozetkaConfig(**SETTINGS, api_base="https://rozetka.test")
    account = await converse(Rozetka(good, INBOX).check(), Loopback(emulator))
    assert account.name == "Кардамон"
    bad = RozetkaConfig(username=LOGIN, password="wrong", api_base="https://rozetka.test")
    with pytest.raises(NeedsOwner) as raised:
        await converse(Rozetka(bad, INBOX).check(), Loopback(emulator))
    assert "anew" in raised.value.reason


async def test_a_whole_flood_of_calls_is_read_and_what_became_of_one_is_told(shop, stall):
    await stall.connect("rozetka", **SETTINGS)
    for at in range(45):
        stall.emulator.user_rings(f"buyer {at}", "Зателефонуйте", f"+3805000000{at:02}")

    async def rung():
        found = (await shop.get("/api/v1/conversations?limit=100"))["items"]
        return found if len(found) == 45 else None

    found = await until(rung)
    stall.emulator.calls[0]["status_id"] = 4
    first = next(one for one in found if "+380500000000" in one["last_message"]["text"])

    async def solved():
        [message] = await shop.messages(first["id"])
        return message["text"].endswith("Вирішено")

    assert await until(solved)
