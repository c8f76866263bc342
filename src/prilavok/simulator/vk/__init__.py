"""VK on loopback: an ASGI application that answers as its API, and the people who write to the shop's community.

    vk = VkEmulator(address="http://127.0.0.1:9000/vk")
    vk.user_says("+79161234567", "Где мой заказ?")
    vk.user_comments("+79161234567", "А доставка в Минск есть?")  # under a post, for everybody to read
    vk.look("+79161234567", open=True)  # what is there is read

The connector's `api_base` is `/method` below where this application is served; it registers its hook by itself.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote
from uuid import uuid4

import aiohttp
from starlette.responses import Response

from prilavok.simulator.knocker import Knock
from prilavok.simulator.messenger import Bubble, File, Talk
from prilavok.simulator.office import Asked, Office, answer
from prilavok.simulator.rooms import Room, Rooms, digits_of
from prilavok.simulator.telegram.contract import Uploaded
from prilavok.simulator.telegram.http import multipart
from prilavok.simulator.vk.comments import COMMENT_CALLS, CommentsEmulator, changed, removed
from prilavok.simulator.vk.contract import EVENTS, GROUP, METHODS, VERSION, check, refused

NAME, SCREEN_NAME = "Кардамон", "kardamon"
TOKEN, ADMIN_TOKEN, CODE = "demo-token-of-vk", "demo-token-of-an-administrator", "1a2b3c4d"
RIGHTS = ("messages", "manage", "photos", "docs", "wall")


class VkEmulator(CommentsEmulator, Office):
    keeps = ("rooms", "_messages", "_allowed", "_done", "_uploads", "_comments", "_written")
    can = frozenset({"start", "press", "file", "edit", "block", "look", "comment"})

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.hook = ""
        self.secret = ""
        self.status = "unconfigured"
        self.events: set[str] = set()
        self.rights = RIGHTS
        self.rooms = Rooms(digits_of)
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._messages: dict[str, int] = {}  # how many there are in each chat
        self._allowed: set[str] = set()
        self._done: dict[tuple[str, str], Any] = {}  # by peer and random_id, or by guid
        self._uploads: dict[str, File] = {}
        self.route("POST", r"/method/(?P<method>[a-zA-Z.]+)", self._call, sends=True)
        self.route("POST", r"/upload/(?P<kind>photo|doc|audio_message)", self._upload)
        self.route("GET", r"/media/(?P<id>[0-9a-f]+)/.+", self._media)

    # What people see and do

    def talk(self, person: str, name: str = "") -> Talk:
        return self.rooms.of(person, name).shown()

    def user_starts(self, person: str, payload: str = "", *, name: str = "") -> None:
        """Presses "Start"; `payload` is what the link brought along."""
        room = self.rooms.of(person, name)
        room.started = True
        more = {"payload": '{"command":"start"}', **({"ref": payload, "ref_source": "site"} if payload else {})}
        self._says(room, Bubble("", True, self.now(), "Начать"), more)

    def user_says(self, person: str, text: str, *, reply_to: str = "", name: str = "") -> Bubble:
        room = self.rooms.of(person, name)
        more: dict[str, Any] = {}
        if reply_to:
            quoted = room.bubble(reply_to)
            author = int(room.id) if quoted.mine else -GROUP
            more["reply_message"] = {"from_id": author, "conversation_message_id": int(reply_to), "text": quoted.text}
        return self._says(room, Bubble("", True, self.now(), text, reply_to=reply_to), more)

    def user_presses(self, person: str, message_id: str, button: str) -> None:
        room = self.rooms.of(person)
        bubble, found = room.button(message_id, button)
        bubble.pressed = found["title"]
        self._says(room, Bubble("", True, self.now(), found["title"]), {"payload": button})

    def user_sends_file(self, person: str, name: str, mime: str, data: bytes, caption: str = "") -> Bubble:
        room = self.rooms.of(person)
        file = self.rooms.keep(File(uuid4().hex, name, mime, data))
        url = f"{self.address}/media/{file.id}/{quote(name)}"
        if mime.startswith("image/"):
            sizes = [{"type": "s", "width": 75, "height": 56, "url": ""}, {"width": 1280, "height": 960, "url": url}]
            attached: dict[str, Any] = {"type": "photo", "photo": {"id": 1, "owner_id": int(room.id), "sizes": sizes}}
        elif mime.startswith("audio/"):
            voice = {"id": 1, "owner_id": int(room.id), "duration": 4, "link_ogg": url, "link_mp3": url}
            attached = {"type": "audio_message", "audio_message": voice}
        else:
            doc = {"id": 1, "owner_id": int(room.id), "title": name, "size": len(data), "ext": name[-3:], "url": url}
            attached = {"type": "doc", "doc": doc}
        return self._says(room, Bubble("", True, self.now(), caption, (file,)), {"attachments": [attached]})

    def user_edits(self, person: str, message_id: str, text: str) -> None:
        room = self.rooms.of(person)
        bubble = room.bubble(message_id)
        bubble.text, bubble.edited = text, True
        if bubble.public:
            self._tell(changed(bubble), self._comment(room, bubble))
        else:
            at = int(self.now().timestamp())
            self._tell("message_edit", {**self._message(room, bubble), "update_time": at})

    def user_deletes(self, person: str, message_id: str) -> None:
        """Of a comment VK tells; of a message it tells a community nothing."""
        room = self.rooms.of(person)
        bubble = room.bubble(message_id)
        bubble.deleted = True
        if bubble.public:
            self._tell(*removed(bubble, int(room.id)))

    def user_blocks(self, person: str, *, blocked: bool) -> None:
        room = self.rooms.of(person)
        room.blocked = blocked
        if blocked:
            self._allowed.discard(room.id)
            self._tell("message_deny", {"user_id": int(room.id)})
        else:
            self._allowed.add(room.id)
            self._tell("message_allow", {"user_id": int(room.id), "key": ""})

    def user_reacts(self, person: str, message_id: str, reaction: int | None) -> None:
        """`reaction`: VK's number of it; None takes it back."""
        room = self.rooms.of(person)
        given = {"reacted_id": int(room.id), "peer_id": int(room.id), "cmid": int(message_id)}
        self._tell("message_reaction_event", given | ({"reaction_id": reaction} if reaction else {}))

    def user_types(self, person: str) -> None:
        room = self.rooms.of(person)
        self._tell("message_typing_state", {"state": "typing", "from_id": int(room.id), "to_id": -GROUP})

    def look(self, person: str, *, open: bool) -> None:
        room = self.rooms.of(person)
        room.open = open
        self._read(room)

    def file(self, file_id: str) -> File | None:
        return self.rooms.files.get(file_id)

    def _says(self, room: Room, bubble: Bubble, more: Mapping[str, Any]) -> Bubble:
        room.started, room.blocked = True, False
        self._allowed.add(room.id)
        self._put(room, bubble)
        about = {"keyboard": True, "inline_keyboard": True, "button_actions": ["text", "open_link"], "lang_id": 0}
        self._tell("message_new", {"message": {**self._message(room, bubble), **more}, "client_info": about}, bubble)
        return bubble

    def _put(self, room: Room, bubble: Bubble) -> Bubble:
        number = self._messages[room.id] = self._messages.get(room.id, 0) + 1
        bubble.id, bubble.status = str(number), bubble.status if bubble.mine else "delivered"
        room.bubbles.append(bubble)
        return bubble

    def _message(self, room: Room, bubble: Bubble) -> dict[str, Any]:
        number, author = int(bubble.id), int(room.id) if bubble.mine else -GROUP
        return {
            "date": int(bubble.at.timestamp()),
            "from_id": author,
            "id": number,
            "out": int(not bubble.mine),
            "peer_id": int(room.id),
            "conversation_message_id": number,
            "text": bubble.text,
            "attachments": [],
            "fwd_messages": [],
            "random_id": 0,
        }

    def _read(self, room: Room) -> None:
        ours = [one for one in room.bubbles if not one.mine and not one.public]
        if room.open and any(one.status == "delivered" for one in ours):
            for one in ours:
                one.status = "read"
            last = int(ours[-1].id)
            read = {"from_id": int(room.id), "peer_id": int(room.id), "read_message_id": last}
            self._tell("message_read", {**read, "conversation_message_id": last})

    # The API

    def too_many(self, seconds: float) -> Response:
        del seconds
        return answer(refused(6).body)

    async def _call(self, asked: Asked) -> Response:
        method = asked.parts["method"]
        given = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        if method not in METHODS:
            raise refused(100)
        self._login(asked, METHODS[method][0])
        self.requests.append((method, given))
        check(method, given)
        done = CALLS[method](self, given)
        if method in {"groups.addCallbackServer", "groups.editCallbackServer"}:
            await self._confirm()
        return answer({"response": done})

    def _login(self, asked: Asked, who: str) -> None:
        token = asked.request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in {TOKEN, ADMIN_TOKEN}:
            raise refused(5)
        if (who == "group") != (token == TOKEN):
            raise refused(27 if who == "user" else 7)

    def _send(self, given: dict[str, str]) -> Any:
        """The same random_id to the same peer again is the same message."""
        return [self._send_to(peer, given) for peer in given["peer_ids"].split(",")]

    def _send_to(self, peer: str, given: dict[str, str]) -> dict[str, Any]:
        room = self.rooms.by_id(peer)
        if room is None or peer not in self._allowed:
            error = {"code": 901, "description": "Can't send messages for users without permission"}
            return {"peer_id": int(peer), "message_id": 0, "error": error}
        key = (peer, given["random_id"])
        if key not in self._done:
            files = tuple(self._attached(one) for one in given.get("attachment", "").split(",") if one)
            bubble = Bubble("", False, self.now(), given.get("message", ""), files, buttons_of(given.get("keyboard")))
            if "forward" in given:
                bubble.reply_to = str(json.loads(given["forward"])["conversation_message_ids"][0])
            self._done[key] = self._put(room, bubble)
            self._tell("message_reply", self._message(room, bubble))
            self._read(room)
        number = int(self._done[key].id)
        return {"peer_id": int(peer), "message_id": number, "conversation_message_id": number}

    def _attached(self, name: str) -> File:
        found = self._uploads.get(name)
        if found is None:
            raise refused(100)
        return found

    def _upload(self, asked: Asked) -> Response:
        kind = asked.parts["kind"]
        boundary = asked.request.headers.get("content-type", "").partition("boundary=")[2].strip('"').encode()
        file = multipart(asked.body, boundary).get("photo" if kind == "photo" else "file") if boundary else None
        if not isinstance(file, Uploaded):
            return answer({"error": "no file"})
        kept = self.rooms.keep(File(uuid4().hex, file.name, file.type, file.data))
        return answer(
            {"photo": kept.id, "server": 7, "hash": "h"} if kind == "photo" else {"file": f"{kind}|{kept.id}"}
        )

    def _save_photo(self, given: dict[str, str]) -> Any:
        return [self._saved("photo", given["photo"])]

    def _save_file(self, given: dict[str, str]) -> Any:
        kind, _, file_id = given["file"].partition("|")
        return {"type": kind, kind: self._saved(kind, file_id)}

    def _saved(self, kind: str, file_id: str) -> dict[str, Any]:
        file = self.rooms.files.get(file_id)
        if file is None:
            raise refused(100)
        number = len(self._uploads) + 1
        self._uploads[f"{kind}-{GROUP}_{number}_k"] = file
        return {"id": number, "owner_id": -GROUP, "access_key": "k"}

    def _media(self, asked: Asked) -> Response:
        file = self.rooms.files.get(asked.parts["id"])
        return Response(file.data, media_type=file.type) if file else answer({}, 404)

    def _server(self, given: dict[str, str]) -> Any:
        self.hook, self.secret, self.status = given["url"], given.get("secret_key", ""), "wait"
        return {"server_id": 1} if "server_id" not in given else 1

    def _settings(self, given: dict[str, str]) -> Any:
        self.events = {name for name in EVENTS if given.get(name) == "1"}
        return 1

    def _people(self, ids: str) -> list[dict[str, Any]]:
        known = [room for room in map(self.rooms.by_id, ids.split(",")) if room is not None]
        named = [(room.id, *f"{room.name} ".split(" ", 1)) for room in known]
        return [{"id": int(which), "first_name": first, "last_name": last.strip()} for which, first, last in named]

    async def _confirm(self) -> None:
        body = json.dumps({"type": "confirmation", "group_id": GROUP, "secret": self.secret}).encode()
        try:
            status, _, content = await self.knocker.post(self.hook, {"content-type": "application/json"}, body)
        except (aiohttp.ClientError, OSError, TimeoutError):
            status, content = 0, b""
        self.status = "ok" if status == 200 and content == CODE.encode() else "failed"

    def _tell(self, event: str, content: Mapping[str, Any], bubble: Bubble | None = None) -> None:
        """Again and again until the answer is exactly "ok"."""
        if event not in self.events or self.status != "ok":
            return
        whole = {"group_id": GROUP, "type": event, "event_id": uuid4().hex, "v": VERSION, "object": content}
        body = json.dumps({**whole, "secret": self.secret}, ensure_ascii=False).encode()

        def taken() -> None:
            if bubble is not None:
                bubble.status = "taken"

        headers = {"content-type": "application/json"}
        self.knocker.tell(Knock(self.hook, headers, body, taken, lambda content: content == b"ok"))

    def _servers(self) -> Any:
        found = {"id": 1, "title": "Prilavok", "creator_id": 0, "url": self.hook, "status": self.status}
        items = [{**found, "secret_key": self.secret}] if self.hook else []
        return {"count": len(items), "items": items}


