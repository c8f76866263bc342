"""Messenger or Instagram on loopback: an ASGI application that answers as Meta's Graph API, and the people who write.

    messenger = MetaEmulator("messenger", hook="https://shop.example/hooks/KEY")
    messenger.user_says("+380671234567", "Де моє замовлення?")
    messenger.owner_says("+380671234567", "Дивлюся")  # in the page's own inbox: it comes as an echo
    messenger.user_comments("+380671234567", "Скільки коштує?")

The connector's `api_base` is where this application is served.
"""

from typing import Any

from starlette.responses import Response

from prilavok.simulator.messenger import File, Talk
from prilavok.simulator.meta.chats import Chat, Said, made, scoped_id
from prilavok.simulator.meta.contract import (
    INSTAGRAM_BYTES,
    INSTAGRAM_COMMENT,
    Answer,
    Send,
    accepted,
    read_answer,
    read_hide,
    read_profile,
    read_send,
    read_subscribe,
    read_upload,
    refused,
)
from prilavok.simulator.meta.people import People
from prilavok.simulator.office import Asked, answer
from prilavok.simulator.telegram.contract import Uploaded
from prilavok.simulator.telegram.http import multipart

__all__ = ["APP_SECRET", "IDS", "TOKEN", "MetaEmulator", "Said", "scoped_id"]

IDS = {"messenger": "104200000000001", "instagram": "17841400000000001"}
TOKEN, APP_SECRET, APP_ID = "demo-token-of-a-page", "demo-app-secret", 263902037430900
HUMAN_AGENT_DAYS = 7


