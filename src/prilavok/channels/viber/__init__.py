"""Viber through a bot: the customer opens the shop's chat, agents answer under the shop's name.

`updates.py` reads what comes, `sending.py` writes what goes, `verdicts.py` says what Viber's numbers mean, `shapes.py`
names the parts of the API that we use.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

import msgspec

from prilavok.channels.base import (
    Account,
    BadSignature,
    Button,
    Capabilities,
    Channel,
    Config,
    Dialogue,
    Hook,
    HookAnswer,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Outbound,
    Receipt,
    Sent,
    TryLater,
    Undeliverable,
    field_of,
)
from prilavok.channels.viber import sending, updates
from prilavok.channels.viber.sending import SENDER, TEXT, Line
from prilavok.channels.viber.shapes import Callback, Profile
from prilavok.channels.viber.verdicts import settle
from prilavok.channels.wire import NOT_READABLE, said, same, storable

EVENTS = ["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"]  # messages come anyway

WELCOME = {
    "ru": "Это {shop}. Нажмите кнопку или напишите нам, и мы ответим Вам здесь.",
    "uk": "Це {shop}. Натисніть кнопку або напишіть нам, і ми відповімо Вам тут.",
    "en": "This is {shop}. Press the button or write to us, and we will answer you here.",
}
GO_ON = {"ru": "Продолжить здесь", "uk": "Продовжити тут", "en": "Go on here"}

read_callback = msgspec.json.Decoder(Callback)
read_profile = msgspec.json.Decoder(Profile)


class ViberConfig(Config):
    auth_token: Annotated[
        str,
        field_of(
            "Bot token",
            "At partners.viber.com: your bot → Info. It also proves that a callback is Viber's.",
            secret=True,
        ),
    ]
    sender: Annotated[
        str, field_of("Name above messages", "At most 28 letters. Empty: the shop's name.", pattern=r"^.{0,28}$")
    ] = ""
    avatar: Annotated[
        str,
        field_of("Picture beside messages", "An https address of a picture of at most 100 KB; empty: the bot's own."),
    ] = ""
    welcome: Annotated[
        str,
        field_of("Welcome", "Shown once to whoever opens the chat. Empty: ours, in the customer's language."),
    ] = ""
    api_base: Annotated[str, field_of("Viber's server", "Change it only for a gateway or a simulator.")] = (
        "https://chatapi.viber.com/pa"
    )
    link: Annotated[
        str, field_of("Link to the chat", "With {account} and {token} in it. Change it only for a simulator.")
    ] = "viber://pa?chatURI={account}&context={token}"


class Viber(Channel):
    kind = "viber"
    title = "Viber"
    summary = "The shop's bot in Viber: customers write to it, and the shop sees delivered and seen."
    capabilities = Capabilities(
        address_kind="chat",
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.READ, Receipt.FAILED}),
        text_limit=TEXT,
        media_limit=50 * 1024 * 1024,
        buttons=10,
        cost="low",
        deep_link="viber://pa?chatURI={account}&context={token}",
    )
    Config = ViberConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, Viber signs no time; the message token keeps a repeat from counting twice",
        "batches": "exempt, Viber calls once for each event",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "done",
        "receipts": "done",
        "edits": "exempt, Viber's bots have none",
        "deep link": "done",
        "business messages": "exempt, they go through partners only, each with an interface of its own",
    }

    def __init__(self, config: ViberConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.line = Line(config.api_base.rstrip("/"), config.auth_token)

    @property
    def sender(self) -> dict[str, str]:
        name = (self.config.sender or self.inbox.shop_name or self.inbox.name or "Shop")[:SENDER]
        return {"name": name, **({"avatar": self.config.avatar} if self.config.avatar else {})}

    def check(self) -> Dialogue[Account]:
        if self.config.avatar and not self.config.avatar.startswith("https://"):
            raise NeedsOwner("The picture's address begins with https://.", field="avatar")
        response = yield self.line.post("get_account_info", {})
        settle(response)
        try:
            profile = read_profile.decode(response.body)
        except NOT_READABLE as error:
            raise TryLater("Viber's answer has another shape than it promises") from error
        elsewhere = profile.webhook if profile.webhook and profile.webhook != self.inbox.hook_url else ""
        host = said(urlsplit(elsewhere).hostname if elsewhere else "", 100)
        note = f"The bot is connected to {host} now; saving brings it here, for Viber knows one address only."
        return Account(name=storable(profile.name) or "Viber", handle=storable(profile.uri), note=note if host else "")

    def connect(self) -> Dialogue[None]:
        """Points Viber's callbacks at us. Viber knocks at our hook while we wait for the answer."""
        fields = {"url": self.inbox.hook_url, "event_types": EVENTS, "send_name": True, "send_photo": False}
        response = yield self.line.post("set_webhook", fields)
        try:
            settle(response)
        except Undeliverable as error:
            raise NeedsOwner(
                f"{error.reason}. Viber must reach {self.inbox.hook_url} by https, with a certificate that is valid."
            ) from error

    def deep_link(self, account: str, token: str) -> str:
        return str(self.config.link).format(account=account, token=token)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        """Signed over the raw bytes with the token itself."""
        secret = self.config.auth_token.encode()
        made = hmac.new(secret, hook.body, hashlib.sha256).hexdigest()
        if not secret or not same(hook.headers.get("x-viber-content-signature", ""), made):
            raise BadSignature
        return updates.inbound(hook.body, hook.received_at)

    def answer(self, hook: Hook) -> HookAnswer:
        """The one message that may be said to somebody who only opened the chat stands in our 200."""
        try:
            callback = read_callback.decode(hook.body)
        except NOT_READABLE:
            return HookAnswer()
        if callback.event != "conversation_started" or callback.user is None or callback.subscribed:
            return HookAnswer()
        language = updates.sender(callback.user).language
        known = language if language in WELCOME else "ru" if language == "be" else "en"
        return HookAnswer(body=msgspec.json.encode(self._welcome(known)))

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        return (yield from sending.send(self.line, self.sender, outbound))

    def _welcome(self, language: str) -> dict[str, Any]:
        """With a button to press: only who has written may be answered."""
        text = self.config.welcome or WELCOME[language].format(shop=self.sender["name"])
        begin = Button(GO_ON[language], data=updates.BEGIN)
        return {"sender": self.sender, "type": "text", "text": text[:TEXT], **sending.keyboard([begin])}
