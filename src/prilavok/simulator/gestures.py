"""What people do on the customer's telephone, as its page tells it."""

from typing import Annotated, Literal

import msgspec

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=4096, pattern=r"\S")]
Id = Annotated[int, msgspec.Meta(gt=0)]


class Start(msgspec.Struct, forbid_unknown_fields=True):
    payload: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")] = ""


class Say(msgspec.Struct, forbid_unknown_fields=True):
    text: Text


class Edit(msgspec.Struct, forbid_unknown_fields=True):
    message_id: Id
    text: Text


class Press(msgspec.Struct, forbid_unknown_fields=True):
    message_id: Id
    button: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class Tap(msgspec.Struct, forbid_unknown_fields=True):
    """The same where messages are numbered in words."""

    message_id: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    button: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class Photo(msgspec.Struct, forbid_unknown_fields=True):
    data: Annotated[bytes, msgspec.Meta(min_length=1)]
    caption: Annotated[str, msgspec.Meta(max_length=1024)] = ""


class Location(msgspec.Struct, forbid_unknown_fields=True):
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class Block(msgspec.Struct, forbid_unknown_fields=True):
    blocked: bool


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["too many", "broken", "silent", "cut", "done but cut"]
    app: Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,32}$")] = "telegram"


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """An action that needs no words."""


class NewFile(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    type: Annotated[str, msgspec.Meta(pattern=r"^[\w.+-]+/[\w.+-]+$", max_length=100)]
    data: bytes


class NewLetter(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(max_length=100_000)]
    subject: Annotated[str, msgspec.Meta(max_length=300, pattern=r"^[^\r\n]*$")] = ""
    answers: str = ""  # Message-ID
    to: Annotated[str, msgspec.Meta(max_length=200)] = ""  # one of the shop's addresses; the first, when left out
    files: Annotated[list[NewFile], msgspec.Meta(max_length=10)] = []


class Sample(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["question", "angry", "away", "bounce"]
    to: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Close(msgspec.Struct, forbid_unknown_fields=True):
    closed: bool


class ToLetter(msgspec.Struct, forbid_unknown_fields=True):
    """Something is done with a letter of the shop, known by its Message-ID."""

    letter: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Sms(msgspec.Struct, forbid_unknown_fields=True):
    """`to`: the word of one of the shop's senders; the first, when it is left out."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=1600, pattern=r"\S")]
    to: Annotated[str, msgspec.Meta(max_length=32)] = ""


class Dial(msgspec.Struct, forbid_unknown_fields=True):
    """`to`: the word of one of the shop's exchanges; the first, when it is left out."""

    to: Annotated[str, msgspec.Meta(max_length=32)] = ""


class Look(msgspec.Struct, forbid_unknown_fields=True):
    open: bool


class Switch(msgspec.Struct, forbid_unknown_fields=True):
    on: bool
