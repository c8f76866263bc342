"""A door of an emulated vendor's own, beside the web: a port on loopback, and the talks behind it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

HOST = "127.0.0.1"


class Door:
    """`talk` is one connection, from its first byte to its last. `port` is 0 before the door is first opened, and stays
    the same when it is opened again.
    """

    def __init__(self, talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> None:
        self.port = 0
        self._talk = talk
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def open(self) -> int:
        """The port."""
        self._server = await asyncio.start_server(self._let_in, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self.port

    def shut(self) -> None:
        """Lets nobody in any more; who is in stays."""
        if self._server is not None:
            self._server.close()

    async def emptied(self) -> None:
        """Once the last talk has ended."""
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        with contextlib.suppress(asyncio.CancelledError):
            await self._talk(reader, writer)
        self._talks.discard(task)
