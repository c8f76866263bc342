"""Binotel on loopback: forms with nested names, errors with status 200."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from starlette.responses import Response

from prilavok.simulator.exchanges.exchange import EXTENSION, Call, Exchange
from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Asked, RefusedError, answer

KEY, SECRET, COMPANY = "demo-key-of-binotel", "demo-secret-of-binotel", "4"
DISPOSITIONS = {"answered": "ANSWER", "busy": "BUSY", "cancel": "CANCEL", "failed": "CHANUNAVAIL"}


class BinotelEmulator(Exchange):
    title = "Binotel"

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.route("POST", r"/api/4\.0/stats/list-of-calls-for-period\.json", self._list)
        self.route("POST", r"/api/4\.0/stats/call-record\.json", self._record)
        self.route("POST", r"/api/4\.0/calls/ext-to-phone\.json", self._call, sends=True)
        self.route("GET", r"/records/(?P<id>\d+)\.mp3", self._recorded)

    def new_id(self) -> str:
        return str(uuid4().int % 10**12)

    def too_many(self, seconds: float) -> Response:
        del seconds
        return answer({"status": "error", "code": 106, "message": "Requests are too frequent"})

    def began(self, call: Call) -> None:
        if not call.by_shop:
            self._tell("receivedTheCall", {**self._details(call), "internalNumber": ""})

    def taken(self, call: Call) -> None:
        if not call.by_shop:
            self._tell("answeredTheCall", self._details(call))

    def over(self, call: Call, how: str) -> None:
        told = {"billsec": str(call.seconds), "disposition": DISPOSITIONS.get(how, "NOANSWER")}
        self._tell("hangupTheCall", {"generalCallID": call.id, **told})
        details = {**self._details(call), **told, "startTime": str(int(call.at.timestamp()))}
        details |= {"recordingStatus": "uploaded" if how == "answered" and not call.by_shop else ""}
        self._tell("apiCallCompleted", {f"callDetails[{name}]": value for name, value in details.items()})

    def _details(self, call: Call) -> dict[str, str]:
        return {
            "generalCallID": call.id,
            "callType": str(int(call.by_shop)),
            "companyID": COMPANY,
            "externalNumber": national(call.number),
            "internalNumber": call.extension if call.by_shop else EXTENSION,
            "pbxNumber": national(self.number),
        }

    def _tell(self, kind: str, fields: dict[str, str]) -> None:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        self.knocker.tell(Knock(self.hook, headers, urlencode({"requestType": kind, **fields}).encode()))

    def _wanted(self, asked: Asked) -> dict[str, Any]:
        wanted: dict[str, Any] = json.loads(asked.body)
        if (wanted.get("key"), wanted.get("secret")) != (KEY, SECRET):
            raise RefusedError(200, {"status": "error", "code": 102, "message": "Wrong key or secret"})
        return wanted

    def _list(self, asked: Asked) -> Response:
        wanted = self._wanted(asked)
        if not 0 <= wanted["stopTime"] - wanted["startTime"] <= 86400:
            raise RefusedError(200, {"status": "error", "code": 150, "message": "At most 24 hours"})
        return answer({"status": "success", "callDetails": {}})

    def _call(self, asked: Asked) -> Response:
        wanted = self._wanted(asked)
        self.requests.append(wanted)
        if not wanted.get("ext_number") or not str(wanted.get("phone_number", "")).isdigit():
            raise RefusedError(200, {"status": "error", "code": 150, "message": "Wrong parameters"})
        self.knocker.after(0.3, lambda: self.rings_soon(f"+{wanted['phone_number']}", wanted["ext_number"], ""))
        return answer({"status": "success", "generalCallID": self.new_id()})

    def _record(self, asked: Asked) -> Response:
        call = self.known(str(self._wanted(asked).get("generalCallID")))
        if call is None or call.state != "answered":
            raise RefusedError(200, {"status": "error", "code": 104, "message": "No record"})
        return answer({"status": "success", "url": f"{self.address}/records/{call.id}.mp3"})

    def _recorded(self, asked: Asked) -> Response:
        del asked
        return Response(self.recording(), media_type="audio/mpeg")


def national(number: str) -> str:
    """As Binotel writes it: 0501234567."""
    return number.replace("+380", "0", 1)
