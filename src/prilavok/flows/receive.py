"""What came in is stored: who wrote, in which conversation, under which number. Set-based: a batch of deliveries costs
a handful of statements, however many messages it holds.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from prilavok.channels.base import Hook
from prilavok.domain.conversation import Status, continues, heard, preview, rank, whereabouts
from prilavok.domain.events import LinkOpened, MessageChanged, MessageReceived, Reported
from prilavok.domain.message import Attachment, Inbound, Received, Typing, Unknown
from prilavok.flows.directory import Served
from prilavok.flows.unit import Unit
from prilavok.kit.ids import is_id, new_id
from prilavok.store import contacts, conversations, counters, jobs, journal, messages
from prilavok.store import files as file_store
from prilavok.store import inboxes as inbox_store

MEMORY = timedelta(days=7)  # a closed conversation is taken up again by a message within this time
OLDEST = timedelta(days=30)  # a vendor's clock further back is not believed
LANGUAGE, TIMEZONE = 8, 64  # characters that a contact has room for
Key = tuple[str, str]  # inbox id, provider id


@dataclass(frozen=True, slots=True)
class Delivery:
    """One hook (or one polled answer), already parsed. `failure` says why it could not be: then it is only kept."""

    inbox: Served
    hook: Hook
    inbounds: Sequence[Inbound] = ()
    journal_id: str = field(default_factory=new_id)
    failure: str = ""
    cursor: Mapping[str, Any] | None = None
    replayed: bool = False  # the journal has it already
    files: Sequence[Mapping[str, Any]] = ()  # rows of files already on disk


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one message of a delivery."""

    provider_id: str
    message_id: str
    conversation_id: str
    duplicate: bool = False


@dataclass(slots=True)
class _Item:
    delivery: Delivery
    received: Received
    identity: contacts.Known | None = None
    conversation: dict[str, Any] | None = None
    message_id: str = ""
    first: "_Item | None" = None  # the one that this repeats, or whose album it belongs to
    opened: bool = False
    duplicate: bool = False


def receive(unit: Unit, deliveries: Sequence[Delivery]) -> list[list[Taken]]:
    """Stores a batch. Answers for each delivery what became of its messages, in their order."""
    _keep_raw(unit, deliveries)
    items: list[list[_Item]] = [
        [_Item(delivery, one) for one in delivery.inbounds if isinstance(one, Received)] for delivery in deliveries
    ]
    per_shop: dict[int, list[_Item]] = {}
    for item in (item for group in items for item in group):
        per_shop.setdefault(item.delivery.inbox.shop_id, []).append(item)
    for shop_id in sorted(per_shop):
        _store(unit, shop_id, per_shop[shop_id])
    for delivery in deliveries:
        _report(unit, delivery)
    return [[_taken(item) for item in group] for group in items]


def set_aside(unit: Unit, delivery: Delivery, reason: str) -> None:
    """Keeps the raw delivery of a flow that failed, to be replayed when the reason is gone."""
    inbox = delivery.inbox
    if delivery.replayed:
        journal.settle(unit.db, inbox.shop_id, delivery.journal_id, state="failed", reason=reason)
    else:
        journal.add(unit.db, [_journal_row(delivery, "failed", reason)])
    if delivery.cursor is not None:
        inbox_store.change(unit.db, inbox.shop_id, inbox.id, {"cursor": dict(delivery.cursor)})


def _keep_raw(unit: Unit, deliveries: Sequence[Delivery]) -> None:
    fresh = []
    for delivery in deliveries:
        state = "failed" if delivery.failure else "done" if _matters(delivery.inbounds) else "ignored"
        if delivery.replayed:
            inbox = delivery.inbox
            journal.settle(unit.db, inbox.shop_id, delivery.journal_id, state=state, reason=delivery.failure or None)
        else:
            fresh.append(_journal_row(delivery, state, delivery.failure or None))
    if fresh:
        journal.add(unit.db, fresh)
    if rows := [dict(row) for delivery in deliveries for row in delivery.files]:
        file_store.add(unit.db, rows)
    for delivery in deliveries:
        if delivery.cursor is not None:
            inbox = delivery.inbox
            inbox_store.change(unit.db, inbox.shop_id, inbox.id, {"cursor": dict(delivery.cursor)})