CALLS: dict[str, Any] = {
    "messages.send": VkEmulator._send,
    **COMMENT_CALLS,
    "users.get": lambda vk, given: vk._people(given["user_ids"]),
    "photos.getMessagesUploadServer": lambda vk, _: {"upload_url": f"{vk.address}/upload/photo"},
    "photos.saveMessagesPhoto": VkEmulator._save_photo,
    "docs.getMessagesUploadServer": lambda vk, given: {"upload_url": f"{vk.address}/upload/{given['type']}"},
    "docs.save": VkEmulator._save_file,
    "groups.getById": lambda _vk, _: {"groups": [{"id": GROUP, "name": NAME, "screen_name": SCREEN_NAME}]},
    "groups.getTokenPermissions": lambda vk, _: {
        "mask": 1,
        "permissions": [{"name": one, "setting": 1} for one in vk.rights],
    },
    "groups.getCallbackConfirmationCode": lambda _vk, _: {"code": CODE},
    "groups.getCallbackServers": lambda vk, _: vk._servers(),
    "groups.addCallbackServer": VkEmulator._server,
    "groups.editCallbackServer": VkEmulator._server,
    "groups.setCallbackSettings": VkEmulator._settings,
}


def buttons_of(keyboard: str | None) -> tuple[Mapping[str, str], ...]:
    rows = json.loads(keyboard)["buttons"] if keyboard else []
    actions = [button["action"] for row in rows for button in row]
    return tuple(
        {
            "id": one.get("payload", one["label"]),
            "title": one["label"],
            **({"url": one["link"]} if "link" in one else {}),
        }
        for one in actions
    )
