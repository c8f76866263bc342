"""What the vendor reports about a message that is stored already: a receipt, an edit, a deletion, a block."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from prilavok.domain.conversation import preview, waits_again
from prilavok.domain.errors import NotFound
from prilavok.domain.events import CallEnded, ContactChanged, InboxChanged, MessageChanged, Reported
from prilavok.domain.message import (
    CallOutcome,
    CallState,
    Deleted,
    Edited,
    Noticed,
    Price,
    Reachability,
    Reacted,
    ReceiptCame,
    call_text,
    ended,
    gone_on,
)
from prilavok.domain.receipt import Receipt, climbs
from prilavok.flows.unit import Unit
from prilavok.kit.ids import is_id
from prilavok.kit.text import storable, storable_tree
from prilavok.store import closures, contacts, conversations, inboxes, jobs, messages, outbox

OUTRAN = "receipt"  # the kind of jobs that tell a receipt again
AGAIN = tuple(timedelta(seconds=wait) for wait in (2, 5, 20, 60))
EMOJI, REACTIONS = 32, 100  # characters of one, people who may put one to a message
TROUBLES = 20  # lines beside an inbox


def confirm(unit: Unit, event: Reported) -> None:
    """Applies one report. What concerns nothing of ours changes nothing."""
    match event.report:
        case ReceiptCame() as came:
            rows = _concerned(unit, event, came)
            if not rows and came.provider_id and outbox.any_leased(unit.db, event.shop_id, event.inbox_id):
                data = {"scope": event.scope, "report": msgspec.to_builtins(came)}
                jobs.add(unit.db, event.shop_id, OUTRAN, data, unit.now + AGAIN[0], inbox_id=event.inbox_id)
            for row in rows:
                priced = _note_price(unit, row, came.price) if came.price is not None else row
                if came.unreliable:
                    _note(unit, row, came.at)
                else:
                    lift(unit, priced, came.receipt, came.at, came.reason, came.outcome)
            if came.address_is_dead:
                _mark_dead(unit, event, came, rows)
        case Edited() as edited:
            _edit(unit, event, edited)
        case Deleted() as deleted:
            _delete(unit, event, deleted)
        case Reacted() as reacted:
            _react(unit, event, reacted)
        case Noticed() as noticed:
            _tell_owner(unit, event, noticed)
        case Reachability() as state:
            _mark(unit, event, state.address, reachable=state.reachable, reason=state.reason)


def tell_again(unit: Unit, job: Mapping[Any, Any]) -> None:
    """A receipt came before the vendor's answer to the request that made its message, or before that was stored: nobody
    knew its id yet. Later it is a report as any other; what nobody knows even then is none of ours.
    """
    came = msgspec.convert(job["data"]["report"], ReceiptCame)
    known = messages.known(unit.db, job["shop_id"], job["inbox_id"], [came.provider_id])
    if not known and job["attempts"] < len(AGAIN):
        due = unit.now + AGAIN[job["attempts"]]
        jobs.postpone(unit.db, job["shop_id"], job["id"], due_at=due, reason="")
        return
    jobs.finish(unit.db, job["shop_id"], job["id"])
    if known:
        scope = job["data"]["scope"]
        unit.emit(Reported(shop_id=job["shop_id"], inbox_id=job["inbox_id"], scope=scope, report=came))


def lift(
    unit: Unit,
    row: Mapping[Any, Any],
    receipt: Receipt,
    at: datetime,
    reason: str = "",
    outcome: CallOutcome | None = None,
) -> bool:
    """Raises a message's receipt; false when it told nothing new. `outcome`: how it ended, where it was a call."""
    current = Receipt(row["receipt"]) if row["receipt"] else None
    if not climbs(current, receipt):
        return False
    times = dict(row["receipt_times"] or {}) | {receipt.value: at}
    if current is Receipt.PERHAPS_SENT and receipt is not Receipt.FAILED and _in_parts(row):
        # What arrived may be the words alone: a person is still asked about the file.
        messages.change(unit.db, row["shop_id"], row["id"], {"receipt_times": times})
        return False
    changes: dict[str, Any] = {"receipt": receipt.value, "receipt_times": times}
    changes["reason"] = reason or None
    if "call" in (content := row["content"] or {}):
        changes["content"] = {**content, "call": ended(content["call"], outcome)}
    messages.change(unit.db, row["shop_id"], row["id"], changes)
    if current is Receipt.PERHAPS_SENT:  # now we know
        waiting = outbox.of_message(unit.db, row["shop_id"], row["id"])
        if waiting is not None:
            outbox.remove(unit.db, row["shop_id"], waiting["id"])
    unit.emit(
        MessageChanged(
            shop_id=row["shop_id"],
            conversation_id=row["conversation_id"],
            message_id=row["id"],
            ref_id=row["identity_id"],
            receipt=receipt,
        )
    )
    return True


