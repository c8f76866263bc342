"""What waits in the outbox goes out. The sending itself happens between two units of work: one leases, one notes
the outcome. A lease that nobody ended means that we do not know whether the customer has the message.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prilavok.channels.base import Attachment, Button, Outbound, Sent
from prilavok.domain.capabilities import BLOCKED, window_shut
from prilavok.domain.events import ContactChanged, MessageChanged
from prilavok.domain.receipt import Receipt
from prilavok.domain.rendering import language_of
from prilavok.flows.directory import Served
from prilavok.flows.halt import halt
from prilavok.flows.unit import Unit
from prilavok.store import closures, contacts, conversations, inboxes, jobs, messages, outbox, shops

MARGIN = timedelta(seconds=5)  # at least; by which a lease is longer than a send, so that its outcome can be stored
ENDLESS = timedelta(days=365)
GIVE_UP = timedelta(hours=24)
SHORTEST, LONGEST = 2.0, 600.0  # seconds between two tries
COUNTED = 40  # tries after which a message is a dead letter even before GIVE_UP


@dataclass(frozen=True, slots=True)
class Parcel:
    """One leased message with everything its channel needs."""

    row: Mapping[Any, Any]
    inbox: Served
    outbound: Outbound
    public: bool = False  # what the conversation is; the message must have been written as the same


def claim(unit: Unit, busy: Iterable[str], limit: int, longest_send: timedelta) -> list[Parcel]:
    """Leases what is due, for longer than a send may take. What can never be sent (its inbox or address is gone)
    becomes a dead letter at once; what its inbox has no place for is given back unread.
    """
    parcels = []
    for row in _with_a_place(unit, outbox.claim(unit.db, unit.now, lease_for(longest_send), limit, busy=busy)):
        parcel = _pack(unit, row)
        if parcel is None:
            _bury(unit, row, "its inbox or address is gone")
        elif parcel.inbox.capabilities.shares_address and _says_stop(unit, row, parcel.inbox.medium):
            undeliverable(unit, row, BLOCKED, address_is_dead=False)
        elif parcel.outbound.public != parcel.public:
            _bury(unit, row, "it would have been read by others than it was written for")
        else:
            parcels.append(parcel)
    return parcels


def _with_a_place(unit: Unit, rows: Sequence[Mapping[Any, Any]]) -> list[Mapping[Any, Any]]:
    """No more of each inbox than it may send at once: making a parcel of each of a long queue would keep the writer."""
    kept: list[Mapping[Any, Any]] = []
    surplus: list[Mapping[Any, Any]] = []
    count: dict[str, int] = {}
    for row in rows:
        inbox = unit.world.directory.get(unit.db, row["shop_id"], row["inbox_id"])
        count[row["inbox_id"]] = count.get(row["inbox_id"], 0) + 1
        too_many = inbox is not None and count[row["inbox_id"]] > inbox.capabilities.parallel
        (surplus if too_many else kept).append(row)
    if surplus:
        outbox.release(unit.db, [row["id"] for row in surplus])
    return kept


def _says_stop(unit: Unit, row: Mapping[Any, Any], medium: str) -> bool:
    """They wrote STOP after this was written: it holds from the next message on."""
    identity_id = row["identity_id"]
    return closures.of(unit.db, row["shop_id"], [identity_id]).get(identity_id, {}).get(medium) == BLOCKED


def lease_for(longest_send: timedelta) -> timedelta:
    """How long a message belongs to whoever sends it: always longer than the sending may take."""
    return longest_send + max(MARGIN, longest_send / 5)


def sent(unit: Unit, row: Mapping[Any, Any], outcome: Sent) -> None:
    """The vendor took it."""
    outbox.remove(unit.db, row["shop_id"], row["id"])
    message = messages.get(unit.db, row["shop_id"], row["message_id"], lock=True)
    inboxes.change(unit.db, row["shop_id"], row["inbox_id"], {"last_sent_at": unit.now})
    if message is None:
        return
    times = {"sent": unit.now, outcome.receipt.value: unit.now} | (message["receipt_times"] or {})
    changes: dict[str, Any] = {"receipt_times": times, "reason": None}
    if message["receipt"] in {None, Receipt.ACCEPTED, Receipt.PERHAPS_SENT, Receipt.FAILED}:
        changes["receipt"] = outcome.receipt.value
    if outcome.provider_id:
        _forget_echo(unit, row, outcome.provider_id)
        changes["provider_id"] = outcome.provider_id
    if outcome.price is not None:
        content = dict(message["content"] or {})
        changes["content"] = {**content, "price": {**outcome.price.as_mapping, **content.get("price", {})}}
    messages.change(unit.db, row["shop_id"], row["message_id"], changes)
    if outcome.more_ids:
        known = {"shop_id": row["shop_id"], "inbox_id": row["inbox_id"], "message_id": row["message_id"]}
        messages.add_aliases(unit.db, [{**known, "provider_id": one} for one in outcome.more_ids])
    if outcome.provider_id and (inbox := unit.world.directory.get(unit.db, row["shop_id"], row["inbox_id"])):
        _inquire_later(unit, inbox, row["message_id"], outcome.provider_id)
    _tell(unit, row, outcome.receipt)


def _forget_echo(unit: Unit, row: Mapping[Any, Any], provider_id: str) -> None:
    """The vendor told us of this very message before it answered us, in words that were not to be recognised."""
    known = messages.known(unit.db, row["shop_id"], row["inbox_id"], [provider_id]).get(provider_id)
    echo = messages.get(unit.db, row["shop_id"], known["id"], lock=True) if known is not None else None
    if echo is not None and echo["id"] != row["message_id"] and (echo["content"] or {}).get("elsewhere"):
        changes = {"provider_id": None, "text": "", "attachments": None, "deleted_at": unit.now}
        messages.change(unit.db, row["shop_id"], echo["id"], changes)
        _tell(unit, {**row, "message_id": echo["id"], "conversation_id": echo["conversation_id"]}, None)


def _inquire_later(unit: Unit, inbox: Served, message_id: str, provider_id: str) -> None:
    """Of a vendor who must be asked what became of a message."""
    if times := inbox.capabilities.inquires:
        data = {"message_id": message_id, "provider_id": provider_id}
        due = unit.now + timedelta(seconds=times[0])
        jobs.add(unit.db, inbox.shop_id, "inquire", data, due, inbox_id=inbox.id)


def later(unit: Unit, row: Mapping[Any, Any], reason: str, after: float | None) -> None:
    """Not now. Tried again after the vendor's own delay, or after a growing one; dead after a day."""
    if row["attempts"] >= COUNTED or unit.now - row["created_at"] > GIVE_UP:
        _bury(unit, row, f"gave up after {row['attempts']} tries: {reason}")
        return
    wait = after if after is not None else back_off(row["attempts"], random.random())  # noqa: S311  spreads, hides nothing
    changes = {"state": "waiting", "lease_until": None, "due_at": unit.now + timedelta(seconds=wait), "reason": reason}
    outbox.change(unit.db, row["shop_id"], row["id"], changes)


