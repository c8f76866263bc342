"""What is still worth telling when several things have happened."""

from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.digest import FRESHER, MOVING, OVERTAKEN_BY, leading, still_to_tell
from prilavok.domain.order import STATUS_AFTER, Happened
from prilavok.domain.rules import BUILT_IN

KINDS = sorted({*OVERTAKEN_BY, *Happened})


def told(*kinds):
    return [one["kind"] for one in still_to_tell([{"kind": kind} for kind in kinds])]


def test_an_order_that_is_placed_and_paid_is_told_both():
    assert told("placed", "paid") == ["placed", "paid"]


def test_of_a_way_only_the_later_step_is_told():
    assert told("shipped", "out_for_delivery") == ["out_for_delivery"]
    assert told(*MOVING) == ["delivered"]


def test_a_courier_on_the_way_needs_no_word_about_the_dispatch_and_the_day():
    assert told("packed", "shipped", "courier_on_the_way") == ["courier_on_the_way"]
    assert told("out_for_delivery", "courier_arrived", "courier_no_answer") == ["courier_no_answer"]


def test_nobody_reads_that_it_comes_today_after_the_courier_has_been_there_in_vain():
    assert told("out_for_delivery", "failed_attempt") == ["failed_attempt"]
    assert told("out_for_delivery", "courier_on_the_way", "delayed") == ["delayed"]
    assert told("failed_attempt", "out_for_delivery") == ["out_for_delivery"]


def test_a_cancellation_replaces_everything_but_the_money():
    assert told("placed", "paid", "shipped", "cancelled", "refunded") == ["cancelled", "refunded"]


def test_nobody_is_asked_to_pay_what_is_paid():
    assert told("payment_failed", "paid") == ["paid"]


def test_what_the_rules_say_of_a_status_holds_for_words_that_wait_together():
    """One place: where a rule says that there is nothing to tell from a status on, what brings it there overtakes."""
    for kind, rule in BUILT_IN.rules.items():
        if rule.until is not None:
            assert {one for one, status in STATUS_AFTER.items() if status is rule.until} <= OVERTAKEN_BY[kind]
    assert told("payment_failed", "shipped") == ["shipped"]
    assert set(FRESHER) <= set(BUILT_IN.rules)


def test_what_came_before_overtakes_nothing():
    assert told("shipped", "placed") == ["shipped", "placed"]


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=8))
def test_something_always_remains_and_the_last_word_is_among_it(kinds):
    left = told(*kinds)
    assert left[-1] == kinds[-1]
    places = iter(kinds)
    assert all(kind in places for kind in left)  # in the order in which it happened


def test_what_is_urgent_leads_then_what_is_more_than_good_to_know():
    def lead(*occasions):
        return leading([{"kind": kind, "urgent": urgent} for kind, urgent in occasions])[0]["kind"]

    assert lead(("out_for_delivery", False), ("paid", False)) == "out_for_delivery"
    assert lead(("incident", True), ("delayed", False)) == "incident"
    assert lead(("placed", False), ("delayed", False)) == "delayed"
