"""Asking a ClamAV daemon about a file: the INSTREAM command of its own protocol, over TCP or a unix socket."""

import asyncio
import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple

CHUNK = 64 * 1024
LONGEST_ANSWER = 4096  # bytes


class Unavailable(Exception):
    """The daemon gave no verdict: it is away, too slow, or will not look at a file of this size."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Verdict(NamedTuple):
    """`virus` is the name of the signature that was found; empty for a clean file."""

    virus: str

    @property
    def clean(self) -> bool:
        return not self.virus


class Clamd:
    """`address`: HOST:PORT, or the path of a unix socket. `timeout` in seconds, for one file."""

    def __init__(self, address: str, *, timeout: float = 60.0, sent: Callable[[int], None] | None = None) -> None:
        self.address = address
        self.timeout = timeout
        self.sent = sent  # told the length of each piece that went out

    async def scan(self, path: Path) -> Verdict:
        """Never holds more than one piece of the file. Unavailable without a verdict; OSError without a file."""
        with await asyncio.to_thread(path.open, "rb") as file:
            try:
                async with asyncio.timeout(self.timeout):
                    reader, writer = await self._connect()
                    try:
                        return read_answer(await self._stream(file, reader, writer))
                    finally:
                        writer.close()
            except TimeoutError:
                raise Unavailable("the virus scanner does not answer in time") from None
            except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
                raise Unavailable("the virus scanner cannot be reached") from error

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.address.startswith("/"):
            return await asyncio.open_unix_connection(self.address, limit=LONGEST_ANSWER)
        host, _, port = self.address.rpartition(":")
        return await asyncio.open_connection(host.strip("[]"), int(port), limit=LONGEST_ANSWER)

    async def _stream(self, file: BinaryIO, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        """A file past the daemon's limit is answered before its end, and the line is cut: the answer still counts."""
        writer.write(b"zINSTREAM\0")
        try:
            while piece := await asyncio.to_thread(file.read, CHUNK):
                writer.write(struct.pack("!L", len(piece)) + piece)
                await writer.drain()
                if self.sent is not None:
                    self.sent(len(piece))
            writer.write(struct.pack("!L", 0))
            await writer.drain()
        except ConnectionError:
            return await reader.readuntil(b"\0")
        return await reader.readuntil(b"\0")


def read_answer(line: bytes) -> Verdict:
    answer = line.rstrip(b"\0\n").decode("utf-8", "replace")
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Verdict("")
    if said.endswith(" FOUND"):
        return Verdict(said.removesuffix(" FOUND") or "unnamed")
    raise Unavailable(f"the virus scanner gives no verdict: {answer[:200]}")
