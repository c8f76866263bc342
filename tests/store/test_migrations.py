"""The migrations lead to the very tables that the code speaks of, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from prilavok.store import schema
from prilavok.store.base import metadata, open_engine
from prilavok.store.migrate import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.db'}"
    empty: str = request.getfixturevalue("postgres")()
    return empty


def test_a_migrated_database_is_what_the_code_speaks_of(url: str) -> None:
    assert schema.shops.metadata is metadata
    engine = open_engine(url)
    migrate(engine)
    with engine.connect() as db:
        differences = compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), metadata)
    engine.dispose()
    assert differences == []


def test_migrating_twice_changes_nothing(url: str) -> None:
    engine = open_engine(url)
    first, second = migrate(engine), migrate(engine)
    engine.dispose()
    assert first[0] is None
    assert second == (first[1], first[1])
