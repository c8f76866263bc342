"""What is measured under load, each from the outside: what was sent, and when it arrived where somebody looks."""

import asyncio
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from prilavok.simulator.load import vendor
from prilavok.simulator.load.shop import Hook, Shop, open_hook
from prilavok.simulator.load.timing import Latencies, at_rate
from prilavok.simulator.load.wire import Address, Connection, Socket

CONNECTIONS = 64
CUSTOMERS = 500
MOST_A_MINUTE = 200  # frames of one visitor; the server takes 240
LONGEST_ASKING = 150.0  # seconds; some vendors want to be asked every two minutes at most
LAST_WAIT = 10.0  # seconds for what is still on its way when all has been sent


class Seen(msgspec.Struct):
    """Of a frame only what is needed to recognise the message in it."""

    text: str = ""


class Frame(msgspec.Struct):
    kind: str = ""
    message: Seen | None = None


read_frame = msgspec.json.Decoder(Frame)


@dataclass(frozen=True, slots=True)
class Result:
    """What a scenario found. `lost`: what was accepted and never arrived; must be 0."""

    name: str
    what: str
    latencies: Latencies | None = None
    lost: int = 0


class Arrivals:
    """Waits for texts to show up, each as often as somebody looks."""

    def __init__(self, each: int) -> None:
        self.each = each
        self.latencies = Latencies()
        self._begun: dict[str, float] = {}
        self._left: dict[str, int] = {}
        self._all = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def expect(self, text: str, moment: float) -> None:
        self._begun[text], self._left[text] = moment, self.each
        self.latencies.expected += self.each

    def take(self, raw: bytes) -> None:
        frame = read_frame.decode(raw)
        if frame.kind not in {"message.new", "message"} or frame.message is None:
            return
        text = frame.message.text
        if text in self._left:
            self.latencies.seconds.append(self._loop.time() - self._begun[text])
            self._left[text] -= 1
            if not self._left[text]:
                del self._left[text]
                if not self._left:
                    self._all.set()

    @property
    def missing(self) -> int:
        return sum(self._left.values())

    async def rest(self) -> None:
        """Until all has arrived, or nothing more is likely to."""
        end = self._loop.time() + LAST_WAIT
        while self._left and self._loop.time() < end:
            self._all.clear()
            try:
                async with asyncio.timeout_at(end):
                    await self._all.wait()
            except TimeoutError:
                return


class Pool:
    """Connections that are lent, the one used last first."""

    def __init__(self, address: Address, connections: list[Connection]) -> None:
        self._address = address
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        self._all = connections
        for connection in connections:
            self._free.put_nowait(connection)

    @classmethod
    async def open(cls, shop: Shop, count: int = CONNECTIONS) -> "Pool":
        return cls(shop.address, [await Connection.open(shop.address) for _ in range(count)])

    async def ask(self, request: bytes) -> bytes:
        """The body of a 2xx; RuntimeError for anything else."""
        connection = await self._free.get()
        if connection.closed:  # the server ends those that nobody used for a while
            connection = await Connection.open(self._address)
            self._all.append(connection)
        try:
            status, body = await connection.ask(request)
        finally:
            self._free.put_nowait(connection)
        if not 200 <= status < 300:
            raise RuntimeError(f"answered with {status}: {body[:200].decode(errors='replace')}")
        return body

    def close(self) -> None:
        for connection in self._all:
            connection.close()


async def hooks(shop: Shop, *, rate: float, seconds: float, channel: str = "api") -> Result:
    """Signed webhooks at 64 connections: from the moment each should have gone to its 200."""
    count = int(rate * seconds)
    if channel == "api":
        inbox_id, hook = await open_hook(shop)
        made = [hook.signed(f"h{number}", f"c{number % CUSTOMERS}", f"Question {number}") for number in range(count)]
        return await _post_all(shop, inbox_id, made, rate)
    async with vendor.at_work(channel) as house:
        inbox = await shop.add_inbox(channel, house.settings)
        made = await house.deliveries(shop, inbox["hook_url"], count, CUSTOMERS)
        if not made:
            return await _asked(shop, inbox["id"], count, channel)
        return await _post_all(shop, inbox["id"], made, rate, channel, wanted=count)


