"""One long connection to a message centre: bound, kept alive, many questions under way at once."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from prilavok.channels import authorities
from prilavok.channels.base import NeedsOwner, Network, TryLater
from prilavok.channels.smpp import pdu
from prilavok.channels.smpp.pdu import BadPduError, Pdu

BAD_LOGIN = {0x02, 0x0D, 0x0E, 0x0F}  # longer than the centre reads, bind failed, password, system id
ALREADY_BOUND = 0x05
WINDOW = 10  # questions under way
WAITING = 1000  # messages that nobody has taken yet; then the centre waits with us


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the centre listens and who we are there. Times in seconds."""

    host: str
    port: int
    tls: bool
    system_id: str
    password: str = field(repr=False)
    system_type: str = ""
    connect_timeout: float = 20.0
    answer_timeout: float = 30.0
    enquire_every: float = 30.0
    vouched: str = ""  # see `Config.vouched`

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


class Line:
    """Made by `open_line`. `gone` says why it ended; whoever waits then hears it too."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.gone = ""
        self._reader, self._writer = reader, writer
        self._sequence = 0
        self._asked: dict[int, asyncio.Future[Pdu]] = {}
        self._came: asyncio.Queue[Pdu | None] = asyncio.Queue(WAITING)
        self._window = asyncio.Semaphore(WINDOW)
        self._tasks = [asyncio.ensure_future(self._read()), asyncio.ensure_future(self._keep_alive())]

    async def ask(self, command: int, body: bytes = b"") -> Pdu:
        """The centre's answer. TryLater when the line is gone (nothing was sent), or breaks before the answer."""
        async with self._window:
            if self.gone:
                raise TryLater(self.gone)
            self._sequence = self._sequence % 0x7FFFFFFF + 1
            sequence = self._sequence
            waiting: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
            self._asked[sequence] = waiting
            try:
                await self._write(Pdu(command, 0, sequence, body))
                async with asyncio.timeout(self.endpoint.answer_timeout):
                    return await waiting
            except TimeoutError:
                raise TryLater(f"{self.endpoint.name}: no answer in time", perhaps_sent=True) from None
            finally:
                self._asked.pop(sequence, None)

    async def take(self, patience: float) -> Pdu | None:
        """The next message from the centre; None when there was none for `patience` seconds. TryLater at the end."""
        try:
            async with asyncio.timeout(patience):
                came = await self._came.get()
        except TimeoutError:
            return None
        if came is None:
            raise TryLater(self.gone)
        return came

    async def taken(self, one: Pdu) -> None:
        """Tells the centre that its message is safe with us; until then it would send it again."""
        await self._write(Pdu(one.command | pdu.RESPONSE, 0, one.sequence, b"\0"))

    async def close(self) -> None:
        """Takes leave, unless the line is gone already; does not wait for the other side."""
        if not self.gone:
            with contextlib.suppress(TryLater):
                await self._write(Pdu(pdu.UNBIND, 0, self._sequence % 0x7FFFFFFF + 1))
        self._end("the connection was closed")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(2.0):
                await self._writer.wait_closed()

    async def _write(self, one: Pdu) -> None:
        try:
            self._writer.write(one.packed())
            await self._writer.drain()
        except OSError as error:
            self._end(f"{self.endpoint.name}: the connection broke off")
            raise TryLater(self.gone, perhaps_sent=True) from error

    async def _read(self) -> None:
        try:
            while True:
                head = await self._reader.readexactly(4)
                rest = await self._reader.readexactly(pdu.length_of(head) - 4)
                await self._heard(pdu.unpacked(head + rest))
        except (asyncio.IncompleteReadError, OSError):
            self._end(f"{self.endpoint.name}: the connection broke off")
        except BadPduError as error:
            self._end(f"{self.endpoint.name} does not speak SMPP: {error}")
        except TryLater as error:
            self._end(error.reason)

    async def _heard(self, one: Pdu) -> None:
        if one.command & pdu.RESPONSE:
            waiting = self._asked.get(one.sequence)
            if waiting is not None and not waiting.done():
                waiting.set_result(one)
        elif one.command in {pdu.DELIVER, pdu.DATA}:
            await self._came.put(one)
        elif one.command == pdu.ENQUIRE:
            await self._write(Pdu(pdu.ENQUIRE | pdu.RESPONSE, 0, one.sequence))
        elif one.command == pdu.UNBIND:
            await self._write(Pdu(pdu.UNBIND | pdu.RESPONSE, 0, one.sequence))
            raise TryLater(f"{self.endpoint.name} took leave")
        else:
            await self._write(Pdu(pdu.NACK, 0x03, one.sequence))  # no such command

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self.endpoint.enquire_every)
            try:
                await self.ask(pdu.ENQUIRE)
            except TryLater as error:
                self._end(error.reason)
                return

    def _end(self, reason: str) -> None:
        if self.gone:
            return
        self.gone = reason
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_exception(TryLater(reason, perhaps_sent=True))
        if self._came.full():
            self._came.get_nowait()  # not answered: the centre sends it again
        self._came.put_nowait(None)


@contextlib.asynccontextmanager
async def open_line(network: Network, endpoint: Endpoint, command: int) -> AsyncIterator[Line]:
    """Bound as `command` says. NeedsOwner for a wrong login, TryLater for everything that passes."""
    line = await _connect(network, endpoint)
    try:
        answer = await line.ask(command, pdu.bind(endpoint.system_id, endpoint.password, endpoint.system_type))
        if answer.status in BAD_LOGIN:
            raise NeedsOwner(f"{endpoint.name} refuses the login: check system id, password and system type.")
        if answer.status == ALREADY_BOUND:
            raise TryLater(f"{endpoint.name} allows no further connection of “{endpoint.system_id}”", after=30.0)
        if answer.status:
            raise TryLater(f"{endpoint.name} refuses the connection (0x{answer.status:02x})")
        yield line
    finally:
        await line.close()


async def _connect(network: Network, endpoint: Endpoint) -> Line:
    address = await network.resolve(endpoint.host, endpoint.port)
    tls = authorities.context(endpoint.vouched) if endpoint.tls else None
    try:
        async with asyncio.timeout(endpoint.connect_timeout):
            reader, writer = await asyncio.open_connection(
                address, endpoint.port, ssl=tls, server_hostname=endpoint.host if tls else None
            )
    except ssl.SSLCertVerificationError as error:
        if authorities.issued_by_nobody_known(error):
            name, why = endpoint.name, error.verify_message
            raise NeedsOwner(f"The certificate of {name} is not good: {why}. {authorities.HINT}") from error
        raise NeedsOwner(f"The certificate of {endpoint.name} is not good: {error.verify_message}.") from error
    except ssl.SSLError as error:
        raise NeedsOwner(f"{endpoint.name} does not speak TLS. Is this its port for TLS?") from error
    except TimeoutError as error:
        raise TryLater(f"{endpoint.name} does not answer") from error
    except OSError as error:
        raise TryLater(f"{endpoint.name} cannot be reached: {error.strerror or error}") from error
    return Line(reader, writer, endpoint)