def _journal_row(delivery: Delivery, state: str, reason: str | None) -> dict[str, Any]:
    return {
        "shop_id": delivery.inbox.shop_id,
        "id": delivery.journal_id,
        "inbox_id": delivery.inbox.id,
        "received_at": delivery.hook.received_at,
        "headers": delivery.inbox.without_secrets(delivery.hook.headers),
        "body": delivery.hook.body,
        "state": state,
        "reason": reason,
    }


def _matters(inbounds: Sequence[Inbound]) -> bool:
    return not inbounds or any(not isinstance(one, Unknown) for one in inbounds)


def _store(unit: Unit, shop_id: int, items: list[_Item]) -> None:
    fresh = _drop_duplicates(unit, shop_id, items)
    if not fresh:
        return
    _identify(unit, shop_id, fresh)
    spoken = _join_albums(unit, shop_id, [item for item in fresh if not item.received.silent])
    if spoken:  # none is left when all were pictures of an album that is stored already
        _place(unit, shop_id, spoken)
        _write(unit, shop_id, spoken)
    for item in fresh:
        if item.received.link_token and item.identity is not None:
            unit.emit(
                LinkOpened(
                    shop_id=shop_id,
                    ref_id=item.identity.id,
                    inbox_id=item.delivery.inbox.id,
                    token=item.received.link_token,
                )
            )


def _drop_duplicates(unit: Unit, shop_id: int, items: list[_Item]) -> list[_Item]:
    """Marks what is stored already, and the second of two equals in this very batch."""
    per_inbox: dict[str, list[str]] = {}
    for item in items:
        per_inbox.setdefault(item.delivery.inbox.id, []).append(item.received.provider_id)
    stored = {
        (inbox_id, provider_id): row
        for inbox_id, provider_ids in per_inbox.items()
        for provider_id, row in messages.known(unit.db, shop_id, inbox_id, provider_ids).items()
    }
    first: dict[Key, _Item] = {}
    fresh = []
    for item in items:
        key = (item.delivery.inbox.id, item.received.provider_id)
        if key in stored:
            item.duplicate = True
            item.message_id = stored[key]["id"]
            item.conversation = {"id": stored[key]["conversation_id"]}
        elif key in first:
            item.duplicate = True
            item.first = first[key]
        else:
            item.message_id = new_id()
            first[key] = item
            fresh.append(item)
    return fresh


def _identify(unit: Unit, shop_id: int, items: list[_Item]) -> None:
    addresses = {(item.delivery.inbox.scope, item.received.sender.address): item for item in items}
    found = contacts.find(unit.db, shop_id, addresses)
    missing = [
        _new_identity(item, scope) for (scope, address), item in addresses.items() if (scope, address) not in found
    ]
    if missing:
        found |= contacts.create(unit.db, shop_id, missing, unit.now)
    for item in items:
        item.identity = found[item.delivery.inbox.scope, item.received.sender.address]


def _new_identity(item: _Item, scope: str) -> contacts.NewIdentity:
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
    )


def _facts(item: _Item) -> dict[str, Any]:
    sender = item.received.sender
    typed = {"phone": sender.phone, "email": sender.email}
    return {**sender.facts, **{name: value for name, value in typed.items() if value}}


def _join_albums(unit: Unit, shop_id: int, items: list[_Item]) -> list[_Item]:
    """Pictures of one album become one message: the later ones are added to the first."""
    plain, first = [], dict[Key, _Item]()
    for item in items:
        album = item.received.album
        if not album:
            plain.append(item)
            continue
        inbox_id = item.delivery.inbox.id
        key = (inbox_id, f"album:{album}")
        stored = messages.known(unit.db, shop_id, inbox_id, [key[1]]).get(key[1])
        target = stored["id"] if stored is not None else first[key].message_id if key in first else ""
        if not target:
            first[key] = item
            plain.append(item)
            _alias(unit, shop_id, inbox_id, key[1], item.message_id)
        elif stored is not None:
            _add_to(unit, shop_id, target, item)
        else:
            _merge(first[key], item)
        if target:
            item.message_id = target
            _alias(unit, shop_id, inbox_id, item.received.provider_id, target)
    return plain


