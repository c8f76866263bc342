"""How everybody else starts a flow and reads: `do` for verbs, `read` for questions.

A flow runs in the writer's thread and `do` returns after its commit. A read runs at once on SQLite (an indexed read
costs less than handing it to a thread) and in a pool of threads on PostgreSQL; `read_slowly` always in the pool,
`read_alone` in a thread of its own.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from prilavok.domain.events import Event
from prilavok.flows.reactions import REACTIONS
from prilavok.flows.receive import Delivery, Taken, receive, set_aside
from prilavok.flows.unit import Told, Unit, World
from prilavok.store.base import is_sqlite
from prilavok.store.writer import Writer

log = structlog.get_logger()

T = TypeVar("T")
TRIES = 4  # of a flow that met another process: a deadlock, or the same new row from two sides
READERS = 8
RETRIED_STATES = {"40001", "40P01"}  # serialization failure, deadlock


class Bus:
    """`tell` is called in the writer's thread after each commit that left events behind."""

    def __init__(
        self,
        engine: Engine,
        world: World,
        tell: Callable[[list[Told], list[Event]], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.engine = engine
        self.world = world
        self.clock = clock
        self.writer: Writer[Unit] = Writer(engine, lambda db: Unit(db, self.clock(), world, REACTIONS, tell))
        self.inline = is_sqlite(engine)
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._thinker = ThreadPoolExecutor(1, thread_name_prefix="thinker")
        self._inline_connection: Connection | None = None

    def start(self) -> None:
        self.writer.start()

    def stop(self) -> None:
        self.writer.stop()
        for pool in (self._pool, self._thinker):
            pool.shutdown(wait=True, cancel_futures=True)
        if self._inline_connection is not None:
            self._inline_connection.close()
            self._inline_connection = None

    async def do(self, flow: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Runs `flow(unit, *args)` and returns its result after the commit; raises what the flow raised."""
        for attempt in range(TRIES):
            try:
                result: T = await self.writer.run(_carry_out, flow, args, kwargs)
                return result
            except DBAPIError as error:
                if attempt == TRIES - 1 or not _met_another(error):
                    raise
        raise AssertionError("unreachable")

    def do_and_wait(self, flow: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """The same for threads and for the command line."""
        result: T = self.writer.submit(_carry_out, flow, args, kwargs).result()
        return result

    async def receive(self, delivery: Delivery) -> list[Taken]:
        """Stores a delivery. When that fails it is set aside, raw, and nothing is lost: then the list is empty."""
        for attempt in range(TRIES):
            try:
                taken: list[Taken] = await self.writer.run_batched(_receive, delivery)
                return taken
            except Exception as error:
                if attempt < TRIES - 1 and isinstance(error, DBAPIError) and _met_another(error):
                    continue
                if isinstance(error, DBAPIError) and error.connection_invalidated:
                    raise  # nothing was stored at all: the vendor must come again
                reason = f"{type(error).__name__}: {error}"[:500]
                log.warning("delivery set aside", inbox=delivery.inbox.id, journal=delivery.journal_id, reason=reason)
                await self.do(set_aside, delivery, reason)
                return []
        raise AssertionError("unreachable")

    async def read(self, question: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """`question(db, *args)`, an indexed read of less than a millisecond."""
        if self.inline:
            return self.read_now(question, *args, **kwargs)
        return await self.read_slowly(question, *args, **kwargs)

    def read_now(self, question: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """In this very thread: for the event loop on SQLite, and for the command line."""
        if self._inline_connection is None:
            self._inline_connection = self.engine.connect()
        return question(self._inline_connection, *args, **kwargs)

    async def read_slowly(self, question: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """`question(db, *args)` in a thread: searches, reports, exports, and everything on PostgreSQL."""
        return await self._read_in(self._pool, question, args, kwargs)

    async def read_alone(self, question: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """What keeps a processor busy for seconds, one after another: however many ask, reading goes on beside it."""
        return await self._read_in(self._thinker, question, args, kwargs)

    async def _read_in(
        self, pool: ThreadPoolExecutor, question: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> T:
        def ask() -> T:
            with self.engine.connect() as db:
                return question(db, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(pool, ask)


def _carry_out(unit: Unit, flow: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return unit.carry_out(flow, *args, **kwargs)


def _receive(unit: Unit, deliveries: Sequence[Delivery]) -> list[list[Taken]]:
    result: list[list[Taken]] = unit.carry_out(receive, deliveries)
    return result


def _met_another(error: DBAPIError) -> bool:
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in RETRIED_STATES
