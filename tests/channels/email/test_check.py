"""What the owner reads when the settings are wrong."""

import asyncio
from typing import Any

import pytest

from prilavok.channels.base import NeedsOwner
from tests.channels.email.driving import drive, in_loop, letter, shop, simulated
from tests.mail_servers import PASSWORD, PLAIN_PASSWORD, PLAIN_SHOP, SHOP, MailServers, needs_mail_servers


@in_loop
async def test_the_account_says_where_listening_begins() -> None:
    async with simulated() as (server, channel):
        server.deliver(letter(), SHOP)
        account = await drive(channel.check())
        assert (account.name, account.handle) == ("Лавка", SHOP)
        assert {**account.cursor, "since": ""} == {"uidvalidity": 1, "uid": 1, "since": ""}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"imap_password": "wrong"}, "Is the password right"),
        ({"smtp_password": "wrong"}, "SMTP server .* refused the login"),
        ({"imap_host": "unknown.test"}, "no host unknown.test"),
        ({"imap_folder": "Нет такой"}, "no folder"),
        ({"imap_security": "starttls"}, "does not offer STARTTLS"),
        ({"smtp_security": "starttls"}, "does not offer STARTTLS"),
        ({"imap_security": "ssl"}, "does not begin with TLS"),
        ({"smtp_security": "ssl"}, "does not begin with TLS"),
        ({"imap_port": 1}, "cannot be reached"),
        ({"imap_password": "a\r\nb"}, "line break"),
    ],
)
@in_loop
async def test_every_mistake_is_told_in_plain_words(settings: dict[str, Any], said: str) -> None:
    async with simulated() as (server, _):
        channel = shop(**{"imap_port": server.imap_port, "smtp_port": server.smtp_port, **settings})
        with pytest.raises(NeedsOwner, match=said):
            await drive(channel.check())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"address": "not an address"}, "not an e-mail address: “not an address”"),
        ({"imap_host": "https://imap.shop.example/"}, "no host name"),
        ({"smtp_host": "  "}, "no host name"),
    ],
)
def test_a_setting_that_cannot_be_right_is_named_before_anybody_is_asked(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(NeedsOwner, match=said) as refused:
        next(shop(**settings).check())
    assert refused.value.field in settings


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("NO [ALERT] Application-specific password required", "wants an app password"),
        ("NO [UNAVAILABLE] Temporary authentication failure", "for now"),
        ("BAD what", "Is the password right"),
        ("", "broke off"),
    ],
)
@in_loop
async def test_a_refused_login_is_told_apart_from_a_busy_server(answer: str, said: str) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n")
        tag = (await reader.readline()).split()[0]
        writer.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n")
        tag = (await reader.readline()).split()[0]
        writer.write(tag + f" {answer}\r\n".encode() if answer else b"")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    channel = shop(imap_port=server.sockets[0].getsockname()[1], imap_password="plain")
    with pytest.raises(NeedsOwner, match=said):
        await drive(channel.check())
    server.close()


@needs_mail_servers
@pytest.mark.parametrize("security", ["ssl", "starttls", "none"])
@pytest.mark.parametrize(("address", "password"), [(SHOP, PASSWORD), (PLAIN_SHOP, PLAIN_PASSWORD)])
@in_loop
async def test_dovecot_lets_us_in_with_every_encryption_and_any_password(
    mail_servers: MailServers, security: str, address: str, password: str
) -> None:
    port = mail_servers.imaps_port if security == "ssl" else mail_servers.imap_port
    channel = shop(
        address=address,
        imap_password=password,
        imap_security=security,
        imap_port=port,
        smtp_port=mail_servers.relay_port,
        certificates=mail_servers.trusted,
    )
    account = await drive(channel.meet())
    assert account.handle == address
    assert "One more certificate is trusted here" in account.note


@needs_mail_servers
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"imap_host": "127.0.0.1"}, "not good for this name"),
        ({"imap_host": "mail.example.test"}, "not good for this name"),
        ({"imap_security": "none", "imap_login": "nobody@shop.test"}, "refused the login nobody@shop.test"),
    ],
)
@in_loop
async def test_the_certificate_must_be_good_for_the_name_the_owner_typed(
    mail_servers: MailServers, settings: dict[str, Any], said: str
) -> None:
    settings = {**settings, "certificates": mail_servers.trusted}
    port = mail_servers.imap_port if settings.get("imap_security") == "none" else mail_servers.imaps_port
    channel = shop(**{"imap_security": "ssl", "imap_port": port, "smtp_port": mail_servers.relay_port, **settings})
    with pytest.raises(NeedsOwner, match=said):
        await drive(channel.check())


@needs_mail_servers
@in_loop
async def test_a_certificate_that_nobody_vouches_for_is_refused(mail_servers: MailServers) -> None:
    channel = shop(imap_security="ssl", imap_port=mail_servers.imaps_port, smtp_port=mail_servers.relay_port)
    with pytest.raises(NeedsOwner, match=r"self-signed.*If an authority of its own"):
        await drive(channel.check())
