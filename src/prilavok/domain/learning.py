"""Risk weights out of a shop's own orders: a small logistic regression that shows its weights and proves itself.

The newest fifth of the orders is kept aside. The learned weights are used only when they foretell that fifth better
than ours do, and when what they foretell is true: of those given 30 in 100, about 30 in 100 came back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log1p

from prilavok.domain.risk import BASE, BUILT_IN, Model, probability

ENOUGH = 200  # orders that ended
ENOUGH_REFUSED = 20
MOST = 5_000  # the newest; more tell little more and take seconds
KEPT_ASIDE = 0.2
ROUNDS = 25
HALVINGS = 20
PULL = 4.0  # towards our own weights, as if so many orders had spoken for each
LARGEST_MISS = 0.08  # of the calibration: mean distance between foretold and true shares
BANDS = (0.0, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0)


@dataclass(frozen=True, slots=True)
class Ended:
    """An order that came to its end, with its signals as they were on placing."""

    signals: Mapping[str, float]
    came_back: bool


@dataclass(frozen=True, slots=True)
class Band:
    """Of `orders` that were given `low` to `high`, `foretold` in mean, `true` really came back."""

    low: float
    high: float
    orders: int
    foretold: float
    true: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How the learned weights did on the orders kept aside. Brier scores: lower is better."""

    orders: int
    came_back: int
    brier: float
    brier_built_in: float
    miss: float
    bands: tuple[Band, ...]
    used: bool
    because: str  # better | too_few | not_better | not_calibrated


@dataclass(frozen=True, slots=True)
class Learned:
    model: Model
    quality: Quality


def learn(orders: Sequence[Ended], begin: Model = BUILT_IN) -> Learned:
    """`orders` oldest first. Total: with too few orders the model that was given comes back, and says so."""
    orders = orders[-MOST:]
    back = sum(one.came_back for one in orders)
    if len(orders) < ENOUGH or back < ENOUGH_REFUSED or len(orders) - back < ENOUGH_REFUSED:
        return Learned(begin, Quality(len(orders), back, 0.0, 0.0, 0.0, (), used=False, because="too_few"))
    cut = int(len(orders) * (1 - KEPT_ASIDE))
    names = [BASE, *sorted(name for name in BUILT_IN.weights if name != BASE)]
    weights = _fit(names, orders[:cut], BUILT_IN.weights)
    aside = orders[cut:]
    ours, learned = _foretell(BUILT_IN.weights, aside), _foretell(weights, aside)
    bands = _bands(learned, aside)
    miss = sum(band.orders * abs(band.foretold - band.true) for band in bands) / len(aside)
    brier, before = _brier(learned, aside), _brier(ours, aside)
    because = "better" if brier < before else "not_better"
    if because == "better" and miss > LARGEST_MISS:
        because = "not_calibrated"
    used = because == "better"
    quality = Quality(len(orders), back, brier, before, miss, bands, used=used, because=because)
    model = Model(weights, begin.tap_from, begin.prepay_from, begin.person_from) if used else begin
    return Learned(model, quality)


def _fit(names: Sequence[str], orders: Sequence[Ended], prior: Mapping[str, float]) -> dict[str, float]:
    """Newton's method, a step halved as long as it leads uphill; the pull towards `prior` keeps what the shop never saw
    where we put it.
    """
    rows = [[1.0, *(one.signals.get(name, 0.0) for name in names[1:])] for one in orders]
    truths = [float(one.came_back) for one in orders]
    middle = [prior.get(name, 0.0) for name in names]
    weights = list(middle)
    loss = _loss(weights, middle, rows, truths)
    for _ in range(ROUNDS):
        slope = [PULL * (m - w) for w, m in zip(weights, middle, strict=True)]
        bend = [[PULL if i == j else 0.0 for j in range(len(names))] for i in range(len(names))]
        for row, truth in zip(rows, truths, strict=True):
            used = [(place, value) for place, value in enumerate(row) if value]
            share = probability(sum(weights[place] * value for place, value in used))
            spread = share * (1 - share)
            for place, value in used:
                slope[place] += (truth - share) * value
                line = bend[place]
                for other, another in used:
                    line[other] += spread * value * another
        step = solve(bend, slope)
        for _ in range(HALVINGS):
            tried = [w + s for w, s in zip(weights, step, strict=True)]
            if (found := _loss(tried, middle, rows, truths)) <= loss:
                break
            step = [s / 2 for s in step]
        else:
            break  # at the bottom, as far as arithmetic can tell
        weights, loss = tried, found
        if max(map(abs, step)) < 1e-6:
            break
    return {name: round(weight, 4) for name, weight in zip(names, weights, strict=True)}


def _loss(
    weights: Sequence[float], middle: Sequence[float], rows: Sequence[Sequence[float]], truths: Sequence[float]
) -> float:
    """What the steps go down on: how surprising the orders are, and how far the weights are from ours."""
    total = PULL / 2 * sum((w - m) ** 2 for w, m in zip(weights, middle, strict=True))
    for row, truth in zip(rows, truths, strict=True):
        odds = sum(w * value for w, value in zip(weights, row, strict=True) if value)
        total += max(odds, 0.0) + log1p(exp(-abs(odds))) - truth * odds
    return total


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Gauss with pivots; the pull on the diagonal keeps the matrix regular."""
    lines = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    size = len(lines)
    for place in range(size):
        best = max(range(place, size), key=lambda one: abs(lines[one][place]))
        lines[place], lines[best] = lines[best], lines[place]
        pivot = lines[place]
        for other in range(place + 1, size):
            factor = lines[other][place] / pivot[place]
            if factor:
                lines[other] = [a - factor * b for a, b in zip(lines[other], pivot, strict=True)]
    found = [0.0] * size
    for place in reversed(range(size)):
        rest = sum(lines[place][other] * found[other] for other in range(place + 1, size))
        found[place] = (lines[place][size] - rest) / lines[place][place]
    return found


def _foretell(weights: Mapping[str, float], orders: Sequence[Ended]) -> list[float]:
    base = weights.get(BASE, 0.0)
    return [
        probability(base + sum(weights.get(name, 0.0) * value for name, value in one.signals.items())) for one in orders
    ]


def _brier(shares: Sequence[float], orders: Sequence[Ended]) -> float:
    return sum((share - one.came_back) ** 2 for share, one in zip(shares, orders, strict=True)) / len(orders)


def _bands(shares: Sequence[float], orders: Sequence[Ended]) -> tuple[Band, ...]:
    found = []
    for low, high in pairwise(BANDS):
        within = [
            (share, one.came_back)
            for share, one in zip(shares, orders, strict=True)
            if low <= share < high or (high == 1.0 and share == 1.0)
        ]
        if within:
            foretold = sum(share for share, _ in within) / len(within)
            true = sum(back for _, back in within) / len(within)
            found.append(Band(low, high, len(within), foretold, true))
    return tuple(found)
