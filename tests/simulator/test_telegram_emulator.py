"""The emulator is Telegram enough: its table is the vendor's, its updates are readable, its faults are real."""

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from prilavok.channels.base import (
    Attachment,
    Button,
    Edited,
    Hook,
    Inbound,
    NeedsOwner,
    Outbound,
    Reachability,
    Received,
    Request,
    TryLater,
    Undeliverable,
)
from prilavok.channels.telegram import Telegram, TelegramConfig
from prilavok.channels.transport import Transport, perform
from prilavok.simulator.telegram import ChatMessage, Fault, Person, TelegramEmulator, calls
from prilavok.simulator.telegram.contract import METHODS, TYPES, fields
from tests.channels.loopback import Loopback, converse
from tests.channels.reading import INBOX

TOKEN = "987654321:AAExampleTokenForTests"
SPEC = json.loads((Path(__file__).parents[1] / "channels/fixtures/telegram/bot-api-10.1.slice.json").read_text())


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        *((table, SPEC["methods"][name]) for name, table in METHODS.items()),
        *((table, SPEC["types"][name]) for name, table in TYPES.items()),
    ],
    ids=[*METHODS, *TYPES],
)
def test_the_table_is_a_part_of_the_vendors_own(ours: str, theirs: dict[str, Any]) -> None:
    for name, (types, required) in fields(ours).items():
        assert set(types) <= set(theirs[name]["types"]), name
        assert required == theirs[name]["required"], name
    assert {name for name, field in theirs.items() if field["required"]} <= set(fields(ours))


def shop(**settings: Any) -> tuple[TelegramEmulator, Person, Telegram]:
    emulator = TelegramEmulator(**settings)
    emulator.add_bot(TOKEN, username="shop_bot", name="Lamps")
    olena = emulator.add_user("Olena", language="uk", phone="+380501112233", username="olena_k")
    config = TelegramConfig(token=TOKEN, api_base="http://telegram.test", mode="webhook")
    return emulator, olena, Telegram(Telegram.prepare(config), INBOX)


def outbound(person: Person, text: str = "Hello", **more: Any) -> Outbound:
    return Outbound(message_id="m", conversation_id="c", address=str(person.id), text=text, **more)


async def ask(emulator: TelegramEmulator, method: str, **given: Any) -> dict[str, Any]:
    request = Request(
        "POST",
        f"http://t/bot{TOKEN}/{method}",
        headers={"content-type": "application/json"},
        body=json.dumps(given).encode(),
    )
    answer = (await Loopback(emulator).http(request)).json()
    assert isinstance(answer, dict)
    return answer


def test_everything_a_person_does_is_understood_by_the_channel() -> None:
    async def run() -> None:
        emulator, olena, bound = shop()
        seen: list[ChatMessage] = []
        end = emulator.subscribe(seen.append)
        first = await emulator.user_starts(olena.id, "one-time-token")
        await emulator.user_says(olena.id, "Де моє замовлення?", reply_to=first.id)
        await emulator.user_sends_photo(olena.id, b"jpeg", "розбите")
        await emulator.user_sends_album(olena.id, [b"1", b"2"], "обидва")
        await emulator.user_sends_voice(olena.id, b"ogg")
        await emulator.user_sends_file(olena.id, "рахунок.pdf", "application/pdf", b"%PDF")
        await emulator.user_sends_location(olena.id, 50.45, 30.52)
        await emulator.user_shares_contact(olena.id)
        await emulator.user_edits(olena.id, seen[1].id, "Де 1042?")
        await emulator.user_blocks(olena.id)
        await emulator.user_unblocks(olena.id)
        end()
        came = await everything(emulator, bound)
        messages = [one for one in came if isinstance(one, Received)]
        assert (messages[0].link_token, messages[0].silent) == ("one-time-token", True)
        assert messages[1].text == "Де моє замовлення?"
        assert messages[1].replies_to == (messages[0].provider_id,)
        assert messages[3].album == messages[4].album != ""
        assert [file.kind for one in messages for file in one.attachments] == [
            "image",
            "image",
            "image",
            "voice",
            "file",
        ]
        assert messages[-2].content["location"] == {"lat": 50.45, "lon": 30.52}
        assert messages[-1].sender.phone == "+380501112233"
        assert [one.text for one in came if isinstance(one, Edited)] == ["Де 1042?"]
        assert [one.reachable for one in came if isinstance(one, Reachability)] == [False, True]
        assert {one.sender.name for one in messages} == {"Olena"}
        assert len(seen) == len(messages) + 1  # and the edit
        network = Loopback(emulator)
        for one in messages:
            for file in one.attachments:
                fetched = await converse(bound.fetch(file.ref or ""), network)
                assert fetched.data in {b"jpeg", b"1", b"2", b"ogg", b"%PDF"}

    asyncio.run(run())


