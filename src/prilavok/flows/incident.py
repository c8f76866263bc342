"""Force majeure: many orders are told of the same thing, at once, within the policy, and it can be stopped.

Planning goes in pieces, each a unit of work of its own, so that the inbox is served in between; the first ones are
small, so that the first word is out at once and does not wait behind large ones.
"""

from collections.abc import Mapping
from typing import Any

from prilavok.domain.errors import Conflict, NotFound
from prilavok.domain.events import IncidentChanged, OccasionsArose
from prilavok.domain.facts import Occasion
from prilavok.domain.incident import Condition, as_mapping, condition_from, texts_from
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.kit.text import storable
from prilavok.store import incidents, shops

FIRST, PIECE = 100, 1000  # orders planned in one unit: as many as before it, within these
KIND = "incident"


def draft(
    unit: Unit,
    shop_id: int,
    *,
    name: str,
    condition: Mapping[str, Any],
    texts: Mapping[str, Any],
    urgent: bool,
    author_id: str | None,
) -> str:
    """Stores an incident that nobody has been told of yet; returns its id."""
    shop = shops.get(unit.db, shop_id)
    if shop is None:
        raise NotFound
    incident_id = new_id()
    row = {
        "shop_id": shop_id,
        "id": incident_id,
        "name": storable(name).strip(),
        "condition": as_mapping(condition_from(condition)),
        "texts": texts_from(texts, shop["language"]),
        "urgent": urgent,
        "author_id": author_id,
        "created_at": unit.now,
    }
    incidents.add(unit.db, row)
    unit.emit(IncidentChanged(shop_id=shop_id, ref_id=incident_id))
    return incident_id


def start(unit: Unit, shop_id: int, incident_id: str) -> None:
    """From now on the affected are told. Conflict when it has been started before."""
    row = incidents.get(unit.db, shop_id, incident_id, lock=True)
    if row is None:
        raise NotFound
    if row["state"] != "draft":
        raise Conflict("This incident has been started before. Make a new one to tell more.")
    count = incidents.count_affected(unit.db, shop_id, _condition(row), _zone(unit, shop_id))
    if not count:
        raise Conflict("No open order fits the condition: there is nobody to tell.")
    changes = {"state": "planning", "started_at": unit.now, "affected": count}
    incidents.change(unit.db, shop_id, incident_id, changes)
    unit.emit(IncidentChanged(shop_id=shop_id, ref_id=incident_id))


def stop(unit: Unit, shop_id: int, incident_id: str) -> int:
    """What has not been said is not said; returns how many are spared."""
    row = incidents.get(unit.db, shop_id, incident_id, lock=True)
    if row is None:
        raise NotFound
    if row["state"] not in incidents.AT_WORK:
        raise Conflict("Nothing of this incident waits any more.")
    spared = incidents.stop_plans(unit.db, shop_id, incident_id, unit.now)
    incidents.change(unit.db, shop_id, incident_id, {"state": "stopped", "ended_at": unit.now})
    unit.emit(IncidentChanged(shop_id=shop_id, ref_id=incident_id))
    return spared


def advance(unit: Unit, shop_id: int, incident_id: str) -> bool:
    """Plans the next piece; false when there is nothing to do at this moment."""
    row = incidents.get(unit.db, shop_id, incident_id, lock=True)
    if row is None or row["state"] not in incidents.AT_WORK:
        return False
    if row["state"] == "sending":
        return _settle(unit, row)
    limit = min(max(FIRST, row["planned"]), PIECE)
    ids = incidents.affected(unit.db, shop_id, _condition(row), _zone(unit, shop_id), after=row["cursor"], limit=limit)
    changes: dict[str, Any] = {"planned": row["planned"] + len(ids)}
    changes |= {"cursor": ids[-1]} if ids else {"state": "sending", "affected": row["planned"]}
    incidents.change(unit.db, shop_id, incident_id, changes)
    if ids:
        occasion = Occasion(kind=KIND, at=row["started_at"], key=incident_id, urgent=row["urgent"])
        unit.emit(
            OccasionsArose(
                shop_id=shop_id,
                ref_id=incident_id,
                order_ids=tuple(ids),
                occasion=occasion,
                data={"texts": row["texts"], "incident": row["name"]},
            )
        )
    unit.emit(IncidentChanged(shop_id=shop_id, ref_id=incident_id))
    return True


def _settle(unit: Unit, row: Mapping[Any, Any]) -> bool:
    """Once nothing of it waits any more, it is done."""
    standing = incidents.states(unit.db, row["shop_id"], row["id"])
    if any(standing.get(state) for state in ("waiting", "sending", "watching")):
        return False
    incidents.change(unit.db, row["shop_id"], row["id"], {"state": "done", "ended_at": unit.now})
    unit.emit(IncidentChanged(shop_id=row["shop_id"], ref_id=row["id"]))
    return True


def _condition(row: Mapping[Any, Any]) -> Condition:
    return condition_from(row["condition"])


def _zone(unit: Unit, shop_id: int) -> str:
    shop = shops.get(unit.db, shop_id)
    if shop is None:
        raise NotFound
    return str(shop["timezone"])
