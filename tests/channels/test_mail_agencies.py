"""Mailgun, Postmark, SendGrid: what is special about each, signatures above all."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import msgspec
import pytest

from prilavok.channels.base import Attachment, BadSignature, Hook, NeedsOwner, Outbound, ReceiptCame, Request, Response
from prilavok.channels.email.agency import File, rebuilt
from prilavok.channels.email.mailgun import Mailgun
from prilavok.channels.email.postmark import Postmark
from prilavok.channels.email.sendgrid import SendGrid
from tests.channels.reading import INBOX, channel

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
JSON = {"content-type": "application/json"}
TOKEN = "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0"
SIGNED = {"timestamp": "1795300500", "token": TOKEN}
VECTOR = "4cee5485da06d1733734d8d453dbb75714bc20e8da9d1f996e3b2c9be1072a19"
ONE_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEGjWE0fKyXnCnU1mwH6ecUrDeod90aBOH+tI8VqLA/sBdBG9YCzjlVTKs/a4sRCJWRwcc"
    "/nIGvpDcQ4dBtiUd+Q=="
)
EVENTS = b'[{"email":"olena@example.com","event":"bounce","sg_event_id":"e1","timestamp":1795300500}]\r\n'
SEAL = {
    "x-twilio-email-event-webhook-timestamp": "1795300500",
    "x-twilio-email-event-webhook-signature": "MEQCIG8JZry1LG97ToDe8swqEvrmBFxRpxsI39xlCA3IbAnJAiB67KZyhWyt+pyYdl"
    "cgtvvgSh77I1kGm4D+V9ryJtS8SA==",
    "authorization": "a-hook-password-of-ours",
}
LETTER = Outbound(
    message_id="01900000-0000-7000-8000-00000000aaaa",
    conversation_id="01900000-0000-7000-8000-00000000bbbb",
    address="anna@example.com",
    text="Вже їде.",
    subject="Замовлення 7",
    author="Олена",
    replies_to="q1@example.com",
    copies=("boss@example.com",),
    attachments=(Attachment("чек.txt", "text/plain", data=b"1 + 1"),),
    links={"unsubscribe": "https://shop.example/u/1"},
)


def mailgun(event=None, *, signature=None, at=None, box=None, **changed):
    seal = {**SIGNED, "signature": VECTOR, **(signature or {})}
    body = {"signature": seal, "event-data": event or {"event": "opened"}}
    box = box or Mailgun(channel("mailgun").config, INBOX)
    moment = at or datetime.fromtimestamp(1795300500, UTC)
    return list(box.parse(Hook(json.dumps(body).encode(), JSON, moment, **changed)))


def test_the_vendors_own_signature_is_believed():
    assert mailgun({"event": "accepted"})[0].what == "accepted"


@pytest.mark.parametrize(
    "signature",
    [{"signature": VECTOR[:-1]}, {"signature": ""}, {"token": "b" * 50}, {"timestamp": "1795300501"}, {"token": ""}],
)
def test_a_signature_for_something_else_is_refused(signature):
    with pytest.raises(BadSignature):
        mailgun(signature=signature)


@pytest.mark.parametrize("away", [timedelta(minutes=-6), timedelta(hours=9, minutes=1)])
def test_a_signature_of_another_time_is_refused_though_mailgun_may_go_on_trying_for_hours(away):
    made = datetime.fromtimestamp(1795300500, UTC)
    assert mailgun(at=made + timedelta(hours=8))
    with pytest.raises(BadSignature, match="another time"):
        mailgun(at=made + away)


def test_a_token_says_one_thing_only_for_the_signature_does_not_cover_the_words():
    box = Mailgun(channel("mailgun").config, INBOX)
    event = {"event": "delivered", "message": {"headers": {"message-id": "a@b"}}}
    assert mailgun(event, box=box) == mailgun(event, box=box)
    with pytest.raises(BadSignature, match="something else"):
        mailgun({**event, "message": {"headers": {"message-id": "c@d"}}}, box=box)


def test_a_retry_may_wrap_the_same_mail_in_another_boundary():
    box = Mailgun(channel("mailgun").config, INBOX)
    timestamp = str(int(AT.timestamp()))
    signature = hmac.new(b"mg-key", f"{timestamp}{TOKEN}".encode(), hashlib.sha256).hexdigest()
    fields = {"timestamp": timestamp, "token": TOKEN, "signature": signature, "body-mime": "From: a@b.c\r\n\r\nHi"}

    def hook(edge, **more):
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {**fields, **more}.items()
        ]
        headers = {"content-type": f"multipart/form-data; boundary={edge}"}
        return Hook(("".join(parts) + f"--{edge}--").encode(), headers, AT)

    assert [one.text for one in box.parse(hook("first"))] == ["Hi"]
    assert [one.text for one in box.parse(hook("second"))] == ["Hi"]
    with pytest.raises(BadSignature):
        list(box.parse(hook("third", **{"body-mime": "From: evil@b.c\r\n\r\nPay here"})))


def sendgrid(body=EVENTS, headers=SEAL, key=ONE_KEY):
    box = SendGrid(msgspec.structs.replace(channel("sendgrid").config, verification_key=key), INBOX)
    return list(box.parse(Hook(body, {**JSON, **headers}, AT)))


def test_events_of_sendgrid_are_checked_over_every_byte_with_the_key_that_was_given():
    [came] = sendgrid()
    assert came.what == "failed: of a mail that names no id"
    for forged in (EVENTS.strip(), EVENTS.replace(b"bounce", b"opened"), b"[]"):
        with pytest.raises(BadSignature):
            sendgrid(forged)
    for name, value in SEAL.items():
        for wrong in ("", value[:-2], value + "A", "ї"):
            with pytest.raises(BadSignature):
                sendgrid(headers={**SEAL, name: wrong})
    with pytest.raises(BadSignature):
        sendgrid(key="bm8ga2V5")


def test_a_key_that_is_none_is_said_when_the_inbox_is_checked():
    box = SendGrid(msgspec.structs.replace(channel("sendgrid").config, verification_key="bm8ga2V5"), INBOX)
    with pytest.raises(NeedsOwner, match="verification key"):
        next(box.check())


def asked(kind, outbound=LETTER):
    request = next(channel(kind).deliver(outbound))
    assert isinstance(request, Request)
    return request


def test_mailgun_gets_the_whole_mail_and_whom_it_is_for():
    request = asked("mailgun")
    assert request.url == "https://api.mailgun.net/v3/mg.example.com/messages.mime"
    assert request.form["to"] == "anna@example.com, boss@example.com"
    [(name, _, _, raw)] = request.files
    mail = message_from_bytes(raw, policy=policy.default)
    assert (name, mail["Message-ID"], mail["In-Reply-To"]) == ("message", mail["X-Prilavok-Id"], "<q1@example.com>")


def test_postmark_keeps_our_message_id_and_everything_that_threads():
    body = json.loads(asked("postmark").body)
    headers = {one["Name"]: one["Value"] for one in body["Headers"]}
    assert headers["X-PM-KeepID"] == "true"
    assert headers["Message-ID"] == headers["X-Prilavok-Id"]
    assert headers["In-Reply-To"] == headers["References"] == "<q1@example.com>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert body["From"] == '"Олена (Lamps & Co)" <test@inbound.example.com>'
    assert (body["To"], body["Cc"]) == ("anna@example.com", "boss@example.com")
    assert body["Subject"] == "Re: Замовлення 7"
    assert body["TextBody"].strip() == "Вже їде."
    assert [(one["Name"], base64.b64decode(one["Content"])) for one in body["Attachments"]] == [("чек.txt", b"1 + 1")]


def test_sendgrid_gets_no_header_that_it_refuses():
    body = json.loads(asked("sendgrid").body)
    assert {"Message-ID", "X-Prilavok-Id", "In-Reply-To", "References"} <= set(body["headers"])
    assert not {name.lower() for name in body["headers"]} & {"from", "to", "subject", "content-type", "reply-to", "cc"}
    assert [one["type"] for one in body["content"]] == ["text/plain", "text/html"]
    assert body["personalizations"][0]["cc"] == [{"email": "boss@example.com"}]


@pytest.mark.parametrize("kind", ["mailgun", "postmark", "sendgrid"])
def test_nothing_that_somebody_typed_becomes_a_header_of_its_own(kind):
    typed = {"subject": "Hi\r\nBcc: victim@example.com", "author": "A\r\nX-Evil: 1", "replies_to": "x>\r\nX-Evil: 2"}
    evil = replace(LETTER, **typed)
    request = asked(kind, evil)
    if kind == "mailgun":
        mail = message_from_bytes(request.files[0][3], policy=policy.default)
        assert not {"Bcc", "X-Evil"} & set(mail.keys())
        return
    body = json.loads(request.body)
    headers = body["headers"] if kind == "sendgrid" else {one["Name"]: one["Value"] for one in body["Headers"]}
    assert not {"Bcc", "X-Evil"} & set(headers)
    assert not any("\n" in one for one in (*headers.values(), str(body.get("Subject", body.get("subject")))))


def test_a_mail_out_of_parts_is_the_same_bytes_each_time_and_takes_no_header_for_its_content():
    headers = [("Subject", "a\r\nX-Evil: 1"), ("Content-Type", "text/evil"), ("X bad", "1"), ("From", "a@b.c")]
    parts = (headers, "t", "<p>t</p>")
    files = [File('a"\r\nb.txt', "text/plain; x=1", b"1", "<c1>"), File("", "message/rfc822", b"2")]
    raw = rebuilt(*parts, files)
    assert raw == rebuilt(*parts, files)
    mail = message_from_bytes(raw, policy=policy.default)
    assert (mail["X-Evil"], mail.get_content_type(), mail["From"]) == (None, "multipart/mixed", "a@b.c")
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["text/plain", "application/octet-stream"]


@pytest.mark.parametrize("kind", ["mailgun", "postmark", "sendgrid"])
def test_an_open_is_told_but_nobody_counts_on_it(kind):
    path = {"mailgun": "opened", "postmark": "open", "sendgrid": "open"}[kind]
    fixture = json.loads((channel_folder(kind) / f"{path}.json").read_text())
    [came] = fixture["expect"]
    assert (came["is"], came["unreliable"]) == (ReceiptCame.__name__, True)


def channel_folder(kind):
    from tests.channels.reading import FIXTURES

    return FIXTURES / kind / "hooks"


def test_the_password_of_a_hook_is_made_once_and_stands_in_the_address_that_the_vendor_is_told():
    config = Postmark.prepare(msgspec.structs.replace(channel("postmark").config, hook_password=""))
    assert len(config.hook_password) >= 32
    assert Postmark.prepare(config) == config
    dialogue = Postmark(config, INBOX).connect()
    first = next(dialogue)
    told = json.loads(first.body)["InboundHookUrl"]
    assert told == f"https://prilavok:{config.hook_password}@shop.example/hooks/abc"
    assert config.hook_password not in repr(first)
    dialogue.send(Response(200, {}, b"{}"))
