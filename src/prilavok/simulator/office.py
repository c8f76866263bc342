"""What all emulated vendors share: an ASGI application that looks up a path, meets its faults, and says no properly."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from prilavok.simulator.knocker import Knocker
from prilavok.simulator.telegram.delivery import Post, post
from prilavok.simulator.telegram.faults import DONE, Fault, Trouble, Troubles
from prilavok.simulator.telegram.http import CutResponse

Handler = Callable[["Asked"], Awaitable[Response] | Response]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: `parts` are what the path's pattern caught."""

    request: Request
    body: bytes
    parts: Mapping[str, str]

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    @property
    def query(self) -> dict[str, str]:
        return dict(self.request.query_params)


class RefusedError(Exception):
    """The vendor says no, in its own shape."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body


class Office:
    """`routes`: (method, pattern of the path, handler, whether it sends). `now` and `post` are exchanged in tests.
    `keeps` names what outlives a restart of the demo (see `memory`).
    """

    keeps: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        post: Post = post,
        pace: float = 1.0,
        address: str = "",
    ) -> None:
        """`address`: where this application is served, for the links it hands out."""
        self.now = now
        self.address = address.rstrip("/")
        self.knocker = Knocker(post, pace=pace)
        self._troubles = Troubles()
        self._routes: list[tuple[str, re.Pattern[str], Handler, bool]] = []

    def route(self, method: str, pattern: str, handler: Handler, *, sends: bool = False) -> None:
        self._routes.append((method, re.compile(pattern), handler, sends))

    def fail(self, fault: Fault, *, times: int = 1, seconds: float = 3) -> None:
        """The next `times` requests that send something meet this fault."""
        self._troubles.plan(Trouble(Fault(fault), "", times, seconds))

    def resume(self) -> int:
        """Goes on with what was under way when the demo stopped (within the running loop), see `memory`; how much it
        was. Nothing is, where every word is done with at once.
        """
        return 0

    async def open(self) -> Mapping[str, Any]:
        """Opens doors of its own beside HTTP, if it has any, within the running loop; the settings of an inbox that
        lead to them, which are others at each start.
        """
        return {}

    async def close(self) -> None:
        await self.knocker.close()

    def too_many(self, seconds: float) -> Response:
        """How this vendor says that it is busy."""
        return answer({"message": "Too many requests"}, 429, {"retry-after": str(int(seconds))})

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        response: Response = answer({"message": "Not found"}, 404)
        for method, pattern, handler, sends in self._routes:
            if method == request.method and (found := pattern.fullmatch(path)):
                asked = Asked(request, await request.body(), found.groupdict())
                response = await self._carry_out(handler, asked, sends=sends)
                break
        await response(scope, receive, send)

    async def _carry_out(self, handler: Handler, asked: Asked, *, sends: bool) -> Response:
        trouble = self._troubles.next("send") if sends else None
        if trouble is not None and trouble.fault not in DONE:
            return await self._instead(trouble)
        try:
            done = handler(asked)
            response = await done if isinstance(done, Awaitable) else done
        except RefusedError as error:
            return answer(error.body, error.status)
        return response if trouble is None else await self._instead(trouble)

    async def _instead(self, trouble: Trouble) -> Response:
        match trouble.fault:
            case Fault.TOO_MANY:
                return self.too_many(trouble.seconds)
            case Fault.BROKEN:
                return answer({"message": "Internal Server Error"}, 500)
            case Fault.SILENT | Fault.DONE_BUT_SILENT:
                await asyncio.sleep(trouble.seconds)
                return answer({"message": "Gateway Timeout"}, 504)
            case Fault.CUT | Fault.DONE_BUT_CUT:
                return CutResponse()
            case _:
                return Response("<html>Bad Gateway</html>", status_code=502, media_type="text/html")


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, dict(headers or {}), media_type="application/json")


def last(messages: Sequence[Any], message_id: Any) -> Any:
    """The message with this id; LookupError when there is none."""
    for one in reversed(messages):
        if one.id == message_id:
            return one
    raise LookupError(message_id)
