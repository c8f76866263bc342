"""SendGrid: mails come by Inbound Parse (multipart, raw where it is set), events in arrays, answers leave as JSON.

Its parse calls were never signed by default, so the hook's address has a password; events carry a signature (ECDSA)
besides, which is checked when the owner has given us its key.
"""

import base64
import binascii
from collections.abc import Iterable
from email.parser import HeaderParser
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from prilavok.channels.base import (
    Account,
    BadSignature,
    Dialogue,
    Hook,
    Inbound,
    NeedsOwner,
    Outbound,
    Request,
    Response,
    Sent,
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
    json_or_none,
    rebuilt,
    settle,
    told,
)
from prilavok.channels.email.charsets import decode
from prilavok.channels.email.knock import HOOK_PASSWORD, KnockingAgency, KnockingConfig
from prilavok.channels.wire import complaint, json_of, moment, said, storable
from prilavok.domain.errors import BadInput
from prilavok.kit.content import Base64
from prilavok.kit.multipart import NotAForm, Posted, posted

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
EVENTS = ("delivered", "bounce", "dropped", "deferred", "spam_report", "open")
NEVER_SENT_THERE = {"Bounced Address", "Invalid", "Spam Reporting Address", "Unsubscribed Address"}
SILENT = {"processed", "click", "unsubscribe", "group_unsubscribe", "group_resubscribe"}


class SendGridConfig(KnockingConfig, kw_only=True):
    api_key: Annotated[
        str,
        field_of("API key", "SendGrid: Settings → API Keys; full access, or Mail Send and Webhooks.", secret=True),
    ]
    inbound_host: Annotated[
        str, field_of("Inbound host", "Whose MX points to mx.sendgrid.net; empty: the domain of the address.")
    ] = ""
    verification_key: Annotated[
        str,
        field_of("Verification key", "SendGrid: Settings → Mail Settings → Event Webhook → Signed: paste the key."),
    ] = ""
    hook_password: Annotated[str, HOOK_PASSWORD] = ""
    api_base: Annotated[str, field_of("SendGrid's server", "In the European region: https://api.eu.sendgrid.com.")] = (
        "https://api.sendgrid.com"
    )


