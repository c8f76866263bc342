"""Meta's deliveries in, words of the shop out: a pure table from each type of message to what it means."""

import re
from collections.abc import Callable, Iterator
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
from prilavok.channels.whatsapp.notices import noticed
from prilavok.channels.whatsapp.prices import Prices
from prilavok.channels.whatsapp.shapes import (
    Batch,
    Change,
    Entry,
    FormAnswer,
    Media,
    Message,
    Person,
    Status,
    Value,
    Written,
)
from prilavok.channels.whatsapp.verdicts import because
from prilavok.channels.wire import NOT_READABLE, complaint, decode, moment, storable

LINK = re.compile(r"#([A-Za-z0-9_-]{8,64})", re.ASCII)  # the visible text that a deep link writes beforehand
PHONE = re.compile(r"[0-9]{5,20}", re.ASCII)
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "video/mp4": "mp4", "audio/ogg": "ogg"}
RECEIPTS = {
    "sent": Receipt.SENT,
    "delivered": Receipt.DELIVERED,
    "read": Receipt.READ,
    "played": Receipt.READ,
    "failed": Receipt.FAILED,
}

read_batch = msgspec.json.Decoder(Batch)
read_entry = msgspec.json.Decoder(Entry)
read_change = msgspec.json.Decoder(Change)
read_value = msgspec.json.Decoder(Value)
read_message = msgspec.json.Decoder(Message)
read_status = msgspec.json.Decoder(Status)
read_anything = msgspec.json.Decoder(dict[str, Any])


def inbound(body: bytes, number_id: str, prices: Prices, at: datetime) -> list[Inbound]:
    """Every message and status of a delivery, in order. BadInput when it is none of Meta's.

    Whatever cannot be read is Unknown, not an error: Meta would repeat the whole delivery for a week.
    """
    found: list[Inbound] = []
    for raw_entry in decode(read_batch, body).entry:
        try:
            entry = read_entry.decode(raw_entry)
        except NOT_READABLE as error:
            found.append(unreadable("entry", error))
            continue
        for raw in entry.changes:
            try:
                found += list(changed(read_change.decode(raw), number_id, prices, at))
            except NOT_READABLE as error:
                found.append(unreadable("change", error))
    return found


def unreadable(what: str, error: Exception) -> Unknown:
    return Unknown(storable(f"unreadable {what}: {complaint(error)}"))


def changed(change: Change, number_id: str, prices: Prices, at: datetime) -> Iterator[Inbound]:
    if change.field not in {"messages", "smb_message_echoes"}:
        yield elsewhere(change, at)
        return
    value = read_value.decode(change.value)
    if value.metadata is not None and value.metadata.phone_number_id not in {"", number_id}:
        yield Unknown("for another number of this account")
        return
    people = {one.wa_id: one for one in value.contacts} | {one.user_id: one for one in value.contacts}
    for raw in value.messages:
        try:
            yield from said(read_message.decode(raw), people, at)
        except NOT_READABLE as error:
            yield unreadable("message", error)
    for raw in value.message_echoes:
        try:
            yield from echoed(read_message.decode(raw), people, at)
        except NOT_READABLE as error:
            yield unreadable("echo", error)
    for raw in value.statuses:
        try:
            yield reported(read_status.decode(raw), prices, at)
        except NOT_READABLE as error:
            yield unreadable("status", error)
    for _ in value.errors:
        yield Unknown("an error of Meta's")


def elsewhere(change: Change, at: datetime) -> Inbound:
    """What the owner must know, else the field and the event where it names one: `account_update: PARTNER_ADDED`."""
    try:
        value = read_anything.decode(change.value)
    except NOT_READABLE:
        value = {}
    if (news := noticed(change.field, value, at)) is not None:
        return news
    event = value.get("event", "")
    words = (change.field, event if isinstance(event, str) else "")
    return Unknown(storable(": ".join(filter(None, words)))[:120] or "a change without a field")


