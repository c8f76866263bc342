"""MAX through a bot: the customer presses Start or writes, agents answer as the bot.

Updates are asked for or called in, as the owner chooses. `updates.py` reads what comes, `sending.py` writes what goes,
`shapes.py` names the parts of the API that we use.
"""

import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

import msgspec
import structlog

from prilavok.channels.base import (
    Account,
    BadSignature,
    Capabilities,
    Certificates,
    Channel,
    Config,
    Dialogue,
    Hook,
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
from prilavok.channels.max import sending, updates
from prilavok.channels.max.sending import TEXT, Line, settle
from prilavok.channels.max.shapes import Batch, Bot, Outcome, Subscriptions
from prilavok.channels.transport import perform
from prilavok.channels.wire import same, storable

log = structlog.get_logger()

SECRET_HEADER = "x-max-bot-api-secret"  # noqa: S105  the name of the header, not its value
LONG_POLL = 25  # seconds that MAX holds GET /updates open when there is nothing new
SEEN = "✓"  # what the customer sees for a moment after a press

read_batch = msgspec.json.Decoder(Batch)
read_bot = msgspec.json.Decoder(Bot)
read_outcome = msgspec.json.Decoder(Outcome)
read_subscriptions = msgspec.json.Decoder(Subscriptions)


class MaxConfig(Config):
    token: Annotated[str, field_of("Bot token", "At business.max.ru: Chat bots → your bot → Integration.", secret=True)]
    mode: Annotated[
        Literal["polling", "webhook"],
        field_of("How messages come", "polling works everywhere; webhook needs a public https address and is quicker."),
    ] = "polling"
    secret: Annotated[
        str,
        field_of(
            "Webhook secret",
            "Proves that a delivery comes from MAX. Leave it empty and one is made.",
            secret=True,
            pattern=r"^[A-Za-z0-9_-]{0,256}$",
        ),
    ] = ""
    api_base: Annotated[str, field_of("MAX's server", "Change it only for a gateway or a simulator.")] = (
        "https://platform-api2.max.ru"
    )
    link: Annotated[
        str, field_of("Link to the bot", "With {account} and {token} in it. Change it only for a simulator.")
    ] = "https://max.ru/{account}?start={token}"
    certificates: Certificates = ""


class Max(Channel):
    kind = "max"
    title = "MAX"
    summary = "The shop's bot in MAX: customers write to it, agents answer as the bot."
    capabilities = Capabilities(
        address_kind="chat",
        receipts=frozenset({Receipt.SENT, Receipt.FAILED}),
        text_limit=TEXT,
        media_limit=50 * 1024 * 1024,
        buttons=10,
        deep_link="https://max.ru/{account}?start={token}",
        edits_in=True,
        deletes_in=True,
        polled=True,
        hooked=True,
        rate=(RateLimit(30, 1.0, "inbox"),),
    )
    Config = MaxConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, MAX signs no time; the message id keeps a repeat from counting twice",
        "batches": "done",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "done",
        "receipts": "exempt, MAX tells bots nothing after it took a message",
        "edits": "done",
        "deletions": "done",
        "deep link": "done",
        "an authority of its own": "done",
    }

    def __init__(self, config: MaxConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.line = Line(config.api_base.rstrip("/"), config.token, config.vouched)

    @classmethod
    def prepare(cls, config: MaxConfig) -> MaxConfig:
        return config if config.secret else msgspec.structs.replace(config, secret=secrets.token_urlsafe(32))

    @property
    def listens(self) -> bool:
        return bool(self.config.mode == "polling")

    def check(self) -> Dialogue[Account]:
        response = yield self.line.ask("GET", "me", {})
        settle(response)
        bot = sending.read(read_bot, response)
        name = storable(bot.first_name or bot.name or "") or "MAX"
        return Account(name=name, handle=storable(bot.username or ""))

    def connect(self) -> Dialogue[None]:
        """MAX gives updates either way, not both: other addresses are taken away first."""
        response = yield self.line.ask("GET", "subscriptions", {})
        settle(response)
        for known in sending.read(read_subscriptions, response).subscriptions:
            if self.listens or known.url != self.inbox.hook_url:
                response = yield self.line.ask("DELETE", "subscriptions", {"url": known.url})
                settle(response)
        if self.listens:
            return
        wanted = {
            "url": self.inbox.hook_url,
            "update_types": sorted(updates.MEANINGS),
            "secret": self.config.secret,
        }
        response = yield self.line.ask("POST", "subscriptions", {}, wanted)
        try:
            settle(response)
            outcome = sending.read(read_outcome, response)
            if not outcome.success:
                raise Undeliverable(f"MAX: {storable(outcome.message or 'not taken')[:200]}")
        except Undeliverable as error:
            raise NeedsOwner(
                f"{error.reason}. A webhook needs a public https address; without one choose polling."
            ) from error

    def deep_link(self, account: str, token: str) -> str:
        return str(self.config.link).format(account=account, token=token)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        if not same(hook.headers.get(SECRET_HEADER, ""), self.config.secret):
            raise BadSignature
        return updates.inbound(hook.body, hook.received_at)

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        return (yield from sending.send(self.line, outbound))

    def afterwards(self, hook: Hook) -> Dialogue[None] | None:
        """A pressed button shows that it works until we say that the press has arrived."""
        pressed = updates.pressed_in(hook.body)
        return self._acknowledge(pressed) if pressed else None

    async def listen(self, network: Network, cursor: Mapping[str, Any]) -> AsyncIterator[Polled]:
        """One long poll after another, each answer one delivery. Ends at once for an inbox that has a webhook."""
        marker = cursor.get("marker")
        while self.listens:
            query = {"timeout": LONG_POLL, "limit": 100, "types": ",".join(sorted(updates.MEANINGS))}
            asked = query | ({"marker": marker} if marker is not None else {})
            response = await self.line.ask("GET", "updates", asked, timeout=LONG_POLL + 10.0).perform(network)
            settle(response)
            batch = sending.read(read_batch, response)
            if batch.updates is None or (batch.updates and batch.marker is None):
                raise TryLater("MAX sent updates without a marker.", after=60.0)
            marker = batch.marker if batch.marker is not None else marker
            if not batch.updates:
                continue
            hook = Hook(response.body, {SECRET_HEADER: self.config.secret}, datetime.now(UTC))
            yield Polled(hook=hook, cursor={"marker": marker})
            # What was yielded is stored by now, so the customer may be told that the press has arrived.
            await self._say_so(network, hook)

    async def _say_so(self, network: Network, hook: Hook) -> None:
        for callback in updates.pressed_in(hook.body):
            try:
                await perform(self._acknowledge([callback]), network)
            except (TryLater, Undeliverable) as error:
                # The button calms down by itself after a while.
                log.info("button press not answered", inbox=self.inbox.id, reason=error.reason)

    def _acknowledge(self, pressed: list[str]) -> Dialogue[None]:
        for callback in pressed:
            response = yield self.line.ask("POST", "answers", {"callback_id": callback}, {"notification": SEEN})
            settle(response)
