"""The shape of a channel: three methods and a table of what it can do.

A channel never touches the database and never opens a connection by itself. `parse` is pure. `check`, `send` and
`fetch` are generators that yield an `Exchange` (an HTTP request, a mail to submit) and receive its answer, so tests
drive them by hand; `transport.perform` is the only code that reaches the network.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from prilavok.channels import authorities
from prilavok.channels.authorities import Certificates, Unvouched
from prilavok.channels.config import Config, Secret, field_of, laid_over, secret_fields
from prilavok.channels.consent import Consent
from prilavok.channels.exchange import (
    Dialogue,
    Download,
    Exchange,
    Fetched,
    FormFile,
    Keep,
    Network,
    Pause,
    Request,
    Response,
    kept_nowhere,
)
from prilavok.channels.hook import Hook, HookAnswer, Polled
from prilavok.domain.capabilities import Capabilities, Comments, RateLimit
from prilavok.domain.duty import ShopNumber, Turn
from prilavok.domain.errors import BadSignature, NeedsOwner, TryLater, Undeliverable
from prilavok.domain.message import (
    Attachment,
    Button,
    CallOutcome,
    Deleted,
    Echoed,
    Edited,
    Inbound,
    Noticed,
    Outbound,
    Price,
    Public,
    Reachability,
    Reacted,
    ReceiptCame,
    Received,
    Sender,
    Sent,
    Standing,
    Typing,
    Unknown,
)
from prilavok.domain.receipt import Receipt

__all__ = [
    "Account",
    "Attachment",
    "BadSignature",
    "Button",
    "CallOutcome",
    "Capabilities",
    "Certificates",
    "Channel",
    "Comments",
    "Config",
    "Consent",
    "Deleted",
    "Dialogue",
    "Direct",
    "Download",
    "Echoed",
    "Edited",
    "Exchange",
    "Fetched",
    "FormFile",
    "Hook",
    "HookAnswer",
    "Hosted",
    "Inbound",
    "InboxInfo",
    "Keep",
    "NeedsOwner",
    "Network",
    "Noticed",
    "Outbound",
    "Pause",
    "Polled",
    "Price",
    "Public",
    "RateLimit",
    "Reachability",
    "Reacted",
    "Receipt",
    "ReceiptCame",
    "Received",
    "Request",
    "Response",
    "Secret",
    "Sender",
    "Sent",
    "Standing",
    "TryLater",
    "Typing",
    "Undeliverable",
    "Unknown",
    "field_of",
    "kept_nowhere",
    "laid_over",
    "secret_fields",
]


@dataclass(frozen=True, slots=True)
class InboxInfo:
    """What a channel may know about the inbox it serves."""

    id: str
    shop_id: int
    name: str
    hook_url: str
    public_url: str  # of this installation
    signing_key: bytes = field(repr=False)  # 32 bytes, of this inbox alone: for signed Message-IDs and the like
    shop_name: str = ""
    timezone: str = "UTC"  # the shop's own
    country: str = ""  # ISO 3166, where the shop's time and money say so
    keep: Keep = field(default=kept_nowhere, repr=False, compare=False)  # stores a setting that the vendor exchanged


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are at the vendor's, as shown to the owner and used in deep links."""

    name: str
    handle: str = ""  # bot username, mailbox
    cursor: Mapping[str, Any] = field(default_factory=dict)  # where polling begins
    note: str = ""
    expires_at: datetime | None = None  # when the token ends, where the vendor says so: the owner is warned before
    waits: str = ""  # for what its owner has still to do; until then the inbox stands still


