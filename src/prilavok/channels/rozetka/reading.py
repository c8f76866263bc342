"""What Rozetka writes, as much of it as is needed, and what it means to the shop. Its times are Kyiv's, without saying
so, and its chat messages have no id.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

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
from prilavok.channels.market import ident, stars
from prilavok.channels.wire import believable, said

KYIV = ZoneInfo("Europe/Kyiv")
BUYER, SELLER = 3, 2
VISIBLE = {"active", "auto_activated"}
VOTES = {"excellent": 5, "like": 5, "good": 4, "middle": 3, "bad": 2, "dislike": 1}
CALL_STATES = {2: "В обробці", 3: "Не вирішено", 4: "Вирішено", 5: "Закрито"}  # in Rozetka's words
HOW = (  # to the agents, in Rozetka's language
    "(Клієнтові треба зателефонувати. Відповідь тут він не побачить: вона закриє звернення в Rozetka як вирішене, "
    "а зі словами «Не вирішено» на початку — як невирішене.)"
)
PUBLISHED, BLOCKED = 4, {3, 5}  # of an answer to a review of the shop


class File(msgspec.Struct):
    id: int | str = ""
    name: str = ""
    size: int | None = None


class ChatMessage(msgspec.Struct):
    """`buyer` (id), `name` and `order` of its chat are added by us."""

    chat_id: int
    buyer: int
    body: str | None = None
    created: str = ""
    sender: int = 0
    files: list[File] | None = None
    name: str = ""
    order: int | None = None


class Under(msgspec.Struct):
    id: int
    text: str | None = ""
    name: str | None = ""
    created: str | None = ""
    status: str = ""
    is_market: int = 0


class ItemComment(msgspec.Struct):
    id: int
    record_id: int
    text: str | None = ""
    name: str | None = ""
    created: str = ""
    type: str | None = ""
    mark: int = 0
    dignity: str | None = ""
    shortcomings: str | None = ""
    record: dict[str, Any] | None = None
    children: list[Under] | None = None


class Reply(msgspec.Struct):
    id: int
    comment: str | None = ""
    status: int = 0
    created_at: str | None = ""


class ShopReview(msgspec.Struct):
    id: int
    order_id: int | None = None
    user: str | None = ""
    comment: str | None = ""
    created_at: str = ""
    vote: str | None = ""
    reply: Reply | None = None


class Call(msgspec.Struct):
    """A customer rang Rozetka, and it asks the shop to see to it."""

    id: int
    request_type_name: str | None = ""
    message: str | None = ""
    date_call: str = ""
    order_id: int | None = None
    status_id: int = 0
    user_login: str | None = ""
    user_phone: str | None = ""


def local(text: Any, otherwise: datetime) -> datetime:
    """A time of Kyiv's clocks. Of the hour that comes twice in autumn the first one is meant."""
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        at = None
    return believable(at.replace(tzinfo=KYIV) if at.tzinfo is None else at, otherwise) if at else otherwise


def message_id(chat_id: Any, created: Any, sender: Any, body: Any) -> str:
    whole = repr((str(chat_id), str(created), sender, body or ""))
    return f"{ident(chat_id)}:{hashlib.sha256(whole.encode(errors='replace')).hexdigest()[:20]}"


def message(one: ChatMessage, at: datetime) -> Inbound:
    which = message_id(one.chat_id, one.created, one.sender, one.body)
    address, text, when = f"{ident(one.chat_id)}:{ident(one.buyer)}", said(one.body, 10_000), local(one.created, at)
    files = tuple(
        Attachment(name=said(it.name, 200) or "file", size=it.size, ref=ident(it.id)) for it in one.files or ()
    )
    if one.sender == SELLER:
        return Echoed(which, when, address, text, files)
    if one.sender != BUYER:
        return Unknown("Rozetka: words of the market itself")
    context = {"order": ident(one.order)} if one.order else {}
    return Received(which, when, Sender(address=address, name=said(one.name, 100)), text, files, content=context)


def comment(one: ItemComment, at: datetime) -> Iterator[Inbound]:
    root, rating = f"item:{ident(one.id)}:{ident(one.record_id)}", stars(one.mark)
    number, title = ident(one.record_id), said((one.record or {}).get("title"), 200)
    product = {"id": number, "name": title, "url": f"https://rozetka.com.ua/{number}/p{number}"}
    kind = "question" if one.type == "question" else "review"
    public = Public(kind, root, rating=rating, product={name: it for name, it in product.items() if it})
    marked = (("", one.text), ("+ ", one.dignity), ("− ", one.shortcomings))
    text = "\n".join(f"{mark}{said(words, 5000)}" for mark, words in marked if words)
    sender = Sender(address=root, name=said(one.name, 100))
    yield Received(root, local(one.created, at), sender, text, public=public)
    yield Edited(root, at, sender, text, content={"public": {"rating": rating} if rating else {}})
    for under in one.children or ():
        which, words, when = f"reply:{ident(under.id)}:{root}", said(under.text, 5000), local(under.created, at)
        if not under.is_market:
            buyer = Sender(address=root, name=said(under.name, 100))
            yield Received(which, when, buyer, words, public=Public(kind, root), replies_to=(root,))
            continue
        yield Echoed(which, when, root, words, public=Public(kind, root))
        if under.status in VISIBLE:
            yield ReceiptCame(Receipt.DELIVERED, at, provider_id=which)


def review(one: ShopReview, at: datetime) -> Iterator[Inbound]:
    root, order = f"shop:{ident(one.id)}:{ident(one.order_id)}", ident(one.order_id)
    rating = VOTES.get(one.vote or "")
    public = Public("review", root, rating=rating, order=order, answered=one.reply is not None)
    sender, text = Sender(address=root, name=said(one.user, 100)), said(one.comment, 10_000)
    yield Received(root, local(one.created_at, at), sender, text, public=public)
    if one.reply is None:
        return
    which = f"shopreply:{ident(one.reply.id)}"
    yield Echoed(which, local(one.reply.created_at, at), root, said(one.reply.comment, 5000), public=public)
    if one.reply.status == PUBLISHED:
        yield ReceiptCame(Receipt.DELIVERED, at, provider_id=which)
    elif one.reply.status in BLOCKED:
        yield ReceiptCame(Receipt.FAILED, at, provider_id=which, reason="Rozetka's moderators blocked it.")


def call(one: Call, at: datetime) -> Iterator[Inbound]:
    """Nothing can be written back: the customer waits for the telephone to ring."""
    which = f"call:{ident(one.id)}"
    parts = (said(one.request_type_name, 500), said(one.message, 5000), said(one.user_phone, 40))
    context = {"order": ident(one.order_id)} if one.order_id else {}
    sender = Sender(address=which, name=said(one.user_login, 100).strip())
    text = "\n".join(filter(None, (*parts, CALL_STATES.get(one.status_id), HOW if one.status_id < 3 else "")))
    yield Received(which, local(one.date_call, at), sender, text, content=context)
    yield Edited(which, at, sender, text)  # somebody has set another state in Rozetka's cabinet since
