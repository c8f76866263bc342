"""What Viber accepts from a bot, as types: a request that does not fit is answered with its status 3 or 4."""

from typing import Annotated, Any, Literal

import msgspec

from prilavok.simulator.office import RefusedError

WHOLE = 30_000  # bytes of a request
HOST = "SN-CHAT-05_"
NAMES = {
    1: "invalidUrl",
    2: "invalidAuthToken",
    3: "badData",
    4: "missingData",
    5: "receiverNotRegistered",
    6: "receiverNotSubscribed",
    12: "tooManyRequests",
    14: "incompatibleWithVersion",
}
Address = Annotated[str, msgspec.Meta(pattern=r"^https?://", max_length=2000)]


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """Everything a request is made of: what is not known is refused."""


class Sender(Part):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=28)]
    avatar: str = ""


class Button(Part):
    ActionType: Literal["reply", "open-url", "share-phone", "location-picker", "none"]
    ActionBody: Annotated[str, msgspec.Meta(min_length=1)]
    Text: Annotated[str, msgspec.Meta(max_length=1250)] = ""  # 250 letters that may be escaped
    TextSize: Literal["small", "regular", "large"] = "regular"
    Columns: Annotated[int, msgspec.Meta(ge=1, le=6)] = 6
    Rows: Annotated[int, msgspec.Meta(ge=1, le=2)] = 1
    Silent: bool = False


class Keyboard(Part):
    Type: Literal["keyboard"]
    Buttons: Annotated[list[Button], msgspec.Meta(min_length=1, max_length=24)]
    DefaultHeight: bool = False


class Welcome(Part):
    """A message without a receiver: what may stand in the answer to conversation_started."""

    type: Literal["text", "picture", "video", "file"]
    sender: Sender
    text: Annotated[str, msgspec.Meta(max_length=7000)] = ""
    media: Address | None = None
    size: Annotated[int, msgspec.Meta(ge=1)] | None = None
    file_name: Annotated[str, msgspec.Meta(min_length=1, max_length=256)] | None = None
    keyboard: Keyboard | None = None
    tracking_data: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    min_api_version: int = 1


class Send(Welcome, kw_only=True):
    receiver: Annotated[str, msgspec.Meta(min_length=1)]


class Webhook(Part):
    url: str
    event_types: list[Literal["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"]] = []
    send_name: bool = False
    send_photo: bool = False


read_send = msgspec.json.Decoder(Send)
read_welcome = msgspec.json.Decoder(Welcome)
read_webhook = msgspec.json.Decoder(Webhook)


def accepted(decoder: "msgspec.json.Decoder[Any]", body: bytes) -> Any:
    if len(body) > WHOLE:
        raise refused(3)
    try:
        found = decoder.decode(body)
    except msgspec.DecodeError as error:
        raise refused(4 if "missing required" in str(error) else 3) from error
    if isinstance(found, Welcome):
        check_message(found)
    return found


def check_message(message: Welcome) -> None:
    """What depends on the type of the message."""
    if message.type == "text":
        if not message.text:
            raise refused(4)
        if message.media or message.size or message.file_name:
            raise refused(3)
    elif not message.media:
        raise refused(4)
    if message.type == "picture" and len(message.text) > 512:
        raise refused(3)
    if message.type in {"video", "file"} and message.size is None:
        raise refused(4)
    if message.type == "file" and message.file_name is None:
        raise refused(4)
    if (message.type == "video" and (message.size or 0) > 26 << 20) or (message.size or 0) > 50 << 20:
        raise refused(3)
    silent = message.keyboard is not None and any(one.Silent for one in message.keyboard.Buttons)
    if silent and message.min_api_version < 6:
        raise refused(3)


def refused(status: int) -> RefusedError:
    """HTTP says 200 nevertheless."""
    return RefusedError(200, {"status": status, "status_message": NAMES[status], "chat_hostname": HOST})
