"""Several things that happened are told in one message: which of them still need words, and which one leads."""

from collections.abc import Mapping, Sequence
from typing import Any

MOVING = ("packed", "shipped", "arrived_at_pickup", "out_for_delivery", "delivered")
BEFORE_IT_LEAVES = ("placed", "confirm_again", "confirmation_reminder", "confirmed", "prepay_request", "prepayment")
ASKS_FOR_MONEY = ("payment_failed", "payment_reminder", "prepay_request", "prepayment")
OFFERS = ("slot_offer", "slot_reminder", "slot_confirmed")
ENDS = ("cancelled", "returned")


def _overtaken() -> dict[str, frozenset[str]]:
    """kind → what makes it needless to tell: the later step of the way, and above all the end."""
    found: dict[str, set[str]] = {}
    for place, kind in enumerate(MOVING):
        found[kind] = set(MOVING[place + 1 :])
    for kind in BEFORE_IT_LEAVES:
        found[kind] = {"shipped", "arrived_at_pickup", "out_for_delivery", "delivered"}
    for kind in ("placed", "confirm_again", "confirmation_reminder"):
        found[kind] |= {"confirmed"}
    for kind in ASKS_FOR_MONEY:
        found[kind] = found.get(kind, set()) | {"paid"}
    for kind in ("delayed", "stuck", "failed_attempt", "incident", "courier_no_answer", "unanswered_call"):
        found[kind] = {"arrived_at_pickup", "out_for_delivery", "delivered"}
    found["slot_offer"] = {"slot_confirmed", "out_for_delivery", "delivered"}
    for kind in OFFERS[1:]:
        found[kind] = {"delivered"}
    found["courier_on_the_way"] = {"courier_arrived", "courier_no_answer", "delivered"}
    found["courier_arrived"] = {"courier_no_answer", "delivered"}
    ended = frozenset(ENDS)
    everything = {*found, "changed", "paid"} - ended
    return {kind: frozenset(found.get(kind, set())) | ended for kind in everything}


OVERTAKEN_BY: Mapping[str, frozenset[str]] = _overtaken()
LIGHT = frozenset({"paid", "changed", "refunded", "confirmed", "packed"})  # good to know; they do not lead


def still_to_tell(occasions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of occasions in the order in which they arose, those that nothing later has overtaken; never none of some."""
    return [
        one
        for place, one in enumerate(occasions)
        if not any(later["kind"] in OVERTAKEN_BY.get(one["kind"], ()) for later in occasions[place + 1 :])
    ]


def leading(occasions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The same, the one that decides where and when first: what somebody called urgent, then the latest that is more
    than good to know.
    """
    places = range(len(occasions))
    weight = sorted(
        places,
        key=lambda place: (
            not occasions[place].get("urgent", False),
            occasions[place]["kind"] in LIGHT,
            -place,
        ),
    )
    return [occasions[place] for place in weight]
