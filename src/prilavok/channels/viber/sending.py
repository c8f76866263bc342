"""A reply out: which messages it becomes. Viber takes files by address and fetches them itself."""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import msgspec

from prilavok.channels.base import (
    Attachment,
    Button,
    Dialogue,
    Outbound,
    Request,
    Sent,
    Undeliverable,
)
from prilavok.channels.parts import in_parts
from prilavok.channels.viber.verdicts import settle

WHOLE = 30_000  # bytes of a request
ROOM = 24_000  # bytes of it that a text may take, beside everything else
TEXT, CAPTION = 7000, 512  # characters: of a text, under a picture
SENDER = 28  # characters of the name above a message
LABEL, CARRIED = 200, 250  # characters on a button, and that it may carry
FILE_NAME = 256  # characters
SILENT_SINCE = 6  # the version of the API that knows buttons which say nothing in the chat

MEGABYTE = 1024 * 1024
PICTURE, VIDEO = 1 * MEGABYTE, 26 * MEGABYTE  # bytes; what is larger goes as a file
PICTURES = {".jpg", ".jpeg", ".png"}


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one bot."""

    base: str
    token: str = field(repr=False)

    def post(self, method: str, fields: Mapping[str, Any]) -> Request:
        headers = {"x-viber-auth-token": self.token, "content-type": "application/json"}
        return Request("POST", f"{self.base}/{method}", headers=headers, body=msgspec.json.encode(fields))


def send(line: Line, sender: Mapping[str, str], outbound: Outbound) -> Dialogue[Sent]:
    about = {"receiver": outbound.address, "sender": sender}
    return (yield from in_parts([partial(say, line, {**about, **part}) for part in parts(outbound)]))


def say(line: Line, fields: Mapping[str, Any]) -> Dialogue[str]:
    response = yield line.post("send_message", fields)
    return str(settle(response, sends=True).message_token)


def parts(outbound: Outbound) -> list[dict[str, Any]]:
    """A short text goes under the only picture, any other before the files. Buttons hang on the last message."""
    files = [media(file) for file in outbound.attachments]
    text = outbound.text
    if len(files) == 1 and files[0]["type"] == "picture" and len(text) <= CAPTION:
        files[0]["text"] = text
        text = ""
    made = [*({"type": "text", "text": piece} for piece in pieces(text)), *files]
    if outbound.buttons:
        made[-1] |= keyboard(outbound.buttons)
        if len(msgspec.json.encode(made[-1])) > WHOLE - 1000:
            raise Undeliverable("These buttons are more than one message in Viber can carry.")
    return made


def pieces(text: str) -> Iterator[str]:
    """The text in as few messages as it needs: Viber counts characters, and bytes of the whole request."""
    while text.strip():
        end = min(len(text), TEXT)
        while len(msgspec.json.encode(text[:end])) > ROOM:
            end = end * 3 // 4
        if end < len(text):
            broken = max(text.rfind("\n", 0, end), text.rfind(" ", 0, end)) + 1
            end = broken if broken > end // 2 else end
        yield text[:end]
        text = text[end:]


def keyboard(buttons: Sequence[Button]) -> dict[str, Any]:
    """What a button carries comes back as a message; silent, or the customer would read it in the chat."""
    made = [key(button) for button in buttons]
    silent = {"min_api_version": SILENT_SINCE} if any(one.get("Silent") for one in made) else {}
    return {"keyboard": {"Type": "keyboard", "DefaultHeight": False, "Buttons": made}, **silent}


def key(button: Button) -> dict[str, Any]:
    label = button.text if len(button.text) <= LABEL else f"{button.text[: LABEL - 1]}…"
    shown: dict[str, Any] = {"Columns": 6, "Rows": 1, "Text": html.escape(label), "TextSize": "regular"}
    if button.url:
        return {**shown, "ActionType": "open-url", "ActionBody": button.url}
    if button.data in {"", label}:
        return {**shown, "ActionType": "reply", "ActionBody": label}
    if len(button.data) > CARRIED:
        raise Undeliverable(f"The button “{label}” carries more than {CARRIED} characters.")
    carried = msgspec.json.encode([label, button.data]).decode()
    return {**shown, "ActionType": "reply", "ActionBody": carried, "Silent": True}


def media(file: Attachment) -> dict[str, Any]:
    """By our own signed address, which Viber must be able to reach."""
    if not file.url:
        raise Undeliverable(f"“{file.name}” has no address from which Viber could fetch it.")
    size = len(file.data) if file.data is not None else file.size or 0
    ending = PurePosixPath(urlsplit(file.url).path).suffix.lower()
    if ending in PICTURES and size <= PICTURE:
        return {"type": "picture", "text": "", "media": file.url}
    if ending == ".mp4" and size <= VIDEO:
        return {"type": "video", "media": file.url, "size": size}
    return {"type": "file", "media": file.url, "size": size, "file_name": file.name[-FILE_NAME:]}