def reported(status: Status, prices: Prices, at: datetime) -> Inbound:
    if status.status not in RECEIPTS or status.recipient_type == "group":
        return Unknown(storable(f"status {status.status} {status.recipient_type}".strip())[:120])
    receipt = RECEIPTS[status.status]
    return ReceiptCame(
        receipt=receipt,
        at=moment(seconds(status.timestamp), at),
        provider_id=storable(status.id),
        # Our own id comes back in every status, so one that overtakes the answer to our request is understood too.
        message_id=storable(status.biz_opaque_callback_data),
        address=address_of(status.recipient_id),
        reason=because(status.errors[0]) if receipt is Receipt.FAILED and status.errors else "",
        price=prices.of(status.pricing) if status.pricing is not None and receipt is not Receipt.FAILED else None,
    )


def said(message: Message, people: dict[str, Person], at: datetime) -> Iterator[Inbound]:
    person = people.get(message.from_) or people.get(message.from_user_id) or Person()
    address = address_of(message.from_ or person.wa_id) or storable(message.from_user_id or person.user_id)
    if message.group_id:
        yield Unknown("message in a group")
    elif not address:
        yield Unknown("message of nobody")
    elif (change := changed_mind(message, sender(address, person), at)) is not None:
        yield change
    elif message.type == "system":
        yield Unknown(storable(f"system: {message.system.type if message.system else ''}")[:120])
    elif message.type == "reaction":
        yield reacted(message, sender(address, person), at)
    else:
        yield received(message, address, person, at)


def echoed(message: Message, people: dict[str, Person], at: datetime) -> Iterator[Inbound]:
    """What the owner wrote on the telephone, where the number is used in the Business application too."""
    address = address_of(message.to) or storable(message.to_user_id)
    person = people.get(message.to) or people.get(message.to_user_id) or Person()
    if message.group_id or not address:
        yield Unknown("echo of a message to a group or to nobody")
    elif (change := changed_mind(message, sender(address, person), at)) is not None:
        yield change
    elif message.type in {"reaction", "system"}:
        yield Unknown(f"echo: {message.type}")
    else:
        yield Echoed(
            provider_id=storable(message.id),
            at=moment(seconds(message.timestamp), at),
            address=address,
            text=words(message),
            attachments=tuple(attachments(message)),
            content=content(message),
        )


def changed_mind(message: Message, who: Sender, at: datetime) -> Edited | Deleted | None:
    """An edit or a deletion; `who` is the customer in whose chat it happened."""
    when = moment(seconds(message.timestamp), at)
    if message.type == "edit" and message.edit is not None:
        return Edited(storable(message.edit.original_message_id), when, who, new_words(message.edit.message))
    if message.type == "revoke" and message.revoke is not None:
        return Deleted(storable(message.revoke.original_message_id), when, who)
    return None


def reacted(message: Message, who: Sender, at: datetime) -> Inbound:
    if message.reaction is None or not message.reaction.message_id:
        return Unknown("a reaction to nothing")
    when = moment(seconds(message.timestamp), at)
    return Reacted(storable(message.reaction.message_id), when, who, storable(message.reaction.emoji))


def received(message: Message, address: str, person: Person, at: datetime) -> Received:
    text = words(message)
    link = LINK.fullmatch(text.strip()) if message.type == "text" else None
    answered = message.context.id if message.context else ""
    return Received(
        provider_id=storable(message.id),
        at=moment(seconds(message.timestamp), at),
        sender=sender(address, person),
        text="" if link else text,
        attachments=tuple(attachments(message)),
        replies_to=(storable(answered),) if answered else (),
        link_token=link[1] if link else "",
        silent=link is not None,
        content=content(message),
    )


def sender(address: str, person: Person) -> Sender:
    facts = {"user_id": person.user_id, "username": person.profile.username if person.profile else ""}
    return Sender(
        address=address,
        name=storable(person.profile.name) if person.profile else "",
        phone=address if address.startswith("+") else "",
        verified=True,
        facts={name: storable(value) for name, value in facts.items() if value},
    )


def address_of(wa_id: str) -> str:
    """`380501234567` as +380501234567; empty for what is no number."""
    digits = wa_id.removeprefix("+")
    return f"+{digits}" if PHONE.fullmatch(digits) else ""


def seconds(timestamp: str) -> float:
    return float(timestamp) if timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 16 else float("nan")


def words(message: Message) -> str:
    """The text, or what a person would say instead of the thing that was sent."""
    say = WORDS.get(message.type)
    found = say(message) if say is not None else None
    return storable(found if found is not None else f"[{unsaid(message)}]")


