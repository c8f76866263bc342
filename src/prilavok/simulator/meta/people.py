"""The other side of the emulated Messenger and Instagram: what people and the owner do, and what Meta tells of it."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from prilavok.simulator.knocker import Knock
from prilavok.simulator.messenger import File
from prilavok.simulator.meta.chats import Chat, Said, attached, new_mid, scoped_id
from prilavok.simulator.office import Office

POST = "900"
TO_TELEPHONE = 0.4  # seconds
CAN = {
    "messenger": frozenset({"start", "press", "file", "edit", "block", "look", "comment"}),
    "instagram": frozenset({"press", "file", "delete", "block", "look", "comment"}),
}


class People(Office):
    """`account` is the page or the Instagram account; `app_secret` signs what it is told."""

    def __init__(
        self, platform: str, account: str, app_secret: str, app_id: int, *, hook: str = "", **more: Any
    ) -> None:
        super().__init__(**more)
        self.platform = platform
        self.account = account
        self.hook = hook
        self.app_secret = app_secret
        self.app_id = app_id
        self.can = CAN[platform]
        self.chats: dict[str, Chat] = {}
        self.comments: dict[str, Said] = {}
        self.files: dict[str, File] = {}
        self._numbered = 900

    def store(self, name: str, mime: str, data: bytes) -> File:
        file = File(uuid4().hex, name, mime, data)
        self.files[file.id] = file
        return file

    def chat(self, person: str, name: str = "") -> Chat:
        chat = self.chats.setdefault(person, Chat(person, scoped_id(self.account, person), name or person))
        chat.name = name or chat.name
        return chat

    # What people do

    def user_starts(self, person: str, payload: str = "", *, name: str = "") -> None:
        """A link was opened: a new chat begins with a button, an old one only tells of the word behind the link."""
        chat = self.chat(person, name)
        referral = {"ref": payload, "source": "SHORTLINK", "type": "OPEN_THREAD"} if payload else None
        if chat.started or self.platform == "instagram":
            chat.started = True
            if referral is not None:
                self._tell_of(chat, {"referral": referral})
            return
        chat.started, chat.last_act = True, self.now()
        press: dict[str, Any] = {"mid": new_mid(), "title": "Get started", "payload": "GET_STARTED"}
        self._tell_of(chat, {"postback": press | ({"referral": referral} if referral is not None else {})})

    def user_says(self, person: str, text: str, *, reply_to: str = "", name: str = "") -> Said:
        said = Said(new_mid(), True, self.now(), text=text, reply_to=reply_to)
        more = {"reply_to": {"mid": reply_to}} if reply_to else {}
        return self._says(self.chat(person, name), said, {"text": text, **more})

    def user_presses(self, person: str, message_id: str, button: str) -> None:
        """A quick reply is a message, the button of a template an event of its own."""
        chat = self.chat(person)
        asked = chat.find(message_id)
        pressed = next((one for one in asked.buttons if one["id"] == button), None)
        if pressed is None or "url" in pressed:
            raise LookupError(f"no button {button} under {message_id}")
        asked.pressed = button
        said = Said(new_mid(), True, self.now(), text=pressed["title"])
        if asked.template:
            chat.last_act = said.at
            chat.messages.append(said)
            self._tell_of(chat, {"postback": {"mid": said.id, "title": said.text, "payload": button}})
            return
        self._says(chat, said, {"text": said.text, "quick_reply": {"payload": button}})

    def user_sends_file(self, person: str, name: str, mime: str, data: bytes, caption: str = "") -> Said:
        file = self.store(name, mime, data)
        said = Said(new_mid(), True, self.now(), text=caption, files=(file,))
        content = {"attachments": [attached(file, self.address)], **({"text": caption} if caption else {})}
        return self._says(self.chat(person), said, content)

    def user_edits(self, person: str, message_id: str, text: str) -> None:
        chat = self.chat(person)
        said = chat.find(message_id)
        said.text, said.edited = text, True
        self._tell_of(chat, {"message_edit": {"mid": message_id, "text": text, "num_edit": 1}})

    def user_deletes(self, person: str, message_id: str) -> None:
        chat = self.chat(person)
        chat.find(message_id).deleted = True
        self._tell_of(chat, {"message": {"mid": message_id, "is_deleted": True}})

    def user_reacts(self, person: str, message_id: str, emoji: str) -> None:
        """An empty emoji takes it back."""
        chat = self.chat(person)
        chat.find(message_id).reaction = emoji
        more = {"action": "react", "reaction": "other", "emoji": emoji} if emoji else {"action": "unreact"}
        self._tell_of(chat, {"reaction": {"mid": message_id, **more}})

    def user_blocks(self, person: str, *, blocked: bool) -> None:
        """Meta tells nobody: the next message cannot be sent."""
        self.chat(person).blocked = blocked

    def look(self, person: str, *, open: bool) -> None:
        chat = self.chat(person)
        chat.open = open
        self._seen(chat)

    def user_comments(self, person: str, text: str, *, reply_to: str = "", name: str = "") -> Said:
        """Under the shop's post, or in the thread of another comment."""
        self.chat(person, name)
        return self._comments(Said(self._comment_id(), True, self.now(), text, person=person, parent=reply_to))

    # What the owner does in Meta's own application

    def owner_says(self, person: str, text: str) -> Said:
        said = Said(new_mid(), False, self.now(), text=text)
        self.leaves(self.chat(person), said)
        return said

    def owner_comments(self, reply_to: str, text: str) -> Said:
        """Also what our own public answer becomes."""
        return self._comments(Said(self._comment_id(), False, self.now(), text, parent=reply_to))

    # What Meta tells

    def leaves(self, chat: Chat, said: Said) -> None:
        """A message of the shop: it comes back as an echo, is delivered, and read if the chat lies open."""
        chat.messages.append(said)
        echo: dict[str, Any] = {"is_echo": True, "mid": said.id}
        echo |= {"text": said.text} if said.text and not said.files else {}
        echo |= {"attachments": [attached(one, self.address) for one in said.files]} if said.files else {}
        if self.platform == "messenger":
            echo |= {"app_id": self.app_id, **({"metadata": said.metadata} if said.metadata else {})}
        self._tell_of(chat, {"message": echo}, ours=True, at=said.at)
        self.knocker.after(TO_TELEPHONE, lambda: self._arrives(chat, said))

    def _arrives(self, chat: Chat, said: Said) -> None:
        said.status = "delivered"
        if self.platform == "messenger":
            self._tell_of(chat, {"delivery": {"mids": [said.id], "watermark": stamp(self.now())}})
        self._seen(chat)

    def _seen(self, chat: Chat) -> None:
        unread = [one for one in chat.messages if not one.mine and one.status == "delivered"]
        if not chat.open or not unread:
            return
        for one in unread:
            one.status = "read"
            if self.platform == "instagram":
                self._tell_of(chat, {"read": {"mid": one.id}})
        if self.platform == "messenger":
            self._tell_of(chat, {"read": {"watermark": stamp(self.now())}})

    def _says(self, chat: Chat, said: Said, content: Mapping[str, Any]) -> Said:
        chat.started, chat.last_act = True, said.at
        chat.messages.append(said)

        def taken() -> None:
            said.status = "taken"

        self._tell_of(chat, {"message": {"mid": said.id, **content}}, taken=taken)
        return said

    def _comment_id(self) -> str:
        self._numbered += 1
        number = self._numbered
        return f"{POST}_{number}" if self.platform == "messenger" else str(17900000000000000 + number)

    def _comments(self, said: Said) -> Said:
        said.public = True
        self.comments[said.id] = said
        if self.platform == "messenger":
            self.tell_wall(said, "add")
        else:
            value = {"id": said.id, "from": self._author(said), "text": said.text, "media": {"id": f"1810000{POST}"}}
            value |= {"parent_id": said.parent} if said.parent else {}
            self._tell({"time": int(said.at.timestamp()), "changes": [{"field": "comments", "value": value}]}, None)
        return said

    def tell_wall(self, said: Said, verb: str) -> None:
        """Of a page's comments everything is told: added, edited, hidden, removed."""
        post = f"{self.account}_{POST}"
        value = {
            "from": self._author(said),
            "post": {"id": post, "permalink_url": f"https://www.facebook.com/{self.account}/posts/{POST}"},
            "message": said.text,
            "post_id": post,
            "comment_id": said.id,
            "created_time": int(said.at.timestamp()),
            "item": "comment",
            "parent_id": said.parent or post,
            "verb": verb,
        }
        change = {"field": "feed", "value": value}
        self._tell({"time": int(self.now().timestamp()), "changes": [change]}, None)

    def _author(self, said: Said) -> dict[str, str]:
        if not said.person:
            return {"id": self.account, "name": "Кардамон", "username": "kardamon_shop"}
        chat = self.chat(said.person)
        return {"id": chat.id, "name" if self.platform == "messenger" else "username": chat.name}

    def _tell_of(
        self,
        chat: Chat,
        event: Mapping[str, Any],
        *,
        ours: bool = False,
        at: datetime | None = None,
        taken: Callable[[], None] | None = None,
    ) -> None:
        sender, recipient = (self.account, chat.id) if ours else (chat.id, self.account)
        when = stamp(at or self.now())
        whole = {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": when, **event}
        self._tell({"time": when, "messaging": [whole]}, taken)

    def _tell(self, entry: Mapping[str, Any], taken: Callable[[], None] | None) -> None:
        kind = "page" if self.platform == "messenger" else "instagram"
        whole = {"object": kind, "entry": [{"id": self.account, **entry}]}
        # Meta escapes letters and slashes, and signs what it sends.
        body = json.dumps(whole).replace("/", "\\/").encode()
        digest = hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "x-hub-signature-256": f"sha256={digest}"}
        self.knocker.tell(Knock(self.hook, headers, body, taken))


def stamp(at: datetime) -> int:
    return int(at.timestamp() * 1000)
