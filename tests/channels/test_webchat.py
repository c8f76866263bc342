"""Who may come in by the web chat: visitors' tokens, the shop's word on who they are, the sites that may show it."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.channels.base import BadSignature, Outbound, Received
from prilavok.channels.webchat import Webchat, WebchatConfig
from prilavok.channels.webchat.door import identity_of, new_visitor, origin_allowed, token_of, visitor_of
from tests.channels.reading import INBOX, channel

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = b"k" * 32
SECRET = "an identity secret of more than 32 characters"
IN_AN_HOUR = int(NOW.timestamp()) + 3600


def test_a_visitor_is_known_again_by_the_token_alone() -> None:
    visitor = new_visitor()
    assert visitor_of(token_of(visitor, KEY), KEY) == visitor
    assert new_visitor() != visitor


def test_a_token_of_another_inbox_is_no_token() -> None:
    assert visitor_of(token_of(new_visitor(), b"x" * 32), KEY) is None


@settings(max_examples=200)
@given(position=st.integers(0, 69), sign=st.sampled_from("AZaz09-_.=ї\n "))
def test_a_token_with_one_sign_changed_is_no_token(position: int, sign: str) -> None:
    token = token_of("q83vEjRWeJCrze8SNFZ4kA", KEY)
    changed = token[:position] + sign + token[position + 1 :]
    # The last sign of 43 carries two idle bits; whatever they are, the token's text is compared, not its bytes.
    assert (visitor_of(changed, KEY) is None) == (changed != token)


@pytest.mark.parametrize("token", ["", "v1", "v1..", "v2.a.b", "v1." + "A" * 22 + "." + "A" * 43, "\n", "v1." * 9999])
def test_what_is_no_token_names_nobody(token: str) -> None:
    assert visitor_of(token, KEY) is None
    assert visitor_of(token_of("q83vEjRWeJCrze8SNFZ4kA", KEY) + "\n", KEY) is None


def signed(claims: dict[str, Any], *, secret: Any = SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, secret, algorithm=algorithm)


def test_the_shop_says_who_the_visitor_is() -> None:
    claims = {"sub": "42", "name": "Olena", "email": "o@example.com", "exp": IN_AN_HOUR, "aud": "x", "admin": True}
    assert identity_of(signed(claims), SECRET, NOW) == {"sub": "42", "name": "Olena", "email": "o@example.com"}


def test_the_shops_word_ends() -> None:
    token = signed({"sub": "42", "exp": int(NOW.timestamp())})
    assert identity_of(token, SECRET, NOW + timedelta(seconds=30))["sub"] == "42"  # clocks differ a little
    with pytest.raises(BadSignature, match="ended"):
        identity_of(token, SECRET, NOW + timedelta(minutes=2))


def public_key() -> tuple[Any, bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key, public


def by_hand(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


GOOD = {"sub": "42", "exp": IN_AN_HOUR}
ATTACKS = {
    "no algorithm": by_hand({"alg": "none"}, GOOD),
    "no algorithm in capitals": by_hand({"alg": "NONE", "typ": "JWT"}, GOOD),
    "no signature": by_hand({"alg": "HS256"}, GOOD),
    "another secret": signed(GOOD, secret="another secret of more than 32 characters"),
    "another algorithm": signed(GOOD, secret=SECRET * 2, algorithm="HS512"),
    "our secret with HS384": signed(GOOD, secret=SECRET + "x" * 8, algorithm="HS384"),
    "no end": signed({"sub": "42"}),
    "an end that is text": signed({"sub": "42", "exp": "soon"}),
    "an end that is true": by_hand({"alg": "HS256"}, {"sub": "42", "exp": True}),
    "nobody": signed({"exp": IN_AN_HOUR}),
    "an empty name": signed({"sub": "", "exp": IN_AN_HOUR}),
    "somebody who is a list": signed({"sub": ["42"], "exp": IN_AN_HOUR}),
    "not yet begun": signed({**GOOD, "nbf": IN_AN_HOUR - 60}),
    "critical extension": by_hand({"alg": "HS256", "crit": ["exp"]}, GOOD),
    "empty": "",
    "dots": "..",
    "not ascii": "ї.ї.ї",
    "NUL": "\0",
    "claims that are a list": by_hand({"alg": "HS256"}, []),  # type: ignore[arg-type]
    "header nested deep": ".".join([base64.urlsafe_b64encode(b'{"a":' * 5000).decode(), "e30", ""]),
}


@pytest.mark.parametrize("token", ATTACKS.values(), ids=ATTACKS.keys())
def test_nobody_else_can_say_who_the_visitor_is(token: str) -> None:
    with pytest.raises(BadSignature):
        identity_of(token, SECRET, NOW)


def test_a_public_key_is_no_shared_secret() -> None:
    private, public = public_key()
    rs256 = jwt.encode(GOOD, private, algorithm="RS256")
    with pytest.raises(BadSignature):
        identity_of(rs256, SECRET, NOW)
    with pytest.raises(BadSignature):
        identity_of(rs256, public.decode(), NOW)


def test_an_inbox_without_an_identity_secret_believes_nobody() -> None:
    for secret in ("", "x"):
        with pytest.raises(BadSignature):
            identity_of(by_hand({"alg": "HS256"}, GOOD), secret, NOW)


ALLOWED = [
    ("https://shop.example", "shop.example"),
    ("http://shop.example", "shop.example"),
    ("https://www.shop.example", "shop.example"),
    ("https://a.b.shop.example:8443", "shop.example"),
    ("https://SHOP.example", "Shop.Example"),
    ("https://shop.example", "https://shop.example"),
    ("https://shop.example:443", "https://shop.example/"),
    ("https://shop.example:8443", "shop.example:8443"),
    ("https://www.shop.example", "*.shop.example"),
    ("https://xn--80aairftm.xn--j1amh", "магазин.укр"),
    ("https://xn--80aairftm.xn--j1amh", "xn--80aairftm.xn--j1amh"),
    ("https://www.xn--80aairftm.xn--j1amh", "МАГАЗИН.УКР"),
    ("https://shop.example.", "shop.example"),
    ("http://127.0.0.1:8000", "127.0.0.1"),
    ("http://[::1]:8000", "[::1]"),
    ("http://localhost:5173", "localhost"),
]


@pytest.mark.parametrize(("origin", "entry"), ALLOWED)
def test_the_shops_own_pages_may_show_the_chat(origin: str, entry: str) -> None:
    assert origin_allowed(origin, ["other.example", entry])


REFUSED = [
    ("https://evil.example", "shop.example"),
    ("https://evilshop.example", "shop.example"),
    ("https://shop.example.evil.com", "shop.example"),
    ("https://shop-example", "shop.example"),
    ("https://shopXexample", "shop.example"),
    ("https://example", "shop.example"),
    ("https://shop.example@evil.com", "shop.example"),
    ("https://evil.com#shop.example", "shop.example"),
    ("https://evil.com/shop.example", "shop.example"),
    ("https://evil.com?.shop.example", "shop.example"),
    ("https://evil.com\\.shop.example", "shop.example"),
    ("https://evil.com%00.shop.example", "shop.example"),
    ("https://evil.com\0.shop.example", "shop.example"),
    ("https://evil.com\n.shop.example", "shop.example"),
    ("https://shop.example\n", "shop.example"),
    (" https://shop.example", "shop.example"),
    ("https://shop.example/", "shop.example"),
    ("https://shop.example https://evil.com", "shop.example"),
    ("http://shop.example", "https://shop.example"),
    ("https://shop.example:8443", "https://shop.example"),
    ("https://shop.example", "shop.example:8443"),
    ("https://shop.example:99999", "shop.example"),
    ("https://shop.example:", "shop.example"),
    ("https://.shop.example", "shop.example"),
    ("https://ѕhop.example", "shop.example"),  # a Cyrillic letter
    ("https://xn--hop-vdd.example", "shop.example"),
    ("https://a.example", "example"),
    ("https://evil.com", "com"),
    ("https://127.0.0.1", "0.0.1"),
    ("https://127.0.0.1", "1"),
    ("ftp://shop.example", "shop.example"),
    ("file://", "shop.example"),
    ("chrome-extension://shop.example", "shop.example"),
    ("null", "shop.example"),
    ("null", "null"),
    ("", "shop.example"),
    (None, "shop.example"),
    ("https://shop.example", "https://"),
    ("https://evil.com", "*"),
    ("https://evil.com", "*.com"),
    ("https://evil.com", "https://*"),
]


@pytest.mark.parametrize(("origin", "entry"), REFUSED)
def test_no_other_page_may_show_the_chat(origin: str | None, entry: str) -> None:
    assert not origin_allowed(origin, [entry])


def test_without_sites_every_page_may_show_the_chat_but_none_without_an_address() -> None:
    assert origin_allowed("https://anything.example", [])
    assert origin_allowed("https://anything.example", ["  "])
    for origin in ("null", "", None, "file://", "https://"):
        assert not origin_allowed(origin, [])


@given(origin=st.text(max_size=40), entry=st.text(max_size=40))
def test_no_origin_and_no_setting_breaks_the_door(origin: str, entry: str) -> None:
    assert origin_allowed(origin, [entry]) in {True, False}
    assert not origin_allowed(f"https://evil.example/{origin}", ["shop.example"])


def test_a_frame_claims_nothing_that_only_the_server_knows() -> None:
    webchat = channel("webchat")
    assert isinstance(webchat, Webchat)
    frame = {
        "kind": "send",
        "id": "a",
        "text": "hi",
        "visitor": "somebody-else",
        "identity": {"sub": "1", "email": "boss@shop.example"},
        "page": {"url": "https://fake.example"},
        "language": "xx",
    }
    (came,) = webchat.parse(webchat.hook(frame, visitor="me", at=NOW, page={"url": "https://shop.example/"}))
    assert isinstance(came, Received)
    assert came.sender.address == "me"
    assert came.provider_id == "me:a"
    assert (came.sender.email, came.sender.verified, came.sender.language) == ("", False, "")
    assert came.content == {"page": {"url": "https://shop.example/", "title": ""}}


def test_a_delivery_that_our_own_server_did_not_make_is_refused() -> None:
    webchat = channel("webchat")
    assert isinstance(webchat, Webchat)
    hook = webchat.hook({"kind": "typing"}, visitor="me", at=NOW)
    _, token = webchat.new_visitor()
    for forged in ({}, {"x-prilavok-internal": "1"}, {"x-prilavok-internal": token}):
        with pytest.raises(BadSignature):
            webchat.parse(type(hook)(body=hook.body, headers=forged, received_at=NOW))


def test_the_same_message_sent_again_has_the_same_id_and_another_visitors_has_not() -> None:
    webchat = channel("webchat")
    assert isinstance(webchat, Webchat)
    frame = {"kind": "send", "id": "a", "text": "hi"}
    ids = [
        one.provider_id
        for visitor in ("me", "me", "you")
        for one in webchat.parse(webchat.hook(frame, visitor=visitor, at=NOW))
        if isinstance(one, Received)
    ]
    assert ids == ["me:a", "me:a", "you:a"]


def test_the_door_is_opened_by_the_inboxs_own_settings() -> None:
    webchat = channel("webchat")
    assert isinstance(webchat, Webchat)
    visitor, token = webchat.new_visitor()
    assert webchat.visitor_of(token) == visitor
    assert webchat.allows("https://www.shop.example")
    assert not webchat.allows("https://evil.example")
    assert webchat.identity_of(signed(GOOD), NOW) == {"sub": "42"}


def test_the_greeting_follows_the_visitors_language_and_english_helps_out() -> None:
    config = msgspec.convert(
        {"greeting": {"uk": "Вітаємо!", "en": "Hello!"}, "quick_replies": {"uk": ["Де замовлення?"], "en": ["Where?"]}},
        WebchatConfig,
    )
    webchat = Webchat(config, INBOX)
    assert webchat.welcome("uk")["quick_replies"] == [{"text": "Де замовлення?"}]
    assert webchat.welcome("ru")["quick_replies"] == [{"text": "Where?"}]
    assert webchat.welcome("../etc")["quick_replies"] == [{"text": "Where?"}]
    assert webchat.welcome("uk")["shop"] == {"name": "Lamps & Co"}
    assert webchat.welcome("uk")["greeting"] == {"ru": "", "uk": "Вітаємо!", "en": "Hello!"}


def test_a_secret_is_made_once_and_kept() -> None:
    made = Webchat.prepare(WebchatConfig())
    assert len(made.identity_secret) >= 32
    assert Webchat.prepare(made) is made


def test_a_stored_reply_is_sent() -> None:
    dialogue = channel("webchat").deliver(Outbound(message_id="m", conversation_id="c", address="v", text="hi"))
    with pytest.raises(StopIteration) as end:
        next(dialogue)
    assert end.value.value.provider_id == "m"


def test_an_identity_secret_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"identity_secret": "hunter2"}, WebchatConfig)


@pytest.mark.parametrize("colour", ["red", "#12345", "#1234567", "#12345g", "#123456;x"])
def test_a_colour_that_could_be_a_style_is_refused(colour: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"accent": colour}, WebchatConfig)