class MetaEmulator(People):
    keeps = ("chats", "comments", "files", "_numbered")

    def __init__(self, platform: str, *, hook: str = "", human_agent: bool = True, **more: Any) -> None:
        """`platform`: messenger or instagram. `human_agent`: whether Meta has granted the tag."""
        super().__init__(platform, IDS[platform], APP_SECRET, APP_ID, hook=hook, **more)
        self.human_agent = human_agent
        self.token = TOKEN  # another one: the shop's has run out
        self.token_until = 0  # Unix time; 0: for ever
        self.fields: list[str] = []
        self.get_started = ""
        self.requests: list[Send] = []
        self.answers: list[Answer] = []
        edge = "comments" if platform == "messenger" else "replies"
        self.route("POST", r"/me/messages", self._send, sends=True)
        self.route("POST", r"/me/message_attachments", self._upload)
        self.route("POST", r"/me/messenger_profile", self._profile)
        self.route("POST", rf"/(me|{self.account})/subscribed_apps", self._subscribe)
        self.route("GET", rf"/{self.account}", self._account)
        self.route("GET", r"/(?P<id>[0-9]{10,20})", self._person)
        self.route("GET", "/debug_token", self._about_token)
        self.route("GET", r"/files/(?P<id>[\w-]+)", self._file)
        self.route("POST", rf"/(?P<id>[\w]+)/{edge}", self._answer, sends=True)
        self.route("POST", r"/(?P<id>[0-9_]+)", self._hide)
        self.route("DELETE", r"/(?P<id>[0-9_]+)", self._delete)

    def talk(self, person: str, name: str = "") -> Talk:
        chat = self.chat(person, name)
        own = [one for one in self.comments.values() if self._concerns(one, person)]
        return Talk(sorted([*chat.messages, *own], key=lambda one: one.at), started=chat.started, blocked=chat.blocked)

    def _concerns(self, comment: Said, person: str) -> bool:
        parent = self.comments.get(comment.parent)
        return comment.person == person or (parent is not None and parent.person == person)

    def file(self, file_id: str) -> File | None:
        return self.files.get(file_id)

    # The API

    def too_many(self, seconds: float) -> Response:
        body = refused(400, 613, "Calls to this api have exceeded the rate limit.").body
        return answer(body, 400, {"retry-after": str(int(seconds))})

    def _account(self, asked: Asked) -> Response:
        self._login(asked)
        return answer({"id": self.account, "name": "Кардамон", "username": "kardamon_shop"})

    def _about_token(self, asked: Asked) -> Response:
        self._login(asked)
        return answer({"data": {"is_valid": True, "expires_at": self.token_until, "type": "PAGE"}})

    def _person(self, asked: Asked) -> Response:
        """A profile, of those who have written and agreed to be known."""
        self._login(asked)
        chat = next((one for one in self.chats.values() if one.id == asked.parts["id"]), None)
        if chat is None or chat.name == chat.person:
            raise refused(400, 100, "Unsupported get request", 33)
        first, _, family = chat.name.partition(" ")
        wanted = {"id": chat.id, "first_name": first, "last_name": family, "name": chat.name, "username": "user"}
        fields = {"id", *asked.query.get("fields", "").split(",")}
        return answer({name: value for name, value in wanted.items() if name in fields})

    def _subscribe(self, asked: Asked) -> Response:
        self._login(asked)
        self.fields = accepted(read_subscribe, asked.body).subscribed_fields
        return answer({"success": True})

    def _profile(self, asked: Asked) -> Response:
        self._login(asked)
        self.get_started = accepted(read_profile, asked.body).get_started.payload
        return answer({"result": "success"})

    def _upload(self, asked: Asked) -> Response:
        self._login(asked)
        boundary = asked.request.headers.get("content-type", "").partition("boundary=")[2].strip('"').encode()
        given = multipart(asked.body, boundary) if boundary else {}
        file, about = given.get("filedata"), given.get("message")
        if not isinstance(file, Uploaded) or not isinstance(about, str):
            raise refused(400, 100, "Invalid parameter: filedata is required")
        if (given.get("platform") == "instagram") != (self.platform == "instagram"):
            raise refused(400, 100, "Invalid parameter: platform")
        accepted(read_upload, about.encode())
        stored = self.store(file.name, file.type, file.data)
        return answer({"attachment_id": stored.id})

    def _send(self, asked: Asked) -> Response:
        self._login(asked)
        fields: Send = accepted(read_send, asked.body)
        self.requests.append(fields)
        comment = fields.recipient.comment_id
        chat = self._in_private(comment) if comment else self._recipient(fields)
        if self.platform == "instagram" and len(fields.message.text.encode()) > INSTAGRAM_BYTES:
            raise refused(400, 100, "Length of param message[text] must be less than or equal to 1000")
        file = fields.message.attachment
        if file is not None and file.payload.attachment_id and file.payload.attachment_id not in self.files:
            raise refused(400, 100, "Invalid attachment_id", 2018074)
        said = made(fields.message, self.now(), self.files)
        self.leaves(chat, said)
        return answer({"recipient_id": chat.id, "message_id": said.id})

    def _recipient(self, fields: Send) -> Chat:
        chat = next((one for one in self.chats.values() if one.id == fields.recipient.id and one.started), None)
        if chat is None:
            raise refused(400, 100, "No matching user found", 2018001)
        if chat.blocked:
            raise refused(400, 551, "This person isn't available right now.", 1545041)
        if fields.tag and not self.human_agent:
            raise refused(403, 10, "Application does not have permission for this action")
        if not chat.window_is_open(self.now(), tagged=bool(fields.tag)):
            raise refused(400, 10, "This message is sent outside of allowed window.", 2018278)
        return chat

    def _in_private(self, comment_id: str) -> Chat:
        """One message a comment, within seven days; it opens no window until the person answers."""
        comment = self.comments.get(comment_id)
        if comment is None or not comment.person:
            raise refused(400, 100, "Object does not exist", 33)
        if comment.answered_in_private or (self.now() - comment.at).days >= HUMAN_AGENT_DAYS:
            raise refused(400, 10900, "Activity already replied to")
        comment.answered_in_private = True
        chat = self.chat(comment.person)
        chat.started = True
        return chat

    def _answer(self, asked: Asked) -> Response:
        self._login(asked)
        comment = self.comments.get(asked.parts["id"])
        if comment is None or comment.deleted:
            raise refused(400, 100, "Object does not exist")
        given = accepted(read_answer, asked.body)
        if self.platform == "instagram" and len(given.message) > INSTAGRAM_COMMENT:
            raise refused(400, 100, "Comment text is too long")
        self.answers.append(given)
        return answer({"id": self.owner_comments(comment.id, given.message).id})

    def _hide(self, asked: Asked) -> Response:
        self._login(asked)
        comment = self._comment(asked)
        given = accepted(read_hide, asked.body)
        if given.message and self.platform == "messenger" and not comment.mine:
            comment.text = given.message
            return answer({"success": True})
        wanted = given.is_hidden if self.platform == "messenger" else given.hide
        if wanted is None:
            raise refused(400, 100, "Invalid parameter")
        comment.hidden = wanted
        if self.platform == "messenger":
            self.tell_wall(comment, "hide" if wanted else "unhide")
        return answer({"success": True})

    def _delete(self, asked: Asked) -> Response:
        self._login(asked)
        comment = self._comment(asked)
        comment.deleted = True
        if self.platform == "messenger":
            self.tell_wall(comment, "remove")
        return answer({"success": True})

    def _comment(self, asked: Asked) -> Said:
        comment = self.comments.get(asked.parts["id"])
        if comment is None or comment.deleted:
            raise refused(400, 100, "Object does not exist", 33)
        return comment

    def _file(self, asked: Asked) -> Response:
        """Without a token, as Meta's content network; only the address is secret."""
        file = self.files.get(asked.parts["id"])
        return Response(file.data, media_type=file.type) if file else answer({}, 404)

    def _login(self, asked: Asked) -> None:
        if asked.request.headers.get("authorization") != f"Bearer {self.token}":
            raise refused(401, 190, "Error validating access token: Session has expired", 463)
