"""Deliveries of Messenger and Instagram in, words of the shop out: what is said between two people."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from prilavok.channels.base import (
    Attachment,
    Deleted,
    Echoed,
    Edited,
    Inbound,
    Reacted,
    Receipt,
    ReceiptCame,
    Received,
    Sender,
    Unknown,
)
from prilavok.channels.meta.shapes import (
    Batch,
    Change,
    Delivery,
    Enforcement,
    Entry,
    Event,
    Message,
    MessageEdit,
    Payload,
    Postback,
    Reaction,
    Read,
    Referral,
)
from prilavok.channels.wire import NOT_READABLE, complaint, decode, moment, storable

TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)  # of our links; other words behind `ref=` are the shop's own
GET_STARTED = "GET_STARTED"
FILES = {  # by type of attachment: what it is to us, its name, its type
    "image": ("image", "image.jpg", "image/jpeg"),
    "video": ("video", "video.mp4", "video/mp4"),
    "audio": ("audio", "audio.mp4", "audio/mp4"),
    "file": ("file", "file", "application/octet-stream"),
}
FACES = {"love": "❤️", "smile": "😆", "wow": "😮", "sad": "😢", "angry": "😠", "like": "👍", "dislike": "👎"}
BEYOND = 1 << 53  # no clock; and no float holds it
MILLISECONDS = 1e11  # a Unix time above it counts them, not seconds

read_batch = msgspec.json.Decoder(Batch)
read_entry = msgspec.json.Decoder(Entry)
read_change = msgspec.json.Decoder(Change)
read_event = msgspec.json.Decoder(Event)
read_anything = msgspec.json.Decoder(dict[str, Any])

ReadChange = Callable[[Change, "Context"], Iterable[Inbound]]


@dataclass(frozen=True, slots=True)
class Context:
    """`account`: the page's or the Instagram account's own id. `at`: when the delivery came, later the event's time."""

    account: str
    at: datetime


@dataclass(frozen=True, slots=True)
class About:
    """Whom an event concerns, and when it happened."""

    customer: str
    at: datetime
    event: Event


def inbound(body: bytes, context: Context, changed: ReadChange) -> list[Inbound]:
    """Every event of a delivery, in order; `changed` reads what happened in public. BadInput when it is none of Meta's.

    Whatever cannot be read is Unknown, not an error: Meta would repeat the whole delivery.
    """
    found: list[Inbound] = []
    for raw in decode(read_batch, body).entry:
        found += readable("entry", raw, lambda raw: of_entry(read_entry.decode(raw), context, changed))
    return found


def of_entry(entry: Entry, context: Context, changed: ReadChange) -> Iterator[Inbound]:
    if entry.id != context.account:
        yield Unknown("for another account")
        return
    context = Context(context.account, time_of(entry.time, context.at))
    for raw in entry.messaging:
        yield from readable("event", raw, lambda raw: of_event(read_event.decode(raw), raw, context))
    for _ in entry.standby:
        yield Unknown("standby: another application answers in this conversation")
    for raw in entry.changes:
        yield from readable("change", raw, lambda raw: changed(read_change.decode(raw), context))
    if entry.field:
        alone = Change(entry.field, entry.value)
        yield from readable("change", entry.value, lambda _: changed(alone, context))


def readable(what: str, raw: msgspec.Raw, read: Callable[[msgspec.Raw], Iterable[Inbound]]) -> list[Inbound]:
    try:
        return list(read(raw))
    except NOT_READABLE as error:
        return [Unknown(storable(f"unreadable {what}: {complaint(error)}"))]


def of_event(event: Event, raw: msgspec.Raw, context: Context) -> Iterator[Inbound]:
    at = time_of(event.timestamp, context.at)
    for name, read in MEANINGS.items():
        if (part := getattr(event, name)) is not None:
            customer = event.recipient if event.sender.id == context.account else event.sender
            if not customer.id and name != "policy_enforcement":
                yield Unknown(f"{name} of nobody")
            else:
                yield from read(part, About(storable(customer.id), at, event))
            return
    kinds = sorted(read_anything.decode(raw).keys() - {"sender", "recipient", "timestamp"})
    yield Unknown(storable(", ".join(kinds) or "an empty event")[:120])


def time_of(stamp: float, otherwise: datetime) -> datetime:
    """Milliseconds in messages, seconds in comments."""
    return moment(stamp / 1000 if stamp > MILLISECONDS else stamp, otherwise) if 0 < stamp < BEYOND else otherwise


def said(message: Message, about: About) -> Iterator[Inbound]:
    mid = storable(message.mid)
    if message.is_deleted:
        yield Deleted(provider_id=mid, at=about.at, sender=person(about.customer))
    elif message.is_echo:
        yield Echoed(
            provider_id=mid,
            at=about.at,
            address=about.customer,
            text=words(message),
            attachments=tuple(files(message)),
            message_id=storable(message.metadata)[:200],
        )
    elif about.event.sender.id != about.customer:
        yield Unknown("a message of our own that is no echo")
    else:
        yield received(message, mid, about.customer, about.at)


