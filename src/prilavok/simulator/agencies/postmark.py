"""Postmark on loopback: a server with its hooks, /email by its rules; events and mails with the hook's password."""

import base64
import json
from email.utils import parseaddr
from typing import Any

from starlette.responses import Response

from prilavok.kit.ids import new_id
from prilavok.simulator.agencies import AgencyOffice, Letter, parsed, without_login
from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Asked, RefusedError, answer

TOKEN = "server-token-emulated"
KNOWN = {"From", "To", "Cc", "Bcc", "Subject", "Tag", "HtmlBody", "TextBody", "ReplyTo", "Headers", "TrackOpens"}
KNOWN |= {"TrackLinks", "Metadata", "Attachments", "MessageStream"}
DATES = {"delivered": "DeliveredAt", "bounced": "BouncedAt", "complained": "BouncedAt", "opened": "ReceivedAt"}
TYPES = {"delivered": "Delivery", "bounced": "Bounce", "complained": "SpamComplaint", "opened": "Open"}


class PostmarkEmulator(AgencyOffice):
    def __init__(self, **common: Any) -> None:
        super().__init__(**common)
        self.server: dict[str, Any] = {"ID": 1, "Name": "Lamps", "InboundAddress": "hash@inbound.postmarkapp.com"}
        self.webhooks: list[dict[str, Any]] = []
        self.inactive: set[str] = set()
        self.route("GET", "/server", self._show_server)
        self.route("PUT", "/server", self._change_server)
        self.route("GET", "/webhooks", self._list_webhooks)
        self.route("POST", "/webhooks", self._add_webhook)
        self.route("PUT", r"/webhooks/(?P<id>\d+)", self._change_webhook)
        self.route("POST", "/email", self._send, sends=True)

    def event(self, kind: str, letter: Letter, address: str) -> Knock:
        body: dict[str, Any] = {
            "RecordType": TYPES[kind],
            "MessageID": letter.id,
            "Metadata": dict(letter.variables),
            DATES[kind]: self.now().isoformat(),
            "Email" if kind in {"bounced", "complained"} else "Recipient": address,
        }
        if kind == "bounced":
            self.inactive.add(address)
            details = "smtp;550 5.1.1 The email account that you tried to reach does not exist."
            body |= {"Type": "HardBounce", "TypeCode": 1, "Inactive": True, "Details": details}
        hook: dict[str, Any] = self.webhooks[0] if self.webhooks else {"Url": self.hook}
        login = hook.get("HttpAuth") or {}
        url = hook["Url"]
        if login:
            url = url.replace("://", f"://{login['Username']}:{login['Password']}@", 1)
        return self._knock(url, body)

    def mail(self, raw: bytes) -> Knock:
        head = parsed(raw)
        name, address = parseaddr(str(head["From"]))
        body = {
            "FromFull": {"Email": address, "Name": name, "MailboxHash": ""},
            "Subject": str(head["Subject"]),
            "MessageID": new_id(),
            "Headers": [{"Name": name, "Value": str(value)} for name, value in head.items()],
            **({"RawEmail": raw.decode("utf-8", "replace")} if self.server.get("RawEmailEnabled") else {}),
        }
        plain = head.get_body(("plain",))
        body["TextBody"] = plain.get_content() if plain is not None else ""
        return self._knock(self.server.get("InboundHookUrl") or self.hook, body)

    def _knock(self, url: str, body: Any) -> Knock:
        place, login = without_login(url)
        return Knock(place, {"content-type": "application/json", **login}, json.dumps(body).encode())

    def _read(self, asked: Asked) -> dict[str, Any]:
        if asked.request.headers.get("x-postmark-server-token") != TOKEN:
            raise RefusedError(401, {"ErrorCode": 10, "Message": "Bad or missing Server API token."})
        if not asked.body:
            return {}
        try:
            found = json.loads(asked.body)
        except ValueError as error:
            raise RefusedError(422, {"ErrorCode": 402, "Message": "Invalid JSON"}) from error
        return dict(found)

    def _show_server(self, asked: Asked) -> Response:
        self._read(asked)
        return answer(self.server)

    def _change_server(self, asked: Asked) -> Response:
        self.server |= self._read(asked)
        return answer(self.server)

    def _list_webhooks(self, asked: Asked) -> Response:
        self._read(asked)
        return answer({"Webhooks": self.webhooks})

    def _add_webhook(self, asked: Asked) -> Response:
        given = self._read(asked)
        if not given.get("Url") or not given.get("Triggers"):
            raise RefusedError(422, {"ErrorCode": 1104, "Message": "A webhook needs an Url and triggers."})
        self.webhooks.append({**given, "ID": len(self.webhooks) + 1})
        return answer(self.webhooks[-1])

    def _change_webhook(self, asked: Asked) -> Response:
        given = self._read(asked)
        self.webhooks[int(asked.parts["id"]) - 1] |= given
        return answer(given)

    def _send(self, asked: Asked) -> Response:
        given = self._read(asked)
        if unknown := given.keys() - KNOWN:
            raise RefusedError(422, {"ErrorCode": 403, "Message": f"Unknown fields: {sorted(unknown)}"})
        if not parseaddr(given.get("From", ""))[1] or "@" not in given.get("To", ""):
            raise RefusedError(422, {"ErrorCode": 300, "Message": "Invalid 'From' or 'To' address."})
        if not (given.get("TextBody") or given.get("HtmlBody")):
            raise RefusedError(422, {"ErrorCode": 300, "Message": "Provide either email TextBody or HtmlBody or both."})
        if given["To"] in self.inactive:
            words = "You tried to send to recipient(s) that have been marked as inactive."
            raise RefusedError(422, {"ErrorCode": 406, "Message": words})
        if any(len(name) > 20 or len(value) > 80 for name, value in given.get("Metadata", {}).items()):
            raise RefusedError(422, {"ErrorCode": 300, "Message": "Metadata is too long."})
        self.requests.append(given)
        headers = {one["Name"]: one["Value"] for one in given.get("Headers", [])}
        own, kept = new_id(), headers.get("X-PM-KeepID") == "true"
        letter = Letter(
            id=own,
            message_id=headers.get("Message-ID", "").strip("<>") if kept else f"{own}@mtasv.net",
            sender=given["From"],
            to=(given["To"], *(one.strip() for one in given.get("Cc", "").split(",") if one.strip())),
            subject=given.get("Subject", ""),
            text=given.get("TextBody", ""),
            headers={**headers, **({"Reply-To": given["ReplyTo"]} if given.get("ReplyTo") else {})},
            variables=given.get("Metadata", {}),
            files=tuple((one["Name"], base64.b64decode(one["Content"])) for one in given.get("Attachments", [])),
        )
        self.take(letter)
        return answer({"To": given["To"], "MessageID": own, "ErrorCode": 0, "Message": "OK"})
