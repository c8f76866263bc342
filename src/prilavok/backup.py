"""`prilavok backup FILE` and `prilavok restore FILE`: everything in one archive that either database can take back.

The archive holds the rows as JSON lines, the files, and the secret key (without it sealed credentials stay sealed), so
it is as secret as the installation itself. A server may go on running during a backup.
"""

import io
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec
from alembic import command
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from prilavok import __version__
from prilavok.domain.errors import BadInput
from prilavok.settings import KEY_FILE, Settings
from prilavok.store import archive
from prilavok.store.base import is_sqlite, open_engine
from prilavok.store.migrate import alembic_config, migrate

MANIFEST, TABLES, FILES = "manifest.json", "tables/", "files/"
Progress = Callable[[str], None]


class Manifest(msgspec.Struct):
    version: str
    revision: str
    created_at: datetime
    tables: list[str]


def back_up(settings: Settings, target: Path, say: Progress) -> None:
    """Writes the archive beside its place and renames it when it is whole. BadInput when there is one already."""
    if target.exists():
        raise BadInput(f"{target} exists already. Choose another name, or remove it first.")
    engine = open_engine(settings.database_url)
    beside = target.with_name(target.name + ".part")
    try:
        _, revision = migrate(engine)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out, tarfile.open(fileobj=out, mode="w:gz", compresslevel=5) as tar:
            _add(
                tar, MANIFEST, msgspec.json.encode(Manifest(__version__, revision, datetime.now(UTC), archive.tables()))
            )
            _add_rows(tar, engine, say)
            _add_files(tar, settings, say)
        beside.replace(target)
    finally:
        engine.dispose()
        beside.unlink(missing_ok=True)


def restore(settings: Settings, source: Path, say: Progress) -> None:
    """Into an empty installation only. An archive of an older version is brought to this one on the way."""
    engine = open_engine(settings.database_url)
    try:
        if not archive.is_empty(engine):
            raise BadInput("This installation is not empty. Restore into a new data folder or database.")
        with tarfile.open(source, mode="r:gz") as tar:
            _restore(tar, engine, settings, say)
        migrate(engine)
    except (tarfile.TarError, EOFError, msgspec.DecodeError, OSError) as error:
        raise BadInput(f"{source} cannot be read as a backup: {error}") from error
    finally:
        engine.dispose()


def _add_rows(tar: tarfile.TarFile, engine: Engine, say: Progress) -> None:
    with archive.snapshot(engine) as db:
        for table in archive.tables():
            # Through a file: a member's length must be known before its content, and memory is finite.
            with tempfile.TemporaryFile() as rows:
                count = 0
                for line in archive.rows_of(db, table):
                    rows.write(line)
                    count += 1
                _add_file(tar, f"{TABLES}{table}.jsonl", rows)
            say(f"{table}: {count}")


def _add_files(tar: tarfile.TarFile, settings: Settings, say: Progress) -> None:
    root = settings.data / "files"
    count = 0
    for path in sorted(root.rglob("*")) if root.is_dir() else ():
        if path.is_file() and path.suffix != ".part":
            tar.add(path, FILES + str(path.relative_to(root)), recursive=False)
            count += 1
    say(f"files: {count}")
    key = settings.data / KEY_FILE
    if key.is_file():
        tar.add(key, KEY_FILE, recursive=False)


def _restore(tar: tarfile.TarFile, engine: Engine, settings: Settings, say: Progress) -> None:
    first = tar.next()
    if first is None or first.name != MANIFEST:
        raise BadInput("This is no backup of Prilavok: its manifest is missing.")
    manifest = msgspec.json.decode(_content(tar, first).read(), type=Manifest)
    with engine.connect() as db:
        db.exec_driver_sql("BEGIN IMMEDIATE" if is_sqlite(db) else "BEGIN")
        try:
            config = alembic_config()
            config.attributes["connection"] = db
            command.upgrade(config, manifest.revision)
            for member in iter(tar.next, None):
                _put(tar, member, db, manifest, settings, say)
            db.exec_driver_sql("COMMIT")
        except BaseException:
            db.exec_driver_sql("ROLLBACK")
            raise


def _put(
    tar: tarfile.TarFile,
    member: tarfile.TarInfo,
    db: Connection,
    manifest: Manifest,
    settings: Settings,
    say: Progress,
) -> None:
    name = member.name
    if not member.isfile():
        raise BadInput(f"The backup holds something that is no file: {name}")
    if name.startswith(TABLES):
        table = name.removeprefix(TABLES).removesuffix(".jsonl")
        if table not in manifest.tables or not table.isidentifier():
            raise BadInput(f"The backup holds a table that it does not announce: {table}")
        count = archive.put_rows(db, table, _lines(_content(tar, member)))
        say(f"{table}: {count}")
    elif name == KEY_FILE:
        _put_key(settings, _content(tar, member).read().decode())
    elif name.startswith(FILES):
        path = (settings.data / "files" / name.removeprefix(FILES)).resolve()
        if not path.is_relative_to((settings.data / "files").resolve()):
            raise BadInput(f"The backup holds a file outside of its folder: {name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_content(tar, member).read())


def _put_key(settings: Settings, key: str) -> None:
    """The key of the archive replaces the fresh one of an empty data folder, never one that the operator gave."""
    path = settings.data / KEY_FILE
    if path.is_file():
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(key)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise BadInput(f"The backup is damaged at {member.name}.")
    return content


def _lines(content: IO[bytes]) -> Iterator[bytes]:
    return iter(content)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    _add_file(tar, name, io.BytesIO(content))


def _add_file(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size = content.seek(0, io.SEEK_END)
    info.mtime = datetime.now(UTC).timestamp()
    info.mode = 0o600
    content.seek(0)
    tar.addfile(info, content)
