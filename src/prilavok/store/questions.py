"""Statements that are asked all day: compiled once, run without ceremony.

Measured (benchmarks/README.md): building a SELECT anew, finding it in the cache and dressing its result costs five to
ten times what the database needs for an indexed row. A Question is written with SQLAlchemy as any other statement.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Boolean, Column, ColumnElement, Executable, bindparam
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType, TypeEngine

from prilavok.store.ahead import as_ours
from prilavok.store.base import Instant, Json, instant, micros

Row = Mapping[Any, Any]
Convert = Callable[[Any], Any]


class Question:
    """A statement with named parameters; those of `among` take any number of strings."""

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, db: Connection, **values: Any) -> list[dict[str, Any]]:
        """Every row by the names of its columns, with times and JSON as Python knows them."""
        compiled = self._for(db)
        names = compiled.names
        found = [dict(zip(names, row, strict=True)) for row in compiled.run(db, values)]
        for name, convert in compiled.back:
            for row in found:
                if (value := row[name]) is not None:
                    row[name] = convert(value)
        return found

    def row(self, db: Connection, **values: Any) -> dict[str, Any] | None:
        """The first row, for questions that have one answer at most."""
        found = self.rows(db, **values)
        return found[0] if found else None

    def value(self, db: Connection, **values: Any) -> Any:
        """The first column of the first row; None without one."""
        found = self.row(db, **values)
        return next(iter(found.values())) if found is not None else None

    def _for(self, db: Connection) -> "_Compiled":
        compiled = self._compiled.get(db.dialect.name)
        if compiled is None:
            compiled = self._compiled[db.dialect.name] = _Compiled(self.statement, db.dialect)
        return compiled


class _Compiled:
    """The text for one database, and how values go there and come back."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        self.text: str = compiled.string
        self.order: list[str] | None = compiled.positiontup
        self.to = {name: convert for name, bind in compiled.binds.items() if (convert := there(bind.type))}
        self.constants = {name: self._to(name, value) for name, value in compiled.params.items() if value is not None}
        columns = getattr(statement, "exported_columns", ())
        self.names = [column.name for column in columns]
        self.back = [(column.name, convert) for column in columns if (convert := back(column.type, dialect))]

    def _to(self, name: str, value: Any) -> Any:
        convert = self.to.get(name)
        return convert(value) if convert is not None and value is not None else value

    def run(self, db: Connection, values: Mapping[str, Any]) -> Any:
        given = self.constants | {name: self._to(name, value) for name, value in values.items()}
        if self.order is None:
            return execute(db, self.text, given)
        return execute(db, self.text, [_plain(given[name]) for name in self.order])


def execute(db: Connection, text: str, parameters: Any) -> Any:
    """Runs a statement on the driver's own cursor; its rows. Errors are SQLAlchemy's, without the values."""
    cursor = db.connection.cursor()
    with as_ours(db, text):
        cursor.execute(text, parameters)
        return cursor.fetchall()


def there(kind: TypeEngine[Any]) -> Convert | None:
    """How a value of this type is kept."""
    if isinstance(kind, Instant):
        return micros
    return as_json if isinstance(kind, Json) else None


def back(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if isinstance(kind, Instant):
        return instant
    if isinstance(kind, Json):
        return msgspec.json.decode
    return bool if isinstance(kind, Boolean) and dialect.name == "sqlite" else None


def as_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _plain(value: Any) -> Any:
    return as_json(value) if isinstance(value, list) else value


def listed(values: Iterable[str]) -> list[str]:
    """What `among` takes."""
    return list(dict.fromkeys(values))


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
