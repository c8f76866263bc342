import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Integer, LargeBinary, MetaData, Numeric, Table, Uuid, func, select
from sqlalchemy.types import TypeEngine

from prilavok.store.base import metadata, open_engine
from prilavok.store.migrate import alembic_config, migrate, newest, version

SOMEBODY = "01a20122-0a2a-7473-9c77-a456f3b16473"


def test_the_newest_version_is_what_the_migrations_themselves_say():
    assert newest() == ScriptDirectory.from_config(alembic_config()).get_current_head()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_an_empty_database_is_brought_up_once_and_then_left_alone(database, request, tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}" if database == "sqlite" else request.getfixturevalue("postgres")()
    engine = open_engine(url)
    assert migrate(engine) == (None, newest())
    assert migrate(engine) == (newest(), newest())
    with engine.connect() as db:
        assert version(db) == newest()
    engine.dispose()


def test_a_start_that_finds_the_database_up_to_date_does_not_load_the_migrations(tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    start = (
        "import sys; from prilavok.store.base import open_engine; from prilavok.store.migrate import migrate; "
        f"migrate(open_engine({url!r})); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", start]).returncode == 0


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_shop_of_any_version_arrives_with_all_its_rows(database, request, tmp_path):
    """Each version in turn gets a row in every table that is new in it, and goes one version further."""
    url = f"sqlite:///{tmp_path / 'shop.db'}" if database == "sqlite" else request.getfixturevalue("postgres")()
    engine = open_engine(url)
    config = alembic_config()
    filled: set[str] = set()
    with engine.connect() as db:
        config.attributes["connection"] = db
        db.exec_driver_sql("BEGIN")
        for step in reversed(list(ScriptDirectory.from_config(config).walk_revisions())):
            command.upgrade(config, step.revision)
            there = MetaData()
            there.reflect(db)
            for name in there.tables.keys() - filled - {"alembic_version"}:
                db.execute(there.tables[name].insert(), a_row(there.tables[name]))
                filled.add(name)
        db.exec_driver_sql("COMMIT")
        assert {name: db.scalar(select(func.count()).select_from(there.tables[name])) for name in filled} == (
            dict.fromkeys(metadata.tables, 1)
        )
        was_joined = db.execute(select(there.tables["contacts"])).mappings().one()
        assert (str(was_joined["went_to"]), was_joined["facts"]) == (SOMEBODY, None)
        assert db.scalar(select(there.tables["identities"].c.claimed)) == "order"
        assert db.scalar(select(there.tables["orders"].c.calls_wait))
        call = db.execute(select(metadata.tables["messages"])).mappings().one()
        assert (call["content"], call["reason"]) == ({"call": {"agent": "a", "outcome": "busy"}}, None)
        assert compare_metadata(MigrationContext.configure(db), metadata) == []
    assert migrate(engine) == (newest(), newest())
    engine.dispose()


def a_row(table: Table) -> dict[str, object]:
    """Something in each column; where a migration looks into it, what it looks for."""
    told = {
        "contacts": {"facts": f'{{"went_to":"{SOMEBODY}"}}'},
        "identities": {"scope": "phone", "display": "", "verified": False},
        "messages": {
            "direction": "outbound",
            "receipt": "failed",
            "reason": "Zadarma: the line was busy",
            "content": '{"call":{"agent":"a"}}',
        },
    }
    return {column.name: filling(column.type) for column in table.columns} | told.get(table.name, {})


def filling(kind: TypeEngine) -> object:
    if isinstance(kind, Uuid) or getattr(kind, "length", None) == len(SOMEBODY):
        return SOMEBODY
    if isinstance(kind, Boolean):
        return True
    return 0 if isinstance(kind, Integer | Numeric) else b"" if isinstance(kind, LargeBinary) else "{}"
