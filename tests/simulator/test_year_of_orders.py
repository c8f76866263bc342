"""The year of orders that the demo begins with: seeded, believable, and something to learn from."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from prilavok.domain.order import Happened, Status, status_of
from prilavok.kit import phone
from prilavok.simulator import purchases
from prilavok.simulator.history import make_history
from prilavok.simulator.purchases import CASES
from prilavok.simulator.seeds import History

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
ENDED = {Status.DELIVERED, Status.CANCELLED, Status.RETURNED}


@pytest.fixture(scope="module")
def year() -> History:
    return make_history(7, NOW, 200, 200, 500)


def test_the_same_seed_sells_the_same_and_no_order_changes_who_wrote(year):
    again = make_history(7, NOW, 200, 200, 500)
    assert again.orders == year.orders
    assert make_history(7, NOW, 200, 200, 0).conversations == year.conversations


def test_orders_lie_in_the_year_and_nothing_happens_tomorrow(year):
    assert len(year.orders) >= 500
    for one in year.orders:
        times = [event.at for event in one.events]
        assert times == sorted(times)
        assert one.events[0].kind is Happened.PLACED
        assert NOW - timedelta(days=400) < one.order.placed_at <= times[-1] <= NOW


def test_numbers_are_the_orders_own_and_grow_with_the_days(year):
    numbers = [one.order.number for one in year.orders]
    assert len(set(numbers)) == len(numbers)
    assert [int(one) for one in numbers] == sorted(int(one) for one in numbers)
    assert [one.order.placed_at for one in year.orders] == sorted(one.order.placed_at for one in year.orders)


def test_a_busy_day_leaves_the_next_one_numbers_of_its_own(year):
    first = year.orders[0]
    placed = [first.order.placed_at.replace(hour=9, minute=minute) for minute in range(30)]
    placed.append(placed[0] + timedelta(days=1))
    busy = [replace(first, order=replace(first.order, placed_at=at)) for at in placed]
    assert len({one.order.external_id for one in purchases._numbered(busy)}) == len(busy)


def test_every_buyer_has_a_name_and_all_but_the_doubtful_a_mobile_number(year):
    doubtful = {one.order.number for one in year.orders if one.case == "person"}
    for one in year.orders:
        assert one.order.buyer.name
        assert (phone.kind_of(one.order.buyer.phone) == "mobile") is (one.order.number not in doubtful)
    owners: dict[str, set[str]] = {}
    for one in year.orders:
        owners.setdefault(one.order.buyer.phone, set()).add(one.contact)
    assert all(len(them) == 1 for number, them in owners.items() if phone.kind_of(number) == "mobile")


def test_most_is_taken_some_comes_back_and_some_is_still_on_its_way(year):
    states = Counter(status_of(one.events) for one in year.orders)
    assert states[Status.DELIVERED] > 0.75 * len(year.orders)
    assert states[Status.RETURNED] >= 8
    assert states[Status.CANCELLED] >= 5
    assert 15 < sum(count for status, count in states.items() if status not in ENDED) < 70


def test_every_case_that_the_demo_shows_is_there_today(year):
    shown = Counter(one.case for one in year.orders if one.case)
    assert shown == Counter(case.name for case in CASES)
    for one in year.orders:
        if one.case:
            assert status_of(one.events) not in ENDED
    stuck = [one for one in year.orders if one.case == "stuck"]
    assert all(NOW - one.events[-1].at > timedelta(days=8) for one in stuck)


def test_comments_are_in_the_buyers_language_and_many_say_nothing(year):
    said = [one.order for one in year.orders if one.order.comment]
    assert 0.4 < len(said) / len(year.orders) < 0.75
    for one in said:
        assert "{" not in one.comment
        assert (one.buyer.language == "en") is one.comment.isascii()


@pytest.mark.parametrize(("contacts", "orders"), [(1, 50), (6, 6), (30, 2)])
def test_a_small_shop_has_as_many_orders_as_it_has_buyers_for(contacts, orders):
    few = make_history(3, NOW, contacts, 0, orders).orders
    assert len(few) <= 3 * contacts + 6
    assert all(one.events for one in few)
