"""Zadarma on loopback: an ASGI application that answers as its API, and telephones that ring, are taken or are left.

    zadarma = ZadarmaEmulator(hook="https://shop.example/hooks/KEY")
    zadarma.user_calls("+380671234567")        # the shop's telephone rings
    zadarma.shop_picks_up("+380671234567")     # somebody at extension 101
    zadarma.user_hangs_up("+380671234567")

When the shop calls, its agent is taken to have picked up at once; then the customer's telephone rings for a while.
"""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from starlette.responses import Response

from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Asked, Office, RefusedError, answer

KEY, SECRET = "demo-key", "demo-secret-of-zadarma"
SHOP_NUMBER = "+380441234567"
EXTENSION = "101"
RINGS = 20.0  # seconds until nobody has answered
SIGNED = {
    "NOTIFY_START": ("caller_id", "called_did", "call_start"),
    "NOTIFY_END": ("caller_id", "called_did", "call_start"),
    "NOTIFY_ANSWER": ("caller_id", "destination", "call_start"),
    "NOTIFY_OUT_START": ("internal", "destination", "call_start"),
    "NOTIFY_OUT_END": ("internal", "destination", "call_start"),
    "NOTIFY_RECORD": ("pbx_call_id", "call_id_with_rec"),
}


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
    timer: "asyncio.Task[None] | None" = None

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


