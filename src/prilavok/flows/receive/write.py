"""The messages of a batch are stored, their conversations grow, and everybody hears of it."""

from datetime import datetime
from typing import Any

from prilavok.domain.conversation import Status, heard, preview, whereabouts
from prilavok.domain.events import MessageReceived, SaidInPublic
from prilavok.domain.message import Public
from prilavok.domain.publicity import remembered, waits
from prilavok.flows.parts import attachment_row, believable
from prilavok.flows.receive.item import Item
from prilavok.flows.unit import Unit
from prilavok.kit.text import storable_tree
from prilavok.store import closures, contacts, conversations, jobs, messages, plans

SHORT = 40  # characters; nobody answers "yes" or "2" with more


def write(unit: Unit, shop_id: int, items: list[Item]) -> None:
    moved: set[str] = set()  # conversations whose place in the lists is another one now
    rows, bodies, numbered = [], [], dict[str, tuple[int, str, int, datetime, str]]()
    heard_of: dict[str, tuple[int, str, int]] = {}  # who spoke in public
    for item in items:
        received, identity, place, inbox = item.received, item.identity, item.conversation, item.delivery.inbox
        assert identity is not None and place is not None  # noqa: PT018  placed above
        at = believable(received.at, unit.now)
        before = conversations.listed_at(place)
        place.update(heard(place, preview(received.text, len(received.attachments)), at, waits=_waits(item)))
        if received.public is not None:
            _remember(item, received.public)
        if conversations.listed_at(place) != before:
            moved.add(place["id"])
        place.update(last_inbox_id=inbox.id, reply_inbox_id=inbox.id, reply_identity_id=identity.id)
        if found := whereabouts(received.content):
            place["context"] = {**(place["context"] or {}), **found}
        identity.last_seq += 1
        if received.public is None or identity.id in numbered:
            numbered[identity.id] = (shop_id, identity.id, identity.last_seq, unit.now, inbox.id)
        else:
            heard_of[identity.id] = (shop_id, identity.id, identity.last_seq)
        rows.append(_message_row(unit, item, at))
        if received.html:
            bodies.append({"shop_id": shop_id, "message_id": item.message_id, "html": received.html})
    places = {id(item.conversation): item.conversation for item in items if item.conversation is not None}.values()
    if fresh := [_without_mark(place) for place in places if place.get("new")]:
        conversations.add(unit.db, fresh)
    if grown := [place for place in places if not place.get("new")]:
        conversations.save_growth(unit.db, grown, moved)
    if numbered:
        contacts.save_numbers(unit.db, list(numbered.values()))
    if only_heard := [one for which, one in heard_of.items() if which not in numbered]:
        contacts.save_counts(unit.db, only_heard)
    messages.add(unit.db, rows)
    if bodies:
        messages.add_bodies(unit.db, bodies)
    private = [item for item in items if item.received.public is None]
    known = {one.contact_id for item in private if (one := item.identity) is not None and not one.created}
    awaited = plans.awaiting(unit.db, shop_id, known) if known else set()
    shut = _shut(unit, shop_id, private)
    for item in items:
        _announce(unit, item, awaited, shut)


def _shut(unit: Unit, shop_id: int, items: list[Item]) -> set[str]:
    """The addresses among those of several media that were thought dead for the medium in which they write now."""
    media = {
        item.identity.id: item.delivery.inbox.medium
        for item in items
        if item.identity is not None and item.delivery.inbox.capabilities.shares_address and not item.identity.created
    }
    known = closures.of(unit.db, shop_id, media) if media else {}
    return {which for which, medium in media.items() if medium in known.get(which, {})}


def _waits(item: Item) -> bool:
    """Whether the customer waits for an answer from now on."""
    received = item.received
    if received.public is None or received.content.get("hidden"):  # somebody has to look before it is shown
        return not received.automatic
    return not received.automatic and waits(received.public, received.text, len(received.attachments))


def _remember(item: Item, said: Public) -> None:
    """What began it says what it is about; what follows only adds to the talk. Bare praise is filed away at once."""
    place = item.conversation
    assert place is not None
    context = place["context"] or {}
    if "public" not in context or item.received.provider_id == said.root:
        context = {**context, "public": {**context.get("public", {}), **storable_tree(remembered(said))}}
    place["context"] = context
    if item.opened and place["waiting_since"] is None:
        place["status"] = Status.CLOSED.value


def _without_mark(place: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in place.items() if name != "new"}


def _message_row(unit: Unit, item: Item, at: datetime) -> dict[str, Any]:
    received, identity, place = item.received, item.identity, item.conversation
    assert identity is not None and place is not None  # noqa: PT018  placed before
    content = dict(received.content)
    extra = {"folded": received.folded, "subject": received.subject, "copies": list(received.copies)}
    content |= {name: value for name, value in extra.items() if value}
    if received.html:
        content["html"] = True
    return {
        "shop_id": item.delivery.inbox.shop_id,
        "id": item.message_id,
        "conversation_id": place["id"],
        "seq": place["last_seq"],
        "kind": "message",
        "direction": "inbound",
        "inbox_id": item.delivery.inbox.id,
        "identity_id": identity.id,
        "identity_seq": identity.last_seq,
        "provider_id": received.provider_id,
        "author_kind": "contact",
        "author_name": received.sender.name,
        "text": received.text,
        "at": at,
        "created_at": unit.now,
        "receipt": "delivered",
        "automatic": received.automatic,
        "attachments": [attachment_row(one) for one in received.attachments] or None,
        "content": content or None,
    }


def _announce(unit: Unit, item: Item, awaited: set[str], shut: set[str]) -> None:
    assert item.identity is not None and item.conversation is not None  # noqa: PT018  placed before
    fetch_later(unit, item, item.message_id)
    apart = bool(item.apart_from) or item.identity.claimed == contacts.APART
    if item.received.public is not None:
        _announce_public(unit, item, item.received.public)
        return
    unit.emit(
        MessageReceived(
            shop_id=item.delivery.inbox.shop_id,
            conversation_id=item.conversation["id"],
            message_id=item.message_id,
            ref_id=item.identity.id,
            inbox_id=item.delivery.inbox.id,
            opened=item.opened,
            automatic=item.received.automatic,
            button=button if isinstance(button := item.received.content.get("button"), str) else "",
            words=item.received.text if len(item.received.text) <= SHORT else "",
            awaited=apart or item.identity.contact_id in awaited,
            apart=apart,
            shut=item.identity.id in shut,
        )
    )


def _announce_public(unit: Unit, item: Item, said: Public) -> None:
    assert item.identity is not None and item.conversation is not None  # noqa: PT018  placed before
    unit.emit(
        SaidInPublic(
            shop_id=item.delivery.inbox.shop_id,
            conversation_id=item.conversation["id"],
            message_id=item.message_id,
            ref_id=item.identity.id,
            inbox_id=item.delivery.inbox.id,
            opened=item.opened,
            rating=said.rating,
        )
    )


def fetch_later(unit: Unit, item: Item, message_id: str) -> None:
    """Attachments that only the vendor has so far are fetched after the commit."""
    if any(one.file_id is None for one in item.received.attachments):
        inbox = item.delivery.inbox
        jobs.add(unit.db, inbox.shop_id, "fetch", {"message_id": message_id}, unit.now, inbox_id=inbox.id)
