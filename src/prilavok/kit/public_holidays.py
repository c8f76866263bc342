"""Days off by country, as its law has them."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=64)
def holidays_of(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country (ISO 3166) in a year; none for a country that nobody knows."""
    import holidays  # here: it knows 250 countries and takes its time to say so

    if country not in holidays.list_supported_countries():
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))
