"""Where a message belongs: the conversation it names, the one that goes on, or a new one."""

from typing import Any

from prilavok.domain.conversation import MEMORY, Status, continues, rank
from prilavok.flows.parts import believable
from prilavok.flows.receive.item import Item
from prilavok.flows.unit import Unit
from prilavok.kit.ids import is_id, new_id
from prilavok.kit.text import key_of
from prilavok.store import conversations, counters, messages

SUBJECT = 300  # characters


def place(unit: Unit, shop_id: int, items: list[Item]) -> None:
    """Finds or opens the conversation of every message."""
    said = [item for item in items if item.received.public is not None]
    opened = _in_public(unit, shop_id, said) if said else []
    if len(said) < len(items):
        opened += _in_private(unit, shop_id, [item for item in items if item.received.public is None])
    if opened:
        number = counters.take(unit.db, shop_id, "conversation", len(opened))
        for offset, item in enumerate(opened):
            assert item.conversation is not None
            item.conversation["number"] = number + offset


def _in_public(unit: Unit, shop_id: int, items: list[Item]) -> list[Item]:
    """What everybody reads goes where it began, and never into anything private; nor does anything private join it."""
    roots: dict[str, set[str]] = {}
    for item in items:
        roots.setdefault(item.delivery.inbox.id, set()).add(root_of(item))
    found = {
        (inbox_id, root): row["id"]
        for inbox_id, wanted in sorted(roots.items())
        for root, row in conversations.by_thread(unit.db, shop_id, inbox_id, wanted, public=True).items()
    }
    locked = conversations.locked(unit.db, shop_id, found.values()) if found else {}
    places = {key: dict(locked[which]) for key, which in found.items()}
    opened = []
    for item in items:
        key = (item.delivery.inbox.id, root_of(item))
        if key not in places:
            places[key] = _open(unit, item)
            opened.append(item)
            item.opened = True
        item.conversation = places[key]
    return opened


def root_of(item: Item) -> str:
    assert item.received.public is not None
    return key_of(item.received.public.root)


def _in_private(unit: Unit, shop_id: int, items: list[Item]) -> list[Item]:
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
    return opened


def _proven(unit: Unit, shop_id: int, item: Item) -> str:
    """The conversation that a message names by itself: a signed token, what it replies to, its thread."""
    received, inbox = item.received, item.delivery.inbox
    if item.apart_from:  # they received what an order made us write; that proves nothing about whose talk it is
        return ""
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
    inbox, at = item.delivery.inbox, believable(item.received.at, unit.now)
    said = item.received.public
    thread = item.received.thread if inbox.capabilities.threads else ""
    subject = item.received.subject or (said.product.get("name", "") or said.about if said is not None else "")
    return {
        "shop_id": inbox.shop_id,
        "id": new_id(),
        "number": 0,
        "contact_id": item.identity.contact_id,
        "inbox_id": inbox.id,
        "thread": thread if said is None else root_of(item),
        "subject": subject[:SUBJECT],
        "public": said is not None or inbox.capabilities.public,
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
