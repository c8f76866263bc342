"""Zadarma's own rules: how it signs and is asked, and that nothing rings but what was meant as a call."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from prilavok.channels.base import BadSignature, Hook, NeedsOwner, Outbound, Response, TryLater, Undeliverable
from prilavok.channels.zadarma import Zadarma, ZadarmaConfig, hex_signature
from tests.channels.reading import INBOX, form

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = {
    "event": "NOTIFY_START",
    "call_start": "2026-11-20 10:15:00",
    "pbx_call_id": "in_1",
    "caller_id": "+380501234567",
    "called_did": "+380441234567",
}


def zadarma(**settings: Any) -> Zadarma:
    return Zadarma(ZadarmaConfig(**{"key": "zd-key", "secret": "zd-secret", "extension": "101", **settings}), INBOX)


def outbound(**more: Any) -> Outbound:
    return Outbound(message_id="m", conversation_id="c", address="+380501234567", text="About order 7", **more)


def said(code: int, **body: Any) -> Response:
    return Response(code, {}, json.dumps(body).encode())


def test_the_signature_is_the_one_that_zadarma_computes() -> None:
    # Vector: base64 of the letters of the hexadecimal digest.
    made = hex_signature("zd-secret", "+380501234567+3804412345672026-11-20 10:15:00")
    assert made == "OTA5MDdjNzllNjBhZGEyNGExODdlYjJjYjQzMjZlMWYwNGViOTFjZA=="
    hook = Hook(form(START), {"signature": made}, NOW)
    assert len(list(zadarma().parse(hook))) == 1


def test_an_event_is_checked_by_its_own_fields() -> None:
    made = hex_signature("zd-secret", "+380501234567+3804412345672026-11-20 10:15:00")
    for event in ("NOTIFY_ANSWER", "NOTIFY_RECORD", "NOTIFY_OUT_END", "NOTIFY_SURPRISE", ""):
        with pytest.raises(BadSignature):
            list(zadarma().parse(Hook(form({**START, "event": event}), {"signature": made}, NOW)))


def test_zadarmas_question_is_answered_with_its_own_word() -> None:
    hook = Hook(b"", {}, NOW, query={"zd_echo": "a1b2c3"}, method="GET")
    assert zadarma().answer(hook).body == b"a1b2c3"
    with pytest.raises(BadSignature):
        list(zadarma().parse(Hook(b"", {}, NOW, query={"zd_echo": "<b>"}, method="GET")))


def test_a_text_never_rings() -> None:
    with pytest.raises(Undeliverable, match="not written to"):
        next(zadarma().send(outbound()))


def test_a_call_rings_the_agent_first_and_then_the_customer() -> None:
    asked = next(zadarma().send(outbound(call={"extension": "102"})))
    assert asked.url == "https://api.zadarma.com/v1/request/callback/?from=102&to=380501234567"
    # HMAC-SHA1 over the method, the fields by name and their MD5; base64 of its letters.
    assert asked.headers["authorization"] == "zd-key:NjIwYTNkNmQ0NWQ5NzM3NzBkMGI4OWUwYmMyNzQ5OTJmOTA0MjVkYw=="
    assert "from=101" in next(zadarma().send(outbound(call={"ring": True}))).url


def test_a_recording_that_is_not_ready_is_asked_for_again() -> None:
    dialogue = zadarma().fetch("1679301234.567890")
    assert "call_id=1679301234.567890&lifetime=3600" in next(dialogue).url
    with pytest.raises(TryLater) as later:
        dialogue.send(said(400, status="error", message="Record not found"))
    assert later.value.after == 30
    dialogue = zadarma().fetch("1")
    next(dialogue)
    asked = dialogue.send(said(200, status="success", link="https://files.example/1.mp3"))
    assert (asked.url, asked.headers) == ("https://files.example/1.mp3", {})
    with pytest.raises(StopIteration) as end:
        dialogue.send(Response(200, {}, b"ID3"))
    assert (end.value.value.data, end.value.value.type) == (b"ID3", "audio/mpeg")


def test_the_owner_sees_the_balance_and_hears_of_a_wrong_extension() -> None:
    dialogue = zadarma().check()
    next(dialogue)
    with pytest.raises(StopIteration) as end:
        dialogue.send(said(200, status="success", balance=10.34, currency="USD"))
    assert end.value.value.note == "Balance: 10.34 USD"
    with pytest.raises(NeedsOwner, match="101"):
        next(zadarma(extension="reception").check())
