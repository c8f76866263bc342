"""The chat on the shop's own pages. The reader's socket is ours: a reply that is stored is sent.

The server checks a visitor at the door (door.py), then hands every frame of docs/developers/protocols.md to `hook`,
so that it is journaled, parsed and received like a delivery of any vendor.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from prilavok.channels.base import (
    Account,
    Attachment,
    BadSignature,
    Capabilities,
    Config,
    Dialogue,
    Direct,
    Hook,
    Inbound,
    NeedsOwner,
    Outbound,
    Receipt,
    ReceiptCame,
    Received,
    Sender,
    Sent,
    Typing,
    Unknown,
    field_of,
)
from prilavok.channels.texts import Texts
from prilavok.channels.webchat import door
from prilavok.channels.wire import decode, said, same, storable
from prilavok.domain.errors import BadInput

INTERNAL = "x-prilavok-internal"
LONGEST_TEXT = 8000  # characters
MOST_FILES = 10
SAID_BY_VISITOR = ("kind", "id", "text", "files", "button", "delivered", "read")
WEB = ("https://", "http://")
EMAIL = re.compile(r"[^\s@<>\"(),:;]+@[^\s@<>\"(),:;]+")
UTM_MARKS = ("source", "medium", "campaign", "term", "content")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class Choices(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """First questions to press instead of typing."""

    ru: Annotated[list[str], field_of("Русский", "Shown to those who read Russian.")] = []
    uk: Annotated[list[str], field_of("Українська", "Shown to those who read Ukrainian.")] = []
    en: Annotated[list[str], field_of("English", "Shown to everybody else.")] = []


class WebchatConfig(Config):
    title: Annotated[str, field_of("Title", "Above the chat; empty shows the shop's name.")] = ""
    greeting: Annotated[Texts, field_of("Greeting", "The first thing a visitor reads, by language.")] = msgspec.field(
        default_factory=Texts
    )
    quick_replies: Annotated[Choices, field_of("Quick questions", "Buttons under the greeting, by language.")] = (
        msgspec.field(default_factory=Choices)
    )
    accent: Annotated[
        str,
        field_of(
            "Colour",
            "Of the button and of the visitor's own messages, as #rrggbb; empty keeps ours.",
            pattern=r"^(#[0-9A-Fa-f]{6})?$",
            format="color",
        ),
    ] = ""
    position: Annotated[Literal["right", "left"], field_of("Side", "Of the page where the button stands.")] = "right"
    allowed_domains: Annotated[
        list[str],
        field_of("Your sites", "Only pages of these domains (and below) may show the chat. Empty: any page may."),
    ] = msgspec.field(default_factory=list)
    identity_secret: Annotated[
        str,
        field_of(
            "Identity secret",
            "Your server signs with it who is logged in (JWT, HS256). Leave it empty and one is made.",
            secret=True,
            pattern=r"^(.{32,})?$",
        ),
    ] = ""
    email: Annotated[str, field_of("E-mail", "Offered when nobody answers soon; empty offers none.")] = ""
    offer_inboxes: Annotated[
        list[str], field_of("Go on in", "Inboxes (messengers) in which a visitor may go on.", format="inboxes")
    ] = msgspec.field(default_factory=list)


class Frame(msgspec.Struct):
    """A frame of the visitor's socket, and beside it what the socket's server knows."""

    visitor: str
    kind: str = ""
    id: str = ""
    text: str = ""
    files: list[str] = []
    button: str | None = None
    delivered: int | None = None
    read: int | None = None
    # From the socket's hello. Any: a page that says nonsense about itself must not lose its visitor's message.
    identity: Any = None
    page: Any = None
    utm: Any = None
    first: Any = None  # where the visitor came from the first time
    language: Any = None
    timezone: Any = None


read_frame = msgspec.json.Decoder(Frame)


class Webchat(Direct):
    kind = "webchat"
    title = "Chat on the site"
    summary = "A chat window on the shop's own pages; visitors stay anonymous unless they choose otherwise."
    capabilities = Capabilities(
        address_kind="visitor",
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.READ}),
        text_limit=LONGEST_TEXT,
        buttons=10,
        typing_in=True,
        typing_out=True,
        deduplicates=True,
        direct=True,
        hooked=False,
    )
    Config = WebchatConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, the frames come over the visitor's own socket; the message id keeps a repeat from counting",
        "batches": "exempt, one frame is one delivery",
        "errors": "exempt, nobody else's server is asked",
        "files in": "done",
        "files out": "done",
        "buttons": "done",
        "receipts": "done",
        "edits": "exempt, the widget does not offer it",
        "deep link": "exempt, the chat is where the links to messengers start",
    }

    @classmethod
    def prepare(cls, config: WebchatConfig) -> WebchatConfig:
        if config.identity_secret:
            return config
        return msgspec.structs.replace(config, identity_secret=secrets.token_urlsafe(48))

    def check(self) -> Dialogue[Account]:
        if self.config.email and not EMAIL.fullmatch(self.config.email):
            raise NeedsOwner("That is not an e-mail address.", field="email")
        yield from ()
        return Account(name=self.config.title or self.inbox.shop_name or self.inbox.name)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        if not same(hook.headers.get(INTERNAL, ""), self._pass()):
            raise BadSignature
        frame = decode(read_frame, hook.body)
        if not ID.fullmatch(frame.visitor):
            raise BadInput("This is no visitor's id.", field="visitor")
        match frame.kind:
            case "send":
                return [message(frame, hook.received_at)]
            case "seen":
                return seen(frame, hook.received_at)
            case "typing":
                return [Typing(address=frame.visitor, at=hook.received_at)]
            case _:
                return [Unknown(f"frame “{storable(frame.kind)[:40]}”")]

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        """Nothing to do: the visitor's sockets read what is stored."""
        yield from ()
        return Sent(provider_id=outbound.message_id)

    def allows(self, origin: str | None) -> bool:
        return door.origin_allowed(origin, self.config.allowed_domains)

    def new_visitor(self) -> tuple[str, str]:
        visitor = door.new_visitor()
        return visitor, door.token_of(visitor, self.inbox.signing_key)

    def visitor_of(self, token: str) -> str | None:
        return door.visitor_of(token, self.inbox.signing_key)

    def identity_of(self, token: str, now: datetime) -> Mapping[str, str]:
        return door.identity_of(token, self.config.identity_secret, now)

    def welcome(self, language: str) -> Mapping[str, Any]:
        config = self.config
        tongue = language if language in {"ru", "uk"} else "en"
        questions = getattr(config.quick_replies, tongue) or config.quick_replies.en
        return {
            "shop": {"name": config.title or self.inbox.shop_name},
            "greeting": msgspec.to_builtins(config.greeting),
            "quick_replies": [{"text": text} for text in questions],
            "theme": {"accent": config.accent, "position": config.position},
            "email": config.email or None,
        }

    def hook(self, frame: Mapping[str, Any], *, visitor: str, at: datetime, **context: Any) -> Hook:
        # The frame is the visitor's word: what only the server knows is never taken from it.
        said = {name: frame[name] for name in SAID_BY_VISITOR if name in frame}
        body = msgspec.json.encode({**said, **context, "visitor": visitor})
        return Hook(body=body, headers={INTERNAL: self._pass()}, received_at=at)

    def _pass(self) -> str:
        """Only our own server can make such a delivery, for only it has the inbox's key."""
        return door.token_of("internal", self.inbox.signing_key)


