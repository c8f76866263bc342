import asyncio
import gzip
import socket
import ssl
from collections.abc import Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from prilavok.channels.base import Request, Response
from prilavok.channels.transport import Transport, perform
from prilavok.domain.errors import NeedsOwner, TryLater, Undeliverable

LOOPBACK = (ip_network("127.0.0.0/8"),)
TOKEN = "12345:bot-token"


class Names:
    """A resolver whose answers are written down beforehand; the last one is repeated."""

    def __init__(self, **names: list[list[str]]) -> None:
        self.names = {name.replace("_", "."): answers for name, answers in names.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        answers = self.names.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return answers.pop(0) if len(answers) > 1 else answers[0]


@asynccontextmanager
async def shop(handler: Callable, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None):
    """A web server of aiohttp; gives its port."""
    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, host, 0, ssl_context=tls)
    await site.start()
    try:
        yield site._server.sockets[0].getsockname()[1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def wire(talk: Callable):
    """A server that speaks by hand: `talk(reader, writer)`."""

    async def serve(reader, writer):
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def transport(trusted=LOOPBACK, **more):
    made = Transport(trusted, **more)
    try:
        yield made
    finally:
        await made.close()


def ask(url: str, method: str = "GET", **more) -> Request:
    return Request(method, url, timeout=more.pop("timeout", 5.0), **more)


def test_an_answer_comes_back_as_it_was_given():
    async def handler(request):
        assert request.headers["User-Agent"] == "Prilavok"
        assert await request.read() == b'{"text":"\xd0\xb4\xd0\xb0"}'
        answer = web.json_response({"ok": True}, status=201)
        answer.headers.add("X-Part", "one")
        answer.headers.add("X-Part", "two")
        return answer

    async def main():
        async with shop(handler) as port, transport() as out:
            body = '{"text":"да"}'.encode()
            return await out.http(ask(f"http://127.0.0.1:{port}/bot{TOKEN}/send", "POST", body=body))

    response = asyncio.run(main())
    assert (response.status, response.json(), response.headers["x-part"]) == (201, {"ok": True}, "one, two")


def test_forms_and_files_arrive_as_a_browser_would_send_them():
    seen = {}

    async def handler(request):
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                seen[name] = (value.filename, value.content_type, value.file.read())
            else:
                seen[name] = value
        return web.Response()

    async def main():
        async with shop(handler) as port, transport() as out:
            url = f"http://127.0.0.1:{port}/"
            await out.http(ask(url, "POST", form={"chat": "1", "text": "да & нет"}))
            photo = ("photo", 'фото "1"\r\n.png', "image/png", b"\x89PNG\r\n--")
            await out.http(ask(url, "POST", form={"caption": "під'їзд"}, files=(photo,)))

    asyncio.run(main())
    assert (seen["chat"], seen["text"], seen["caption"]) == ("1", "да & нет", "під'їзд")
    assert seen["photo"] == ("фото %221%22%0D%0A.png", "image/png", b"\x89PNG\r\n--")


def test_connections_are_kept_and_used_again():
    peers = set()

    async def handler(request):
        peers.add(request.transport.get_extra_info("peername"))
        return web.Response()

    async def main():
        async with shop(handler) as port, transport() as out:
            for _ in range(5):
                await out.http(ask(f"http://127.0.0.1:{port}/"))

    asyncio.run(main())
    assert len(peers) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1.", "[::1]", "[::ffff:127.0.0.1]", "localhost", "inside.example", "2130706433"]
)
def test_nothing_on_this_machine_is_asked_unless_it_is_trusted(host):
    asked = []

    async def handler(request):
        asked.append(request.path)
        return web.Response()

    async def main():
        names = Names(localhost=[["127.0.0.1", "::1"]], inside_example=[["127.0.0.1"]])
        async with shop(handler) as port, transport((), lookup=names) as out:
            with pytest.raises(NeedsOwner):
                await out.http(ask(f"http://{host}:{port}/secret"))

    asyncio.run(main())
    assert asked == []


