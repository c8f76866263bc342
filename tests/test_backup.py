"""What a backup holds comes back, on either database, and an installation in use is never overwritten."""

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prilavok.backup import back_up, restore
from prilavok.domain.errors import BadInput
from prilavok.settings import Settings
from prilavok.store import closures, shops, staff
from prilavok.store.archive import rows_of, tables
from prilavok.store.base import open_engine
from prilavok.store.files import Folder
from prilavok.store.migrate import migrate


def settings_of(folder: Path, url: str = "") -> Settings:
    return Settings.from_environment({}, data=folder, **({"database_url": url} if url else {}))


def open_a_shop(settings: Settings) -> None:
    engine = open_engine(settings.database_url)
    migrate(engine)
    with engine.connect() as db:
        shop_id = shops.add(db, "Лавка «Ёлка»", datetime(2026, 11, 22, tzinfo=UTC))
        staff.add_agent(
            db,
            {
                "shop_id": shop_id,
                "id": "01a20122-0a2a-7473-9c77-a456f3b16473",
                "email": "o@example.com",
                "name": "О’Лена 🫖",
                "role": "owner",
                "created_at": datetime(2026, 11, 22, tzinfo=UTC),
            },
        )
        number = "01a20122-0a2a-7473-9c77-a456f3b16475"
        closures.shut(db, shop_id, number, "sms", "blocked", datetime(2026, 11, 22, tzinfo=UTC))
    engine.dispose()
    Folder(settings.data / "files").write(shop_id, "01a20122-0a2a-7473-9c77-a456f3b16474", b"\x00picture")


def everything(settings: Settings) -> dict[str, list[bytes]]:
    engine = open_engine(settings.database_url)
    with engine.connect() as db:
        found = {table: sorted(rows_of(db, table)) for table in tables()}
    engine.dispose()
    return found


def test_a_shop_moves_from_sqlite_to_postgresql_and_back(tmp_path: Path, postgres) -> None:
    small = settings_of(tmp_path / "small")
    open_a_shop(small)
    back_up(small, tmp_path / "one.tgz", lambda _: None)
    grown = settings_of(tmp_path / "grown", postgres())
    restore(grown, tmp_path / "one.tgz", lambda _: None)
    back_up(grown, tmp_path / "two.tgz", lambda _: None)
    again = settings_of(tmp_path / "again")
    restore(again, tmp_path / "two.tgz", lambda _: None)

    assert everything(again) == everything(small)
    assert Folder(again.data / "files").read(1, "01a20122-0a2a-7473-9c77-a456f3b16474") == b"\x00picture"
    assert (again.data / "secret.key").read_text() == (small.data / "secret.key").read_text()


def test_the_archive_is_for_nobody_elses_eyes(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "shop")
    open_a_shop(settings)
    back_up(settings, tmp_path / "one.tgz", lambda _: None)
    assert (tmp_path / "one.tgz").stat().st_mode & 0o077 == 0


def test_an_installation_in_use_is_never_overwritten(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "shop")
    open_a_shop(settings)
    back_up(settings, tmp_path / "one.tgz", lambda _: None)
    with pytest.raises(BadInput, match="not empty"):
        restore(settings, tmp_path / "one.tgz", lambda _: None)
    with pytest.raises(BadInput, match="exists already"):
        back_up(settings, tmp_path / "one.tgz", lambda _: None)


@pytest.mark.parametrize("name", ["files/../../escaped", "files/1/../../../escaped"])
def test_a_forged_backup_writes_nothing_outside_of_its_folder(tmp_path: Path, name: str) -> None:
    settings = settings_of(tmp_path / "shop")
    open_a_shop(settings)
    back_up(settings, tmp_path / "good.tgz", lambda _: None)
    forge(tmp_path / "good.tgz", tmp_path / "bad.tgz", name)
    with pytest.raises(BadInput, match="outside"):
        restore(settings_of(tmp_path / "target"), tmp_path / "bad.tgz", lambda _: None)
    assert not list(tmp_path.rglob("escaped"))


def test_what_is_no_backup_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.tgz").write_bytes(b"no archive at all")
    with pytest.raises(BadInput, match="cannot be read"):
        restore(settings_of(tmp_path / "target"), tmp_path / "x.tgz", lambda _: None)


def test_a_damaged_backup_leaves_an_empty_installation(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "shop")
    open_a_shop(settings)
    back_up(settings, tmp_path / "one.tgz", lambda _: None)
    whole = (tmp_path / "one.tgz").read_bytes()
    (tmp_path / "half.tgz").write_bytes(whole[: len(whole) // 2])
    target = settings_of(tmp_path / "target")
    with pytest.raises(BadInput):
        restore(target, tmp_path / "half.tgz", lambda _: None)
    restore(target, tmp_path / "one.tgz", lambda _: None)
    assert everything(target) == everything(settings)
    assert b'"role":"owner"' in everything(target)["agents"][0]
    assert b'"medium":"sms"' in everything(target)["closures"][0], "who wrote STOP is not written to after a move"


def forge(good: Path, bad: Path, name: str) -> None:
    with tarfile.open(good) as source, tarfile.open(bad, "w:gz") as target:
        for member in source:
            target.addfile(member, source.extractfile(member))
        info = tarfile.TarInfo(name)
        info.size = 4
        target.addfile(info, io.BytesIO(b"evil"))
