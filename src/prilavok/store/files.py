"""Files: what they are called and how large they are. The bytes lie in the data folder, by shop and id."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.kit.content import Content, OnDisk, pieces_of
from prilavok.store.schema import files

LANDING = "landing"  # beside the shops' folders, whose names are numbers


def add(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    db.execute(insert(files), [{"width": None, "height": None, "checked": None, "virus": None, **row} for row in rows])


def get(db: Connection, shop_id: int, file_id: str) -> RowMapping | None:
    return db.execute(select(files).where(files.c.shop_id == shop_id, files.c.id == file_id)).mappings().first()


def many(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, RowMapping]:
    wanted = list(ids)
    if not wanted:
        return {}
    query = select(files).where(files.c.shop_id == shop_id, files.c.id.in_(wanted))
    return {row["id"]: row for row in db.execute(query).mappings()}


def judge(db: Connection, shop_id: int, file_id: str, checked: str, virus: str) -> None:
    this = (files.c.shop_id == shop_id) & (files.c.id == file_id)
    db.execute(update(files).where(this).values(checked=str(checked), virus=virus or None))


def unsettled(db: Connection, limit: int) -> Sequence[RowMapping]:
    """Files that the virus scanner has not judged: those it was never asked about first, then those that wait."""
    query = select(files).order_by(files.c.created_at.desc()).limit(limit)
    new = db.execute(query.where(files.c.checked.is_(None))).mappings().all()
    return new or db.execute(query.where(files.c.checked.in_(["waiting", "unchecked"]))).mappings().all()


class Folder:
    """The bytes of all files below one folder. Names come from our ids only, never from a customer."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, shop_id: int, file_id: str) -> Path:
        return self.root / str(int(shop_id)) / file_id[-2:] / file_id

    def write(self, shop_id: int, file_id: str, data: bytes | Content, *, lasting: bool = True) -> None:
        """Whole or not at all: written beside, synced (unless it could be made again), then renamed."""
        with self.landing() as place:
            with place.open("wb") as out:
                for piece in pieces_of(data):
                    out.write(piece)
            self.take(shop_id, file_id, place, lasting=lasting)

    def take(self, shop_id: int, file_id: str, place: Path, *, lasting: bool = True) -> None:
        """What has been written to a `landing` becomes a file."""
        if lasting:
            with place.open("rb") as written:
                os.fsync(written.fileno())
        path = self.path(shop_id, file_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        place.replace(path)

    @contextmanager
    def landing(self) -> Iterator[Path]:
        """A place to write to; what was not taken from there is gone afterwards."""
        place = self.root / LANDING / f"{uuid4().hex}.part"
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield place
        finally:
            place.unlink(missing_ok=True)

    def sweep(self, before: datetime) -> None:
        """Removes landings that nobody has written to since: those of a process that was killed."""
        for place in (self.root / LANDING).glob("*"):
            with suppress(FileNotFoundError):  # another process sweeps as well
                if place.stat().st_mtime < before.timestamp():
                    place.unlink()

    def content(self, shop_id: int, file_id: str) -> OnDisk:
        """To be read piece by piece; OSError when there is no such file."""
        return OnDisk.at(self.path(shop_id, file_id))

    def read(self, shop_id: int, file_id: str) -> bytes:
        return self.path(shop_id, file_id).read_bytes()
