"""VK, whole: the real connector, the emulated vendor, the real hooks between them."""

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest

from prilavok.channels.base import NeedsOwner, Outbound, Request, Standing, Undeliverable
from prilavok.flows.join import offer_link
from prilavok.simulator import vk
from prilavok.simulator.telegram import Fault
from prilavok.simulator.vk.contract import METHODS, VERSION, rule
from tests.asking import until
from tests.channels.loopback import converse
from tests.channels.reading import INBOX
from tests.simulator.roads import Street

OLGA = "+79161234567"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
SLICE = json.loads((Path(__file__).parents[1] / "channels/fixtures/vk/methods-5.199.slice.json").read_text())


@pytest.mark.parametrize("method", METHODS)
def test_the_table_is_a_part_of_the_vendors_own(method):
    who, ours = METHODS[method]
    theirs = SLICE["methods"][method]
    assert who in theirs["tokens"]
    for name, text in ours.items():
        wanted, mine = theirs["parameters"][name], rule(text)
        assert mine["type"] in wanted["type"], name
        assert mine.get("maxLength") == wanted.get("maxLength"), name
        assert mine.get("required", False) == wanted.get("required", False), name
        assert mine.get("enum") == wanted.get("enum"), name
    assert {name for name, one in theirs["parameters"].items() if one.get("required")} <= set(ours)


class Chat(Street):
    async def connect(self):
        self.inbox = await self.shop.connect(
            "vk",
            group_id=str(vk.GROUP),
            access_token=vk.TOKEN,
            admin_token=vk.ADMIN_TOKEN,
            confirmation=vk.CODE,
            api_base="https://vendor.test/method",
        )
        await converse(self.inbox.channel.connect(), self.roads)
        return self


@pytest.fixture
def chat(shop, runner):
    made = Chat(shop, vk.VkEmulator)
    yield runner.run(made.connect())
    runner.run(made.vendor.close())


async def test_connecting_registers_the_hook_and_answers_with_the_confirmation_string(shop, chat):
    assert chat.vendor.hook == shop.house.directory.hook_url(chat.inbox.key)
    assert chat.vendor.status == "ok"
    assert chat.vendor.events == set(vk.EVENTS)
    account = await converse(chat.inbox.channel.check(), chat.roads)
    assert (account.name, account.handle, account.note) == ("Кардамон", "kardamon", "")
    await converse(chat.inbox.channel.connect(), chat.roads)
    assert [method for method, _ in chat.vendor.requests].count("groups.addCallbackServer") == 1


async def test_a_message_comes_in_is_answered_and_everything_before_it_is_read_too(shop, chat):
    sent = chat.vendor.user_says(OLGA, "Где мой заказ?")
    conversation = await chat.only()
    await until(lambda: sent.status == "taken")
    first = await shop.agent_replies(conversation["id"], "Сейчас посмотрю.")
    second = await shop.agent_replies(conversation["id"], "Уже едет.")
    await chat.receipt(conversation["id"], second, "sent")
    chat.vendor.look(OLGA, open=True)
    read = [await chat.receipt(conversation["id"], message, "read") for message in (first, second)]
    assert all(one["times"]["read"] for one in read)


async def test_the_event_is_repeated_until_the_answer_is_exactly_ok(shop, chat):
    hook, calls = chat.vendor.knocker.post, []

    async def post(url, headers, body):
        calls.append(body)
        status, answered, content = await hook(url, headers, body)
        return status, answered, b'{"ok":true}' if len(calls) == 1 else content

    chat.vendor.knocker.post = post
    sent = chat.vendor.user_says(OLGA, "Вы тут?")
    await until(lambda: sent.status == "taken")
    assert len(calls) == 2
    conversation = await chat.only()
    assert len(await shop.messages(conversation["id"])) == 1


async def test_a_link_brings_the_visitor_and_the_conversation_along(shop, chat):
    await shop.customer_writes("Есть доставка в Минск?", who="olga")
    conversation = await chat.only()
    visitor = (await shop.conversation(conversation["id"]))["channels"][0]["identity_id"]
    link = await shop.house.bus.do(offer_link, shop.id, visitor, chat.inbox.id)
    assert link.startswith("https://vk.me/vk?ref=")
    chat.vendor.user_starts(OLGA, payload=link.rpartition("=")[2])

    async def way():
        ways = (await shop.conversation(conversation["id"]))["channels"]
        return next((one for one in ways if one["inbox_id"] == chat.inbox.id and one["can_reply"]), None)

    await until(way)
    await shop.agent_replies(conversation["id"], "Да, каждый день.", inbox_id=chat.inbox.id)
    await chat.arrived(OLGA, "Да, каждый день.")
    assert len(await shop.conversations()) == 1


