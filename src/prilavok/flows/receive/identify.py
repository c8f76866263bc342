"""Who wrote: the addresses of a batch become identities, new ones with a new contact."""

from typing import Any

from prilavok.flows.receive.item import Item
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import contacts, jobs

LANGUAGE, TIMEZONE = 8, 64  # characters that a contact has room for


def identify(unit: Unit, shop_id: int, items: list[Item]) -> None:
    addresses = {(item.delivery.inbox.scope, item.received.sender.address): item for item in items}
    found = contacts.find(unit.db, shop_id, addresses)
    missing = [
        _new_identity(item, scope) for (scope, address), item in addresses.items() if (scope, address) not in found
    ]
    if missing:
        found |= contacts.create(unit.db, shop_id, missing, unit.now)
    for item in items:
        item.identity = found[item.delivery.inbox.scope, item.received.sender.address]


def ask_names(unit: Unit, shop_id: int, items: list[Item]) -> None:
    """Whom a delivery does not name is looked up at the vendor's, once, after the commit."""
    asked = set()
    for item in items:
        identity, inbox, said = item.identity, item.delivery.inbox, item.received
        unknown = identity is not None and identity.created and not said.sender.name and said.sender.verified
        if identity is not None and unknown and inbox.capabilities.nameless and identity.id not in asked:
            asked.add(identity.id)
            jobs.add(unit.db, shop_id, "profile", {"identity_id": identity.id}, unit.now, inbox_id=inbox.id)


def _new_identity(item: Item, scope: str) -> contacts.NewIdentity:
    sender = item.received.sender
    return contacts.NewIdentity(
        id=new_id(),
        contact_id=new_id(),
        channel=item.delivery.inbox.kind,
        inbox_id=item.delivery.inbox.id,
        scope=scope,
        address=sender.address,
        display=sender.name,
        verified=sender.verified,
        name=sender.name,
        language=sender.language[:LANGUAGE],
        timezone=sender.timezone[:TIMEZONE],
        facts=_facts(item),
        wrote=item.received.public is None,
    )


def _facts(item: Item) -> dict[str, Any]:
    sender = item.received.sender
    typed = {"phone": sender.phone, "email": sender.email}
    return {**sender.facts, **{name: value for name, value in typed.items() if value}}
