"""The emulated server of XMPP before the real channel and its real library, slixmpp."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prilavok.channels.base import (
    Attachment,
    Deleted,
    Edited,
    NeedsOwner,
    Outbound,
    Receipt,
    ReceiptCame,
    Received,
    Request,
    TryLater,
    Undeliverable,
)
from prilavok.channels.transport import perform
from prilavok.channels.xmpp import Xmpp, XmppConfig, line
from prilavok.kit.ids import new_id
from prilavok.simulator import street, xmpp
from prilavok.simulator.listening import HOST
from prilavok.simulator.telegram import Fault
from prilavok.simulator.xmpp import XmppServer, jid_of
from prilavok.simulator.xmpp.sasl import MECHANISMS
from tests.asking import until
from tests.channels.loopback import Loopback
from tests.channels.reading import INBOX

pytest.importorskip("slixmpp")
MARTA = "+380671234567"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


class House:
    """The server, the shop's channel and its way there; `heard` what a listening shop makes of what comes."""

    def __init__(self, server: XmppServer, opened: Any) -> None:
        self.server = server
        self.files = Loopback(server)
        config = XmppConfig(jid=xmpp.SHOP, password=xmpp.PASSWORD, security="none", **opened)
        self.channel = Xmpp(config, INBOX)
        self.heard: list[Any] = []
        self.cursors: list[str] = []
        self.error: TryLater | None = None
        self.task: asyncio.Task[None] | None = None

    async def http(self, request: Request) -> Any:
        return await self.files.http(request)

    async def resolve(self, host: str, port: int) -> str:
        del port
        return host

    async def listens(self, cursor: Any = None) -> None:
        self.error = None
        self.task = asyncio.ensure_future(self._listen(cursor or {}))
        await until(lambda: [one for one in self.server.streams if one.available])

    async def _listen(self, cursor: Any) -> None:
        try:
            async with aclosing(self.channel.listen(self, cursor)) as source:
                async for polled in source:
                    self.heard += self.channel.parse(polled.hook)
                    self.cursors.append(polled.cursor["since"])
        except TryLater as error:
            self.error = error

    async def hears(self, kind: Any, count: int = 1) -> list[Any]:
        return await until(
            lambda: found if len(found := [one for one in self.heard if isinstance(one, kind)]) >= count else None
        )

    async def says(self, text: str, **more: Any) -> str:
        outbound = Outbound(message_id=new_id(), conversation_id="c", address=jid_of(MARTA), text=text)
        await perform(self.channel.deliver(replace(outbound, **more)), self)
        return outbound.message_id

    @property
    def screen(self) -> list[Any]:
        return [one for one in self.server.talk(MARTA).bubbles if not one.mine]


@asynccontextmanager
async def at_work(**more: Any) -> AsyncIterator[House]:
    server = XmppServer(address="https://files.test", pace=0, **more)
    house = House(server, await server.open())
    try:
        yield house
    finally:
        if house.task is not None:
            house.task.cancel()
            await asyncio.gather(house.task, return_exceptions=True)
        await server.close()


async def test_words_go_both_ways_and_their_receipts_climb():
    async with at_work() as house:
        said = house.server.user_says(MARTA, "Де <моє> замовлення?", name="Марта")  # before anybody listens
        await house.listens()
        [came] = await house.hears(Received)
        assert (came.sender.address, came.sender.name, came.text) == (jid_of(MARTA), "Марта", "Де <моє> замовлення?")
        await until(lambda: said.status == "taken")
        message = await house.says("Вже їде & скоро буде.")
        assert [one.text for one in house.screen] == ["Вже їде & скоро буде."]
        [delivered] = await house.hears(ReceiptCame)
        assert (delivered.receipt, delivered.message_id) == (Receipt.DELIVERED, message)
        house.server.look(MARTA, open=True)
        await until(lambda: [one for one in house.heard if getattr(one, "receipt", None) is Receipt.READ])


async def test_more_than_can_wait_is_taken_as_fast_as_it_is_stored_and_the_archive_whole(monkeypatch):
    monkeypatch.setattr(line, "MOST_WAITING", 20)
    monkeypatch.setattr(line, "PAGE", 7)
    async with at_work() as house:
        for number in range(100):
            house.server.user_says(MARTA, f"{number}")
        await house.listens()
        await house.hears(Received, 100)
        house.task.cancel()
        await asyncio.gather(house.task, return_exceptions=True)
        since = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        house.heard, house.cursors = [], []
        await house.listens({"since": since})
        house.server.user_says(MARTA, "100")
        await until(lambda: {one.text for one in house.heard} >= {f"{number}" for number in range(101)})
        assert set(house.cursors[:50]) == {since}, "a crash in the middle begins from the same place"
        house.server.user_says(MARTA, "101")
        await until(lambda: house.cursors[-1] > since)


