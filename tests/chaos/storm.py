"""A shop that is killed again and again while customers write and agents answer; and the customers' side of it."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import uvicorn

from prilavok.channels import standard_webhooks
from prilavok.desk import api_token, connect_inbox, sign_in_link
from prilavok.settings import Settings
from prilavok.simulator.load.shop import Hook, Shop, free_port
from prilavok.simulator.load.wire import Connection
from prilavok.simulator.telegram import Fault, TelegramEmulator

BOT = "7000000001:AAEmulatedBotTokenForChaosTests12345"
LONGEST_SEND = 2.0  # seconds; with it also the wait for leases of a process that is gone is short
POSTERS, WRITERS = 16, 8  # connections


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; the kills fall at random moments of so many seconds."""

    kills: int
    messages: int
    replies: int
    chats: int
    seconds: float


@dataclass
class Storm:
    """One run: the shop's process, Telegram, and what was promised to whom."""

    size: Size
    folder: Path
    database_url: str
    chance: random.Random
    telegram: TelegramEmulator = field(default_factory=lambda: TelegramEmulator(first_pause=0.05))
    accepted: set[str] = field(default_factory=set)  # ids of messages that got their 200
    answered: dict[str, str] = field(default_factory=dict)  # reply → the id of the message it became
    delivered: Counter = field(default_factory=Counter)  # text → how often Telegram's customers got it
    kills: int = 0

    async def rage(self) -> None:
        async with self._telegram_on_loopback() as base:
            self._open_shop(base)
            port = free_port()
            self.shop = Shop(("127.0.0.1", port), self.token)
            self.hook = Hook(self.shop.address, f"/hooks/{self.key}", standard_webhooks.key_of(self.secret))
            process = self._start(port)
            try:
                places = await self._first_words()
                self.telegram.be_unreliable(self.chance, share=0.15, kinds=tuple(Fault), seconds=1)
                work = asyncio.gather(self._post_everything(), self._reply_everything(places))
                process = await self._kill_sometimes(process, port, work)
                await work
                self.telegram.be_unreliable(self.chance, share=0, kinds=())
                await self._calm()
            finally:
                process.kill()
                process.wait()

    # The shop

    def _open_shop(self, telegram: str) -> None:
        from prilavok.app import build

        house = build(Settings.from_environment(self._environment(0)))
        house.bus.start()
        try:
            sign_in_link(house, "owner@example.com", None)
            self.token = api_token(house, "owner@example.com")
            told = connect_inbox(house, "api", "Programs", [], None, check=False)
            words = dict(line.split(": ", 1) for line in told.splitlines())
            self.key, self.secret, self.api_inbox = words["hook"].rpartition("/")[2], words["secret"], words["id"]
            settings = [f"token={BOT}", "mode=polling", f"api_base={telegram}"]
            told = connect_inbox(house, "telegram", "Telegram", settings, None, check=False)
            self.telegram_inbox = dict(line.split(": ", 1) for line in told.splitlines())["id"]
        finally:
            house.bus.stop()
            house.engine.dispose()

    def _environment(self, port: int) -> dict[str, str]:
        environment = dict(os.environ)
        if environment.pop("PYTHONDONTWRITEBYTECODE", ""):  # compiled once for all starts, or each takes five seconds
            environment["PYTHONPYCACHEPREFIX"] = str(self.folder.parent / "bytecode")
        return {
            **environment,
            "PRILAVOK_DATA": str(self.folder),
            "PRILAVOK_DATABASE_URL": self.database_url,
            "PRILAVOK_PORT": str(port),
            "PRILAVOK_SEND_TIMEOUT": str(LONGEST_SEND),
            "PRILAVOK_TRUSTED_NETWORKS": "127.0.0.0/8",
            "PRILAVOK_LOG_LEVEL": "error",
        }

    def _start(self, port: int) -> subprocess.Popen:
        with (self.folder / "serve.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "prilavok", "serve"], env=self._environment(port), stdout=log, stderr=log
            )

    async def _kill_sometimes(self, process: subprocess.Popen, port: int, work: asyncio.Future) -> subprocess.Popen:
        """At random moments, as long as there is work; at least as often as the size says."""
        pause = self.size.seconds / self.size.kills
        while self.kills < self.size.kills:
            await self._alive()
            await asyncio.sleep(self.chance.uniform(0.1, pause))
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            self.kills += 1
            process = self._start(port)
        del work
        return process

    async def _alive(self) -> None:
        while True:
            try:
                await self.shop.call("GET", "/healthz")
            except (OSError, RuntimeError):
                await asyncio.sleep(0.05)
            else:
                return

    # Customers and agents

    @asynccontextmanager
    async def _telegram_on_loopback(self):
        port = free_port()
        self.telegram.add_bot(BOT, username="chaos_bot")
        self.telegram.subscribe(self._hear)
        config = uvicorn.Config(self.telegram, host="127.0.0.1", port=port, log_level="critical", access_log=False)
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None
        serving = asyncio.create_task(server.serve())
        while not serving.done():
            if server.started:
                break
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = server.force_exit = True
            await serving
            await self.telegram.close()

    def _hear(self, message) -> None:
        if message.from_bot and message.edited_at is None:
            self.delivered[message.text] += 1

    async def _first_words(self) -> list[str]:
        """Everybody says hello in Telegram, so that everybody can be answered: the conversations' ids."""
        await self._alive()
        for number in range(self.size.chats):
            person = self.telegram.add_user(f"Customer {number}")
            await self.telegram.user_says(person.id, "Hello")
        while True:
            found, cursor = [], ""
            while True:
                page = await self.shop.call(
                    "GET", f"/api/v1/conversations?inbox={self.telegram_inbox}&limit=100{cursor}"
                )
                found += [one["id"] for one in page["items"]]
                if not page["next"]:
                    break
                cursor = f"&cursor={page['next']}"
            if len(found) == self.size.chats:
                return found
            await asyncio.sleep(0.1)

    async def _post_everything(self) -> None:
        """Signed messages, each until it gets its 200; a third of them twice, as vendors do."""
        numbers = iter(range(self.size.messages))

        async def poster() -> None:
            for number in numbers:
                message_id = f"m{number}"
                request = self.hook.signed(message_id, f"c{number % 50}", f"Question {number}")
                for _ in range(2 if number % 3 == 0 else 1):
                    await self._until_taken(request, {200})
                self.accepted.add(message_id)

        await asyncio.gather(*(poster() for _ in range(POSTERS)))

    async def _reply_everything(self, places: list[str]) -> None:
        numbers = iter(range(self.size.replies))

        async def writer() -> None:
            for number in numbers:
                body = msgspec.json.encode({"kind": "reply", "text": f"Answer {number}"})
                path = f"/api/v1/conversations/{places[number % len(places)]}/messages"
                headers = {**self.shop.authorization, "idempotency-key": f"answer-{number}"}
                told = await self._until_taken(self.shop.request("POST", path, body, headers=headers), {201})
                self.answered[f"Answer {number}"] = msgspec.json.decode(told)["id"]

        await asyncio.gather(*(writer() for _ in range(WRITERS)))

    async def _until_taken(self, request: bytes, wanted: set[int]) -> bytes:
        """Whoever gets no answer, or "later", comes again: as vendors and our own front end do."""
        while True:
            try:
                connection = await Connection.open(self.shop.address)
                try:
                    status, body = await connection.ask(request)
                finally:
                    connection.close()
            except OSError:
                await asyncio.sleep(0.05)
                continue
            if status in wanted:
                return body
            if status < 500:
                raise AssertionError(f"answered with {status}: {body[:300]!r}")
            await asyncio.sleep(0.05)

    async def _calm(self) -> None:
        """Until nothing waits to be sent any more."""
        await self._alive()
        while True:
            waiting = await self.shop.call("GET", "/api/v1/outbox?state=waiting")
            if not waiting["items"]:
                return
            await asyncio.sleep(0.2)
