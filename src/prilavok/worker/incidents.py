"""Plans incidents piece by piece; between two pieces everybody else has the writer."""

import asyncio

from prilavok.flows import incident
from prilavok.flows.bus import Bus
from prilavok.store import incidents

IDLE = 1.0  # seconds between looks
BREATH = 0.01  # seconds between two pieces


async def keep(bus: Bus) -> None:
    """For ever; ends by cancellation."""
    while True:
        moved = False
        for row in await bus.read(incidents.at_work):
            moved |= await bus.do(incident.advance, row["shop_id"], row["id"])
        await asyncio.sleep(BREATH if moved else IDLE)
