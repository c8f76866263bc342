"""Postmark: mails and events come as JSON, answers leave as JSON under a Message-ID of our own.

It signs nothing. What it calls is an address with a password of our making in it (Basic authentication), which we tell
it ourselves when the inbox is connected.
"""

import base64
import binascii
from collections.abc import Iterable
from typing import Annotated, Any
from urllib.parse import quote

import msgspec

from prilavok.channels.base import (
    Account,
    Dialogue,
    Hook,
    Inbound,
    NeedsOwner,
    Outbound,
    Request,
    Response,
    Sent,
    TryLater,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.email.agency import (
    OURS,
    WHOM,
    About,
    File,
    bare_id,
    moment_of,
    rebuilt,
    settle,
    told,
)
from prilavok.channels.email.knock import HOOK_PASSWORD, NAME, KnockingAgency, KnockingConfig
from prilavok.channels.wire import complaint, json_of, said, storable
from prilavok.domain.errors import BadInput
from prilavok.kit.content import Base64

TRIGGERS = {
    "Delivery": {"Enabled": True},
    "Bounce": {"Enabled": True, "IncludeContent": False},
    "SpamComplaint": {"Enabled": True, "IncludeContent": False},
    "Open": {"Enabled": True, "PostFirstOpenOnly": True},
}
INACTIVE, NO_ADDRESS = 406, 300  # error codes: Postmark sends nothing there; the address is none
OURS_TO_MEND = {10, 400, 401, 402, 405, 412, 413}  # key, sender, account, credits: the owner's
HARD = {"HardBounce", "BadEmailAddress", "ManuallyDeactivated"}
SOFT = {"SoftBounce", "Transient", "DnsError", "AutoResponder", "AddressChange", "Subscribe"}
CAUGHT_NOTHING = {"Click", "SubscriptionChange"}


class PostmarkConfig(KnockingConfig, kw_only=True):
    server_token: Annotated[str, field_of("Server API token", "Postmark: your server → API Tokens.", secret=True)]
    stream: Annotated[str, field_of("Message stream", "Through which answers go out.")] = "outbound"
    hook_password: Annotated[str, HOOK_PASSWORD] = ""
    api_base: Annotated[str, field_of("Postmark's server", "Change it only for a gateway or a simulator.")] = (
        "https://api.postmarkapp.com"
    )


class Postmark(KnockingAgency):
    kind = "postmark"
    title = "E-mail (Postmark)"
    summary = "Mail through Postmark: it tells what was delivered and what bounced; nothing has to be polled."
    Config = PostmarkConfig
    config: PostmarkConfig

    def check(self) -> Dialogue[Account]:
        address = self.own_address()
        response = yield self._request("GET", "/server")
        self._settle(response)
        server = response.json()
        name = said(server.get("Name"), 100) if isinstance(server, dict) else ""
        inbound = said(server.get("InboundAddress"), 200) if isinstance(server, dict) else ""
        note = f"Let mail for {address} be forwarded to {inbound}." if inbound and inbound != address else ""
        return Account(name=self.config.from_name or name or self.inbox.shop_name, handle=address, note=note)

    def connect(self) -> Dialogue[None]:
        """What comes in, and what becomes of what goes out: both to our hook, with the password in its address."""
        response = yield self._request("PUT", "/server", {"InboundHookUrl": self.door, "RawEmailEnabled": True})
        self._settle(response)
        response = yield self._request("GET", f"/webhooks?MessageStream={quote(self.config.stream)}")
        self._settle(response)
        found = response.json()
        hooks = found.get("Webhooks") if isinstance(found, dict) else None
        wanted = {
            "Url": self.inbox.hook_url,
            "HttpAuth": {"Username": NAME, "Password": self.config.hook_password},
            "Triggers": TRIGGERS,
        }
        for one in hooks if isinstance(hooks, list) else []:
            if isinstance(one, dict) and one.get("Url") == self.inbox.hook_url and isinstance(one.get("ID"), int):
                response = yield self._request("PUT", f"/webhooks/{one['ID']}", wanted)
                self._settle(response)
                return
        response = yield self._request("POST", "/webhooks", {**wanted, "MessageStream": self.config.stream})
        self._settle(response)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        self.admit(hook)
        try:
            body = msgspec.json.decode(hook.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadInput(complaint(error)) from error
        if not isinstance(body, dict):
            raise BadInput("A delivery of Postmark is an object.")
        if "RecordType" in body and body["RecordType"] != "Inbound":
            return [happened(body, hook)]
        return self.mail(whole(body), hook)

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        parts = self.in_pieces(outbound)
        body = {
            "From": _person({"Name": parts.sender[0], "Email": parts.sender[1]}),
            "To": parts.recipients[0],
            "Cc": ", ".join(parts.recipients[1:]),
            "ReplyTo": parts.reply_to,
            "Subject": parts.subject,
            "TextBody": parts.text,
            "HtmlBody": parts.html,
            # Without the first one Postmark puts a Message-ID of its own in the place of ours.
            "Headers": [
                {"Name": "X-PM-KeepID", "Value": "true"},
                *({"Name": name, "Value": value} for name, value in parts.headers.items()),
            ],
            "Attachments": [
                {"Name": one.name, "ContentType": one.type, "Content": Base64(one.data or b"")} for one in parts.files
            ],
            "Metadata": {OURS: outbound.message_id, WHOM: parts.recipients[0][:80]},
            "MessageStream": self.config.stream,
        }
        given = {name: value for name, value in body.items() if value not in ("", [])}
        response = yield self._request("POST", "/email", given)
        self._settle(response, sends=True)
        try:
            their_id = said(response.json().get("MessageID"), 100)
        except (TryLater, AttributeError) as error:
            raise TryLater("Postmark's answer cannot be read", perhaps_sent=True) from error
        if not their_id:
            raise TryLater("Postmark's answer names no mail", perhaps_sent=True)
        return Sent(provider_id=parts.message_id, more_ids=(their_id,))

    def _settle(self, response: Response, *, sends: bool = False) -> None:
        words = told(response, "Message")
        if response.status == 422:
            code = _code(response)
            if code in OURS_TO_MEND:
                raise NeedsOwner(f"Postmark refuses our mails ({code}): {words}")
            dead = code in {INACTIVE, NO_ADDRESS}
            raise Undeliverable(f"Postmark refuses this mail ({code}): {words}", address_is_dead=dead)
        settle(response, "Postmark", words, sends=sends)

    def _request(self, method: str, path: str, body: Any = None) -> Request:
        headers = {"x-postmark-server-token": self.config.server_token, "accept": "application/json"}
        raw = None if body is None else json_of(body)
        if raw is not None:
            headers["content-type"] = "application/json"
        return Request(method, self.config.api_base.rstrip("/") + path, headers=headers, body=raw, timeout=60.0)


def _code(response: Response) -> int:
    try:
        code = response.json().get("ErrorCode")
    except (TryLater, AttributeError):
        return 0
    return code if isinstance(code, int) else 0


def whole(body: dict[str, Any]) -> bytes:
    """The mail as it was sent, where Postmark is set to say so; else put together out of what it says."""
    if raw := said(body.get("RawEmail"), 64 * 1024 * 1024):
        return raw.encode("utf-8", "replace")
    listed = body.get("Headers")
    headers = [
        (one["Name"], one["Value"])
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and isinstance(one.get("Name"), str) and isinstance(one.get("Value"), str)
    ]
    named = {name.lower() for name, _ in headers}
    further = {
        "From": _person(body.get("FromFull")) or said(body.get("From"), 500),
        "To": ", ".join(_people(body.get("ToFull"))) or said(body.get("To"), 4000),
        "Cc": ", ".join(_people(body.get("CcFull"))),
        "Reply-To": said(body.get("ReplyTo"), 500),
        "Subject": said(body.get("Subject"), 2000),
        "Date": said(body.get("Date"), 100),
        "Message-ID": f"<{said(body.get('MessageID'), 100)}@inbound.postmarkapp.com>" if body.get("MessageID") else "",
        "X-Original-To": said(body.get("OriginalRecipient"), 500),
    }
    headers += [(name, value) for name, value in further.items() if value and name.lower() not in named]
    files = [_file(one) for one in _listed(body.get("Attachments"))]
    return rebuilt(headers, _text(body.get("TextBody")), _text(body.get("HtmlBody")), files)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _listed(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _people(value: Any) -> list[str]:
    return [person for one in _listed(value) if (person := _person(one))]


def _person(value: Any) -> str:
    if not isinstance(value, dict) or not (address := said(value.get("Email"), 320)):
        return ""
    name = said(value.get("Name"), 200).replace('"', "").replace("\\", "")
    return f'"{name}" <{address}>' if name else address


def _file(one: dict[str, Any]) -> File:
    content = said(one.get("Content"), 64 * 1024 * 1024) or said(one.get("Data"), 64 * 1024 * 1024)
    try:
        data = base64.b64decode(content.encode("ascii", "replace"), validate=False)
    except (binascii.Error, ValueError):
        data = b""
    return File(said(one.get("Name"), 300), said(one.get("ContentType"), 200), data, said(one.get("ContentID"), 300))


def happened(body: dict[str, Any], hook: Hook) -> Inbound:
    given = body.get("Metadata")
    variables: dict[str, Any] = given if isinstance(given, dict) else {}
    when = next((body[name] for name in ("DeliveredAt", "BouncedAt", "ReceivedAt") if name in body), "")
    about = About(
        at=moment_of(when, hook.received_at),
        address=said(body.get("Recipient"), 320) or said(body.get("Email"), 320),
        message_id=said(variables.get(OURS), 64),
        provider_id=bare_id(body.get("MessageID")),
        main=said(variables.get(WHOM), 320),
    )
    kind, type_ = said(body.get("RecordType"), 40), said(body.get("Type"), 60)
    match kind:
        case "Delivery":
            return about.delivered()
        case "Open":
            return about.opened()
        case "SpamComplaint":
            return about.complained()
        case "Bounce" if type_ in SOFT:
            return Unknown(f"delayed: {about.address} {type_}"[:120])
        case "Bounce" if type_ in {"Unsubscribe", "SpamComplaint"}:
            return about.complained()
        case "Bounce":
            words = said(body.get("Details"), 500) or said(body.get("Description"), 500) or type_
            return about.failed("", words, hard=type_ in HARD)
        case _ if kind in CAUGHT_NOTHING:
            return Unknown(kind.lower())
        case _:
            return Unknown(f"event “{storable(kind)}”")
