"""Rows by the set, for what every message needs: statements compiled once, many rows in one call.

Measured (see benchmarks/README.md): building and binding a statement anew costs several times what the database needs
to carry it out. And `executemany` is slow on both: on SQLite each row gives the interpreter lock away and waits for
the event loop to give it back, on PostgreSQL each row is a message of its own. So SQLite gets `VALUES` of many rows,
PostgreSQL one JSON argument that it unfolds into rows.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import LargeBinary, Table
from sqlalchemy.engine import Connection, Dialect

from prilavok.store.ahead import send
from prilavok.store.base import is_sqlite
from prilavok.store.questions import there

# Rows in one statement of SQLite: few sizes, so that every statement is prepared only once.
SIZES = (64, 32, 16, 8, 4, 2, 1)
MOST_VARIABLES = 2000  # in one statement


class _Rows(ABC):
    """What inserts and updates have in common: the columns, and how their values become what a database keeps."""

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        self.table = table
        self.names = tuple(names)
        self._take = itemgetter(*names)
        self._converts = [
            (place, convert) for place, name in enumerate(names) if (convert := there(table.c[name].type))
        ]
        self._texts: dict[int, str] = {}
        self._recordset = ""

    def __call__(self, db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Each row has a value for every column that was named."""
        plain = self._plain(rows)
        if not is_sqlite(db):
            self._recordset = self._recordset or self._for_postgresql(db.dialect)
            objects = [dict(zip(self.names, row, strict=True)) for row in plain]
            send(db, self._recordset, (msgspec.json.encode(objects).decode(),))
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
                send(db, text, [value for row in chosen for value in row])
                position += size

    def _plain(self, rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
        plain = [list(self._take(row)) for row in rows]
        for place, convert in self._converts:
            before, after = None, None  # what many rows share (the time, the occasion of an incident) is converted once
            for row in plain:
                value = row[place]
                if value is None:
                    continue
                if value is not before:
                    before, after = value, convert(value)
                row[place] = after
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


def _kind(table: Table, name: str, dialect: Dialect) -> str:
    return str(table.c[name].type.compile(dialect=dialect))
