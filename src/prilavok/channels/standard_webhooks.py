"""Standard Webhooks (https://www.standardwebhooks.com): how a delivery is signed, in and out.

The signature is HMAC-SHA256 over `id.timestamp.body`, in base64, written `v1,<base64>`; several may stand side by
side, separated by spaces, so that a secret can be changed without losing a delivery. Secrets: `whsec_<base64>`.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

from prilavok.domain.errors import BadSignature
from prilavok.kit.content import Content
from prilavok.kit.mac import mac

TOLERANCE = 300  # seconds that the sender's clock may be wrong, either way; also bounds a replay
PREFIX = "whsec_"
SHORTEST_KEY = 16  # bytes; a shorter key could be guessed


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The key in a secret; empty when it is none, and then nothing passes."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX).encode(), validate=True)
    except (binascii.Error, ValueError):
        return b""
    return key if len(key) >= SHORTEST_KEY else b""


def signature(key: bytes, message_id: str, timestamp: str, body: bytes | Content) -> bytes:
    signed = mac(key, f"{message_id}.{timestamp}.".encode(errors="replace"), body)
    return b"v1," + binascii.b2a_base64(signed, newline=False)


def headers(key: bytes, message_id: str, now: datetime, body: bytes | Content) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(key, message_id, timestamp, body).decode(),
    }


def verify(key: bytes, given: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises BadSignature unless one of the signatures is ours and was made within the tolerance."""
    timestamp = given.get("webhook-timestamp", "")
    if not key or not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 13):
        raise BadSignature
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE:
        raise BadSignature
    expected = signature(key, given.get("webhook-id", ""), timestamp, body)
    signatures = given.get("webhook-signature", "").encode(errors="replace").split(b" ")
    if not any(hmac.compare_digest(one, expected) for one in signatures):
        raise BadSignature
