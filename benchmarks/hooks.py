"""Signed webhook → commit → 200 against the same path without storage, in slices that take turns.

Both run through the same process, application, signature check and parser, on the same 64 connections; what a
neighbour on the machine takes away, it takes from both. The rows that arrived are counted, not the 200s.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import postgres
from benchmarks.ground import GROUNDS, Ground, cpu_of, serving
from prilavok.channels import standard_webhooks
from prilavok.simulator.load.shop import Hook
from prilavok.simulator.load.timing import Latencies, at_rate
from prilavok.simulator.load.wire import Address, Connection

CONNECTIONS = 64
REGULARS = 2000  # customers of the history who go on writing
NEW = 0.05  # share of messages from somebody new


@dataclass(slots=True)
class Ratio:
    """Requests a second and processor time a request, with storage and without."""

    database: str
    stored: float
    bare: float
    stored_cpu: float
    bare_cpu: float
    database_cpu: float
    sent: int
    arrived: int
    half: Latencies
    rate: float

    @property
    def of_speed(self) -> float:
        return self.stored / self.bare

    @property
    def of_cpu(self) -> float:
        return self.bare_cpu / self.stored_cpu


class Press:
    """Makes signed messages and posts them."""

    def __init__(self, ground: Ground, address: Address) -> None:
        key = standard_webhooks.key_of(ground.secret)
        self.stored = Hook(address, f"/hooks/{ground.key}", key)
        self.bare = Hook(address, f"/bare/{ground.key}", key)
        self.random = random.Random(7)
        self.conversations = ground.conversations
        self.number = 0

    def requests(self, hook: Hook, count: int) -> list[bytes]:
        return [self.request(hook) for _ in range(count)]

    def request(self, hook: Hook) -> bytes:
        self.number += 1
        chance = self.random
        who = f"n{self.number}" if chance.random() < NEW else f"c{chance.randrange(min(REGULARS, self.conversations))}"
        return hook.signed(f"b{chance.randrange(10**12)}-{self.number}", who, f"Де моє замовлення №{self.number}?")


async def slice_of(connections: list[Connection], requests: list[bytes]) -> float:
    """Posts all of them, each connection one after another; seconds."""
    loop = asyncio.get_running_loop()
    waiting = iter(requests)

    async def go_on(connection: Connection) -> None:
        for one in waiting:
            status, body = await connection.ask(one)
            if status != 200:
                raise RuntimeError(f"answered with {status}: {body[:200]!r}")

    began = loop.time()
    await asyncio.gather(*map(go_on, connections))
    return loop.time() - began


async def measure(
    database: str, ground: Ground, address: Address, pid: int, database_cpu: Callable[[], float], *, quick: bool
) -> Ratio:
    press = Press(ground, address)
    connections = [await Connection.open(address) for _ in range(CONNECTIONS)]
    turns, count = (4, 1200) if quick else (8, 3000)
    for hook in (press.bare, press.stored):
        await slice_of(connections, press.requests(hook, 500))
    spent = {"stored": 0.0, "bare": 0.0}
    burnt = {"stored": 0.0, "bare": 0.0}
    by_database = 0.0
    for _ in range(turns):
        for name, hook in (("bare", press.bare), ("stored", press.stored)):
            requests = press.requests(hook, count)
            cpu, other = cpu_of(pid), database_cpu()
            spent[name] += await slice_of(connections, requests)
            burnt[name] += cpu_of(pid) - cpu
            by_database += database_cpu() - other if name == "stored" else 0.0
    total = turns * count
    rate = total / spent["stored"] / 2
    half, sent = await at_half(connections, press, rate, seconds=2 if quick else 8)
    for connection in connections:
        connection.close()
    return Ratio(
        database=database,
        stored=total / spent["stored"],
        bare=total / spent["bare"],
        stored_cpu=burnt["stored"] / total,
        bare_cpu=burnt["bare"] / total,
        database_cpu=by_database / total,
        sent=total + 500 + sent,
        arrived=0,
        half=half,
        rate=rate,
    )


async def at_half(connections: list[Connection], press: Press, rate: float, *, seconds: float) -> tuple[Latencies, int]:
    """Latencies at a steady rate, from the moment at which each message should have gone."""
    free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
    for connection in connections:
        free.put_nowait(connection)
    loop = asyncio.get_running_loop()
    count = int(rate * seconds)
    requests = press.requests(press.stored, count)
    found = Latencies(expected=count)

    async def post(number: int, moment: float) -> None:
        connection = await free.get()
        await connection.ask(requests[number])
        found.seconds.append(loop.time() - moment)
        free.put_nowait(connection)

    await at_rate(count, rate, post)
    return found, count


def run(database: str, *, quick: bool, conversations: int, each: int) -> Ratio:
    with GROUNDS[database](conversations, each) as ground:
        here = ground.database_url.rpartition("/")[0]
        database_cpu = (lambda: postgres.cpu_of(here)) if database == "postgresql" else (lambda: 0.0)
        before = count_rows(ground)
        with serving(ground) as (address, pid):
            ratio = asyncio.run(measure(database, ground, address, pid, database_cpu, quick=quick))
        ratio.arrived = count_rows(ground) - before
    return ratio


def count_rows(ground: Ground) -> int:
    from sqlalchemy import func, select

    from prilavok.store.base import open_engine
    from prilavok.store.schema import messages

    engine = open_engine(ground.database_url)
    try:
        with engine.connect() as db:
            return int(db.execute(select(func.count()).select_from(messages)).scalar_one())
    finally:
        engine.dispose()
