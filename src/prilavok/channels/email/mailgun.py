"""Mailgun: mails come by a route as they were sent (MIME), events as JSON, answers leave whole through its HTTP API.

Its signature covers a time and a token, not what is said beside them: whoever sees one could say anything under it. So
a token is good for one content only, and for nine hours, an hour longer than Mailgun goes on trying.
"""

import base64
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec

from prilavok.channels.base import (
    Account,
    BadSignature,
    Dialogue,
    Hook,
    HookAnswer,
    Inbound,
    InboxInfo,
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
    ADDRESS,
    OURS,
    WHOM,
    About,
    Agency,
    AgencyConfig,
    File,
    bare_id,
    json_or_none,
    rebuilt,
    settle,
    told,
)
from prilavok.channels.wire import CLOCKS_DIFFER, moment, said, same, storable
from prilavok.domain.errors import BadInput
from prilavok.kit.multipart import NotAForm, Posted, posted

TRIED_FOR = timedelta(hours=9)
REMEMBERED = 20_000  # tokens
EVENTS = ("delivered", "permanent_fail", "temporary_fail", "complained", "opened")  # webhooks that are asked for
SILENT = {"accepted", "clicked", "stored", "unsubscribed", "list_member_uploaded"}


class MailgunConfig(AgencyConfig, kw_only=True):
    address: Annotated[str, ADDRESS]
    domain: Annotated[str, field_of("Domain at Mailgun", "As it stands under Sending → Domains: mg.shop.example.")]
    api_key: Annotated[str, field_of("API key", "Mailgun: account menu → API security → Add new key.", secret=True)]
    signing_key: Annotated[
        str,
        field_of(
            "Webhook signing key",
            "Mailgun: Sending → Webhooks → HTTP webhook signing key; proves that a call is theirs.",
            secret=True,
        ),
    ]
    api_base: Annotated[str, field_of("Mailgun's server", "In the European region: https://api.eu.mailgun.net.")] = (
        "https://api.mailgun.net"
    )


