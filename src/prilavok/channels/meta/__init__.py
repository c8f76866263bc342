"""Facebook Messenger and Instagram: one inbox holds what is said in private and the comments under the posts.

`updates.py` reads messages, `comments.py` what stands in public, `sending.py` writes, `verdicts.py` says what Meta's
error numbers mean, `shapes.py` names the parts of the API that we use.
"""

import dataclasses
import re
import secrets
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from prilavok.channels import hub
from prilavok.channels.base import (
    Account,
    Capabilities,
    Channel,
    Comments,
    Config,
    Dialogue,
    Hook,
    HookAnswer,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Outbound,
    RateLimit,
    Receipt,
    Response,
    Sender,
    Sent,
    Standing,
    TryLater,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.meta import comments, sending, updates
from prilavok.channels.meta.sending import Line
from prilavok.channels.meta.shapes import Account as AccountShape
from prilavok.channels.meta.verdicts import settle
from prilavok.channels.wire import NOT_READABLE, storable

OBJECT = re.compile(r"[0-9]{5,30}", re.ASCII)
GRAPH = "https://graph.facebook.com/v23.0"
MODERATES = frozenset({"hide", "show", "delete"})
MEGABYTE = 1024 * 1024

read_account = msgspec.json.Decoder(AccountShape)

Token = Annotated[str, field_of("Access token", "Of the page, made from a long-lived token of its admin.", secret=True)]
AppSecret = Annotated[
    str, field_of("App secret", "At Meta: App settings → Basic. It proves that a delivery is Meta's.", secret=True)
]
VerifyToken = Annotated[
    str,
    field_of(
        "Verify token",
        "Any word; type the same one at Meta beside the hook's address. Leave it empty and one is made.",
        secret=True,
    ),
]
HumanAgent = Annotated[
    bool,
    field_of("Answers for 7 days", "Switch it on when Meta has granted “Human Agent”: a person may answer for a week."),
]
WithComments = Annotated[bool, field_of("Comments too", "Comments under the posts become public conversations.")]


class MessengerConfig(Config):
    page_id: Annotated[str, field_of("Page ID", "On Facebook: the page → About → Page transparency. A long number.")]
    access_token: Token
    app_secret: AppSecret
    verify_token: VerifyToken = ""
    human_agent: HumanAgent = False
    comments: WithComments = True
    api_base: Annotated[str, field_of("Meta's server", "Change it only for a gateway or a simulator.")] = GRAPH
    link: Annotated[
        str, field_of("Link to the chat", "With {account} and {token} in it. Change it only for a simulator.")
    ] = "https://m.me/{account}?ref={token}"


class InstagramConfig(Config):
    account_id: Annotated[
        str, field_of("Instagram account ID", "At Meta: the app → Instagram → API setup. It begins with 1784.")
    ]
    access_token: Token
    app_secret: AppSecret
    verify_token: VerifyToken = ""
    human_agent: HumanAgent = False
    comments: WithComments = True
    api_base: Annotated[
        str,
        field_of("Meta's server", "With a token of Instagram's own login: https://graph.instagram.com/v23.0."),
    ] = GRAPH
    link: Annotated[
        str, field_of("Link to the chat", "With {account} and {token} in it. Change it only for a simulator.")
    ] = "https://ig.me/m/{account}?ref={token}"


class Meta(Channel):
    """What both have in common."""

    fields: ClassVar[tuple[str, ...]]  # of the webhook
    wall: ClassVar[str]  # the field of them that tells of comments
    names: ClassVar[str]  # what a person's profile is asked for
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, Meta signs no time; the message id keeps a repeat from counting twice",
        "batches": "done",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "done",
        "receipts": "done",
        "deletions": "done",
        "reactions": "done",
        "written in the application": "done",
        "comments": "done",
        "own answers changed": "done",
        "deep link": "done",
        "token expiry": "done, asked when the inbox is saved; one that dies early is seen at the next send",
        "customers' names": "done, asked for once, for deliveries hold none",
        "a real account": "todo, tried against the emulator only",
    }

    def __init__(self, config: Any, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        if not config.human_agent:
            self.capabilities = dataclasses.replace(self.capabilities, person_window_hours=None)
        if not config.comments:
            self.capabilities = dataclasses.replace(self.capabilities, comments=None)

    @classmethod
    def prepare(cls, config: Any) -> Any:
        if config.verify_token:
            return config
        return msgspec.structs.replace(config, verify_token=secrets.token_urlsafe(24))

    @property
    @abstractmethod
    def account(self) -> str:
        """Our own id, as it stands in every delivery."""

    @property
    @abstractmethod
    def line(self) -> Line:
        """The way to Meta."""

    def deep_link(self, account: str, token: str) -> str:
        return str(self.config.link).format(account=account, token=token)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        if hook.method == "GET":
            hub.verify_question(hook, self.config.verify_token)
            return [Unknown("Meta asked whether we are there")]
        hub.verify(hook, self.config.app_secret)
        context = updates.Context(self.account, hook.received_at)
        return updates.inbound(hook.body, context, self._changed if self.config.comments else _not_wanted)

    @abstractmethod
    def _changed(self, change: Any, context: Any) -> Iterable[Inbound]:
        """What happened in public."""

    def answer(self, hook: Hook) -> HookAnswer:
        return hub.answer(hook)

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        return (yield from sending.send(self.line, outbound))

    def moderate(self, act: str, provider_id: str) -> Dialogue[None]:
        yield from sending.moderate(self.line, act, provider_id)

    def amend(self, answer: Standing, text: str) -> Dialogue[None]:
        comments = self.capabilities.comments
        if text and (comments is None or "edit" not in comments.amends):
            raise Undeliverable(f"{self.title} lets nobody change a comment.")
        yield from sending.amend(self.line, answer.provider_id, text)

    def profile(self, address: str) -> Dialogue[Sender]:
        if not OBJECT.fullmatch(address):
            raise Undeliverable("Meta knows nobody by this name.")
        response = yield self.line.get(f"{address}?{urlencode({'fields': self.names})}")
        settle(response)
        who = _read(response)
        name = who.name or f"{who.first_name} {who.last_name}".strip() or who.username
        facts = {"username": storable(who.username)} if who.username else {}
        return Sender(address=address, name=storable(name), facts=facts)

    def _look_up(self, field: str, what: str, wanted: str) -> Dialogue[AccountShape]:
        if not OBJECT.fullmatch(self.account):
            raise NeedsOwner(f"The {what} is a long number, not a name.", field=field)
        query = urlencode({"fields": wanted})
        response = yield self.line.get(f"{quote(self.account, safe='')}?{query}")
        try:
            settle(response)
        except Undeliverable as error:
            raise NeedsOwner(f"{error.reason}. Does the token belong to this {what}?") from error
        return _read(response)

    def _subscribe(self, path: str) -> Dialogue[None]:
        fields = [one for one in self.fields if one != self.wall or self.config.comments]
        response = yield self.line.post(f"{path}/subscribed_apps", {"subscribed_fields": fields})
        try:
            settle(response)
        except Undeliverable as error:
            raise NeedsOwner(f"{error.reason}. The application may not manage the messages.") from error


class Messenger(Meta):
    kind = "messenger"
    title = "Facebook Messenger"
    expires = True
    summary = "The page's Messenger and the comments under its posts: read receipts, buttons, 24 hours to answer."
    capabilities = Capabilities(
        address_kind="psid",
        medium="facebook",
        reply_window_hours=24,
        person_window_hours=168,
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.READ, Receipt.FAILED}),
        text_limit=2000,
        media_limit=25 * MEGABYTE,
        buttons=sending.QUICK,
        deep_link="https://m.me/{account}?ref={token}",
        edits_in=True,
        deletes_in=True,
        comments=Comments(
            text_limit=8000,
            moderates=MODERATES,
            amends=frozenset({"edit", "delete"}),
            private_reply=True,
            private_days=7,
        ),
        nameless=True,
        rate=(RateLimit(100, 1.0, "inbox"),),
    )
    Config = MessengerConfig
    fields = (
        "messages",
        "message_echoes",
        "message_edits",
        "message_reactions",
        "message_deliveries",
        "message_reads",
        "messaging_postbacks",
        "messaging_referrals",
        "feed",
    )
    wall = "feed"
    names = "first_name,last_name"

    @property
    def account(self) -> str:
        return str(self.config.page_id)

    @property
    def line(self) -> Line:
        return Line(self.config.api_base.rstrip("/"), self.config.access_token, echoes_metadata=True)

    def check(self) -> Dialogue[Account]:
        page = yield from self._look_up("page_id", "page ID", "id,name,username")
        until = yield from hub.good_until(self.line.base, self.line.token)
        handle = storable(page.username) or self.account
        return Account(name=storable(page.name) or "Messenger", handle=handle, expires_at=until)

    def connect(self) -> Dialogue[None]:
        """The page's events come to the app, and "Get started" brings the word behind a link with it."""
        yield from self._subscribe(self.account)
        response = yield self.line.post("me/messenger_profile", {"get_started": {"payload": updates.GET_STARTED}})
        try:
            settle(response)
        except Undeliverable as error:
            raise NeedsOwner(f"{error.reason}. The application needs the right to write as the page.") from error

    def _changed(self, change: Any, context: Any) -> Iterable[Inbound]:
        return comments.on_the_page(change, context)


