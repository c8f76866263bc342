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
    Download,
    Fetched,
    Hook,
    HookAnswer,
    Inbound,
    NeedsOwner,
    Outbound,
    Price,
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
from prilavok.channels.twilio.verdicts import DEAD, OPTED_OUT, because, refused, settle
from prilavok.channels.wire import NOT_READABLE, same, storable
from prilavok.channels.words import dialled, numbered
from prilavok.domain.capabilities import BLOCKED

ACCOUNT = re.compile(r"AC[0-9a-f]{32}", re.IGNORECASE)
SERVICE = re.compile(r"MG[0-9a-f]{32}", re.IGNORECASE)
NUMBER = re.compile(r"\+\d{6,15}", re.ASCII)
SPELT_OTHERWISE = re.compile(r"(?=.*[^\d])[+\d\s().-]+", re.ASCII)  # a number, and no short one or name
MESSAGE = re.compile(r"(?:SM|MM)[0-9a-f]{32}", re.IGNORECASE)
AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes
MOST_MEDIA = 10  # files in one MMS
DIGEST = "bodySHA256"  # in the address when the body is no form
OURS = "m"  # in the address of the receipts: which of our messages they speak of

NO_ANSWER = b"<Response/>"  # a text in our answer would be sent to the customer as an SMS

OBEYED = {"STOP": False, "START": True}
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
    num_segments: str | None = None
    price: str | None = None  # negative, for we pay it; null until it is settled
    price_unit: str | None = None


class AccountShape(msgspec.Struct):
    friendly_name: str = ""
    status: str = ""


class PhoneNumber(msgspec.Struct):
    sid: str


class PhoneNumbers(msgspec.Struct):
    incoming_phone_numbers: list[PhoneNumber] = []


read_message = msgspec.json.Decoder(Message)
read_account = msgspec.json.Decoder(AccountShape)
read_numbers = msgspec.json.Decoder(PhoneNumbers)


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
        inquires=(120.0, 900.0, 7200.0, 86_400.0),  # its callbacks tell no price, and it is settled some minutes later
        prices=True,
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
        "price": "done",
        "edits": "exempt, an SMS cannot be changed",
        "deep link": "exempt, an SMS carries no hidden token",
    }

    @property
    def _hook(self) -> str:
        return str(self.config.webhook_url) or self.inbox.hook_url

    def check(self) -> Dialogue[Account]:
        if not ACCOUNT.fullmatch(self.config.account_sid):
            raise NeedsOwner("This is no Account SID: it begins with AC and has 34 characters.", field="account_sid")
        if SPELT_OTHERWISE.fullmatch(self.config.sender) and not NUMBER.fullmatch(self.config.sender):
            raise NeedsOwner("Your number at Twilio is written like +12025550123.", field="sender")
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
        return Sent(provider_id=sent.sid, price=cost(sent))

    def inquire(self, provider_ids: Sequence[str]) -> Dialogue[Sequence[ReceiptCame]]:
        """Twilio answers about one message at a time. One that it does not know any more is passed over."""
        found = []
        for sid in filter(MESSAGE.fullmatch, provider_ids):
            response = yield self._request("GET", f"/Messages/{sid}.json")
            if response.status == 404:
                continue
            settle(response)
            message = read(read_message, response)
            receipt = STATUSES.get(message.status, Receipt.SENT)
            code = message.error_code or 0
            found.append(
                ReceiptCame(
                    receipt=receipt,
                    at=datetime.now(UTC),
                    provider_id=sid,
                    reason=because(code) if receipt is Receipt.FAILED else "",
                    price=cost(message),
                )
            )
        return found

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        """A picture of an MMS. Our password goes to Twilio's own address only."""
        if urlsplit(ref)[:2] != urlsplit(self.config.api_base)[:2]:
            raise Undeliverable("This file is not kept at Twilio's address.")
        response = yield Download("GET", ref, headers=self._login(), timeout=60.0, max_bytes=DOWNLOAD_LIMIT)
        if response.status in {404, 410}:
            raise Undeliverable("Twilio no longer has this file.")
        settle(response)
        return Fetched.of(response)

    def _request(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Request:
        base = f"{self.config.api_base.rstrip('/')}/2010-04-01/Accounts/{self.config.account_sid}"
        return Request(method, base + path, headers=self._login(), form=fields or {})

    def _login(self) -> dict[str, str]:
        password = f"{self.config.account_sid}:{self.config.auth_token}".encode()
        return {"authorization": f"Basic {base64.b64encode(password).decode()}"}

    def _verify(self, hook: Hook, fields: Sequence[tuple[str, str]]) -> None:
        """Over the address as it stands at Twilio. What a proxy says of it (Host, X-Forwarded-…) anybody could say."""
        address = self._hook
        own = {name: hook.query[name] for name in (OURS, DIGEST) if name in hook.query}
        if own:
            address += f"{'&' if '?' in address else '?'}{urlencode(own)}"
        if DIGEST in own:  # a body that is no form: the address names its digest, and is all that is signed
            if not same(own[DIGEST].lower(), hashlib.sha256(hook.body).hexdigest()):
                raise BadSignature
            fields = ()
        given = hook.headers.get("x-twilio-signature", "")
        token = self.config.auth_token
        if not token or not any(same(given, signature(token, one, fields)) for one in spellings(address)):
            raise BadSignature


def spellings(address: str) -> Iterator[str]:
    """As it is, and with the usual port written out or left out: Twilio has signed it both ways."""
    yield address
    parts = urlsplit(address)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    if parts.hostname and parts.port in {None, usual}:
        host = parts.netloc.removesuffix(f":{usual}")
        yield parts._replace(netloc=host if parts.port else f"{host}:{usual}").geturl()


def cost(message: Message) -> Price:
    """What Twilio has said of it so far."""
    units = message.num_segments or ""
    amount = (message.price or "").lstrip("-")
    return Price(
        amount=amount if AMOUNT.fullmatch(amount) else "",
        currency=storable(message.price_unit or "")[:3].upper() if amount else "",
        units=int(units) if units.isascii() and units.isdecimal() and len(units) < 4 else None,
    )


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
    wish = OBEYED.get(fields.get("OptOutType", "").upper())  # in words of the account's own choice
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


def read(decoder: "msgspec.json.Decoder[Any]", response: Response) -> Any:
    try:
        return decoder.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("Twilio's answer has another shape than it promises") from error
