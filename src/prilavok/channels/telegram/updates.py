"""Updates in, words of the shop out: a pure table from each kind of update to what it means."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from prilavok.channels.base import (
    Attachment,
    Deleted,
    Echoed,
    Edited,
    Inbound,
    Reachability,
    Received,
    Sender,
    Unknown,
)
from prilavok.channels.telegram.shapes import (
    Batch,
    CallbackQuery,
    Chat,
    Deletion,
    Entity,
    File,
    MemberChange,
    Message,
    Numbered,
    Sticker,
    Update,
    User,
)
from prilavok.channels.wire import NOT_READABLE, complaint, decode, moment, storable
from prilavok.domain.capabilities import BLOCKED
from prilavok.domain.errors import BadInput

T = TypeVar("T")

START = "/start"

# The order of names is the order in which a message is asked what it carries.
FILE_KINDS = (
    ("animation", "video", "animation.mp4", "video/mp4"),
    ("document", "file", "document", "application/octet-stream"),
    ("voice", "voice", "voice.ogg", "audio/ogg"),
    ("audio", "audio", "audio.mp3", "audio/mpeg"),
    ("video", "video", "video.mp4", "video/mp4"),
    ("video_note", "video", "video-message.mp4", "video/mp4"),
)

# Of the fields of a message that we do not read, those that are a customer's words rather than news of the chat.
ALSO_SAID = {"story", "paid_media", "live_photo", "checklist", "game", "rich_message", "users_shared", "chat_shared"}

read_batch = msgspec.json.Decoder(Batch)
read_update = msgspec.json.Decoder(Update)
read_number = msgspec.json.Decoder(Numbered)
read_anything = msgspec.json.Decoder(dict[str, Any])


def inbound(body: bytes, received_at: datetime) -> list[Inbound]:
    """Of a webhook's body (one update) or of a whole answer to getUpdates. BadInput when it is neither.

    An update that cannot be read is Unknown, not an error: Telegram would send it again for a day and keep back
    everything else of that chat.
    """
    found: list[Inbound] = []
    for raw in split(body):
        try:
            found += list(meaning(read_update.decode(raw), raw, received_at))
        except NOT_READABLE as error:
            found.append(Unknown(storable(f"unreadable update: {complaint(error)}")))
    return found


def pressed(body: bytes) -> list[str]:
    """Ids of the buttons pressed in this delivery: each shows a spinner until it is answered."""
    try:
        updates = [readable(read_update, raw) for raw in split(body)]
    except BadInput:
        return []
    return [one.callback_query.id for one in updates if one is not None and one.callback_query is not None]


def last_number(body: bytes) -> int | None:
    """The highest update_id of an answer to getUpdates; None when there is no update in it."""
    numbered = (readable(read_number, raw) for raw in split(body))
    return max((one.update_id for one in numbered if one is not None), default=None)


def split(body: bytes) -> list[msgspec.Raw]:
    batch = decode(read_batch, body).result
    return [msgspec.Raw(body)] if batch is None else batch


def readable(decoder: "msgspec.json.Decoder[T]", raw: msgspec.Raw) -> T | None:
    try:
        return decoder.decode(raw)
    except NOT_READABLE:
        return None


def meaning(update: Update, raw: msgspec.Raw, received_at: datetime) -> Iterator[Inbound]:
    for name, read in MEANINGS.items():
        if (part := getattr(update, name)) is not None:
            yield from read(Context(raw, name, received_at), part)
            return
    kinds = sorted(read_anything.decode(raw).keys() - {"update_id"})
    yield Unknown(storable(", ".join(kinds) or "an empty update")[:200])


@dataclass(frozen=True, slots=True)
class Context:
    raw: msgspec.Raw
    name: str  # of the update's part
    received_at: datetime


def said(context: Context, message: Message) -> Iterator[Inbound]:
    """A customer's message to the bot."""
    author = message.from_
    if message.chat.type != "private" or author is None:
        yield Unknown(f"message in a {storable(message.chat.type)[:40] or 'chat'} without a person")
    elif author.is_bot:
        yield Unknown("message from another bot")
    elif author.id != message.chat.id:
        yield echoed(context, message, author)
    else:
        yield received(context, message, author)