def test_a_name_that_changes_its_mind_is_not_followed_inside():
    """Rebinding: the address that was checked is the one that is connected to, and the next one is checked too."""

    async def main():
        names = Names(shop_example=[["127.0.0.1"], ["127.0.0.2"]])
        trusted = (ip_network("127.0.0.1/32"),)

        async def handler(request):
            return web.Response(text=request.transport.get_extra_info("sockname")[0], headers={"Connection": "close"})

        async with shop(handler, "0.0.0.0") as port, transport(trusted, lookup=names) as out:
            first = await out.http(ask(f"http://shop.example:{port}/"))
            assert (first.body, names.asked) == (b"127.0.0.1", ["shop.example"])
            out._session.connector.clear_dns_cache()
            with pytest.raises(NeedsOwner):
                await out.http(ask(f"http://shop.example:{port}/"))

    asyncio.run(main())


def test_a_name_with_one_private_address_is_not_asked_at_all():
    async def main():
        async with transport((), lookup=Names(shop_example=[["93.184.216.34", "10.0.0.1"]])) as out:
            with pytest.raises(NeedsOwner, match="private network"):
                await out.http(ask("http://shop.example/"))
            with pytest.raises(NeedsOwner, match="private network"):
                await out.resolve("shop.example", 993)

    asyncio.run(main())


@pytest.mark.parametrize(
    "place",
    [
        "http://10.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "//169.254.169.254/latest",
        "http://inside.example/",
        "http://[",
    ],
)
def test_a_redirect_inside_is_not_followed(place):
    async def main():
        async def handler(request):
            return web.Response(status=302, headers={"Location": place})

        async with shop(handler) as port, transport(lookup=Names(inside_example=[["192.168.0.1"]])) as out:
            with pytest.raises(NeedsOwner):
                await out.http(ask(f"http://127.0.0.1:{port}/"))

    asyncio.run(main())


def test_redirects_end_after_three():
    async def main():
        async def handler(request):
            step = int(request.path[1:])
            return web.Response(status=302, headers={"Location": f"/{step - 1}"}) if step else web.Response(text="here")

        async with shop(handler) as port, transport() as out:
            assert (await out.http(ask(f"http://127.0.0.1:{port}/3"))).body == b"here"
            with pytest.raises(NeedsOwner, match="somewhere else"):
                await out.http(ask(f"http://127.0.0.1:{port}/4"))

    asyncio.run(main())


def test_another_host_does_not_get_our_credentials():
    seen = []

    async def there(request):
        seen.append(dict(request.headers))
        return web.Response(text="there")

    async def main():
        async with shop(there) as other:

            async def here(request):
                assert request.headers["Authorization"] == TOKEN
                return web.Response(status=307, headers={"Location": f"http://127.0.0.1:{other}/"})

            async with shop(here) as port, transport() as out:
                headers = {"Authorization": TOKEN, "X-Api-Key": TOKEN, "Cookie": TOKEN, "Accept": "text/plain"}
                response = await out.http(ask(f"http://127.0.0.1:{port}/", headers=headers))
                assert response.body == b"there"
                with pytest.raises(NeedsOwner, match="has moved"):
                    await out.http(ask(f"http://127.0.0.1:{port}/", "POST", headers=headers, body=b"private"))

    asyncio.run(main())
    assert len(seen) == 1
    assert TOKEN not in str(seen)
    assert seen[0]["Accept"] == "text/plain"


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_message_is_not_turned_into_a_page_view_by_a_redirect(status):
    async def main():
        async def handler(request):
            return web.Response(status=status, headers={"Location": "/new"}) if request.path == "/" else web.Response()

        async with shop(handler) as port, transport() as out:
            with pytest.raises(NeedsOwner, match="enter the new address"):
                await out.http(ask(f"http://127.0.0.1:{port}/", "POST", body=b"hello"))

    asyncio.run(main())


def test_a_message_follows_a_redirect_on_the_same_host_with_its_body():
    async def main():
        async def handler(request):
            if request.path == "/":
                return web.Response(status=308, headers={"Location": "/new"})
            return web.Response(body=await request.read())

        async with shop(handler) as port, transport() as out:
            assert (await out.http(ask(f"http://127.0.0.1:{port}/", "POST", body=b"hello"))).body == b"hello"

    asyncio.run(main())