async def everything(emulator: TelegramEmulator, bound: Telegram) -> list[Inbound]:
    answer = await ask(emulator, "getUpdates")
    return list(bound.parse(hook(bound, json.dumps(answer).encode())))


def hook(bound: Telegram, body: bytes) -> Hook:
    headers = {"x-telegram-bot-api-secret-token": bound.config.secret_token}
    return Hook(body=body, headers=headers, received_at=datetime.now(UTC))


def test_a_confirmed_update_comes_no_more_and_an_unasked_one_never() -> None:
    async def run() -> None:
        emulator, olena, _ = shop()
        await ask(emulator, "getUpdates", allowed_updates=["message"])
        message = await emulator.user_says(olena.id, "one")
        await emulator.user_edits(olena.id, message.id, "two")
        (update,) = (await ask(emulator, "getUpdates"))["result"]
        assert (await ask(emulator, "getUpdates"))["result"] == [update]
        assert (await ask(emulator, "getUpdates", offset=update["update_id"] + 1))["result"] == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "given", "said"),
    [
        ("sendMessage", {"chat_id": 1, "text": "x"}, "chat not found"),
        ("sendMessage", {"text": "x"}, "needs the field chat_id"),
        ("sendMessage", {"chat_id": "olena", "txt": "x"}, "no field txt"),
        ("sendMessage", {"chat_id": "olena", "text": 5}, "not of type String"),
        ("sendMessage", {"chat_id": "olena", "text": ""}, "text is empty"),
        ("sendMessage", {"chat_id": "olena", "text": "x" * 4097}, "too long"),
        ("sendMessage", {"chat_id": "olena", "text": "x", "reply_parameters": {"message_id": 99}}, "not found"),
        ("sendPhoto", {"chat_id": "olena", "photo": "nothing"}, "Wrong HTTP URL"),
        ("sendPhoto", {"chat_id": "olena", "photo": "https://a.example/a.jpg", "caption": "x" * 1025}, "too long"),
        ("sendMediaGroup", {"chat_id": "olena", "media": []}, "2 to 10"),
        ("getFile", {"file_id": "nothing"}, "invalid file_id"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
        ("banChatMember", {}, "Not Found"),
        ("setWebhook", {"url": "http://shop.example/hook"}, "HTTPS URL"),
    ],
)
def test_what_telegram_refuses_is_refused_here(method: str, given: dict[str, Any], said: str) -> None:
    async def run() -> None:
        emulator, olena, _ = shop()
        await emulator.user_starts(olena.id)
        if given.get("chat_id") == "olena":
            given["chat_id"] = olena.id
        answer = await ask(emulator, method, **given)
        assert not answer["ok"]
        assert said in answer["description"]

    asyncio.run(run())


@pytest.mark.parametrize("data", ["", "x" * 65, "я" * 33])
def test_a_button_with_too_much_or_nothing_in_it_is_refused(data: str) -> None:
    async def run() -> None:
        emulator, olena, _ = shop()
        await emulator.user_starts(olena.id)
        markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        answer = await ask(emulator, "sendMessage", chat_id=olena.id, text="x", reply_markup=markup)
        assert "BUTTON_DATA_INVALID" in answer["description"]

    asyncio.run(run())


