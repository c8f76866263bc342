"""Plans are carried out when they are due: leased in small batches, each batch a unit of work a shop, so that the inbox
is served in between. Everything is rows: a restart begins where it stopped, and several processes share the work.
"""

import asyncio
from contextlib import suppress
from itertools import groupby
from operator import attrgetter

import structlog

from prilavok.flows import attempt, circumstances
from prilavok.flows.attempt import Leased
from prilavok.flows.bus import Bus
from prilavok.store import plans

log = structlog.get_logger()

BATCH = 32  # plans in one unit of work: some tens of milliseconds of the writer
IDLE = 1.0  # seconds between looks when nothing rings
BREATH = 0.002  # seconds between two batches: others have the writer


class Steps:
    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Something was planned, or a plan is due earlier than it was."""
        self._bell.set()

    async def run(self) -> None:
        """For ever; ends by cancellation."""
        await asyncio.to_thread(circumstances.warm)
        while True:
            if await self.take():
                await asyncio.sleep(BREATH)
            else:
                await self._wait()

    async def take(self) -> int:
        """One batch of what is due; returns how many plans it had."""
        due = await self.bus.read(plans.next_due)  # read first: a look at nothing costs no transaction
        if due is None or due > self.bus.clock():
            return 0
        leased: list[Leased] = await self.bus.do(attempt.due, BATCH)
        for shop_id, ones in groupby(leased, attrgetter("shop_id")):
            await self._carry_out(shop_id, list(ones))
        return len(leased)

    async def _carry_out(self, shop_id: int, leased: list[Leased]) -> None:
        """One plan that cannot be carried out must not hold up its neighbours."""
        try:
            await self.bus.do(attempt.carry_out, shop_id, leased)
        except Exception:
            if len(leased) > 1:
                for one in leased:
                    await self._carry_out(shop_id, [one])
                return
            log.exception("plan could not be carried out", shop=shop_id, plan=leased[0].plan_id)
            await self.bus.do(attempt.give_back, leased[0])

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE):
                await self._bell.wait()
        self._bell.clear()
