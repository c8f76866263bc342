"""A visitor goes on in a messenger: a one-time link proves that both addresses are one person."""

from datetime import timedelta
from typing import Any

from prilavok.domain.conversation import noted
from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.events import Hinted, LinkOpened, MessageWritten, OnePersonProven
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id, new_token
from prilavok.store import contacts, conversations, links, messages
from prilavok.store.questions import Row

GOOD_FOR = timedelta(minutes=30)


def offer_link(unit: Unit, shop_id: int, identity_id: str, inbox_id: str) -> str:
    """A deep link into another inbox for this visitor, good once and for half an hour."""
    inbox = unit.world.directory.get(unit.db, shop_id, inbox_id)
    if inbox is None or inbox.state != "active" or not inbox.capabilities.takes_along or not inbox.account_handle:
        raise BadInput("It is not possible to go on there at the moment.", field="inbox_id")
    identity = contacts.identity(unit.db, shop_id, identity_id)
    if identity is None:
        raise NotFound
    token = new_token(24)
    current = conversations.latest_of(unit.db, shop_id, [identity["contact_id"]], unit.now - timedelta(days=365))
    place = current.get(identity["contact_id"])
    links.add(
        unit.db,
        token,
        {
            "shop_id": shop_id,
            "inbox_id": inbox_id,
            "identity_id": identity_id,
            "conversation_id": place["id"] if place is not None else None,
            "created_at": unit.now,
            "expires_at": unit.now + GOOD_FOR,
        },
    )
    return inbox.channel.deep_link(inbox.account_handle, token)


def join(unit: Unit, event: LinkOpened) -> None:
    """The person behind the link and the person who opened it are one, and the conversation goes on there.

    The anonymous side goes over into the other. When both are known by several addresses nothing happens by itself: a
    link can be passed on, so a colleague is asked.
    """
    link = links.use(unit.db, event.shop_id, event.inbox_id, event.token, unit.now)
    newcomer = contacts.identity(unit.db, event.shop_id, event.ref_id or "")
    visitor = contacts.identity(unit.db, event.shop_id, link["identity_id"]) if link is not None else None
    if link is None or newcomer is None or visitor is None:
        return
    if newcomer["contact_id"] != visitor["contact_id"] and not _prove(unit, event.shop_id, visitor, newcomer):
        return
    if link["conversation_id"] is not None:
        _go_on(unit, event, link["conversation_id"], newcomer)


def _prove(unit: Unit, shop_id: int, visitor: Row, newcomer: Row) -> bool:
    history = conversations.of_contact(unit.db, shop_id, newcomer["contact_id"], limit=1)
    gone, kept = (visitor, newcomer) if history else (newcomer, visitor)
    theirs = contacts.identities_of(unit.db, shop_id, gone["contact_id"])
    if any(one["id"] != gone["id"] for one in theirs):  # not merely anonymous
        unit.emit(Hinted(shop_id=shop_id, hints=((newcomer["id"], "link", visitor["id"]),)))
        return False
    unit.emit(OnePersonProven(shop_id=shop_id, ref_id=kept["contact_id"], other_id=gone["contact_id"], by="link"))
    return True


def _go_on(unit: Unit, event: LinkOpened, conversation_id: str, newcomer: Any) -> None:
    """From now on answers go to the messenger; a thin line in the conversation says so."""
    conversation = conversations.get(unit.db, event.shop_id, conversation_id, lock=True)
    inbox = unit.world.directory.get(unit.db, event.shop_id, event.inbox_id)
    if conversation is None or inbox is None:
        return
    place = dict(conversation) | noted(conversation)
    place |= {"reply_inbox_id": event.inbox_id, "reply_identity_id": newcomer["id"]}
    message_id = new_id()
    messages.add(
        unit.db,
        [
            {
                "shop_id": event.shop_id,
                "id": message_id,
                "conversation_id": conversation_id,
                "seq": place["last_seq"],
                "kind": "event",
                "direction": "inbound",
                "author_kind": "system",
                "at": unit.now,
                "created_at": unit.now,
                "content": {"event": {"what": "went_on", "inbox": inbox.name, "channel": inbox.kind}},
            }
        ],
    )
    conversations.save_growth(unit.db, [place])
    unit.emit(MessageWritten(shop_id=event.shop_id, conversation_id=conversation_id, message_id=message_id))
