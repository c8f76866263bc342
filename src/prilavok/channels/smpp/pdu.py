"""SMPP 3.4 on the wire: what we say and what a message centre says, as bytes. Pure, and nothing beyond what is used."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

HEAD = struct.Struct(">IIII")  # length of all, command, status, sequence
LONGEST = 64 * 1024  # bytes of one PDU; what claims more is no SMPP

RESPONSE = 0x80000000
NACK = 0x80000000
SUBMIT, DELIVER, UNBIND, ENQUIRE, DATA = 0x04, 0x05, 0x06, 0x15, 0x103
TRANSMITTER, TRANSCEIVER = 0x02, 0x09
VERSION = 0x34

UDH = 0x40  # in esm_class: the text begins with a header of its own
KINDS, RECEIPT = 0x3C, 0x04  # of esm_class: what kind of message, and which of them is a delivery receipt
SAR_REF, SAR_TOTAL, SAR_NUMBER = 0x020C, 0x020E, 0x020F
PAYLOAD, RECEIPTED_ID, STATE = 0x0424, 0x001E, 0x0427


class BadPduError(ValueError):
    """These bytes are no SMPP."""


@dataclass(frozen=True, slots=True)
class Pdu:
    command: int
    status: int = 0
    sequence: int = 0
    body: bytes = b""

    def packed(self) -> bytes:
        return HEAD.pack(HEAD.size + len(self.body), self.command, self.status, self.sequence) + self.body


@dataclass(frozen=True, slots=True)
class Address:
    """`ton`: 1 an international number, 5 a name, 0 not said. `npi`: 1 for telephone numbers."""

    value: str
    ton: int = 0
    npi: int = 0


@dataclass(frozen=True, slots=True)
class Short:
    """A deliver_sm, data_sm or submit_sm. `text` still has the header of its part, if `esm_class` says so."""

    source: Address
    destination: Address
    text: bytes
    esm_class: int = 0
    coding: int = 0
    wants_receipt: bool = False
    extra: Mapping[int, bytes] = field(default_factory=dict)  # optional parameters by tag

    def packed(self) -> bytes:
        """As the body of a submit_sm (or deliver_sm: they are alike)."""
        if len(self.text) > 254:
            raise ValueError("more than one message holds")
        return b"".join(
            [
                b"\0",  # service type
                *(_address(one) for one in (self.source, self.destination)),
                bytes([self.esm_class, 0, 0]),  # protocol, priority
                b"\0\0",  # schedule, validity: as the centre is used to
                bytes([int(self.wants_receipt), 0, self.coding, 0, len(self.text)]),
                self.text,
                *(struct.pack(">HH", tag, len(value)) + value for tag, value in self.extra.items()),
            ]
        )


def bind(system_id: str, password: str, system_type: str) -> bytes:
    return b"".join([*map(_string, (system_id, password, system_type)), bytes([VERSION, 0, 0]), b"\0"])


def length_of(head: bytes) -> int:
    """Of the whole PDU whose first four bytes these are."""
    size = int.from_bytes(head[:4], "big")
    if not HEAD.size <= size <= LONGEST:
        raise BadPduError(f"a PDU of {size} bytes")
    return size


def unpacked(data: bytes) -> Pdu:
    if len(data) < HEAD.size or length_of(data) != len(data):
        raise BadPduError("a PDU that is cut off")
    _, command, status, sequence = HEAD.unpack_from(data)
    return Pdu(command, status, sequence, data[HEAD.size :])


def each(data: bytes) -> Iterator[Pdu]:
    """PDUs that stand one behind the other."""
    at = 0
    while at < len(data):
        size = length_of(data[at : at + 4].rjust(4, b"\xff"))
        yield unpacked(data[at : at + size])
        at += size


def short_of(pdu: Pdu) -> Short:
    """What a deliver_sm, data_sm or submit_sm says."""
    read = _Reader(pdu.body)
    read.string()  # service type
    source, destination = read.address(), read.address()
    esm_class = read.byte()
    text = b""
    if pdu.command == DATA:
        wants, coding = read.byte(), read.byte()
    else:
        read.take(2)  # protocol, priority
        read.string()
        read.string()  # schedule, validity
        wants, _, coding, _ = read.take(4)
        text = read.take(read.byte())
    extra = dict(read.extras())
    return Short(source, destination, text or extra.get(PAYLOAD, b""), esm_class, coding, bool(wants & 1), extra)


def id_of(pdu: Pdu) -> str:
    """The centre's id in a submit_sm_resp; empty when it gives none."""
    return pdu.body.partition(b"\0")[0].decode("latin-1")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            raise BadPduError("a message that is cut off")
        self.at += count
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def string(self) -> str:
        end = self.data.find(b"\0", self.at)
        if end < 0:
            raise BadPduError("a text without an end")
        text = self.data[self.at : end].decode("latin-1")
        self.at = end + 1
        return text

    def address(self) -> Address:
        ton, npi = self.take(2)
        return Address(self.string(), ton, npi)

    def extras(self) -> Iterator[tuple[int, bytes]]:
        while self.at < len(self.data):
            tag, size = struct.unpack(">HH", self.take(4))
            yield tag, self.take(size)


def _string(text: str) -> bytes:
    return text.encode("latin-1", "replace").replace(b"\0", b"") + b"\0"


def _address(one: Address) -> bytes:
    return bytes([one.ton, one.npi]) + _string(one.value)