def _alias(unit: Unit, shop_id: int, inbox_id: str, provider_id: str, message_id: str) -> None:
    row = {"shop_id": shop_id, "inbox_id": inbox_id, "provider_id": provider_id, "message_id": message_id}
    messages.add_aliases(unit.db, [row])


def _add_to(unit: Unit, shop_id: int, message_id: str, item: _Item) -> None:
    row = messages.get(unit.db, shop_id, message_id, lock=True)
    if row is None:
        return
    item.conversation = {"id": row["conversation_id"]}
    attachments = [*(row["attachments"] or []), *map(attachment_row, item.received.attachments)]
    text = "\n".join(part for part in (row["text"], item.received.text) if part)
    messages.change(unit.db, shop_id, message_id, {"attachments": attachments, "text": text})
    _fetch_later(unit, item, message_id)
    unit.emit(
        MessageChanged(
            shop_id=shop_id, conversation_id=row["conversation_id"], message_id=message_id, ref_id=row["identity_id"]
        )
    )


def _merge(first: _Item, item: _Item) -> None:
    text = "\n".join(part for part in (first.received.text, item.received.text) if part)
    first.received = dataclasses.replace(
        first.received, attachments=(*first.received.attachments, *item.received.attachments), text=text
    )
    item.first = first


def _place(unit: Unit, shop_id: int, items: list[_Item]) -> None:
    """Finds or opens the conversation of every message."""
    wanted = {id(item): _proven(unit, shop_id, item) for item in items}
    unthreaded = {
        item.identity.contact_id
        for item in items
        if item.identity is not None
        and not wanted[id(item)]
        and not item.delivery.inbox.capabilities.threads
        and not item.identity.created
    }
    current = conversations.continuing(unit.db, shop_id, unthreaded, unit.now - MEMORY) if unthreaded else {}
    known = {place["id"]: place for place in current.values()}
    if ids := {one for one in wanted.values() if one} - known.keys():
        known |= {key: dict(row) for key, row in conversations.locked(unit.db, shop_id, ids).items()}
    threads: dict[tuple[str, str], dict[str, Any]] = {}
    opened: list[_Item] = []
    for item in items:
        assert item.identity is not None
        inbox = item.delivery.inbox
        thread = (inbox.id, item.received.thread)
        place = known.get(wanted[id(item)]) or (threads.get(thread) if item.received.thread else None)
        if place is None and not inbox.capabilities.threads:
            place = current.get(item.identity.contact_id)
            if place is not None and not continues(Status(place["status"]), place["last_at"], unit.now, memory=MEMORY):
                place = None
        if place is None:
            place = _open(unit, item)
            opened.append(item)
            item.opened = True
            current[item.identity.contact_id] = place
        if item.received.thread:
            threads[thread] = place
        item.conversation = place
    if opened:
        number = counters.take(unit.db, shop_id, "conversation", len(opened))
        for offset, item in enumerate(opened):
            assert item.conversation is not None
            item.conversation["number"] = number + offset


def _proven(unit: Unit, shop_id: int, item: _Item) -> str:
    """The conversation that a message names by itself: a signed token, what it replies to, its thread."""
    received, inbox = item.received, item.delivery.inbox
    if is_id(received.conversation_hint):
        return received.conversation_hint
    if received.replies_to and inbox.capabilities.threads:
        answered = messages.known(unit.db, shop_id, inbox.id, received.replies_to)
        for provider_id in received.replies_to:
            if provider_id in answered:
                return str(answered[provider_id]["conversation_id"])
    if received.thread and inbox.capabilities.threads:
        row = conversations.by_thread(unit.db, shop_id, inbox.id, [received.thread]).get(received.thread)
        if row is not None:
            return str(row["id"])
    return ""


def _open(unit: Unit, item: _Item) -> dict[str, Any]:
    assert item.identity is not None
    inbox, at = item.delivery.inbox, _believable(item.received.at, unit.now)
    return {
        "shop_id": inbox.shop_id,
        "id": new_id(),
        "number": 0,
        "contact_id": item.identity.contact_id,
        "inbox_id": inbox.id,
        "thread": item.received.thread if inbox.capabilities.threads else "",
        "subject": item.received.subject,
        "public": inbox.capabilities.public,
        "status": Status.OPEN.value,
        "snoozed_until": None,
        "waiting_since": None,
        "rank": rank(None, at),
        "last_seq": 0,
        "last_at": at,
        "created_at": unit.now,
        "context": None,
        "new": True,
    }


