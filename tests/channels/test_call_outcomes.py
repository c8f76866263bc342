"""How a call of ours may end, in each vendor's own words: every line tells it by the same few."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from prilavok.channels.base import CallOutcome, Hook, ReceiptCame
from prilavok.channels.mango import seal
from prilavok.channels.registry import all_channels
from prilavok.channels.twilio_voice import signature
from prilavok.domain.calling import called_in_vain
from tests.channels.reading import INBOX, channel, form, sealed

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
MESSAGE, MARTA = "01900000-0000-7000-8000-00000000aaaa", "380501234567"


def zadarma(disposition: str, cause: str = "31") -> Hook:
    told = {"event": "NOTIFY_OUT_END", "call_start": "2026-11-23 10:00:00", "internal": "101", "destination": MARTA}
    return sealed("zadarma", form({**told, "disposition": disposition, "status_code": cause}), {}, NOW)


def binotel(disposition: str) -> Hook:
    call = {"generalCallID": "1", "callType": "1", "externalNumber": "0501234567", "disposition": disposition}
    call["billsec"] = "9" if disposition == "ANSWER" else "0"
    fields = {f"callDetails[{name}]": value for name, value in call.items()}
    return Hook(form({"requestType": "apiCallCompleted", **fields}), {}, NOW)


def mango(reason: int | None, talked: bool = False) -> Hook:
    sides = {"entry_id": "X1", "call_direction": 2, "from": {"extension": "360"}, "to": {"number": MARTA}}
    ended = {"entry_result": int(talked), "talk_time": 100 if talked else 0, "end_time": 109}
    return mango_says({**sides, **ended, **({"disconnect_reason": reason} if reason else {})})


def mango_refuses(result: int) -> Hook:
    return mango_says({"command_id": MESSAGE, "result": result})


def mango_says(told: dict[str, Any]) -> Hook:
    text = json.dumps(told)
    return Hook(form({"vpbx_api_key": "123", "sign": seal("123", text, "789"), "json": text}), {}, NOW)


def asterisk(dialstatus: str) -> Hook:
    told = {"type": "Dial", "caller": {"id": MESSAGE}, "peer": {"id": "1"}, "dialstatus": dialstatus}
    return Hook(json.dumps(told).encode(), {}, NOW)


def asterisk_ends(cause: int) -> Hook:
    """The agent's own channel, before anybody was dialled."""
    told = {"type": "ChannelDestroyed", "channel": {"id": MESSAGE}, "cause": cause}
    return Hook(json.dumps(told).encode(), {}, NOW)


def sip(state: str) -> Hook:
    event = {"event": "outgoing", "id": MESSAGE, "state": state}
    return sealed("sip", json.dumps({"events": [event]}).encode(), {}, NOW)


def twilio(**fields: str) -> Hook:
    told, query = {"CallSid": f"CA{'0' * 31}1", "Direction": "outbound-api", **fields}, {"m": MESSAGE}
    where = f"{INBOX.hook_url}?{urlencode(query)}"
    token = channel("twilio_voice").config.auth_token
    return Hook(form(told), {"x-twilio-signature": signature(token, where, told.items())}, NOW, query=query)


def customer(status: str) -> Hook:
    return twilio(CallStatus="in-progress", DialCallStatus=status)


def agent(status: str) -> Hook:
    return twilio(CallStatus=status)


Ends = list[tuple[Callable[..., Hook], tuple[Any, ...], str]]
ENDS: dict[str, Ends] = {
    "zadarma": [
        (zadarma, ("answered", "16"), "answered"),
        (zadarma, ("no answer", "19"), "no_answer"),
        (zadarma, ("busy", "17"), "busy"),
        (zadarma, ("cancel", "16"), "cancelled"),
        (zadarma, ("unallocated number", "1"), "unreachable"),
        (zadarma, ("failed", "20"), "unreachable"),
        (zadarma, ("failed", "38"), "failed"),
        *((zadarma, (words,), "failed") for words in ("no money", "line limit", "no money, no limit", "what is new")),
    ],
    "binotel": [
        (binotel, ("ANSWER",), "answered"),
        (binotel, ("NOANSWER",), "no_answer"),
        (binotel, ("BUSY",), "busy"),
        (binotel, ("CANCEL",), "cancelled"),
        (binotel, ("CHANUNAVAIL",), "unreachable"),
        *((binotel, (words,), "failed") for words in ("CONGESTION", "FAILED", "VM", "what is new")),
    ],
    "mango": [
        (mango, (1110, True), "answered"),
        *((mango, (code,), "no_answer") for code in (None, 1111, 1120, 1999)),
        *((mango, (code,), "busy") for code in (1121, 1122, 1123)),
        (mango, (1110,), "cancelled"),
        *((mango, (code,), "unreachable") for code in (1131, 1132, 1133)),
        (mango, (1124,), "agent_no_answer"),
        *((mango, (code,), "failed") for code in (1130, 1140)),
        (mango_refuses, (3102,), "failed"),
    ],
    "asterisk": [
        (asterisk, ("ANSWER",), "answered"),
        (asterisk, ("NOANSWER",), "no_answer"),
        (asterisk, ("BUSY",), "busy"),
        (asterisk, ("CANCEL",), "cancelled"),
        (asterisk, ("CHANUNAVAIL",), "unreachable"),
        (asterisk, ("CONGESTION",), "failed"),
        *((asterisk_ends, (cause,), "agent_no_answer") for cause in (17, 18, 19, 20, 21)),
    ],
    "sip": [(sip, (outcome.value,), outcome.value) for outcome in CallOutcome],
    "twilio_voice": [
        *((customer, (status,), "answered") for status in ("completed", "answered")),
        (customer, ("no-answer",), "no_answer"),
        (customer, ("busy",), "busy"),
        (customer, ("canceled",), "cancelled"),
        *((customer, (status,), "failed") for status in ("failed", "what is new")),
        *((agent, (status,), "agent_no_answer") for status in ("busy", "no-answer", "canceled", "failed")),
    ],
}


def test_every_telephone_is_here() -> None:
    assert {kind for kind, one in all_channels().items() if one.capabilities.voice} - {"bell"} == ENDS.keys()


@pytest.mark.parametrize("kind", ENDS)
def test_however_a_call_ends_the_line_says_which_of_the_few_ends_it_is(kind: str) -> None:
    for ends, words, expected in ENDS[kind]:
        [came] = channel(kind).parse(ends(*words))
        assert isinstance(came, ReceiptCame), words
        assert (came.outcome, came.receipt) == (expected, "read" if expected == "answered" else "failed"), words


def test_only_a_customer_who_was_called_and_not_spoken_to_is_written_to() -> None:
    assert [one for one in CallOutcome if called_in_vain(one)] == ["no_answer", "busy", "unreachable"]
    assert not called_in_vain(None)
