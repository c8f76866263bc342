"""After a commit everybody who looks is told. The relay only rings; what happened is read from the event log, so that
a lost ring loses nothing and every screen sees the order of the commits.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
import structlog
from sqlalchemy.engine import Connection

from prilavok.domain.events import Event, InboxChanged, IncidentChanged, OutboxFilled, SessionEnded, StepsDue
from prilavok.flows.bus import Bus
from prilavok.flows.unit import Told
from prilavok.store import conversations, events, messages
from prilavok.web import looks, shapes
from prilavok.web.presence import REPEAT, Presence
from prilavok.web.socket import RESTART, Socket

log = structlog.get_logger()

RESUMABLE = 2000  # events; a screen that missed more loads anew
LOOK_ANYWAY = 5.0  # seconds: a ring may be lost between processes
DOORBELL = "shops"
SIGN_IN = 4401


class Relay(Protocol):
    """Carries a ring to every process; see worker/relay.py."""

    async def publish(self, topic: str, data: bytes) -> None: ...

    def subscribe(self, topic: str, callback: Callable[[bytes], None]) -> Any: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


@dataclass(slots=True, eq=False)
class AgentScreen:
    """One open application of an agent."""

    socket: Socket
    shop_id: int
    agent_id: str
    name: str
    session_hash: str
    viewing: str | None = None


@dataclass(slots=True, eq=False)
class Window:
    """One open chat window of a visitor; `show` turns a message row into a frame for it."""

    socket: Socket
    shop_id: int
    identity_id: str | None
    show: Callable[[str, Mapping[Any, Any], Iterable[Mapping[Any, Any]]], None]


@dataclass(slots=True)
class _Shop:
    seq: int
    screens: set[AgentScreen] = field(default_factory=set)
    windows: dict[str, set[Window]] = field(default_factory=dict)
    showing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Hub:
    """The sockets of this process. `bus` is set by app.py once it exists."""

    def __init__(self, relay: Relay, process: str) -> None:
        self.relay = relay
        self.presence = Presence(process, time.monotonic)
        self.bus: Bus
        self.on_outbox: Callable[[], None] = lambda: None
        self.on_steps: Callable[[], None] = lambda: None
        self.on_incident: Callable[[], None] = lambda: None
        self.on_inbox: Callable[[int, str], None] = lambda _shop, _inbox: None
        self._shops: dict[int, _Shop] = {}
        self._rung: set[int] = set()
        self._bell = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._rings: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.relay.subscribe(DOORBELL, self._on_ring)
        self._task = asyncio.create_task(self._work())

    def hang_up(self) -> None:
        """Closes every socket of this process; the browsers come back by themselves."""
        for shop in self._shops.values():
            for screen in shop.screens:
                screen.socket.close(RESTART, "restart")
            for windows in shop.windows.values():
                for window in windows:
                    window.socket.close(RESTART, "restart")

    async def stop(self) -> None:
        self.hang_up()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, *self._rings, return_exceptions=True)

    def tell(self, told: list[Told], happened: list[Event]) -> None:
        """Called in the writer's thread after a commit."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._after_commit, told, happened)

    def _after_commit(self, told: list[Told], happened: list[Event]) -> None:
        ring: dict[str, Any] = {}
        if told:
            ring["shops"] = sorted({line.shop_id for line in told})
        for event in happened:
            match event:
                case OutboxFilled():
                    ring["outbox"] = True
                case StepsDue():
                    ring["steps"] = True
                case IncidentChanged():
                    ring["incident"] = True
                case InboxChanged(shop_id=shop_id, ref_id=inbox_id):
                    ring.setdefault("inboxes", []).append([shop_id, inbox_id])
                case SessionEnded(shop_id=shop_id, ref_id=agent_id, session=session, kept=kept):
                    ring.setdefault("sessions", []).append([shop_id, agent_id, session, kept])
        if ring:
            self._ring(ring)

    def _ring(self, ring: Mapping[str, Any]) -> None:
        task = asyncio.ensure_future(self.relay.publish(DOORBELL, msgspec.json.encode(ring)))
        self._rings.add(task)
        task.add_done_callback(self._rings.discard)

    def _on_ring(self, data: bytes) -> None:
        ring = msgspec.json.decode(data)
        for shop_id in ring.get("shops", ()):
            if shop_id in self._shops:
                self._rung.add(shop_id)
                self._bell.set()
        if ring.get("outbox"):
            self.on_outbox()
        if ring.get("steps"):
            self.on_steps()
        if ring.get("incident"):
            self.on_incident()
        for shop_id, inbox_id in ring.get("inboxes", ()):
            self.on_inbox(shop_id, inbox_id)
        for ended in ring.get("sessions", ()):
            self._close_screens(*ended)
        if word := ring.get("presence"):
            self._hear_presence(word)
        if fleeting := ring.get("fleeting"):
            self._show_fleeting(fleeting)

    def missed(self) -> None:
        """Rings of other processes may have been lost: look at everything, and believe nothing that was kept."""
        self.bus.world.directory.forget_all()
        self._rung.update(self._shops)
        self._bell.set()
        self.on_outbox()
        self.on_steps()
        self.on_incident()

    # Who looks

    async def join(self, screen: AgentScreen, since: int | None) -> None:
        """Adds a screen and brings it up to date: everything after `since`, or the word to load anew."""
        shop = await self._shop(screen.shop_id)
        # Under the lock nothing is shown to others meanwhile, so that nothing falls between "missed" and "from now on".
        async with shop.showing:
            # First the others: a screen may know of a commit that nobody here was shown yet.
            await self._look(screen.shop_id, shop)
            if since is not None and since != shop.seq:
                await self._catch_up(screen, since, shop.seq)
            screen.socket.put(f'{{"kind":"hello","seq":{shop.seq}}}')
            shop.screens.add(screen)
        online = sorted(self.online(screen.shop_id) | {screen.agent_id})
        screen.socket.put(msgspec.json.encode({"kind": "presence", "agents": online}).decode())
        self.show_presence(screen.shop_id)

    async def _catch_up(self, screen: AgentScreen, since: int, now: int) -> None:
        """Everything after `since` up to `now`, or the word to load anew: too much, forgotten, or of another life."""
        missed = await self.bus.read(events.since, screen.shop_id, since, RESUMABLE + 1) if since < now else []
        if not missed or len(missed) > RESUMABLE or missed[0]["seq"] != since + 1:
            screen.socket.put('{"kind":"reset"}')
            return
        screen.socket.put(
            *await self.bus.read(_frames, screen.shop_id, [line for line in missed if line["seq"] <= now])
        )

    def leave(self, screen: AgentScreen) -> None:
        shop = self._shops.get(screen.shop_id)
        if shop is not None and screen in shop.screens:
            shop.screens.discard(screen)
            self.show_presence(screen.shop_id)

    async def open(self, window: Window) -> None:
        shop = await self._shop(window.shop_id)
        if window.identity_id is not None:
            shop.windows.setdefault(window.identity_id, set()).add(window)

    def shut(self, window: Window) -> None:
        shop = self._shops.get(window.shop_id)
        if shop is not None and window.identity_id is not None:
            windows = shop.windows.get(window.identity_id, set())
            windows.discard(window)
            if not windows:
                shop.windows.pop(window.identity_id, None)

    def online(self, shop_id: int) -> set[str]:
        """Agents with an open screen, in any process."""
        return self.presence.online(shop_id)

    async def _shop(self, shop_id: int) -> _Shop:
        shop = self._shops.get(shop_id)
        if shop is None:
            seq = await self.bus.read(events.current, shop_id)
            shop = self._shops.setdefault(shop_id, _Shop(seq))
        return shop

    # What they see

    async def _work(self) -> None:
        told = time.monotonic()
        while True:
            try:
                async with asyncio.timeout(LOOK_ANYWAY):
                    await self._bell.wait()
            except TimeoutError:
                self._rung.update(self._shops)
            if time.monotonic() - told > REPEAT:
                told = time.monotonic()
                for shop_id, shop in self._shops.items():
                    if shop.screens:
                        self.show_presence(shop_id)
            self._bell.clear()
            rung, self._rung = self._rung, set()
            for shop_id in rung:
                try:
                    async with self._shops[shop_id].showing:
                        await self._look(shop_id, self._shops[shop_id])
                except Exception:
                    log.exception("live view failed", shop=shop_id)

    async def _look(self, shop_id: int, shop: _Shop) -> None:
        """Shows everything after the last event shown. Without anybody here it only moves on."""
        if not shop.screens and not shop.windows:
            shop.seq = await self.bus.read(events.current, shop_id)
            return
        while True:
            lines = await self.bus.read(events.since, shop_id, shop.seq, 500)
            if not lines:
                return
            shop.seq = lines[-1]["seq"]
            if shop.screens:
                frames = await self.bus.read(_frames, shop_id, lines)
                for screen in list(shop.screens):
                    screen.socket.put(*frames)
            if shop.windows:
                await self._show_windows(shop_id, shop, lines)

    async def _show_windows(self, shop_id: int, shop: _Shop, lines: Iterable[Mapping[Any, Any]]) -> None:
        wanted = [line for line in lines if line["message_id"] and line["ref_id"] in shop.windows]
        if not wanted:
            return
        rows = await self.bus.read(messages.many, shop_id, {line["message_id"] for line in wanted})
        for line in wanted:
            row = rows.get(line["message_id"])
            if row is not None and row["kind"] in {"message", "reply"}:
                for window in list(shop.windows.get(line["ref_id"], ())):
                    window.show(line["kind"], row, ())

    # What passes and is never stored

    def fleeting(self, shop_id: int, what: Mapping[str, Any], *, identity_id: str | None = None) -> None:
        """Typing and the like: shown to the shop's screens, or to one visitor, on every process."""
        self._ring({"fleeting": {"shop": shop_id, "identity": identity_id, "what": dict(what)}})

    def _show_fleeting(self, fleeting: Mapping[str, Any]) -> None:
        shop = self._shops.get(fleeting["shop"])
        if shop is None:
            return
        text = msgspec.json.encode(fleeting["what"]).decode()
        if fleeting["identity"] is not None:
            for window in shop.windows.get(fleeting["identity"], ()):
                window.socket.put(text)
        else:
            for screen in shop.screens:
                screen.socket.put(text)

    def show_presence(self, shop_id: int) -> None:
        """Tells every process who is here and at what they look."""
        shop = self._shops.get(shop_id)
        if shop is not None:
            self._ring({"presence": self.presence.say(shop_id, shop.screens)})

    def _hear_presence(self, word: Mapping[str, Any]) -> None:
        shop_id = word["shop"]
        before = self.presence.online(shop_id)
        changed = self.presence.hear(word)
        shop = self._shops.get(shop_id)
        if shop is None or not shop.screens:
            return
        frames: list[dict[str, Any]] = []
        online = self.presence.online(shop_id)
        if online != before:
            frames.append({"kind": "presence", "agents": sorted(online)})
        for one in changed:
            looking = self.presence.looking(shop_id, one)
            frames.append({"kind": "viewing", "conversation_id": one, "agents": looking})
        for frame in frames:
            text = msgspec.json.encode(frame).decode()
            for screen in shop.screens:
                screen.socket.put(text)

    def _close_screens(self, shop_id: int, agent_id: str, session: str, kept: str) -> None:
        """Somebody signed out: the screens of that session end, or of all sessions but the kept one."""
        shop = self._shops.get(shop_id)
        for screen in list(shop.screens) if shop is not None else ():
            ended = screen.session_hash == session if session else screen.session_hash not in {"", kept}
            if screen.agent_id == agent_id and ended:
                screen.socket.close(SIGN_IN, "sign in again")


