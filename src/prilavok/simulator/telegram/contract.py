"""The part of the Bot API that the emulator takes, as a table: every field with its types; `!` marks a required one.

Stricter than Telegram: a field that the table does not know is an error here, so a misspelt one is seen at once.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

_REPLY = "reply_parameters:ReplyParameters reply_markup:InlineKeyboardMarkup"
_TO = "business_connection_id:String chat_id:Integer|String! disable_notification:Boolean"
_MEDIA = "caption:String " + _REPLY

METHODS = {
    "getMe": "",
    "getUpdates": "offset:Integer limit:Integer timeout:Integer allowed_updates:Array-of-String",
    "setWebhook": (
        "url:String! secret_token:String max_connections:Integer allowed_updates:Array-of-String "
        "drop_pending_updates:Boolean"
    ),
    "deleteWebhook": "drop_pending_updates:Boolean",
    "getWebhookInfo": "",
    "sendMessage": f"{_TO} text:String! link_preview_options:LinkPreviewOptions {_REPLY}",
    "sendPhoto": f"{_TO} photo:InputFile|String! {_MEDIA}",
    "sendDocument": f"{_TO} document:InputFile|String! {_MEDIA}",
    "sendVoice": f"{_TO} voice:InputFile|String! {_MEDIA}",
    "sendVideo": f"{_TO} video:InputFile|String! {_MEDIA}",
    "sendAudio": f"{_TO} audio:InputFile|String! {_MEDIA}",
    "sendMediaGroup": (
        f"{_TO} media:Array-of-InputMediaPhoto|Array-of-InputMediaDocument|Array-of-InputMediaVideo! "
        "reply_parameters:ReplyParameters"
    ),
    "sendChatAction": "chat_id:Integer|String! action:String!",
    "getFile": "file_id:String!",
    "answerCallbackQuery": "callback_query_id:String! text:String show_alert:Boolean",
}

TYPES = {
    "ReplyParameters": "message_id:Integer! allow_sending_without_reply:Boolean",
    "LinkPreviewOptions": "is_disabled:Boolean",
    "InlineKeyboardMarkup": "inline_keyboard:Array-of-Array-of-InlineKeyboardButton!",
    "InlineKeyboardButton": "text:String! url:String callback_data:String",
    "InputMediaPhoto": "type:String! media:String! caption:String",
    "InputMediaDocument": "type:String! media:String! caption:String",
    "InputMediaVideo": "type:String! media:String! caption:String",
}

MEDIA_TYPES = {"InputMediaPhoto": "photo", "InputMediaDocument": "document", "InputMediaVideo": "video"}


class Refused(Exception):
    """What Telegram would answer instead of a result."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class Uploaded(msgspec.Struct, frozen=True):
    """A file that came in a multipart request."""

    name: str
    type: str
    data: bytes


def fields(table: str) -> dict[str, tuple[tuple[str, ...], bool]]:
    """`chat_id:Integer|String!` → {"chat_id": (("Integer", "String"), True)}"""
    found = {}
    for entry in table.split():
        name, _, types = entry.partition(":")
        required = types.endswith("!")
        found[name] = (tuple(one.replace("-", " ") for one in types.rstrip("!").split("|")), required)
    return found


def accepted(method: str, given: Mapping[str, Any], *, form: bool) -> dict[str, Any]:
    """The fields in their types; Refused as Telegram would. `form`: everything but files came as text."""
    if method not in METHODS:
        raise Refused(404, "Not Found")
    return _read_fields(METHODS[method], given, method, form=form)


def _read_fields(table: str, given: Mapping[str, Any], where: str, *, form: bool = False) -> dict[str, Any]:
    known = fields(table)
    for name in given:
        if name not in known and not isinstance(given[name], Uploaded):
            raise Refused(400, f"Bad Request: {where} has no field {name}")
    read = {}
    for name, (types, required) in known.items():
        if name in given:
            read[name] = _read(types, given[name], f"{where}.{name}", form=form)
        elif required:
            raise Refused(400, f"Bad Request: {where} needs the field {name}")
    return read


def _read(types: tuple[str, ...], value: Any, where: str, *, form: bool) -> Any:
    if form and isinstance(value, str) and "String" not in types:
        value, form = _json(value, where), False
    if len(types) > 1 and all(kind.startswith("Array of ") for kind in types) and isinstance(value, list):
        # An album may mix what its fields' types list one by one.
        inner = tuple(kind.removeprefix("Array of ") for kind in types)
        return [_read(inner, one, f"{where}[{number}]", form=False) for number, one in enumerate(value)]
    refused = Refused(400, f"Bad Request: {where} is not of type {' or '.join(types)}")
    for kind in types:
        try:
            return _read_as(kind, value, where, form=form)
        except Refused as error:
            refused = error
    raise refused


def _read_as(kind: str, value: Any, where: str, *, form: bool) -> Any:
    wrong = Refused(400, f"Bad Request: {where} is not of type {kind}")
    if kind == "InputFile":
        if isinstance(value, Uploaded):
            return value
        raise wrong
    if form and isinstance(value, str) and kind != "String":
        value = _json(value, where)
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise wrong
        inner = kind.removeprefix("Array of ")
        return [_read_as(inner, one, f"{where}[{number}]", form=False) for number, one in enumerate(value)]
    if kind in TYPES:
        if not isinstance(value, dict) or value.get("type") != MEDIA_TYPES.get(kind, value.get("type")):
            raise wrong
        return _read_fields(TYPES[kind], value, where)
    plain = {"Integer": int, "String": str, "Boolean": bool}[kind]
    if type(value) is not plain:
        raise wrong
    return value


def _json(text: str, where: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise Refused(400, f"Bad Request: {where} is not JSON") from None
