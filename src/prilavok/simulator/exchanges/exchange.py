"""What all emulated exchanges share: people with telephones. How it is told to the shop is each vendor's own affair.

A call under way outlives a restart of the demo, as it does with a real exchange: it rings on for the rest of its time,
and a talk lasts until somebody hangs up, at most `LONGEST`.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from prilavok.simulator.office import Office

SHOP_NUMBER = "+380441234567"
EXTENSION = "101"
RINGS = 20.0  # seconds until nobody has answered
LONGEST = timedelta(hours=1)  # of a talk that a restart interrupts
ENDS = {"answered": "answered", "busy": "declined"}  # how it ended, as the telephone shows it; else missed


@dataclass(slots=True)
class Call:
    """`state`: ringing, talking, answered, missed, declined. `at` is its beginning, `talked_at` when it was taken."""

    id: str
    number: str
    by_shop: bool
    at: datetime
    state: str = "ringing"
    talked_at: datetime | None = None
    seconds: int = 0
    extension: str = EXTENSION

    @property
    def over(self) -> bool:
        return self.state not in {"ringing", "talking"}


@dataclass(slots=True)
class Line:
    """One customer's telephone. `on`: false when it is switched off."""

    number: str
    on: bool = True
    calls: list[Call] = field(default_factory=list)

    @property
    def now(self) -> Call | None:
        return self.calls[-1] if self.calls and not self.calls[-1].over else None


class Exchange(Office, ABC):
    """`hook`: where the vendor tells; `number`: the shop's own; `recording`: what talks sound like; `rings`: seconds
    until nobody answered; `title`: the vendor's name on the telephone; `at_desk`: whether the shop's colleague picks up
    when it calls, for their own telephone rings first.
    """

    title: ClassVar[str]
    keeps: ClassVar[tuple[str, ...]] = ("lines", "refs")

    def __init__(
        self,
        *,
        hook: str = "",
        number: str = SHOP_NUMBER,
        recording: Callable[[], bytes] = lambda: b"ID3",
        rings: float = RINGS,
        **more: Any,
    ) -> None:
        super().__init__(**more)
        self.hook = hook
        self.number = number
        self.rings = rings
        self.lines: dict[str, Line] = {}
        self.requests: list[dict[str, Any]] = []
        self.at_desk = True
        self.recording = recording
        self.refs: dict[str, str] = {}  # of our calls: what the shop calls them
        self.engaged: Callable[[str], bool] = lambda _: False  # in a call that is none of this exchange's
        self._ringing: dict[str, asyncio.Task[None]] = {}

    def line(self, number: str) -> Line:
        return self.lines.setdefault(number, Line(number))

    # What people do

    def user_calls(self, number: str) -> Call:
        """LookupError when this telephone is off or already in a call."""
        line = self.line(number)
        if not line.on or self._busy(line):
            raise LookupError("the telephone is off or in a call")
        call = Call(self.new_id(), number, by_shop=False, at=self.now())
        line.calls.append(call)
        self.began(call)
        self.let_ring(call)
        return call

    def shop_picks_up(self, number: str) -> None:
        call = self._under_way(number, by_shop=False, state="ringing")
        self._talk(call)
        self.taken(call)

    def user_accepts(self, number: str) -> None:
        call = self._under_way(number, by_shop=True, state="ringing")
        self._talk(call)
        self.taken(call)

    def user_declines(self, number: str) -> None:
        self.end(self._under_way(number, by_shop=True, state="ringing"), "busy")

    def user_hangs_up(self, number: str) -> None:
        call = self._under_way(number)
        self.end(call, "answered" if call.state == "talking" else "cancel")

    def switch(self, number: str, *, on: bool) -> None:
        line = self.line(number)
        line.on = on
        if not on and (call := line.now):
            self.end(call, "answered" if call.state == "talking" else "failed")

    # What the vendor makes of it

    @abstractmethod
    def began(self, call: Call) -> None: ...

    @abstractmethod
    def taken(self, call: Call) -> None: ...

    @abstractmethod
    def over(self, call: Call, how: str) -> None:
        """`how`: answered, busy, no answer, cancel, failed."""

    def new_id(self) -> str:
        return uuid4().hex

    def rings_soon(self, number: str, extension: str, ref: str) -> None:
        """The colleague's telephone has rung; the customer's does next, if somebody has picked up."""
        if self.at_desk:
            self.place(number, extension, ref)
        else:
            self.left(number, extension, ref)

    def left(self, number: str, extension: str, ref: str) -> None:
        """Nobody at the desk: the customer is not called, and not every vendor says so."""

    def place(self, number: str, extension: str, ref: str, id: str = "") -> Call:
        """The shop calls, and its agent has picked up. `id`: of the call, where the shop chose it."""
        line = self.line(number)
        call = Call(id or self.new_id(), number, by_shop=True, at=self.now(), extension=extension)
        self.refs[call.id] = ref
        busy = self._busy(line)
        line.calls.insert(len(line.calls) - (line.now is not None), call)
        self.began(call)
        if busy or not line.on:
            self.end(call, "busy" if busy else "failed")
        else:
            self.let_ring(call)
        return call

    def let_ring(self, call: Call) -> None:
        """For the rest of its time: nobody answers then."""
        left = self.rings - max(0.0, (self.now() - call.at).total_seconds())
        self._ringing[call.id] = self.knocker.after(max(0.0, left), lambda: self.end(call, "no answer"))

    def end(self, call: Call, how: str) -> None:
        if call.over:
            return
        self._stop_ringing(call, how)
        if call.talked_at is not None:
            lasted = min(self.now() - call.talked_at, LONGEST)
            call.seconds = max(1, int(lasted / timedelta(seconds=1)))
        call.state = ENDS.get(how, "missed")
        self.over(call, how)

    def resume(self) -> int:
        under_way = [line.now for line in self.lines.values() if line.now is not None]
        for call in under_way:
            if call.state == "ringing":
                self.let_ring(call)
            elif self.now() - (call.talked_at or call.at) > LONGEST:
                self.end(call, "answered")
        return len(under_way)

    def known(self, call_id: str) -> Call | None:
        return next((one for line in self.lines.values() for one in line.calls if one.id == call_id), None)

    def _busy(self, line: Line) -> bool:
        return line.now is not None or self.engaged(line.number)

    def _talk(self, call: Call) -> None:
        self._stop_ringing(call)
        call.state, call.talked_at = "talking", self.now()

    def _stop_ringing(self, call: Call, how: str = "") -> None:
        task = self._ringing.pop(call.id, None)
        if task is not None and how != "no answer":  # else it is this very task that ends the call
            task.cancel()

    def _under_way(self, number: str, *, by_shop: bool | None = None, state: str = "") -> Call:
        call = self.line(number).now
        if call is None or (by_shop is not None and call.by_shop is not by_shop) or state not in {"", call.state}:
            raise LookupError("there is no such call")
        return call


def shown(call: Call | None, number: str) -> Mapping[str, Any] | None:
    """A call as the telephone's page draws it; `number` is the shop's."""
    if call is None:
        return None
    return {
        "id": call.id,
        "incoming": call.by_shop,
        "at": call.at.isoformat(),
        "state": call.state,
        "seconds": call.seconds,
        "talked_at": call.talked_at.isoformat() if call.talked_at else None,
        "number": number,
    }
