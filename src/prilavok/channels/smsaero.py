"""SMS through SMS Aero (Russia). Texts out only; what became of them is asked for, because its calls prove nothing.

A refusal comes as `success: false` with a sentence, and with the fields that are wrong when it checks them.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

import msgspec

from prilavok.channels.base import (
    Account,
    Channel,
    Config,
    Dialogue,
    Hook,
    Inbound,
    NeedsOwner,
    Outbound,
    Price,
    Receipt,
    ReceiptCame,
    Request,
    Response,
    Sent,
    TryLater,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.gateway import ASKED_AFTER, TEXTS, decoded, on_account
from prilavok.channels.wire import said
from prilavok.channels.words import dialled, numbered
from prilavok.domain.sms import parts

MESSAGE = re.compile(r"\d{1,18}", re.ASCII)
STATUSES = {
    0: Receipt.SENT,  # in the queue
    1: Receipt.DELIVERED,
    2: Receipt.FAILED,
    3: Receipt.SENT,  # handed over
    4: Receipt.SENT,  # waits for its outcome
    6: Receipt.FAILED,
    8: Receipt.SENT,  # a person there looks at it
}
FAILURES = {2: "the message could not be delivered", 6: "SMS Aero rejected the message"}
NO_MONEY = re.compile(r"credit|balance|средств", re.IGNORECASE)
NO_LOGIN = re.compile(r"auth|credential|invalid user|api.?key", re.IGNORECASE)
OURS = {"sign", "channel"}  # fields of a request that the owner has set


class SmsAeroConfig(Config):
    email: Annotated[str, field_of("E-mail", "The address with which you sign in at smsaero.ru.", pattern="@")]
    api_key: Annotated[str, field_of("API key", "In your cabinet: Settings, API and SMPP.", secret=True)]
    sender: Annotated[
        str, field_of("Sender", "A name that SMS Aero has approved for you. Nobody can answer to it.", pattern=r"\S")
    ] = "SMS Aero"
    api_base: Annotated[str, field_of("SMS Aero's server", "Change it only for a gateway or a simulator.")] = (
        "https://gate.smsaero.ru"
    )


class Answer(msgspec.Struct):
    success: bool
    data: Any = None
    message: str | None = None


class Message(msgspec.Struct):
    id: int
    status: int = 0
    cost: float | None = None


read_answer = msgspec.json.Decoder(Answer)


class SmsAero(Channel):
    kind = "smsaero"
    title = "SMS (SMS Aero)"
    summary = "Text messages to Russian telephones under your approved name, through SMS Aero."
    capabilities = replace(TEXTS, text_limit=640, hooked=False, inquires=ASKED_AFTER)
    Config = SmsAeroConfig
    quality: ClassVar[Mapping[str, str]] = {
        "sends": "done",
        "receipts": "done",
        "price": "done",
        "errors": "done",
        "calls of SMS Aero": "exempt, they are not signed; it is asked instead",
        "receives": "exempt, its interface passes no answers on",
        "replay": "exempt, nothing comes in",
        "files": "exempt, because an SMS carries none; send a link",
        "buttons": "exempt, nobody could answer: links are written out",
        "edits": "exempt, an SMS cannot be changed",
    }

    def check(self) -> Dialogue[Account]:
        data = settle((yield self._request("/v2/balance", {})))
        note = on_account(data, "₽", "SMS Aero")
        return Account(name=self.config.email, handle=self.config.sender, note=note)

    def parse(self, hook: Hook) -> list[Inbound]:
        """Nobody is told to call here: whoever does is somebody else."""
        return [Unknown(f"a delivery of {len(hook.body)} bytes")]

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        text = numbered(outbound)
        if len(text) > self.capabilities.text_limit:
            raise Undeliverable("With its answers written out the text is longer than SMS Aero takes.")
        number = dialled(outbound.address).lstrip("+")
        fields = {"number": number, "text": text, "sign": self.config.sender}
        message = one_of(settle((yield self._request("/v2/sms/send", fields)), sends=True))
        if STATUSES.get(message.status) is Receipt.FAILED:
            raise Undeliverable(f"SMS Aero: {FAILURES[message.status]}")
        return Sent(provider_id=str(message.id), price=cost(message, len(parts(text))))

    def inquire(self, provider_ids: Sequence[str]) -> Dialogue[Sequence[ReceiptCame]]:
        """SMS Aero answers about one message at a time. One that it does not know any more has no news."""
        found = []
        for which in filter(MESSAGE.fullmatch, provider_ids):
            response = yield self._request("/v2/sms/status", {"id": int(which)})
            try:
                message = one_of(settle(response))
            except Undeliverable:
                continue
            receipt = STATUSES.get(message.status)
            if receipt is not None and str(message.id) == which:
                reason = FAILURES.get(message.status, "")
                price = cost(message, None)
                found.append(
                    ReceiptCame(receipt=receipt, at=datetime.now(UTC), provider_id=which, reason=reason, price=price)
                )
        return found

    def _request(self, path: str, fields: Mapping[str, Any]) -> Request:
        login = base64.b64encode(f"{self.config.email}:{self.config.api_key}".encode()).decode()
        headers = {"authorization": f"Basic {login}", "content-type": "application/json"}
        url = self.config.api_base.rstrip("/") + path
        return Request("POST", url, headers=headers, body=msgspec.json.encode(fields))


def cost(message: Message, units: int | None) -> Price:
    known = message.cost is not None and 0 <= message.cost < 1_000_000
    return Price(f"{message.cost:.2f}" if known else "", "RUB" if known else "", units)


def one_of(data: Any) -> Message:
    try:
        return msgspec.convert(data[0] if isinstance(data, list) and data else data, Message)
    except msgspec.ValidationError as error:
        raise TryLater("SMS Aero's answer names no message", perhaps_sent=True) from error


def settle(response: Response, *, sends: bool = False) -> Any:
    """The data of an answer that says yes; for the rest the error that says what to do."""
    answer = decoded(response, read_answer, "SMS Aero", "e-mail and the API key", sends=sends)
    if not answer.success:
        raise refused(said(answer.message, 200), answer.data)
    return answer.data


def refused(message: str, data: Any) -> Exception:
    wrong = {name for name in data if isinstance(name, str)} if isinstance(data, dict) else set()
    reason = f"SMS Aero: {message or 'the message was not taken'}"
    if NO_MONEY.search(message):
        return NeedsOwner("There is no money on the account at SMS Aero.")
    if NO_LOGIN.search(message):
        return NeedsOwner("SMS Aero does not accept the e-mail and the API key.")
    if wrong & OURS:
        return NeedsOwner(f"{reason} It does not accept the sender: check the name.")
    return Undeliverable(reason, address_is_dead=bool(wrong & {"number", "numbers"}))
