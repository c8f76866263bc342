"""Teams on loopback: an ASGI application that is Microsoft's sign-in, its keys and the Bot Framework's connector, and
the people who talk to the shop's bot.

    teams = TeamsEmulator(hook="https://shop.example/hooks/KEY", address="https://teams.example")
    teams.user_starts("+380671234567", name="Марта")
    teams.user_says("+380671234567", "Де моє замовлення?")

The connector's `api_base` and `service_url` are where this application is served, its `openid` is `/openid` there.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal
from uuid import uuid4

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.responses import Response

from prilavok.simulator.knocker import Knock
from prilavok.simulator.messenger import Bubble, File, Talk
from prilavok.simulator.office import Asked, Office, RefusedError, answer, last

APP_ID, SECRET, TENANT = "11111111-2222-3333-4444-555555555555", "demo-secret-of-teams", "99999999-8888-7777"
ISSUER = "https://api.botframework.com"
CARD = "application/vnd.microsoft.card.hero"
LARGEST = 100_000  # bytes of a message without its pictures
CONVERSATION = r"/v3/conversations/(?P<conversation>[^/]+)/activities"


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """Everything a request is made of: what is not known is refused."""


class Bot(Part):
    id: str
    name: str = ""


class Action(Part):
    type: Literal["openUrl", "imBack", "postBack", "messageBack"]
    title: Annotated[str, msgspec.Meta(min_length=1)]
    value: Any = None
    text: str = ""
    display_text: str = msgspec.field(default="", name="displayText")


class Hero(Part):
    text: str = ""
    title: str = ""
    buttons: Annotated[list[Action], msgspec.Meta(max_length=6)] = []


class Attached(Part):
    content_type: str = msgspec.field(name="contentType")
    content_url: str = msgspec.field(default="", name="contentUrl")
    content: Hero | None = None
    name: str = ""


class Activity(Part):
    type: Literal["message", "typing"]
    from_: Bot | None = msgspec.field(default=None, name="from")
    text: str = ""
    text_format: Literal["plain", "markdown", "xml"] = msgspec.field(default="markdown", name="textFormat")
    summary: str = ""
    attachments: list[Attached] = []


@dataclass(slots=True)
class Conversation:
    """One person and the bot. `added`: the person has the shop's app."""

    person: str
    name: str
    added: bool = False
    open: bool = False
    bubbles: list[Bubble] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"a:1{self.person.removeprefix('+')}"


