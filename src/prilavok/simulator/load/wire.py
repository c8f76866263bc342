"""HTTP and WebSocket clients that cost little, for the machine that measures is the machine that is measured.

Only what our own server answers: HTTP/1.1 with a content-length, unfragmented text frames.
"""

import asyncio
import ipaddress
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from prilavok.domain.errors import BadInput

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
Address = tuple[str, int]


def loopback(url: str) -> Address:
    """Host and port of a URL on this very machine. BadInput for any other: this is no tool to press on strangers."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if parts.scheme != "http" or not here:
        raise BadInput("Load is made on this machine only: give an address like http://127.0.0.1:8000.")
    return ("127.0.0.1" if host == "localhost" else host), parts.port or 80


class Connection(asyncio.Protocol):
    """One HTTP connection that is kept; one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._buffer = b""

    @classmethod
    async def open(cls, address: Address) -> "Connection":
        _, connection = await asyncio.get_running_loop().create_connection(cls, *address)
        return connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or self._answer is None:
            return
        head = self._buffer[:end].lower()
        place = head.find(b"content-length:")
        length = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        body, self._buffer = self._buffer[end + 4 : end + 4 + length], self._buffer[end + 4 + length :]
        answer, self._answer = self._answer, None
        if not answer.done():
            answer.set_result((int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server closed the connection"))

    @property
    def closed(self) -> bool:
        return self._transport is None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. ConnectionError when the server goes away."""
        if self._transport is None:
            raise ConnectionError("the connection is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def request(
    method: str, path: str, address: Address, body: bytes = b"", *, headers: Mapping[str, str] | None = None
) -> bytes:
    """The bytes of a request."""
    given = {name.lower(): value for name, value in (headers or {}).items()}
    if body or method != "GET":
        given = {"content-type": "application/json", **given, "content-length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", f"host: {address[0]}:{address[1]}"]
    lines += [f"{name}: {value}" for name, value in given.items() if name != "host"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Socket(asyncio.Protocol):
    """A WebSocket; `on_text` is called with every text frame."""

    __slots__ = ("_buffer", "_open", "_transport", "closed", "on_text")

    def __init__(self, on_text: Callable[[bytes], None]) -> None:
        self.on_text = on_text
        self.closed = False
        self._open: asyncio.Future[None] | None = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport
        self._buffer = b""

    @classmethod
    async def open(
        cls, address: Address, path: str, on_text: Callable[[bytes], None], headers: Mapping[str, str] | None = None
    ) -> "Socket":
        """ConnectionError when the server refuses."""
        _, socket = await asyncio.get_running_loop().create_connection(lambda: cls(on_text), *address)
        upgrade = {
            "connection": "Upgrade",
            "upgrade": "websocket",
            "sec-websocket-version": "13",
            "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        socket._transport.write(request("GET", path, address, headers=upgrade | dict(headers or {})))
        assert socket._open is not None
        await socket._open
        socket._open = None
        return socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if self._open is not None and not self._open.done():
            self._open.set_exception(exc or ConnectionError("the server closed the socket"))

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if self._open is not None and not self._open.done():
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            status = self._buffer[9:12]
            if status != b"101":
                self._open.set_exception(ConnectionError(f"the socket was answered with {status.decode()}"))
                return
            self._open.set_result(None)
            self._buffer = self._buffer[end + 4 :]
        while (frame := self._next()) is not None:
            kind, payload = frame
            if kind == TEXT:
                self.on_text(payload)
            elif kind == PING:
                self._put(PONG, payload)
            elif kind == CLOSE:
                self._transport.close()

    def _next(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        length, start = buffer[1] & 127, 2
        if length > 125:
            start = 4 if length == 126 else 10
            length = int.from_bytes(buffer[2:start])
        if len(buffer) < max(start + length, start):
            return None
        self._buffer = buffer[start + length :]
        return buffer[0] & 15, buffer[start : start + length]

    def send(self, text: bytes) -> None:
        self._put(TEXT, text)

    def _put(self, kind: int, payload: bytes) -> None:
        """Masked with zeros: what a client must do, at no cost."""
        length = len(payload)
        size = bytes([128 | length]) if length < 126 else bytes([254]) + length.to_bytes(2)
        self._transport.write(bytes([128 | kind]) + size + b"\0\0\0\0" + payload)

    def close(self) -> None:
        self._transport.close()