def _frames(db: Connection, shop_id: int, lines: Iterable[Mapping[Any, Any]]) -> list[str]:
    """The frames of some events for agents' screens. Each shows the present state; the last of several is enough."""
    listed = list(lines)
    new = {line["message_id"] for line in listed if line["kind"] == "message.new"}
    last = {_subject(line): line["seq"] for line in listed}
    kept = [line for line in listed if last[_subject(line)] == line["seq"]]
    message_rows = messages.many(db, shop_id, {line["message_id"] for line in kept if line["message_id"]})
    conversation_ids = {line["conversation_id"] for line in kept if line["conversation_id"]}
    conversation_rows = conversations.some(db, shop_id, conversation_ids)
    names = looks.names_for(db, shop_id, conversation_rows.values())
    frames = []
    for line in kept:
        frame: dict[str, Any] = {"seq": line["seq"], "kind": line["kind"]}
        if line["message_id"] in message_rows:
            frame["kind"] = "message.new" if line["message_id"] in new else line["kind"]
            frame["message"] = shapes.message(message_rows[line["message_id"]], names)
        if line["conversation_id"] in conversation_rows:
            frame["conversation"] = shapes.conversation(conversation_rows[line["conversation_id"]], names)
        if line["kind"] == "contact.changed":
            frame["contact_id"] = line["ref_id"]
        if line["kind"] == "inbox.changed":
            frame["inbox_id"] = line["ref_id"]
        if line["kind"] in {"order.changed", "task.changed"}:
            frame["order_id"] = line["ref_id"]
        frames.append(msgspec.json.encode(frame).decode())
    return frames


def _subject(line: Mapping[Any, Any]) -> tuple[Any, ...]:
    """What a line of the log is about."""
    if line["message_id"]:
        return ("message", line["message_id"])
    return (line["kind"], line["conversation_id"] or line["ref_id"])
