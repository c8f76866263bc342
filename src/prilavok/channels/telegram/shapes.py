"""The parts of the Bot API that we read. Everything that we do not name is ignored, as Telegram asks."""

from typing import Annotated

import msgspec

Id = Annotated[int, msgspec.Meta(ge=-(1 << 53), le=1 << 53)]
"""Telegram promises at most 52 significant bits."""

Size = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]


class User(msgspec.Struct):
    id: Id
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False


class Chat(msgspec.Struct):
    id: Id
    type: str
    title: str = ""


class Entity(msgspec.Struct):
    """A marked stretch of a text; offset and length count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""


class File(msgspec.Struct):
    file_id: str
    file_unique_id: str = ""
    file_size: Size | None = None
    file_name: str = ""
    mime_type: str = ""
    width: int = 0
    height: int = 0


class Sticker(msgspec.Struct):
    file_id: str
    file_unique_id: str = ""
    file_size: Size | None = None
    emoji: str = ""
    is_animated: bool = False
    is_video: bool = False


class Location(msgspec.Struct):
    latitude: float
    longitude: float


class Venue(msgspec.Struct):
    location: Location
    title: str = ""
    address: str = ""


class SharedContact(msgspec.Struct):
    phone_number: str
    first_name: str = ""
    last_name: str = ""
    user_id: Id | None = None


class Poll(msgspec.Struct):
    question: str = ""


class Dice(msgspec.Struct):
    emoji: str = ""
    value: Size = 0


class Origin(msgspec.Struct):
    """Where a forwarded message came from; which of the names is there depends on the kind of author."""

    sender_user: User | None = None
    sender_user_name: str = ""
    sender_chat: Chat | None = None
    chat: Chat | None = None


class Quote(msgspec.Struct):
    text: str = ""


class Keyboard(msgspec.Struct):
    inline_keyboard: list[list["KeyboardButton"]] = []


class KeyboardButton(msgspec.Struct):
    text: str = ""
    callback_data: str = ""


class AnsweredMessage(msgspec.Struct):
    """A message that another one answers, or that carries the pressed button; perhaps no longer accessible."""

    message_id: Id
    chat: Chat
    reply_markup: Keyboard | None = None


class Message(msgspec.Struct):
    message_id: Id
    chat: Chat
    date: int
    from_: User | None = msgspec.field(name="from", default=None)
    edit_date: int | None = None
    business_connection_id: str = ""
    text: str = ""
    entities: list[Entity] = []
    caption: str = ""
    caption_entities: list[Entity] = []
    media_group_id: str = ""
    reply_to_message: AnsweredMessage | None = None
    quote: Quote | None = None
    forward_origin: Origin | None = None
    photo: list[File] = []
    document: File | None = None
    animation: File | None = None
    voice: File | None = None
    audio: File | None = None
    video: File | None = None
    video_note: File | None = None
    sticker: Sticker | None = None
    location: Location | None = None
    venue: Venue | None = None
    contact: SharedContact | None = None
    poll: Poll | None = None
    dice: Dice | None = None


class CallbackQuery(msgspec.Struct):
    id: str
    from_: User = msgspec.field(name="from")
    message: AnsweredMessage | None = None
    data: str = ""


class Member(msgspec.Struct):
    status: str


class MemberChange(msgspec.Struct):
    chat: Chat
    from_: User = msgspec.field(name="from")
    date: int
    new_chat_member: Member


class Deletion(msgspec.Struct):
    business_connection_id: str
    chat: Chat
    message_ids: list[Id]


class Update(msgspec.Struct):
    update_id: Id
    message: Message | None = None
    edited_message: Message | None = None
    business_message: Message | None = None
    edited_business_message: Message | None = None
    deleted_business_messages: Deletion | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MemberChange | None = None


class Batch(msgspec.Struct):
    """The answer to getUpdates; each update is looked at by itself, for one may be unreadable."""

    result: list[msgspec.Raw] | None = None


class Numbered(msgspec.Struct):
    update_id: Id


class Parameters(msgspec.Struct):
    retry_after: float | None = None
    migrate_to_chat_id: Id | None = None


class Verdict(msgspec.Struct):
    """Every answer of Telegram."""

    ok: bool = False
    result: msgspec.Raw = msgspec.Raw(b"null")
    description: str = ""
    parameters: Parameters | None = None


class Bot(msgspec.Struct):
    id: Id
    first_name: str = ""
    username: str = ""


class StoredFile(msgspec.Struct):
    file_path: str = ""


class SentMessage(msgspec.Struct):
    message_id: Id
    chat: Chat


ALLOWED_UPDATES = [name for name in Update.__struct_fields__ if name != "update_id"]
"""What we ask Telegram for: exactly what we read."""
