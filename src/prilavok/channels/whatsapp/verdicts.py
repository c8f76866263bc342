"""What Meta's numbers mean, and what is to be done about each: one table for answers and for statuses."""

from datetime import UTC, datetime

import msgspec

from prilavok.channels.base import NeedsOwner, Response, TryLater, Undeliverable
from prilavok.channels.whatsapp.shapes import Problem, Refusal
from prilavok.channels.wire import NOT_READABLE, retry_after, storable

WINDOW_SHUT = 131047
SLOWER = {4: None, 80007: None, 130429: None, 131056: 6.0, 131048: 3600.0, 133016: 3600.0}  # code: seconds, if known
BROKEN = {1, 2, 131000, 131016, 133004}
OWNERS = {0, 3, 10, 190, 368, 131005, 131031, 131042, 131045, 133010, *range(200, 300)}
NO_SUCH_OBJECT = 33  # sub-code of 100: the phone number id is not ours

REASONS = {
    130472: "this person is in an experiment of Meta's and gets no such messages",
    131026: "it cannot be delivered: no WhatsApp there, an old version, or the shop is blocked",
    131030: "a test number writes to registered numbers only",
    131042: "Meta could not be paid: look into the account's billing",
    WINDOW_SHUT: "more than 24 hours have passed since the customer wrote",
    131049: "Meta holds back advertising to this person for at least a day",
    131050: "the customer wants no advertising",
    131051: "this kind of message is not supported",
    131053: "Meta could not take the file",
    131062: "this person can only be written to by telephone number",
    132000: "the template wants another number of variables",
    132001: "there is no such template in this language",
    132005: "the text is too long for the template",
    132007: "the template offends Meta's rules",
    132012: "a variable of the template has the wrong shape",
    132015: "the template is paused",
    132016: "the template is switched off",
    190: "the access token has expired or was taken back",
    131031: "Meta has locked the account",
    368: "Meta has blocked the account for a time",
    133010: "the number is not registered with the Cloud API",
}

read_refusal = msgspec.json.Decoder(Refusal)


def because(problem: Problem) -> str:
    details = problem.error_data.details if problem.error_data is not None else ""
    said = REASONS.get(problem.code) or storable(details or problem.message or problem.title)[:200] or "not taken"
    return f"WhatsApp: {said}{f' ({problem.code})' if problem.code else ''}"


def settle(response: Response, *, sends: bool = False) -> None:
    """Nothing for a 2xx; for the rest the error that says what to do."""
    status = response.status
    if 200 <= status < 300:
        return
    try:
        problem = read_refusal.decode(response.body).error
    except NOT_READABLE:
        problem = Problem(message=f"answer {status}")
    wait = retry_after(response.headers, datetime.now(UTC))
    if problem.code in SLOWER or status == 429:
        raise TryLater(because(problem), after=wait or SLOWER.get(problem.code))
    if problem.code in BROKEN or status >= 500:
        # A gateway that gave up waiting (504) does not know whether the message was sent.
        raise TryLater(because(problem), after=wait, perhaps_sent=sends and status == 504)
    if (problem.code in OWNERS and problem.code) or status in {401, 403} or unknown_object(status, problem):
        raise NeedsOwner(f"{because(problem)}. Check the number's id and its access token.")
    raise Undeliverable(because(problem))


def unknown_object(status: int, problem: Problem) -> bool:
    return (status == 404 and not problem.code) or (problem.code == 100 and problem.error_subcode == NO_SUCH_OBJECT)