def _in_parts(row: Mapping[Any, Any]) -> bool:
    """Whether a vendor may have had it as several messages, each with receipts of its own."""
    files = len(row["attachments"] or ())
    return files > 0 and files + bool(row["text"].strip()) > 1


def _note(unit: Unit, row: Mapping[Any, Any], at: datetime) -> None:
    """Perhaps seen: agents may know when, and no rule counts on it."""
    times = dict(row["receipt_times"] or {})
    if "opened" not in times:
        messages.change(unit.db, row["shop_id"], row["id"], {"receipt_times": {**times, "opened": at}})
        _changed(unit, row)


def _note_price(unit: Unit, row: Mapping[Any, Any], price: Price) -> Mapping[Any, Any]:
    """What the vendor says later adds to what it said before: the parts come first, the sum when it is settled. The row
    as it is then.
    """
    content = dict(row["content"] or {})
    known = {**content.get("price", {}), **price.as_mapping}
    if not known or known == content.get("price"):
        return row
    changes = {"content": {**content, "price": known}}
    messages.change(unit.db, row["shop_id"], row["id"], changes)
    _changed(unit, row)
    return {**row, **changes}


def see(unit: Unit, shop_id: int, conversation_id: str, seq: int, *, reader: str = "") -> None:
    """An agent has seen everything up to `seq`: the customer's ticks turn to "read".

    `reader`: the agent's name. Where the customer has a page of ours, it says who has read.
    """
    conversation = conversations.get(unit.db, shop_id, conversation_id, lock=True)
    if conversation is None:
        raise NotFound
    seq = min(seq, conversation["last_seq"])  # what is still to come has not been seen
    if not conversations.set_seen(unit.db, shop_id, conversation_id, seq):
        return
    for message_id in messages.seen_up_to(unit.db, shop_id, conversation_id, seq):
        row = messages.get(unit.db, shop_id, message_id)
        if row is not None and reader:
            _sign(unit, row, reader)
        unit.emit(
            MessageChanged(
                shop_id=shop_id,
                conversation_id=conversation_id,
                message_id=message_id,
                ref_id=row["identity_id"] if row is not None else None,
                receipt=Receipt.READ,
            )
        )


def _sign(unit: Unit, row: Mapping[Any, Any], reader: str) -> None:
    inbox = unit.world.directory.get(unit.db, row["shop_id"], row["inbox_id"] or "")
    if inbox is not None and inbox.capabilities.page:
        read = {"by": reader.split(maxsplit=1)[0][:40], "at": unit.now.isoformat()}
        messages.change(unit.db, row["shop_id"], row["id"], {"content": {**(row["content"] or {}), "read": read}})


def _concerned(unit: Unit, event: Reported, came: ReceiptCame) -> Sequence[Mapping[Any, Any]]:
    """Our messages that a receipt speaks of: one by id, or all up to a watermark of one address."""
    if came.message_id and not is_id(came.message_id):
        return []
    if came.message_id:
        row = messages.get(unit.db, event.shop_id, came.message_id, lock=True)
        ours = row is not None and row["direction"] == "outbound" and row["inbox_id"] == event.inbox_id
        return [row] if row is not None and ours else []
    if came.provider_id:
        known = messages.known(unit.db, event.shop_id, event.inbox_id, [came.provider_id]).get(came.provider_id)
        row = messages.get(unit.db, event.shop_id, known["id"], lock=True) if known is not None else None
        if row is not None and came.and_before and row["identity_id"] is not None:
            before = {"direction": "outbound", "inbox_id": event.inbox_id, "seq": row["identity_seq"]}
            return messages.receipts_up_to(unit.db, event.shop_id, row["identity_id"], **before)
        return [row] if row is not None and row["direction"] == "outbound" else []
    identity = contacts.identity_at(unit.db, event.shop_id, event.scope, came.address)
    if identity is None or (came.up_to is None and came.up_to_seq is None):
        return []
    return messages.receipts_up_to(
        unit.db,
        event.shop_id,
        identity["id"],
        direction="outbound",
        inbox_id=event.inbox_id,
        seq=came.up_to_seq,
        at=came.up_to,
    )


