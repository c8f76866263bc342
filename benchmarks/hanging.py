"""Vendors take connections and never answer, for a minute: what the customers of another inbox feel of it.

Replies are written at a steady pace whether or not the ones before have arrived, and enough of them that some lie
above the p99; what never arrives counts as endless.
"""

import asyncio
import time
from contextlib import suppress
from typing import Any, NamedTuple

from benchmarks.incidents import _connect, _database
from prilavok.app import House, build, running
from prilavok.flows import admit
from prilavok.kit.ids import new_id
from prilavok.settings import Settings
from prilavok.simulator.load.timing import Latencies, at_rate
from prilavok.store import contacts, conversations, counters, messages, outbox

HANGING = (0, 1, 20)  # inboxes of vendors that never answer, forty messages waiting in each
WAITING = 40
RATE = 10  # messages a second to the others: what a busy machine can carry, for a queue would hide everything else
PATIENCE = 60.0  # seconds for the last ones to arrive


class Hang(NamedTuple):
    """From the moment at which a reply is to be written to its vendor's door, beside so many hanging inboxes;
    processor time of the house a reply, in seconds; how many sends hung in the end.
    """

    database: str
    beside: int
    latencies: Latencies
    processor: float
    held: int


def run(database: str, seconds: int) -> list[Hang]:
    with _database(database) as (url, data):
        known = {"PRILAVOK_DATABASE_URL": url, "PRILAVOK_LOG_LEVEL": "error"}
        known["PRILAVOK_TRUSTED_NETWORKS"] = "127.0.0.0/8"
        settings = Settings.from_environment(known, data=data)
        return asyncio.run(_measure(database, build(settings), RATE * seconds))


async def _measure(database: str, house: House, count: int) -> list[Hang]:
    arrived: dict[bytes, float] = {}
    held: list[asyncio.StreamWriter] = []
    holding = asyncio.Event()

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    int(one[15:]) for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:")
                )
                body = await reader.readexactly(length)
                arrived[body.partition(b"word ")[2].partition(b" ")[0]] = asyncio.get_running_loop().time()
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def hangs(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        holding.set()

    good = await asyncio.start_server(answers, "127.0.0.1", 0)
    bad = await asyncio.start_server(hangs, "127.0.0.1", 0)
    async with running(house):
        shop_id = await house.bus.do(admit.open_shop, "Bench")
        inbox_id = await _inbox(house, shop_id, _port(good), "")
        people = await house.bus.do(_talks, shop_id, inbox_id, count)
        await _replies(house, shop_id, inbox_id, people[:RATE], arrived, "w")  # connections and statements are ready
        found = []
        for wanted in HANGING:
            for number in range(found[-1].beside if found else 0, wanted):
                dead = await _inbox(house, shop_id, _port(bad), f"vendor-{number}")
                await house.bus.do(_pile_up, shop_id, dead)
            house.deliverer.ring()
            if wanted:
                await holding.wait()
            latencies, burnt = await _replies(house, shop_id, inbox_id, people, arrived, f"h{wanted}-")
            found.append(Hang(database, wanted, latencies, burnt, len(held)))
        for writer in held:
            writer.transport.abort()
        good.close()
        bad.close()
    return found


def _port(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


async def _inbox(house: House, shop_id: int, port: int, path: str) -> str:
    found: str = await house.bus.do(_connect, house, shop_id, f"http://127.0.0.1:{port}/{path}")
    return found


def _talks(unit: Any, shop_id: int, inbox_id: str, count: int) -> list[tuple[str, str]]:
    """Conversation and address of so many new customers."""
    rows, made = [], []
    first = counters.take(unit.db, shop_id, "conversation", count)
    for number in range(first, first + count):
        who, address = new_id(), new_id()
        person = {"shop_id": shop_id, "id": who, "name": "Олена", "language": "uk", "timezone": "", "country": "UA"}
        identity = {"shop_id": shop_id, "id": address, "contact_id": who, "channel": "api", "inbox_id": inbox_id}
        more = {"scope": inbox_id, "address": f"c{number}", "display": "", "verified": True, "reachable": True}
        last = {"reason": "", "last_at": unit.now, "last_seq": 0, "created_at": unit.now}
        contacts.add(unit.db, [{**person, "facts": None, "created_at": unit.now}], [{**identity, **more, **last}])
        row = {"shop_id": shop_id, "id": new_id(), "number": number, "contact_id": who, "inbox_id": inbox_id}
        rows.append({**row, "status": "open", "rank": 0, "last_seq": 0, "last_at": unit.now, "created_at": unit.now})
        made.append((row["id"], address))
    conversations.add(unit.db, rows)
    return made


def _pile_up(unit: Any, shop_id: int, inbox_id: str) -> None:
    for one in _talks(unit, shop_id, inbox_id, WAITING):
        _write(unit, shop_id, inbox_id, one, "word d !")


def _write(unit: Any, shop_id: int, inbox_id: str, one: tuple[str, str], text: str) -> None:
    conversation_id, identity_id = one
    common = {"shop_id": shop_id, "conversation_id": conversation_id, "inbox_id": inbox_id, "identity_id": identity_id}
    row = {**common, "id": new_id(), "kind": "reply", "direction": "outbound", "author_kind": "bot", "text": text}
    number = contacts.next_number(unit.db, shop_id, identity_id)
    more = {"author_name": "Bench", "at": unit.now, "created_at": unit.now, "receipt": "accepted"}
    messages.add(unit.db, [{**row, **more, "seq": number, "identity_seq": number}])
    due = {"id": new_id(), "message_id": row["id"], "due_at": unit.now, "created_at": unit.now}
    outbox.add(unit.db, {**common, **due})


async def _replies(
    house: House, shop_id: int, inbox_id: str, people: list[tuple[str, str]], arrived: dict[bytes, float], mark: str
) -> tuple[Latencies, float]:
    """With the processor time of one."""
    due: dict[bytes, float] = {}

    async def write(number: int, moment: float) -> None:
        due[f"{mark}{number}".encode()] = moment
        await house.bus.do(_write, shop_id, inbox_id, people[number], f"word {mark}{number} !")
        house.deliverer.ring()

    burnt = time.process_time()
    await at_rate(len(people), RATE, write)
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while not due.keys() <= arrived.keys():  # noqa: ASYNC110  a look now and then costs the measured house less
                await asyncio.sleep(0.05)
    burnt = time.process_time() - burnt
    took = [arrived[word] - moment for word, moment in due.items() if word in arrived]
    return Latencies(took, expected=len(people)), burnt / len(people)
