"""On PostgreSQL, what nobody must answer is sent ahead: the server carries it out while the writer thinks on.

An insert of many rows, a BEGIN, a SAVEPOINT say nothing that the flow would wait for. They go out one after another
through the driver's pipeline, and the next question, or the commit, follows in the same line; so a batch waits for
each question and not for each statement. What fails is told with the next answer, before anything is committed: the
server skips whatever came behind the fault.

Only the writer's connection does so. Whatever SQLAlchemy itself sends leaves the line first (it looks at an answer at
once), and finds everything done.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

LINE = "line"  # in the info of a connection: its pipeline, None while it is left, absent where nothing is sent ahead


def allow(db: Connection) -> None:
    """From now on statements of this connection may be sent ahead. On SQLite nothing changes."""
    if db.dialect.name != "sqlite":
        db.info.setdefault(LINE, None)


def send(db: Connection, text: str, parameters: Any = ()) -> None:
    """A statement without an answer. Its error may come with a later one."""
    if LINE in db.info and db.info[LINE] is None:
        line = db.connection.driver_connection.pipeline()
        line.__enter__()
        db.info[LINE] = line
    cursor = db.connection.cursor()
    with as_ours(db, text):
        cursor.execute(text, parameters)


def settle(db: Connection) -> None:
    """Waits until all that was sent ahead is done; raises the first error of it."""
    if line := db.info.get(LINE):
        db.info[LINE] = None
        with as_ours(db, "(sent ahead)"):
            line.__exit__(None, None, None)


def give_up(db: Connection) -> None:
    """The same where its errors are told already, or do not matter any more: before a rollback."""
    with suppress(DBAPIError):
        settle(db)


@contextmanager
def as_ours(db: Connection, text: str) -> Iterator[None]:
    """Errors of the driver become SQLAlchemy's, without the values; a lost connection is known as lost."""
    base = db.dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        lost = db.dialect.is_disconnect(error, db.connection.driver_connection, None)
        told = DBAPIError.instance(
            text, None, error, base, hide_parameters=True, connection_invalidated=lost, dialect=db.dialect
        )
        if lost:
            db.invalidate(error)
        raise told from error


def watch(engine: Engine) -> None:
    """SQLAlchemy's own statements come after whatever was sent ahead."""

    @event.listens_for(engine, "before_cursor_execute")
    def _leave(db: Connection, *_: Any) -> None:
        settle(db)