def _edit(unit: Unit, event: Reported, edited: Edited) -> None:
    row = _own(unit, event, edited.provider_id, edited.sender.address)
    if row is None:
        return
    if edited.attachments:
        _attach(unit, event, row, edited)
        if not (edited.text or edited.content):
            return
    text, before = storable(edited.text), dict(row["content"] or {})
    further = {name: value for name, value in edited.content.items() if name != "public"}  # that is the matter's
    content, waits = before | storable_tree(further), edited.waits
    if "call" in edited.content:
        if "seconds" in before.get("call", {}):
            return  # a call that is over does not begin again, however late the news of it comes
        content["call"] = gone_on(before.get("call", {}), content["call"], edited.at)
        state, waits = content["call"]["state"], waits or content["call"]["state"] == CallState.MISSED
        text = call_text(CallState(state), content["call"].get("seconds"))
    if row["text"] == text and content == before:
        return
    changes: dict[str, Any] = {"text": text, "content": content}
    if not further:
        content.setdefault("original_text", row["text"])
        changes["edited_at"] = edited.at
    if waits:
        changes["automatic"] = False
    messages.change(unit.db, event.shop_id, row["id"], changes)
    conversation = conversations.get(unit.db, event.shop_id, row["conversation_id"], lock=True)
    if conversation is not None:
        place = waits_again(conversation, edited.at) if waits else {}
        if conversation["last_seq"] == row["seq"]:
            place["last_text"] = preview(text)
        if place:
            conversations.change(unit.db, event.shop_id, conversation["id"], place)
    _changed(unit, row)
    if "call" in edited.content:
        _tell_of_call(unit, event, row, content["call"])


def _attach(unit: Unit, event: Reported, row: Mapping[Any, Any], edited: Edited) -> None:
    """What came later, once; the channel fetches it after the commit."""
    known = [dict(one) for one in row["attachments"] or ()]
    names = {one.get("ref") for one in known} | {one["name"] for one in known}
    fresh = [one for one in edited.attachments if one.name not in names and one.ref not in names]
    if not fresh:
        return
    parts = [{"name": one.name, "type": one.type, "kind": one.kind, "ref": one.ref} for one in fresh]
    messages.change(unit.db, event.shop_id, row["id"], {"attachments": [*known, *parts]})
    jobs.add(unit.db, event.shop_id, "fetch", {"message_id": row["id"]}, unit.now, inbox_id=event.inbox_id)
    _changed(unit, row)


def _tell_of_call(unit: Unit, event: Reported, row: Mapping[Any, Any], call: Mapping[str, Any]) -> None:
    """When it is over: only then has it seconds."""
    if "seconds" not in call:
        return
    unit.emit(
        CallEnded(
            shop_id=row["shop_id"],
            conversation_id=row["conversation_id"],
            message_id=row["id"],
            ref_id=row["identity_id"],
            inbox_id=event.inbox_id,
            answered=call.get("state") == CallState.ANSWERED,
            seconds=call["seconds"],
        )
    )


def _delete(unit: Unit, event: Reported, deleted: Deleted) -> None:
    row = _own(unit, event, deleted.provider_id, deleted.sender.address)
    if row is not None and row["deleted_at"] is None:
        messages.change(unit.db, event.shop_id, row["id"], {"deleted_at": deleted.at})
        _changed(unit, row)


def _tell_owner(unit: Unit, event: Reported, noticed: Noticed) -> None:
    """A line for each thing that is not well stands beside the inbox, which goes on working."""
    inbox = inboxes.get(unit.db, event.shop_id, event.inbox_id)
    if inbox is None or inbox["state"] != "active":
        return  # why it is paused is more urgent
    about = storable(noticed.about)
    lines = [line for line in inbox["reason"].splitlines() if not line.startswith(f"{about}: ")]
    if trouble := " ".join(storable(noticed.trouble).split()):
        lines.append(f"{about}: {trouble}")
    reason = "\n".join(lines[-TROUBLES:])
    if reason != inbox["reason"]:
        inboxes.change(unit.db, event.shop_id, event.inbox_id, {"reason": reason})
        unit.emit(InboxChanged(shop_id=event.shop_id, ref_id=event.inbox_id))


