"""What Yandex Market's things mean to the shop."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from prilavok.channels.base import (
    Attachment,
    Echoed,
    Edited,
    Inbound,
    Public,
    Receipt,
    ReceiptCame,
    Received,
    Sender,
    Unknown,
)
from prilavok.channels.market import ident, moment_of, stars
from prilavok.channels.wire import said
from prilavok.channels.yandex_market.shapes import (
    VENDOR,
    Answer,
    Author,
    ChatMessage,
    Comment,
    Feedback,
    File,
    Question,
    UnderAnswer,
)

OURS = "BUSINESS"
BANNED = "Yandex Market's moderators did not publish it."


def state_of(one: Mapping[str, Any]) -> str:
    """What may change of a review: its stars and words, whether it waits, and how many comments it has."""
    whole = repr([one.get(name) for name in ("needReaction", "description", "statistics")])
    return hashlib.sha256(whole.encode(errors="replace")).hexdigest()[:16]


def feedback(one: Feedback, at: datetime) -> Iterator[Inbound]:
    root, ids = f"feedback:{one.feedback_id}", one.identifiers
    words, rating = one.description, stars(one.statistics.rating) if one.statistics else None
    public = Public(
        "review",
        root,
        rating=rating,
        product=product_of(ids.offer_id if ids else None),
        order=ident(ids.order_id) if ids else "",
    )
    marked = (("", words.comment), ("+ ", words.advantages), ("− ", words.disadvantages)) if words else ()
    text = "\n".join(f"{mark}{said(it, 5000)}" for mark, it in marked if it)
    files = tuple(
        Attachment(name="photo.jpg", url=url, kind="image")
        for url in (one.media.photos or () if one.media else ())
        if url.startswith("https://")
    )
    sender = Sender(address=root, name=said(one.author, 100))
    yield Received(root, moment_of(one.created_at, at), sender, text, files, public=public)
    yield Edited(root, at, sender, text, content={"public": {"rating": rating} if rating else {}})


def comment(one: Comment, at: datetime) -> Iterator[Inbound]:
    """Beneath a review. Yandex does not say when it was written."""
    root, which = f"feedback:{one.feedback_id}", f"comment:{one.id}:{one.feedback_id}"
    parent = f"comment:{one.parent_id}:{one.feedback_id}" if one.parent_id else root
    yield from _beneath(Public("review", root), which, parent, one, at)


def question(one: Question, at: datetime) -> Iterator[Inbound]:
    root = f"question:{one.question_identifiers.id}"
    public = Public("question", root, product=product_of(one.question_identifiers.offer_id))
    sender = Sender(address=root, name=name_of(one.author))
    yield Received(root, moment_of(one.created_at, at), sender, said(one.text, 10_000), public=public)


def answer(one: Answer, at: datetime) -> Iterator[Inbound]:
    """What other buyers answered stays where it is: nobody waits for the shop there. What is said to the shop's own
    answer is said to the shop.
    """
    root, which = f"question:{one.question_id}", f"answer:{one.id}"
    public = Public("question", root)
    if not one.author or one.author.type != OURS:
        yield Unknown(f"{VENDOR}: an answer of {said(one.author.type, 20) if one.author else 'nobody'}")
        return
    yield from _beneath(public, which, root, one, at)
    for under in one.comments or ():
        yield from _beneath(public, f"said:{under.id}:{one.id}", which, under, at)


def _beneath(
    public: Public, which: str, parent: str, one: Comment | Answer | UnderAnswer, at: datetime
) -> Iterator[Inbound]:
    written = moment_of(getattr(one, "created_at", ""), at)
    text = said(one.text, 10_000)
    if one.author is not None and one.author.type == OURS:
        if one.status != "DELETED":
            yield Echoed(which, written, public.root, text, public=public)
        if one.status == "PUBLISHED":
            yield ReceiptCame(Receipt.DELIVERED, at, provider_id=which)
        elif one.status == "BANNED":
            yield ReceiptCame(Receipt.FAILED, at, provider_id=which, reason=BANNED)
        return
    if one.author is None or one.author.type != "USER" or one.status in {"BANNED", "DELETED"}:
        yield Unknown(f"{VENDOR}: a comment of {said(one.author.type, 20) if one.author else 'nobody'}")
        return
    sender = Sender(address=public.root, name=name_of(one.author))
    yield Received(which, written, sender, text, public=public, replies_to=(parent, public.root))


def message(one: ChatMessage, at: datetime) -> Iterator[Inbound]:
    chat, which = ident(one.chat_id), f"{one.chat_id}:{one.message_id}"
    when, text = moment_of(one.created_at, at), said(one.message, 5000)
    files = tuple(map(_file, (it for it in one.payload or () if it.url.startswith("https://"))))
    if one.sender == "PARTNER":
        yield Echoed(which, when, chat, text, files)
        return
    if one.sender not in {"CUSTOMER", "SUPPORT"}:
        yield Unknown(f"{VENDOR}: words of {said(one.sender, 20) or 'nobody'}")
        return
    if one.sender == "SUPPORT":  # a dispute: they speak for both sides and wait for the shop as well
        text = f"{VENDOR}: {text}"
    context = {"order": ident(one.order)} if one.order else {}
    yield Received(which, when, Sender(address=chat, name=said(one.customer, 100)), text, files, content=context)


def _file(one: File) -> Attachment:
    return Attachment(name=said(one.name, 200) or "file", url=one.url, size=one.size or None)


def name_of(author: Author | None) -> str:
    return said(author.name, 100) if author is not None else ""


def product_of(sku: str | None) -> dict[str, str]:
    return {"sku": said(sku, 255)} if sku else {}
