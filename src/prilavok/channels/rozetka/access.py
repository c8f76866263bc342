"""The way in to Rozetka, and what it says when it refuses: mostly within a 200."""

from collections.abc import Mapping
from typing import Any

import msgspec

from prilavok.channels.base import NeedsOwner, Response, TryLater, Undeliverable
from prilavok.channels.market import refused
from prilavok.channels.wire import NOT_READABLE, said

VENDOR = "Rozetka"
HINT = "Type the login and the password of the seller's cabinet anew, and check what this person may do there."
WRONG_PASSWORD = {1004, 1018, 1020, 1021}
NO_RIGHT = {1010}
RESTS = {0, 1003, 1015, 1031, 5503}  # its own troubles, and its maintenance
OVER = {5401, 6001}  # the token is good no longer
OVER_IN_WORDS = "incorrect_access_token"


class SessionOverError(Exception):
    """Somebody signed in anew, or the time is over: a new token helps."""


def read(response: Response, *, sends: bool = False) -> dict[str, Any]:
    """The content, or the error that says what to do."""
    try:
        answer = msgspec.json.decode(response.body)
    except NOT_READABLE as error:
        if response.status == 200:
            raise TryLater("Rozetka's answer is not JSON", perhaps_sent=sends) from error
        answer = {}
    told = answer.get("errors") if isinstance(answer, dict) else None
    errors: Mapping[str, Any] = told if isinstance(told, dict) else {}
    code, message = errors.get("code"), said(errors.get("message"), 200)
    if code in OVER or message == OVER_IN_WORDS or response.status == 401:
        raise SessionOverError
    if response.status != 200:
        raise refused(VENDOR, response, message, sends=sends, hint=HINT)
    if not isinstance(answer, dict) or answer.get("success") is not True:
        raise _within(code, f"{VENDOR}: {message or 'refused'}")
    content = answer.get("content")
    return content if isinstance(content, dict) else {}


def _within(code: Any, words: str) -> TryLater | Undeliverable | NeedsOwner:
    if code in WRONG_PASSWORD | NO_RIGHT:
        return NeedsOwner(f"{words}. {HINT}")
    return TryLater(words) if code in RESTS else Undeliverable(words)
