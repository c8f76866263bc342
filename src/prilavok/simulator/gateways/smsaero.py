"""SMS Aero on loopback: sending and asking, in its own shape."""

import base64
import json
import re
from typing import Any

from starlette.responses import Response

from prilavok.simulator.gateways import Gateway, Text
from prilavok.simulator.office import Asked, RefusedError, answer

EMAIL, API_KEY, SENDER = "owner@example.com", "demo-key-of-sms-aero", "SMS Aero"
PHONE = re.compile(r"\d{11,15}", re.ASCII)
TAKES = {"number", "numbers", "text", "sign", "dateSend", "callbackUrl", "callbackFormat", "shortLink"}
STATUSES = {
    "queued": (0, "queue"),
    "sent": (3, "transmitted"),
    "delivered": (1, "delivery"),
    "expired": (2, "undelivered"),
}
PRICE = 5.49  # roubles a part


class SmsAeroEmulator(Gateway):
    sender = SENDER

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.route("POST", r"/v2/sms/send", self._send, sends=True)
        self.route("POST", r"/v2/sms/status", self._status)
        self.route("POST", r"/v2/balance", self._balance)

    def _send(self, asked: Asked) -> Response:
        body = self._body(asked)
        self.requests.append(body)
        wrong = {name: ["Unknown field."] for name in body.keys() - TAKES}
        if not PHONE.fullmatch(str(body.get("number", ""))):
            wrong["number"] = ["Number is not valid."]
        if not body.get("text") or len(str(body["text"])) > 640:
            wrong["text"] = ["Text is empty or too long."]
        if body.get("sign") != SENDER:
            wrong["sign"] = ["Sign is not approved."]
        if wrong:
            raise refused("Validation error.", wrong, status=400)
        if self.balance <= 0:
            raise refused("Your account no credits")
        text = self._hand_over(body["number"], str(self._next()), body["text"])
        return answer({"success": True, "data": shown(text, body["number"]), "message": None})

    def _status(self, asked: Asked) -> Response:
        which = str(self._body(asked).get("id", ""))
        text = self._find(which)
        if text is None:
            raise refused("Validation error.", {"id": ["Not found."]}, status=404)
        return answer({"success": True, "data": shown(text, ""), "message": None})

    def _balance(self, asked: Asked) -> Response:
        self._body(asked)
        return answer({"success": True, "data": {"balance": self.balance}, "message": None})

    def _body(self, asked: Asked) -> dict[str, Any]:
        wanted = base64.b64encode(f"{EMAIL}:{API_KEY}".encode()).decode()
        if asked.request.headers.get("authorization") != f"Basic {wanted}":
            raise refused("Your request was made with invalid credentials.", status=401)
        try:
            body: dict[str, Any] = json.loads(asked.body)
        except ValueError:
            raise refused("Validation error.", status=400) from None
        return body


def shown(text: Text, number: str) -> dict[str, Any]:
    status, word = STATUSES[text.status]
    at = int(text.at.timestamp())
    return {
        "id": int(text.id),
        "from": SENDER,
        "number": number,
        "text": text.text,
        "status": status,
        "extendStatus": word,
        "channel": "FREE SIGN",
        "cost": round(PRICE * text.parts, 2),
        "dateCreate": at,
        "dateSend": at,
    }


def refused(message: str, data: Any = None, *, status: int = 200) -> RefusedError:
    return RefusedError(status, {"success": False, "data": data, "message": message})
