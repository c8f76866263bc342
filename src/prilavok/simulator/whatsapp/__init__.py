"""WhatsApp on loopback: an ASGI application that answers as Meta's Cloud API, and the people who write to the shop.

    whatsapp = WhatsAppEmulator(hook="https://shop.example/hooks/KEY")
    whatsapp.add_template(ApprovedTemplate("notice", "uk", "Добрий день! {{1}} Дякуємо."))
    whatsapp.user_says("+380671234567", "Де моє замовлення?")
    whatsapp.look("+380671234567", open=True)       # what comes is read from now on
    whatsapp.switch("+380671234567", online=False)  # nothing is delivered until it is switched on

The connector's `api_base` is where this application is served.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Asked, Office, answer, last
from prilavok.simulator.telegram.contract import Uploaded
from prilavok.simulator.telegram.http import multipart
from prilavok.simulator.whatsapp.chats import ApprovedTemplate, Chat, ChatMessage, StoredFile
from prilavok.simulator.whatsapp.contract import Send, Template, accepted, read_send, read_subscribe, refused

__all__ = ["ApprovedTemplate", "Chat", "ChatMessage", "WhatsAppEmulator"]

NUMBER_ID, ACCOUNT_ID, SHOP_NUMBER = "106540352242922", "102290129340398", "380441234568"
TOKEN, APP_SECRET = "demo-token-of-whatsapp", "demo-app-secret"
ORDER = ("accepted", "sent", "delivered", "read")
TO_SERVER, TO_TELEPHONE = 0.2, 0.4  # seconds
SHUT = {"PAUSED": 132015, "DISABLED": 132016, "REJECTED": 132001}
MEDIA = ("image", "video", "audio", "document", "sticker")


class WhatsAppEmulator(Office):
    keeps = ("chats", "_files")

    def __init__(self, *, hook: str = "", **more: Any) -> None:
        """`hook`: where Meta's deliveries go, until the connector says so itself."""
        super().__init__(**more)
        self.hook = hook
        self.verify_token = ""
        self.token_until = 0  # Unix time; 0: for ever
        self.chats: dict[str, Chat] = {}
        self.templates: dict[tuple[str, str], ApprovedTemplate] = {}
        self.requests: list[Send] = []
        self._files: dict[str, StoredFile] = {}
        self.route("POST", rf"/{NUMBER_ID}/messages", self._send, sends=True)
        self.route("POST", rf"/{NUMBER_ID}/media", self._upload)
        self.route("GET", rf"/{NUMBER_ID}", self._number)
        self.route("GET", "/debug_token", self._about_token)
        self.route("GET", rf"/{ACCOUNT_ID}/message_templates", self._templates)
        self.route("POST", rf"/{ACCOUNT_ID}/subscribed_apps", self._subscribe)
        self.route("GET", r"/media-bytes/(?P<id>[\w-]+)", self._media_bytes)
        self.route("GET", r"/(?P<id>media-[\w-]+)", self._media)

    def add_template(self, template: ApprovedTemplate) -> None:
        self.templates[template.name, template.language] = template

    def judge_template(self, name: str, language: str, status: str, reason: str = "NONE") -> None:
        """Meta has looked at a template: APPROVED, REJECTED, PAUSED, DISABLED. It is told."""
        self.templates[name, language] = replace(self.templates[name, language], status=status)
        value = {
            "event": status,
            "message_template_id": 1689556908129832,
            "message_template_name": name,
            "message_template_language": language,
            "reason": reason,
        }
        self._tell_change({"field": "message_template_status_update", "value": value}, None)

    def owner_says(self, number: str, text: str) -> ChatMessage:
        """On the telephone, in the Business application: it comes as an echo."""
        message = ChatMessage(new_wamid(), False, self.now(), text=text, status="sent")
        self.chat(number).messages.append(message)
        given = {"from": SHOP_NUMBER, "to": digits(number), "id": message.id, "timestamp": stamp(message.at)}
        echo = {**given, "type": "text", "text": {"body": text}}
        self._tell({"contacts": self._people(number), "message_echoes": [echo]}, None, field="smb_message_echoes")
        return message

    def user_reacts(self, number: str, message_id: str, emoji: str) -> None:
        """An empty emoji takes it back."""
        last(self.chat(number).messages, message_id).reaction = emoji
        said = {"message_id": message_id, **({"emoji": emoji} if emoji else {})}
        given = {"from": digits(number), "id": new_wamid(), "timestamp": stamp(self.now())}
        reaction = {**given, "type": "reaction", "reaction": said}
        self._tell({"contacts": self._people(number), "messages": [reaction]}, None)

    def _people(self, number: str) -> list[dict[str, Any]]:
        name = self.chat(number).name
        return [{"profile": {"name": name}, "wa_id": digits(number), "user_id": f"UA.{digits(number)}"}]

    def chat(self, number: str, name: str = "") -> Chat:
        chat = self.chats.setdefault(number, Chat(number, name or number))
        chat.name = name or chat.name
        return chat

    def file(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    # What people do

    def user_says(self, number: str, text: str, *, reply_to: str = "") -> ChatMessage:
        return self._user_sends(number, {"type": "text", "text": {"body": text}}, text=text, reply_to=reply_to)

    def user_presses(self, number: str, message_id: str, button: str) -> ChatMessage:
        """`button`: its id. A button of a template answers in another shape than one of a message or a list."""
        message = last(self.chat(number).messages, message_id)
        found = next((one for one in message.buttons if one["id"] == button), None)
        if found is None:
            raise LookupError(f"no button {button} under {message_id}")
        message.pressed = button
        if message.template:
            content: dict[str, Any] = {"type": "button", "button": {"payload": button, "text": found["title"]}}
        else:
            kind = "list_reply" if message.choose else "button_reply"
            chosen = {"id": button, "title": found["title"]}
            content = {"type": "interactive", "interactive": {"type": kind, kind: chosen}}
        return self._user_sends(number, content, text=found["title"], reply_to=message_id)

    def user_sends_file(
        self, number: str, kind: str, name: str, mime: str, data: bytes, caption: str = ""
    ) -> ChatMessage:
        """`kind`: image, video, audio, document or sticker; an audio is a voice message."""
        file = self._store(name, mime, data)
        media: dict[str, Any] = {"id": file.id, "mime_type": mime, "sha256": hashlib.sha256(data).hexdigest()}
        more: dict[str, Any] = {"voice": True} if kind == "audio" else {"filename": name} if kind == "document" else {}
        content = {"type": kind, kind: {**media, **more, **({"caption": caption} if caption else {})}}
        return self._user_sends(number, content, text=caption, kind=kind, files=(file,))

    def user_sends_location(self, number: str, lat: float, lon: float) -> ChatMessage:
        content = {"type": "location", "location": {"latitude": lat, "longitude": lon}}
        return self._user_sends(number, content, kind="location", location=(lat, lon))

    def look(self, number: str, *, open: bool) -> None:
        """Whether the chat lies open before the customer's eyes: what is there counts as read."""
        self.chat(number).open = open
        self._catch_up(number)

    def switch(self, number: str, *, online: bool) -> None:
        """Without a connection nothing is delivered; with one, everything that waited."""
        self.chat(number).online = online
        self._catch_up(number)

    def _catch_up(self, number: str) -> None:
        chat = self.chat(number)
        for message in chat.messages:
            if not message.mine and message.status in {"sent", "delivered"}:
                self._arrives(chat, message)

    def _user_sends(self, number: str, content: Mapping[str, Any], **said: Any) -> ChatMessage:
        chat = self.chat(number)
        message = ChatMessage(new_wamid(), True, self.now(), **{**said, "status": "sent"})
        chat.messages.append(message)
        chat.last_said = message.at
        given: dict[str, Any] = {"from": digits(number), "id": message.id, "timestamp": stamp(message.at), **content}
        if message.reply_to:
            given["context"] = {"from": SHOP_NUMBER, "id": message.reply_to}

        def taken() -> None:
            message.status = "delivered"

        self._tell({"contacts": self._people(number), "messages": [given]}, taken)
        return message

    # The API

    def too_many(self, seconds: float) -> Response:
        body = refused(429, 130429, "Rate limit hit").body
        return answer(body, 429, {"retry-after": str(int(seconds))})

    def _about_token(self, asked: Asked) -> Response:
        self._login(asked)
        return answer({"data": {"is_valid": True, "expires_at": self.token_until, "type": "SYSTEM_USER"}})

    def _number(self, asked: Asked) -> Response:
        self._login(asked)
        shown = {"display_phone_number": f"+{SHOP_NUMBER}", "verified_name": "Кардамон", "quality_rating": "GREEN"}
        return answer({"id": NUMBER_ID, **shown})

    def _templates(self, asked: Asked) -> Response:
        self._login(asked)
        wanted = asked.query.get("name", "")
        return answer({"data": [one.shown() for one in self.templates.values() if wanted in {"", one.name}]})

    def _subscribe(self, asked: Asked) -> Response:
        self._login(asked)
        fields = accepted(read_subscribe, asked.body)
        self.hook, self.verify_token = fields.override_callback_uri or self.hook, fields.verify_token
        return answer({"success": True})

    def _upload(self, asked: Asked) -> Response:
        self._login(asked)
        boundary = asked.request.headers.get("content-type", "").partition("boundary=")[2].strip('"').encode()
        given = multipart(asked.body, boundary) if boundary else {}
        file = given.get("file")
        if given.get("messaging_product") != "whatsapp" or not isinstance(file, Uploaded):
            raise refused(400, 100, "(#100) The parameter file is required.")
        return answer({"id": self._store(file.name, file.type, file.data).id})

    def _media(self, asked: Asked) -> Response:
        self._login(asked)
        file = self._files.get(asked.parts["id"])
        if file is None:
            raise refused(404, 100, "Object does not exist")
        known = {"mime_type": file.type, "sha256": hashlib.sha256(file.data).hexdigest(), "file_size": len(file.data)}
        url = f"{self.address}/media-bytes/{file.id}"
        return answer({"id": file.id, "messaging_product": "whatsapp", "url": url, **known})

    def _media_bytes(self, asked: Asked) -> Response:
        self._login(asked)
        file = self._files.get(asked.parts["id"])
        return Response(file.data, media_type=file.type) if file else answer({}, 404)

    def _send(self, asked: Asked) -> Response:
        """200 means "accepted" and nothing more: whether the window was open is said by a status."""
        self._login(asked)
        fields: Send = accepted(read_send, asked.body)
        self.requests.append(fields)
        chat = self.chat(f"+{digits(fields.to)}")
        message = self._made(fields)
        chat.messages.append(message)
        allowed = fields.template is not None or chat.window_is_open(self.now())
        self.knocker.after(TO_SERVER, lambda: self._leaves(chat, message, allowed=allowed))
        contact = {"input": fields.to, "wa_id": digits(fields.to)}
        sent = {"id": message.id, "message_status": "accepted"}
        return answer({"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]})

    def _made(self, fields: Send) -> ChatMessage:
        message = ChatMessage(new_wamid(), False, self.now(), opaque=fields.biz_opaque_callback_data)
        message.reply_to = fields.context.message_id if fields.context else ""
        if fields.text is not None:
            message.text = fields.text.body
        elif fields.template is not None:
            message.text, message.buttons = self._filled(fields.template)
            message.template = True
        elif (asked := fields.interactive) is not None:
            message.text, message.choose = asked.body.text, asked.action.button
            rows = [{"id": one.reply.id, "title": one.reply.title} for one in asked.action.buttons]
            for section in asked.action.sections:
                rows += [{"id": one.id, "title": one.title, "description": one.description} for one in section.rows]
            message.buttons = tuple(rows)
        else:
            media = getattr(fields, fields.type)
            file = self._files.get(media.id)
            if file is None:
                raise refused(400, 131053, "Media upload error")
            message.kind, message.text, message.files = fields.type, media.caption, (file,)
        return message

    def _filled(self, wanted: Template) -> tuple[str, tuple[Mapping[str, str], ...]]:
        known = self.templates.get((wanted.name, wanted.language.code))
        if known is None:
            raise refused(404, 132001, f"Template name {wanted.name} does not exist in {wanted.language.code}")
        if known.status in SHUT:
            raise refused(400, SHUT[known.status], f"Template is {known.status.lower()}")
        values = [one.text for part in wanted.components if part.type == "body" for one in part.parameters]
        if len(values) != known.variables:
            raise refused(400, 132000, "Number of parameters does not match the expected number of params")
        if any("\n" in one or "\t" in one or "    " in one for one in values):
            raise refused(400, 132018, "Param text cannot have new-line/tab characters or more than 4 spaces")
        payloads = [part.parameters[0].payload for part in wanted.components if part.type == "button"]
        buttons = zip([*payloads, *known.buttons[len(payloads) :]], known.buttons, strict=False)
        return known.filled(values), tuple({"id": payload, "title": title} for payload, title in buttons)

    def _leaves(self, chat: Chat, message: ChatMessage, *, allowed: bool) -> None:
        if not allowed:
            message.status = "failed"
            error = {"code": 131047, "title": "Re-engagement message", "message": "Re-engagement message"}
            self._report(chat, message, "failed", {"errors": [error]})
            return
        self._climb(chat, message, "sent")
        self.knocker.after(TO_TELEPHONE, lambda: self._arrives(chat, message))

    def _arrives(self, chat: Chat, message: ChatMessage) -> None:
        if chat.online and message.status != "failed":
            self._climb(chat, message, "delivered")
            if chat.open:
                self._climb(chat, message, "read")

    def _climb(self, chat: Chat, message: ChatMessage, status: str) -> None:
        if ORDER.index(status) > ORDER.index(message.status):
            message.status = status
            category = "utility" if message.template else "service"
            price = {"billable": message.template, "pricing_model": "PMP", "category": category}
            self._report(chat, message, status, {"pricing": price})

    def _report(self, chat: Chat, message: ChatMessage, status: str, more: Mapping[str, Any]) -> None:
        given = {
            "id": message.id,
            "status": status,
            "timestamp": stamp(self.now()),
            "recipient_id": digits(chat.number),
            **more,
        }
        if message.opaque:
            given["biz_opaque_callback_data"] = message.opaque
        self._tell({"statuses": [given]}, None)

    def _tell(self, value: Mapping[str, Any], taken: Any, *, field: str = "messages") -> None:
        known = {"display_phone_number": SHOP_NUMBER, "phone_number_id": NUMBER_ID}
        whole = {"messaging_product": "whatsapp", "metadata": known, **value}
        self._tell_change({"field": field, "value": whole}, taken)

    def _tell_change(self, change: Mapping[str, Any], taken: Any) -> None:
        whole = {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT_ID, "changes": [change]}]}
        # Meta escapes letters and slashes, and signs what it sends.
        body = json.dumps(whole).replace("/", "\\/").encode()
        digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "x-hub-signature-256": f"sha256={digest}"}
        self.knocker.tell(Knock(self.hook, headers, body, taken))

    def _store(self, name: str, mime: str, data: bytes) -> StoredFile:
        file = StoredFile(f"media-{uuid4().hex}", name, mime, data)
        self._files[file.id] = file
        return file

    def _login(self, asked: Asked) -> None:
        if asked.request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise refused(401, 190, "Invalid OAuth access token")


def digits(number: str) -> str:
    return number.removeprefix("+")


def new_wamid() -> str:
    return f"wamid.{uuid4().hex.upper()}"


def stamp(at: datetime) -> str:
    return str(int(at.timestamp()))
