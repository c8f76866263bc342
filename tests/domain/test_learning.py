"""Weights that are learned from a shop's own orders, and used only when they prove themselves."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.learning import Ended, learn, solve
from prilavok.domain.risk import BASE, BUILT_IN, OrderMarks, probability, signals_of


def orders(count: int, truth: dict[str, float], seed: int = 7) -> list[Ended]:
    """Orders whose fate follows `truth`, which may be another than ours."""
    dice = random.Random(seed)
    made = []
    for _ in range(count):
        marks = OrderMarks(
            phone=dice.choice(["mobile"] * 8 + ["fixed", "impossible"]),
            email=dice.choice(["ordinary", "none", "throwaway"]),
            address_parts=dice.choice([3, 3, 3, 2, 1]),
            refused=dice.choice([0] * 9 + [1, 2]),
            delivered=dice.choice([0, 0, 1, 3]),
            sum_ratio=dice.lognormvariate(0, 0.8),
            cash=dice.random() < 0.6,
        )
        signals = signals_of(marks)
        odds = truth[BASE] + sum(truth.get(name, 0.0) * value for name, value in signals.items())
        made.append(Ended(signals, dice.random() < probability(odds)))
    return made


OTHERWISE = {**BUILT_IN.weights, BASE: -1.5, "cash": 1.6, "email_throwaway": -0.5, "taken_before": -2.0}


def test_a_shop_with_other_customers_learns_other_weights():
    learned = learn(orders(3000, OTHERWISE))
    assert learned.quality.used
    assert learned.quality.brier < learned.quality.brier_built_in
    assert learned.model.weights["cash"] == pytest.approx(1.6, abs=0.35)
    assert learned.model.weights["taken_before"] < -1.4


def test_what_it_foretells_is_true():
    quality = learn(orders(4000, OTHERWISE)).quality
    assert quality.miss < 0.05
    assert sum(band.orders for band in quality.bands) == 800


def test_a_young_shop_keeps_our_weights():
    learned = learn(orders(60, OTHERWISE))
    assert (learned.model, learned.quality.because) == (BUILT_IN, "too_few")


def test_a_shop_where_nothing_comes_back_has_nothing_to_learn_from():
    taken = [Ended(one.signals, False) for one in orders(500, OTHERWISE)]
    assert learn(taken).quality.because == "too_few"


def test_weights_that_foretell_worse_are_not_used():
    first = orders(400, {**BUILT_IN.weights, BASE: 1.0})
    then = orders(100, {**BUILT_IN.weights, BASE: -4.0}, seed=8)
    learned = learn([*first, *then])
    assert learned.quality.because == "not_better"
    assert learned.model == BUILT_IN


def test_weights_that_foretell_better_and_not_truly_are_not_used():
    """Most came back, then fewer: closer to it than ours, and still far from it."""
    first = orders(400, {**BUILT_IN.weights, BASE: 2.5})
    then = orders(100, {**BUILT_IN.weights, BASE: 0.8}, seed=8)
    learned = learn([*first, *then])
    assert learned.quality.brier < learned.quality.brier_built_in
    assert learned.quality.because == "not_calibrated"
    assert (learned.quality.used, learned.model) == (False, BUILT_IN)


def test_a_shop_very_unlike_ours_is_learned_all_the_same():
    """Nine of ten come back: the first steps from our weights lead far past it."""
    quality = learn(orders(1500, {**BUILT_IN.weights, BASE: 2.5})).quality
    assert quality.used
    assert quality.miss < 0.08


def test_a_mark_that_this_shop_never_saw_keeps_our_weight():
    learned = learn(orders(1000, OTHERWISE))
    assert learned.model.weights["from_one_device"] == BUILT_IN.weights["from_one_device"]


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3), st.lists(st.floats(-3, 3), min_size=9, max_size=9))
def test_equations_are_solved(right, numbers):
    matrix = [[(10.0 if i == j else 0.0) + numbers[3 * i + j] for j in range(3)] for i in range(3)]
    found = solve(matrix, right)
    for line, value in zip(matrix, right, strict=True):
        assert sum(a * b for a, b in zip(line, found, strict=True)) == pytest.approx(value, abs=1e-6)
