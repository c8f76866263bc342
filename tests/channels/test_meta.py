"""Messenger's and Instagram's own rules: what a reply becomes, and what the owner is told."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prilavok.channels.base import (
    Attachment,
    BadSignature,
    Button,
    Hook,
    NeedsOwner,
    Outbound,
    Request,
    Response,
    TryLater,
    Undeliverable,
)
from prilavok.channels.meta import sending
from prilavok.channels.meta.verdicts import settle
from prilavok.simulator.meta.contract import accepted, read_send
from tests.channels.reading import channel

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PNG = Attachment("a.png", "image/png", data=b"\x89PNG", kind="image")
PDF = Attachment("bill.pdf", "application/pdf", data=b"%PDF")
KINDS = pytest.mark.parametrize("kind", ["messenger", "instagram"])


def outbound(text: str = "Hello", **more: Any) -> Outbound:
    return Outbound("m-1", "c", more.pop("address", "6500000000000001"), text, **more)


def talk(kind: str, message: Outbound) -> list[Request]:
    """Every request of a send that is taken."""
    dialogue, asked_for = sending.send(channel(kind).line, message), []
    try:
        asked = next(dialogue)
        while True:
            asked_for.append(asked)
            body = {"message_id": f"m_{len(asked_for)}", "attachment_id": "17", "id": "900_1"}
            asked = dialogue.send(Response(200, {}, json.dumps(body).encode()))
    except StopIteration:
        return asked_for


def messages(kind: str, message: Outbound) -> list[Any]:
    found = [one for one in talk(kind, message) if one.url.endswith("/me/messages")]
    return [json.loads(one.body or b"") for one in found]


@KINDS
def test_a_short_answer_is_a_quick_reply_and_a_long_one_a_number(kind):
    [said] = messages(kind, outbound(buttons=(Button("Так", "o:7:yes"), Button("Ні"))))
    assert [(one["title"], one["payload"]) for one in said["message"]["quick_replies"]] == [
        ("Так", "o:7:yes"),
        ("Ні", "Ні"),
    ]
    [said] = messages(kind, outbound(buttons=(Button("Передзвоніть мені завтра вранці"), Button("Ні"))))
    assert said["message"]["text"] == "Hello\n1. Передзвоніть мені завтра вранці\n2. Ні"
    assert "quick_replies" not in said["message"]


@KINDS
def test_a_link_can_be_pressed_where_there_is_room_and_is_written_out_where_not(kind):
    link = Button("Відстежити", url="https://shop.test/o/1")
    [said] = messages(kind, outbound(buttons=(Button("Так", "yes"), link)))
    payload = said["message"]["attachment"]["payload"]
    assert [one["type"] for one in payload["buttons"]] == ["postback", "web_url"]
    [said] = messages(kind, outbound(buttons=(*(Button(f"{number}") for number in range(4)), link)))
    assert said["message"]["text"] == "Hello\nВідстежити: https://shop.test/o/1"
    assert len(said["message"]["quick_replies"]) == 4


def test_our_own_id_goes_along_where_it_comes_back():
    assert messages("messenger", outbound())[0]["message"]["metadata"] == "m-1"
    assert "metadata" not in messages("instagram", outbound())[0]["message"]


@KINDS
def test_files_are_uploaded_and_named_by_their_id(kind):
    upload, picture, other, document, text = talk(kind, outbound(attachments=(PNG, PDF)))
    assert upload.files[0][3] == PNG.data
    assert ("platform" in upload.form) is (kind == "instagram")
    assert json.loads(picture.body or b"")["message"]["attachment"] == {
        "type": "image",
        "payload": {"attachment_id": "17"},
    }
    assert other.files[0][1] == "bill.pdf"
    assert json.loads(document.body or b"")["message"]["attachment"]["type"] == "file"
    assert json.loads(text.body or b"")["message"]["text"] == "Hello"


@KINDS
def test_after_the_window_only_a_person_writes(kind):
    [said] = messages(kind, outbound(window_shut=True))
    assert (said["messaging_type"], said["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    with pytest.raises(Undeliverable, match="24 hours"):
        talk(kind, outbound(window_shut=True, automatic=True))


@KINDS
def test_a_comment_is_answered_where_it_stands(kind):
    [asked] = talk(kind, outbound(public=True, replies_to="900_901"))
    edge = {"messenger": "comments", "instagram": "replies"}[kind]
    assert asked.url.endswith(f"/900_901/{edge}")
    assert json.loads(asked.body or b"") == {"message": "Hello"}
    with pytest.raises(Undeliverable, match="needs the comment"):
        talk(kind, outbound(public=True))
    with pytest.raises(Undeliverable, match="words only"):
        talk(kind, outbound(public=True, replies_to="900_901", attachments=(PNG,)))
    [hostile] = talk(kind, outbound(public=True, replies_to="../me/messages?x="))
    assert hostile.url.endswith(f"/..%2Fme%2Fmessages%3Fx%3D/{edge}")


@KINDS
def test_a_private_answer_to_a_comment_is_one_message(kind):
    [said] = messages(kind, outbound(private_to="900_901", window_shut=True, automatic=True))
    assert said["recipient"] == {"comment_id": "900_901"}
    assert said["messaging_type"] == "RESPONSE"
    with pytest.raises(Undeliverable, match="one message only"):
        talk(kind, outbound(private_to="900_901", attachments=(PNG,)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(["messenger", "instagram"]),
    text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=2000),
    buttons=st.lists(
        st.builds(
            Button,
            st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40),
            st.text(max_size=30),
            st.sampled_from(["", "", "https://shop.test/o/1"]),
        ),
        max_size=15,
    ),
    files=st.lists(st.sampled_from([PNG, PDF]), max_size=2),
)
def test_whatever_we_send_is_what_meta_takes(kind, text, buttons, files):
    message = outbound(text, buttons=tuple(buttons), attachments=tuple(files))
    if not (text.strip() or files):
        return
    for said in messages(kind, message):
        taken = accepted(read_send, json.dumps(said).encode())
        assert kind == "messenger" or len(taken.message.text.encode()) <= 1000


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.sampled_from("абв xyz\n😀"), max_size=3000))
def test_a_text_that_is_cut_by_bytes_loses_no_word(text):
    pieces = list(sending.split(text, 1000, 1000))
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(one.encode()) <= 1000 for one in pieces)


@pytest.mark.parametrize(
    ("sub", "says"),
    [
        (458, "removed"),
        (459, "sign in"),
        (460, "password"),
        (463, "run out"),
        (464, "confirmed"),
        (467, "taken back"),
        (0, "not valid"),
    ],
)
def test_a_dead_token_says_why_and_what_to_do(sub, says):
    body = {"error": {"code": 190, "error_subcode": sub, "message": "Error validating access token"}}
    with pytest.raises(NeedsOwner, match=says) as raised:
        settle(Response(400, {}, json.dumps(body).encode()))
    assert "new access token" in raised.value.reason


@KINDS
def test_metas_question_is_answered_with_its_own_word(kind):
    query = {"hub.mode": "subscribe", "hub.verify_token": "our-own-word", "hub.challenge": "1158201444"}
    hook = Hook(b"", {}, NOW, query, "GET")
    assert list(channel(kind).parse(hook))
    assert channel(kind).answer(hook).body == b"1158201444"
    assert channel(kind).answer(replace(hook, query={"hub.challenge": "<script>"})).body == b"{}"
    with pytest.raises(BadSignature):
        channel(kind).parse(replace(hook, query={**query, "hub.mode": "unsubscribe"}))


@KINDS
def test_a_signature_is_over_the_bytes_as_they_came(kind):
    """Meta's escapes must not be read and written again before they are checked."""
    body = b'{"object":"page","entry":[{"id":"1","text":"\\u041f\\/"}]}'
    bound = type(channel(kind))(
        msgspec.structs.replace(channel(kind).config, app_secret="app-secret"), channel(kind).inbox
    )
    made = hmac.new(b"app-secret", body, hashlib.sha256).hexdigest()
    assert bound.parse(Hook(body, {"x-hub-signature-256": f"sha256={made}"}, NOW))
    for wrong in (f"sha1={made}", made, f"sha256={made.upper()}", f"sha256={made[:-1]}"):
        with pytest.raises(BadSignature):
            bound.parse(Hook(body, {"x-hub-signature-256": wrong}, NOW))
    with pytest.raises(BadSignature):
        bound.parse(Hook(body.replace(b"\\/", b"/"), {"x-hub-signature-256": f"sha256={made}"}, NOW))


@KINDS
def test_a_name_instead_of_the_number_is_explained(kind):
    field = {"messenger": "page_id", "instagram": "account_id"}[kind]
    config = msgspec.structs.replace(channel(kind).config, **{field: "my.shop"})
    with pytest.raises(NeedsOwner, match="long number"):
        next(type(channel(kind))(config, channel(kind).inbox).check())


def test_instagrams_own_login_speaks_for_itself():
    config = msgspec.structs.replace(channel("instagram").config, api_base="https://graph.instagram.com/v23.0")
    bound = type(channel("instagram"))(config, channel("instagram").inbox)
    assert bound.line.platform == ""
    assert next(bound.connect()).url == "https://graph.instagram.com/v23.0/17841400000000001/subscribed_apps"


@KINDS
def test_half_of_a_message_is_not_sent_twice(kind):
    dialogue = sending.send(channel(kind).line, outbound(attachments=(PNG,)))
    next(dialogue)
    dialogue.send(Response(200, {}, b'{"attachment_id":"17"}'))
    dialogue.send(Response(200, {}, b'{"message_id":"m_1"}'))
    with pytest.raises(TryLater) as raised:
        dialogue.send(Response(500, {}, b"{}"))
    assert raised.value.perhaps_sent