def test_an_answer_larger_than_asked_for_is_not_read():
    async def main():
        async def handler(request):
            answer = web.StreamResponse()
            if request.path == "/declared":
                answer.content_length = 10_000_000
            await answer.prepare(request)
            try:
                for _ in range(100):
                    await answer.write(b"x" * 100_000)
            except ConnectionError:
                return answer
            return answer

        async with shop(handler) as port, transport() as out:
            for path in ("", "declared"):
                with pytest.raises(Undeliverable, match="larger than 1000 bytes"):
                    await out.http(ask(f"http://127.0.0.1:{port}/{path}", max_bytes=1000))
            with pytest.raises(TryLater) as later:
                await out.http(ask(f"http://127.0.0.1:{port}/", "POST", max_bytes=1000))
            assert later.value.perhaps_sent

    asyncio.run(main())


def test_a_small_package_that_unpacks_without_end_is_stopped():
    bomb = gzip.compress(b"\x00" * 50_000_000)

    async def main():
        async def handler(request):
            body = {"/bomb": bomb, "/good": gzip.compress(b"x" * 1000), "/cut": gzip.compress(b"x" * 1000)[:-9]}
            encoding = {"/brotli": "br"}.get(request.path, "gzip")
            return web.Response(body=body.get(request.path, b"noise"), headers={"Content-Encoding": encoding})

        async with shop(handler) as port, transport() as out:
            assert (await out.http(ask(f"http://127.0.0.1:{port}/good", max_bytes=1000))).body == b"x" * 1000
            with pytest.raises(Undeliverable, match="larger"):
                await out.http(ask(f"http://127.0.0.1:{port}/bomb", max_bytes=1_000_000))
            for path in ("cut", "noise", "brotli"):
                with pytest.raises(TryLater, match="cannot be unpacked"):
                    await out.http(ask(f"http://127.0.0.1:{port}/{path}"))

    asyncio.run(main())


@pytest.mark.parametrize("head", [b"X: " + b"a" * 100_000, b"\r\n".join(b"X-%d: a" % n for n in range(5000))])
def test_endless_headers_are_not_read(head):
    async def main():
        async def talk(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
            await reader.read()

        async with wire(talk) as port, transport() as out:
            with pytest.raises(TryLater, match="headers are too long"):
                await out.http(ask(f"http://127.0.0.1:{port}/"))

    asyncio.run(main())


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_what_was_never_sent_is_said_to_be_unsent():
    async def main():
        async def silent(host, port):
            await asyncio.Event().wait()

        async with transport(lookup=Names()) as out:
            for url in (f"http://127.0.0.1:{closed_port()}/{TOKEN}", f"http://unknown.example/{TOKEN}"):
                with pytest.raises(TryLater) as later:
                    await out.http(ask(url, "POST", body=b"x"))
                assert not later.value.perhaps_sent
                assert TOKEN not in str(later.value)
        async with transport(lookup=silent) as out:
            with pytest.raises(TryLater) as later:
                await out.http(ask("http://slow.example/", "POST", timeout=0.05))
            assert not later.value.perhaps_sent

    asyncio.run(main())


async def hang_up(reader, writer):
    await reader.readuntil(b"\r\n\r\n")


async def cut_off(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


async def keep_silent(reader, writer):
    await reader.read()


async def drip(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


async def talk_nonsense(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"220 smtp.example ESMTP\r\n")


@pytest.mark.parametrize("talk", [hang_up, cut_off, keep_silent, drip, talk_nonsense])
def test_what_may_have_been_sent_is_said_to_be_perhaps_sent(talk):
    async def main():
        async with wire(talk) as port, transport() as out:
            with pytest.raises(TryLater) as later:
                await out.http(ask(f"http://127.0.0.1:{port}/bot{TOKEN}/send", "POST", body=b"x", timeout=0.3))
            return later.value

    error = asyncio.run(main())
    assert error.perhaps_sent
    assert TOKEN not in str(error)
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The file of a self-signed certificate of shop.example, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "shop.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("shop.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = tmp_path_factory.mktemp("tls") / "shop.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )
    return file


def test_encrypted_means_to_whom_the_certificate_belongs(certificate):
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(certificate)
    knowing = ssl.create_default_context(cafile=certificate)
    names = Names(shop_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]])

    async def handle(request):
        if request.path == "/page":
            return web.Response(text="hello")
        return web.Response(status=302, headers={"Location": "http://shop.example/"})

    async def main():
        async with shop(handle, tls=serving) as port:
            async with transport(lookup=names, tls=knowing) as out:
                assert (await out.http(ask(f"https://shop.example:{port}/page"))).body == b"hello"
                with pytest.raises(NeedsOwner, match="without encryption"):
                    await out.http(ask(f"https://shop.example:{port}/"))
                with pytest.raises(TryLater, match="certificate") as later:
                    await out.http(ask(f"https://other.example:{port}/page", "POST", body=b"x"))
                assert not later.value.perhaps_sent
            async with transport(lookup=names) as out:
                with pytest.raises(TryLater, match="certificate"):
                    await out.http(ask(f"https://shop.example:{port}/page"))

    asyncio.run(main())


def test_a_setting_with_a_line_break_is_named_and_not_sent():
    async def main():
        async with transport() as out:
            with pytest.raises(NeedsOwner, match="line break") as refusal:
                await out.http(ask("http://127.0.0.1/", headers={"Authorization": f"{TOKEN}\r\nX: y"}))
            assert TOKEN not in str(refusal.value)

    asyncio.run(main())


def test_a_stopping_process_is_not_mistaken_for_a_slow_vendor():
    async def main():
        async with wire(keep_silent) as port, transport() as out:
            task = asyncio.create_task(out.http(ask(f"http://127.0.0.1:{port}/")))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())


