"""Rows by the set, for what every message needs: statements compiled once, many rows in one call.

Measured (see benchmarks/README.md): building and binding a statement anew costs several times what the database needs
to carry it out. And `executemany` is slow on both: on SQLite each row gives the interpreter lock away and waits for
the event loop to give it back, on PostgreSQL each row is a message of its own. So SQLite gets `VALUES` of many rows,
PostgreSQL one JSON argument that it unfolds into rows.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Executable, LargeBinary, Table, bindparam
from sqlalchemy.engine import Connection, CursorResult, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType

from prilavok.store.base import Instant, Json, is_sqlite, micros

SIZES = (64, 16, 4, 1)  # rows in one statement of SQLite: few sizes, so that every statement is prepared only once
MOST_VARIABLES = 2000  # in one statement

Convert = Callable[[Any], Any]


class Question:
    """A statement with named parameters. `ask` answers raw: times are whole microseconds, JSON is text.

    A parameter of `among` is any iterable; all the others are given as the database keeps them.
    """

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def ask(self, db: Connection, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        compiled = self._compiled.get(db.dialect.name)
        if compiled is None:
            compiled = self._compiled[db.dialect.name] = _Compiled(self.statement, db.dialect)
        return compiled.run(db, values)


class _Compiled:
    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        self.text: str = compiled.string
        self.constants: dict[str, Any] = {name: value for name, value in compiled.params.items() if value is not None}
        self.order: list[str] | None = compiled.positiontup

    def run(self, db: Connection, values: dict[str, Any]) -> CursorResult[*tuple[Any, ...]]:
        given = self.constants | values
        if self.order is None:
            return db.exec_driver_sql(self.text, given)
        return db.exec_driver_sql(self.text, tuple([_plain(given[name]) for name in self.order]))


def _plain(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value


class among(ColumnElement[bool]):  # noqa: N801  reads as a word in a query
    """`column` is one of a list of strings that is given as one parameter: the statement's text stays the same."""

    type = NullType()  # type: ignore[assignment]  # as Boolean it would be compared with 1, and no index helped
    inherit_cache = False

    def __init__(self, column: Column[Any], name: str) -> None:
        self.column = column
        self.values: ColumnElement[Any] = bindparam(name)


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = compiler.process(element.column, **options), compiler.process(element.values, **options)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = compiler.process(element.column, **options), compiler.process(element.values, **options)
    return f"{column} = ANY(CAST({values} AS {element.column.type.compile(dialect=compiler.dialect)}[]))"


class _Rows(ABC):
    """What inserts and updates have in common: the columns, and how their values become what a database keeps."""

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        self.table = table
        self.names = tuple(names)
        self._take = itemgetter(*names)
        self._converts = [(place, convert) for place, name in enumerate(names) if (convert := _convert(table.c[name]))]
        self._texts: dict[int, str] = {}
        self._recordset = ""

    def __call__(self, db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Each row has a value for every column that was named."""
        plain = self._plain(rows)
        if not is_sqlite(db):
            self._recordset = self._recordset or self._for_postgresql(db.dialect)
            objects = [dict(zip(self.names, row, strict=True)) for row in plain]
            db.exec_driver_sql(self._recordset, (msgspec.json.encode(objects).decode(),))
            return
        position = 0
        for size in SIZES:
            if size > 1 and size * len(self.names) > MOST_VARIABLES:
                continue
            while len(plain) - position >= size:
                text = self._texts.get(size)
                if text is None:
                    text = self._texts[size] = self._for_sqlite(size)
                chosen = plain[position : position + size]
                db.exec_driver_sql(text, tuple([value for row in chosen for value in row]))
                position += size

    def _plain(self, rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
        plain = [list(self._take(row)) for row in rows]
        for place, convert in self._converts:
            for row in plain:
                if row[place] is not None:
                    row[place] = convert(row[place])
        return plain

    def _values(self, size: int) -> str:
        one = f"({', '.join('?' * len(self.names))})"
        return ", ".join([one] * size)

    def _unfolded(self, dialect: Dialect) -> str:
        """The rows of the JSON argument; bytes travel in base64."""
        kinds = [
            f"{name} {'text' if isinstance(self.table.c[name].type, LargeBinary) else _kind(self.table, name, dialect)}"
            for name in self.names
        ]
        return f"json_to_recordset(CAST(%s AS json)) AS given({', '.join(kinds)})"

    def _given(self, name: str) -> str:
        return (
            f"decode(given.{name}, 'base64')" if isinstance(self.table.c[name].type, LargeBinary) else f"given.{name}"
        )

    @abstractmethod
    def _for_sqlite(self, size: int) -> str:
        """With question marks for `size` rows."""

    @abstractmethod
    def _for_postgresql(self, dialect: Dialect) -> str:
        """With one placeholder for all rows as JSON."""


class Insertion(_Rows):
    def _for_sqlite(self, size: int) -> str:
        return f"INSERT INTO {self.table.name} ({', '.join(self.names)}) VALUES {self._values(size)}"

    def _for_postgresql(self, dialect: Dialect) -> str:
        chosen = ", ".join(map(self._given, self.names))
        into = f"{self.table.name} ({', '.join(self.names)})"
        return f"INSERT INTO {into} SELECT {chosen} FROM {self._unfolded(dialect)}"


class Renewal(_Rows):
    """Updates by key: `key` finds the row, the other columns are set."""

    def __init__(self, table: Table, key: Sequence[str], names: Sequence[str]) -> None:
        super().__init__(table, [*key, *names])
        self.key = tuple(key)
        self.renewed = tuple(names)

    def _for_sqlite(self, size: int) -> str:
        where = {name: f"given.column{place}" for place, name in enumerate(self.names, 1)}
        return (
            f"UPDATE {self.table.name} SET {', '.join(f'{name} = {where[name]}' for name in self.renewed)} "
            f"FROM (VALUES {self._values(size)}) AS given "
            f"WHERE {' AND '.join(f'{self.table.name}.{name} = {where[name]}' for name in self.key)}"
        )

    def _for_postgresql(self, dialect: Dialect) -> str:
        return (
            f"UPDATE {self.table.name} SET {', '.join(f'{name} = {self._given(name)}' for name in self.renewed)} "
            f"FROM {self._unfolded(dialect)} "
            f"WHERE {' AND '.join(f'{self.table.name}.{name} = given.{name}' for name in self.key)}"
        )


def _convert(column: Column[Any]) -> Convert | None:
    if isinstance(column.type, Instant):
        return micros
    return as_json if isinstance(column.type, Json) else None


def as_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _kind(table: Table, name: str, dialect: Dialect) -> str:
    return str(table.c[name].type.compile(dialect=dialect))
