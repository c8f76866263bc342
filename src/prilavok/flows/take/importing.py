"""A table of orders is read in, some lines a commit: it can be stopped, and goes on where it was after a restart."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from prilavok.commerce.csv import Bad, Read
from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.flows.take import take
from prilavok.flows.unit import Unit
from prilavok.kit.sniff import safe_name
from prilavok.kit.text import storable
from prilavok.store import imports

SOURCE = "csv"
LEASE = timedelta(seconds=60)


def begin_import(unit: Unit, shop_id: int, import_id: str, name: str, agent_id: str | None, *, lines: int) -> None:
    """Once its file lies in the folder. Somebody's worker takes it up."""
    row = {"shop_id": shop_id, "id": import_id, "kind": "orders", "name": safe_name(name), "state": "waiting"}
    imports.add(unit.db, {**row, "total": lines, "options": {}, "author_id": agent_id, "created_at": unit.now})


def claim_import(unit: Unit, process: str, shop_id: int | None = None, import_id: str = "") -> Mapping[Any, Any] | None:
    """The import that this process is to go on with; None without one. `import_id`: this and no other."""
    for row in imports.under_way(unit.db):
        wanted = not import_id or (row["shop_id"], row["id"]) == (shop_id, import_id)
        if wanted and imports.is_free(row, process, unit.now):
            changes = {"state": "running", "options": _held(unit, row, process)}
            imports.change(unit.db, row["shop_id"], row["id"], changes)
            return {**row, **changes}
    return None


def step(unit: Unit, process: str, shop_id: int, import_id: str, orders: Sequence[Read]) -> bool:
    """Takes some orders in and notes how far that is. False when it has been stopped, or another process goes on."""
    row = imports.get(unit.db, shop_id, import_id, lock=True)
    if row is None or row["state"] != "running" or not imports.is_free(row, process, unit.now):
        return False
    created = updated = 0
    bad: list[Bad] = []
    for one in orders:
        bad += one.bad
        if one.news is None:
            continue
        try:
            taken = take(unit, shop_id, SOURCE, one.news, quiet=True)
        except BadInput as error:
            name = one.news.order.number if one.news.order is not None else ""
            bad.append(Bad(one.line, error.reason, name))
            continue
        created += taken.created
        updated += taken.changed and not taken.created
    changes = {
        "done": max((one.line for one in orders), default=row["done"]),
        "created": row["created"] + created,
        "updated": row["updated"] + updated,
        "bad_count": row["bad_count"] + len(bad),
        "options": _held(unit, row, process),
    }
    known = row["bad"] or []
    if bad and len(known) < imports.SHOWN:
        told = [{"line": one.line, "reason": one.reason, "text": storable(one.text)} for one in bad]
        changes["bad"] = [*known, *told][: imports.SHOWN]
    imports.change(unit.db, shop_id, import_id, changes)
    return True


def end_import(unit: Unit, shop_id: int, import_id: str, *, state: str = "done", reason: str = "") -> None:
    row = imports.get(unit.db, shop_id, import_id, lock=True)
    if row is None or row["state"] != "running":
        return
    changes: dict[str, Any] = {"state": state, "ended_at": unit.now, "options": {}}
    if state == "done":
        changes["done"] = row["total"]
    if reason:
        changes["bad"] = [{"line": 0, "reason": reason, "text": ""}, *(row["bad"] or [])][: imports.SHOWN]
    imports.change(unit.db, shop_id, import_id, changes)


def stop_import(unit: Unit, shop_id: int, import_id: str) -> None:
    """What has been read in stays."""
    row = imports.get(unit.db, shop_id, import_id, lock=True)
    if row is None:
        raise NotFound
    if row["state"] not in imports.UNDER_WAY:
        raise Conflict("This import has come to its end already.")
    imports.change(unit.db, shop_id, import_id, {"state": "stopped", "ended_at": unit.now, "options": {}})


def _held(unit: Unit, row: Mapping[Any, Any], process: str) -> dict[str, Any]:
    return {**(row["options"] or {}), "process": process, "until": (unit.now + LEASE).isoformat()}
