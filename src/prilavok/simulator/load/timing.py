"""Open-loop timing: every act has its moment, whether or not the one before has come to an end.

What is measured runs from that moment, not from when the act could begin: a server that stands still for a second is
charged for everybody who would have come in that second (coordinated omission).
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

MOST = 1_000_000  # acts in one scenario
LONGEST = 600.0  # seconds of one scenario


@dataclass(slots=True)
class Latencies:
    """Seconds, from the intended moment to what was waited for."""

    seconds: list[float] = field(default_factory=list)
    expected: int = 0

    def percentile(self, share: float) -> float:
        """The value that `share` of all expected ones do not exceed. What never came counts as endless."""
        ordered = sorted(self.seconds)
        place = max(0, math.ceil(share * max(self.expected, len(ordered))) - 1)
        return ordered[place] if place < len(ordered) else math.inf

    def shown(self) -> str:
        """Milliseconds at p50, p90, p99 and the worst."""
        named = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0))
        return "  ".join(f"{name} {self.percentile(share) * 1000:.1f} ms" for name, share in named)


async def at_rate(count: int, per_second: float, act: Callable[[int, float], Awaitable[None]]) -> None:
    """Starts `act(number, moment)` at its moment, `count` times, and waits for all of them; moments are of the
    event loop's clock. An act that fails ends the scenario.
    """
    if not 0 < count <= MOST or not 0 < count / per_second <= LONGEST:
        raise ValueError(f"a scenario has at most {MOST} acts and takes at most {LONGEST:.0f} seconds")
    loop = asyncio.get_running_loop()
    began = loop.time() + 0.05
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            moment = began + number / per_second
            if (ahead := moment - loop.time()) > 0.001:
                await asyncio.sleep(ahead)
            group.create_task(_act(act, number, moment))


async def _act(act: Callable[[int, float], Awaitable[None]], number: int, moment: float) -> None:
    await act(number, moment)
