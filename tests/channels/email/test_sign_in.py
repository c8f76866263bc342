"""A mailbox that is let into by a token: at Google, at Microsoft, at a real Dovecot and a real Postfix."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import uvicorn

from prilavok.channels.base import NeedsOwner, Request, Response, TryLater
from prilavok.channels.email import Email
from prilavok.channels.email.config import EmailConfig
from prilavok.channels.tokens import Tokens
from prilavok.simulator.authority import Authority
from prilavok.simulator.mail import MailServer
from prilavok.simulator.telegram.faults import Fault
from tests.channels.email.driving import INBOX, Loopback, in_loop, letter, outbound
from tests.channels.loopback import Loopback as Web
from tests.mail_servers import ANNA, SHOP, MailServers, eventually, needs_mail_servers

BACK = "https://shop.test/consent/back"


class Net(Loopback):
    """Mail servers are this machine; the web is the authority."""

    def __init__(self, authority: Authority) -> None:
        self.web = Web(authority)

    async def http(self, request: Request) -> Response:
        return await self.web.http(request)


class Kept:
    """Settings as they are stored."""

    def __init__(self, **stored: str) -> None:
        self.stored = stored

    async def __call__(self, setting: str, before: str, after: str) -> str:
        if after and self.stored[setting] == before:
            self.stored[setting] = after
        return self.stored[setting]


def authority(**more: Any) -> Authority:
    return Authority(back=BACK, address="https://login.test", **more)


def signed_in(at: Authority, kept: Kept | None = None, **settings: Any) -> Email:
    kept = kept or Kept(refresh_token=at.signed_in(settings.get("as_whom", SHOP)))
    settings.pop("as_whom", None)
    plain = {"imap_security": "none", "smtp_security": "none", "imap_host": "localhost", "smtp_host": "localhost"}
    token = kept.stored["refresh_token"]
    config = EmailConfig(
        **{"address": SHOP, "sign_in": "google", "refresh_token": token, **at.settings, **plain, **settings}
    )
    return Email(config, replace(INBOX, keep=kept))


async def drive(dialogue: Any, net: Any) -> Any:
    try:
        exchange = next(dialogue)
        while True:
            try:
                answer = await exchange.perform(net)
            except Exception as error:
                exchange = dialogue.throw(error)
            else:
                exchange = dialogue.send(answer)
    except StopIteration as end:
        return end.value


@contextlib.asynccontextmanager
async def simulated(at: Authority) -> AsyncIterator[tuple[MailServer, dict[str, int]]]:
    async with MailServer(shop=SHOP, passwords={SHOP: "nobody knows it"}, whose=at.whose) as server:
        yield server, {"imap_port": server.imap_port, "smtp_port": server.smtp_port}


@in_loop
async def test_one_token_opens_both_servers_and_is_renewed_before_it_ends() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    at = authority(now=lambda: now)
    consent = signed_in(at).config.consent
    assert consent is not None
    tokens = Tokens(consent, Kept(refresh_token=""), lambda: now)
    first = await tokens.access(Net(at))
    now += timedelta(minutes=58)
    assert await tokens.access(Net(at)) == first
    now += timedelta(minutes=1)
    assert await tokens.access(Net(at)) != first  # a minute before its end
    assert at.asked_for_tokens == 2


@in_loop
async def test_a_mailbox_is_read_and_written_to_with_a_sign_in() -> None:
    at = authority(lasts=7 * 24 * 3600)
    async with simulated(at) as (server, ports):
        channel, net = signed_in(at, **ports), Net(at)
        account = await drive(channel.check(), net)
        assert account.handle == SHOP
        assert timedelta(days=6) < account.expires_at - datetime.now(UTC) < timedelta(days=8)
        await drive(channel.send(outbound()), net)
        assert len(server.mailbox("anna@customers.test")) == 1
        assert at.asked_for_tokens == 1  # reading and sending share it


@in_loop
async def test_a_token_that_is_refused_is_exchanged_once_on_both_lines() -> None:
    at = authority(strict=True)
    async with simulated(at) as (server, ports):
        kept = Kept(refresh_token=at.signed_in(SHOP))
        channel, net = signed_in(at, kept, **ports), Net(at)
        account = await drive(channel.check(), net)
        at.expire()
        await drive(channel.send(outbound()), net)
        at.expire()
        server.deliver(letter("Ещё вопрос"), SHOP)
        async with aclosing(channel.listen(net, account.cursor)) as source:
            polled = await asyncio.wait_for(anext(source), 20)
        assert "Ещё вопрос".encode() in polled.hook.body
        assert at.asked_for_tokens == 3
        assert kept.stored["refresh_token"] in at.refresh  # the last one that was given is the one that is stored


@in_loop
async def test_whoever_took_the_sign_in_back_is_asked_to_sign_in_again() -> None:
    at = authority()
    async with simulated(at) as (_, ports):
        channel = signed_in(at, **ports)
        at.revoke()
        for act in (channel.check(), channel.send(outbound())):
            with pytest.raises(NeedsOwner, match="Google does not accept the former sign-in"):
                await drive(act, Net(at))
        with pytest.raises(NeedsOwner, match="Sign in again"):
            await anext(channel.listen(Net(at), {}))


@in_loop
async def test_another_mailboxs_sign_in_opens_nothing() -> None:
    at = authority()
    async with simulated(at) as (_, ports):
        with pytest.raises(NeedsOwner, match="Was it this mailbox that signed in"):
            await drive(signed_in(at, as_whom="other@shop.test", **ports).check(), Net(at))
        assert at.asked_for_tokens == 2  # once more, and then the owner is told


@in_loop
async def test_a_server_that_knows_no_such_sign_in_is_told_apart() -> None:
    at = authority()
    async with MailServer(shop=SHOP) as server:
        channel = signed_in(at, imap_port=server.imap_port, smtp_port=server.smtp_port)
        for act in (channel.check(), channel.send(outbound())):
            with pytest.raises(NeedsOwner, match="takes no sign-in of Google's or Microsoft's kind"):
                await drive(act, Net(at))


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.TOO_MANY, Fault.CUT])
@in_loop
async def test_a_token_server_in_trouble_only_makes_the_mail_wait(fault: Fault) -> None:
    at = authority()
    async with simulated(at) as (_, ports):
        channel = signed_in(at, **ports)
        at.fail(fault)
        with pytest.raises(TryLater) as raised:
            await drive(channel.send(outbound()), Net(at))
        assert not raised.value.perhaps_sent  # the mail was not on its way yet
        await drive(channel.send(outbound()), Net(at))


@in_loop
async def test_two_processes_share_what_was_stored_last() -> None:
    at = authority(strict=True)
    async with simulated(at) as (_, ports):
        kept = Kept(refresh_token=at.signed_in(SHOP))
        one, other = signed_in(at, kept, **ports), signed_in(at, kept, **ports)
        await drive(one.check(), Net(at))
        at.used.clear()  # as at Microsoft, a former token is merely gone
        await drive(other.check(), Net(at))
        assert kept.stored["refresh_token"] in at.refresh


def test_the_servers_of_both_are_known() -> None:
    google = EmailConfig(address=SHOP, sign_in="google", client_id="c", client_secret="s")
    assert (google.imap.host, google.smtp.host, google.smtp.port) == ("imap.gmail.com", "smtp.gmail.com", 465)
    outlook = EmailConfig(address=SHOP, sign_in="microsoft", client_id="c", client_secret="s", tenant="contoso.test")
    assert (outlook.imap.host, outlook.imap.security) == ("outlook.office365.com", "ssl")
    assert (outlook.smtp.host, outlook.smtp.port, outlook.smtp.security) == ("smtp.office365.com", 587, "starttls")
    assert outlook.consent is not None
    assert outlook.consent.tokens == "https://login.microsoftonline.com/contoso.test/oauth2/v2.0/token"
    assert "offline_access" in outlook.consent.scope
    assert google.consent is not None
    assert dict(google.consent.asks) == {"access_type": "offline", "prompt": "consent"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "imap_host"),
        ({"imap_host": "a", "smtp_host": "b"}, "imap_password"),
        ({"sign_in": "google", "client_id": "c"}, "client_secret"),
    ],
)
def test_what_each_way_needs_must_be_filled_in(given: dict[str, str], missing: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=f"missing required field `{missing}`"):
        msgspec.convert({"address": SHOP, **given}, EmailConfig)


def test_no_trace_shows_a_token() -> None:
    at = authority()
    channel = signed_in(at)
    shown = repr((channel.config, channel.config.consent, channel.config.imap))
    assert channel.config.refresh_token not in shown
    assert channel.config.client_secret not in shown


@contextlib.asynccontextmanager
async def served(at: Authority, port: int) -> AsyncIterator[None]:
    """Where Dovecot asks."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
        server = uvicorn.Server(uvicorn.Config(at, lifespan="off", log_level="error", ws="none"))
        task = asyncio.create_task(server.serve([door]))
        await eventually(lambda: server.started, "the authority")
        try:
            yield
        finally:
            server.should_exit = True
            await task


@needs_mail_servers
@in_loop
async def test_dovecot_and_postfix_let_us_in_by_a_token(mail_servers: MailServers) -> None:
    mail_servers.empty()
    at = authority()
    ports = {"imap_port": mail_servers.imap_port, "smtp_port": mail_servers.submission_port}
    async with served(at, mail_servers.authority_port):
        channel, net = signed_in(at, **ports), Net(at)
        account = await drive(channel.check(), net)
        at.expire()  # what Dovecot says against a token is answered with an empty line, and the next one is shown
        mail_servers.put(letter("Вопрос"))
        async with aclosing(channel.listen(net, account.cursor)) as source:
            polled = await asyncio.wait_for(anext(source), 20)
            assert "Вопрос".encode() in polled.hook.body
            at.expire()
            await drive(channel.send(outbound(address=ANNA)), net)
        await eventually(lambda: mail_servers.mails(ANNA), "the answer in Anna's mailbox")
        assert at.asked_for_tokens == 3
        at.revoke()
        with pytest.raises(NeedsOwner, match="Sign in again"):
            await drive(channel.check(), net)
        with pytest.raises(NeedsOwner, match="Was it this mailbox that signed in"):
            await drive(signed_in(at, as_whom=ANNA, **ports).check(), net)
