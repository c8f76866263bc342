"""Each country's days off are read from its own module, and no other country's with them."""

import subprocess
import sys
from datetime import date

import pytest

from prilavok.kit.public_holidays import holidays_of


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("GB", date(2026, 12, 28)),
        ("US", date(2026, 11, 26)),
        ("FR", date(2026, 7, 14)),
        ("SE", date(2026, 6, 6)),
        ("PL", date(2026, 11, 11)),
        ("RU", date(2026, 1, 7)),
        ("KZ", date(2026, 3, 22)),
        ("AS", date(2026, 7, 3)),  # a territory that builds on another country's module
    ],
)
def test_a_country_has_its_days_off(country, day):
    assert day in holidays_of(country, 2026)


@pytest.mark.parametrize("country", ["", "XX"])
def test_an_unknown_country_has_none(country):
    assert holidays_of(country, 2026) == frozenset()


def test_asking_for_one_country_does_not_read_the_other_two_hundred_and_fifty():
    code = (
        "import sys; from prilavok.kit.public_holidays import holidays_of; holidays_of('UA', 2026); "
        "print(*(name for name in sys.modules if name.startswith('holidays.countries.')))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["holidays.countries.ukraine"]
