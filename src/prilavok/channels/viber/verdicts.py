"""What Viber's status numbers mean, and what is to be done about each."""

from datetime import UTC, datetime

import msgspec

from prilavok.channels.base import NeedsOwner, Response, TryLater, Undeliverable
from prilavok.channels.viber.shapes import Verdict
from prilavok.channels.wire import NOT_READABLE, retry_after, said

TOO_MANY = 12
OWNERS = {2, 7, 8, 9, 10, 15}
GONE = {5, 6, 11}  # this person, until they write again
REASONS = {
    1: "it could not fetch from the address: it must be https and reachable from outside",
    2: "the token is not valid. Copy it anew from the bot's settings",
    3: "it takes the message for malformed",
    4: "a required part is missing",
    5: "this person is not in Viber any more",
    6: "the customer has not written to the bot, or has left it",
    7: "the bot is blocked",
    8: "the bot does not exist any more",
    9: "the bot is suspended",
    10: "deliveries lead nowhere. Save the inbox again, and the bot is connected anew",
    11: "this person has no device that shows such messages",
    TOO_MANY: "too many requests",
    13: "the version of the API is not supported",
    14: "the customer's Viber is too old for this message",
    15: "the account is not allowed to send. Ask Viber or your partner",
}

read_verdict = msgspec.json.Decoder(Verdict)


def settle(response: Response, *, sends: bool = False) -> Verdict:
    """The verdict when all is well; else the error that says what to do. Unknown numbers are final."""
    _settle_http(response, sends=sends)
    try:
        verdict = read_verdict.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("Viber's answer has another shape than it promises", perhaps_sent=sends) from error
    number = verdict.status
    if number == 0:
        return verdict
    reason = f"Viber: {REASONS.get(number) or said(verdict.status_message, 200) or 'not taken'} ({number})"
    if number == TOO_MANY:
        raise TryLater(reason, after=retry_after(response.headers, datetime.now(UTC)))
    if number in OWNERS:
        raise NeedsOwner(reason)
    raise Undeliverable(reason, address_is_dead=number in GONE)


def _settle_http(response: Response, *, sends: bool) -> None:
    """Viber itself says nearly everything with 200; other numbers come from what stands before it."""
    status = response.status
    if 200 <= status < 300:
        return
    reason = f"Viber answered {status}"
    if status == 429:
        raise TryLater(reason, after=retry_after(response.headers, datetime.now(UTC)))
    if status >= 500:
        # A gateway that gave up waiting does not know whether the message was sent.
        raise TryLater(reason, perhaps_sent=sends and status == 504)
    if status in {401, 403, 404}:
        raise NeedsOwner(f"{reason}. Check the token and the server's address.")
    raise Undeliverable(reason)
