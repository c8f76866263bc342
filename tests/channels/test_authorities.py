"""An inbox that trusts an authority of its own: a real server behind TLS, and who is let in by whom."""

import ssl
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from prilavok.channels import authorities
from prilavok.channels.base import NeedsOwner, Request, TryLater
from prilavok.channels.matrix import Matrix, MatrixConfig
from prilavok.channels.max import Max, MaxConfig
from prilavok.channels.transport import Transport, perform
from tests.channels.reading import INBOX

NOW = datetime.now(UTC).replace(microsecond=0)
PEM = serialization.Encoding.PEM


class Issuer:
    """An authority, in whatever line of authorities; `server` makes a chain that a server can show."""

    def __init__(self, name: str, days: float, above: "Issuer | None" = None, *, host: str = "") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder(above.name if above else self.name, self.name, self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=400))
            .not_valid_after(NOW + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=not host, path_length=None), critical=True)
        )
        if host:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        self.pem = builder.sign(above.key if above else self.key, hashes.SHA256()).public_bytes(PEM).decode()

    @property
    def secret(self) -> str:
        form = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(PEM, form, serialization.NoEncryption()).decode()


ROOT = Issuer("State Root CA", days=3000)
SUB = Issuer("State Sub CA", days=10, above=ROOT)
OTHER = Issuer("Another CA", days=3000)
GONE = Issuer("Old CA", days=-3)


@pytest.fixture(scope="module")
def serving(tmp_path_factory) -> ssl.SSLContext:
    server = Issuer("max.example", days=5, above=SUB, host="max.example")
    file = tmp_path_factory.mktemp("tls") / "chain.pem"
    file.write_text(server.secret + server.pem + SUB.pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


async def answers(request: web.Request) -> web.Response:
    if request.path == "/me":
        return web.json_response({"user_id": 1, "first_name": "Kardamon", "username": "kardamon_bot", "is_bot": True})
    return web.json_response({"user_id": "@shop:max.example", "next_batch": "s1", "rooms": {}})


@asynccontextmanager
async def at_work(serving: ssl.SSLContext):
    """A vendor's server and the way to it: every name leads there."""
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answers)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=serving)
    await site.start()

    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    network = Transport((ip_network("127.0.0.0/8"),), lookup=lookup)
    try:
        yield network, site._server.sockets[0].getsockname()[1]
    finally:
        await network.close()
        await runner.cleanup()


def bot(port: int, certificates: str = "", host: str = "max.example") -> Max:
    return Max(MaxConfig(token="t", api_base=f"https://{host}:{port}", certificates=certificates), INBOX)


async def test_an_inbox_trusts_its_own_authority_and_no_other_inbox_does(serving):
    pasted = f"subject=CN = State Root CA\r\n{ROOT.pem}\n# and\n{ROOT.pem}{SUB.pem}"
    async with at_work(serving) as (network, port):
        account = await perform(bot(port, pasted).meet(), network)
        days = [f"{NOW + timedelta(days=days):%Y-%m-%d}" for days in (3000, 10)]
        assert account.name == "Kardamon"
        assert account.note == (
            "Certificates trusted here besides the system's, 2 with their last days: "
            f"State Root CA ({days[0]}), State Sub CA ({days[1]})."
        )
        assert account.expires_at == NOW + timedelta(days=10)  # the first that ends
        for other in ("", OTHER.pem):  # the connection of before is still open, and not theirs
            with pytest.raises(NeedsOwner, match=r"certificate is not accepted\. If an authority of its own issued it"):
                await perform(bot(port, other).meet(), network)
        with pytest.raises(NeedsOwner, match="certificate is not accepted"):
            await perform(bot(port, ROOT.pem, host="other.example").meet(), network)
        with pytest.raises(TryLater, match="certificate is not accepted"):  # whoever asks without an inbox
            await network.http(Request("GET", f"https://max.example:{port}/me"))


async def test_the_authority_in_the_middle_is_enough_and_matrix_has_the_same_field(serving):
    async with at_work(serving) as (network, port):
        base = f"https://max.example:{port}"
        config = MatrixConfig(user="@shop:max.example", token="t", api_base=base, certificates=SUB.pem)
        account = await perform(Matrix(config, INBOX).meet(), network)
        assert account.note.startswith("One more certificate is trusted here, until ")
        config = MatrixConfig(user="@shop:max.example", token="t", api_base=base)
        with pytest.raises(NeedsOwner, match="certificate is not accepted"):
            await perform(Matrix(config, INBOX).meet(), network)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Russian Trusted Root CA", "paste text, each from"),
        (ROOT.pem.replace("END CERT", "END"), "paste text, each from"),
        (ROOT.pem[:200] + "\n-----END CERTIFICATE-----", "number 1 cannot be read"),
        (ROOT.pem + "-----BEGIN CERTIFICATE-----\nнет\n-----END CERTIFICATE-----", "number 2 cannot be read"),
        (ROOT.pem + ROOT.secret, "a private key among them"),
        (ROOT.pem + GONE.pem, "“Old CA” ended on"),
        (ROOT.pem * 31, "at most 30"),
        ("-" * 200_001, "at most 200000 characters"),
    ],
)
def test_what_cannot_be_trusted_is_said_before_anything_is_asked(text, reason):
    with pytest.raises(NeedsOwner, match=reason):
        next(bot(1, text).meet())


def test_nobody_is_trusted_by_an_empty_field():
    assert authorities.read(" \n") == ()
    assert authorities.told_of(()) == ""
    assert authorities.context(ROOT.pem) is authorities.context(ROOT.pem) is not authorities.context(SUB.pem)


async def test_the_settings_page_hears_it_before_anything_is_asked(shop):
    config = {"token": "t", "certificates": GONE.pem}
    answer = (await shop.ask("POST", "/api/v1/inboxes/check", {"kind": "max", "config": config})).json()
    ended = NOW - timedelta(days=3)
    said = f"Trusted certificates: “Old CA” ended on {ended:%Y-%m-%d}. Paste the new one."
    assert (answer["ok"], answer["reason"]) == (False, said)
