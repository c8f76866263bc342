"""What Ozon's things mean to the shop. `home` is the server that we ask: what lies there is fetched with our key."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from prilavok.channels.base import Attachment, Echoed, Edited, Inbound, Public, Received, Sender, Unknown
from prilavok.channels.market import ident, moment_of, stars
from prilavok.channels.ozon.shapes import ChatMessage, Comment, Question, Review, product_of, role_of
from prilavok.channels.wire import said

PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]{1,1000})\)")
ANONYMOUS = {"Пользователь OZON", "Пользователь Ozon"}


def message(one: ChatMessage, at: datetime, home: str) -> Iterator[Inbound]:
    chat, which, role = ident(one.chat_id), ident(one.message_id), role_of(one.user.type)
    if not chat or not which:
        yield Unknown("Ozon: a message without an id")
        return
    when = moment_of(one.created_at, at)
    text, files = content_of(one.data, home)
    if role == "seller":
        yield Echoed(which, when, chat, text, files)
        return
    if role != "customer":
        yield Unknown(f"Ozon: a message of {said(role, 20) or 'nobody'}")
        return
    context = {"order": said(one.context.order_number, 60)} if one.context and one.context.order_number else {}
    sender = Sender(address=chat)
    yield Received(which, when, sender, text, files, content=context)
    if one.message_type == "TYPE_UPDATE_MESSAGE" and text:
        yield Edited(which, moment_of(one.updated_at, at), sender, text)


def content_of(data: Sequence[str], home: str) -> tuple[str, tuple[Attachment, ...]]:
    """Markdown: pictures stand in it as links, of which ours are given away only to whoever has the key."""
    whole = "\n".join(said(part, 4000) for part in data)
    files = tuple(
        Attachment(name=urlsplit(url).path.rpartition("/")[2] or "picture", ref=path, kind="image")
        for url in PICTURE.findall(whole)
        if (path := path_of(url, home))
    )
    left = PICTURE.sub(lambda found: "" if path_of(found[1], home) else found[1], whole)
    return left.strip(), files


def path_of(url: str, home: str) -> str:
    """What follows the server's name, of an address on Ozon's own server; empty for any other."""
    try:
        parts = urlsplit(url)
        own = {urlsplit(base).netloc for base in (home, "https://api-seller.ozon.ru")}
    except ValueError:
        return ""
    clean = parts.netloc in own and ".." not in parts.path
    return f"{parts.path}?{parts.query}".rstrip("?") if clean else ""


def review(one: Review, at: datetime) -> Inbound:
    root = f"review:{ident(one.id)}"
    public = Public(
        "review", root, rating=stars(one.rating), product=product_of(one.sku), answered=one.status == "PROCESSED"
    )
    files = tuple(Attachment(name="photo.jpg", url=photo.url, kind="image") for photo in one.photos if photo.url)
    when = moment_of(one.published_at, at)
    return Received(root, when, Sender(address=root), said(one.text, 10_000), files, public=public)


def comment(one: Comment, at: datetime) -> Inbound:
    root, which = f"review:{ident(one.review_id)}", f"comment:{ident(one.id)}"
    public, when, text = Public("review", root), moment_of(one.published_at, at), said(one.text, 10_000)
    if one.is_owner:
        return Echoed(which, when, root, text, public=public)
    return Received(which, when, Sender(address=root), text, public=public, replies_to=(root,))


def question(one: Question, at: datetime) -> Iterator[Inbound]:
    root, answered = f"question:{ident(one.id)}:{ident(one.sku)}", ident(one.answers_count) not in {"", "0"}
    product = {**product_of(one.sku), "url": said(one.product_url, 500)}
    public = Public("question", root, product=product, url=said(one.question_link, 500), answered=answered)
    name = said(one.author_name, 100)
    sender = Sender(address=root, name="" if name in ANONYMOUS else name)
    text = said(one.text, 10_000)
    yield Received(root, moment_of(one.published_at, at), sender, text, public=public)
    if answered:
        yield Edited(root, at, sender, text, content={"public": {"answered": True}})
