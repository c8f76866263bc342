"""Contacts: the card of a person."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import available_timezones

import msgspec
from sqlalchemy.engine import Connection

from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.events import ContactChanged
from prilavok.domain.preferences import as_mapping, preferences_from
from prilavok.flows import wish
from prilavok.flows.unit import Unit
from prilavok.kit.text import storable
from prilavok.store import contacts, preferences
from prilavok.web import looks, shapes
from prilavok.web.ask import Ask


class ContactChanges(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    language: Annotated[str, msgspec.Meta(pattern="^([a-z]{2}(-[A-Za-z]{2})?)?$")] | None = None
    timezone: str | None = None


class GivenHours(msgspec.Struct):
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    days: str = "any"


class PreferenceChanges(msgspec.Struct):
    """What is not given stays as it was, also each consent."""

    call: str | msgspec.UnsetType = msgspec.UNSET
    preferred_channels: list[str] | msgspec.UnsetType = msgspec.UNSET
    forbidden_channels: list[str] | msgspec.UnsetType = msgspec.UNSET
    contact_window: GivenHours | msgspec.UnsetType | None = msgspec.UNSET
    consents: dict[str, bool] | msgspec.UnsetType = msgspec.UNSET


class Preferences(msgspec.Struct):
    """`by` is customer, agent:ID or comment:ORDER; empty for somebody who never said anything."""

    call: str
    preferred_channels: list[str]
    forbidden_channels: list[str]
    contact_window: dict[str, Any] | None
    consents: dict[str, bool]
    by: str
    updated_at: datetime | None


async def show(ask: Ask) -> shapes.Contact:
    return await ask.read(looks.contact_card, ask.shop_id, ask.id())


async def change(ask: Ask) -> shapes.Contact:
    given: ContactChanges = ask.body
    changes = {name: storable(value) for name in given.__struct_fields__ if (value := getattr(given, name)) is not None}
    if changes.get("timezone") and changes["timezone"] not in available_timezones():
        raise BadInput("That is no time zone. Write it like Europe/Kyiv.", field="timezone")
    await ask.do(_change, ask.shop_id, ask.id(), changes)
    return await ask.read(looks.contact_card, ask.shop_id, ask.id())


def _change(unit: Unit, shop_id: int, contact_id: str, changes: dict[str, Any]) -> None:
    if contacts.contact(unit.db, shop_id, contact_id) is None:
        raise NotFound
    if changes:
        contacts.update_contact(unit.db, shop_id, contact_id, changes)
        unit.emit(ContactChanged(shop_id=shop_id, ref_id=contact_id))


async def show_preferences(ask: Ask) -> Preferences:
    return await ask.read(_preferences, ask.shop_id, ask.id())


async def change_preferences(ask: Ask) -> Preferences:
    """On the customer's word, as a colleague heard it."""
    contact_id, given = ask.id(), msgspec.to_builtins(ask.body)
    await ask.do(wish.save, ask.shop_id, contact_id, given, by=f"agent:{ask.me.id}")
    return await ask.read(_preferences, ask.shop_id, contact_id)


def _preferences(db: Connection, shop_id: int, contact_id: str) -> Preferences:
    if contacts.contact(db, shop_id, contact_id) is None:
        raise NotFound
    row = preferences.get(db, shop_id, contact_id)
    said = as_mapping(preferences_from(row["data"] if row is not None else None))
    by, at = (row["by"], row["updated_at"]) if row is not None else ("", None)
    return Preferences(**said, by=by, updated_at=at)
