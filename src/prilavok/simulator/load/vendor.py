"""What a channel is told, signed by its emulated vendor: those of the demo's street, and some more."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext, suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from prilavok.domain.errors import BadInput
from prilavok.simulator.agencies import AgencyOffice
from prilavok.simulator.exchanges import AsteriskEmulator
from prilavok.simulator.load import elsewhere
from prilavok.simulator.load.offices import MailOffice
from prilavok.simulator.load.shop import Shop
from prilavok.simulator.load.wire import Address, request
from prilavok.simulator.place import Line, Place
from prilavok.simulator.street import EVERY

LONGEST_START = 10.0  # seconds


class Vendor:
    """One emulated vendor, served on loopback; `deliveries` are made in advance and go where we like."""

    def __init__(self, line: Line, address: Address) -> None:
        assert line.make is not None
        self.line = line
        self.place = Place(line.kind, f"http://{address[0]}:{address[1]}")
        self.office = line.make(self.place, lambda: datetime.now(UTC))
        self.office.address = self.place.base  # it stands at the root here
        self.opened: Mapping[str, Any] = {}  # settings that are known only once it is at work

    @property
    def settings(self) -> dict[str, Any]:
        """As in the demo, without the path under which it stands there."""
        below = self.place.address
        given = self.line.settings(self.place)
        moved = {name: self._moved(it, below) if isinstance(it, str) else it for name, it in given.items()}
        return {**moved, **self.opened}

    def _moved(self, value: str, below: str) -> str:
        return value.replace(below, self.place.base)

    async def deliveries(self, shop: Shop, hook_url: str | None, count: int, customers: int) -> list[bytes]:
        """Whole requests, a message or more to each customer's word; none from a vendor that waits to be asked."""
        made: list[bytes] = []
        wire = self.office.knocker.post

        async def keep(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
            parts = urlsplit(url)
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            host = {name: value for name, value in headers.items() if name.lower() != "content-length"}
            made.append(request("POST", path, shop.address, body, headers=host))
            return 200, {}, elsewhere.ANSWERS.get(self.line.kind, b"ok")

        self.office.knocker.post = keep
        if hook_url is not None:  # a vendor that is asked knows of none
            self.office.hook = hook_url + self.line.word
        if isinstance(self.office, AsteriskEmulator):
            await self._listened_to(self.office)
        for number in range(count):
            await self._say(number, f"38067{number % customers:07}", f"Question {number}")
        await self.office.knocker.settled()
        self.office.knocker.post = wire
        return made

    async def _listened_to(self, exchange: AsteriskEmulator) -> None:
        """It tells those who listen, and nobody later."""
        async with asyncio.timeout(LONGEST_START):
            await exchange.listened.wait()

    async def _say(self, number: int, person: str, text: str) -> None:
        office: Any = self.office
        if isinstance(office, AgencyOffice | MailOffice):
            elsewhere.write(office, number, person, text)
        elif hasattr(office, "user_calls"):  # and nobody answers
            office.user_calls(f"+{person}")
            office.user_hangs_up(f"+{person}")
        elif "aloud" in getattr(office, "can", ()):
            office.user_reviews(f"+{person}", 1 + number % 5, text)
        else:
            say = getattr(office, "user_says", None) or office.user_texts
            said = say(f"+{person}", text)
            if asyncio.iscoroutine(said):
                await said


def line_of(kind: str) -> Line:
    known = {line.kind: line for line in (*EVERY, *elsewhere.VENDORS) if line.make is not None}
    if kind in elsewhere.NOT_DRIVEN:
        raise BadInput(f"“{kind}” cannot be pressed on: {elsewhere.NOT_DRIVEN[kind]}.", field="channel")
    if kind not in known:
        raise BadInput(f"There is no vendor of “{kind}” here. There is: api, {', '.join(known)}.", field="channel")
    return known[kind]


@asynccontextmanager
async def at_work(kind: str) -> AsyncIterator[Vendor]:
    """The vendor on a free port, for as long as it is needed."""
    line = line_of(kind)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        vendor = Vendor(line, ("127.0.0.1", door.getsockname()[1]))
        config = uvicorn.Config(
            vendor.office, log_level="critical", lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=1
        )
        server = Unsignalled(config)
        serving = asyncio.create_task(server.serve(sockets=[door]))
        try:
            async with asyncio.timeout(LONGEST_START):
                await server.listens.wait()
                vendor.opened = await vendor.office.open()
            yield vendor
        finally:
            await vendor.office.close()
            server.should_exit = True
            with suppress(asyncio.CancelledError):
                await serving


class Unsignalled(uvicorn.Server):
    """Ctrl+C ends the whole program, not this server alone; says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    def capture_signals(self) -> Any:
        return nullcontext()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listens.set()
