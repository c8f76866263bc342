"""A vendor's sign-in (OAuth 2, authorization code with PKCE) on loopback: the page with Allow and Refuse, the token
server, and the answer to a mail server that asks whose token it was shown.

Every sign-in is a family of tokens. A refresh token is exchanged for another one each time, as at Microsoft, where the
former stays good; `strict`: it is good once, and whoever shows it a second time loses the whole family.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response

from prilavok.simulator.office import Asked, Office, RefusedError, answer

CLIENT_ID, CLIENT_SECRET = "prilavok-of-the-demo", "demo-secret-of-the-sign-in"
MAILBOX = "outlook@kardamon.example"  # of the demo's shop, where it is signed in to here
PATH = "/simulator/sign-in"
CODE_LIVES = timedelta(minutes=5)
KEPT = ("client_id", "redirect_uri", "scope", "state", "code_challenge", "access_type", "login_hint")
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 20px;color-scheme:light dark}"
    "input,button{font:inherit;padding:8px 12px;margin:4px 0}input{width:100%;box-sizing:border-box}"
)

PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Sign in (simulator)</title><style>{style}</style><h1>Sign in</h1>"
    "<p>Prilavok asks to read and send the mail of this account.</p>"
    '<form method="post">{kept}<label>Account<input name="account" type="email" value="{account}"></label>'
    '<button name="decision" value="allow">Allow</button> <button name="decision" value="refuse">Refuse</button>'
    "</form></html>"
)


@dataclass(frozen=True, slots=True)
class Code:
    account: str
    asked: Mapping[str, str]
    until: datetime


@dataclass(frozen=True, slots=True)
class Token:
    account: str
    family: str
    until: datetime


class Authority(Office):
    """`back` is the only address that a browser is sent to. `lives`: of an access token, in seconds."""

    def __init__(
        self, *, back: str, lives: int = 3600, rotates: bool = True, strict: bool = False, lasts: int = 0, **common: Any
    ) -> None:
        super().__init__(**common)
        self.back, self.lives, self.rotates, self.strict, self.lasts = back, lives, rotates, strict, lasts
        self.codes: dict[str, Code] = {}
        self.access: dict[str, Token] = {}
        self.refresh: dict[str, tuple[str, str]] = {}  # token -> account, family
        self.used: dict[str, str] = {}  # refresh tokens that were exchanged -> family
        self.asked_for_tokens = 0
        self.route("GET", "/authorize", self._page)
        self.route("POST", "/authorize", self._decided)
        self.route("POST", "/token", self._token, sends=True)
        self.route("POST", "/introspect", self._introspect)

    @property
    def settings(self) -> dict[str, str]:
        """What leads an inbox here."""
        return {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "authorize_url": f"{self.address}/authorize",
            "token_url": f"{self.address}/token",
        }

    def signed_in(self, account: str) -> str:
        """A refresh token, as if the owner had just been here."""
        token = secrets.token_urlsafe(24)
        self.refresh[token] = (account, secrets.token_hex(8))
        return token

    def whose(self, token: str) -> str:
        """The account behind an access token; empty when it is not good (any more)."""
        found = self.access.get(token)
        return found.account if found is not None and found.until > self.now() else ""

    def expire(self) -> None:
        """Every access token has ended; those that give new ones go on."""
        self.access.clear()

    def revoke(self) -> None:
        """The owner has taken back what was allowed."""
        self.access.clear()
        self.refresh.clear()

    def _page(self, asked: Asked) -> Response:
        given = asked.query
        if given.get("client_id") != CLIENT_ID or given.get("redirect_uri") != self.back:
            return HTMLResponse("<h1>This application is not registered with this address.</h1>", 400)
        if given.get("response_type") != "code" or given.get("code_challenge_method") != "S256":
            return self._sent_back(given, error="invalid_request", error_description="code with S256 is asked here")
        kept = (f'<input type="hidden" name="{one}" value="{escape(given[one])}">' for one in KEPT if one in given)
        return HTMLResponse(PAGE.format(style=STYLE, kept="".join(kept), account=escape(given.get("login_hint", ""))))

    def _decided(self, asked: Asked) -> Response:
        given = asked.form
        if given.get("client_id") != CLIENT_ID or given.get("redirect_uri") != self.back:
            return HTMLResponse("<h1>This application is not registered with this address.</h1>", 400)
        if given.get("decision") != "allow":
            return self._sent_back(given, error="access_denied", error_description="the user said no")
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(given.get("account", "").lower(), given, self.now() + CODE_LIVES)
        return self._sent_back(given, code=code)

    def _sent_back(self, given: Mapping[str, str], **more: str) -> Response:
        query = urlencode({**more, "state": given.get("state", ""), "iss": self.address})
        return RedirectResponse(f"{self.back}?{query}", 303)

    def _token(self, asked: Asked) -> Response:
        given = asked.form
        self.asked_for_tokens += 1
        if given.get("client_id") != CLIENT_ID or given.get("client_secret") != CLIENT_SECRET:
            raise refused("invalid_client", "the client secret is wrong", 401)
        match given.get("grant_type"):
            case "authorization_code":
                account, family = self._redeemed(given), secrets.token_hex(8)
            case "refresh_token":
                account, family = self._exchanged(given.get("refresh_token", ""))
            case _:
                raise refused("unsupported_grant_type", "")
        return answer(self._granted(account, family, given.get("refresh_token", "")))

    def _redeemed(self, given: Mapping[str, str]) -> str:
        code = self.codes.pop(given.get("code", ""), None)
        if code is None or code.until <= self.now() or given.get("redirect_uri") != code.asked["redirect_uri"]:
            raise refused("invalid_grant", "the code is not good")
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not hmac.compare_digest(expected, code.asked.get("code_challenge", "")):
            raise refused("invalid_grant", "the verifier does not fit the challenge")
        return code.account

    def _exchanged(self, token: str) -> tuple[str, str]:
        if token in self.used:  # somebody has copied it: nobody keeps anything
            self._forget(self.used[token])
        if token not in self.refresh:
            raise refused("invalid_grant", "Token has been expired or revoked.")
        account, family = self.refresh[token]
        if self.strict:
            del self.refresh[token]
            self.used[token] = family
        return account, family

    def _forget(self, family: str) -> None:
        self.refresh = {token: one for token, one in self.refresh.items() if one[1] != family}
        self.access = {token: one for token, one in self.access.items() if one.family != family}

    def _granted(self, account: str, family: str, former: str) -> dict[str, Any]:
        access = secrets.token_urlsafe(32)
        self.access[access] = Token(account, family, self.now() + timedelta(seconds=self.lives))
        told: dict[str, Any] = {"access_token": access, "token_type": "Bearer", "expires_in": self.lives}
        if self.rotates or not former:
            told["refresh_token"] = secrets.token_urlsafe(32)
            self.refresh[told["refresh_token"]] = (account, family)
        return told | ({"refresh_token_expires_in": self.lasts} if self.lasts else {})

    def _introspect(self, asked: Asked) -> Response:
        account = self.whose(asked.form.get("token", ""))
        return answer({"active": True, "username": account} if account else {"active": False})


def at(base: str, now: Callable[[], datetime]) -> Authority:
    """The one that stands within the demo."""
    return Authority(back=f"{base}/consent/back", address=f"{base}{PATH}", now=now)


def refused(error: str, description: str, status: int = 400) -> RefusedError:
    return RefusedError(status, {"error": error, "error_description": description})
