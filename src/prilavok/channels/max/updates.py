"""MAX's updates in, words of the shop out: of a webhook's call, or of an answer to our question."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from prilavok.channels.base import (
    Attachment,
    Deleted,
    Edited,
    Inbound,
    Reachability,
    Received,
    Sender,
    Unknown,
)
from prilavok.channels.max.shapes import Attached, Batch, Key, Message, Update, User
from prilavok.channels.wire import NOT_READABLE, complaint, decode, moment_of_ms, said, storable
from prilavok.domain.capabilities import BLOCKED

LINK = re.compile(r"[A-Za-z0-9_-]{20,64}", re.ASCII)
TELEPHONE = re.compile(r"^TEL[^:\r\n]*:([+\d ()-]{5,30})", re.MULTILINE)
CARD_NAME = re.compile(r"^FN[^:\r\n]*:([^\r\n]{1,200})", re.MULTILINE)
WEB = ("https://", "http://")
FILES = {  # by type: how it is shown, what it is called when nobody says, its type
    "image": ("image", "picture.jpg", "image/jpeg"),
    "video": ("video", "video.mp4", "video/mp4"),
    "audio": ("voice", "voice.mp3", "audio/mpeg"),
    "file": ("file", "file", "application/octet-stream"),
    "sticker": ("sticker", "sticker.webp", "image/webp"),
}

read_batch = msgspec.json.Decoder(Batch)
read_update = msgspec.json.Decoder(Update)
read_attached = msgspec.json.Decoder(Attached)


def inbound(body: bytes, at: datetime) -> list[Inbound]:
    """BadInput when it is none of MAX's. An update that cannot be read is Unknown: MAX would repeat it for hours."""
    found: list[Inbound] = []
    for raw in split(body):
        try:
            update = read_update.decode(raw)
        except NOT_READABLE as error:
            found.append(Unknown(storable(f"unreadable update: {complaint(error)}")))
            continue
        read = MEANINGS.get(update.update_type)
        if read is None:
            found.append(Unknown(storable(update.update_type)[:100] or "an update without a type"))
        else:
            found += list(read(update, moment_of_ms(update.timestamp, at)))
    return found


def split(body: bytes) -> list[msgspec.Raw]:
    batch = decode(read_batch, body).updates
    return [msgspec.Raw(body)] if batch is None else batch


def pressed_in(body: bytes) -> list[str]:
    """Ids of the buttons pressed in this delivery: MAX waits for a word about each."""
    try:
        updates = [read_update.decode(raw) for raw in read_batch.decode(body).updates or [msgspec.Raw(body)]]
    except NOT_READABLE:
        return []
    return [one.callback.callback_id for one in updates if one.update_type == "message_callback" and one.callback]


def spoken(update: Update, at: datetime) -> Iterator[Inbound]:
    message = update.message
    if message is None or message.sender is None or message.recipient.chat_type != "dialog" or message.sender.is_bot:
        yield Unknown("message in a group or by nobody")
        return
    parts = attached(message)
    answered = message.link.message if message.link is not None and message.link.type == "reply" else None
    yield Received(
        provider_id=storable(message.body.mid),
        at=moment_of_ms(message.timestamp, at),
        sender=sender(message.sender, update.user_locale),
        text=words(message, parts),
        attachments=tuple(files(parts)),
        replies_to=(storable(answered.mid),) if answered is not None else (),
        content=content(parts),
    )


def edited(update: Update, at: datetime) -> Iterator[Inbound]:
    message = update.message
    if message is None or message.sender is None or message.recipient.chat_type != "dialog" or message.sender.is_bot:
        yield Unknown("an edit that is not a customer's")
        return
    text = words(message, attached(message))
    yield Edited(provider_id=storable(message.body.mid), at=at, sender=sender(message.sender), text=text)


def removed(update: Update, at: datetime) -> Iterator[Inbound]:
    if not update.message_id or not update.user_id:
        yield Unknown("message_removed by nobody")
        return
    yield Deleted(
        provider_id=storable(update.message_id), at=at, sender=Sender(address=str(update.user_id), verified=True)
    )


def pressed(update: Update, at: datetime) -> Iterator[Inbound]:
    press = update.callback
    if press is None or (update.message is not None and update.message.recipient.chat_type not in {"", "dialog"}):
        yield Unknown("button pressed in a group")
        return
    data = storable(press.payload or "")
    labels = [one.text for one in keys(update.message) if one.payload == press.payload]
    yield Received(
        provider_id=f"callback:{storable(press.callback_id)}",
        at=moment_of_ms(press.timestamp, at),
        sender=sender(press.user, update.user_locale),
        text=storable(labels[0]) if labels else data,
        replies_to=(storable(update.message.body.mid),) if update.message is not None else (),
        content={"button": data},
    )


