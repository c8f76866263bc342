"""Days off by country, as its law has them.

Measured: `holidays.countries` imports 250 countries, schools of Germany and all, before it names one (1.2 s and ten to
thirty MiB). Each country is a module of its own, so the package is entered without its front page.
"""

import sys
from datetime import date
from functools import cache, lru_cache
from importlib.util import find_spec, module_from_spec
from types import ModuleType

COUNTRIES = "holidays.countries"


@lru_cache(maxsize=512)
def holidays_of(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country (ISO 3166) in a year; none for a country that nobody knows."""
    holidays = known()
    try:
        return frozenset(holidays.country_holidays(country, years=year)) if country else frozenset()
    except NotImplementedError:
        return frozenset()


@cache
def known() -> ModuleType:
    """The library, on whose shelf every country waits to be asked for. Some tenths of a second, once."""
    import holidays  # here: whoever never asks for a day off does not pay for it

    if COUNTRIES not in sys.modules and (spec := find_spec(COUNTRIES)) is not None:
        sys.modules[COUNTRIES] = module_from_spec(spec)  # its path is known, and nothing in it has run
    return holidays
