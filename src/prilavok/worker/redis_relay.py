"""The relay between processes: one channel of a Redis or Valkey, two connections a process, whatever the load.

The protocol on the channel: a frame is the origin (the process that speaks), then notes. What waits goes out in one
frame, so a busy process speaks less often, not more.
"""

import asyncio
import math
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from redis.asyncio import Connection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from prilavok.worker.relay import MemoryRelay, Note

log = structlog.get_logger()

ORIGIN = 8  # bytes that name a process
LARGEST_FRAME = 256 * 1024  # bytes; more notes go into the next one
WAITING = 10_000  # notes; when more wait for a server that is down, all are dropped and a gap is told
BEAT = 10.0  # seconds between questions whether the other side is there
PATIENCE = 25.0  # seconds of silence, then the connection counts as dead
FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0  # seconds before connecting again


class RedisRelay(MemoryRelay):
    """Between processes.

    Subscribers here are served at once, without the detour; what comes back of our own is not served again.
    """

    def __init__(self, url: str, on_gap: Callable[[], None] | None = None) -> None:
        super().__init__(on_gap)
        self._pool = ConnectionPool.from_url(
            url, protocol=2, socket_connect_timeout=5, socket_keepalive=True, retry=Retry(NoBackoff(), 0)
        )
        # Databases of one server do not separate its channels, so the number is part of the name.
        self._channel = f"prilavok/{self._pool.connection_kwargs.get('db') or 0}"
        self._origin = secrets.token_bytes(ORIGIN)
        self._waiting: deque[Note] = deque()
        self._something = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._listening = asyncio.Event()
        self._heard_before = False
        self._owes_gap = False
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def connected(self) -> bool:
        """Whether notes of other processes arrive at this moment."""
        return self._listening.is_set()

    async def start(self) -> None:
        """Waits at most 5 s for the server; without it this process goes on alone and keeps trying."""
        self._tasks = [
            asyncio.create_task(self._for_ever(self._listen), name="relay listens"),
            asyncio.create_task(self._for_ever(self._send), name="relay sends"),
        ]
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._listening.wait()

    async def stop(self) -> None:
        """What was published goes out first, if that takes less than a second."""
        if self._tasks:
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._empty.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await super().stop()

    async def publish(self, topic: str, data: bytes) -> None:
        await self.publish_many([(topic, data)])

    async def publish_many(self, notes: Iterable[Note]) -> None:
        for topic, data in notes:
            self._waiting.append((topic, data))
            self._deliver(topic, data)
        if len(self._waiting) > WAITING:
            self._waiting.clear()
            self._owes_gap = True
        if self._waiting or self._owes_gap:
            self._empty.clear()
            self._something.set()

    async def _for_ever(self, work: Callable[[Connection], Any]) -> None:
        """Does its work on a connection, and again on a new one when that breaks."""
        wait = FIRST_WAIT
        while True:
            began = asyncio.get_running_loop().time()
            try:
                async with self._connection() as connection:
                    await work(connection)
            except (RedisError, OSError, EOFError) as error:
                log.warning("relay lost its server", error=type(error).__name__, work=work.__name__)
            if asyncio.get_running_loop().time() - began > LONGEST_WAIT:
                wait = FIRST_WAIT
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        connection: Connection = self._pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await connection.connect()  # type: ignore[no-untyped-call]
            yield connection
        finally:
            await connection.disconnect(nowait=True)

    async def _listen(self, connection: Connection) -> None:
        heard = asyncio.get_running_loop().time()
        await connection.send_command("SUBSCRIBE", self._channel)
        beats = asyncio.create_task(self._beat(connection, lambda: heard))
        try:
            while True:
                answer = await connection.read_response(disable_decoding=True, timeout=math.inf)
                heard = asyncio.get_running_loop().time()
                if answer[0] == b"subscribe":
                    self._begin_to_hear()
                elif answer[0] == b"message":
                    self._take(answer[2])
        finally:
            self._listening.clear()
            beats.cancel()

    def _begin_to_hear(self) -> None:
        self._listening.set()
        if self._heard_before:
            self._tell_gap()
        self._heard_before = True

    async def _beat(self, connection: Connection, heard: Callable[[], float]) -> None:
        """A connection can be dead without a sign; then nothing but the clock tells."""
        while asyncio.get_running_loop().time() - heard() < PATIENCE:
            await asyncio.sleep(BEAT)
            with suppress(RedisError, OSError):  # the reader meets the same error and says it
                await connection.send_command("PING")
        await connection.disconnect(nowait=True)

    def _take(self, frame: bytes) -> None:
        if frame[:ORIGIN] == self._origin:
            return
        try:
            notes = list(unpacked(frame))
        except ValueError:
            log.warning("relay heard something that is not ours", bytes=len(frame))
            return
        for topic, data in notes:
            if topic:
                self._deliver(topic, data)
            else:
                self._tell_gap()

    def _tell_gap(self) -> None:
        if self.on_gap is not None:
            try:
                self.on_gap()
            except Exception:
                log.exception("the gap could not be told")

    async def _send(self, connection: Connection) -> None:
        while True:
            await self._something.wait()
            if self._owes_gap:
                await self._say(connection, packed(self._origin, [("", b"")]))
                self._owes_gap = False
            notes = first_of(self._waiting)
            if notes:
                # An answer that never came leaves them waiting: heard twice is harmless, unheard is not.
                await self._say(connection, packed(self._origin, notes))
                for _ in notes[: len(self._waiting)]:
                    self._waiting.popleft()
            if not self._waiting and not self._owes_gap:
                self._something.clear()
                self._empty.set()

    async def _say(self, connection: Connection, frame: bytes) -> None:
        await connection.send_command("PUBLISH", self._channel, frame)
        await connection.read_response(timeout=5.0)


def first_of(waiting: Iterable[Note]) -> list[Note]:
    """As many as fit into a frame, at least one."""
    notes: list[Note] = []
    size = 0
    for topic, data in waiting:
        size += len(topic) + len(data)
        if notes and size > LARGEST_FRAME:
            break
        notes.append((topic, data))
    return notes


def packed(origin: bytes, notes: Iterable[Note]) -> bytes:
    """The origin, then for each note its two lengths (4 bytes each), topic and data. A gap has an empty topic."""
    parts = [origin]
    for topic, data in notes:
        name = topic.encode()
        parts += [len(name).to_bytes(4), len(data).to_bytes(4), name, data]
    return b"".join(parts)


def unpacked(frame: bytes) -> Iterator[Note]:
    """ValueError when it was not packed by us."""
    place = ORIGIN
    if len(frame) < ORIGIN:
        raise ValueError("too short")
    while place < len(frame):
        names, length = int.from_bytes(frame[place : place + 4]), int.from_bytes(frame[place + 4 : place + 8])
        place += 8
        end = place + names + length
        if end > len(frame):
            raise ValueError("cut off")
        yield frame[place : place + names].decode(), frame[place + names : end]
        place = end
