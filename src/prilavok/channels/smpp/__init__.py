"""SMS through any message centre that speaks SMPP 3.4: one long connection that listens and sends.

The connection belongs to `listen`. A message is sent over it when this process is the one that listens, else over a
short connection that only sends. What the centre delivers is stored before it is acknowledged.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from prilavok.channels.base import (
    Account,
    Capabilities,
    Channel,
    Dialogue,
    Hook,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Network,
    Outbound,
    Pause,
    Polled,
    Price,
    RateLimit,
    Receipt,
    ReceiptCame,
    Received,
    Sender,
    Sent,
    TryLater,
    Undeliverable,
    Unknown,
)
from prilavok.channels.smpp import pdu
from prilavok.channels.smpp.config import SmppConfig
from prilavok.channels.smpp.gathering import PART, Gathering, digest
from prilavok.channels.smpp.line import Endpoint, Line, open_line
from prilavok.channels.smpp.pdu import Address, BadPduError, Pdu, Short
from prilavok.channels.smpp.text import encoded, forms, joined, progress_of, text_of
from prilavok.channels.smpp.verdicts import BUSY, refused
from prilavok.channels.wire import storable
from prilavok.channels.words import dialled, numbered

SPELT_OTHERWISE = re.compile(r"(?=.*[^\d])[+\d\s().-]+", re.ASCII)  # a number, and no short one or name
LOOK = 30.0  # seconds between looks at texts whose parts do not come
FOR_THE_LINE = 10.0  # seconds that a message waits for the connection to come back
STEADY = 60.0  # seconds after which a connection counts as a good one: the next try need not wait
TAIL = 9  # digits by which a number is the same in any spelling
TRIES = 6  # of a part whose message is half out, a second apart


class Smpp(Channel):
    kind = "smpp"
    title = "SMS (SMPP)"
    summary = "Text messages through an operator's or a provider's own message centre, over SMPP 3.4."
    capabilities = Capabilities(
        address_kind="phone",
        address_scope="shop",
        medium="sms",
        starts=True,
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.FAILED}),
        text_limit=1530,
        media=False,
        cost="per message",
        rings=True,
        polled=True,
        hooked=False,
        rate=(RateLimit(10, 1.0, "inbox"), RateLimit(1, 1.0, "recipient")),
        parallel=8,
    )
    Config = SmppConfig
    quality: ClassVar[Mapping[str, str]] = {
        "receives": "done",
        "sends": "done",
        "long texts": "done",
        "receipts": "done",
        "errors": "done",
        "reconnects": "done",
        "signature": "exempt, because the connection is ours: we log in, nobody calls us",
        "files": "exempt, because an SMS carries none; send a link",
        "buttons": "exempt, they are written as numbered text",
        "price": "exempt, SMPP tells the parts but no price",
        "edits": "exempt, an SMS cannot be changed",
        "deep link": "exempt, an SMS carries no hidden token",
    }

    config: SmppConfig

    def __init__(self, config: SmppConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.line: Line | None = None  # while `listen` holds it
        self.listening = False  # in this process
        self.bound = asyncio.Event()

    @property
    def endpoint(self) -> Endpoint:
        given = self.config
        return Endpoint(
            given.host,
            given.port,
            given.tls,
            given.system_id,
            given.password,
            given.system_type,
            vouched=given.vouched,
        )

    @property
    def _latin(self) -> bool:
        return self.config.alphabet == "latin1"

    def check(self) -> Dialogue[Account]:
        if SPELT_OTHERWISE.fullmatch(self.config.sender) and not _is_number(self.config.sender):
            raise NeedsOwner("Your number is written like +380441234567, without spaces.", field="sender")
        note = yield LogIn(self.endpoint)
        if not _is_number(self.config.sender):
            note = f"{note} Nobody can answer to a name: customers read these texts, but cannot write back.".strip()
        return Account(name=self.config.host, handle=self.config.sender, note=note)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        try:
            shorts = [pdu.short_of(one) for one in pdu.each(hook.body)]
        except (BadPduError, ValueError) as error:
            return [Unknown(f"not SMPP: {error}")]
        if not shorts:
            return [Unknown("an empty delivery")]
        if hook.headers.items() >= PART.items():
            return []  # its text comes when all of its parts are here
        return list(self._meaning(shorts, hook))

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        text = numbered(outbound)
        if len(text) > self.capabilities.text_limit:
            raise Undeliverable("With its answers written out the text is too long for an SMS.")
        number = dialled(outbound.address)
        ref = hashlib.sha256(outbound.message_id.encode()).digest()[0]
        parts = encoded(text, ref, latin=self._latin)
        bodies = [
            Short(_sender(self.config.sender), Address(number.lstrip("+"), 1, 1), raw, esm, coding, last).packed()
            for (esm, coding, raw), last in zip(parts, _only_last(len(parts)), strict=True)
        ]
        answers: list[Pdu] = []
        for attempt in range(TRIES):
            answers += yield Submit(self, tuple(bodies[len(answers) :]), begun=bool(answers))
            if len(answers) == len(bodies) and not answers[-1].status:
                break
            failed = answers.pop()
            # What is half out is worth a few seconds; what has not begun goes back to the outbox.
            if not answers or failed.status not in BUSY or attempt == TRIES - 1:
                raise refused(failed.status, begun=bool(answers))
            yield Pause(1.0)
        ids = [one for answer in answers if (one := storable(pdu.id_of(answer)))]
        known = [_scoped(form, number) for one in ids for form in forms(one)]
        last = _scoped(forms(ids[-1])[0], number) if ids else ""
        more = tuple(one for one in dict.fromkeys(known) if one != last)
        return Sent(provider_id=last, more_ids=more, price=Price("", "", len(parts)))

    async def listen(self, network: Network, cursor: Mapping[str, Any]) -> AsyncIterator[Polled]:
        """The cursor is a `Gathering`. What was stored but perhaps not acknowledged is known when it comes again."""
        gathering = Gathering.begin(cursor)
        doubtful = gathering.last
        clock = asyncio.get_running_loop().time
        self.listening = True
        begun = clock()
        try:
            async with open_line(network, self.endpoint, pdu.TRANSCEIVER) as self.line:
                self.bound.set()
                while True:
                    one = await self.line.take(LOOK)
                    now = datetime.now(UTC)
                    if one is not None and digest(one) == doubtful and clock() - begun < STEADY:
                        doubtful = ""
                    elif one is not None:
                        yield gathering.came(one, now)
                    if one is not None:
                        await self.line.taken(one)
                    if (late := gathering.overdue(now)) is not None:
                        yield late
        except TryLater as error:
            raise TryLater(error.reason, after=1.0 if clock() - begun > STEADY else error.after) from error
        except (asyncio.CancelledError, GeneratorExit, NeedsOwner):
            self.listening = False
            raise
        finally:
            self.bound.clear()
            self.line = None

    def _meaning(self, shorts: Sequence[Short], hook: Hook) -> Iterator[Inbound]:
        first = shorts[0]
        text = joined(shorts, latin=self._latin)
        if first.esm_class & pdu.KINDS == pdu.RECEIPT or pdu.RECEIPTED_ID in first.extra:
            yield self._progress(first, hook)
        elif first.esm_class & pdu.KINDS:
            yield Unknown(f"a message of kind 0x{first.esm_class & pdu.KINDS:02x}")
        elif text is None:
            yield Unknown(f"an SMS that is no text (coding {first.coding})")
        elif not first.source.value.strip():
            yield Unknown("an SMS without a sender")
        else:
            yield Received(
                provider_id=f"{hashlib.sha256(hook.body).hexdigest()[:24]}-{int(hook.received_at.timestamp() * 1000)}",
                at=hook.received_at,
                sender=Sender(address=storable(_number(first.source))),
                text=storable(text),
            )

    def _progress(self, short: Short, hook: Hook) -> Inbound:
        told = progress_of(short, text_of(short, latin=self._latin) or "")
        if told is None:
            return Unknown("a receipt that names no message")
        if told.receipt is None:
            return Unknown("a receipt of an unknown outcome")
        # Most centres turn the addresses round, as if the customer had written; some leave them as they were.
        ours = _tail(self.config.sender)
        customer = short.destination if _tail(short.source.value) == ours else short.source
        return ReceiptCame(
            receipt=told.receipt,
            at=hook.received_at,
            provider_id=storable(_scoped(forms(told.id)[0], customer.value)),
            address=storable(_number(customer)),
            reason=told.reason,
        )


@dataclass(frozen=True, slots=True)
class LogIn:
    """Binds and takes leave; answers what the owner should know."""

    endpoint: Endpoint

    async def perform(self, network: Network) -> str:
        try:
            async with open_line(network, self.endpoint, pdu.TRANSMITTER):
                return ""
        except TryLater as error:
            if "no further connection" in error.reason:
                return "The centre allows one connection, and it stands already."
            raise NeedsOwner(f"{error.reason[:1].upper()}{error.reason[1:]}.") from error


@dataclass(frozen=True, slots=True)
class Submit:
    """Hands parts over, one after the other; answers what the centre said, up to the first refusal."""

    channel: Smpp
    bodies: Sequence[bytes]
    begun: bool  # parts of this message are out already

    async def perform(self, network: Network) -> list[Pdu]:
        channel = self.channel
        if channel.listening:  # it is coming back, or another process has taken it over
            with suppress(TimeoutError):
                async with asyncio.timeout(FOR_THE_LINE):
                    await channel.bound.wait()
        if channel.line is not None:
            return await self._over(channel.line)
        opened = False
        try:
            async with open_line(network, channel.endpoint, pdu.TRANSMITTER) as line:
                opened = True
                return await self._over(line)
        except TryLater as error:  # whatever went wrong with the login, nothing was sent
            doubtful = self.begun or (error.perhaps_sent and opened)
            raise TryLater(error.reason, after=error.after, perhaps_sent=doubtful) from error

    async def _over(self, line: Line) -> list[Pdu]:
        answers: list[Pdu] = []
        for body in self.bodies:
            try:
                answers.append(await line.ask(pdu.SUBMIT, body))
            except TryLater as error:
                begun = self.begun or bool(answers)
                raise TryLater(error.reason, perhaps_sent=error.perhaps_sent or begun) from error
            if answers[-1].status:
                break
        return answers


def _only_last(count: int) -> Iterator[bool]:
    """The receipt of the last part stands for the whole text."""
    yield from (number == count - 1 for number in range(count))


def _sender(given: str) -> Address:
    digits = given.lstrip("+")
    if not _is_number(given):
        return Address(given[:11], 5, 0)
    return Address(digits, 1, 1) if len(digits) > 6 else Address(digits, 3, 0)


def _is_number(given: str) -> bool:
    digits = given.removeprefix("+")
    return digits.isascii() and digits.isdecimal()


def _number(one: Address) -> str:
    """In the international form; a short number and a name stay as they are."""
    digits = one.value.strip().removeprefix("+").removeprefix("00")
    return f"+{digits}" if digits.isascii() and digits.isdecimal() and len(digits) >= 10 else one.value.strip()


def _tail(number: str) -> str:
    digits = "".join(sign for sign in number if sign in "0123456789")
    return digits[-TAIL:] or number.strip().casefold()


def _scoped(form: str, number: str) -> str:
    """A centre's id together with the customer's number: in another form it may be the id of another message."""
    return f"{form}@{_tail(number)}"
