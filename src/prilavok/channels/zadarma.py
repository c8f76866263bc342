"""The telephone through Zadarma: who calls is in the inbox at once, missed calls wait for an answer, recordings are
kept; a click calls the agent's telephone first and then the customer's.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, ClassVar
from urllib.parse import parse_qsl, urlencode

import msgspec

from prilavok.channels.base import (
    Account,
    BadSignature,
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
    Fields,
    Line,
    LineConfig,
    hides,
    of_number,
    whole,
)
from prilavok.channels.wire import NOT_READABLE, retry_after, same, storable
from prilavok.channels.words import dialled

ECHO = re.compile(r"[A-Za-z0-9_.-]{1,200}", re.ASCII)
LINK_LASTS = 3600  # seconds that the address of a recording is good for

# What each notification is signed over. One that is not here cannot be checked, and is refused.
SIGNED: dict[str, tuple[str, ...]] = {
    "NOTIFY_START": ("caller_id", "called_did", "call_start"),
    "NOTIFY_INTERNAL": ("caller_id", "called_did", "call_start"),
    "NOTIFY_END": ("caller_id", "called_did", "call_start"),
    "NOTIFY_IVR": ("caller_id", "called_did", "call_start"),
    "NOTIFY_ANSWER": ("caller_id", "destination", "call_start"),
    "NOTIFY_OUT_START": ("internal", "destination", "call_start"),
    "NOTIFY_OUT_END": ("internal", "destination", "call_start"),
    "NOTIFY_RECORD": ("pbx_call_id", "call_id_with_rec"),
}
UNALLOCATED = "unallocated number"
OUTCOMES = {
    "answered": CallOutcome.ANSWERED,
    "busy": CallOutcome.BUSY,
    "cancel": CallOutcome.CANCELLED,
    "no answer": CallOutcome.NO_ANSWER,
    UNALLOCATED: CallOutcome.UNREACHABLE,
}
AWAY = {"18", "20", "27"}  # status_code, Q.850: no answer from the telephone itself, absent, out of order
NO_MONEY = "no money"
AS_MUCH = {"no limit", "no day limit", "line limit", "no money, no limit", "no money/no limit"}  # as no money
MORE = {  # what the outcome does not say
    UNALLOCATED: "there is no such number",
    NO_MONEY: "the account has no money left for this call",
}


class ZadarmaConfig(LineConfig, kw_only=True):
    key: Annotated[str, field_of("API key", "Zadarma's cabinet: Settings → API.")]
    secret: Annotated[
        str, field_of("API secret", "Beside the key. It also proves that a notification is Zadarma's.", secret=True)
    ]
    extension: Annotated[
        str,
        field_of(
            "Whose telephone rings first",
            "For calls from the inbox: an extension of your PBX (101) or a number. Picked up, it calls the customer.",
        ),
    ]
    api_base: Annotated[str, field_of("Zadarma's server", "Change it only for a gateway or a simulator.")] = (
        "https://api.zadarma.com"
    )


class Answer(msgspec.Struct):
    """Of every method: `status` success or error, `message` when it is an error."""

    status: str = ""
    message: str = ""
    balance: float | int | str = ""
    currency: str = ""
    link: str = ""
    links: list[str] = []
    time: int | str = ""


read_answer = msgspec.json.Decoder(Answer)


class Zadarma(Line):
    kind = "zadarma"
    title = "Telephone (Zadarma)"
    summary = "Calls: who rings is seen at once, missed calls wait for an answer, a click calls the customer."
    capabilities = replace(CALLS, rate=(RateLimit(1, 2.0, "inbox"),))
    Config = ZadarmaConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, Zadarma signs its own local time only; the call's id keeps a repeat from counting twice",
        "batches": "exempt, Zadarma notifies once for each event",
        "errors": "done",
        "forwarding": "done, the first on duty; Zadarma takes one telephone at a time",
        "files in": "done",
        "files out": "exempt, nobody can hear a file",
        "buttons": "exempt, it is a telephone",
        "receipts": "done",
        "edits": "exempt, it is a telephone",
        "deep link": "exempt, a call carries no token",
    }

    def check(self) -> Dialogue[Account]:
        if not EXTENSION.fullmatch(self.config.extension):
            raise NeedsOwner("The extension is a number such as 101, or a telephone number.", field="extension")
        self.check_settings()
        response = yield self._request("/v1/info/balance/", {})
        answer = settle(response)
        note = f"Balance: {answer.balance} {answer.currency}".strip() if answer.balance != "" else ""
        return Account(name="Zadarma", handle=self.config.extension, note=storable(note)[:100])

    def greets(self, hook: Hook) -> bool:
        return hook.method == "GET" and ECHO.fullmatch(hook.query.get("zd_echo", "")) is not None

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        if self.greets(hook):
            return [Unknown("Zadarma asked whether we are there")]
        fields = dict(parse_qsl(hook.body.decode(errors="replace"), keep_blank_values=True, errors="replace"))
        self._verify(hook, fields)
        return list(EVENTS[fields["event"]](self, fields, hook.received_at))

    def answer(self, hook: Hook) -> HookAnswer:
        """The caller is waiting on the line: the first on duty is rung. An empty answer lets the PBX go on as it is set
        up; so does the end of `return_timeout`, for Zadarma takes one telephone at a time.
        """
        if self.greets(hook):
            return HookAnswer(body=hook.query["zd_echo"].encode(), content_type="text/plain")
        fields = dict(parse_qsl(hook.body.decode(errors="replace"), errors="replace"))
        if fields.get("event") == "NOTIFY_START" and (rung := self.on_duty(hook.received_at)):
            route = {"redirect": rung[0].ring, "return_timeout": rung[0].seconds}
            return HookAnswer(body=msgspec.json.encode(route))
        return HookAnswer()

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        """Rings the agent, then the customer. Only for what was meant as a call: a text must never ring."""
        agent = self.agents_telephone(outbound, self.config.extension)
        number = dialled(outbound.address)
        response = yield self._request("/v1/request/callback/", {"from": agent, "to": number.removeprefix("+")})
        settle(response, sends=True)
        return Sent(provider_id=f"call:{outbound.message_id}")

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        """A recording, by the id that Zadarma gave it; it is ready some time after the call."""
        response = yield self._request("/v1/pbx/record/request/", {"call_id": ref, "lifetime": str(LINK_LASTS)})
        try:
            answer = settle(response)
        except Undeliverable as error:
            raise TryLater(f"{error.reason}; perhaps it is not ready yet", after=NOT_READY) from error
        where = answer.link or next(iter(answer.links), "")
        if not where:
            raise TryLater("Zadarma: the recording is not ready yet", after=NOT_READY)
        response = yield Download("GET", where, timeout=120.0, max_bytes=RECORDING_LIMIT)
        if response.status != 200:
            raise TryLater(f"the recording's address answered {response.status}", after=NOT_READY)
        return Fetched.of(response, type="audio/mpeg")

    def _request(self, method: str, fields: Mapping[str, str]) -> Request:
        """Signed over the method, the fields in order of their names, and the MD5 of these."""
        query = urlencode(sorted(fields.items()))
        digest = hashlib.md5(query.encode(), usedforsecurity=False).hexdigest()
        sign = hex_signature(self.config.secret, f"{method}{query}{digest}")
        headers = {"authorization": f"{self.config.key}:{sign}"}
        where = f"{self.config.api_base.rstrip('/')}{method}"
        return Request("GET", f"{where}?{query}" if query else where, headers=headers)

    def _verify(self, hook: Hook, fields: Fields) -> None:
        names = SIGNED.get(fields.get("event", ""))
        given = hook.headers.get("signature", "")
        if names is None or not self.config.secret:
            raise BadSignature
        if not same(given, hex_signature(self.config.secret, "".join(fields.get(name, "") for name in names))):
            raise BadSignature


def hex_signature(secret: str, text: str) -> str:
    """Base64 of the forty letters of the HMAC-SHA1 in hexadecimal, not of its twenty bytes."""
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha1).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def incoming(line: Line, fields: Fields, at: datetime) -> Iterator[Inbound]:
    """The telephone rings."""
    call = call_of(line, fields, at)
    return call.rings() if call is not None else nobodys()


def taken(line: Line, fields: Fields, at: datetime) -> Iterator[Inbound]:
    call = call_of(line, fields, at)
    return call.taken() if call is not None else nobodys()


def ended(line: Line, fields: Fields, at: datetime) -> Iterator[Inbound]:
    """An incoming call is over."""
    call = call_of(line, fields, at)
    if call is None:
        yield from nobodys()
        return
    answered = fields.get("disposition") == "answered"
    yield from call.over(answered=answered, seconds=whole(fields.get("duration", "")))
    recording = storable(fields.get("call_id_with_rec", ""))
    if fields.get("is_recorded") == "1" and recording:
        yield from call.recorded(recording)


def nobodys() -> Iterator[Inbound]:
    yield Unknown("a call within the exchange")


def dialling(line: Line, fields: Fields, at: datetime) -> Iterator[Inbound]:
    """Our own call: the customer's telephone rings."""
    yield of_number(line.number_of(fields.get("destination", "")), at)


