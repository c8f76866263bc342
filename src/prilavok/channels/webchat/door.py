"""Who may come in: the visitor's token, the shop's word on who they are, the sites that may show the chat."""

import base64
import math
import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from ipaddress import ip_address

import jwt

from prilavok.channels.wire import said, same
from prilavok.domain.errors import BadSignature
from prilavok.kit.mac import mac

CLOCKS_DIFFER = 60  # seconds that the shop's clock may be ahead of ours
DEFAULT_PORTS = {"http": 80, "https": 443}

TOKEN = re.compile(r"v1\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})", re.ASCII)
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)
ORIGIN = re.compile(r"(https?)://(\[[0-9A-Fa-f:.]{2,45}\]|[^\s/?#@:\[\]\\%]{1,253})(?::([0-9]{1,5}))?")
ALLOWED = re.compile(
    r"(?:(https?)://)?(?:\*\.)?(\[[0-9A-Fa-f:.]{2,45}\]|[^\s/?#@:\[\]\\%*]{1,253})(?::([0-9]{1,5}))?/?"
)


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


def origin_allowed(origin: str | None, allowed: Iterable[str]) -> bool:
    """Whether a page of `origin` may show the chat: its host is an allowed one or lies below it.

    An entry may be written `shop.example`, `https://shop.example`, `shop.example:8443` or `магазин.укр`; a scheme or
    a port that it names must be that of the page. No entry at all: every site may. A page without an origin of its
    own ("null": a file, a sandboxed frame) never may.
    """
    if not (found := ORIGIN.fullmatch(origin or "")):
        return False
    scheme, host, port = found[1], _ascii(found[2]), found[3]
    if not host or int(port or 0) > 65535:
        return False
    entries = [entry.strip() for entry in allowed if entry.strip()]
    at_port = int(port) if port else DEFAULT_PORTS[scheme]
    return not entries or any(_covers(entry, scheme, host, at_port) for entry in entries)


def _covers(entry: str, scheme: str, host: str, port: int) -> bool:
    if not (found := ALLOWED.fullmatch(entry)):
        return False
    wanted = _ascii(found[2])
    if found[1] and (scheme != found[1] or port != int(found[3] or DEFAULT_PORTS[scheme])):
        return False
    if found[3] and port != int(found[3]):
        return False
    if not wanted or host == wanted:
        return bool(wanted)
    # Below a domain, but never below an address ("0.0.1" is not above 127.0.0.1) nor a whole top-level domain.
    return "." in wanted and not _is_address(host) and host.endswith("." + wanted)


def _ascii(host: str) -> str:
    """As browsers write it: lower case, punycode, no dot at the end. Empty when it is no host name."""
    if host.startswith("["):
        return str(ip_address(host[1:-1])) if _is_address(host[1:-1]) else ""
    try:
        written = host.removesuffix(".").encode("idna").decode().lower()
    except UnicodeError:
        return ""
    return written if HOST.fullmatch(written) else ""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
