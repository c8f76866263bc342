"""What the emulated Messenger and Instagram keep: people and what they wrote to the shop, and comments under posts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from prilavok.simulator.messenger import Bubble, File
from prilavok.simulator.meta.contract import Message

WINDOW, PERSON = timedelta(hours=24), timedelta(days=7)


@dataclass(slots=True)
class Said(Bubble):
    """With what Meta alone knows of it."""

    metadata: str = ""
    template: bool = False
    reaction: str = ""
    parent: str = ""  # of a comment: the one that it answers
    hidden: bool = False
    answered_in_private: bool = False
    person: str = ""  # who wrote a comment; empty: the shop


@dataclass(slots=True)
class Chat:
    """One person and the shop; `id` is what Meta calls them for this account alone."""

    person: str
    id: str
    name: str
    started: bool = False
    blocked: bool = False
    open: bool = False
    messages: list[Said] = field(default_factory=list)
    last_act: datetime | None = None

    def window_is_open(self, now: datetime, *, tagged: bool) -> bool:
        return self.last_act is not None and now - self.last_act <= (PERSON if tagged else WINDOW)

    def find(self, message_id: str) -> Said:
        for one in self.messages:
            if one.id == message_id:
                return one
        raise LookupError(f"no message {message_id} in the chat with {self.person}")


def scoped_id(account: str, person: str) -> str:
    """The same person has another number for every page."""
    return str(6 * 10**15 + int(hashlib.sha256(f"{account}:{person}".encode()).hexdigest()[:11], 16))


def new_mid() -> str:
    return f"m_{uuid4().hex}"


def made(message: Message, at: datetime, files: Mapping[str, File]) -> Said:
    """A message of the shop as it stands on the screen."""
    said = Said(new_mid(), False, at, metadata=message.metadata, text=message.text)
    if (given := message.attachment) is not None and given.type == "template":
        said.text, said.template = given.payload.text, True
        said.buttons = tuple(
            {"id": one.payload or one.url, "title": one.title, **({"url": one.url} if one.url else {})}
            for one in given.payload.buttons
        )
    elif given is not None:
        said.files = (files[given.payload.attachment_id],) if given.payload.attachment_id else ()
        said.text = given.payload.url
    else:
        said.buttons = tuple({"id": one.payload, "title": one.title} for one in message.quick_replies)
    return said


def attached(file: File, address: str) -> dict[str, Any]:
    kind = file.type.partition("/")[0]
    shown = kind if kind in {"image", "video", "audio"} else "file"
    return {"type": shown, "payload": {"url": f"{address}/files/{file.id}"}}
