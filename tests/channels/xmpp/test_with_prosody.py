"""XMPP against a real Prosody: the whole house on one side, a customer's program on the other."""

import asyncio
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from prilavok.channels.base import Hook, NeedsOwner, Outbound, Request, TryLater
from prilavok.channels.transport import Transport, perform
from prilavok.channels.xmpp import Xmpp, XmppConfig
from tests.asking import until
from tests.channels.reading import INBOX
from tests.channels.xmpp.customer import customer
from tests.chat_servers import MARTA, PASSWORD, SHOP, needs_prosody

pytestmark = needs_prosody
LOOPBACK = (ip_network("127.0.0.0/8"),)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
RECEIVED = "{urn:xmpp:receipts}received"


@pytest.fixture
def trusted(shop, runner, prosody, monkeypatch):
    """The house may reach this machine, and believes in Prosody's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", prosody.certificate)
    network = Transport(LOOPBACK)
    house = shop.house
    house.deliverer.network = house.chores.network = house.listeners.network = network
    yield network
    runner.run(network.close())


async def connect(shop: Any, prosody: Any, **settings: Any) -> Any:
    given = {"jid": SHOP, "password": PASSWORD, "url": "127.0.0.1", "port": prosody.port, **settings}
    inbox = await shop.connect("xmpp", **given)
    await until(lambda: inbox.channel.standing._kept is not None)
    return inbox


async def only(shop: Any) -> Any:
    [found] = await until(shop.conversations)
    return found


async def receipt(shop: Any, conversation: Any, message: Any, wanted: str) -> None:
    async def there() -> bool:
        return (await shop.message(conversation["id"], message["id"]))["receipt"] == wanted

    await until(there)


async def test_words_go_both_ways_and_their_receipts_climb(shop, prosody, trusted):
    await connect(shop, prosody)
    async with customer(prosody) as marta:
        marta.says("<body>Де моє замовлення?</body><request xmlns='urn:xmpp:receipts'/>", id="q-1")
        conversation = await only(shop)
        assert conversation["last_message"]["text"] == "Де моє замовлення?"
        acknowledged = await marta.gets(lambda one: one.find(RECEIVED) is not None)
        assert acknowledged.find(RECEIVED).get("id") == "q-1"
        first = await shop.agent_replies(conversation["id"], "Вже <їде> & скоро буде\x0b.")
        last = await shop.agent_replies(conversation["id"], "Сьогодні.")
        await marta.text("Вже <їде> & скоро буде.")
        came = await marta.text("Сьогодні.")
        await receipt(shop, conversation, last, "sent")
        marta.says(f"<received xmlns='urn:xmpp:receipts' id='{came.get('id')}'/>", id="r-1")
        await receipt(shop, conversation, last, "delivered")
        marta.says(f"<displayed xmlns='urn:xmpp:chat-markers:0' id='{came.get('id')}'/>", id="r-2")
        await receipt(shop, conversation, last, "read")
        await receipt(shop, conversation, first, "read")  # what was before it, too


async def test_a_correction_and_a_retraction_arrive(shop, prosody, trusted):
    await connect(shop, prosody, security="none")
    async with customer(prosody) as marta:
        marta.says("<body>Замовлення 7</body>", id="m-1")
        conversation = await only(shop)
        marta.says("<body>Замовлення 8</body><replace id='m-1' xmlns='urn:xmpp:message-correct:0'/>", id="m-2")

        async def message():
            [found] = await shop.messages(conversation["id"])
            return found

        async def corrected():
            return (await message())["text"] == "Замовлення 8"

        await until(corrected)
        marta.says("<retract id='m-1' xmlns='urn:xmpp:message-retract:1'/>", id="m-3")

        async def gone():
            return (await message()).get("deleted_at")

        assert await until(gone)


async def test_typing_is_seen_and_presence_is_allowed(shop, prosody, trusted):
    await connect(shop, prosody, port=prosody.tls_port, security="tls")
    screen = shop.screen()
    async with customer(prosody) as marta:
        marta.client.send_presence_subscription(pto=SHOP)
        await until(lambda: [one for one in marta.presences if one["from"].bare == SHOP])
        marta.says("<body>Привіт</body>", id="m-1")
        conversation = await only(shop)
        marta.says("<composing xmlns='http://jabber.org/protocol/chatstates'/>", id="m-2")
        frame = await screen.frame("typing")
        assert frame["conversation_id"] == conversation["id"]
    await screen.leave()


async def test_files_go_both_ways_over_the_server(shop, prosody, trusted):
    await connect(shop, prosody)
    async with customer(prosody) as marta:
        url = await marta.client.plugin["xep_0363"].upload_file(
            "photo.png", domain="localhost", size=len(PNG), content_type="image/png", input_file=PNG
        )
        marta.says(f"<body>{url}</body><x xmlns='jabber:x:oob'><url>{url}</url></x>", id="m-1")
        conversation = await only(shop)

        async def fetched():
            shop.clock.forward(seconds=60)
            [message] = await shop.messages(conversation["id"])
            return message if message["attachments"][0].get("url") else None

        message = await until(fetched)
        assert (message["text"], message["attachments"][0]["kind"]) == ("", "image")
        file = (await shop.ask("POST", "/api/v1/files?name=new.png", body=PNG)).json()
        await shop.agent_replies(conversation["id"], "Ось нова", attachments=[file["id"]])
        await marta.text("Ось нова")
        came = await marta.gets(lambda one: one.find("{jabber:x:oob}x/{jabber:x:oob}url") is not None)
        response = await trusted.http(Request("GET", came.findtext("{jabber:client}body")))
        assert response.body == PNG


async def test_a_reply_to_nobody_comes_back(shop, prosody, trusted):
    inbox = await connect(shop, prosody)
    await shop.house.intake.take(inbox, _from_nobody(shop))
    conversation = await only(shop)
    message = await shop.agent_replies(conversation["id"], "Є хто?")
    await receipt(shop, conversation, message, "failed")
    assert "service unavailable" in (await shop.message(conversation["id"], message["id"]))["reason"]


def _from_nobody(shop):
    body = b"<message xmlns='jabber:client' from='nobody@localhost/x' id='1' type='chat'><body>hi</body></message>"
    return Hook(body=body, headers={}, received_at=shop.clock())


async def test_what_staff_write_elsewhere_is_told_as_an_echo(prosody, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", prosody.certificate)
    network = Transport(LOOPBACK)
    channel = xmpp(prosody)
    source = channel.listen(network, {})
    taken = asyncio.ensure_future(anext(source))
    await until(lambda: channel.standing._kept is not None)
    async with customer(prosody, SHOP, PASSWORD) as colleague:
        colleague.says("<body>Вже відповіли з телефону</body>", id="e-1", to=MARTA)
        [echo] = channel.parse((await asyncio.wait_for(taken, 20)).hook)
    assert (type(echo).__name__, echo.address, echo.text) == ("Echoed", MARTA, "Вже відповіли з телефону")
    await source.aclose()
    await network.close()


async def test_who_does_not_listen_opens_a_line_of_its_own_to_send(prosody, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", prosody.certificate)
    network = Transport(LOOPBACK)
    message_id = "01900000-0000-7000-8000-00000000aaaa"
    async with customer(prosody) as marta:
        outbound = Outbound(message_id=message_id, conversation_id="c", address=MARTA, text="Доброго ранку")
        sent = await perform(xmpp(prosody).send(outbound), network)
        came = await marta.text("Доброго ранку")
    assert came.get("id") == sent.provider_id == f"prilavok-{message_id}"
    await network.close()


async def test_after_a_break_it_is_connected_again_and_nothing_is_lost(shop, prosody, trusted):
    inbox = await connect(shop, prosody)
    inbox.channel.standing._kept.client.abort()
    await until(lambda: inbox.channel.standing._kept is None)
    async with customer(prosody) as marta:
        marta.says("<body>Поки вас не було</body>", id="m-1")

        async def there() -> Any:  # behind what the archive has of the last minutes
            return [one for one in await shop.conversations() if one["last_message"]["text"] == "Поки вас не було"]

        assert len(await until(there)) == 1


async def test_what_a_crash_swallowed_is_taken_out_of_the_archive(prosody, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", prosody.certificate)
    network = Transport(LOOPBACK)
    begun = datetime.now(UTC)
    channel = xmpp(prosody)
    async with customer(prosody) as marta, customer(prosody, SHOP, PASSWORD) as swallows:
        marta.says("<body>Мене ковтнули</body>", id="s-1")
        await swallows.text("Мене ковтнули")
    source = channel.listen(network, {"since": begun.isoformat()})
    texts, cursor = [], begun.isoformat()
    while "Мене ковтнули" not in texts:
        polled = await asyncio.wait_for(anext(source), 20)
        texts += [getattr(one, "text", "") for one in channel.parse(polled.hook)]
    async with customer(prosody) as marta:
        marta.says("<body>А тепер?</body>", id="s-2")
        while "А тепер?" not in texts:
            polled = await asyncio.wait_for(anext(source), 20)
            texts += [getattr(one, "text", "") for one in channel.parse(polled.hook)]
            cursor = polled.cursor["since"]
    assert datetime.fromisoformat(cursor) > begun  # all of the archive is stored
    await source.aclose()
    await network.close()


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"password": "wrong"}, "refuses the login"),
        ({"jid": "shop"}, "looks like"),
        ({"url": "127.0.0.1", "port": 1}, "cannot be reached"),
        ({"security": "tls"}, "no TLS on port"),
    ],
)
async def test_the_owner_is_told_what_to_repair(prosody, monkeypatch, settings, reason):
    monkeypatch.setenv("SSL_CERT_FILE", prosody.certificate)
    network = Transport(LOOPBACK)
    with pytest.raises(NeedsOwner, match=reason):
        await perform(xmpp(prosody, **settings).check(), network)
    await network.close()


async def test_a_certificate_that_nobody_vouches_for_is_refused(prosody):
    network = Transport(LOOPBACK)
    with pytest.raises(NeedsOwner, match="certificate"):
        await perform(xmpp(prosody, port=prosody.tls_port, security="tls").check(), network)
    with pytest.raises(NeedsOwner):
        await perform(xmpp(prosody).check(), network)
    await network.close()


async def test_private_networks_stay_shut_unless_trusted(prosody):
    network = Transport(())
    with pytest.raises(NeedsOwner, match="private network"):
        await perform(xmpp(prosody).check(), network)


async def test_without_encryption_only_this_machine_is_reached():
    class Elsewhere:
        async def resolve(self, host, port):
            return "93.184.216.34"

    dialogue = Xmpp(XmppConfig(jid=SHOP, password="x", security="none"), INBOX).check()
    with pytest.raises(NeedsOwner, match="Without encryption"):
        await perform(dialogue, Elsewhere())


async def test_a_line_that_is_lost_says_so_before_anything_is_sent(prosody, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", prosody.certificate)
    network = Transport(LOOPBACK)
    channel = xmpp(prosody)
    async with channel.standing.keep(network) as line:
        line.client.abort()
        await until(line.lost.done)
        with pytest.raises(TryLater) as raised:
            await perform(channel.send(Outbound(message_id="1", conversation_id="1", address=MARTA, text="x")), network)
        assert not raised.value.perhaps_sent
    await network.close()


def xmpp(prosody, **settings):
    given = {"jid": SHOP, "password": PASSWORD, "url": "127.0.0.1", "port": prosody.port, **settings}
    return Xmpp(XmppConfig(**given), INBOX)