def echoed(context: Context, message: Message, author: User) -> Echoed:
    """Through a business connection: the owner wrote in the application, or we did in the owner's name."""
    address = address_of(message.chat, message.business_connection_id)
    return Echoed(
        provider_id=f"{address}:{message.message_id}",
        at=moment(message.date, context.received_at),
        address=address,
        text=words(message),
        attachments=tuple(attachments(message)),
        author=storable(f"{author.first_name} {author.last_name}".strip()),
        content=content(message),
    )


def received(context: Context, message: Message, author: User) -> Received | Unknown:
    files = tuple(attachments(message))
    text = words(message)
    if not (text or files or message.location or message.contact):
        what = sorted(set(read_anything.decode(context.raw).get(context.name, {})) - set(KNOWN_FIELDS))
        if not ALSO_SAID & set(what):
            return Unknown(storable(f"service message: {', '.join(what) or 'empty'}")[:200])
        text = f"[{', '.join(sorted(ALSO_SAID & set(what)))}]"
    address = address_of(message.chat, message.business_connection_id)
    command, _, payload = text.partition(" ")
    starts = command == START and not files
    answered = message.reply_to_message
    return Received(
        provider_id=f"{address}:{message.message_id}",
        at=moment(message.date, context.received_at),
        sender=sender(address, author, phone=own_phone(message, author)),
        text="" if starts else text,
        attachments=files,
        replies_to=(f"{address}:{answered.message_id}",) if answered is not None else (),
        link_token=payload.strip() if starts and is_payload(payload.strip()) else "",
        silent=starts,
        album=f"{address}:{storable(message.media_group_id)}" if message.media_group_id else "",
        content=content(message),
    )


def edited(context: Context, message: Message) -> Iterator[Inbound]:
    author = message.from_
    if message.chat.type != "private" or author is None or author.id != message.chat.id:
        yield Unknown("an edit that is not a customer's")
    elif message.location is not None:
        yield Unknown("a live location moved")
    else:
        address = address_of(message.chat, message.business_connection_id)
        yield Edited(
            provider_id=f"{address}:{message.message_id}",
            at=moment(message.edit_date or message.date, context.received_at),
            sender=sender(address, author),
            text=words(message),
        )


def deleted(context: Context, deletion: Deletion) -> Iterator[Inbound]:
    """Telegram says so only of a business account's chats."""
    address = address_of(deletion.chat, deletion.business_connection_id)
    for number in deletion.message_ids:
        yield Deleted(provider_id=f"{address}:{number}", at=context.received_at, sender=Sender(address, verified=True))


def button_pressed(context: Context, press: CallbackQuery) -> Iterator[Inbound]:
    message = press.message
    if message is not None and message.chat.type != "private":
        yield Unknown("button pressed in a group")
        return
    data = storable(press.data)
    rows = message.reply_markup.inline_keyboard if message is not None and message.reply_markup is not None else []
    labels = [button.text for row in rows for button in row if button.callback_data == press.data]
    address = str(press.from_.id)
    yield Received(
        provider_id=f"callback:{storable(press.id)}",
        at=context.received_at,  # a press carries no time
        sender=sender(address, press.from_),
        text=storable(labels[0]) if labels else data,
        replies_to=(f"{address}:{message.message_id}",) if message is not None else (),
        content={"button": data},
    )


def membership(context: Context, change: MemberChange) -> Iterator[Inbound]:
    """In a private chat this is how we learn that the customer has blocked the bot, or has let it in again."""
    status = change.new_chat_member.status
    if change.chat.type != "private" or status not in {"kicked", "left", "member"}:
        yield Unknown(f"my_chat_member: {storable(status)[:40]} in a {storable(change.chat.type)[:40]}")
        return
    reachable = status == "member"
    yield Reachability(
        address=str(change.chat.id),
        at=moment(change.date, context.received_at),
        reachable=reachable,
        reason="" if reachable else BLOCKED,
    )


MEANINGS: dict[str, Callable[[Context, Any], Iterator[Inbound]]] = {
    "message": said,
    "edited_message": edited,
    "business_message": said,
    "edited_business_message": edited,
    "deleted_business_messages": deleted,
    "callback_query": button_pressed,
    "my_chat_member": membership,
}

KNOWN_FIELDS = {"from", *Message.__struct_encode_fields__}


