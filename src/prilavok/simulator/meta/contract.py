"""What Meta accepts from a page or an Instagram account, as types: a request that does not fit is refused."""

from typing import Annotated, Any, Literal

import msgspec

from prilavok.simulator.office import RefusedError

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
Data = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """Everything a request is made of: what is not known is refused."""


class Recipient(Part):
    """One of them."""

    id: str = ""
    comment_id: str = ""


class QuickReply(Part):
    content_type: Literal["text"]
    title: Title
    payload: Data


class Button(Part):
    type: Literal["postback", "web_url"]
    title: Title
    payload: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    url: str = ""


class Payload(Part):
    """Of a file: where it is, or its id. Of a template: the text and its buttons."""

    url: str = ""
    attachment_id: str = ""
    is_reusable: bool = False
    template_type: Literal["", "button"] = ""
    text: Annotated[str, msgspec.Meta(max_length=640)] = ""
    buttons: Annotated[list[Button], msgspec.Meta(max_length=3)] = []


class Attachment(Part):
    type: Literal["image", "video", "audio", "file", "template"]
    payload: Payload


class Message(Part):
    text: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    attachment: Attachment | None = None
    quick_replies: Annotated[list[QuickReply], msgspec.Meta(max_length=13)] = []
    metadata: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class Send(Part):
    recipient: Recipient
    message: Message
    messaging_type: Literal["RESPONSE", "UPDATE", "MESSAGE_TAG"]
    tag: Literal["", "HUMAN_AGENT"] = ""


class Upload(Part):
    attachment: Attachment


class Answer(Part):
    message: Annotated[str, msgspec.Meta(min_length=1, max_length=8000)]


class Hide(Part):
    """One of them: a page's comment is `is_hidden`, an Instagram one `hide`; its text `message`."""

    message: str = ""
    is_hidden: bool | None = None
    hide: bool | None = None


class Subscribe(Part):
    subscribed_fields: Annotated[list[str], msgspec.Meta(min_length=1)]


class GetStarted(Part):
    payload: Data


class Profile(Part):
    get_started: GetStarted


read_send = msgspec.json.Decoder(Send)
read_upload = msgspec.json.Decoder(Upload)
read_answer = msgspec.json.Decoder(Answer)
read_hide = msgspec.json.Decoder(Hide)
read_subscribe = msgspec.json.Decoder(Subscribe)
read_profile = msgspec.json.Decoder(Profile)

INSTAGRAM_BYTES, INSTAGRAM_COMMENT = 1000, 2200


def accepted(decoder: "msgspec.json.Decoder[Any]", body: bytes) -> Any:
    try:
        found = decoder.decode(body)
    except msgspec.DecodeError as error:
        raise refused(400, 100, f"Invalid parameter: {error}") from error
    if isinstance(found, Send):
        _check(found)
    return found


def _check(send: Send) -> None:
    """What no type says."""
    message, to = send.message, send.recipient
    wrong = (
        bool(to.id) == bool(to.comment_id)
        or bool(message.text) == (message.attachment is not None)
        or (send.messaging_type == "MESSAGE_TAG") != bool(send.tag)
    )
    if (file := message.attachment) is not None:
        payload = file.payload
        if file.type == "template":
            wrong = wrong or not (payload.template_type and payload.text and payload.buttons)
            wrong = wrong or any(not (one.url if one.type == "web_url" else one.payload) for one in payload.buttons)
        else:
            wrong = wrong or bool(payload.url) == bool(payload.attachment_id)
    if wrong:
        raise refused(400, 100, "Invalid parameter")


def refused(status: int, code: int, message: str, sub: int = 0) -> RefusedError:
    error: dict[str, Any] = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code}
    return RefusedError(status, {"error": {**error, **({"error_subcode": sub} if sub else {}), "fbtrace_id": "A0"}})
