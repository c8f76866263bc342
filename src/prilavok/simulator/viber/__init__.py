"""Viber on loopback: an ASGI application that answers as the bot API, and the people who open the shop's chat.

    viber = ViberEmulator(address="http://127.0.0.1:9000/viber")
    viber.user_starts("+380671234567", payload="k3Jq…")  # opens the chat, perhaps through a link
    viber.user_says("+380671234567", "Де моє замовлення?")
    viber.look("+380671234567", open=True)  # what is delivered is seen

The connector's `api_base` is `/pa` below where this application is served.
"""

import base64
import hashlib
import hmac
import html
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from uuid import uuid4

import aiohttp
import msgspec
from starlette.responses import Response

from prilavok.simulator.knocker import Knock
from prilavok.simulator.messenger import Bubble, File, Talk
from prilavok.simulator.office import Asked, Office, RefusedError, answer
from prilavok.simulator.rooms import Download, Room, Rooms, download
from prilavok.simulator.viber.contract import (
    HOST,
    Send,
    Welcome,
    accepted,
    check_message,
    read_send,
    read_webhook,
    read_welcome,
    refused,
)

TOKEN, URI = "demo-token-of-viber", "kardamon"
WELCOME_WITHIN = timedelta(minutes=5)
TO_TELEPHONE = 0.4  # seconds
FIRST_TOKEN = 5_741_311_803_571_721_087  # larger than any float holds exactly
TYPES = {"image": "picture", "video": "video"}


