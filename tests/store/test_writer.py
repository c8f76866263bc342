import asyncio
import sqlite3
import threading
from types import SimpleNamespace

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from prilavok.store.base import open_engine
from prilavok.store.questions import Question
from prilavok.store.rowsets import Insertion
from prilavok.store.writer import Writer
from tests.house import on_both

notes = Table("notes_of_this_test", MetaData(), Column("id", Integer, primary_key=True), Column("words", Text))
keep = Insertion(notes, ("id", "words"))
look = Question(select(notes.c.id).where(notes.c.id == bindparam("which")))


class Scope:
    """What one transaction leaves behind."""

    def __init__(self, db, world):
        self.db = db
        self.world = world
        self.left = []

    def mark(self):
        return len(self.left)

    def back_to(self, mark):
        del self.left[mark:]

    def before_commit(self):
        if self.world.before_commit:
            self.world.before_commit()

    def after_commit(self):
        self.world.told.append(list(self.left))
        if self.world.after_commit:
            self.world.after_commit()


@pytest.fixture
def desk(database):
    """A writer on a table of its own, and what its transactions told the world."""
    engine = open_engine(database)
    with engine.connect() as db:
        notes.drop(db, checkfirst=True)
        notes.create(db)
    world = SimpleNamespace(told=[], before_commit=None, after_commit=None, engine=engine)
    world.writer = Writer(engine, lambda db: Scope(db, world), longest=60.0)  # however slow the machine
    world.writer.start()
    yield world
    world.writer.stop()
    engine.dispose()


def note(scope, number):
    scope.db.execute(insert(notes).values(id=number))
    scope.left.append(number)
    return number


def note_ahead(scope, number):
    """Without waiting for the answer, where the database is another process."""
    keep(scope.db, [{"id": number, "words": "Where is my order?"}])
    scope.left.append(number)
    return number


def note_and_fall(scope, number):
    note(scope, number)
    raise ValueError(f"{number} falls")


def stored(desk):
    with desk.engine.connect() as db:
        return list(db.execute(select(notes.c.id).order_by(notes.c.id)).scalars())


def hold(desk):
    """Keeps the writer busy until it is let go, so that what is handed in meanwhile becomes one batch."""
    begun, go = threading.Event(), threading.Event()

    def wait(scope):
        begun.set()
        go.wait(20)

    desk.writer.submit(wait)
    assert begun.wait(20)
    return go


@on_both
def test_a_flow_that_falls_rolls_back_alone_and_its_neighbours_commit(desk):
    go = hold(desk)
    futures = [desk.writer.submit(note_and_fall if number % 3 == 0 else note, number) for number in range(1, 10)]
    go.set()
    for number, future in enumerate(futures, 1):
        if number % 3 == 0:
            with pytest.raises(ValueError, match=f"{number} falls"):
                future.result(20)
        else:
            assert future.result(20) == number
    assert stored(desk) == [1, 2, 4, 5, 7, 8]
    assert desk.told[-1] == [1, 2, 4, 5, 7, 8], "nobody is told of what was rolled back"


@on_both
def test_a_wrong_statement_does_not_spoil_the_transaction_of_its_neighbours(desk):
    go = hold(desk)
    futures = [desk.writer.submit(note, number) for number in (1, 1, 2)]
    go.set()
    assert futures[0].result(20) == 1
    with pytest.raises(IntegrityError):
        futures[1].result(20)
    assert futures[2].result(20) == 2
    assert stored(desk) == [1, 2]


@on_both
def test_what_waits_is_committed_together(desk):
    go = hold(desk)
    futures = [desk.writer.submit(note, number) for number in range(100)]
    before = desk.writer.batches
    go.set()
    for future in futures:
        future.result(20)
    assert desk.writer.batches == before + 2, "the one that held the desk, and all others in one commit"


