"""Real calls: telephones ring through a real Kamailio, which tells the shop as its page in the documentation says."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from prilavok.simulator.exchanges.sip import SECRET
from tests.asking import until
from tests.sip_exchange import NUMBER, Exchange, needs_exchange

MARTA = "+380671234567"
pytestmark = needs_exchange


@dataclass
class Door:
    """The shop's application on a real port; after each delivery it looks how the call stands."""

    shop: Any
    told: list[tuple[str, str]] = field(default_factory=list)  # (event, state of the call after it)
    cards: list[str] = field(default_factory=list)  # whose cards lay on the screens, event by event
    away: bool = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.away:
            await PlainTextResponse("", 503)(scope, receive, send)
            return
        heard = bytearray()

        async def listen() -> Any:
            part = await receive()
            heard.extend(part.get("body", b""))
            return part

        await self.shop.app(scope, listen, send)
        [event] = msgspec.json.decode(heard)["events"]
        ringing = (await self.shop.get("/api/v1/calls"))["items"]
        self.cards.append(", ".join(one["number"] for one in ringing))
        self.told.append((event["event"], (await self.call())["content"]["call"]["state"]))

    async def call(self) -> Any:
        [talk] = await self.shop.conversations()
        return next(one for one in await self.shop.messages(talk["id"]) if "call" in one["content"])


@dataclass
class Line:
    shop: Any
    door: Door
    exchange: Exchange

    async def is_called(self, play: str) -> list[tuple[str, str]]:
        """What the shop was told by the time that nothing more is to come of this call."""
        self.customer = self.exchange.calls(play, MARTA)
        await until(lambda: self.customer.poll() is not None and "hangup" in dict(self.door.told), 60)
        return self.door.told


@pytest.fixture
def line(request, shop, runner, tmp_path) -> Iterator[Line]:
    shop.clock.now = datetime.now(UTC)  # Kamailio has no other
    duty = [{"ring": one} for one in request.param]
    inbox = runner.run(shop.connect("sip", secret=SECRET, duty=duty))
    door = Door(shop)
    server = uvicorn.Server(uvicorn.Config(door, port=0, log_level="error", lifespan="off"))

    async def open_door() -> Any:
        serving = asyncio.create_task(server.serve())
        await until(lambda: server.started)
        return serving

    serving = runner.run(open_door())
    port = server.servers[0].sockets[0].getsockname()[1]
    path = shop.house.directory.hook_url(inbox.key).partition("shop.test")[2]
    exchange = Exchange(tmp_path, f"http://127.0.0.1:{port}{path}", SECRET)
    try:
        exchange.start()
        yield Line(shop, door, exchange)
    finally:
        exchange.close()
        server.should_exit = True
        runner.run(asyncio.wait_for(serving, 20))


@pytest.mark.parametrize("line", [("101", "102")], indirect=True)
async def test_a_customer_calls_the_second_on_duty_picks_up_and_they_talk(line):
    assert await line.is_called("customer.xml") == [("ring", "ringing"), ("answer", "answered"), ("hangup", "answered")]
    assert (line.customer.returncode, line.door.cards) == (0, ["+380 67 123 4567", "", ""])
    call = (await line.door.call())["content"]["call"]
    assert (call["from"], call["to"], call["extension"]) == (MARTA, NUMBER, "102")
    assert call["seconds"] >= 1


@pytest.mark.parametrize("line", [("103",)], indirect=True)
async def test_a_customer_who_gives_up_waits_in_the_inbox(line):
    assert await line.is_called("customer_gives_up.xml") == [("ring", "ringing"), ("hangup", "missed")]
    assert line.customer.returncode == 0
    [talk] = await line.shop.conversations()
    assert talk["waiting_since"] is not None


@pytest.mark.parametrize("line", [()], indirect=True)
async def test_with_nobody_on_duty_and_with_the_shop_away_the_usual_telephone_rings(line):
    line.door.away = True
    customer = line.exchange.calls("customer.xml", MARTA)
    await until(lambda: customer.poll() is not None, 60)
    assert (customer.returncode, line.door.told) == (0, [])
    line.door.away = False
    await until(lambda: len(line.door.told) == 3, 30)
    assert [event for event, _ in line.door.told] == ["ring", "answer", "hangup"]
    assert (await line.door.call())["content"]["call"]["extension"] == "102"
