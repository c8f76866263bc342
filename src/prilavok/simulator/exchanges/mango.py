"""Mango Office on loopback: signed forms to addresses under the hook, commands back."""

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from prilavok.simulator.exchanges.exchange import EXTENSION, Call, Exchange
from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Asked, RefusedError, answer

KEY, SALT = "demo-key-of-mango", "demo-salt-of-mango"
DONE = 1000
REASONS = {"answered": 1110, "no answer": 1111, "busy": 1121, "cancel": 1110, "failed": 1131}
NOBODY_AT_DESK = 1124


class MangoEmulator(Exchange):
    title = "Mango Office"

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.route("POST", r"/vpbx/commands/callback", self._callback, sends=True)
        self.route(
            "GET",
            r"/vpbx/queries/recording/link/(?P<id>[^/]+)/play/(?P<key>[^/]+)/(?P<until>\d+)/(?P<sign>\w+)",
            self._play,
        )

    def began(self, call: Call) -> None:
        if not call.by_shop:
            self._tell("events/call", call, **self._sides(call), call_state="Appeared", location="ivr", seq=1)

    def taken(self, call: Call) -> None:
        if not call.by_shop:
            sides = {
                **self._sides(call),
                "to": {"extension": EXTENSION, "number": "sip:a@demo", "line_number": dry(self.number)},
            }
            self._tell("events/call", call, **sides, call_state="Connected", location="abonent", seq=2)

    def over(self, call: Call, how: str) -> None:
        now, talked = int(self.now().timestamp()), how == "answered"
        told = {"create_time": int(call.at.timestamp()), "end_time": now, "entry_result": int(talked)}
        told |= {"talk_time": now - call.seconds if talked else 0, "disconnect_reason": REASONS[how]}
        direction = 2 if call.by_shop else 1
        self._tell("events/summary", call, **self._sides(call), **told, call_direction=direction)
        if talked and not call.by_shop:
            self._tell("events/recording", call, recording_id=f"rec-{call.id}", recording_state="Completed")

    def left(self, number: str, extension: str, ref: str) -> None:
        del ref
        call = Call(self.new_id(), number, by_shop=True, at=self.now(), extension=extension)
        ended = {"end_time": int(self.now().timestamp()), "entry_result": 0, "talk_time": 0}
        ended |= {"disconnect_reason": NOBODY_AT_DESK, "call_direction": 2}
        self._tell("events/summary", call, **self._sides(call), **ended)

    def _sides(self, call: Call) -> dict[str, Any]:
        if call.by_shop:
            return {"from": {"extension": call.extension}, "to": {"number": dry(call.number)}}
        line = dry(self.number)
        return {"from": {"number": dry(call.number)}, "to": {"number": line, "line_number": line}, "line_number": line}

    def _tell(self, where: str, call: Call | None, **fields: Any) -> None:
        told = {"timestamp": int(self.now().timestamp()), **fields}
        if call is not None:
            told |= {"entry_id": call.id, "call_id": f"leg-{call.id}"}
        text = json.dumps(told)
        form = {"vpbx_api_key": KEY, "sign": seal(text), "json": text}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        self.knocker.tell(Knock(f"{self.hook}/{where}" if self.hook else "", headers, urlencode(form).encode()))

    def _callback(self, asked: Asked) -> Response:
        form = asked.form
        if form.get("vpbx_api_key") != KEY or form.get("sign") != seal(form.get("json", "")):
            raise RefusedError(401, {"result": 3100, "message": "Wrong signature"})
        wanted = json.loads(form["json"])
        self.requests.append(wanted)
        if (
            not wanted.get("command_id")
            or not wanted.get("from", {}).get("extension")
            or not wanted["to_number"].isdigit()
        ):
            raise RefusedError(400, {"result": 3101, "message": "Wrong parameters"})

        def begin() -> None:
            self._tell("result/callback", None, command_id=wanted["command_id"], result=DONE)
            self.rings_soon(f"+{wanted['to_number']}", wanted["from"]["extension"], wanted["command_id"])

        self.knocker.after(0.3, begin)
        return answer({"result": DONE})

    def _play(self, asked: Asked) -> Response:
        parts = asked.parts
        right = hashlib.sha256(f"{KEY}{parts['until']}{parts['id']}{SALT}".encode()).hexdigest()
        call = self.known(parts["id"].removeprefix("rec-"))
        if parts["key"] != KEY or parts["sign"] != right or int(parts["until"]) < self.now().timestamp():
            raise RefusedError(403, {"message": "Forbidden"})
        if call is None or call.state != "answered":
            raise RefusedError(404, {"message": "Not found"})
        return Response(self.recording(), media_type="audio/mpeg")


def seal(text: str) -> str:
    return hashlib.sha256(f"{KEY}{text}{SALT}".encode()).hexdigest()


def dry(number: str) -> str:
    return number.removeprefix("+")
