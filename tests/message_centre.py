"""A real message centre for tests: the npm package "smpp" in a process of its own, one a run (tests/smsc)."""

import asyncio
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.asking import until

FOLDER = Path(__file__).parent / "smsc"


class Centre:
    """`do` gives a command of smsc.js, `told` are its events of one kind since the test began."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.events: list[dict[str, Any]] = []
        self.port = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def do(self, what: str, **more: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.process.stdin.flush()

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.events if one["event"] == kind]

    async def tells(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        return await until(lambda: found if len(found := self.told(kind)) >= count else None)

    async def carried_out(self, what: str, **more: Any) -> None:
        before = len(self.told("done"))
        self.do(what, **more)
        await self.tells("done", before + 1)


@pytest.fixture(scope="session")
def smsc_process() -> Iterator[Centre]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no message centre: Node is missing")
    if not (FOLDER / "node_modules" / "smpp").is_dir():
        pytest.skip("no message centre: make services")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([node, str(FOLDER / "smsc.js")], text=True, **pipes) as process:
        centre = Centre(process)
        assert process.stdin is not None
        yield centre
        process.stdin.close()
        process.wait(10)


@pytest.fixture
def smsc(smsc_process: Centre) -> Iterator[Centre]:
    """Connections of earlier tests are gone, and nothing of them is remembered."""
    [ready] = asyncio.run(smsc_process.tells("ready"))
    smsc_process.port = ready["port"]
    yield smsc_process
    smsc_process.do("drop")
    smsc_process.do("exclusive", on=False)
    asyncio.run(until(lambda: [one["what"] for one in smsc_process.told("done")][-1:] == ["exclusive"]))
    smsc_process.events[:] = [ready]
