"""The shortest complete channel, written as a lesson: docs/channels/write-your-own.md walks through it.

A program posts {"id", "from", "text"} to our hook and shows the shared secret in a header. We post the replies back.
"""

# A channel imports `base` and nothing else of ours but the errors: never the store, a flow or another channel.
from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar

import msgspec

from prilavok.channels.base import (
    Account,
    BadSignature,
    Capabilities,
    Channel,
    Config,
    Dialogue,
    Hook,
    Inbound,
    NeedsOwner,
    Outbound,
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
from prilavok.channels.wire import NOT_READABLE, complaint, decode, same, storable


# 1. Settings. Every field has a title and a sentence of help: the form in the interface is drawn from them. A secret
#    field is sealed at rest and never shown again. `reply_url` is the vendor's address; it is a setting in every
#    channel (mostly called `api_base`), so that tests and emulators can stand in for the vendor.
class EchoConfig(Config):
    secret: Annotated[str, field_of("Shared secret", "Your program sends it in the header x-echo-secret.", secret=True)]
    reply_url: Annotated[str, field_of("Reply address", "Our replies are posted here.")]

    addresses: ClassVar[frozenset[str]] = frozenset({"reply_url"})  # the secret goes there: a new one needs it anew


# 2. What comes in, as types. Reading into a type checks everything at the border; after that it can be trusted.
class EchoMessage(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    from_: Annotated[str, msgspec.Meta(min_length=1, max_length=255)] = msgspec.field(name="from")
    text: str


read_json = msgspec.json.Decoder()


class Echo(Channel):
    # 3. The table of what it can do. The rest of the program reads this table and never asks for "echo" by name.
    kind = "echo"
    title = "Echo"
    summary = "The lesson: the shortest complete channel, to copy when you write your own."
    capabilities = Capabilities(address_kind="opaque", media=False, text_limit=2000, deduplicates=True)
    Config = EchoConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, a shared secret carries no time; the message id keeps a repeat from counting twice",
        "batches": "done",
        "errors": "done",
        "files in": "exempt, it is a lesson",
        "files out": "exempt, it is a lesson",
        "buttons": "exempt, they are written as numbered text",
        "receipts": "exempt, it is a lesson",
        "edits": "exempt, it is a lesson",
        "deep link": "exempt, there is no application to open",
    }

    # 4. check: asked before an inbox is saved. A dialogue yields requests and receives responses; it opens nothing
    #    itself, so a test can drive it by hand, without a network.
    def check(self) -> Dialogue[Account]:
        response = yield Request("GET", self.config.reply_url, headers={"x-echo-secret": self.config.secret})
        self._settle(response)
        return Account(name="Echo")

    # 5. parse: pure, from the raw bytes. First the signature, in constant time. Then every message of the batch: one
    #    that cannot be read becomes Unknown, for it must not take its neighbours down with it.
    def parse(self, hook: Hook) -> Iterable[Inbound]:
        if not same(hook.headers.get("x-echo-secret", ""), self.config.secret):
            raise BadSignature
        body = decode(read_json, hook.body)
        return [self._received(one, hook) for one in (body if isinstance(body, list) else [body])]

    def _received(self, one: object, hook: Hook) -> Inbound:
        try:
            message = msgspec.convert(one, EchoMessage)
        except NOT_READABLE as error:
            return Unknown(complaint(error))
        return Received(
            provider_id=storable(message.id),  # the same id again is the same message: it is stored once
            at=hook.received_at,
            sender=Sender(address=storable(message.from_)),
            text=storable(message.text),
        )

    # 6. send: one message that already fits the capabilities. The id goes along, so the reader can drop a repeat;
    #    that is what `deduplicates` promises.
    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        body = msgspec.json.encode({"id": outbound.message_id, "to": outbound.address, "text": outbound.text})
        headers = {"content-type": "application/json", "x-echo-secret": self.config.secret}
        response = yield Request("POST", self.config.reply_url, headers=headers, body=body)
        self._settle(response)
        return Sent(provider_id=outbound.message_id)

    # 7. Errors say what to do, not what happened. There are three, and choosing between them is half of the work.
    def _settle(self, response: Response) -> None:
        answered = f"the reply address answered {response.status}"
        match response.status:
            case status if 200 <= status < 300:
                return
            case 401 | 403:  # nothing will go through until a person repairs it: the inbox pauses, the owner is told
                raise NeedsOwner(f"{answered}: check the shared secret")
            case 429:  # busy: the same again, after exactly as long as it asks for
                wait = response.headers.get("retry-after", "")
                raise TryLater(answered, after=float(wait) if wait.isascii() and wait.isdecimal() else None)
            case 404 | 410:  # this address will never answer again
                raise Undeliverable(answered, address_is_dead=True)
            case status if 400 <= status < 500:  # this message will never arrive; another one may
                raise Undeliverable(answered)
            case _:  # its fault, and probably not for long
                raise TryLater(answered)
