"""Who is rung, in which order, at which hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.duty import Holidays, Turn, on_duty, ring_order

KYIV = ZoneInfo("Europe/Kyiv")
HOUR = 60
DAY = Turn(ring="101", starts=9 * HOUR, ends=18 * HOUR, days=frozenset(range(5)))
NIGHT = Turn(ring="102", starts=18 * HOUR, ends=9 * HOUR)
ALWAYS = Turn(ring="+380671234567", holidays=Holidays.AS_USUAL)
XMAS = frozenset({date(2026, 12, 25)})


def kyiv(text):
    return datetime.fromisoformat(text).replace(tzinfo=KYIV).astimezone(UTC)


def rung(*duty, at, holidays=frozenset()):
    return [one.ring for one in ring_order(duty, kyiv(at), KYIV, holidays)]


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-11-25T09:00", ["101", "+380671234567"]),
        ("2026-11-25T17:59", ["101", "+380671234567"]),
        ("2026-11-25T18:00", ["102", "+380671234567"]),
        ("2026-11-26T08:59", ["102", "+380671234567"]),
        ("2026-11-28T12:00", ["+380671234567"]),  # Saturday
    ],
)
def test_the_day_and_the_night_take_turns_and_the_list_is_the_order(at, who):
    assert rung(DAY, NIGHT, ALWAYS, at=at) == who


def test_a_holiday_is_free_unless_said_otherwise_and_its_night_belongs_to_the_day_before():
    only = Turn(ring="103", holidays=Holidays.ONLY)
    assert rung(DAY, only, ALWAYS, at="2026-12-25T12:00", holidays=XMAS) == ["103", "+380671234567"]
    assert rung(NIGHT, at="2026-12-25T03:00", holidays=XMAS) == ["102"]  # began on the 24th
    assert rung(NIGHT, at="2026-12-26T03:00", holidays=XMAS) == []  # would have begun on the 25th
    assert rung(only, at="2026-12-24T12:00", holidays=XMAS) == []


def test_a_telephone_that_is_on_duty_twice_rings_once_at_its_first_place():
    again = Turn(ring="101", seconds=60)
    assert [one.seconds for one in ring_order((DAY, again), kyiv("2026-11-25T10:00"), KYIV, ())] == [20]


def test_the_clock_on_the_wall_counts_when_summer_time_begins():
    assert rung(DAY, at="2026-03-30T09:00") == ["101"]  # the day after the change, 06:00 UTC instead of 07:00
    assert ring_order((DAY,), datetime(2026, 3, 30, 6, tzinfo=UTC), KYIV, ()) == (DAY,)


@given(
    st.builds(
        Turn,
        ring=st.just("1"),
        days=st.frozensets(st.integers(0, 6)),
        starts=st.integers(0, 1440),
        ends=st.integers(0, 1440),
        holidays=st.sampled_from(Holidays),
    ),
    st.integers(0, 10_000).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
)
def test_nobody_is_on_duty_on_a_day_that_is_not_theirs(turn, now):
    local = now.astimezone(KYIV)
    if on_duty(turn, now, KYIV, ()) and turn.days:
        assert {local.weekday(), (local.weekday() - 1) % 7} & turn.days
        assert turn.holidays is not Holidays.ONLY
