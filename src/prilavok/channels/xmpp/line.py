"""One XMPP connection through slixmpp: to the checked address, over TLS with the certificate of the JID's domain.

Only this file knows slixmpp, which comes with `pip install prilavok[xmpp]`.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from xml.etree.ElementTree import Element, tostring

from prilavok.channels import authorities
from prilavok.channels.base import NeedsOwner, Network, Request, TryLater, Undeliverable
from prilavok.channels.xmpp.stanzas import archive_query, next_page
from prilavok.kit.content import Content

CONNECTED = 30.0  # seconds until the session must stand
HURRIED = 10.0  # the least of them that one of several servers gets
ANSWERED = 20.0  # seconds that the server may take for a question
KEEP_ALIVE = 60  # seconds between two signs of life
MOST_WAITING = 1000  # stanzas that wait to be stored; then the server waits with us
PAGE, PAGES = 100, 1000  # of the archive, asked for at the beginning, each when the one before is nearly stored
CLOCKS_DIFFER = timedelta(minutes=2)
RESOURCE = "prilavok"
FEATURES = (
    "urn:xmpp:receipts",
    "urn:xmpp:chat-markers:0",
    "http://jabber.org/protocol/chatstates",
    "urn:xmpp:message-correct:0",
    "urn:xmpp:message-retract:1",
    "urn:xmpp:reactions:0",
    "jabber:x:oob",
)
UPLOAD_HEADERS = {"authorization", "cookie", "expires"}  # that a server may ask us to send (XEP-0363)


@dataclass(frozen=True, slots=True)
class Login:
    jid: str  # bare
    password: str
    host: str
    port: int
    security: str  # starttls | tls | none
    vouched: str = ""  # see `Config.vouched`
    by_dns: bool | None = None  # whether DNS named the server; None: nobody asked it


class LoginRefused(NeedsOwner):
    """The server knows us otherwise: all others of the domain would say the same."""


class Line:
    """A session that stands. `take` gives what comes, `say` sends, `upload` puts a file on the server. `caught_up`: all
    that the archive had is handed over.
    """

    def __init__(self, client: Any, network: Network, login: Login) -> None:
        self.client = client
        self.network = network
        self.login = login
        self.returned: dict[str, Element] = {}  # by stanza id: what we said and an error came back for
        self.waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self.caught_up = True
        self._room = asyncio.Event()
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def take(self) -> AsyncIterator[bytes]:
        """Every message stanza as XML. TryLater once the connection is lost and all that came is handed over."""
        while True:
            self._flow()
            if self.waiting.empty():
                asked: asyncio.Future[bytes] = asyncio.ensure_future(self.waiting.get())
                both: set[asyncio.Future[Any]] = {asked, self.lost}
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                if not asked.done():
                    asked.cancel()
                    raise TryLater(f"the connection to {self.login.host} is lost: {self.lost.result()}")
                yield asked.result()
            else:
                yield self.waiting.get_nowait()

    def came(self, stanza: bytes) -> None:
        self.waiting.put_nowait(stanza)
        self._flow()

    def _flow(self) -> None:
        """What cannot be stored as fast as it comes stays with the server, on the wire."""
        count, transport = self.waiting.qsize(), self.client.transport
        if count < PAGE:
            self._room.set()
        if transport is not None and count >= MOST_WAITING:
            transport.pause_reading()
        elif transport is not None and count < PAGE:
            transport.resume_reading()

    async def say(self, stanza: Element) -> Element | None:
        """Returns when the server has it: it answers in order, so its answer to a question behind it says so.

        What it gave back at once is returned.
        """
        self._alive()
        self.client.send(self.client.Message(xml=stanza))
        try:
            await self._ask(self.client.plugin["xep_0199"].ping(jid=self.client.boundjid.host, timeout=ANSWERED))
        except TryLater as error:
            raise TryLater(error.reason, perhaps_sent=True) from error
        return self.returned.pop(stanza.get("id", ""), None)

    async def catch_up(self, since: datetime) -> None:
        """Has the archive's stanzas from `since` on sent to us, where the server keeps one; they come as all others do.

        What was delivered to us shortly before a crash lies nowhere else. When it fails, the line counts as lost.
        """
        after = ""
        try:
            for _ in range(PAGES):
                await self._room.wait()
                question = self.client.make_iq_set()
                question.append(archive_query(since - CLOCKS_DIFFER, after, PAGE))
                answer = await self._ask(question.send(timeout=ANSWERED))
                self._room.clear()
                self._flow()
                after = next_page(answer.xml) if answer is not None else ""
                if not after:
                    break
            self.caught_up = True
        except TryLater as error:
            if not self.lost.done():
                self.lost.set_result(error.reason)

    def mention(self, stanza: Element) -> None:
        """Says something that may get lost."""
        if not self.lost.done():
            self.client.send(self.client.Message(xml=stanza))

    async def upload(self, name: str, type: str, data: bytes | Content) -> str:
        """The address under which everybody may fetch the file (XEP-0363)."""
        self._alive()
        domain = self.client.boundjid.host
        service = await self._ask(self.client.plugin["xep_0363"].find_upload_service(domain, timeout=ANSWERED))
        if service is None:
            raise Undeliverable(f"{domain} offers no place for files (XEP-0363).")
        slot = await self._ask(
            self.client.plugin["xep_0363"].request_slot(service["from"], name, len(data), type, timeout=ANSWERED)
        )
        if slot is None or slot["type"] == "error":
            raise Undeliverable(f"{domain} does not take “{name}”: it may be too large.")
        put, get = slot["http_upload_slot"]["put"], slot["http_upload_slot"]["get"]["url"]
        asked = {one["name"]: one["value"] for one in put["headers"] if one["name"].lower() in UPLOAD_HEADERS}
        headers, vouched = {**asked, "content-type": type}, self.login.vouched
        request = Request("PUT", put["url"], headers=headers, body=data, timeout=120.0, vouched=vouched)
        try:
            response = await self.network.http(request)
        except TryLater as error:
            raise TryLater(error.reason) from error  # a file that nobody was told of does no harm
        if response.status == 413:
            raise Undeliverable(f"{domain} does not take “{name}”: it is too large.")
        if not 200 <= response.status < 300:
            raise TryLater(f"the file server of {domain} answered {response.status}")
        return str(get)

    def _alive(self) -> None:
        if self.lost.done():
            raise TryLater(f"the connection to {self.login.host} is lost: {self.lost.result()}")

    async def _ask(self, question: Any) -> Any:
        """The server's answer; None when it refuses. TryLater when it says nothing or the connection breaks."""
        from slixmpp.exceptions import IqError, IqTimeout

        asked = asyncio.ensure_future(question)
        await asyncio.wait({asked, self.lost}, return_when=asyncio.FIRST_COMPLETED)
        if not asked.done():
            asked.cancel()
            self._alive()
        try:
            return asked.result()
        except IqError:
            return None
        except (IqTimeout, TimeoutError) as error:
            raise TryLater(f"{self.login.host} does not answer") from error


