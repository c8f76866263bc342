"""Viber's own rules: what a reply becomes, what is said to a stranger, and which numbers survive."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.channels.base import (
    Attachment,
    BadSignature,
    Button,
    Hook,
    NeedsOwner,
    Outbound,
    Pause,
    Response,
    TryLater,
    Undeliverable,
)
from prilavok.channels.viber import Viber, ViberConfig, updates
from prilavok.domain.errors import BadInput
from prilavok.simulator.viber.contract import accepted, check_message, read_send, read_welcome
from tests.channels.reading import INBOX

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FILES = "https://shop.example/files/1"
JPEG = Attachment("a.jpg", "image/jpeg", data=b"\xff\xd8jpeg", url=f"{FILES}/a.jpg?s=1.a")
PDF = Attachment("bill.pdf", "application/pdf", data=b"%PDF", url=f"{FILES}/bill.pdf?s=1.a")
MP4 = Attachment("a.mp4", "video/mp4", data=b"mp4", url=f"{FILES}/a.mp4?s=1.a")


def viber(**more: Any) -> Viber:
    return Viber(ViberConfig(**{"auth_token": "viber-auth-token", **more}), INBOX)


def outbound(text: str = "Hello", **more: Any) -> Outbound:
    return Outbound(message_id="m", conversation_id="c", address="01234567890A=", text=text, **more)


def requests(message: Outbound) -> list[dict[str, Any]]:
    """The messages as they go over the wire, each held against what Viber takes."""
    dialogue = viber().deliver(message)
    found, asked = [], next(dialogue)
    while True:
        accepted(read_send, asked.body)
        found.append(msgspec.json.decode(asked.body))
        try:
            asked = dialogue.send(ok(len(found)))
        except StopIteration:
            return found


def ok(token: int) -> Response:
    return Response(200, {}, json.dumps({"status": 0, "status_message": "ok", "message_token": token}).encode())


def test_a_text_goes_under_the_shops_name() -> None:
    assert requests(outbound()) == [
        {"receiver": "01234567890A=", "sender": {"name": "Lamps & Co"}, "type": "text", "text": "Hello"}
    ]


def test_a_short_text_goes_under_the_only_picture_and_a_long_one_before_it() -> None:
    (one,) = requests(outbound("look", attachments=(JPEG,)))
    assert (one["type"], one["text"], one["media"]) == ("picture", "look", JPEG.url)
    kinds = [one["type"] for one in requests(outbound("x" * 513, attachments=(JPEG, MP4, PDF)))]
    assert kinds == ["text", "picture", "video", "file"]


def test_what_is_too_large_for_a_picture_goes_as_a_file() -> None:
    (one,) = requests(outbound("", attachments=(replace(JPEG, data=b"x" * 1_048_577),)))
    assert (one["type"], one["size"], one["file_name"]) == ("file", 1_048_577, "a.jpg")


def test_a_file_without_an_address_cannot_go() -> None:
    with pytest.raises(Undeliverable, match="no address"):
        requests(outbound("", attachments=(replace(PDF, url=None),)))


def test_only_buttons_that_carry_something_are_silent() -> None:
    buttons = (Button("Yes <b>", data="o:7:yes"), Button("Thanks"), Button("Order", url="https://shop.example/o/1"))
    (one,) = requests(outbound("Right?", buttons=buttons))
    yes, thanks, order = one["keyboard"]["Buttons"]
    assert json.loads(yes["ActionBody"]) == ["Yes <b>", "o:7:yes"]
    assert (yes["Text"], yes["Silent"], one["min_api_version"]) == ("Yes &lt;b&gt;", True, 6)
    assert (thanks["ActionBody"], thanks.get("Silent")) == ("Thanks", None)
    assert (order["ActionType"], order["ActionBody"]) == ("open-url", "https://shop.example/o/1")


def test_a_long_text_of_wide_signs_fits_into_30_kilobytes_a_message() -> None:
    text = "𝄞" * 7000
    sent = requests(outbound(text))
    assert len(sent) == 2
    assert "".join(one["text"] for one in sent) == text


@given(
    text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=7000),
    buttons=st.lists(
        st.builds(Button, st.text(min_size=1, max_size=80), st.text(max_size=250), st.just("")), max_size=10
    ),
    files=st.lists(st.sampled_from([JPEG, PDF, MP4]), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_whatever_we_send_is_what_viber_takes(text: str, buttons: list[Button], files: list[Attachment]) -> None:
    message = outbound(text, buttons=tuple(buttons), attachments=tuple(files))
    if not viber().capabilities.refusal(message):
        assert requests(message)


def test_a_message_of_which_a_part_is_out_is_never_begun_anew() -> None:
    message = outbound("x" * 600, attachments=(PDF,))
    dialogue = viber().deliver(message)
    next(dialogue)
    dialogue.send(ok(1))
    with pytest.raises(TryLater) as later:
        dialogue.send(Response(502, {}, b""))
    assert later.value.perhaps_sent
    dialogue = viber().deliver(message)
    next(dialogue)
    dialogue.send(ok(1))
    assert dialogue.send(Response(429, {"retry-after": "2"}, b"")) == Pause(2.0)
    dialogue.send(None)
    with pytest.raises(StopIteration) as end:
        dialogue.send(ok(2))
    assert (end.value.value.provider_id, end.value.value.more_ids) == ("1", ("2",))


def hook(body: Any, **more: Any) -> Hook:
    raw = json.dumps({"event": "conversation_started", "message_token": 1, **body, **more}).encode()
    return Hook(raw, {}, NOW)


def test_a_stranger_is_welcomed_in_their_language_and_given_a_button() -> None:
    for language, words in (("uk", "Це Lamps & Co."), ("ru-RU", "Это Lamps & Co."), ("de", "This is Lamps & Co.")):
        answer = viber().answer(hook({"user": {"id": "A=", "language": language}}))
        message = read_welcome.decode(answer.body)
        check_message(message)
        assert message.text.startswith(words)
        assert message.keyboard is not None
    assert b"Our hours" in viber(welcome="Our hours: 9-18").answer(hook({"user": {"id": "A="}})).body


@pytest.mark.parametrize(
    "body", [{"user": {"id": "A="}, "subscribed": True}, {"event": "message"}, {"event": "subscribed"}, {}]
)
def test_nobody_else_is_welcomed(body: dict[str, Any]) -> None:
    assert viber().answer(hook(body)).body == b"{}"


def test_vibers_own_vector_is_accepted_and_only_with_its_own_token() -> None:
    body = '{"event":"message","timestamp":1795300500,"message_token":5741311803571721087,'
    body += '"message":{"type":"text","text":"Привіт"}}'
    value = "a6209e457039d5971d3962d9f441ce9dde372a31050a5d7fb33e5369d8adf622"
    signed = Hook(body.encode(), {"x-viber-content-signature": value}, NOW)
    assert len(list(viber().parse(signed))) == 1
    for wrong in (viber(auth_token="another"), viber(auth_token="")):
        with pytest.raises(BadSignature):
            list(wrong.parse(signed))
    with pytest.raises(BadSignature):
        list(viber().parse(replace(signed, body=signed.body + b" ")))


@pytest.mark.parametrize("token", [2**63 + 1, 4912661846655238145, "4912661846655238145", 1 << 64, -1])
def test_a_token_of_64_bits_keeps_every_digit(token: Any) -> None:

    body = json.dumps({"event": "seen", "message_token": token, "user_id": "A="}).encode()
    if isinstance(token, int) and not 0 <= token < 1 << 64:
        with pytest.raises(BadInput):
            updates.inbound(body, NOW)
    else:
        (came,) = updates.inbound(body, NOW)
        assert came.provider_id == str(token)  # type: ignore[union-attr]


def test_the_owner_is_told_where_the_bot_is_connected_now() -> None:
    dialogue = viber().check()
    asked = next(dialogue)
    assert (asked.url, asked.headers["x-viber-auth-token"]) == (
        "https://chatapi.viber.com/pa/get_account_info",
        "viber-auth-token",
    )
    profile = {"status": 0, "name": "Lamps", "uri": "lamps", "webhook": "https://crm.example/hook"}
    with pytest.raises(StopIteration) as end:
        dialogue.send(Response(200, {}, json.dumps(profile).encode()))
    assert (end.value.value.handle, "crm.example" in end.value.value.note) == ("lamps", True)


def test_an_address_that_viber_cannot_reach_is_the_owners_to_repair() -> None:
    dialogue = viber().connect()
    fields = msgspec.json.decode(next(dialogue).body)
    assert (fields["url"], "seen" in fields["event_types"]) == (INBOX.hook_url, True)
    with pytest.raises(NeedsOwner, match="https"):
        dialogue.send(Response(200, {}, b'{"status":1,"status_message":"invalidUrl"}'))


def test_a_hand_made_signature_is_made_over_the_raw_bytes() -> None:
    spaced = b'{ "event" : "subscribed" , "message_token" : 7 }'
    digest = hmac.new(b"viber-auth-token", spaced, hashlib.sha256).hexdigest()
    assert len(list(viber().parse(Hook(spaced, {"x-viber-content-signature": digest}, NOW)))) == 1


def test_the_link_brings_the_token_along() -> None:
    assert viber().deep_link("lamps", "k3Jq") == "viber://pa?chatURI=lamps&context=k3Jq"
