"""Which hours are offered, which fit a wish, and when a courier may call."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.delivery import (
    Delivery,
    Interval,
    Slot,
    as_mapping,
    delivery_from,
    fitting,
    free_slots,
    may_call,
    minutes,
)
from prilavok.domain.preferences import as_mapping as preferences_out
from prilavok.domain.preferences import preferences_from, united
from prilavok.domain.wishes import Call, Window, Wishes

HOURS = st.integers(0, 22)
INTERVALS = st.lists(st.tuples(HOURS, st.integers(0, 3)), min_size=0, max_size=4, unique_by=lambda one: one[0]).map(
    lambda rows: tuple(Interval(time(hour), time(hour + 1), room) for hour, room in sorted(rows))
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 1, 31))
DELIVERIES = st.builds(
    Delivery,
    offered=st.booleans(),
    intervals=INTERVALS,
    days_ahead=st.integers(0, 9),
    weekdays=st.frozensets(st.integers(0, 6)),
    closed_days=st.frozensets(DAYS, max_size=5),
    notice=st.integers(0, 48),
    remind_at=HOURS.map(time),
)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 365 * 24 * 60).map(lambda minute: NEW_YEAR + timedelta(minutes=minute))
WINDOWS = st.builds(
    Window,
    st.none() | HOURS.map("{:02}:00".format),
    st.none() | HOURS.map("{:02}:30".format),
    st.sampled_from(["any", "weekdays", "weekends"]),
)
CALLS = st.sampled_from(Call)


@given(DELIVERIES, MOMENTS, st.lists(st.tuples(DAYS, HOURS), max_size=20), st.frozensets(DAYS, max_size=3))
def test_nobody_is_offered_a_full_a_closed_or_a_past_hour(delivery, here, orders, holidays):
    booked = Counter((day.isoformat(), f"{hour:02}:00") for day, hour in orders)
    for slot in free_slots(delivery, booked, holidays, here):
        assert delivery.offered
        assert slot.day.weekday() in delivery.weekdays
        assert slot.day not in delivery.closed_days | holidays
        assert here.date() <= slot.day <= here.date() + timedelta(days=delivery.days_ahead)
        begins = datetime.combine(slot.day, slot.start, UTC)
        assert begins >= here + timedelta(hours=delivery.notice)
        [interval] = [one for one in delivery.intervals if one.start == slot.start]
        assert booked[slot.day.isoformat(), f"{slot.start:%H:%M}"] < interval.capacity


@given(DELIVERIES, MOMENTS)
def test_everything_that_is_open_and_empty_is_offered_once_and_in_order(delivery, here):
    slots = free_slots(delivery, {}, frozenset(), here)
    assert slots == sorted(set(slots))
    assert len({one.code for one in slots}) == len(slots)
    for ahead in range(delivery.days_ahead + 1):
        day = here.date() + timedelta(days=ahead)
        if not delivery.offered or day.weekday() not in delivery.weekdays or day in delivery.closed_days:
            continue
        for one in delivery.intervals:
            open_still = datetime.combine(day, one.start, UTC) >= here + timedelta(hours=delivery.notice)
            assert (Slot(day, one.start, one.end) in slots) is (open_still and one.capacity > 0)


def test_ones_own_place_does_not_count_against_oneself():
    delivery = Delivery(intervals=(Interval(time(10), time(12), 1),), days_ahead=1, weekdays=frozenset(range(7)))
    here = datetime(2026, 11, 24, 12, tzinfo=UTC)
    mine = Slot(date(2026, 11, 25), time(10), time(12))
    full = {("2026-11-25", "10:00"): 1}
    assert free_slots(delivery, full, frozenset(), here) == []
    assert free_slots(delivery, full, frozenset(), here, own=mine) == [mine]


@given(DELIVERIES, MOMENTS, WINDOWS)
def test_what_is_marked_as_fitting_does_fit(delivery, here, wish):
    slots = free_slots(delivery, {}, frozenset(), here)
    found = fitting(slots, wish)
    if found is None:
        return
    assert found in slots
    assert wish.days == "any" or (found.day.weekday() >= 5) == (wish.days == "weekends")
    begins, ends = minutes(f"{found.start:%H:%M}", 0), minutes(f"{found.end:%H:%M}", 0)
    assert begins < minutes(wish.to, 24 * 60)
    assert ends > minutes(wish.from_, 0)


def test_a_wish_that_says_nothing_marks_nothing():
    slots = [Slot(date(2026, 11, 24), time(10), time(14))]
    assert fitting(slots, None) is None
    assert fitting(slots, Window(None, None)) is None
    assert fitting(slots, Window("14:00", None)) is None
    assert fitting(slots, Window(None, "11:00")) == slots[0]


@given(CALLS, CALLS, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_whoever_refused_calls_is_never_called_and_nobody_in_quiet_hours(said, lasting, there, door, quiet, urgent):
    may = may_call(Wishes(call=said), lasting, at_delivery=there, at_door=door, quiet=quiet, urgent=urgent)
    if Call.NEVER in {said, lasting} or quiet:
        assert not may
    elif Call.ONLY_IF_URGENT in {said, lasting}:
        assert may is (door or urgent)
    else:
        assert may is there


@given(DELIVERIES)
def test_settings_are_read_back_as_they_were_written(delivery):
    assert delivery_from(as_mapping(delivery)) == delivery


@given(
    CALLS,
    st.lists(st.sampled_from(["pigeon", "letter", "sms"]), unique=True),
    st.lists(st.sampled_from(["pigeon", "letter", "sms"]), unique=True),
    st.dictionaries(st.sampled_from(["promotion", "review", "survey"]), st.booleans()),
)
def test_preferences_are_read_back_and_a_refusal_wins(call, wanted, refused, consents):
    given_now = {"call": call, "preferred_channels": wanted, "forbidden_channels": refused, "consents": consents}
    said = preferences_from(given_now)
    assert preferences_from(preferences_out(said)) == said
    assert set(said.forbidden_channels) == set(refused)
    assert not set(said.preferred_channels) & set(refused)
    assert dict(said.consents) == consents


SAID = st.builds(
    lambda call, refused, consents: preferences_from(
        {"call": call, "forbidden_channels": refused, "consents": consents}
    ),
    CALLS,
    st.lists(st.sampled_from(["pigeon", "letter"]), unique=True),
    st.dictionaries(st.sampled_from(["promotion", "review"]), st.booleans()),
)


@given(SAID, SAID)
def test_when_two_prove_to_be_one_no_refusal_is_lost(one, other):
    both = united(one, other)
    assert (both.call is Call.NEVER) is (Call.NEVER in {one.call, other.call})
    assert set(both.forbidden_channels) == {*one.forbidden_channels, *other.forbidden_channels}
    for purpose, given_now in both.consents.items():
        said = [each.consents[purpose] for each in (one, other) if purpose in each.consents]
        assert given_now is all(said)
    assert both.consents.keys() == one.consents.keys() | other.consents.keys()
