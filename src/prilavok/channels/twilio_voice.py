"""The telephone through Twilio: each question of Twilio is answered in TwiML, so the ring order is ours to the last.

An incoming call asks at our hook, then again after every telephone that did not pick up (`turn` in the address says how
many have rung). A click rings the agent first; picked up, Twilio asks what next and is told to dial the customer.
Every request is signed over its whole address and all of its fields.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from urllib.parse import parse_qsl, urlencode
from xml.sax.saxutils import escape, quoteattr

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
    NOT_READY,
    RECORDING_LIMIT,
    Call,
    Fields,
    Line,
    LineConfig,
    hides,
    line_is_free,
    of_message,
    recording_of,
    whole,
)
from prilavok.channels.wire import NOT_READABLE, retry_after, same, storable
from prilavok.channels.words import dialled

ACCOUNT = re.compile(r"AC[0-9a-f]{32}", re.IGNORECASE)
NUMBER = re.compile(r"\+\d{6,15}", re.ASCII)
RECORDING = re.compile(r"RE[0-9a-f]{32}", re.IGNORECASE)
SIP = re.compile(r"sip:[\w.~+-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)
RING_SECONDS = 20
# In the addresses that Twilio calls: how many have rung, which message of ours, whom it calls, whose leg, what is told
TURN, MESSAGE, TO, LEG, RECORDED = "turn", "m", "to", "leg", "rec"
OUTCOMES = {
    "completed": CallOutcome.ANSWERED,
    "answered": CallOutcome.ANSWERED,
    "busy": CallOutcome.BUSY,
    "no-answer": CallOutcome.NO_ANSWER,
    "canceled": CallOutcome.CANCELLED,
}
OVER = {"busy", "no-answer", "canceled", "failed"}  # without a talk
OWNERS = {20003, 20005, 20006, 21210, 21212, 21215, 21606}
NO_SUCH_NUMBER = {21211, 21214, 21217}


class TwilioVoiceConfig(LineConfig, kw_only=True):
    account_sid: Annotated[str, field_of("Account SID", "On the first page of the Twilio console: AC…")]
    auth_token: Annotated[
        str, field_of("Auth token", "Beside the Account SID. It also proves that a request is Twilio's.", secret=True)
    ]
    number: Annotated[str, field_of("Your number at Twilio", "Which customers call and see: +12025550123.")]
    extension: Annotated[
        str,
        field_of(
            "Whose telephone rings",
            "When nobody is on duty by the list, and first for calls from the inbox: +380671234567 or "
            "sip:101@pbx.example.",
        ),
    ]
    record: Annotated[bool, field_of("Record calls", "Only where the law and the caller allow it.")] = False
    webhook_url: Annotated[
        str,
        field_of("Address that Twilio calls", "Only if it differs from the one shown here, as behind a proxy."),
    ] = ""
    api_base: Annotated[str, field_of("Twilio's server", "Change it only for a gateway or a simulator.")] = (
        "https://api.twilio.com"
    )


class Answer(msgspec.Struct):
    """Of all that we ask: an account, a call, a list of numbers, or a complaint."""

    sid: str = ""
    friendly_name: str = ""
    status: str | int = ""
    code: int = 0
    message: str = ""
    incoming_phone_numbers: list[dict[str, Any]] = []


read_answer = msgspec.json.Decoder(Answer)


class TwilioVoice(Line):
    kind = "twilio_voice"
    title = "Telephone (Twilio)"
    summary = "Calls through Twilio: our list of duty decides who is rung, a missed call waits, a click calls."
    capabilities = replace(CALLS, rate=(RateLimit(1, 1.0, "inbox"),))
    Config = TwilioVoiceConfig
    telephone: ClassVar[re.Pattern[str]] = re.compile(rf"\+[0-9]{{6,15}}|{SIP.pattern}", re.ASCII)
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, Twilio signs no time; the call's id keeps a repeat from counting twice",
        "batches": "exempt, Twilio asks once for each event",
        "errors": "done",
        "forwarding": "done, telephone after telephone in the order of duty",
        "files in": "done",
        "files out": "exempt, nobody can hear a file",
        "buttons": "exempt, it is a telephone",
        "receipts": "done",
        "edits": "exempt, it is a telephone",
        "deep link": "exempt, a call carries no token",
        "a real account": "todo, tried against the emulator only",
    }

    @property
    def _hook(self) -> str:
        return str(self.config.webhook_url) or self.inbox.hook_url

    def _at(self, /, **query: str) -> str:
        return f"{self._hook}{'&' if '?' in self._hook else '?'}{urlencode(query)}" if query else self._hook

    def check(self) -> Dialogue[Account]:
        if not ACCOUNT.fullmatch(self.config.account_sid):
            raise NeedsOwner("This is no Account SID: it begins with AC and has 34 characters.", field="account_sid")
        if not NUMBER.fullmatch(self.config.number):
            raise NeedsOwner("Your number at Twilio is written like +12025550123.", field="number")
        if not self.telephone.fullmatch(self.config.extension):
            raise NeedsOwner(
                "Whose telephone rings is a number like +380671234567, or sip:101@pbx.example.", field="extension"
            )
        self.check_settings()
        account = settle((yield self._request("GET", ".json")))
        if account.status and account.status != "active":
            raise NeedsOwner(f"Twilio has set this account to “{storable(str(account.status))[:40]}”.")
        return Account(name=storable(account.friendly_name) or "Twilio", handle=self.config.number)

    def connect(self) -> Dialogue[None]:
        """Points the number's calls at us."""
        query = urlencode({"PhoneNumber": self.config.number})
        found = settle((yield self._request("GET", f"/IncomingPhoneNumbers.json?{query}"))).incoming_phone_numbers
        if not found:
            raise NeedsOwner(f"{self.config.number} is not among the numbers of this account.")
        hook = {"VoiceUrl": self._hook, "VoiceMethod": "POST"}
        hook |= {"StatusCallback": self._hook, "StatusCallbackMethod": "POST"}
        settle((yield self._request("POST", f"/IncomingPhoneNumbers/{found[0].get('sid', '')}.json", hook)))

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        fields = form(hook)
        self._verify(hook, fields)
        return list(self._meaning(dict(fields), hook))

    def answer(self, hook: Hook) -> HookAnswer:
        """What is to be done with the call. Twilio waits for it while the caller hears nothing."""
        fields = dict(form(hook))
        twiml = "<Response/>"
        if MESSAGE in hook.query and TO in hook.query and fields.get("CallStatus") == "in-progress":
            twiml = self._dial_customer(hook.query)
        elif "DialCallStatus" in fields and TURN in hook.query:
            reached = fields["DialCallStatus"] in {"completed", "answered"}
            twiml = "<Response/>" if reached else self._dial_next(hook, fields, whole(hook.query[TURN]))
        elif fields.get("CallStatus") == "ringing" and fields.get("Direction") == "inbound" and not hook.query:
            twiml = self._dial_next(hook, fields, 0)
        return HookAnswer(body=twiml.encode(), content_type="text/xml")

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        agent = self.agents_telephone(outbound, self.config.extension)
        fields = {
            "To": agent,
            "From": self.config.number,
            "Url": self._at(**{MESSAGE: outbound.message_id, TO: dialled(outbound.address)}),
            "StatusCallback": self._at(**{MESSAGE: outbound.message_id}),
            "Timeout": str(RING_SECONDS),
        }
        answer = settle((yield self._request("POST", "/Calls.json", fields)), sends=True)
        if not answer.sid:
            raise TryLater("Twilio's answer names no call", perhaps_sent=True)
        return Sent(provider_id=answer.sid)

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        if not RECORDING.fullmatch(ref):
            raise Undeliverable("This is no recording of Twilio's.")
        request = self._request("GET", f"/Recordings/{ref}.mp3")
        response = yield roomy(request)
        if response.status == 404:
            raise TryLater("Twilio: the recording is not ready yet", after=NOT_READY)
        if response.status != 200:
            settle(response)
        return Fetched.of(response, type="audio/mpeg")

    def _meaning(self, fields: Fields, hook: Hook) -> Iterator[Inbound]:
        call_id, at, query = storable(fields.get("CallSid", ""))[:64], hook.received_at, hook.query
        status = fields.get("CallStatus", "")
        if RECORDED in query:
            if fields.get("RecordingStatus") == "completed" and RECORDING.fullmatch(fields.get("RecordingSid", "")):
                yield recording_of(call_id, at, fields["RecordingSid"])
            else:
                yield Unknown("no recording was made")
        elif MESSAGE in query:
            yield self._of_ours(query[MESSAGE], fields, at)
        elif LEG in query:
            yield from self._leg(query, fields, at)
        elif TURN in query:
            yield from self._after_dial(call_id, fields, hook)
        elif fields.get("Direction") == "inbound" and status == "ringing":
            call = self._call(call_id, fields, at)
            yield from call.rings() if call is not None else iter([Unknown("a call from a SIP address")])
        elif fields.get("Direction") == "inbound" and status in {"completed", *OVER}:
            yield line_is_free(call_id, at)
        else:
            yield Unknown(storable(f"call {status}")[:100])

    def _of_ours(self, message_id: str, fields: Fields, at: datetime) -> Inbound:
        """The agent's leg rings and is picked up, then the customer's; `DialCallStatus` is how that one went."""
        status = fields.get("DialCallStatus") or fields.get("CallStatus", "")
        if "DialCallStatus" in fields:
            return of_message(message_id, at, OUTCOMES.get(status, CallOutcome.FAILED))
        if status in OVER:
            return of_message(message_id, at, CallOutcome.AGENT_NO_ANSWER)
        if status == "in-progress":
            return of_message(message_id, at)
        return Unknown(storable(f"our call {status}")[:100])

    def _leg(self, query: Mapping[str, str], fields: Fields, at: datetime) -> Iterator[Inbound]:
        """One of the telephones that ring for an incoming call was picked up."""
        parent = storable(fields.get("ParentCallSid", ""))[:64]
        caller = self.number_of(query.get(TO, ""))
        if fields.get("CallStatus") == "in-progress" and parent:
            yield from Call(id=parent, at=at, caller=caller, extension=query[LEG]).taken()
        else:
            yield Unknown("a leg of a call")

    def _after_dial(self, call_id: str, fields: Fields, hook: Hook) -> Iterator[Inbound]:
        call = self._call(call_id, fields, hook.received_at)
        reached = fields.get("DialCallStatus") in {"completed", "answered"}
        if call is None or not (reached or whole(hook.query[TURN]) >= len(self._order(hook.received_at))):
            yield Unknown("the next telephone rings")
            return
        yield from call.over(answered=reached, seconds=whole(fields.get("DialCallDuration", "")))

    def _call(self, call_id: str, fields: Fields, at: datetime) -> Call | None:
        caller = self.number_of(fields.get("From", ""))
        if not call_id or not (caller or hides(fields.get("From", ""))):
            return None
        return Call(id=call_id, at=at, caller=caller, called=self.number_of(fields.get("To", "")))

    def _order(self, now: datetime) -> list[tuple[str, int]]:
        """The telephones with their seconds; without anybody on duty the one of the settings."""
        return [(one.ring, one.seconds) for one in self.on_duty(now)] or [(self.config.extension, RING_SECONDS)]

    def _dial_next(self, hook: Hook, fields: Fields, turn: int) -> str:
        order = self._order(hook.received_at)
        if turn >= len(order):
            return "<Response><Hangup/></Response>"
        ring, seconds = order[turn]
        leg = self._at(**{LEG: ring, TO: self.number_of(fields.get("From", ""))})
        tag = "Sip" if ring.startswith("sip:") else "Number"
        rung = f'<{tag} statusCallback={quoteattr(leg)} statusCallbackEvent="answered">{escape(ring)}</{tag}>'
        after = quoteattr(self._at(**{TURN: str(turn + 1)}))
        record = self._recording() if self.config.record else ""
        return f'<Response><Dial timeout="{seconds}" action={after}{record}>{rung}</Dial></Response>'

    def _dial_customer(self, query: Mapping[str, str]) -> str:
        after = quoteattr(self._at(**{MESSAGE: query[MESSAGE]}))
        number = escape(dialled(query[TO]))
        caller = quoteattr(self.config.number)
        return f"<Response><Dial callerId={caller} action={after}><Number>{number}</Number></Dial></Response>"

    def _recording(self) -> str:
        return f' record="record-from-answer" recordingStatusCallback={quoteattr(self._at(**{RECORDED: "1"}))}'

    def _request(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Request:
        base = f"{self.config.api_base.rstrip('/')}/2010-04-01/Accounts/{self.config.account_sid}"
        password = f"{self.config.account_sid}:{self.config.auth_token}".encode()
        login = {"authorization": f"Basic {base64.b64encode(password).decode()}"}
        return Request(method, base + path, headers=login, form=fields or {})

    def _verify(self, hook: Hook, fields: Iterable[tuple[str, str]]) -> None:
        given = hook.headers.get("x-twilio-signature", "")
        expected = signature(self.config.auth_token, self._at(**hook.query), fields)
        if not self.config.auth_token or not same(given, expected):
            raise BadSignature


def roomy(request: Request) -> Download:
    """The same request with room for a recording."""
    return Download(request.method, request.url, headers=request.headers, timeout=120.0, max_bytes=RECORDING_LIMIT)


def form(hook: Hook) -> list[tuple[str, str]]:
    return parse_qsl(hook.body.decode(errors="replace"), keep_blank_values=True, errors="replace")


def signature(token: str, address: str, fields: Iterable[tuple[str, str]]) -> str:
    """Base64 of HMAC-SHA1 over the address and every field in order of its name, without anything between them."""
    signed = address + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def settle(response: Response, *, sends: bool = False) -> Answer:
    """The answer of a 2xx; for the rest the error that says what to do."""
    status = response.status
    try:
        answer = read_answer.decode(response.body)
    except NOT_READABLE as error:
        if status < 400:
            raise TryLater("Twilio's answer is not JSON", perhaps_sent=sends) from error
        answer = Answer()
    if 200 <= status < 300:
        return answer
    reason = f"Twilio: {storable(answer.message)[:200] or f'answer {status}'}"
    if status == 429 or answer.code == 20429:
        raise TryLater(reason, after=retry_after(response.headers, datetime.now(UTC)))
    if status in {401, 403, 404} or answer.code in OWNERS:
        raise NeedsOwner(f"{reason}. Check the Account SID, the token and the number.")
    if status >= 500:
        raise TryLater(reason, perhaps_sent=sends and status == 504)
    raise Undeliverable(reason, address_is_dead=answer.code in NO_SUCH_NUMBER)