def dialled_out(line: Line, fields: Fields, at: datetime) -> Iterator[Inbound]:
    disposition, number = fields.get("disposition", ""), line.number_of(fields.get("destination", ""))
    outcome = OUTCOMES.get(disposition, CallOutcome.FAILED)
    if disposition == "failed" and fields.get("status_code") in AWAY:
        outcome = CallOutcome.UNREACHABLE
    known = NO_MONEY if disposition in AS_MUCH else disposition
    reason = f"Zadarma: {MORE[known]}" if known in MORE else ""
    yield of_number(number, at, outcome, reason=reason, dead=disposition == UNALLOCATED)


def of_no_use(line: Line, fields: Fields, at: datetime) -> Iterator[Inbound]:
    del line, at
    yield Unknown(storable(fields["event"]))


EVENTS: dict[str, Callable[[Line, Fields, datetime], Iterator[Inbound]]] = {
    "NOTIFY_START": incoming,
    "NOTIFY_INTERNAL": of_no_use,
    "NOTIFY_IVR": of_no_use,
    "NOTIFY_ANSWER": taken,
    "NOTIFY_END": ended,
    "NOTIFY_OUT_START": dialling,
    "NOTIFY_OUT_END": dialled_out,
    "NOTIFY_RECORD": of_no_use,  # the end of the call has already told the recording's id
}


