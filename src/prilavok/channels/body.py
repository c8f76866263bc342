"""What goes over the wire, piece by piece: forms with files on their way out, answers on their way in."""

import asyncio
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

from prilavok.channels.exchange import Request
from prilavok.kit.content import Content, OnDisk, joined

CHUNK = 64 * 1024
WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}  # of zlib


class TooLargeError(Exception):
    """The answer is longer than the request allows."""


def multipart(boundary: str, request: Request) -> bytes | Content:
    parts: list[tuple[str, str, bytes | Content]] = []
    for name, value in request.form.items():
        parts.append((f'form-data; name="{quoted(name)}"', "", value.encode()))
    for name, file, type, content in request.files:
        parts.append((f'form-data; name="{quoted(name)}"; filename="{quoted(file)}"', type, content))
    whole: list[bytes | Content] = []
    for disposition, type, content in parts:
        kind = f"Content-Type: {quoted(type)}\r\n" if type else ""
        head = f"--{boundary}\r\nContent-Disposition: {disposition}\r\n{kind}\r\n"
        whole += [head.encode(), content, b"\r\n"]
    return joined([*whole, f"--{boundary}--\r\n".encode()])


def quoted(text: str) -> str:
    """As browsers write it: UTF-8, and the three signs that would end the header escaped."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


async def flow(content: Content) -> AsyncIterator[bytes]:
    """Read by a thread, a piece whenever the line takes one more."""
    pieces = content.pieces()
    while piece := await asyncio.to_thread(next, pieces, b""):
        yield piece


async def read(chunks: AsyncIterable[bytes], headers: Mapping[str, str], limit: int) -> bytes:
    """The body, unpacked. Never holds more than `limit` bytes of it, however small it came packed."""
    whole = bytearray()
    async for piece in unpacked(chunks, headers, limit):
        whole += piece
    return bytes(whole)


async def write(chunks: AsyncIterable[bytes], headers: Mapping[str, str], limit: int, place: Path) -> OnDisk:
    """The same into a file: never holds more than a piece of it."""
    with await asyncio.to_thread(place.open, "wb") as file:
        async for piece in unpacked(chunks, headers, limit):
            await asyncio.to_thread(file.write, piece)
    return OnDisk.at(place)


async def unpacked(chunks: AsyncIterable[bytes], headers: Mapping[str, str], limit: int) -> AsyncIterator[bytes]:
    """In small pieces, however much is packed into one that came."""
    encoding = headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"identity", "", *WINDOW_BITS}:
        raise ValueError("an encoding that we did not ask for")
    unpack = zlib.decompressobj(WINDOW_BITS[encoding]) if encoding in WINDOW_BITS else None
    size = 0
    async for chunk in chunks:
        for piece in inflated(unpack, chunk) if unpack else (chunk,):
            size += len(piece)
            if size > limit:
                raise TooLargeError
            yield piece
    if unpack and size and not unpack.eof:
        raise zlib.error("cut off")


def inflated(unpack: Any, chunk: bytes) -> Iterator[bytes]:
    piece = unpack.decompress(chunk, CHUNK)
    while piece:
        yield piece
        # A full piece may have left some behind even where all that came is used up.
        more = len(piece) == CHUNK or unpack.unconsumed_tail
        piece = unpack.decompress(unpack.unconsumed_tail, CHUNK) if more else b""