class ViberEmulator(Office):
    keeps = ("rooms", "_subscribed", "_last_token")
    can = frozenset({"start", "press", "file", "block", "look"})

    def __init__(self, *, hook: str = "", download: Download = download, devices: int = 1, **more: Any) -> None:
        """`devices`: of each person; each of them reports delivered and seen."""
        super().__init__(**more)
        self.hook = hook
        self.events: list[str] = []
        self.devices = devices
        self.download = download
        self.rooms = Rooms(viber_id)
        self.requests: list[Send] = []
        self._subscribed: set[str] = set()
        self._welcome_until: dict[str, datetime] = {}
        self._last_token = FIRST_TOKEN
        self.route("POST", "/pa/get_account_info", self._account)
        self.route("POST", "/pa/set_webhook", self._set_webhook)
        self.route("POST", "/pa/send_message", self._send, sends=True)
        self.route("GET", r"/media/(?P<id>[0-9a-f]+)/.+", self._media)

    # What people see and do

    def talk(self, person: str, name: str = "") -> Talk:
        return self.rooms.of(person, name).shown()

    def user_starts(self, person: str, payload: str = "", *, name: str = "") -> None:
        """Opens the chat. Once, within five minutes, the shop may say something to a stranger."""
        room = self.rooms.of(person, name)
        room.started = True
        subscribed = room.id in self._subscribed
        if not subscribed:
            self._welcome_until[room.id] = self.now() + WELCOME_WITHIN
        more = {"type": "open", "context": payload, "user": self._user(room), "subscribed": subscribed}
        self._tell("conversation_started", more, answered=lambda content: self._welcomed(room, content))

    def user_says(self, person: str, text: str, *, reply_to: str = "", name: str = "") -> Bubble:
        del reply_to  # Viber tells a bot nothing of it
        room = self.rooms.of(person, name)
        return self._says(room, {"type": "text", "text": text}, Bubble("", True, self.now(), text))

    def user_presses(self, person: str, message_id: str, button: str) -> None:
        """A button that is silent leaves nothing in the chat."""
        room = self.rooms.of(person)
        bubble, found = room.button(message_id, button)
        bubble.pressed = found["title"]
        shown = None if found.get("silent") else Bubble("", True, self.now(), button)
        self._says(room, {"type": "text", "text": button}, shown, silent=shown is None)

    def user_sends_file(self, person: str, name: str, mime: str, data: bytes, caption: str = "") -> Bubble:
        room = self.rooms.of(person)
        file = self.rooms.keep(File(uuid4().hex, name, mime, data))
        url = f"{self.address}/media/{file.id}/{quote(name)}"
        kind = TYPES.get(mime.partition("/")[0], "file")
        message = {"type": kind, "media": url, "file_name": name, "size": len(data)}
        if caption and kind == "picture":
            message["text"] = caption
        return self._says(room, message, Bubble("", True, self.now(), caption, (file,)))

    def user_sends_location(self, person: str, lat: float, lon: float) -> Bubble:
        message = {"type": "location", "location": {"lat": lat, "lon": lon}}
        return self._says(self.rooms.of(person), message, Bubble("", True, self.now(), f"{lat}, {lon}"))

    def user_edits(self, person: str, message_id: str, text: str) -> None:
        raise LookupError(f"Viber tells a bot of no edits ({person}, {message_id}: {text})")

    def user_deletes(self, person: str, message_id: str) -> None:
        raise LookupError(f"Viber tells a bot of no deletions ({person}, {message_id})")

    def user_blocks(self, person: str, *, blocked: bool) -> None:
        room = self.rooms.of(person)
        room.blocked = blocked
        if blocked:
            self._subscribed.discard(room.id)
            self._tell("unsubscribed", {"user_id": room.id})
        else:
            self._subscribed.add(room.id)
            self._tell("subscribed", {"user": self._user(room)})

    def look(self, person: str, *, open: bool) -> None:
        room = self.rooms.of(person)
        room.open = open
        for bubble in room.bubbles:
            if open and not bubble.mine and bubble.status == "delivered":
                self._climb(room, bubble, "seen")

    def file(self, file_id: str) -> File | None:
        return self.rooms.files.get(file_id)

    def _says(self, room: Room, message: Mapping[str, Any], bubble: Bubble | None, *, silent: bool = False) -> Bubble:
        room.started = True
        room.blocked = False
        self._subscribed.add(room.id)
        token = self._token()
        said = bubble or Bubble("", True, self.now())
        said.id = str(token)
        if bubble is not None:
            room.bubbles.append(bubble)

        def taken() -> None:
            said.status = "taken"

        self._tell("message", {"sender": self._user(room), "message": message, "silent": silent}, token, taken)
        return said

    # The API

    def too_many(self, seconds: float) -> Response:
        del seconds
        return answer(refused(12).body)

    def _account(self, asked: Asked) -> Response:
        self._login(asked)
        profile = {"id": "pa:1", "name": "Кардамон", "uri": URI, "webhook": self.hook, "event_types": self.events}
        return answer({"status": 0, "status_message": "ok", "chat_hostname": HOST, **profile})

    async def _set_webhook(self, asked: Asked) -> Response:
        """Knocks at the address before it answers: nobody there, no webhook."""
        self._login(asked)
        fields = accepted(read_webhook, asked.body)
        if fields.url:
            headers, body = self._sealed("webhook", {}, self._token())
            try:
                status, _, _ = await self.knocker.post(fields.url, headers, body)
            except (aiohttp.ClientError, OSError, TimeoutError):
                status = 0
            if status != 200:
                raise refused(1)
        self.hook, self.events = fields.url, ["message", *fields.event_types]
        return answer({"status": 0, "status_message": "ok", "chat_hostname": HOST, "event_types": self.events})

    async def _send(self, asked: Asked) -> Response:
        self._login(asked)
        fields: Send = accepted(read_send, asked.body)
        self.requests.append(fields)
        room = self.rooms.by_id(fields.receiver)
        if room is None:
            raise refused(5)
        if room.id not in self._subscribed and not self._use_welcome(room):
            raise refused(6)
        files: tuple[File, ...] = ()
        if fields.media:
            fetched = await self.download(fields.media)
            if fetched is None:
                raise refused(3)
            name = fields.file_name or unquote(urlsplit(fields.media).path.rpartition("/")[2])
            files = (self.rooms.keep(File(uuid4().hex, name, fetched.type, fetched.data)),)
        bubble = self._put(room, fields, files)
        return answer({"status": 0, "status_message": "ok", "message_token": int(bubble.id), "chat_hostname": HOST})

    def _use_welcome(self, room: Room) -> bool:
        until = self._welcome_until.pop(room.id, None)
        return until is not None and self.now() <= until

    def _welcomed(self, room: Room, content: bytes) -> bool:
        """The answer to conversation_started may be a message; whatever else it is does not matter."""
        try:
            message = read_welcome.decode(content)
            check_message(message)
        except (msgspec.DecodeError, RefusedError):
            return True
        if self._use_welcome(room):
            self._put(room, message, ())
        return True

    def _put(self, room: Room, message: Welcome, files: tuple[File, ...]) -> Bubble:
        buttons = tuple(
            {
                "id": one.ActionBody,
                "title": html.unescape(one.Text),
                **({"url": one.ActionBody} if one.ActionType == "open-url" else {}),
                **({"silent": "yes"} if one.Silent else {}),
            }
            for one in (message.keyboard.Buttons if message.keyboard else [])
        )
        bubble = Bubble(str(self._token()), False, self.now(), message.text, files, buttons)
        room.bubbles.append(bubble)
        self.knocker.after(TO_TELEPHONE, lambda: self._arrives(room, bubble))
        return bubble

    def _arrives(self, room: Room, bubble: Bubble) -> None:
        if bubble.status == "sent" and not room.blocked:
            self._climb(room, bubble, "delivered")
            if room.open:
                self._climb(room, bubble, "seen")

    def _climb(self, room: Room, bubble: Bubble, event: str) -> None:
        bubble.status = {"seen": "read"}.get(event, event)
        for _ in range(self.devices):
            self._tell(event, {"user_id": room.id}, int(bubble.id))

    def _media(self, asked: Asked) -> Response:
        file = self.rooms.files.get(asked.parts["id"])
        return Response(file.data, media_type=file.type) if file else answer({}, 404)

    def _tell(
        self,
        event: str,
        more: Mapping[str, Any],
        token: int | None = None,
        taken: Callable[[], None] | None = None,
        *,
        answered: Callable[[bytes], bool] | None = None,
    ) -> None:
        headers, body = self._sealed(event, more, token or self._token())
        if self.events and event not in self.events:
            return
        self.knocker.tell(Knock(self.hook, headers, body, taken, answered))

    def _sealed(self, event: str, more: Mapping[str, Any], token: int) -> tuple[dict[str, str], bytes]:
        at = int(self.now().timestamp() * 1000)
        whole = {"event": event, "timestamp": at, "chat_hostname": HOST, "message_token": token, **more}
        body = json.dumps(whole, ensure_ascii=False).encode()
        digest = hmac.new(TOKEN.encode(), body, hashlib.sha256).hexdigest()
        return {"content-type": "application/json", "x-viber-content-signature": digest}, body

    def _user(self, room: Room) -> dict[str, Any]:
        return {"id": room.id, "name": room.name, "country": "UA", "language": "uk", "api_version": 10}

    def _token(self) -> int:
        self._last_token += 3
        return self._last_token

    def _login(self, asked: Asked) -> None:
        if asked.request.headers.get("x-viber-auth-token") != TOKEN:
            raise refused(2)


def viber_id(person: str) -> str:
    return base64.b64encode(hashlib.md5(person.encode(), usedforsecurity=False).digest()).decode()
