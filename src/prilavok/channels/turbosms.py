"""SMS through TurboSMS (Ukraine), on wish with Viber before it. Texts out only: it passes no answers on, and must be
asked what became of a text.

Every answer is JSON with a number of its own; 200 alone says nothing.
"""

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
    InboxInfo,
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
from prilavok.channels.wire import said, storable
from prilavok.channels.words import dialled, numbered
from prilavok.domain.capabilities import BLOCKED
from prilavok.domain.sms import parts

MESSAGE = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)
TAKEN = {0, 800, 801, 802, 803}
OWNERS = {103, 105, 106, 203, 301, 302, 400, 401, 406, 415}
DOUBTFUL = {500, 501, 503, 504, 999}  # TurboSMS itself does not know whether it was sent
STOPPED = 404
VIBER = "viber"  # what a status calls the way that a text went
DEAD = {305}
REASONS = {
    103: "the token is missing",
    105: "the token is not accepted",
    106: "the account is not active",
    203: "there is no money on the account",
    301: "the token is wrong",
    302: "there is no such sender",
    305: "this is no number that it can reach",
    400: "the sender is not yours",
    401: "the sender is not active yet",
    406: "texts to this country are switched off",
    STOPPED: BLOCKED,
    415: "the sender may not send this kind of text",
    504: "Viber did not take the text",
}
STATUSES = {
    "queued": Receipt.SENT,
    "accepted": Receipt.SENT,
    "sent": Receipt.SENT,
    "delivered": Receipt.DELIVERED,
    "read": Receipt.READ,
    "expired": Receipt.FAILED,
    "undelivered": Receipt.FAILED,
    "rejected": Receipt.FAILED,
    "failed": Receipt.FAILED,
    "cancelled": Receipt.FAILED,
}
FAILURES = {
    "expired": "the telephone was off or out of reach for too long",
    "undelivered": "the message could not be delivered",
    "rejected": "the operator rejected the message",
    "failed": "the message could not be sent",
    "cancelled": "the message was cancelled",
}


class TurboSmsConfig(Config):
    token: Annotated[str, field_of("Token", "Made in your cabinet at turbosms.ua under API.", secret=True)]
    sender: Annotated[
        str, field_of("Sender", "A name that TurboSMS has registered for you. Nobody can answer to it.", pattern=r"\S")
    ]
    viber_sender: Annotated[
        str,
        field_of(
            "Sender in Viber",
            "A name that TurboSMS has registered for you there. Every text then goes to Viber, and as an SMS only to "
            "whoever does not get it. Empty: SMS at once.",
        ),
    ] = ""
    viber_minutes: Annotated[
        int, msgspec.Meta(ge=1, le=1440), field_of("Minutes for Viber", "Then the SMS goes instead.")
    ] = 5
    api_base: Annotated[str, field_of("TurboSMS's server", "Change it only for a gateway or a simulator.")] = (
        "https://api.turbosms.ua"
    )


class Answer(msgspec.Struct):
    response_code: int
    response_status: str = ""
    response_result: Any = None


class One(msgspec.Struct):
    """What is said of one recipient, or of one message that was asked about."""

    response_code: int = 0
    response_status: str = ""
    message_id: str | None = None
    status: str | None = None
    type: str | None = None


read_answer = msgspec.json.Decoder(Answer)


