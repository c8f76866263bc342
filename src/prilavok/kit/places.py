"""Which country a time zone or a currency speaks of, and so how a shop's customers write their numbers."""

from functools import cache
from importlib import resources
from zoneinfo import available_timezones

# Only currencies that are one country's own.
OF_CURRENCY = {
    "UAH": "UA",
    "RUB": "RU",
    "BYN": "BY",
    "KZT": "KZ",
    "MDL": "MD",
    "GEL": "GE",
    "AMD": "AM",
    "AZN": "AZ",
    "UZS": "UZ",
    "KGS": "KG",
    "PLN": "PL",
    "CZK": "CZ",
    "RON": "RO",
    "HUF": "HU",
    "BGN": "BG",
    "TRY": "TR",
    "ILS": "IL",
    "GBP": "GB",
    "SEK": "SE",
    "NOK": "NO",
    "DKK": "DK",
    "CAD": "CA",
}
OLD_NAMES = {"Europe/Kiev": "UA", "Europe/Uzhgorod": "UA", "Europe/Zaporozhye": "UA", "Asia/Calcutta": "IN"}


def country_of(timezone: str, currency: str = "") -> str:
    """ISO 3166, or "" when neither says. The zone says it first: the euro is many countries' own."""
    return zones().get(timezone) or OF_CURRENCY.get(currency, "")


def is_zone(name: str) -> bool:
    return name in every_zone()


@cache
def every_zone() -> frozenset[str]:
    """Looked for once: it takes milliseconds, and an order has a zone in it."""
    return frozenset(available_timezones())


@cache
def zones() -> dict[str, str]:
    """Zone → country, of the time zone database."""
    text = (resources.files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {parts[2]: parts[0] for parts in lines} | OLD_NAMES
