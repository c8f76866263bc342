"""What it takes until something happens: `serve` until it answers, the demo's first opening, the command line.

Wall time is what a person waits and grows with whatever else the machine does; processor time grows less. Both are the
middle of several, each a process of its own with compiled modules, as a user has it from the second start on.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ground import CACHE
from prilavok.simulator.load.shop import free_port, stop, wait_for

PATIENCE = 120.0  # seconds
REST = 3.0  # seconds after which a server that has nothing to do has come to rest


@dataclass(frozen=True, slots=True)
class Cold:
    """Seconds until it answers, or ends; `memory` in MiB of a server that came to rest, with all that it loaded."""

    what: str
    wall: float
    processor: float
    memory: float = 0.0


def run(*, times: int = 5) -> list[Cold]:
    with tempfile.TemporaryDirectory(prefix="prilavok-bench-") as folder:
        shop, demo = Path(folder) / "shop", Path(folder) / "demo"
        _server("serve", shop)  # compiles the modules and makes the database
        found = [
            _middle("serve, until it answers", [_server("serve", shop) for _ in range(times)]),
            _middle("demo, from an empty folder", [_server("demo", demo)]),
            _middle("demo, opened again", [_server("demo", demo) for _ in range(times)]),
        ]
        for words in (["--help"], ["understand", "order-comment"], ["understand", "email"]):
            _command(words)
            found.append(_middle(" ".join(["prilavok", *words]), [_command(words) for _ in range(times)]))
    return found


def _middle(what: str, found: Sequence[Cold]) -> Cold:
    walls, processors = [one.wall for one in found], [one.processor for one in found]
    return Cold(what, statistics.median(walls), statistics.median(processors), found[-1].memory)


def _server(command: str, data: Path) -> Cold:
    port = free_port()
    known = environment() | {"PRILAVOK_DATA": str(data), "PRILAVOK_PORT": str(port)}
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "prilavok", command], env=known, stderr=subprocess.DEVNULL)
    try:
        wait_for(process, ("127.0.0.1", port), PATIENCE)
        wall, processor = time.perf_counter() - began, _processor_time(process.pid)
        time.sleep(REST)
        return Cold(command, wall, processor, _resident(process.pid))
    finally:
        stop(process)


def _command(words: Sequence[str]) -> Cold:
    began, before = time.perf_counter(), os.times()
    command = [sys.executable, "-m", "prilavok", *words]
    subprocess.run(command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return Cold(words[0], time.perf_counter() - began, spent)


def _processor_time(pid: int) -> float:
    """Seconds of a process so far, all of its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def environment() -> dict[str, str]:
    """As a user has it: with compiled modules from the start before."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**known, "PYTHONPYCACHEPREFIX": str(CACHE / "bytecode"), "PRILAVOK_LOG_LEVEL": "warning"}
