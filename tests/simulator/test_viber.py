"""Viber, whole: the real connector, the emulated vendor, the real hooks between them."""

import json

import msgspec
import pytest

from prilavok.channels.base import NeedsOwner, Request
from prilavok.flows.join import offer_link
from prilavok.simulator import viber
from prilavok.simulator.telegram import Fault
from tests.asking import until
from tests.channels.loopback import converse
from tests.simulator.roads import Roads, Street

OLENA = "+380671234567"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"


class Chat(Street):
    async def connect(self) -> "Chat":
        api_base = "https://vendor.test/pa"
        self.inbox = await self.shop.connect("viber", auth_token=viber.TOKEN, sender="Кардамон", api_base=api_base)
        await converse(self.inbox.channel.connect(), self.roads)
        return self


@pytest.fixture
def chat(shop, runner):
    roads = Roads()

    async def fetch(url):
        return await roads.download(url)

    made = Chat(shop, viber.ViberEmulator, download=fetch)
    roads.houses = made.roads.houses
    yield runner.run(made.connect())
    runner.run(made.vendor.close())


async def test_connecting_lets_viber_knock_and_asks_for_every_event(shop, chat):
    assert chat.vendor.hook == shop.house.directory.hook_url(chat.inbox.key)
    assert set(chat.vendor.events) >= {"message", "seen", "failed", "conversation_started", "unsubscribed"}
    account = await converse(chat.inbox.channel.check(), chat.roads)
    assert (account.name, account.handle, account.note) == ("Кардамон", "kardamon", "")


async def test_a_message_comes_in_is_answered_and_seen(shop, chat):
    sent = chat.vendor.user_says(OLENA, "Де моє замовлення?", name="Олена")
    conversation = await chat.only()
    assert conversation["contact"]["name"] == "Олена"
    await until(lambda: sent.status == "taken")
    chat.vendor.knocker.hold()
    message = await shop.agent_replies(conversation["id"], "Вже їде.")
    bubble = await chat.arrived(OLENA, "Вже їде.")
    await chat.receipt(conversation["id"], message, "sent")
    assert int(bubble.id) > 2**53
    chat.vendor.knocker.release(twice=True)
    await chat.receipt(conversation["id"], message, "delivered")
    chat.vendor.look(OLENA, open=True)
    await chat.receipt(conversation["id"], message, "read")


async def test_whoever_only_opens_the_chat_gets_one_welcome_and_is_not_written_to(shop, chat):
    chat.vendor.user_starts(OLENA, name="Олена")
    welcome = await until(lambda: next(iter(chat.vendor.talk(OLENA).bubbles), None))
    assert welcome.text.startswith("Це Кардамон.")
    assert await shop.conversations() == []
    chat.vendor.user_starts(OLENA)
    await chat.vendor.knocker.settled()
    request = {"receiver": viber.viber_id(OLENA), "sender": {"name": "Кардамон"}, "type": "text", "text": "Ще раз"}
    third = await chat.roads.http(call("send_message", request))
    assert third.json()["status"] == 6
    chat.vendor.user_presses(OLENA, welcome.id, welcome.buttons[0]["id"])
    await chat.vendor.knocker.settled()
    assert (await chat.roads.http(call("send_message", request))).json()["status"] == 0
    assert await shop.conversations() == []


def call(method, fields):
    return Request(
        "POST",
        f"https://vendor.test/pa/{method}",
        headers={"x-viber-auth-token": viber.TOKEN},
        body=json.dumps(fields).encode(),
    )


async def test_a_link_brings_the_visitor_and_the_conversation_along(shop, chat):
    await shop.customer_writes("Чи є доставка до Львова?", who="olena")
    conversation = await chat.only()
    visitor = (await shop.conversation(conversation["id"]))["channels"][0]["identity_id"]
    link = await shop.house.bus.do(offer_link, shop.id, visitor, chat.inbox.id)
    assert link.startswith("viber://pa?chatURI=viber&context=")
    chat.vendor.user_starts(OLENA, payload=link.rpartition("=")[2], name="Олена")
    welcome = await until(lambda: next(iter(chat.vendor.talk(OLENA).bubbles), None))

    async def way(wanted):
        ways = (await shop.conversation(conversation["id"]))["channels"]
        found = next((one for one in ways if one["inbox_id"] == chat.inbox.id), None)
        return found if found is not None and found["can_reply"] is wanted else None

    refused = await until(lambda: way(False))
    assert refused["reason"] == "unreachable: has not written to the bot yet"
    chat.vendor.user_presses(OLENA, welcome.id, welcome.buttons[0]["id"])
    await until(lambda: way(True))
    await shop.agent_replies(conversation["id"], "Так, щодня.", inbox_id=chat.inbox.id)
    await chat.arrived(OLENA, "Так, щодня.")
    assert len(await shop.conversations()) == 1