def test_a_server_for_mail_is_found_and_checked():
    async def main():
        names = Names(mail_example=[["93.184.216.34", "2606:2800:220:1::1"]], inside_example=[["10.0.0.1"]])
        async with transport(lookup=names) as out:
            assert await out.resolve("mail.example", 993) == "93.184.216.34"
            assert await out.resolve("127.0.0.1", 993) == "127.0.0.1"
            for host in ("inside.example", "unknown.example", "10.0.0.1", "0x7f.1", "", "mail example"):
                with pytest.raises(NeedsOwner):
                    await out.resolve(host, 993)

    asyncio.run(main())


class FakeNetwork:
    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    async def http(self, request):
        self.asked.append(request.url)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def resolve(self, host, port):
        return host


def test_a_dialogue_asks_and_hears_until_it_is_done():
    def dialogue():
        first = yield Request("GET", "one")
        second = yield Request("GET", "two")
        return first.status + second.status

    network = FakeNetwork(Response(200, {}, b""), Response(4, {}, b""))
    assert asyncio.run(perform(dialogue(), network)) == 204
    assert network.asked == ["one", "two"]


def test_a_dialogue_without_questions_is_done_at_once():
    def dialogue():
        yield from ()
        return 7

    assert asyncio.run(perform(dialogue(), FakeNetwork())) == 7


def test_a_dialogue_may_say_better_what_went_wrong_or_try_otherwise():
    def better():
        try:
            yield Request("GET", "one")
        except TryLater:
            raise Undeliverable("the number is unknown") from None

    def otherwise():
        try:
            yield Request("GET", "one")
        except TryLater:
            answer = yield Request("GET", "two")
        return answer.status

    def neither():
        yield Request("GET", "one")

    with pytest.raises(Undeliverable, match="unknown"):
        asyncio.run(perform(better(), FakeNetwork(TryLater("busy"))))
    assert asyncio.run(perform(otherwise(), FakeNetwork(TryLater("busy"), Response(200, {}, b"")))) == 200
    with pytest.raises(TryLater, match="busy"):
        asyncio.run(perform(neither(), FakeNetwork(TryLater("busy"))))


def test_a_dialogue_that_is_stopped_is_closed():
    closed = []

    class Never:
        async def perform(self, network):
            await asyncio.Event().wait()

    def dialogue():
        try:
            yield Never()
        finally:
            closed.append(True)

    async def main():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await perform(dialogue(), FakeNetwork())

    asyncio.run(main())
    assert closed == [True]


async def test_what_is_asked_after_the_end_opens_nothing_anew():
    network = Transport([ip_network("127.0.0.0/8")])
    await network.close()
    with pytest.raises(TryLater, match="being stopped"):
        await network.http(Request("GET", "http://127.0.0.1:9/"))
