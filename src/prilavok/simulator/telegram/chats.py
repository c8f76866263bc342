"""What Telegram remembers: people, bots, files and what was said between them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prilavok.simulator.telegram.contract import Refused


@dataclass(slots=True)
class Person:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = "uk"
    phone: str = ""
    deactivated: bool = False

    def as_user(self) -> dict[str, Any]:
        return {**self._names(), "is_bot": False, "language_code": self.language}

    def as_chat(self) -> dict[str, Any]:
        return {**self._names(), "type": "private"}

    def _names(self) -> dict[str, Any]:
        known = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {"id": self.id, **{name: it for name, it in known.items() if it}}


@dataclass(frozen=True, slots=True)
class StoredFile:
    id: str
    name: str
    type: str
    data: bytes
    path: str  # below /file/bot<token>/
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class ChatMessage:
    """One bubble, as the telephone shows it. `kind` is Telegram's name of what is in it: text, photo, voice ..."""

    id: int
    user_id: int
    from_bot: bool
    at: datetime
    text: str = ""
    kind: str = "text"
    files: tuple[StoredFile, ...] = ()
    buttons: tuple[tuple[dict[str, str], ...], ...] = ()  # rows of {text, callback_data | url}
    reply_to: int | None = None
    album: str = ""
    location: tuple[float, float] | None = None
    contact: dict[str, Any] | None = None
    edited_at: datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)  # further fields of the update: entities, forward_origin ...


@dataclass(slots=True)
class Chat:
    """One person and one bot."""

    person: Person
    started: bool = False
    blocked: bool = False
    messages: list[ChatMessage] = field(default_factory=list)

    def message(self, message_id: int) -> ChatMessage:
        for one in self.messages:
            if one.id == message_id:
                return one
        raise LookupError(f"no message {message_id} in this chat")

    def require_open(self) -> None:
        """Refused in Telegram's words when the bot may not write here."""
        if self.person.deactivated:
            raise Refused(403, "Forbidden: user is deactivated")
        if self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if not self.started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")


@dataclass(slots=True)
class BotAccount:
    token: str
    username: str
    name: str
    chats: dict[int, Chat] = field(default_factory=dict)
    spinning: dict[str, int] = field(default_factory=dict)  # pressed and not yet answered: query id -> user id
    last_message_id: int = 0

    @property
    def id(self) -> int:
        return int(self.token.partition(":")[0])

    def as_user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def next_message_id(self) -> int:
        self.last_message_id += 1
        return self.last_message_id


def as_message(bot: BotAccount, chat: Chat, message: ChatMessage, *, answers: bool = True) -> dict[str, Any]:
    """The message in the shape of the Bot API."""
    shown: dict[str, Any] = {
        "message_id": message.id,
        "from": bot.as_user() if message.from_bot else chat.person.as_user(),
        "chat": chat.person.as_chat(),
        "date": int(message.at.timestamp()),
    }
    if message.edited_at is not None:
        shown["edit_date"] = int(message.edited_at.timestamp())
    if message.text:
        shown["text" if message.kind == "text" else "caption"] = message.text
    if message.album:
        shown["media_group_id"] = message.album
    if message.location is not None:
        shown["location"] = {"latitude": message.location[0], "longitude": message.location[1]}
    if message.contact is not None:
        shown["contact"] = message.contact
    if message.buttons:
        shown["reply_markup"] = {"inline_keyboard": [list(row) for row in message.buttons]}
    if answers and message.reply_to is not None:
        shown["reply_to_message"] = as_message(bot, chat, chat.message(message.reply_to), answers=False)
    for file in message.files:
        shown[message.kind] = as_file(message.kind, file)
    return {**shown, **message.extra}


def as_file(kind: str, file: StoredFile) -> Any:
    one: dict[str, Any] = {"file_id": file.id, "file_unique_id": f"u{file.id}", "file_size": len(file.data)}
    match kind:
        case "photo":
            return [one | {"width": file.width or 1280, "height": file.height or 960}]
        case "document":
            return one | {"file_name": file.name, "mime_type": file.type}
        case "video":
            return one | {"width": 1280, "height": 720, "duration": 5, "mime_type": file.type}
        case _:
            return one | {"duration": 5, "mime_type": file.type}
