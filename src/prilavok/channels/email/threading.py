"""Signed Message-IDs and reply addresses: which conversation a mail answers, proven and not merely claimed.

    <p.{message}.{conversation}.{mac}@domain>      the Message-ID of everything we send
    user+p.{conversation}.{mac}@domain             the reply address, where the server knows plus addresses

Ids are packed into letters that survive a mail server which lowers the case. The MAC is HMAC-SHA256 with the inbox's
own key, shortened to 128 bits (80 in the address, whose local part may have only 64 characters).
"""

import base64
import binascii
import hmac
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

MESSAGE_ID = re.compile(r"<([^<>\s\x00-\x1f\x7f]{1,250})>")
OURS = re.compile(r"p\.([a-z0-9-]{2,70})\.([a-z0-9-]{2,70})\.([a-z2-7]{26})@[^@]+", re.IGNORECASE)
TOKEN = re.compile(r"[^@]*\+p\.([a-z0-9-]{2,70})\.([a-z2-7]{16})@[^@]+", re.IGNORECASE)
PLAIN = re.compile(r"[a-z0-9-]{1,64}")
LOCAL_LIMIT = 64  # RFC 5321


@dataclass(frozen=True, slots=True)
class Ours:
    message_id: str
    conversation_id: str


def sign_id(key: bytes, message_id: str, conversation_id: str, domain: str) -> str:
    """Our Message-ID, without angle brackets; the same for every attempt at the same message."""
    message, conversation = _pack(message_id), _pack(conversation_id)
    return f"p.{message}.{conversation}.{_mac(key, 'id', message, conversation)[:26]}@{domain}"


def read_id(key: bytes, message_id: str) -> Ours | None:
    """What we signed into this Message-ID; None when it is not ours, or forged."""
    found = OURS.fullmatch(bare(message_id))
    if not found:
        return None
    message, conversation, mac = (part.lower() for part in found.groups())
    if not hmac.compare_digest(mac, _mac(key, "id", message, conversation)[:26]):
        return None
    ids = _unpack(message), _unpack(conversation)
    return Ours(ids[0], ids[1]) if ids[0] and ids[1] else None


def reply_address(key: bytes, address: str, conversation_id: str) -> str:
    """The address that leads an answer back to the conversation; `address` itself when there is no room for it."""
    user, _, domain = address.rpartition("@")
    packed = _pack(conversation_id)
    local = f"{user}+p.{packed}.{_mac(key, 'reply', packed)[:16]}"
    return f"{local}@{domain}" if len(local) <= LOCAL_LIMIT else address


def read_address(key: bytes, addresses: Iterable[str]) -> str:
    """The conversation that one of these addresses proves; empty when none does."""
    for address in addresses:
        found = TOKEN.fullmatch(address.strip())
        if found:
            packed, mac = (part.lower() for part in found.groups())
            if hmac.compare_digest(mac, _mac(key, "reply", packed)[:16]):
                return _unpack(packed)
    return ""


def bare(message_id: str) -> str:
    """The id without its brackets; what stands around them (comments, a second id) is dropped."""
    found = MESSAGE_ID.search(message_id)
    return found[1] if found else message_id.strip().strip("<>").strip()


def many(header: str | Iterable[str]) -> tuple[str, ...]:
    """All ids of an In-Reply-To or References header, bare, in order, each once."""
    parts = MESSAGE_ID.findall(header) if isinstance(header, str) else [bare(part) for part in header]
    return tuple(dict.fromkeys(part for part in parts if part))


def _mac(key: bytes, *parts: str) -> str:
    digest = hmac.digest(key, "\0".join(parts).encode(), "sha256")
    return base64.b32encode(digest).decode("ascii").lower()


def _pack(own_id: str) -> str:
    """26 letters for a UUID; other short ids as they are, marked, so that the two cannot be confused."""
    try:
        value = uuid.UUID(own_id)
    except ValueError:
        value = None
    if value is not None and str(value) == own_id:
        return "u" + base64.b32encode(value.bytes).decode("ascii").rstrip("=").lower()
    if not PLAIN.fullmatch(own_id):
        raise ValueError(f"an id that no mail address can carry: {own_id!r}")
    return f"x{own_id}"


def _unpack(packed: str) -> str:
    """The id again; empty when it cannot have come from `_pack`."""
    if packed.startswith("x"):
        return packed[1:]
    try:
        return str(uuid.UUID(bytes=base64.b32decode(packed[1:].upper() + "======")))
    except (binascii.Error, ValueError):
        return ""
