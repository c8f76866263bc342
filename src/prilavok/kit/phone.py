"""Telephone numbers as people write them, to E.164 and back."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from prilavok.kit.later import later

if TYPE_CHECKING:
    import phonenumbers
    from phonenumbers import PhoneNumber
else:
    phonenumbers = later("phonenumbers")

LONGEST = 64  # characters that may be a number
INVISIBLE = r"\u00a0\u2009\u200b\u200e\u200f\u202a-\u202e\u202f\u2060\u2066-\u2069"
NOT_A_NUMBER = re.compile(rf"[^\d\s+().,/\-‐‑‒–—−·{INVISIBLE}:telTELx;=]")
# The trunk digit after the country's own code, as on many visiting cards: +380 (0) 67 …
COUNTRY_AND_TRUNK = re.compile(r"\+(\d{1,3})\s*\(0\)")


@lru_cache(maxsize=4096)
def normalise(text: str, region: str) -> str | None:
    """In E.164 (+380671234567), or None when nobody could be called or written to under it.

    `region` (ISO 3166: RU, UA) is where the shop is, and how a number without a country's code is read.
    """
    number = parsed(text, region.upper())
    return None if number is None else phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def pretty(number: str, region: str = "") -> str:
    """As it is read aloud: in international groups, or in `region`'s own way within it. What is no number stays."""
    known = parsed(number, "") if number.startswith("+") else None
    if known is None:
        return number
    at_home = region and phonenumbers.region_code_for_number(known) == region.upper()
    kinds = phonenumbers.PhoneNumberFormat
    form = kinds.NATIONAL if at_home else kinds.INTERNATIONAL
    return phonenumbers.format_number(known, form)


def region_of(number: str) -> str | None:
    """The country (ISO 3166) that an E.164 number belongs to; None when it belongs to none."""
    known = parsed(number, "")
    return None if known is None else phonenumbers.region_code_for_number(known)


@lru_cache(maxsize=4096)
def kind_of(number: str) -> str:
    """Of a number as an order has it: none, impossible, fixed or mobile. Where a country's plan does not tell fixed
    from mobile (the US), it counts as mobile.
    """
    if not number.strip():
        return "none"
    known = parsed(number, "")
    if known is None:
        return "impossible"
    kinds = phonenumbers.PhoneNumberType
    mobile = {kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE, kinds.PERSONAL_NUMBER}
    return "mobile" if phonenumbers.number_type(known) in mobile else "fixed"


def parsed(text: str, region: str) -> "PhoneNumber | None":
    text = text.strip()
    if not text or len(text) > LONGEST or NOT_A_NUMBER.search(text):
        return None
    for attempt in readings(text, region):
        try:
            number = phonenumbers.parse(attempt, region or None)
        except phonenumbers.NumberParseException:
            continue
        # An extension belongs to a switchboard: nobody can write there.
        if phonenumbers.is_valid_number(number) and not number.extension:
            return number
    return None


def readings(text: str, region: str) -> list[str]:
    """What the text may mean, likeliest first: national habits that the library does not know."""
    text = COUNTRY_AND_TRUNK.sub(r"+\1", text)
    digits = "".join(str(int(sign)) for sign in text if sign.isdecimal())
    found = [text]
    if text.startswith("+8") and len(digits) == 11 and region in {"RU", "KZ", ""}:
        found.append(f"+7{digits[1:]}")  # the trunk 8 with a plus in front: +8 912 345-67-89
    if not text.startswith("+"):
        if digits.startswith("80") and len(digits) == 11 and region == "UA":
            found.append(f"+3{digits}")  # the trunk of old: 8 067 123-45-67
        if digits.startswith(("7", "380", "375", "77")) and len(digits) in {11, 12}:
            found.append(f"+{digits}")  # the country's code without its plus: 380671234567
    return found