def test_after_a_large_transaction_those_on_their_way_are_waited_for_while_more_come(desk):
    late = iter([[9, 10], [], [11], [], []])
    arrived = []

    def pause(_seconds):
        arrived.extend(desk.writer.submit(note, number) for number in next(late))

    go = hold(desk)
    large = [desk.writer.submit(note, number) for number in range(8)]
    go.set()
    for future in large:
        future.result(20)
    desk.writer.pause = pause
    desk.writer.submit(note, 8).result(20)
    for future in arrived:
        future.result(20)
    assert desk.told[-1] == [8, 9, 10, 11], "one transaction for whoever came while somebody still came"
    desk.writer.submit(note, 12).result(20)
    assert desk.told[-1] == [12], "after a small one nobody waits"


@on_both
def test_what_is_sent_ahead_is_seen_by_whoever_asks_next(desk):
    def write_and_ask(scope, number):
        note_ahead(scope, number)
        in_line = look.value(scope.db, which=number)
        note_ahead(scope, number + 1)
        return in_line, scope.db.execute(select(notes.c.id).order_by(notes.c.id)).scalars().all()

    go = hold(desk)
    futures = [desk.writer.submit(write_and_ask, number) for number in (1, 3)]
    go.set()
    assert [future.result(20) for future in futures] == [(1, [1, 2]), (3, [1, 2, 3, 4])]


@on_both
@pytest.mark.parametrize("after", ["question", "statement", "nothing"])
def test_what_fails_after_it_was_sent_ahead_is_its_own_flows_fault_and_no_neighbours(desk, after):
    def twice(scope, number):
        note_ahead(scope, number)
        note_ahead(scope, number)
        if after == "question":
            look.value(scope.db, which=number)
        elif after == "statement":
            note(scope, 50)

    desk.writer.submit(note_ahead, 1).result(20)
    with pytest.raises(IntegrityError):
        desk.writer.submit(twice, 40).result(20)
    go = hold(desk)
    futures = [desk.writer.submit(note_ahead, 2), desk.writer.submit(twice, 41), desk.writer.submit(note_ahead, 3)]
    go.set()
    assert (futures[0].result(20), futures[2].result(20)) == (2, 3)
    with pytest.raises(IntegrityError) as fault:
        futures[1].result(20)
    assert "Where is" not in str(fault.value), "what customers write stays out of errors"
    assert desk.writer.submit(note_ahead, 4).result(20) == 4
    assert stored(desk) == [1, 2, 3, 4]


@on_both
def test_a_transaction_that_lasts_takes_no_further_flow(desk):
    desk.writer.longest = -1.0
    go = hold(desk)
    futures = [desk.writer.submit(note, number) for number in (1, 2, 3)]
    go.set()
    assert [future.result(20) for future in futures] == [1, 2, 3]
    assert desk.told[-3:] == [[1], [2], [3]]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_processes_that_meet_at_the_same_rows_in_another_order_both_get_through(desk):
    other = Writer(desk.engine, lambda db: Scope(db, desk))
    other.start()
    desk.writer.submit(note, 1).result(20)
    desk.writer.submit(note, 2).result(20)
    both = threading.Barrier(2)
    runs = []

    def take(scope, row, number):
        scope.db.execute(select(notes).where(notes.c.id == row).with_for_update())
        runs.append(number)
        if number % 10 == 1 and runs.count(number) == 1:
            both.wait(20)
        return note(scope, number)

    held = [hold(desk), hold(SimpleNamespace(writer=other))]
    futures = [desk.writer.submit(take, 1, 11), desk.writer.submit(take, 2, 12)]
    futures += [other.submit(take, 2, 21), other.submit(take, 1, 22)]
    for go in held:
        go.set()
    assert [future.result(60) for future in futures] == [11, 12, 21, 22]
    other.stop()
    assert stored(desk) == [1, 2, 11, 12, 21, 22]
    assert sorted(number for told in desk.told for number in told) == stored(desk)


