"""Whose order it is: somebody we know by one of their addresses, or somebody new."""

from collections.abc import Iterator, Mapping
from typing import Any

from prilavok.domain.order import Buyer
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import contacts

PHONE, EMAIL = "phone", "email"
WRITTEN_TO_BY_PHONE = frozenset({"whatsapp"})  # kinds of addresses that are a phone number under another name
Address = tuple[str, str, str]  # scope, channel, address


def person_of(unit: Unit, shop_id: int, source: str, row: Mapping[str, Any], buyer: Buyer) -> str:
    """The contact's id. When the addresses are two people's, whose phone it is counts: nobody is merged in silence.

    Names and the like only fill what is empty.
    """
    addresses = list(_addresses(unit, shop_id, source, row, buyer))
    found = contacts.find(unit.db, shop_id, [(scope, address) for scope, _, address in addresses])
    owners = [known.contact_id for scope, _, address in addresses if (known := found.get((scope, address)))]
    told = {name: row[name] for name in ("name", "language", "timezone", "country")}
    if owners:
        contact_id = owners[0]
        card = contacts.contact(unit.db, shop_id, contact_id) or told
        if gaps := {name: value for name, value in told.items() if value and not card[name]}:
            contacts.update_contact(unit.db, shop_id, contact_id, gaps)
    else:
        contact_id = new_id()
        contacts.add_person(unit.db, shop_id, contact_id, unit.now, **told)
    missing = [one for one in addresses if (one[0], one[2]) not in found]
    contacts.add_addresses(unit.db, shop_id, contact_id, missing, unit.now, claimed=contacts.ORDER)
    return contact_id


def _addresses(unit: Unit, shop_id: int, source: str, row: Mapping[str, Any], buyer: Buyer) -> Iterator[Address]:
    """The phone first, then what proves less."""
    inboxes = [one for one in unit.world.directory.of_shop(unit.db, shop_id) if not one.capabilities.public]
    kinds = {one.scope: one.kind for one in inboxes if one.capabilities.address_scope == "shop"}
    if row["phone"].startswith("+"):
        yield PHONE, kinds.get(PHONE, PHONE), row["phone"]
        for scope in sorted(WRITTEN_TO_BY_PHONE & kinds.keys()):
            yield scope, kinds[scope], row["phone"]
    if row["email"]:
        yield EMAIL, kinds.get(EMAIL, EMAIL), row["email"]
    seen = set()
    for one in inboxes:
        address = buyer.messengers.get(one.kind) or buyer.messengers.get(one.capabilities.medium)
        if address and one.scope not in seen and one.capabilities.address_kind not in {PHONE, EMAIL}:
            seen.add(one.scope)
            yield one.scope, one.kind, address
    if buyer.external_id:
        yield f"buyer:{source}"[:36], "buyer", buyer.external_id
