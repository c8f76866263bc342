"""Once a week each shop's risk weights are learned anew, in a reader's thread."""

import asyncio
from datetime import timedelta

from prilavok.flows import assess
from prilavok.flows.bus import Bus
from prilavok.store import risk, shops

EVERY = timedelta(days=7)
LOOK = timedelta(hours=6)


async def keep(bus: Bus) -> None:
    """For ever; ends by cancellation. A start does not wait for it: the first look comes later."""
    while True:
        await asyncio.sleep(LOOK.total_seconds())
        await learn_all(bus)


async def learn_all(bus: Bus) -> int:
    """Learns for every shop whose weights are older than a week; returns for how many."""
    count = 0
    for shop in await bus.read(shops.everything):
        known = await bus.read(risk.models, shop["id"], 1)
        if known and bus.clock() - known[0]["created_at"] < EVERY:
            continue
        learned = await bus.read_alone(assess.learn_from, shop["id"])
        if learned.quality.because != "too_few":
            await bus.do(assess.keep_learned, shop["id"], learned)
            count += 1
    return count
