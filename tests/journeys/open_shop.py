"""A whole demo shop as a customer finds it: the real application on a free port, Telegram and the post office emulated
behind it, and everybody's browsers before it."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from prilavok.demo import ADDRESS, PASSWORD, Demo, Size, make_demo, real_time
from prilavok.flows import admit
from prilavok.server import Server
from prilavok.settings import Settings
from prilavok.store import shops
from tests.asking import until

FEW = Size(contacts=6, conversations=6, orders=6)
START = 60.0  # seconds
COLLEAGUES = {"owner": "owner@example.com", "mark": "mark@example.com", "anna": "anna@example.com"}


class OpenShop:
    """`url` has no slash at its end; `loop` is the server's own."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.url = demo.settings.public_url
        self.loop: asyncio.AbstractEventLoop | None = None
        self._cookies: dict[str, str] = {}

    def cookie(self, who: str) -> str:
        """A session of this colleague; signed in once, for the counter limits how often."""
        if who not in self._cookies:
            given = {"email": COLLEAGUES[who], "password": PASSWORD}
            self._cookies[who] = self._ask("POST", "/api/v1/session", given)[1]
        return self._cookies[who]

    def ask(self, method: str, path: str, body: Any = None, who: str = "owner") -> Any:
        return self._ask(method, path, body, self.cookie(who))[0]

    def close_sockets(self) -> None:
        """Every line to a browser breaks at once, as when the server is started anew."""
        self.call(self.demo.house.hub.hang_up)

    def post(self, letter: bytes) -> None:
        """Puts a letter into the shop's mailbox, as the post office would."""
        self.call(lambda: self.demo.mail.deliver(letter, ADDRESS))

    def hire(self, email: str) -> str:
        """A new colleague without a password; their one-time link. From another thread than the server's."""
        house = self.demo.house
        shop_id = house.bus.read_now(shops.everything)[0]["id"]
        agent_id = house.bus.do_and_wait(admit.hire, shop_id, email, "", "agent")
        return f"{self.url}/signin/{house.bus.do_and_wait(admit.make_link, shop_id, agent_id)}"

    def call(self, do: Callable[[], Any]) -> Any:
        """Does something in the server's own thread."""

        async def done() -> Any:
            return do()

        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(10)

    def wait(self, condition: Callable[[], Any]) -> Any:
        """The first true answer, looked for in the server's own thread."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(until(condition), self.loop).result(30)

    def _ask(self, method: str, path: str, body: Any, cookie: str = "") -> tuple[Any, str]:
        headers = {"Content-Type": "application/json", "Origin": self.url}
        if cookie:
            headers["Cookie"] = f"prilavok_session={cookie}"
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.url + path, data, headers, method=method), timeout=20) as answer:
            read = answer.read()
            given = answer.headers.get("Set-Cookie") or ""
        return (json.loads(read) if read else None), given.partition("=")[2].partition(";")[0]


@contextmanager
def opened(
    folder: Path, size: Size = FEW, clock: Callable[[], datetime] = real_time, *, every_channel: bool = False
) -> Iterator[OpenShop]:
    """`clock` tells everybody in it what time it is."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        environment = {"PRILAVOK_TRUSTED_NETWORKS": "127.0.0.0/8", "PRILAVOK_LOG_LEVEL": "warning"}
        settings = Settings.from_environment(environment, data=folder, port=door.getsockname()[1])
        shop = OpenShop(make_demo(settings, size, clock, every_channel=every_channel))
        server = Server(shop.demo.application, settings, shop.demo.before_stop)

        async def serve() -> None:
            shop.loop = asyncio.get_running_loop()
            await server.serve(sockets=[door])

        thread = threading.Thread(target=asyncio.run, args=(serve(),), name="open shop")
        thread.start()
        try:
            until = time.monotonic() + START
            while not server.started:
                thread.join(0.02)
                assert thread.is_alive(), "the shop did not open"
                assert time.monotonic() < until, "the shop takes too long to open"
            yield shop
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive(), "the shop did not close"
