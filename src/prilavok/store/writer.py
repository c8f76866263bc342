"""One thread writes. It drains a queue of flows into one transaction, a savepoint each, and commits once.

Every caller waits for the commit of its own flow. A flow that raises rolls back alone. Flows that declare a batch form
(`many`) are run together in one savepoint and only when that fails one by one, so that the fault stays with its owner.

Of several processes on PostgreSQL each has such a thread. A transaction of many flows holds the rows of all of them, in
the order in which people happened to write: two such hold each other up. So a transaction of several gives way at once,
and its flows are run again, each in a transaction of its own; and none of several flows lasts long.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, Generic, Protocol, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from prilavok.store import ahead
from prilavok.store.base import is_sqlite

log = structlog.get_logger()

U = TypeVar("U", bound="Scope")
BATCH = 256  # flows in one transaction at most: bounds how long the first one waits
LONGEST = 0.25  # seconds after which a transaction takes no further flow: other processes wait for its rows
BUSY = 8  # flows in one transaction: then more are on their way
MOMENT, MOMENTS = 0.0006, 8  # seconds the writer gives them, and how often at most
QUIET = 2  # moments in a row that brought nobody: then nobody is on the way
PATIENT = "100ms"  # how long several flows together wait for a row that another process holds
HELD_UP = {"40P01", "40001", "55P03"}  # PostgreSQL's names: deadlock, serialization failure, lock not available


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


@dataclass(slots=True, eq=False)
class Job(Generic[U]):
    """`future` belongs to `loop`, or to a thread that waits when that is None."""

    run: Callable[[U], Any]
    future: "Future[Any] | asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop | None = None
    many: Callable[[U, Sequence[Any]], list[Any]] | None = None
    argument: Any = None


Outcome = tuple["Future[Any] | asyncio.Future[Any]", Any, BaseException | None]
Outcomes = list[tuple[Job[U], Any, BaseException | None]]


class Writer(Generic[U]):
    """`open_scope` makes the scope of one transaction from the writer's connection."""

    def __init__(
        self,
        engine: Engine,
        open_scope: Callable[[Connection], U],
        longest: float = LONGEST,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        self.engine = engine
        self.open_scope = open_scope
        self.longest = longest
        self.pause = pause
        self.batches = 0
        self.flows = 0
        self._jobs: queue.SimpleQueue[Job[U] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._stopped = False
        self._busy = False  # whether the last transaction was a large one

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
        self._put(Job(run=lambda scope: flow(scope, *args, **kwargs), future=future))
        return future

    async def run(self, flow: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """For the event loop: runs `flow(scope, *args)` and returns after the commit."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._put(Job(run=lambda scope: flow(scope, *args, **kwargs), future=future, loop=loop))
        return await future

    async def run_batched(self, flow: Callable[[U, Sequence[Any]], list[Any]], argument: Any) -> Any:
        """Like `run` for a set-based flow: neighbours in the queue with the same flow share its statements."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        one = lambda scope: flow(scope, [argument])[0]  # noqa: E731  the same flow for one alone
        self._put(Job(run=one, future=future, loop=loop, many=flow, argument=argument))
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
            self._linger()
            jobs, last = self._drain(first)
            self._busy = len(jobs) >= BUSY
            try:
                connection = connection or self.engine.connect()
                self._transact(connection, jobs)
            except Exception as error:  # noqa: BLE001  the thread must live: everybody in the batch is told
                log.warning("transaction failed", error=repr(error), flows=len(jobs))
                _discard(connection)
                connection = None
                _tell([(job, None, error) for job in jobs])
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
                _tell([(job, None, RuntimeError("the writer has been stopped"))])

    def _linger(self) -> None:
        """After a large transaction the next flows are on their way: those it answered write again, and the event loop
        has their words in its hands. So a moment is given, for as long as it brings anybody.
        """
        if not self._busy:
            return
        waiting, quiet = self.waiting, 0
        for _ in range(MOMENTS):
            self.pause(MOMENT)
            quiet = quiet + 1 if self.waiting == waiting else 0
            if quiet == QUIET:
                return
            waiting = self.waiting

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
        left = jobs
        while left:
            left = left[self._some(db, left) :]

    def _some(self, db: Connection, jobs: list[Job[U]]) -> int:
        """One transaction; how many of the first jobs it settled."""
        groups = _together(jobs)
        try:
            if len(groups) > 1 or (len(jobs) > 1 and jobs[0].many is None):
                outcomes = self._in_turn(db, groups)
            else:
                outcomes = self._at_once(db, groups[0]) or self._in_turn(db, [[job] for job in jobs])
        except DBAPIError as error:
            if len(jobs) == 1 or not _held_up(error):
                raise
            return sum([self._some(db, [job]) for job in jobs])
        self.batches += 1
        self.flows += len(outcomes)
        _tell(outcomes)
        return len(outcomes)

    def _at_once(self, db: Connection, group: list[Job[U]]) -> Outcomes[U] | None:
        """When all jobs are of one flow the transaction itself is the savepoint. None when several of them failed
        together: then each gets its own.
        """
        many, alone = group[0].many, len(group) == 1
        scope = self._begin(db, alone=alone)
        try:
            try:
                results = (
                    [group[0].run(scope)] if alone or many is None else many(scope, [one.argument for one in group])
                )
            except Exception as error:
                if _lost(error) or (not alone and _held_up(error)):
                    raise
                ahead.give_up(db)
                db.exec_driver_sql("ROLLBACK")
                return [(group[0], None, error)] if alone else None
            scope.before_commit()
            ahead.commit(db)
        except BaseException:
            _roll_back(db)
            raise
        _announce(scope)
        return [(job, result, None) for job, result in zip(group, results, strict=True)]

    def _in_turn(self, db: Connection, groups: list[list[Job[U]]]) -> Outcomes[U]:
        """Of the first groups, as many as there is time for."""
        scope = self._begin(db, alone=False)
        outcomes: Outcomes[U] = []
        until = monotonic() + self.longest
        try:
            for group in groups:
                outcomes += self._run_group(db, scope, group)
                if monotonic() > until:
                    break
            scope.before_commit()
            ahead.commit(db)
        except BaseException:
            _roll_back(db)
            raise
        _announce(scope)
        return outcomes

    def _begin(self, db: Connection, *, alone: bool) -> U:
        if is_sqlite(db):
            db.exec_driver_sql("BEGIN IMMEDIATE")
        elif alone:
            ahead.begin(db)
        else:
            ahead.begin(db, f"SET LOCAL lock_timeout = '{PATIENT}'")
        return self.open_scope(db)

    def _run_group(self, db: Connection, scope: U, group: list[Job[U]]) -> Outcomes[U]:
        many = group[0].many
        if many is not None and len(group) > 1:
            results, error = _in_savepoint(db, scope, lambda: many(scope, [job.argument for job in group]))
            if error is None:
                return list(zip(group, results, [None] * len(group), strict=True))
        return [(job, *_in_savepoint(db, scope, lambda job=job: job.run(scope))) for job in group]  # type: ignore[misc]


def _announce(scope: Scope) -> None:
    try:
        scope.after_commit()
    except Exception:  # the commit stands, whoever could not be told
        log.exception("the world could not be told of a commit")


def _in_savepoint(db: Connection, scope: Scope, run: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    mark = scope.mark()
    ahead.send(db, "SAVEPOINT flow")
    try:
        result = run()
        ahead.settle(db)
    except Exception as error:
        if _lost(error) or _held_up(error):
            raise
        ahead.give_up(db)
        db.exec_driver_sql("ROLLBACK TO SAVEPOINT flow")
        db.exec_driver_sql("RELEASE SAVEPOINT flow")
        scope.back_to(mark)
        return None, error
    ahead.send(db, "RELEASE SAVEPOINT flow")
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


def _tell(outcomes: Outcomes[Any]) -> None:
    """Wakes everybody who waits; each event loop once for the whole batch."""
    per_loop: dict[asyncio.AbstractEventLoop, list[Outcome]] = {}
    for job, result, error in outcomes:
        if job.loop is None:
            _settle(job.future, result, error)
        else:
            per_loop.setdefault(job.loop, []).append((job.future, result, error))
    for loop, told in per_loop.items():
        try:
            loop.call_soon_threadsafe(_settle_all, told)
        except RuntimeError:  # the loop has ended, and with it whoever waited; the commit stands all the same
            log.debug("nobody waits any more", flows=len(told))


def _settle_all(told: list[Outcome]) -> None:
    for future, result, error in told:
        _settle(future, result, error)


def _settle(future: "Future[Any] | asyncio.Future[Any]", result: Any, error: BaseException | None) -> None:
    if future.done():  # the caller has gone; the commit stands all the same
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)


def _lost(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _held_up(error: Exception) -> bool:
    """Another process holds what this transaction wants."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in HELD_UP


def _roll_back(db: Connection) -> None:
    if db.invalidated:  # the connection is gone, and its transaction with it
        return
    try:
        ahead.give_up(db)
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
