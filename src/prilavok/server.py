"""The HTTP server before the application, with the same settings in production, in the demo and under test."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

from prilavok.settings import Settings


class Server(uvicorn.Server):
    """`before_stop` is awaited before the open requests are: it ends those that would last for a long time.

    `after_start` runs in a thread once the door is open: what a start need not wait for.
    """

    def __init__(
        self,
        application: Any,
        settings: Settings,
        before_stop: Callable[[], Awaitable[None]] | None = None,
        after_start: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                host=settings.host,
                port=settings.port,
                ws="websockets-sansio",
                ws_per_message_deflate=False,
                ws_max_size=256 * 1024,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=bool(settings.proxies),
                forwarded_allow_ips=",".join(map(str, settings.proxies)) or None,
                timeout_keep_alive=30,
                timeout_graceful_shutdown=5,
                backlog=2048,
            )
        )
        self.before_stop = before_stop
        self.after_start = after_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self.after_start is not None:
            asyncio.get_running_loop().run_in_executor(None, self.after_start)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self.before_stop is not None:
            await self.before_stop()
        await super().shutdown(sockets)
