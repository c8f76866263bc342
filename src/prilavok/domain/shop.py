"""What a shop may say of itself: its name, its language, where its clock hangs, the money it counts in."""

from collections.abc import Mapping
from zoneinfo import available_timezones

from prilavok.domain.errors import BadInput
from prilavok.domain.rendering import LANGUAGES

LONGEST_NAME = 80


def described(given: Mapping[str, str]) -> dict[str, str]:
    """Any of name, language, timezone, currency, as they are stored. BadInput names the first that cannot be."""
    said = {field: value.strip() for field, value in given.items()}
    if "name" in said and not 0 < len(said["name"]) <= LONGEST_NAME:
        raise BadInput(f"A shop's name has 1 to {LONGEST_NAME} characters.", field="name")
    if said.get("language", "en") not in LANGUAGES:
        raise BadInput("The shop's own language is ru, uk or en.", field="language")
    if said.get("timezone", "UTC") not in available_timezones():
        raise BadInput("That is no time zone; they are named as Europe/Kyiv is.", field="timezone")
    if "currency" in said:
        said["currency"] = currency(said["currency"])
        if not said["currency"]:
            raise BadInput("Say in which currency the shop counts, as UAH, EUR or USD.", field="currency")
    return said


def currency(text: str) -> str:
    """As ISO 4217 spells it; empty when nothing was said. What is none is refused: dollars are not hryvnias."""
    code = text.strip().upper()
    if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise BadInput(f"“{text.strip()[:40]}” is no currency; they are written as UAH, EUR, USD.", field="currency")
    return code
