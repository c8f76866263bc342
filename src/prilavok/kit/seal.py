"""Secrets at rest, signed links, and the keys for both, all out of the installation's one secret.

Every use has a key of its own (HKDF-SHA256), so that a signature made for one purpose is worth nothing in another.
After a change of the secret the former ones are kept as `previous`: they still open and verify, they make nothing new.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
NONCE = 12  # bytes
TAG = 16
MAC = 16  # bytes of HMAC-SHA256 in a token: 128 bits keep links short and cannot be guessed
WHEN = 5  # bytes: seconds since 1970, 0 for never
LONGEST_TOKEN = 8192  # characters
SALT = b"prilavok"


class CannotOpen(ValueError):
    """What was sealed was changed, belongs elsewhere, or was sealed with a secret that is gone."""


class Seal:
    """`context` says where a sealed thing belongs ("shop/3/inbox/018f…/token"): in another place it does not open."""

    def __init__(self, secret: str, previous: Sequence[str] = ()) -> None:
        if not secret or not all(previous):
            raise ValueError("an empty secret seals nothing")
        self._secrets = (secret.encode(), *(each.encode() for each in previous))

    def __repr__(self) -> str:
        return f"Seal({len(self._secrets)} secrets)"

    def seal(self, content: bytes | str, context: str) -> bytes:
        """Version, nonce, AES-256-GCM of the content; 29 bytes longer than it. Never the same twice."""
        plain = content.encode() if isinstance(content, str) else content
        nonce = os.urandom(NONCE)
        return VERSION + nonce + AESGCM(self.derive("seal", context)).encrypt(nonce, plain, bound_to(context))

    def open(self, sealed: bytes, context: str) -> bytes:
        """The content. CannotOpen when it was changed, or sealed for another context or with an unknown secret."""
        if len(sealed) < len(VERSION) + NONCE + TAG or sealed[:1] != VERSION:
            raise CannotOpen("this was not sealed here")
        nonce, rest = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        for key in self._keys("seal", context):
            try:
                return AESGCM(key).decrypt(nonce, rest, bound_to(context))
            except InvalidTag:
                continue
        raise CannotOpen("the seal does not fit")

    def sign(self, purpose: str, payload: dict[str, Any], expires: datetime | None = None) -> str:
        """A token for a URL: readable by anybody, made only by us. Some 30 characters more than 4/3 of the JSON."""
        until = 0 if expires is None else int(in_seconds(expires))
        if expires is not None and not 0 < until < 1 << (8 * WHEN):
            raise ValueError("this token would expire outside of our calendar")
        body = VERSION + until.to_bytes(WHEN) + msgspec.json.encode(payload)
        return text(body + mac(self.derive("sign", purpose), body))

    def read(self, purpose: str, token: str, now: datetime) -> dict[str, Any] | None:
        """The payload; None when the token was changed, made for another purpose, or has expired."""
        raw = raw_of(token)
        if raw is None or len(raw) < len(VERSION) + WHEN + MAC or raw[:1] != VERSION:
            return None
        body, given = raw[:-MAC], raw[-MAC:]
        if not any(hmac.compare_digest(mac(key, body), given) for key in self._keys("sign", purpose)):
            return None
        until = int.from_bytes(body[1 : 1 + WHEN])
        if until and in_seconds(now) >= until:
            return None
        return msgspec.json.decode(body[1 + WHEN :], type=dict[str, Any])

    def derive(self, purpose: str, *parts: str | int) -> bytes:
        """A key of 32 bytes for this purpose and these parts, the same at every start; of the current secret."""
        return next(self._keys(purpose, *parts))

    def _keys(self, purpose: str, *parts: str | int) -> Iterator[bytes]:
        info = VERSION + b"".join(bound_to(str(part)) for part in (purpose, *parts))
        for secret in self._secrets:
            yield HKDF(algorithm=SHA256(), length=32, salt=SALT, info=info).derive(secret)


def bound_to(context: str) -> bytes:
    """With its length in front: ("a", "bc") and ("ab", "c") must not meet."""
    raw = context.encode()
    return len(raw).to_bytes(4) + raw


def in_seconds(moment: datetime) -> float:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).timestamp()


def mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")[:MAC]


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw_of(token: str) -> bytes | None:
    """Only the one spelling that `text` writes: a token with another spelling could pass where it was revoked."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if text(raw) == token else None
