"""TurboSMS on loopback: sending and asking, in its own shape and with its own numbers."""

import json
import re
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from prilavok.simulator.gateways import Gateway, Text
from prilavok.simulator.office import Asked, RefusedError, answer

TOKEN = "demo-token-of-turbosms"
SENDER = "Kardamon"
PHONE = re.compile(r"380\d{9}", re.ASCII)
WORDS = {"queued": "Queued", "sent": "Sent", "delivered": "Delivered", "expired": "Expired"}


class TurboSmsEmulator(Gateway):
    sender = SENDER

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.route("POST", r"/message/send\.json", self._send, sends=True)
        self.route("POST", r"/message/status\.json", self._status)
        self.route("POST", r"/user/balance\.json", self._balance)

    def _send(self, asked: Asked) -> Response:
        body = self._body(asked)
        self.requests.append(body)
        if unknown := body.keys() - {"recipients", "sms", "viber", "start_time"}:
            raise refused(104, f"REQUIRED_CONTENT {min(unknown)}")
        sms, recipients = body.get("sms"), body.get("recipients")
        if not isinstance(recipients, list) or not recipients:
            raise refused(202, "REQUIRED_MESSAGE_RECIPIENT")
        if not isinstance(sms, dict) or not sms.get("text"):
            raise refused(201, "REQUIRED_MESSAGE_TEXT")
        if sms.get("sender") != SENDER:
            raise refused(400, "NOT_ALLOWED_MESSAGE_SENDER")
        if self.balance <= 0:
            raise refused(203, "REQUIRED_BALANCE")
        results = [self._one(str(one), sms["text"]) for one in recipients]
        whole = all(one["response_code"] == 0 for one in results)
        code, status = (801, "SUCCESS_MESSAGE_SENT") if whole else (803, "SUCCESS_MESSAGE_PARTIAL_SENT")
        return answer({"response_code": code, "response_status": status, "response_result": results})

    def _one(self, phone: str, text: str) -> dict[str, Any]:
        code, status, which = 0, "OK", None
        if not PHONE.fullmatch(phone):
            code, status = 305, "INVALID_PHONE"
        elif self.thread(phone).stopped:
            code, status = 404, "NOT_ALLOWED_NUMBER_STOPLIST"
        else:
            which = self._hand_over(phone, str(uuid4()), text).id
        return {"phone": phone, "response_code": code, "message_id": which, "response_status": status}

    def _status(self, asked: Asked) -> Response:
        results = [self._shown(str(one)) for one in self._body(asked).get("messages", [])]
        return answer({"response_code": 0, "response_status": "OK", "response_result": results})

    def _shown(self, which: str) -> dict[str, Any]:
        text: Text | None = self._find(which)
        if text is None:
            return {"message_id": which, "response_code": 414, "response_status": "NOT_ALLOWED_MESSAGE_ID"}
        return {"message_id": which, "response_code": 0, "response_status": "OK", "status": WORDS[text.status]}

    def _balance(self, asked: Asked) -> Response:
        self._body(asked)
        return answer({"response_code": 0, "response_status": "OK", "response_result": {"balance": self.balance}})

    def _body(self, asked: Asked) -> dict[str, Any]:
        if asked.request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise refused(301, "INVALID_TOKEN")
        try:
            body: dict[str, Any] = json.loads(asked.body)
        except ValueError:
            raise refused(502, "FAILED_PARSE_BODY") from None
        return body


def refused(code: int, status: str) -> RefusedError:
    return RefusedError(200, {"response_code": code, "response_status": status, "response_result": None})
