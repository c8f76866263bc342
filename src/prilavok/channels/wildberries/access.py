"""The token and what Wildberries says when it refuses."""

import base64
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from prilavok.channels.base import NeedsOwner, Response, TryLater, Undeliverable
from prilavok.channels.market import refused
from prilavok.channels.wire import NOT_READABLE, said

VENDOR = "Wildberries"
REVIEWS_BIT, CHATS_BIT = 1 << 7, 1 << 9  # of a token's categories
HINT = "Make a new token with the categories for feedbacks and questions and for buyers' chat."


def multipart(form: Mapping[str, str]) -> tuple[bytes, str]:
    """A form without files, in the only encoding that Wildberries takes."""
    boundary = secrets.token_hex(16)  # nobody can have written it into a message
    head = 'Content-Disposition: form-data; name="{}"'
    parts = (f"--{boundary}\r\n{head.format(name)}\r\n\r\n{value}\r\n" for name, value in form.items())
    return f"{''.join(parts)}--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def refusal(response: Response, *, sends: bool = False) -> TryLater | Undeliverable | NeedsOwner:
    reason = ""
    try:
        answer = msgspec.json.decode(response.body)
        if isinstance(answer, dict):
            reason = said(answer.get("detail") or answer.get("errorText") or answer.get("title"), 200)
    except NOT_READABLE:
        reason = "the answer cannot be read"
    error = refused(VENDOR, response, reason, sends=sends, hint=HINT)
    wait = response.headers.get("x-ratelimit-retry", "")
    if isinstance(error, TryLater) and response.status == 429 and wait.isascii() and wait.isdecimal():
        return TryLater(error.reason, after=float(wait[:6]))
    return error


def good_until(token: str, now: datetime) -> datetime:
    """What stands in the token itself. NeedsOwner for one that is over or that may not do what is needed."""
    try:
        middle = token.split(".")[1]
        claims = msgspec.json.decode(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        until = datetime.fromtimestamp(int(claims["exp"]), UTC)
        rights = int(claims.get("s", REVIEWS_BIT | CHATS_BIT))
    except (
        *NOT_READABLE,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
        OverflowError,
        OSError,
        AttributeError,
    ) as error:
        raise NeedsOwner(
            "This is no token of Wildberries: it has three parts with dots between them.", field="token"
        ) from error
    if until <= now:
        raise NeedsOwner(f"This token ended on {until:%Y-%m-%d}. {HINT}")
    if not rights & REVIEWS_BIT or not rights & CHATS_BIT:
        raise NeedsOwner(f"This token lacks a category. {HINT}")
    return until
