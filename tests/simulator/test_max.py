"""MAX, whole: the real connector, the emulated vendor, asked for its updates or called by it."""

import json

import msgspec
import pytest

from prilavok.channels.base import NeedsOwner, Pause, Request
from prilavok.flows.join import offer_link
from prilavok.simulator import max as max_messenger
from prilavok.simulator.telegram import Fault
from tests.asking import until
from tests.channels.loopback import converse
from tests.simulator.roads import Street

OLGA = "+79161234567"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"


class Chat(Street):
    async def connect(self, mode):
        self.inbox = await self.shop.connect(
            "max", token=max_messenger.TOKEN, mode=mode, api_base="https://vendor.test"
        )
        await converse(self.inbox.channel.connect(), self.roads)
        return self


@pytest.fixture
def chat(shop, runner, monkeypatch, request):
    made = Chat(shop, max_messenger.MaxEmulator, prepares=1)
    monkeypatch.setattr(Pause, "perform", no_pause)
    yield runner.run(made.connect(getattr(request, "param", "webhook")))
    runner.run(made.vendor.close())


async def no_pause(self, network):
    """What is waited for in the middle of a message is ready at once."""


either = pytest.mark.parametrize("chat", ["webhook", "polling"], indirect=True)


@either
async def test_a_message_comes_in_is_edited_answered_and_taken_back(shop, chat):
    first = chat.vendor.user_says(OLGA, "Где мой заказ 6?", name="Ольга Ветрова")
    conversation = await chat.only()
    assert conversation["contact"]["name"] == "Ольга Ветрова"
    chat.vendor.user_edits(OLGA, first.id, "Где мой заказ 7?")
    assert (await chat.said(conversation["id"], "Где мой заказ 7?"))["original_text"] == "Где мой заказ 6?"
    message = await shop.agent_replies(conversation["id"], "Уже едет.")
    await chat.receipt(conversation["id"], message, "sent")
    await chat.arrived(OLGA, "Уже едет.")
    chat.vendor.user_deletes(OLGA, first.id)
    await until(lambda: deleted(shop, conversation["id"]))


async def deleted(shop, conversation_id):
    return (await shop.messages(conversation_id))[0].get("deleted_at")


@either
async def test_a_pressed_button_comes_back_and_max_hears_that_it_arrived(shop, chat):
    chat.vendor.user_says(OLGA, "Заказ 7")
    conversation = await chat.only()
    await shop.agent_replies(conversation["id"], "Верно?", buttons=[{"text": "Да", "data": "o:7:yes"}])
    asked = await chat.arrived(OLGA, "Верно?")
    chat.vendor.user_presses(OLGA, asked.id, "o:7:yes")
    pressed = await chat.said(conversation["id"], "Да")
    assert pressed["content"]["button"] == "o:7:yes"
    await until(lambda: chat.vendor.answered)


@either
async def test_a_link_brings_the_visitor_and_the_conversation_along(shop, chat):
    await shop.customer_writes("Есть доставка в Казань?", who="olga")
    conversation = await chat.only()
    visitor = (await shop.conversation(conversation["id"]))["channels"][0]["identity_id"]
    link = await shop.house.bus.do(offer_link, shop.id, visitor, chat.inbox.id)
    assert link.startswith("https://max.ru/max?start=")
    chat.vendor.user_starts(OLGA, payload=link.rpartition("=")[2], name="Ольга")

    async def way():
        ways = (await shop.conversation(conversation["id"]))["channels"]
        return next((one for one in ways if one["inbox_id"] == chat.inbox.id and one["can_reply"]), None)

    await until(way)
    await shop.agent_replies(conversation["id"], "Да, каждый день.", inbox_id=chat.inbox.id)
    await chat.arrived(OLGA, "Да, каждый день.")
    assert len(await shop.conversations()) == 1


async def test_connecting_takes_other_addresses_away(chat, shop):
    assert chat.vendor.hook == shop.house.directory.hook_url(chat.inbox.key)
    account = await converse(chat.inbox.channel.check(), chat.roads)
    assert (account.name, account.handle) == ("Кардамон", "kardamon_bot")
    asks = msgspec.structs.replace(chat.inbox.channel.config, mode="polling")
    await converse(type(chat.inbox.channel)(asks, chat.inbox.channel.inbox).connect(), chat.roads)
    assert chat.vendor.hook == ""


