"""What an emulated messenger keeps of each person: the chat with the shop as the telephone shows it, and the files."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import aiohttp

from prilavok.simulator.messenger import Bubble, File, Talk

Download = Callable[[str], Awaitable[File | None]]
"""Fetches what a vendor is given by address; None when there is nothing."""

MOST = 60 * 1024 * 1024  # bytes


@dataclass(slots=True)
class Room:
    """`id`: what the vendor calls this person. `open`: the chat lies before their eyes."""

    person: str
    id: str
    name: str
    started: bool = False
    blocked: bool = False
    open: bool = False
    bubbles: list[Bubble] = field(default_factory=list)

    def shown(self) -> Talk:
        return Talk(bubbles=tuple(self.bubbles), started=self.started, blocked=self.blocked)

    def bubble(self, message_id: str) -> Bubble:
        """LookupError when there is none."""
        for one in reversed(self.bubbles):
            if one.id == message_id:
                return one
        raise LookupError(message_id)

    def button(self, message_id: str, button: str) -> tuple[Bubble, Mapping[str, str]]:
        """LookupError when this message has no such button."""
        bubble = self.bubble(message_id)
        for one in bubble.buttons:
            if one["id"] == button:
                return bubble, one
        raise LookupError(button)


class Rooms:
    """`id_of` makes the vendor's id out of a person, always the same one."""

    def __init__(self, id_of: Callable[[str], str]) -> None:
        self.id_of = id_of
        self.files: dict[str, File] = {}
        self._by_person: dict[str, Room] = {}
        self._by_id: dict[str, Room] = {}

    def of(self, person: str, name: str = "") -> Room:
        room = self._by_person.get(person)
        if room is None:
            room = Room(person, self.id_of(person), name or person)
            self._by_person[person] = self._by_id[room.id] = room
        room.name = name or room.name
        return room

    def by_id(self, user_id: str) -> Room | None:
        return self._by_id.get(user_id)

    def keep(self, file: File) -> File:
        self.files[file.id] = file
        return file


def number_of(person: str) -> int:
    """A number of nine digits that belongs to this person alone."""
    return 100_000_000 + int(hashlib.sha256(person.encode()).hexdigest()[:12], 16) % 900_000_000


def digits_of(person: str) -> str:
    return str(number_of(person))


async def download(url: str) -> File | None:
    timeout = aiohttp.ClientTimeout(total=30)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
            if response.status != 200:
                return None
            data = await response.content.read(MOST)
            return File(url, "", response.headers.get("content-type", ""), data)
    except (aiohttp.ClientError, OSError, TimeoutError):
        return None
