"""The telephone through Mango Office: events of calls come in, a click calls the agent's extension first.

Mango posts to addresses under ours (`/events/call`, `/events/summary`, `/result/callback` ...); what came is told by
its own fields, for only the JSON is signed and not the address.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from urllib.parse import parse_qsl, quote

import msgspec

from prilavok.channels.base import (
    Account,
    BadSignature,
    CallOutcome,
    Dialogue,
    Download,
    Fetched,
    Hook,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Outbound,
    RateLimit,
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
    of_message,
    of_number,
    recording_of,
)
from prilavok.channels.wire import NOT_READABLE, moment, retry_after, same, storable
from prilavok.channels.words import dialled

INCOMING, OUTGOING = 1, 2  # call_direction
DONE = 1000  # result of a command that was carried out
OUTCOMES = {  # disconnect_reason of a call of ours without a talk
    1110: CallOutcome.CANCELLED,  # ended by whoever calls
    1121: CallOutcome.BUSY,
    1122: CallOutcome.BUSY,  # declined
    1123: CallOutcome.BUSY,  # "do not disturb"
    1124: CallOutcome.AGENT_NO_ANSWER,  # the employee is not there
    1130: CallOutcome.FAILED,  # this number may not be called
    1131: CallOutcome.UNREACHABLE,
    1132: CallOutcome.UNREACHABLE,  # not in service
    1133: CallOutcome.UNREACHABLE,  # no such number
    1140: CallOutcome.FAILED,  # the exchange forbids the region
}
LINK_LASTS = 600  # seconds
MOST = 1 << 40  # of a Unix time; larger ones are no times


class MangoConfig(LineConfig, kw_only=True):
    api_key: Annotated[
        str, field_of("Unique key", "Mango's cabinet: Integrations → API connector, “unique code of your PBX”.")
    ]
    salt: Annotated[
        str,
        field_of("Signing key", "Beside it, “key for signatures”. It proves that an event is Mango's.", secret=True),
    ]
    extension: Annotated[
        str, field_of("Whose telephone rings first", "For calls from the inbox: an extension of your PBX, 101.")
    ]
    api_base: Annotated[str, field_of("Mango's server", "Change it only for a gateway or a simulator.")] = (
        "https://app.mango-office.ru"
    )


class Party(msgspec.Struct):
    number: str = ""
    extension: str = ""
    line_number: str = ""


class Event(msgspec.Struct):
    """All kinds in one: which it is, its fields tell."""

    entry_id: str = ""
    call_id: str = ""
    timestamp: float = 0
    call_state: str = ""
    location: str = ""
    from_: Party = msgspec.field(name="from", default_factory=Party)
    to: Party = msgspec.field(default_factory=Party)
    line_number: str = ""
    call_direction: int | None = None
    entry_result: int | None = None
    talk_time: float = 0
    end_time: float = 0
    recording_id: str = ""
    recording_state: str = ""
    disconnect_reason: int = 0
    command_id: str = ""
    result: int | None = None


class Answer(msgspec.Struct):
    result: int | None = None
    message: str = ""


read_event = msgspec.json.Decoder(Event, strict=False)
read_answer = msgspec.json.Decoder(Answer)


class Mango(Line):
    kind = "mango"
    title = "Telephone (Mango Office)"
    summary = "Calls of a Mango Office PBX: who rings is seen at once, missed calls wait, a click calls the customer."
    capabilities = replace(CALLS, rate=(RateLimit(1, 1.0, "inbox"),))
    Config = MangoConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, Mango signs no time of sending; the call's id keeps a repeat from counting twice",
        "batches": "exempt, Mango posts once for each event",
        "errors": "done",
        "forwarding": "exempt, Mango does not ask whom to ring; the list of duty chooses whose screens show the caller",
        "files in": "done",
        "files out": "exempt, nobody can hear a file",
        "buttons": "exempt, it is a telephone",
        "receipts": "done",
        "edits": "exempt, it is a telephone",
        "deep link": "exempt, a call carries no token",
        "a real account": "todo, tried against the emulator only",
    }

    def __init__(self, config: MangoConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.clock: Callable[[], float] = time.time  # tests exchange it

    @property
    def country(self) -> str:
        return super().country or "RU"

    def check(self) -> Dialogue[Account]:
        """Mango has no question that would show whether the keys are right: the first call will."""
        yield from ()
        if not EXTENSION.fullmatch(self.config.extension):
            raise NeedsOwner("The extension is a number such as 101.", field="extension")
        self.check_settings()
        return Account(
            name="Mango Office", handle=self.config.extension, note="The keys are checked by the first call: make one."
        )

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        fields = dict(parse_qsl(hook.body.decode(errors="replace"), keep_blank_values=True, errors="replace"))
        text = fields.get("json", "")
        if not self.config.salt or not same(fields.get("vpbx_api_key", ""), self.config.api_key):
            raise BadSignature
        if not same(fields.get("sign", ""), seal(self.config.api_key, text, self.config.salt)):
            raise BadSignature
        try:
            event = read_event.decode(text.encode())
        except NOT_READABLE:
            return [Unknown("an event of another shape")]
        return list(self._meaning(event, hook.received_at))

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        agent = self.agents_telephone(outbound, self.config.extension)
        wanted = {
            "command_id": outbound.message_id,
            "from": {"extension": agent},
            "to_number": dialled(outbound.address).removeprefix("+"),
        }
        settle((yield self._request("/vpbx/commands/callback", wanted)), sends=True)
        return Sent(provider_id=f"call:{outbound.message_id}")

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        """By an address that is signed for ten minutes and never leaves this server."""
        key, expires = self.config.api_key, str(int(self.clock()) + LINK_LASTS)
        sign = hashlib.sha256(f"{key}{expires}{ref}{self.config.salt}".encode()).hexdigest()
        path = "/".join(quote(part, safe="") for part in (ref, "play", key, expires, sign))
        where = f"{self.config.api_base.rstrip('/')}/vpbx/queries/recording/link/{path}"
        response = yield Download("GET", where, timeout=120.0, max_bytes=RECORDING_LIMIT)
        if response.status in {401, 403}:
            raise NeedsOwner("Mango refuses the recording. Check the signing key and the right to recordings.")
        if response.status != 200:
            raise TryLater(f"Mango answered {response.status} for a recording", after=NOT_READY)
        return Fetched.of(response, type="audio/mpeg")

    def _meaning(self, event: Event, received_at: datetime) -> Iterator[Inbound]:
        at = moment(event.timestamp or event.end_time or received_at.timestamp(), received_at)
        entry = storable(event.entry_id)[:200]
        if event.command_id and event.result is not None:
            yield self._result(event, at)
        elif event.recording_id and entry:
            done = event.recording_state == "Completed"
            recording = storable(event.recording_id)[:200]
            yield recording_of(entry, at, recording) if done else Unknown("a recording has begun")
        elif event.entry_result is not None and entry:
            yield from self._over(event, entry, at, received_at)
        elif event.call_state and entry:
            yield from self._goes_on(event, entry, at)
        else:
            yield Unknown("an event of no use")

    def _goes_on(self, event: Event, entry: str, at: datetime) -> Iterator[Inbound]:
        call = self._call(event, entry, at)
        if call is None:
            yield Unknown("a call of ours, or within the exchange")
        elif event.call_state == "Appeared":
            yield from call.rings()
        elif event.call_state == "Connected" and event.location == "abonent":
            yield from call.taken()
        else:
            yield Unknown(storable(f"{event.call_state} in {event.location}")[:100])

    def _over(self, event: Event, entry: str, at: datetime, received_at: datetime) -> Iterator[Inbound]:
        talked = event.entry_result == 1 and event.talk_time > 0
        seconds = max(0, int(event.end_time - event.talk_time)) if talked and event.end_time < MOST else 0
        call = self._call(event, entry, at) if event.call_direction != OUTGOING else None
        if call is not None:
            yield from call.over(answered=talked, seconds=seconds)
            return
        untold = CallOutcome.NO_ANSWER
        outcome = CallOutcome.ANSWERED if talked else OUTCOMES.get(event.disconnect_reason, untold)
        yield of_number(self.number_of(event.to.number), received_at, outcome)

    def _result(self, event: Event, at: datetime) -> Inbound:
        if event.result == DONE:
            return of_message(event.command_id, at)
        reason = f"Mango: the call was not made ({event.result})"
        return of_message(event.command_id, at, CallOutcome.FAILED, reason=reason)

    def _call(self, event: Event, entry: str, at: datetime) -> Call | None:
        """An incoming one. Whoever has an extension is one of ours."""
        caller = "" if event.from_.extension else self.number_of(event.from_.number)
        if event.from_.extension or not (caller or hides(event.from_.number)):
            return None
        called = self.number_of(event.to.line_number or event.line_number or event.to.number)
        return Call(id=entry, at=at, caller=caller, called=called, extension=event.to.extension)

    def _request(self, path: str, wanted: Mapping[str, Any]) -> Request:
        text = msgspec.json.encode(wanted).decode()
        sign = seal(self.config.api_key, text, self.config.salt)
        fields = {"vpbx_api_key": self.config.api_key, "sign": sign, "json": text}
        return Request("POST", f"{self.config.api_base.rstrip('/')}{path}", form=fields)


def seal(key: str, text: str, salt: str) -> str:
    return hashlib.sha256(f"{key}{text}{salt}".encode(errors="replace")).hexdigest()


def settle(response: Response, *, sends: bool = False) -> None:
    status = response.status
    try:
        answer = read_answer.decode(response.body or b"{}")
    except NOT_READABLE as error:
        if status < 400:
            raise TryLater("Mango's answer is not JSON", perhaps_sent=sends) from error
        answer = Answer()
    done = answer.result in {None, DONE}
    if 200 <= status < 300 and done:
        return
    reason = f"Mango: {storable(answer.message)[:200] or f'answer {answer.result or status}'}"
    if status == 429:
        raise TryLater(reason, after=retry_after(response.headers, datetime.now(UTC)))
    if status in {401, 403, 404}:
        raise NeedsOwner(f"{reason}. Check the unique key and the signing key.")
    if status >= 500:
        raise TryLater(reason, perhaps_sent=sends and status == 504)
    raise Undeliverable(reason)
