"""The generic channel: signatures both ways, rotation of secrets, what a reply looks like, and the lesson beside it."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from prilavok.channels import standard_webhooks
from prilavok.channels.api import Api, ApiConfig
from prilavok.channels.base import (
    Attachment,
    BadSignature,
    Button,
    Hook,
    NeedsOwner,
    Outbound,
    Received,
    Request,
    Response,
    TryLater,
    Undeliverable,
)
from prilavok.channels.echo import Echo, EchoConfig
from prilavok.channels.wire import retry_after, same, storable
from prilavok.domain.errors import BadInput
from tests.channels.reading import INBOX, channel

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BODY = b'{"messages":[{"id":"m1","from":{"id":"u1"},"text":"hi"}]}'


def test_the_signature_is_that_of_the_published_example() -> None:
    key = standard_webhooks.key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signature = standard_webhooks.signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert signature == b"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def api(**settings: Any) -> Api:
    bound = Api(Api.prepare(ApiConfig(**settings)), INBOX)
    bound.clock = NOW.timestamp  # type: ignore[method-assign]
    return bound


def hook(bound: Api, **changed: str) -> Hook:
    headers = standard_webhooks.headers(bound.key, "msg_1", NOW, BODY)
    return Hook(BODY, {**headers, **{name.replace("_", "-"): value for name, value in changed.items()}}, NOW)


def test_a_secret_is_changed_without_losing_a_delivery() -> None:
    bound = api()
    ours = hook(bound).headers["webhook-signature"]
    for several in (f"v1,{'A' * 43}= {ours}", f"{ours} v1,nonsense", f"v2,x {ours}", f"v1a,abc  {ours} "):
        assert len(list(bound.parse(hook(bound, webhook_signature=several)))) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook_id": "msg_2"},
        {"webhook_timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook_timestamp": ""},
        {"webhook_timestamp": "NaN"},
        {"webhook_timestamp": "-1"},
        {"webhook_timestamp": "9" * 400},
        {"webhook_timestamp": "١٧٦٣٨١٢٨٠٠"},
        {"webhook_signature": "v1,"},
        {"webhook_signature": " ".join(["v1,x"] * 1000)},
        {"webhook_signature": "v1"},
    ],
)
def test_what_was_signed_cannot_be_changed(changed: dict[str, str]) -> None:
    bound = api()
    with pytest.raises(BadSignature):
        bound.parse(hook(bound, **changed))


@pytest.mark.parametrize("seconds", [-300, 300])
def test_clocks_may_differ_by_five_minutes(seconds: int) -> None:
    bound = api()
    signed = hook(bound)
    shifted = Hook(signed.body, signed.headers, NOW + timedelta(seconds=seconds))
    assert len(list(bound.parse(shifted))) == 1
    with pytest.raises(BadSignature):
        bound.parse(Hook(signed.body, signed.headers, NOW + timedelta(seconds=seconds * 1.01)))


@pytest.mark.parametrize("secret", ["whsec_", "whsec_!", "whsec_c2hvcnQ=", "hunter2", "whsec_ї"])
def test_a_weak_secret_opens_nothing_and_its_owner_is_told(secret: str) -> None:
    bound = api(secret=secret, reply_url="https://crm.example")
    headers = standard_webhooks.headers(b"", "msg_1", NOW, BODY)
    with pytest.raises(BadSignature):
        bound.parse(Hook(BODY, headers, NOW))
    with pytest.raises(NeedsOwner, match="whsec_"):
        next(bound.check())
    with pytest.raises(NeedsOwner, match="whsec_"):
        next(bound.deliver(OUTBOUND))


def test_a_secret_is_made_when_there_is_none_and_kept_when_there_is() -> None:
    first, second = Api.prepare(ApiConfig()), Api.prepare(ApiConfig())
    assert first.secret.startswith("whsec_")
    assert len(base64.b64decode(first.secret.removeprefix("whsec_"))) == 32
    assert first.secret != second.secret
    assert Api.prepare(first) is first


OUTBOUND = Outbound(
    message_id="01900000-0000-7000-8000-00000000aaaa",
    conversation_id="c",
    address="customer-42",
    name="Olena",
    text="Ось рахунок",
    author="Ivan",
    language="uk",
    attachments=(
        Attachment("invoice.pdf", "application/pdf", data=b"%PDF"),
        Attachment("a.jpg", "image/jpeg", url="https://shop.example/files/a.jpg"),
    ),
    buttons=(Button("Thanks"), Button("No", data="no"), Button("Track", url="https://shop.example/t")),
    replies_to="crm-1",
)


def test_a_reply_is_signed_as_a_delivery_is_and_keeps_its_id() -> None:
    bound = api(reply_url="https://crm.example/replies")
    first, second = next(bound.deliver(OUTBOUND)), next(bound.deliver(OUTBOUND))
    assert isinstance(first, Request)
    assert (first.method, first.url) == ("POST", "https://crm.example/replies")
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == OUTBOUND.message_id
    standard_webhooks.verify(bound.key, first.headers, first.body or b"", NOW)
    said = json.loads(first.body or b"")
    assert (said["id"], said["to"], said["text"]) == (
        OUTBOUND.message_id,
        {"id": "customer-42", "name": "Olena"},
        "Ось рахунок",
    )
    assert said["attachments"][0] == {
        "name": "invoice.pdf",
        "type": "application/pdf",
        "data": base64.b64encode(b"%PDF").decode(),
    }
    assert said["attachments"][1]["url"] == "https://shop.example/files/a.jpg"
    assert said["buttons"] == [
        {"text": "Thanks", "data": "Thanks"},
        {"text": "No", "data": "no"},
        {"text": "Track", "url": "https://shop.example/t"},
    ]
    assert said["replies_to"] == "crm-1"


def test_an_inbox_without_a_reply_address_receives_and_says_that_it_cannot_answer() -> None:
    bound = api()
    with pytest.raises(StopIteration) as end:
        next(bound.check())
    assert "cannot answer" in end.value.value.note
    with pytest.raises(NeedsOwner, match="reply address"):
        next(bound.deliver(OUTBOUND))
    with pytest.raises(NeedsOwner, match="https"):
        next(api(reply_url="javascript:alert(1)").check())


def test_a_thousand_messages_come_in_one_delivery_and_one_more_does_not() -> None:
    bound = api()
    for count in (1000, 1001):
        one = {"id": "m", "from": {"id": "u"}, "text": ""}
        body = json.dumps({"messages": [{**one, "id": f"m{number}"} for number in range(count)]}).encode()
        delivery = Hook(body, standard_webhooks.headers(bound.key, "msg_1", NOW, body), NOW)
        if count == 1000:
            came = [message.provider_id for message in bound.parse(delivery) if isinstance(message, Received)]
            assert came == [f"m{number}" for number in range(1000)]
        else:
            with pytest.raises(BadInput, match="at most 1000"):
                bound.parse(delivery)


def test_messages_do_not_share_their_empty_lists() -> None:
    bound = api()
    body = b'{"messages":[{"id":"a","from":{"id":"u"},"attachments":[{"data":"aA=="}]},{"id":"b","from":{"id":"u"}}]}'
    first, second = bound.parse(Hook(body, standard_webhooks.headers(bound.key, "1", NOW, body), NOW))
    assert isinstance(first, Received)
    assert isinstance(second, Received)
    assert (len(first.attachments), len(second.attachments)) == (1, 0)


def test_a_file_behind_an_address_is_fetched_and_nothing_but_the_web_is() -> None:
    dialogue = api().fetch("https://cdn.example/a.jpg")
    assert next(dialogue).url == "https://cdn.example/a.jpg"
    with pytest.raises(StopIteration) as end:
        dialogue.send(Response(200, {"content-type": "image/jpeg; q=1"}, b"jpeg"))
    assert (end.value.value.data, end.value.value.type) == (b"jpeg", "image/jpeg")
    for address in ("file:///etc/passwd", "gopher://x", "", "//crm.example"):
        with pytest.raises(Undeliverable):
            next(api().fetch(address))


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Undeliverable), (404, Undeliverable), (410, Undeliverable), (429, TryLater), (500, TryLater)],
)
def test_a_file_that_is_gone_does_not_pause_the_inbox(status: int, error: type[Exception]) -> None:
    dialogue = api().fetch("https://cdn.example/a.jpg")
    next(dialogue)
    with pytest.raises(error):
        dialogue.send(Response(status, {}, b""))


def test_the_lesson_checks_its_neighbour_before_it_is_saved() -> None:
    dialogue = channel("echo").check()
    asked = next(dialogue)
    assert asked.headers == {"x-echo-secret": "open sesame"}
    with pytest.raises(NeedsOwner, match="secret"):
        dialogue.send(Response(401, {}, b""))


def test_the_lessons_settings_are_read_strictly() -> None:
    with pytest.raises(msgspec.ValidationError, match="secrt"):
        msgspec.convert({"secrt": "x", "secret": "y", "reply_url": "z"}, EchoConfig)
    assert Echo.Config is EchoConfig


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        (" 7 ", 7.0),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("1e9", None),
    ],
)
def test_how_long_to_wait_is_read_as_a_number_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_an_unset_secret_opens_nothing() -> None:
    assert same("a", "a")
    assert not same("", "")
    assert not same("a", "")
    assert not same("ї", "i")


def test_text_is_made_storable_without_losing_more_than_it_must() -> None:
    assert storable("a\0b") == "ab"
    assert storable("a\ud800b\udc00") == "a\ufffdb\ufffd"
    assert storable("\ud83d\ude00") == "😀"
    assert storable("Київ 🎈") == "Київ 🎈"
