"""A very small Matrix homeserver on loopback: the shop's account, and people who open a chat of two with it.

    matrix = MatrixEmulator(address="https://matrix.example")
    matrix.user_says("+380671234567", "Де моє замовлення?", name="Марта")
    matrix.look("+380671234567", open=True)  # what comes is read from now on

The connector's `api_base` is where this application is served. It knows one token; nobody else is in any room.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from uuid import uuid4

import msgspec
from starlette.responses import Response

from prilavok.simulator.messenger import Bubble, File, Talk
from prilavok.simulator.office import Asked, Office, RefusedError, answer, last

USER, TOKEN, SERVER = "@kardamon:matrix.example", "demo-token-of-matrix", "matrix.example"
CLIENT = "/_matrix/client/v3"
ROOM = CLIENT + r"/rooms/(?P<room>[^/]+)"
LONGEST_WAIT = 30.0  # seconds


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """Everything a request is made of: what is not known is refused."""


class InReplyTo(Part):
    event_id: str


class Relates(Part):
    in_reply_to: InReplyTo = msgspec.field(name="m.in_reply_to")


class Info(Part):
    mimetype: str = ""
    size: Annotated[int, msgspec.Meta(ge=0)] = 0


class Content(Part):
    msgtype: Literal["m.text", "m.notice", "m.image", "m.file", "m.audio", "m.video"]
    body: str
    filename: str = ""
    url: Annotated[str, msgspec.Meta(pattern="^$|^mxc://")] = ""
    info: Info | None = None
    relates_to: Relates | None = msgspec.field(default=None, name="m.relates_to")


@dataclass(slots=True)
class Room:
    """One person and the shop. `held`: what was said before the shop came in."""

    person: str
    name: str
    invited: bool = False
    joined: bool = False
    blocked: bool = False
    open: bool = False
    bubbles: list[Bubble] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"!{self.person.removeprefix('+')}:{SERVER}"

    @property
    def user(self) -> str:
        return f"@{self.person.removeprefix('+')}:{SERVER}"


@dataclass(frozen=True, slots=True)
class News:
    """One entry of what /sync tells. `where`: timeline, ephemeral, invite."""

    where: str
    room: str
    body: Mapping[str, Any]


class MatrixEmulator(Office):
    keeps = ("rooms", "news", "_files", "_sent")
    can = frozenset({"start", "file", "edit", "delete", "block", "look"})

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.rooms: dict[str, Room] = {}
        self.news: list[News] = []
        self.requests: list[dict[str, Any]] = []
        self._files: dict[str, File] = {}
        self._sent: dict[tuple[str, str], str] = {}  # by room and transaction
        self._bell = asyncio.Event()
        self._closed = False
        self.route("GET", CLIENT + "/account/whoami", self._who)
        self.route("GET", CLIENT + "/sync", self._sync)
        self.route("POST", ROOM + "/join", self._join)
        self.route("POST", ROOM + "/leave", self._leave)
        self.route("GET", ROOM + "/joined_members", self._members)
        self.route("PUT", ROOM + r"/send/m\.room\.message/(?P<transaction>[^/]+)", self._send, sends=True)
        self.route("POST", "/_matrix/media/v3/upload", self._upload)
        self.route("GET", rf"/_matrix/client/v1/media/download/{SERVER}/(?P<id>\w+)", self._download)

    async def close(self) -> None:
        self._closed = True
        self._bell.set()
        await super().close()

    # What people do

    def talk(self, person: str, name: str = "") -> Talk:
        room = self._room(person, name)
        return Talk(room.bubbles, started=room.invited, blocked=room.blocked)

    def user_starts(self, person: str, payload: str = "", *, name: str = "") -> None:
        """Invites the shop; links of Matrix' carry no `payload`."""
        del payload
        room = self._room(person, name)
        if not room.invited:
            room.invited = True
            member = {"type": "m.room.member", "sender": room.user, "state_key": USER}
            self._tell("invite", room, {**member, "content": {"membership": "invite", "is_direct": True}})

    def user_says(self, person: str, text: str, *, reply_to: str = "", name: str = "") -> Bubble:
        content: dict[str, Any] = {"msgtype": "m.text", "body": text}
        if reply_to:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
        return self._says(person, content, name=name, text=text, reply_to=reply_to)

    def user_presses(self, person: str, message_id: str, button: str) -> None:
        """There are no buttons: choices are written out as numbers."""
        raise LookupError(f"{person}: no button {button} under {message_id}")

    def user_sends_file(self, person: str, name: str, mime: str, data: bytes, caption: str = "") -> Bubble:
        file = self._store(name, mime, data)
        family = mime.partition("/")[0]
        kind = f"m.{family}" if family in {"image", "audio", "video"} else "m.file"
        info = {"mimetype": mime, "size": len(data)}
        content = {"msgtype": kind, "body": caption or name, "filename": name, "url": uri(file), "info": info}
        return self._says(person, content, text=caption, files=(file,))

    def user_edits(self, person: str, message_id: str, text: str) -> None:
        room = self._room(person)
        bubble = last(room.bubbles, message_id)
        bubble.text, bubble.edited = text, True
        relation = {"rel_type": "m.replace", "event_id": message_id}
        new = {"msgtype": "m.text", "body": text}
        self._happens(room, "m.room.message", {**new, "m.new_content": new, "m.relates_to": relation})

    def user_deletes(self, person: str, message_id: str) -> None:
        room = self._room(person)
        last(room.bubbles, message_id).deleted = True
        self._happens(room, "m.room.redaction", {"redacts": message_id})

    def user_blocks(self, person: str, *, blocked: bool) -> None:
        """Leaves the room, or comes back."""
        room = self._room(person)
        room.blocked = blocked
        content = {"membership": "leave" if blocked else "join", "displayname": room.name}
        self._happens(room, "m.room.member", content, state_key=room.user)

    def look(self, person: str, *, open: bool) -> None:
        room = self._room(person)
        room.open = open
        if open:
            self._read(room)

    def file(self, file_id: str) -> File | None:
        return self._files.get(file_id)

    def _room(self, person: str, name: str = "") -> Room:
        room = self.rooms.setdefault(f"!{person.removeprefix('+')}:{SERVER}", Room(person, name or person))
        room.name = name or room.name
        return room

    def _says(self, person: str, content: Mapping[str, Any], *, name: str = "", **shown: Any) -> Bubble:
        self.user_starts(person, name=name)
        room = self._room(person)
        bubble = Bubble(self._happens(room, "m.room.message", content), True, self.now(), **shown)
        room.bubbles.append(bubble)
        return bubble

    def _happens(self, room: Room, type: str, content: Mapping[str, Any], **more: Any) -> str:
        event = self._event(room.user, type, content, **more)
        if room.joined:
            self._tell("timeline", room, event)
        else:
            room.held.append(event)
        return str(event["event_id"])

    def _event(self, sender: str, type: str, content: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        at = int(self.now().timestamp() * 1000)
        return {"type": type, "event_id": f"${uuid4().hex}", "sender": sender, "origin_server_ts": at} | {
            "content": dict(content),
            **more,
        }

    def _read(self, room: Room) -> None:
        unread = [one for one in room.bubbles if not one.mine and one.status != "read"]
        for one in unread:
            one.status = "read"
        if unread:
            seen = {"m.read": {room.user: {"ts": int(self.now().timestamp() * 1000)}}}
            self._tell("ephemeral", room, {"type": "m.receipt", "content": {unread[-1].id: seen}})

    def _tell(self, where: str, room: Room, body: Mapping[str, Any]) -> None:
        self.news.append(News(where, room.id, body))
        self._bell.set()

    # The API

    def too_many(self, seconds: float) -> Response:
        return answer({"errcode": "M_LIMIT_EXCEEDED", "error": "Too many", "retry_after_ms": int(seconds * 1000)}, 429)

    def _who(self, asked: Asked) -> Response:
        self._login(asked)
        return answer({"user_id": USER})

    async def _sync(self, asked: Asked) -> Response:
        """What is new since a place, or nothing after the time that is asked for. Without a place: only invitations."""
        self._login(asked)
        if self._closed:  # whoever asks once more would hold up everybody's leave
            raise refused(503, "M_UNKNOWN", "closing")
        since = int(asked.query["since"]) if asked.query.get("since", "").isdecimal() else None
        if since is not None and since >= len(self.news):
            self._bell.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(min(int(asked.query.get("timeout", 0)) / 1000, LONGEST_WAIT)):
                    await self._bell.wait()
        fresh = self.news[since:] if since is not None else []
        rooms: dict[str, Any] = {"join": {}, "invite": {}}
        for one in fresh:
            if one.where == "invite":
                rooms["invite"][one.room] = {"invite_state": {"events": [one.body]}}
                continue
            room = rooms["join"].setdefault(one.room, self._joined(one.room))
            room[one.where]["events"].append(one.body)
            self._taken(one)
        if since is None:
            rooms["invite"] = {one.id: {} for one in self.rooms.values() if one.invited and not one.joined}
        return answer({"next_batch": str(len(self.news)), "rooms": rooms})

    def _joined(self, room_id: str) -> dict[str, Any]:
        room = self.rooms[room_id]
        name = {"membership": "join", "displayname": room.name}
        member = self._event(room.user, "m.room.member", name, state_key=room.user)
        return {"timeline": {"events": []}, "ephemeral": {"events": []}, "state": {"events": [member]}}

    def _taken(self, one: News) -> None:
        for bubble in self.rooms[one.room].bubbles:
            if bubble.mine and bubble.id == one.body.get("event_id"):
                bubble.status = "taken"

    def _join(self, asked: Asked) -> Response:
        room = self._in(asked)
        room.joined = True
        for event in room.held:
            self._tell("timeline", room, event)
        room.held = []
        return answer({"room_id": room.id})

    def _leave(self, asked: Asked) -> Response:
        self._in(asked).joined = False
        return answer({})

    def _members(self, asked: Asked) -> Response:
        room = self._in(asked)
        return answer({"joined": {one: {} for one in (USER, room.user)}})

    def _send(self, asked: Asked) -> Response:
        room = self._in(asked)
        if not room.joined:
            raise refused(403, "M_FORBIDDEN")
        known = (room.id, asked.parts["transaction"])
        if known not in self._sent:
            self._sent[known] = self._shown(room, asked)
        return answer({"event_id": self._sent[known]})

    def _shown(self, room: Room, asked: Asked) -> str:
        try:
            content = read_content.decode(asked.body)
        except msgspec.DecodeError as error:
            raise refused(400, "M_BAD_JSON", str(error)) from error
        file = self._files.get(content.url.rpartition("/")[2])
        if content.msgtype not in {"m.text", "m.notice"} and file is None:
            raise refused(400, "M_INVALID_PARAM", "url")
        said = json.loads(asked.body)
        self.requests.append(said)
        own = {"transaction_id": asked.parts["transaction"]}
        event = self._event(USER, "m.room.message", said, unsigned=own)
        reply_to = content.relates_to.in_reply_to.event_id if content.relates_to else ""
        bubble = Bubble(str(event["event_id"]), False, self.now(), reply_to=reply_to, status="delivered")
        bubble.text, bubble.files = ("", (file,)) if file else (content.body, ())
        room.bubbles.append(bubble)
        self._tell("timeline", room, event)
        if room.open:
            self._read(room)
        return bubble.id

    def _upload(self, asked: Asked) -> Response:
        self._login(asked)
        mime = asked.request.headers.get("content-type", "application/octet-stream")
        return answer({"content_uri": uri(self._store(asked.query.get("filename", "file"), mime, asked.body))})

    def _download(self, asked: Asked) -> Response:
        self._login(asked)
        file = self._files.get(asked.parts["id"])
        if file is None:
            raise refused(404, "M_NOT_FOUND")
        return Response(file.data, media_type=file.type)

    def _store(self, name: str, mime: str, data: bytes) -> File:
        file = File(uuid4().hex, name, mime, data)
        self._files[file.id] = file
        return file

    def _in(self, asked: Asked) -> Room:
        self._login(asked)
        room = self.rooms.get(asked.parts["room"])
        if room is None or not room.invited:
            raise refused(403, "M_FORBIDDEN")
        return room

    def _login(self, asked: Asked) -> None:
        if asked.request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise refused(401, "M_UNKNOWN_TOKEN")


read_content = msgspec.json.Decoder(Content)


def uri(file: File) -> str:
    return f"mxc://{SERVER}/{file.id}"


def refused(status: int, code: str, message: str = "") -> RefusedError:
    return RefusedError(status, {"errcode": code, "error": message or code})
