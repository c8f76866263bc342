"""Listening, against a real Dovecot and against the simulator's own IMAP server."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from imapclient import IMAPClient

from prilavok.channels.base import Received, TryLater
from tests.channels.email.driving import (
    Loopback,
    Mailbox,
    drive,
    in_dovecot,
    in_loop,
    in_simulator,
    letter,
    listening,
    simulated,
)
from tests.mail_servers import PASSWORD, SHOP, eventually, needs_mail_servers

Opened = Callable[[], AbstractAsyncContextManager[Mailbox]]


@pytest.fixture(params=["simulator", pytest.param("dovecot", marks=needs_mail_servers)])
def mailbox(request: pytest.FixtureRequest) -> Opened:
    if request.param == "simulator":
        return in_simulator
    return partial(in_dovecot, request.getfixturevalue("mail_servers"))


def text_of(box: Mailbox, polled) -> str:
    (received,) = box.channel.parse(polled.hook)
    assert isinstance(received, Received)
    return received.text


@in_loop
async def test_a_mail_that_comes_while_we_wait_wakes_us(mailbox: Opened) -> None:
    async with mailbox() as box:
        account = await drive(box.channel.check())
        async with listening(box.channel, account.cursor) as following:
            for number in range(3):
                waiting = asyncio.ensure_future(following())
                await asyncio.sleep(0)  # lets it begin to listen; it must not matter how far it has come
                box.put(letter(f"Вопрос {number}"))
                assert text_of(box, await waiting) == f"Вопрос {number}"


@in_loop
async def test_what_came_before_the_inbox_was_made_is_not_ours_to_answer(mailbox: Opened) -> None:
    async with mailbox() as box:
        box.put(letter("alt"))
        account = await drive(box.channel.check())
        box.put(letter("neu"))
        async with listening(box.channel, account.cursor) as following:
            assert text_of(box, await following()) == "neu"


@in_loop
async def test_after_a_break_we_go_on_behind_the_last_stored_mail(mailbox: Opened) -> None:
    async with mailbox() as box:
        account = await drive(box.channel.check())
        for number in range(5):
            box.put(letter(str(number)))
        async with listening(box.channel, account.cursor) as following:
            first, second = await following(), await following()
        assert [text_of(box, first), text_of(box, second)] == ["0", "1"]
        async with listening(box.channel, first.cursor) as following:
            again = [text_of(box, await following()) for _ in range(4)]
        assert again == ["1", "2", "3", "4"]


@in_loop
async def test_a_mail_that_somebody_has_read_elsewhere_is_still_taken(mailbox: Opened) -> None:
    async with mailbox() as box:
        account = await drive(box.channel.check())
        box.put(letter("прочитано в телефоне"))
        await asyncio.to_thread(read_it_elsewhere, box.channel.config.imap_port)
        async with listening(box.channel, account.cursor) as following:
            assert text_of(box, await following()) == "прочитано в телефоне"


def read_it_elsewhere(port: int) -> None:
    with IMAPClient("127.0.0.1", port, ssl=False) as client:
        client.plain_login(SHOP, PASSWORD)
        client.select_folder("INBOX")
        (uid,) = client.search("ALL")
        client.add_flags([uid], [b"\\Seen"])
        assert b"\\Seen" in client.fetch([uid], ["FLAGS"])[uid][b"FLAGS"]


@in_loop
async def test_we_leave_no_trace_in_the_mailbox(mailbox: Opened) -> None:
    async with mailbox() as box:
        account = await drive(box.channel.check())
        box.put(letter())
        async with listening(box.channel, account.cursor) as following:
            await following()
        assert await asyncio.to_thread(flags_in, box.channel.config.imap_port) == [()]


def flags_in(port: int) -> list[tuple[bytes, ...]]:
    with IMAPClient("127.0.0.1", port, ssl=False) as client:
        client.plain_login(SHOP, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        found = client.fetch(client.search("ALL"), ["FLAGS"]).values()
        return [tuple(flag for flag in mail[b"FLAGS"] if flag != b"\\Recent") for mail in found]


@in_loop
async def test_a_mailbox_numbered_anew_is_read_again_but_not_from_before_our_time(mailbox: Opened) -> None:
    async with mailbox() as box:
        box.put(letter("до нас"), at=datetime.now(UTC) - timedelta(days=2))
        account = await drive(box.channel.check())
        box.put(letter("первое", Message_ID="<1@x>"))
        box.put(letter("второе", Message_ID="<2@x>"))
        async with listening(box.channel, account.cursor) as following:
            before = [await following(), await following()]
        box.number_anew()
        async with listening(box.channel, before[-1].cursor) as following:
            after = [await following(), await following()]
            box.put(letter("третье"))
            third = await following()
        assert [text_of(box, polled) for polled in (*after, third)] == ["первое", "второе", "третье"]
        assert after[0].cursor["uidvalidity"] != before[0].cursor["uidvalidity"]
        assert [box.channel.parse(polled.hook) for polled in after] == [
            box.channel.parse(polled.hook) for polled in before
        ]


@in_loop
async def test_a_poisonous_mail_does_not_stop_the_next(mailbox: Opened) -> None:
    async with mailbox() as box:
        account = await drive(box.channel.check())
        box.put(b"From: \xff\xfe<\nContent-Type: multipart/mixed; boundary=\n\n--\n\x80\x81" + b"(" * 5000 + b"\n")
        box.put(letter("следующее"))
        async with listening(box.channel, account.cursor) as following:
            poison, good = await following(), await following()
        assert poison.hook.body.count(b"(") == 5000
        assert text_of(box, good) == "следующее"


@in_loop
async def test_of_a_huge_mail_only_the_text_is_fetched_and_the_message_says_so(mailbox: Opened) -> None:
    async with mailbox() as box:
        box.channel.config.size_limit_mb = 1
        account = await drive(box.channel.check())
        box.put(huge())
        box.put(letter("следующее"))
        async with listening(box.channel, account.cursor) as following:
            polled, good = await following(), await following()
        (received,) = box.channel.parse(polled.hook)
        assert len(polled.hook.body) < 10_000
        assert "Вот фото" in received.text
        assert "too large" in received.text
        assert "склад.zip" in received.text
        assert received.content["left_out"]["bytes"] > 2_000_000
        assert (received.provider_id, received.subject, received.attachments) == ("huge@x", "Фото", ())
        assert text_of(box, good) == "следующее"


def huge() -> bytes:
    head = (
        "From: anna@customers.test\nTo: shop@shop.test\nSubject: =?utf-8?b?0KTQvtGC0L4=?=\nMessage-ID: <huge@x>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
        "--b\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\n"
    )
    name = "=?utf-8?b?0YHQutC70LDQtC56aXA=?="
    file = f'\n--b\nContent-Type: application/zip; name="{name}"\nContent-Transfer-Encoding: base64\n\n'
    return head.encode() + "Вот фото".encode("koi8-r") + file.encode() + b"QUJD" * 18 * 30_000 + b"\n--b--\n"


@in_loop
async def test_who_stops_listening_leaves_neither_thread_nor_connection(mailbox: Opened) -> None:
    async with mailbox() as box:
        account = await drive(box.channel.check())
        async with listening(box.channel, account.cursor) as following:
            waiting = asyncio.ensure_future(following())
            box.put(letter())
            await waiting
            waiting = asyncio.ensure_future(following())
            await eventually(box.listened_to, "the shop to listen")
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting


@in_loop
async def test_a_lost_connection_means_try_later_and_nothing_is_missed() -> None:
    async with simulated() as (server, channel):
        account = await drive(channel.check())
        async with listening(channel, account.cursor) as following:
            waiting = asyncio.ensure_future(following())
            await eventually(lambda: server.box(SHOP).watchers, "the shop to listen")
            await server.hang_up()
            with pytest.raises(TryLater):
                await waiting
        server.deliver(letter("in der Pause"), SHOP)
        async with listening(channel, account.cursor) as following:
            assert channel.parse((await following()).hook)[0].text == "in der Pause"


@in_loop
async def test_a_server_without_idle_is_asked_again_and_again() -> None:
    async with simulated(idle=False) as (server, channel):
        account = await drive(channel.check())
        channel.config.poll_seconds = 0.01
        async with listening(channel, account.cursor) as following:
            waiting = asyncio.ensure_future(following())
            await eventually(lambda: server.heard["NOOP"] > 2, "the shop to ask again")
            server.deliver(letter("спросили"), SHOP)
            assert channel.parse((await waiting).hook)[0].text == "спросили"


@pytest.mark.parametrize("trouble", ["no", "cut"])
@in_loop
async def test_a_mail_that_the_server_does_not_hand_over_is_set_aside_with_the_reason(trouble: str) -> None:
    async with simulated() as (server, channel):
        account = await drive(channel.check())
        server.deliver(letter("nie"), SHOP)
        server.box(SHOP).mails[0].trouble = trouble
        server.deliver(letter("следующее"), SHOP)
        async with listening(channel, account.cursor) as following:
            stand_in, good = await following(), await following()
        (received,) = channel.parse(stand_in.hook)
        assert "number 1" in received.text
        assert received.automatic
        assert channel.parse(good.hook)[0].text == "следующее"


@in_loop
async def test_a_mail_deleted_before_we_came_to_it_is_passed_over() -> None:
    async with simulated() as (server, channel):
        account = await drive(channel.check())
        for number in range(3):
            server.deliver(letter(str(number)), SHOP)
        async with listening(channel, account.cursor) as following:
            first = await following()
            del server.box(SHOP).mails[1]
            last = await following()
        assert [channel.parse(polled.hook)[0].text for polled in (first, last)] == ["0", "2"]


@in_loop
async def test_a_server_that_cuts_a_silent_connection_is_spoken_to_more_often() -> None:
    async with simulated() as (server, channel):
        account = await drive(channel.check())
        patience = channel._habits.idle_seconds
        async with listening(channel, account.cursor) as following:
            waiting = asyncio.ensure_future(following())
            await eventually(lambda: server.box(SHOP).watchers, "the shop to listen")
            await server.hang_up()
            with pytest.raises(TryLater):
                await waiting
        assert 60 <= channel._habits.idle_seconds < patience


@in_loop
async def test_nobody_listening_at_the_port_means_try_later() -> None:
    async with simulated() as (server, channel):
        await server.stop()
        deliveries = channel.listen(Loopback(), {})
        with pytest.raises(TryLater, match="cannot be reached"):
            await anext(deliveries)
