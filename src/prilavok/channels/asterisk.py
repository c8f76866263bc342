"""The telephone through an Asterisk of one's own (ARI): its events are heard over a WebSocket, a click places a call.

The dialplan hands a customer's call to us (`Stasis(prilavok)`); we set PRILAVOK_RING to those on duty and hand it back
at once, so that no call ever hangs on our line: see docs/channels/asterisk.md. What happens meanwhile is lost with the
socket; when it is back, calls that are gone from the exchange are closed.
"""

import base64
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

from prilavok.channels.base import (
    Account,
    CallOutcome,
    Dialogue,
    Download,
    Fetched,
    Hook,
    Inbound,
    NeedsOwner,
    Network,
    Outbound,
    Polled,
    ReceiptCame,
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
    EXTENSION,
    NOT_READY,
    RECORDING_LIMIT,
    Call,
    Line,
    LineConfig,
    hides,
    line_is_free,
    of_message,
    picked_up,
    recording_of,
)
from prilavok.channels.wire import NOT_READABLE, believable, decode, storable
from prilavok.channels.words import dialled
from prilavok.kit.ids import is_id

APP = "prilavok"
OURS = "out"  # first argument of a call that we placed
RING_SECONDS = 30
MOST_OPEN = 200  # calls remembered over a loss of the socket
LARGEST = 1 << 20  # bytes of one event
SOUNDS = {"wav": "audio/wav", "mp3": "audio/mpeg", "ogg": "audio/ogg"}
TOLD = {  # of the customer's leg of our own call
    "RINGING": None,
    "ANSWER": CallOutcome.ANSWERED,
    "BUSY": CallOutcome.BUSY,
    "NOANSWER": CallOutcome.NO_ANSWER,
    "CANCEL": CallOutcome.CANCELLED,
    "CHANUNAVAIL": CallOutcome.UNREACHABLE,  # the leg was dialled, and the network knows no way to it
    "CONGESTION": CallOutcome.FAILED,
}
NOBODY = {17, 18, 19, 20, 21}  # Q.850: the agent's telephone was busy, silent, off or refused


class AsteriskConfig(LineConfig, kw_only=True):
    api_base: Annotated[str, field_of("Address of ARI", "http://pbx.example:8088, as in http.conf of your Asterisk.")]
    user: Annotated[str, field_of("User", "A section of ari.conf.")]
    password: Annotated[str, field_of("Password", "Of that user in ari.conf.", secret=True)]
    extension: Annotated[
        str, field_of("Whose telephone rings first", "For calls from the inbox: an extension of yours, 101.")
    ]
    endpoint: Annotated[str, field_of("Endpoint", "How an extension is reached, with {} in its place: PJSIP/{}.")] = (
        "PJSIP/{}"
    )
    context: Annotated[
        str, field_of("Context for outgoing calls", "Where a customer's number is dialled in your dialplan.")
    ] = "from-internal"


class Side(msgspec.Struct):
    number: str = ""
    name: str = ""


class Place(msgspec.Struct):
    exten: str = ""


class ChannelShape(msgspec.Struct):
    id: str = ""
    name: str = ""
    state: str = ""
    caller: Side = msgspec.field(default_factory=Side)
    dialplan: Place = msgspec.field(default_factory=Place)


class Recording(msgspec.Struct):
    name: str = ""
    format: str = ""
    target_uri: str = ""


class Event(msgspec.Struct):
    type: str
    timestamp: str = ""
    args: list[str] = []
    channel: ChannelShape = msgspec.field(default_factory=ChannelShape)
    caller: ChannelShape = msgspec.field(default_factory=ChannelShape)
    peer: ChannelShape = msgspec.field(default_factory=ChannelShape)
    dialstatus: str = ""
    cause: int = 0
    recording: Recording = msgspec.field(default_factory=Recording)


read_event = msgspec.json.Decoder(Event)
read_channels = msgspec.json.Decoder(list[ChannelShape])


