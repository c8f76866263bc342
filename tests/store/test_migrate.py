import subprocess
import sys

import pytest
from alembic.script import ScriptDirectory

from prilavok.store.base import open_engine
from prilavok.store.migrate import alembic_config, migrate, newest, version


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
