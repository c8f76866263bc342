"""Where a domain's server is, asked of a real name server; and which of several lets the shop in, asked of Prosody."""

import asyncio
import socket
import ssl
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path

import aiodns
import pytest

from prilavok.channels.base import NeedsOwner, TryLater
from prilavok.channels.transport import Transport, perform
from prilavok.channels.xmpp import Xmpp, XmppConfig, places
from prilavok.channels.xmpp.places import Place, Record, ordered
from tests.channels.reading import INBOX
from tests.channels.xmpp.name_server import name_server
from tests.chat_servers import PASSWORD, SHOP, needs_prosody

LOOPBACK = (ip_network("127.0.0.0/8"),)
DIRECT, USUAL = "_xmpps-client._tcp.", "_xmpp-client._tcp."


@asynccontextmanager
async def told(monkeypatch, records, **more):
    """DNS is what is written here."""
    async with name_server(records, **more) as (address, answering):
        monkeypatch.setattr(
            places, "name_servers", lambda: aiodns.DNSResolver(nameservers=[address], timeout=2.0, tries=1)
        )
        yield answering


def test_the_lowest_priority_comes_first_and_equals_draw_lots_by_weight():
    records = [Record(5, weight, 1, name, "tls") for weight, name in ((0, "a"), (10, "b"), (30, "c"))]
    records += [Record(1, 0, 1, "first", "starttls")]
    for lot, second in ((0, "a"), (1, "b"), (10, "b"), (11, "c"), (40, "c")):
        lots = iter([0, lot])
        names = [one.target for one in ordered(records, lambda _, top: next(lots, top))]  # noqa: B023
        assert names[:2] == ["first", second]
        assert sorted(names) == ["a", "b", "c", "first"]


async def test_both_kinds_of_encryption_are_mixed_by_priority(monkeypatch):
    records = {
        f"{DIRECT}shop.example": [(20, 0, 443, "one.example"), (5, 0, 5223, "two.example")],
        f"{USUAL}shop.example": [(10, 0, 5222, "one.example")],
    }
    async with told(monkeypatch, records) as answering:
        assert await places.places_of("shop.example") == [
            Place("two.example", 5223, "tls"),
            Place("one.example", 5222, "starttls"),
            Place("one.example", 443, "tls"),
        ]
        assert sorted(answering.asked) == [f"{USUAL}shop.example", f"{DIRECT}shop.example"]


@pytest.mark.parametrize(
    ("records", "failing", "expected"),
    [
        ({}, False, [Place("xn--80ak6aa92e.example", 5222, "starttls", by_dns=False)]),
        ({}, True, [Place("xn--80ak6aa92e.example", 5222, "starttls", by_dns=False)]),  # a name server that is ill
        ({DIRECT: "."}, False, [Place("xn--80ak6aa92e.example", 5222, "starttls", by_dns=False)]),
        ({DIRECT: ".", USUAL: "one.example"}, False, [Place("one.example", 5222, "starttls")]),
        ({DIRECT: "one.example", USUAL: "."}, False, [Place("one.example", 5222, "tls")]),
    ],
)
async def test_where_dns_says_nothing_the_domain_itself_is_knocked_at(monkeypatch, records, failing, expected):
    domain = "xn--80ak6aa92e.example"
    known = {service + domain: [(0, 0, 5222, target)] for service, target in records.items()}
    async with told(monkeypatch, known, failing=failing):
        assert await places.places_of("аррӏе.example") == expected


async def test_a_domain_that_has_no_such_server_says_so(monkeypatch):
    async with told(monkeypatch, {f"{USUAL}shop.example": [(0, 0, 0, ".")]}):
        with pytest.raises(NeedsOwner, match=r"DNS says that shop\.example has no XMPP server"):
            await places.places_of("shop.example")


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def xmpp(prosody, **settings) -> Xmpp:
    trusted = Path(prosody.certificate).read_text()
    given = {"jid": SHOP, "password": PASSWORD, "certificates": trusted, **settings}
    return Xmpp(XmppConfig(**given), INBOX)


async def resolved(host: str, port: int) -> list[str]:
    return ["127.0.0.1"] if host.endswith("shop.example") else ["10.0.0.7"]


@pytest.fixture
def network(runner):
    made = Transport(LOOPBACK, lookup=resolved)
    yield made
    runner.run(made.close())


@needs_prosody
async def test_the_next_server_is_tried_when_one_refuses(monkeypatch, prosody, network):
    """One is silent, one stands in a private network, one speaks no TLS there; the certificate is the domain's."""
    records = {
        f"{DIRECT}localhost": [(2, 0, prosody.port, "c.shop.example"), (9, 0, prosody.tls_port, "d.shop.example")],
        f"{USUAL}localhost": [(0, 0, closed_port(), "a.shop.example"), (1, 0, prosody.port, "inside.example")],
    }
    async with told(monkeypatch, records):
        account = await perform(xmpp(prosody).meet(), network)
        found = f"The server was found by DNS: d.shop.example, port {prosody.tls_port}, encrypted from the first byte"
        assert found in account.note
        assert "One more certificate is trusted here, until" in account.note
        assert account.expires_at is not None
        with pytest.raises(NeedsOwner, match="refuses the login"):
            await perform(xmpp(prosody, password="wrong").meet(), network)


@needs_prosody
async def test_starttls_is_found_too(monkeypatch, prosody, network):
    async with told(monkeypatch, {f"{USUAL}localhost": [(0, 0, prosody.port, "a.shop.example")]}):
        account = await perform(xmpp(prosody).meet(), network)
        assert f"a.shop.example, port {prosody.port}, encrypted (STARTTLS)." in account.note


@needs_prosody
async def test_dns_is_not_believed_about_names(monkeypatch, prosody, network):
    """The certificate is localhost's: one server says so itself, the other leaves it to us to notice."""
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(prosody.certificate, prosody.folder / "key.pem")
    silent = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=serving)
    for port in (prosody.tls_port, silent.sockets[0].getsockname()[1]):
        async with told(monkeypatch, {f"{DIRECT}another.example": [(0, 0, port, "localhost.shop.example")]}):
            with pytest.raises(NeedsOwner, match=r"is not good for another\.example"):
                await perform(xmpp(prosody, jid="shop@another.example").meet(), network)
    silent.close()
    await silent.wait_closed()


@needs_prosody
async def test_what_may_pass_by_itself_is_tried_again(monkeypatch, prosody, network):
    records = {
        f"{DIRECT}localhost": [(0, 0, prosody.tls_port, "a.shop.example")],
        f"{USUAL}localhost": [(1, 0, closed_port(), "b.shop.example")],
    }
    async with told(monkeypatch, records):
        with pytest.raises(TryLater, match=r"b\.shop\.example:.* cannot be reached"):
            async with xmpp(prosody, certificates="").standing.use(network):
                pytest.fail("nobody vouches for the one, and the other is silent")
