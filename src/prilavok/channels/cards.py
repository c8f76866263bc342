"""The shop's own product cards: reviews and questions, from visitors through the snippet and from the shop's own
programs through signed deliveries. Answers are read from the card itself; nothing is sent anywhere.
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import quote

import msgspec

from prilavok.channels import standard_webhooks
from prilavok.channels.base import (
    Account,
    Attachment,
    Capabilities,
    Comments,
    Config,
    Dialogue,
    Fetched,
    Hook,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Outbound,
    Public,
    Receipt,
    Received,
    Sender,
    Sent,
    Standing,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.downloads import downloaded
from prilavok.channels.origins import origin_allowed
from prilavok.channels.pages import OnPages
from prilavok.channels.wire import NOT_READABLE, believable, complaint, decode, said, same
from prilavok.domain.errors import BadInput

SEAL = "x-prilavok-card"
BATCH = 100
TEXT = 4000  # characters
PHOTOS = 4  # of one review or question
Short = Annotated[str, msgspec.Meta(max_length=200)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class CardsConfig(Config):
    secret: Annotated[
        str,
        field_of(
            "Signing secret",
            "Signs what your own programs deliver (Standard Webhooks). Leave it empty and one is made.",
            secret=True,
        ),
    ] = ""
    domains: Annotated[
        list[str],
        field_of("Pages that may show the cards", "Domains of your shop, such as shop.example. Empty: any page."),
    ] = msgspec.field(default_factory=list)
    publish: Annotated[
        Literal["at once", "after a look"],
        field_of("When it is shown", "At once, or only after somebody of the shop has looked at it and shown it."),
    ] = "after a look"


class Product(msgspec.Struct):
    id: Id
    name: Short = ""
    url: Annotated[str, msgspec.Meta(max_length=500)] = ""
    picture: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Said(msgspec.Struct):
    """A review or a question. `verified`: the shop itself says that this person bought it. `photos` are addresses, for
    the shop's own programs; `files` are ours already, and only our own server may name them.
    """

    id: Id
    product: Product
    kind: Literal["review", "question"] = "review"
    rating: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    text: Annotated[str, msgspec.Meta(max_length=TEXT)] = ""
    name: Short = ""
    person: Short = ""
    order: Short = ""
    at: datetime | None = None
    verified: bool = False
    hidden: bool = False
    photos: Annotated[list[str], msgspec.Meta(max_length=PHOTOS)] = []
    files: Annotated[list[Id], msgspec.Meta(max_length=PHOTOS)] = []


class Delivery(msgspec.Struct):
    said: list[msgspec.Raw]


read_delivery = msgspec.json.Decoder(Delivery)
read_said = msgspec.json.Decoder(Said)


class Cards(OnPages):
    kind = "cards"
    title = "Product cards"
    summary = "Reviews and questions on the shop's own product pages, with the answers beneath them."
    capabilities = Capabilities(
        address_kind="opaque",
        public=True,
        direct=True,
        deduplicates=True,
        receipts=frozenset({Receipt.SENT}),
        text_limit=TEXT,
        media_limit=10 * 1024 * 1024,
        comments=Comments(
            text_limit=TEXT, media=True, moderates=frozenset({"hide", "show"}), amends=frozenset({"edit", "delete"})
        ),
    )
    Config = CardsConfig
    clock: Callable[[], float] = staticmethod(time.time)
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "done",
        "batches": "done",
        "errors": "exempt, nothing is sent: the card reads the answers",
        "files in": "done",
        "files out": "done",
        "receipts": "exempt, an answer is on the card as soon as it is stored",
        "edits": "exempt, a visitor has no account to come back with; the shop may hide what was said",
        "own answers changed": "done",
        "moderation": "done",
        "robots": "done",
        "deep link": "exempt, a card is a page of the shop",
    }

    def __init__(self, config: CardsConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.key = standard_webhooks.key_of(config.secret)

    @classmethod
    def prepare(cls, config: CardsConfig) -> CardsConfig:
        return config if config.secret else msgspec.structs.replace(config, secret=standard_webhooks.new_secret())

    def check(self) -> Dialogue[Account]:
        yield from ()
        if not self.key:
            raise NeedsOwner(
                "The signing secret must be whsec_ and base64 of 16 bytes or more; empty makes one.", field="secret"
            )
        return Account(name=self.inbox.name)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        """From the snippet, sealed by our own server; or from a program of the shop, signed with the secret."""
        sealed = same(hook.headers.get(SEAL, ""), self.seal(hook.body))
        if not sealed:
            standard_webhooks.verify(self.key, hook.headers, hook.body, hook.received_at)
        things = decode(read_delivery, hook.body).said
        if len(things) > BATCH:
            raise BadInput(f"{len(things)} in one delivery; at most {BATCH} are taken.", field="said")
        return list(self._each(things, hook.received_at, sealed=sealed))

    def _each(self, things: Iterable[msgspec.Raw], at: datetime, *, sealed: bool) -> Iterator[Inbound]:
        for number, raw in enumerate(things, 1):
            try:
                one = read_said.decode(raw)
            except NOT_READABLE as error:
                yield Unknown(said(f"{number}: {complaint(error)}", 300))
                continue
            if one.kind == "review" and one.rating is None:
                yield Unknown(f"{number}: a review without stars")
            elif one.kind == "question" and not one.text.strip():
                yield Unknown(f"{number}: a question without words")
            else:
                yield self._received(one, at, sealed=sealed)

    def _received(self, one: Said, at: datetime, *, sealed: bool) -> Received:
        root = f"{product_key(one.product.id)}{said(one.id, 100)}"
        known = {
            "id": said(one.product.id, 100),
            "name": said(one.product.name, 200),
            "url": web_address(one.product.url),
            "picture": web_address(one.product.picture),
        }
        public = Public(
            one.kind,
            root,
            rating=one.rating if one.kind == "review" else None,
            product={name: text for name, text in known.items() if text},
            order=said(one.order, 200),
            url=known["url"],
        )
        content = {name: True for name in ("hidden", "verified") if getattr(one, name)}
        return Received(
            provider_id=root,
            at=believable(one.at, at) if one.at is not None and one.at.tzinfo is not None else at,
            sender=Sender(address=f"person:{said(one.person, 200)}" if one.person else root, name=said(one.name, 200)),
            text=said(one.text, TEXT),
            attachments=tuple(pictures(one, sealed=sealed)),
            content=content,
            public=public,
        )

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        """Nothing goes anywhere: the card reads what is stored."""
        yield from ()
        return Sent(provider_id=outbound.message_id)

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        """A photograph that a program of the shop has named."""
        return (yield from downloaded(ref, self.capabilities.media_limit, datetime.fromtimestamp(self.clock(), UTC)))

    def moderate(self, act: str, provider_id: str) -> Dialogue[None]:
        """The card shows only what is not hidden: there is nobody to ask."""
        yield from ()
        if act not in {"hide", "show"}:
            raise Undeliverable(f"cards cannot {act}: {provider_id}")

    def amend(self, answer: Standing, text: str) -> Dialogue[None]:
        """The card reads what is stored: there is nobody to ask."""
        del answer, text
        yield from ()

    @property
    def at_once(self) -> bool:
        return bool(self.config.publish == "at once")

    def seal(self, body: bytes) -> str:
        return hmac.new(self.inbox.signing_key, b"card:" + body, hashlib.sha256).hexdigest()

    def hook(self, one: Mapping[str, Any], at: datetime) -> Hook:
        """What a visitor said, as a delivery like any other; hidden, if the owner wants to look first."""
        told = {**one, "hidden": not self.at_once}
        body = msgspec.json.encode({"said": [told]})
        return Hook(body=body, headers={SEAL: self.seal(body)}, received_at=at)

    def key_of(self, product: str) -> str:
        """What the id of everything about one product begins with."""
        return product_key(product)

    def allows(self, origin: str | None) -> bool:
        """Whether a page of this origin (the `Origin` header) may show the cards."""
        return not self.config.domains or origin_allowed(origin, self.config.domains)


def pictures(one: Said, *, sealed: bool) -> Iterator[Attachment]:
    if sealed:
        yield from (Attachment(name=file, file_id=file) for file in one.files)
    for number, address in enumerate(one.photos, 1):
        if web_address(address):
            yield Attachment(name=f"photo-{number}", type="image/jpeg", url=web_address(address), kind="image")


def product_key(product: str) -> str:
    """What the id of everything about one product begins with."""
    return f"{quote(said(product, 100), safe='')}/"


def web_address(text: str) -> str:
    address = said(text, 500)
    return address if address.startswith(("https://", "http://")) else ""
