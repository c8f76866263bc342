"""What a channel asks of the outside: exchanges, one after another, in a dialogue that tests drive by hand."""

import asyncio
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec

from prilavok.domain.errors import TryLater

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

    def json(self) -> Any:
        """The parsed body; TryLater when it is no JSON (a proxy's error page, a cut answer)."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise TryLater(f"the answer is not JSON (status {self.status})") from error


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request. `files` makes it multipart: (field, file name, type, content)."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, str, str, bytes], ...] = ()
    timeout: float = 20.0  # seconds
    max_bytes: int = 4 * 1024 * 1024  # of the answer

    def __repr__(self) -> str:
        """Without path, headers and body: some vendors put the secret into the address."""
        where = urlsplit(self.url)
        return f"Request({self.method} {where.scheme}://{where.netloc.rpartition('@')[2]}/…)"

    async def perform(self, network: Network) -> Response:
        return await network.http(self)


@dataclass(frozen=True, slots=True)
class Pause:
    """A short wait in the middle of a dialogue, in seconds: half of a message is out and the vendor says "slower"."""

    seconds: float

    async def perform(self, network: Network) -> None:
        del network
        await asyncio.sleep(self.seconds)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes behind an attachment's `ref`."""

    data: bytes
    type: str = ""
    name: str = ""


Dialogue = Generator[Any, Any, T]
