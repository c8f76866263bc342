"""What VK's error numbers mean, and what is to be done about each. HTTP says 200 to all of them."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from prilavok.channels.base import NeedsOwner, Response, TryLater, Undeliverable
from prilavok.channels.vk.shapes import Verdict
from prilavok.channels.wire import NOT_READABLE, retry_after, said
from prilavok.domain.capabilities import BLOCKED

LATER: dict[int, float | None] = {
    1: None,
    6: 1.0,
    9: 60.0,
    10: None,
    14: 600.0,
    29: 3600.0,
    32: None,
    36: None,
    43: None,
    223: 60.0,
    601: 3600.0,
    602: None,
    603: None,
}
OWNERS = {2, 4, 5, 7, 15, 16, 17, 20, 23, 24, 25, 27, 28, 40, 42, 101, 125, 200, 203, 2000, 1117}
GONE = {18, 37, 900, 901, 902, 936}  # this person, until they write or allow it again
ONE_COMMENT = {7, 15, 200}  # about a comment these speak of that post, not of the whole token

REASONS = {
    5: "the access key is not valid any more. Make a new one at VK: Manage → API usage",
    6: "too many requests a second",
    7: "the access key lacks a right",
    9: "too many messages alike",
    14: "VK wants a captcha",
    15: "access denied",
    18: "this page was deleted or banned",
    27: "the access key is not valid any more. Make a new one at VK: Manage → API usage",
    29: "the limit of calls is used up",
    183: "this comment cannot be touched",
    211: "this comment cannot be touched",
    212: "comments under this post are closed",
    213: "comments under this post are closed",
    222: "links are forbidden in these comments",
    900: "this person is on the community's blacklist",
    901: BLOCKED,
    902: BLOCKED,
    911: "the keyboard has a wrong shape",
    914: "the text is too long",
    917: "the community has no access to this chat",
    936: "there is no such chat",
    1117: "the access key has expired. Make a new one at VK: Manage → API usage",
    2000: "ten servers are connected to the community already. Take one away at VK: Manage → API usage → Callback API",
}

read_verdict = msgspec.json.Decoder(Verdict)


def settle(response: Response, decoder: "msgspec.json.Decoder[Any]", *, about_comment: bool = False) -> Any:
    """The decoded `response` when all is well; else the error that says what to do. Unknown numbers are final.

    A repeat does no harm here: every message and every comment carries a number that keeps a second copy away.
    """
    _settle_http(response)
    try:
        verdict = read_verdict.decode(response.body)
        if verdict.error is None:
            return decoder.decode(verdict.response)
    except NOT_READABLE as error:
        raise TryLater("VK's answer has another shape than it promises", perhaps_sent=True) from error
    refuse(verdict.error.error_code, verdict.error.error_msg, about_comment=about_comment)
    raise AssertionError("a refusal always raises")


def refuse(code: int, message: str, *, about_comment: bool = False) -> None:
    known = REASONS.get(code)
    reason = BLOCKED if known == BLOCKED else f"VK: {known or said(message, 200) or 'not taken'} ({code})"
    if code in LATER:
        raise TryLater(reason, after=LATER[code])
    if code in OWNERS and not (about_comment and code in ONE_COMMENT):
        raise NeedsOwner(reason)
    raise Undeliverable(reason, address_is_dead=code in GONE)


def _settle_http(response: Response) -> None:
    status = response.status
    if 200 <= status < 300:
        return
    reason = f"VK answered {status}"
    if status == 429 or status >= 500:
        raise TryLater(reason, after=retry_after(response.headers, datetime.now(UTC)), perhaps_sent=status == 504)
    if status in {401, 403, 404}:
        raise NeedsOwner(f"{reason}. Check the access key and the server's address.")
    raise Undeliverable(reason)
