"""Is the buyer real? A probability that the parcel comes back, out of order facts alone, each with its share.

Nothing here knows a name, a sex, an origin or a language: what is not in `OrderMarks` cannot weigh. The weights begin
as ours and are learned from the shop's own delivered and refused orders (`domain/learning.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp, log
from typing import Any


class Outcome(StrEnum):
    """What the shop does before it packs, from the least to the most trouble for the customer."""

    CONFIRMED = "confirmed"  # confirms itself
    TAP = "tap"  # one press in the messenger or on a page
    PREPAY = "prepay"  # a payment link
    PERSON = "person"  # somebody looks at it


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMarks:
    """What is known of an order and of earlier ones with the same phone, e-mail, address or contact."""

    phone: str = "none"  # none | impossible | fixed | mobile
    email: str = "none"  # none | impossible | throwaway | ordinary
    address_parts: int = 0  # of what a courier needs: 0..3 (street, house, city); 3 where it is fetched
    twins: int = 0  # other orders of the last three days with the same phone or address and nearly the same sum
    delivered: int = 0  # earlier orders that were taken
    refused: int = 0  # earlier orders that came back or were not fetched
    sum_ratio: float = 1.0  # of this shop's median order
    from_device: int = 0  # other orders of the last day from the same device under another phone
    proven: bool = False  # an address of theirs is proven: they wrote to us, or answered
    paid: bool = False
    cash: bool = False  # paid on receipt


@dataclass(frozen=True, slots=True)
class Reason:
    """One mark with its share of the score, in points of 100 around its middle; negative speaks for the buyer."""

    why: str
    points: float
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Risk:
    """`score`: of 100 such orders so many come back. `signals` is what a model learns from."""

    score: float
    outcome: Outcome
    reasons: tuple[Reason, ...]
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in log-odds for each signal, and from which score on each outcome applies."""

    weights: Mapping[str, float]
    tap_from: float = 10.0
    prepay_from: float = 35.0
    person_from: float = 60.0
    version: int = 0


BASE = "base"
BUILT_IN = Model(
    {
        BASE: -2.9,  # five of a hundred
        "phone_missing": 1.2,
        "phone_impossible": 2.6,
        "phone_fixed": 0.5,
        "email_missing": 0.2,
        "email_impossible": 0.9,
        "email_throwaway": 1.6,
        "address_incomplete": 1.1,
        "twins": 0.9,
        "refused_before": 1.3,
        "taken_before": -1.1,
        "large_sum": 0.8,
        "from_one_device": 1.4,
        "proven_address": -0.8,
        "prepaid": -2.5,
        "cash": 0.4,
    }
)
LEAST_REASON = 0.05  # log-odds; what weighs less is not worth a line


def signals_of(marks: OrderMarks) -> dict[str, float]:
    """The marks as numbers around 0..3, named as the weights are."""
    return {
        "phone_missing": float(marks.phone == "none"),
        "phone_impossible": float(marks.phone == "impossible"),
        "phone_fixed": float(marks.phone == "fixed"),
        "email_missing": float(marks.email == "none"),
        "email_impossible": float(marks.email == "impossible"),
        "email_throwaway": float(marks.email == "throwaway"),
        "address_incomplete": (3 - min(3, max(0, marks.address_parts))) / 2,
        "twins": _less_and_less(marks.twins),
        "refused_before": _less_and_less(marks.refused),
        "taken_before": _less_and_less(marks.delivered),
        "large_sum": min(2.0, max(0.0, log(max(marks.sum_ratio, 0.01)) - log(2))),
        "from_one_device": _less_and_less(marks.from_device),
        "proven_address": float(marks.proven),
        "prepaid": float(marks.paid),
        "cash": float(marks.cash and not marks.paid),
    }


def assess(marks: OrderMarks, model: Model = BUILT_IN) -> Risk:
    """The score with its reasons, the heaviest first."""
    signals = signals_of(marks)
    odds = model.weights.get(BASE, 0.0) + sum(model.weights.get(name, 0.0) * value for name, value in signals.items())
    share = probability(odds)
    reasons = [
        Reason(name, round(100 * (share - probability(odds - weight)), 1), _particulars(name, marks))
        for name, value in signals.items()
        if abs(weight := model.weights.get(name, 0.0) * value) >= LEAST_REASON
    ]
    reasons.sort(key=lambda one: -abs(one.points))
    score = round(100 * share, 1)
    return Risk(score, outcome_of(score, marks, model), tuple(reasons), signals)


def outcome_of(score: float, marks: OrderMarks, model: Model) -> Outcome:
    """Paid orders need no proof. Money is asked for only where one press would not be enough."""
    if marks.paid and score < model.person_from:
        return Outcome.CONFIRMED
    if score >= model.person_from:
        return Outcome.PERSON
    if score >= model.prepay_from:
        return Outcome.PREPAY
    return Outcome.TAP if score >= model.tap_from else Outcome.CONFIRMED


def probability(odds: float) -> float:
    """From log-odds, without overflow."""
    return 1 / (1 + exp(-odds)) if odds >= 0 else exp(odds) / (1 + exp(odds))


def _less_and_less(count: int) -> float:
    """0, 1, 1.58, 2, ... at most 3: the second refusal tells less than the first."""
    return min(3.0, log(1 + max(0, count)) / log(2))


def _particulars(name: str, marks: OrderMarks) -> dict[str, Any]:
    match name:
        case "twins":
            return {"count": marks.twins}
        case "refused_before":
            return {"count": marks.refused}
        case "taken_before":
            return {"count": marks.delivered}
        case "from_one_device":
            return {"count": marks.from_device}
        case "large_sum":
            return {"times": round(marks.sum_ratio, 1)}
    return {}