@asynccontextmanager
async def open_line(network: Network, logins: Sequence[Login], *, listening: bool) -> AsyncIterator[Line]:
    """A session of our own, with the first of the servers that lets us in. Only who listens is there for others:
    messages and presence go to it.
    """
    line = await _first(network, logins, listening=listening)
    try:
        if listening:
            await line._ask(line.client.plugin["xep_0280"].enable(timeout=ANSWERED))
            await line._ask(line.client.get_roster(timeout=ANSWERED))
            line.client.send_presence()
        yield line
    finally:
        await _hang_up(line.client)


async def _first(network: Network, logins: Sequence[Login], *, listening: bool) -> Line:
    refusals: list[TryLater | NeedsOwner] = []
    patience = max(HURRIED, CONNECTED / len(logins))
    for login in logins:
        try:
            return await _session(network, login, patience, listening=listening)
        except LoginRefused:
            raise
        except (TryLater, NeedsOwner) as error:
            refusals.append(error)
    # Where one may come back by itself there is nothing yet for the owner to repair.
    raise next((one for one in refusals if isinstance(one, TryLater)), refusals[0])


async def _session(network: Network, login: Login, patience: float, *, listening: bool) -> Line:
    address = await network.resolve(login.host, login.port)
    if login.security == "none" and not ip_address(address).is_loopback:
        raise NeedsOwner("Without encryption only a server on this machine may be used: choose STARTTLS or TLS.")
    client = _client(login, listening=listening)
    line = Line(client, network, login)
    started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    _watch(client, line, started)
    client.connect(address, login.port)
    try:
        await _until_started(started, login, patience)
    except BaseException:
        await _hang_up(client)
        raise
    return line


