"""Which process listens to which inbox, and how far it has listened."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from prilavok.flows.unit import Unit
from prilavok.store import inboxes


def hold(unit: Unit, process: str, lease: timedelta) -> list[tuple[int, str]]:
    """Takes or keeps the inboxes that must be asked and that nobody else holds: (shop, inbox)."""
    directory = unit.world.directory
    asked = [
        (served.shop_id, served.id)
        for served in directory.everything(unit.db)
        if served.channel.listens and served.state == "active"
    ]
    if not asked:
        return []
    return inboxes.claim_listening(unit.db, process, [inbox_id for _, inbox_id in asked], unit.now, lease)


def leave(unit: Unit, process: str) -> None:
    inboxes.release_listening(unit.db, process)


def move_cursor(unit: Unit, shop_id: int, inbox_id: str, cursor: Mapping[str, Any]) -> None:
    inboxes.change(unit.db, shop_id, inbox_id, {"cursor": dict(cursor)})
