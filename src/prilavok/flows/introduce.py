"""The vendor has said who wrote: a customer without a name gets one."""

from collections.abc import Mapping
from typing import Any

from prilavok.domain.events import ContactChanged
from prilavok.domain.message import Sender
from prilavok.flows.unit import Unit
from prilavok.kit.text import storable
from prilavok.store import contacts, jobs

LONGEST = 200  # characters of a name


def introduce(unit: Unit, job: Mapping[Any, Any], identity_id: str, who: Sender) -> None:
    """A name that a colleague has typed meanwhile stays."""
    shop_id = job["shop_id"]
    jobs.finish(unit.db, shop_id, job["id"])
    identity = contacts.identity(unit.db, shop_id, identity_id)
    name = " ".join(storable(who.name).split())[:LONGEST]
    contact = contacts.contact(unit.db, shop_id, identity["contact_id"]) if identity is not None else None
    if identity is None or contact is None or not name:
        return
    contacts.set_display(unit.db, shop_id, identity_id, name)
    facts = {**{key: storable(str(value)) for key, value in who.facts.items()}, **(contact["facts"] or {})}
    changes = {"facts": facts or None} | ({} if contact["name"] else {"name": name})
    contacts.update_contact(unit.db, shop_id, contact["id"], changes)
    unit.emit(ContactChanged(shop_id=shop_id, ref_id=contact["id"]))
