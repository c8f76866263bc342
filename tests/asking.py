"""Clients of the application without a network: requests and sockets go straight into it."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

PATIENCE = 20.0  # seconds; the machine may be busy


async def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """The first true answer. Fails when there is none in time; the condition may be a coroutine function."""
    async with asyncio.timeout(seconds):
        while True:
            answer = condition()
            if asyncio.iscoroutine(answer):
                answer = await answer
            if answer:
                return answer
            await asyncio.sleep(0.005)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


def scope_of(
    kind: str, url: str, headers: Mapping[str, str], *, method: str = "", client: str = "203.0.113.7"
) -> dict[str, Any]:
    """An ASGI scope as uvicorn makes it."""
    parts = urlsplit(url)
    given = {"host": "shop.test", **{name.lower(): value for name, value in headers.items()}}
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "https" if kind == "http" else "wss",
        "method": method,
        "path": path_of(parts.path),
        "raw_path": parts.path.encode("ascii", "replace"),
        "query_string": parts.query.encode("ascii", "ignore"),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()],
        "client": (client, 40_000),
        "server": ("127.0.0.1", 8000),
        "subprotocols": [],
        "state": {},
    }


def path_of(path: str) -> str:
    from urllib.parse import unquote

    return unquote(path)


def in_path(text: str) -> str:
    return quote(text, safe="", errors="replace")


async def ask(
    application: Any,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    client: str = "203.0.113.7",
) -> Answer:
    """One request; what the application raises comes through, for a server would have made a 500 of it."""
    given = dict(headers or {})
    if body:
        given.setdefault("content-length", str(len(body)))
    sent: list[Mapping[str, Any]] = []
    asked = False

    async def receive() -> Mapping[str, Any]:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()
        asked = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Mapping[str, Any]) -> None:
        sent.append(event)

    await application(scope_of("http", url, given, method=method, client=client), receive, send)
    seen = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent[0]["headers"]}
    cookies = [value.decode("latin-1") for name, value in sent[0]["headers"] if name == b"set-cookie"]
    if cookies:
        seen["set-cookie"] = "\n".join(cookies)
    return Answer(sent[0]["status"], seen, b"".join(event.get("body", b"") for event in sent[1:]))


class Line:
    """The other end of a WebSocket of ours. `stuck` holds back what is sent, as a reader that does not read would."""

    def __init__(self, application: Any, url: str, headers: Mapping[str, str] | None = None) -> None:
        self.frames: list[Any] = []
        self.code: int | None = None
        self.accepted = False
        self.flowing = asyncio.Event()
        self.flowing.set()
        self._up: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._up.put_nowait({"type": "websocket.connect"})
        scope = scope_of("websocket", url, headers or {})
        self.task = asyncio.ensure_future(application(scope, self._up.get, self._take))

    async def _take(self, event: Mapping[str, Any]) -> None:
        await self.flowing.wait()
        match event["type"]:
            case "websocket.accept":
                self.accepted = True
            case "websocket.close":
                self.code = event.get("code", 1000)
                self._up.put_nowait({"type": "websocket.disconnect", "code": self.code})
            case "websocket.send":
                self.frames.append(json.loads(event["text"]))

    def say(self, frame: Any) -> None:
        text = frame if isinstance(frame, str) else json.dumps(frame)
        self._up.put_nowait({"type": "websocket.receive", "text": text})

    def say_bytes(self, data: bytes) -> None:
        self._up.put_nowait({"type": "websocket.receive", "bytes": data})

    async def frame(self, kind: str, where: Callable[[Any], bool] = lambda _: True) -> Any:
        """The first frame of this kind, however long ago it came."""
        return await until(lambda: next((one for one in self.of(kind) if where(one)), None))

    def of(self, kind: str) -> list[Any]:
        return [one for one in self.frames if one["kind"] == kind]

    async def closed(self) -> int:
        await until(lambda: self.code is not None)
        assert self.code is not None
        return self.code

    async def leave(self) -> None:
        self.flowing.set()
        self._up.put_nowait({"type": "websocket.disconnect", "code": 1001})
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(self.task, PATIENCE)