def hold(unit: Unit, row: Mapping[Any, Any], seconds: float) -> None:
    """Not tried at all: the channel's own pace does not allow it yet."""
    due = unit.now + timedelta(seconds=seconds)
    changes = {"state": "waiting", "lease_until": None, "due_at": due, "attempts": row["attempts"] - 1}
    outbox.change(unit.db, row["shop_id"], row["id"], changes)


def undeliverable(unit: Unit, row: Mapping[Any, Any], reason: str, *, address_is_dead: bool) -> None:
    """Never through this address. The message shows it; the agent chooses another way."""
    outbox.remove(unit.db, row["shop_id"], row["id"])
    _fail(unit, row, reason)
    if address_is_dead:
        identity = contacts.identity(unit.db, row["shop_id"], row["identity_id"])
        inbox = unit.world.directory.get(unit.db, row["shop_id"], row["inbox_id"])
        if inbox is not None and inbox.capabilities.shares_address:
            closures.shut(unit.db, row["shop_id"], row["identity_id"], inbox.medium, reason, unit.now)
        else:
            contacts.set_reachable(unit.db, row["shop_id"], row["identity_id"], reachable=False, reason=reason)
        if identity is not None:
            unit.emit(ContactChanged(shop_id=row["shop_id"], ref_id=identity["contact_id"]))


def needs_owner(unit: Unit, row: Mapping[Any, Any], reason: str) -> None:
    """The whole inbox stops and says why; its messages wait."""
    changes = {"state": "waiting", "lease_until": None, "due_at": unit.now, "reason": reason}
    outbox.change(unit.db, row["shop_id"], row["id"], changes)
    halt(unit, row["shop_id"], row["inbox_id"], reason)


def perhaps(unit: Unit, row: Mapping[Any, Any], reason: str) -> None:
    """We do not know whether it went. A person decides, for a second copy would be worse than a question."""
    if outbox.get(unit.db, row["shop_id"], row["id"]) is None:
        return  # the vendor has told us meanwhile that it went
    outbox.change(unit.db, row["shop_id"], row["id"], {"state": "perhaps", "lease_until": None, "reason": reason})
    changes = {"receipt": Receipt.PERHAPS_SENT.value, "reason": reason}
    messages.change(unit.db, row["shop_id"], row["message_id"], changes)
    _tell(unit, row, Receipt.PERHAPS_SENT)


