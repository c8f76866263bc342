"""What the customer's telephone needs of an emulated messenger. An emulator that keeps to it gets an app of its own.

The telephone knows a person by `person`, a string that never changes (their number, with "+"); what the vendor calls
them is the emulator's own affair.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class File:
    id: str
    name: str
    type: str
    data: bytes = field(repr=False)


@dataclass(slots=True)
class Bubble:
    """A message on the screen. `status`: sent, taken (the customer's); sent, delivered, read, failed (the shop's)."""

    id: str
    mine: bool  # the customer's
    at: datetime
    text: str = ""
    files: tuple[File, ...] = ()
    buttons: tuple[Mapping[str, str], ...] = ()  # {id, title, url?}
    pressed: str = ""
    status: str = "sent"
    reply_to: str = ""
    edited: bool = False
    deleted: bool = False
    public: bool = False  # stands where everybody reads it
    rating: int = 0  # stars of a review


@dataclass(frozen=True, slots=True)
class Talk:
    """One person and the shop."""

    bubbles: Sequence[Bubble] = ()
    started: bool = True  # False: the app shows a button to begin with
    blocked: bool = False


class Messenger(Protocol):
    """`can` names what the app offers, of: start, press, file, edit, delete, block, look, comment, review,
    ask; and aloud: nothing is said in private."""

    can: frozenset[str]

    def talk(self, person: str, name: str = "") -> Talk: ...
    def user_starts(self, person: str, payload: str = "", *, name: str = "") -> None: ...
    def user_says(self, person: str, text: str, *, reply_to: str = "", name: str = "") -> Bubble: ...
    def user_presses(self, person: str, message_id: str, button: str) -> None: ...
    def user_sends_file(self, person: str, name: str, mime: str, data: bytes, caption: str = "") -> Bubble: ...
    def user_edits(self, person: str, message_id: str, text: str) -> None: ...
    def user_deletes(self, person: str, message_id: str) -> None: ...
    def user_blocks(self, person: str, *, blocked: bool) -> None: ...
    def look(self, person: str, *, open: bool) -> None: ...
    def file(self, file_id: str) -> File | None: ...
