"""The owner says what the shop is: its name, its language, where its clock hangs, and when somebody is there."""

from collections.abc import Mapping
from typing import Any

from prilavok.domain.events import InboxChanged
from prilavok.domain.opening import as_mapping, hours_from
from prilavok.domain.shop import described
from prilavok.flows.circumstances import HOURS
from prilavok.flows.unit import Unit
from prilavok.kit.text import storable
from prilavok.store import inboxes, shops


def describe(unit: Unit, shop_id: int, given: Mapping[str, Any]) -> None:
    """`given`: any of name, language, timezone, hours (None: whenever the policy lets us call). BadInput names what is
    wrong. Plans that wait are decided again before their next step, so new hours count from now on.
    """
    changes = {name: given[name] for name in ("name", "language", "timezone") if name in given}
    if "name" in changes:
        changes["name"] = storable(changes["name"])
    changes = described(changes)
    if "hours" in given:
        hours = hours_from(given["hours"], "")
        if hours is None:
            shops.forget_setting(unit.db, shop_id, HOURS)
        else:
            shops.save_setting(unit.db, shop_id, HOURS, as_mapping(hours), unit.now)
    if changes:
        shops.change(unit.db, shop_id, changes)
    if "name" in changes:  # what is written in the shop's name
        for inbox in inboxes.of_shop(unit.db, shop_id):
            unit.world.directory.forget(shop_id, inbox["id"])
            unit.emit(InboxChanged(shop_id=shop_id, ref_id=inbox["id"]))
