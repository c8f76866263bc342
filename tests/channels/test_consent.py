"""What a token server may answer, and what the owner hears of it."""

from typing import Any

import msgspec
import pytest

from prilavok.channels.consent import Consent, Ended, Grant, granted
from prilavok.channels.exchange import Response
from prilavok.channels.google_business import GoogleBusiness, GoogleConfig
from prilavok.domain.errors import NeedsOwner, TryLater
from tests.channels.email.driving import INBOX

CONSENT = Consent("Google", "https://accounts.test/auth?hl=uk", "https://token.test", "mail", "id", "secret")


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (200, b"<html>", TryLater, "something else than a token: 200"),
        (200, b"[]", TryLater, "something else than a token"),
        (200, {"access_token": 1}, TryLater, "something else than a token"),
        (302, b"", TryLater, "something else than a token: 302"),
        (404, b"Not found", TryLater, "something else than a token: 404"),
        (503, b"busy", TryLater, "gives no token for now: 503"),
        (400, {"error": "temporarily_unavailable"}, TryLater, "gives no token for now"),
        (400, {"error": "invalid_grant", "error_description": "AADSTS70000"}, Ended, "Sign in again"),
        (400, {"error": "interaction_required"}, Ended, "Sign in again"),
        (
            401,
            {"error": "invalid_client", "error_description": "AADSTS7000222:\n expired"},
            NeedsOwner,
            "client secret: A",
        ),
        (400, {"error": "invalid_scope"}, NeedsOwner, "refuses to let us in: invalid_scope"),
        (400, {"error": ["invalid_grant"]}, TryLater, "something else than a token"),
    ],
)
def test_every_answer_says_what_to_do(status: int, body: Any, error: type[Exception], said: str) -> None:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    with pytest.raises(error, match=said):
        granted("Google", Response(status, {}, raw))


def test_times_that_are_texts_or_nonsense_are_read_as_well_as_they_can_be() -> None:
    told = {"access_token": "a", "expires_in": "3599", "refresh_token_expires_in": -1, "refresh_token": None}
    assert granted("Google", Response(200, {}, msgspec.json.encode(told))) == Grant("a", lives=3599)


def test_the_page_is_asked_by_its_own_rules_and_cannot_be_led_astray() -> None:
    address = CONSENT.address("https://shop.test/consent/back", "state&redirect_uri=https://thief.test", "v" * 43)
    assert address.startswith("https://accounts.test/auth?hl=uk&")
    assert address.count("redirect_uri=") == 1
    assert CONSENT.is_from("https://accounts.test")
    assert not CONSENT.is_from("https://accounts.test.thief.test")
    assert CONSENT.renewal("token").max_bytes <= 64 * 1024  # of whatever a server may send


def test_reviews_are_let_in_by_the_same_button() -> None:
    config = GoogleConfig(client_id="id", client_secret="secret", location="accounts/1/locations/2")
    with pytest.raises(StopIteration) as end:
        next(GoogleBusiness(config, INBOX).check())
    assert end.value.value.waits == "Sign in at Google: until then nothing is read and nothing is sent."
    assert "access_type=offline" in GoogleBusiness.consent_of(config).address("https://shop.test/b", "s", "v")
