"""The shop wrote to a customer in the vendor's own application: agents see it, and nobody answers a second time.

Our own sends come back in the same shape, sometimes before the vendor has answered the request that made them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prilavok.domain.conversation import MEMORY, Status, answered, continues, preview, rank
from prilavok.domain.events import MessageWritten, Reported
from prilavok.domain.message import Echoed, ReceiptCame
from prilavok.domain.receipt import Receipt
from prilavok.flows.directory import Served
from prilavok.flows.parts import attachment_row, believable
from prilavok.flows.unit import Unit
from prilavok.flows.waited import measure
from prilavok.kit.ids import is_id, new_id
from prilavok.kit.text import key_of, storable, storable_tree
from prilavok.store import contacts, conversations, counters, jobs, messages, outbox

PART = 200  # characters from which on a text may be a part of a longer one of ours, not a short answer like it


def overhear(unit: Unit, event: Reported) -> None:
    """Stores a reply of the shop that did not go through us. What did, or is stored already, changes nothing."""
    echo = event.report
    inbox = unit.world.directory.get(unit.db, event.shop_id, event.inbox_id)
    if not isinstance(echo, Echoed) or inbox is None:
        return
    # The address is locked first, and then what is under way: two processes see one after the other what is known.
    identity = contacts.find(unit.db, event.shop_id, [(event.scope, echo.address)]).get((event.scope, echo.address))
    place = _place_in_public(unit, event, echo.public.root) if echo.public is not None else None
    address = identity.id if identity is not None else place["reply_identity_id"] if place is not None else None
    waiting = outbox.under_way(unit.db, event.shop_id, event.inbox_id, address) if address is not None else []
    if echo.provider_id in messages.known(unit.db, event.shop_id, event.inbox_id, [echo.provider_id]):
        return
    if ours := _ours(unit, event, echo, waiting):
        _recognise(unit, event, echo, ours)
    elif place is not None:
        _write(unit, event, echo, address, place)
    elif echo.public is None:
        identity = identity or _get_to_know(unit, inbox, echo)
        _write(unit, event, echo, identity.id, _place(unit, event, echo, identity))


def _ours(unit: Unit, event: Reported, echo: Echoed, waiting: Any) -> Mapping[Any, Any] | None:
    """Which of our messages this is: the one it names, or one under way with the same words."""
    if is_id(echo.message_id):
        row = messages.get(unit.db, event.shop_id, echo.message_id)
        if row is not None and row["inbox_id"] == event.inbox_id and row["direction"] == "outbound":
            whole = " ".join(row["text"].split()) == " ".join(echo.text.split()) and not row["attachments"]
            return {"message_id": row["id"], "whole": whole}
    for row in waiting:
        mine, theirs = " ".join(row["text"].split()), " ".join(echo.text.split())
        whole = mine == theirs or (len(mine) >= PART and mine in theirs)  # or with its answers written out under it
        part = len(theirs) >= PART and theirs in mine
        file = not theirs and echo.attachments and row["attachments"]
        if (theirs and (whole or part)) or file:
            return {"message_id": row["message_id"], "whole": whole and bool(theirs) and not row["attachments"]}
    return None


def _recognise(unit: Unit, event: Reported, echo: Echoed, ours: Mapping[Any, Any]) -> None:
    """It has gone, whatever became of the answer to our request; a repeat would be a second copy."""
    message_id = ours["message_id"]
    alias = {"shop_id": event.shop_id, "inbox_id": event.inbox_id, "message_id": message_id}
    messages.add_aliases(unit.db, [{**alias, "provider_id": echo.provider_id}])
    if not ours["whole"]:
        return
    row = outbox.of_message(unit.db, event.shop_id, message_id)
    if row is not None:
        outbox.remove(unit.db, event.shop_id, row["id"])
    came = ReceiptCame(receipt=Receipt.SENT, at=echo.at, message_id=message_id)
    unit.emit(Reported(shop_id=event.shop_id, inbox_id=event.inbox_id, scope=event.scope, report=came))


def _get_to_know(unit: Unit, inbox: Served, echo: Echoed) -> contacts.Known:
    """The shop wrote first, to somebody who never wrote here."""
    new = contacts.NewIdentity(
        id=new_id(),
        contact_id=new_id(),
        channel=inbox.kind,
        inbox_id=inbox.id,
        scope=inbox.scope,
        address=echo.address,
        display="",
        verified=False,
        name="",
        language="",
        timezone="",
        facts=None,
        wrote=False,
    )
    return contacts.create(unit.db, inbox.shop_id, [new], unit.now)[inbox.scope, echo.address]


def _place_in_public(unit: Unit, event: Reported, root: str) -> dict[str, Any] | None:
    """None where no customer has said anything so far: under a post of the shop's own."""
    key = key_of(root)
    found = conversations.by_thread(unit.db, event.shop_id, event.inbox_id, [key], public=True).get(key)
    return _locked(unit, event.shop_id, found["id"]) if found is not None else None