async def test_a_correction_and_a_retraction_name_what_was_said():
    async with at_work() as house:
        await house.listens()
        said = house.server.user_says(MARTA, "Замовлення 7")
        house.server.user_edits(MARTA, said.id, "Замовлення 8")
        house.server.user_deletes(MARTA, said.id)
        [came] = await house.hears(Received)
        [edited], [deleted] = await house.hears(Edited), await house.hears(Deleted)
        assert (edited.provider_id, edited.text, deleted.provider_id) == (
            came.provider_id,
            "Замовлення 8",
            came.provider_id,
        )


async def test_files_go_both_ways_through_the_servers_slots(monkeypatch):
    async with at_work() as house:
        await house.listens()
        house.server.user_sends_file(MARTA, "cup.png", "image/png", PNG, "Розбита")
        words, picture = await house.hears(Received, 2)
        assert (words.text, picture.text) == ("Розбита", "")
        response = await house.http(Request("GET", picture.attachments[0].url))
        assert response.body == PNG
        await house.says("", attachments=(Attachment(name="нова.png", type="image/png", data=PNG),))
        [file] = house.screen[-1].files
        assert (file.data, file.type, house.screen[-1].text) == (PNG, "image/png", "")
        monkeypatch.setattr(xmpp, "LARGEST", 5)
        with pytest.raises(Undeliverable, match="too large"):
            await house.says("", attachments=(Attachment(name="a", type="a/b", data=b"123456"),))


async def test_who_blocked_the_shop_or_never_was_gets_nothing():
    async with at_work() as house:
        await house.listens()
        with pytest.raises(Undeliverable, match="service unavailable"):
            await house.says("Є хто?")
        house.server.user_says(MARTA, "Алло")
        house.server.user_blocks(MARTA, blocked=True)
        with pytest.raises(Undeliverable, match="service unavailable"):
            await house.says("Ви тут?")
        house.server.user_blocks(MARTA, blocked=False)
        await house.says("Тепер?")
        assert [one.text for one in house.screen] == ["Тепер?"]


@pytest.mark.parametrize(
    ("fault", "arrives"), [(Fault.TOO_MANY, 0), (Fault.BROKEN, 0), (Fault.CUT, 0), (Fault.DONE_BUT_CUT, 1)]
)
async def test_a_server_that_hangs_up_leaves_a_doubt_and_says_nothing_twice(fault, arrives):
    async with at_work() as house:
        house.server.user_says(MARTA, "Алло")
        await house.listens()
        house.server.fail(fault)
        with pytest.raises(TryLater) as raised:
            await house.says("Тут!")
        assert raised.value.perhaps_sent
        assert len(house.screen) == arrives
        await until(lambda: house.error)
        house.server.user_says(MARTA, "Ще слово")
        await house.listens()
        assert (await house.hears(Received, 2))[-1].text == "Ще слово"


@pytest.mark.parametrize("mechanism", MECHANISMS)
async def test_every_way_to_log_in_knows_the_right_password_from_a_wrong_one(mechanism, monkeypatch):
    monkeypatch.setattr("prilavok.simulator.xmpp.stream.MECHANISMS", (mechanism,))
    async with at_work() as house:
        account = await perform(house.channel.check(), house)
        assert account.handle == xmpp.SHOP
        monkeypatch.setattr(house.server, "secret", "another")
        with pytest.raises(NeedsOwner, match="refuses the login"):
            await perform(house.channel.check(), house)


def test_without_the_library_the_demo_leaves_jabber_out_and_says_how_it_comes(monkeypatch):
    monkeypatch.setattr(street, "find_spec", lambda name: None)
    said = []
    kinds = [one.kind for one in street.within_reach(street.EVERY, said.append)]
    assert len(kinds) == len(street.EVERY) - 1
    assert "xmpp" not in kinds
    assert said == ["  Jabber stays shut, its library is missing: pip install prilavok[xmpp]"]


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", b"<!DOCTYPE x><x/>", b"<stream", b"</x>"])
async def test_whoever_speaks_no_xmpp_is_shown_out(said):
    async with at_work() as house:
        reader, writer = await asyncio.open_connection(HOST, house.server.door.port)
        writer.write(said)
        writer.write_eof()
        assert b"<stream:features>" not in await reader.read()
        writer.close()
        await until(lambda: not house.server.streams)
