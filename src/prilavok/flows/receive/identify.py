"""Who wrote: the addresses of a batch become identities, new ones with a new contact."""

from typing import Any

from prilavok.domain.events import ConversationChanged, Hinted, Vouched
from prilavok.domain.hints import hints_in
from prilavok.flows.receive.item import Item
from prilavok.flows.unit import Unit
from prilavok.kit.ids import is_id, new_id
from prilavok.store import belongings, contacts, jobs, messages

LANGUAGE, TIMEZONE = 8, 64  # characters that a contact has room for


def identify(unit: Unit, shop_id: int, items: list[Item]) -> None:
    addresses = {(item.delivery.inbox.scope, item.received.sender.address): item for item in items}
    found = contacts.find(unit.db, shop_id, addresses)
    missing = [
        _new_identity(item, scope) for (scope, address), item in addresses.items() if (scope, address) not in found
    ]
    if missing:
        found |= contacts.create(unit.db, shop_id, missing, unit.now)
    apart: dict[str, str] = {}  # identity → whose it was
    for item in items:
        item.identity = identity = found[item.delivery.inbox.scope, item.received.sender.address]
        if identity.claimed and not identity.wrote and item.received.public is None and identity.id not in apart:
            theirs = identity.claimed == contacts.TYPED and _answers_our_letter(unit, shop_id, item, identity)
            apart[identity.id] = "" if theirs else _come_apart(unit, shop_id, item, identity)
        item.apart_from = apart.get(identity.id, "")
    _believe(unit, shop_id, items)


def notice(unit: Unit, shop_id: int, items: list[Item]) -> None:
    """What tells who somebody is beyond the address that they wrote from: proofs of the channel, and mere hints."""
    hints: list[tuple[str, str, str]] = []
    for item in items:
        identity, sender = item.identity, item.received.sender
        if identity is None or item.received.public is not None:
            continue
        if item.apart_from:
            why = "typed" if identity.claimed == contacts.TYPED else "named"
            hints.append((identity.id, why, item.apart_from))
        told = {"phone": sender.phone, "email": sender.email}
        told = {what: value for what, value in told.items() if value and value != sender.address}
        if sender.verified and (identity.created or told):
            unit.emit(Vouched(shop_id=shop_id, ref_id=identity.id, phone=sender.phone, email=sender.email))
        typed = tuple(told.items()) if identity.created and not sender.verified else ()
        written = () if item.received.automatic else hints_in(item.received.text)
        hints += [(identity.id, what, value) for what, value in (*typed, *written)]
    if hints:  # together, for many a message names an order
        unit.emit(Hinted(shop_id=shop_id, hints=tuple(hints)))


def _believe(unit: Unit, shop_id: int, items: list[Item]) -> None:
    """An address that the channel vouches for now is proven from now on, by whomever it was named first."""
    proven = {
        item.identity.id: item.identity
        for item in items
        if item.identity is not None and item.received.sender.verified and not item.identity.verified
    }
    if proven:
        contacts.verify(unit.db, shop_id, sorted(proven))
    for identity in proven.values():
        identity.verified = True


def _come_apart(unit: Unit, shop_id: int, item: Item, identity: contacts.Known) -> str:
    """Somebody writes for the first time from an address that was only named. Where another has come as that contact by
    a way of their own, they may be two: whoever placed the order could type anybody's number beside their own mailbox.
    They begin as a contact of their own, and a colleague may make them one. Answers whose it was, if so.
    """
    sender, before = item.received.sender, identity.contact_id
    theirs = contacts.identities_of(unit.db, shop_id, before)
    others = [one for one in theirs if one["address"] != sender.address]
    if not any(one["verified"] or one["last_at"] is not None for one in others):
        return ""
    apart = new_id()
    about = {"name": sender.name, "language": sender.language[:LANGUAGE], "timezone": sender.timezone[:TIMEZONE]}
    contacts.add_person(unit.db, shop_id, apart, unit.now, **about, country="", facts=_facts(item))
    gone = contacts.come_apart(unit.db, shop_id, before, sender.address, apart)
    for conversation_id in belongings.answer_at_home(unit.db, shop_id, before, gone):
        unit.emit(ConversationChanged(shop_id=shop_id, conversation_id=conversation_id))
    identity.contact_id = apart
    return before


def _answers_our_letter(unit: Unit, shop_id: int, item: Item, identity: contacts.Known) -> bool:
    """Whoever typed the address had words of theirs answered there, and the answer to that letter comes from there: by
    what only that letter carried, they read the mailbox, and the talk is theirs.
    """
    received, inbox = item.received, item.delivery.inbox
    hint = received.conversation_hint
    if is_id(hint) and messages.written_to(unit.db, shop_id, hint, identity.id):
        return True
    answered = messages.known(unit.db, shop_id, inbox.id, received.replies_to) if received.replies_to else {}
    return any(row["identity_id"] == identity.id and row["direction"] == "outbound" for row in answered.values())


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
