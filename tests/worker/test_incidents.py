"""Incidents are planned by themselves."""

import asyncio

import pytest

from prilavok.domain.events import OccasionsArose
from prilavok.flows.reactions import REACTIONS
from prilavok.worker import incidents
from tests.asking import until
from tests.flows.test_incident import SNOW, place


@pytest.fixture
def house(open_house):
    return open_house(work=False)


async def test_an_incident_begins_when_it_is_started_and_not_at_the_next_look(shop, monkeypatch):
    told: list[OccasionsArose] = []
    monkeypatch.setitem(REACTIONS, OccasionsArose, [lambda _, event: told.append(event)])
    monkeypatch.setattr(incidents, "IDLE", 3600)
    await place(shop, 1)
    made = (await shop.ask("POST", "/api/v1/incidents", SNOW)).json()
    work = asyncio.create_task(shop.house.planner.run())
    assert (await shop.ask("POST", f"/api/v1/incidents/{made['id']}/start")).status == 200
    await until(lambda: told)
    work.cancel()
    assert len(told[0].order_ids) == 1
