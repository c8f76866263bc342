"""SMS through SMSC.ru: texts out, answers in, receipts by its calls and, where none come, by asking.

Its calls are forms. One about a text that we sent carries a check sum over id, phone, status and a password that both
sides know; one that brings a customer's text carries none, so the address that SMSC calls has the password in it.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from urllib.parse import parse_qsl

import msgspec

from prilavok.channels.base import (
    Account,
    BadSignature,
    Channel,
    Config,
    Dialogue,
    Hook,
    HookAnswer,
    Inbound,
    NeedsOwner,
    Outbound,
    Price,
    Receipt,
    ReceiptCame,
    Received,
    Request,
    Response,
    Sender,
    Sent,
    TryLater,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.gateway import TEXTS
from prilavok.channels.wire import NOT_READABLE, moment, retry_after, said, same, storable
from prilavok.channels.words import dialled, numbered

MESSAGE = re.compile(r"\d{1,10}@\d{5,15}", re.ASCII)
AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,6})?", re.ASCII)
KEY = "k"  # in the address that SMSC calls
STATUSES = {
    -1: Receipt.SENT,
    0: Receipt.SENT,
    1: Receipt.DELIVERED,
    2: Receipt.READ,
    4: Receipt.READ,  # a link in it was opened
    3: Receipt.FAILED,
    20: Receipt.FAILED,
    22: Receipt.FAILED,
    23: Receipt.FAILED,
    24: Receipt.FAILED,
    25: Receipt.FAILED,
}
FAILURES = {
    3: "the telephone was off or out of reach for too long",
    20: "the message could not be delivered",
    22: "there is no such number",
    23: "the operator does not let this text through",
    24: "there was no money on the account",
    25: "the number is out of reach",
}
DEAD = {22}
REFUSALS = {
    1: "the request is not complete",
    5: "the time is wrong",
    6: "the text or the sender is not allowed",
    7: "this is no number",
    8: "the message cannot be delivered to this number",
}
LOGIN, MONEY, BLOCKED_IP, TOO_OFTEN, NUMBER = 2, 3, 4, 9, 7


class SmscConfig(Config):
    login: Annotated[str, field_of("Login", "With which you sign in at smsc.ru.", pattern=r"\S")]
    password: Annotated[str, field_of("Password", "Your password there, or the one made for the API.", secret=True)]
    callback_password: Annotated[
        str,
        field_of(
            "Password of its calls",
            "A word of your own making, letters and digits; enter the same at smsc.ru, and put it behind the hook's "
            "address as ?k=WORD.",
            secret=True,
            pattern=r"^[A-Za-z0-9]{8,64}$",
        ),
    ]
    sender: Annotated[
        str, field_of("Sender", "A name or number that SMSC has approved for you; empty: SMSC's own choice.")
    ] = ""
    api_base: Annotated[str, field_of("SMSC's server", "https://www2.smsc.ru is its second one.")] = "https://smsc.ru"


class Said(msgspec.Struct):
    """Any of SMSC's answers; `error_code` only where it says no."""

    error: str | None = None
    error_code: int | None = None
    id: int | None = None
    cnt: int | None = None
    cost: str | float | None = None
    balance: str | float | None = None
    currency: str | None = None
    status: int | None = None
    last_timestamp: int | None = None


read_answer = msgspec.json.Decoder(Said, strict=False)


class Smsc(Channel):
    kind = "smsc"
    title = "SMS (SMSC.ru)"
    summary = "Text messages and the answers to them through SMSC.ru."
    capabilities = replace(TEXTS, text_limit=800, inquires=(60.0, 300.0, 1800.0, 14_400.0, 86_400.0))
    Config = SmscConfig
    quality: ClassVar[Mapping[str, str]] = {
        "receives": "done",
        "sends": "done",
        "signature": "done",
        "replay": "exempt, SMSC signs no time; the message id keeps a repeat from counting twice",
        "batches": "exempt, SMSC calls once for each message",
        "receipts": "done",
        "price": "done",
        "errors": "done",
        "files": "exempt, because an SMS carries none; send a link",
        "buttons": "exempt, they are written as numbered text",
        "edits": "exempt, an SMS cannot be changed",
    }

    def check(self) -> Dialogue[Account]:
        answer = settle((yield self._request("balance.php", {})))
        money = amount(answer.balance)
        if money and not float(money):
            raise NeedsOwner("There is no money on the account at SMSC.")
        note = f"On the account: {money} {currency(answer.currency)}." if money else ""
        return Account(name=self.config.login, handle=self.config.sender, note=note)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        body = hook.body if hook.method == "POST" else b""
        fields = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True, errors="replace"))
        fields = fields or {name: value for name, value in hook.query.items() if name != KEY}
        if "status" in fields:
            self._verify_sums(fields)
            return [progress(fields, hook)]
        if not same(hook.query.get(KEY, ""), self.config.callback_password):
            raise BadSignature
        return [received(fields, hook)]

    def answer(self, hook: Hook) -> HookAnswer:
        del hook
        return HookAnswer(body=b"OK", content_type="text/plain")

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        text = numbered(outbound)
        if len(text) > self.capabilities.text_limit:
            raise Undeliverable("With its answers written out the text is longer than SMSC takes.")
        number = dialled(outbound.address).lstrip("+")
        ours = own_id(outbound.message_id)
        fields = {"phones": number, "mes": text, "id": str(ours), "cost": "3"}
        if self.config.sender:
            fields["sender"] = self.config.sender
        answer = settle((yield self._request("send.php", fields)), sends=True)
        if answer.id is None:
            raise TryLater("SMSC's answer names no message", perhaps_sent=True)
        units = answer.cnt if answer.cnt is not None and 0 < answer.cnt < 1000 else None
        return Sent(provider_id=f"{answer.id}@{number}", price=Price(amount(answer.cost), "", units))

    def inquire(self, provider_ids: Sequence[str]) -> Dialogue[Sequence[ReceiptCame]]:
        """SMSC answers about one message at a time. One that it does not know any more has no news."""
        found = []
        for which in filter(MESSAGE.fullmatch, provider_ids):
            ours, _, number = which.partition("@")
            response = yield self._request("status.php", {"phone": number, "id": ours})
            try:
                answer = settle(response)
            except Undeliverable:
                continue
            if answer.status in STATUSES:
                found.append(report(answer.status, which, f"+{number}", datetime.now(UTC)))
        return found

    def _request(self, script: str, fields: Mapping[str, str]) -> Request:
        login = {"login": self.config.login, "psw": self.config.password, "fmt": "3", "charset": "utf-8"}
        return Request("POST", f"{self.config.api_base.rstrip('/')}/sys/{script}", form={**login, **fields})

    def _verify_sums(self, fields: Mapping[str, str]) -> None:
        """Over id, phone, status and the password. One good sum is enough; one that is wrong is too much."""
        signed = ":".join(
            [*(fields.get(name, "") for name in ("id", "phone", "status")), self.config.callback_password]
        )
        raw = signed.encode(errors="replace")
        sums = {"sha1": hashlib.sha1(raw).hexdigest(), "md5": hashlib.md5(raw).hexdigest()}  # noqa: S324  SMSC's own choice
        given = [same(fields[name].lower(), sum_) for name, sum_ in sums.items() if name in fields]
        if not self.config.callback_password or not given or not all(given):
            raise BadSignature


