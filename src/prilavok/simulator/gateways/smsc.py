"""SMSC.ru on loopback: sending, asking, and its calls about texts that went and texts that came."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from prilavok.simulator.gateways import Gateway, Telephone, Text
from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Asked, RefusedError, answer

LOGIN, PASSWORD, CALLBACK_PASSWORD = "shop", "demo-password-of-smsc", "callbackword1"
NUMBER = "79990000000"
PHONE = re.compile(r"\d{11,15}", re.ASCII)
TAKES = {"login", "psw", "fmt", "charset", "phones", "mes", "id", "cost", "sender", "valid"}
STATUSES = {"queued": -1, "sent": 0, "delivered": 1, "expired": 3}
PRICE = 1.4  # a part


class SmscEmulator(Gateway):
    sender = f"+{NUMBER}"
    hears = True

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.on_progress = self._tell
        self.calls = True  # False: it forgets to call, and must be asked
        self.route("POST", r"/sys/send\.php", self._send, sends=True)
        self.route("POST", r"/sys/status\.php", self._status)
        self.route("POST", r"/sys/balance\.php", self._balance)

    def user_texts(self, number: str, text: str) -> Text:
        message = self._said(number, str(self._next()), text)
        fields = {
            "id": "0",
            "sms_id": message.id,
            "phone": number.lstrip("+"),
            "mes": text,
            "to": NUMBER,
            "time": f"{message.at:%d.%m.%Y %H:%M:%S}",
        }

        def taken() -> None:
            message.taken = True

        self._call(fields, taken)
        return message

    def _tell(self, telephone: Telephone, text: Text) -> None:
        fields = {
            "id": text.id,
            "phone": telephone.number.lstrip("+"),
            "status": str(STATUSES[text.status]),
            "time": f"{self.now():%d.%m.%Y %H:%M:%S}",
            "ts": str(int(self.now().timestamp())),
            "err": "0",
            "cnt": str(text.parts),
            "type": "0",
        }
        signed = f"{fields['id']}:{fields['phone']}:{fields['status']}:{CALLBACK_PASSWORD}".encode()
        fields["md5"] = hashlib.md5(signed).hexdigest()  # noqa: S324  SMSC's own choice
        fields["sha1"] = hashlib.sha1(signed).hexdigest()  # noqa: S324
        if self.calls:
            self._call(fields, None)

    def too_many(self, seconds: float) -> Response:
        del seconds
        return answer({"error": "too many requests", "error_code": 9})

    def _call(self, fields: Mapping[str, str], taken: Any) -> None:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        self.knocker.tell(Knock(self.hook, headers, urlencode(fields).encode(), taken))

    def _send(self, asked: Asked) -> Response:
        fields = self._fields(asked)
        self.requests.append(fields)
        if fields.keys() - TAKES or not fields.get("mes") or fields.get("charset") != "utf-8":
            raise refused("parameters error", 1)
        if not PHONE.fullmatch(fields.get("phones", "")):
            raise refused("invalid number", 7)
        if not 0 < int(fields.get("id", "1")) < 2**31:
            raise refused("parameters error", 1)
        if self.balance <= 0:
            raise refused("no money", 3)
        text = self._hand_over(fields["phones"], fields.get("id", str(self._next())), fields["mes"])
        return answer({"id": int(text.id), "cnt": text.parts, "cost": f"{PRICE * text.parts:.2f}"})

    def _status(self, asked: Asked) -> Response:
        fields = self._fields(asked)
        text = self._find(fields.get("id", ""), fields.get("phone", ""))
        return answer({"status": -3 if text is None else STATUSES[text.status], "err": 0})

    def _balance(self, asked: Asked) -> Response:
        self._fields(asked)
        return answer({"balance": f"{self.balance:.2f}", "currency": "RUR"})

    def _fields(self, asked: Asked) -> dict[str, str]:
        fields = asked.form
        if (fields.get("login"), fields.get("psw")) != (LOGIN, PASSWORD) or fields.get("fmt") != "3":
            raise refused("authorise error", 2)
        return fields


def refused(error: str, code: int) -> RefusedError:
    return RefusedError(200, {"error": error, "error_code": code})
