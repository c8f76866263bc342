"""What SMS gateways over HTTP share: what a text can do, and what their answers mean before one is read."""

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from prilavok.channels.base import Capabilities, NeedsOwner, RateLimit, Receipt, Response, TryLater
from prilavok.channels.wire import NOT_READABLE, retry_after

T = TypeVar("T")

TEXTS = Capabilities(  # what every SMS channel can do; each says how long a text may be
    address_kind="phone",
    address_scope="shop",
    medium="sms",
    starts=True,
    receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.FAILED}),
    media=False,
    cost="per message",
    rings=True,
    rate=(RateLimit(10, 1.0, "inbox"), RateLimit(1, 1.0, "recipient")),
)
ASKED_AFTER = (15.0, 45.0, 120.0, 300.0, 900.0, 3600.0, 14_400.0, 43_200.0, 86_400.0)  # seconds; see `inquires`


def decoded(
    response: Response, decoder: "msgspec.json.Decoder[T]", vendor: str, login: str, *, sends: bool = False
) -> T:
    """The answer, read; the error that says what to do where there is none. `login`: what the owner has entered."""
    try:
        answer = decoder.decode(response.body)
    except NOT_READABLE:
        answer = None
    if response.status == 429:
        raise TryLater(f"{vendor} asks us to slow down", after=retry_after(response.headers, datetime.now(UTC)))
    if response.status in {401, 403}:
        raise NeedsOwner(f"{vendor} does not accept the {login}.")
    if response.status >= 500:
        raise TryLater(f"{vendor} answered {response.status}", perhaps_sent=sends and response.status == 504)
    if answer is None and response.status == 404:
        raise NeedsOwner(f"This is not the address of {vendor}.", field="api_base")
    if answer is None:
        raise TryLater(f"{vendor}'s answer cannot be read", perhaps_sent=sends and response.status < 300)
    return answer


def on_account(result: Any, sign: str, vendor: str) -> str:
    """What the owner is told of a sender without answers and of the money left; NeedsOwner when there is none."""
    money = result.get("balance") if isinstance(result, dict) else None
    note = "Nobody can answer to a name: customers read these texts, but cannot write back."
    if not isinstance(money, int | float) or isinstance(money, bool):
        return note
    if money <= 0:
        raise NeedsOwner(f"There is no money on the account at {vendor}.")
    return f"On the account: {money:g} {sign}. {note}"
