"""An exchange of the shop's own with a small script beside it: signed JSON both ways (docs/channels/sip.md)."""

import json
from datetime import UTC
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from prilavok.channels import standard_webhooks
from prilavok.domain.errors import BadSignature
from prilavok.simulator.exchanges.exchange import EXTENSION, Call, Exchange
from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Asked, RefusedError, answer

SECRET = "whsec_ZGVtby1zZWNyZXQtb2YtYW4tZXhjaGFuZ2UtMDEyMzQ="
STATES = {"answered": "answered", "busy": "busy", "no answer": "no_answer", "cancel": "cancelled"}


class SipEmulator(Exchange):
    title = "SIP"

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.key = standard_webhooks.key_of(SECRET)
        self.route("POST", r"/call", self._call, sends=True)
        self.route("GET", r"/rec/(?P<name>.+)", self._recorded)

    def began(self, call: Call) -> None:
        if call.by_shop:
            self._outgoing(call, "ringing")
        else:
            self._tell({"event": "ring", "id": call.id, "from": call.number, "to": self.number})

    def taken(self, call: Call) -> None:
        if call.by_shop:
            self._outgoing(call, "answered")
        else:
            self._tell({"event": "answer", "id": call.id, "from": call.number, "extension": EXTENSION})

    def over(self, call: Call, how: str) -> None:
        if call.by_shop:
            self._outgoing(call, STATES.get(how, "unreachable"))
            return
        self._tell({"event": "hangup", "id": call.id})
        if how == "answered":
            self._tell({"event": "recording", "id": call.id, "recording": f"{call.id}.mp3"})

    def left(self, number: str, extension: str, ref: str) -> None:
        del number, extension
        self._tell({"event": "outgoing", "id": ref, "state": "agent_no_answer"})

    def _outgoing(self, call: Call, state: str) -> None:
        self._tell({"event": "outgoing", "id": self.refs[call.id], "state": state})

    def _tell(self, event: dict[str, Any]) -> None:
        now = self.now()
        body = json.dumps({"events": [{**event, "at": now.astimezone(UTC).isoformat()}]}).encode()
        headers = {**standard_webhooks.headers(self.key, uuid4().hex, now, body), "content-type": "application/json"}
        self.knocker.tell(Knock(self.hook, headers, body))

    def _verify(self, asked: Asked) -> None:
        try:
            standard_webhooks.verify(self.key, dict(asked.request.headers), asked.body, self.now())
        except BadSignature as error:
            raise RefusedError(401, {"message": "wrong signature"}) from error

    def _call(self, asked: Asked) -> Response:
        self._verify(asked)
        wanted = json.loads(asked.body)
        self.requests.append(wanted)
        if set(wanted) != {"id", "from", "to"}:
            raise RefusedError(400, {"message": "id, from and to"})
        self.knocker.after(0.3, lambda: self.rings_soon(wanted["to"], wanted["from"], wanted["id"]))
        return answer({})

    def _recorded(self, asked: Asked) -> Response:
        self._verify(asked)
        return Response(self.recording(), media_type="audio/mpeg")
