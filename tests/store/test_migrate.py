import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from prilavok.store import schema
from prilavok.store.base import metadata, open_engine
from prilavok.store.migrate import migrate
from tests.house import on_both


@pytest.fixture
def engine(database):
    made = open_engine(database)
    yield made
    made.dispose()


@on_both
def test_a_migrated_database_is_what_the_code_believes(engine):
    with engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, metadata)
    ours = [one for one in differences if "notes_of_this_test" not in str(one)]
    assert ours == []


@on_both
def test_migrating_again_is_harmless(engine):
    with engine.connect() as db:
        db.execute(text("insert into counters (shop_id, name, value) values (1, 'x', 7)"))
    before, now = migrate(engine)
    assert before == now
    with engine.connect() as db:
        assert db.execute(text("select value from counters")).scalar() == 7


def test_an_empty_file_becomes_a_whole_database(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    before, now = migrate(engine)
    assert before is None
    assert now
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
    engine.dispose()


def test_two_processes_that_start_at_once_migrate_once(postgres):
    from concurrent.futures import ThreadPoolExecutor

    url = postgres()
    engines = [open_engine(url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(migrate, engines))
    assert {now for _, now in done} == {done[0][1]}
    with engines[0].connect() as db:
        assert db.execute(text("select count(*) from alembic_version")).scalar() == 1
    for engine in engines:
        engine.dispose()


def test_every_table_can_be_distributed_by_shop():
    for table in metadata.tables.values():
        if table is schema.shops:
            continue
        assert not table.c.shop_id.nullable, table.name
        for unique in (one for one in table.constraints if type(one).__name__ == "UniqueConstraint"):
            columns = [column.name for column in unique.columns]
            assert columns[0] == "shop_id" or columns == ["key"], (table.name, columns)
