"""The way out: the only code that opens HTTP connections, and the driver of the channels' dialogues.

What an error means for the sender is decided here, once: nothing was sent (TryLater), it may have been (TryLater with
`perhaps_sent`), it must not be (NeedsOwner). No error and no log says more of an address than its host, for paths and
queries carry tokens.
"""

import asyncio
import secrets
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from yarl import URL

from prilavok.channels import authorities
from prilavok.channels.base import Dialogue, Download, Network, Request, Response
from prilavok.channels.body import CHUNK, TooLargeError, flow, multipart, read, write
from prilavok.channels.guard import Networks, all_allowed, checked_host, checked_url
from prilavok.domain.errors import NeedsOwner, TryLater, Undeliverable
from prilavok.kit.content import Content
from prilavok.kit.later import later

if TYPE_CHECKING:
    import aiohttp
    from aiohttp.abc import AbstractResolver, ResolveResult
else:
    aiohttp, AbstractResolver = later("aiohttp"), object

T = TypeVar("T")
Lookup = Callable[[str, int], Awaitable[list[str]]]  # host and port -> numeric addresses; OSError when there are none

MAX_REDIRECTS = 3
MOVED = {301, 302, 303, 307, 308}
LONGEST_REFUSAL = 1024 * 1024  # bytes of an answer that is not the file we asked for
# Threads of their own: a name server that is silent for half a minute must not keep files and passwords waiting.
NAME_SERVERS = ThreadPoolExecutor(16, thread_name_prefix="names")
HARMLESS_HEADERS = {"accept", "accept-language", "content-type", "user-agent"}


async def perform(dialogue: Dialogue[T], network: Network) -> T:
    """Drives a dialogue to its end. What an exchange raises is thrown into it, so that a channel may say it better."""
    try:
        exchange = next(dialogue)
        while True:
            try:
                answer = await exchange.perform(network)
            except Exception as error:  # noqa: BLE001  the dialogue decides; what it does not take propagates
                exchange = dialogue.throw(error)
            else:
                exchange = dialogue.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        dialogue.close()


async def system_lookup(host: str, port: int) -> list[str]:
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(NAME_SERVERS, ask)
    return [str(entry[4][0]) for entry in found]


class CheckedResolver(AbstractResolver):
    """Gives aiohttp only addresses that were checked, so it connects to what was checked and to nothing else."""

    def __init__(self, lookup: Lookup, trusted: Networks) -> None:
        self.lookup = lookup
        self.trusted = trusted

    async def addresses(self, host: str, port: int) -> list[str]:
        """OSError when the name is unknown, NeedsOwner when one of its addresses is forbidden."""
        literal = checked_host(host)
        found = [str(literal)] if literal else await self.lookup(host, port)
        if not found:
            raise OSError("the name has no address")
        return all_allowed(host, found, self.trusted)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> "list[ResolveResult]":
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            }
            for address in await self.addresses(host, port)
            if family in {socket.AF_UNSPEC, socket.AF_INET6 if ":" in address else socket.AF_INET}
        ]

    async def close(self) -> None:
        """There is nothing to close; a resolver that is done with trusts nobody any more."""
        self.trusted = ()


class Transport:
    """The Network of a running process. Close it at the end.

    `trusted`: private networks that may be reached nevertheless. Times in seconds.
    """

    def __init__(
        self,
        trusted: Networks = (),
        *,
        lookup: Lookup = system_lookup,
        connect_timeout: float = 10.0,
        connections: int = 256,  # more than sends may be under way
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.resolver = CheckedResolver(lookup, tuple(trusted))
        self.connect_timeout = connect_timeout
        self.connections = connections
        self.tls = tls
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    async def close(self) -> None:
        """For good: whoever still asks is told to try again later, by another process."""
        self._closed = True
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def resolve(self, host: str, port: int) -> str:
        """A checked numeric address. NeedsOwner for a private or unknown one, TryLater when nobody answers."""
        unknown = False
        try:
            async with asyncio.timeout(self.connect_timeout):
                return (await self.resolver.addresses(host, port))[0]
        except TimeoutError:
            pass  # said below, without the cause
        except OSError as error:
            unknown = error.errno == socket.EAI_NONAME
        if unknown:
            raise NeedsOwner(f"{host}: there is no such host")
        raise TryLater(f"{host}: its address could not be found")

    async def http(self, request: Request) -> Response:
        """Asks, and follows at most three redirects. `request.timeout` is for all of it together."""
        question = prepared(request)
        written = SimpleNamespace(begun=False)
        if self._session is None:  # the library takes a tenth of a second: nobody else is to wait for it
            await asyncio.to_thread(import_module, "aiohttp")
        if self._closed:
            raise TryLater(f"{question.host}: not asked, for the program is being stopped")
        try:
            async with asyncio.timeout(request.timeout):
                for _ in range(1 + MAX_REDIRECTS):
                    written.begun = False
                    response = await self._ask(question, request, written)
                    if response.status not in MOVED or not response.headers.get("location"):
                        return response
                    question = moved(question, response)
        except TimeoutError:
            pass  # said below, without a cause
        else:
            raise NeedsOwner(f"{question.host} only ever sends us somewhere else")
        raise TryLater(f"{question.host}: no answer in time", perhaps_sent=written.begun)

    async def _ask(self, question: "Question", request: Request, written: SimpleNamespace) -> Response:
        host, limit = question.host, request.max_bytes
        place = request.place if isinstance(request, Download) else None
        body = question.body if question.body is None or isinstance(question.body, bytes) else flow(question.body)
        failure: Exception
        try:
            if checked_host(host):
                await self.resolver.addresses(host, 0)  # aiohttp asks no resolver about numbers
            async with self._open().request(
                question.method,
                question.url,
                headers=question.headers,
                data=body,
                allow_redirects=False,
                trace_request_ctx=written,
                # A connection is used again only under the same context: what one inbox trusts, no other rides on.
                ssl=authorities.context(request.vouched) if request.vouched else self._tls(),
            ) as answer:
                chunks, headers = answer.content.iter_chunked(CHUNK), lowered(answer.headers)
                if place is not None and answer.status == 200:
                    return Response(200, headers, b"", await write(chunks, answer.headers, limit, place))
                if place is not None:
                    limit = min(limit, LONGEST_REFUSAL)
                return Response(answer.status, headers, await read(chunks, answer.headers, limit))
        except TooLargeError:
            failure = too_large(host, question.method, limit)
        except (aiohttp.ClientError, OSError, zlib.error, ValueError) as error:
            failure = (authorities.Unvouched if unvouched(error) else TryLater)(
                f"{host}: {sentence(error)}", perhaps_sent=written.begun
            )
        # Raised out here, so that it carries no cause: theirs name the whole address.
        raise failure

    def _tls(self) -> ssl.SSLContext | bool:
        return True if self.tls is None else self.tls

    def _open(self) -> "aiohttp.ClientSession":
        if self._session is None:
            trace = aiohttp.TraceConfig()
            trace.on_request_headers_sent.append(note_written)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=self.resolver,
                    limit=self.connections,
                    limit_per_host=max(1, self.connections // 4),
                    ttl_dns_cache=30,
                    keepalive_timeout=15,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.connect_timeout),
                trace_configs=[trace],
                auto_decompress=False,  # `read` does it, and counts
                trust_env=False,
            )
        return self._session


