"""The telephone through Binotel (Ukraine): events of calls come in, a click calls the agent's extension first.

Binotel signs nothing: the address of the hook is the secret. Its events come as a form with nested names or as JSON.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from urllib.parse import parse_qsl

import msgspec

from prilavok.channels.base import (
    Account,
    CallOutcome,
    Dialogue,
    Download,
    Fetched,
    Hook,
    HookAnswer,
    Inbound,
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
    line_is_free,
    of_number,
    recording_of,
    whole,
)
from prilavok.channels.wire import NOT_READABLE, moment, retry_after, storable
from prilavok.channels.words import dialled

NESTED = re.compile(r"\[([^\[\]]*)\]")
CALL_ID = re.compile(r"[0-9]{1,30}", re.ASCII)
DEEPEST = 4
TALKED = {"ANSWER", "TRANSFER", "SUCCESS"}
INCOMING, OUTGOING = "0", "1"
TOO_OFTEN, NO_RECORD = 106, 104
SOON = 10.0  # seconds after "too frequent"
OUTCOMES = {  # of a call of ours without a talk
    "BUSY": CallOutcome.BUSY,
    "NOANSWER": CallOutcome.NO_ANSWER,
    "CANCEL": CallOutcome.CANCELLED,
    "CHANUNAVAIL": CallOutcome.UNREACHABLE,
}

Values = Mapping[str, Any]


class BinotelConfig(LineConfig, kw_only=True):
    key: Annotated[str, field_of("API key", "Binotel's support gives it for the API 4.0.")]
    secret: Annotated[str, field_of("API secret", "Beside the key.", secret=True)]
    extension: Annotated[
        str, field_of("Whose telephone rings first", "For calls from the inbox: an internal line of yours, 901.")
    ]
    company: Annotated[
        str, field_of("Company number", "If given, events of another companyID are left alone. In Binotel's cabinet.")
    ] = ""
    api_base: Annotated[str, field_of("Binotel's server", "Change it only for a gateway or a simulator.")] = (
        "https://api.binotel.com"
    )


class Answer(msgspec.Struct):
    """`status` success or error; an error has its number and comes with HTTP 200."""

    status: str = ""
    code: int | str = 0
    message: str = ""
    url: str = ""


read_answer = msgspec.json.Decoder(Answer)


class Binotel(Line):
    kind = "binotel"
    title = "Telephone (Binotel)"
    summary = "Calls of a Binotel exchange: who rings is seen at once, missed calls wait, a click calls the customer."
    capabilities = replace(CALLS, rate=(RateLimit(1, 2.0, "inbox"),))
    Config = BinotelConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "exempt, Binotel signs nothing; only the secret address of the hook speaks for it",
        "replay": "exempt, nothing is signed; the call's id keeps a repeat from counting twice",
        "batches": "exempt, Binotel posts once for each event",
        "errors": "done",
        "forwarding": "done, the first on duty is named as the one who is responsible for the caller",
        "files in": "done",
        "files out": "exempt, nobody can hear a file",
        "buttons": "exempt, it is a telephone",
        "receipts": "done",
        "edits": "exempt, it is a telephone",
        "deep link": "exempt, a call carries no token",
    }

    @property
    def country(self) -> str:
        return super().country or "UA"

    def check(self) -> Dialogue[Account]:
        if not EXTENSION.fullmatch(self.config.extension):
            raise NeedsOwner("The internal line is a number such as 901.", field="extension")
        self.check_settings()
        now = int(self.clock())
        wanted = {"startTime": now - 60, "stopTime": now}
        settle((yield self._request("stats/list-of-calls-for-period", wanted)))
        return Account(name="Binotel", handle=self.config.extension)

    @staticmethod
    def clock() -> float:
        return datetime.now(UTC).timestamp()

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        values = values_of(hook)
        company = text_of(call_details(values), "companyID") or text_of(values, "companyID")
        if self.config.company and company and company != self.config.company:
            return [Unknown("an event of another company")]
        meaning = EVENTS.get(text_of(values, "requestType"))
        if meaning is None:
            return [Unknown(storable(text_of(values, "requestType") or "an event of no kind")[:100])]
        return list(meaning(self, values, hook.received_at))

    def answer(self, hook: Hook) -> HookAnswer:
        """While it rings Binotel asks who is responsible; to the end of a call it wants to hear that it was taken."""
        match text_of(values_of(hook), "requestType"):
            case "apiCallSettings":
                rung = self.on_duty(hook.received_at)
                named = {"customerData": {"assignedToEmployeeNumber": rung[0].ring}} if rung else {}
                return HookAnswer(body=msgspec.json.encode(named))
            case _:
                return HookAnswer(body=b'{"status":"success"}')

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        agent = self.agents_telephone(outbound, self.config.extension)
        number = dialled(outbound.address).removeprefix("+")
        settle((yield self._request("calls/ext-to-phone", {"ext_number": agent, "phone_number": number})), sends=True)
        return Sent(provider_id=f"call:{outbound.message_id}")

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        answer = settle((yield self._request("stats/call-record", {"generalCallID": ref})))
        if not answer.url:
            raise TryLater("Binotel: the recording is not ready yet", after=NOT_READY)
        response = yield Download("GET", answer.url, timeout=120.0, max_bytes=RECORDING_LIMIT)
        if response.status != 200:
            raise TryLater(f"the recording's address answered {response.status}", after=NOT_READY)
        return Fetched.of(response, type="audio/mpeg")

    def call_of(self, values: Values, at: datetime) -> Call | None:
        id, number = text_of(values, "generalCallID"), text_of(values, "externalNumber")
        caller = self.number_of(number)
        if not CALL_ID.fullmatch(id) or text_of(values, "callType") != INCOMING or not (caller or hides(number)):
            return None
        pbx = values.get("pbxNumberData")
        called = text_of(values, "pbxNumber") or (text_of(pbx, "number") if isinstance(pbx, Mapping) else "")
        extension = text_of(values, "internalNumber")
        return Call(id=id, at=at, caller=caller, called=self.number_of(called), extension=extension)

    def _request(self, method: str, wanted: Values) -> Request:
        body = msgspec.json.encode({**wanted, "key": self.config.key, "secret": self.config.secret})
        where = f"{self.config.api_base.rstrip('/')}/api/4.0/{method}.json"
        return Request("POST", where, headers={"content-type": "application/json"}, body=body)


def rings(line: Binotel, values: Values, at: datetime) -> Iterator[Inbound]:
    call = line.call_of(values, at)
    return call.rings() if call is not None else iter([Unknown("a call of ours, or within the exchange")])


def taken(line: Binotel, values: Values, at: datetime) -> Iterator[Inbound]:
    call = line.call_of(values, at)
    return call.taken() if call is not None else iter([Unknown("a call of ours, or within the exchange")])


def free(line: Binotel, values: Values, at: datetime) -> Iterator[Inbound]:
    """Names the call alone."""
    del line
    id = text_of(values, "generalCallID")
    known = CALL_ID.fullmatch(id)
    yield line_is_free(id, at, whole(text_of(values, "billsec"))) if known else Unknown("the end of no call")


def completed(line: Binotel, values: Values, at: datetime) -> Iterator[Inbound]:
    details, received_at = call_details(values), at
    at = moment(float(whole_time(text_of(details, "startTime"))) or at.timestamp(), at)
    disposition, seconds = text_of(details, "disposition"), whole(text_of(details, "billsec"))
    talked = disposition in TALKED and seconds > 0
    if text_of(details, "callType") == OUTGOING:
        outcome = CallOutcome.ANSWERED if talked else OUTCOMES.get(disposition, CallOutcome.FAILED)
        yield of_number(line.number_of(text_of(details, "externalNumber")), received_at, outcome)
        return
    call = line.call_of(details, at)
    if call is None:
        yield Unknown("a call within the exchange")
        return
    yield from call.over(answered=talked, seconds=seconds)
    if text_of(details, "recordingStatus") == "uploaded":
        yield recording_of(call.id, at, call.id)


def of_no_use(line: Binotel, values: Values, at: datetime) -> Iterator[Inbound]:
    del line, at
    yield Unknown(text_of(values, "requestType"))


EVENTS: dict[str, Callable[[Binotel, Values, datetime], Iterator[Inbound]]] = {
    "apiCallSettings": of_no_use,
    "receivedTheCall": rings,
    "answeredTheCall": taken,
    "transferredTheCall": of_no_use,
    "hangupTheCall": free,
    "apiCallCompleted": completed,
}


def values_of(hook: Hook) -> Values:
    """The event as nested values, whichever way it came; empty for anything else."""
    if hook.body.lstrip()[:1] == b"{":
        try:
            found = msgspec.json.decode(hook.body)
        except NOT_READABLE:
            return {}
        return found if isinstance(found, dict) else {}
    values: dict[str, Any] = {}
    for name, value in parse_qsl(hook.body.decode(errors="replace"), keep_blank_values=True, errors="replace"):
        first, _, rest = name.partition("[")
        keys = [first, *NESTED.findall(f"[{rest}" if rest else "")][:DEEPEST]
        place = values
        for key in keys[:-1]:
            inner = place.setdefault(key, {})
            place = inner if isinstance(inner, dict) else {}
        place[keys[-1]] = value
    return values


def call_details(values: Values) -> Values:
    """Of a completed call; also where they come as a map by the call's id."""
    found = values.get("callDetails")
    if not isinstance(found, Mapping):
        return {}
    if "generalCallID" in found:
        return found
    return next((one for one in found.values() if isinstance(one, Mapping) and "generalCallID" in one), {})


def text_of(values: Values, name: str) -> str:
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return storable(str(value) if isinstance(value, str) or abs(value) < 1 << 60 else "")[:200]


def whole_time(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def settle(response: Response, *, sends: bool = False) -> Answer:
    """Errors come with HTTP 200 and a number; in an outage a page of HTML comes with 200 too."""
    status = response.status
    try:
        answer = read_answer.decode(response.body)
    except NOT_READABLE as error:
        if status < 400:
            raise TryLater("Binotel's answer is not JSON", perhaps_sent=sends) from error
        answer = Answer()
    code = whole(answer.code)
    if 200 <= status < 300 and answer.status == "success":
        return answer
    reason = f"Binotel: {storable(answer.message)[:200] or f'answer {status}'}"
    if code == TOO_OFTEN or status == 429:
        raise TryLater(reason, after=retry_after(response.headers, datetime.now(UTC)) or SOON)
    if code == NO_RECORD:
        raise Undeliverable(reason)
    if status in {401, 403, 404} or "key" in answer.message.lower() or "auth" in answer.message.lower():
        raise NeedsOwner(f"{reason}. Check the key and the secret.")
    if status >= 500:
        raise TryLater(reason, perhaps_sent=sends and status == 504)
    raise Undeliverable(reason)
