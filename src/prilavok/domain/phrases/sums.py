"""Sums as people read them."""

from collections.abc import Mapping

SIGNS: Mapping[str, str] = {"UAH": "грн", "RUB": "₽", "BYN": "Br", "KZT": "₸", "PLN": "zł", "SEK": "kr"}
IN_FRONT: Mapping[str, str] = {"USD": "$", "GBP": "£", "EUR": "€"}
NO_BREAK = "\u00a0"


def money(hundredths: int, currency: str, language: str) -> str:
    """«1 250 ₽», «1 250,50 грн», "€1,250.50", "1,250 UAH"; whole sums without their zeros."""
    whole, rest = divmod(abs(hundredths), 100)
    english = language == "en"
    grouped = f"{whole:,}" if english else f"{whole:,}".replace(",", NO_BREAK)
    number = f"{grouped}{'.' if english else ','}{rest:02d}" if rest else grouped
    sign = "-" if hundredths < 0 else ""
    if english and currency in IN_FRONT:
        return f"{sign}{IN_FRONT[currency]}{number}"
    unit = currency if english else IN_FRONT.get(currency) or SIGNS.get(currency, currency)
    return f"{sign}{number}{NO_BREAK}{unit}".strip()
