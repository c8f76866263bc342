"""Every recurring job on one page."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from prilavok.flows import arrange, expire, schedule, tidy, watch
from prilavok.flows.bus import Bus

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Recurring:
    """`flow(unit)` every so often; it does a bounded piece of work."""

    every: timedelta
    flow: Callable[[Any], Any]


TIMETABLE: Sequence[Recurring] = (
    Recurring(timedelta(seconds=5), arrange.wake),  # snoozed conversations whose time has come
    Recurring(timedelta(minutes=10), watch.notice_stuck),  # parcels that stand still
    Recurring(timedelta(minutes=1), schedule.remind),  # tomorrow's deliveries, the day before
    Recurring(timedelta(hours=1), expire.watch),  # who is asked daily until when its token lasts
    Recurring(timedelta(hours=1), expire.warn),  # tokens that end in 14 and in 3 days
    Recurring(timedelta(hours=1), tidy.forget_old),  # what is kept for a time only
)


async def keep(bus: Bus) -> None:
    """Runs the timetable for ever; ends by cancellation."""
    await asyncio.gather(*(_repeat(bus, one) for one in TIMETABLE))


async def _repeat(bus: Bus, one: Recurring) -> None:
    while True:
        try:
            await bus.do(one.flow)
        except Exception:
            log.exception("recurring job failed", job=one.flow.__name__)
        await asyncio.sleep(one.every.total_seconds())
