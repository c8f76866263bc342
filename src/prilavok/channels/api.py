"""Anything else as a channel: a program of the shop posts signed messages to us, and we post the replies to it.

Both ways are signed by Standard Webhooks. The shapes stand in docs/channels/api.md.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from prilavok.channels import standard_webhooks
from prilavok.channels.base import (
    Account,
    Attachment,
    Capabilities,
    Channel,
    Config,
    Dialogue,
    Fetched,
    Hook,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Outbound,
    Receipt,
    ReceiptCame,
    Received,
    Request,
    Response,
    Sender,
    Sent,
    TryLater,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.downloads import downloaded
from prilavok.channels.wire import (
    NOT_READABLE,
    believable,
    complaint,
    decode,
    json_of,
    retry_after,
    storable,
)
from prilavok.domain.errors import BadInput
from prilavok.kit.content import Base64

BATCH = 1000  # messages and receipts in one delivery

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class ApiConfig(Config):
    answerers: ClassVar[frozenset[str]] = frozenset({"reply_url"})  # each program is its own; none is given the secret

    secret: Annotated[
        str,
        field_of(
            "Signing secret",
            "Signs deliveries in both directions (Standard Webhooks). Leave it empty and one is made.",
            secret=True,
        ),
    ] = ""
    reply_url: Annotated[
        str,
        field_of("Reply address", "Where your program takes our replies. Without it the inbox only receives."),
    ] = ""


class From(msgspec.Struct, gc=False):
    id: Id
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str | None = None
    timezone: str | None = None


class File(msgspec.Struct):
    name: str | None = None
    type: str | None = None
    url: str | None = None
    data: bytes | None = None  # base64 in JSON


class Message(msgspec.Struct):
    id: Id
    from_: From = msgspec.field(name="from")
    text: str = ""
    at: Moment | None = None
    attachments: list[File] = []  # msgspec copies an empty list for every message
    thread: str | None = None
    subject: str | None = None


class Progress(msgspec.Struct):
    id: Id
    status: Literal["delivered", "read", "failed"]
    at: Moment | None = None
    reason: str | None = None


class Delivery(msgspec.Struct):
    messages: list[Message] = []
    receipts: list[Progress] = []


class Unread(msgspec.Struct):
    """The same delivery, its parts not yet looked at: one that cannot be read must not hide its neighbours."""

    messages: list[msgspec.Raw] = []
    receipts: list[msgspec.Raw] = []


whole = msgspec.json.Decoder(Delivery)
in_parts = msgspec.json.Decoder(Unread)
one_message = msgspec.json.Decoder(Message)
one_receipt = msgspec.json.Decoder(Progress)


class Api(Channel):
    kind = "api"
    title = "API"
    summary = "Anything else: your own program delivers signed messages and takes the replies."
    capabilities = Capabilities(
        address_kind="opaque",
        starts=True,
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.READ, Receipt.FAILED}),
        text_limit=65_536,
        buttons=10,
        deduplicates=True,
    )
    Config = ApiConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "done",
        "batches": "done",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "done",
        "receipts": "done",
        "edits": "exempt, a program that edits sends a new message",
        "deep link": "exempt, there is no application to open",
    }
    clock: Callable[[], float] = staticmethod(time.time)

    def __init__(self, config: ApiConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.key = standard_webhooks.key_of(config.secret)

    @classmethod
    def prepare(cls, config: ApiConfig) -> ApiConfig:
        return config if config.secret else msgspec.structs.replace(config, secret=standard_webhooks.new_secret())

    def check(self) -> Dialogue[Account]:
        """Asks nobody: whether the other side understands us is known only when it takes a reply."""
        self._require_key()
        address = self.config.reply_url
        if address and not address.startswith(("https://", "http://")):
            raise NeedsOwner("The reply address must begin with https:// (or http://).", field="reply_url")
        yield from ()
        note = "" if address else "No reply address: this inbox receives, but agents cannot answer through it."
        return Account(name=self.inbox.name, note=note)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        standard_webhooks.verify(self.key, hook.headers, hook.body, hook.received_at)
        try:
            delivery = whole.decode(hook.body)
            require_at_most(BATCH, delivery)
            inbound: list[Inbound] = [received(message, hook.received_at) for message in delivery.messages]
            inbound += [receipt(progress, hook.received_at) for progress in delivery.receipts]
        except NOT_READABLE:
            return self._parse_in_parts(hook)
        return inbound

    def _parse_in_parts(self, hook: Hook) -> list[Inbound]:
        """What cannot be read becomes Unknown; when nothing can, the author of the program is told why."""
        parts = decode(in_parts, hook.body)
        require_at_most(BATCH, parts)
        inbound = [
            *(one_by_one("message", parts.messages, lambda raw: received(one_message.decode(raw), hook.received_at))),
            *(one_by_one("receipt", parts.receipts, lambda raw: receipt(one_receipt.decode(raw), hook.received_at))),
        ]
        unread = [one.what for one in inbound if isinstance(one, Unknown)]
        if len(unread) == len(inbound):
            raise BadInput(unread[0])
        return inbound

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        self._require_key()
        if not self.config.reply_url:
            raise NeedsOwner("This inbox has no reply address: set it in the inbox's settings.")
        body = json_of(reply(outbound))
        now = datetime.fromtimestamp(self.clock(), UTC)
        # The id stays the same however often we try, so the reader can drop what it already has.
        signed = standard_webhooks.headers(self.key, outbound.message_id, now, body)
        headers = {"content-type": "application/json", **signed}
        response = yield Request("POST", self.config.reply_url, headers=headers, body=body, timeout=60.0)
        settle(response, now)
        return Sent(provider_id=outbound.message_id)

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        """The bytes behind an attachment's `url`."""
        return (yield from downloaded(ref, self.capabilities.media_limit, datetime.fromtimestamp(self.clock(), UTC)))

    def _require_key(self) -> None:
        if not self.key:
            raise NeedsOwner(
                "The signing secret must be whsec_ and base64 of 16 bytes or more; empty makes one.", field="secret"
            )


