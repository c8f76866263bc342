"""Twilio's own rules: whose callback it is, what a text becomes, where our password may go."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from prilavok.channels.base import (
    BadSignature,
    Button,
    Hook,
    NeedsOwner,
    Outbound,
    Receipt,
    ReceiptCame,
    Response,
    Undeliverable,
)
from prilavok.channels.twilio import Twilio, TwilioConfig, form, signature
from tests.channels.reading import INBOX
from tests.channels.reading import form as posted
from tests.channels.vendors_schema import Slice

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SID = "AC00000000000000000000000000000001"
STATUS = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+380501234567"}
MESSAGE = "01900000-0000-7000-8000-00000000aaaa"


def twilio(**settings: Any) -> Twilio:
    given = {"account_sid": SID, "auth_token": "12345", "sender": "+15005550006", **settings}
    return Twilio(TwilioConfig(**given), INBOX)


def outbound(text: str = "Hello", **more: Any) -> Outbound:
    return Outbound(
        message_id=MESSAGE, conversation_id="c", address=more.pop("address", "+380501234567"), text=text, **more
    )


def answer(dialogue: Any, status: int, body: Any) -> Any:
    return dialogue.send(Response(status, {}, json.dumps(body).encode()))


def test_the_signature_is_the_one_that_twilio_computes() -> None:
    # Vector: the address, then Body, From, MessageSid, To; HMAC-SHA1 with the token 12345.
    fields = {"To": "+15005550006", "From": "+380501234567", "Body": "Привет", "MessageSid": "SM1"}
    made = signature("12345", "https://example.com/twilio/sms?tenant=1", fields.items())
    assert made == "33alizLWlqQK/343ND4HrbCdK7Y="


def test_a_receipt_names_our_own_message_and_is_signed_with_that_address() -> None:
    asked = next(twilio().send(outbound()))
    called = urlsplit(asked.form["StatusCallback"])
    body = posted(STATUS)
    seal = signature("12345", asked.form["StatusCallback"], form(body))
    query = {name: values[0] for name, values in parse_qs(called.query).items()}
    hook = Hook(body, {"x-twilio-signature": seal}, NOW, query=query)
    (came,) = twilio().parse(hook)
    assert isinstance(came, ReceiptCame)
    assert (came.message_id, came.receipt) == (MESSAGE, Receipt.DELIVERED)
    with pytest.raises(BadSignature):  # the same receipt for another message
        list(twilio().parse(replace(hook, query={"m": "01900000-0000-7000-8000-00000000bbbb"})))


def test_behind_a_proxy_the_address_at_twilio_counts() -> None:
    elsewhere = "https://sms.shop.example/in?tenant=7"
    body = posted(STATUS)
    hook = Hook(body, {"x-twilio-signature": signature("12345", elsewhere, form(body))}, NOW, query={"tenant": "7"})
    assert len(list(twilio(webhook_url=elsewhere).parse(hook))) == 1
    with pytest.raises(BadSignature):
        list(twilio().parse(hook))


def test_an_answer_to_twilio_never_says_anything_to_the_customer() -> None:
    said = twilio().answer(Hook(b"", {}, NOW))
    assert said.body == b"<Response/>"
    assert said.content_type == "text/xml"


def test_buttons_are_written_out_with_numbers_and_links_with_their_address() -> None:
    buttons = (Button("Confirm", "ok"), Button("Change"), Button("Order", url="https://shop.example/o"))
    asked = next(twilio().send(outbound("Right?", buttons=buttons)))
    assert asked.form["Body"] == "Right?\n1. Confirm\n2. Change\nOrder: https://shop.example/o"


def test_a_text_that_its_buttons_make_too_long_is_not_sent() -> None:
    with pytest.raises(Undeliverable, match="longer"):
        next(twilio().send(outbound("x" * 1595, buttons=(Button("Confirm"),))))


def test_a_messaging_service_sends_under_its_own_name() -> None:
    service = f"MG{'0' * 32}"
    fields = next(twilio(sender=service).send(outbound())).form
    assert fields["MessagingServiceSid"] == service
    assert "From" not in fields


def test_the_password_goes_to_twilios_address_only() -> None:
    for where in (
        "https://evil.example/Media/1",
        "http://api.twilio.com/Media/1",
        "https://api.twilio.com.evil.example/",
    ):
        with pytest.raises(Undeliverable, match="not kept"):
            next(twilio().fetch(where))
    dialogue = twilio().fetch("https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1")
    assert next(dialogue).headers["authorization"].startswith("Basic ")
    with pytest.raises(StopIteration) as end:
        dialogue.send(Response(200, {"content-type": "image/jpeg"}, b"\xff\xd8"))
    assert (end.value.value.type, end.value.value.data) == ("image/jpeg", b"\xff\xd8")


def test_the_owner_hears_at_once_what_is_wrong_with_the_settings() -> None:
    with pytest.raises(NeedsOwner, match="begins with AC"):
        next(twilio(account_sid="12").check())
    dialogue = twilio().check()
    next(dialogue)
    with pytest.raises(NeedsOwner, match="suspended"):
        answer(dialogue, 200, {"friendly_name": "Lamps", "status": "suspended"})


def test_a_name_as_sender_is_said_to_be_one_way() -> None:
    dialogue = twilio(sender="Lamps").check()
    next(dialogue)
    with pytest.raises(StopIteration) as end:
        answer(dialogue, 200, {"friendly_name": "Lamps & Co", "status": "active"})
    assert end.value.value.name == "Lamps & Co"
    assert "cannot write back" in end.value.value.note
    assert list(twilio(sender="Lamps").connect()) == []


def test_connecting_points_the_number_at_our_hook() -> None:
    dialogue = twilio().connect()
    assert next(dialogue).url.endswith("/IncomingPhoneNumbers.json?PhoneNumber=%2B15005550006")
    asked = answer(dialogue, 200, {"incoming_phone_numbers": [{"sid": "PN1"}]})
    assert asked.url.endswith("/IncomingPhoneNumbers/PN1.json")
    assert asked.form == {"SmsUrl": INBOX.hook_url, "SmsMethod": "POST"}
    with pytest.raises(StopIteration):
        answer(dialogue, 200, {"sid": "PN1"})
    dialogue = twilio().connect()
    next(dialogue)
    with pytest.raises(NeedsOwner, match="not among the numbers"):
        answer(dialogue, 200, {"incoming_phone_numbers": []})


def test_what_we_send_fits_twilios_schema() -> None:
    schema = Slice("twilio/create-message.slice.json")
    assert schema.refuses("CreateMessage", dict(next(twilio().send(outbound())).form)) == []
    service = twilio(sender=f"MG{'0' * 32}")
    assert schema.refuses("CreateMessage", dict(next(service.send(outbound())).form)) == []
    assert schema.refuses("CreateMessage", {"Body": "x", "Surprise": "1"}) == [
        "CreateMessage lacks To",
        "CreateMessage knows no Surprise",
    ]


def test_a_body_that_is_no_form_is_signed_by_its_digest_in_the_address() -> None:
    # Vector: only the address is signed, and it names the SHA-256 of the body.
    digest = "ebc2c4ea03938ee05e18c1a712d9fa02de923d6f2db34b68fe1f8dcf651e479d"
    bound = twilio(webhook_url="https://example.com/twilio/json")
    seal = {"x-twilio-signature": "tPkY7GR+Yn39/4Uih12GNwtRW6w="}
    hook = Hook(b'{"event":"x"}', seal, NOW, query={"bodySHA256": digest})
    assert [type(one).__name__ for one in bound.parse(hook)] == ["Unknown"]
    with pytest.raises(BadSignature):
        list(bound.parse(replace(hook, body=b'{"event":"y"}')))


@pytest.mark.parametrize(
    ("ours", "signed"),
    [
        ("https://sms.shop.example/in", "https://sms.shop.example:443/in"),
        ("https://sms.shop.example:443/in", "https://sms.shop.example/in"),
    ],
)
def test_twilio_may_sign_the_usual_port_or_leave_it_out(ours: str, signed: str) -> None:
    body = posted(STATUS)
    hook = Hook(body, {"x-twilio-signature": signature("12345", signed, form(body))}, NOW)
    assert len(list(twilio(webhook_url=ours).parse(hook))) == 1
    elsewhere = Hook(body, {"x-twilio-signature": signature("12345", signed.replace("443", "8443"), form(body))}, NOW)
    assert ":443" not in signed or raises_bad_signature(twilio(webhook_url=ours), elsewhere)


def raises_bad_signature(bound: Twilio, hook: Hook) -> bool:
    with pytest.raises(BadSignature):
        list(bound.parse(hook))
    return True


def test_no_header_of_a_proxy_moves_the_address_that_was_signed() -> None:
    body = posted(STATUS)
    seal = signature("12345", "https://evil.example/hooks/abc", form(body))
    headers = {"x-twilio-signature": seal, "x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    with pytest.raises(BadSignature):
        list(twilio().parse(Hook(body, {**headers, "host": "evil.example"}, NOW)))


def test_asked_later_twilio_tells_what_a_text_cost() -> None:
    sid = f"SM{'0' * 31}1"
    dialogue = twilio().inquire([sid, "../../Accounts"])
    assert next(dialogue).url.endswith(f"/Messages/{sid}.json")
    with pytest.raises(StopIteration) as end:
        answer(
            dialogue,
            200,
            {"sid": sid, "status": "delivered", "num_segments": "3", "price": "-0.02370", "price_unit": "USD"},
        )
    (came,) = end.value.value
    assert (came.provider_id, came.receipt) == (sid, Receipt.DELIVERED)
    assert came.price is not None
    assert came.price.as_mapping == {"amount": "0.02370", "currency": "USD", "units": 3}


def test_a_text_that_twilio_does_not_know_any_more_has_no_news() -> None:
    dialogue = twilio().inquire([f"SM{'0' * 31}1"])
    next(dialogue)
    with pytest.raises(StopIteration) as end:
        answer(dialogue, 404, {"code": 20404, "message": "not found"})
    assert end.value.value == []
