"""Comments are understood before the writer is asked: nobody else's commit waits for a long one."""

import asyncio
from collections.abc import Iterable

from prilavok.domain.order import News
from prilavok.flows.bus import Bus
from prilavok.flows.take.fit import comment_of


async def read_ahead(bus: Bus, news: Iterable[News]) -> None:
    """Reads what these orders say in a thread of its own. `World.read_comment` remembers it, so that the unit of work
    finds it read.
    """
    comments = {comment_of(one.order) for one in news if one.order is not None and one.order.comment}
    if comments:
        await asyncio.to_thread(lambda: [bus.world.read_comment(*one) for one in sorted(comments)])
