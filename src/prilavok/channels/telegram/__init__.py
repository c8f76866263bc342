"""Telegram through the Bot API: the customer writes to the shop's bot, we answer as the bot.

`updates.py` reads what comes, `sending.py` writes what goes, `shapes.py` names the parts of the Bot API that we use.
"""

import re
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import quote

import msgspec
import structlog

from prilavok.channels.base import (
    Account,
    BadSignature,
    Capabilities,
    Channel,
    Config,
    Dialogue,
    Download,
    Fetched,
    Hook,
    HookAnswer,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Network,
    Outbound,
    Polled,
    RateLimit,
    Receipt,
    Sent,
    TryLater,
    Undeliverable,
    field_of,
)
from prilavok.channels.telegram import sending, updates
from prilavok.channels.telegram.sending import Line
from prilavok.channels.telegram.shapes import ALLOWED_UPDATES, Bot, StoredFile
from prilavok.channels.wire import NOT_READABLE, same

log = structlog.get_logger()

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  the name of the header, not its value
LONG_POLL = 25  # seconds that Telegram holds getUpdates open when there is nothing new
DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes; the Bot API gives no larger file away
TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}", re.ASCII)

read_bot = msgspec.json.Decoder(Bot)
read_file = msgspec.json.Decoder(StoredFile)


class TelegramConfig(Config):
    token: Annotated[str, field_of("Bot token", "@BotFather gives it when you make the bot: 123456:ABC…", secret=True)]
    mode: Annotated[
        Literal["polling", "webhook"],
        field_of("How messages come", "polling works everywhere; webhook needs a public https address and is quicker."),
    ] = "polling"
    api_base: Annotated[str, field_of("Bot API server", "Change it only if you run a Bot API server of your own.")] = (
        "https://api.telegram.org"
    )
    link: Annotated[
        str, field_of("Link to the bot", "With {account} and {token} in it. Change it only for a simulated Telegram.")
    ] = "https://t.me/{account}?start={token}"
    secret_token: Annotated[
        str,
        field_of(
            "Webhook secret",
            "Proves that a delivery comes from Telegram. Leave it empty and one is made.",
            secret=True,
            pattern=r"^[A-Za-z0-9_-]{0,256}$",
        ),
    ] = ""


