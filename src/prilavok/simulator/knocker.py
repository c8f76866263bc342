"""How an emulated vendor tells the shop: each delivery in its order, again until it is taken, some after a while."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from prilavok.simulator.telegram.delivery import Post

TRIES = 12
LONGEST_PAUSE = 30.0  # seconds between two tries

Later = Callable[[], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Knock:
    url: str
    headers: Mapping[str, str]
    body: bytes
    taken: Callable[[], None] | None = None
    satisfied: Callable[[bytes], bool] | None = None  # by the body of the 200; None: any will do


class Knocker:
    """`pace` stretches or shortens every wait (0: none at all); `first_pause`: seconds before a second try."""

    def __init__(self, post: Post, *, pace: float = 1.0, first_pause: float = 0.5) -> None:
        self.post = post
        self.pace = pace
        self.first_pause = first_pause
        self._waiting: asyncio.Queue[Knock] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._gone = False
        self._held = False

    def hold(self) -> None:
        """Nothing is delivered until `release`."""
        self._held = True

    def release(self, *, shuffled: random.Random | None = None, twice: bool = False) -> None:
        """What was held goes out: in another order, or each delivery twice, if so wished."""
        held = [self._waiting.get_nowait() for _ in range(self._waiting.qsize())]
        held = held * 2 if twice else held
        if shuffled is not None:
            shuffled.shuffle(held)
        self._held = False
        for knock in held:
            self.tell(knock)

    def tell(self, knock: Knock) -> None:
        if self._gone or not knock.url:
            return
        self._waiting.put_nowait(knock)
        if self._held:
            return
        if self._worker is None or self._worker.done():
            self._worker = asyncio.ensure_future(self._work())

    def after(self, seconds: float, work: Callable[[], None]) -> "asyncio.Task[None]":
        """Does something a little later; cancelling the result prevents it."""
        task: asyncio.Task[None] = asyncio.ensure_future(self._later(seconds, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def settled(self) -> None:
        """Returns when nothing is under way any more."""
        while self._tasks or (self._worker is not None and not self._worker.done()):
            await asyncio.gather(*self._tasks, return_exceptions=True)
            if self._worker is not None:
                await asyncio.gather(self._worker, return_exceptions=True)

    async def close(self) -> None:
        self._gone = True
        under_way = [*self._tasks, *([self._worker] if self._worker is not None else [])]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _later(self, seconds: float, work: Callable[[], None]) -> None:
        await asyncio.sleep(seconds * self.pace)
        work()

    async def _work(self) -> None:
        while not self._waiting.empty() and not self._held:
            knock = self._waiting.get_nowait()
            if await self._knock(knock) and knock.taken is not None:
                knock.taken()

    async def _knock(self, knock: Knock) -> bool:
        pause = self.first_pause
        for number in range(TRIES):
            if number:
                await asyncio.sleep(pause * self.pace)
                pause = min(pause * 2, LONGEST_PAUSE)
            try:
                status, _, content = await self.post(knock.url, knock.headers, knock.body)
            except (aiohttp.ClientError, OSError, TimeoutError):
                continue
            if 200 <= status < 300 and (knock.satisfied is None or knock.satisfied(content)):
                return True
        return False
