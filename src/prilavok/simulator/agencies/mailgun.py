"""Mailgun on loopback: domains, routes and webhooks, messages.mime; signed events, mails as they were sent."""

import hashlib
import hmac
import json
import secrets
from typing import Any

from starlette.responses import Response

from prilavok.kit.multipart import NotAForm, posted
from prilavok.simulator.agencies import AgencyOffice, Letter, basic, multipart, parsed
from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Asked, RefusedError, answer

DOMAIN, API_KEY, SIGNING_KEY = "mg.kardamon.example", "key-emulated", "signing-emulated"


class MailgunEmulator(AgencyOffice):
    def __init__(self, **common: Any) -> None:
        super().__init__(**common)
        self.webhooks: dict[str, str] = {}
        self.routes: list[dict[str, Any]] = []
        self.route("GET", rf"/v3/domains/{DOMAIN}", self._domain)
        self.route("POST", rf"/v3/domains/{DOMAIN}/webhooks", self._add_webhook)
        self.route("PUT", rf"/v3/domains/{DOMAIN}/webhooks/(?P<id>\w+)", self._change_webhook)
        self.route("GET", "/v3/routes", self._list_routes)
        self.route("POST", "/v3/routes", self._add_route)
        self.route("POST", rf"/v3/{DOMAIN}/messages\.mime", self._send, sends=True)

    def event(self, kind: str, letter: Letter, address: str) -> Knock:
        data: dict[str, Any] = {
            "id": secrets.token_urlsafe(12),
            "event": {"bounced": "failed"}.get(kind, kind),
            "timestamp": self.now().timestamp(),
            "recipient": address,
            "user-variables": dict(letter.variables),
            "message": {"headers": {"message-id": letter.message_id, "subject": letter.subject}},
        }
        if kind == "bounced":
            words = "5.1.1 The email account that you tried to reach does not exist."
            data |= {"severity": "permanent", "reason": "bounce", "delivery-status": {"code": 550, "message": words}}
        name = {"bounced": "permanent_fail"}.get(kind, kind)
        body = json.dumps({"signature": self._signed(), "event-data": data}).encode()
        return Knock(self.webhooks.get(name, self.hook), {"content-type": "application/json"}, body)

    def mail(self, raw: bytes) -> Knock:
        head = parsed(raw)
        fields: dict[str, str | bytes] = {**self._signed(), "body-mime": raw}
        fields |= {"recipient": str(head["To"]), "sender": str(head["From"])}
        kind, body = multipart(fields)
        forward = next((part for route in self.routes for part in route["actions"] if "forward" in part), "")
        url = forward.partition('"')[2].partition('"')[0] or self.hook
        return Knock(url, {"content-type": kind}, body)

    def _signed(self) -> dict[str, str]:
        timestamp, token = str(int(self.now().timestamp())), secrets.token_hex(25)
        digest = hmac.new(SIGNING_KEY.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
        return {"timestamp": timestamp, "token": token, "signature": digest}

    def _admit(self, asked: Asked) -> None:
        if asked.request.headers.get("authorization") != basic("api", API_KEY):
            raise RefusedError(401, {"message": "Invalid private key"})

    def _domain(self, asked: Asked) -> Response:
        self._admit(asked)
        return answer({"domain": {"name": DOMAIN, "state": "active"}})

    def _add_webhook(self, asked: Asked) -> Response:
        self._admit(asked)
        name, url = asked.form.get("id", ""), asked.form.get("url", "")
        if name in self.webhooks:
            raise RefusedError(400, {"message": "Webhook already exists"})
        if name not in {"delivered", "permanent_fail", "temporary_fail", "complained", "opened", "clicked"} or not url:
            raise RefusedError(400, {"message": "unknown webhook"})
        self.webhooks[name] = url
        return answer({"message": "Webhook has been created", "webhook": {"urls": [url]}})

    def _change_webhook(self, asked: Asked) -> Response:
        self._admit(asked)
        self.webhooks[asked.parts["id"]] = asked.form["url"]
        return answer({"message": "Webhook has been updated"})

    def _list_routes(self, asked: Asked) -> Response:
        self._admit(asked)
        return answer({"total_count": len(self.routes), "items": self.routes})

    def _add_route(self, asked: Asked) -> Response:
        self._admit(asked)
        form = posted(asked.request.headers.get("content-type", ""), asked.body)
        actions = [part for part in asked.body.decode().split("&") if part.startswith("action=")]
        if not form.text("expression").startswith("match_recipient(") or not actions:
            raise RefusedError(400, {"message": "Missing or broken expression or action"})
        found = [posted("application/x-www-form-urlencoded", one.encode()).text("action") for one in actions]
        self.routes.append({"id": secrets.token_hex(8), "expression": form.text("expression"), "actions": found})
        return answer({"message": "Route has been created", "route": self.routes[-1]})

    def _send(self, asked: Asked) -> Response:
        self._admit(asked)
        try:
            form = posted(asked.request.headers.get("content-type", ""), asked.body)
        except NotAForm as error:
            raise RefusedError(400, {"message": str(error)}) from error
        to = tuple(one.strip() for one in form.text("to").split(",") if one.strip())
        if not to or not all("@" in one for one in to):
            raise RefusedError(400, {"message": "to parameter is not a valid address. please check documentation"})
        if [one.input for one in form.files] != ["message"]:
            raise RefusedError(400, {"message": "Need at least one of 'message' parameters specified"})
        head = parsed(form.files[0].data)
        plain = head.get_body(("plain",))
        message_id = str(head["Message-ID"]).strip("<> ")
        letter = Letter(
            id=message_id,
            message_id=message_id,
            sender=str(head["From"]),
            to=to,
            subject=str(head["Subject"]),
            text=plain.get_content() if plain is not None else "",
            headers={name: str(value) for name, value in head.items()},
            variables={name[2:]: form.text(name) for name in form.values if name.startswith("v:")},
            files=tuple((part.get_filename() or "", content(part)) for part in head.iter_attachments()),
        )
        self.take(letter)
        return answer({"id": f"<{message_id}>", "message": "Queued. Thank you."})


def content(part: Any) -> bytes:
    """A file's bytes, whatever it calls itself: a letter within a letter stays whole."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else bytes(part.as_bytes())
