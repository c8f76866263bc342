"""The ground under every table: column types that mean the same on SQLite and PostgreSQL, and the engines.

Times are whole microseconds since 1970 (UTC) and JSON is text on both, so that one query serves both. Connections are
in autocommit mode; the writer alone begins and commits.
"""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Engine, MetaData, String, Table, Text, TypeDecorator, create_engine, event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from prilavok.domain.errors import NeedsOwner
from prilavok.store import ahead

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LATEST = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def micros(at: datetime) -> int:
    """An aware time as the stored whole number."""
    return (at - EPOCH) // MICROSECOND


def instant(value: int) -> datetime:
    return EPOCH + timedelta(microseconds=value)


class Id(TypeDecorator[str]):
    """A UUIDv7, always a canonical string in Python."""

    impl = String(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import UUID

            return dialect.type_descriptor(UUID(as_uuid=False))
        return dialect.type_descriptor(String(36))


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        # Later than the calendar could not be read back: "the last evening of 9999" west of Greenwich.
        return None if value is None else min((value - EPOCH) // MICROSECOND, LATEST)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Json(TypeDecorator[Any]):
    """Any JSON value, stored as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else msgspec.json.decode(value)


def open_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine in autocommit mode. `url` as SQLAlchemy writes it; a bare postgresql:// means psycopg 3."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed,
            isolation_level="AUTOCOMMIT",
            connect_args={"check_same_thread": False},
            hide_parameters=True,  # customers' words and sealed secrets stay out of errors, and so out of the log
        )
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(
        parsed,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=4,
        pool_pre_ping=True,
        pool_use_lifo=True,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    ahead.watch(engine)
    return engine


def reach(engine: Engine) -> None:
    """Before anything else is asked of it. NeedsOwner says in one sentence why this database cannot be opened."""
    try:
        engine.connect().close()
    except DBAPIError as error:
        why = " ".join(str(error.orig).split())
        raise NeedsOwner(f"The database {engine.url.render_as_string()} cannot be opened: {why}") from error


def only_where(condition: str) -> dict[str, Any]:
    """For an Index of some of the rows. PostgreSQL is told by its migrations alone: to name it here SQLAlchemy would
    load all that it knows of PostgreSQL, a twentieth of a start on SQLite.
    """
    return {"sqlite_where": text(condition), "info": {"where": condition}}


def is_sqlite(db: Connection | Engine) -> bool:
    return db.dialect.name == "sqlite"


def insert_into(db: Connection, table: Table) -> Any:
    """An INSERT that can be told what to do about a row that is there already, as this database says it."""
    if is_sqlite(db):
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # here: whoever keeps SQLite does not load the other

    return postgresql.insert(table)


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Ids are text here, whoever asks for them."""
    from psycopg.types.string import TextLoader

    connection.adapters.register_loader("uuid", TextLoader)
    # A page that is in memory, or on a disk without moving parts, costs the same wherever it lies. Told otherwise, the
    # planner reads all contacts of a small shop to find thirty. Compiling a statement pays only for reports of minutes.
    connection.autocommit = True  # as the engine asks for a moment later: what is set here shall stay
    connection.execute("SET random_page_cost = 1.1")
    connection.execute("SET jit = off")


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 15000")
    connection.execute("PRAGMA cache_size = -65536")  # 64 MiB: the upper pages of the big indexes
    connection.execute("PRAGMA temp_store = MEMORY")
    # 32 MiB of log: a page that many commits change is copied into the database once and not every third commit.
    connection.execute("PRAGMA wal_autocheckpoint = 8000")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    # Unicode-aware and known to both databases by this name (PostgreSQL has it built in).
    connection.create_function("lower", 1, lambda text: text.lower() if text else text, deterministic=True)
