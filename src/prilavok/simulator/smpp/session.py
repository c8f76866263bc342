"""One program's connection to the message centre, from its bind to its leave."""

import asyncio
import contextlib
from typing import Any, Protocol

from prilavok.simulator.smpp import wire
from prilavok.simulator.smpp.wire import Arriving, Pdu, RefusedPduError

WINDOW = 10  # deliveries under way that nobody has answered
QUIET = 30.0  # seconds without a word, after which the centre asks whether anybody is there


class Centre(Protocol):
    """What a session asks of its centre."""

    def bind(self, session: "Session", command: int, login: wire.Login) -> int: ...
    def submit(self, session: "Session", pdu: Pdu) -> Pdu | None: ...
    def next_one(self) -> "tuple[Any, Arriving] | None": ...
    def answered(self, key: Any, status: int) -> None: ...
    def left(self, session: "Session") -> None: ...


class Session:
    """`bound` is the command of the bind, 0 before it."""

    def __init__(self, centre: Centre, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.centre, self.reader, self.writer = centre, reader, writer
        self.bound = 0
        self.under_way: dict[int, Any] = {}  # sequence → what was delivered
        self._sequence = 0

    @property
    def listens(self) -> bool:
        return self.bound in {wire.RECEIVER, wire.TRANSCEIVER}

    async def run(self) -> None:
        """Until either side leaves or the connection breaks."""
        try:
            while True:
                pdu = await self._next()
                if pdu is None:
                    self.write(wire.ENQUIRE)
                elif not self._answered(pdu):
                    break
                self.deliver()
                await self.writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            return  # they hung up: what was under way is delivered again to whoever binds next
        finally:
            self.centre.left(self)
            self.writer.close()
            with contextlib.suppress(OSError):
                await self.writer.wait_closed()

    def deliver(self) -> None:
        """As much of what waits as the window takes."""
        while self.listens and len(self.under_way) < WINDOW and (found := self.centre.next_one()) is not None:
            key, arriving = found
            self.under_way[self.write(wire.DELIVER, arriving.body())] = key

    def write(self, command: int, body: bytes = b"") -> int:
        """A question of the centre's own; its sequence number."""
        self._sequence += 1
        self.writer.write(Pdu(command, 0, self._sequence, body).bytes())
        return self._sequence

    def cut(self) -> None:
        self.writer.transport.abort()

    async def _next(self) -> Pdu | None:
        """None after a while without a word."""
        try:
            async with asyncio.timeout(QUIET):
                head = await self.reader.readexactly(4)
        except TimeoutError:
            return None
        length = int.from_bytes(head, "big")
        if not 16 <= length <= wire.LARGEST:
            raise OSError("this is no SMPP")
        rest = await self.reader.readexactly(length - 4)
        command, status, sequence = (int.from_bytes(rest[at : at + 4], "big") for at in (0, 4, 8))
        return Pdu(command, status, sequence, rest[12:])

    def _answered(self, pdu: Pdu) -> bool:
        """False: this was the last word."""
        if pdu.command == wire.DELIVER | wire.ANSWER:
            key = self.under_way.pop(pdu.sequence, None)
            if key is not None:
                self.centre.answered(key, pdu.status)
            return True
        if pdu.command & wire.ANSWER:
            return True
        answer = self._answer(pdu)
        if answer is not None:
            self.writer.write(answer.bytes())
        return pdu.command != wire.UNBIND and not self.writer.transport.is_closing()

    def _answer(self, pdu: Pdu) -> Pdu | None:
        def saying(status: int, body: bytes = b"") -> Pdu:
            return Pdu(pdu.command | wire.ANSWER, status, pdu.sequence, body)

        try:
            if pdu.command in wire.BINDS:
                status = self.centre.bind(self, pdu.command, wire.login(pdu.body))
                self.bound = self.bound if status else pdu.command
                return saying(status, b"" if status else b"simulator\0")
            if pdu.command == wire.SUBMIT:
                if self.bound not in {wire.TRANSMITTER, wire.TRANSCEIVER}:
                    return saying(wire.NOT_BOUND)
                return self.centre.submit(self, pdu)
            if pdu.command in {wire.ENQUIRE, wire.UNBIND}:
                return saying(wire.OK)
        except RefusedPduError as error:
            return saying(error.status)
        return Pdu(wire.NACK, wire.NO_COMMAND, pdu.sequence)