class SendGrid(KnockingAgency):
    kind = "sendgrid"
    title = "E-mail (SendGrid)"
    summary = "Mail through SendGrid: it tells what was delivered and what bounced; nothing has to be polled."
    Config = SendGridConfig
    config: SendGridConfig

    def check(self) -> Dialogue[Account]:
        address = self.own_address()
        if self.config.verification_key and _key(self.config.verification_key) is None:
            raise NeedsOwner(
                "This is no verification key: copy it whole from the Event Webhook's settings.",
                field="verification_key",
            )
        response = yield self._request("GET", "/v3/scopes")
        settle(response, "SendGrid", told(response, "message"))
        scopes = response.json().get("scopes")
        if not isinstance(scopes, list) or "mail.send" not in scopes:
            raise NeedsOwner("This key may not send mail: make one with “Mail Send”.")
        return Account(name=self.config.from_name or self.inbox.shop_name or address, handle=address)

    def connect(self) -> Dialogue[None]:
        """Inbound Parse with the raw mail, and the event webhook; both with the password in their address."""
        host = self.config.inbound_host or self.config.domain
        setting = {"url": self.door, "hostname": host, "spam_check": False, "send_raw": True}
        path = "/v3/user/webhooks/parse/settings"
        response = yield self._request("GET", f"{path}/{host}")
        method, where = ("PATCH", f"{path}/{host}") if response.status == 200 else ("POST", path)
        response = yield self._request(method, where, setting)
        settle(response, "SendGrid", told(response, "message"))
        path = "/v3/user/webhooks/event/settings"
        response = yield self._request("GET", f"{path}/all")
        settle(response, "SendGrid", told(response, "message"))
        found = response.json()
        hooks = found.get("webhooks") if isinstance(found, dict) else None
        ours = next(
            (one for one in _listed(hooks) if self.inbox.hook_url.partition("//")[2] in str(one.get("url"))), None
        )
        wanted = {"enabled": True, "url": self.door, "friendly_name": "Prilavok", **dict.fromkeys(EVENTS, True)}
        if ours is not None:
            response = yield self._request("PATCH", f"{path}/{said(ours.get('id'), 100)}", wanted)
        else:
            response = yield self._request("POST", path, wanted)
        settle(response, "SendGrid", told(response, "message"))

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        self.admit(hook)
        kind = hook.headers.get("content-type", "")
        if kind.startswith(("multipart/", "application/x-www-form-urlencoded")):
            try:
                return self.mail(whole(posted(kind, hook.body)), hook)
            except NotAForm as error:
                raise BadInput(f"This is no mail of Inbound Parse: {error}.") from error
        self._verify(hook)
        try:
            events = msgspec.json.decode(hook.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadInput(complaint(error)) from error
        if not isinstance(events, list):
            raise BadInput("Events of SendGrid come in an array.")
        return [happened(one, hook) if isinstance(one, dict) else Unknown("no event") for one in events]

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        parts = self.in_pieces(outbound)
        name, address = parts.sender
        whom: dict[str, Any] = {
            "to": [{"email": parts.recipients[0]}],
            "custom_args": {OURS: outbound.message_id, WHOM: parts.recipients[0]},
        }
        if parts.recipients[1:]:
            whom["cc"] = [{"email": one} for one in parts.recipients[1:]]
        body: dict[str, Any] = {
            "personalizations": [whom],
            "from": {"email": address, **({"name": name} if name else {})},
            "subject": parts.subject,
            "content": [
                {"type": kind, "value": value}
                for kind, value in (("text/plain", parts.text), ("text/html", parts.html))
                if value
            ],
            "headers": dict(parts.headers),
        }
        if parts.reply_to:
            body["reply_to"] = {"email": parts.reply_to.rpartition("<")[2].rstrip("> ")}
        if parts.files:
            body["attachments"] = [
                {"filename": one.name, "type": one.type, "content": Base64(one.data or b"")} for one in parts.files
            ]
        response = yield self._request("POST", "/v3/mail/send", body)
        self._settle(response)
        their_id = said(response.headers.get("x-message-id"), 100)
        return Sent(provider_id=parts.message_id, more_ids=(their_id,) if their_id else ())

    def _settle(self, response: Response) -> None:
        words = told(response, "message")
        if response.status == 400:
            field = told(response, "field")
            if field.startswith("personalizations"):
                raise Undeliverable(f"SendGrid: {words}", address_is_dead="email" in field)
            if field.startswith("from"):
                raise NeedsOwner(f"SendGrid refuses the sender: {words}")
        settle(response, "SendGrid", words, sends=True)

    def _verify(self, hook: Hook) -> None:
        """Over the time and the body as it came, its last line end included."""
        if not self.config.verification_key:
            return
        key = _key(self.config.verification_key)
        try:
            signature = base64.b64decode(hook.headers.get(SIGNATURE, "").encode("ascii", "replace"), validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadSignature("the signature is no base64") from error
        try:
            if key is None:
                raise BadSignature("the verification key is none")
            key.verify(signature, hook.headers.get(TIMESTAMP, "").encode() + hook.body, ec.ECDSA(SHA256()))
        except InvalidSignature as error:
            raise BadSignature("this is not SendGrid's signature") from error

    def _request(self, method: str, path: str, body: Any = None) -> Request:
        headers = {"authorization": f"Bearer {self.config.api_key}"}
        raw = None if body is None else json_of(body)
        if raw is not None:
            headers["content-type"] = "application/json"
        return Request(method, self.config.api_base.rstrip("/") + path, headers=headers, body=raw, timeout=60.0)


@lru_cache(maxsize=64)
def _key(text: str) -> ec.EllipticCurvePublicKey | None:
    try:
        key = load_der_public_key(base64.b64decode(text.strip(), validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) else None


def whole(form: Posted) -> bytes:
    """The mail as it was sent, or put together out of the fields; each text in the charset that SendGrid names."""
    if raw := form.values.get("email"):
        return raw
    named = json_or_none(form.text("charsets"))
    charsets = named if isinstance(named, dict) else {}

    def text(name: str) -> str:
        charset = charsets.get(name)
        return decode(form.values.get(name, b""), charset if isinstance(charset, str) else "utf-8")

    headers = [(name, str(value)) for name, value in HeaderParser().parsestr(form.text("headers").lstrip()).items()]
    known = {name.lower() for name, _ in headers}
    for name, field in (("From", "from"), ("To", "to"), ("Cc", "cc"), ("Subject", "subject")):
        if name.lower() not in known and text(field):
            headers.append((name, text(field)))
    about = json_or_none(form.text("attachment-info"))
    infos = about if isinstance(about, dict) else {}
    files = []
    for one in form.files:
        found = infos.get(one.input)
        info: dict[str, Any] = found if isinstance(found, dict) else {}
        name = said(info.get("filename"), 300) or one.name
        files.append(File(name, said(info.get("type"), 200) or one.type, one.data, said(info.get("content-id"), 300)))
    return rebuilt(headers, text("text"), text("html"), files)


def _listed(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def happened(event: dict[str, Any], hook: Hook) -> Inbound:
    at = event.get("timestamp")
    about = About(
        at=moment(at, hook.received_at) if isinstance(at, int | float) else hook.received_at,
        address=said(event.get("email"), 320),
        message_id=said(event.get(OURS), 64),
        provider_id=bare_id(event.get("smtp-id")) or said(event.get("sg_message_id"), 200).partition(".")[0],
        main=said(event.get(WHOM), 320),
    )
    kind, reason = said(event.get("event"), 40), said(event.get("reason"), 500)
    match kind:
        case "delivered":
            return about.delivered()
        case "open":
            return about.opened()
        case "spamreport":
            return about.complained()
        case "bounce":
            hard = event.get("type") != "blocked"
            return about.failed(said(event.get("status"), 20), reason, hard=hard)
        case "dropped":
            dead = {"Bounced Address": "5.1.1", "Invalid": "5.1.3"}.get(reason, "")
            return about.failed(dead or said(event.get("status"), 20), reason, hard=reason in NEVER_SENT_THERE)
        case "deferred":
            return Unknown(f"delayed: {about.address}"[:120])
        case _ if kind in SILENT:
            return Unknown(kind)
        case _:
            return Unknown(f"event “{storable(kind)}”")