class Question(NamedTuple):
    method: str
    url: URL
    headers: Mapping[str, str]
    body: bytes | Content | None

    @property
    def host(self) -> str:
        return self.url.raw_host or ""


async def note_written(session: Any, context: SimpleNamespace, params: Any) -> None:
    del session, params
    context.trace_request_ctx.begun = True


def too_large(host: str, method: str, limit: int) -> Exception:
    text = f"{host}: the answer is larger than {limit} bytes"
    # What was asked for with GET is the answer itself and will not shrink; anything else has been carried out.
    return Undeliverable(text) if method in {"GET", "HEAD"} else TryLater(text, perhaps_sent=True)


def unvouched(error: Exception) -> bool:
    return isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError | ssl.SSLError)


def sentence(error: Exception) -> str:
    """What happened, without the words of the library."""
    if unvouched(error):
        return "its certificate is not accepted"
    if isinstance(error, aiohttp.ClientConnectorDNSError | socket.gaierror):
        return "its address could not be found"
    if isinstance(error, TimeoutError):
        return "no connection in time"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "the connection is refused"
    if isinstance(error, aiohttp.ClientResponseError):
        return "the answer is not HTTP, or its headers are too long"
    if isinstance(error, zlib.error | ValueError | aiohttp.ClientPayloadError):
        return "the answer is cut off or cannot be unpacked"
    return "the connection broke off"


def moved(question: "Question", response: Response) -> "Question":
    """What to ask instead. NeedsOwner when a message would get lost or laid open on the way."""
    url, headers = question.url, question.headers
    try:
        target = url.join(URL(response.headers["location"]))
    except ValueError:
        raise NeedsOwner(f"{question.host} sends us to something that is no address") from None
    target = checked_url(str(target.with_fragment(None)))
    if url.scheme == "https" and target.scheme != "https":
        raise NeedsOwner(f"{question.host} sends us to an address without encryption")
    same = target.origin() == url.origin()
    if question.method not in {"GET", "HEAD"} and (response.status not in {307, 308} or not same):
        # As a browser would, we would now ask for a page with GET, get it, and believe that the message was taken.
        raise NeedsOwner(f"{question.host} has moved to {target.raw_host}: enter the new address")
    if not same:
        headers = {name: value for name, value in headers.items() if name.lower() in HARMLESS_HEADERS}
    return question._replace(url=target, headers=headers)


def prepared(request: Request) -> "Question":
    """The question as it goes out."""
    headers = {"User-Agent": "Prilavok", "Accept-Encoding": "gzip"} | dict(request.headers)
    if any(ord(sign) < 32 or ord(sign) == 127 for name, value in headers.items() for sign in name + value):
        raise NeedsOwner("a setting that is sent as a header has a line break or another invisible sign in it")
    body = request.body
    if body is None and request.files:
        boundary = f"prilavok-{secrets.token_hex(16)}"
        headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        body = multipart(boundary, request)
    elif body is None and request.form:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        body = urlencode(request.form).encode()
    if body is not None and not isinstance(body, bytes):
        headers["Content-Length"] = str(len(body))  # some vendors take nothing whose length they are not told
    return Question(request.method.upper(), checked_url(request.url), headers, body)


def lowered(headers: Any) -> dict[str, str]:
    """By lower-case name; what came several times is joined by commas."""
    joined: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return joined