class Channel(ABC):
    """One kind of channel, bound to one inbox's settings."""

    kind: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]  # one sentence for the truth table and the docs
    capabilities: Capabilities  # of the kind; the settings of an inbox may narrow it
    Config: ClassVar[type[Config]]
    quality: ClassVar[Mapping[str, str]] = {}  # what: done | todo | exempt, because ...
    expires: ClassVar[bool] = False  # its access may end: `check` is asked daily until when it lasts
    # The vendor proves itself in `Authorization`, kept for nobody else: a token as it came, or the bare password.
    bears_token: ClassVar[bool] = False
    consents: ClassVar[bool] = False  # its owner may have to sign in at the vendor's page, see `consent_of`

    def __init__(self, config: Any, inbox: InboxInfo) -> None:
        self.config = config
        self.inbox = inbox

    @classmethod
    def prepare(cls, config: Any) -> Any:
        """The settings to store when an inbox is made or changed: empty secrets of our own making are filled in."""
        return config

    @property
    def listens(self) -> bool:
        """Whether `listen` is to be run; an inbox's settings may choose between a hook and being asked."""
        return self.capabilities.polled

    @classmethod
    def consent_of(cls, config: Any) -> Consent | None:  # noqa: ARG003  most vendors give a key to copy
        """The vendor's page where the owner lets us in; None where these settings need none."""
        return None

    @abstractmethod
    def check(self) -> Dialogue[Account]:
        """Asks the vendor who we are. NeedsOwner with a reason the owner can act on when the settings are wrong."""

    def meet(self) -> Dialogue[Account]:
        """`check`, and of the certificates that the settings bring along: who they are, and until when."""
        trusted = authorities.read(self.config.vouched)
        until = authorities.ends(trusted, datetime.now(UTC))
        try:
            account = yield from self.check()
        except Unvouched as error:
            if "certificates" not in self.Config.__struct_fields__:
                raise
            raise NeedsOwner(f"{error.reason}. {authorities.HINT}") from error
        note = " ".join(filter(None, (account.note, authorities.told_of(trusted))))
        last = min(filter(None, (account.expires_at, until)), default=None)
        return replace(account, note=note, expires_at=last)

    def greets(self, hook: Hook) -> bool:  # noqa: ARG002  most vendors ask nothing before they deliver
        """Whether the vendor only asks if we are there, without a proof: it is answered, and nothing of it is kept."""
        return False

    def acquaint(self, hook: Hook) -> Dialogue[None]:  # noqa: ARG002  most proofs need nothing but the settings
        """Before `parse`: what must be asked to judge this delivery (the vendor's public keys of today)."""
        yield from ()

    @abstractmethod
    def parse(self, hook: Hook) -> Iterable[Inbound]:
        """Pure. All updates of a batch, in order. BadSignature when the hook is not the vendor's."""

    @abstractmethod
    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        """Sends one message that already fits `capabilities`. TryLater, Undeliverable or NeedsOwner on failure."""

    @property
    def numbers(self) -> Sequence[ShopNumber]:
        """The shop's own telephone numbers that ring here."""
        return ()

    @property
    def shifts(self) -> Sequence[Turn]:
        """The owner's list of who is rung when; only a telephone line has one."""
        return ()

    def on_duty(self, now: datetime) -> tuple[Turn, ...]:  # noqa: ARG002  only a telephone line has hours of duty
        """Who is rung for a call that comes now, in their order; nobody where the owner has not said."""
        return ()

    def why_no_template(self, language: str, notices: str) -> str:  # noqa: ARG002  few channels have templates
        """Why nothing can be said after the reply window, where `capabilities.templates`: no_template,
        template_rejected, template_paused or template_disabled, perhaps ": " and the vendor's own words; empty when it
        can. `notices` are the lines that stand beside the inbox (`Noticed`).
        """
        return ""

    @property
    def acknowledges(self) -> bool:
        """Whether the owner wants a written "received, we answer by ..." to go out at once."""
        return self.capabilities.acknowledges

    def deep_link(self, account: str, token: str) -> str:
        """The address that opens the vendor's application and brings `token` back to us."""
        return self.capabilities.deep_link.format(account=account, token=token)

    def deliver(self, outbound: Outbound) -> Dialogue[Sent]:
        """`send`, unless the message does not fit: what a vendor would refuse never reaches it."""
        if refusal := self.capabilities.refusal(outbound):
            raise Undeliverable(refusal)
        return (yield from self.send(outbound))

    def connect(self) -> Dialogue[None]:
        """After an inbox is saved: sets the vendor's webhook, if there is one to set."""
        yield from ()

    def answer(self, hook: Hook) -> HookAnswer:  # noqa: ARG002  most vendors only look at the status
        """What the vendor insists to read in the 200."""
        return HookAnswer()

    def afterwards(self, hook: Hook) -> Dialogue[Hook | None] | None:  # noqa: ARG002  few vendors want to hear more
        """What the vendor wants to be told, or must be asked, once a delivery is stored and answered; None: nothing.
        A Hook that comes of it is one more delivery, sealed by the channel itself.
        """
        return None

    def moderate(self, act: str, provider_id: str) -> Dialogue[None]:
        """One of `capabilities.comments.moderates` (hide, show, delete, report), done to a public message."""
        yield from ()
        raise Undeliverable(f"{self.kind} cannot {act}: {provider_id}")

    def amend(self, answer: Standing, text: str) -> Dialogue[None]:
        """Our own public answer says `text` from now on, or is taken away where that is empty
        (`capabilities.comments.amends`: edit, delete).
        """
        yield from ()
        del text
        raise Undeliverable(f"{self.kind} changes no answers: {answer.provider_id}")

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        """The bytes behind `Attachment.ref`, by a Download; Undeliverable when the vendor no longer has them."""
        yield from ()
        raise Undeliverable(f"{self.kind} keeps no files: {ref}")

    def profile(self, address: str) -> Dialogue[Sender]:
        """Who that is, where deliveries do not say it (`capabilities.nameless`); Undeliverable when nobody says."""
        yield from ()
        raise Undeliverable(f"{self.kind} tells nothing of its people: {address}")

    def inquire(self, provider_ids: Sequence[str]) -> Dialogue[Sequence[ReceiptCame]]:
        """What became of messages that we sent, where the vendor must be asked (`capabilities.inquires`)."""
        del provider_ids
        yield from ()
        return ()

    async def listen(self, network: Network, cursor: Mapping[str, Any]) -> AsyncIterator[Polled]:
        """For polled sources: yields deliveries for ever. Ends by cancellation; TryLater and NeedsOwner as in send."""
        del network, cursor
        nothing: tuple[Polled, ...] = ()
        for polled in nothing:
            yield polled


