"""What if: rules tried on recorded orders or on a population, before anybody meets them."""

from collections.abc import Mapping
from datetime import timedelta

from prilavok.domain.whatif import Tally
from prilavok.flows import rehearse as rehearsing
from prilavok.web import policy_shapes as shown
from prilavok.web.ask import Ask

MONTH = timedelta(days=30)
MOST = 1000  # recorded orders; more would keep the page waiting


async def rehearse(ask: Ask) -> shown.Runs:
    """Last month's orders under the present policy and under the proposed one."""
    given: shown.Rehearsal = ask.body
    now = ask.services.now
    world = ask.services.bus.world
    since = given.since or now - MONTH
    read = ask.services.bus.read_alone
    return _runs(await read(rehearsing.rehearse, world, ask.shop_id, given.data, since, now, MOST))


async def simulate(ask: Ask) -> shown.Runs:
    given: shown.WhatIf = ask.body
    read = ask.services.bus.read_alone
    found = await read(
        rehearsing.compare,
        ask.services.bus.world,
        ask.shop_id,
        given.policies,
        orders=given.orders,
        since=given.since,
        seed=given.population,
        now=ask.services.now,
    )
    return _runs(found)


def _runs(tallies: Mapping[str, Tally]) -> shown.Runs:
    runs = [shown.Run(name=name, figures=tally.figures(), series=tally.series()) for name, tally in tallies.items()]
    return shown.Runs(runs)
