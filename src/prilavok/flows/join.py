"""A visitor goes on in a messenger: a one-time link proves that both addresses are one person."""

from datetime import timedelta
from typing import Any

from prilavok.domain.conversation import noted
from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.events import ContactChanged, ConversationChanged, LinkOpened, MessageWritten, WishesChanged
from prilavok.domain.preferences import as_mapping, preferences_from, united
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id, new_token
from prilavok.store import belongings, contacts, conversations, links, messages, preferences

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
    """Makes the person behind the link and the person who opened it one, and moves the conversation there.

    The anonymous side moves to the other. When both have a history of their own nothing happens: an agent may merge the
    two, we do not guess.
    """
    link = links.use(unit.db, event.shop_id, event.inbox_id, event.token, unit.now)
    newcomer = contacts.identity(unit.db, event.shop_id, event.ref_id or "")
    visitor = contacts.identity(unit.db, event.shop_id, link["identity_id"]) if link is not None else None
    if link is None or newcomer is None or visitor is None:
        return
    one = newcomer["contact_id"] == visitor["contact_id"] or _become_one(unit, event.shop_id, visitor, newcomer)
    if one and link["conversation_id"] is not None:
        _go_on(unit, event, link["conversation_id"], newcomer)


def _become_one(unit: Unit, shop_id: int, visitor: Any, newcomer: Any) -> bool:
    history = conversations.of_contact(unit.db, shop_id, newcomer["contact_id"], limit=1)
    source, target = (visitor, newcomer) if history else (newcomer, visitor)
    others = [
        one for one in contacts.identities_of(unit.db, shop_id, source["contact_id"]) if one["id"] != source["id"]
    ]
    if others:  # not merely anonymous
        return False
    for conversation in conversations.of_contact(unit.db, shop_id, source["contact_id"], limit=1000):
        conversations.change(unit.db, shop_id, conversation["id"], {"contact_id": target["contact_id"]})
        unit.emit(ConversationChanged(shop_id=shop_id, conversation_id=conversation["id"]))
    contacts.move_identity(unit.db, shop_id, source["id"], target["contact_id"])
    belongings.move(unit.db, shop_id, source["contact_id"], target["contact_id"])
    _unite_wishes(unit, shop_id, source["contact_id"], target["contact_id"])
    named = contacts.contact(unit.db, shop_id, source["contact_id"])
    kept = contacts.contact(unit.db, shop_id, target["contact_id"])
    if named is not None and kept is not None:
        changes = {name: named[name] for name in ("name", "language", "timezone") if named[name] and not kept[name]}
        changes["facts"] = {**(named["facts"] or {}), **(kept["facts"] or {})} or None
        contacts.update_contact(unit.db, shop_id, target["contact_id"], changes)
    went = {**((named["facts"] if named is not None else None) or {}), contacts.WENT_TO: target["contact_id"]}
    contacts.update_contact(unit.db, shop_id, source["contact_id"], {"facts": went})
    unit.emit(ContactChanged(shop_id=shop_id, ref_id=target["contact_id"]))
    return True


def _unite_wishes(unit: Unit, shop_id: int, contact_id: str, to: str) -> None:
    """Nobody is called after all because they came by another way."""
    moved, kept = preferences.get(unit.db, shop_id, contact_id), preferences.get(unit.db, shop_id, to)
    if moved is None:
        return
    before = preferences_from(kept["data"] if kept is not None else None)
    after = as_mapping(united(before, preferences_from(moved["data"])))
    latest = moved if kept is None or kept["updated_at"] < moved["updated_at"] else kept
    preferences.save(unit.db, shop_id, to, after, by=latest["by"], now=latest["updated_at"])
    unit.emit(WishesChanged(shop_id=shop_id, ref_id=to))


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
