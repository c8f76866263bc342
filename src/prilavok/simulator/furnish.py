"""Puts a made-up history into an empty database, as if the shop had worked with Prilavok for a year."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from prilavok.domain.conversation import preview, rank
from prilavok.domain.message import Attachment
from prilavok.domain.promise import hour_of_week
from prilavok.flows.intake import file_row
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.simulator.furnish_orders import furnish_orders, parts
from prilavok.simulator.furnish_told import furnish_told
from prilavok.simulator.seeds import ContactSeed, ConversationSeed, History, MessageSeed
from prilavok.store import answers, contacts, conversations, counters, files, inboxes, messages
from prilavok.store.files import Folder

AT_ONCE = 2000  # rows in one statement
Say = Callable[[str], None]  # a line about how far it is, for somebody who waits


class Keys:
    """Real ids for the keys by which seeds point to each other."""

    def __init__(
        self, shop_id: int, agents: Mapping[str, str], inboxes: Mapping[str, str], names: Mapping[str, str]
    ) -> None:
        """`names` are those of the agents, by the same keys."""
        self.shop_id = shop_id
        self.names = names
        self.agents = agents
        self.inboxes = inboxes
        self.contacts: dict[str, str] = {}
        self.identities: dict[tuple[str, str], str] = {}  # contact key, inbox key


def furnish(unit: Unit, history: History, keys: Keys, scopes: Mapping[str, str], folder: Folder, say: Say) -> None:
    """`keys` knows the agents and inboxes already; `scopes` is, by inbox key, within what its addresses are unique."""
    say(f"  {len(history.conversations):,} conversations ...")
    _people(unit, history.contacts, keys, scopes)
    numbers: dict[str, int] = {}
    rows: dict[str, list[dict[str, Any]]] = {"conversations": [], "messages": [], "answers": [], "files": []}
    for conversation in history.conversations:
        _one(unit, conversation, history, keys, numbers, rows, folder)
    for part in parts(rows["conversations"], AT_ONCE):
        conversations.add(unit.db, part)
    for part in parts(rows["messages"], AT_ONCE):
        messages.add(unit.db, part)
    for part in parts(rows["answers"], AT_ONCE):
        answers.add_many(unit.db, part)
    if rows["files"]:
        files.add(unit.db, rows["files"])
    both = zip(history.conversations, rows["conversations"], strict=True)
    tags = ((row["id"], tag) for conversation, row in both for tag in sorted(set(conversation.tags)))
    conversations.add_tags(unit.db, keys.shop_id, tags)
    _last_seen(unit, history, keys)
    contacts.set_numbers(unit.db, keys.shop_id, numbers)
    counters.take(unit.db, keys.shop_id, "conversation", len(rows["conversations"]))
    say(f"  {len(history.orders):,} orders, and what their comments ask for ...")
    bought = furnish_orders(unit, keys.shop_id, history.orders, keys.contacts, keys.agents[history.agents[0].key])
    say("  what their buyers were told ...")
    furnish_told(unit, keys.shop_id, history.orders, bought)


def _last_seen(unit: Unit, history: History, keys: Keys) -> None:
    """When each inbox last took and last sent something, as its health page shows it."""
    last: dict[tuple[str, str], datetime] = {}
    for one in (message for conversation in history.conversations for message in conversation.messages):
        if one.kind in {"message", "reply"}:
            what = "last_received_at" if one.direction == "inbound" else "last_sent_at"
            last[one.inbox, what] = max(one.at, last.get((one.inbox, what), one.at))
    for (inbox, what), at in last.items():
        inboxes.change(unit.db, keys.shop_id, keys.inboxes[inbox], {what: at})


def _people(unit: Unit, people: Sequence[ContactSeed], keys: Keys, scopes: Mapping[str, str]) -> None:
    rows, addresses = [], []
    for one in people:
        keys.contacts[one.key] = contact_id = new_id()
        rows.append(
            {
                "shop_id": keys.shop_id,
                "id": contact_id,
                "name": one.name,
                "language": one.language,
                "timezone": one.timezone,
                "country": one.country,
                "facts": dict(one.facts) or None,
                "created_at": one.created_at,
            }
        )
        for identity in one.identities:
            keys.identities[one.key, identity.inbox] = identity_id = new_id()
            addresses.append(
                {
                    "shop_id": keys.shop_id,
                    "id": identity_id,
                    "contact_id": contact_id,
                    "channel": identity.inbox,
                    "inbox_id": keys.inboxes[identity.inbox],
                    "scope": scopes[identity.inbox],
                    "address": identity.address,
                    "display": identity.display,
                    "verified": identity.verified,
                    "claimed": "",
                    "reachable": identity.reachable,
                    "reason": identity.reason,
                    "last_at": identity.last_at or one.created_at,
                    "last_seq": 0,
                    "created_at": one.created_at,
                }
            )
    contacts.add(unit.db, rows, addresses)


def _one(
    unit: Unit,
    conversation: ConversationSeed,
    history: History,
    keys: Keys,
    numbers: dict[str, int],
    rows: dict[str, list[dict[str, Any]]],
    folder: Folder,
) -> None:
    conversation_id = new_id()
    last = next(one for one in reversed(conversation.messages) if one.kind in {"message", "reply"})
    wrote = [one for one in conversation.messages if one.direction == "inbound"]
    asked = None
    for seq, one in enumerate(conversation.messages, 1):
        attachments = [_file(unit, file, keys, rows, folder) for file in one.attachments]
        rows["messages"].append(_message(one, conversation, conversation_id, seq, keys, numbers, attachments))
        if one.kind == "message":
            asked = asked or one.at
        elif one.kind == "reply" and not one.automatic and asked is not None:
            hour = hour_of_week(asked, history.timezone)
            seconds = int((one.at - asked).total_seconds())
            rows["answers"].append(_answer(keys, one, hour, seconds))
            asked = None
    answer_to = keys.identities.get((conversation.contact, wrote[-1].inbox)) if wrote else None
    rows["conversations"].append(
        {
            "shop_id": keys.shop_id,
            "id": conversation_id,
            "number": conversation.number,
            "contact_id": keys.contacts[conversation.contact],
            "inbox_id": keys.inboxes[conversation.messages[0].inbox],
            "reply_inbox_id": keys.inboxes[conversation.inbox],
            "reply_identity_id": keys.identities.get((conversation.contact, conversation.inbox), answer_to),
            "subject": conversation.subject,
            "status": conversation.status.value,
            "priority": conversation.priority.value,
            "assignee_id": keys.agents[conversation.assignee] if conversation.assignee else None,
            "snoozed_until": conversation.snoozed_until,
            "waiting_since": conversation.waiting_since,
            "rank": rank(conversation.waiting_since, last.at),
            "last_seq": len(conversation.messages),
            "seen_seq": conversation.seen,
            "last_text": preview(last.text, len(last.attachments)),
            "last_at": last.at,
            "last_direction": last.direction,
            "last_kind": last.kind.value,
            "last_inbox_id": keys.inboxes[last.inbox],
            "context": dict(conversation.context) or None,
            "created_at": conversation.created_at,
        }
    )


def _message(
    one: MessageSeed,
    conversation: ConversationSeed,
    conversation_id: str,
    seq: int,
    keys: Keys,
    numbers: dict[str, int],
    attachments: list[dict[str, Any]],
) -> dict[str, Any]:
    identity_id = identity_seq = None
    if one.kind in {"message", "reply"}:
        identity_id = keys.identities.get((conversation.contact, one.inbox))
        if identity_id is not None:
            identity_seq = numbers[identity_id] = numbers.get(identity_id, 0) + 1
    extra = {"folded": one.folded, "subject": one.subject, "original_text": one.original_text}
    content = {**one.content, **{name: value for name, value in extra.items() if value}}
    inbound = one.direction == "inbound" and one.kind == "message"
    return {
        "shop_id": keys.shop_id,
        "id": new_id(),
        "conversation_id": conversation_id,
        "seq": seq,
        "kind": one.kind.value,
        "direction": one.direction,
        "inbox_id": keys.inboxes[one.inbox] if identity_id else None,
        "identity_id": identity_id,
        "identity_seq": identity_seq,
        "author_kind": one.author_kind.value,
        "author_id": keys.agents.get(one.author),
        "author_name": keys.names.get(one.author, ""),
        "text": one.text,
        "at": one.at,
        "created_at": one.at,
        "receipt": ("read" if seq <= conversation.seen else "delivered") if inbound else one.receipt,
        "receipt_times": dict(one.times) or None,
        "reason": one.reason or None,
        "automatic": one.automatic,
        "edited_at": one.edited_at,
        "attachments": attachments or None,
        "content": content or None,
    }


def _file(
    unit: Unit, file: Attachment, keys: Keys, rows: dict[str, list[dict[str, Any]]], folder: Folder
) -> dict[str, Any]:
    row = file_row(keys.shop_id, file.name, file.data or b"", owner="history")
    folder.write(keys.shop_id, row["id"], file.data or b"", lasting=False)
    rows["files"].append({**row, "created_at": unit.now})
    wanted = ("id", "name", "type", "size", "kind", "width", "height")
    return {name: row[name] for name in wanted if row[name] is not None}


def _answer(keys: Keys, one: MessageSeed, hour: int, seconds: int) -> dict[str, Any]:
    return {
        "shop_id": keys.shop_id,
        "id": new_id(),
        "inbox_id": keys.inboxes[one.inbox],
        "hour_of_week": hour,
        "seconds": max(0, seconds),
        "at": one.at,
    }
