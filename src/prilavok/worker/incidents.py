"""Plans incidents piece by piece; between two pieces everybody else has the writer."""

import asyncio
from contextlib import suppress

from prilavok.flows import incident
from prilavok.flows.bus import Bus
from prilavok.store import incidents

IDLE = 1.0  # seconds between looks when nothing rings
BREATH = 0.01  # seconds between two pieces


class Planner:
    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """An incident was started: its first word must not wait for the next look."""
        self._bell.set()

    async def run(self) -> None:
        """For ever; ends by cancellation."""
        while True:
            self._bell.clear()
            moved = False
            for row in await self.bus.read(incidents.at_work):
                moved |= await self.bus.do(incident.advance, row["shop_id"], row["id"])
            if moved:
                await asyncio.sleep(BREATH)
            else:
                await self._wait()

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE):
                await self._bell.wait()
