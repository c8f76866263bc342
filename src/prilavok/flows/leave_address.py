"""Whoever asks on a page of ours and leaves an e-mail address is answered there too, not only on that page."""

from prilavok.domain.events import Hinted, MessageReceived
from prilavok.flows.directory import Served
from prilavok.flows.unit import Unit
from prilavok.store import contacts, conversations, messages

MAILBOX = "email"  # a kind of address, whichever channel writes to it


def leave_address(unit: Unit, event: MessageReceived) -> None:
    """The address becomes one of this person's, unproven, and answers go there. One that is somebody's already stays
    theirs: whoever types another's address must not become that other; a colleague is asked.
    """
    if not event.opened or event.automatic or event.conversation_id is None or event.ref_id is None:
        return
    inbox = unit.world.directory.get(unit.db, event.shop_id, event.inbox_id)
    if inbox is None or not inbox.capabilities.page:
        return
    row = messages.get(unit.db, event.shop_id, event.message_id or "")
    person = contacts.identity(unit.db, event.shop_id, event.ref_id)
    post = _post(unit, event.shop_id)
    address = ((row["content"] or {}).get("answer_to") or "").lower() if row is not None else ""
    if row is None or person is None or post is None or not address:
        return
    theirs = [(post.scope, post.kind, address)]
    contacts.add_addresses(unit.db, event.shop_id, person["contact_id"], theirs, unit.now, claimed=contacts.TYPED)
    reached = contacts.identity_at(unit.db, event.shop_id, post.scope, address)
    if reached is None or reached["contact_id"] != person["contact_id"]:
        unit.emit(Hinted(shop_id=event.shop_id, hints=((person["id"], MAILBOX, address),)))
        return
    messages.change(unit.db, event.shop_id, row["id"], {"content": {**row["content"], "answers_at": reached["id"]}})
    place = {"reply_inbox_id": post.id, "reply_identity_id": reached["id"]}
    conversations.change(unit.db, event.shop_id, event.conversation_id, place)


def _post(unit: Unit, shop_id: int) -> Served | None:
    """The first working inbox that may write to an e-mail address."""
    for one in unit.world.directory.of_shop(unit.db, shop_id):
        able = one.capabilities
        if one.state == "active" and able.starts and able.address_kind == MAILBOX and able.address_scope == "shop":
            return one
    return None