def own_id(message_id: str) -> int:
    """Our number of a message: positive, 31 bits. With the customer's number it is as good as unique."""
    return int.from_bytes(hashlib.sha256(message_id.encode()).digest()[:4], "big") % 0x7FFFFFFF + 1


def progress(fields: Mapping[str, str], hook: Hook) -> Inbound:
    status, number = fields["status"], fields.get("phone", "").lstrip("+")
    which = storable(f"{fields.get('id', '')}@{number}")
    if not re.fullmatch(r"-?\d{1,3}", status, re.ASCII) or int(status) not in STATUSES or not MESSAGE.fullmatch(which):
        return Unknown(storable(f"status {status}")[:100])
    stamp = fields.get("ts", "")
    known = stamp.isascii() and stamp.isdecimal() and len(stamp) < 12
    at = moment(float(stamp), hook.received_at) if known else hook.received_at
    return report(int(status), which, f"+{number}", at)


def report(status: int, which: str, address: str, at: datetime) -> ReceiptCame:
    return ReceiptCame(
        receipt=STATUSES[status],
        at=at,
        provider_id=which,
        address=address,
        reason=FAILURES.get(status, ""),
        address_is_dead=status in DEAD,
    )


def received(fields: Mapping[str, str], hook: Hook) -> Inbound:
    number = fields.get("phone", "").lstrip("+")
    which = said(fields.get("sms_id") or fields.get("id"), 40)
    if not (number.isascii() and number.isdecimal() and which and "mes" in fields):
        return Unknown(storable(f"call {', '.join(sorted(fields)[:5])}".strip())[:200])
    sender = Sender(address=f"+{number}" if len(number) >= 10 else number)
    return Received(provider_id=f"in-{which}", at=hook.received_at, sender=sender, text=storable(fields["mes"]))


def amount(value: Any) -> str:
    """A decimal number as text; empty for anything else."""
    text = f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value or "")
    return text if AMOUNT.fullmatch(text) else ""


def currency(value: str | None) -> str:
    return said(value, 3).upper().replace("RUR", "RUB") or "RUB"


def settle(response: Response, *, sends: bool = False) -> Said:
    """The answer when it says yes; for the rest the error that says what to do."""
    status = response.status
    if status == 429:
        raise TryLater("SMSC asks us to slow down", after=retry_after(response.headers, datetime.now(UTC)))
    if status in {401, 403}:
        raise NeedsOwner("SMSC does not accept the login and the password.")
    if status == 404:
        raise NeedsOwner("This is not the address of SMSC.", field="api_base")
    if status >= 500:
        raise TryLater(f"SMSC answered {status}", perhaps_sent=sends and status == 504)
    try:
        answer = read_answer.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("SMSC's answer cannot be read", perhaps_sent=sends and status < 300) from error
    if answer.error_code is not None or answer.error:
        raise refused(answer.error_code or 0, said(answer.error, 200))
    if status >= 400:
        raise Undeliverable(f"SMSC answered {status}")
    return answer


def refused(code: int, message: str) -> Exception:
    reason = f"SMSC: {REFUSALS.get(code) or message or 'the message was not taken'} ({code})"
    if code == LOGIN:
        return NeedsOwner("SMSC does not accept the login and the password.")
    if code == MONEY:
        return NeedsOwner("There is no money on the account at SMSC.")
    if code == BLOCKED_IP:
        return NeedsOwner("SMSC has blocked this server's address for a while after too many errors: ask its support.")
    if code == TOO_OFTEN:
        return TryLater("SMSC asks us to slow down (9)", after=60.0)
    return Undeliverable(reason, address_is_dead=code == NUMBER)