class Telegram(Channel):
    kind = "telegram"
    title = "Telegram"
    summary = "The shop's bot in Telegram: customers write to it, agents answer as the bot."
    capabilities = Capabilities(
        address_kind="chat",
        receipts=frozenset({Receipt.SENT, Receipt.FAILED}),
        text_limit=4096,
        media_limit=50 * 1024 * 1024,
        buttons=10,
        deep_link="https://t.me/{account}?start={token}",
        edits_in=True,
        polled=True,
        hooked=True,
        rate=(RateLimit(30, 1.0, "inbox"), RateLimit(1, 1.0, "recipient")),
    )
    Config = TelegramConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, Telegram signs no time; the message id keeps a repeat from counting twice",
        "batches": "done",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "done",
        "receipts": "exempt, Telegram tells bots nothing after it took a message",
        "edits": "done",
        "reactions": "exempt, Telegram tells bots of reactions in groups only",
        "written in the application": "done, in the chats of a connected business account",
        "deep link": "done",
    }

    def __init__(self, config: TelegramConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.line = Line(config.api_base.rstrip("/"), config.token)

    @classmethod
    def prepare(cls, config: TelegramConfig) -> TelegramConfig:
        return (
            config if config.secret_token else msgspec.structs.replace(config, secret_token=secrets.token_urlsafe(32))
        )

    @property
    def listens(self) -> bool:
        return bool(self.config.mode == "polling")

    def check(self) -> Dialogue[Account]:
        if not TOKEN.fullmatch(self.config.token):
            raise NeedsOwner(
                "This is no bot token: it looks like 123456:ABC… and comes from @BotFather.", field="token"
            )
        result = yield from self.line.call("getMe", {})
        bot = self._read(read_bot, result)
        return Account(name=bot.first_name, handle=bot.username, cursor={"offset": 0})

    def connect(self) -> Dialogue[None]:
        """Points Telegram's webhook at us, or takes it away so that we may ask."""
        if self.listens:
            yield from self.line.call("deleteWebhook", {})
            return
        try:
            yield from self.line.call(
                "setWebhook",
                {
                    "url": self.inbox.hook_url,
                    "secret_token": self.config.secret_token,
                    "allowed_updates": ALLOWED_UPDATES,
                },
            )
        except Undeliverable as error:
            raise NeedsOwner(
                f"{error.reason}. A webhook needs a public https address; without one choose polling."
            ) from error

    def deep_link(self, account: str, token: str) -> str:
        return str(self.config.link).format(account=account, token=token)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        self._verify(hook)
        return updates.inbound(hook.body, hook.received_at)

    def answer(self, hook: Hook) -> HookAnswer:
        """Stops the spinner on a pressed button: Telegram carries out a method that stands in our 200."""
        pressed = updates.pressed(hook.body)
        if not pressed:
            return HookAnswer()
        return HookAnswer(body=msgspec.json.encode({"method": "answerCallbackQuery", "callback_query_id": pressed[0]}))

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        return (yield from sending.send(self.line, outbound))

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        result = yield from self.line.call("getFile", {"file_id": ref})
        path = self._read(read_file, result).file_path
        if not path or path.startswith("/") or ".." in path.split("/"):
            raise Undeliverable("Telegram does not give this file away.")
        url = f"{self.line.base}/file/bot{self.line.token}/{quote(path)}"
        try:
            response = yield Download("GET", url, timeout=120.0, max_bytes=DOWNLOAD_LIMIT)
        except (TryLater, Undeliverable, NeedsOwner) as error:
            raise type(error)(self.line.hide(error.reason)) from None
        if response.status in {404, 410}:
            raise Undeliverable("Telegram no longer has this file.")
        if response.status != 200:
            sending.result(response)
            raise TryLater(f"Telegram answered {response.status} instead of the file")
        return Fetched.of(response, type="", name=path.rpartition("/")[2])

    async def listen(self, network: Network, cursor: Mapping[str, Any]) -> AsyncIterator[Polled]:
        """One long poll after another, each answer one delivery. Ends at once for an inbox that has a webhook."""
        offset = int(cursor.get("offset", 0))
        while self.listens:
            fields = {"offset": offset, "timeout": LONG_POLL, "allowed_updates": ALLOWED_UPDATES}
            body = await self._poll(network, fields)
            if not updates.split(body):
                continue
            if (last := updates.last_number(body)) is None:
                raise TryLater("Telegram sent updates without numbers.", after=60.0)
            offset = last + 1
            hook = Hook(body=body, headers={SECRET_HEADER: self.config.secret_token}, received_at=datetime.now(UTC))
            yield Polled(hook=hook, cursor={"offset": offset})
            # What was yielded is stored by now, so the customer may be told that the press has arrived.
            for query in updates.pressed(body):
                await self._stop_spinner(network, query)

    async def _poll(self, network: Network, fields: Mapping[str, Any]) -> bytes:
        request = self.line.request("getUpdates", fields, timeout=LONG_POLL + 10.0)
        try:
            response = await request.perform(network)
        except (TryLater, Undeliverable, NeedsOwner) as error:
            raise type(error)(self.line.hide(error.reason)) from None
        if response.status == 409 and b"webhook" not in response.body:
            # After a restart the old process may still be asking; two of us at once correct themselves.
            raise TryLater("Another program asks for this bot's messages at the same time.", after=30.0)
        sending.result(response)
        return response.body

    async def _stop_spinner(self, network: Network, query: str) -> None:
        request = self.line.request("answerCallbackQuery", {"callback_query_id": query})
        try:
            response = await request.perform(network)
            sending.result(response)
        except (TryLater, Undeliverable) as error:
            # The spinner ends by itself after a while, and "query is too old" says that it has.
            log.info("button press not answered", inbox=self.inbox.id, reason=self.line.hide(error.reason))

    def _verify(self, hook: Hook) -> None:
        if not same(hook.headers.get(SECRET_HEADER, ""), self.config.secret_token):
            raise BadSignature

    def _read(self, decoder: "msgspec.json.Decoder[Any]", result: msgspec.Raw) -> Any:
        try:
            return decoder.decode(result)
        except NOT_READABLE as error:
            raise TryLater("Telegram's answer has another shape than it promises") from error