class Instagram(Meta):
    kind = "instagram"
    title = "Instagram"
    expires = True
    summary = "Direct messages of a professional account and the comments under its posts: 24 hours to answer."
    capabilities = Capabilities(
        address_kind="igsid",
        medium="instagram",
        reply_window_hours=24,
        person_window_hours=168,
        receipts=frozenset({Receipt.SENT, Receipt.READ, Receipt.FAILED}),
        text_limit=2000,
        media_limit=25 * MEGABYTE,
        buttons=sending.QUICK,
        deep_link="https://ig.me/m/{account}?ref={token}",
        deletes_in=True,
        comments=Comments(
            text_limit=2200,
            moderates=MODERATES,
            amends=frozenset({"delete"}),
            private_reply=True,
            private_days=7,
        ),
        nameless=True,
        rate=(RateLimit(100, 1.0, "inbox"),),
    )
    Config = InstagramConfig
    quality: ClassVar[Mapping[str, str]] = {
        **Meta.quality,
        "edits": "exempt, Instagram tells of none",
        "delivered": "exempt, Instagram tells only what was seen",
        "token expiry": "done, of a page's token; of Instagram's own login only at the next send, for it tells no day",
        "own answers changed": "done, taken away only; Instagram lets nobody change a comment",
    }
    fields = (
        "messages",
        "messaging_postbacks",
        "messaging_seen",
        "message_reactions",
        "messaging_referral",
        "comments",
    )
    wall = "comments"
    names = "name,username"

    @property
    def account(self) -> str:
        return str(self.config.account_id)

    @property
    def by_page(self) -> bool:
        """Whether the token is the linked page's, or of Instagram's own login."""
        host = urlsplit(self.config.api_base).hostname or ""
        return not host.endswith("instagram.com")

    @property
    def line(self) -> Line:
        return Line(
            self.config.api_base.rstrip("/"),
            self.config.access_token,
            text_bytes=1000,
            text_signs=1000,
            platform="instagram" if self.by_page else "",
            answers="replies",
            hides="hide",
        )

    def check(self) -> Dialogue[Account]:
        account = yield from self._look_up("account_id", "Instagram account ID", "id,name,username")
        name = storable(account.name or account.username) or "Instagram"
        note = "" if account.username else "Instagram names no user name: links to the chat will not work."
        until = (yield from hub.good_until(self.line.base, self.line.token)) if self.by_page else None
        return Account(name=name, handle=storable(account.username), note=note, expires_at=until)

    def connect(self) -> Dialogue[None]:
        yield from self._subscribe("me" if self.by_page else self.account)

    def _changed(self, change: Any, context: Any) -> Iterable[Inbound]:
        return comments.on_instagram(change, context)


def _not_wanted(change: Any, context: Any) -> Iterable[Inbound]:
    del context
    return [Unknown(storable(f"not read here: {change.field}")[:120])]


def _read(response: Response) -> AccountShape:
    try:
        return read_account.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("Meta's answer has another shape than it promises") from error
