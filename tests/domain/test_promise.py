from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.promise import ENOUGH, WEEK, expected, hour_of_week, rounded
from prilavok.domain.rendering import language_of, within

SAMPLES = st.lists(st.tuples(st.integers(0, WEEK - 1), st.integers(0, 10**6)), max_size=60)


@given(SAMPLES, st.integers(0, WEEK - 1))
def test_a_promise_is_kept_for_three_of_four_of_those_it_was_made_from(samples, hour):
    promise = expected(samples, hour, default=77)
    if len(samples) < ENOUGH:
        assert promise.seconds == 77
        assert not promise.measured
    else:
        assert promise.measured
        waited = [seconds for asked, seconds in samples]
        assert any(promise.seconds == rounded(seconds) for seconds in waited)


@given(st.lists(st.integers(0, 10**6), min_size=ENOUGH, max_size=50), st.integers(0, WEEK - 1))
def test_three_of_four_who_asked_at_this_hour_were_answered_by_then(waits, hour):
    promise = expected([(hour, seconds) for seconds in waits], hour, default=0)
    assert sum(seconds <= promise.seconds for seconds in waits) >= 0.75 * len(waits)


def test_this_hour_counts_more_than_other_hours_and_weekends_more_than_working_days():
    monday_nine, saturday_nine = 9, 5 * 24 + 9
    quick, slow = [(monday_nine, 60)] * 5, [(saturday_nine, 7200)] * 5
    assert expected(quick + slow, monday_nine, default=0).seconds == 60
    assert expected(quick + slow, saturday_nine, default=0).seconds == 7200
    assert expected(quick + slow, monday_nine + 48, default=0).seconds == 60, "Wednesday is a working day"
    sunday_midnight, monday_midnight = WEEK - 1, 0
    assert expected([(sunday_midnight, 300)] * 5 + slow * 9, monday_midnight, default=0).seconds == 300


@given(st.integers(0, 10**7))
def test_what_is_said_is_never_less_than_what_was_measured(seconds):
    assert rounded(seconds) >= max(seconds, 60)
    assert rounded(rounded(seconds)) == rounded(seconds)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_hours_of_the_week_are_the_shops_own(at):
    at = at.replace(tzinfo=UTC)
    assert 0 <= hour_of_week(at, "Europe/Kyiv") < WEEK
    assert hour_of_week(at, "UTC") == at.weekday() * 24 + at.hour


@pytest.mark.parametrize(
    ("seconds", "language", "words"),
    [
        (60, "ru", "в течение 1 минуты"),
        (120, "ru", "в течение 2 минут"),
        (5 * 60, "ru", "в течение 5 минут"),
        (21 * 60, "ru", "в течение 21 минуты"),
        (11 * 60, "ru", "в течение 11 минут"),
        (3600, "ru", "в течение 1 часа"),
        (4 * 3600, "ru", "в течение 4 часов"),
        (21 * 3600, "ru", "в течение 21 часа"),
        (3 * 86400, "ru", "в течение 3 дней"),
        (60, "uk", "протягом 1 хвилини"),
        (15 * 60, "uk", "протягом 15 хвилин"),
        (31 * 60, "uk", "протягом 31 хвилини"),
        (7200, "uk", "протягом 2 годин"),
        (21 * 86400, "uk", "протягом 21 дня"),
        (60, "en", "within 1 minute"),
        (21 * 60, "en", "within 21 minutes"),
        (3600, "en", "within 1 hour"),
        (11 * 3600, "en", "within 11 hours"),
        (5 * 86400, "en", "within 5 days"),
        (0, "en", "within 1 minute"),
    ],
)
def test_a_promise_is_said_as_people_say_it(seconds, language, words):
    assert within(seconds, language) == words


@given(st.integers(0, 10**7), st.sampled_from(["ru", "uk", "en"]))
def test_what_is_said_is_close_to_what_was_promised(seconds, language):
    number = int(within(seconds, language).split()[-2])
    assert number >= 1
    unit = (
        timedelta(days=1) if seconds >= 48 * 3600 else timedelta(hours=1) if seconds >= 3600 else timedelta(minutes=1)
    )
    assert abs(number * unit - timedelta(seconds=seconds)) <= unit


@pytest.mark.parametrize(
    ("text", "preferred", "default", "language"),
    [
        ("Чи є синя?", "", "ru", "uk"),
        ("Есть ли синяя? Объясните", "", "uk", "ru"),
        ("Да", "", "uk", "uk"),
        ("Да", "", "en", "ru"),
        ("Hello", "", "uk", "en"),
        ("", "", "uk", "uk"),
        ("12345", "", "ru", "ru"),
        ("Hello", "uk-UA", "en", "uk"),
        ("Привет", "de", "uk", "uk"),
    ],
)
def test_the_answer_is_in_the_customers_language(text, preferred, default, language):
    assert language_of(text, preferred, default) == language
