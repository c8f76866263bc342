"""The request form: a page of ours, or a form on the shop's own page that posts to it. Contacts are optional.

The server checks what was posted (web/public/request_form.py) and hands it to `hook`, so that it is journaled, parsed
and received like a delivery of any vendor. The answer is read on the status page: a reply that is stored is sent.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar

import msgspec

from prilavok.channels.base import (
    Account,
    Attachment,
    BadSignature,
    Capabilities,
    Config,
    Dialogue,
    Hook,
    Hosted,
    Inbound,
    Outbound,
    Receipt,
    ReceiptCame,
    Received,
    Sender,
    Sent,
    Unknown,
    field_of,
)
from prilavok.channels.origins import origin_allowed
from prilavok.channels.texts import Texts
from prilavok.channels.wire import decode, said, same, storable
from prilavok.domain.errors import BadInput
from prilavok.kit.mac import mac

INTERNAL = "x-prilavok-internal"
LONGEST_TEXT = 8000  # characters
MOST_FILES = 10
ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
EMAIL = r"^([^\s@<>\"(),:;\[\]\\]+@[^\s@<>\"(),:;\[\]\\]+)?$"


class FormConfig(Config):
    title: Annotated[Texts, field_of("Heading", "Above the form, by language; empty keeps ours.")] = msgspec.field(
        default_factory=Texts
    )
    intro: Annotated[Texts, field_of("First words", "A sentence or two under the heading, by language.")] = (
        msgspec.field(default_factory=Texts)
    )
    ask_name: Annotated[bool, field_of("Ask for a name", "Optional for the customer, as everything but the text.")] = (
        True
    )
    ask_email: Annotated[
        bool, field_of("Ask for an e-mail address", "Where one is left, the answer goes there too.")
    ] = True
    ask_phone: Annotated[bool, field_of("Ask for a telephone number", "Optional for the customer.")] = False
    ask_order: Annotated[
        bool, field_of("Ask for an order's number", "Linked when the phone or e-mail given is the order's own.")
    ] = True
    ask_files: Annotated[bool, field_of("Take files", "Pictures, papers; as large as the installation allows.")] = True
    email: Annotated[
        str,
        field_of(
            "Your e-mail address",
            "Shown on the page so that people can read it and robots cannot; empty shows none.",
            pattern=EMAIL,
        ),
    ] = ""
    allowed_domains: Annotated[
        list[str],
        field_of("Your sites", "Only pages of these domains (and below) may post to the form. Empty: any page may."),
    ] = msgspec.field(default_factory=list)


class Order(msgspec.Struct):
    """`id` is ours, and only there when the phone or the e-mail that was given is the order's own."""

    number: str
    id: str = ""


class Frame(msgspec.Struct):
    """What was posted, and beside it what only the server knows (conversation, order.id, page, promised)."""

    visitor: str
    kind: str = ""
    id: str = ""
    text: str = ""
    files: list[str] = []
    name: str = ""
    email: str = ""
    phone: str = ""
    order: Order | None = None
    conversation: str = ""
    language: str = ""
    page: str = ""
    promised: str = ""
    read: int | None = None


read_frame = msgspec.json.Decoder(Frame)


class Form(Hosted):
    kind = "form"
    title = "Request form"
    summary = "A page with a form, or a form on the shop's own page; the customer follows the answer by a link."
    capabilities = Capabilities(
        address_kind="visitor",
        receipts=frozenset({Receipt.SENT, Receipt.READ}),
        text_limit=LONGEST_TEXT,
        deduplicates=True,
        threads=True,
        direct=True,
        hooked=False,
        page="/f/{key}",
    )
    Config = FormConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, the form's ticket is the message's id: posted again it is the same message",
        "batches": "exempt, one post is one message",
        "errors": "exempt, nobody else's server is asked",
        "files in": "done",
        "files out": "done",
        "receipts": "done",
        "robots": "done",
        "edits": "exempt, what was sent stands; the customer writes again on the same page",
        "deep link": "exempt, the form has an address of its own",
    }

    def check(self) -> Dialogue[Account]:
        yield from ()
        return Account(name=self.config.title.en or self.inbox.shop_name or self.inbox.name)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        if not same(hook.headers.get(INTERNAL, ""), self._pass()):
            raise BadSignature
        frame = decode(read_frame, hook.body)
        if not ID.fullmatch(frame.visitor):
            raise BadInput("This is no visitor's id.", field="visitor")
        match frame.kind:
            case "send":
                return [message(frame, hook.received_at)]
            case "seen" if frame.read is not None and 0 <= frame.read < 1 << 53:
                return [ReceiptCame(Receipt.READ, at=hook.received_at, address=frame.visitor, up_to_seq=frame.read)]
            case _:
                return [Unknown(f"frame “{storable(frame.kind)[:40]}”")]

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        """Nothing to do: the status page reads what is stored."""
        yield from ()
        return Sent(provider_id=outbound.message_id)

    def allows(self, origin: str | None) -> bool:
        return not self.config.allowed_domains or origin_allowed(origin, self.config.allowed_domains)

    def sheet(self, language: str) -> Mapping[str, Any]:
        config = self.config
        asks = [name for name in ("name", "email", "phone", "order", "files") if getattr(config, f"ask_{name}")]
        return {
            "title": config.title.of(language),
            "intro": config.intro.of(language),
            "email": config.email,
            "asks": frozenset(asks),
        }

    def hook(self, said: Mapping[str, Any], *, visitor: str, at: datetime) -> Hook:
        body = msgspec.json.encode({**said, "visitor": visitor})
        return Hook(body=body, headers={INTERNAL: self._pass()}, received_at=at)

    def _pass(self) -> str:
        """Only our own server can make such a delivery, for only it has the inbox's key."""
        return mac(self.inbox.signing_key, b"form:v1").hex()


def message(frame: Frame, at: datetime) -> Received:
    if not ID.fullmatch(frame.id):
        raise BadInput("A message needs an id of letters, digits, - and _, at most 64.", field="id")
    if len(frame.text) > LONGEST_TEXT:
        raise BadInput(f"The message is too long: at most {LONGEST_TEXT} characters.", field="text")
    if len(frame.files) > MOST_FILES or not all(ID.fullmatch(file) for file in frame.files):
        raise BadInput(f"At most {MOST_FILES} files, each by its id.", field="files")
    text = storable(frame.text).strip()
    if not (text or frame.files):
        raise BadInput("The message is empty.", field="text")
    return Received(
        provider_id=f"{frame.visitor}:{frame.id}",
        at=at,
        sender=sender(frame),
        text=text,
        attachments=tuple(Attachment(name=file, file_id=file) for file in frame.files),
        conversation_hint=frame.conversation,
        content=content(frame),
    )


def sender(frame: Frame) -> Sender:
    """What was typed proves nothing: it is known of the person, and is no address of theirs yet."""
    typed = {"email": said(frame.email, 200), "phone": said(frame.phone, 32)}
    return Sender(
        address=frame.visitor,
        name=" ".join(said(frame.name, 200).split()),
        language=said(frame.language, 8),
        facts={name: value for name, value in typed.items() if value},
    )


def content(frame: Frame) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if frame.order is not None:
        order = {"number": said(frame.order.number, 64), "id": frame.order.id if ID.fullmatch(frame.order.id) else ""}
        found["order"] = {name: value for name, value in order.items() if value}
    if frame.page.startswith(("https://", "http://")):
        found["page"] = {"url": said(frame.page, 2048), "title": ""}
    if frame.promised:
        found["promised"] = said(frame.promised, 40)
    if frame.email:
        found["answer_to"] = said(frame.email, 200)
    return found