async def _asked(shop: Shop, inbox_id: str, count: int, channel: str) -> Result:
    """A vendor that does not knock: from when everything was said there until the shop, at its own pace, has it."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    arrived = 0
    while arrived < count and loop.time() - began < LONGEST_ASKING:
        await asyncio.sleep(0.2)
        arrived = await shop.rows(inbox_id)
    what = f"{arrived:,} rows in {loop.time() - began:.1f} s of asking"
    return Result(f"{channel}, asked", what, lost=max(0, count - arrived))


async def _post_all(
    shop: Shop, inbox_id: str, requests: list[bytes], rate: float, channel: str = "webhook", *, wanted: int = 0
) -> Result:
    """`wanted`: how many rows there must be at least, where a word is told in several requests."""
    count = len(requests)
    pool = await Pool.open(shop)
    found = Latencies(expected=count)
    loop = asyncio.get_running_loop()

    async def post(number: int, moment: float) -> None:
        await pool.ask(requests[number])
        found.seconds.append(loop.time() - moment)

    began = loop.time()
    await at_rate(count, rate, post)
    speed = count / (loop.time() - began)
    pool.close()
    arrived = await _rows(shop, inbox_id, wanted or count)
    return Result(
        f"{channel} → 200",
        f"{speed:,.0f}/s of {rate:,.0f}/s, {arrived:,} rows",
        found,
        max(0, (wanted or count) - arrived),
    )


async def _rows(shop: Shop, inbox_id: str, wanted: int) -> int:
    """As many as came: a vendor that only knocks is asked what there is after its 200."""
    loop = asyncio.get_running_loop()
    end = loop.time() + LAST_WAIT
    arrived = await shop.rows(inbox_id)
    while arrived < wanted and loop.time() < end:
        await asyncio.sleep(0.2)
        arrived = await shop.rows(inbox_id)
    return arrived


async def hook_to_agent(shop: Shop, *, rate: float, seconds: float, agents: int) -> Result:
    """Signed webhook → every agent's screen."""
    inbox_id, hook = await open_hook(shop)
    arrivals = Arrivals(agents)
    screens = await _screens(shop, agents, arrivals.take)
    pool = await Pool.open(shop)

    async def post(number: int, moment: float) -> None:
        text = f"hook {number}"
        arrivals.expect(text, moment)
        await pool.ask(hook.signed(f"a{number}", f"c{number % CUSTOMERS}", text))

    await at_rate(int(rate * seconds), rate, post)
    await arrivals.rest()
    everything: tuple[Pool | Socket, ...] = (pool, *screens)
    for closing in everything:
        closing.close()
    lost = int(rate * seconds) - await shop.rows(inbox_id)
    return Result("webhook → agent", f"{rate:.0f}/s, {agents} agents", arrivals.latencies, max(lost, arrivals.missing))


async def visitor_to_agent(shop: Shop, *, rate: float, seconds: float, agents: int) -> Result:
    """A visitor's frame → every agent's screen."""
    inbox = await shop.add_inbox("webchat")
    arrivals = Arrivals(agents)
    screens = await _screens(shop, agents, arrivals.take)
    visitors = await _visitors(shop, inbox["key"], _enough(rate), lambda _raw: None)

    async def say(number: int, moment: float) -> None:
        text = f"visitor {number}"
        arrivals.expect(text, moment)
        frame = {"kind": "send", "id": secrets.token_hex(8), "text": text}
        visitors[number % len(visitors)].send(msgspec.json.encode(frame))

    await at_rate(int(rate * seconds), rate, say)
    await arrivals.rest()
    for closing in (*visitors, *screens):
        closing.close()
    lost = int(rate * seconds) - await shop.rows(inbox["id"])
    return Result("visitor → agent", f"{rate:.0f}/s, {agents} agents", arrivals.latencies, max(lost, arrivals.missing))


async def reply_to_visitor(shop: Shop, *, rate: float, seconds: float, agents: int) -> Result:
    """An agent's POST → the visitor's window, while all the agents look."""
    inbox = await shop.add_inbox("webchat")
    arrivals = Arrivals(1)
    screens = await _screens(shop, agents, lambda _raw: None)
    visitors = await _visitors(shop, inbox["key"], _enough(rate), arrivals.take)
    for visitor in visitors:
        visitor.send(msgspec.json.encode({"kind": "send", "id": secrets.token_hex(8), "text": "Hello"}))
    places = await _conversations(shop, inbox["id"], len(visitors))
    pool = await Pool.open(shop, 16)

    async def reply(number: int, moment: float) -> None:
        text = f"reply {number}"
        arrivals.expect(text, moment)
        path = f"/api/v1/conversations/{places[number % len(places)]}/messages"
        await pool.ask(shop.request("POST", path, msgspec.json.encode({"kind": "reply", "text": text})))

    await at_rate(int(rate * seconds), rate, reply)
    await arrivals.rest()
    everything: tuple[Pool | Socket, ...] = (pool, *visitors, *screens)
    for closing in everything:
        closing.close()
    lost = int(rate * seconds) + len(visitors) - await shop.rows(inbox["id"])
    return Result("reply → visitor", f"{rate:.0f}/s, {agents} agents", arrivals.latencies, max(lost, arrivals.missing))


