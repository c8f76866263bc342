"""A customer, or a person for them, says how they want to be written to. It holds from the next message on."""

from collections.abc import Mapping
from typing import Any

from prilavok.domain.errors import NotFound
from prilavok.domain.events import WishesChanged
from prilavok.domain.facts import Preferences
from prilavok.domain.preferences import as_mapping, preferences_from
from prilavok.flows.unit import Unit
from prilavok.store import contacts, preferences

CUSTOMER = "customer"


def save(unit: Unit, shop_id: int, contact_id: str, given: Mapping[str, Any], *, by: str) -> Preferences:
    """What is not given stays as it was, also each consent. Every change of a consent leaves its proof. `by` is
    customer, agent:ID or comment:ORDER. BadInput names what is wrong.
    """
    if contacts.contact(unit.db, shop_id, contact_id) is None:
        raise NotFound
    row = preferences.get(unit.db, shop_id, contact_id)
    before = preferences_from(row["data"] if row is not None else None)
    said = preferences_from(given)  # checked by itself first: a wrong field is named as it was sent
    merged = {**as_mapping(before), **{name: value for name, value in as_mapping(said).items() if name in given}}
    merged["consents"] = {**before.consents, **said.consents}
    if "preferred_channels" in given and "forbidden_channels" not in given:
        wanted = set(said.preferred_channels)  # the latest word holds
        merged["forbidden_channels"] = [one for one in before.forbidden_channels if one not in wanted]
    after = preferences_from(merged)
    if after == before:
        return before
    preferences.save(unit.db, shop_id, contact_id, as_mapping(after), by=by, now=unit.now)
    changed = {
        purpose: given_now
        for purpose, given_now in after.consents.items()
        if before.consents.get(purpose) is not given_now
    }
    preferences.add_consents(unit.db, shop_id, contact_id, changed, by=by, now=unit.now)
    unit.emit(WishesChanged(shop_id=shop_id, ref_id=contact_id))
    return after


def unsubscribe(unit: Unit, shop_id: int, contact_id: str) -> None:
    """No more promotion, at once. Again: nothing changes."""
    save(unit, shop_id, contact_id, {"consents": {"promotion": False}}, by=CUSTOMER)