def address_of(chat: Chat, connection: str) -> str:
    """The chat's id; before it the business connection, without which a reply would come from the bot."""
    return f"{storable(connection)}:{chat.id}" if connection else str(chat.id)


def sender(address: str, author: User, *, phone: str = "") -> Sender:
    return Sender(
        address=address,
        name=storable(f"{author.first_name} {author.last_name}".strip()),
        language=storable(author.language_code.partition("-")[0])[:8],
        phone=phone,
        verified=True,
        facts={"username": storable(author.username)} if author.username else {},
    )


def own_phone(message: Message, author: User) -> str:
    """A contact card proves a number only when it is the author's own and was not forwarded."""
    card = message.contact
    if card is None or card.user_id != author.id or message.forward_origin is not None:
        return ""
    return phone(card.phone_number)


def phone(number: str) -> str:
    digits = "".join(sign for sign in number if sign in "0123456789")
    return f"+{digits}" if digits else ""


def is_payload(text: str) -> bool:
    return 0 < len(text) <= 64 and text.isascii() and text.replace("_", "").replace("-", "").isalnum()


def words(message: Message) -> str:
    """The text, or what a person would say instead of the thing that was sent."""
    if message.text:
        return plain(message.text, message.entities)
    if message.caption:
        return plain(message.caption, message.caption_entities)
    if message.sticker is not None:
        return storable(message.sticker.emoji)
    if message.venue is not None:
        return storable(f"{message.venue.title}\n{message.venue.address}".strip())
    if message.poll is not None:
        return storable(message.poll.question)
    if message.dice is not None:
        return storable(f"{message.dice.emoji} {message.dice.value}".strip())
    return ""


def plain(text: str, entities: list[Entity]) -> str:
    """Without markup; an address hidden behind words is written after them, for the agent must see where it leads."""
    units = text.encode("utf-16-le", "surrogatepass")
    links = sorted((one.offset + one.length, one.offset, one.url) for one in entities if one.url)
    pieces, done = [], 0
    for end, begin, url in links:
        if not 0 <= begin < end <= len(units) // 2:
            continue
        shown = units[2 * begin : 2 * end].decode("utf-16-le", "replace")
        if url.rstrip("/") in (shown.rstrip("/"), f"http://{shown}".rstrip("/"), f"https://{shown}".rstrip("/")):
            continue
        pieces += [units[done : 2 * end], f" ({url})".encode("utf-16-le", "surrogatepass")]
        done = 2 * end
    return storable(b"".join([*pieces, units[done:]]).decode("utf-16-le", "replace"))


def content(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if message.location is not None:
        found["location"] = {"lat": message.location.latitude, "lon": message.location.longitude}
    if (card := message.contact) is not None:
        name = storable(f"{card.first_name} {card.last_name}".strip())
        found["contact"] = {"name": name, "phone": phone(card.phone_number)}
    if message.quote is not None and message.quote.text:
        found["quote"] = storable(message.quote.text)
    if (origin := message.forward_origin) is not None:
        person, chat = origin.sender_user, origin.sender_chat or origin.chat
        names = (person.first_name if person else "", origin.sender_user_name, chat.title if chat else "")
        found["forwarded"] = {"from": storable(next(filter(None, names), ""))}
    return found


def attachments(message: Message) -> Iterator[Attachment]:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        yield attachment(largest, "image", f"photo-{message.message_id}.jpg", "image/jpeg")
    if message.sticker is not None:
        yield sticker(message.sticker)
    for field, kind, name, mime in FILE_KINDS:
        file: File | None = getattr(message, field)
        if file is not None:
            yield attachment(file, kind, name, mime)
            return  # an animation comes as a document too: one file, not two


def attachment(file: File, kind: str, name: str, mime: str) -> Attachment:
    shown = storable(file.mime_type) or mime
    return Attachment(
        name=storable(file.file_name) or name,
        type=shown,
        size=file.file_size,
        ref=storable(file.file_id),
        kind="image" if kind == "file" and shown.startswith("image/") else kind,
    )


def sticker(file: Sticker) -> Attachment:
    name, mime = "sticker.webp", "image/webp"
    if file.is_animated:
        name, mime = "sticker.tgs", "application/x-tgsticker"
    elif file.is_video:
        name, mime = "sticker.webm", "video/webm"
    return Attachment(name=name, type=mime, size=file.file_size, ref=storable(file.file_id), kind="sticker")