def received(message: Message, mid: str, customer: str, at: datetime) -> Received:
    content = came_by(message.referral)
    if message.quick_reply is not None and message.quick_reply.payload:
        content["button"] = storable(message.quick_reply.payload)
    answered = message.reply_to
    story = answered.story if answered is not None else None
    return Received(
        provider_id=mid,
        at=at,
        sender=person(customer),
        text=words(message),
        attachments=tuple(files(message)),
        replies_to=(storable(answered.mid),) if answered is not None and answered.mid else (),
        folded=storable(story.url) if story is not None else "",  # the story they answer; Meta keeps it for a day
        link_token=token_of(message.referral),
        content=content,
    )


def person(customer: str) -> Sender:
    """Meta names nobody in a delivery."""
    return Sender(address=customer, verified=True)


def words(message: Message) -> str:
    """The text, or what a person would say instead of the thing that was sent; links written out."""
    lines = [message.text] if message.text else []
    for one in message.attachments:
        payload = one.payload or Payload()
        title, url = one.title or payload.title, one.url or payload.url
        if (one.type in FILES and is_address(url)) or (url and url in message.text):
            continue
        lines.append(
            " ".join(
                filter(
                    None,
                    [title or f"[{one.type.replace('_', ' ')[:40] or 'something'}]", url if is_address(url) else ""],
                )
            )
        )
    if message.is_unsupported and not lines:
        lines.append("[unsupported]")
    return storable("\n".join(lines))


def is_address(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def files(message: Message) -> Iterator[Attachment]:
    """Addresses at Meta that soon run out: fetched at once."""
    for number, one in enumerate(message.attachments, 1):
        payload = one.payload or Payload()
        if one.type not in FILES or not is_address(payload.url):
            continue
        kind, name, mime = FILES[one.type]
        stem, dot, ending = name.partition(".")
        yield Attachment(
            name=f"{stem}-{number}{dot}{ending}" if len(message.attachments) > 1 else name,
            type=mime,
            url=storable(payload.url),
            kind="sticker" if payload.sticker_id is not None else kind,
        )


def pressed(press: Postback, about: About) -> Iterator[Inbound]:
    """A button of ours, an ice breaker, or "Get started", which brings the word behind the link with it."""
    begins = press.payload == GET_STARTED
    content = came_by(press.referral)
    if press.payload and not begins:
        content["button"] = storable(press.payload)
    yield Received(
        provider_id=storable(press.mid) or f"postback:{about.customer}:{about.event.timestamp}",
        at=about.at,
        sender=person(about.customer),
        text="" if begins else storable(press.title or press.payload),
        link_token=token_of(press.referral),
        content=content,
        silent=begins,
    )


def returned(referral: Referral, about: About) -> Iterator[Inbound]:
    """Somebody who has written before came by a link or an advertisement, and has said nothing yet."""
    yield Received(
        provider_id=f"referral:{about.customer}:{about.event.timestamp}",
        at=about.at,
        sender=person(about.customer),
        link_token=token_of(referral),
        content=came_by(referral),
        silent=True,
    )


def token_of(referral: Referral | None) -> str:
    return referral.ref if referral is not None and TOKEN.fullmatch(referral.ref) else ""


def came_by(referral: Referral | None) -> dict[str, Any]:
    if referral is None or token_of(referral):
        return {}
    known = {"ref": referral.ref, "source": referral.source, "id": referral.ad_id}
    return {"referral": {name: storable(value)[:500] for name, value in known.items() if value}}


def delivered(delivery: Delivery, about: About) -> Iterator[Inbound]:
    for mid in delivery.mids:
        yield ReceiptCame(Receipt.DELIVERED, about.at, provider_id=storable(mid), address=about.customer)
    if not delivery.mids:
        yield ReceiptCame(
            Receipt.DELIVERED, about.at, address=about.customer, up_to=time_of(delivery.watermark, about.at)
        )


def read(read: Read, about: About) -> Iterator[Inbound]:
    if read.mid:
        yield ReceiptCame(Receipt.READ, about.at, provider_id=storable(read.mid), address=about.customer)
    elif read.watermark:
        yield ReceiptCame(Receipt.READ, about.at, address=about.customer, up_to=time_of(read.watermark, about.at))
    else:
        yield Unknown("read: nothing")


def reacted(reaction: Reaction, about: About) -> Iterator[Inbound]:
    if about.event.sender.id != about.customer:
        yield Unknown("reaction of the shop's own")
        return
    face = reaction.emoji or FACES.get(reaction.reaction, "") or "👍"
    emoji = "" if reaction.action == "unreact" else storable(face)
    yield Reacted(provider_id=storable(reaction.mid), at=about.at, sender=person(about.customer), emoji=emoji)


def edited(edit: MessageEdit, about: About) -> Iterator[Inbound]:
    yield Edited(provider_id=storable(edit.mid), at=about.at, sender=person(about.customer), text=storable(edit.text))


def enforced(enforcement: Enforcement, _: About) -> Iterator[Inbound]:
    yield Unknown(storable(f"policy enforcement: {enforcement.action}")[:120])


MEANINGS: dict[str, Callable[[Any, About], Iterator[Inbound]]] = {
    "message": said,
    "postback": pressed,
    "referral": returned,
    "delivery": delivered,
    "read": read,
    "reaction": reacted,
    "message_edit": edited,
    "policy_enforcement": enforced,
}
