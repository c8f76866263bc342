"""The ASGI application: routes, sockets, the built front end, and the headers that every answer carries."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import structlog
from prometheus_client import Counter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, NoMatchFound
from starlette.routing import Route as StarletteRoute

from prilavok.web import screens, visitors
from prilavok.web.ask import Ask, Services, decode, read_body
from prilavok.web.auth import viewer_of
from prilavok.web.errors import NOT_FOUND, SIGN_IN, Refusal, as_refusal, problem
from prilavok.web.ops import REQUESTS, SECONDS
from prilavok.web.public.page import HEADERS, best_language, refused
from prilavok.web.routes import ROUTES, Route

log = structlog.get_logger()

STATIC = Path(__file__).parent / "static"
LONGEST_JSON = 2 * 1024 * 1024  # bytes
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
}
FAULT = "Something went wrong on our side. Nothing you sent was lost if it was accepted before; try again."


def make_application(
    services: Services, lifespan: Callable[[Any], Any] | None = None, *, mounts: tuple[BaseRoute, ...] = ()
) -> Starlette:
    """`mounts` come first: the demo's telephone and sample shop."""
    by_path: dict[str, list[Route]] = {}
    for route in ROUTES:
        by_path.setdefault(route.path, []).append(route)
    routes: list[BaseRoute] = list(mounts)
    for path, group in by_path.items():
        routes.append(_endpoint(services, path, group))
    routes += [
        _Socket("/api/v1/live", services, screens.live),
        _Socket("/chat/live", services, visitors.live),
        StarletteRoute("/widget.js", _widget, methods=["GET"]),
        StarletteRoute("/{path:path}", _front_end, methods=["GET"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: _refuse, Exception: _fault})


async def _refuse(_request: Request, error: Any) -> Response:
    """What the router itself refuses: a method that nobody knows."""
    return problem(Refusal(error.status_code, str(error.detail), headers=dict(error.headers or {})))


async def _fault(_request: Request, _error: Exception) -> Response:
    return problem(Refusal(500, FAULT))


class _Socket(BaseRoute):
    """A WebSocket handled on the raw protocol: a quarter of the memory of a wrapped one."""

    def __init__(self, path: str, services: Services, handler: Callable[..., Awaitable[None]]) -> None:
        self.path = path
        self.services = services
        self.handler = handler

    def matches(self, scope: Any) -> Any:
        from starlette.routing import Match

        if scope["type"] == "websocket" and scope["path"] == self.path:
            return Match.FULL, {}
        return Match.NONE, {}

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        await self.handler(self.services, scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> Any:
        raise NoMatchFound(name, path_params)  # sockets have no names


def _endpoint(services: Services, path: str, group: list[Route]) -> BaseRoute:
    by_method = {route.method: route for route in group}
    seconds = SECONDS.labels(path)
    answered: dict[int, Counter] = {}

    async def endpoint(request: Request) -> Response:
        route = by_method.get(request.method) or by_method.get("GET" if request.method == "HEAD" else "")
        if route is None:
            allowed = ", ".join(sorted(by_method))
            refusal = Refusal(405, f"This address understands {allowed}.", headers={"allow": allowed})
            return problem(refusal)
        started = time.perf_counter()
        response = await _answer(services, route, request)
        seconds.observe(time.perf_counter() - started)
        status = response.status_code
        if status not in answered:
            answered[status] = REQUESTS.labels(path, status)
        answered[status].inc()
        return response

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return StarletteRoute(path, endpoint, methods=methods)


async def _answer(services: Services, route: Route, request: Request) -> Response:
    try:
        ask = Ask(request, services, await _admit(services, route, request))
        if route.body is not None:
            raw = await read_body(request, LONGEST_JSON, services.settings.body_timeout)
            ask.raw_body = raw
            ask.body = decode(raw, route.body)
        return _respond(route, await route.handler(ask))
    except Exception as error:
        refusal = as_refusal(error)
        if refusal is not None:
            return _told(route, request, refusal)
        log.exception("request failed", route=route.path, method=route.method)
        return _told(route, request, Refusal(500, FAULT))


def _told(route: Route, request: Request, refusal: Refusal) -> Response:
    """To programs a problem; to a customer whose browser asks for a page, a page."""
    customer = route.permission in {"public", "signed"} and not route.path.startswith("/api/")
    if not customer or "text/html" not in request.headers.get("accept", ""):
        return problem(refusal)
    language = best_language(request.headers.get("accept-language", ""))
    return HTMLResponse(refused(refusal.status, language), refusal.status, {**HEADERS, **refusal.headers})


async def _admit(services: Services, route: Route, request: Request) -> Any:
    """The viewer, when the route wants one. Refusal 401 or 403."""
    if route.permission == "public" or (
        route.permission == "signed" and not request.scope["path"].startswith("/files/")
    ):
        return None
    viewer = await viewer_of(request, services)
    if route.permission == "signed":
        return viewer
    if viewer is None:
        raise Refusal(401, SIGN_IN)
    if not viewer.may(route.permission):
        raise Refusal(403, f"Only an {route.permission} may do this.")
    return viewer


def _respond(route: Route, result: Any) -> Response:
    if isinstance(result, Response):
        return result
    if result is None:
        return Response(status_code=204)
    return Response(
        msgspec.json.encode(result),
        route.status,
        {"cache-control": "no-store", "x-content-type-options": "nosniff"},
        media_type="application/json",
    )


async def _widget(_request: Request) -> Response:
    path = STATIC / "widget.js"
    if not path.is_file():
        return problem(Refusal(404, "The front end has not been built: run “make run”."))
    headers = {
        "cache-control": "public, max-age=300",
        "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": "*",
        "x-content-type-options": "nosniff",
    }
    return FileResponse(path, headers=headers, media_type="text/javascript")


async def _front_end(request: Request) -> Response:
    """The built application: its files, and index.html for every page of it."""
    path = request.path_params["path"]
    if path.startswith(("api/", "hooks/", "chat/", "files/")):
        return problem(Refusal(404, NOT_FOUND))
    file = await asyncio.to_thread(_built, path)
    if file is not None and path.startswith("assets/"):
        headers = {**PAGE_HEADERS, "cache-control": "public, max-age=31536000, immutable"}
        return FileResponse(file, headers=headers)
    page = file or STATIC / "index.html"
    if not page.is_file():
        return problem(Refusal(404, "The front end has not been built: run “make run”."))
    return FileResponse(page, headers=PAGE_HEADERS)


def _built(path: str) -> Path | None:
    """A file of the front end; None for everything else, also for what no file can be called."""
    try:
        file = (STATIC / path).resolve()
        return file if file.is_relative_to(STATIC.resolve()) and file.is_file() else None
    except (ValueError, OSError):
        return None
