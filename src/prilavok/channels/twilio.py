"""SMS through Twilio: texts out, texts and pictures in, receipts by callback.

Every callback is a form, signed over the address that Twilio called and over all of its fields. What became of a text
comes to an address that names our message, so it is understood even when the answer to our request was lost.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from prilavok.channels.base import (
    Account,
    Attachment,
    BadSignature,
    Capabilities,
    Channel,
    Config,
    Dialogue,
    Fetched,
    Hook,
    HookAnswer,
    Inbound,
    NeedsOwner,
    Outbound,
    RateLimit,
    Reachability,
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
from prilavok.channels.wire import NOT_READABLE, retry_after, same, storable
from prilavok.channels.words import dialled, numbered
from prilavok.domain.capabilities import BLOCKED

ACCOUNT = re.compile(r"AC[0-9a-f]{32}", re.IGNORECASE)
SERVICE = re.compile(r"MG[0-9a-f]{32}", re.IGNORECASE)
NUMBER = re.compile(r"\+\d{6,15}", re.ASCII)
DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes
MOST_MEDIA = 10  # files in one MMS
OURS = "m"  # in the address of the receipts: which of our messages they speak of

NO_ANSWER = b"<Response/>"  # a text in our answer would be sent to the customer as an SMS

# Words of one meaning only. Twilio itself obeys more of them (END, CANCEL); its refusal 21610 then tells us.
STOP = {"stop", "stopall", "unsubscribe", "optout", "стоп", "отписаться", "отписка", "відписатися", "відписка"}
START = {"start", "unstop", "старт"}

STATUSES = {
    "accepted": Receipt.SENT,
    "scheduled": Receipt.SENT,
    "queued": Receipt.SENT,
    "sending": Receipt.SENT,
    "sent": Receipt.SENT,
    "delivered": Receipt.DELIVERED,
    "undelivered": Receipt.FAILED,
    "failed": Receipt.FAILED,
}
OPTED_OUT = {21610}
DEAD = {21211, 21214, 21217, 21614, 30005, 30006}  # no such number, or none that takes an SMS
OWNERS = {20003, 20005, 20006, 21606, 21603, 21660, 21408, 30002, 30034, 90010}
LATER = {20429, 30001, 14107, 20500, 20503}
REASONS = {
    21408: "sending to this country is switched off in the Twilio console",
    21610: BLOCKED,
    21612: "this sender cannot reach that number",
    21614: "the number takes no SMS",
    30003: "the telephone is switched off or out of reach",
    30004: "the operator blocked the message",
    30005: "there is no such number",
    30006: "a landline, or an operator that takes no SMS",
    30007: "the operator took it for spam",
    30008: "the operator gives no reason",
    30034: "the sender is not registered for the US (A2P 10DLC)",
}


class TwilioConfig(Config):
    account_sid: Annotated[str, field_of("Account SID", "On the first page of the Twilio console: AC…")]
    auth_token: Annotated[
        str, field_of("Auth token", "Beside the Account SID. It also proves that a callback is Twilio's.", secret=True)
    ]
    sender: Annotated[
        str,
        field_of(
            "Sender",
            "Your number at Twilio (+12025550123), a messaging service (MG…), or a name of up to 11 letters, "
            "to which nobody can answer.",
        ),
    ]
    webhook_url: Annotated[
        str,
        field_of(
            "Address that Twilio calls",
            "Only if it differs from the one shown here, for example behind a proxy: exactly as it stands at Twilio.",
        ),
    ] = ""
    api_base: Annotated[str, field_of("Twilio's server", "Change it only for a gateway or a simulator.")] = (
        "https://api.twilio.com"
    )


class Message(msgspec.Struct):
    sid: str
    status: str = ""
    error_code: int | None = None


class AccountShape(msgspec.Struct):
    friendly_name: str = ""
    status: str = ""


class Complaint(msgspec.Struct):
    code: int = 0
    message: str = ""


class PhoneNumber(msgspec.Struct):
    sid: str


class PhoneNumbers(msgspec.Struct):
    incoming_phone_numbers: list[PhoneNumber] = []


read_message = msgspec.json.Decoder(Message)
read_account = msgspec.json.Decoder(AccountShape)
read_numbers = msgspec.json.Decoder(PhoneNumbers)
read_complaint = msgspec.json.Decoder(Complaint)


class Twilio(Channel):
    kind = "twilio"
    title = "SMS (Twilio)"
    summary = "Text messages to any telephone, and the answers to them, through Twilio."
    capabilities = Capabilities(
        address_kind="phone",
        address_scope="shop",
        medium="sms",
        starts=True,
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.FAILED}),
        text_limit=1600,
        media=False,
        cost="per message",
        rings=True,
        rate=(RateLimit(10, 1.0, "inbox"), RateLimit(1, 1.0, "recipient")),
    )
    Config = TwilioConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, Twilio signs no time; the message id keeps a repeat from counting twice",
        "batches": "exempt, Twilio calls once for each message",
        "errors": "done",
        "files in": "done",
        "files out": "exempt, MMS exists in the US and Canada only; send a link",
        "buttons": "exempt, they are written as numbered text",
        "receipts": "done",
        "edits": "exempt, an SMS cannot be changed",
        "deep link": "exempt, an SMS carries no hidden token",
    }

    @property
    def _hook(self) -> str:
        return str(self.config.webhook_url) or self.inbox.hook_url

    def check(self) -> Dialogue[Account]:
        if not ACCOUNT.fullmatch(self.config.account_sid):
            raise NeedsOwner("This is no Account SID: it begins with AC and has 34 characters.")
        response = yield self._request("GET", ".json")
        settle(response)
        account = read(read_account, response)
        if account.status and account.status != "active":
            raise NeedsOwner(f"Twilio has set this account to “{storable(account.status)[:40]}”.")
        answers = bool(NUMBER.fullmatch(self.config.sender) or SERVICE.fullmatch(self.config.sender))
        note = "" if answers else "Nobody can answer to a name: customers read these texts, but cannot write back."
        return Account(name=storable(account.friendly_name) or "Twilio", handle=self.config.sender, note=note)

    def connect(self) -> Dialogue[None]:
        """Points the number's incoming texts at us. A messaging service and a name are set up at Twilio's."""
        if not NUMBER.fullmatch(self.config.sender):
            return
        query = urlencode({"PhoneNumber": self.config.sender})
        response = yield self._request("GET", f"/IncomingPhoneNumbers.json?{query}")
        settle(response)
        found = read(read_numbers, response).incoming_phone_numbers
        if not found:
            raise NeedsOwner(f"{self.config.sender} is not among the numbers of this account.")
        response = yield self._request(
            "POST", f"/IncomingPhoneNumbers/{found[0].sid}.json", {"SmsUrl": self._hook, "SmsMethod": "POST"}
        )
        settle(response)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        fields = form(hook.body)
        self._verify(hook, fields)
        return list(meaning(dict(fields), hook))

    def answer(self, hook: Hook) -> HookAnswer:
        del hook
        return HookAnswer(body=NO_ANSWER, content_type="text/xml")

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        sender = self.config.sender
        separator = "&" if "?" in self._hook else "?"
        fields = {
            "To": dialled(outbound.address),
            "MessagingServiceSid" if SERVICE.fullmatch(sender) else "From": sender,
            "Body": numbered(outbound),
            "StatusCallback": f"{self._hook}{separator}{urlencode({OURS: outbound.message_id})}",
        }
        if len(fields["Body"]) > self.capabilities.text_limit:
            raise Undeliverable("With its answers written out the text is longer than Twilio takes.")
        response = yield self._request("POST", "/Messages.json", fields)
        settle(response, sends=True)
        try:
            sent = read_message.decode(response.body)
        except NOT_READABLE as error:
            raise TryLater("Twilio's answer names no message", perhaps_sent=True) from error
        if STATUSES.get(sent.status) is Receipt.FAILED:
            raise refused(sent.error_code or 0, "refused at once")
        return Sent(provider_id=sent.sid)

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        """A picture of an MMS. Our password goes to Twilio's own address only."""
        if urlsplit(ref)[:2] != urlsplit(self.config.api_base)[:2]:
            raise Undeliverable("This file is not kept at Twilio's address.")
        response = yield Request("GET", ref, headers=self._login(), timeout=60.0, max_bytes=DOWNLOAD_LIMIT)
        if response.status in {404, 410}:
            raise Undeliverable("Twilio no longer has this file.")
        settle(response)
        return Fetched(data=response.body, type=response.headers.get("content-type", "").partition(";")[0].strip())

    def _request(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Request:
        base = f"{self.config.api_base.rstrip('/')}/2010-04-01/Accounts/{self.config.account_sid}"
        return Request(method, base + path, headers=self._login(), form=fields or {})

    def _login(self) -> dict[str, str]:
        password = f"{self.config.account_sid}:{self.config.auth_token}".encode()
        return {"authorization": f"Basic {base64.b64encode(password).decode()}"}

    def _verify(self, hook: Hook, fields: Sequence[tuple[str, str]]) -> None:
        """Over the address as it stands at Twilio, not as a proxy passed it on."""
        address = self._hook
        if OURS in hook.query:
            address += f"{'&' if '?' in address else '?'}{urlencode({OURS: hook.query[OURS]})}"
        given = hook.headers.get("x-twilio-signature", "")
        if not self.config.auth_token or not same(given, signature(self.config.auth_token, address, fields)):
            raise BadSignature


def signature(token: str, address: str, fields: Iterable[tuple[str, str]]) -> str:
    """Base64 of HMAC-SHA1 over the address and every field in order of its name, without anything between them."""
    signed = address + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def form(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode(errors="replace"), keep_blank_values=True, errors="replace")


def meaning(fields: Mapping[str, str], hook: Hook) -> Iterator[Inbound]:
    sid = storable(fields.get("MessageSid") or fields.get("SmsSid") or "")
    status = fields.get("MessageStatus") or fields.get("SmsStatus") or ""
    if sid and fields.get("From") and (status == "received" or "Body" in fields):
        yield from received(sid, fields, hook.received_at)
    elif sid and status in STATUSES:
        yield progress(sid, STATUSES[status], fields, hook)
    else:
        yield Unknown(storable(f"callback {status or ', '.join(sorted(fields)[:5])}".strip())[:200])


def received(sid: str, fields: Mapping[str, str], at: datetime) -> Iterator[Inbound]:
    address = storable(fields["From"])
    text = storable(fields.get("Body", ""))
    wish = opted(fields.get("OptOutType", ""), text)
    yield Received(
        provider_id=sid,
        at=at,  # Twilio tells no time
        sender=Sender(address=address),
        text=text,
        attachments=tuple(pictures(fields)),
        automatic=wish is not None,  # visible, but nobody waits for an answer to "STOP"
    )
    if wish is not None:
        yield Reachability(address=address, at=at, reachable=wish, reason="" if wish else BLOCKED)


def opted(kind: str, text: str) -> bool | None:
    """True: let us in again; False: wants nothing more; None: said something else."""
    if kind:
        return {"STOP": False, "START": True}.get(kind.upper())
    word = text.strip().strip(".!").lower()
    return False if word in STOP else True if word in START else None


def pictures(fields: Mapping[str, str]) -> Iterator[Attachment]:
    for number in range(MOST_MEDIA):
        if not (where := storable(fields.get(f"MediaUrl{number}", ""))):
            return
        mime = storable(fields.get(f"MediaContentType{number}", "")) or "application/octet-stream"
        family, _, ending = mime.partition("/")
        kind = family if family in {"image", "audio", "video"} else "file"
        yield Attachment(name=f"mms-{number + 1}.{ending or 'bin'}", type=mime, ref=where, kind=kind)


def progress(sid: str, receipt: Receipt, fields: Mapping[str, str], hook: Hook) -> ReceiptCame:
    written = fields.get("ErrorCode", "")
    code = int(written) if written.isascii() and written.isdecimal() and len(written) < 8 else 0
    address = storable(fields.get("To", ""))
    return ReceiptCame(
        receipt=receipt,
        at=hook.received_at,
        message_id=storable(hook.query.get(OURS, "")),
        provider_id=sid,
        address=address,
        reason=because(code) if receipt is Receipt.FAILED else "",
        address_is_dead=receipt is Receipt.FAILED and code in DEAD | OPTED_OUT,
    )


def because(code: int, otherwise: str = "") -> str:
    said = REASONS.get(code) or storable(otherwise)[:200] or "the message was not taken"
    return said if said == BLOCKED else f"Twilio: {said}{f' ({code})' if code else ''}"


def read(decoder: "msgspec.json.Decoder[Any]", response: Response) -> Any:
    try:
        return decoder.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("Twilio's answer has another shape than it promises") from error


def settle(response: Response, *, sends: bool = False) -> None:
    """Nothing for a 2xx; for the rest the error that says what to do."""
    status = response.status
    if 200 <= status < 300:
        return
    try:
        said = read_complaint.decode(response.body)
    except NOT_READABLE:
        said = Complaint()
    if status == 429 or said.code in LATER:
        # Twilio says no time: its limit counts requests under way.
        after = retry_after(response.headers, datetime.now(UTC))
        raise TryLater(because(said.code, said.message or "too many requests"), after=after)
    if status in {401, 403} or (status == 404 and not said.code) or (status == 404 and said.code == 20404):
        raise NeedsOwner(f"{because(said.code, said.message or f'answer {status}')}: check the Account SID and token.")
    if status >= 500:
        raise TryLater(f"Twilio answered {status}", perhaps_sent=sends and status == 504)
    raise refused(said.code, said.message or f"answer {status}")


def refused(code: int, message: str) -> Exception:
    if code in OWNERS:
        return NeedsOwner(because(code, message))
    if code in LATER:
        return TryLater(because(code, message))
    return Undeliverable(because(code, message), address_is_dead=code in DEAD | OPTED_OUT)