def require_at_most(limit: int, delivery: Delivery | Unread) -> None:
    count = len(delivery.messages) + len(delivery.receipts)
    if not count:
        raise BadInput("There is neither a message nor a receipt in this delivery.", field="messages")
    if count > limit:
        raise BadInput(f"{count} messages and receipts in one delivery; at most {limit} are taken.", field="messages")


def one_by_one(name: str, raws: list[msgspec.Raw], read: Callable[[msgspec.Raw], Inbound]) -> Iterator[Inbound]:
    for number, raw in enumerate(raws, 1):
        try:
            yield read(raw)
        except NOT_READABLE as error:
            yield Unknown(storable(f"{name} {number}: {complaint(error)}"))


def received(message: Message, received_at: datetime) -> Received:
    author = message.from_
    at = message.at
    return Received(
        provider_id=storable(message.id),
        at=believable(at, received_at) if at is not None else received_at,
        sender=Sender(
            address=storable(author.id),
            name=storable(author.name or ""),
            language=storable(author.language or ""),
            timezone=storable(author.timezone or ""),
            # Typed into some form, not proven by anybody: a fact to show, never an identity to join people by.
            facts={
                what: storable(value) for what, value in (("phone", author.phone), ("email", author.email)) if value
            },
        ),
        text=storable(message.text),
        attachments=tuple(attachments(message.attachments)) if message.attachments else (),
        thread=storable(message.thread or ""),
        subject=storable(message.subject or ""),
    )


def attachments(files: list[File]) -> Iterator[Attachment]:
    for number, file in enumerate(files, 1):
        mime = storable(file.type or "") or "application/octet-stream"
        name = storable(file.name or "") or f"file-{number}"
        size = None if file.data is None else len(file.data)
        if file.data is None and not file.url:
            raise msgspec.ValidationError(f"attachment {number} has neither `url` nor `data`")
        url = None if file.data is not None else storable(file.url or "")
        yield Attachment(name=name, type=mime, size=size, data=file.data, url=url, kind=kind_of(mime))


def kind_of(mime: str) -> str:
    family = mime.partition("/")[0]
    return family if family in {"image", "audio", "video"} else "file"


def receipt(progress: Progress, received_at: datetime) -> ReceiptCame:
    return ReceiptCame(
        receipt=Receipt(progress.status),
        at=believable(progress.at, received_at) if progress.at is not None else received_at,
        message_id=storable(progress.id),  # `id` of our own reply, which may be answered before our POST returns
        reason=storable(progress.reason or ""),
    )


def reply(outbound: Outbound) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": outbound.message_id,
        "conversation_id": outbound.conversation_id,
        "to": {"id": outbound.address, "name": outbound.name},
        "text": outbound.text,
        "author": outbound.author,
        "language": outbound.language,
    }
    if outbound.attachments:
        body["attachments"] = [
            {
                "name": file.name,
                "type": file.type,
                **({"data": Base64(file.data)} if file.data is not None else {"url": file.url}),
            }
            for file in outbound.attachments
        ]
    if outbound.buttons:
        body["buttons"] = [
            {"text": button.text, **({"url": button.url} if button.url else {"data": button.data or button.text})}
            for button in outbound.buttons
        ]
    if outbound.replies_to:
        body["replies_to"] = outbound.replies_to
    return body


def settle(response: Response, now: datetime) -> None:
    """Nothing for a 2xx; for the rest the error that says what to do."""
    status = response.status
    if 200 <= status < 300:
        return
    answered = f"the reply address answered {status}"
    match status:
        case 401 | 403:
            raise NeedsOwner(f"{answered}: it does not accept our signature; compare the signing secret.")
        case 410:
            raise Undeliverable(f"{answered}: this person is gone.", address_is_dead=True)
        case 408 | 425 | 429 | 503:
            raise TryLater(answered, after=retry_after(response.headers, now))
        case _ if 300 <= status < 400:
            raise NeedsOwner(f"{answered}, a redirect: enter the final address.")
        case _ if 400 <= status < 500:
            raise Undeliverable(answered)
        case _:
            raise TryLater(answered)
