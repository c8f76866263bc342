"""Twilio on loopback: an ASGI application that answers as its REST API, and the telephones that its texts reach.

    twilio = TwilioEmulator(hook="https://shop.example/hooks/KEY")
    twilio.user_texts("+380671234567", "Where is my order?")
    twilio.thread("+380671234567").messages

The connector's `api_base` is where this application is served. A telephone that is switched off gets its texts later.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from starlette.responses import Response

from prilavok.domain.sms import parts
from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Asked, Office, RefusedError, answer

ACCOUNT = f"AC{'0' * 31}1"
TOKEN = "demo-token-of-twilio"
NUMBER = "+15005550006"
MAIN = r"/2010-04-01/Accounts/(?P<account>AC[0-9a-f]{32})"
STOP, START = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit"}, {"start", "unstop", "yes"}
TAKES = {"To", "From", "MessagingServiceSid", "Body", "StatusCallback", "MediaUrl", "ValidityPeriod", "SendAsMms"}
PHONE = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
PRICE = Decimal("0.0079")  # dollars a part
TO_OPERATOR, TO_TELEPHONE = 0.3, 0.6  # seconds


@dataclass(slots=True)
class Text:
    id: str
    mine: bool  # the customer's
    at: datetime
    text: str
    taken: bool = False  # by the shop, or by the telephone
    callback: str = ""
    status: str = "queued"


@dataclass(slots=True)
class Telephone:
    number: str
    on: bool = True
    stopped: bool = False
    messages: list[Text] = field(default_factory=list)


class TwilioEmulator(Office):
    keeps = ("telephones",)
    sender = NUMBER
    hears = True  # who gets a text can answer it

    def __init__(self, *, hook: str = "", **more: Any) -> None:
        """`hook`: where incoming texts go, until the connector says so itself."""
        super().__init__(**more)
        self.hook = hook
        self.telephones: dict[str, Telephone] = {}
        self.requests: list[dict[str, str]] = []
        self.route("POST", rf"{MAIN}/Messages\.json", self._send, sends=True)
        self.route("GET", rf"{MAIN}/Messages/(?P<sid>SM[0-9a-f]{{32}})\.json", self._look)
        self.route("GET", rf"{MAIN}\.json", self._account)
        self.route("GET", rf"{MAIN}/IncomingPhoneNumbers\.json", self._list_numbers)
        self.route("POST", rf"{MAIN}/IncomingPhoneNumbers/PN1\.json", self._change_number)

    def thread(self, number: str) -> Telephone:
        return self.telephones.setdefault(number, Telephone(number))

    # What people do

    def user_texts(self, number: str, text: str) -> Text:
        """STOP and START are obeyed by Twilio itself, before the shop hears of them."""
        telephone = self.thread(number)
        message = Text(new_sid(), True, self.now(), text)
        telephone.messages.append(message)
        word = text.strip().strip(".!").lower()
        wish = "STOP" if word in STOP else "START" if word in START else ""
        telephone.stopped = (telephone.stopped or wish == "STOP") and wish != "START"
        fields = {
            "MessageSid": message.id,
            "SmsSid": message.id,
            "AccountSid": ACCOUNT,
            "From": number,
            "To": NUMBER,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
            **({"OptOutType": wish} if wish else {}),
        }
        self._tell(self.hook, fields, message)
        return message

    def switch(self, number: str, *, on: bool) -> None:
        """What came while the telephone was off arrives when it is on again."""
        telephone = self.thread(number)
        telephone.on = on
        if on:
            for one in telephone.messages:
                if not one.mine and one.status == "sent":
                    self._arrives(telephone, one)

    def resume(self) -> int:
        rows = ((telephone, one) for telephone in self.telephones.values() for one in telephone.messages)
        under_way = [(telephone, one) for telephone, one in rows if not one.mine and one.status in {"queued", "sent"}]
        for telephone, one in under_way:
            self._goes(telephone, one)
        return len(under_way)

    # The API

    def too_many(self, seconds: float) -> Response:
        body = {"code": 20429, "message": "Too Many Requests", "status": 429}
        return answer(body, 429, {"retry-after": str(int(seconds))})

    def _account(self, asked: Asked) -> Response:
        self._login(asked)
        return answer({"sid": ACCOUNT, "friendly_name": "Kardamon", "status": "active", "type": "Full"})

    def _list_numbers(self, asked: Asked) -> Response:
        self._login(asked)
        found = [{"sid": "PN1", "phone_number": NUMBER}] if asked.query.get("PhoneNumber", NUMBER) == NUMBER else []
        return answer({"incoming_phone_numbers": found})

    def _change_number(self, asked: Asked) -> Response:
        self._login(asked)
        self.hook = asked.form.get("SmsUrl", self.hook)
        return answer({"sid": "PN1", "phone_number": NUMBER, "sms_url": self.hook})

    def _send(self, asked: Asked) -> Response:
        self._login(asked)
        fields = asked.form
        self.requests.append(fields)
        if unknown := fields.keys() - TAKES:
            raise refused(400, 20001, f"Unknown parameters: {', '.join(sorted(unknown))}")
        if not PHONE.fullmatch(fields.get("To", "")):
            raise refused(400, 21211, f"The 'To' number {fields.get('To', '')} is not a valid phone number.")
        if not (fields.get("From") or fields.get("MessagingServiceSid")):
            raise refused(400, 21603, "A 'From' phone number is required.")
        if not fields.get("Body") or len(fields["Body"]) > 1600:
            raise refused(400, 21617 if fields.get("Body") else 21602, "The message body is empty or too long.")
        telephone = self.thread(fields["To"])
        if telephone.stopped:
            raise refused(400, 21610, "Attempt to send to unsubscribed recipient")
        message = Text(new_sid(), False, self.now(), fields["Body"], callback=fields.get("StatusCallback", ""))
        telephone.messages.append(message)
        self._goes(telephone, message)
        return answer(self._shown(telephone, message), 201)

    def _look(self, asked: Asked) -> Response:
        """What became of a text; what it costs is known once it has gone."""
        self._login(asked)
        for telephone in self.telephones.values():
            for message in telephone.messages:
                if message.id == asked.parts["sid"] and not message.mine:
                    return answer(self._shown(telephone, message))
        raise refused(404, 20404, "The requested resource was not found")

    def _goes(self, telephone: Telephone, message: Text) -> None:
        self.knocker.after(TO_OPERATOR, lambda: self._leaves(telephone, message))

    def _leaves(self, telephone: Telephone, message: Text) -> None:
        self._progress(telephone, message, "sent")
        if telephone.on:
            self.knocker.after(TO_TELEPHONE, lambda: self._arrives(telephone, message))

    def _arrives(self, telephone: Telephone, message: Text) -> None:
        if telephone.on and message.status == "sent":
            message.taken = True
            self._progress(telephone, message, "delivered")

    def _progress(self, telephone: Telephone, message: Text, status: str) -> None:
        message.status = status
        fields = {
            "MessageSid": message.id,
            "SmsSid": message.id,
            "MessageStatus": status,
            "SmsStatus": status,
            "To": telephone.number,
            "From": NUMBER,
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
        }
        self._tell(message.callback, fields, None)

    def _tell(self, url: str, fields: Mapping[str, str], message: Text | None) -> None:
        signed = url + "".join(f"{name}{value}" for name, value in sorted(fields.items()))
        digest = hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": base64.b64encode(digest).decode(),
        }

        def taken() -> None:
            if message is not None:
                message.taken = True

        self.knocker.tell(Knock(url, headers, urlencode(fields).encode(), taken))

    def _shown(self, telephone: Telephone, message: Text) -> dict[str, Any]:
        return {
            "sid": message.id,
            "account_sid": ACCOUNT,
            "status": message.status,
            "to": telephone.number,
            "from": NUMBER,
            "body": message.text,
            "direction": "outbound-api",
            "num_segments": str(len(parts(message.text))),
            "price": str(-PRICE * len(parts(message.text))) if message.status in {"sent", "delivered"} else None,
            "price_unit": "USD",
            "error_code": None,
            "error_message": None,
        }

    def _login(self, asked: Asked) -> None:
        wanted = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if asked.parts["account"] != ACCOUNT or asked.request.headers.get("authorization") != f"Basic {wanted}":
            raise refused(401, 20003, "Authenticate")


def new_sid() -> str:
    return f"SM{uuid4().hex}"


def refused(status: int, code: int, message: str) -> RefusedError:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return RefusedError(status, {"code": code, "message": message, "more_info": more, "status": status})