def call_of(line: Line, fields: Fields, at: datetime) -> Call | None:
    """None for one between extensions."""
    caller, call = line.number_of(fields.get("caller_id", "")), storable(fields.get("pbx_call_id", ""))[:200]
    if not call or not (caller or hides(fields.get("caller_id", ""))):
        return None
    called, extension = line.number_of(fields.get("called_did", "")), fields.get("internal", "")
    return Call(id=call, at=at, caller=caller, called=called, extension=extension)


def settle(response: Response, *, sends: bool = False) -> Answer:
    """The answer, or the error that says what to do. Zadarma also says "error" with status 200."""
    status = response.status
    try:
        answer = read_answer.decode(response.body)
    except NOT_READABLE as error:
        if status < 400:
            raise TryLater("Zadarma's answer is not JSON", perhaps_sent=sends) from error
        answer = Answer(message=f"answer {status}")
    reason = f"Zadarma: {storable(answer.message)[:200] or f'answer {status}'}"
    if 200 <= status < 300 and answer.status == "success":
        return answer
    if status == 429:
        raise TryLater(reason, after=retry_after(response.headers, datetime.now(UTC)) or 60.0)
    if status in {401, 403, 404} or "money" in reason.lower() or "balance" in reason.lower():
        raise NeedsOwner(f"{reason}. Check the key, the secret and the balance.")
    if status >= 500:
        raise TryLater(reason, perhaps_sent=sends and status == 504)
    raise Undeliverable(reason)
