"""Customers read beside a number when somebody answers it."""

from datetime import time

import pytest

from prilavok.domain.duty import Holidays, Turn
from prilavok.domain.facts import Hours
from prilavok.domain.weekly import in_words, of_duty, of_shop

WORKDAYS = frozenset(range(5))


def turn(start: int, end: int, days: frozenset[int] = frozenset(), **more: Holidays) -> Turn:
    return Turn(ring="101", days=days, starts=start * 60, ends=end * 60, **more)


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        ([turn(9, 18, WORKDAYS), turn(10, 15, frozenset({5}))], "пн–пт 9:00–18:00; сб 10:00–15:00"),
        ([turn(9, 14, WORKDAYS), turn(13, 20, WORKDAYS)], "пн–пт 9:00–20:00"),
        ([turn(9, 13), turn(14, 18)], "щодня 9:00–13:00, 14:00–18:00"),
        ([turn(0, 0)], "цілодобово"),
        ([turn(22, 6, frozenset({6}))], "нд 22:00–6:00"),
        ([turn(0, 0, frozenset({0}))], "пн цілодобово"),
        ([turn(9, 18, holidays=Holidays.ONLY)], ""),
        ([], ""),
    ],
)
def test_a_list_of_duty_is_read_as_a_week(turns: list[Turn], said: str) -> None:
    assert in_words(of_duty(turns), "uk") == said


def test_the_shops_own_hours_are_read_alike() -> None:
    hours = Hours(zone="Europe/Kyiv", open=tuple((day, time(9), time(0)) for day in range(7)))
    assert in_words(of_shop(hours), "en") == "every day 9:00–24:00"
    assert in_words(of_shop(hours), "ru") == "ежедневно 9:00–24:00"
    assert in_words(None, "ru") == ""
