"""Several things that happened are told in one message: which of them still need words, and which one leads."""

from collections.abc import Mapping, Sequence
from typing import Any

from prilavok.domain.order import HEIGHT, STATUS_AFTER
from prilavok.domain.rules import BUILT_IN

MOVING = ("packed", "shipped", "arrived_at_pickup", "out_for_delivery", "delivered")
ENDS = frozenset({"cancelled", "returned"})
AT_THE_DOOR_AGAIN = frozenset({"arrived_at_pickup", "out_for_delivery"})
COURIERS = frozenset({"courier_on_the_way", "courier_arrived", "courier_no_answer"})  # words of whoever brings it
NOT_TODAY = frozenset({"failed_attempt", "delayed"})
# What makes an occasion needless beside what the rules say: news of the same kind of thing, fresher than this.
FRESHER: Mapping[str, frozenset[str]] = {
    "placed": frozenset({"confirmed"}),
    "packed": frozenset(MOVING[1:]) | COURIERS | ENDS,
    "shipped": COURIERS,
    "out_for_delivery": COURIERS | NOT_TODAY,
    "paid": ENDS,
    "delivered": ENDS,
    "arrived_at_pickup": frozenset({"out_for_delivery"}),
    "slot_offer": frozenset({"slot_confirmed"}),
    "courier_on_the_way": COURIERS - {"courier_on_the_way"} | NOT_TODAY,
    "courier_arrived": frozenset({"courier_no_answer"}) | NOT_TODAY,
    "courier_no_answer": AT_THE_DOOR_AGAIN,
    "failed_attempt": AT_THE_DOOR_AGAIN,
    "unanswered_call": AT_THE_DOOR_AGAIN,
    "delayed": AT_THE_DOOR_AGAIN,
    "stuck": AT_THE_DOOR_AGAIN,
    "incident": AT_THE_DOOR_AGAIN,
}


def _overtaken() -> dict[str, frozenset[str]]:
    """kind → what makes it needless to tell. First of all whatever brings the order to where its rule says that there
    is nothing to tell any more (`until`, `until_paid`; no policy changes these).
    """
    found: dict[str, frozenset[str]] = {}
    for kind, rule in BUILT_IN.rules.items():
        later: set[str] = set(FRESHER.get(kind, ()))
        if rule.until is not None:
            later |= {one.value for one, status in STATUS_AFTER.items() if HEIGHT[status] >= HEIGHT[rule.until]}
        if rule.until_paid:
            later.add("paid")
        if later:
            found[kind] = frozenset(later)
    return found


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