def unsaid(message: Message) -> str:
    return (message.unsupported.type if message.unsupported else "") or message.type[:40] or "empty"


def captioned(message: Message) -> str | None:
    found = next((one for one in media_of(message)), None)
    return found[1].caption if found is not None else None


def place(message: Message) -> str | None:
    spot = message.location
    return None if spot is None else "\n".join(filter(None, [spot.name, spot.address]))


def cards(message: Message) -> str | None:
    lines = []
    for card in message.contacts:
        phones = ", ".join(one.phone for one in card.phones if one.phone)
        lines.append(" ".join(filter(None, [card.name.formatted_name if card.name else "", phones])))
    return "\n".join(lines) or None


def pressed(message: Message) -> str | None:
    if message.button is not None:
        return message.button.text or message.button.payload
    answer = message.interactive
    if answer is None:
        return None
    if answer.nfm_reply is not None:
        return filled_in(answer.nfm_reply)
    chosen = answer.button_reply or answer.list_reply
    return chosen.title or chosen.id if chosen is not None else None


def filled_in(form: FormAnswer) -> str:
    """What was written into a form (a "flow"), field by field."""
    try:
        fields = read_anything.decode(form.response_json)
    except NOT_READABLE:
        return form.body or form.response_json
    lines = [f"{name}: {value}" for name, value in fields.items() if name != "flow_token"]
    return "\n".join(lines) or form.body


def basket(message: Message) -> str | None:
    if message.order is None:
        return None
    lines = [
        f"{item.quantity} × {item.product_retailer_id} ({item.item_price} {item.currency})".replace(" ( )", "")
        for item in message.order.product_items
    ]
    return "\n".join(filter(None, [message.order.text, *lines]))


WORDS: dict[str, Callable[[Message], str | None]] = {
    "text": lambda message: message.text.body if message.text else None,
    "image": captioned,
    "video": captioned,
    "audio": captioned,
    "document": captioned,
    "sticker": captioned,
    "location": place,
    "contacts": cards,
    "interactive": pressed,
    "button": pressed,
    "order": basket,
}


def new_words(written: Written) -> str:
    media = written.image or written.video or written.document
    return storable(written.text.body if written.text else media.caption if media else "")


def content(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if message.location is not None:
        found["location"] = {"lat": message.location.latitude, "lon": message.location.longitude}
    if message.contacts:
        card = message.contacts[0]
        number = card.phones[0] if card.phones else None
        phone = (address_of(number.wa_id) or number.phone) if number else ""
        found["contact"] = {"name": storable(card.name.formatted_name if card.name else ""), "phone": storable(phone)}
    if message.button is not None:
        found["button"] = storable(message.button.payload or message.button.text)
    if (answer := message.interactive) is not None and (chosen := answer.button_reply or answer.list_reply):
        found["button"] = storable(chosen.id)
    if message.context is not None and (message.context.forwarded or message.context.frequently_forwarded):
        found["forwarded"] = {"from": ""}
    if (ad := message.referral) is not None:
        known = {"url": ad.source_url, "title": ad.headline, "text": ad.body, "click": ad.ctwa_clid, "id": ad.source_id}
        found["referral"] = {name: storable(value)[:500] for name, value in known.items() if value}
    return found


def media_of(message: Message) -> Iterator[tuple[str, Media]]:
    for kind in ("image", "video", "audio", "document", "sticker"):
        if (media := getattr(message, kind)) is not None:
            yield kind, media


def attachments(message: Message) -> Iterator[Attachment]:
    for kind, media in media_of(message):
        mime = storable(media.mime_type).partition(";")[0].strip() or "application/octet-stream"
        shown = {"audio": "voice" if media.voice else "audio", "document": "file"}.get(kind, kind)
        yield Attachment(
            name=storable(media.filename) or f"{kind}.{ENDINGS.get(mime) or mime.rpartition('/')[2][:10] or 'bin'}",
            type=mime,
            size=media.file_size if isinstance(media.file_size, int) and 0 <= media.file_size < 1 << 40 else None,
            ref=storable(media.id),
            kind="image" if shown == "file" and mime.startswith("image/") else shown,
        )