class Mailgun(Agency):
    kind = "mailgun"
    title = "E-mail (Mailgun)"
    summary = "Mail through Mailgun: it tells what was delivered and what bounced; nothing has to be polled."
    Config = MailgunConfig
    config: MailgunConfig

    def __init__(self, config: MailgunConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self._spent: OrderedDict[str, bytes] = OrderedDict()  # token: hash of the only thing it may say

    def check(self) -> Dialogue[Account]:
        address = self.own_address()
        response = yield self._request("GET", f"/v3/domains/{self.config.domain}")
        settle(response, "Mailgun", told(response, "message"))
        domain = response.json().get("domain") or {}
        state = said(domain.get("state"), 40)
        note = "" if state in {"", "active"} else f"Mailgun says that the domain is “{state}”: finish its DNS records."
        return Account(name=self.config.from_name or self.inbox.shop_name or address, handle=address, note=note)

    def connect(self) -> Dialogue[None]:
        """A route for what comes in, and a webhook for each thing that may become of what goes out."""
        hook = self.inbox.hook_url
        for event in EVENTS:
            path = f"/v3/domains/{self.config.domain}/webhooks"
            response = yield self._request("POST", path, {"id": event, "url": hook})
            if response.status == 400:  # there is one already: it is pointed at us
                response = yield self._request("PUT", f"{path}/{event}", {"url": hook})
            settle(response, "Mailgun", told(response, "message"))
        response = yield self._request("GET", "/v3/routes?limit=1000")
        settle(response, "Mailgun", told(response, "message"))
        items = response.json().get("items")
        routes = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
        if any(hook in str(one.get("actions")) for one in routes):
            return
        # An address that ends with “mime” gets the mail as it was sent.
        fields = [
            ("priority", "0"),
            ("description", f"Prilavok: {self.inbox.name}"[:100]),
            ("expression", f'match_recipient("{self.config.address}")'),
            ("action", f'forward("{hook}?as=mime")'),
            ("action", "stop()"),
        ]
        headers = {**self._login(), "content-type": "application/x-www-form-urlencoded"}
        url = f"{self.config.api_base.rstrip('/')}/v3/routes"
        response = yield Request("POST", url, headers=headers, body=urlencode(fields).encode())
        settle(response, "Mailgun", told(response, "message"))

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        kind = hook.headers.get("content-type", "")
        if kind.startswith(("multipart/", "application/x-www-form-urlencoded")):
            return self._letter(hook, kind)
        return [self._event(hook)]

    def answer(self, hook: Hook) -> HookAnswer:
        del hook
        return HookAnswer()

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        composed = self.composed(outbound)
        form = {
            "to": ", ".join(composed.recipients),
            f"v:{OURS}": outbound.message_id,
            f"v:{WHOM}": composed.recipients[0],
        }
        url = f"{self.config.api_base.rstrip('/')}/v3/{self.config.domain}/messages.mime"
        files = (("message", "message.mime", "message/rfc822", composed.mail),)
        response = yield Request("POST", url, headers=self._login(), form=form, files=files, timeout=60.0)
        self._settle(response)
        given = self._id(response)
        more = (given,) if given != composed.message_id else ()
        return Sent(provider_id=composed.message_id, more_ids=more)

    def _settle(self, response: Response) -> None:
        words = told(response, "message")
        if response.status == 400 and "not a valid address" not in words:
            raise NeedsOwner(f"Mailgun refuses our mails: {words or 'without a reason'}.")
        if response.status == 400:
            raise Undeliverable(f"Mailgun: {words}", address_is_dead=True)
        settle(response, "Mailgun", words, sends=True)

    def _id(self, response: Response) -> str:
        try:
            given = bare_id(response.json().get("id"))
        except (TryLater, AttributeError) as error:
            raise TryLater("Mailgun's answer cannot be read", perhaps_sent=True) from error
        if not given:
            raise TryLater("Mailgun's answer names no mail", perhaps_sent=True)
        return given

    def _letter(self, hook: Hook, kind: str) -> Iterable[Inbound]:
        try:
            form = posted(kind, hook.body)
        except NotAForm as error:
            raise BadSignature(str(error)) from error
        values = sorted((name, bytes(value)) for name, value in form.values.items() if name != "signature")
        content = hashlib.sha256(repr([values, [one.data for one in form.files]]).encode()).digest()
        signature = {name: form.text(name) for name in ("timestamp", "token", "signature")}
        self._verify(signature, content, hook)
        return self.mail(whole(form), hook)

    def _event(self, hook: Hook) -> Inbound:
        try:
            body = msgspec.json.decode(hook.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadSignature("neither a form nor an event") from error
        given = body.get("signature") if isinstance(body, dict) else None
        event = body.get("event-data") if isinstance(body, dict) else None
        signature = {name: said(value, 200) for name, value in given.items()} if isinstance(given, dict) else {}
        self._verify(signature, hashlib.sha256(msgspec.json.encode(event)).digest(), hook)
        if not isinstance(event, dict):
            raise BadInput("An event without its data.", field="event-data")
        return happened(event, hook)

    def _verify(self, given: dict[str, str], content: bytes, hook: Hook) -> None:
        timestamp, token = given.get("timestamp", ""), given.get("token", "")
        key = self.config.signing_key.encode()
        expected = hmac.new(key, f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest() if key else ""
        if not token or not same(given.get("signature", ""), expected):
            raise BadSignature("this is not Mailgun's signature")
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
            raise BadSignature("a signature without a time")
        age = hook.received_at.timestamp() - int(timestamp)
        if not -CLOCKS_DIFFER.total_seconds() <= age <= TRIED_FOR.total_seconds():
            raise BadSignature("a signature of another time")
        if self._spent.setdefault(token, content) != content:
            raise BadSignature("this token has said something else before")
        while len(self._spent) > REMEMBERED:
            self._spent.popitem(last=False)

    def _request(self, method: str, path: str, form: dict[str, str] | None = None) -> Request:
        return Request(method, self.config.api_base.rstrip("/") + path, headers=self._login(), form=form or {})

    def _login(self) -> dict[str, str]:
        return {"authorization": "Basic " + base64.b64encode(f"api:{self.config.api_key}".encode()).decode()}


def whole(form: Posted) -> bytes:
    """The mail as it was sent, or put together out of a route's fields."""
    if raw := form.values.get("body-mime"):
        return raw
    pairs = json_or_none(form.text("message-headers"))
    listed = pairs if isinstance(pairs, list) else []
    headers = [(one[0], one[1]) for one in listed if isinstance(one, list) and len(one) == 2 and _texts(one)]
    if not headers:
        fields = (("From", "from"), ("To", "recipient"), ("Subject", "subject"), ("Message-ID", "Message-Id"))
        headers = [(name, form.text(field)) for name, field in fields if form.text(field)]
    ids = json_or_none(form.text("content-id-map"))
    inside = {str(value): str(name) for name, value in ids.items()} if isinstance(ids, dict) else {}
    files = [File(one.name, one.type, one.data, inside.get(one.input, "")) for one in form.files]
    return rebuilt(headers, form.text("body-plain"), form.text("body-html"), files)


def _texts(pair: list[Any]) -> bool:
    return all(isinstance(one, str) for one in pair)


def happened(event: dict[str, Any], hook: Hook) -> Inbound:
    headers = part(part(event, "message"), "headers")
    variables = part(event, "user-variables")
    at = event.get("timestamp")
    about = About(
        at=moment(at, hook.received_at) if isinstance(at, int | float) else hook.received_at,
        address=said(event.get("recipient"), 320),
        message_id=said(variables.get(OURS), 64),
        provider_id=bare_id(headers.get("message-id")),
        main=said(variables.get(WHOM), 320),
    )
    kind = said(event.get("event"), 40)
    match kind:
        case "delivered":
            return about.delivered()
        case "opened":
            return about.opened()
        case "complained":
            return about.complained()
        case "failed" if event.get("severity") == "permanent":
            status = part(event, "delivery-status")
            words = said(status.get("message"), 500) or said(status.get("description"), 500)
            return about.failed(str(status.get("code", ""))[:8], words or said(event.get("reason"), 80), hard=True)
        case "failed":
            return Unknown(f"delayed: {about.address}"[:120])
        case "rejected":
            return about.failed("", said(part(event, "reject").get("reason"), 300) or "rejected", hard=False)
        case _ if kind in SILENT:
            return Unknown(kind)
        case _:
            return Unknown(f"event “{storable(kind)}”")


def part(whole: Any, name: str) -> dict[str, Any]:
    found = whole.get(name) if isinstance(whole, dict) else None
    return found if isinstance(found, dict) else {}
