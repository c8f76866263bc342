"""The simulator's mail server, asked by the standard library's clients instead of our own connector."""

import asyncio
import functools
import imaplib
import smtplib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.simulator.mail import Fault, MailServer

SHOP, ANNA = "shop@example.com", "anna@example.com"


def in_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    @functools.wraps(test)
    def run(*arguments: Any, **more: Any) -> None:
        asyncio.run(test(*arguments, **more))

    return run


def submit(server: MailServer, to: str, *, login: tuple[str, str] | None = None) -> dict[str, Any]:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SHOP, to, "Заказ"
    mail.set_content("Ваш заказ")
    with smtplib.SMTP("127.0.0.1", server.smtp_port) as client:
        if login:
            client.login(*login)
        return client.send_message(mail)


def imap(server: MailServer, work: Callable[[imaplib.IMAP4], Any], *, login: str = SHOP, password: str = "") -> Any:
    client = imaplib.IMAP4("127.0.0.1", server.imap_port)
    try:
        client.login(login, password)
        return work(client)
    finally:
        client.logout()


@in_loop
async def test_what_the_shop_sends_lies_in_the_customers_mailbox() -> None:
    arrived: list[tuple[str, bytes]] = []
    async with MailServer() as server:
        server.on_delivery = lambda address, raw: arrived.append((address, raw))
        await asyncio.to_thread(submit, server, "Anna+orders@example.com")
        (mail,) = server.mailbox(ANNA)
        assert b"From: shop@example.com" in mail
        assert arrived == [(ANNA, mail)]
        assert server.submitted == 1


@in_loop
async def test_only_who_knows_the_password_sends_and_reads() -> None:
    async with MailServer(passwords={SHOP: "geheim"}) as server:
        with pytest.raises(smtplib.SMTPSenderRefused):
            await asyncio.to_thread(submit, server, ANNA)
        await asyncio.to_thread(submit, server, ANNA, login=(SHOP, "geheim"))
        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
            await asyncio.to_thread(imap, server, lambda client: client.select(), password="wrong")
        found = await asyncio.to_thread(imap, server, lambda client: client.select(), password="geheim")
        assert found == ("OK", [b"0"])


@in_loop
async def test_faults_come_as_often_as_asked_and_for_whom() -> None:
    async with MailServer() as server:
        server.fault(Fault.GREYLISTED, address=ANNA, times=2)
        for _ in range(2):
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                await asyncio.to_thread(submit, server, ANNA)
        await asyncio.to_thread(submit, server, "boris@example.com")
        assert await asyncio.to_thread(submit, server, ANNA) == {}


@in_loop
async def test_a_bounce_comes_back_to_the_shop() -> None:
    async with MailServer() as server:
        server.fault(Fault.BOUNCE)
        await asyncio.to_thread(submit, server, "nobody@example.com")
        (report,) = server.mailbox(SHOP)
        assert server.mailbox("nobody@example.com") == []
        assert b"Final-Recipient: rfc822; nobody@example.com" in report
        assert b"Subject: =?utf-8?b?" in report.partition(b"text/rfc822-headers")[2]


def look_around(client: imaplib.IMAP4) -> dict[str, Any]:
    client.select()
    client.uid("STORE", "2", "+FLAGS", "(\\Seen)")
    return {
        "unseen": client.uid("SEARCH", "UNSEEN")[1],
        "since": client.uid("SEARCH", "SINCE", "10-Mar-2026")[1],
        "star": client.uid("SEARCH", "UID", "99:*")[1],
        "nonsense": client.uid("SEARCH", "SUBJECT", "x")[1],
        "part": client.uid("FETCH", "1", "(BODY.PEEK[TEXT]<2.3>)")[1][0][1],
        "head": client.uid("FETCH", "1", "(BODY.PEEK[HEADER])")[1][0][1],
        "size": client.uid("FETCH", "1:*", "(RFC822.SIZE)")[1],
        "flags": client.uid("FETCH", "2", "(FLAGS)")[1],
        "structure": client.uid("FETCH", "1", "(BODYSTRUCTURE)")[1],
        "list": client.list()[1],
    }


@in_loop
async def test_a_mail_program_finds_its_way_around() -> None:
    async with MailServer() as server:
        server.deliver(b"Subject: 1\n\n0123456789", SHOP, at=datetime(2026, 3, 1, tzinfo=UTC))
        server.deliver(b"Subject: 2\n\nx", SHOP, at=datetime(2026, 3, 20, tzinfo=UTC))
        found = await asyncio.to_thread(imap, server, look_around)
        assert found == {
            "unseen": [b"1"],
            "since": [b"2"],
            "star": [b"2"],
            "nonsense": [b""],
            "part": b"234",
            "head": b"Subject: 1\r\n\r\n",
            "size": [b"1 (UID 1 RFC822.SIZE 24)", b"2 (UID 2 RFC822.SIZE 15)"],
            "flags": [b"2 (UID 2 FLAGS (\\Seen))"],
            "structure": [
                b'1 (UID 1 BODYSTRUCTURE ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 10 0 NIL NIL NIL NIL))'
            ],
            "list": [b'() "/" "INBOX"'],
        }


@in_loop
async def test_whoever_idles_is_told_at_once() -> None:
    async with MailServer() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.imap_port)
        writer.write(b"a LOGIN {16}\r\nshop@example.com {0+}\r\n\r\nb SELECT INBOX\r\nc IDLE\r\n")
        await asyncio.wait_for(reader.readuntil(b"+ idling\r\n"), 5)
        server.deliver(b"Subject: 1\n\nx", SHOP)
        assert await asyncio.wait_for(reader.readline(), 5) == b"* 1 EXISTS\r\n"
        writer.write(b"DONE\r\nd LOGOUT\r\n")
        assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"c OK")
        writer.close()


NONSENSE = ["LOGIN a b", "SELECT INBOX", "UID", "UID FETCH", "UID FETCH x (BODY[1.9])", "UID STORE 1", "{9}"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(NONSENSE) | st.text(max_size=20), max_size=6))
def test_no_nonsense_ends_the_server(lines: list[str]) -> None:
    async def scenario() -> list[bytes]:
        async with MailServer() as server:
            server.deliver(b"Subject: 1\n\nx", "a")
            reader, writer = await asyncio.open_connection("127.0.0.1", server.imap_port)
            writer.write("".join(f"t {line}\r\n" for line in lines).encode("utf-8", "replace"))
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 5)
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", server.imap_port)
            greeting = await asyncio.wait_for(reader.readline(), 5)
            writer.close()
            return [greeting[:4]]

    assert asyncio.run(scenario()) == [b"* OK"]