class ZadarmaEmulator(Office):
    def __init__(
        self, *, hook: str = "", recording: Callable[[], bytes] = lambda: b"ID3", rings: float = RINGS, **more: Any
    ) -> None:
        """`hook`: what the cabinet's notifications are set to; `recording`: what every talk sounds like."""
        super().__init__(**more)
        self.hook = hook
        self.lines: dict[str, Line] = {}
        self.requests: list[dict[str, str]] = []
        self._recording = recording
        self.rings = rings
        self.route("GET", r"/v1/info/balance/", self._balance)
        self.route("GET", r"/v1/request/callback/", self._callback, sends=True)
        self.route("GET", r"/v1/pbx/record/request/", self._record)
        self.route("GET", r"/recordings/(?P<id>[\w.-]+)\.mp3", self._recorded)

    def line(self, number: str) -> Line:
        return self.lines.setdefault(number, Line(number))

    # What people do

    def user_calls(self, number: str) -> Call:
        """LookupError when this telephone is off or already in a call."""
        line = self.line(number)
        if not line.on or line.now is not None:
            raise LookupError("the telephone is off or in a call")
        call = Call(f"in_{uuid4().hex[:12]}", number, by_shop=False, at=self.now())
        line.calls.append(call)
        self._notify("NOTIFY_START", call)
        call.timer = self.knocker.after(self.rings, lambda: self._end(call, "no answer"))
        return call

    def shop_picks_up(self, number: str) -> None:
        call = self._under_way(number, by_shop=False, state="ringing")
        self._talk(call)
        self._notify("NOTIFY_ANSWER", call, destination=EXTENSION, internal=EXTENSION)

    def user_accepts(self, number: str) -> None:
        self._talk(self._under_way(number, by_shop=True, state="ringing"))

    def user_declines(self, number: str) -> None:
        self._end(self._under_way(number, by_shop=True, state="ringing"), "busy")

    def user_hangs_up(self, number: str) -> None:
        call = self._under_way(number)
        self._end(call, "answered" if call.state == "talking" else "cancel")

    def switch(self, number: str, *, on: bool) -> None:
        line = self.line(number)
        line.on = on
        if not on and (call := line.now):
            self._end(call, "answered" if call.state == "talking" else "failed")

    # The API

    def too_many(self, seconds: float) -> Response:
        return answer({"status": "error", "message": "Too many requests"}, 429, {"retry-after": str(int(seconds))})

    def _balance(self, asked: Asked) -> Response:
        self._login(asked)
        return answer({"status": "success", "balance": 25.5, "currency": "EUR"})

    def _callback(self, asked: Asked) -> Response:
        self._login(asked)
        fields = asked.query
        self.requests.append(fields)
        if not fields.get("from") or not fields.get("to", "").isdigit():
            raise RefusedError(400, {"status": "error", "message": "Wrong parameters"})
        line = self.line(f"+{fields['to']}")
        call = Call(f"out_{uuid4().hex[:12]}", line.number, by_shop=True, at=self.now(), extension=fields["from"])
        self.knocker.after(0.3, lambda: self._ring(line, call))
        return answer(
            {"status": "success", "from": fields["from"], "to": fields["to"], "time": int(call.at.timestamp())}
        )

    def _ring(self, line: Line, call: Call) -> None:
        busy = line.now is not None
        line.calls.insert(-1 if busy else len(line.calls), call)
        self._notify("NOTIFY_OUT_START", call)
        if busy or not line.on:
            self._end(call, "busy" if busy else "failed")
        else:
            call.timer = self.knocker.after(self.rings, lambda: self._end(call, "no answer"))

    def _record(self, asked: Asked) -> Response:
        self._login(asked)
        wanted = asked.query.get("call_id", "")
        call = next((one for line in self.lines.values() for one in line.calls if recording_of(one) == wanted), None)
        if call is None or call.state != "answered":
            raise RefusedError(400, {"status": "error", "message": "Record not found"})
        return answer({"status": "success", "link": f"{self.address}/recordings/{wanted}.mp3"})

    def _recorded(self, asked: Asked) -> Response:
        del asked
        return Response(self._recording(), media_type="audio/mpeg")

    def _talk(self, call: Call) -> None:
        if call.timer is not None:
            call.timer.cancel()
        call.state, call.talked_at = "talking", self.now()

    def _end(self, call: Call, disposition: str) -> None:
        if call.over:
            return
        if call.timer is not None and disposition != "no answer":
            call.timer.cancel()
        if call.talked_at is not None:
            call.seconds = max(1, int((self.now() - call.talked_at) / timedelta(seconds=1)))
        call.state = {"answered": "answered", "busy": "declined"}.get(disposition, "missed")
        recorded = disposition == "answered" and not call.by_shop
        self._notify(
            "NOTIFY_OUT_END" if call.by_shop else "NOTIFY_END",
            call,
            internal=call.extension,
            duration=str(call.seconds),
            disposition=disposition,
            status_code={"answered": "16", "busy": "17", "no answer": "19"}.get(disposition, "31"),
            is_recorded="1" if recorded else "0",
            call_id_with_rec=recording_of(call) if recorded else "",
        )

    def _under_way(self, number: str, *, by_shop: bool | None = None, state: str = "") -> Call:
        call = self.line(number).now
        if call is None or (by_shop is not None and call.by_shop is not by_shop) or state not in {"", call.state}:
            raise LookupError("there is no such call")
        return call

    def _notify(self, event: str, call: Call, **more: str) -> None:
        """Times are the account's own, without a zone, as Zadarma writes them."""
        fields = {"event": event, "call_start": f"{call.at:%Y-%m-%d %H:%M:%S}", "pbx_call_id": call.id}
        if call.by_shop:
            fields |= {"destination": call.number.removeprefix("+"), "internal": call.extension}
        else:
            fields |= {"caller_id": call.number, "called_did": SHOP_NUMBER}
        fields |= more
        signed = "".join(fields.get(name, "") for name in SIGNED[event])
        headers = {"content-type": "application/x-www-form-urlencoded", "signature": seal(signed)}
        self.knocker.tell(Knock(self.hook, headers, urlencode(fields).encode()))

    def _login(self, asked: Asked) -> None:
        query = urlencode(sorted(asked.query.items()))
        method = asked.request.scope["path"].removeprefix(asked.request.scope.get("root_path", ""))
        digest = hashlib.md5(query.encode(), usedforsecurity=False).hexdigest()
        if asked.request.headers.get("authorization") != f"{KEY}:{seal(f'{method}{query}{digest}')}":
            raise RefusedError(401, {"status": "error", "message": "Not authorized"})


def recording_of(call: Call) -> str:
    return f"{int(call.at.timestamp())}.{call.id.rpartition('_')[2]}"


def seal(text: str) -> str:
    digest = hmac.new(SECRET.encode(), text.encode(), hashlib.sha1).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def shown(call: Call | None) -> Mapping[str, Any] | None:
    """A call as the telephone's page draws it."""
    if call is None:
        return None
    return {
        "id": call.id,
        "incoming": call.by_shop,
        "at": call.at.isoformat(),
        "state": call.state,
        "seconds": call.seconds,
        "talked_at": call.talked_at.isoformat() if call.talked_at else None,
    }
