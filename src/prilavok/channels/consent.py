"""Signing in at a vendor's own page (OAuth 2, authorization code with PKCE): what the page is asked, and what its token
server answers. A channel says by a `Consent` that one of its settings is given there; nobody else knows a vendor.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from prilavok.channels.exchange import Dialogue, Request, Response
from prilavok.channels.guard import checked_url
from prilavok.channels.wire import NOT_READABLE, said
from prilavok.domain.errors import NeedsOwner, TryLater
from prilavok.kit.text import storable

LONGEST_ANSWER = 64 * 1024  # bytes; a token has two or three thousand
LONGEST_LIFE = 10 * 366 * 24 * 3600  # seconds
SIGN_IN_AGAIN = frozenset({"invalid_grant", "interaction_required", "login_required", "consent_required"})
WRONG_CLIENT = frozenset({"invalid_client", "unauthorized_client"})
BUSY = frozenset({"temporarily_unavailable", "server_error", "slow_down"})
LONGEST_SAID = 200  # characters of a vendor's own words


class Ended(NeedsOwner):
    """What was granted at the vendor's page holds no more: the owner has to sign in there again."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Where an owner allows us in, and which settings of the inbox remember it."""

    vendor: str  # as its owner calls it: Google
    page: str  # address of the page where the owner signs in
    tokens: str  # address of the token server
    scope: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)  # empty: nobody has signed in yet
    since: str = ""  # RFC 3339
    account: str = ""  # who should sign in there
    asks: Mapping[str, str] = field(default_factory=dict)  # what this page wants to be asked besides
    given: str = "refresh_token"  # the settings that are written ...
    dated: str = "signed_in_at"  # ... when somebody has signed in

    @property
    def missing(self) -> str:
        """The reason why an inbox waits."""
        return f"Sign in at {self.vendor}: until then nothing is read and nothing is sent."

    def address(self, back: str, state: str, verifier: str) -> str:
        """Where the browser goes, and `back` from there. NeedsOwner where the page is no address on the web."""
        known = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": back,
            "scope": self.scope,
            "state": state,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        hint = {"login_hint": self.account} if self.account else {}
        page = str(checked_url(self.page).with_fragment(None))
        return f"{page}{'&' if '?' in page else '?'}{urlencode({**self.asks, **hint, **known})}"

    def is_from(self, issuer: str) -> bool:
        """Whether an answer that names its author (RFC 9207) comes from the page that was asked."""
        return urlsplit(issuer)[:2] == urlsplit(self.page)[:2]

    def refusal(self, error: str, own_words: str) -> str:
        """What the page says instead of a code, as the owner is told."""
        if error == "access_denied":
            return f"The sign-in at {self.vendor} was refused there. Nothing has changed."
        words = " ".join(storable(own_words or error).split())[:LONGEST_SAID]
        return f"{self.vendor} refuses to let us in: {words}"

    def redeem(self, code: str, back: str, verifier: str) -> Dialogue["Grant"]:
        """What the code is worth. Ended, NeedsOwner or TryLater when it is worth nothing."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        grant = granted(self.vendor, (yield self._question(form)))
        if not grant.refresh_token:
            raise NeedsOwner(f"{self.vendor} let us in once, but not for longer. Sign in again.")
        return grant

    def renewal(self, refresh_token: str) -> Request:
        """The question for another access token; its answer goes to `granted`."""
        return self._question({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _question(self, form: Mapping[str, str]) -> Request:
        client = {"client_id": self.client_id}
        if self.client_secret:
            client["client_secret"] = self.client_secret
        headers = {"accept": "application/json"}
        return Request("POST", self.tokens, headers, form={**form, **client}, timeout=30.0, max_bytes=LONGEST_ANSWER)


@dataclass(frozen=True, slots=True)
class Grant:
    """`refresh_token` is empty where the former one stays good. Lives in seconds; 0: nobody says."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    lives: int = 0
    refresh_lives: int = 0


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def granted(vendor: str, response: Response) -> Grant:
    """The answer of a token server, or the error that says what to do."""
    told = _read(response)
    if response.status == 200 and (token := said(told.get("access_token"), LONGEST_ANSWER)):
        refresh = said(told.get("refresh_token"), LONGEST_ANSWER)
        return Grant(token, refresh, _seconds(told, "expires_in"), _seconds(told, "refresh_token_expires_in"))
    word = said(told.get("error"), LONGEST_SAID)
    if word in SIGN_IN_AGAIN:
        raise Ended(f"{vendor} does not accept the former sign-in any more. Sign in again.")
    if response.status in {408, 429} or response.status >= 500 or word in BUSY:
        raise TryLater(f"{vendor} gives no token for now: {response.status}", after=_pause(response))
    own_words = " ".join(said(told.get("error_description"), LONGEST_SAID).split())
    if word in WRONG_CLIENT or response.status == 401:
        raise NeedsOwner(f"{vendor} does not accept the client ID with this client secret: {own_words or word}")
    if response.status == 200 or not word:
        raise TryLater(f"{vendor} answers something else than a token: {response.status}")
    raise NeedsOwner(f"{vendor} refuses to let us in: {own_words or word}")


def _read(response: Response) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(response.body)
    except NOT_READABLE:
        return {}  # a proxy's page: its status says enough
    return told if isinstance(told, dict) else {}


def _seconds(told: Mapping[str, Any], name: str) -> int:
    """Some send numbers as texts."""
    value = told.get(name)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12:
        value = int(value)
    return value if isinstance(value, int) and 0 < value < LONGEST_LIFE else 0


def _pause(response: Response) -> float | None:
    told = response.headers.get("retry-after", "")
    return float(told) if told.isascii() and told.isdecimal() and len(told) < 6 else None
