"""A Telegram and a post office in memory, with the shape that the telephone needs, and a server around the pages."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from prilavok.simulator.apps import Apps
from prilavok.simulator.exchanges import BinotelEmulator, MangoEmulator, SipEmulator
from prilavok.simulator.gateways.turbosms import TurboSmsEmulator
from prilavok.simulator.handset import hum
from prilavok.simulator.phone import PhoneApp
from prilavok.simulator.sim_card import SimCard
from prilavok.simulator.twilio import TwilioEmulator
from prilavok.simulator.whatsapp import WhatsAppEmulator
from prilavok.simulator.zadarma import ZadarmaEmulator

SHOP = "hello@kardamon.example"


@dataclass
class Said:
    id: int
    from_bot: bool
    text: str = ""
    kind: str = "text"
    files: tuple[Any, ...] = ()
    buttons: tuple[tuple[dict[str, str], ...], ...] = ()
    location: tuple[float, float] | None = None
    contact: dict[str, Any] | None = None
    reply_to: int | None = None
    edited_at: datetime | None = None
    at: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))


@dataclass
class Chat:
    started: bool = False
    blocked: bool = False
    messages: list[Said] = field(default_factory=list)

    def message(self, message_id: int) -> Said:
        for one in self.messages:
            if one.id == message_id:
                return one
        raise LookupError(message_id)


class TelegramDouble:
    def __init__(self) -> None:
        self.bots = {"1:A": SimpleNamespace(username="kardamon_bot")}
        self.people: dict[int, Any] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, Any] = {}
        self.waiting: list[Any] = []
        self.faults: list[str] = []
        self.pressed: list[tuple[int, str]] = []
        self.started_with: list[str] = []

    def add_user(self, first_name: str, *, user_id: int | None = None, **known: Any) -> Any:
        self.people[user_id or 1] = SimpleNamespace(first_name=first_name, **known)
        return self.people[user_id or 1]

    def chat(self, user_id: int, *, bot: str = "") -> Chat:
        assert bot == "kardamon_bot"
        return self.chats.setdefault(user_id, Chat())

    def updates_of(self, bot: Any) -> Any:
        return SimpleNamespace(waiting=self.waiting)

    def file(self, file_id: str) -> Any:
        return self.files.get(file_id)

    def fail(self, fault: Any, *, method: str = "", times: int = 1, seconds: float = 3) -> None:
        self.faults.append(fault)

    def shop_says(self, user_id: int, text: str, *buttons: dict[str, str]) -> None:
        chat = self.chats[user_id]
        rows = (tuple(buttons),) if buttons else ()
        chat.messages.append(Said(len(chat.messages) + 1, from_bot=True, text=text, buttons=rows))

    def shop_takes_everything(self) -> None:
        self.waiting.clear()

    def _says(self, user_id: int, **said: Any) -> Said:
        chat = self.chats.setdefault(user_id, Chat())
        chat.started = True
        message = Said(len(chat.messages) + 1, from_bot=False, **said)
        chat.messages.append(message)
        self.waiting.append(SimpleNamespace(update={"message": {"message_id": message.id}}))
        return message

    def _store(self, name: str, mime: str, data: bytes) -> Any:
        file = SimpleNamespace(id=f"file{len(self.files)}", name=name, type=mime, data=data)
        self.files[file.id] = file
        return file

    async def user_starts(self, user_id: int, payload: str = "", *, bot: str = "") -> Said:
        self.chat(user_id, bot=bot).blocked = False
        self.started_with.append(payload)
        return self._says(user_id, text=f"/start {payload}".strip())

    async def user_says(self, user_id: int, text: str, *, bot: str = "", reply_to: int | None = None) -> Said:
        return self._says(user_id, text=text, reply_to=reply_to)

    async def user_sends_photo(self, user_id: int, data: bytes, caption: str = "", *, bot: str = "") -> Said:
        return self._says(user_id, text=caption, kind="photo", files=(self._store("photo.jpg", "image/jpeg", data),))

    async def user_sends_file(
        self,
        user_id: int,
        name: str,
        mime: str,
        data: bytes,
        *,
        kind: str = "document",
        caption: str = "",
        bot: str = "",
    ) -> Said:
        return self._says(user_id, text=caption, kind=kind, files=(self._store(name, mime, data),))

    async def user_sends_location(self, user_id: int, lat: float, lon: float, *, bot: str = "") -> Said:
        return self._says(user_id, kind="location", location=(lat, lon))

    async def user_shares_contact(self, user_id: int, phone: str = "", *, bot: str = "") -> Said:
        card = {"first_name": self.people[user_id].first_name, "phone_number": self.people[user_id].phone}
        return self._says(user_id, kind="contact", contact=card)

    async def user_presses(self, user_id: int, message_id: int, button: str, *, bot: str = "") -> str:
        self.chat(user_id, bot=bot).message(message_id)
        self.pressed.append((message_id, button))
        return "1"

    async def user_edits(self, user_id: int, message_id: int, text: str, *, bot: str = "") -> Said:
        message = self.chat(user_id, bot=bot).message(message_id)
        message.text, message.edited_at = text, message.at
        return message

    async def user_blocks(self, user_id: int, *, bot: str = "") -> None:
        self.chat(user_id, bot=bot).blocked = True

    async def user_unblocks(self, user_id: int, *, bot: str = "") -> None:
        self.chat(user_id, bot=bot).blocked = False


class MailDouble:
    def __init__(self) -> None:
        self.boxes: dict[str, list[bytes]] = {}
        self.shut: set[str] = set()

    def deliver(self, raw: bytes, to: str) -> int:
        self.boxes.setdefault(to, []).append(raw)
        return len(self.boxes[to])

    def mailbox(self, address: str) -> list[bytes]:
        return list(self.boxes.get(address, ()))


class Ear:
    """What the shop is told by the vendors of the telephone's number."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []

    async def post(self, url: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        self.heard.append((url.rpartition("/")[2], body))
        return 200, {}, b""


@dataclass
class Demo:
    """The pages on a real port, and what stands behind them."""

    port: int
    telegram: TelegramDouble
    mail: MailDouble
    app: PhoneApp
    sim: SimCard
    shop: "Ear"
    made: dict[str, Any] = field(default_factory=dict)  # emulators behind the other applications, by name
    heard: list[tuple[str, bytes]] = field(default_factory=list)  # what those have told the shop

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): it for name, it in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def act(self, action: str, wish: Any = None, me: str = "a" * 16, language: str = "uk") -> tuple[int, Any]:
        body = wish if isinstance(wish, bytes) else json.dumps(wish or {}).encode()
        status, _, answer = self.ask("POST", f"/phone/api/{action}?me={me}&language={language}", body)
        return status, json.loads(answer)

    @property
    def visitor(self) -> Any:
        return next(reversed(self.app.handset.visitors.values()))