class Direct(Channel):
    """A channel whose reader's socket is ours (`capabilities.direct`): who may open it, and what its frames mean."""

    @abstractmethod
    def allows(self, origin: str | None) -> bool:
        """Whether a page of this origin (the `Origin` header) may open the socket and send files."""

    @abstractmethod
    def new_visitor(self) -> tuple[str, str]:
        """A visitor nobody has seen before: id (the address) and token. Nothing is stored."""

    @abstractmethod
    def visitor_of(self, token: str) -> str | None:
        """The visitor's id, or None when we did not make this token for this inbox."""

    @abstractmethod
    def identity_of(self, token: str, now: datetime) -> Mapping[str, str]:
        """Who the shop says the visitor is; BadSignature with the reason when it did not say so."""

    @abstractmethod
    def welcome(self, language: str) -> Mapping[str, Any]:
        """The parts of the "welcome" frame that the inbox's settings decide."""

    @abstractmethod
    def hook(self, frame: Mapping[str, Any], *, visitor: str, at: datetime, **context: Any) -> Hook:
        """A frame of the visitor's socket as a delivery, to be stored and parsed like any other.

        `context`: identity (claims of `identity_of`), page, utm, language, timezone, as the socket's hello gave them.
        """


class Hosted(Channel):
    """A channel that is a page of ours (`capabilities.page`): who may post to it, what it asks, what a post means."""

    @abstractmethod
    def allows(self, origin: str | None) -> bool:
        """Whether a page of this origin (the `Origin` header) may post here."""

    @abstractmethod
    def sheet(self, language: str) -> Mapping[str, Any]:
        """What the owner drew: {title, intro, email, asks: the optional fields}."""

    @abstractmethod
    def hook(self, said: Mapping[str, Any], *, visitor: str, at: datetime) -> Hook:
        """What was posted, already checked, as a delivery to be stored and parsed like any other."""