def started(update: Update, at: datetime) -> Iterator[Inbound]:
    """Whoever presses Start may be written to; with a link of ours they bring its token along."""
    if update.user is None:
        yield Unknown("bot_started by nobody")
        return
    payload = storable(update.payload or "").strip()
    yield Received(
        provider_id=f"started:{update.user.user_id}:{update.timestamp}",
        at=at,
        sender=sender(update.user, update.user_locale),
        link_token=payload if LINK.fullmatch(payload) else "",
        silent=True,
    )
    yield Reachability(address=str(update.user.user_id), at=at, reachable=True)


def stopped(update: Update, at: datetime) -> Iterator[Inbound]:
    if update.user is None:
        yield Unknown("bot_stopped by nobody")
        return
    yield Reachability(address=str(update.user.user_id), at=at, reachable=False, reason=BLOCKED)


MEANINGS: dict[str, Callable[[Update, datetime], Iterator[Inbound]]] = {
    "message_created": spoken,
    "message_edited": edited,
    "message_removed": removed,
    "message_callback": pressed,
    "bot_started": started,
    "bot_stopped": stopped,
}


def sender(user: User, locale: str | None = None) -> Sender:
    whole = f"{user.first_name or user.name or ''} {user.last_name or ''}".strip()
    return Sender(
        address=str(user.user_id),
        name=storable(whole)[:200],
        language=said(locale, 20).partition("-")[0][:8].lower(),
        verified=True,
        facts={"username": storable(user.username)} if user.username else {},
    )


def attached(message: Message) -> list[Attached]:
    """One that has another shape must not lose its neighbours."""
    found = []
    for raw in message.body.attachments or ():
        try:
            found.append(read_attached.decode(raw))
        except NOT_READABLE:
            found.append(Attached(type="attachment"))
    return found


def keys(message: Message | None) -> Iterator[Key]:
    for one in attached(message) if message is not None else ():
        if one.type == "inline_keyboard" and one.payload is not None:
            try:
                rows = msgspec.convert(one.payload.buttons, list[list[Key]])
            except (msgspec.ValidationError, RecursionError):
                continue
            yield from (key for row in rows for key in row)


def files(parts: list[Attached]) -> Iterator[Attachment]:
    for one in parts:
        known, url = FILES.get(one.type), one.payload.url if one.payload is not None else None
        if known is None or not (url or "").startswith(WEB):
            continue
        kind, name, mime = known
        size = one.size if isinstance(one.size, int) and 0 < one.size < 1 << 40 else None
        yield Attachment(storable(one.filename or "") or name, mime, size=size, url=storable(url or ""), kind=kind)


def words(message: Message, parts: list[Attached]) -> str:
    """The text, what was forwarded, and what a person would say instead of the thing that was sent."""
    lines = [storable(message.body.text or "")]
    if message.link is not None and message.link.type == "forward" and message.link.message is not None:
        lines.append(f"> {storable(message.link.message.text or '')}")
    for one in parts:
        if one.type == "contact":
            lines.append(" ".join(card(one)))
        elif one.type == "share" and one.payload is not None:
            lines.append(storable(f"{one.title or one.payload.title or ''} {one.payload.url or ''}".strip()))
        elif one.type not in {"location", "inline_keyboard"} and not any(files([one])):
            lines.append(f"[{storable(one.type)[:40] or 'attachment'}]")
    return "\n".join(filter(None, lines))


def content(parts: list[Attached]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in parts:
        if one.type == "location" and one.latitude is not None and one.longitude is not None:
            found["location"] = {"lat": one.latitude, "lon": one.longitude}
        elif one.type == "contact":
            name, phone = card(one)
            found["contact"] = {"name": name, "phone": phone}
    return found


def card(one: Attached) -> tuple[str, str]:
    """Name and number of a contact card. It proves nothing: anybody's may be shared."""
    text = storable((one.payload.vcf_info if one.payload is not None else "") or "")
    name, phone = CARD_NAME.search(text), TELEPHONE.search(text)
    digits = "".join(sign for sign in phone[1] if sign in "0123456789") if phone else ""
    return name[1].strip() if name else "", f"+{digits}" if digits else ""
