"""Teams, whole: the real connector, the emulated Microsoft, the real hook between them."""

import json
from typing import Any

import pytest

from prilavok.channels.transport import perform
from prilavok.simulator import teams as microsoft
from prilavok.simulator.telegram import Fault
from tests.asking import until
from tests.channels.loopback import Loopback
from tests.channels.vendors_schema import Slice

MARTA = "+380671234567"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"


class Roads:
    """Microsoft at one address, the shop at the other."""

    def __init__(self, shop: Any) -> None:
        self.shop = Loopback(shop.app)
        self.emulator = microsoft.TeamsEmulator(address="https://teams.test", post=self.post, pace=0.01, now=shop.clock)
        self.microsoft = Loopback(self.emulator)

    async def http(self, request: Any) -> Any:
        return await self.microsoft.http(request)

    async def resolve(self, host: str, port: int) -> str:
        return f"127.0.0.1:{port}" if host else ""

    async def post(self, url: str, headers: Any, body: bytes) -> Any:
        return await self.shop.post(url, headers, body)


@pytest.fixture
def teams(shop, runner):
    roads = Roads(shop)
    house = shop.house
    house.deliverer.network = house.chores.network = roads
    house.intake.perform = lambda dialogue: perform(dialogue, roads)
    inbox = runner.run(
        shop.connect(
            "teams",
            app_id=microsoft.APP_ID,
            password=microsoft.SECRET,
            tenant=microsoft.TENANT,
            api_base="https://teams.test",
            openid="https://teams.test/openid",
            service_url="https://teams.test/",
        )
    )
    inbox.channel.clock = lambda: shop.clock().timestamp()
    roads.emulator.hook = house.directory.hook_url(inbox.key)
    yield roads.emulator
    runner.run(roads.emulator.close())


async def first(shop: Any) -> Any:
    [found] = await until(shop.conversations)
    return found


async def test_a_message_comes_in_and_is_answered(shop, teams):
    teams.user_starts(MARTA, name="Марта")
    said = teams.user_says(MARTA, "Де моє замовлення?")
    conversation = await first(shop)
    assert (conversation["contact"]["name"], conversation["last_message"]["text"]) == ("Марта", "Де моє замовлення?")
    await until(lambda: said.status == "taken")
    message = await shop.agent_replies(conversation["id"], "Вже їде.")

    async def gone():
        return (await shop.message(conversation["id"], message["id"]))["receipt"] == "sent"

    await until(gone)
    assert [one.text for one in teams.talk(MARTA).bubbles] == ["Де моє замовлення?", "Вже їде."]
    schema = Slice("teams/connector.slice.json")
    assert [schema.refuses("Activity", one) for one in teams.requests] == [[]]
    assert len(teams.tokens) == 1


async def test_a_button_comes_back_with_its_data(shop, teams):
    teams.user_says(MARTA, "Замовлення 7")
    conversation = await first(shop)
    await shop.agent_replies(conversation["id"], "Все вірно?", buttons=[{"text": "Так", "data": "o:7:yes"}])
    asked = await until(lambda: next((one for one in teams.talk(MARTA).bubbles if one.buttons), None))
    teams.user_presses(MARTA, asked.id, "o:7:yes")

    async def pressed():
        last = (await shop.messages(conversation["id"]))[-1]
        return last if last["text"] == "Так" else None

    assert (await until(pressed))["content"]["button"] == "o:7:yes"


async def test_an_edit_and_a_deletion_arrive(shop, teams):
    said = teams.user_says(MARTA, "Замовлення 7")
    conversation = await first(shop)
    teams.user_edits(MARTA, said.id, "Замовлення 8")

    async def only():
        [message] = await shop.messages(conversation["id"])
        return message

    async def edited():
        return (await only())["text"] == "Замовлення 8"

    await until(edited)
    teams.user_deletes(MARTA, said.id)

    async def deleted():
        return (await only()).get("deleted_at")

    assert await until(deleted)


async def test_reactions_and_typing_are_understood(shop, teams):
    teams.user_says(MARTA, "Дякую")
    conversation = await first(shop)
    await shop.agent_replies(conversation["id"], "Прошу!")
    reply = await until(lambda: next((one for one in teams.talk(MARTA).bubbles if not one.mine), None))
    screen = shop.screen()
    await screen.frame("hello")
    teams.user_types(MARTA)
    assert (await screen.frame("typing"))["conversation_id"] == conversation["id"]
    teams.user_reacts(MARTA, reply.id, "heart")
    teams.user_reacts(MARTA, reply.id, "heart", taken_back=True)
    await teams.knocker.settled()
    assert (await shop.get("/api/v1/journal?state=failed"))["items"] == []
    await screen.leave()


async def test_pictures_and_files_go_both_ways(shop, teams):
    teams.user_sends_file(MARTA, "photo.png", "image/png", PNG, "Розбита чашка")
    teams.user_sends_file(MARTA, "bill.pdf", "application/pdf", b"%PDF-1.7 bill")
    conversation = await first(shop)

    async def fetched():
        shop.clock.forward(seconds=60)
        files = [file for one in await shop.messages(conversation["id"]) for file in one["attachments"]]
        return files if len(files) == 2 and all(one.get("url") for one in files) else None

    assert [one["kind"] for one in await until(fetched)] == ["image", "file"]
    file = (await shop.ask("POST", "/api/v1/files?name=new.png", body=PNG)).json()
    await shop.agent_replies(conversation["id"], "Ось нова", attachments=[file["id"]])
    arrived = await until(lambda: next((one for one in teams.talk(MARTA).bubbles if not one.mine), None))
    assert (arrived.text, arrived.files[0].data) == ("Ось нова", PNG)


async def test_who_throws_the_app_out_cannot_be_written_to(shop, teams):
    teams.user_says(MARTA, "Привіт")
    conversation = await first(shop)
    teams.user_blocks(MARTA, blocked=True)

    async def shut():
        [way] = (await shop.conversation(conversation["id"]))["channels"]
        return way if not way["can_reply"] else None

    assert (await until(shut))["reason"] == "unreachable: blocked"


async def test_busy_and_withdrawn_tokens_lose_nothing(shop, teams):
    teams.user_says(MARTA, "Ви тут?")
    conversation = await first(shop)
    teams.tokens.clear()
    teams.fail(Fault.TOO_MANY, seconds=1)
    await shop.agent_replies(conversation["id"], "Тут!")

    async def arrived():
        shop.clock.forward(seconds=2)
        return [one.text for one in teams.talk(MARTA).bubbles if not one.mine]

    assert await until(arrived) == ["Тут!"]


async def test_what_is_not_microsofts_does_not_come_in(shop, teams):
    forged = {"type": "message", "id": "1", "serviceUrl": "https://teams.test/", "conversation": {"id": "a:1"}}
    stranger = microsoft.TeamsEmulator(address="https://teams.test")
    path = teams.hook.removeprefix("https://shop.test")
    for token in ("", "x", stranger.token(shop.clock())):
        headers = {"authorization": f"Bearer {token}"}
        answer = await shop.ask("POST", path, role=None, headers=headers, body=json.dumps(forged).encode())
        assert answer.status == 401
    assert await shop.conversations() == []
    await stranger.close()
