"""Somebody is typing: told to the shop's screens, never stored."""

from typing import Any

from sqlalchemy.engine import Connection

from prilavok.flows.directory import Served
from prilavok.store import contacts, conversations
from prilavok.web.ask import Services


async def tell_typing(services: Services, inbox: Served, address: str) -> None:
    """A customer types; without a conversation there is nobody to show it to."""
    found = await services.bus.read(_whose, inbox, address)
    if found is not None:
        who = {"kind": "contact", "name": found["name"]}
        what = {"kind": "typing", "conversation_id": found["conversation_id"], "who": who}
        services.hub.fleeting(inbox.shop_id, what)


def _whose(db: Connection, inbox: Served, address: str) -> dict[str, Any] | None:
    identity = contacts.identity_at(db, inbox.shop_id, inbox.scope, address)
    if identity is None:
        return None
    latest = conversations.of_contact(db, inbox.shop_id, identity["contact_id"], limit=1)
    person = contacts.contact(db, inbox.shop_id, identity["contact_id"])
    name = person["name"] if person is not None else ""
    return {"conversation_id": latest[0]["id"], "name": name} if latest else None