@on_both
def test_every_caller_waits_for_the_commit(desk):
    seen = []
    desk.before_commit = lambda: seen.append(future.done())
    go = hold(desk)
    future = desk.writer.submit(note, 1)
    go.set()
    assert future.result(20) == 1
    assert seen[-1] is False
    assert stored(desk) == [1]


@on_both
def test_neighbours_with_a_batch_form_share_it_and_fall_back_one_by_one(desk):
    groups = []

    def note_all(scope, numbers):
        groups.append(list(numbers))
        if 13 in numbers:
            raise ValueError("unlucky")
        scope.db.execute(insert(notes), [{"id": number} for number in numbers])
        return [number * 10 for number in numbers]

    async def main():
        loop = asyncio.get_running_loop()
        go = await loop.run_in_executor(None, hold, desk)
        tasks = [asyncio.ensure_future(desk.writer.run_batched(note_all, number)) for number in (11, 12, 13, 14)]
        await asyncio.sleep(0)
        go.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    results = asyncio.run(main())
    assert results[:2] == [110, 120]
    assert str(results[2]) == "unlucky"
    assert results[3] == 140
    assert groups == [[11, 12, 13, 14], [11], [12], [13], [14]]
    assert stored(desk) == [11, 12, 14]


def test_stopping_finishes_what_was_handed_in(desk):
    go = hold(desk)
    futures = [desk.writer.submit(note, number) for number in range(20)]
    stopping = threading.Thread(target=desk.writer.stop)
    stopping.start()
    go.set()
    stopping.join(20)
    assert [future.result(20) for future in futures] == list(range(20))
    with pytest.raises(RuntimeError):
        desk.writer.submit(note, 99)
    assert stored(desk) == list(range(20))


def test_when_the_database_refuses_everybody_is_told_and_the_next_one_is_served(desk):
    def refuse():
        raise DBAPIError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    desk.before_commit = refuse
    go = hold(desk)
    futures = [desk.writer.submit(note, number) for number in (1, 2)]
    go.set()
    for future in futures:
        with pytest.raises(DBAPIError):
            future.result(20)
    desk.before_commit = None
    assert desk.writer.submit(note, 3).result(20) == 3
    assert stored(desk) == [3]


@pytest.mark.parametrize("write", [note, note_ahead])
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_when_the_connection_is_cut_the_callers_are_told_and_the_writer_connects_again(desk, write):
    assert desk.writer.submit(write, 1).result(20) == 1

    def cut(scope):
        pid = scope.db.exec_driver_sql("select pg_backend_pid()").scalar()
        with desk.engine.connect() as other:
            other.exec_driver_sql(f"select pg_terminate_backend({pid})")
        write(scope, 2)

    go = hold(desk)
    futures = [desk.writer.submit(write, 4), desk.writer.submit(cut), desk.writer.submit(write, 5)]
    go.set()
    for future in futures:
        with pytest.raises(DBAPIError):
            future.result(20)
    assert desk.writer.submit(write, 3).result(20) == 3
    assert stored(desk) == [1, 3]


def test_a_world_that_cannot_be_told_does_not_turn_a_commit_into_a_failure(desk):
    def deaf():
        raise RuntimeError("the loop is closed")

    desk.after_commit = deaf
    assert desk.writer.submit(note, 1).result(20) == 1
    assert stored(desk) == [1]


def test_a_caller_that_has_gone_changes_nothing_for_the_others(desk):
    async def main():
        loop = asyncio.get_running_loop()
        go = await loop.run_in_executor(None, hold, desk)
        leaving = asyncio.ensure_future(desk.writer.run(note, 1))
        staying = asyncio.ensure_future(desk.writer.run(note, 2))
        await asyncio.sleep(0)
        leaving.cancel()
        go.set()
        return await staying

    assert asyncio.run(main()) == 2
    assert stored(desk) == [1, 2]
