"""A public matter goes on in private: only while a public answer stands, so that everybody sees that one came."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prilavok.domain.conversation import Status, rank
from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.domain.message import Kind
from prilavok.domain.publicity import may_take_aside
from prilavok.domain.receipt import RANK, Receipt
from prilavok.flows.line import add_line
from prilavok.flows.unit import Unit
from prilavok.flows.ways import ways_to
from prilavok.kit.ids import new_id
from prilavok.store import contacts, conversations, counters, messages
from prilavok.store.questions import Row

MEMORY = timedelta(days=60)  # a private conversation of the same person goes on within this time
LOOK_BACK = 100  # messages


@dataclass(frozen=True, slots=True)
class Aside:
    """Where the private answer belongs. `private_to` is what it answers; empty where the person can be written to."""

    conversation_id: str
    inbox_id: str
    private_to: str


def take_aside(
    unit: Unit, shop_id: int, conversation_id: str, by: tuple[str, str], comment_id: str | None = None
) -> Aside:
    """Finds or opens the private conversation of whoever said it (`comment_id`, else the last one who spoke).

    Conflict says why it cannot be: no public answer stands yet, or the vendor opens no private way.
    """
    conversation = conversations.get(unit.db, shop_id, conversation_id, lock=True)
    if conversation is None:
        raise NotFound
    if not conversation["public"]:
        raise BadInput("This conversation is private already.")
    said = messages.page(unit.db, shop_id, conversation_id, limit=LOOK_BACK)
    comment = _comment(said, comment_id)
    if not _answered(conversation, said):
        raise Conflict("Answer in public first: whoever reads the comment should see that an answer came.")
    identity = contacts.identity(unit.db, shop_id, comment["identity_id"] or "")
    if identity is None:
        raise Conflict("The address of whoever wrote this is gone.")
    inbox_id, private_to = _way(unit, shop_id, conversation, comment, identity)
    talk = _private_talk(unit, shop_id, identity["contact_id"], inbox_id, conversation["subject"])
    talk = add_line(unit, talk, {"what": "from_public", "conversation": conversation_id}, by)
    conversations.save_growth(unit.db, [talk])
    place = add_line(unit, conversation, {"what": "taken_aside", "conversation": talk["id"]}, by)
    conversations.save_growth(unit.db, [place])
    return Aside(talk["id"], inbox_id, private_to)


def _comment(said: Any, comment_id: str | None) -> Row:
    """What is answered: the one that was named, or the last that a customer said."""
    for row in reversed(said):
        if row["kind"] == Kind.MESSAGE and (comment_id is None or row["id"] == comment_id):
            found: Row = row
            return found
    raise BadInput("The comment you answer is not in this conversation.", field="comment_id")


def _answered(conversation: Row, said: Any) -> bool:
    """An answer of ours stands, or one of the shop that the vendor told of."""
    standing = (
        row["kind"] == Kind.REPLY
        and row["deleted_at"] is None
        and RANK.get(Receipt(row["receipt"] or Receipt.ACCEPTED), 0) >= RANK[Receipt.SENT]
        for row in said
    )
    return bool(((conversation["context"] or {}).get("public") or {}).get("answered")) or any(standing)


def _way(unit: Unit, shop_id: int, conversation: Row, comment: Row, identity: Row) -> tuple[str, str]:
    """(inbox, what it is a private answer to). A person who wrote to us before is simply written to."""
    contact = {**conversation, "public": False, "contact_id": identity["contact_id"]}
    for way in ways_to(unit.db, unit.world.directory, contact, unit.now):
        if not way.refusal and way.identity["last_at"] is not None:
            return way.inbox.id, ""
    inbox = unit.world.directory.get(unit.db, shop_id, comment["inbox_id"] or "")
    comments = inbox.capabilities.comments if inbox is not None else None
    provider_id = comment["provider_id"] or ""
    if inbox is None or comments is None or not comments.private_reply:
        raise Conflict("This customer cannot be written to in private from here.")
    if not may_take_aside(comments, comment["at"], unit.now):
        raise Conflict(f"A private answer was possible for {comments.private_days} days after the comment.")
    if (comment["content"] or {}).get("taken_aside"):
        raise Conflict("A private answer was sent already; the customer has to write before there is another.")
    content = {**(comment["content"] or {}), "taken_aside": True}
    messages.change(unit.db, shop_id, comment["id"], {"content": content})
    return inbox.id, provider_id


def _private_talk(unit: Unit, shop_id: int, contact_id: str, inbox_id: str, subject: str) -> dict[str, Any]:
    known = conversations.latest_of(unit.db, shop_id, [contact_id], unit.now - MEMORY).get(contact_id)
    if known is not None:
        locked = conversations.get(unit.db, shop_id, known["id"], lock=True)
        assert locked is not None
        return dict(locked)
    talk_id = new_id()
    row = {
        "shop_id": shop_id,
        "id": talk_id,
        "number": counters.take(unit.db, shop_id, "conversation", 1),
        "contact_id": contact_id,
        "inbox_id": inbox_id,
        "subject": subject,
        "status": Status.OPEN.value,
        "rank": rank(None, unit.now),
        "last_seq": 0,
        "last_at": unit.now,
        "created_at": unit.now,
    }
    conversations.add(unit.db, [row])
    opened = conversations.get(unit.db, shop_id, talk_id)
    assert opened is not None
    return dict(opened)
