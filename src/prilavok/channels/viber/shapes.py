"""The parts of Viber's bot API that we read. Everything that we do not name is ignored."""

from typing import Annotated, Any

import msgspec

Millis = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
Token = int | Annotated[str, msgspec.Meta(max_length=40)]
"""Larger than 2^53: it must never pass through a float."""


class User(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    name: str | None = None
    country: str | None = None
    language: str | None = None


class Location(msgspec.Struct):
    lat: float
    lon: float


class Card(msgspec.Struct):
    name: str = ""
    phone_number: str = ""


class Message(msgspec.Struct):
    type: str
    text: str | None = None
    media: str | None = None
    file_name: str | None = None
    # Any: a size that is none must not lose the customer's message.
    size: Any = None
    contact: Card | None = None
    location: Location | None = None


class Callback(msgspec.Struct):
    event: str
    timestamp: Millis = 0
    message_token: Token = 0
    user: User | None = None
    user_id: str = ""
    sender: User | None = None
    message: Message | None = None
    context: str | None = None
    subscribed: bool = False
    silent: bool = False
    desc: str | None = None


class Verdict(msgspec.Struct):
    """Viber answers 200 to nearly everything; what became of it stands here."""

    status: int
    status_message: str = ""
    message_token: Token = 0


class Profile(msgspec.Struct):
    name: str = ""
    uri: str = ""
    webhook: str | None = None
