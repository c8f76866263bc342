"""How long a customer waited for a person's answer: what the promises to the next ones are made of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prilavok.domain.promise import hour_of_week
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import answers, shops


def measure(unit: Unit, conversation: Mapping[Any, Any], inbox_id: str, at: datetime) -> None:
    """`conversation` as it stood before the answer; `inbox_id`: where that went. Nothing when nobody waited."""
    asked, shop_id = conversation["waiting_since"], conversation["shop_id"]
    if asked is None:
        return
    shop = shops.get(unit.db, shop_id)
    zone = shop["timezone"] if shop is not None else "UTC"
    answers.add(
        unit.db,
        {
            "shop_id": shop_id,
            "id": new_id(),
            "inbox_id": conversation["last_inbox_id"] or inbox_id,
            "hour_of_week": hour_of_week(asked, zone),
            "seconds": max(0, int((at - asked).total_seconds())),
            "at": unit.now,
        },
    )
