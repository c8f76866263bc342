"""What Twilio's numbers of errors mean, and what follows from each."""

from datetime import UTC, datetime

import msgspec

from prilavok.channels.base import NeedsOwner, Response, TryLater, Undeliverable
from prilavok.channels.wire import NOT_READABLE, retry_after, storable
from prilavok.domain.capabilities import BLOCKED

OPTED_OUT = {21610}
DEAD = {21211, 21214, 21217, 21614, 30005, 30006}  # no such number, or none that takes an SMS
OWNERS = {20003, 20005, 20006, 21606, 21603, 21660, 21408, 30002, 30034, 90010}
LATER = {20429, 30001, 14107, 20500, 20503}
REASONS = {
    21408: "sending to this country is switched off in the Twilio console",
    21610: BLOCKED,
    21612: "this sender cannot reach that number",
    21614: "the number takes no SMS",
    30003: "the telephone is switched off or out of reach",
    30004: "the operator blocked the message",
    30005: "there is no such number",
    30006: "a landline, or an operator that takes no SMS",
    30007: "the operator took it for spam",
    30008: "the operator gives no reason",
    30034: "the sender is not registered for the US (A2P 10DLC)",
}


class Complaint(msgspec.Struct):
    code: int = 0
    message: str = ""


read_complaint = msgspec.json.Decoder(Complaint)


def because(code: int, otherwise: str = "") -> str:
    said = REASONS.get(code) or storable(otherwise)[:200] or "the message was not taken"
    return said if said == BLOCKED else f"Twilio: {said}{f' ({code})' if code else ''}"


def settle(response: Response, *, sends: bool = False) -> None:
    """Nothing for a 2xx; for the rest the error that says what to do."""
    status = response.status
    if 200 <= status < 300:
        return
    try:
        said = read_complaint.decode(response.body)
    except NOT_READABLE:
        said = Complaint()
    if status == 429 or said.code in LATER:
        # Twilio says no time: its limit counts requests under way.
        after = retry_after(response.headers, datetime.now(UTC))
        raise TryLater(because(said.code, said.message or "too many requests"), after=after)
    if status in {401, 403} or (status == 404 and not said.code) or (status == 404 and said.code == 20404):
        raise NeedsOwner(f"{because(said.code, said.message or f'answer {status}')}: check the Account SID and token.")
    if status >= 500:
        raise TryLater(f"Twilio answered {status}", perhaps_sent=sends and status == 504)
    raise refused(said.code, said.message or f"answer {status}")


def refused(code: int, message: str) -> Exception:
    if code in OWNERS:
        return NeedsOwner(because(code, message))
    if code in LATER:
        return TryLater(because(code, message))
    return Undeliverable(because(code, message), address_is_dead=code in DEAD | OPTED_OUT)
