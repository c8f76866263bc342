"""A name server on loopback that knows where services are (SRV), and of nothing else."""

import asyncio
import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

Records = Mapping[str, Sequence[tuple[int, int, int, str]]]  # name -> priority, weight, port, target
NO_SUCH_NAME, BROKEN = 3, 2


class Answering(asyncio.DatagramProtocol):
    def __init__(self, records: Records, failing: bool) -> None:
        self.records = records
        self.failing = failing
        self.asked: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        name, end = read_name(data)
        self.asked.append(name)
        found = self.records.get(name, ())
        code = BROKEN if self.failing else 0 if found else NO_SUCH_NAME
        head = struct.pack("!2sHHHHH", data[:2], 0x8180 | code, 1, len(found), 0, 0)
        rows = (struct.pack("!HHH", *row[:3]) + written(row[3]) for row in found)
        answers = (b"\xc0\x0c" + struct.pack("!HHIH", 33, 1, 60, len(row)) + row for row in rows)
        self.transport.sendto(head + data[12 : end + 4] + b"".join(answers), addr)


def read_name(data: bytes) -> tuple[str, int]:
    labels, place = [], 12
    while length := data[place]:
        labels.append(data[place + 1 : place + 1 + length].decode().lower())
        place += 1 + length
    return ".".join(labels), place + 1


def written(name: str) -> bytes:
    return b"".join(bytes([len(one)]) + one.encode() for one in name.split(".") if one) + b"\0"


@asynccontextmanager
async def name_server(records: Records, *, failing: bool = False) -> AsyncIterator[tuple[str, Answering]]:
    """Gives its address, as a resolver takes it, and what it was asked."""
    loop = asyncio.get_running_loop()
    transport, answering = await loop.create_datagram_endpoint(
        lambda: Answering(records, failing), local_addr=("127.0.0.1", 0)
    )
    try:
        yield f"127.0.0.1:{transport.get_extra_info('sockname')[1]}", answering
    finally:
        transport.close()
