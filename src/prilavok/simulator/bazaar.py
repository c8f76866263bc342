"""What all emulated marketplaces share: buyers with a private talk each, and what they say for everybody to read."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from prilavok.simulator.messenger import Bubble, File, Talk
from prilavok.simulator.office import Asked, Office, RefusedError

Problem = tuple[int, Any]


@dataclass(slots=True)
class Answer:
    id: str
    text: str
    at: datetime
    mine: bool = False  # the buyer's own word beneath
    parent: str = ""


@dataclass(slots=True)
class Said:
    """A review or a question under a product."""

    id: str
    kind: str  # review | question
    person: str
    name: str
    at: datetime
    text: str
    rating: int = 0
    sku: str = "147451959"
    answers: list[Answer] = field(default_factory=list)
    changed_at: datetime | None = None
    pictures: tuple[str, ...] = ()


@dataclass(slots=True)
class Chat:
    id: str
    person: str
    name: str
    bubbles: list[Bubble] = field(default_factory=list)
    unread: int = 0  # of the buyer's, by the shop


class Bazaar(Office):
    """The acts of buyers. `can` is what the telephone offers; what a marketplace lacks is refused with LookupError."""

    can: ClassVar[frozenset[str]] = frozenset({"file", "look", "review", "ask"})
    keeps: ClassVar[tuple[str, ...]] = ("chats", "said", "files", "_numbers")
    lacks = "This marketplace has no such thing."
    goods = "Чайник «Туман»"  # what the buyers speak of: one of the sample shop's

    def __init__(self, **common: Any) -> None:
        super().__init__(**common)
        self.chats: dict[str, Chat] = {}
        self.said: dict[str, Said] = {}
        self.files: dict[str, File] = {}
        self.requests: list[tuple[str, Any]] = []  # ("POST /path", fields) of everything that was asked
        self._numbers = 0
        self._lock = threading.Lock()

    # Buyers

    def talk(self, person: str, name: str = "") -> Talk:
        private = self.chat(person, name).bubbles
        public = [bubble for one in self.said.values() if one.person == person for bubble in self._shown(one)]
        return Talk(sorted([*private, *public], key=lambda one: (one.at, one.id)))

    def user_starts(self, person: str, payload: str = "", *, name: str = "") -> None:
        del payload
        self.chat(person, name)

    def user_says(self, person: str, text: str, *, reply_to: str = "", name: str = "") -> Bubble:
        bubble = Bubble(id=self.number(), mine=True, at=self.now(), text=text, reply_to=reply_to)
        return self._write(self.chat(person, name), bubble)

    def user_sends_file(self, person: str, name: str, mime: str, data: bytes, caption: str = "") -> Bubble:
        file = File(id=self.number(), name=name, type=mime, data=data)
        self.files[file.id] = file
        bubble = Bubble(id=self.number(), mine=True, at=self.now(), text=caption, files=(file,))
        return self._write(self.chat(person), bubble)

    def user_reviews(self, person: str, rating: int, text: str = "", *, name: str = "", **more: Any) -> Said:
        return self._publish("review", person, text, name=name, rating=rating, **more)

    def user_asks(self, person: str, text: str, *, name: str = "", **more: Any) -> Said:
        return self._publish("question", person, text, name=name, **more)

    def user_presses(self, person: str, message_id: str, button: str) -> None:
        raise LookupError(f"{self.lacks} {person} {message_id} {button}")

    def user_edits(self, person: str, message_id: str, text: str) -> None:
        raise LookupError(f"{self.lacks} {person} {message_id} {text}")

    def user_deletes(self, person: str, message_id: str) -> None:
        raise LookupError(f"{self.lacks} {person} {message_id}")

    def user_blocks(self, person: str, *, blocked: bool) -> None:
        raise LookupError(f"{self.lacks} {person} {blocked}")

    def look(self, person: str, *, open: bool) -> None:
        if open:
            self.read(self.chat(person))

    def file(self, file_id: str) -> File | None:
        return self.files.get(file_id)

    # What a marketplace may add

    def wrote(self, chat: Chat, bubble: Bubble) -> None:
        """A buyer wrote; some marketplaces tell the shop at once."""
        chat.bubbles.append(bubble)
        chat.unread += 1

    def read(self, chat: Chat) -> None:
        """A buyer has read the shop's words."""
        for bubble in chat.bubbles:
            if not bubble.mine:
                bubble.status = "read"

    # The shop

    def chat(self, person: str, name: str = "") -> Chat:
        found = self.chats.get(person)
        if found is None:
            found = self.chats[person] = Chat(self.chat_id(), person, name)
        return found

    def chat_id(self) -> str:
        return f"chat-{self.number()}"

    def chat_with(self, chat_id: str) -> Chat | None:
        return next((one for one in self.chats.values() if one.id == chat_id), None)

    def shop_says(self, chat: Chat, text: str = "", *files: File) -> Bubble:
        bubble = Bubble(id=self.number(), mine=False, at=self.now(), text=text, files=files, status="delivered")
        chat.bubbles.append(bubble)
        chat.unread = 0
        return bubble

    def shop_answers(self, said: Said, text: str, parent: str = "") -> Answer:
        answer = Answer(self.number(), text, self.now(), parent=parent)
        said.answers.append(answer)
        return answer

    def number(self) -> str:
        with self._lock:
            self._numbers += 1
            return str(3_000_000_000 + self._numbers)

    def fields(self, asked: Asked, status: int, body: Any) -> dict[str, Any]:
        """The JSON object that was sent; refused with `status` and `body` when it is none. Kept for whoever checks."""
        try:
            found = json.loads(asked.body or b"{}")
        except ValueError as error:
            raise RefusedError(status, body) from error
        if not isinstance(found, dict):
            raise RefusedError(status, body)
        self.requests.append((f"{asked.request.method} {asked.request.url.path}", found))
        return found

    def _write(self, chat: Chat, bubble: Bubble) -> Bubble:
        self.wrote(chat, bubble)
        return bubble

    def _publish(self, kind: str, person: str, text: str, **fields: Any) -> Said:
        said = Said(id=self.said_id(), kind=kind, person=person, at=self.now(), text=text, **fields)
        self.said[said.id] = said
        return said

    def said_id(self) -> str:
        return f"said-{self.number()}"

    def _shown(self, one: Said) -> list[Bubble]:
        first = Bubble(one.id, True, one.at, one.text, status="taken", public=True, rating=one.rating)
        rest = [Bubble(id=it.id, mine=it.mine, at=it.at, text=it.text, public=True) for it in one.answers]
        return [first, *rest]


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fits(value: Any, kind: type | tuple[type, ...], least: int = 0, most: int = 10**9) -> bool:
    """A text by its length, a number by its size."""
    if not isinstance(value, kind) or isinstance(value, bool):
        return False
    size = len(value) if isinstance(value, str) else value
    return isinstance(size, int | float) and least <= size <= most


def surplus(given: Mapping[str, Any], known: set[str]) -> set[str]:
    return set(given) - known
