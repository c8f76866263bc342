"""The emulator's HTTP face: /bot<token>/METHOD and /file/bot<token>/path, with faults no ordinary server has."""

import asyncio
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from prilavok.simulator.telegram.contract import Refused, Uploaded
from prilavok.simulator.telegram.faults import DONE, Fault, Trouble

if TYPE_CHECKING:
    from prilavok.simulator.telegram import TelegramEmulator

CALL = re.compile(r"/bot([^/]+)/([A-Za-z]+)")
FILE = re.compile(r"/file/bot([^/]+)/(.+)")
PARAMETER = re.compile(rb'(\w+)="((?:[^"\\]|\\.)*)"')


async def serve(telegram: "TelegramEmulator", scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(telegram, receive, send)
        return
    request = Request(scope, receive)
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if found := FILE.fullmatch(path):
        file = telegram.file_at(found[2]) if found[1] in telegram.bots else None
        response = _refused(Refused(404, "Not Found")) if file is None else Response(file.data)
    elif found := CALL.fullmatch(path):
        response = await _call(telegram, request, found[1], found[2])
    else:
        response = _refused(Refused(404, "Not Found"))
    await response(scope, receive, send)


async def _call(telegram: "TelegramEmulator", request: Request, token: str, method: str) -> Response:
    bot = telegram.bots.get(token)
    if bot is None:
        return _refused(Refused(401, "Unauthorized: invalid token specified"))
    try:
        given, form = await _fields(request)
    except ValueError:
        return _refused(Refused(400, "Bad Request: can't parse the request's body"))
    trouble = telegram.trouble(method)
    if trouble is not None and trouble.fault not in DONE:
        return await _instead(trouble)
    try:
        result = await telegram.carry_out(bot, method, given, form=form)
    except Refused as error:
        return _refused(error)
    if trouble is not None:
        return await _instead(trouble)
    return Response(msgspec.json.encode({"ok": True, "result": result}), media_type="application/json")


async def _instead(trouble: Trouble) -> Response:
    match trouble.fault:
        case Fault.TOO_MANY:
            after = int(trouble.seconds)
            return _refused(Refused(429, f"Too Many Requests: retry after {after}", retry_after=after))
        case Fault.BROKEN:
            return _refused(Refused(500, "Internal Server Error"))
        case Fault.NONSENSE:
            return Response("<html>Bad Gateway</html>", status_code=502, media_type="text/html")
        case Fault.SILENT | Fault.DONE_BUT_SILENT:
            await asyncio.sleep(trouble.seconds)
            return _refused(Refused(504, "Gateway Timeout"))
        case Fault.CUT | Fault.DONE_BUT_CUT:
            return CutResponse()


class CutResponse(Response):
    """Promises more than it sends, so that the server closes the connection in the middle of the answer."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok":tr', "more_body": True})


def _refused(error: Refused) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return Response(msgspec.json.encode(body), status_code=error.code, media_type="application/json")


async def _fields(request: Request) -> tuple[dict[str, Any], bool]:
    """The given fields, and whether they came as text (a form) rather than as JSON."""
    asked: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    body = await request.body()
    if kind.startswith("application/json") and body:
        return {**asked, **msgspec.json.decode(body, type=dict[str, Any])}, False
    if kind.startswith("multipart/form-data"):
        return asked | multipart(body, kind.partition("boundary=")[2].strip('"').encode()), True
    if kind.startswith("application/x-www-form-urlencoded"):
        return asked | dict(parse_qsl(body.decode(), keep_blank_values=True)), True
    return asked, True


def multipart(body: bytes, boundary: bytes) -> dict[str, Any]:
    """By hand: the few lines that the well-formed bodies of our own client need."""
    found: dict[str, Any] = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        lines = (line.partition(b":") for line in head.split(b"\r\n"))
        headers = {name.strip().lower(): value.strip() for name, _, value in lines}
        named = dict(PARAMETER.findall(headers.get(b"content-disposition", b"")))
        name = named.get(b"name", b"").decode()
        if b"filename" in named:
            mime = headers.get(b"content-type", b"application/octet-stream").decode()
            found[name] = Uploaded(unquote(named[b"filename"].decode()), mime, content)
        else:
            found[name] = content.decode()
    return found


async def _lifespan(telegram: "TelegramEmulator", receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await telegram.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
