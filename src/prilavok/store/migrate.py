"""Brings a database to the present schema: from nothing, or from any earlier version."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect
from sqlalchemy.engine import Connection

from prilavok.store.base import is_sqlite, reach

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x7072696C  # one process migrates a PostgreSQL database at a time


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Runs what is missing, in one transaction; returns (version before, version now).

    NeedsOwner when the database cannot be opened.
    """
    head = newest()
    reach(engine)
    with engine.connect() as db:
        before = version(db)
        if before != head:
            _upgrade(db)
    return before, head


def newest() -> str:
    """The last version there is. A migration's file is called VERSION_title.py; versions ascend."""
    return max(file.stem.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def version(db: Connection) -> str | None:
    """The version that a database has; None for an empty one."""
    if not inspect(db).has_table("alembic_version"):
        return None
    found: str | None = db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def _upgrade(db: Connection) -> None:
    # Not at the top: importing it takes a fifth of a start, and nearly every start finds nothing to do.
    from alembic import command

    sqlite = is_sqlite(db)
    db.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "BEGIN")
    try:
        if not sqlite:
            db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        config = alembic_config()
        config.attributes["connection"] = db
        command.upgrade(config, "head")
        db.exec_driver_sql("COMMIT")
    except BaseException:
        db.exec_driver_sql("ROLLBACK")
        raise


def alembic_config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
