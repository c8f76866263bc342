"""Twilio Voice on loopback: asks the shop what to do with each call and does it; one telephone rings after another."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from xml.etree import ElementTree

from starlette.responses import Response

from prilavok.simulator.exchanges.exchange import Call, Exchange
from prilavok.simulator.office import Asked, RefusedError, answer

ACCOUNT, TOKEN, NUMBER = f"AC{'0' * 31}2", "demo-token-of-twilio-voice", "+15005550006"
CREATE = {"To", "From", "Url", "Method", "StatusCallback", "StatusCallbackMethod", "Timeout", "Record"}
STATUSES = {"answered": "completed", "no answer": "no-answer", "busy": "busy", "cancel": "canceled", "failed": "failed"}


class TwilioVoiceEmulator(Exchange):
    """`dialled` are the telephones of the shop that rang, in their order; `dials` what is being done with each call, as
    the shop said it.
    """

    title = "Twilio"
    keeps = (*Exchange.keeps, "dials")

    def __init__(self, *, number: str = NUMBER, **more: Any) -> None:
        super().__init__(number=number, **more)
        self.dialled: list[str] = []
        self.dials: dict[str, str] = {}
        self._turns = asyncio.Lock()  # Twilio does one thing after another
        base = rf"/2010-04-01/Accounts/{ACCOUNT}"
        self.route("GET", rf"{base}\.json", self._account)
        self.route("GET", rf"{base}/IncomingPhoneNumbers\.json", self._numbers)
        self.route("POST", rf"{base}/IncomingPhoneNumbers/(?P<sid>\w+)\.json", self._set_hook)
        self.route("POST", rf"{base}/Calls\.json", self._call, sends=True)
        self.route("GET", rf"{base}/Recordings/(?P<sid>RE\w+)\.mp3", self._recorded)

    def new_id(self) -> str:
        return f"CA{uuid4().hex}"

    def too_many(self, seconds: float) -> Response:
        return answer(
            {"code": 20429, "message": "Too Many Requests", "status": 429}, 429, {"retry-after": str(int(seconds))}
        )

    def began(self, call: Call) -> None:
        if not call.by_shop:
            self._do(partial(self._ask, call, self.hook, {**self._fields(call), "CallStatus": "ringing"}))

    def taken(self, call: Call) -> None:
        if not call.by_shop:
            self._do(partial(self._leg, call))

    def over(self, call: Call, how: str) -> None:
        self._do(partial(self._finish, call, how))

    def nobody_picks_up(self, number: str) -> None:
        """The telephone of the shop that rings is left; Twilio asks what next."""
        call = self._under_way(number, by_shop=False, state="ringing")
        self._do(partial(self._after_dial, call, "no answer"))

    async def _leg(self, call: Call) -> None:
        dial = self._dial(call)
        if dial is None:
            return
        [leg] = list(dial)
        fields = {**self._fields(call), "CallSid": self.new_id(), "ParentCallSid": call.id, "CallStatus": "in-progress"}
        await self._post(leg.attrib["statusCallback"], fields)

    async def _finish(self, call: Call, how: str) -> None:
        await self._after_dial(call, how)
        dial = self._dial(call)
        if dial is not None and dial.get("record") and how == "answered":
            recording = {"RecordingSid": f"RE{call.id[2:]}", "RecordingStatus": "completed", "CallSid": call.id}
            await self._post(dial.attrib["recordingStatusCallback"], recording)
        if not call.by_shop:
            await self._post(
                self.hook, {**self._fields(call), "CallStatus": "completed", "CallDuration": str(call.seconds)}
            )

    async def _after_dial(self, call: Call, how: str) -> None:
        dial = self._dial(call)
        if dial is None:
            return
        fields = {**self._fields(call), "CallStatus": "in-progress", "DialCallStatus": STATUSES[how]}
        if how == "answered":
            fields["DialCallDuration"] = str(call.seconds)
        await self._ask(call, dial.attrib["action"], fields)

    async def _ask(self, call: Call, url: str, fields: Mapping[str, str]) -> None:
        """What is to be done with the call. A document that Twilio would refuse ends it."""
        body = await self._post(url, fields)
        dial = ElementTree.fromstring(body).find("Dial")  # noqa: S314  our own shop's answer
        if dial is None:
            return
        [telephone] = list(dial)
        if telephone.tag not in {"Number", "Sip"} or not telephone.text:
            raise ValueError(f"Twilio dials no {telephone.tag}")
        self.dials[call.id] = ElementTree.tostring(dial, encoding="unicode")
        if not call.by_shop:
            self.dialled.append(telephone.text)

    def _dial(self, call: Call) -> ElementTree.Element | None:
        """None when the shop has not said yet what is to be done."""
        said = self.dials.get(call.id)
        return None if said is None else ElementTree.fromstring(said)  # noqa: S314  our own shop's answer

    async def _post(self, url: str, fields: Mapping[str, str]) -> bytes:
        signed = url + "".join(f"{name}{value}" for name, value in sorted(fields.items()))
        digest = hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": base64.b64encode(digest).decode(),
        }
        status, _, body = await self.knocker.post(url, headers, urlencode(fields).encode())
        return body if status == 200 else b"<Response/>"

    def _do(self, work: Callable[[], Awaitable[None]]) -> None:
        async def in_turn() -> None:
            async with self._turns:
                await work()

        self.knocker.after(0, lambda: self._kept(asyncio.ensure_future(in_turn())))

    def _kept(self, task: "asyncio.Task[None]") -> None:
        self.knocker._tasks.add(task)
        task.add_done_callback(self.knocker._tasks.discard)

    def _fields(self, call: Call) -> dict[str, str]:
        sides = (self.number, call.number) if call.by_shop else (call.number, self.number)
        direction = "outbound-api" if call.by_shop else "inbound"
        names = ("CallSid", "AccountSid", "From", "To", "ApiVersion", "Direction")
        return dict(zip(names, (call.id, ACCOUNT, *sides, "2010-04-01", direction), strict=True))

    def _login(self, asked: Asked) -> None:
        wanted = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if asked.request.headers.get("authorization") != f"Basic {wanted}":
            raise RefusedError(401, {"code": 20003, "message": "Authenticate", "status": 401})

    def _account(self, asked: Asked) -> Response:
        self._login(asked)
        return answer({"sid": ACCOUNT, "friendly_name": "The shop", "status": "active"})

    def _numbers(self, asked: Asked) -> Response:
        self._login(asked)
        found = [{"sid": f"PN{'0' * 32}"}] if asked.query.get("PhoneNumber") == self.number else []
        return answer({"incoming_phone_numbers": found})

    def _set_hook(self, asked: Asked) -> Response:
        self._login(asked)
        self.hook = asked.form["VoiceUrl"]
        return answer({"sid": asked.parts["sid"]})

    def _call(self, asked: Asked) -> Response:
        self._login(asked)
        form = asked.form
        self.requests.append(form)
        if set(form) - CREATE or not {"To", "From", "Url"} <= set(form) or form["From"] != self.number:
            raise RefusedError(400, {"code": 21210, "message": "Wrong parameters", "status": 400})
        sid = self.new_id()
        self._do(partial(self._agent_picks_up, form))
        return answer({"sid": sid, "status": "queued"}, 201)

    async def _agent_picks_up(self, form: Mapping[str, str]) -> None:
        """The agent has picked up, if there is one: what next? The customer's telephone, as the answer says."""
        leg = Call(self.new_id(), form["To"], by_shop=True, at=self.now())
        if not self.at_desk:
            await self._post(form["StatusCallback"], {**self._fields(leg), "CallStatus": "no-answer"})
            return
        await self._ask(leg, form["Url"], {**self._fields(leg), "CallStatus": "in-progress"})
        dial = self._dial(leg)
        if dial is not None:
            call = self.place(str(dial[0].text), form["To"], "")
            self.dials[call.id] = self.dials.pop(leg.id)

    def _recorded(self, asked: Asked) -> Response:
        self._login(asked)
        return Response(self.recording(), media_type="audio/mpeg")
