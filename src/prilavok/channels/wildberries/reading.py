"""What Wildberries writes, as much of it as is needed, and what it means to the shop."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

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


class Product(msgspec.Struct, rename="camel"):
    nm_id: int | str = ""
    product_name: str = ""
    supplier_article: str = ""


class Answer(msgspec.Struct):
    text: str = ""
    state: str = ""
    createDate: str = ""  # noqa: N815  as the vendor writes it


class Photo(msgspec.Struct, rename="camel"):
    full_size: str = ""


class Feedback(msgspec.Struct, rename="camel"):
    id: str
    text: str | None = ""
    pros: str | None = ""
    cons: str | None = ""
    product_valuation: int = 0
    created_date: str = ""
    answer: Answer | None = None
    product_details: Product | None = None
    photo_links: list[Photo] | None = None
    user_name: str | None = ""
    parent_feedback_id: str | None = None
    bables: list[str] | None = None


class Question(msgspec.Struct, rename="camel"):
    id: str
    text: str | None = ""
    created_date: str = ""
    answer: Answer | None = None
    product_details: Product | None = None


class File(msgspec.Struct, rename={"download_id": "downloadID", "content_type": "contentType"}):
    download_id: str = ""
    name: str = ""
    content_type: str = ""


class Files(msgspec.Struct):
    files: list[File] | None = None
    images: list[File] | None = None


class Words(msgspec.Struct):
    text: str = ""
    attachments: Files | None = None


class Event(msgspec.Struct, rename={"chat_id": "chatID", "event_id": "eventID", "client_name": "clientName"}):
    chat_id: str
    event_id: str
    eventType: str = ""  # noqa: N815  as the vendor writes it
    sender: str = ""
    addTimestamp: int | str = ""  # noqa: N815
    addTime: str = ""  # noqa: N815
    client_name: str = ""
    message: Words | None = None


def state_of(one: Mapping[str, Any]) -> str:
    """What may change: the stars, the words, the answer and what became of it."""
    answer = one.get("answer")
    told = (answer.get("state"), answer.get("text")) if isinstance(answer, dict) else ()
    whole = repr((one.get("productValuation"), one.get("text"), told))
    return hashlib.sha256(whole.encode(errors="replace")).hexdigest()[:16]


def feedback(one: Feedback, at: datetime) -> Iterator[Inbound]:
    which = f"feedback:{ident(one.id)}"
    root = f"feedback:{ident(one.parent_feedback_id)}" if one.parent_feedback_id else which
    marked = (("", one.text), ("+ ", one.pros), ("− ", one.cons), ("", ", ".join(one.bables or ())))
    text = "\n".join(f"{mark}{said(words, 5000)}" for mark, words in marked if words)
    public = Public(
        "review",
        root,
        rating=stars(one.product_valuation),
        product=_product(one.product_details),
        answered=_stands(one),
    )
    files = tuple(
        Attachment(name="photo.jpg", url=photo.full_size, kind="image")
        for photo in one.photo_links or ()
        if photo.full_size.startswith("https://")
    )
    sender = Sender(address=root, name=said(one.user_name, 100))
    when = moment_of(one.created_date, at)
    yield Received(which, when, sender, text, files, public=public)
    yield from _news(which, sender, text, public, one.answer, at)


def question(one: Question, at: datetime) -> Iterator[Inbound]:
    which = f"question:{ident(one.id)}"
    public = Public("question", which, product=_product(one.product_details), answered=_stands(one))
    sender, text = Sender(address=which), said(one.text, 5000)
    yield Received(which, moment_of(one.created_date, at), sender, text, public=public)
    yield from _news(which, sender, text, public, one.answer, at)


def _news(
    which: str, sender: Sender, text: str, public: Public, answer: Answer | None, at: datetime
) -> Iterator[Inbound]:
    """What may have changed since it was first told. Our own answer comes back under the id that we gave it."""
    told = {"rating": public.rating} if public.rating else {}
    if answer is None or not answer.text:
        yield Edited(which, at, sender, text, content={"public": told})
        return
    ours = f"answer:{which.partition(':')[2]}"
    yield Edited(which, at, sender, text, content={"public": {**told, "answered": True}})
    yield Echoed(ours, moment_of(answer.createDate, at), sender.address, said(answer.text, 5000), public=public)
    if answer.state in {"wbRu", ""}:
        yield ReceiptCame(Receipt.DELIVERED, at, provider_id=ours)


def _stands(one: Feedback | Question) -> bool:
    return one.answer is not None and bool(one.answer.text)


def _product(one: Product | None) -> dict[str, str]:
    if one is None:
        return {}
    number = ident(one.nm_id)
    url = f"https://www.wildberries.ru/catalog/{number}/detail.aspx" if number.isdecimal() else ""
    known = {"id": number, "sku": said(one.supplier_article, 100), "name": said(one.product_name, 200), "url": url}
    return {name: text for name, text in known.items() if text}


def event(one: Event, at: datetime) -> Inbound:
    chat, words = ident(one.chat_id), one.message
    if one.eventType != "message" or words is None or not chat:
        return Unknown(f"Wildberries: {said(one.eventType, 40) or 'an event'}")
    there = words.attachments or Files()
    files = (*(map(_file, there.files or ())), *(map(_picture, there.images or ())))
    when, text = moment_of(one.addTime, at), said(words.text, 5000)
    if one.sender == "seller":
        return Echoed(f"{chat}:{ident(one.addTimestamp)}", when, chat, text, files)
    if one.sender != "client":
        return Unknown(f"Wildberries: words of {said(one.sender, 40) or 'nobody'}")
    return Received(ident(one.event_id), when, Sender(address=chat, name=said(one.client_name, 100)), text, files)


def _file(one: File) -> Attachment:
    kind = said(one.content_type, 100) or "application/octet-stream"
    return Attachment(name=said(one.name, 200) or "file", type=kind, ref=ident(one.download_id))


def _picture(one: File) -> Attachment:
    return Attachment(name="photo.jpg", ref=ident(one.download_id), kind="image")
