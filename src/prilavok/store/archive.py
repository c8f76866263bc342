"""Every row out and in again as JSON lines: a backup that either database can read."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import Boolean, Engine, inspect, text
from sqlalchemy.engine import Connection

from prilavok.store import schema, schema_orders, schema_people
from prilavok.store.base import is_sqlite, metadata, reach

VERSION_TABLE = "alembic_version"
AT_ONCE = 500  # rows in one statement
BYTES = "$bytes"


# Importing them is what fills it.
assert schema.shops.metadata is schema_orders.orders.metadata is schema_people.merges.metadata is metadata


def tables() -> list[str]:
    return sorted(metadata.tables)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection whose reads all see one moment, whatever is written meanwhile."""
    with engine.connect() as db:
        if is_sqlite(db):
            db.exec_driver_sql("BEGIN")
        else:
            db = db.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)  # noqa: PLW2901
        try:
            yield db
        finally:
            if is_sqlite(db):
                db.exec_driver_sql("ROLLBACK")


def rows_of(db: Connection, table: str) -> Iterator[bytes]:
    """One JSON line a row, streamed."""
    columns = [column.name for column in metadata.tables[table].columns]
    listed = ", ".join(f'"{name}"' for name in columns)
    result = db.execution_options(stream_results=True, max_row_buffer=AT_ONCE).execute(
        text(f'SELECT {listed} FROM "{table}"')  # noqa: S608  names of our own schema
    )
    for row in result:
        yield msgspec.json.encode({name: _plain(value) for name, value in zip(columns, row, strict=True)}) + b"\n"


def is_empty(engine: Engine) -> bool:
    """Whether nothing has been put into this database yet."""
    reach(engine)
    with engine.connect() as db:
        known = set(inspect(db).get_table_names())
        return all(
            db.execute(text(f'SELECT 1 FROM "{table}" LIMIT 1')).first() is None  # noqa: S608  names of our own schema
            for table in known - {VERSION_TABLE}
        )


def put_rows(db: Connection, table: str, lines: Iterable[bytes]) -> int:
    """Inserts the lines of `rows_of` into a table of the revision they were written in; returns how many."""
    flags = {column["name"] for column in inspect(db).get_columns(table) if isinstance(column["type"], Boolean)}
    count = 0
    waiting: list[dict[str, Any]] = []
    for line in lines:
        waiting.append(_stored(msgspec.json.decode(line), flags))
        count += 1
        if len(waiting) >= AT_ONCE:
            _insert(db, table, waiting)
            waiting = []
    if waiting:
        _insert(db, table, waiting)
    return count


def _insert(db: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    mark = ":{}" if is_sqlite(db) else "%({})s"
    values = ", ".join(mark.format(name) for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    db.exec_driver_sql(f'INSERT INTO "{table}" ({listed}) VALUES ({values})', rows)  # noqa: S608  our own names


def _plain(value: Any) -> Any:
    match value:
        case bytes() | bytearray() | memoryview():
            return {BYTES: base64.b64encode(bytes(value)).decode()}
        case None | bool() | int() | str():
            return value
        case _:
            return str(value)  # a UUID


def _stored(row: Mapping[str, Any], flags: set[str]) -> dict[str, Any]:
    return {
        name: bool(value)
        if name in flags and value is not None
        else base64.b64decode(value[BYTES])
        if isinstance(value, dict)
        else value
        for name, value in row.items()
    }
