"""The visitors' socket: WS /chat/live. Nothing is stored for those who only look."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import structlog
from sqlalchemy.engine import Connection
from starlette.requests import HTTPConnection

from prilavok.channels.base import Direct
from prilavok.domain.errors import BadInput, BadSignature, NotFound
from prilavok.flows import join
from prilavok.flows.addresses import sign_file
from prilavok.flows.directory import Served
from prilavok.flows.receive import Taken
from prilavok.kit.ids import is_id
from prilavok.kit.links import MARK, without
from prilavok.store import contacts, files, messages
from prilavok.web.ask import Services
from prilavok.web.guard import FRAMES, household
from prilavok.web.hooks import KEY
from prilavok.web.live import Window
from prilavok.web.promises import promise
from prilavok.web.public.phones import for_widget
from prilavok.web.shapes import file_url
from prilavok.web.socket import RESTART, Socket
from prilavok.web.typing import tell_typing

log = structlog.get_logger()

LONGEST_FRAME = 64 * 1024  # characters
PAGE = 100  # messages
LATEST_SEQ = 1 << 53  # what a number of JavaScript holds
SHOWN_OF_FILE = ("id", "name", "type", "size", "kind", "width", "height")
NOT_ALLOWED, NO_INBOX, TOO_MANY = 4403, 4404, 4429
FAULT = "Something went wrong on our side. The message is kept here; it will be sent again."


class Hello(msgspec.Struct):
    kind: str
    visitor: str | None = None
    identity: str | None = None
    seq: int = 0
    page: dict[str, Any] = {}
    utm: dict[str, Any] = {}
    first: dict[str, Any] = {}
    language: str = ""
    timezone: str = ""


class Frame(msgspec.Struct):
    kind: str
    id: str = ""
    text: str = ""
    files: list[str] = []
    button: str | None = None
    delivered: int | None = None
    read: int | None = None
    page: dict[str, Any] = {}
    inbox_id: str = ""
    before: int = 0


read_hello = msgspec.json.Decoder(Hello)
read_frame = msgspec.json.Decoder(Frame)


class Talk:
    """One visitor's open window."""

    __slots__ = ("channel", "context", "held", "inbox", "sent", "services", "socket", "visitor", "window")

    def __init__(self, services: Services, inbox: Served, channel: Direct, socket: Socket) -> None:
        self.services = services
        self.inbox = inbox
        self.channel = channel
        self.socket = socket
        self.visitor = ""
        self.window = Window(socket, inbox.shop_id, None, self.show)
        self.context: dict[str, Any] = {}
        self.sent: dict[str, str] = {}  # message id → the id that this window gave it
        self.held: list[Mapping[str, Any]] | None = None  # what happens while the welcome is being written

    async def greet(self, hello: Hello) -> None:
        now = self.services.now
        known = self.channel.visitor_of(hello.visitor) if hello.visitor else None
        if known is not None:
            self.visitor, token = known, hello.visitor or ""
        else:
            self.visitor, token = self.channel.new_visitor()
        self.context = {
            "page": page_of(hello.page),
            "utm": hello.utm,
            "first": hello.first,
            "language": hello.language,
            "timezone": hello.timezone,
        }
        if hello.identity:
            self._identify(hello.identity, now)
        identity = None
        if known is not None:
            identity = await self.services.bus.read(
                contacts.identity_at, self.inbox.shop_id, self.inbox.scope, self.visitor
            )
        self.held = []
        await self._watch(identity["id"] if identity is not None else None)
        found = await self._history(identity, min(max(0, hello.seq), LATEST_SEQ))
        welcome = {
            "kind": "welcome",
            "visitor": token,
            "seq": identity["last_seq"] if identity is not None else 0,
            **found,
            "expected": await promise(self.services, self.inbox),
            **self.channel.welcome(hello.language),
            "links": await self.services.bus.read(_links, self.services, self.inbox),
            "phones": await self.services.bus.read(
                for_widget, self.inbox.shop_id, self.services.directory, hello.language
            ),
            "file_limit": self.services.settings.max_file,
        }
        held, self.held = self.held, None
        self._put(welcome)
        for frame in held or ():
            self._put(frame)

    def _identify(self, token: str, now: Any) -> None:
        try:
            self.context["identity"] = dict(self.channel.identity_of(token, now))
        except BadSignature as error:
            log.warning("identity refused", inbox=self.inbox.id, reason=str(error))

    async def _history(self, identity: Any, seq: int) -> dict[str, Any]:
        if identity is None:
            return {"messages": [], "more": False, "receipts": {"delivered": 0, "read": 0}}
        read = self.services.bus.read
        rows = await read(messages.of_identity, self.inbox.shop_id, identity["id"], after=seq, limit=PAGE)
        delivered, seen = await read(messages.watermarks, self.inbox.shop_id, identity["id"])
        return {
            "messages": [self._message(row) for row in rows],
            "more": len(rows) == PAGE,
            "receipts": {"delivered": delivered, "read": seen},
        }

    async def _watch(self, identity_id: str | None) -> None:
        if identity_id != self.window.identity_id or identity_id is None:
            self.services.hub.shut(self.window)
            self.window.identity_id = identity_id
            await self.services.hub.open(self.window)

    async def hear(self, text: str) -> None:
        try:
            frame = read_frame.decode(text)
        except (msgspec.DecodeError, RecursionError):
            self._refuse("This frame is not one of ours.")
            return
        if not self.services.guard.allow(FRAMES, "visitor", self.visitor):
            self._refuse("Too many messages at once. Wait a moment.", frame.id)
            return
        try:
            await self._act(frame)
        except BadInput as error:
            self._refuse(error.reason, frame.id)
        except NotFound:
            self._refuse("There is no such thing here.", frame.id)
        except Exception:
            log.exception("visitor's frame failed", inbox=self.inbox.id, kind=frame.kind)
            self._refuse(FAULT, frame.id)

    async def _act(self, frame: Frame) -> None:
        match frame.kind:
            case "send":
                await self._send(frame)
            case "seen" | "typing":
                await self._tell(frame)
            case "page":
                self.context["page"] = page_of(frame.page)
            case "link":
                await self._offer(frame.inbox_id)
            case "older":
                await self._older(frame.before)
            case _:
                self._refuse("This frame is not one of ours.", frame.id)

    async def _send(self, frame: Frame) -> None:
        attached = await self._files(frame.files)
        taken = await self._deliver({**msgspec.to_builtins(frame), "files": attached})
        if not taken:
            raise RuntimeError("the message was set aside")
        message_id = taken[0].message_id
        self.sent[message_id] = frame.id
        row = await self.services.bus.read(messages.get, self.inbox.shop_id, message_id)
        if row is None:
            raise RuntimeError("the message is not there")
        newly = self.window.identity_id != row["identity_id"]
        await self._watch(row["identity_id"])
        self._put({"kind": "ack", "id": frame.id, "message": self._message(row)})
        if newly:  # an answer may have been quicker than the window
            after = row["identity_seq"]
            for later in await self.services.bus.read(
                messages.of_identity, self.inbox.shop_id, row["identity_id"], after=after, limit=PAGE
            ):
                self.show("message.new", later, ())
        if row["identity_seq"] == 1:
            self._put({"kind": "expected", **await promise(self.services, self.inbox)})

    async def _tell(self, frame: Frame) -> None:
        if self.window.identity_id is None:
            return
        if frame.kind == "typing":
            await tell_typing(self.services, self.inbox, self.visitor)
        else:
            await self._deliver({"kind": "seen", "delivered": frame.delivered, "read": frame.read})

    async def _deliver(self, frame: Mapping[str, Any]) -> list[Taken]:
        hook = self.channel.hook(frame, visitor=self.visitor, at=self.services.now, **self.context)
        taken, _ = await self.services.intake.take(self.inbox, hook, strict=True)
        return taken

    async def _files(self, ids: list[str]) -> list[str]:
        """Only files that this very visitor has uploaded."""
        if not ids:
            return []
        if not all(is_id(one) for one in ids):
            raise BadInput("A file of this message is not there. Attach it again.", field="files")
        rows = await self.services.bus.read(files.many, self.inbox.shop_id, ids)
        if any(one not in rows or rows[one]["owner"] != self.visitor for one in ids):
            raise BadInput("A file of this message is not there. Attach it again.", field="files")
        return ids

    async def _offer(self, inbox_id: str) -> None:
        """A link that goes on elsewhere; a one-time one when there is a conversation to take along."""
        offered = await self.services.bus.read(_links, self.services, self.inbox)
        if inbox_id not in {one["inbox_id"] for one in offered}:
            raise BadInput("It is not possible to go on there at the moment.", field="inbox_id")
        if self.window.identity_id is not None:
            url = await self.services.bus.do(join.offer_link, self.inbox.shop_id, self.window.identity_id, inbox_id)
        else:
            other = await self.services.bus.read(self.services.directory.get, self.inbox.shop_id, inbox_id)
            assert other is not None
            url = without(other.channel.deep_link(other.account_handle, MARK), MARK)
        self._put({"kind": "link", "inbox_id": inbox_id, "url": url})

    async def _older(self, before: int) -> None:
        rows: Iterable[Any] = ()
        if self.window.identity_id is not None:
            rows = await self.services.bus.read(
                messages.of_identity,
                self.inbox.shop_id,
                self.window.identity_id,
                before=min(max(0, before), LATEST_SEQ),
                limit=PAGE,
            )
        listed = list(rows)
        frame = {"kind": "older", "messages": [self._message(row) for row in listed], "more": len(listed) == PAGE}
        self._put(frame)

    def show(self, kind: str, row: Mapping[Any, Any], _names: Any) -> None:
        """Called by the hub for what happened to this visitor's messages."""
        if row["direction"] == "inbound" and kind == "message.changed" and not (row["edited_at"] or row["deleted_at"]):
            seq = row["identity_seq"]
            read = seq if row["receipt"] == "read" else 0
            self._tell_window({"kind": "receipts", "delivered": seq, "read": read})
            return
        if kind == "message.changed" and not (row["edited_at"] or row["deleted_at"] or row["attachments"]):
            return  # a receipt of ours: nothing that this reader must see
        known = "message" if kind == "message.new" else "changed"
        self._tell_window({"kind": known, "message": self._message(row)})

    def _tell_window(self, frame: Mapping[str, Any]) -> None:
        if self.held is not None:
            self.held.append(frame)
        else:
            self._put(frame)

    def _message(self, row: Mapping[Any, Any]) -> dict[str, Any]:
        content = row["content"] or {}
        seal = self.services.seal
        shown = {
            "id": row["id"],
            "seq": row["identity_seq"],
            "direction": row["direction"],
            "text": "" if row["deleted_at"] else row["text"],
            "at": row["at"],
            "author": {"kind": row["author_kind"], "name": row["author_name"]},
            "attachments": [
                {
                    **{name: one[name] for name in SHOWN_OF_FILE if name in one},
                    "url": f"{self.services.settings.public_url}{file_url(one['id'], one['name'])}"
                    f"?s={sign_file(seal, row['shop_id'], one['id'])}",
                }
                for one in row["attachments"] or ()
                if one.get("id") and not row["deleted_at"]
            ],
            "buttons": content.get("buttons", []),
        }
        client_id = self.sent.get(row["id"]) or client_id_of(row["provider_id"], self.visitor)
        extra = {"client_id": client_id, "edited_at": row["edited_at"], "deleted_at": row["deleted_at"]}
        return shown | {name: value for name, value in extra.items() if value}

    def _put(self, frame: Mapping[str, Any]) -> None:
        self.socket.put(msgspec.json.encode(frame).decode())

    def _refuse(self, detail: str, message_id: str = "") -> None:
        self._put({"kind": "error", "detail": detail, **({"id": message_id} if message_id else {})})


