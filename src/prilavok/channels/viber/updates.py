"""Viber's callbacks in, words of the shop out: one callback, one event."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from prilavok.channels.base import (
    Attachment,
    Inbound,
    Reachability,
    Receipt,
    ReceiptCame,
    Received,
    Sender,
    Unknown,
)
from prilavok.channels.viber.shapes import Callback, Message, User
from prilavok.channels.wire import NOT_READABLE, decode, moment_of_ms, said, storable
from prilavok.domain.capabilities import BLOCKED
from prilavok.domain.errors import BadInput

LINK = re.compile(r"[A-Za-z0-9_-]{20,64}", re.ASCII)
WEB = ("https://", "http://")
BEGIN = "begin"  # what the button under the welcome carries: it opens the way for our answers and says nothing else
MUST_WRITE = "has not written to the bot yet"
FILES = {  # by type of message: how it is shown, what it is called when nobody says, its type
    "picture": ("image", "picture.jpg", "image/jpeg"),
    "video": ("video", "video.mp4", "video/mp4"),
    "file": ("file", "file", "application/octet-stream"),
    "sticker": ("sticker", "sticker.png", "image/png"),
}

read_callback = msgspec.json.Decoder(Callback)
read_press = msgspec.json.Decoder(tuple[str, str])


def inbound(body: bytes, at: datetime) -> list[Inbound]:
    """BadInput when it is none of Viber's."""
    callback = decode(read_callback, body)
    if isinstance(callback.message_token, int) and not 0 <= callback.message_token < 1 << 64:
        raise BadInput("A message token has at most 64 bits.", field="message_token")
    read = MEANINGS.get(callback.event)
    if read is None:
        return [Unknown(storable(callback.event)[:100] or "a callback without an event")]
    return list(read(callback, moment_of_ms(callback.timestamp, at)))


def spoken(callback: Callback, at: datetime) -> Iterator[Inbound]:
    author, message = callback.sender, callback.message
    if author is None or message is None:
        yield Unknown("a message without an author")
        return
    label, data = pressed(callback, message)
    if data == BEGIN:
        yield opened_door(callback, author, at)
        yield Reachability(address=storable(author.id), at=at, reachable=True)
        return
    content: dict[str, Any] = {"button": data} if data else {}
    if message.location is not None:
        content["location"] = {"lat": message.location.lat, "lon": message.location.lon}
    if (card := message.contact) is not None:
        content["contact"] = {"name": storable(card.name), "phone": storable(card.phone_number)}
    yield Received(
        provider_id=storable(str(callback.message_token)),
        at=at,
        sender=sender(author),
        text=label if data else words(message),
        attachments=tuple(attachments(message)),
        content=content,
    )


def opened(callback: Callback, at: datetime) -> Iterator[Inbound]:
    """Somebody looked into the chat. That is no permission to write to them, except for one welcome."""
    if callback.user is None:
        yield Unknown("conversation_started by nobody")
        return
    yield opened_door(callback, callback.user, at)
    address = storable(callback.user.id)
    if callback.subscribed:
        yield Reachability(address=address, at=at, reachable=True)
    else:
        yield Reachability(address=address, at=at, reachable=False, reason=MUST_WRITE)


def opened_door(callback: Callback, user: User, at: datetime) -> Received:
    return Received(
        provider_id=storable(str(callback.message_token)),
        at=at,
        sender=sender(user),
        link_token=link_token(callback),
        silent=True,
    )


def link_token(callback: Callback) -> str:
    """What a link of ours brought along; `context` may also hold anything that somebody wrote into a link."""
    context = (callback.context or "").strip()
    return context if LINK.fullmatch(context) else ""


def subscribed(callback: Callback, at: datetime) -> Iterator[Inbound]:
    if callback.user is None:
        yield Unknown("subscribed: nobody")
    else:
        yield Reachability(address=storable(callback.user.id), at=at, reachable=True)


def unsubscribed(callback: Callback, at: datetime) -> Iterator[Inbound]:
    yield Reachability(address=storable(callback.user_id), at=at, reachable=False, reason=BLOCKED)


def reported(receipt: Receipt) -> Callable[[Callback, datetime], Iterator[Inbound]]:
    """Comes once for each device of the customer; a receipt only climbs, so the first one counts."""

    def read(callback: Callback, at: datetime) -> Iterator[Inbound]:
        failed = receipt is Receipt.FAILED
        yield ReceiptCame(
            receipt=receipt,
            at=at,
            provider_id=storable(str(callback.message_token)),
            address=storable(callback.user_id),
            reason=f"Viber: {said(callback.desc, 200) or 'not delivered'}" if failed else "",
        )

    return read


MEANINGS: dict[str, Callable[[Callback, datetime], Iterator[Inbound]]] = {
    "message": spoken,
    "conversation_started": opened,
    "subscribed": subscribed,
    "unsubscribed": unsubscribed,
    "delivered": reported(Receipt.DELIVERED),
    "seen": reported(Receipt.READ),
    "failed": reported(Receipt.FAILED),
}


def sender(user: User) -> Sender:
    country = said(user.country, 8)
    return Sender(
        address=storable(user.id),
        name=said(user.name, 200),
        language=said(user.language, 20).partition("-")[0][:8].lower(),
        verified=True,
        facts={"country": country} if country else {},
    )


def pressed(callback: Callback, message: Message) -> tuple[str, str]:
    """Label and data of a button of ours. Only a button is silent: what a person types is never taken for one."""
    if not callback.silent or message.type != "text" or not message.text:
        return "", ""
    try:
        label, data = read_press.decode(message.text)
    except NOT_READABLE:
        return "", ""
    return storable(label), storable(data)


def words(message: Message) -> str:
    """The text, or what a person would say instead of the thing that was sent."""
    if message.text:
        return storable(message.text)
    if message.type == "url":
        return storable(message.media or "")
    if (card := message.contact) is not None:
        return storable(f"{card.name} {card.phone_number}".strip())
    shown = message.location is not None or message.type == "text" or any(attachments(message))
    return "" if shown else f"[{storable(message.type)[:40] or 'empty'}]"


def attachments(message: Message) -> Iterator[Attachment]:
    """By their address, which is good for about an hour: they are fetched at once."""
    found = FILES.get(message.type)
    if found is None or not (message.media or "").startswith(WEB):
        return
    kind, name, mime = found
    given = storable(message.file_name or "")
    shown = "image" if kind == "file" and given.lower().endswith((".jpg", ".jpeg", ".png", ".webp")) else kind
    yield Attachment(
        name=given or name,
        type=mime,
        size=message.size if isinstance(message.size, int) and 0 < message.size < 1 << 40 else None,
        url=storable(message.media or ""),
        kind=shown,
    )