async def test_a_pressed_button_comes_back_with_what_it_carries(shop, chat):
    chat.vendor.user_says(OLGA, "Заказ 7")
    conversation = await chat.only()
    buttons = [{"text": f"В {hour} часов", "data": f"o:7:{hour}"} for hour in range(10, 18)]
    await shop.agent_replies(conversation["id"], "Когда?", buttons=buttons)
    asked = await chat.arrived(OLGA, "Когда?")
    chat.vendor.user_presses(OLGA, asked.id, asked.buttons[3]["id"])
    assert (await chat.said(conversation["id"], "В 13 часов"))["content"]["button"] == "o:7:13"


async def test_an_edit_keeps_the_old_text(shop, chat):
    sent = chat.vendor.user_says(OLGA, "Заказ 1042")
    conversation = await chat.only()
    chat.vendor.user_edits(OLGA, sent.id, "Заказ 1043")
    assert (await chat.said(conversation["id"], "Заказ 1043"))["original_text"] == "Заказ 1042"


async def test_whoever_forbids_messages_cannot_be_written_to_until_they_allow_them(shop, chat):
    chat.vendor.user_says(OLGA, "Сколько стоит?")
    conversation = await chat.only()
    chat.vendor.user_blocks(OLGA, blocked=True)

    async def way(wanted):
        found = await chat.way(conversation["id"], chat.inbox.id)
        return found if found["can_reply"] is wanted else None

    assert (await until(lambda: way(False)))["reason"] == "unreachable: blocked"
    chat.vendor.user_blocks(OLGA, blocked=False)
    await until(lambda: way(True))


async def test_a_reply_to_somebody_who_has_just_left_fails_and_says_why(shop, chat):
    chat.vendor.user_says(OLGA, "Сколько стоит?")
    conversation = await chat.only()
    chat.vendor.knocker.hold()
    chat.vendor.user_blocks(OLGA, blocked=True)
    message = await shop.agent_replies(conversation["id"], "Сто рублей")
    assert (await chat.receipt(conversation["id"], message, "failed"))["reason"] == "blocked"
    assert not (await chat.way(conversation["id"], chat.inbox.id))["can_reply"]


async def test_a_picture_comes_and_pictures_and_files_go_in_one_message(shop, chat):
    chat.vendor.user_sends_file(OLGA, "photo.png", "image/png", PNG, "Разбитая чашка")
    conversation = await chat.only()
    assert (await chat.fetched(conversation["id"]))["type"] == "image/png"
    picture = (await shop.ask("POST", "/api/v1/files?name=new.png", body=PNG)).json()
    bill = (await shop.ask("POST", "/api/v1/files?name=bill.pdf", body=b"%PDF-1.7 bill")).json()
    await shop.agent_replies(conversation["id"], "Вот новая", attachments=[picture["id"], bill["id"]])
    arrived = await chat.arrived(OLGA, "Вот новая")
    assert [file.data for file in arrived.files] == [PNG, b"%PDF-1.7 bill"]


@pytest.mark.parametrize("fault", [Fault.TOO_MANY, Fault.BROKEN, Fault.DONE_BUT_CUT, Fault.NONSENSE])
async def test_a_fault_of_vks_is_overcome_and_never_makes_a_second_copy(shop, chat, fault):
    chat.vendor.user_says(OLGA, "Вы тут?")
    conversation = await chat.only()
    chat.vendor.fail(fault)
    message = await shop.agent_replies(conversation["id"], "Тут!")

    async def sent():
        shop.clock.forward(seconds=1)
        return (await shop.message(conversation["id"], message["id"]))["receipt"] == "sent"

    await until(sent)
    assert [one.text for one in chat.vendor.talk(OLGA).bubbles if not one.mine] == ["Тут!"]
    assert await shop.outbox("perhaps") == []


async def test_events_twice_and_in_another_order_are_each_message_once(shop, chat):
    chat.vendor.knocker.hold()
    for text in ("Раз", "Два", "Три"):
        chat.vendor.user_says(OLGA, text)
    chat.vendor.knocker.release(twice=True)
    await chat.vendor.knocker.settled()
    conversation = await chat.only()
    assert sorted(one["text"] for one in await shop.messages(conversation["id"])) == ["Два", "Раз", "Три"]


