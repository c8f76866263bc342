"""The day and the hours in which a parcel is brought: set by the owner, offered, called to mind the day before."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from prilavok.domain.delivery import as_mapping, delivery_from
from prilavok.domain.events import OccasionArose
from prilavok.domain.order import Happened
from prilavok.flows.happen import arise
from prilavok.flows.slots import SETTING, as_data, choice, settings_of, slot_of
from prilavok.flows.unit import Unit
from prilavok.store import deliveries, orders, shops

REMINDED = "reminded"  # a setting: up to which order tomorrow's customers were reminded
FIRST = "00000000-0000-0000-0000-000000000000"  # before every id


def offer(unit: Unit, event: OccasionArose) -> None:
    """A parcel is ready, the shop's own courier brings it, and nobody knows yet when: the customer is asked."""
    if event.occasion.kind != Happened.PACKED or event.ref_id is None:
        return
    order = orders.get(unit.db, event.shop_id, event.ref_id)
    if order is None or slot_of(order) is not None:
        return
    if free := choice(unit.db, order, unit.now).free:
        data = {f"free_{name}": value for name, value in as_data(free[0]).items()}
        arise(unit, order, "slot_offer", data=data)


def remind(unit: Unit, limit: int = 200) -> int:
    """The day before, from the hour that the owner has set: everybody who has hours tomorrow, each once. Bounded: the
    place is kept, and the next call goes on from there. Returns how many were reminded.
    """
    done = 0
    for shop in shops.everything(unit.db):
        if done < limit:
            done += _remind_in(unit, shop["id"], shop["timezone"], limit - done)
    return done


def save_settings(unit: Unit, shop_id: int, given: dict[str, Any]) -> dict[str, Any]:
    """How parcels are brought from now on; what is not given stays as it was. BadInput names what is wrong."""
    merged = delivery_from({**as_mapping(settings_of(unit.db, shop_id)), **given})
    stored = as_mapping(merged)
    shops.save_setting(unit.db, shop_id, SETTING, stored, unit.now)
    return stored


def _remind_in(unit: Unit, shop_id: int, zone: str, limit: int) -> int:
    here = unit.now.astimezone(ZoneInfo(zone))
    if here.time() < settings_of(unit.db, shop_id).remind_at:
        return 0
    tomorrow = here.date() + timedelta(days=1)
    place = shops.setting(unit.db, shop_id, REMINDED) or {}
    after = place["after"] if place.get("day") == tomorrow.isoformat() else FIRST
    if after is None:
        return 0
    rows = deliveries.on_day(unit.db, shop_id, tomorrow, after=after, limit=limit)
    for order in rows:
        slot = slot_of(order)
        if slot is not None:
            arise(unit, order, "slot_reminder", key=slot.code, data=as_data(slot))
    # None: the day is through; who picks hours for tomorrow from now on has just been told them.
    reached = rows[-1]["id"] if len(rows) == limit else None
    place = {"day": tomorrow.isoformat(), "after": reached}
    shops.save_setting(unit.db, shop_id, REMINDED, place, unit.now)
    return len(rows)
