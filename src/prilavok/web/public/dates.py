"""Days, hours and sums as people say them, in three languages."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from prilavok.domain.phrases import day_in_words

NEAR = {
    "ru": {-1: "вчера", 0: "сегодня", 1: "завтра"},
    "uk": {-1: "учора", 0: "сьогодні", 1: "завтра"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
WEEKDAYS = {
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "uk": ("пн", "вт", "ср", "чт", "пт", "сб", "нд"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
AT = {"ru": "{day} в {hour}", "uk": "{day} о {hour}", "en": "{day} at {hour}"}
SIGNS = {"UAH": "₴", "RUB": "₽", "PLN": "zł", "USD": "$", "EUR": "€", "GBP": "£"}


def day_words(day: date, today: date, language: str) -> str:
    """«завтра, вт 24 ноября»; the year only when it is another one."""
    named = f"{WEEKDAYS[language][day.weekday()]} {day_in_words(day, language)}"
    if day.year != today.year:
        named += f" {day.year}"
    near = NEAR[language].get((day - today).days)
    return f"{near}, {named}" if near else named


def moment(at: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """«вчера в 18:40», «3 ноября в 18:40»."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    near = NEAR[language].get((local.date() - today).days)
    day = near or day_in_words(local, language)
    if local.year != today.year:
        day += f" {local.year}"
    return AT[language].format(day=day, hour=f"{local:%H:%M}")


def money(hundredths: int, currency: str, language: str) -> str:
    """«1 250,50 ₴»; in English "1,250.50 ₴". Without the hundredths where there are none."""
    amount = f"{Decimal(hundredths) / 100:,.2f}".removesuffix(".00")
    if language != "en":
        amount = amount.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return f"{amount}\N{NO-BREAK SPACE}{SIGNS.get(currency, currency)}"
