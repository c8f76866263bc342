"""Teams' own rules: whose deliveries are believed, whom our token is shown to, what a reply becomes."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
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
from prilavok.channels.teams import Teams, TeamsConfig, activities, sending
from tests.channels import seals
from tests.channels.reading import INBOX
from tests.channels.vendors_schema import Slice

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
APP = "11111111-2222-3333-4444-555555555555"
SERVER = "https://smba.trafficmanager.net/emea/"
SCHEMA = Slice("teams/connector.slice.json")
PNG = Attachment("a.png", "image/png", data=b"\x89PNG", kind="image")
PDF = Attachment("bill.pdf", "application/pdf", data=b"%PDF")


def teams(**given_settings: Any) -> Teams:
    made = Teams(TeamsConfig(**{"app_id": APP, "password": "secret", **given_settings}), INBOX)
    made.clock = NOW.timestamp
    return made


def hook(token: str, *, at: datetime = NOW, **fields: Any) -> Hook:
    activity = {
        "type": "message",
        "id": "1",
        "serviceUrl": SERVER,
        "channelId": "msteams",
        "from": {"id": "29:1"},
        "conversation": {"id": "a:1"},
        "text": "hi",
        **fields,
    }
    return Hook(json.dumps(activity).encode(), {"authorization": f"Bearer {token}"}, at)


def knowing(**more: Any) -> Teams:
    made = teams()
    made.keyring.learn(seals.microsofts_keys(**more), NOW.timestamp())
    return made


def outbound(text: str = "It is on its way.", **more: Any) -> Outbound:
    return Outbound(message_id="m-1", conversation_id="c", address="a:1", text=text, **more)


def answered(body: Any, status: int = 200) -> Response:
    return Response(status, {}, json.dumps(body).encode())


def run(dialogue: Any, *answers: Response) -> tuple[list[Request], Any]:
    """The requests of a dialogue that gets these answers, and its result."""
    asked, left = [], list(answers)
    try:
        request = next(dialogue)
        while True:
            asked.append(request)
            request = dialogue.send(left.pop(0))
    except StopIteration as end:
        assert not left
        return asked, end.value


TOKEN = answered({"access_token": "t-1", "expires_in": 3599})
TAKEN = answered({"id": "77"}, 201)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another app"},
        {"iss": "https://evil.example"},
        {"exp": NOW.timestamp() - 301},
        {"nbf": NOW.timestamp() + 301},
        {"exp": "soon"},
        {"exp": True},
        {"serviceurl": "https://evil.example/"},
        {"serviceurl": None},
    ],
)
def test_a_token_that_is_not_for_us_of_now_by_microsoft_opens_nothing(claims: dict[str, Any]) -> None:
    bound = knowing()
    good = seals.microsofts_token(APP, SERVER, NOW)
    assert len(list(bound.parse(hook(good)))) == 1
    with pytest.raises(BadSignature):
        bound.parse(hook(seals.microsofts_token(APP, SERVER, NOW, **claims)))


def test_a_token_signed_by_nobody_or_by_our_own_public_key_is_refused() -> None:
    bound = knowing()
    claims = jwt.decode(seals.microsofts_token(APP, SERVER, NOW), options={"verify_signature": False})
    for forged in (
        jwt.encode(claims, "", algorithm="none", headers={"kid": "key-1"}),
        jwt.encode(claims, "x" * 64, algorithm="HS256", headers={"kid": "key-1"}),
    ):
        with pytest.raises(BadSignature):
            bound.parse(hook(forged))


def test_a_key_speaks_only_for_the_channels_it_endorses() -> None:
    token = seals.microsofts_token(APP, SERVER, NOW)
    assert list(knowing(endorsements=["msteams"]).parse(hook(token)))
    with pytest.raises(BadSignature, match="channel"):
        knowing(endorsements=["skype"]).parse(hook(token))


def test_a_server_that_is_none_of_microsofts_is_not_believed_even_with_a_token() -> None:
    server = "https://smba.trafficmanager.net.evil.example/"
    with pytest.raises(BadSignature, match="server"):
        knowing().parse(hook(seals.microsofts_token(APP, server, NOW), serviceUrl=server))


def test_a_delivery_of_yesterday_can_be_read_again_from_the_journal() -> None:
    then = NOW - timedelta(days=1)
    assert list(knowing().parse(hook(seals.microsofts_token(APP, SERVER, then), at=then)))


def test_keys_are_asked_for_once_and_again_for_one_that_is_new() -> None:
    bound = teams()
    token = seals.microsofts_token(APP, SERVER, NOW)
    documents = (answered({"jwks_uri": "https://keys.example/"}), Response(200, {}, seals.microsofts_keys()))
    asked, _ = run(bound.acquaint(hook(token)), *documents)
    assert [one.url for one in asked] == [bound.config.openid, "https://keys.example/"]
    assert list(bound.parse(hook(token)))
    assert run(bound.acquaint(hook(token))) == ([], None)
    bound.clock = (NOW + timedelta(hours=25)).timestamp
    assert len(run(bound.acquaint(hook(token)), *documents)[0]) == 2


def test_who_comes_while_the_keys_are_asked_for_is_not_turned_away() -> None:
    bound, token = teams(), seals.microsofts_token(APP, SERVER, NOW)
    first, second = bound.acquaint(hook(token)), bound.acquaint(hook(token))
    assert [next(one).method for one in (first, second)] == ["GET", "GET"]
    more = [bound.acquaint(hook(token)) for _ in range(18)]
    assert len([next(one) for one in more]) == 18
    with pytest.raises(TryLater):
        next(bound.acquaint(hook(token)))
    for one in (first, second, *more):
        one.close()
    assert bound.keyring.asking == 0


def test_strangers_cannot_make_us_ask_for_keys() -> None:
    bound = knowing()
    for token in ("", "x", "a.b.c", seals.microsofts_token("another app", SERVER, NOW)):
        assert run(bound.acquaint(hook(token))) == ([], None)
    bound.keyring.known.clear()
    token = seals.microsofts_token(APP, SERVER, NOW)
    with pytest.raises(TryLater):
        run(bound.acquaint(hook(token)), answered({}, 503))
    assert run(bound.acquaint(hook(token))) == ([], None)  # not again within a minute


def test_keys_that_cannot_be_had_anew_are_believed_a_little_longer() -> None:
    bound = knowing()
    bound.clock = (NOW + timedelta(hours=25)).timestamp
    token = seals.microsofts_token(APP, SERVER, NOW)
    assert len(run(bound.acquaint(hook(token)), answered({"jwks_uri": ""}))[0]) == 1
    assert list(bound.parse(hook(token)))


def test_a_key_that_cannot_be_used_does_not_hide_the_others() -> None:
    keys = json.loads(seals.microsofts_keys())["keys"]
    bound = teams()
    broken = [{"kty": "EC", "kid": "1"}, {"kty": "RSA", "kid": "2", "n": "!", "e": "AQAB"}, {"kty": "RSA", "kid": 3}]
    bound.keyring.learn(json.dumps({"keys": [*broken, *keys]}).encode(), 0.0)
    assert set(bound.keyring.known) == {"key-1"}
    with pytest.raises(TryLater):
        bound.keyring.learn(b'{"keys": []}', 1.0)


def test_a_reply_goes_to_the_server_that_the_conversation_named_last() -> None:
    bound = knowing()
    (_, post), _ = run(bound.send(outbound()), TOKEN, TAKEN)
    assert post.url == "https://smba.trafficmanager.net/teams/v3/conversations/a%3A1/activities"
    server = "https://smba.trafficmanager.net/amer/"
    list(bound.parse(hook(seals.microsofts_token(APP, server, NOW), serviceUrl=server)))
    answers = f"55@{activities.mark('a:1')}"
    (post,), sent = run(bound.send(outbound(replies_to=answers)), TAKEN)
    assert post.url == f"{server}v3/conversations/a%3A1/activities/55"
    assert sent.provider_id == f"77@{activities.mark('a:1')}"


def test_the_token_is_kept_until_shortly_before_its_end() -> None:
    bound = teams(tenant="my-directory")
    (login, _), _ = run(bound.send(outbound()), TOKEN, TAKEN)
    assert login.url == "https://login.microsoftonline.com/my-directory/oauth2/v2.0/token"
    assert dict(login.form)["scope"] == "https://api.botframework.com/.default"
    assert len(run(bound.send(outbound()), TAKEN)[0]) == 1
    bound.clock = (NOW + timedelta(seconds=3500)).timestamp
    assert len(run(bound.send(outbound()), TOKEN, TAKEN)[0]) == 2


@pytest.mark.parametrize(
    "ref",
    [
        "https://evil.example/v3/attachments/1",
        "https://smba.trafficmanager.net@evil.example/",
        "https://evil-smba.trafficmanager.net/",
        "http://smba.trafficmanager.net/",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1",
    ],
)
def test_our_token_is_shown_to_microsoft_only(ref: str) -> None:
    with pytest.raises(Undeliverable):
        next(teams().fetch(ref))


def test_a_picture_is_fetched_with_our_token() -> None:
    ref = f"{SERVER}v3/attachments/1/views/original"
    (_, get), file = run(teams().fetch(ref), TOKEN, Response(200, {"content-type": "image/png"}, b"\x89PNG"))
    assert (get.url, get.headers["authorization"]) == (ref, "Bearer t-1")
    assert (file.data, file.type) == (b"\x89PNG", "image/png")


def test_the_owner_is_told_what_to_repair() -> None:
    with pytest.raises(NeedsOwner, match="36 signs"):
        next(teams(app_id="my bot").check())
    secret = answered({"error": "invalid_client", "error_codes": [7000222]}, 401)
    with pytest.raises(NeedsOwner, match="run out"):
        run(teams().check(), secret)
    with pytest.raises(NeedsOwner, match="keys"):
        run(teams().check(), TOKEN, answered({}, 500))
    documents = (answered({"jwks_uri": "https://keys.example/"}), Response(200, {}, seals.microsofts_keys()))
    _, account = run(teams().check(), TOKEN, *documents)
    assert (account.handle, INBOX.hook_url in account.note) == (APP, True)


def test_an_invocation_is_answered_at_once() -> None:
    asked = Hook(b'{"type":"invoke","name":"adaptiveCard/action","serviceUrl":""}', {}, NOW)
    assert json.loads(teams().answer(asked).body)["statusCode"] == 200
    assert teams().answer(replace(asked, body=b"{}")).body == b"{}"


def test_answers_are_buttons_and_bring_their_data_back() -> None:
    buttons = (Button("Yes", data="o:7:yes"), Button("Your order", url="https://shop.example/o/1"))
    body = sending.activity(outbound("Right?", buttons=buttons), APP)
    assert body["attachments"][0]["content"]["buttons"] == [
        {"type": "messageBack", "title": "Yes", "text": "Yes", "displayText": "Yes", "value": {"button": "o:7:yes"}},
        {"type": "openUrl", "title": "Your order", "value": "https://shop.example/o/1"},
    ]
    many = sending.activity(outbound("When?", buttons=tuple(Button(f"at {hour}") for hour in range(7))), APP)
    assert many["text"].startswith("When?\n1. at 0\n2. at 1")


def test_a_picture_goes_inside_of_the_message_and_a_file_as_a_card_that_opens_it() -> None:
    body = sending.activity(outbound("", attachments=(PNG,)), APP)
    assert body["attachments"] == [
        {"contentType": "image/png", "contentUrl": "data:image/png;base64,iVBORw==", "name": "a.png"}
    ]
    filed = replace(PDF, url="https://counter.test/files/1/bill.pdf?s=1")
    [card] = sending.activity(outbound("", attachments=(filed,)), APP)["attachments"]
    assert (card["contentType"], card["content"]["title"]) == (sending.CARD, "bill.pdf")
    assert card["content"]["buttons"] == [{"type": "openUrl", "title": "⬇ bill.pdf", "value": filed.url}]
    with pytest.raises(Undeliverable, match=r"bill\.pdf"):
        sending.activity(outbound("", attachments=(PDF,)), APP)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.text(max_size=300),
    buttons=st.lists(st.builds(Button, st.text(min_size=1, max_size=60), st.text(max_size=20)), max_size=8),
    files=st.lists(st.just(PNG), max_size=2),
)
def test_whatever_we_send_fits_the_connectors_schema(text: str, buttons: list[Button], files: list[Attachment]) -> None:
    body = sending.activity(outbound(text, buttons=tuple(buttons), attachments=tuple(files)), APP)
    assert SCHEMA.refuses("Activity", body) == []
    for card in [one["content"] for one in body.get("attachments", []) if "content" in one]:
        assert SCHEMA.refuses("HeroCard", card) == []
    assert msgspec.json.encode(body)


def test_the_connectors_schema_would_have_noticed() -> None:
    body = sending.activity(outbound(), APP)
    assert SCHEMA.refuses("Activity", {**body, "surprise": 1})
    assert SCHEMA.refuses("Activity", {**body, "textFormat": "html"})