class TeamsEmulator(Office):
    keeps = ("conversations", "_files")
    can = frozenset({"start", "press", "file", "edit", "delete", "block"})

    def __init__(self, *, hook: str = "", **more: Any) -> None:
        """`hook`: the messaging endpoint, as it is typed in Azure."""
        super().__init__(**more)
        self.hook = hook
        self.conversations: dict[str, Conversation] = {}
        self.requests: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self._files: dict[str, File] = {}
        self.route("POST", r"/(?P<tenant>[^/]+)/oauth2/v2\.0/token", self._sign_in)
        self.route("GET", r"/openid", self._openid)
        self.route("GET", r"/keys", self._keys)
        self.route("POST", CONVERSATION, self._post, sends=True)
        self.route("POST", CONVERSATION + r"/(?P<answered>[^/]+)", self._post, sends=True)
        self.route("GET", r"/v3/attachments/(?P<id>[\w-]+)/views/original", self._picture)
        self.route("GET", r"/download/(?P<id>[\w-]+)", self._download)

    # What people do

    def talk(self, person: str, name: str = "") -> Talk:
        one = self._conversation(person, name)
        return Talk(one.bubbles, started=one.added)

    def user_starts(self, person: str, payload: str = "", *, name: str = "") -> None:
        """Adds the shop's app; `payload` of a link is written into the chat beforehand and sent."""
        one = self._conversation(person, name)
        if not one.added:
            one.added = True
            us = {"id": f"28:{APP_ID}"}
            self._tell(one, {"type": "installationUpdate", "action": "add"})
            self._tell(one, {"type": "conversationUpdate", "membersAdded": [us, {"id": self._user(one)["id"]}]})
        if payload:
            self.user_says(person, f"#{payload}")

    def user_says(self, person: str, text: str, *, reply_to: str = "", name: str = "") -> Bubble:
        return self._says(person, {"text": text}, name=name, text=text, reply_to=reply_to)

    def user_presses(self, person: str, message_id: str, button: str) -> None:
        message = last(self._conversation(person).bubbles, message_id)
        found = next((one for one in message.buttons if one["id"] == button), None)
        if found is None:
            raise LookupError(f"no button {button} under {message_id}")
        message.pressed = button
        self._says(
            person, {"text": found["title"], "value": {"button": button}}, text=found["title"], reply_to=message_id
        )

    def user_sends_file(self, person: str, name: str, mime: str, data: bytes, caption: str = "") -> Bubble:
        """A picture is kept at the conversation's server, any other file lies in the sender's own cloud folder."""
        file = File(uuid4().hex, name, mime, data)
        self._files[file.id] = file
        attached: dict[str, Any]
        if mime.startswith("image/"):
            attached = {
                "contentType": "image/*",
                "contentUrl": f"{self.address}/v3/attachments/{file.id}/views/original",
            }
        else:
            content = {"downloadUrl": f"{self.address}/download/{file.id}", "uniqueId": file.id}
            kind = "application/vnd.microsoft.teams.file.download.info"
            attached = {"contentType": kind, "name": name, "content": content}
        return self._says(person, {"text": caption, "attachments": [attached]}, text=caption, files=(file,))

    def user_edits(self, person: str, message_id: str, text: str) -> None:
        one = self._conversation(person)
        bubble = last(one.bubbles, message_id)
        bubble.text, bubble.edited = text, True
        data = {"eventType": "editMessage"}
        self._tell(one, {"type": "messageUpdate", "id": message_id, "text": text, "channelData": data})

    def user_deletes(self, person: str, message_id: str) -> None:
        one = self._conversation(person)
        last(one.bubbles, message_id).deleted = True
        data = {"eventType": "softDeleteMessage"}
        self._tell(one, {"type": "messageDelete", "id": message_id, "channelData": data})

    def user_reacts(self, person: str, message_id: str, kind: str, *, taken_back: bool = False) -> None:
        """`kind`: like, heart, laugh, surprised, sad, angry, or a newer one (`1f440_eyes`)."""
        what = "reactionsRemoved" if taken_back else "reactionsAdded"
        told = {"type": "messageReaction", "replyToId": message_id, what: [{"type": kind}]}
        self._tell(self._conversation(person), told)

    def user_types(self, person: str) -> None:
        self._tell(self._conversation(person), {"type": "typing"})

    def user_blocks(self, person: str, *, blocked: bool) -> None:
        """Throws the app out, or takes it in again."""
        one = self._conversation(person)
        one.added = not blocked
        self._tell(one, {"type": "installationUpdate", "action": "remove" if blocked else "add"})

    def look(self, person: str, *, open: bool) -> None:
        """Teams tells no bot who has read what: nothing is sent."""
        self._conversation(person).open = open

    def file(self, file_id: str) -> File | None:
        return self._files.get(file_id)

    def _conversation(self, person: str, name: str = "") -> Conversation:
        one = self.conversations.setdefault(f"a:1{person.removeprefix('+')}", Conversation(person, name or person))
        one.name = name or one.name
        return one

    def _user(self, one: Conversation) -> dict[str, str]:
        return {"id": f"29:{one.person.removeprefix('+')}", "name": one.name, "aadObjectId": f"directory-{one.person}"}

    def _says(self, person: str, content: Mapping[str, Any], *, name: str = "", **shown: Any) -> Bubble:
        one = self._conversation(person, name)
        one.added = True
        bubble = Bubble(self._new_id(), True, self.now(), **shown)
        one.bubbles.append(bubble)
        told = {"type": "message", "id": bubble.id, "textFormat": "plain", **content}
        if bubble.reply_to:
            told["replyToId"] = bubble.reply_to

        def taken() -> None:
            bubble.status = "taken"

        self._tell(one, told, taken)
        return bubble

    def _tell(self, one: Conversation, told: Mapping[str, Any], taken: Callable[[], None] | None = None) -> None:
        now = self.now()
        whole = {
            "serviceUrl": self.address + "/",
            "channelId": "msteams",
            "id": self._new_id(),
            "timestamp": now.isoformat(),
            "from": self._user(one),
            "recipient": {"id": f"28:{APP_ID}", "name": "Kardamon"},
            "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": one.id},
            "locale": "uk-UA",
            **told,
        }
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.token(now)}"}
        self.knocker.tell(Knock(self.hook, headers, json.dumps(whole).encode(), taken))

    def token(self, now: datetime) -> str:
        """As Microsoft proves itself to a bot."""
        times = {"nbf": int(now.timestamp()), "exp": int(now.timestamp()) + 3600}
        claims = {"iss": ISSUER, "aud": APP_ID, "serviceurl": self.address + "/", **times}
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "emulated"})

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def _new_id(self) -> str:
        """Teams numbers messages by the millisecond, within a conversation."""
        return str(int(self.now().timestamp() * 1000) * 1000 + uuid4().int % 1000)

    # The API

    def too_many(self, seconds: float) -> Response:
        return answer(refused(429, "TooManyRequests").body, 429, {"retry-after": str(int(seconds))})

    def _openid(self, asked: Asked) -> Response:
        del asked
        return answer({"issuer": ISSUER, "jwks_uri": f"{self.address}/keys"})

    def _keys(self, asked: Asked) -> Response:
        del asked
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return answer({"keys": [{**public, "kid": "emulated", "use": "sig", "endorsements": ["msteams", "webchat"]}]})

    def _sign_in(self, asked: Asked) -> Response:
        given = asked.form
        known = {"grant_type": "client_credentials", "client_id": APP_ID, "client_secret": SECRET}
        if any(given.get(name) != value for name, value in known.items()) or asked.parts["tenant"] != TENANT:
            raise RefusedError(401, {"error": "invalid_client", "error_codes": [7000215]})
        token = f"token-{uuid4().hex}"
        self.tokens.add(token)
        return answer({"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    def _post(self, asked: Asked) -> Response:
        self._login(asked)
        one = self.conversations.get(asked.parts["conversation"])
        if one is None:
            raise refused(404, "ConversationNotFound")
        if not one.added:
            raise refused(403, "BotNotInConversationRoster")
        try:
            told = read_activity.decode(asked.body)
        except msgspec.DecodeError as error:
            raise refused(400, "BadSyntax", str(error)) from error
        pictures = sum(len(each.content_url) for each in told.attachments)
        if len(asked.body) - pictures > LARGEST:
            raise refused(413, "MessageSizeTooBig")
        self.requests.append(json.loads(asked.body))
        if told.type == "typing":
            return answer({"id": self._new_id()}, 201)
        cards = [each.content for each in told.attachments if each.content_type == CARD and each.content]
        bubble = Bubble(
            self._new_id(),
            False,
            self.now(),
            text=told.text or "\n".join(each.text for each in cards),
            files=tuple(self._stored(each) for each in told.attachments if each.content_url),
            buttons=tuple(button(each) for card in cards for each in card.buttons),
            reply_to=asked.parts.get("answered", ""),
            status="delivered",
        )
        one.bubbles.append(bubble)
        return answer({"id": bubble.id}, 201)

    def _stored(self, one: Attached) -> File:
        head, _, written = one.content_url.partition(";base64,")
        if not head.startswith("data:image/"):
            raise refused(400, "BadArgument", "contentUrl")
        file = File(uuid4().hex, one.name, one.content_type, base64.b64decode(written))
        self._files[file.id] = file
        return file

    def _picture(self, asked: Asked) -> Response:
        self._login(asked)
        return self._download(asked)

    def _download(self, asked: Asked) -> Response:
        file = self._files.get(asked.parts["id"])
        return Response(file.data, media_type=file.type) if file else answer({}, 404)

    def _login(self, asked: Asked) -> None:
        scheme, _, token = asked.request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.tokens:
            raise refused(401, "Unauthorized")


read_activity = msgspec.json.Decoder(Activity)


def button(one: Action) -> dict[str, str]:
    if one.type == "openUrl":
        return {"id": str(one.value), "title": one.title, "url": str(one.value)}
    data = one.value.get("button", "") if isinstance(one.value, dict) else ""
    return {"id": data or one.title, "title": one.title}


def refused(status: int, code: str, message: str = "") -> RefusedError:
    return RefusedError(status, {"error": {"code": code, "message": message or code}})
