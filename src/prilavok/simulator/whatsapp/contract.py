"""What Meta accepts from a business, as types: a request that does not fit is refused, as Meta's schema would."""

from typing import Annotated, Any, Literal

import msgspec

from prilavok.simulator.office import RefusedError

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """Everything a request is made of: what is not known is refused."""


class Text(Part):
    body: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
    preview_url: bool = False


class Media(Part):
    id: str = ""
    link: str = ""
    caption: Annotated[str, msgspec.Meta(max_length=1024)] = ""
    filename: str = ""


class Body(Part):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]


class Reply(Part):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    title: Short


class ReplyButton(Part):
    type: Literal["reply"]
    reply: Reply


class Row(Part):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=24)]
    description: Annotated[str, msgspec.Meta(max_length=72)] = ""


class Section(Part):
    rows: Annotated[list[Row], msgspec.Meta(min_length=1, max_length=10)]


class Action(Part):
    buttons: Annotated[list[ReplyButton], msgspec.Meta(max_length=3)] = []
    button: Annotated[str, msgspec.Meta(max_length=20)] = ""
    sections: Annotated[list[Section], msgspec.Meta(max_length=10)] = []


class Interactive(Part):
    type: Literal["button", "list"]
    body: Body
    action: Action


class Language(Part):
    code: str
    policy: Literal["deterministic"]


class Parameter(Part):
    type: Literal["text", "payload"]
    text: str = ""
    payload: str = ""


class Component(Part):
    type: Literal["header", "body", "button"]
    parameters: list[Parameter] = []
    sub_type: str = ""
    index: str = ""


class Template(Part):
    name: str
    language: Language
    components: list[Component] = []


class Context(Part):
    message_id: str


class Send(Part):
    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual"]
    to: Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9]{5,20}$")]
    type: Literal["text", "image", "video", "audio", "document", "sticker", "interactive", "template"]
    text: Text | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    interactive: Interactive | None = None
    template: Template | None = None
    context: Context | None = None
    biz_opaque_callback_data: Annotated[str, msgspec.Meta(max_length=512)] = ""


class Subscribe(Part):
    override_callback_uri: str = ""
    verify_token: str = ""


read_send = msgspec.json.Decoder(Send)
read_subscribe = msgspec.json.Decoder(Subscribe)


def accepted(decoder: "msgspec.json.Decoder[Any]", body: bytes) -> Any:
    try:
        found = decoder.decode(body)
    except msgspec.DecodeError as error:
        raise refused(400, 100, f"Invalid parameter: {error}") from error
    if isinstance(found, Send) and getattr(found, found.type) is None:
        raise refused(400, 100, f"The parameter {found.type} is required.")
    if isinstance(found, Send) and (asked := found.interactive) is not None:
        right = bool(asked.action.buttons) if asked.type == "button" else bool(asked.action.sections)
        ids = [one.reply.id for one in asked.action.buttons]
        ids += [one.id for section in asked.action.sections for one in section.rows]
        if not right or len(set(ids)) != len(ids) or (asked.type == "list" and not asked.action.button):
            raise refused(400, 131009, "Parameter value is not valid")
    return found


def refused(status: int, code: int, message: str) -> RefusedError:
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, "fbtrace_id": "A0"}
    return RefusedError(status, {"error": error})
