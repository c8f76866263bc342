"""A little work instead of a riddle: the sender's browser counts for a moment, a robot would have to count for hours.

A ticket is signed, lasts some hours, and is worth one message: the message's id is made of it, so that the same ticket
again is the same message again. Nothing has to be remembered. Who runs no script sends without a ticket, and meets a
narrower limit.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from prilavok.kit.seal import Seal

PURPOSE = "form ticket"
GOOD_FOR = timedelta(hours=12)
BITS = 15  # leading zeros: some 33,000 hashes, a moment on a telephone
SEED = 32  # hexadecimal characters of the ticket's hash: with the number it fits one block of SHA-256
LONGEST = 16  # digits


@dataclass(frozen=True, slots=True)
class Ticket:
    """`visitor` is whom the message will be from; `worked` whether the browser did the work."""

    visitor: str
    worked: bool


def issue(seal: Seal, inbox_id: str, now: datetime) -> str:
    return seal.sign(PURPOSE, {"i": inbox_id, "n": secrets.token_urlsafe(12)}, expires=now + GOOD_FOR)


def redeem(seal: Seal, inbox_id: str, token: str, work: str, now: datetime) -> Ticket:
    """Whatever came: a ticket that is none is worth a fresh visitor, without work."""
    known = seal.read(PURPOSE, token, now) if token else None
    if known is None or known.get("i") != inbox_id:
        return Ticket(secrets.token_urlsafe(24), worked=False)
    digest = hashlib.sha256(b"visitor:" + token.encode()).digest()
    return Ticket(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), worked=done(token, work))


def done(ticket: str, work: str) -> bool:
    if not (work.isascii() and work.isdecimal() and len(work) <= LONGEST):
        return False
    digest = hashlib.sha256(f"{seed_of(ticket)}{work}".encode()).digest()
    return int.from_bytes(digest[:4]) >> (32 - BITS) == 0


def seed_of(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()[:SEED]
