"""A network without a network: requests go straight into an ASGI application, and dialogues are driven to their end."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from prilavok.channels.base import Dialogue, NeedsOwner, Request, Response, TryLater, Undeliverable
from prilavok.kit.content import whole


class Loopback:
    """Carries out requests on one ASGI application. A time-out or a cut answer is what a real network makes of it."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.sent: list[Request] = []

    async def http(self, request: Request) -> Response:
        self.sent.append(request)
        body, kind = content_of(request)
        url = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if kind:
            headers["content-type"] = kind
        scope = {
            "type": "http",
            "method": request.method,
            "path": unquote(url.path),
            "query_string": url.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        try:
            async with asyncio.timeout(request.timeout):  # wait_for may lose a cancellation
                return await self._ask(scope, body)
        except TimeoutError:
            raise TryLater(f"no answer from {request.url} in {request.timeout} s", perhaps_sent=True) from None

    async def resolve(self, host: str, port: int) -> str:
        return f"127.0.0.1:{port}" if host else ""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        """As the emulator posts its updates."""
        response = await self.http(Request("POST", url, headers=headers, body=body))
        return response.status, response.headers, response.body

    async def _ask(self, scope: Mapping[str, Any], body: bytes) -> Response:
        events: list[Any] = []
        asked = False

        async def receive() -> Any:
            nonlocal asked
            if asked:  # whoever sends a file watches whether we hang up; we do not
                await asyncio.Event().wait()
            asked = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(event: Any) -> None:
            events.append(event)

        await self.application(scope, receive, send)
        if events[-1].get("more_body"):
            raise TryLater("the answer was cut", perhaps_sent=True)
        headers = {name.decode().lower(): value.decode() for name, value in events[0].get("headers", [])}
        return Response(events[0]["status"], headers, b"".join(event.get("body", b"") for event in events))


def content_of(request: Request) -> tuple[bytes, str]:
    if request.files:
        boundary = secrets.token_hex(8)
        parts = [
            *((f'name="{name}"', "", value.encode()) for name, value in request.form.items()),
            *((f'name="{name}"; filename="{file}"', kind, data) for name, file, kind, data in request.files),
        ]
        body = b"".join(
            f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n".encode()
            + (f"Content-Type: {kind}\r\n" if kind else "").encode()
            + b"\r\n"
            + whole(data)
            + b"\r\n"
            for head, kind, data in parts
        )
        return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
    if request.form:
        return urlencode(request.form).encode(), "application/x-www-form-urlencoded"
    return whole(request.body or b""), ""


async def converse(dialogue: Dialogue[Any], network: Any) -> Any:
    """To the end: every exchange carried out, every failure told to the dialogue."""
    try:
        asked = next(dialogue)
        while True:
            try:
                answer = await asked.perform(network)
            except (TryLater, Undeliverable, NeedsOwner) as error:
                asked = dialogue.throw(error)
            else:
                asked = dialogue.send(answer)
    except StopIteration as end:
        return end.value
