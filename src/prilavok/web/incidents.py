"""Incidents: one text for all orders that a condition chooses, with a look before and a way to stop."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from sqlalchemy.engine import Connection

from prilavok.domain.errors import NotFound
from prilavok.domain.incident import as_mapping, condition_from
from prilavok.flows import incident as flow
from prilavok.store import incidents, shops
from prilavok.web.ask import Ask


class Draft(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    condition: dict[str, Any] = {}
    texts: dict[str, str] = {}
    urgent: bool = False


class Wanted(msgspec.Struct):
    condition: dict[str, Any] = {}


class Concerned(msgspec.Struct):
    """An order that an incident would speak to."""

    id: str
    number: str
    status: str
    city: str
    name: str
    placed_at: datetime


class Preview(msgspec.Struct):
    count: int
    sample: list[Concerned]


class Progress(msgspec.Struct):
    """Of the affected: decided about so far, and where their plans stand."""

    affected: int
    planned: int
    waiting: int
    told: int
    reached: int
    unreached: int
    stopped: int
    silent: int


class Incident(msgspec.Struct):
    id: str
    name: str
    condition: dict[str, Any]
    texts: dict[str, str]
    urgent: bool
    state: str
    progress: Progress
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class IncidentList(msgspec.Struct):
    items: list[Incident]


class Spared(msgspec.Struct):
    spared: int


async def list_incidents(ask: Ask) -> IncidentList:
    return await ask.services.bus.read_slowly(_all, ask.shop_id)


async def show(ask: Ask) -> Incident:
    return await ask.services.bus.read_slowly(_one, ask.shop_id, ask.id())


async def add(ask: Ask) -> Incident:
    given: Draft = ask.body
    incident_id = await ask.do(
        flow.draft,
        ask.shop_id,
        name=given.name,
        condition=given.condition,
        texts=given.texts,
        urgent=given.urgent,
        author_id=ask.me.id,
    )
    return await ask.read(_one, ask.shop_id, incident_id)


async def preview(ask: Ask) -> Preview:
    given: Wanted = ask.body
    return await ask.services.bus.read_slowly(_preview, ask.shop_id, given.condition)


async def start(ask: Ask) -> Incident:
    await ask.do(flow.start, ask.shop_id, ask.id())
    return await ask.read(_one, ask.shop_id, ask.id())


async def stop(ask: Ask) -> Spared:
    return Spared(await ask.do(flow.stop, ask.shop_id, ask.id()))


def _all(db: Connection, shop_id: int) -> IncidentList:
    return IncidentList([_shown(db, row) for row in incidents.of_shop(db, shop_id)])


def _one(db: Connection, shop_id: int, incident_id: str) -> Incident:
    row = incidents.get(db, shop_id, incident_id)
    if row is None:
        raise NotFound
    return _shown(db, row)


def _preview(db: Connection, shop_id: int, condition: Mapping[str, Any]) -> Preview:
    shop = shops.get(db, shop_id)
    if shop is None:
        raise NotFound
    wanted = condition_from(condition)
    rows = incidents.sample(db, shop_id, wanted, shop["timezone"])
    count = incidents.count_affected(db, shop_id, wanted, shop["timezone"])
    return Preview(count, [Concerned(**row) for row in rows])


def _shown(db: Connection, row: Mapping[Any, Any]) -> Incident:
    standing = incidents.states(db, row["shop_id"], row["id"]) if row["state"] != "draft" else {}
    told = sum(standing.get(state, 0) for state in ("sending", "watching", "reached", "unreached"))
    return Incident(
        id=row["id"],
        name=row["name"],
        condition=as_mapping(condition_from(row["condition"])),
        texts=row["texts"],
        urgent=row["urgent"],
        state=row["state"],
        progress=Progress(
            affected=row["affected"],
            planned=row["planned"],
            waiting=standing.get("waiting", 0),
            told=told,
            reached=standing.get("reached", 0),
            unreached=standing.get("unreached", 0),
            stopped=standing.get("stopped", 0),
            silent=max(0, row["planned"] - sum(standing.values())),
        ),
        created_at=row["created_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
    )
