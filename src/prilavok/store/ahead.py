"""On PostgreSQL, what nobody must answer is sent ahead: the server carries it out while the writer thinks on.

A BEGIN, a savepoint, an insert of many rows say nothing that a flow waits for. They go out through the driver's
pipeline, and the next question, or the commit, follows in the same line: a batch waits once for each question and not
once for each statement. What fails is told with the next answer and before anything is committed; the server skips
whatever stood behind it in the line.

Only inside the writer's transactions. What SQLAlchemy sends by itself leaves the line first, because it looks at each
answer at once, and finds everything done. On SQLite there is nobody to wait for, and nothing of this.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

LINE = "line"  # in a connection's info, while a transaction may send ahead: its open pipeline, or None


def begin(db: Connection, *settings: str) -> None:
    """A transaction whose statements may be sent ahead. `settings` are what several flows together begin with; one
    alone mostly asks at once, and a line from the BEGIN on would cost more than it spares.
    """
    if not settings:
        db.exec_driver_sql("BEGIN")
        db.info[LINE] = None
        return
    db.info[LINE] = None
    for text in ("BEGIN", *settings):
        send(db, text)


def commit(db: Connection) -> None:
    """Raises the first error of what was sent ahead; then nothing is committed."""
    if db.info.get(LINE) is None:
        db.exec_driver_sql("COMMIT")
    else:
        send(db, "COMMIT")
        settle(db)
    db.info.pop(LINE, None)


def give_up(db: Connection) -> None:
    """Leaves the line before a rollback, for good. Its first error was raised already; what follows from it says
    nothing.
    """
    with suppress(DBAPIError):
        settle(db)
    if not db.invalidated:
        db.info.pop(LINE, None)


def send(db: Connection, text: str, parameters: Any = ()) -> None:
    """A statement without an answer. Where it is sent ahead, its error comes later."""
    info = db.info
    if LINE in info and info[LINE] is None:
        line = db.connection.driver_connection.pipeline()  # type: ignore[union-attr]
        line.__enter__()
        info[LINE] = line
    cursor = db.connection.cursor()
    with as_ours(db, text):
        cursor.execute(text, parameters)


def settle(db: Connection) -> None:
    """Waits until all that was sent ahead is done; raises the first error of it."""
    info = db.info
    line = info.get(LINE)
    if line is not None:
        info[LINE] = None
        with as_ours(db, "sent ahead"):
            line.__exit__(None, None, None)


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
    """What SQLAlchemy itself sends waits for what was sent ahead."""

    def leave(cursor: Any, *given: Any) -> None:
        if cursor.connection.pgconn.pipeline_status:
            settle(given[-1].root_connection)  # what is given last is the statement's context

    for kind in ("do_execute", "do_executemany", "do_execute_no_params"):
        event.listen(engine, kind, leave)
