"""TurboSMS on loopback: sending and asking, in its own shape and with its own numbers.

gateway.without_viber.add("+380671234567")  # this telephone has no Viber: the SMS follows at once
gateway.gives_viber_up("+380671234567")     # what did not arrive there in time goes as an SMS
gateway.user_reads("+380671234567")
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from prilavok.simulator.gateways import DELIVERED, EXPIRED, READ, Gateway, Telephone, Text
from prilavok.simulator.office import Asked, RefusedError, answer, last

TOKEN = "demo-token-of-turbosms"
SENDER = "Kardamon"
PHONE = re.compile(r"380\d{9}", re.ASCII)
WORDS = {"queued": "Queued", "sent": "Sent", "delivered": "Delivered", "read": "Read", "expired": "Expired"}


class TurboSmsEmulator(Gateway):
    """`tells_apart`: the SMS that follows a text in Viber has an id of its own, and the first stays expired for ever.
    What is publicly known of TurboSMS leaves both open.
    """

    sender = SENDER

    def __init__(self, *, tells_apart: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.tells_apart = tells_apart
        self.without_viber: set[str] = set()
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
        viber = body.get("viber")
        if sms.get("sender") != SENDER or (viber is not None and viber.get("sender") != SENDER):
            raise refused(400, "NOT_ALLOWED_MESSAGE_SENDER")
        if viber is not None and not (isinstance(viber.get("ttl"), int) and 60 <= viber["ttl"] <= 86_400):
            raise refused(306, "INVALID_TTL")
        if self.balance <= 0:
            raise refused(203, "REQUIRED_BALANCE")
        results = [self._one(str(one), sms["text"], viber) for one in recipients]
        whole = all(one["response_code"] == 0 for one in results)
        code, status = (801, "SUCCESS_MESSAGE_SENT") if whole else (803, "SUCCESS_MESSAGE_PARTIAL_SENT")
        return answer({"response_code": code, "response_status": status, "response_result": results})

    def _one(self, phone: str, text: str, viber: Mapping[str, Any] | None) -> dict[str, Any]:
        code, status, which = 0, "OK", None
        if not PHONE.fullmatch(phone):
            code, status = 305, "INVALID_PHONE"
        elif self.thread(phone).stopped:
            code, status = 404, "NOT_ALLOWED_NUMBER_STOPLIST"
        else:
            which = self._hand_over(phone, str(uuid4()), text).id
            if viber is not None:
                self._first_in_viber(self.thread(phone), last(self.thread(phone).messages, which), viber)
        return {"phone": phone, "response_code": code, "message_id": which, "response_status": status}

    def _first_in_viber(self, telephone: Telephone, text: Text, viber: Mapping[str, Any]) -> None:
        text.way, text.text = "viber", viber["text"]
        if telephone.number in self.without_viber:
            self._instead_of_viber(telephone, text)
        else:
            self.knocker.after(viber["ttl"], lambda: self._instead_of_viber(telephone, text))

    def _instead_of_viber(self, telephone: Telephone, text: Text) -> None:
        if text.way != "viber" or text.taken or text.status == EXPIRED:
            return
        if self.tells_apart:
            text.status = EXPIRED
            self._hand_over(telephone.number, str(uuid4()), text.text)
        else:
            text.way = "sms"

    def gives_viber_up(self, number: str) -> None:
        telephone = self.thread(number)
        for one in list(telephone.messages):
            self._instead_of_viber(telephone, one)

    def user_reads(self, number: str) -> None:
        """Nobody is told of an SMS."""
        for one in self.thread(number).messages:
            if one.way == "viber" and one.status == DELIVERED:
                one.status = READ

    def _leaves(self, telephone: Telephone, text: Text) -> None:
        if text.status != EXPIRED:
            super()._leaves(telephone, text)

    def _status(self, asked: Asked) -> Response:
        results = [self._shown(str(one)) for one in self._body(asked).get("messages", [])]
        return answer({"response_code": 0, "response_status": "OK", "response_result": results})

    def _shown(self, which: str) -> dict[str, Any]:
        text: Text | None = self._find(which)
        if text is None:
            return {"message_id": which, "response_code": 414, "response_status": "NOT_ALLOWED_MESSAGE_ID"}
        status = {"status": WORDS[text.status], "type": text.way}
        return {"message_id": which, "response_code": 0, "response_status": "OK", **status}

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
