"""How updates reach the bot's owner: pushed to a webhook, chat by chat in order, or handed out to a long poll."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from prilavok.simulator.telegram.contract import Refused

LONGEST_PAUSE = 60.0  # seconds between two tries of a webhook

Answer = tuple[int, Mapping[str, str], bytes]
Post = Callable[[str, Mapping[str, str], bytes], Awaitable[Answer]]
"""Posts an update to a webhook: address, headers, body; the answer's status, headers (lower case) and body."""


async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    timeout = aiohttp.ClientTimeout(total=30)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(url, headers=headers, data=body) as response,
    ):
        return response.status, {name.lower(): it for name, it in response.headers.items()}, await response.read()


@dataclass(slots=True)
class Webhook:
    url: str
    secret: str = ""
    last_error: str = ""


@dataclass(slots=True)
class Queued:
    chat: int
    update: dict[str, Any]


@dataclass(slots=True)
class Updates:
    """The updates of one bot that nobody has taken yet."""

    post: Post
    on_method: Callable[[str, dict[str, Any]], None]  # a webhook may answer with a method to carry out
    first_pause: float = 0.5  # seconds; grows by half with every failure
    webhook: Webhook | None = None
    allowed: list[str] = field(default_factory=list)
    waiting: list[Queued] = field(default_factory=list)
    last_id: int = 700_000_000
    held: bool = False
    delivered: int = 0
    polls: int = 0
    over: bool = False  # the emulator is closing: nobody waits any longer
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _pushing: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)

    def add(self, chat: int, kind: str, content: Mapping[str, Any]) -> None:
        if self.allowed and kind not in self.allowed:
            return
        self.last_id += 1
        self.waiting.append(Queued(chat, {"update_id": self.last_id, kind: dict(content)}))
        self.go_on()

    def release(self, *, shuffled: random.Random | None, twice: bool) -> None:
        if twice:
            self.waiting += [Queued(one.chat, one.update) for one in self.waiting]
        if shuffled is not None:
            shuffled.shuffle(self.waiting)
        self.held = False
        self.go_on()

    def go_on(self) -> None:
        if self.held:
            return
        self._news.set()
        if self.webhook is None:
            return
        for chat in {one.chat for one in self.waiting}:
            if chat not in self._pushing:
                self._pushing[chat] = asyncio.create_task(self._push_all(chat))

    async def take(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:  # noqa: ASYNC109  its name there
        """getUpdates. An offset confirms everything before it; a newer poll ends an older one."""
        if self.webhook is not None:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )
        self.polls += 1
        mine = self.polls
        self._news.set()
        self.waiting = [one for one in self.waiting if one.update["update_id"] >= offset]
        deadline = asyncio.get_running_loop().time() + timeout
        while (self.held or not self.waiting) and not self.over:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return []
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                return []
            if self.polls != mine:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        return [] if self.held else [one.update for one in self.waiting[:limit]]

    async def close(self) -> None:
        self.over = True
        self._news.set()
        for task in list(self._pushing.values()):
            task.cancel()
        await asyncio.gather(*self._pushing.values(), return_exceptions=True)

    async def settled(self) -> None:
        """Returns when the webhook has taken everything."""
        while self._pushing:
            await asyncio.gather(*self._pushing.values())

    async def _push_all(self, chat: int) -> None:
        try:
            while (webhook := self.webhook) is not None and not self.held:
                first = next((one for one in self.waiting if one.chat == chat), None)
                if first is None:
                    return
                if not await self._push(webhook, first):
                    continue
                # By identity: the same update may stand in the queue twice.
                self.waiting = [one for one in self.waiting if one is not first]
                self.delivered += 1
        finally:
            del self._pushing[chat]

    async def _push(self, webhook: Webhook, queued: Queued) -> bool:
        """Until it is taken: an update that is refused again and again keeps back the later ones of its chat.

        False when the webhook was changed meanwhile.
        """
        body = msgspec.json.encode(queued.update)
        headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": webhook.secret}
        pause = self.first_pause
        while self.webhook is webhook:
            try:
                status, answered, content = await self.post(webhook.url, headers, body)
            except (OSError, TimeoutError, aiohttp.ClientError) as error:
                status, answered, content = 0, {}, b""
                webhook.last_error = type(error).__name__
            if 200 <= status < 300:
                self._carry_out(content)
                return True
            if status:
                webhook.last_error = f"Wrong response from the webhook: {status}"
            wait = answered.get("retry-after", "")
            await asyncio.sleep(float(wait) if wait.isdecimal() else pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
        return False

    def _carry_out(self, content: bytes) -> None:
        try:
            fields = msgspec.json.decode(content, type=dict[str, Any])
        except msgspec.DecodeError:
            return  # most webhooks answer nothing that matters
        if isinstance(method := fields.pop("method", None), str):
            self.on_method(method, fields)