class Asterisk(Line):
    kind = "asterisk"
    title = "Telephone (Asterisk)"
    summary = "Calls of your own Asterisk over ARI: the list of duty decides who is rung, a click calls the customer."
    capabilities = replace(CALLS, cost="low", deduplicates=True, polled=True, hooked=False)
    Config = AsteriskConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "exempt, we open the connection ourselves and sign in",
        "replay": "exempt, we ask ourselves; the channel's id keeps a repeat from counting twice",
        "batches": "exempt, ARI tells one event a frame",
        "errors": "done",
        "forwarding": "done, PRILAVOK_RING names everybody on duty in their order to the dialplan",
        "files in": "done",
        "files out": "exempt, nobody can hear a file",
        "buttons": "exempt, it is a telephone",
        "receipts": "done",
        "edits": "exempt, it is a telephone",
        "deep link": "exempt, a call carries no token",
        "a real exchange": "todo, tried against the emulator only",
    }

    def check(self) -> Dialogue[Account]:
        if urlsplit(self.config.api_base).scheme not in {"http", "https"}:
            raise NeedsOwner("The address of ARI begins with http:// or https://.")
        if not EXTENSION.fullmatch(self.config.extension) or "{}" not in self.config.endpoint:
            raise NeedsOwner(
                "The extension is a number such as 101, and the endpoint has {} where it stands.", field="extension"
            )
        self.check_settings()
        settle((yield self._request("GET", "/channels")))
        return Account(name="Asterisk", handle=self.config.extension)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        return list(self._meaning(decode(read_event, hook.body), hook.received_at))

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        """The agent's telephone first. The channel has our message's id: asked twice, Asterisk makes one call."""
        agent = self.agents_telephone(outbound, self.config.extension)
        number = dialled(outbound.address)
        wanted = {
            "endpoint": self.config.endpoint.replace("{}", agent),
            "app": APP,
            "appArgs": f"{OURS},{outbound.message_id},{number.removeprefix('+')}",
            "callerId": number,
            "timeout": str(RING_SECONDS),
        }
        response = yield self._request("POST", f"/channels/{quote(outbound.message_id, safe='')}", wanted)
        if response.status != 409:  # this very call is there already
            settle(response, sends=True)
        return Sent(provider_id=f"call:{outbound.message_id}")

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        request = self._request("GET", f"/recordings/stored/{quote(ref, safe='')}/file")
        response = yield Download("GET", request.url, headers=request.headers, timeout=120.0, max_bytes=RECORDING_LIMIT)
        if response.status == 404:
            raise TryLater("Asterisk: the recording is not there yet", after=NOT_READY)
        settle(response)
        return Fetched.of(response)

    async def listen(self, network: Network, cursor: Mapping[str, Any]) -> AsyncIterator[Polled]:
        """Every event of the exchange. `cursor` keeps the ids of calls that are open: {"open": [id]}."""
        open_calls = [str(one) for one in cursor.get("open", [])][:MOST_OPEN]
        address = urlsplit(self.config.api_base)
        port = address.port or (443 if address.scheme == "https" else 80)
        where = await network.resolve(address.hostname or "", port)
        uri = f"{'wss' if address.scheme == 'https' else 'ws'}://{address.netloc}{address.path.rstrip('/')}/ari/events"
        query = urlencode({"app": APP, "subscribeAll": "true"})
        try:
            async with connect(
                f"{uri}?{query}", host=where, port=port, additional_headers=self._login(), max_size=LARGEST, proxy=None
            ) as socket:
                for gone in await self._gone(network, open_calls):
                    open_calls.remove(gone)
                    body = msgspec.json.encode({"type": "ChannelDestroyed", "channel": {"id": gone}})
                    yield self._polled(body, open_calls)
                async for frame in socket:
                    body = frame if isinstance(frame, bytes) else frame.encode(errors="replace")
                    await self._hand_back(network, body)
                    open_calls = remembered(open_calls, body)
                    yield self._polled(body, open_calls)
        except InvalidStatus as error:
            if error.response.status_code in {401, 403, 404}:
                raise NeedsOwner("Asterisk refuses the user and password, or has no ARI at this address.") from error
            raise TryLater(f"Asterisk answered {error.response.status_code}") from error
        except (OSError, TimeoutError, InvalidHandshake, WebSocketException) as error:
            raise TryLater("the line to Asterisk is cut") from error
        raise TryLater("Asterisk has closed the line")

    def _polled(self, body: bytes, open_calls: list[str]) -> Polled:
        return Polled(Hook(body, {}, datetime.now(UTC)), {"open": list(open_calls)})

    async def _gone(self, network: Network, open_calls: list[str]) -> list[str]:
        """Of the calls that were open when the socket was lost, those that the exchange has no more."""
        if not open_calls:
            return []
        response = await network.http(self._request("GET", "/channels"))
        settle(response)
        try:
            present = {one.id for one in read_channels.decode(response.body)}
        except NOT_READABLE as error:
            raise TryLater("Asterisk's list of channels is not readable") from error
        return [one for one in open_calls if one not in present]

    async def _hand_back(self, network: Network, body: bytes) -> None:
        """A call that has come to us goes on in the dialplan: with those on duty, or to the customer's number."""
        try:
            event = read_event.decode(body)
        except NOT_READABLE:
            return  # `parse` says what is wrong with it
        if event.type != "StasisStart" or not event.channel.id:
            return
        where = f"/channels/{quote(event.channel.id, safe='')}"
        if event.args[:1] == [OURS] and len(event.args) > 2:
            goes_on = {"context": self.config.context, "extension": event.args[2], "priority": "1"}
            await network.http(self._request("POST", f"{where}/continue", goes_on))
            return
        order = "&".join(one.ring for one in self.on_duty(datetime.now(UTC)))
        await network.http(self._request("POST", f"{where}/variable", {"variable": "PRILAVOK_RING", "value": order}))
        await network.http(self._request("POST", f"{where}/continue"))

    def _meaning(self, event: Event, received_at: datetime) -> Iterator[Inbound]:
        at, id = time_of(event.timestamp, received_at), storable(event.channel.id)[:200]
        match event.type:
            case "StasisStart" if event.args[:1] == [OURS]:
                yield of_message(event.args[1], at) if len(event.args) > 1 else Unknown("a call of ours")
            case "StasisStart":
                call = self._call(event.channel, at)
                yield from call.rings() if call is not None else iter([Unknown("a call within the exchange")])
            case "Dial":
                yield self._dial(event, at)
            case "ChannelDestroyed" if is_id(id):
                yield self._ours_is_over(id, event.cause, at)
            case "ChannelDestroyed" if id:
                yield line_is_free(id, at)
            case "RecordingFinished" if event.recording.target_uri.startswith("channel:") and event.recording.name:
                kind = SOUNDS.get(event.recording.format, "audio/wav")
                target = storable(event.recording.target_uri.removeprefix("channel:"))[:200]
                yield recording_of(target, at, storable(event.recording.name)[:200], kind)
            case _:
                yield Unknown(storable(event.type)[:60])

    def _dial(self, event: Event, at: datetime) -> Inbound:
        """One leg of a call is rung, or has been picked up; the call is the one whose channel dials."""
        caller = storable(event.caller.id)[:200]
        if is_id(caller) and event.dialstatus in TOLD:
            return of_message(caller, at, TOLD[event.dialstatus])
        if event.dialstatus == "ANSWER" and caller:
            extension = re.sub(r"^[^/]*/|-[^-]*$", "", event.peer.name)
            return picked_up(caller, at, extension)
        return Unknown("a telephone rings")

    def _ours_is_over(self, message_id: str, cause: int, at: datetime) -> ReceiptCame | Unknown:
        if cause in NOBODY:
            return of_message(message_id, at, CallOutcome.AGENT_NO_ANSWER)
        return Unknown("a call of ours is over")

    def _call(self, channel: ChannelShape, at: datetime) -> Call | None:
        caller = self.number_of(channel.caller.number)
        if not channel.id or not (caller or hides(channel.caller.number)):
            return None
        called = self.number_of(channel.dialplan.exten)
        return Call(id=storable(channel.id)[:200], at=at, caller=caller, called=called)

    def _request(self, method: str, path: str, query: Mapping[str, str] | None = None) -> Request:
        where = f"{self.config.api_base.rstrip('/')}/ari{path}"
        return Request(method, f"{where}?{urlencode(query)}" if query else where, headers=self._login())

    def _login(self) -> dict[str, str]:
        password = f"{self.config.user}:{self.config.password}".encode()
        return {"authorization": f"Basic {base64.b64encode(password).decode()}"}


def remembered(open_calls: list[str], body: bytes) -> list[str]:
    """The calls that are open after this event."""
    try:
        event = read_event.decode(body)
    except NOT_READABLE:
        return open_calls
    if event.type == "StasisStart" and event.args[:1] != [OURS] and event.channel.id not in open_calls:
        return [*open_calls, event.channel.id][-MOST_OPEN:]
    if event.type == "ChannelDestroyed":
        return [one for one in open_calls if one != event.channel.id]
    return open_calls


def time_of(text: str, received_at: datetime) -> datetime:
    """ARI writes a zone without its colon: 2026-11-20T10:15:00.000+0300."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return received_at
    return believable(at, received_at) if at.tzinfo is not None else received_at


def settle(response: Response, *, sends: bool = False) -> None:
    status = response.status
    if 200 <= status < 300:
        return
    reason = f"Asterisk answered {status}"
    if status in {401, 403, 404}:
        raise NeedsOwner(f"{reason}. Check the address, the user and the password of ARI.")
    if status == 429 or status >= 500:
        raise TryLater(reason, perhaps_sent=sends and status == 504)
    raise Undeliverable(reason)
