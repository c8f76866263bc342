"""The hours of the shop: what an owner may say, and when the next one begins."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.errors import BadInput
from prilavok.domain.hours import next_shift
from prilavok.domain.opening import as_mapping, hours_from

KYIV = ZoneInfo("Europe/Kyiv")
WORKDAYS = {"week": [[{"from": "09:00", "to": "18:00"}]] * 5 + [[], []], "closed_days": ["2026-12-25"]}


def test_an_owner_who_said_nothing_has_no_hours():
    assert hours_from(None, "Europe/Kyiv") is None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("2026-11-24T10:00", "2026-11-24T10:00"),  # Tuesday at work
        ("2026-11-24T18:00", "2026-11-25T09:00"),
        ("2026-11-27T19:00", "2026-11-30T09:00"),  # over the weekend
        ("2026-12-24T20:00", "2026-12-28T09:00"),  # Friday is a day off, then the weekend
    ],
)
def test_the_next_hour_in_which_somebody_is_there(asked, found):
    hours = hours_from(WORKDAYS, "Europe/Kyiv")
    local = next_shift(datetime.fromisoformat(asked).replace(tzinfo=KYIV), KYIV, hours.open, hours.closed)
    assert local.astimezone(KYIV).replace(tzinfo=None) == datetime.fromisoformat(found)


def test_a_night_shift_is_still_on_after_midnight_unless_it_began_on_a_day_off():
    hours = hours_from({"week": [[{"from": "22:00", "to": "06:00"}]] * 7, "closed_days": ["2026-11-24"]}, "Europe/Kyiv")
    at = datetime(2026, 11, 24, 3, tzinfo=KYIV)
    after = datetime(2026, 11, 25, 3, tzinfo=KYIV)
    assert next_shift(at, KYIV, hours.open, hours.closed) == at
    assert next_shift(after, KYIV, hours.open, hours.closed) == datetime(2026, 11, 25, 22, tzinfo=KYIV)


def test_a_shop_that_is_closed_for_good_has_no_next_hour():
    days = frozenset(date.fromordinal(date(2026, 11, 1).toordinal() + one) for one in range(200))
    assert next_shift(datetime(2026, 11, 24, tzinfo=UTC), KYIV, [(1, time(9), time(18))], days) is None


times = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
days = st.lists(st.fixed_dictionaries({"from": times, "to": times}), max_size=3)


@given(st.lists(days, min_size=7, max_size=7))
def test_what_is_taken_comes_back_as_it_was_said_and_what_is_wrong_is_named(week):
    try:
        said = as_mapping(hours_from({"week": week}, "UTC"))["week"]
    except BadInput as error:
        said = error.field
    assert said in (week, "hours")


@pytest.mark.parametrize(
    "wrong",
    [
        {"week": []},
        {"week": [[]] * 7},
        {"week": [[{"from": "9", "to": "18:00"}]] + [[]] * 6},
        {"week": [[{"from": "09:00", "to": "09:00"}]] + [[]] * 6},
        {"week": [[{"from": "09:00", "to": "12:00"}, {"from": "11:00", "to": "15:00"}]] + [[]] * 6},
        {"week": [["09:00"]] + [[]] * 6},
        {**WORKDAYS, "closed_days": ["tomorrow"]},
        {**WORKDAYS, "lunch": True},
    ],
)
def test_hours_that_make_no_sense_are_refused(wrong):
    with pytest.raises(BadInput):
        hours_from(wrong, "UTC")
