"""What came in is stored: who wrote, in which conversation, under which number. Set-based: a batch of deliveries costs
a handful of statements, however many messages it holds.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from prilavok.domain.conversation import Status, continues, heard, preview, rank, whereabouts
from prilavok.domain.events import LinkOpened, MessageReceived, Reported
from prilavok.domain.message import Received, Typing, Unknown
from prilavok.flows.albums import fetch_later, join_albums
from prilavok.flows.delivery import Delivery, Item, Taken, attachment_row, journal_row, matters, taken
from prilavok.flows.unit import Unit
from prilavok.kit.ids import is_id, new_id
from prilavok.store import contacts, conversations, counters, journal, messages
from prilavok.store import files as file_store
from prilavok.store import inboxes as inbox_store

MEMORY = timedelta(days=7)  # a closed conversation is taken up again by a message within this time
OLDEST = timedelta(days=30)  # a vendor's clock further back is not believed
LANGUAGE, TIMEZONE = 8, 64  # characters that a contact has room for
Key = tuple[str, str]  # inbox id, provider id


def receive(unit: Unit, deliveries: Sequence[Delivery]) -> list[list[Taken]]:
    """Stores a batch. Answers for each delivery what became of its messages, in their order."""
    _keep_raw(unit, deliveries)
    items: list[list[Item]] = [
        [Item(delivery, one) for one in delivery.inbounds if isinstance(one, Received)] for delivery in deliveries
    ]
    per_shop: dict[int, list[Item]] = {}
    for item in (item for group in items for item in group):
        per_shop.setdefault(item.delivery.inbox.shop_id, []).append(item)
    for shop_id in sorted(per_shop):
        _store(unit, shop_id, per_shop[shop_id])
    for delivery in deliveries:
        _report(unit, delivery)
    return [[taken(item) for item in group] for group in items]


def set_aside(unit: Unit, delivery: Delivery, reason: str) -> None:
    """Keeps the raw delivery of a flow that failed, to be replayed when the reason is gone."""
    inbox = delivery.inbox
    if delivery.replayed:
        journal.settle(unit.db, inbox.shop_id, delivery.journal_id, state="failed", reason=reason)
    else:
        journal.add(unit.db, [journal_row(delivery, "failed", reason)])
    if delivery.cursor is not None:
        inbox_store.change(unit.db, inbox.shop_id, inbox.id, {"cursor": dict(delivery.cursor)})


def _keep_raw(unit: Unit, deliveries: Sequence[Delivery]) -> None:
    fresh = []
    for delivery in deliveries:
        state = "failed" if delivery.failure else "done" if matters(delivery.inbounds) else "ignored"
        if delivery.replayed:
            inbox = delivery.inbox
            journal.settle(unit.db, inbox.shop_id, delivery.journal_id, state=state, reason=delivery.failure or None)
        else:
            fresh.append(journal_row(delivery, state, delivery.failure or None))
    if fresh:
        journal.add(unit.db, fresh)
    if rows := [dict(row) for delivery in deliveries for row in delivery.files]:
        file_store.add(unit.db, rows)
    for delivery in deliveries:
        if delivery.cursor is not None:
            inbox = delivery.inbox
            inbox_store.change(unit.db, inbox.shop_id, inbox.id, {"cursor": dict(delivery.cursor)})


def _store(unit: Unit, shop_id: int, items: list[Item]) -> None:
    fresh = _drop_duplicates(unit, shop_id, items)
    if not fresh:
        return
    _identify(unit, shop_id, fresh)
    spoken = join_albums(unit, shop_id, [item for item in fresh if not item.received.silent])
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


def _drop_duplicates(unit: Unit, shop_id: int, items: list[Item]) -> list[Item]:
    """Marks what is stored already, and the second of two equals in this very batch."""
    per_inbox: dict[str, list[str]] = {}
    for item in items:
        per_inbox.setdefault(item.delivery.inbox.id, []).append(item.received.provider_id)
    stored = {
        (inbox_id, provider_id): row
        for inbox_id, provider_ids in per_inbox.items()
        for provider_id, row in messages.known(unit.db, shop_id, inbox_id, provider_ids).items()
    }
    first: dict[Key, Item] = {}
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


def _identify(unit: Unit, shop_id: int, items: list[Item]) -> None:
    addresses = {(item.delivery.inbox.scope, item.received.sender.address): item for item in items}
    found = contacts.find(unit.db, shop_id, addresses)
    missing = [
        _new_identity(item, scope) for (scope, address), item in addresses.items() if (scope, address) not in found
    ]
    if missing:
        found |= contacts.create(unit.db, shop_id, missing, unit.now)
    for item in items:
        item.identity = found[item.delivery.inbox.scope, item.received.sender.address]


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
    )


def _facts(item: Item) -> dict[str, Any]:
    sender = item.received.sender
    typed = {"phone": sender.phone, "email": sender.email}
    return {**sender.facts, **{name: value for name, value in typed.items() if value}}


def _place(unit: Unit, shop_id: int, items: list[Item]) -> None:
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
    opened: list[Item] = []
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


def _proven(unit: Unit, shop_id: int, item: Item) -> str:
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


def _open(unit: Unit, item: Item) -> dict[str, Any]:
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


def _write(unit: Unit, shop_id: int, items: list[Item]) -> None:
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


def _announce(unit: Unit, item: Item) -> None:
    assert item.identity is not None and item.conversation is not None  # noqa: PT018  placed before
    fetch_later(unit, item, item.message_id)
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
