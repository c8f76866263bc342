"""Who may come in: the visitor's token, the shop's word on who they are, the sites that may show the chat."""

import base64
import math
import re
import secrets
from datetime import datetime

import jwt

from prilavok.channels.origins import origin_allowed
from prilavok.channels.wire import said, same
from prilavok.domain.errors import BadSignature
from prilavok.kit.mac import mac

CLOCKS_DIFFER = 60  # seconds that the shop's clock may be ahead of ours

__all__ = ["identity_of", "new_visitor", "origin_allowed", "token_of", "visitor_of"]

TOKEN = re.compile(r"v1\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})", re.ASCII)


def new_visitor() -> str:
    """128 random bits: nobody guesses another visitor's id, and it says nothing about its owner."""
    return _text(secrets.token_bytes(16))


def token_of(visitor: str, key: bytes) -> str:
    """What the visitor's browser keeps. Stateless: the key of the inbox vouches for it, no table does."""
    return f"v1.{visitor}.{_text(mac(key, b'visitor:v1:', visitor.encode()))}"


def visitor_of(token: str, key: bytes) -> str | None:
    """The visitor's id, or None when this inbox did not make the token."""
    found = TOKEN.fullmatch(token)
    return found[1] if found and same(token, token_of(found[1], key)) else None


def identity_of(token: str, secret: str, now: datetime) -> dict[str, str]:
    """The claims of a JWT that the shop's server signed: sub, and name, email, phone where it gave them.

    Only HS256 is taken, whatever the token's own header says, and only with an end (`exp`) that is still to come.
    """
    if not secret:
        raise BadSignature("this inbox has no identity secret")
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            # Times are checked below, against `now`; who the token is for is none of our business.
            options={
                "require": ["exp", "sub"],
                "enforce_minimum_key_length": True,
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_aud": False,
                "verify_sub": False,
            },
        )
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise BadSignature(f"the identity token is not valid: {type(error).__name__}") from error
    if not _is_time(claims["exp"]) or claims["exp"] + CLOCKS_DIFFER < now.timestamp():
        raise BadSignature("the identity token has ended")
    if "nbf" in claims and not (_is_time(claims["nbf"]) and claims["nbf"] - CLOCKS_DIFFER <= now.timestamp()):
        raise BadSignature("the identity token has not begun")
    known = {name: said(claims.get(name), 200) for name in ("sub", "name", "email", "phone")}
    if not known["sub"]:
        raise BadSignature("the identity token names nobody (sub)")
    return {name: value for name, value in known.items() if value}


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
