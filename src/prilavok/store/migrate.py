"""Brings a database to the present schema: from nothing, or from any earlier version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from prilavok.store.base import is_sqlite

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x7072696C  # one process migrates a PostgreSQL database at a time


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Runs what is missing, in one transaction; returns (version before, version now)."""
    config = alembic_config()
    head = ScriptDirectory.from_config(config).get_current_head() or ""
    with engine.connect() as db:
        before = MigrationContext.configure(db).get_current_revision()
        if before == head:
            return before, head
        sqlite = is_sqlite(db)
        db.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "BEGIN")
        try:
            if not sqlite:
                db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            config.attributes["connection"] = db
            command.upgrade(config, "head")
            db.exec_driver_sql("COMMIT")
        except BaseException:
            db.exec_driver_sql("ROLLBACK")
            raise
    return before, head


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