async def test_a_picture_comes_and_files_go_once_max_has_prepared_them(shop, chat):
    chat.vendor.user_sends_file(OLGA, "photo.png", "image/png", PNG, "Разбитая чашка")
    conversation = await chat.only()
    assert (await chat.fetched(conversation["id"]))["type"] == "image/png"
    picture = (await shop.ask("POST", "/api/v1/files?name=new.png", body=PNG)).json()
    bill = (await shop.ask("POST", "/api/v1/files?name=bill.pdf", body=b"%PDF-1.7 bill")).json()
    message = await shop.agent_replies(conversation["id"], "Вот новая", attachments=[picture["id"], bill["id"]])
    await chat.receipt(conversation["id"], message, "sent")
    files = [file for one in chat.vendor.talk(OLGA).bubbles if not one.mine for file in one.files]
    assert [file.data for file in files] == [PNG, b"%PDF-1.7 bill"]


async def test_who_stops_the_bot_cannot_be_written_to_until_they_start_it(shop, chat):
    chat.vendor.user_says(OLGA, "Сколько стоит?")
    conversation = await chat.only()
    chat.vendor.knocker.hold()
    chat.vendor.user_blocks(OLGA, blocked=True)
    message = await shop.agent_replies(conversation["id"], "Сто рублей")
    assert (await chat.receipt(conversation["id"], message, "failed"))["reason"] == "blocked"
    chat.vendor.knocker.release()

    async def way(wanted):
        found = await chat.way(conversation["id"], chat.inbox.id)
        return found if found["can_reply"] is wanted else None

    await until(lambda: way(False))
    chat.vendor.user_blocks(OLGA, blocked=False)
    await until(lambda: way(True))


@pytest.mark.parametrize("fault", [Fault.TOO_MANY, Fault.BROKEN, Fault.DONE_BUT_CUT])
async def test_a_fault_of_maxs_never_makes_a_second_copy(shop, chat, fault):
    chat.vendor.user_says(OLGA, "Вы тут?")
    conversation = await chat.only()
    chat.vendor.fail(fault, seconds=1)
    await shop.agent_replies(conversation["id"], "Тут!")
    await chat.arrived_in_the_end(OLGA, "Тут!")
    if fault is Fault.DONE_BUT_CUT:
        await until(lambda: shop.outbox("perhaps"))
    assert [one.text for one in chat.vendor.talk(OLGA).bubbles if not one.mine] == ["Тут!"]


async def test_a_wrong_token_is_told_to_the_owner(chat):
    wrong = msgspec.structs.replace(chat.inbox.channel.config, token="wrong")
    with pytest.raises(NeedsOwner, match="token"):
        await converse(type(chat.inbox.channel)(wrong, chat.inbox.channel.inbox).check(), chat.roads)


KEY = {"type": "callback", "text": "Да", "payload": "x"}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"surprise": 1}, 400),
        ({"text": "x" * 4001}, 400),
        ({"text": None}, 400),
        ({"attachments": [{"type": "inline_keyboard", "payload": {"buttons": []}}]}, 400),
        ({"attachments": [{"type": "inline_keyboard", "payload": {"buttons": [[KEY] * 8]}}]}, 400),
        ({"attachments": [{"type": "image", "payload": {"token": "unknown"}}]}, 400),
        ({"link": {"type": "reply", "mid": "mid.unknown"}}, 404),
    ],
)
async def test_what_max_would_refuse_the_emulator_refuses(chat, change, status):
    chat.vendor.user_says(OLGA, "Привет")

    async def ask(fields, person):
        url = f"https://vendor.test/messages?user_id={person}"
        headers = {"authorization": max_messenger.TOKEN}
        return await chat.roads.http(Request("POST", url, headers=headers, body=json.dumps(fields).encode()))

    known = chat.vendor.rooms.of(OLGA).id
    assert (await ask({"text": "Да", **change}, known)).status == status
    assert (await ask({"text": "Да"}, known)).status == 200
    assert (await ask({"text": "Да"}, "7")).status == 404