async def test_a_comment_under_a_post_is_answered_for_everybody_and_once(shop, chat):
    comment = chat.vendor.user_comments(OLGA, "А в Минск?")
    await chat.vendor.knocker.settled()
    answer = Outbound(
        message_id="m-1", conversation_id="c", address="1", text="Да!", replies_to=comment.id, public=True
    )
    made = await converse(chat.inbox.channel.deliver(answer), chat.roads)
    again = await converse(chat.inbox.channel.deliver(answer), chat.roads)
    assert made.provider_id == again.provider_id
    assert [(one.text, one.public) for one in chat.vendor.talk(OLGA).bubbles] == [("А в Минск?", True), ("Да!", True)]
    await converse(chat.inbox.channel.moderate("report", comment.id), chat.roads)
    await converse(chat.inbox.channel.moderate("delete", comment.id), chat.roads)
    assert chat.vendor.reported == [comment.id.rpartition("_")[2]]
    assert chat.vendor.talk(OLGA).bubbles[0].deleted
    gone = replace(answer, message_id="m-2", replies_to="wall-1_2_3")
    with pytest.raises(Undeliverable):
        await converse(chat.inbox.channel.deliver(gone), chat.roads)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"access_token": "wrong"}, "access key"),
        ({"confirmation": "0000"}, vk.CODE),
        ({"confirmation": ""}, vk.CODE),
        ({"group_id": "7"}, "another community"),
    ],
)
async def test_the_owner_hears_what_to_repair(chat, change, says):
    wrong = msgspec.structs.replace(chat.inbox.channel.config, **change)
    with pytest.raises(NeedsOwner, match=says):
        await converse(type(chat.inbox.channel)(wrong, chat.inbox.channel.inbox).check(), chat.roads)


async def test_a_key_without_a_right_is_refused_with_the_rights_name(chat):
    chat.vendor.rights = ("messages", "photos", "docs", "manage")
    with pytest.raises(NeedsOwner, match="wall"):
        await converse(chat.inbox.channel.check(), chat.roads)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"surprise": "1"}, 100),
        ({"random_id": "0"}, 100),
        ({"random_id": "x"}, 100),
        ({"v": "5.100"}, 100),
        ({"message": ""}, 100),
        ({"message": "x" * 4097}, 914),
        ({"message": "x" * 9001}, 914),
        ({"attachment": "photo1_2"}, 100),
        ({"keyboard": '{"one_time":false,"inline":true,"buttons":[]}'}, 911),
        (
            {"keyboard": json.dumps({"one_time": False, "inline": True, "buttons": [[{"action": {"type": "text"}}]]})},
            911,
        ),
    ],
)
async def test_what_vk_would_refuse_the_emulator_refuses(chat, change, code):
    chat.vendor.user_says(OLGA, "Привет")
    right = {"peer_ids": chat.vendor.rooms.of(OLGA).id, "random_id": "7", "message": "Да", "v": VERSION}

    async def ask(fields):
        headers = {"authorization": f"Bearer {vk.TOKEN}"}
        body = urlencode(fields).encode()
        answer = await chat.roads.http(
            Request("POST", "https://vendor.test/method/messages.send", headers=headers, body=body)
        )
        return answer.json()

    assert (await ask({**right, **change}))["error"]["error_code"] == code
    assert "response" in await ask(right)


async def test_whoever_writes_is_called_by_the_name_that_vk_knows(shop, chat):
    chat.vendor.user_says(OLGA, "Добрый день", name="Ольга Миронова")
    conversation = await chat.only()

    async def named():
        return (await shop.conversation(conversation["id"]))["contact"]["name"] == "Ольга Миронова"

    await until(named)
    assert [method for method, _ in chat.vendor.requests].count("users.get") == 1
    with pytest.raises(Undeliverable):
        await converse(chat.inbox.channel.profile("1"), chat.roads)


@pytest.mark.parametrize("where", ["wall", "photo", "video", "market"])
async def test_our_answer_to_a_comment_is_changed_and_taken_away(shop, chat, where):
    comment = chat.vendor.user_comments(OLGA, "А зелёные есть?", where=where)
    talk = await chat.only()
    said = await shop.agent_replies(talk["id"], "Нет.")
    await chat.receipt(talk["id"], said, "sent")
    answer = chat.vendor.talk(OLGA).bubbles[-1]
    assert (answer.text, answer.reply_to) == ("Нет.", comment.id)
    for act, text in (("edit", "Есть!"), ("delete", "")):
        asked = {"act": act, "text": text}
        assert (await shop.ask("POST", f"/api/v1/messages/{said['id']}/moderate", asked)).status == 202

        async def done(act=act):
            now = await shop.message(talk["id"], said["id"])
            return now if now["content"]["moderation"] == {"act": act, "state": "done"} else None

        last = await until(done)
    assert (answer.text, answer.deleted) == ("Есть!", True)
    assert (last["text"], last["original_text"], bool(last["deleted_at"])) == ("Есть!", "Нет.", True)


async def test_without_an_administrators_token_only_the_wall_is_answered(shop, chat):
    poor = type(chat.inbox.channel)(msgspec.structs.replace(chat.inbox.channel.config, admin_token=""), INBOX)
    for act in (poor.amend(Standing("wall-1_2_3", "", ""), "Да"), poor.moderate("delete", "photo-1_2_3")):
        with pytest.raises(Undeliverable, match="administrator"):
            await converse(act, chat.roads)
