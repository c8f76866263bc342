"""Somebody of the shop writes: a reply that goes out, or a note that stays inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prilavok.domain.capabilities import BLOCKED
from prilavok.domain.conversation import answered, noted, preview, retold
from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.domain.events import MessageChanged, MessageWritten, OutboxFilled
from prilavok.domain.message import ended
from prilavok.domain.receipt import Receipt
from prilavok.flows.unit import Unit
from prilavok.flows.waited import measure
from prilavok.flows.ways import Way, standing_answers, ways_to
from prilavok.kit.ids import new_id
from prilavok.kit.text import storable, storable_tree
from prilavok.store import contacts, conversations, inboxes, messages, outbox
from prilavok.store import files as file_store
from prilavok.store.questions import Row

NOTE_LIMIT = 20_000  # characters
LOOK_BACK = 100  # messages of a conversation that say how it stands
REFUSALS = {
    "window_shut": "The time in which this channel lets us answer is over. Choose another channel.",
    "never_wrote": "This channel does not let us write first. Choose another channel.",
    f"unreachable: {BLOCKED}": "The customer has blocked the shop there. Choose another channel.",
    "voice": "A telephone is called, not written to. Choose another channel.",
    "not_answerable": "No answer is taken here in public.",
    "answered_already": "The answer stands there already, and there can be only one.",
    "no_template": "The time for words of our own is over here, and this inbox has no approved template.",
    "template_rejected": "The vendor has rejected the template that words go in here by now. Choose another channel.",
    "template_paused": "The vendor has paused the template that words go in here by now. Choose another channel.",
    "template_disabled": "The vendor has switched off the template that words go in here by now.",
    "inbox_paused": "This inbox is paused. Its health page says why.",
}


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: an agent, or the shop itself."""

    kind: str  # agent | bot | system
    id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written. `inbox_id` and `identity_id` choose the way; None is where the customer last wrote."""

    text: str
    inbox_id: str | None = None
    identity_id: str | None = None
    file_ids: Sequence[str] = ()
    buttons: Sequence[Mapping[str, str]] = ()
    reply_to: str | None = None
    automatic: bool = False
    content: Mapping[Any, Any] = field(default_factory=dict)


def reply(unit: Unit, shop_id: int, conversation_id: str, author: Author, draft: Draft) -> str:
    """Stores the reply and lets it go out; returns its id. BadInput or Conflict say what to change."""
    conversation = conversations.get(unit.db, shop_id, conversation_id, lock=True)
    if conversation is None:
        raise NotFound
    if conversation["public"] and (draft.automatic or author.kind != "agent"):
        raise Conflict("Nothing is written by itself where everybody reads it.")
    way = _choose(unit, conversation, draft)
    attachments = _attachments(unit, shop_id, draft)
    text = storable(draft.text).strip()
    _check_fits(way, text, attachments, draft)
    direct = way.inbox.capabilities.direct
    place = dict(conversation) | answered(
        conversation, preview(text, len(attachments)), unit.now, automatic=draft.automatic
    )
    place["last_inbox_id"] = way.inbox.id
    content = _content(unit, shop_id, conversation_id, draft)
    if way.public:
        content |= _in_public(unit, conversation, way, content)
    row = _message_row(unit, place, way, author, draft) | {
        "text": text,
        "attachments": attachments or None,
        "content": storable_tree(content) or None,
    }
    messages.add(unit.db, [row])
    conversations.save_growth(unit.db, [place])
    if direct:
        inboxes.change(unit.db, shop_id, way.inbox.id, {"last_sent_at": unit.now})
    else:
        _queue(unit, shop_id, conversation_id, row["id"], way)
    if not draft.automatic:
        measure(unit, conversation, way.inbox.id, unit.now)
    unit.emit(
        MessageWritten(
            shop_id=shop_id,
            conversation_id=conversation_id,
            message_id=row["id"],
            ref_id=way.identity["id"],
            inbox_id=way.inbox.id,
        )
    )
    return str(row["id"])


def _message_row(unit: Unit, place: Row, way: Way, author: Author, draft: Draft) -> dict[str, Any]:
    """The new last message of a conversation. Who reads over a socket of ours has it as soon as it is stored."""
    message_id = new_id()
    direct = way.inbox.capabilities.direct
    return {
        "shop_id": place["shop_id"],
        "id": message_id,
        "conversation_id": place["id"],
        "seq": place["last_seq"],
        "kind": "reply",
        "direction": "outbound",
        "inbox_id": way.inbox.id,
        "identity_id": way.identity["id"],
        "identity_seq": contacts.next_number(unit.db, place["shop_id"], way.identity["id"]),
        "provider_id": message_id if direct else None,
        "author_kind": author.kind,
        "author_id": author.id,
        "author_name": author.name,
        "at": unit.now,
        "created_at": unit.now,
        "receipt": Receipt.SENT.value if direct else Receipt.ACCEPTED.value,
        "receipt_times": {"sent": unit.now} if direct else None,
        "automatic": draft.automatic,
    }


def _content(unit: Unit, shop_id: int, conversation_id: str, draft: Draft) -> dict[str, Any]:
    content = dict(draft.content) | ({"buttons": [dict(one) for one in draft.buttons]} if draft.buttons else {})
    if draft.reply_to:
        content["reply_to"] = _provider_id(unit, shop_id, conversation_id, draft.reply_to)
    return content


def _in_public(unit: Unit, conversation: Row, way: Way, content: Mapping[str, Any]) -> dict[str, Any]:
    """Marks an answer as one for everybody, and says to what; without a word of the agent, to what was said last."""
    target = content.get("reply_to") or messages.last_said(unit.db, conversation["shop_id"], conversation["id"])
    if not target:
        raise Conflict("There is nothing here that could be answered.")
    comments = way.comments
    given = standing_answers(unit.db, conversation)[target]
    if comments is not None and comments.answers is not None and given >= comments.answers:
        raise BadInput(REFUSALS["answered_already"], field="reply_to")
    return {"public": True, "reply_to": target}


def note(unit: Unit, shop_id: int, conversation_id: str, author: Author, draft: Draft) -> str:
    """Stores what only agents see; returns its id. With `reply_to` it is about that message, a call for example."""
    conversation = conversations.get(unit.db, shop_id, conversation_id, lock=True)
    if conversation is None:
        raise NotFound
    text = storable(draft.text).strip()
    attachments = _attachments(unit, shop_id, draft)
    if not text and not attachments:
        raise BadInput("A note needs some words or a file.", field="text")
    if len(text) > NOTE_LIMIT:
        raise BadInput(f"A note holds at most {NOTE_LIMIT} characters; this one has {len(text)}.", field="text")
    if draft.reply_to:
        _provider_id(unit, shop_id, conversation_id, draft.reply_to)
    message_id = new_id()
    place = dict(conversation) | noted(conversation)
    messages.add(
        unit.db,
        [
            {
                "shop_id": shop_id,
                "id": message_id,
                "conversation_id": conversation_id,
                "seq": place["last_seq"],
                "kind": "note",
                "direction": "outbound",
                "author_kind": author.kind,
                "author_id": author.id,
                "author_name": author.name,
                "text": text,
                "at": unit.now,
                "created_at": unit.now,
                "attachments": attachments or None,
                "content": {"about": draft.reply_to} if draft.reply_to else None,
            }
        ],
    )
    conversations.save_growth(unit.db, [place])
    unit.emit(MessageWritten(shop_id=shop_id, conversation_id=conversation_id, message_id=message_id))
    return message_id


def retry(unit: Unit, shop_id: int, message_id: str) -> None:
    """Sends a failed or perhaps-sent reply again, because a person says so."""
    row = messages.get(unit.db, shop_id, message_id)
    if row is None or row["kind"] != "reply":
        raise NotFound
    if row["receipt"] not in {Receipt.FAILED, Receipt.PERHAPS_SENT, Receipt.ACCEPTED}:
        raise Conflict("This message has already been sent.")
    waiting = outbox.of_message(unit.db, shop_id, message_id)
    if waiting is not None and waiting["state"] == "leased":
        raise Conflict("This message is being sent at this moment.")
    if waiting is not None:
        outbox.remove(unit.db, shop_id, waiting["id"])
    if row["identity_id"] is None or row["inbox_id"] is None:
        raise Conflict("The address of this message is gone. Write a new one.")
    changes: dict[str, Any] = {"receipt": Receipt.ACCEPTED.value, "reason": None}
    if "call" in (content := row["content"] or {}):
        changes["content"] = {**content, "call": ended(content["call"], None)}
    messages.change(unit.db, shop_id, message_id, changes)
    _queue_row(unit, shop_id, row["conversation_id"], message_id, row["inbox_id"], row["identity_id"])
    unit.emit(_changed(row))


def leave(unit: Unit, shop_id: int, message_id: str) -> None:
    """A person has decided that a perhaps-sent reply needs no repeat: it counts as sent."""
    row = messages.get(unit.db, shop_id, message_id)
    if row is None or row["kind"] != "reply":
        raise NotFound
    if row["receipt"] != Receipt.PERHAPS_SENT:
        raise Conflict("There is no doubt about this message any more.")
    waiting = outbox.of_message(unit.db, shop_id, message_id)
    if waiting is not None:
        outbox.remove(unit.db, shop_id, waiting["id"])
    messages.change(unit.db, shop_id, message_id, {"receipt": Receipt.SENT.value, "reason": None})
    unit.emit(_changed(row))


def take_back(unit: Unit, shop_id: int, message_id: str) -> None:
    """Removes a reply that has not gone yet. Conflict when it has."""
    row = messages.get(unit.db, shop_id, message_id)
    if row is None or row["kind"] != "reply":
        raise NotFound
    waiting = outbox.of_message(unit.db, shop_id, message_id)
    if waiting is None or waiting["state"] == "leased":
        raise Conflict("This message has already gone.")
    outbox.remove(unit.db, shop_id, waiting["id"])
    changes = {"deleted_at": unit.now, "receipt": Receipt.FAILED.value, "reason": "taken back before it was sent"}
    messages.change(unit.db, shop_id, message_id, changes)
    conversations.get(unit.db, shop_id, row["conversation_id"], lock=True)
    before = messages.page(unit.db, shop_id, row["conversation_id"], limit=LOOK_BACK)
    if place := retold(before):  # the customer waits again, since they asked
        conversations.change(unit.db, shop_id, row["conversation_id"], place)
    unit.emit(_changed(row))


def _changed(row: Mapping[Any, Any]) -> MessageChanged:
    return MessageChanged(
        shop_id=row["shop_id"],
        conversation_id=row["conversation_id"],
        message_id=row["id"],
        ref_id=row["identity_id"],
    )


def _choose(unit: Unit, conversation: Mapping[Any, Any], draft: Draft) -> Way:
    """`draft.content` with a `call` rings the customer: only then, and only through a telephone."""
    ways = ways_to(unit.db, unit.world.directory, conversation, unit.now, person=not draft.automatic)
    calls = "call" in draft.content
    offered = [
        way
        for way in ways
        if draft.inbox_id in {None, way.inbox.id}
        and draft.identity_id in {None, way.identity["id"]}
        and (way.inbox.capabilities.voice or not calls)
    ]
    if not offered:
        raise BadInput("This customer has no address that this inbox can write to.", field="inbox_id")
    way = offered[0]
    opens = "private_to" in draft.content and way.refusal in {"never_wrote", "window_shut"}  # the comment lets us
    if way.refusal and not opens and not (calls and way.refusal == "voice"):
        word = way.refusal.partition(": ")[0]
        reason = REFUSALS.get(way.refusal) or REFUSALS.get(
            word, f"The customer cannot be reached there ({way.refusal})."
        )
        raise BadInput(reason, field="inbox_id")
    return way


def _attachments(unit: Unit, shop_id: int, draft: Draft) -> list[dict[str, Any]]:
    known = file_store.many(unit.db, shop_id, draft.file_ids)
    missing = [one for one in draft.file_ids if one not in known]
    if missing:
        raise BadInput("A file of this message is not there any more. Attach it again.", field="attachments")
    wanted = ("id", "name", "type", "size", "kind", "width", "height")
    return [{name: known[one][name] for name in wanted if known[one][name] is not None} for one in draft.file_ids]


def _check_fits(way: Way, text: str, attachments: list[dict[str, Any]], draft: Draft) -> None:
    able = way.inbox.capabilities
    if not text and not attachments:
        raise BadInput("A reply needs some words or a file.", field="text")
    if len(text) > way.text_limit:
        raise BadInput(
            f"{way.inbox.name} takes at most {way.text_limit} characters in one message; this one has {len(text)}. "
            "Shorten it or send it in parts.",
            field="text",
        )
    if attachments and not way.media:
        raise BadInput(f"{way.inbox.name} takes no files. Send a link, or choose another channel.", field="attachments")
    for one in attachments:
        if one["size"] > able.media_limit:
            limit = able.media_limit // (1024 * 1024)
            raise BadInput(
                f"«{one['name']}» is too large: {way.inbox.name} takes {limit} MB a file.", field="attachments"
            )
    if len(draft.buttons) > max(able.buttons, 10):
        raise BadInput("Too many buttons for one message.", field="buttons")


def _provider_id(unit: Unit, shop_id: int, conversation_id: str, message_id: str) -> str:
    row = messages.get(unit.db, shop_id, message_id)
    if row is None or row["conversation_id"] != conversation_id:
        raise BadInput("The message you answer to is not in this conversation.", field="reply_to")
    return row["provider_id"] or ""


def _queue(unit: Unit, shop_id: int, conversation_id: str, message_id: str, way: Way) -> None:
    _queue_row(unit, shop_id, conversation_id, message_id, way.inbox.id, way.identity["id"])


def _queue_row(
    unit: Unit, shop_id: int, conversation_id: str, message_id: str, inbox_id: str, identity_id: str
) -> None:
    outbox.add(
        unit.db,
        {
            "shop_id": shop_id,
            "id": new_id(),
            "message_id": message_id,
            "conversation_id": conversation_id,
            "inbox_id": inbox_id,
            "identity_id": identity_id,
            "due_at": unit.now,
            "created_at": unit.now,
        },
    )
    unit.emit(OutboxFilled(shop_id=shop_id))