def _write(unit: Unit, shop_id: int, items: list[_Item]) -> None:
    rows, bodies, numbered = [], [], dict[str, tuple[int, str, int, datetime, str]]()
    for item in items:
        received, identity, place, inbox = item.received, item.identity, item.conversation, item.delivery.inbox
        assert identity is not None and place is not None  # noqa: PT018  placed above
        at = _believable(received.at, unit.now)
        place.update(heard(place, preview(received.text, len(received.attachments)), at, waits=not received.automatic))
        place.update(last_inbox_id=inbox.id, reply_inbox_id=inbox.id, reply_identity_id=identity.id)
        if found := whereabouts(received.content):
            place["context"] = {**(place["context"] or {}), **found}
        identity.last_seq += 1
        numbered[identity.id] = (shop_id, identity.id, identity.last_seq, unit.now, inbox.id)
        rows.append(_message_row(unit, item, at))
        if received.html:
            bodies.append({"shop_id": shop_id, "message_id": item.message_id, "html": received.html})
    places = {id(item.conversation): item.conversation for item in items if item.conversation is not None}.values()
    if fresh := [_without_mark(place) for place in places if place.get("new")]:
        conversations.add(unit.db, fresh)
    if grown := [place for place in places if not place.get("new")]:
        conversations.save_growth(unit.db, grown)
    contacts.save_numbers(unit.db, list(numbered.values()))
    messages.add(unit.db, rows)
    if bodies:
        messages.add_bodies(unit.db, bodies)
    for item in items:
        _announce(unit, item)


def _without_mark(place: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in place.items() if name != "new"}


def _message_row(unit: Unit, item: _Item, at: datetime) -> dict[str, Any]:
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


def _announce(unit: Unit, item: _Item) -> None:
    assert item.identity is not None and item.conversation is not None  # noqa: PT018  placed before
    _fetch_later(unit, item, item.message_id)
    unit.emit(
        MessageReceived(
            shop_id=item.delivery.inbox.shop_id,
            conversation_id=item.conversation["id"],
            message_id=item.message_id,
            ref_id=item.identity.id,
            inbox_id=item.delivery.inbox.id,
            opened=item.opened,
            automatic=item.received.automatic,
        )
    )


def _fetch_later(unit: Unit, item: _Item, message_id: str) -> None:
    """Attachments that only the vendor has so far are fetched after the commit."""
    if any(one.file_id is None for one in item.received.attachments):
        inbox = item.delivery.inbox
        jobs.add(unit.db, inbox.shop_id, "fetch", {"message_id": message_id}, unit.now, inbox_id=inbox.id)


def attachment_row(one: Attachment) -> dict[str, Any]:
    """As it stands in a message: our file's id, or where the vendor keeps it."""
    values = {
        "id": one.file_id,
        "name": one.name,
        "type": one.type,
        "size": one.size,
        "kind": one.kind,
        "ref": one.ref,
        "url": one.url,
        "content_id": one.content_id,
    }
    return {name: value for name, value in values.items() if value is not None}


def _report(unit: Unit, delivery: Delivery) -> None:
    inbox = delivery.inbox
    unknown: dict[str, int] = {}
    for one in delivery.inbounds:
        match one:
            case Received() | Typing():
                continue
            case Unknown(what=what):
                unknown[what] = unknown.get(what, 0) + 1
            case _:
                unit.emit(Reported(shop_id=inbox.shop_id, inbox_id=inbox.id, scope=inbox.scope, report=one))
    if unknown:
        journal.count_unknown(unit.db, inbox.shop_id, inbox.id, unknown, unit.now)


def _believable(at: datetime, now: datetime) -> datetime:
    return min(max(at, now - OLDEST), now)


def _taken(item: _Item) -> Taken:
    whole = item
    while whole.first is not None:
        whole = whole.first
    place = whole.conversation or {}
    return Taken(item.received.provider_id, whole.message_id, place.get("id", ""), duplicate=item.duplicate)
