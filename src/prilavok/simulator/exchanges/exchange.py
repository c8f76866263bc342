"""What all emulated exchanges share: people with telephones. How it is told to the shop is each vendor's own affair."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from prilavok.simulator.office import Office
from prilavok.simulator.zadarma import Call, Line

SHOP_NUMBER = "+380441234567"
EXTENSION = "101"
RINGS = 20.0  # seconds until nobody has answered
ENDS = {"answered": "answered", "busy": "declined"}  # how it ended, as the telephone shows it; else missed


class Exchange(Office, ABC):
    """`hook`: where the vendor tells; `recording`: what talks sound like; `rings`: seconds until nobody answered."""

    def __init__(
        self, *, hook: str = "", recording: Callable[[], bytes] = lambda: b"ID3", rings: float = RINGS, **more: Any
    ) -> None:
        super().__init__(**more)
        self.hook = hook
        self.rings = rings
        self.lines: dict[str, Line] = {}
        self.requests: list[dict[str, Any]] = []
        self.recording = recording
        self.refs: dict[str, str] = {}  # of our calls: what the shop calls them

    def line(self, number: str) -> Line:
        return self.lines.setdefault(number, Line(number))

    # What people do

    def user_calls(self, number: str) -> Call:
        """LookupError when this telephone is off or already in a call."""
        line = self.line(number)
        if not line.on or line.now is not None:
            raise LookupError("the telephone is off or in a call")
        call = Call(self.new_id(), number, by_shop=False, at=self.now())
        line.calls.append(call)
        self.began(call)
        call.timer = self.knocker.after(self.rings, lambda: self.end(call, "no answer"))
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
        self.place(number, extension, ref)

    def place(self, number: str, extension: str, ref: str) -> Call:
        """The shop calls, and its agent has picked up."""
        line = self.line(number)
        call = Call(self.new_id(), number, by_shop=True, at=self.now(), extension=extension)
        self.refs[call.id] = ref
        busy = line.now is not None
        line.calls.insert(-1 if busy else len(line.calls), call)
        self.began(call)
        if busy or not line.on:
            self.end(call, "busy" if busy else "failed")
        else:
            call.timer = self.knocker.after(self.rings, lambda: self.end(call, "no answer"))
        return call

    def end(self, call: Call, how: str) -> None:
        if call.over:
            return
        if call.timer is not None and how != "no answer":
            call.timer.cancel()
        if call.talked_at is not None:
            call.seconds = max(1, int((self.now() - call.talked_at) / timedelta(seconds=1)))
        call.state = ENDS.get(how, "missed")
        self.over(call, how)

    def known(self, call_id: str) -> Call | None:
        return next((one for line in self.lines.values() for one in line.calls if one.id == call_id), None)

    def _talk(self, call: Call) -> None:
        if call.timer is not None:
            call.timer.cancel()
        call.state, call.talked_at = "talking", self.now()

    def _under_way(self, number: str, *, by_shop: bool | None = None, state: str = "") -> Call:
        call = self.line(number).now
        if call is None or (by_shop is not None and call.by_shop is not by_shop) or state not in {"", call.state}:
            raise LookupError("there is no such call")
        return call
