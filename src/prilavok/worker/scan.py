"""Files are shown to the virus scanner before anybody may have them: at once when somebody asks, else one by one."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from prilavok.domain.scan import Checked, without_verdict
from prilavok.flows.bus import Bus
from prilavok.flows.judge import judge
from prilavok.kit.clamd import Clamd, Unavailable
from prilavok.store import files
from prilavok.store.files import Folder

log = structlog.get_logger()

AT_ONCE = 4
IDLE = 2.0  # seconds between two looks
REST = 10.0  # seconds after which an absent scanner is asked again
SETTLED = {Checked.CLEAN, Checked.INFECTED}


class Scanner:
    """Without a `clamd` everything is let through that was not found infected before.

    `patience`: how long files wait for an absent scanner before they are let through unchecked; None: for ever.
    """

    def __init__(self, bus: Bus, folder: Folder, clamd: Clamd | None, patience: timedelta | None) -> None:
        self.bus = bus
        self.folder = folder
        self.clamd = clamd
        self.patience = patience
        self._room = asyncio.Semaphore(AT_ONCE)
        self._asked: dict[str, asyncio.Task[Checked]] = {}

    async def check(self, row: Mapping[Any, Any]) -> Checked:
        """The verdict over a row of `files`, asked for now where there is none."""
        if row["checked"] in SETTLED or self.clamd is None:
            return Checked.INFECTED if row["checked"] == Checked.INFECTED else Checked.CLEAN
        task = self._asked.get(row["id"])
        if task is None:  # ten who look at one picture ask once
            task = self._asked[row["id"]] = asyncio.create_task(self._ask(self.clamd, row))
            task.add_done_callback(lambda _: self._asked.pop(row["id"], None))
        return await asyncio.shield(task)

    async def run(self) -> None:
        """For ever: what came in and nobody has asked for yet. The newest first."""
        while True:
            rows = await self.bus.read(files.unsettled, AT_ONCE) if self.clamd is not None else ()
            verdicts = await asyncio.gather(*map(self.check, rows))
            if not SETTLED.issuperset(verdicts):
                await asyncio.sleep(REST)
            elif len(rows) < AT_ONCE:
                await asyncio.sleep(IDLE)

    async def _ask(self, clamd: Clamd, row: Mapping[Any, Any]) -> Checked:
        virus = ""
        try:
            async with self._room:
                virus = (await clamd.scan(self.folder.path(row["shop_id"], row["id"]))).virus
        except FileNotFoundError:
            checked = Checked.CLEAN  # there is nothing to hand out
        except Unavailable as error:
            log.warning("a file waits for the virus scanner", file=row["id"], reason=error.reason)
            checked = without_verdict(row["created_at"], self.bus.clock(), self.patience)
        else:
            checked = Checked.INFECTED if virus else Checked.CLEAN
        await self.bus.do(judge, row, checked, virus)
        return checked
