"""HMAC-SHA256 for keys that are used again and again."""

import hashlib
from functools import lru_cache
from typing import Any

from prilavok.kit.content import Content


def mac(key: bytes, *parts: bytes | Content) -> bytes:
    """The 32 bytes of HMAC-SHA256 (RFC 2104) over the parts, one after another."""
    inner, outer = (begun.copy() for begun in _begun(key))
    for part in parts:
        if isinstance(part, bytes):
            inner.update(part)
        else:
            for piece in part.pieces():
                inner.update(piece)
    outer.update(inner.digest())
    digest: bytes = outer.digest()
    return digest


@lru_cache(maxsize=1024)
def _begun(key: bytes) -> tuple[Any, Any]:
    """HMAC's two hashes with the key already in them. Half the time of `hmac.digest`; and that one gives the
    interpreter lock away for every signature, which a busy writer then keeps for milliseconds.
    """
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return hashlib.sha256(bytes(byte ^ 0x36 for byte in block)), hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
