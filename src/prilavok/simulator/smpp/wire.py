"""PDUs as a message centre reads and writes them, after the SMPP 3.4 specification. What the specification forbids is
refused with its own status: a centre that took everything would hide what real ones send back.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

ANSWER = 0x8000_0000
NACK = 0x8000_0000
RECEIVER, TRANSMITTER, SUBMIT, DELIVER, UNBIND, TRANSCEIVER, ENQUIRE = 1, 2, 4, 5, 6, 9, 0x15
BINDS = {RECEIVER, TRANSMITTER, TRANSCEIVER}
OK, BAD_LENGTH, NO_COMMAND, NOT_BOUND, BOUND_ALREADY, SYSTEM = 0, 2, 3, 4, 5, 8
BAD_SENDER, BAD_NUMBER, BAD_PASSWORD, NOBODY, QUEUE_FULL = 0x0A, 0x0B, 0x0E, 0x0F, 0x14
BAD_PARAMETERS, THROTTLED, BAD_TEXT = 0xC0, 0x58, 0x01
REF, TOTAL, PART, PAYLOAD = 0x020C, 0x020E, 0x020F, 0x0424
RECEIPTED, STATE = 0x001E, 0x0427
HEADED, REPORT = 0x40, 0x04  # of esm_class
LARGEST = 70_000  # bytes


class RefusedPduError(ValueError):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Pdu:
    command: int
    status: int
    sequence: int
    body: bytes = b""

    def bytes(self) -> bytes:
        return struct.pack(">4I", 16 + len(self.body), self.command, self.status, self.sequence) + self.body


@dataclass(frozen=True, slots=True)
class Login:
    system_id: str
    password: str
    version: int


@dataclass(frozen=True, slots=True)
class Part:
    """One short message on its way, in either direction. `ref`, `number`, `total`: its place in a long text."""

    source: str
    destination: str
    coding: int
    raw: bytes
    wants_report: bool = False
    ref: int = 0
    number: int = 1
    total: int = 1
    source_ton: int = 1


@dataclass(slots=True)
class Fields:
    """Reads a body from front to back."""

    body: bytes
    at: int = 0

    def number(self) -> int:
        return self.octets(1)[0]

    def octets(self, count: int) -> bytes:
        found = self.body[self.at : self.at + count]
        if len(found) != count:
            raise RefusedPduError(BAD_LENGTH, "the PDU ends too early")
        self.at += count
        return found

    def text(self, longest: int) -> str:
        """A C-octet string of at most `longest` octets, its nought among them."""
        found, nought, _ = self.body[self.at : self.at + longest].partition(b"\0")
        if not nought:
            raise RefusedPduError(BAD_LENGTH, "a string that is too long, or without an end")
        self.at += len(found) + 1
        return found.decode("latin-1")

    def options(self) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        while self.at < len(self.body):
            try:
                tag, length = struct.unpack(">HH", self.octets(4))
                found[tag] = self.octets(length)
            except RefusedPduError as error:
                raise RefusedPduError(BAD_PARAMETERS, "optional parameters that are cut off") from error
        return found


@dataclass(frozen=True, slots=True)
class Arriving:
    """What a deliver_sm is made of."""

    source: str
    destination: str
    coding: int
    raw: bytes
    esm_class: int = 0
    options: Mapping[int, bytes] = field(default_factory=dict)

    def body(self) -> bytes:
        one = 1 if self.source.isdecimal() else 5
        parts = [
            b"\0",
            bytes([one, 1 if one == 1 else 0]) + self.source.encode("latin-1") + b"\0",
            bytes([1, 1]) + self.destination.encode("latin-1") + b"\0",
            bytes([self.esm_class, 0, 0]) + b"\0\0",
            bytes([0, 0, self.coding, 0, len(self.raw)]) + self.raw,
        ]
        parts += [struct.pack(">HH", tag, len(value)) + value for tag, value in self.options.items()]
        return b"".join(parts)


def login(body: bytes) -> Login:
    fields = Fields(body)
    system_id, password = fields.text(16), fields.text(9)
    fields.text(13)
    version = fields.number()
    fields.octets(2)
    fields.text(41)
    return Login(system_id, password, version)


def submitted(body: bytes) -> Part:
    """What a submit_sm hands in."""
    fields = Fields(body)
    fields.text(6)
    source_ton, _, source = fields.number(), fields.number(), fields.text(21)
    _, _, destination = fields.number(), fields.number(), fields.text(21)
    esm_class, _, _ = fields.octets(3)
    for _ in ("schedule", "validity"):
        if (moment := fields.text(17)) and len(moment) != 16:
            raise RefusedPduError(0x61, "a time of a wrong length")
    wants, _, coding, _ = fields.octets(4)
    raw = fields.octets(fields.number())
    options = fields.options()
    if len(raw) > 254 or (raw and PAYLOAD in options):
        raise RefusedPduError(BAD_TEXT, "the text is too long, or there are two")
    raw = raw or options.get(PAYLOAD, b"")
    place = (0, 1, 1)
    if esm_class & HEADED:
        place, raw = _headed(raw)
    elif REF in options:
        ref, total, number = (int.from_bytes(options.get(tag, b""), "big") for tag in (REF, TOTAL, PART))
        place = (ref, number, total)
    if not 1 <= place[1] <= place[2]:
        raise RefusedPduError(BAD_PARAMETERS, "no such part of a text")
    if len(raw) > (140 if coding == 8 else 160) and PAYLOAD not in options:
        raise RefusedPduError(BAD_TEXT, "more than one SMS holds")
    return Part(source, destination, coding, raw, bool(wants & 1), *place, source_ton=source_ton)


def _headed(raw: bytes) -> tuple[tuple[int, int, int], bytes]:
    """(ref, number, total) out of the header in front of a text, and the text."""
    length = raw[0] if raw else 0
    head, rest = raw[1 : 1 + length], raw[1 + length :]
    if len(head) != length or not length:
        raise RefusedPduError(BAD_TEXT, "a header that is cut off")
    at = 0
    while at + 2 <= length:
        element, value = head[at], head[at + 2 : at + 2 + head[at + 1]]
        if element == 0 and len(value) == 3:
            return (value[0], value[2], value[1]), rest
        if element == 8 and len(value) == 4:
            return (value[0] << 8 | value[1], value[3], value[2]), rest
        at += 2 + head[at + 1]
    return (0, 1, 1), rest
