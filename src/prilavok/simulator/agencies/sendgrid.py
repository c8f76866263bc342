"""SendGrid on loopback: scopes, parse settings and event webhooks, mail/send by its rules; events in arrays, signed."""

import base64
import json
import re
import secrets
from email.utils import formataddr
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.responses import Response

from prilavok.kit.ids import new_id
from prilavok.simulator.agencies import AgencyOffice, Letter, multipart, parsed, without_login
from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Asked, RefusedError, answer

API_KEY = "SG.emulated"
RESERVED = re.compile(
    r"x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc",
    re.IGNORECASE,
)
EVENTS = {"delivered": "delivered", "bounced": "bounce", "opened": "open", "complained": "spamreport"}
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class SendGridEmulator(AgencyOffice):
    """`signed`: events carry a signature of `verification_key`."""

    def __init__(self, *, signed: bool = False, **common: Any) -> None:
        super().__init__(**common)
        self.signed = signed
        self.parse_settings: dict[str, dict[str, Any]] = {}
        self.webhooks: dict[str, dict[str, Any]] = {}
        parse, events = "/v3/user/webhooks/parse/settings", "/v3/user/webhooks/event/settings"
        self.route("GET", "/v3/scopes", self._scopes)
        self.route("GET", rf"{parse}/(?P<host>[\w.-]+)", self._show_parse)
        self.route("POST", parse, self._add_parse)
        self.route("PATCH", rf"{parse}/(?P<host>[\w.-]+)", self._add_parse)
        self.route("GET", f"{events}/all", self._list_webhooks)
        self.route("POST", events, self._add_webhook)
        self.route("PATCH", rf"{events}/(?P<id>[\w-]+)", self._add_webhook)
        self.route("POST", "/v3/mail/send", self._send, sends=True)

    @cached_property
    def _private(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    @property
    def verification_key(self) -> str:
        raw = self._private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(raw).decode()

    def event(self, kind: str, letter: Letter, address: str) -> Knock:
        said: dict[str, Any] = {
            "email": address,
            "timestamp": int(self.now().timestamp()),
            "event": EVENTS[kind],
            "sg_event_id": secrets.token_urlsafe(12),
            "sg_message_id": f"{letter.id}.filter0001.1.1.0",
            **letter.variables,
        }
        if kind in {"delivered", "bounced"}:
            said["smtp-id"] = f"<{letter.message_id}>"
        if kind == "bounced":
            words = "550 5.1.1 The email account that you tried to reach does not exist."
            said |= {"status": "5.1.1", "reason": words, "type": "bounce"}
        body = json.dumps([said]).encode() + b"\r\n"
        url = next((one["url"] for one in self.webhooks.values()), self.hook)
        place, headers = without_login(url)
        if self.signed:
            timestamp = str(said["timestamp"])
            signature = self._private.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
            headers["x-twilio-email-event-webhook-timestamp"] = timestamp
            headers["x-twilio-email-event-webhook-signature"] = base64.b64encode(signature).decode()
        return Knock(place, {"content-type": "application/json", **headers}, body)

    def mail(self, raw: bytes) -> Knock:
        head = parsed(raw)
        setting: dict[str, Any] = next(iter(self.parse_settings.values()), {"url": self.hook, "send_raw": True})
        fields: dict[str, str | bytes] = {"to": str(head["To"]), "from": str(head["From"]), "SPF": "pass"}
        if setting.get("send_raw"):
            fields["email"] = raw
        else:
            plain = head.get_body(("plain",))
            fields["headers"] = "".join(f"{name}: {value}\n" for name, value in head.items())
            fields["text"] = plain.get_content() if plain is not None else ""
            fields["charsets"] = json.dumps({"text": "utf-8"})
        kind, body = multipart(fields)
        place, login = without_login(setting["url"])
        return Knock(place, {"content-type": kind, **login}, body)

    def _read(self, asked: Asked) -> dict[str, Any]:
        if asked.request.headers.get("authorization") != f"Bearer {API_KEY}":
            raise RefusedError(401, {"errors": [{"message": "The provided authorization grant is invalid"}]})
        return dict(json.loads(asked.body)) if asked.body else {}

    def _scopes(self, asked: Asked) -> Response:
        self._read(asked)
        return answer({"scopes": ["mail.send", "user.webhooks.parse.settings.create"]})

    def _show_parse(self, asked: Asked) -> Response:
        self._read(asked)
        known = self.parse_settings.get(asked.parts["host"])
        return answer(known) if known else answer({"errors": [{"message": "not found"}]}, 404)

    def _add_parse(self, asked: Asked) -> Response:
        given = self._read(asked)
        self.requests.append(("ParseSetting", given))
        self.parse_settings[given["hostname"]] = given
        return answer(given, 201)

    def _list_webhooks(self, asked: Asked) -> Response:
        self._read(asked)
        return answer({"max_allowed": 5, "webhooks": list(self.webhooks.values())})

    def _add_webhook(self, asked: Asked) -> Response:
        given = self._read(asked)
        self.requests.append(("EventWebhook", given))
        known = asked.parts.get("id") or new_id()
        self.webhooks[known] = {**given, "id": known}
        return answer(self.webhooks[known], 201)

    def _send(self, asked: Asked) -> Response:
        given = self._read(asked)
        [whom] = given.get("personalizations") or [{}]
        everybody = [*whom.get("to", []), *whom.get("cc", [])]
        if not whom.get("to") or not all(ADDRESS.fullmatch(one.get("email", "")) for one in everybody):
            raise _wrong("Does not contain a valid address.", "personalizations.0.to.0.email")
        if not ADDRESS.fullmatch(given.get("from", {}).get("email", "")):
            raise _wrong("The from email does not contain a valid address.", "from.email")
        if not given.get("subject"):
            raise _wrong("The subject is required.", "subject")
        kinds = [one.get("type") for one in given.get("content", [])]
        if not kinds or not all(one.get("value") for one in given["content"]) or kinds != sorted(kinds, reverse=True):
            raise _wrong("The content is empty, or text/plain does not come first.", "content")
        if any(RESERVED.fullmatch(name) for name in given.get("headers", {})):
            raise _wrong("A reserved header cannot be overwritten.", "headers")
        self.requests.append(("MailSend", given))
        own, headers = secrets.token_urlsafe(16), given.get("headers", {})
        letter = Letter(
            id=own,
            message_id=headers.get("Message-ID", f"{own}@ismtpd.sendgrid.net").strip("<>"),
            sender=formataddr((given["from"].get("name", ""), given["from"]["email"])),
            to=tuple(one["email"] for one in everybody),
            subject=given["subject"],
            text=given["content"][0]["value"],
            headers={**headers, **({"Reply-To": given["reply_to"]["email"]} if given.get("reply_to") else {})},
            variables=whom.get("custom_args", {}),
            files=tuple((one["filename"], base64.b64decode(one["content"])) for one in given.get("attachments", [])),
        )
        self.take(letter)
        return Response(b"", 202, {"x-message-id": own})


def _wrong(words: str, place: str) -> RefusedError:
    return RefusedError(400, {"errors": [{"message": words, "field": place, "help": None}]})