async def idle(shop: Shop, *, visitors: int) -> Result:
    """Visitors who have opened the chat and say nothing: what the server keeps for each."""
    inbox = await shop.add_inbox("webchat")
    warm = await _visitors(shop, inbox["key"], 50, lambda _raw: None)
    before = shop.resident()
    opened = await _visitors(shop, inbox["key"], visitors, lambda _raw: None)
    after = shop.resident()
    closed = sum(one.closed for one in opened)
    for closing in (*warm, *opened):
        closing.close()
    each = (after - before) / visitors / 1024
    memory = f"{each:.1f} KiB each" if shop.pid is not None else "memory unknown, the server is not ours"
    return Result("idle visitors", f"{visitors:,} open, {memory}", lost=closed)


async def pages(shop: Shop, *, rate: float, seconds: float) -> Result:
    """The list, then one of its conversations and its messages, in turns."""
    pool = await Pool.open(shop, 16)
    listed = msgspec.json.decode(await pool.ask(shop.request("GET", "/api/v1/conversations?limit=50")))
    paths = ["/api/v1/conversations?limit=50"]
    for one in listed["items"]:
        paths += [f"/api/v1/conversations/{one['id']}", f"/api/v1/conversations/{one['id']}/messages?limit=50"]
    requests = [shop.request("GET", path) for path in paths]
    found = Latencies(expected=int(rate * seconds))
    loop = asyncio.get_running_loop()

    async def look(number: int, moment: float) -> None:
        request = requests[0] if number % 3 == 0 else requests[number % len(requests)]
        await pool.ask(request)
        found.seconds.append(loop.time() - moment)

    await at_rate(found.expected, rate, look)
    pool.close()
    return Result("list and open", f"{rate:.0f}/s", found)


async def _screens(shop: Shop, count: int, on_text: Callable[[bytes], None]) -> list[Socket]:
    """Agents who look, each once it has been greeted."""
    greeted = asyncio.Semaphore(0)

    def take(raw: bytes) -> None:
        if b'"kind":"hello"' in raw[:20]:
            greeted.release()
        on_text(raw)

    sockets = [await Socket.open(shop.address, "/api/v1/live", take, headers=shop.authorization) for _ in range(count)]
    for _ in sockets:
        await greeted.acquire()
    return sockets


async def _visitors(shop: Shop, key: str, count: int, on_text: Callable[[bytes], None]) -> list[Socket]:
    """Open chat windows, each once it has been welcomed; some at a time, as a crowd would come."""
    welcomed = asyncio.Semaphore(0)

    def take(raw: bytes) -> None:
        if b'"kind":"welcome"' in raw[:20]:
            welcomed.release()
        on_text(raw)

    sockets: list[Socket] = []
    hello = msgspec.json.encode({"kind": "hello", "language": "uk", "page": {"url": "http://127.0.0.1/lamp"}})
    headers = {"origin": f"http://{shop.address[0]}:{shop.address[1]}"}
    while len(sockets) < count:
        some = min(50, count - len(sockets))
        path = f"/chat/live?inbox={key}"
        opened = await asyncio.gather(*(Socket.open(shop.address, path, take, headers=headers) for _ in range(some)))
        for socket in opened:
            socket.send(hello)
        for _ in opened:
            await welcomed.acquire()
        sockets += opened
    return sockets


async def _conversations(shop: Shop, inbox_id: str, count: int) -> list[str]:
    """The ids of the inbox's conversations, once there are so many."""
    end = asyncio.get_running_loop().time() + LAST_WAIT
    while True:
        found: list[str] = []
        cursor = ""
        while True:
            page: Any = await shop.call("GET", f"/api/v1/conversations?inbox={inbox_id}&limit=100{cursor}")
            found += [one["id"] for one in page["items"]]
            if not page["next"]:
                break
            cursor = f"&cursor={page['next']}"
        if len(found) >= count:
            return found
        if asyncio.get_running_loop().time() > end:
            raise RuntimeError(f"{len(found)} of {count} conversations were opened")


def _enough(rate: float) -> int:
    """Visitors among whom so many messages a second are nobody's flood."""
    return max(10, math.ceil(rate * 60 / MOST_A_MINUTE))


__all__ = ["Hook", "Result", "hook_to_agent", "hooks", "idle", "pages", "reply_to_visitor", "visitor_to_agent"]
