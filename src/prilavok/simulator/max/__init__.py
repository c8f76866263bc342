"""MAX on loopback: an ASGI application that answers as the bot API, and the people who write to the shop's bot.

    max_ = MaxEmulator(address="http://127.0.0.1:9000/max")
    max_.user_starts("+79161234567", payload="k3Jq…")
    max_.user_says("+79161234567", "Где мой заказ?")
    max_.user_edits("+79161234567", message_id, "Где мой заказ 7?")

Updates wait for GET /updates, until the connector subscribes a webhook.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from starlette.responses import Response

from prilavok.simulator.knocker import Knock
from prilavok.simulator.max.contract import (
    UPDATES,
    InlineKeyboard,
    LinkKey,
    Send,
    accepted,
    read_answer,
    read_send,
    read_subscribe,
    refused,
)
from prilavok.simulator.messenger import Bubble, File, Talk
from prilavok.simulator.office import Asked, Office, answer
from prilavok.simulator.rooms import Room, Rooms, digits_of
from prilavok.simulator.telegram.contract import Uploaded
from prilavok.simulator.telegram.http import multipart

TOKEN, USERNAME, NAME = "demo-token-of-max", "kardamon_bot", "Кардамон"
FIRST_SEQ = 116_000_000_000_000_001  # larger than any float holds exactly
TYPES = {"image": "image", "video": "video", "audio": "audio"}


class MaxEmulator(Office):
    keeps = ("rooms", "_updates", "_messages", "_reached")
    can = frozenset({"start", "press", "file", "edit", "delete", "block"})

    def __init__(self, *, prepares: int = 0, **more: Any) -> None:
        """`prepares`: how often a message with a fresh file is refused as not ready."""
        super().__init__(**more)
        self.hook = ""
        self.secret = ""
        self.events: tuple[str, ...] = UPDATES
        self.prepares = prepares
        self.rooms = Rooms(digits_of)
        self.requests: list[Send] = []
        self.answered: list[str] = []
        self._presses: set[str] = set()
        self._updates: list[dict[str, Any]] = []  # the marker is a place in it
        self._news = asyncio.Event()
        self._messages: dict[str, Bubble] = {}
        self._reached: set[str] = set()  # who has a dialogue with the bot
        self._unready: dict[str, int] = {}
        self.route("GET", "/me", self._me)
        self.route("GET", "/subscriptions", self._subscriptions)
        self.route("POST", "/subscriptions", self._subscribe)
        self.route("DELETE", "/subscriptions", self._unsubscribe)
        self.route("GET", "/updates", self._poll)
        self.route("POST", "/messages", self._send, sends=True)
        self.route("POST", "/answers", self._answer)
        self.route("POST", "/uploads", self._place)
        self.route("POST", r"/upload/(?P<kind>image|video|audio|file)/(?P<id>[0-9a-f]+)", self._upload)
        self.route("GET", r"/media/(?P<id>[0-9a-f]+)/.+", self._media)

    async def close(self) -> None:
        self._updates = []
        self._news.set()
        await super().close()

    # What people see and do

    def talk(self, person: str, name: str = "") -> Talk:
        return self.rooms.of(person, name).shown()

    def user_starts(self, person: str, payload: str = "", *, name: str = "") -> None:
        room = self.rooms.of(person, name)
        room.started = True
        self._reached.add(room.id)
        more = {"payload": payload} if payload else {}
        self._tell("bot_started", {"chat_id": int(room.id), "user": self._user(room), **more})

    def user_says(self, person: str, text: str, *, reply_to: str = "", name: str = "") -> Bubble:
        room = self.rooms.of(person, name)
        bubble = self._put(room, Bubble("", True, self.now(), text, reply_to=reply_to))
        self._said(room, bubble, "message_created", None)
        return bubble

    def user_presses(self, person: str, message_id: str, button: str) -> None:
        room = self.rooms.of(person)
        bubble, found = room.button(message_id, button)
        bubble.pressed = found["title"]
        callback: dict[str, Any] = {
            "timestamp": self._millis(),
            "callback_id": uuid4().hex,
            "payload": button,
            "user": self._user(room),
        }
        self._presses.add(callback["callback_id"])
        keyboard = [
            [{"type": "callback", "text": one["title"], "payload": one["id"]}]
            for one in bubble.buttons
            if "url" not in one
        ]
        attached = [{"type": "inline_keyboard", "payload": {"buttons": keyboard}}]
        message = self._message(room, bubble, attached)
        self._tell("message_callback", {"callback": callback, "message": message, "user_locale": "ru"})

    def user_sends_file(self, person: str, name: str, mime: str, data: bytes, caption: str = "") -> Bubble:
        room = self.rooms.of(person)
        file = self.rooms.keep(File(uuid4().hex, name, mime, data))
        kind = TYPES.get(mime.partition("/")[0], "file")
        payload = {"url": f"{self.address}/media/{file.id}/{quote(name)}", "token": file.id}
        attached: dict[str, Any] = {"type": kind, "payload": payload}
        if kind == "file":
            attached |= {"filename": name, "size": len(data)}
        bubble = self._put(room, Bubble("", True, self.now(), caption, (file,)))
        self._said(room, bubble, "message_created", [attached])
        return bubble

    def user_edits(self, person: str, message_id: str, text: str) -> None:
        room = self.rooms.of(person)
        bubble = room.bubble(message_id)
        bubble.text, bubble.edited = text, True
        self._said(room, bubble, "message_edited", None)

    def user_deletes(self, person: str, message_id: str) -> None:
        room = self.rooms.of(person)
        room.bubble(message_id).deleted = True
        more = {"message_id": message_id, "chat_id": int(room.id), "user_id": int(room.id)}
        self._tell("message_removed", more)

    def user_blocks(self, person: str, *, blocked: bool) -> None:
        room = self.rooms.of(person)
        room.blocked = blocked
        if blocked:
            self._reached.discard(room.id)
            self._tell("bot_stopped", {"chat_id": int(room.id), "user": self._user(room)})
        else:
            self.user_starts(person)

    def look(self, person: str, *, open: bool) -> None:
        """MAX tells a bot nothing of it."""
        self.rooms.of(person).open = open

    def file(self, file_id: str) -> File | None:
        return self.rooms.files.get(file_id)

    def _put(self, room: Room, bubble: Bubble) -> Bubble:
        bubble.id = f"mid.{len(self._messages) + 1:024x}"
        self._messages[bubble.id] = bubble
        room.started, room.blocked = True, False
        self._reached.add(room.id)
        room.bubbles.append(bubble)
        return bubble

    def _said(self, room: Room, bubble: Bubble, event: str, attachments: Any) -> None:
        message = self._message(room, bubble, attachments)
        if bubble.reply_to:
            quoted = {"mid": bubble.reply_to, "seq": 1, "text": self._messages[bubble.reply_to].text}
            message["link"] = {"type": "reply", "message": quoted}
        self._tell(event, {"message": message, "user_locale": "ru"}, bubble)

    def _message(self, room: Room, bubble: Bubble, attachments: Any) -> dict[str, Any]:
        sender = self._user(room) if bubble.mine else {"user_id": 1, "first_name": NAME, "is_bot": True}
        body = {
            "mid": bubble.id,
            "seq": FIRST_SEQ + len(self._messages),
            "text": bubble.text,
            "attachments": attachments,
        }
        recipient = {"chat_id": int(room.id), "chat_type": "dialog", "user_id": int(room.id)}
        at = int(bubble.at.timestamp() * 1000)
        return {"sender": sender, "recipient": recipient, "timestamp": at, "body": body}

    def _user(self, room: Room) -> dict[str, Any]:
        first, _, family = room.name.partition(" ")
        known = {"user_id": int(room.id), "first_name": first, "last_name": family or None, "username": None}
        return {**known, "name": room.name, "is_bot": False, "last_activity_time": self._millis()}

    # The API

    def too_many(self, seconds: float) -> Response:
        body = {"code": "too.many.requests", "message": "Too many requests"}
        return answer(body, 429, {"retry-after": str(int(seconds))})

    def _me(self, asked: Asked) -> Response:
        self._login(asked)
        return answer({"user_id": 1, "first_name": NAME, "name": NAME, "username": USERNAME, "is_bot": True})

    def _subscriptions(self, asked: Asked) -> Response:
        self._login(asked)
        known = [{"url": self.hook, "time": 0, "update_types": self.events}] if self.hook else []
        return answer({"subscriptions": known})

    def _subscribe(self, asked: Asked) -> Response:
        self._login(asked)
        fields = accepted(read_subscribe, asked.body)
        self.hook, self.secret, self.events = fields.url, fields.secret or "", tuple(fields.update_types) or UPDATES
        return answer({"success": True})

    def _unsubscribe(self, asked: Asked) -> Response:
        self._login(asked)
        if asked.query.get("url") == self.hook:
            self.hook = ""
        return answer({"success": True})

    async def _poll(self, asked: Asked) -> Response:
        """Without a marker only what nobody has taken yet; a marker confirms what stands before it."""
        self._login(asked)
        if self.hook:
            raise refused(405, "method.not.allowed", "There is a webhook")
        marker = int(asked.query.get("marker", "0"))
        if marker >= len(self._updates):
            self._news.clear()
            try:
                async with asyncio.timeout(float(asked.query.get("timeout", "30"))):
                    await self._news.wait()
            except TimeoutError:
                return answer({"updates": [], "marker": marker})
        found = self._updates[marker : marker + int(asked.query.get("limit", "100"))]
        return answer({"updates": found, "marker": marker + len(found)})

    def _send(self, asked: Asked) -> Response:
        self._login(asked)
        fields: Send = accepted(read_send, asked.body)
        room = self.rooms.by_id(asked.query.get("user_id", ""))
        if room is None:
            raise refused(404, "not.found", "User not found")
        if room.id not in self._reached:
            raise refused(403, "chat.denied", "chat.denied")
        self.requests.append(fields)
        files = tuple(file for one in fields.attachments for file in self._files_of(one))
        self._let_ready(files)
        buttons = tuple(key for one in fields.attachments if isinstance(one, InlineKeyboard) for key in keys(one))
        if fields.link is not None and fields.link.mid not in self._messages:
            raise refused(404, "not.found", "Message not found")
        link = fields.link.mid if fields.link is not None else ""
        bubble = self._put(
            room, Bubble("", False, self.now(), fields.text or "", files, buttons, reply_to=link, status="delivered")
        )
        return answer({"message": self._message(room, bubble, None)})

    def _files_of(self, one: Any) -> list[File]:
        if isinstance(one, InlineKeyboard):
            return []
        tokens = [each["token"] for each in one.payload.photos.values()] if one.payload.photos else [one.payload.token]
        if any(token not in self.rooms.files for token in tokens):
            raise refused(400, "proto.payload", "unknown token")
        return [self.rooms.files[token] for token in tokens]

    def _let_ready(self, files: tuple[File, ...]) -> None:
        for file in files:
            if self._unready.get(file.id, 0) > 0:
                self._unready[file.id] -= 1
                raise refused(400, "attachment.not.ready", "Key: errors.process.attachment.file.not.processed")

    def _answer(self, asked: Asked) -> Response:
        self._login(asked)
        accepted(read_answer, asked.body)
        callback = asked.query.get("callback_id", "")
        if callback not in self._presses:
            raise refused(404, "not.found", "callback not found")
        self.answered.append(callback)
        return answer({"success": True})

    def _place(self, asked: Asked) -> Response:
        self._login(asked)
        kind, number = asked.query.get("type", ""), uuid4().hex
        if kind not in {"image", "video", "audio", "file"}:
            raise refused(400, "proto.payload", "type")
        told = {"token": number} if kind in {"video", "audio"} else {}
        return answer({"url": f"{self.address}/upload/{kind}/{number}", **told})

    def _upload(self, asked: Asked) -> Response:
        kind, number = asked.parts["kind"], asked.parts["id"]
        boundary = asked.request.headers.get("content-type", "").partition("boundary=")[2].strip('"').encode()
        given = multipart(asked.body, boundary).get("data") if boundary else None
        if not isinstance(given, Uploaded):
            raise refused(400, "proto.payload", "data")
        self.rooms.keep(File(number, given.name, given.type, given.data))
        self._unready[number] = self.prepares
        if kind in {"video", "audio"}:
            return Response("<retval>1</retval>", media_type="text/xml")
        return answer({"photos": {"p": {"token": number}}} if kind == "image" else {"token": number, "fileId": 1})

    def _media(self, asked: Asked) -> Response:
        file = self.rooms.files.get(asked.parts["id"])
        return Response(file.data, media_type=file.type) if file else answer({}, 404)

    def _tell(self, event: str, content: Mapping[str, Any], bubble: Bubble | None = None) -> None:
        if event not in self.events:
            return
        update = {"update_type": event, "timestamp": self._millis(), **content}
        if not self.hook:
            self._updates.append(update)
            self._news.set()
            return

        def taken() -> None:
            if bubble is not None:
                bubble.status = "taken"

        headers = {"content-type": "application/json", "x-max-bot-api-secret": self.secret}
        self.knocker.tell(Knock(self.hook, headers, json.dumps(update, ensure_ascii=False).encode(), taken))

    def _millis(self) -> int:
        return int(self.now().timestamp() * 1000)

    def _login(self, asked: Asked) -> None:
        if asked.request.headers.get("authorization") != TOKEN:
            raise refused(401, "verify.token", "Invalid access_token")


def keys(one: InlineKeyboard) -> list[dict[str, str]]:
    return [
        {"id": key.url, "title": key.text, "url": key.url}
        if isinstance(key, LinkKey)
        else {"id": key.payload, "title": key.text}
        for row in one.payload.buttons
        for key in row
    ]
