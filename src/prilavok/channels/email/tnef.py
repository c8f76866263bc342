"""winmail.dat: the wrapper in which Outlook hides files (MS-OXTNEF). Only names, contents and the plain body."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from prilavok.channels.email.charsets import decode

SIGNATURE = 0x223E9F78
BEGIN_ATTACHMENT, TITLE, DATA, PROPERTIES, BODY = 0x9002, 0x8010, 0x800F, 0x9005, 0x800C
LONG_NAME, CONTENT_ID, MIME_TYPE = 0x3707, 0x3712, 0x370E
STRING, UNICODE, BINARY, OBJECT = 0x1E, 0x1F, 0x102, 0x0D
FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
MOST_FILES = 200


@dataclass(slots=True)
class Hidden:
    """One file inside."""

    name: str = ""
    data: bytes = b""
    type: str = ""
    content_id: str = ""


def unwrap(data: bytes) -> tuple[str, list[Hidden]]:
    """(plain body, files); nothing at all when `data` is no TNEF. What is cut off is left out."""
    body = ""
    files: list[Hidden] = []
    for kind, value in attributes(data):
        if kind == BEGIN_ATTACHMENT:
            if len(files) >= MOST_FILES:
                break
            files.append(Hidden())
        elif kind == BODY:
            body = decode(value.rstrip(b"\0")).replace("\r\n", "\n")
        elif files and kind == TITLE:
            files[-1].name = files[-1].name or decode(value.rstrip(b"\0"))
        elif files and kind == DATA:
            files[-1].data = value
        elif files and kind == PROPERTIES:
            describe(files[-1], value)
    return body, [file for file in files if file.data or file.name]


def attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return
    position = 6
    while position + 9 <= len(data):
        kind, length = (
            struct.unpack_from("<I", data, position + 1)[0] & 0xFFFF,
            struct.unpack_from("<I", data, position + 5)[0],
        )
        position += 9
        if position + length > len(data):
            return
        yield kind, data[position : position + length]
        position += length + 2  # a checksum follows


def describe(file: Hidden, block: bytes) -> None:
    """The MAPI properties know the long name, where the title is cut to 8.3 letters of one alphabet."""
    try:
        for tag, value in properties(block):
            if tag == LONG_NAME and value:
                file.name = value
            elif tag == CONTENT_ID:
                file.content_id = value.strip("<>")
            elif tag == MIME_TYPE:
                file.type = value
    except (struct.error, IndexError):
        return  # the block is cut: the short title must do


def properties(block: bytes) -> Iterator[tuple[int, str]]:
    count = struct.unpack_from("<I", block)[0]
    position = 4
    for _ in range(min(count, 500)):
        kind, tag = struct.unpack_from("<HH", block, position)
        position += 4
        if tag >= 0x8000:
            position = after_name(block, position)
        base, many = kind & 0xFFF, kind & 0x1000
        if base in FIXED and not many:
            position += FIXED[base]
            continue
        values = struct.unpack_from("<I", block, position)[0]
        position += 4
        for _ in range(min(values, 500)):
            if base in FIXED:
                position += FIXED[base]
                continue
            length = struct.unpack_from("<I", block, position)[0]
            value = block[position + 4 : position + 4 + length]
            position += 4 + length + (-length % 4)
            if base in {STRING, UNICODE}:
                yield tag, (value.decode("utf-16-le", "replace") if base == UNICODE else decode(value)).rstrip("\0")


def after_name(block: bytes, position: int) -> int:
    """A named property has a GUID and a number or a name before its value."""
    kind, length = struct.unpack_from("<II", block, position + 16)
    return position + 24 + (length + (-length % 4) if kind == 1 else 0)
