"""What the emulated WhatsApp keeps: chats with their ticks, files, approved templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

WINDOW = timedelta(hours=24)
VARIABLE = re.compile(r"\{\{(\d+)\}\}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    id: str
    name: str
    type: str
    data: bytes = field(repr=False)


@dataclass(slots=True)
class ChatMessage:
    """`status` of the shop's: accepted, sent, delivered, read, failed; of the customer's: sent, delivered."""

    id: str
    mine: bool  # the customer's
    at: datetime
    text: str = ""
    kind: str = "text"  # text image video audio document sticker location
    files: tuple[StoredFile, ...] = ()
    buttons: tuple[Mapping[str, str], ...] = ()  # id, title, description?
    choose: str = ""  # what opens the list; empty: the buttons lie open
    template: bool = False
    location: tuple[float, float] | None = None
    reply_to: str = ""
    opaque: str = ""
    status: str = "accepted"
    reaction: str = ""
    pressed: str = ""  # the id of the button that was pressed


@dataclass(slots=True)
class Chat:
    """One person and the shop's number. `online`: the telephone has a connection; `open`: the chat is looked at."""

    number: str
    name: str
    online: bool = True
    open: bool = False
    messages: list[ChatMessage] = field(default_factory=list)
    last_said: datetime | None = None

    def window_is_open(self, now: datetime) -> bool:
        return self.last_said is not None and now - self.last_said <= WINDOW


@dataclass(frozen=True, slots=True)
class ApprovedTemplate:
    name: str
    language: str
    body: str
    buttons: tuple[str, ...] = ()
    status: str = "APPROVED"

    @property
    def variables(self) -> int:
        return len(set(VARIABLE.findall(self.body)))

    def filled(self, values: list[str]) -> str:
        return VARIABLE.sub(lambda found: values[int(found[1]) - 1], self.body)

    def shown(self) -> dict[str, Any]:
        return {"name": self.name, "language": self.language, "status": self.status, "category": "UTILITY"}