def page_of(given: Mapping[str, Any]) -> dict[str, str]:
    """Where the visitor is, as their page says it."""
    return {name: str(given[name])[:2000] for name in ("url", "title", "referrer") if given.get(name)}


def client_id_of(provider_id: str | None, visitor: str) -> str:
    """The id that the visitor's page gave the message."""
    prefix, _, client = (provider_id or "").rpartition(":")
    return client if prefix.endswith(visitor) else ""


async def live(services: Services, scope: Any, receive: Any, send: Any) -> None:
    """Ten thousand of these wait at once: what the handshake and the greeting needed is not kept in here."""
    socket = Socket(scope, receive, send)
    inbox = await _admitted(services, socket)
    if inbox is None:
        return
    talk = Talk(services, inbox, inbox.channel, socket)  # type: ignore[arg-type]  # _admitted lets only such in
    greeted = False
    try:
        async for text in socket.frames(LONGEST_FRAME):
            if greeted:
                await talk.hear(text)
            elif await _greeted(talk, text):
                greeted = True
            else:
                break
    finally:
        services.hub.shut(talk.window)


async def _admitted(services: Services, socket: Socket) -> Served | None:
    """The inbox, once the visitor has been let in; None when not, and then the socket has been closed."""
    connection = HTTPConnection(socket.scope)  # type: ignore[arg-type]
    inbox = await chat_inbox(services, connection.query_params.get("inbox", ""))
    if inbox is None:
        await socket.refuse(NO_INBOX, "no such inbox")
        return None
    channel = inbox.channel
    assert isinstance(channel, Direct)
    if not channel.allows(socket.header("origin") or None) and not services.guard.own_origin(connection.headers):
        await socket.refuse(NOT_ALLOWED, "this domain is not allowed")
        return None
    if not services.guard.allow(services.guard.visitors, "connect", household(connection.client)):
        await socket.refuse(TOO_MANY, "too many connections")
        return None
    await socket.accept()
    return inbox