async def test_a_pressed_button_comes_back_with_what_it_carries(shop, chat):
    chat.vendor.user_says(OLENA, "Замовлення 7")
    conversation = await chat.only()
    buttons = [{"text": "Так & ні", "data": "o:7:0"}, {"text": "Дякую"}]
    await shop.agent_replies(conversation["id"], "Оберіть", buttons=buttons)
    asked = await chat.arrived(OLENA, "Оберіть")
    assert [one["title"] for one in asked.buttons] == ["Так & ні", "Дякую"]
    chat.vendor.user_presses(OLENA, asked.id, asked.buttons[0]["id"])
    pressed = await chat.said(conversation["id"], "Так & ні")
    assert pressed["content"]["button"] == "o:7:0"
    chat.vendor.user_presses(OLENA, asked.id, asked.buttons[1]["id"])
    assert "button" not in (await chat.said(conversation["id"], "Дякую"))["content"]
    assert [one.text for one in chat.vendor.talk(OLENA).bubbles if one.mine] == ["Замовлення 7", "Дякую"]


async def test_who_leaves_cannot_be_written_to_until_they_come_back(shop, chat):
    chat.vendor.user_says(OLENA, "Скільки коштує?")
    conversation = await chat.only()
    chat.vendor.user_blocks(OLENA, blocked=True)

    async def way(wanted):
        found = await chat.way(conversation["id"], chat.inbox.id)
        return found if found["can_reply"] is wanted else None

    assert (await until(lambda: way(False)))["reason"] == "unreachable: blocked"
    chat.vendor.user_says(OLENA, "Я тут")
    await until(lambda: way(True))


async def test_a_picture_comes_and_files_go_by_an_address_that_viber_fetches(shop, chat):
    chat.vendor.user_sends_file(OLENA, "photo.png", "image/png", PNG, "Розбита чашка")
    conversation = await chat.only()
    assert (await chat.fetched(conversation["id"]))["type"] == "image/png"
    picture = (await shop.ask("POST", "/api/v1/files?name=new.png", body=PNG)).json()
    bill = (await shop.ask("POST", "/api/v1/files?name=bill.pdf", body=b"%PDF-1.7 bill")).json()
    await shop.agent_replies(conversation["id"], "Ось нова", attachments=[picture["id"]])
    arrived = await chat.arrived(OLENA, "Ось нова")
    assert (arrived.files[0].name, arrived.files[0].data) == ("new.png", PNG)
    await shop.agent_replies(conversation["id"], "І рахунок", attachments=[bill["id"]])
    await until(lambda: len(chat.vendor.requests) == 3)
    assert [one.type for one in chat.vendor.requests] == ["picture", "text", "file"]
    last = await until(
        lambda: next((one for one in chat.vendor.talk(OLENA).bubbles if len(one.files) and one.text == ""), None)
    )
    assert last.files[0].data == b"%PDF-1.7 bill"
    assert "?s=" in chat.vendor.requests[0].media


@pytest.mark.parametrize(
    ("fault", "becomes"), [(Fault.TOO_MANY, "waiting"), (Fault.BROKEN, "waiting"), (Fault.DONE_BUT_CUT, "perhaps")]
)
async def test_a_fault_of_vibers_never_makes_a_second_copy(shop, chat, fault, becomes):
    chat.vendor.user_says(OLENA, "Ви тут?")
    conversation = await chat.only()
    chat.vendor.fail(fault)
    await shop.agent_replies(conversation["id"], "Тут!")
    await until(lambda: shop.outbox(becomes))
    await chat.arrived_in_the_end(OLENA, "Тут!")
    assert [one.text for one in chat.vendor.talk(OLENA).bubbles if not one.mine] == ["Тут!"]


async def test_the_same_callback_twice_is_one_message(shop, chat):
    chat.vendor.knocker.hold()
    chat.vendor.user_says(OLENA, "Раз")
    chat.vendor.user_says(OLENA, "Два")
    chat.vendor.knocker.release(twice=True)
    await chat.vendor.knocker.settled()
    conversation = await chat.only()
    assert [one["text"] for one in await shop.messages(conversation["id"])] == ["Раз", "Два"]


async def test_a_wrong_token_is_told_to_the_owner(chat):
    wrong = msgspec.structs.replace(chat.inbox.channel.config, auth_token="wrong")
    with pytest.raises(NeedsOwner, match="token"):
        await converse(type(chat.inbox.channel)(wrong, chat.inbox.channel.inbox).check(), chat.roads)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"surprise": 1}, 3),
        ({"sender": {"name": "x" * 29}}, 3),
        ({"sender": None}, 3),
        ({"text": "x" * 7001}, 3),
        ({"text": ""}, 4),
        ({"type": "file", "text": "", "media": "https://a.example/x.pdf"}, 4),
        ({"type": "picture", "media": "ftp://a.example/x.jpg"}, 3),
        (
            {"keyboard": {"Type": "keyboard", "Buttons": [{"ActionType": "reply", "ActionBody": "a", "Silent": True}]}},
            3,
        ),
        ({"keyboard": {"Type": "keyboard", "Buttons": []}}, 3),
        ({"receiver": "nobody"}, 5),
    ],
)
async def test_what_viber_would_refuse_the_emulator_refuses(chat, change, status):
    chat.vendor.user_says(OLENA, "Привіт")
    right = {"receiver": viber.viber_id(OLENA), "sender": {"name": "K"}, "type": "text", "text": "Так"}
    assert (await chat.roads.http(call("send_message", right))).json()["status"] == 0
    assert (await chat.roads.http(call("send_message", {**right, **change}))).json()["status"] == status
