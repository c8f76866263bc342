"""Any telephone exchange that can post JSON (FreeSWITCH, Kamailio, 3CX, a script beside Asterisk): signed events of
calls come in, the answer to a ring says whom to ring, and a click asks the exchange to call.

Both ways are signed by Standard Webhooks. The shapes stand in docs/channels/sip.md.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

import msgspec

from prilavok.channels import standard_webhooks
from prilavok.channels.base import (
    Account,
    CallOutcome,
    Dialogue,
    Download,
    Fetched,
    Hook,
    HookAnswer,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Outbound,
    Request,
    Response,
    Sent,
    TryLater,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.lines import (
    CALLS,
    NOT_READY,
    RECORDING_LIMIT,
    Call,
    Line,
    LineConfig,
    hides,
    line_is_free,
    of_message,
    recording_of,
)
from prilavok.channels.wire import NOT_READABLE, believable, complaint, decode, retry_after, storable
from prilavok.channels.words import dialled

BATCH = 1000  # events in one delivery
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Words = Annotated[str, msgspec.Meta(max_length=200)]
OUTCOMES: Mapping[str, CallOutcome | None] = {"ringing": None, **{one.value: one for one in CallOutcome}}


class SipConfig(LineConfig, kw_only=True):
    secret: Annotated[
        str,
        field_of(
            "Signing secret",
            "Signs events and our requests (Standard Webhooks). Leave it empty and one is made.",
            secret=True,
        ),
    ] = ""
    extension: Annotated[
        str, field_of("Whose telephone rings first", "For calls from the inbox: an extension (101) or a number.")
    ] = ""
    url: Annotated[
        str,
        field_of(
            "Address that places calls",
            "Your exchange's script; we post {id, from, to} there, signed alike. Empty: no calls from the inbox.",
        ),
    ] = ""
    recordings: Annotated[
        str,
        field_of("Address of the recordings", "Where they are fetched: https://pbx.example/rec/. Empty: none are."),
    ] = ""


class Event(msgspec.Struct, kw_only=True):
    event: Literal["ring", "answer", "hangup", "recording", "outgoing"]
    id: Id
    at: Moment | None = None
    from_: Words = msgspec.field(name="from", default="")
    to: Words = ""
    extension: Words = ""
    answered: bool | None = None
    seconds: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    recording: Annotated[str, msgspec.Meta(max_length=500)] = ""
    type: Literal["audio/mpeg", "audio/wav", "audio/ogg"] = "audio/mpeg"
    state: Words = ""


class Delivery(msgspec.Struct):
    events: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=BATCH)]


read_delivery = msgspec.json.Decoder(Delivery)
read_event = msgspec.json.Decoder(Event)


class Sip(Line):
    kind = "sip"
    title = "Telephone (any exchange)"
    summary = "Calls of an exchange that posts signed JSON: FreeSWITCH, Kamailio, 3CX or a script of your own."
    capabilities = CALLS
    Config = SipConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "done",
        "batches": "done",
        "errors": "done",
        "forwarding": "done, the answer to a delivery with a ring names everybody on duty in their order",
        "files in": "done",
        "files out": "exempt, nobody can hear a file",
        "buttons": "exempt, it is a telephone",
        "receipts": "done",
        "edits": "exempt, it is a telephone",
        "deep link": "exempt, a call carries no token",
        "a real exchange": "done, customers through Kamailio 5.6; calls from the inbox against the emulator only",
    }

    def __init__(self, config: SipConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.key = standard_webhooks.key_of(config.secret)
        self.clock: Callable[[], float] = time.time  # tests exchange it

    @classmethod
    def prepare(cls, config: SipConfig) -> SipConfig:
        return config if config.secret else msgspec.structs.replace(config, secret=standard_webhooks.new_secret())

    def check(self) -> Dialogue[Account]:
        yield from ()
        if not self.key:
            raise NeedsOwner(
                "The signing secret must be whsec_ and base64 of 16 bytes or more; empty makes one.", field="secret"
            )
        for address in filter(None, (self.config.url, self.config.recordings)):
            if urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).hostname:
                raise NeedsOwner("An address of your exchange begins with https:// and names a host.")
        self.check_settings()
        note = "" if self.config.url else "Calls come in. To place calls from the inbox enter your exchange's address."
        return Account(name=self.inbox.name or "Telephone", handle=self.config.extension, note=note)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        standard_webhooks.verify(self.key, hook.headers, hook.body, hook.received_at)
        found: list[Inbound] = []
        for raw in decode(read_delivery, hook.body).events:
            try:
                event = read_event.decode(raw)
            except NOT_READABLE as error:
                found.append(Unknown(storable(f"event: {complaint(error)}")[:200]))
            else:
                found += self._meaning(event, hook.received_at)
        return found

    def answer(self, hook: Hook) -> HookAnswer:
        """Whom to ring, for the exchange that has just told of a ring."""
        try:
            rings = any(read_event.decode(one).event == "ring" for one in read_delivery.decode(hook.body).events)
        except NOT_READABLE:
            rings = False
        if not rings:
            return HookAnswer()
        order = [{"to": one.ring, "seconds": one.seconds} for one in self.on_duty(hook.received_at)]
        return HookAnswer(body=msgspec.json.encode({"ring": order}))

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        agent = self.agents_telephone(outbound, self.config.extension)
        if not self.config.url:
            raise Undeliverable("This exchange places no calls: its settings name no address for them.")
        body = msgspec.json.encode({"id": outbound.message_id, "from": agent, "to": dialled(outbound.address)})
        now = datetime.fromtimestamp(self.clock(), UTC)
        headers = standard_webhooks.headers(self.key, outbound.message_id, now, body)
        headers["content-type"] = "application/json"
        settle((yield Request("POST", self.config.url, headers=headers, body=body)), now)
        return Sent(provider_id=f"call:{outbound.message_id}")

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        """By name, under the address that the owner gave; the event cannot name another place."""
        base = self.config.recordings
        if not base or not all(part and part not in {".", ".."} for part in ref.split("/")) or set(ref) & set("?#\\%:"):
            raise Undeliverable("This recording has no place that the settings name.")
        now = datetime.fromtimestamp(self.clock(), UTC)
        headers = standard_webhooks.headers(self.key, ref, now, b"")
        address = f"{base.rstrip('/')}/{ref}"
        response = yield Download("GET", address, headers=headers, timeout=120.0, max_bytes=RECORDING_LIMIT)
        if response.status in {404, 425, 429} or response.status >= 500:
            raise TryLater(f"the exchange answered {response.status} for a recording", after=NOT_READY)
        if response.status != 200:
            raise Undeliverable(f"the exchange answered {response.status} for a recording")
        return Fetched.of(response)

    def _meaning(self, event: Event, received_at: datetime) -> Iterator[Inbound]:
        at = believable(event.at, received_at) if event.at is not None else received_at
        id = storable(event.id)
        match event.event:
            case "outgoing":
                yield self._outcome(event, at)
            case "recording":
                yield recording_of(id, at, storable(event.recording), event.type)
            case "hangup" if not event.from_ or event.answered is None:
                yield line_is_free(id, at, event.seconds)
            case _:
                yield from self._call(event, id, at)

    def _call(self, event: Event, id: str, at: datetime) -> Iterator[Inbound]:
        caller = self.number_of(event.from_)
        if not caller and not hides(event.from_):
            yield Unknown("a call within the exchange")
            return
        call = Call(id=id, at=at, caller=caller, called=self.number_of(event.to), extension=event.extension)
        if event.event == "ring":
            yield from call.rings()
        elif event.event == "answer":
            yield from call.taken()
        else:
            yield from call.over(answered=bool(event.answered), seconds=event.seconds)

    def _outcome(self, event: Event, at: datetime) -> Inbound:
        if event.state not in OUTCOMES:
            return Unknown(storable(f"outgoing call {event.state}"))
        return of_message(event.id, at, OUTCOMES[event.state])


def settle(response: Response, now: datetime) -> None:
    status = response.status
    if 200 <= status < 300:
        return
    said: Any = response.body[:200].decode(errors="replace")
    reason = storable(f"The exchange answered {status}: {said}".strip(": "))
    if status in {401, 403, 404}:
        raise NeedsOwner(f"{reason}. Check the address and the secret.")
    if status == 429 or status >= 500:
        after = retry_after(response.headers, now)
        raise TryLater(reason, after=after, perhaps_sent=status == 504)
    raise Undeliverable(reason)
