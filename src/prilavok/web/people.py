"""Contacts: the card of a person."""

from typing import Annotated, Any
from zoneinfo import available_timezones

import msgspec

from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.events import ContactChanged
from prilavok.flows.unit import Unit
from prilavok.kit.text import storable
from prilavok.store import contacts
from prilavok.web import looks, shapes
from prilavok.web.ask import Ask


class ContactChanges(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    language: Annotated[str, msgspec.Meta(pattern="^([a-z]{2}(-[A-Za-z]{2})?)?$")] | None = None
    timezone: str | None = None


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