async def _hang_up(client: Any) -> None:
    client.cancel_connection_attempt()
    with suppress(TimeoutError):
        async with asyncio.timeout(3.0):
            await client.disconnect(wait=1.0, ignore_send_queue=False)
    client.abort()
    if client._run_out_filters is not None:
        client._run_out_filters.cancel()


def _client(login: Login, *, listening: bool) -> Any:
    try:
        import slixmpp
    except ImportError as error:
        raise NeedsOwner("XMPP needs a library on this server: pip install prilavok[xmpp]") from error
    plain = {"unencrypted_scram": True, "unencrypted_plain": True} if login.security == "none" else {}
    client: Any = slixmpp.ClientXMPP(
        f"{login.jid}/{RESOURCE}" if listening else login.jid,
        login.password,
        plugin_config={"feature_mechanisms": plain, "xep_0199": {"keepalive": listening, "interval": KEEP_ALIVE}},
        ssl_context=_tls(login),
    )
    client.enable_direct_tls = login.security == "tls"
    client.enable_starttls = login.security == "starttls"
    client.enable_plaintext = login.security == "none"
    client.auto_authorize = client.auto_subscribe = True
    for plugin in ("xep_0030", "xep_0198", "xep_0199", "xep_0280", "xep_0363"):
        client.register_plugin(plugin)
    for feature in FEATURES:
        client.plugin["xep_0030"].add_feature(feature)
    return client


def _tls(login: Login) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authorities.add(context, login.vouched)
    if login.security == "tls":
        context.set_alpn_protocols(["xmpp-client"])  # XEP-0368: the port may be shared with the web
    return context


def _watch(client: Any, line: Line, started: "asyncio.Future[None]") -> None:
    from slixmpp.xmlstream.handler import Callback
    from slixmpp.xmlstream.matcher import MatchXPath

    def fail(error: Exception) -> None:
        if not started.done():
            started.set_exception(error)

    def lost(reason: Any) -> None:
        if not line.lost.done():
            line.lost.set_result(str(reason or "it was closed")[:200])
        fail(TryLater(f"{line.login.host} closed the connection"))

    def came(stanza: Any) -> None:
        if stanza.xml.get("type") == "error":
            line.returned[stanza.xml.get("id", "")] = stanza.xml
            while len(line.returned) > MOST_WAITING:
                line.returned.pop(next(iter(line.returned)))
        line.came(tostring(stanza.xml))

    def begun(_: Any) -> None:
        if line.login.security != "none" and not isinstance(client.socket, ssl.SSLObject | ssl.SSLSocket):
            fail(NeedsOwner(f"{line.login.host} offers no encryption."))
        elif not started.done():
            started.set_result(None)

    refused = LoginRefused(f"{line.login.host} refuses the login {line.login.jid}. Is the password right?")
    client.add_event_handler("session_start", begun)
    client.add_event_handler("disconnected", lost)
    client.add_event_handler("connection_failed", lambda why: fail(_unreachable(line.login, why)))
    client.add_event_handler("ssl_invalid_chain", lambda why: fail(_unreachable(line.login, why)))
    client.add_event_handler("failed_all_auth", lambda _: fail(refused))
    client.register_handler(Callback("prilavok", MatchXPath("{jabber:client}message"), came))


def _unreachable(login: Login, why: Any) -> Exception:
    if isinstance(why, ssl.SSLCertVerificationError) and authorities.issued_by_nobody_known(why):
        return NeedsOwner(f"The certificate of {login.host} is not good: {why.verify_message}. {authorities.HINT}")
    strangers = isinstance(why, ssl.SSLCertVerificationError) or "UNRECOGNIZED_NAME" in str(getattr(why, "reason", ""))
    if isinstance(why, ssl.SSLError) and not strangers:
        return NeedsOwner(f"{login.host} speaks no TLS on port {login.port}. Is STARTTLS meant, usually on 5222?")
    if not isinstance(why, OSError) or isinstance(why, ssl.SSLError):
        return NeedsOwner(f"The certificate of {login.host} is not good for {login.jid.partition('@')[2]}.")
    return TryLater(f"{login.host}:{login.port} cannot be reached")


async def _until_started(started: "asyncio.Future[None]", login: Login, patience: float) -> None:
    try:
        async with asyncio.timeout(patience):
            await started
    except TimeoutError:
        raise TryLater(f"{login.host} does not open a session") from None
