"""A filled shop on either database, prepared once and copied for every run; the server under test on it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.fill import fill
from benchmarks.postgres import copy_of, databases, postgres
from prilavok.app import build
from prilavok.desk import api_token, connect_inbox, sign_in_link
from prilavok.settings import Settings
from prilavok.simulator.load.shop import free_port, stop, wait_for
from prilavok.simulator.load.wire import Address

CACHE = Path(tempfile.gettempdir()) / f"prilavok-benchmarks-{os.getuid()}"
VERSION = 2  # of what is filled in; another one is made anew


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a filled shop is and how to get in."""

    data: str
    database_url: str
    token: str
    inbox_id: str
    key: str
    secret: str
    shop_id: int
    conversations: int
    each: int

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPYCACHEPREFIX": str(CACHE / "bytecode"),
            "PRILAVOK_DATA": self.data,
            "PRILAVOK_DATABASE_URL": self.database_url,
            "PRILAVOK_VISITORS_PER_MINUTE": "10000000",
            "PRILAVOK_LOG_LEVEL": "warning",
        }


@contextmanager
def sqlite_ground(conversations: int, each: int, *, copied: bool = True) -> Iterator[Ground]:
    """`copied`: for who writes into it; else the kept one itself."""
    kept = CACHE / f"sqlite-{conversations}x{each}-v{VERSION}"
    if not (kept / "ground.json").exists():
        shutil.rmtree(kept, ignore_errors=True)
        _prepare(kept, f"sqlite:///{kept / 'prilavok.db'}", conversations, each)
    if not copied:
        yield _read(kept, f"sqlite:///{kept / 'prilavok.db'}")
        return
    with tempfile.TemporaryDirectory(prefix="prilavok-bench-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(kept, data)
        yield _read(data, f"sqlite:///{data / 'prilavok.db'}")


@contextmanager
def postgres_ground(conversations: int, each: int, *, copied: bool = True) -> Iterator[Ground]:
    name = f"filled-{conversations}x{each}-v{VERSION}"
    kept = CACHE / name
    with postgres(CACHE / "postgres") as server:
        if not (kept / "ground.json").exists() or name not in databases(server):
            shutil.rmtree(kept, ignore_errors=True)
            _prepare(kept, copy_of(server, "template0", name), conversations, each)
        if not copied:
            yield _read(kept, f"{server}/{name}")
            return
        with tempfile.TemporaryDirectory(prefix="prilavok-bench-") as folder:
            data = Path(folder) / "data"
            shutil.copytree(kept, data)
            yield _read(data, copy_of(server, name, "run"))


GROUNDS = {"sqlite": sqlite_ground, "postgresql": postgres_ground}


def _prepare(data: Path, url: str, conversations: int, each: int) -> None:
    data.mkdir(parents=True, mode=0o700)
    settings = Settings.from_environment({"PRILAVOK_DATABASE_URL": url}, data=data)
    house = build(settings)
    house.bus.start()
    try:
        sign_in_link(house, "owner@example.com", None)
        token = api_token(house, "owner@example.com")
        told = connect_inbox(house, "api", "Benchmark", [], None, check=False)
        words = dict(line.split(": ", 1) for line in told.splitlines())
        key = words["hook"].rpartition("/")[2]
        served = house.bus.read_now(house.directory.by_key, key)
        assert served is not None
        print(f"filling {conversations * each:,} messages into {house.engine.dialect.name} ...", flush=True)
        fill(house.engine, served.shop_id, served.id, served.scope, conversations=conversations, each=each)
    finally:
        house.bus.stop()
        house.engine.dispose()
    ground = Ground("", "", token, served.id, key, words["secret"], served.shop_id, conversations, each)
    (data / "ground.json").write_text(json.dumps(asdict(ground)))


def _read(data: Path, url: str) -> Ground:
    known = json.loads((data / "ground.json").read_text())
    return Ground(**{**known, "data": str(data), "database_url": url})


@contextmanager
def serving(ground: Ground) -> Iterator[tuple[Address, int]]:
    """Address and process id of `benchmarks.server` on this ground."""
    port = free_port()
    environment = {**ground.environment, "PRILAVOK_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.server"], env=environment)
    try:
        wait_for(process, ("127.0.0.1", port))
        yield ("127.0.0.1", port), process.pid
    finally:
        stop(process)


def cpu_of(pid: int) -> float:
    """Seconds of processor time of a process so far."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
