"""What the bytes of a short message say: its alphabet, which part of a long text it is, what a receipt tells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prilavok.channels.base import Receipt
from prilavok.channels.smpp.pdu import RECEIPTED_ID, SAR_NUMBER, SAR_REF, SAR_TOTAL, STATE, UDH, Short
from prilavok.domain.sms import from_gsm, is_gsm, parts, to_gsm

GSM, IA5, LATIN1, CYRILLIC, HEBREW, UCS2 = 0, 1, 3, 6, 7, 8
ENCODINGS = {IA5: "ascii", LATIN1: "latin-1", CYRILLIC: "iso-8859-5", HEBREW: "iso-8859-8", UCS2: "utf-16-be"}
BINARY = {2, 4}
MISSING = "[…]"

ID = re.compile(r"\bid:\s*(\S+)", re.IGNORECASE)
STAT = re.compile(r"\bstat:\s*(\w+)", re.IGNORECASE)
ERR = re.compile(r"\berr:\s*(\w+)", re.IGNORECASE)
STATES = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
MEANS = {
    "DELIVRD": Receipt.DELIVERED,
    "ENROUTE": Receipt.SENT,
    "ACCEPTD": Receipt.SENT,
    "BUFFRED": Receipt.SENT,
    "EXPIRED": Receipt.FAILED,
    "DELETED": Receipt.FAILED,
    "UNDELIV": Receipt.FAILED,
    "REJECTD": Receipt.FAILED,
}
REASONS = {
    "EXPIRED": "the telephone was off or out of reach for too long",
    "DELETED": "the operator deleted the message",
    "UNDELIV": "the message could not be delivered",
    "REJECTD": "the operator rejected the message",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a long text: number 1 to `total`; parts of one text have one `ref`."""

    ref: int
    total: int
    number: int


@dataclass(frozen=True, slots=True)
class Progress:
    """What a delivery receipt tells: of which message, how far, and why not."""

    id: str
    receipt: Receipt | None  # None: the centre itself does not know
    reason: str = ""


def encoded(text: str, ref: int, *, latin: bool) -> list[tuple[int, int, bytes]]:
    """The parts to send, each as (esm_class, data_coding, bytes). `latin`: the centre's own alphabet is Latin-1."""
    plain = is_gsm(text)
    coding = GSM if plain else UCS2
    if plain and latin:
        coding = LATIN1 if all(ord(letter) < 256 for letter in text) else UCS2
    cut = parts(text)
    if coding == UCS2 and plain:  # GSM letters that this centre has no room for
        cut = [text[at : at + 67] for at in range(0, len(text), 67)] if len(text) > 70 else [text]
    if len(cut) == 1:
        return [(0, coding, _bytes(text, coding))]
    heads = (bytes([5, 0, 3, ref & 0xFF, len(cut), number]) for number in range(1, len(cut) + 1))
    return [(UDH, coding, head + _bytes(one, coding)) for head, one in zip(heads, cut, strict=True)]


def _bytes(text: str, coding: int) -> bytes:
    return to_gsm(text) if coding == GSM else text.encode(ENCODINGS[coding])


def part_of(short: Short) -> Part | None:
    """None for a text that came whole."""
    found = None
    if short.esm_class & UDH:
        for tag, value in _elements(_head(short.text)):
            if tag == 0 and len(value) == 3:
                found = Part(value[0], value[1], value[2])
            elif tag == 8 and len(value) == 4:
                found = Part(int.from_bytes(value[:2], "big"), value[2], value[3])
    if found is None and SAR_REF in short.extra:
        ref, total, number = (
            int.from_bytes(short.extra.get(tag, b""), "big") for tag in (SAR_REF, SAR_TOTAL, SAR_NUMBER)
        )
        found = Part(ref, total, number)
    return found if found is not None and 1 <= found.number <= found.total and 1 < found.total < 256 else None


def text_of(short: Short, *, latin: bool) -> str | None:
    """None for something that is no text."""
    raw = short.text
    if short.esm_class & UDH:
        raw = raw[len(_head(raw)) :]
    coding = short.coding
    if coding >= 0x10:  # a message class: the alphabet stands in two bits
        coding = (GSM, 4, UCS2, 4)[(coding >> 2) & 3]
    if coding in BINARY:
        return None
    if coding == GSM and not latin:
        return from_gsm(raw)
    return raw.decode(ENCODINGS.get(coding, "latin-1"), "replace")


def joined(shorts: Sequence[Short], *, latin: bool) -> str | None:
    """One text out of its parts, in whatever order they came; what never came is marked."""
    places = [part_of(one) for one in shorts]
    first = places[0]
    if first is None:
        return text_of(shorts[0], latin=latin)
    found = {place.number: text_of(one, latin=latin) or "" for place, one in zip(places, shorts, strict=True) if place}
    return "".join(found.get(number, MISSING) for number in range(1, first.total + 1))


def progress_of(short: Short, text: str) -> Progress | None:
    """What a receipt says, by its parameters or else by its text; None when it says nothing."""
    named, stated = short.extra.get(RECEIPTED_ID), short.extra.get(STATE)
    by_text, stat, err = ID.search(text), STAT.search(text), ERR.search(text)
    which = named.partition(b"\0")[0].decode("latin-1") if named else by_text[1] if by_text else ""
    state = STATES.get(stated[0], "") if stated else stat[1].upper() if stat else ""
    if not which or not state:
        return None
    receipt = MEANS.get(state)
    reason = ""
    if receipt is Receipt.FAILED:
        code = err[1] if err and err[1].strip("0") else ""
        reason = REASONS[state] + (f" ({code})" if code else "")
    return Progress(which, receipt, reason)


def forms(given: str) -> list[str]:
    """A centre's id as it may come back: some answer in hexadecimal and report in decimal, or the other way round, or
    with noughts in front. The first is the id itself.
    """
    plain = given.strip().lower().lstrip("0") or "0"
    found = [plain]
    if plain.isascii() and len(plain) <= 32:
        if plain.isdecimal():
            found.append(f"{int(plain):x}")
        if all(sign in "0123456789abcdef" for sign in plain):
            found.append(str(int(plain, 16)))
    return list(dict.fromkeys(found))


def _head(raw: bytes) -> bytes:
    return raw[: 1 + raw[0]] if raw else b""


def _elements(head: bytes) -> Iterator[tuple[int, bytes]]:
    at = 1
    while at + 1 < len(head):
        yield head[at], head[at + 2 : at + 2 + head[at + 1]]
        at += 2 + head[at + 1]
