"""The parts of MAX's bot API that we read. Everything that we do not name is ignored. Times are in milliseconds."""

from typing import Annotated, Any

import msgspec

Id = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
Millis = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]


class User(msgspec.Struct):
    user_id: Id
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None
    is_bot: bool = False


class Recipient(msgspec.Struct):
    chat_type: str = ""


class Payload(msgspec.Struct):
    url: str | None = None
    title: str | None = None
    vcf_info: str | None = None
    buttons: Any = None  # rows of an inline keyboard; read apart, for it must not lose the message


class Attached(msgspec.Struct):
    type: str
    payload: Payload | None = None
    filename: str | None = None
    size: Any = None
    latitude: float | None = None
    longitude: float | None = None
    title: str | None = None


class Body(msgspec.Struct):
    mid: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    text: str | None = None
    attachments: list[msgspec.Raw] | None = None


class Linked(msgspec.Struct):
    """What a message answers or forwards."""

    type: str = ""
    message: Body | None = None


class Message(msgspec.Struct):
    body: Body
    recipient: Recipient
    sender: User | None = None
    timestamp: Millis = 0
    link: Linked | None = None


class Callback(msgspec.Struct):
    callback_id: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    user: User
    payload: str | None = None
    timestamp: Millis = 0


class Update(msgspec.Struct):
    update_type: str
    timestamp: Millis = 0
    message: Message | None = None
    callback: Callback | None = None
    user: User | None = None
    payload: str | None = None
    user_locale: str | None = None
    message_id: str = ""
    user_id: Id = 0


class Batch(msgspec.Struct):
    """An answer to GET /updates; a webhook's body has no `updates`."""

    updates: list[msgspec.Raw] | None = None
    marker: Id | None = None


class Key(msgspec.Struct):
    text: str = ""
    payload: str = ""


class Bot(msgspec.Struct):
    user_id: Id
    name: str | None = None
    first_name: str | None = None
    username: str | None = None


class Complaint(msgspec.Struct):
    code: str = ""
    message: str = ""


class Outcome(msgspec.Struct):
    success: bool = True
    message: str | None = None


class SentMessage(msgspec.Struct):
    message: "Sent"


class Sent(msgspec.Struct):
    body: Body


class UploadPlace(msgspec.Struct):
    url: str
    token: str = ""


class Uploaded(msgspec.Struct):
    photos: dict[str, Any] | None = None
    token: str = ""


class Subscription(msgspec.Struct):
    url: str


class Subscriptions(msgspec.Struct):
    subscriptions: list[Subscription] = []
