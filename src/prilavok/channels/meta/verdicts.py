"""What Meta's error numbers mean for a page or an Instagram account, and what is to be done about each."""

from datetime import UTC, datetime

import msgspec

from prilavok.channels.base import NeedsOwner, Response, TryLater, Undeliverable
from prilavok.channels.meta.shapes import Problem, Refusal
from prilavok.channels.wire import NOT_READABLE, retry_after, storable

WINDOW = {(10, 2018278), (10, 2018065)}
GONE = {(551, 1545041), (100, 2018001)}  # nobody there any more: blocked, deleted
SLOWER = {4, 32, 613, 80006}
BROKEN = {1, 2, 1200}
OWNERS = {3, 10, 190, 368, *range(200, 300)}
NO_SUCH_OBJECT = 33  # sub-code of 100: the page or account is not this token's

TOKEN = {  # sub-codes of 190: why the token is worth nothing any more
    458: "the application was removed from the account",
    459: "Facebook wants the token's owner to sign in and confirm something",
    460: "the password of the token's owner was changed",
    463: "the token has run out",
    464: "the token's owner has not confirmed the account",
    467: "the token was taken back",
}
REASONS = {
    (10, 2018278): "more than 24 hours have passed since the customer wrote",
    (10, 2018065): "more than 24 hours have passed since the customer wrote",
    (551, 1545041): "this person cannot be written to: the shop is blocked, or the account is gone",
    (100, 2018001): "there is no such person here any more",
    (100, 2018109): "the file is too large",
    (368, 0): "Meta has blocked the account for a time, for what was sent",
}

read_refusal = msgspec.json.Decoder(Refusal)


def settle(response: Response, *, sends: bool = False) -> None:
    """Nothing for a 2xx; for the rest the error that says what to do."""
    status = response.status
    if 200 <= status < 300:
        return
    try:
        problem = read_refusal.decode(response.body).error
    except NOT_READABLE:
        problem = Problem(message=f"answer {status}")
    which = (problem.code, problem.error_subcode)
    if which in WINDOW or which in GONE:
        raise Undeliverable(because(problem), address_is_dead=which in GONE)
    wait = retry_after(response.headers, datetime.now(UTC))
    if problem.code in SLOWER or status == 429:
        raise TryLater(because(problem), after=wait)
    if problem.code in BROKEN or status >= 500:
        # A gateway that gave up waiting (504) does not know whether the message was sent.
        raise TryLater(because(problem), after=wait, perhaps_sent=sends and status == 504)
    if problem.code == 190 or (status == 401 and not problem.code):
        raise NeedsOwner(f"{because(problem)}. Make a new access token at Meta and paste it into the settings.")
    if problem.code in OWNERS or status in {401, 403} or unknown_object(status, problem):
        raise NeedsOwner(f"{because(problem)}. Check the id, the token and the application's permissions at Meta.")
    raise Undeliverable(because(problem))


def because(problem: Problem) -> str:
    which = (problem.code, problem.error_subcode)
    said = REASONS.get(which) or REASONS.get((problem.code, 0))
    if problem.code == 190:
        said = TOKEN.get(problem.error_subcode, "the access token is not valid any more")
    numbers = "/".join(str(one) for one in which if one)
    return f"Meta: {said or storable(problem.message)[:200] or 'not taken'}{f' ({numbers})' if numbers else ''}"


def unknown_object(status: int, problem: Problem) -> bool:
    return (status == 404 and not problem.code) or (problem.code == 100 and problem.error_subcode == NO_SUCH_OBJECT)