def message(frame: Frame, at: datetime) -> Received:
    if not ID.fullmatch(frame.id):
        raise BadInput("A message needs an id of letters, digits, - and _, at most 64.", field="id")
    if len(frame.text) > LONGEST_TEXT:
        raise BadInput(f"The message is too long: at most {LONGEST_TEXT} characters.", field="text")
    if len(frame.files) > MOST_FILES:
        raise BadInput(f"At most {MOST_FILES} files in one message.", field="files")
    if not all(ID.fullmatch(file) for file in frame.files):
        raise BadInput("A file is named by the id that its upload answered.", field="files")
    text = storable(frame.text).strip()
    if not (text or frame.files or frame.button):
        raise BadInput("The message is empty.", field="text")
    return Received(
        provider_id=f"{frame.visitor}:{frame.id}",
        at=at,
        sender=sender(frame),
        text=text,
        attachments=tuple(Attachment(name=file, file_id=file) for file in frame.files),
        content=content(frame),
    )


def sender(frame: Frame) -> Sender:
    known = {name: part(frame.identity, name, 200) for name in ("sub", "name", "email", "phone")}
    return Sender(
        address=frame.visitor,
        name=known["name"],
        email=known["email"],
        phone=known["phone"],
        verified=bool(known["sub"]),
        language=said(frame.language, 35),
        timezone=said(frame.timezone, 64),
        facts={"sub": known["sub"]} if known["sub"] else {},
    )


def content(frame: Frame) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if frame.button:
        found["button"] = storable(frame.button)[:256]
    if (url := part(frame.page, "url", 2048)).startswith(WEB):
        found["page"] = {"url": url, "title": part(frame.page, "title", 300)}
        if referrer := foreign(frame.page, url) or foreign(frame.first, url):
            found["page"]["referrer"] = referrer
    if utm := marks(frame.utm) or marks(frame.first.get("utm") if isinstance(frame.first, dict) else None):
        found["utm"] = utm
    return found


def marks(utm: Any) -> dict[str, str]:
    return {mark: value for mark in UTM_MARKS if (value := part(utm, mark, 200))}


def foreign(page: Any, here: str) -> str:
    """The referrer of a page, unless it is the shop's own: agents want to know where people come from."""
    referrer = part(page, "referrer", 2048)
    return referrer if referrer.startswith(WEB) and host(referrer) != host(here) else ""


def host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()


def part(whole: Any, name: str, longest: int) -> str:
    return said(whole.get(name), longest) if isinstance(whole, dict) else ""


def seen(frame: Frame, at: datetime) -> list[Inbound]:
    """`delivered` and `read` name the last message of the shop that the visitor's page has, and has shown."""
    progress = ((Receipt.DELIVERED, frame.delivered), (Receipt.READ, frame.read))
    came: list[Inbound] = [
        ReceiptCame(receipt=receipt, at=at, address=frame.visitor, up_to_seq=seq)
        for receipt, seq in progress
        if seq is not None and 0 <= seq < 1 << 53
    ]
    return came or [Unknown("a “seen” that names no message")]
