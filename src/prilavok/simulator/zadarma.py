"""Zadarma on loopback: an ASGI application that answers as its API, and telephones that ring, are taken or are left.

    zadarma = ZadarmaEmulator(hook="https://shop.example/hooks/KEY")
    zadarma.user_calls("+380671234567")        # the shop's telephone rings
    zadarma.shop_picks_up("+380671234567")     # somebody at extension 101
    zadarma.user_hangs_up("+380671234567")

When the shop calls, its agent is taken to have picked up at once; then the customer's telephone rings for a while.
"""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from prilavok.simulator.exchanges.exchange import EXTENSION, Call, Exchange
from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Asked, RefusedError, answer

KEY, SECRET = "demo-key", "demo-secret-of-zadarma"
SIGNED = {
    "NOTIFY_START": ("caller_id", "called_did", "call_start"),
    "NOTIFY_END": ("caller_id", "called_did", "call_start"),
    "NOTIFY_ANSWER": ("caller_id", "destination", "call_start"),
    "NOTIFY_OUT_START": ("internal", "destination", "call_start"),
    "NOTIFY_OUT_END": ("internal", "destination", "call_start"),
    "NOTIFY_RECORD": ("pbx_call_id", "call_id_with_rec"),
}
CAUSES = {"answered": "16", "busy": "17", "no answer": "19", "cancel": "16", "failed": "20"}  # Q.850


class ZadarmaEmulator(Exchange):
    title = "Zadarma"

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.route("GET", r"/v1/info/balance/", self._balance)
        self.route("GET", r"/v1/request/callback/", self._callback, sends=True)
        self.route("GET", r"/v1/pbx/record/request/", self._record)
        self.route("GET", r"/recordings/(?P<id>[\w.-]+)\.mp3", self._recorded)

    def began(self, call: Call) -> None:
        self._notify("NOTIFY_OUT_START" if call.by_shop else "NOTIFY_START", call)

    def taken(self, call: Call) -> None:
        if not call.by_shop:
            self._notify("NOTIFY_ANSWER", call, destination=EXTENSION, internal=EXTENSION)

    def over(self, call: Call, how: str) -> None:
        recorded = how == "answered" and not call.by_shop
        self._notify(
            "NOTIFY_OUT_END" if call.by_shop else "NOTIFY_END",
            call,
            internal=call.extension,
            duration=str(call.seconds),
            disposition=how,
            status_code=CAUSES[how],
            is_recorded="1" if recorded else "0",
            call_id_with_rec=recording_of(call) if recorded else "",
        )

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
        self.knocker.after(0.3, lambda: self.rings_soon(f"+{fields['to']}", fields["from"], ""))
        at = int(self.now().timestamp())
        return answer({"status": "success", "from": fields["from"], "to": fields["to"], "time": at})

    def _record(self, asked: Asked) -> Response:
        self._login(asked)
        wanted = asked.query.get("call_id", "")
        call = next((one for line in self.lines.values() for one in line.calls if recording_of(one) == wanted), None)
        if call is None or call.state != "answered":
            raise RefusedError(400, {"status": "error", "message": "Record not found"})
        return answer({"status": "success", "link": f"{self.address}/recordings/{wanted}.mp3"})

    def _recorded(self, asked: Asked) -> Response:
        del asked
        return Response(self.recording(), media_type="audio/mpeg")

    def _notify(self, event: str, call: Call, **more: str) -> None:
        """Times are the account's own, without a zone, as Zadarma writes them."""
        which = f"{'out' if call.by_shop else 'in'}_{call.id}"
        fields = {"event": event, "call_start": f"{call.at:%Y-%m-%d %H:%M:%S}", "pbx_call_id": which}
        if call.by_shop:
            fields |= {"destination": call.number.removeprefix("+"), "internal": call.extension}
        else:
            fields |= {"caller_id": call.number, "called_did": self.number}
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
    return f"{int(call.at.timestamp())}.{call.id}"


def seal(text: str) -> str:
    digest = hmac.new(SECRET.encode(), text.encode(), hashlib.sha1).hexdigest()
    return base64.b64encode(digest.encode()).decode()
