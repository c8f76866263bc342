"""A real clamd on loopback, once a run, that knows one made-up signature of our own: nothing is downloaded."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services import answers, free_port, stop, wait_for

VIRUS = b"prilavok-made-up-virus: harmless, and only in these tests " * 3
NAME = "Prilavok.Made.Up"
CLAMD = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")


@dataclass(frozen=True)
class VirusScanner:
    port: int
    socket: Path

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


@pytest.fixture(scope="session")
def virus_scanner() -> Iterator[VirusScanner]:
    if CLAMD is None:
        pytest.skip("requires: apt-get install clamav-daemon")
    folder = Path(tempfile.mkdtemp(prefix="prilavok-clamd-"))
    (folder / "db").mkdir()
    known = f"{hashlib.sha256(VIRUS).hexdigest()}:{len(VIRUS)}:{NAME}\n"
    (folder / "db" / "own.hsb").write_text(known)
    scanner = VirusScanner(free_port(), folder / "clamd.sock")
    (folder / "clamd.conf").write_text(
        f"Foreground yes\nDatabaseDirectory {folder}/db\nTCPSocket {scanner.port}\nTCPAddr 127.0.0.1\n"
        f"LocalSocket {scanner.socket}\nStreamMaxLength 2M\nMaxThreads 2\nLogFile {folder}/clamd.log\n"
    )
    log = folder / "out"
    with log.open("wb") as out:
        process = subprocess.Popen([CLAMD, "-c", str(folder / "clamd.conf")], stdout=out, stderr=out)
    wait_for(lambda: answers(scanner.port), process, log)
    yield scanner
    stop(process)
    shutil.rmtree(folder)