WIDGET = "document.documentElement.dataset.widget = document.currentScript.dataset.inbox;"


class AnnouncedServer(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@contextmanager
def demo(apps: Apps | None = None) -> Iterator[Demo]:
    telegram, mail, shop = TelegramDouble(), MailDouble(), Ear()
    sim = SimCard(
        {
            "twilio": TwilioEmulator(hook="https://shop.test/sms", post=shop.post, pace=0.01),
            "turbosms": TurboSmsEmulator(post=shop.post, pace=0.01),
        },
        WhatsAppEmulator(hook="https://shop.test/whatsapp", post=shop.post, pace=0.01),
        {
            "zadarma": ZadarmaEmulator(hook="https://shop.test/calls", post=shop.post, pace=0.01, rings=100_000),
            "binotel": BinotelEmulator(
                hook="https://shop.test/binotel", number="+380671234500", post=shop.post, pace=0.01, rings=100_000
            ),
            "mango": MangoEmulator(hook="https://shop.test/mango", number="+78002001234", post=shop.post, pace=0.01),
            "sip": SipEmulator(hook="https://shop.test/sip", number="+48221234567", post=shop.post, pace=0.01),
        },
        voice=hum,
    )
    app = PhoneApp(telegram, mail, sim, bot="kardamon_bot", shop_address=SHOP, inbox_key="key<1>", apps=apps)
    widget = Route("/widget.js", lambda request: Response(WIDGET, media_type="text/javascript"))
    site = Starlette(routes=[widget, *app.routes])
    server = AnnouncedServer(
        uvicorn.Config(site, host="127.0.0.1", port=0, log_level="error", ws="websockets-sansio", lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert server.listens.wait(20)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Demo(port, telegram, mail, app, sim, shop)
    finally:
        server.should_exit = True
        thread.join(20)
