"""One WebSocket, without a task of its own while it is idle: ten thousand visitors may look and say nothing."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import structlog

log = structlog.get_logger()

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
MOST_QUEUED = 256  # frames; whoever is further behind reconnects and resumes
SLOW = 4408
RESTART = 1012


class Socket:
    """Frames are sent in order by a short-lived task that ends when nothing waits."""

    __slots__ = ("_forgiven", "_queue", "_receive", "_send", "_sending", "closed", "scope")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.closed = False
        self._receive = receive
        self._send = send
        self._queue: deque[Mapping[str, Any]] | None = None  # only while something waits: an empty one is 760 bytes
        self._forgiven = 0  # of the first frames in the queue
        self._sending: asyncio.Task[None] | None = None

    def header(self, name: str) -> str:
        wanted = name.encode()
        return next((value.decode("latin-1") for key, value in self.scope["headers"] if key == wanted), "")

    async def accept(self) -> None:
        await self._receive()
        await self._send({"type": "websocket.accept"})

    async def refuse(self, code: int, reason: str) -> None:
        """Closes with a code that the browser can read, for which the handshake must have been accepted."""
        await self.accept()
        self.closed = True
        await self._send({"type": "websocket.close", "code": code, "reason": reason})

    def put(self, *texts: str) -> None:
        """Queues frames. A reader that is too far behind is closed: it resumes from its last seq.

        Many in one call are not held against it until they are out: a screen that missed more than the queue holds
        would be closed in the midst of what it missed, and again whenever it comes back for it.
        """
        if self.closed:
            return
        queued = len(self._queue or ())
        if queued - self._forgiven >= MOST_QUEUED:
            self.close(SLOW, "too slow")
            return
        if len(texts) > 1 and not self._forgiven:
            self._forgiven = queued + len(texts)
        for text in texts:
            self._enqueue({"type": "websocket.send", "text": text})

    def close(self, code: int, reason: str = "") -> None:
        if not self.closed:
            self.closed = True
            self._queue = None
            self._enqueue({"type": "websocket.close", "code": code, "reason": reason})

    async def frames(self, limit: int) -> AsyncIterator[str]:
        """The text frames that come in, until either side closes. A longer or binary one closes the socket."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                self.closed = True
                return
            text = message.get("text")
            if text is None or len(text) > limit:
                self.close(1009, "too large")
                return
            yield text

    def _enqueue(self, message: Mapping[str, Any]) -> None:
        if self._queue is None:
            self._queue = deque()
        self._queue.append(message)
        if self._sending is None:
            self._sending = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._queue:  # another one when the socket was closed meanwhile
                self._forgiven = max(0, self._forgiven - 1)
                await self._send(self._queue.popleft())
        except Exception as error:  # noqa: BLE001  the other side has gone in the middle of a frame
            self.closed = True
            log.debug("socket ended", reason=repr(error))
        finally:
            self._queue = self._sending = None
