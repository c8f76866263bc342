"""A connection that stands: whoever listens keeps it open, and whoever sends in the same process goes through it.

Where nobody listens (another process does), a sender opens one of its own and closes it when it is done.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Generic, TypeVar

from prilavok.channels.base import Network

Line = TypeVar("Line")
Open = Callable[[Network, bool], AbstractAsyncContextManager[Line]]
"""Opens a line; the second argument says whether it is to listen on it."""


class Standing(Generic[Line]):
    def __init__(self, open: Open[Line]) -> None:
        self._open = open
        self._kept: Line | None = None

    @asynccontextmanager
    async def keep(self, network: Network) -> AsyncIterator[Line]:
        """For `listen`: the line that everybody else here uses as long as this lasts."""
        async with self._open(network, True) as line:
            self._kept = line
            try:
                yield line
            finally:
                self._kept = None

    @asynccontextmanager
    async def use(self, network: Network) -> AsyncIterator[Line]:
        """For `send`: the kept line, else one for this occasion."""
        if self._kept is not None:
            yield self._kept
        else:
            async with self._open(network, False) as line:
                yield line
