"""What a channel asks of the outside: exchanges, one after another, in a dialogue that tests drive by hand."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec

from prilavok.domain.errors import TryLater
from prilavok.kit.content import Content, OnDisk

T = TypeVar("T")


class Network(Protocol):
    """The way out, handed to an Exchange. Every address is checked before it is connected to."""

    async def http(self, request: "Request") -> "Response": ...

    async def resolve(self, host: str, port: int) -> str:
        """The checked numeric address to connect to; raises NeedsOwner for a private or unknown one."""
        ...


class Exchange(Protocol):
    """One question to the outside and its answer. Not every channel speaks HTTP."""

    async def perform(self, network: Network) -> Any: ...


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    file: OnDisk | None = None  # of a Download that was given a place: then `body` is empty

    def json(self) -> Any:
        """The parsed body; TryLater when it is no JSON (a proxy's error page, a cut answer)."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise TryLater(f"the answer is not JSON (status {self.status})") from error


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request. `files` makes it multipart. What is no `bytes` is read from the disk while it goes out."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Content | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    files: tuple["FormFile", ...] = ()
    timeout: float = 20.0  # seconds
    max_bytes: int = 4 * 1024 * 1024  # of the answer
    vouched: str = ""  # certificates that are trusted besides the system's: `Config.vouched`

    def __repr__(self) -> str:
        """Without path, headers and body: some vendors put the secret into the address."""
        where = urlsplit(self.url)
        return f"Request({self.method} {where.scheme}://{where.netloc.rpartition('@')[2]}/…)"

    async def perform(self, network: Network) -> Response:
        return await network.http(self)


@dataclass(frozen=True, slots=True, repr=False)
class Download(Request):
    """A request whose 200 is a file. Whoever drives the dialogue names the place where it is written, piece by piece;
    without one it is held in memory. What is no 200 is an ordinary answer.
    """

    place: Path | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A short wait in the middle of a dialogue, in seconds: half of a message is out and the vendor says "slower"."""

    seconds: float

    async def perform(self, network: Network) -> None:
        del network
        await asyncio.sleep(self.seconds)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes behind an attachment's `ref`, in memory or in the place that was named for them."""

    data: bytes | OnDisk
    type: str = ""
    name: str = ""

    @classmethod
    def of(cls, response: Response, *, type: str | None = None, name: str = "") -> "Fetched":
        """What a Download brought; its type as the vendor names it, if we know no better."""
        told = response.headers.get("content-type", "").partition(";")[0].strip() if type is None else type
        return cls(response.body if response.file is None else response.file, told, name)


Keep = Callable[[str, str, str], Awaitable[str]]
"""(setting, what it was, what it is from now on) -> what is stored now: only what still is as it was is changed, and
nothing where the new value is empty. For what a vendor exchanges by itself, as refresh tokens."""


async def kept_nowhere(setting: str, before: str, after: str) -> str:
    """For settings that are not stored (yet)."""
    del setting
    return after or before


FormFile = tuple[str, str, str, bytes | Content]  # field, file name, type, content
Dialogue = Generator[Any, Any, T]
