"""An owner connects a shop platform or a carrier: a source is made, changed, paused, taken away."""

from collections.abc import Mapping
from typing import Any

import msgspec

from prilavok.channels.base import laid_over
from prilavok.commerce.base import Account, secret_fields
from prilavok.domain.errors import BadInput, NotFound
from prilavok.flows.suppliers import Suppliers
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id, new_token
from prilavok.store import orders, sources


def connect_source(
    unit: Unit, suppliers: Suppliers, shop_id: int, kind: str, name: str, config: Any, account: Account, source_id: str
) -> str:
    """Stores checked settings; returns the key of its hook."""
    if not name.strip():
        raise BadInput("Give the source a name that your colleagues will recognise.", field="name")
    key = new_token(24)
    sources.add(
        unit.db,
        {
            "shop_id": shop_id,
            "id": source_id,
            "kind": kind,
            "name": name.strip()[:100],
            "key": key,
            "config": suppliers.seal_config(shop_id, source_id, config),
            "account_name": account.name[:200],
            "cursor": dict(account.cursor) or None,
            "created_at": unit.now,
        },
    )
    return key


def change_source(
    unit: Unit,
    suppliers: Suppliers,
    shop_id: int,
    source_id: str,
    *,
    name: str | None = None,
    config: Any = None,
    account: Account | None = None,
    state: str | None = None,
) -> None:
    """Changes what is given. Making it active again has it looked at at once."""
    changes: dict[str, Any] = {}
    if name is not None:
        if not name.strip():
            raise BadInput("Give the source a name that your colleagues will recognise.", field="name")
        changes["name"] = name.strip()[:100]
    if config is not None:
        changes["config"] = suppliers.seal_config(shop_id, source_id, config)
        changes |= {"checked_at": None, "reason": ""}
    if account is not None:
        changes["account_name"] = account.name[:200]
    if state is not None:
        if state not in {"active", "paused"}:
            raise BadInput("A source is active or paused.", field="state")
        changes |= {"state": state, "reason": "" if state == "active" else "paused by hand", "checked_at": None}
    if changes and not sources.change(unit.db, shop_id, source_id, changes):
        raise NotFound


def pause_source(unit: Unit, shop_id: int, source_id: str, reason: str) -> None:
    """It cannot go on until its owner does something."""
    sources.change(unit.db, shop_id, source_id, {"state": "paused", "reason": reason})


def note_trouble(unit: Unit, shop_id: int, source_id: str, reason: str) -> None:
    """It did not answer; it is asked again in its turn."""
    sources.change(unit.db, shop_id, source_id, {"reason": reason})


def disconnect_source(unit: Unit, shop_id: int, source_id: str) -> None:
    """Takes a source away with its secrets; its orders stay."""
    if sources.get(unit.db, shop_id, source_id) is None:
        raise NotFound
    orders.forget_source(unit.db, shop_id, source_id)
    sources.remove(unit.db, shop_id, source_id)


def merged_config(suppliers: Suppliers, row: Mapping[Any, Any], values: Mapping[str, Any]) -> Any:
    """New settings over the stored ones; see `laid_over` for what becomes of secrets."""
    stored = msgspec.to_builtins(suppliers.open_config(row))
    return suppliers.read_config(row["kind"], laid_over(suppliers.kinds[row["kind"]].Config, stored, values))


def shown_config(suppliers: Suppliers, row: Mapping[Any, Any]) -> dict[str, Any]:
    """The settings as a browser may see them: secrets empty."""
    values: dict[str, Any] = msgspec.to_builtins(suppliers.open_config(row))
    return values | dict.fromkeys(secret_fields(suppliers.kinds[row["kind"]].Config) & values.keys(), "")


def new_source_id() -> str:
    return new_id()