def _place(unit: Unit, event: Reported, echo: Echoed, identity: contacts.Known) -> dict[str, Any]:
    """The conversation that goes on, or a new one in which nobody waits."""
    people = [identity.contact_id]
    going = conversations.continuing(unit.db, event.shop_id, people, unit.now - MEMORY).get(identity.contact_id)
    if going is not None and continues(Status(going["status"]), going["last_at"], unit.now, memory=MEMORY):
        return _locked(unit, event.shop_id, going["id"])
    at = believable(echo.at, unit.now)
    row: dict[str, Any] = {
        "shop_id": event.shop_id,
        "id": new_id(),
        "number": counters.take(unit.db, event.shop_id, "conversation", 1),
        "contact_id": identity.contact_id,
        "inbox_id": event.inbox_id,
        "status": Status.OPEN.value,
        "rank": rank(None, at),
        "last_seq": 0,
        "last_at": at,
        "created_at": unit.now,
    }
    conversations.add(unit.db, [row])
    return _locked(unit, event.shop_id, row["id"])


def _locked(unit: Unit, shop_id: int, conversation_id: str) -> dict[str, Any]:
    return conversations.locked(unit.db, shop_id, [conversation_id])[conversation_id]


def _write(unit: Unit, event: Reported, echo: Echoed, identity_id: str | None, place: Mapping[str, Any]) -> None:
    at = believable(echo.at, unit.now)
    message_id, text = new_id(), storable(echo.text)
    asked: datetime | None = place["waiting_since"]
    still_waits = asked is not None and asked > at  # what was said before the question is no answer to it
    grown = {**place, **answered(place, preview(text, len(echo.attachments)), at, automatic=still_waits)}
    grown["last_inbox_id"] = event.inbox_id
    if grown["reply_identity_id"] is None:
        grown["reply_inbox_id"], grown["reply_identity_id"] = event.inbox_id, identity_id
    number = contacts.next_number(unit.db, event.shop_id, identity_id) if identity_id else None
    row = {
        "shop_id": event.shop_id,
        "id": message_id,
        "conversation_id": place["id"],
        "seq": grown["last_seq"],
        "kind": "reply",
        "direction": "outbound",
        "inbox_id": event.inbox_id,
        "identity_id": identity_id,
        "identity_seq": number,
        "provider_id": echo.provider_id,
        "author_kind": "agent",
        "author_name": storable(echo.author),
        "text": text,
        "at": at,
        "created_at": at,
        "receipt": Receipt.SENT.value,
        "receipt_times": {"sent": at},
        "attachments": [attachment_row(one) for one in echo.attachments] or None,
        "content": storable_tree({**echo.content, "elsewhere": True, **_publicly(echo)}),
    }
    messages.add(unit.db, [row])
    conversations.save_growth(unit.db, [grown])
    if any(one.file_id is None for one in echo.attachments):
        jobs.add(unit.db, event.shop_id, "fetch", {"message_id": message_id}, unit.now, inbox_id=event.inbox_id)
    if not still_waits:
        measure(unit, place, event.inbox_id, at)
    unit.emit(
        MessageWritten(
            shop_id=event.shop_id,
            conversation_id=place["id"],
            message_id=message_id,
            ref_id=identity_id,
            inbox_id=event.inbox_id,
        )
    )


def _publicly(echo: Echoed) -> dict[str, Any]:
    return {"public": True, "reply_to": echo.public.root} if echo.public is not None else {}
