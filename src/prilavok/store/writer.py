"""One thread writes. It drains a queue of flows into one transaction, a savepoint each, and commits once.

Every caller waits for the commit of its own flow. A flow that raises rolls back alone. Flows that declare a batch form
(`many`) are run together in one savepoint and only when that fails one by one, so that the fault stays with its owner.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from prilavok.store.base import is_sqlite

log = structlog.get_logger()

U = TypeVar("U", bound="Scope")
BATCH = 256  # flows in one transaction at most: bounds how long the first one waits


class Scope(Protocol):
    """What a batch of flows shares: the connection, and what they leave behind when they succeed."""

    def mark(self) -> Any:
        """A point to return to when a flow fails."""
        ...

    def back_to(self, mark: Any) -> None: ...

    def before_commit(self) -> None:
        """Writes what the whole batch has in common (the event log)."""
        ...

    def after_commit(self) -> None:
        """Tells the world. Must not raise and must not block."""
        ...


@dataclass(slots=True)
class Job(Generic[U]):
    run: Callable[[U], Any]
    done: Callable[[Any, BaseException | None], None]
    many: Callable[[U, Sequence[Any]], list[Any]] | None = None
    argument: Any = None


class Writer(Generic[U]):
    """`open_scope` makes the scope of one transaction from the writer's connection."""

    def __init__(self, engine: Engine, open_scope: Callable[[Connection], U]) -> None:
        self.engine = engine
        self.open_scope = open_scope
        self.batches = 0
        self.flows = 0
        self._jobs: queue.SimpleQueue[Job[U] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._stopped = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finishes what is queued, then ends the thread."""
        if not self._stopped and self._thread.is_alive():
            self._stopped = True
            self._jobs.put(None)
            self._thread.join()

    @property
    def waiting(self) -> int:
        return self._jobs.qsize()

    def submit(self, flow: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        """For threads: a future that resolves after the commit."""
        future: Future[Any] = Future()

        def done(result: Any, error: BaseException | None) -> None:
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)

        self._put(Job(run=lambda scope: flow(scope, *args, **kwargs), done=done))
        return future

    async def run(self, flow: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """For the event loop: runs `flow(scope, *args)` and returns after the commit."""
        done, future = _awaitable()
        self._put(Job(run=lambda scope: flow(scope, *args, **kwargs), done=done))
        return await future

    async def run_batched(self, flow: Callable[[U, Sequence[Any]], list[Any]], argument: Any) -> Any:
        """Like `run` for a set-based flow: neighbours in the queue with the same flow share its statements."""
        done, future = _awaitable()
        self._put(Job(run=lambda scope: flow(scope, [argument])[0], done=done, many=flow, argument=argument))
        return await future

    def _put(self, job: Job[U]) -> None:
        if self._stopped:
            raise RuntimeError("the writer has been stopped")
        self._jobs.put(job)

    def _work(self) -> None:
        connection: Connection | None = None
        while True:
            first = self._jobs.get()
            if first is None:
                break
            jobs, last = self._drain(first)
            try:
                connection = connection or self.engine.connect()
                self._transact(connection, jobs)
            except Exception as error:  # noqa: BLE001  the thread must live: everybody in the batch is told
                log.warning("transaction failed", error=repr(error), flows=len(jobs))
                _discard(connection)
                connection = None
                for job in jobs:
                    job.done(None, error)
            if last:
                break
        if connection is not None:
            connection.close()
        self._turn_away()

    def _turn_away(self) -> None:
        """Whoever came while the door was closing is told, not left waiting."""
        while not self._jobs.empty():
            job = self._jobs.get_nowait()
            if job is not None:
                job.done(None, RuntimeError("the writer has been stopped"))

    def _drain(self, first: Job[U]) -> tuple[list[Job[U]], bool]:
        jobs = [first]
        while len(jobs) < BATCH:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

    def _transact(self, db: Connection, jobs: list[Job[U]]) -> None:
        db.exec_driver_sql("BEGIN IMMEDIATE" if is_sqlite(db) else "BEGIN")
        try:
            scope = self.open_scope(db)
            outcomes: list[tuple[Job[U], Any, BaseException | None]] = []
            for group in _together(jobs):
                outcomes += self._run_group(db, scope, group)
            scope.before_commit()
            db.exec_driver_sql("COMMIT")
        except BaseException:
            _roll_back(db)
            raise
        self.batches += 1
        self.flows += len(jobs)
        try:
            scope.after_commit()
        except Exception:  # the commit stands, whoever could not be told
            log.exception("the world could not be told of a commit")
        for job, result, error in outcomes:
            job.done(result, error)

    def _run_group(
        self, db: Connection, scope: U, group: list[Job[U]]
    ) -> list[tuple[Job[U], Any, BaseException | None]]:
        many = group[0].many
        if many is not None and len(group) > 1:
            results, error = _in_savepoint(db, scope, lambda: many(scope, [job.argument for job in group]))
            if error is None:
                return list(zip(group, results, [None] * len(group), strict=True))
        return [(job, *_in_savepoint(db, scope, lambda job=job: job.run(scope))) for job in group]  # type: ignore[misc]


def _in_savepoint(db: Connection, scope: Scope, run: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    mark = scope.mark()
    db.exec_driver_sql("SAVEPOINT flow")
    try:
        result = run()
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        db.exec_driver_sql("ROLLBACK TO SAVEPOINT flow")
        db.exec_driver_sql("RELEASE SAVEPOINT flow")
        scope.back_to(mark)
        return None, error
    db.exec_driver_sql("RELEASE SAVEPOINT flow")
    return result, None


def _together(jobs: list[Job[U]]) -> list[list[Job[U]]]:
    """Neighbours with the same batch form, in the order in which they came."""
    groups: list[list[Job[U]]] = []
    for job in jobs:
        if groups and job.many is not None and groups[-1][0].many is job.many:
            groups[-1].append(job)
        else:
            groups.append([job])
    return groups


def _awaitable() -> tuple[Callable[[Any, BaseException | None], None], asyncio.Future[Any]]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def settle(result: Any, error: BaseException | None) -> None:
        if future.done():  # the caller has gone; the commit stands all the same
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)

    def done(result: Any, error: BaseException | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    return done, future


def _roll_back(db: Connection) -> None:
    if db.invalidated:  # the connection is gone, and its transaction with it
        return
    try:
        db.exec_driver_sql("ROLLBACK")
    except DBAPIError as error:
        log.warning("rollback failed; the connection is given up", error=repr(error))
        db.invalidate()


def _discard(connection: Connection | None) -> None:
    if connection is not None and connection.invalidated:
        connection.close()
    elif connection is not None:
        connection.invalidate()
        connection.close()
