"""The customer's telephone in the browser, and the sample shop beside it: `/phone`, `/shop`.

    app = PhoneApp(telegram, mail, sim, bot="kardamon_bot", shop_address="hello@kardamon.example", inbox_key=key)
    Starlette(routes=[..., *app.routes])

Only for the demo: whoever opens the page is a customer, no sign-in. Pages of other origins are refused.
"""

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.simulator.agencies import AgencyOffice
from prilavok.simulator.apps import Apps
from prilavok.simulator.handset import Handset, TelegramLike, Visitor
from prilavok.simulator.pictures import picture
from prilavok.simulator.post_office import MailLike
from prilavok.simulator.sim_card import SimCard
from prilavok.simulator.storefront import Storefront, Ways

KEY = re.compile(r"[0-9a-f]{16,64}")
NAME = re.compile(r"[a-z][a-z0-9-]*\.(js|css|svg|html)")
TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "html": "text/html"}
LIMIT = 12 * 1024 * 1024  # bytes of a request; pictures come inside, in base64
LOOK_AGAIN = 0.25  # seconds between two looks at what the emulators hold
INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp", "audio/wav", "audio/ogg", "audio/mpeg"}
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self' ws: wss:; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
FILE_POLICY = "default-src 'none'; sandbox"
PROBLEMS = {400: "Bad request", 403: "Forbidden", 404: "Not found", 409: "Conflict", 413: "Too large", 422: "Invalid"}