def test_who_never_started_or_has_blocked_or_is_gone_cannot_be_written_to() -> None:
    async def run() -> None:
        emulator, olena, bound = shop()
        network = Loopback(emulator)
        emulator.chat(olena.id)
        for change in (
            lambda: None,
            lambda: emulator.user_blocks(olena.id),
            lambda: setattr(olena, "deactivated", True),
        ):
            if (done := change()) is not None:
                await done
            with pytest.raises(Undeliverable) as raised:
                await converse(bound.deliver(outbound(olena)), network)
            assert raised.value.address_is_dead
        olena.deactivated = False
        await emulator.user_starts(olena.id)
        assert (await converse(bound.deliver(outbound(olena)), network)).provider_id
        emulator.bots.clear()
        with pytest.raises(NeedsOwner):
            await converse(bound.check(), network)

    asyncio.run(run())


class Shop:
    """Our side of a webhook: refuses as told, and keeps what it took."""

    def __init__(self, bound: Telegram, statuses: list[int] | None = None) -> None:
        self.bound = bound
        self.statuses = statuses or []
        self.came: list[Inbound] = []
        self.tries = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.tries += 1
        delivery = Hook(
            body=(await receive())["body"],
            headers={name.decode(): value.decode() for name, value in scope["headers"]},
            received_at=hook(self.bound, b"").received_at,
        )
        status = self.statuses.pop(0) if self.statuses else 200
        body = b""
        if status == 200:
            self.came += self.bound.parse(delivery)
            body = self.bound.answer(delivery).body
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})


def test_a_webhook_is_tried_again_in_order_and_its_answer_stops_the_spinner() -> None:
    async def run() -> None:
        placeholder = Loopback(None)
        emulator, olena, bound = shop(post=placeholder.post, first_pause=0.001)
        ours = Shop(bound, statuses=[500, 503])
        placeholder.application = ours
        network = Loopback(emulator)
        await converse(bound.connect(), network)
        await emulator.user_says(olena.id, "one")
        await emulator.user_says(olena.id, "two")
        sent = await converse(bound.deliver(outbound(olena, "Ok?", buttons=(Button("Yes"),))), network)
        await emulator.user_presses(olena.id, int(sent.provider_id.rpartition(":")[2]), "Yes")
        await emulator.delivered()
        assert [one.text for one in ours.came if isinstance(one, Received)] == ["one", "two", "Yes"]
        assert ours.tries == 5
        await asyncio.sleep(0)
        assert not next(iter(emulator.bots.values())).spinning
        info = await ask(emulator, "getWebhookInfo")
        assert info["result"]["pending_update_count"] == 0
        await emulator.close()

    asyncio.run(run())


def test_updates_may_come_twice_and_in_any_order() -> None:
    async def run() -> None:
        placeholder = Loopback(None)
        emulator, olena, bound = shop(post=placeholder.post, first_pause=0.001)
        ours = placeholder.application = Shop(bound)
        await converse(bound.connect(), Loopback(emulator))
        emulator.hold_updates()
        said = [await emulator.user_says(olena.id, f"{number}") for number in range(20)]
        emulator.release_updates(shuffled=random.Random(4), twice=True)
        await emulator.delivered()
        came = [one.provider_id for one in ours.came if isinstance(one, Received)]
        wanted = [f"{olena.id}:{message.id}" for message in said]
        assert sorted(came) == sorted(wanted * 2)
        assert came != sorted(came)
        assert set(came) == set(wanted)

    asyncio.run(run())


def test_by_chance_a_share_of_sends_fails_and_the_rest_arrives() -> None:
    async def run() -> None:
        emulator, olena, bound = shop()
        await emulator.user_starts(olena.id)
        kinds = (Fault.TOO_MANY, Fault.BROKEN, Fault.CUT, Fault.NONSENSE)
        emulator.be_unreliable(random.Random(7), share=0.3, kinds=kinds)
        sent, failed = 0, 0
        for _ in range(100):
            try:
                await converse(bound.deliver(outbound(olena)), Loopback(emulator))
                sent += 1
            except TryLater:
                failed += 1
        assert failed > 10
        assert len([message for message in emulator.history(olena.id) if message.from_bot]) == sent
        emulator.be_unreliable(random.Random(7), share=0)
        await converse(bound.deliver(outbound(olena)), Loopback(emulator))

    asyncio.run(run())


