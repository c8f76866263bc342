"""Matrix against a real Synapse: the whole house on one side, a customer's account on the other."""

import asyncio
from ipaddress import ip_network
from typing import Any

import pytest

from prilavok.channels.base import NeedsOwner, Outbound
from prilavok.channels.matrix import Matrix, MatrixConfig
from prilavok.channels.transport import Transport, perform
from tests.asking import until
from tests.channels.reading import INBOX

LOOPBACK = (ip_network("127.0.0.0/8"),)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"


class Counter:
    """The shop with its Matrix inbox, and Marta."""

    def __init__(self, shop: Any, homeserver: Any, network: Transport) -> None:
        self.shop, self.server, self.network = shop, homeserver, network
        self.us, self.marta = homeserver.person("shop"), homeserver.person("marta")
        house = shop.house
        house.deliverer.network = house.chores.network = house.listeners.network = network

    def settings(self, **more: Any) -> dict[str, Any]:
        return {"user": self.us.user, "token": self.us.token, "api_base": self.server.url, **more}

    async def connect(self) -> "Counter":
        await perform(Matrix(MatrixConfig(**self.settings()), INBOX).connect(), self.network)
        self.inbox = await self.shop.connect("matrix", **self.settings())
        return self

    async def opens(self, **more: Any) -> str:
        """Marta opens a chat with the shop, which comes in."""
        room = await asyncio.to_thread(self.marta.opens_chat, self.us.user, **more)

        async def inside() -> bool:
            return self.us.user in await asyncio.to_thread(self.marta.members, room)

        await until(inside)
        return room

    async def does(self, work: Any, *args: Any, **more: Any) -> Any:
        return await asyncio.to_thread(work, *args, **more)

    async def only(self) -> Any:
        [found] = await until(self.shop.conversations)
        return found

    async def sees(self, room: str, text: str) -> Any:
        async def there() -> Any:
            found = await asyncio.to_thread(self.marta.sees, room)
            return next((one for one in found if text in one["content"].get("body", "")), None)

        return await until(there)


@pytest.fixture
def counter(shop, runner, homeserver):
    network = Transport(LOOPBACK)
    yield runner.run(Counter(shop, homeserver, network).connect())
    runner.run(network.close())


async def test_words_go_both_ways_and_reading_is_seen(shop, counter):
    room = await counter.opens()
    await counter.does(counter.marta.says, room, "Де моє замовлення?")
    conversation = await counter.only()
    assert conversation["last_message"]["text"] == "Де моє замовлення?"
    assert conversation["contact"]["name"].startswith("marta")
    message = await shop.agent_replies(conversation["id"], "Вже їде.")
    came = await counter.sees(room, "Вже їде.")
    assert came["sender"] == counter.us.user
    await counter.does(counter.marta.reads, room, came["event_id"])

    async def read():
        return (await shop.message(conversation["id"], message["id"]))["receipt"] == "read"

    await until(read)
    assert len(await shop.messages(conversation["id"])) == 2  # what we sent does not come back as news


async def test_what_was_said_before_the_shop_came_in_is_read_and_changes_arrive(shop, counter):
    room = await counter.does(counter.marta.opens_chat, counter.us.user)
    first = await counter.does(counter.marta.says, room, "Замовлення 7")
    conversation = await counter.only()
    edit = {
        "msgtype": "m.text",
        "body": "* Замовлення 8",
        "m.new_content": {"msgtype": "m.text", "body": "Замовлення 8"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": first},
    }
    await counter.does(counter.marta.sends, room, "m.room.message", edit)

    async def only():
        [message] = await shop.messages(conversation["id"])
        return message

    async def edited():
        return (await only())["text"] == "Замовлення 8"

    await until(edited)
    path = f"client/v3/rooms/{room}/redact/{first}/1"
    await counter.does(counter.marta.ask, "PUT", path, {})

    async def gone():
        return (await only()).get("deleted_at")

    assert await until(gone)


async def test_files_go_both_ways(shop, counter):
    room = await counter.opens()
    stored = await counter.does(
        counter.marta.ask, "POST", "media/v3/upload?filename=photo.png", raw=PNG, type="image/png"
    )
    shown = {"msgtype": "m.image", "body": "photo.png", "url": stored["content_uri"], "info": {"mimetype": "image/png"}}
    await counter.does(counter.marta.sends, room, "m.room.message", shown)
    conversation = await counter.only()

    async def fetched():
        shop.clock.forward(seconds=60)
        [message] = await shop.messages(conversation["id"])
        return message if message["attachments"][0].get("url") else None

    assert (await until(fetched))["attachments"][0]["kind"] == "image"
    file = (await shop.ask("POST", "/api/v1/files?name=new.png", body=PNG)).json()
    await shop.agent_replies(conversation["id"], "Ось нова", attachments=[file["id"]])
    assert (await counter.sees(room, "new.png"))["content"]["msgtype"] == "m.image"


async def test_an_encrypted_room_is_told_that_the_shop_cannot_read(shop, counter):
    room = await counter.opens(encrypted=True)
    sealed = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA", "device_id": "A", "session_id": "B"}
    await counter.does(counter.marta.sends, room, "m.room.encrypted", sealed)
    conversation = await counter.only()
    assert conversation["last_message"]["text"].startswith("[encrypted message")
    assert (await counter.sees(room, "the shop cannot read it"))["content"]["msgtype"] == "m.notice"


async def test_the_same_reply_sent_twice_is_there_once_and_the_account_is_checked(counter):
    room = await counter.opens()
    account = await perform(Matrix(MatrixConfig(**counter.settings()), INBOX).check(), counter.network)
    assert account.handle == counter.us.user
    assert account.cursor["since"]
    reply = Outbound(message_id="m-1", conversation_id="c", address=room, text="Раз")
    first = await perform(counter.inbox.channel.send(reply), counter.network)
    again = await perform(counter.inbox.channel.send(reply), counter.network)
    assert first.provider_id == again.provider_id
    with pytest.raises(NeedsOwner, match="no longer good"):
        await perform(Matrix(MatrixConfig(**counter.settings(token="syt_old")), INBOX).check(), counter.network)


async def test_who_leaves_cannot_be_written_to(shop, counter):
    room = await counter.opens()
    await counter.does(counter.marta.says, room, "Бувайте")
    conversation = await counter.only()
    await counter.does(counter.marta.ask, "POST", f"client/v3/rooms/{room}/leave", {})

    async def shut():
        [way] = (await shop.conversation(conversation["id"]))["channels"]
        return way if not way["can_reply"] else None

    assert (await until(shut))["reason"] == "unreachable: blocked"