class TurboSms(Channel):
    kind = "turbosms"
    title = "SMS (TurboSMS)"
    summary = "Text messages to Ukrainian telephones under your registered name, on wish first in Viber: TurboSMS."
    capabilities = replace(
        TEXTS, text_limit=1000, hooked=False, inquires=ASKED_AFTER, receipts=TEXTS.receipts | {Receipt.READ}
    )
    Config = TurboSmsConfig
    quality: ClassVar[Mapping[str, str]] = {
        "sends": "done",
        "receipts": "done",
        "errors": "done",
        "receives": "exempt, TurboSMS passes no answers on",
        "replay": "exempt, nothing comes in",
        "files": "exempt, because an SMS carries none; send a link",
        "buttons": "exempt, nobody could answer: links are written out",
        "price": "exempt, TurboSMS tells the parts to nobody; they are counted here, unless Viber comes first",
        "Viber before the SMS": "done",
        "edits": "exempt, an SMS cannot be changed",
    }

    def __init__(self, config: TurboSmsConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        if not config.viber_sender.strip():  # nobody is told that an SMS was read
            self.capabilities = replace(self.capabilities, receipts=TEXTS.receipts)

    def check(self) -> Dialogue[Account]:
        result = settle((yield self._request("/user/balance.json", {})))
        note = on_account(result, "₴", "TurboSMS")
        return Account(name="TurboSMS", handle=self.config.sender, note=note)

    def parse(self, hook: Hook) -> list[Inbound]:
        """TurboSMS calls nobody: whoever does is somebody else."""
        return [Unknown(f"a delivery of {len(hook.body)} bytes")]

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        text = numbered(outbound)
        if len(text) > self.capabilities.text_limit:
            raise Undeliverable("With its answers written out the text is longer than TurboSMS takes.")
        number = dialled(outbound.address).lstrip("+")
        body = {"recipients": [number], **self._ways(text)}
        results = listed(settle((yield self._request("/message/send.json", body)), sends=True))
        if not results:
            raise TryLater("TurboSMS's answer names no message", perhaps_sent=True)
        first = results[0]
        if first.response_code not in TAKEN:  # in part: of our only recipient it says no
            raise refused(first.response_code, first.response_status)
        if not first.message_id:
            raise TryLater("TurboSMS's answer names no message", perhaps_sent=True)
        # Whether it will have been an SMS, nobody can know yet.
        price = None if self.config.viber_sender.strip() else Price("", "", len(parts(text)))
        return Sent(provider_id=storable(first.message_id), price=price)

    def inquire(self, provider_ids: Sequence[str]) -> Dialogue[Sequence[ReceiptCame]]:
        known = [one for one in provider_ids if MESSAGE.fullmatch(one)]
        if not known:
            return ()
        results = listed(settle((yield self._request("/message/status.json", {"messages": known}))))
        return [told for one in results if (told := progress(one)) is not None]

    def _ways(self, text: str) -> Mapping[str, Any]:
        """Viber first, where there is a sender for it; the SMS follows by itself for whoever did not get it there."""
        sms: dict[str, Any] = {"sender": self.config.sender, "text": text}
        if not (sender := self.config.viber_sender.strip()):
            return {"sms": sms}
        seconds = self.config.viber_minutes * 60
        viber = {"sender": sender, "text": text, "ttl": seconds}
        return {"viber": viber, "sms": {**sms, "hybrid_ttl": seconds}}

    def _request(self, path: str, body: Mapping[str, Any]) -> Request:
        headers = {"authorization": f"Bearer {self.config.token}", "content-type": "application/json"}
        return Request("POST", self.config.api_base.rstrip("/") + path, headers=headers, body=msgspec.json.encode(body))


def progress(one: One) -> ReceiptCame | None:
    """None while there is nothing to say. What failed in Viber has not failed: now the SMS is on its way."""
    status = said(one.status, 40).casefold()
    receipt = STATUSES.get(status)
    if receipt is Receipt.FAILED and said(one.type, 40).casefold() == VIBER:
        return None
    if not one.message_id or one.response_code not in TAKEN or receipt is None:
        return None
    return ReceiptCame(
        receipt=receipt,
        at=datetime.now(UTC),
        provider_id=storable(one.message_id),
        reason=FAILURES.get(status, ""),
    )


def listed(result: Any) -> list[One]:
    try:
        return msgspec.convert(result if isinstance(result, list) else [], list[One])
    except msgspec.ValidationError as error:
        raise TryLater("TurboSMS's answer has another shape than it promises", perhaps_sent=True) from error


def settle(response: Response, *, sends: bool = False) -> Any:
    """The result of an answer that says yes; for the rest the error that says what to do."""
    answer = decoded(response, read_answer, "TurboSMS", "token", sends=sends)
    if answer.response_code not in TAKEN:
        raise refused(answer.response_code, answer.response_status)
    return answer.response_result


def refused(code: int, status: str) -> Exception:
    reason = REASONS.get(code) or storable(status)[:80] or "the message was not taken"
    if reason == BLOCKED:
        return Undeliverable(BLOCKED, address_is_dead=True)
    reason = f"TurboSMS: {reason} ({code})"
    if code in OWNERS:
        return NeedsOwner(reason)
    if code in DOUBTFUL:
        return TryLater(reason, perhaps_sent=True)
    return Undeliverable(reason, address_is_dead=code in DEAD)