async def _greeted(talk: Talk, text: str) -> bool:
    """Whether the first frame was a hello and could be answered; else the socket closes."""
    try:
        hello = read_hello.decode(text)
    except (msgspec.DecodeError, RecursionError):
        talk.socket.close(1008, "say hello first")
        return False
    try:
        await talk.greet(hello)
    except Exception:
        log.exception("visitor could not be greeted", inbox=talk.inbox.id)
        talk.socket.close(RESTART, "come again")
        return False
    return True


async def chat_inbox(services: Services, key: str) -> Served | None:
    if not KEY.fullmatch(key):
        return None
    inbox = await services.bus.read(services.directory.by_key, key)
    return inbox if inbox is not None and isinstance(inbox.channel, Direct) and inbox.state == "active" else None


def _links(db: Connection, services: Services, inbox: Served) -> list[dict[str, str]]:
    """Messengers in which a visitor may go on: those the owner chose, else all that can."""
    chosen = getattr(inbox.channel.config, "offer_inboxes", [])
    return [
        {"inbox_id": one.id, "channel": one.kind, "title": one.channel.title}
        for one in services.directory.of_shop(db, inbox.shop_id)
        if one.capabilities.takes_along
        and one.account_handle
        and one.state == "active"
        and (not chosen or one.id in chosen)
    ]
