"""An owner has been to a vendor's page: what came back is good once, and what the vendor exchanges later is stored."""

import msgspec

from prilavok.domain.events import InboxChanged
from prilavok.flows.unit import Unit
from prilavok.store import idempotency, inboxes

ONCE = "consent:"


def use(unit: Unit, shop_id: int, agent_id: str, inbox_id: str, nonce: str) -> bool:
    """Whether this way back has not been gone before; from now on it has."""
    key = f"{ONCE}{nonce}"
    if idempotency.get(unit.db, shop_id, agent_id, key) is not None:
        return False
    idempotency.add(unit.db, shop_id, agent_id, (key, ""), inbox_id, unit.now)
    return True


def refuse(unit: Unit, shop_id: int, inbox_id: str, reason: str) -> None:
    """Why nothing came of it. An inbox that works goes on with what it has."""
    if inboxes.change(unit.db, shop_id, inbox_id, {"reason": reason}):
        unit.world.directory.forget(shop_id, inbox_id)
        unit.emit(InboxChanged(shop_id=shop_id, ref_id=inbox_id))


def keep(unit: Unit, shop_id: int, inbox_id: str, setting: str, before: str, after: str) -> str:
    """Stores what the vendor gave in exchange, unless another process or the owner was faster; returns what holds now.

    Nobody is told: whoever serves the inbox goes on with what it was given, or comes and asks.
    """
    row = inboxes.get(unit.db, shop_id, inbox_id)
    kind = unit.world.directory.kinds.get(row["channel"]) if row is not None else None
    if row is None or kind is None:
        return after or before
    config = unit.world.directory.open_config(row, kind)
    stored = str(getattr(config, setting))
    if not after or stored != before:
        return stored
    sealed = unit.world.directory.seal_config(shop_id, inbox_id, msgspec.structs.replace(config, **{setting: after}))
    inboxes.change(unit.db, shop_id, inbox_id, {"config": sealed})
    return after