def _react(unit: Unit, event: Reported, reacted: Reacted) -> None:
    """`content.reactions` holds one of each person: {emoji, name, by (their address's id), at}."""
    known = messages.known(unit.db, event.shop_id, event.inbox_id, [reacted.provider_id]).get(reacted.provider_id)
    identity = contacts.identity_at(unit.db, event.shop_id, event.scope, reacted.sender.address)
    row = messages.get(unit.db, event.shop_id, known["id"], lock=True) if known is not None else None
    if row is None or identity is None or row["deleted_at"] is not None:
        return
    if row["identity_id"] != identity["id"] and not _in_public(unit, row):
        return  # the message of another customer
    content = dict(row["content"] or {})
    before = content.get("reactions", [])
    own = next((one for one in before if one["by"] == identity["id"]), None)
    at, emoji = reacted.at.isoformat(), storable(reacted.emoji)[:EMOJI]
    if own is not None and (own["at"] > at or own["emoji"] == emoji):
        return
    others = [one for one in before if one is not own]
    name = storable(reacted.sender.name) or identity["display"]
    new = [{"emoji": emoji, "name": name, "by": identity["id"], "at": at}] if emoji else []
    content["reactions"] = [*others, *new][-REACTIONS:]
    if content["reactions"] == before:
        return
    messages.change(unit.db, event.shop_id, row["id"], {"content": content})
    _changed(unit, row)


def _in_public(unit: Unit, row: Mapping[Any, Any]) -> bool:
    conversation = conversations.get(unit.db, row["shop_id"], row["conversation_id"])
    return conversation is not None and bool(conversation["public"])


def _own(unit: Unit, event: Reported, provider_id: str, address: str) -> Mapping[Any, Any] | None:
    """The customer's message, only if it is really theirs; or the shop's to them, if it was not written here."""
    known = messages.known(unit.db, event.shop_id, event.inbox_id, [provider_id]).get(provider_id)
    if known is not None and known["direction"] == "inbound" and not address:  # the vendor names the call alone
        row = messages.get(unit.db, event.shop_id, known["id"], lock=True)
        return row if row is not None and "call" in (row["content"] or {}) else None
    identity = contacts.identity_at(unit.db, event.shop_id, event.scope, address)
    if known is None or identity is None or identity["id"] != known["identity_id"]:
        return None
    row = messages.get(unit.db, event.shop_id, known["id"], lock=True)
    elsewhere = row is not None and (row["content"] or {}).get("elsewhere")
    return row if known["direction"] == "inbound" or elsewhere else None


def _changed(unit: Unit, row: Mapping[Any, Any]) -> None:
    unit.emit(
        MessageChanged(
            shop_id=row["shop_id"],
            conversation_id=row["conversation_id"],
            message_id=row["id"],
            ref_id=row["identity_id"],
        )
    )


def _mark_dead(unit: Unit, event: Reported, came: ReceiptCame, rows: Sequence[Mapping[Any, Any]]) -> None:
    """Only the address that our message was really sent to: whoever holds one of our ids may name another victim."""
    for row in rows:
        identity = contacts.identity(unit.db, event.shop_id, row["identity_id"]) if row["identity_id"] else None
        if identity is not None and identity["address"] == came.address:
            _mark(unit, event, came.address, reachable=False, reason=came.reason or "undeliverable")


def _mark(unit: Unit, event: Reported, address: str, *, reachable: bool, reason: str) -> None:
    identity = contacts.identity_at(unit.db, event.shop_id, event.scope, address)
    inbox = unit.world.directory.get(unit.db, event.shop_id, event.inbox_id)
    if identity is None:
        return
    if inbox is not None and inbox.capabilities.shares_address:
        before = closures.of(unit.db, event.shop_id, [identity["id"]]).get(identity["id"], {}).get(inbox.medium)
        if before == (None if reachable else reason):
            return
        if reachable:
            closures.reopen(unit.db, event.shop_id, identity["id"], inbox.medium)
        else:
            closures.shut(unit.db, event.shop_id, identity["id"], inbox.medium, reason, unit.now)
    elif (identity["reachable"], identity["reason"]) == (reachable, reason):
        return
    else:
        contacts.set_reachable(unit.db, event.shop_id, identity["id"], reachable=reachable, reason=reason)
    unit.emit(ContactChanged(shop_id=event.shop_id, ref_id=identity["contact_id"]))
