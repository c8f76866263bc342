"""A force majeure for a hundred thousand orders: how long until all are planned, until the first word is out, and what
the inbox feels of it meanwhile.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from benchmarks.ground import CACHE
from benchmarks.postgres import copy_of, postgres
from prilavok.app import House, build, running
from prilavok.channels.base import Account
from prilavok.flows import admit, connect, incident
from prilavok.kit.ids import new_id
from prilavok.settings import Settings
from prilavok.store import contacts, conversations, incidents
from prilavok.store.schema_orders import orders

NOON = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)  # of a working day's clock in Kyiv
PIECE = 5_000
TEXTS = {"uk": "Через сніг доставимо на день пізніше. Перепрошуємо."}
PROBE = 0.02  # seconds between looks into the inbox


@dataclass(frozen=True, slots=True)
class Found:
    """Seconds; `p50` and `p99` of the inbox's first pages in the meantime, in milliseconds. `processor`: of the whole
    house until all were planned, which says something also when neighbours slow it down.
    """

    database: str
    orders: int
    planned: float
    first_out: float
    processor: float
    p50: float
    p99: float


def run(database: str, count: int) -> Found:
    with _database(database) as (url, data):
        settings = Settings.from_environment(
            {"PRILAVOK_DATABASE_URL": url, "PRILAVOK_LOG_LEVEL": "warning", "PRILAVOK_TRUSTED_NETWORKS": "127.0.0.0/8"},
            data=data,
        )
        return asyncio.run(_measure(database, build(settings), count))


@contextmanager
def _database(kind: str) -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory(prefix="prilavok-bench-") as folder:
        data = Path(folder)
        if kind == "sqlite":
            yield f"sqlite:///{data / 'prilavok.db'}", data
            return
        with postgres(CACHE / "postgres") as server:
            yield copy_of(server, "template0", "incident"), data


async def _measure(database: str, house: House, count: int) -> Found:
    first: asyncio.Event = asyncio.Event()
    server = await asyncio.start_server(lambda reader, writer: _take(reader, writer, first), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    house.bus.clock = _daytime()
    async with server, running(house):
        shop_id = await house.bus.do(admit.open_shop, "Bench")
        inbox_id = await house.bus.do(_connect, house, shop_id, f"http://127.0.0.1:{port}/")
        for begin in range(0, count, PIECE):
            await house.bus.do(_fill, shop_id, inbox_id, begin, min(PIECE, count - begin))
        made = await house.bus.do(
            incident.draft, shop_id, name="Snow", condition={}, texts=TEXTS, urgent=False, author_id=None
        )
        looks: list[float] = []
        started, burnt = time.perf_counter(), time.process_time()
        await house.bus.do(incident.start, shop_id, made)
        out = asyncio.create_task(_when(first, started))
        while (await house.bus.read(incidents.get, shop_id, made))["state"] == "planning":
            began = time.perf_counter()
            which = conversations.Filter(status="open")
            await house.bus.read(conversations.page, shop_id, which, after=None, limit=50)
            looks.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(PROBE)
        planned, burnt = time.perf_counter() - started, time.process_time() - burnt
        async with asyncio.timeout(60):
            first_out = await out
    looks.sort()
    return Found(database, count, planned, first_out, burnt, looks[len(looks) // 2], looks[int(len(looks) * 0.99)])


async def _when(event: asyncio.Event, started: float) -> float:
    await event.wait()
    return time.perf_counter() - started


async def _take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: asyncio.Event) -> None:
    """A reader of our own that takes every message."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(length)
            first.set()
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _daytime() -> Any:
    """The clock of a working noon: at night everything would rightly wait for the morning."""
    begin = time.monotonic()
    return lambda: NOON + timedelta(seconds=time.monotonic() - begin)


def _connect(unit: Any, house: House, shop_id: int, reply_url: str) -> str:
    inbox_id = connect.new_inbox_id()
    kind = house.directory.kinds["api"]
    config = kind.prepare(connect.read_config(house.directory, "api", {"reply_url": reply_url}))
    connect.connect(unit, shop_id, "api", "Bench", config, Account(name="Bench"), inbox_id=inbox_id)
    return inbox_id


def _fill(unit: Any, shop_id: int, inbox_id: str, begin: int, count: int) -> None:
    people, addresses, bought = [], [], []
    for number in range(begin, begin + count):
        who = new_id()
        people.append(_person(shop_id, who, unit.now))
        addresses.append(_address(shop_id, who, inbox_id, number, unit.now))
        bought.append(_order(shop_id, who, number, unit.now))
    contacts.add(unit.db, people, addresses)
    unit.db.execute(insert(orders), bought)


def _person(shop_id: int, who: str, now: datetime) -> dict[str, Any]:
    row = {"shop_id": shop_id, "id": who, "name": "Олена", "language": "uk", "timezone": "Europe/Kyiv"}
    return {**row, "country": "UA", "facts": None, "created_at": now}


def _address(shop_id: int, who: str, inbox_id: str, number: int, now: datetime) -> dict[str, Any]:
    row = {"shop_id": shop_id, "id": new_id(), "contact_id": who, "channel": "api", "inbox_id": inbox_id}
    more = {"scope": inbox_id, "address": f"c{number}", "display": "", "verified": True, "reachable": True}
    return {**row, **more, "reason": "", "last_at": now, "last_seq": 0, "created_at": now}


def _order(shop_id: int, who: str, number: int, now: datetime) -> dict[str, Any]:
    row = {"shop_id": shop_id, "id": new_id(), "number": str(number), "status": "shipped", "contact_id": who}
    more = {"currency": "UAH", "total": 50_000, "method": "courier", "country": "UA", "language": "uk"}
    return {**row, **more, "placed_at": now, "said_at": now, "last_event_at": now, "created_at": now}
