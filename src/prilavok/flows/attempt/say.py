"""Messages of a batch of plans are written: their conversations found or opened, the outbox filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from prilavok.domain.conversation import Status, answered, preview, rank
from prilavok.domain.events import MessageWritten, OutboxFilled
from prilavok.domain.message import Button
from prilavok.domain.phrases import Rendered
from prilavok.domain.receipt import Receipt
from prilavok.flows.directory import Served
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import contacts, conversations, counters, inboxes, messages, outbox
from prilavok.store.questions import Row

MEMORY = timedelta(days=60)  # a closed conversation about the same order goes on within this time
SEEN = ("last_text", "last_direction", "last_kind", "last_at", "rank")


@dataclass(slots=True)
class Letter:
    """One message on its way into the store."""

    plan: Row
    inbox: Served
    identity_id: str
    rendered: Rendered
    subject: str
    why: Sequence[Mapping[str, Any]]
    links: Mapping[str, str]
    message_id: str = field(default_factory=new_id)


def write(unit: Unit, shop_id: int, letters: Sequence[Letter]) -> None:
    """Stores them all; what is not read over a socket of ours waits in the outbox."""
    people = {one.plan["contact_id"] for one in letters}
    known = conversations.speaking(unit.db, shop_id, people, unit.now - MEMORY)
    places: dict[str, dict[str, Any]] = {}
    fresh: list[dict[str, Any]] = []
    rows, parcels = [], []
    for letter in letters:
        place = _place(known.get(letter.plan["contact_id"], []), letter)
        if place is None:
            place = _open(unit, shop_id, letter)
            fresh.append(place)
            known.setdefault(letter.plan["contact_id"], []).append(place)
        _grow(unit, place, letter)
        places[place["id"]] = place
        rows.append(_message_row(unit, shop_id, place, letter))
        if not letter.inbox.capabilities.direct:
            parcels.append(_parcel(unit, shop_id, place["id"], letter))
    number = counters.take(unit.db, shop_id, "conversation", len(fresh)) if fresh else 0
    for offset, place in enumerate(fresh):
        place["number"] = number + offset
    new = {place["id"] for place in fresh}
    if fresh:
        conversations.add(unit.db, fresh)
    conversations.save_growth(unit.db, [place for place in places.values() if place["id"] not in new])
    messages.add(unit.db, rows)
    outbox.add_many(unit.db, parcels)
    for letter, row in zip(letters, rows, strict=True):
        unit.emit(
            MessageWritten(
                shop_id=shop_id,
                conversation_id=row["conversation_id"],
                message_id=letter.message_id,
                ref_id=letter.identity_id,
                inbox_id=letter.inbox.id,
            )
        )
    for inbox_id in {letter.inbox.id for letter in letters if letter.inbox.capabilities.direct}:
        inboxes.change(unit.db, shop_id, inbox_id, {"last_sent_at": unit.now})
    if parcels:
        unit.emit(OutboxFilled(shop_id=shop_id))


def _place(known: Sequence[dict[str, Any]], letter: Letter) -> dict[str, Any] | None:
    """The conversation about this order, else one that is open anyhow."""
    fitting = [one for one in reversed(known) if not one["thread"] or one["inbox_id"] == letter.inbox.id]
    order_id = letter.plan["order_id"]
    about = (one for one in fitting if order_id is not None and (one["context"] or {}).get("order_id") == order_id)
    unfinished = (one for one in fitting if one["status"] != Status.CLOSED)
    return next(about, None) or next(unfinished, None)


def _open(unit: Unit, shop_id: int, letter: Letter) -> dict[str, Any]:
    """Closed: nobody of the shop has anything to do there until the customer answers."""
    order_id = letter.plan["order_id"]
    return {
        "shop_id": shop_id,
        "id": new_id(),
        "number": 0,
        "contact_id": letter.plan["contact_id"],
        "inbox_id": letter.inbox.id,
        "reply_inbox_id": letter.inbox.id,
        "reply_identity_id": letter.identity_id,
        "thread": "",
        "subject": letter.subject,
        "public": False,
        "status": Status.CLOSED.value,
        "snoozed_until": None,
        "waiting_since": None,
        "rank": rank(None, unit.now),
        "last_seq": 0,
        "last_at": unit.now,
        "created_at": unit.now,
        "context": {"order_id": order_id} if order_id else None,
    }


def _grow(unit: Unit, place: dict[str, Any], letter: Letter) -> None:
    before = dict(place)
    place.update(answered(place, preview(letter.rendered.text), unit.now, automatic=True))
    if before["waiting_since"] is not None:
        # The list goes on showing what the customer wrote: that is what waits for an answer.
        place.update({name: before[name] for name in SEEN})
    place["last_inbox_id"] = letter.inbox.id


def _message_row(unit: Unit, shop_id: int, place: Mapping[str, Any], letter: Letter) -> dict[str, Any]:
    direct = letter.inbox.capabilities.direct
    content: dict[str, Any] = {"plan": letter.plan["id"], "why": list(letter.why)}
    content |= {"buttons": _buttons(letter.rendered.buttons)} if letter.rendered.buttons else {}
    content |= {"choices": _buttons(letter.rendered.choices)} if letter.rendered.choices else {}
    content |= {"links": dict(letter.links)} if letter.links else {}
    if letter.inbox.capabilities.subject and letter.subject:
        content["subject"] = letter.subject
    return {
        "shop_id": shop_id,
        "id": letter.message_id,
        "conversation_id": place["id"],
        "seq": place["last_seq"],
        "kind": "reply",
        "direction": "outbound",
        "inbox_id": letter.inbox.id,
        "identity_id": letter.identity_id,
        "identity_seq": contacts.next_number(unit.db, shop_id, letter.identity_id),
        "provider_id": letter.message_id if direct else None,
        "author_kind": "bot",
        "author_name": letter.inbox.shop_name,
        "text": letter.rendered.text,
        "at": unit.now,
        "created_at": unit.now,
        "receipt": Receipt.SENT.value if direct else Receipt.ACCEPTED.value,
        "receipt_times": {"sent": unit.now} if direct else None,
        "automatic": True,
        "content": content,
    }


def _buttons(buttons: Sequence[Button]) -> list[dict[str, str]]:
    return [
        {"text": one.text} | ({"data": one.data} if one.data else {}) | ({"url": one.url} if one.url else {})
        for one in buttons
    ]


def _parcel(unit: Unit, shop_id: int, conversation_id: str, letter: Letter) -> dict[str, Any]:
    return {
        "shop_id": shop_id,
        "id": new_id(),
        "message_id": letter.message_id,
        "conversation_id": conversation_id,
        "inbox_id": letter.inbox.id,
        "identity_id": letter.identity_id,
        "due_at": unit.now,
        "created_at": unit.now,
    }
