"""The server's side of the visitors' socket, small and obedient, for looking at the widget alone.

It speaks docs/developers/protocols.md: tokens, numbered messages, one ack for one client id, resume after N.
Two addresses are served: the chat's and the shop's, for a widget always lives on somebody else's page.
"""

import asyncio
import contextlib
import itertools
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

Frame = dict[str, Any]
Answer = TypeVar("Answer")
PAGE = 100  # messages in a welcome or an older page
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization, content-type"}


class FakeChat:
    """What the test may change: `acks`, `close_with`, `welcome`, `refuse`; what it may read: `heard`, `uploads`."""

    def __init__(self, widget: Path) -> None:
        self.widget = widget
        self.threads: dict[str, list[Frame]] = {}
        self.sockets: dict[WebSocket, str] = {}
        self.heard: list[Frame] = []
        self.news = threading.Condition()
        self.uploads: list[Frame] = []
        self.upload_tokens: list[str] = []
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        self.acks = True
        self.close_with: int | None = None
        self.refuse: str | None = None  # the detail with which the next message is refused
        self.connections = 0
        self.numbers = itertools.count(1)
        self.welcome: Frame = {
            "expected": {"seconds": 240, "at": None, "online": True, "measured": True},
            "shop": {"name": "Тёплый чай"},
            "greeting": {},
            "quick_replies": [],
            "theme": {"accent": "#0f6b5c", "position": "right"},
            "links": [],
            "email": None,
            "file_limit": 1_000_000,
        }
        self.loop = asyncio.new_event_loop()
        self.chat_url = self.shop_url = ""

    # What a test calls, from its own thread.

    def say(self, text: str, token: str | None = None, **more: Any) -> Frame:
        return self.run(self._say(token or next(iter(self.threads)), text, more))

    def remember(self, text: str, direction: str = "outbound", **more: Any) -> Frame:
        """Stored, but nobody is told of it."""
        return self._message(next(iter(self.threads.values())), direction, text, more)

    def change(self, message: Frame, **more: Any) -> None:
        message.update(more)
        self.tell({"kind": "changed", "message": message})

    def tell(self, frame: Frame) -> None:
        self.run(self._tell(list(self.sockets), frame))

    def cut(self, code: int = 1012) -> None:
        self.run(self._cut(code))

    def stored(self) -> list[str]:
        """The visitors' own words, as the shop has them."""
        return [m["text"] for thread in self.threads.values() for m in thread if m["direction"] == "inbound"]

    def heard_of(self, kind: str) -> list[Frame]:
        return [frame for frame in self.heard if frame["kind"] == kind]

    def wait_for(self, kind: str, count: int = 1) -> list[Frame]:
        """The frames of a kind, once there are so many; five seconds at most."""
        with self.news:
            assert self.news.wait_for(lambda: len(self.heard_of(kind)) >= count, 5), f"no {kind}: {self.heard}"
        return self.heard_of(kind)

    def page(self, path: str, html: str, csp: str = "") -> str:
        headers = {"Content-Security-Policy": csp} if csp else {}
        self.pages[path] = (html.replace("CHAT", self.chat_url), headers)
        return self.shop_url + path

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    # What happens in the server's thread.

    async def live(self, ws: WebSocket) -> None:
        await ws.accept()
        self.connections += 1
        if self.close_with:
            await ws.close(self.close_with)
            return
        try:
            while True:
                frame = json.loads(await ws.receive_text())
                with self.news:
                    self.heard.append(frame)
                    self.news.notify_all()
                await self._answer(ws, frame)
        except WebSocketDisconnect:
            self.sockets.pop(ws, None)

    async def _answer(self, ws: WebSocket, frame: Frame) -> None:
        answers: dict[str, Callable[[WebSocket, Frame], Awaitable[None]]] = {
            "hello": self._hello,
            "send": self._send,
            "older": self._older,
            "link": self._link,
        }
        if answer := answers.get(frame["kind"]):
            await answer(ws, frame)

    async def _hello(self, ws: WebSocket, frame: Frame) -> None:
        token = frame["visitor"] or f"visitor-{next(self.numbers)}"
        self.sockets[ws] = token
        missed = [m for m in self.threads.get(token, []) if m["seq"] > frame["seq"]]
        await ws.send_json(
            {
                "kind": "welcome",
                "visitor": token,
                "seq": len(self.threads.get(token, [])),
                "messages": missed[-PAGE:],
                "more": len(missed) > PAGE,
                "receipts": {"delivered": 0, "read": 0},
                **self.welcome,
            }
        )

    async def _send(self, ws: WebSocket, frame: Frame) -> None:
        if not self.acks:
            return
        if self.refuse:
            await ws.send_json({"kind": "error", "id": frame["id"], "detail": self.refuse})
            self.refuse = None
            return
        token = self.sockets[ws]
        thread = self.threads.setdefault(token, [])
        message = next((m for m in thread if m.get("client_id") == frame["id"]), None)
        if message is None:
            files = [upload for upload in self.uploads if upload["id"] in frame["files"]]
            message = self._message(thread, "inbound", frame["text"], {"client_id": frame["id"], "attachments": files})
            others = [other for other, name in self.sockets.items() if name == token and other is not ws]
            await self._tell(others, {"kind": "message", "message": message})
        await ws.send_json({"kind": "ack", "id": frame["id"], "message": message})

    async def _older(self, ws: WebSocket, frame: Frame) -> None:
        older = [m for m in self.threads.get(self.sockets[ws], []) if m["seq"] < frame["before"]]
        await ws.send_json({"kind": "older", "messages": older[-PAGE:], "more": len(older) > PAGE})

    async def _link(self, ws: WebSocket, frame: Frame) -> None:
        url = f"https://t.example/shop?start={frame['inbox_id']}"
        await ws.send_json({"kind": "link", "inbox_id": frame["inbox_id"], "url": url})

    async def _say(self, token: str, text: str, more: Frame) -> Frame:
        message = self._message(self.threads.setdefault(token, []), "outbound", text, more)
        heirs = [ws for ws, name in self.sockets.items() if name == token]
        await self._tell(heirs, {"kind": "message", "message": message})
        return message

    def _message(self, thread: list[Frame], direction: str, text: str, more: Frame) -> Frame:
        author = {"kind": "agent", "name": "Анна"} if direction == "outbound" else {"kind": "contact", "name": ""}
        seq = len(thread) + 1
        at = datetime.now(UTC).isoformat()
        empty = {"attachments": [], "buttons": [], "author": author, "at": at}
        message = {"id": f"m{seq}", "seq": seq, "direction": direction, "text": text} | empty | more
        thread.append(message)
        return message

    async def _tell(self, sockets: list[WebSocket], frame: Frame) -> None:
        for ws in sockets:
            await ws.send_json(frame)

    async def _cut(self, code: int) -> None:
        for ws in list(self.sockets):
            self.sockets.pop(ws)
            await ws.close(code)

    async def upload(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(headers=CORS)
        body = await request.body()
        name, kind = request.query_params["name"], request.headers["content-type"]
        upload = {"id": f"f{len(self.uploads) + 1}", "name": name, "type": kind, "size": len(body)}
        upload |= {"url": f"/files/{upload['id']}/x", "kind": "image" if kind.startswith("image/") else "file"}
        self.uploads.append(upload)
        self.upload_tokens.append(request.headers["authorization"])
        return JSONResponse(upload, headers=CORS)

    async def file(self, request: Request) -> Response:
        amber = '<rect width="320" height="200" fill="#d8a657"/>'
        picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200">{amber}</svg>'
        return Response(picture, media_type="image/svg+xml")

    async def serve_widget(self, request: Request) -> Response:
        return FileResponse(self.widget, media_type="text/javascript")

    async def shop(self, request: Request) -> Response:
        html, headers = self.pages.get(request.url.path, ("", {}))
        return HTMLResponse(html, headers=headers)

    def applications(self) -> tuple[Starlette, Starlette]:
        chat = [
            Route("/widget.js", self.serve_widget),
            Route("/chat/files", self.upload, methods=["POST", "OPTIONS"]),
            Route("/files/{rest:path}", self.file),
            WebSocketRoute("/chat/live", self.live),
        ]
        return Starlette(routes=chat), Starlette(routes=[Route("/{rest:path}", self.shop)])


@contextlib.contextmanager
def running(chat: FakeChat) -> Iterator[FakeChat]:
    """Serves the chat and the shop on two free ports of 127.0.0.1."""
    servers = []
    sockets = []
    for application in chat.applications():
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # from here on a browser may knock; it is let in when the server is up
        sockets.append(listener)
        config = uvicorn.Config(application, log_level="error", ws="websockets-sansio", lifespan="off")
        servers.append(uvicorn.Server(config))
    chat.chat_url, chat.shop_url = (f"http://127.0.0.1:{listener.getsockname()[1]}" for listener in sockets)

    async def serve() -> None:
        await asyncio.gather(*(server.serve([listener]) for server, listener in zip(servers, sockets, strict=True)))
        left = asyncio.all_tasks() - {asyncio.current_task()}  # sockets that a browser holds: nobody waits for them
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    thread = threading.Thread(target=lambda: chat.loop.run_until_complete(serve()), daemon=True)
    thread.start()
    try:
        yield chat
    finally:
        for server in servers:
            server.should_exit = server.force_exit = True
        thread.join(10)
        chat.loop.close()


def days_ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()
