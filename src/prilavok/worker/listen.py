"""Sources that must be asked: one listener for each such inbox, in one process at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import structlog

from prilavok.channels.base import Network, Polled, Typing
from prilavok.domain.errors import BadSignature, NeedsOwner, TryLater, Undeliverable
from prilavok.flows import attend, deliver
from prilavok.flows.bus import Bus
from prilavok.flows.directory import Served
from prilavok.flows.halt import halt
from prilavok.flows.intake import Intake
from prilavok.store import inboxes

log = structlog.get_logger()

LEASE = timedelta(seconds=45)
RENEW = 10.0  # seconds
LONGEST_PAUSE = 300.0  # seconds between two tries of a source that fails


class Listeners:
    def __init__(self, bus: Bus, intake: Intake, network: Network, process: str) -> None:
        self.bus = bus
        self.intake = intake
        self.network = network
        self.process = process
        self.on_typing: Callable[[Served, str], Awaitable[None]] | None = None
        self._tasks: dict[tuple[int, str], asyncio.Task[None]] = {}
        self._bell = asyncio.Event()

    def changed(self, shop_id: int, inbox_id: str) -> None:
        """An inbox has new settings, or is gone: its listener begins anew."""
        task = self._tasks.pop((shop_id, inbox_id), None)
        if task is not None:
            task.cancel()
        self._bell.set()

    async def run(self) -> None:
        """For ever; ends by cancellation, after which others may listen at once."""
        try:
            while True:
                self._bell.clear()  # before, not after: what rings meanwhile is heard at once
                await self._hold()
                try:
                    async with asyncio.timeout(RENEW):
                        await self._bell.wait()
                except TimeoutError:
                    continue
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
            await self.bus.do(attend.leave, self.process)

    async def _hold(self) -> None:
        held = await self.bus.do(attend.hold, self.process, LEASE)
        for key in set(self._tasks) - set(held):
            self._tasks.pop(key).cancel()
        for key in held:
            task = self._tasks.get(key)
            if task is None or task.done():
                self._tasks[key] = asyncio.create_task(self._listen(*key))

    async def _listen(self, shop_id: int, inbox_id: str) -> None:
        failures = 0
        while True:
            inbox = await self.bus.read(self.bus.world.directory.get, shop_id, inbox_id)
            row = await self.bus.read(inboxes.get, shop_id, inbox_id)
            if inbox is None or row is None or not inbox.channel.listens:
                return
            try:
                source: Any = inbox.channel.listen(self.network, row["cursor"] or {})
                async with aclosing(source):
                    async for polled in _of(source):
                        failures = 0
                        await self._take(inbox, polled)
                return
            except NeedsOwner as error:
                log.warning("inbox paused", inbox=inbox_id, reason=error.reason)
                await self.bus.do(halt, shop_id, inbox_id, error.reason)
                return
            except (TryLater, Undeliverable) as error:
                failures += 1
                after = getattr(error, "after", None)
                log.info("source rests", inbox=inbox_id, reason=error.reason, failures=failures)
            except Exception:
                failures += 1
                after = None
                log.exception("listener failed", inbox=inbox_id)
            pause = after if after is not None else deliver.back_off(failures, 0.5)
            await asyncio.sleep(min(pause, LONGEST_PAUSE))

    async def _take(self, inbox: Served, polled: Polled) -> None:
        try:
            _, inbounds = await self.intake.take(inbox, polled.hook, cursor=polled.cursor)
        except BadSignature:
            log.warning("delivery of another sender", inbox=inbox.id)
            await self.bus.do(attend.move_cursor, inbox.shop_id, inbox.id, polled.cursor)
            return
        if self.on_typing is not None:
            for one in inbounds:
                if isinstance(one, Typing):
                    await self.on_typing(inbox, one.address)


def _of(source: AsyncIterator[Polled]) -> AsyncIterator[Polled]:
    return source