def recover(unit: Unit, *, everything: bool = False) -> int:
    """Settles leases that ran out (all of them, when this is the only process and it has just started).

    Where the channel deduplicates, the message is simply sent again.
    """
    now = unit.now + ENDLESS if everything else unit.now
    rows = outbox.lapsed(unit.db, now)
    for row in rows:
        inbox = unit.world.directory.get(unit.db, row["shop_id"], row["inbox_id"])
        if inbox is not None and inbox.capabilities.deduplicates:
            changes = {"state": "waiting", "lease_until": None, "due_at": unit.now}
            outbox.change(unit.db, row["shop_id"], row["id"], changes)
        else:
            perhaps(unit, row, "we stopped while it was being sent")
    return len(rows)


def release(unit: Unit, ids: Sequence[str]) -> None:
    """Gives back what was leased and not tried."""
    outbox.release(unit.db, ids)


def back_off(attempts: int, chance: float) -> float:
    """Seconds until the next try: doubling from 2 s to 10 min, spread over its upper half so that a crowd of failed
    messages does not come back at once. `chance` is in [0, 1).
    """
    whole: float = min(SHORTEST * 2.0 ** min(max(attempts - 1, 0), 20), LONGEST)
    return whole / 2 + whole / 2 * chance


def _pack(unit: Unit, row: Mapping[Any, Any]) -> Parcel | None:
    inbox = unit.world.directory.get(unit.db, row["shop_id"], row["inbox_id"])
    identity = contacts.identity(unit.db, row["shop_id"], row["identity_id"])
    message = messages.get(unit.db, row["shop_id"], row["message_id"])
    conversation = conversations.get(unit.db, row["shop_id"], row["conversation_id"])
    shop = shops.get(unit.db, row["shop_id"])
    if inbox is None or identity is None or message is None or conversation is None or shop is None:
        return None
    content = message["content"] or {}
    contact = contacts.contact(unit.db, row["shop_id"], identity["contact_id"])
    threads = inbox.capabilities.threads
    references = messages.thread_ids(unit.db, row["shop_id"], conversation["id"], inbox.id) if threads else []
    outbound = Outbound(
        message_id=message["id"],
        conversation_id=conversation["id"],
        address=identity["address"],
        text=message["text"],
        name=identity["display"] or (contact["name"] if contact is not None else ""),
        author=message["author_name"],
        shop=shop["name"],
        language=language_of(
            conversation["last_text"], contact["language"] if contact is not None else "", shop["language"]
        ),
        attachments=tuple(_attachment(one) for one in message["attachments"] or ()),
        buttons=tuple(
            Button(one["text"], one.get("data", ""), one.get("url", "")) for one in content.get("buttons", ())
        ),
        replies_to=content.get("reply_to", "") or (references[-1] if references else ""),
        references=tuple(references),
        subject=content.get("subject") or conversation["subject"],
        copies=tuple(content.get("copies", ())),
        automatic=message["automatic"],
        attempt=row["attempts"],
        links=content.get("links", {}),
        window_shut=window_shut(inbox.capabilities, identity["last_at"], unit.now),
        template=content.get("template", {}),
        call=content.get("call", {}),
        public=bool(content.get("public")),
        private_to=content.get("private_to", ""),
    )
    return Parcel(row, inbox, outbound, public=bool(conversation["public"]))


def _attachment(one: Mapping[Any, Any]) -> Attachment:
    return Attachment(
        name=one["name"],
        type=one.get("type", "application/octet-stream"),
        size=one.get("size"),
        file_id=one.get("id"),
        kind=one.get("kind", "file"),
    )


def _bury(unit: Unit, row: Mapping[Any, Any], reason: str) -> None:
    outbox.change(unit.db, row["shop_id"], row["id"], {"state": "dead", "lease_until": None, "reason": reason})
    _fail(unit, row, reason)


def _fail(unit: Unit, row: Mapping[Any, Any], reason: str) -> None:
    changes = {
        "receipt": Receipt.FAILED.value,
        "reason": reason,
        "receipt_times": {"failed": _stamp(unit.now)},
    }
    messages.change(unit.db, row["shop_id"], row["message_id"], changes)
    _tell(unit, row, Receipt.FAILED)


def _stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _tell(unit: Unit, row: Mapping[Any, Any], receipt: Receipt | None) -> None:
    unit.emit(
        MessageChanged(
            shop_id=row["shop_id"],
            conversation_id=row["conversation_id"],
            message_id=row["message_id"],
            ref_id=row["identity_id"],
            receipt=receipt,
        )
    )
