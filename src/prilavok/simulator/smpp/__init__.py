"""A message centre on loopback: programs bind to it over SMPP 3.4, telephones get their texts, and answer.

    centre = MessageCentre()
    settings = await centre.open()          # {"host", "port"}
    centre.user_texts("+380671234567", "Де замовлення?")
    centre.thread("+380671234567").messages

What the shop has not acknowledged waits here, and is delivered again to whoever binds next.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from prilavok.simulator.gateways import DELIVERED, EXPIRED, Gateway, Telephone, Text
from prilavok.simulator.listening import HOST, Door
from prilavok.simulator.smpp import alphabet, wire
from prilavok.simulator.smpp.session import Session
from prilavok.simulator.smpp.wire import Arriving, Login, Part, Pdu, RefusedPduError
from prilavok.simulator.telegram.faults import DONE, Fault

SYSTEM_ID, PASSWORD = "kardamon", "demo-pwd"
NUMBER = "+380631234700"
NAME = "Kardamon"  # the other sender that the contract allows
MOST = 10  # connections of one login
STATES = {DELIVERED: ("DELIVRD", 2), EXPIRED: ("EXPIRED", 3)}


@dataclass(slots=True)
class Gathered:
    """A long text whose parts come one after the other."""

    parts: dict[int, str] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    reported: str = ""  # id of the part that wants a receipt


class MessageCentre(Gateway):
    """`sar`: customers' long texts come in parts told by parameters, and not by a header in the text."""

    keeps: ClassVar[tuple[str, ...]] = (*Gateway.keeps, "waiting", "reported")
    sender: ClassVar[str] = NUMBER
    hears: ClassVar[bool] = True

    def __init__(self, *, sar: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.sar = sar
        self.waiting: dict[str, Arriving] = {}  # what the shop has not acknowledged, the oldest first
        self.reported: set[str] = set()  # ids of texts that want a receipt
        self.sessions: list[Session] = []
        self.door = Door(self._talk)
        self.on_progress = self._reports
        self._halves: dict[tuple[str, str, int, int], Gathered] = {}

    async def open(self) -> Mapping[str, Any]:
        """Listens on a free port; the settings that lead there."""
        return {"host": HOST, "port": await self.door.open()}

    async def close(self) -> None:
        self.door.shut()
        self.cut()
        await self.door.emptied()
        await super().close()

    def cut(self) -> None:
        """Every connection breaks."""
        for session in list(self.sessions):
            session.cut()

    def take_leave(self) -> None:
        """The centre asks everybody to go, as before it is serviced."""
        for session in list(self.sessions):
            session.write(wire.UNBIND)

    def user_texts(self, number: str, text: str) -> Text:
        said = self._said(number, f"in-{self._next()}", text)
        coding, raws = alphabet.pieces(text)
        for at, raw in enumerate(raws, 1):
            customer, shop = number.removeprefix("+"), NUMBER.removeprefix("+")
            esm, head, options = 0, b"", {}
            if len(raws) > 1 and self.sar:
                told = ((wire.REF, self.numbered % 65536, 2), (wire.TOTAL, len(raws), 1), (wire.PART, at, 1))
                options = {tag: value.to_bytes(size, "big") for tag, value, size in told}
            elif len(raws) > 1:
                esm, head = wire.HEADED, bytes([5, 0, 3, self.numbered % 256, len(raws), at])
            key = f"{said.id}/{at}" if at < len(raws) else said.id
            self._bring(key, Arriving(customer, shop, coding, head + raw, esm, options))
        return said

    # what sessions ask

    def bind(self, session: Session, command: int, login: Login) -> int:
        del command
        if session.bound:
            return wire.BOUND_ALREADY
        if login.system_id != SYSTEM_ID:
            return wire.NOBODY
        if login.password != PASSWORD:
            return wire.BAD_PASSWORD
        return wire.BOUND_ALREADY if sum(bool(one.bound) for one in self.sessions) >= MOST else wire.OK

    def submit(self, session: Session, pdu: Pdu) -> Pdu | None:
        """None: no answer."""
        trouble = self._troubles.next("send")
        fault = trouble.fault if trouble is not None else None
        which = "" if fault is not None and fault not in DONE else self._taken(wire.submitted(pdu.body))
        if fault in {Fault.CUT, Fault.DONE_BUT_CUT}:
            session.cut()
        elif fault is Fault.NONSENSE:
            session.writer.write(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
        status = {None: wire.OK, Fault.TOO_MANY: wire.THROTTLED, Fault.BROKEN: wire.SYSTEM}.get(fault)
        if status is None:
            return None
        return Pdu(wire.SUBMIT | wire.ANSWER, status, pdu.sequence, b"" if status else which.encode() + b"\0")

    def next_one(self) -> tuple[str, Arriving] | None:
        under_way = {key for one in self.sessions for key in one.under_way.values()}
        return next(((key, one) for key, one in self.waiting.items() if key not in under_way), None)

    def answered(self, key: str, status: int) -> None:
        """Whatever the shop says, it is not told again: the centre has no second opinion."""
        arriving = self.waiting.pop(key, None)
        if arriving is not None and status == wire.OK:
            for text in self.thread(arriving.source).messages:
                text.taken = text.taken or (text.mine and text.id == key)

    def left(self, session: Session) -> None:
        self.sessions.remove(session)
        for other in self.sessions:
            other.deliver()  # what was under way there

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self, reader, writer)
        self.sessions.append(session)
        await session.run()

    def _taken(self, part: Part) -> str:
        """The id of what was handed in; a text goes out once all of it is here."""
        self.requests.append({"from": part.source, "to": part.destination, "coding": part.coding, "total": part.total})
        if part.source not in {NUMBER.removeprefix("+"), NAME}:
            raise RefusedPduError(wire.BAD_SENDER, "a sender that the contract does not name")
        if not (part.destination.isdecimal() and 10 <= len(part.destination) <= 15):
            raise RefusedPduError(wire.BAD_NUMBER, "no such number")
        try:
            words = alphabet.read(part.coding, part.raw)
        except LookupError as error:
            raise RefusedPduError(wire.BAD_PARAMETERS, "no text") from error
        which = f"{self._next():08x}"
        key = (part.source, part.destination, part.ref, part.total)
        long = self._halves.setdefault(key, Gathered())
        long.parts[part.number], long.ids[part.number] = words, which
        long.reported = which if part.wants_report else long.reported
        if len(long.parts) == part.total:
            del self._halves[key]
            text_id = long.reported or which
            if long.reported:
                self.reported.add(text_id)
            self._hand_over(part.destination, text_id, "".join(long.parts[at] for at in sorted(long.parts)))
        return which

    def _reports(self, telephone: Telephone, text: Text) -> None:
        """The receipt of a text, once its fate is known."""
        if text.status not in STATES or text.id not in self.reported:
            return
        self.reported.discard(text.id)
        word, state = STATES[text.status]
        done = 1 if text.status == DELIVERED else 0
        words = (
            f"id:{text.id} sub:001 dlvrd:{done:03} submit date:{text.at:%y%m%d%H%M} done date:{self.now():%y%m%d%H%M} "
            f"stat:{word} err:000 text:"
        )
        options = {wire.RECEIPTED: text.id.encode() + b"\0", wire.STATE: bytes([state])}
        customer, shop = telephone.number.removeprefix("+"), NUMBER.removeprefix("+")
        self._bring(f"of-{text.id}", Arriving(customer, shop, 0, words.encode("ascii"), wire.REPORT, options))

    def _bring(self, key: str, arriving: Arriving) -> None:
        self.waiting[key] = arriving
        for session in self.sessions:
            session.deliver()
