"""Is the buyer real: score, reasons and outcomes from order facts alone."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.risk import BUILT_IN, Model, OrderMarks, Outcome, assess, outcome_of, signals_of
from prilavok.domain.risk_words import in_words

GOOD = OrderMarks(phone="mobile", email="ordinary", address_parts=3)
marks = st.builds(
    OrderMarks,
    phone=st.sampled_from(["none", "impossible", "fixed", "mobile"]),
    email=st.sampled_from(["none", "impossible", "throwaway", "ordinary"]),
    address_parts=st.integers(-2, 9),
    twins=st.integers(0, 50),
    delivered=st.integers(0, 500),
    refused=st.integers(0, 50),
    sum_ratio=st.floats(0, 10_000),
    from_device=st.integers(0, 100),
    proven=st.booleans(),
    paid=st.booleans(),
    cash=st.booleans(),
)


def test_an_ordinary_order_confirms_itself():
    assert assess(GOOD).outcome is Outcome.CONFIRMED


def test_a_new_buyer_who_pays_in_cash_for_a_large_sum_is_asked_for_one_tap():
    assert assess(dataclasses.replace(GOOD, cash=True, sum_ratio=6)).outcome is Outcome.TAP


def test_somebody_who_refused_twice_is_asked_to_pay_before():
    risk = assess(dataclasses.replace(GOOD, cash=True, refused=3))
    assert risk.outcome is Outcome.PREPAY
    assert risk.reasons[0].why == "refused_before"
    assert risk.reasons[0].data == {"count": 3}


def test_a_telephone_that_cannot_exist_and_a_throwaway_mail_are_for_a_person():
    bad = OrderMarks(phone="impossible", email="throwaway", address_parts=0, cash=True, twins=3)
    assert assess(bad).outcome is Outcome.PERSON


def test_whoever_has_taken_parcels_before_is_trusted_more_than_a_stranger():
    assert assess(dataclasses.replace(GOOD, delivered=2)).score < assess(GOOD).score


def test_a_paid_order_needs_no_proof():
    assert assess(dataclasses.replace(GOOD, paid=True, refused=2)).outcome is Outcome.CONFIRMED


def test_what_could_discriminate_is_not_even_known():
    known = {one.name for one in dataclasses.fields(OrderMarks)}
    assert known.isdisjoint({"name", "sex", "language", "country", "origin", "age", "city", "comment"})


def test_the_owner_moves_the_borders():
    strict = Model(BUILT_IN.weights, tap_from=0.0)
    assert assess(GOOD, strict).outcome is Outcome.TAP


@given(marks)
def test_every_score_is_a_share_and_every_weighty_mark_is_a_reason(known):
    risk = assess(known)
    assert 0 <= risk.score <= 100
    weighty = {name for name, value in signals_of(known).items() if abs(BUILT_IN.weights[name] * value) >= 0.05}
    assert {reason.why for reason in risk.reasons} == weighty


@given(marks, st.sampled_from(["twins", "refused", "from_device"]))
def test_one_more_bad_mark_never_helps(known, mark):
    worse = dataclasses.replace(known, **{mark: getattr(known, mark) + 1})
    assert assess(worse).score >= assess(known).score


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_higher_score_never_means_less_trouble(one, other):
    order = list(Outcome)
    low, high = sorted((one, other))
    assert order.index(outcome_of(low, GOOD, BUILT_IN)) <= order.index(outcome_of(high, GOOD, BUILT_IN))


@pytest.mark.parametrize("language", ["en", "ru", "uk"])
def test_every_reason_can_be_said_in_every_language(language):
    worst = OrderMarks(
        phone="fixed", email="none", twins=1, delivered=1, refused=1, sum_ratio=5, from_device=2, cash=True
    )
    more = OrderMarks(phone="impossible", email="impossible", proven=True, paid=True)
    last = OrderMarks(phone="none", email="throwaway")
    said = {}
    for marks in (worst, more, last):
        for reason in assess(marks).reasons:
            said[reason.why] = in_words(reason.why, reason.data, language)
    assert set(said) == set(BUILT_IN.weights) - {"base"}
    assert not [text for why, text in said.items() if text == why or "{" in text]


@pytest.mark.parametrize(
    ("language", "times", "said"),
    [
        ("ru", 11.0, "в 11 раз больше обычной суммы"),
        ("ru", 3.0, "в 3 раза больше обычной суммы"),
        ("uk", 12.8, "у 12,8 раза більше за звичну суму"),
        ("uk", 5.0, "у 5 разів більше за звичну суму"),
        ("en", 11.0, "11 times the usual sum"),
    ],
)
def test_how_unusual_a_sum_is_reads_as_people_say_it(language, times, said):
    assert in_words("large_sum", {"times": times}, language) == said
