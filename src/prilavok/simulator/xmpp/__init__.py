"""A small XMPP server on loopback: the shop's account over a socket, and everybody else who writes to it.

    server = XmppServer(address="http://127.0.0.1:8000/simulator/xmpp")
    settings = await server.open()          # {"url", "port"}
    server.user_says("+380671234567", "Де моє замовлення?", name="Марта")
    server.look("+380671234567", open=True)  # what comes is read from now on

What is said while the shop is away waits for it. Files lie at the address where this application is served.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import uuid4
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from starlette.responses import Response

from prilavok.simulator.listening import HOST, Door
from prilavok.simulator.messenger import Bubble, File, Talk
from prilavok.simulator.office import Asked, Office, RefusedError, last
from prilavok.simulator.rooms import Room, Rooms
from prilavok.simulator.telegram.faults import DONE, Fault
from prilavok.simulator.xmpp.answers import answered
from prilavok.simulator.xmpp.archive import QUERY, finished, page
from prilavok.simulator.xmpp.stream import CLIENT, Stream

DOMAIN, SHOP_USER, PASSWORD = "jabber.example", "kardamon", "demo-password-of-jabber"
SHOP = f"{SHOP_USER}@{DOMAIN}"
RECEIPTS, MARKERS = "urn:xmpp:receipts", "urn:xmpp:chat-markers:0"
OOB = "{jabber:x:oob}x/{jabber:x:oob}url"
LARGEST = 20 * 1024 * 1024  # bytes of a file
KEPT = 20_000  # messages in the archive


def jid_of(person: str) -> str:
    return f"u{person.removeprefix('+')}@{DOMAIN}"


class XmppServer(Office):
    keeps: ClassVar[tuple[str, ...]] = ("rooms", "waiting", "archive")
    can: ClassVar[frozenset[str]] = frozenset({"file", "edit", "delete", "block", "look"})
    domain, user, secret = DOMAIN, SHOP_USER, PASSWORD

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.rooms = Rooms(jid_of)
        self.waiting: list[str] = []  # stanzas for the shop, which is away
        self.archive: dict[str, tuple[datetime, str]] = {}  # what was said to the shop and by it (XEP-0313)
        self.streams: list[Stream] = []
        self.requests: list[str] = []  # what the shop said, as it came
        self.door = Door(self._talk)
        self._slots: dict[str, str] = {}  # id of a file that may be put → its secret
        self.route("PUT", r"/files/(?P<id>\w+)/(?P<name>[^/]+)", self._put)
        self.route("GET", r"/files/(?P<id>\w+)/(?P<name>[^/]+)", self._get)

    async def open(self) -> Mapping[str, Any]:
        """Listens on a free port; the settings that lead there."""
        return {"url": HOST, "port": await self.door.open()}

    async def close(self) -> None:
        self.door.shut()
        self.cut()
        await self.door.emptied()
        await super().close()

    def cut(self) -> None:
        """Every connection breaks."""
        for stream in list(self.streams):
            stream.cut()

    # What people do

    def talk(self, person: str, name: str = "") -> Talk:
        room = self.rooms.of(person, name)
        room.started = True
        return room.shown()

    def user_starts(self, person: str, payload: str = "", *, name: str = "") -> None:
        """There is nothing to begin: whoever knows the address writes to it."""
        del payload
        self.rooms.of(person, name)

    def user_says(self, person: str, text: str, *, reply_to: str = "", name: str = "") -> Bubble:
        room = self.rooms.of(person, name)
        replied = f"<reply xmlns='urn:xmpp:reply:0' id={quoteattr(reply_to)} to='{SHOP}'/>" if reply_to else ""
        return self._says(room, text, replied, text=text, reply_to=reply_to)

    def user_presses(self, person: str, message_id: str, button: str) -> None:
        """There are no buttons: choices are written out as numbers."""
        raise LookupError(f"{person}: no button {button} under {message_id}")

    def user_sends_file(self, person: str, name: str, mime: str, data: bytes, caption: str = "") -> Bubble:
        room = self.rooms.of(person)
        file = self.rooms.keep(File(uuid4().hex, name, mime, data))
        if caption:
            self._says(room, caption, text=caption)
        url = self._url(file.id, file.name)
        return self._says(room, url, f"<x xmlns='jabber:x:oob'><url>{escape(url)}</url></x>", files=(file,))

    def user_edits(self, person: str, message_id: str, text: str) -> None:
        room = self.rooms.of(person)
        bubble = last(room.bubbles, message_id)
        bubble.text, bubble.edited = text, True
        replaced = f"<replace xmlns='urn:xmpp:message-correct:0' id={quoteattr(message_id)}/>"
        self._tell(room, f"<body>{escape(text)}</body>{replaced}")

    def user_deletes(self, person: str, message_id: str) -> None:
        room = self.rooms.of(person)
        last(room.bubbles, message_id).deleted = True
        self._tell(room, f"<retract xmlns='urn:xmpp:message-retract:1' id={quoteattr(message_id)}/>")

    def user_blocks(self, person: str, *, blocked: bool) -> None:
        """The server gives back whatever the shop says (XEP-0191)."""
        self.rooms.of(person).blocked = blocked

    def look(self, person: str, *, open: bool) -> None:
        room = self.rooms.of(person)
        room.open = open
        if open:
            self._read(room)

    def file(self, file_id: str) -> File | None:
        return self.rooms.files.get(file_id)

    def _says(self, room: Room, body: str, more: str = "", **shown: Any) -> Bubble:
        asks = f"<request xmlns='{RECEIPTS}'/><markable xmlns='{MARKERS}'/>"
        stanza_id = self._tell(room, f"<body>{escape(body)}</body>{more}{asks}")
        bubble = Bubble(stanza_id, True, self.now(), **shown)
        room.bubbles.append(bubble)
        return bubble

    def _tell(self, room: Room, inner: str) -> str:
        """Brings the shop a message of this person's; its id."""
        stanza_id = uuid4().hex
        nick = f"<nick xmlns='http://jabber.org/protocol/nick'>{escape(room.name)}</nick>"
        head = f"<message xmlns='jabber:client' type='chat' from='{room.id}/phone' to='{SHOP}' id='{stanza_id}'>"
        self._keep(f"{head}{inner}{nick}</message>")
        listening = [one for one in self.streams if one.available]
        for stream in listening:
            stream.send(f"{head}{inner}{nick}</message>")
        if not listening:
            since = self.now().astimezone(UTC).isoformat().replace("+00:00", "Z")
            delay = f"<delay xmlns='urn:xmpp:delay' from='{DOMAIN}' stamp='{since}'/>"
            self.waiting.append(f"{head}{inner}{nick}{delay}</message>")
        return stanza_id

    def _keep(self, message: str) -> None:
        self.archive[uuid4().hex] = (self.now(), message)
        if len(self.archive) > KEPT:
            del self.archive[next(iter(self.archive))]

    def _read(self, room: Room) -> None:
        unread = [one for one in room.bubbles if not one.mine and one.status != "read"]
        for one in unread:
            one.status = "read"
        if unread:
            self._tell(room, f"<displayed xmlns='{MARKERS}' id={quoteattr(unread[-1].id)}/>")

    # What the shop's connections do

    async def came(self, stream: Stream, stanza: Element) -> None:
        if stanza.tag == CLIENT + "presence" and not stanza.get("to"):
            stream.available = stanza.get("type") != "unavailable"
            held, self.waiting = (self.waiting, []) if stream.available else ([], self.waiting)
            for one in held:
                stream.send(one)
        elif stanza.tag == CLIENT + "iq" and (query := stanza.find(QUERY)) is not None:
            told, complete = page(self.archive, query)
            for kept in told:
                stream.send(kept.told(stream.jid, DOMAIN))
            stream.send(finished(told, complete, stanza.get("id", ""), stream.jid))
        elif stanza.tag == CLIENT + "iq" and stanza.get("type") in {"get", "set"}:
            stream.send(answered(stanza, stream.jid, DOMAIN, LARGEST, self._slot))
        elif stanza.tag == CLIENT + "message":
            await self._message(stream, stanza)

    def left(self, stream: Stream) -> None:
        self.streams.remove(stream)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream = Stream(self, reader, writer)
        self.streams.append(stream)
        await stream.run()

    async def _message(self, stream: Stream, stanza: Element) -> None:
        room = self.rooms.by_id(stanza.get("to", "").partition("/")[0].lower())
        body = stanza.findtext(CLIENT + "body")
        if room is None or (room.blocked and body is not None):
            stream.send(returned(stanza, "service-unavailable"))
        elif body is None:
            self._acknowledged(room, stanza)
        elif (trouble := self._troubles.next("send")) is None:
            self._arrives(room, stanza, body)
        else:
            if trouble.fault in DONE:
                self._arrives(room, stanza, body)
            if trouble.fault in {Fault.SILENT, Fault.DONE_BUT_SILENT}:
                await asyncio.sleep(trouble.seconds)
            condition = {Fault.TOO_MANY: "policy-violation", Fault.BROKEN: "internal-server-error"}.get(trouble.fault)
            if condition:
                stream.fail(condition)
            else:
                stream.cut()

    def _acknowledged(self, room: Room, stanza: Element) -> None:
        received = stanza.find(f"{{{RECEIPTS}}}received")
        for bubble in room.bubbles:
            if received is not None and bubble.mine and bubble.id == received.get("id"):
                bubble.status = "taken"

    def _arrives(self, room: Room, stanza: Element, body: str) -> None:
        stanza_id, url = stanza.get("id", ""), stanza.findtext(OOB) or ""
        file = self.rooms.files.get(url.removeprefix(f"{self.address}/files/").partition("/")[0])
        self.requests.append(body)
        if any(one.id == stanza_id for one in room.bubbles):
            return  # a repeated stanza counts once
        head = f"<message xmlns='jabber:client' type='chat' from='{SHOP}/prilavok' to='{room.id}' "
        self._keep(f"{head}id={quoteattr(stanza_id)}><body>{escape(body)}</body></message>")
        bubble = Bubble(stanza_id, False, self.now(), text="" if file and body == url else body, status="delivered")
        bubble.files = (file,) if file else ()
        room.bubbles.append(bubble)
        if stanza.find(f"{{{RECEIPTS}}}request") is not None:
            self._tell(room, f"<received xmlns='{RECEIPTS}' id={quoteattr(stanza_id)}/>")
        if room.open:
            self._read(room)

    # Files (XEP-0363)

    def _slot(self, name: str) -> tuple[str, str]:
        """Where a file of this name may be put, and the header that opens the door."""
        file_id, secret = uuid4().hex, uuid4().hex
        self._slots[file_id] = secret
        return self._url(file_id, name), f"Bearer {secret}"

    def _url(self, file_id: str, name: str) -> str:
        return f"{self.address}/files/{file_id}/{quote(name, safe='')}"

    def _put(self, asked: Asked) -> Response:
        file_id, headers = asked.parts["id"], asked.request.headers
        if headers.get("authorization") != f"Bearer {self._slots.pop(file_id, '')}":
            raise RefusedError(403, {"error": "no such slot"})
        kind = headers.get("content-type", "application/octet-stream")
        self.rooms.keep(File(file_id, asked.parts["name"], kind, asked.body))
        return Response(status_code=201)

    def _get(self, asked: Asked) -> Response:
        file = self.rooms.files.get(asked.parts["id"])
        if file is None:
            raise RefusedError(404, {"error": "no such file"})
        return Response(file.data, media_type=file.type)


def returned(stanza: Element, condition: str) -> str:
    head = f"<message xmlns='jabber:client' type='error' from={quoteattr(stanza.get('to', ''))} "
    why = f"<error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    return f"{head}id={quoteattr(stanza.get('id', ''))}>{why}</message>"
