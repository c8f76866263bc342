"""Bytes that may be too many to hold: a film on its way from the disk to a vendor. Everything here has a length, is
read piece by piece, and may be read again from the beginning (a redirect, a second try).
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

PIECE = 128 * 1024  # bytes
IN_LINES = 57 * 1024  # bytes that become whole lines of base64, and no padding between them


class Content(Protocol):
    def __len__(self) -> int: ...

    def pieces(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file, left where it is."""

    path: Path
    size: int

    @classmethod
    def at(cls, path: Path) -> "OnDisk":
        """OSError when there is none."""
        return cls(path, path.stat().st_size)

    def __len__(self) -> int:
        return self.size

    def pieces(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


class Joined:
    """One after the other, as in a form with files."""

    def __init__(self, parts: Sequence[bytes | Content]) -> None:
        self.parts = tuple(parts)

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def pieces(self) -> Iterator[bytes]:
        for part in self.parts:
            yield from pieces_of(part)


class Base64:
    """What some content is in base64; `lines`: as a mail carries it, 76 signs a line."""

    def __init__(self, content: bytes | Content, *, lines: bool = False) -> None:
        self.content = content
        self.lines = lines

    def __len__(self) -> int:
        length = (len(self.content) + 2) // 3 * 4
        return length + (length + 75) // 76 * 2 if self.lines else length

    def pieces(self) -> Iterator[bytes]:
        waiting = bytearray()
        for piece in pieces_of(self.content):
            waiting += piece
            whole = len(waiting) - len(waiting) % IN_LINES
            if whole:
                yield self._written(waiting[:whole])
                del waiting[:whole]
        if waiting:
            yield self._written(waiting)

    def settled(self) -> "bytes | Base64":
        """Bytes already, where the content is in memory anyway."""
        return b"".join(self.pieces()) if isinstance(self.content, bytes) else self

    def _written(self, data: bytes | bytearray) -> bytes:
        return base64.encodebytes(data).replace(b"\n", b"\r\n") if self.lines else base64.b64encode(data)


def joined(parts: Sequence[bytes | Content]) -> bytes | Joined:
    """Plain bytes where all of it is in memory anyway."""
    held = [part for part in parts if isinstance(part, bytes)]
    return b"".join(held) if len(held) == len(parts) else Joined(parts)


def pieces_of(content: bytes | Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        return iter((content,) if content else ())
    return content.pieces()


def beginning(content: bytes | Content, length: int) -> bytes:
    if isinstance(content, bytes):
        return content[:length]
    found = bytearray()
    for piece in content.pieces():
        found += piece
        if len(found) >= length:
            break
    return bytes(found[:length])


def whole(content: bytes | Content) -> bytes:
    """All of it in memory: only for what is known to be small."""
    return content if isinstance(content, bytes) else b"".join(content.pieces())