class PhoneApp:
    """`inbox_key` is the web chat's; `bot` the username at the emulator; `shop_address` the mailbox the shop reads."""

    def __init__(
        self,
        telegram: TelegramLike,
        mail: MailLike,
        sim: SimCard,
        *,
        bot: str,
        shop_address: str,
        inbox_key: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        apps: Apps | None = None,
        ways: Ways | None = None,
        agencies: Mapping[str, AgencyOffice] | None = None,
    ) -> None:
        self.handset = Handset(
            telegram, mail, sim, bot=bot, shop_address=shop_address, now=now, apps=apps, agencies=agencies
        )
        self.storefront = Storefront(inbox_key, ways or Ways())
        # Of two states the page keeps the later one, whichever wire was faster; a restart goes on above.
        self._turns = itertools.count(time.time_ns() // 1000)
        self.routes: list[BaseRoute] = [
            Route("/phone", self._page),
            Route("/phone/telegram", self._page),
            Route("/phone/whatsapp", self._page),
            Route("/phone/app/{name}", self._page),
            Route("/phone/static/{name}", self._static),
            Route("/phone/samples/{what}.png", self._sample),
            Route("/phone/files/{id}", self._file),
            Route("/phone/letters/{number:int}", self._letter_file),
            Route("/phone/api/{action:path}", self._act, methods=["POST"]),
            WebSocketRoute("/phone/live", self._live),
            Route("/shop", self._shop),
            Route("/shop/{page}", self._shop),
        ]

    async def _page(self, request: Request) -> Response:
        del request
        return _static_file("phone.html")

    async def _shop(self, request: Request) -> Response:
        asked = request.query_params.get("lang", "")
        html = self.storefront.page(
            request.path_params.get("page", ""), asked, request.headers.get("accept-language", "")
        )
        if html is None:
            return problem(404, "The shop has no such page.")
        return answer(html.encode(), "text/html; charset=utf-8", policy=PAGE_POLICY)

    async def _static(self, request: Request) -> Response:
        return _static_file(request.path_params["name"])

    async def _sample(self, request: Request) -> Response:
        try:
            return answer(picture(request.path_params["what"]), "image/png", policy=FILE_POLICY)
        except KeyError:
            return problem(404, "There is no such picture.")

    async def _file(self, request: Request) -> Response:
        try:
            file = self.handset.file(self._visitor(request), request.path_params["id"])
        except BadInput as error:
            return problem(400, error.reason)
        except NotFound:
            return problem(404, "There is no such file in your chat.")
        return _download(file.data, file.type, file.name)

    async def _letter_file(self, request: Request) -> Response:
        """An attachment: `number` is its place in the letter `?id=`."""
        try:
            letters = self.handset.letters(self._visitor(request))
        except BadInput as error:
            return problem(400, error.reason)
        number, wanted = request.path_params["number"], request.query_params.get("id")
        found = [file for one in letters if one.id == wanted for file in one.files]
        if number >= len(found):
            return problem(404, "There is no such attachment in your mailbox.")
        return _download(found[number].data, found[number].type, found[number].name)

    async def _act(self, request: Request) -> Response:
        if foreign(request):
            return problem(403, "Only the telephone page itself may do this.")
        try:
            visitor = self._visitor(request)
            await self.handset.act(visitor, request.path_params["action"], await _body(request))
        except BadInput as error:
            return problem(422, error.reason)
        except Conflict as error:
            return problem(409, error.reason)
        except NotFound:
            return problem(404, "There is nothing here to do that with.")
        except OverflowError:
            return problem(413, f"At most {LIMIT // 2**20} MB at once.")
        return answer(self._numbered(self.handset.state(visitor)), "application/json")

    async def _live(self, socket: WebSocket) -> None:
        """Sends the whole state whenever it has changed; hears nothing."""
        if foreign(socket):
            await socket.close(4403)
            return
        try:
            visitor = self._visitor(socket)
        except BadInput:
            await socket.close(4400)
            return
        await socket.accept()
        self.handset.looks(visitor, 1)
        gone = asyncio.create_task(_gone(socket))
        sent = None
        try:
            while not gone.done():
                state = self.handset.state(visitor)
                if state != sent:
                    await socket.send_text(self._numbered(state).decode())
                    sent = state
                await asyncio.wait({gone}, timeout=LOOK_AGAIN)
        except WebSocketDisconnect:
            return  # the tab was closed while we wrote
        finally:
            self.handset.looks(visitor, -1)
            gone.cancel()
            with suppress(asyncio.CancelledError):
                await gone

    def _numbered(self, state: dict[str, Any]) -> bytes:
        return msgspec.json.encode({"turn": next(self._turns), **state})

    def _visitor(self, connection: HTTPConnection) -> Visitor:
        key = connection.query_params.get("me", "")
        if not KEY.fullmatch(key):
            raise BadInput("`me` must be 16 to 64 hexadecimal digits, made up by the page.", field="me")
        language = connection.query_params.get("language", "")
        return self.handset.visitor(key, language if language in ("ru", "uk", "en") else "en")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """By itself, for tests and for a look at the pages."""
        from starlette.applications import Starlette

        await Starlette(routes=self.routes)(scope, receive, send)


async def _gone(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        continue


async def _body(request: Request) -> bytes:
    """OverflowError when it is too long; it is not read to its end then."""
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > LIMIT:
            raise OverflowError
    return bytes(read)


def foreign(connection: HTTPConnection) -> bool:
    """Whether a page of another origin asks. Programs without a browser send neither header."""
    site, origin = connection.headers.get("sec-fetch-site"), connection.headers.get("origin")
    if site in ("cross-site", "same-site"):
        return True
    return origin is not None and urlsplit(origin).netloc != connection.headers.get("host")


def _static_file(name: str) -> Response:
    found = NAME.fullmatch(name)
    file = files("prilavok.simulator").joinpath("static", name) if found else None
    if found is None or file is None or not file.is_file():
        return problem(404, "There is no such file.")
    policy = PAGE_POLICY if found[1] == "html" else ""
    return answer(file.read_bytes(), f"{TYPES[found[1]]}; charset=utf-8", policy=policy)


def _download(data: bytes, type: str, name: str) -> Response:
    found = answer(data, type if type in INLINE else "application/octet-stream", policy=FILE_POLICY)
    if type not in INLINE:
        plain = re.sub(r"[^\w.-]", "_", name, flags=re.ASCII)
        found.headers["content-disposition"] = f'attachment; filename="{plain}"'
    return found


def answer(body: bytes, type: str, *, policy: str = "", status: int = 200) -> Response:
    headers = {"content-type": type, "x-content-type-options": "nosniff", "cache-control": "no-cache"}
    headers["referrer-policy"] = "same-origin"
    if policy:
        headers["content-security-policy"] = policy
    return Response(body, status, headers)


def problem(status: int, detail: str) -> Response:
    body = {"type": "about:blank", "title": PROBLEMS[status], "status": status, "detail": detail}
    return answer(msgspec.json.encode(body), "application/problem+json", status=status)