@asynccontextmanager
async def served(emulator: TelegramEmulator) -> AsyncIterator[tuple[str, Transport]]:
    config = uvicorn.Config(emulator, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    running = asyncio.create_task(server.serve([listening]))
    transport = Transport([ip_network("127.0.0.0/8")])
    yield f"http://127.0.0.1:{port}", transport
    await transport.close()
    server.should_exit = True
    await running


def test_over_real_sockets_files_arrive_and_faults_are_felt() -> None:
    async def run() -> None:
        emulator, olena, _ = shop()
        await emulator.user_starts(olena.id)
        async with served(emulator) as (address, network):
            config = TelegramConfig(token=TOKEN, api_base=address)
            bound = Telegram(Telegram.prepare(config), INBOX)
            account = await perform(bound.check(), network)
            assert (account.name, account.handle) == ("Lamps", "shop_bot")
            files = (
                Attachment("рахунок №1.pdf", "application/pdf", data=bytes(range(256)) * 10 + b"\r\n--x\r\n"),
                Attachment("b.pdf", "application/pdf", data=b"\r\n"),
            )
            await perform(bound.deliver(outbound(olena, "Ось", attachments=files)), network)
            stored = [file for message in emulator.history(olena.id) for file in message.files]
            assert [(file.name, file.data) for file in stored] == [(file.name, file.data) for file in files]
            for fault, arrives in ((Fault.CUT, False), (Fault.DONE_BUT_CUT, True)):
                before = len(emulator.history(olena.id))
                emulator.fail(fault)
                with pytest.raises(TryLater) as raised:
                    await perform(bound.deliver(outbound(olena)), network)
                assert raised.value.perhaps_sent
                assert TOKEN not in raised.value.reason
                assert len(emulator.history(olena.id)) - before == int(arrives)
            emulator.fail(Fault.SILENT, seconds=30)
            silent = bound.deliver(outbound(olena))
            with pytest.raises(TryLater):
                await perform(hurried(silent), network)

    asyncio.run(run())


def hurried(dialogue: Any) -> Any:
    """The same dialogue with little patience."""
    asked = next(dialogue)
    try:
        answer = yield Request(asked.method, asked.url, headers=asked.headers, body=asked.body, timeout=0.05)
    except TryLater as error:
        dialogue.throw(error)
    return dialogue.send(answer)


def test_it_may_stand_below_a_path_of_another_application() -> None:
    async def run() -> None:
        emulator, olena, _ = shop()
        await emulator.user_sends_photo(olena.id, b"jpeg")
        network = Loopback(Starlette(routes=[Mount("/telegram", emulator)]))
        config = TelegramConfig(token=TOKEN, api_base="http://127.0.0.1:8000/telegram/")
        bound = Telegram(Telegram.prepare(config), INBOX)
        assert (await converse(bound.check(), network)).handle == "shop_bot"
        polled = await anext(bound.listen(network, {}))
        (came,) = bound.parse(polled.hook)
        assert isinstance(came, Received)
        assert (await converse(bound.fetch(came.attachments[0].ref or ""), network)).data == b"jpeg"

    asyncio.run(run())


def test_several_bots_are_told_apart() -> None:
    emulator, olena, _ = shop()
    emulator.add_bot("2:B", username="other_bot")
    assert emulator.history(olena.id, bot="shop_bot") == []
    with pytest.raises(LookupError, match="shop_bot, other_bot"):
        emulator.history(olena.id)


def test_every_method_of_the_table_is_carried_out() -> None:
    known = {*calls.CALLS, *calls.SENDS, "sendMediaGroup"}
    assert known == set(METHODS) == set(SPEC["methods"])
