"""What a handler is given: who asks, what they sent (already checked), and the services of the installation."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request

from prilavok.channels.base import Network
from prilavok.domain.errors import NotFound
from prilavok.domain.scan import Checked
from prilavok.flows.arrivals import Arrivals
from prilavok.flows.bus import Bus
from prilavok.flows.directory import Directory
from prilavok.flows.intake import Intake
from prilavok.kit.content import OnDisk
from prilavok.kit.ids import is_id
from prilavok.kit.seal import Seal
from prilavok.kit.text import storable_tree
from prilavok.settings import Settings
from prilavok.store.files import Folder
from prilavok.web.errors import Refusal
from prilavok.web.guard import Guard
from prilavok.web.live import Hub
from prilavok.web.public.page import best_language

T = TypeVar("T")
IdText = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
NUL = b"\\u0000"  # in JSON; PostgreSQL stores none
RIGHTS = {"agent": 0, "admin": 1, "owner": 2}
IN_WORDS = {  # what the reader of JSON says → what to write instead
    "Invalid RFC3339 encoded datetime": "A time is written as 2026-11-20T21:10:00Z.",
    "Expected `datetime` with a timezone component": "A time has its zone: 2026-11-20T21:10:00Z, or +02:00.",
    "Invalid decimal string": "A sum is written as 1250.00.",
}


@dataclass(frozen=True, slots=True)
class Services:
    """Made once by app.py."""

    bus: Bus
    directory: Directory
    settings: Settings
    folder: Folder
    network: Network
    hub: Hub
    guard: Guard
    seal: Seal
    perform: Callable[..., Any]  # drives a channel's dialogue
    check_file: Callable[[Mapping[Any, Any]], Awaitable[Checked]]  # of viruses, before a file is handed out
    intake: Intake
    arrivals: Arrivals
    channel_table: Callable[[str], list[dict[str, Any]]]  # in a language
    steps_of: Callable[[str, str], tuple[str, Sequence[str]]]  # of a channel's set-up, in a language
    say_sources: Callable[[list[dict[str, Any]], str], list[dict[str, Any]]]  # kinds of sources, in a language
    source_steps: Callable[[str, str], tuple[str, Sequence[str]]]
    version: str
    demo: bool

    @property
    def now(self) -> datetime:
        return self.bus.clock()


@dataclass(frozen=True, slots=True)
class Viewer:
    """The agent who asks. `session_hash` is empty for an API token."""

    shop_id: int
    id: str
    name: str
    email: str
    role: str
    language: str
    theme: str
    shop_name: str
    currency: str
    timezone: str
    session_hash: str = ""

    def may(self, permission: str) -> bool:
        return RIGHTS[self.role] >= RIGHTS[permission]


@dataclass(slots=True)
class Ask:
    """One request on its way through a handler."""

    request: Request
    services: Services
    viewer: Viewer | None
    body: Any = None
    raw_body: bytes = b""

    @property
    def me(self) -> Viewer:
        if self.viewer is None:
            raise Refusal(401, "Sign in first.")
        return self.viewer

    @property
    def shop_id(self) -> int:
        return self.me.shop_id

    @property
    def language(self) -> str:
        """To answer in: what the colleague chose, else what their browser asks for, as the pages do."""
        return self.me.language or best_language(self.request.headers.get("accept-language", ""))

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def id(self, name: str = "id") -> str:
        """An id from the path; what is no id at all is not found, as any other."""
        value = self.path(name)
        if not is_id(value):
            raise NotFound
        return value

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)

    def query_id(self, name: str) -> str | None:
        """An id from the query; None when it is not given."""
        value = self.query(name)
        if value and not is_id(value):
            raise Refusal(422, f"“{name}” is an id, as the API gives them.", field=name)
        return value or None

    def whole(self, name: str, default: int | None = None, *, most: int = 2**62) -> int | None:
        """A whole number from the query."""
        value = self.query(name)
        if not value:
            return default
        if not value.isdecimal() or not value.isascii() or len(value) > 19 or int(value) > most:
            raise Refusal(422, f"“{name}” is a whole number from 0 to {most}.", field=name)
        return int(value)

    async def do(self, flow: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        return await self.services.bus.do(flow, *args, **kwargs)

    async def read(self, question: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        return await self.services.bus.read(question, *args, **kwargs)

    async def raw(self, limit: int) -> bytes:
        return await read_body(self.request, limit, self.services.settings.body_timeout)

    async def raw_into(self, place: Path, limit: int) -> OnDisk:
        """The same, written to `place` as it comes."""
        with await asyncio.to_thread(place.open, "wb") as file:

            async def keep(chunk: bytes) -> None:
                await asyncio.to_thread(file.write, chunk)

            await pour(self.request, limit, self.services.settings.body_timeout, keep)
        return OnDisk.at(place)


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """The whole body, bounded in size and time. Refusal 413 or 408."""
    chunks: list[bytes] = []

    async def keep(chunk: bytes) -> None:
        chunks.append(chunk)

    await pour(request, limit, seconds, keep)
    return b"".join(chunks)


async def pour(request: Request, limit: int, seconds: float, keep: Callable[[bytes], Awaitable[Any]]) -> None:
    declared = next(
        (value.decode("latin-1") for name, value in request.scope["headers"] if name == b"content-length"), ""
    )
    if declared.isdecimal() and len(declared) < 20 and int(declared) > limit:
        raise Refusal(413, too_large(limit))
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in _stream(request):
                size += len(chunk)
                if size > limit:
                    raise Refusal(413, too_large(limit))
                await keep(chunk)
    except TimeoutError as error:
        raise Refusal(408, "The body came too slowly.") from error
    except ClientDisconnect as error:
        raise Refusal(400, "The connection closed before the body was complete.") from error


def _stream(request: Request) -> AsyncIterator[bytes]:
    return request.stream()


def too_large(limit: int) -> str:
    return f"That is larger than {limit / (1024 * 1024):.0f} MB, the limit here."


def decode(body: bytes, kind: type[T]) -> T:
    """JSON as the given type; Refusal names the field that does not fit."""
    try:
        if NUL in body:
            return msgspec.convert(storable_tree(msgspec.json.decode(body)), kind)
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        raise Refusal(422, IN_WORDS.get(message, message), field=path.rstrip("`")) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(400, f"The body is not JSON that we can read: {error}.") from error
    except RecursionError as error:
        raise Refusal(400, "The JSON is nested too deeply.") from error
