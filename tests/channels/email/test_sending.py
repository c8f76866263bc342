"""Submitting: what the server's answers mean; on the simulator for the rare ones, on Postfix for the usual."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest

from prilavok.channels.base import NeedsOwner, TryLater, Undeliverable
from prilavok.simulator.mail import Fault
from tests.channels.email.driving import drive, in_loop, outbound, shop, simulated
from tests.mail_servers import (
    ANNA,
    PASSWORD,
    PLAIN_PASSWORD,
    PLAIN_SHOP,
    SHOP,
    MailServers,
    eventually,
    needs_mail_servers,
)


@in_loop
async def test_a_mail_arrives_at_everybody() -> None:
    async with simulated() as (server, channel):
        sent = await drive(channel.send(outbound(text=".точка\n..две", copies=("boss@x.test",))))
        (mail,) = server.mailbox(ANNA)
        assert f"<{sent.provider_id}>".encode() in mail
        assert len(server.mailbox("boss@x.test")) == 1


@pytest.mark.parametrize(
    ("fault", "error", "more"),
    [
        (Fault.CLOSING, TryLater, {"after": None, "perhaps_sent": False}),
        (Fault.GREYLISTED, TryLater, {"after": 300, "perhaps_sent": False}),
        (Fault.NO_SUCH_USER, Undeliverable, {"address_is_dead": True}),
        (Fault.SPAM, Undeliverable, {"address_is_dead": False}),
        (Fault.LOST_AFTER_DATA, TryLater, {"perhaps_sent": True}),
    ],
)
@in_loop
async def test_every_refusal_says_what_to_do(fault: Fault, error: type[Exception], more: dict[str, object]) -> None:
    async with simulated() as (server, channel):
        server.fault(fault)
        with pytest.raises(error) as caught:
            await drive(channel.send(outbound()))
        assert {name: getattr(caught.value, name) for name in more} == more
        await drive(channel.send(outbound()))
        assert (
            len({line for mail in server.mailbox(ANNA) for line in mail.split(b"\r\n") if line[:10] == b"Message-ID"})
            == 1
        )


@in_loop
async def test_a_refused_copy_does_not_keep_the_answer_from_the_customer() -> None:
    async with simulated() as (server, channel):
        server.fault(Fault.NO_SUCH_USER, address="boss@x.test")
        await drive(channel.send(outbound(copies=("boss@x.test",))))
        assert len(server.mailbox(ANNA)) == 1


@in_loop
async def test_a_wrong_password_is_for_the_owner_to_mend() -> None:
    async with simulated() as (server, _):
        channel = shop(smtp_port=server.smtp_port, smtp_password="wrong")
        with pytest.raises(NeedsOwner, match="Is the password right"):
            await drive(channel.send(outbound()))


@asynccontextmanager
async def scripted(*lines: str):
    """A server that says these lines, one for each that it hears, and then nothing."""

    talks = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        for line in lines:
            writer.write(f"{line}\r\n".encode())
            if not await reader.readline():
                break
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield shop(smtp_port=server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await asyncio.gather(*talks)


HELLO = ("220 x", "250-x\r\n250 AUTH PLAIN")


@pytest.mark.parametrize(
    ("lines", "error", "said"),
    [
        (("421 too busy",), TryLater, "does not take mail now"),
        ((*HELLO, "535 5.7.30 Basic authentication is not supported"), NeedsOwner, "takes no passwords"),
        ((*HELLO, "534 5.7.9 Application-specific password required"), NeedsOwner, "app password"),
        ((*HELLO, "454 4.7.0 Temporary authentication failure"), TryLater, "for now"),
        ((*HELLO, "235 ok", "553 5.7.1 Sender address rejected: not owned by user"), NeedsOwner, "not owned"),
        ((*HELLO, "235 ok", "552 5.3.4 message too big"), Undeliverable, "too big"),
        ((*HELLO, "235 ok", "250 ok", "554 5.7.1 Relay access denied"), NeedsOwner, "Relay access denied"),
        ((*HELLO, "235 ok", "250 ok", "550 mailbox unavailable"), Undeliverable, "unavailable"),
        ((*HELLO, "235 ok", "550 5.4.5 Daily user sending limit exceeded"), TryLater, "limit is used up"),
        (("220 x", "250-x\r\n250 AUTH XOAUTH2"), NeedsOwner, "plain Latin letters"),
        ((), TryLater, "is lost"),
    ],
)
@in_loop
async def test_answers_of_the_great_providers_are_told_apart(
    lines: tuple[str, ...], error: type[Exception], said: str
) -> None:
    async with scripted(*lines) as channel:
        with pytest.raises(error, match=said):
            await drive(channel.send(outbound()))


@in_loop
async def test_who_stops_sending_does_not_wait_for_a_server_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = shop(smtp_port=silent.getsockname()[1])
        sending = asyncio.ensure_future(drive(channel.send(outbound())))
        connection, _ = await asyncio.to_thread(silent.accept)
        with connection:
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            assert connection.recv(1) == b""


@needs_mail_servers
@pytest.mark.parametrize(("login", "password"), [(SHOP, PASSWORD), (PLAIN_SHOP, PLAIN_PASSWORD)])
@in_loop
async def test_postfix_takes_our_mail_over_starttls_with_any_password(
    mail_servers: MailServers, monkeypatch: pytest.MonkeyPatch, login: str, password: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", mail_servers.certificate)
    mail_servers.empty()
    channel = shop(
        smtp_security="starttls", smtp_port=mail_servers.submission_port, smtp_login=login, smtp_password=password
    )
    sent = await drive(channel.send(outbound(text="Везём", attachments=(), subject="Заказ", replies_to="1@anna")))
    await eventually(lambda: mail_servers.mails(ANNA), "the mail at Anna's")
    assert f"Message-ID: <{sent.provider_id}>".encode() in mail_servers.mails(ANNA)[0]


@needs_mail_servers
@in_loop
async def test_postfix_knows_who_exists(mail_servers: MailServers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", mail_servers.certificate)
    channel = shop(smtp_security="starttls", smtp_port=mail_servers.submission_port)
    with pytest.raises(Undeliverable) as caught:
        await drive(channel.send(outbound(address="nobody@customers.test")))
    assert caught.value.address_is_dead
    channel = shop(smtp_security="starttls", smtp_port=mail_servers.submission_port, smtp_password="wrong")
    with pytest.raises(NeedsOwner, match="535"):
        await drive(channel.send(outbound()))
