"""What MAX accepts from a bot, as types: a request that does not fit is refused with 400."""

from typing import Annotated, Any, Literal

import msgspec

from prilavok.simulator.office import RefusedError

UPDATES = ("bot_started", "bot_stopped", "message_callback", "message_created", "message_edited", "message_removed")


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """Everything a request is made of: what is not known is refused."""


class CallbackKey(Part, tag_field="type", tag="callback"):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    payload: Annotated[str, msgspec.Meta(max_length=1024)]


class LinkKey(Part, tag_field="type", tag="link"):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    url: Annotated[str, msgspec.Meta(pattern=r"^https?://", max_length=2048)]


class Keyboard(Part):
    buttons: Annotated[
        list[Annotated[list[CallbackKey | LinkKey], msgspec.Meta(min_length=1, max_length=7)]],
        msgspec.Meta(min_length=1, max_length=30),
    ]


class Token(Part):
    token: str = ""
    photos: dict[str, dict[str, str]] | None = None


class Image(Part, tag_field="type", tag="image"):
    payload: Token


class Video(Part, tag_field="type", tag="video"):
    payload: Token


class Audio(Part, tag_field="type", tag="audio"):
    payload: Token


class Document(Part, tag_field="type", tag="file"):
    payload: Token


class InlineKeyboard(Part, tag_field="type", tag="inline_keyboard"):
    payload: Keyboard


class Link(Part):
    type: Literal["reply", "forward"]
    mid: str


class Send(Part):
    text: Annotated[str, msgspec.Meta(max_length=4000)] | None = None
    attachments: list[Image | Video | Audio | Document | InlineKeyboard] = []
    link: Link | None = None
    notify: bool = True
    format: Literal["markdown", "html"] | None = None


class Answer(Part):
    notification: str | None = None
    message: Send | None = None


class Subscribe(Part):
    url: Annotated[str, msgspec.Meta(pattern=r"^https://")]
    update_types: list[Literal[UPDATES]] = []  # type: ignore[valid-type]
    secret: Annotated[str, msgspec.Meta(min_length=5, max_length=256, pattern=r"^[A-Za-z0-9_-]+$")] | None = None


read_send = msgspec.json.Decoder(Send)
read_answer = msgspec.json.Decoder(Answer)
read_subscribe = msgspec.json.Decoder(Subscribe)


def accepted(decoder: "msgspec.json.Decoder[Any]", body: bytes) -> Any:
    try:
        found = decoder.decode(body)
    except msgspec.DecodeError as error:
        raise refused(400, "proto.payload", str(error)) from error
    if isinstance(found, Send):
        files = [one for one in found.attachments if not isinstance(one, InlineKeyboard)]
        if not (found.text or files) or len(files) > 12 or len(found.attachments) - len(files) > 1:
            raise refused(400, "proto.payload", "text or attachments are needed, one keyboard at most")
    if isinstance(found, Answer) and found.message is None and found.notification is None:
        raise refused(400, "proto.payload", "message or notification is needed")
    return found


def refused(status: int, code: str, message: str) -> RefusedError:
    return RefusedError(status, {"code": code, "message": message})
