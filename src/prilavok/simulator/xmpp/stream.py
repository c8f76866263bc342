"""One client's connection to the server: the stream, the login, the session; stanzas out of bytes and into them."""

import asyncio
import contextlib
from base64 import b64encode
from typing import Any, Protocol
from uuid import uuid4
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.sax.saxutils import quoteattr

from prilavok.simulator.xmpp.sasl import MECHANISMS, Login, NotAuthorizedError

CLIENT = "{jabber:client}"
SASL = "{urn:ietf:params:xml:ns:xmpp-sasl}"
BIND = "{urn:ietf:params:xml:ns:xmpp-bind}"
STREAMS = "http://etherx.jabber.org/streams"
MOST = 64 * 1024  # bytes at once


class Server(Protocol):
    """What a stream asks of its server."""

    domain: str
    user: str
    secret: str

    async def came(self, stream: "Stream", stanza: Element) -> None: ...
    def left(self, stream: "Stream") -> None: ...


class Stream:
    """`jid` is whole once the session stands; `available` after its presence."""

    def __init__(self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.user = self.jid = ""
        self.available = False
        self._login: Login | None = None
        self._parser: Any = XMLPullParser(("start", "end"))
        self._depth = 0
        self._root: Element | None = None

    @property
    def bare(self) -> str:
        return f"{self.user}@{self.server.domain}"

    async def run(self) -> None:
        """Until either side leaves or the connection breaks."""
        try:
            while data := await self.reader.read(MOST):
                if b"<!" in data:
                    break  # XMPP knows no document types
                self._parser.feed(data)
                if not await self._events():
                    break
                await self.writer.drain()
        except (OSError, ParseError):
            return  # whoever speaks no XML is no client
        finally:
            self.server.left(self)
            self.writer.close()
            with contextlib.suppress(OSError):
                await self.writer.wait_closed()

    def send(self, xml: str) -> None:
        if not self.writer.is_closing():
            self.writer.write(xml.encode())

    def fail(self, condition: str) -> None:
        """Ends the stream with an error."""
        why = f"<{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        self.send(f"<stream:error>{why}</stream:error></stream:stream>")
        self.writer.close()

    def cut(self) -> None:
        self.writer.transport.abort()

    async def _events(self) -> bool:
        """False: the stream was closed, by either side."""
        parser = self._parser
        for kind, element in parser.read_events():
            if kind == "start":
                self._depth += 1
                if self._depth == 1:
                    self._root = element
                    self._open()
                continue
            self._depth -= 1
            if self._depth == 0:
                self.send("</stream:stream>")
                return False
            if self._depth == 1:
                await self._stanza(element)
                if self._root is not None:
                    self._root.remove(element)  # else it holds every stanza of the stream
            if self.writer.is_closing():
                return False
            if parser is not self._parser:
                return True  # a new stream begins
        return True

    def _open(self) -> None:
        head = f"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='{STREAMS}' version='1.0' "
        self.send(f"{head}from={quoteattr(self.server.domain)} id='{uuid4().hex}'>")
        if self.user:
            features = f"<bind xmlns='{BIND[1:-1]}'/>"
        else:
            offered = "".join(f"<mechanism>{one}</mechanism>" for one in MECHANISMS)
            features = f"<mechanisms xmlns='{SASL[1:-1]}'>{offered}</mechanisms>"
        self.send(f"<stream:features>{features}</stream:features>")

    async def _stanza(self, element: Element) -> None:
        if element.tag in {SASL + "auth", SASL + "response"} and not self.user:
            self._authenticate(element)
        elif not self.user:
            self.fail("not-authorized")
        elif not self.jid:
            self._bind(element)
        else:
            await self.server.came(self, element)

    def _authenticate(self, element: Element) -> None:
        try:
            if element.tag == SASL + "auth":
                self._login = Login(element.get("mechanism", ""), self.server.user, self.server.secret)
            if self._login is None:
                raise NotAuthorizedError("nothing was begun")
            self._login.hears(element.text or "")
        except NotAuthorizedError:
            self._login = None
            self.send(f"<failure xmlns='{SASL[1:-1]}'><not-authorized/></failure>")
            return
        if self._login.challenge:
            self.send(f"<challenge xmlns='{SASL[1:-1]}'>{b64encode(self._login.challenge).decode()}</challenge>")
            return
        self.user = self._login.user
        self.send(f"<success xmlns='{SASL[1:-1]}'>{b64encode(self._login.success).decode()}</success>")
        self._parser, self._depth = XMLPullParser(("start", "end")), 0

    def _bind(self, element: Element) -> None:
        asked = element.find(BIND + "bind")
        if element.tag != CLIENT + "iq" or asked is None:
            self.fail("not-authorized")
            return
        self.jid = f"{self.bare}/{asked.findtext(BIND + 'resource') or uuid4().hex[:8]}"
        bound = f"<bind xmlns='{BIND[1:-1]}'><jid>{self.jid}</jid></bind>"
        self.send(f"<iq type='result' id={quoteattr(element.get('id', ''))}>{bound}</iq>")
