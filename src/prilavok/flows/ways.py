"""The ways in which a customer can be answered: each address through each inbox that reaches it, the best first."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from prilavok.domain.capabilities import Comments, why_not, window_shut, window_until
from prilavok.domain.publicity import why_no_answer
from prilavok.domain.receipt import Receipt
from prilavok.domain.rendering import language_of
from prilavok.flows.directory import Directory, Served
from prilavok.store import closures, contacts, messages, shops
from prilavok.store.questions import Row

LOOK_BACK = 100  # messages of a conversation that say what was answered


@dataclass(frozen=True, slots=True)
class Way:
    """`refusal` is empty when the customer can be written to this way now; "voice" is one to call, not to write.
    `templated`: our words go within a text that the vendor has approved.
    """

    inbox: Served
    identity: Row
    refusal: str
    until: datetime | None
    public: bool = False  # everybody reads it
    templated: bool = False

    @property
    def comments(self) -> Comments | None:
        return self.inbox.capabilities.comments if self.public else None

    @property
    def text_limit(self) -> int:
        able = self.inbox.capabilities
        if self.comments is not None:
            return self.comments.text_limit
        return min(able.text_limit, able.template_limit) if self.templated else able.text_limit

    @property
    def media(self) -> bool:
        if self.comments is not None:
            return self.comments.media
        return self.inbox.capabilities.media and not self.templated

    @property
    def buttons(self) -> int:
        return 0 if self.public or self.templated else self.inbox.capabilities.buttons


def ways_to(
    db: Connection, directory: Directory, conversation: Mapping[Any, Any], now: datetime, *, person: bool = True
) -> list[Way]:
    """Where the customer last wrote comes first, then what can be used, then what cannot (with the reason).

    `person`: a colleague writes, and not a program.
    """
    if conversation["public"]:
        return _in_public(db, directory, conversation)
    shop_id = conversation["shop_id"]
    inboxes = directory.of_shop(db, shop_id)
    found = []
    addresses = contacts.identities_of(db, shop_id, conversation["contact_id"])
    shut = closures.of(db, shop_id, [one["id"] for one in addresses])
    spoken = _spoken(db, conversation)
    for identity in addresses:
        for inbox in inboxes:
            if inbox.scope == identity["scope"] and not inbox.capabilities.public:
                closed = shut.get(identity["id"], {}).get(inbox.medium)
                found.append(_way(inbox, identity, closed, now, spoken, person=person))
    best = (conversation["reply_inbox_id"], conversation["reply_identity_id"])
    return sorted(
        found,
        key=lambda way: (
            bool(way.refusal),
            (way.inbox.id, way.identity["id"]) != best,
            way.inbox.id != way.identity["inbox_id"],
        ),
    )


def standing_answers(db: Connection, conversation: Mapping[Any, Any]) -> Counter[str]:
    """How many answers of ours stand, or are on their way, under each thing that was said in public."""
    said = messages.page(db, conversation["shop_id"], conversation["id"], limit=LOOK_BACK)
    ours = (one for one in said if one["kind"] == "reply" and one["deleted_at"] is None)
    return Counter((one["content"] or {}).get("reply_to", "") for one in ours if one["receipt"] != Receipt.FAILED)


def _in_public(db: Connection, directory: Directory, conversation: Mapping[Any, Any]) -> list[Way]:
    """Where it was said and nowhere else: no public answer ever leaves by a private way, nor the other way round."""
    shop_id = conversation["shop_id"]
    inbox = directory.get(db, shop_id, conversation["inbox_id"])
    identity = contacts.identity(db, shop_id, conversation["reply_identity_id"] or "")
    if inbox is None or identity is None:
        return []
    about = (conversation["context"] or {}).get("public", {})
    comments = inbox.capabilities.comments
    standing = 0
    if comments is not None and comments.answers is not None:
        standing = standing_answers(db, conversation)[about.get("root", "")]
    refusal = why_no_answer(comments, about, standing)
    if not refusal and inbox.state != "active":
        refusal = "inbox_paused"
    return [Way(inbox, identity, refusal, None, public=True)]


def _spoken(db: Connection, conversation: Mapping[Any, Any]) -> str:
    """The language in which the customer is written to."""
    contact = contacts.contact(db, conversation["shop_id"], conversation["contact_id"])
    shop = shops.get(db, conversation["shop_id"])
    preferred = contact["language"] if contact is not None else ""
    return language_of(conversation.get("last_text") or "", preferred, shop["language"] if shop is not None else "")


def _way(inbox: Served, identity: Row, shut: str | None, now: datetime, language: str, *, person: bool) -> Way:
    able = inbox.capabilities
    refusal = why_not(
        able,
        reachable=identity["reachable"] and shut is None,
        blocked_because=identity["reason"] if shut is None else shut,
        last_inbound=identity["last_at"],
        now=now,
        person=person,
    )
    if not refusal and inbox.state != "active":
        refusal = "inbox_paused"
    if not refusal and able.voice:
        refusal = "voice"
    templated = able.templates and window_shut(able, identity["last_at"], now, person=person)
    if templated and not refusal:
        refusal = inbox.channel.why_no_template(language, inbox.reason)
    until = window_until(able, identity["last_at"], person=person)
    return Way(inbox, identity, refusal, until, templated=templated)
