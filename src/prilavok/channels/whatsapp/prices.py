"""What a message costs. Meta's statuses name a category and no sum, so the owner's price list says the rest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from prilavok.channels.base import NeedsOwner, Price
from prilavok.channels.whatsapp.shapes import Pricing

ENTRY = re.compile(r"([a-z_]{2,40})\s*=\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Prices:
    """By category, in one currency (ISO 4217)."""

    sums: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""

    def of(self, pricing: Pricing) -> Price | None:
        """None for a category that the list does not have."""
        if not pricing.billable:
            return Price("0", self.currency)
        amount = self.sums.get(pricing.category)
        return Price(amount, self.currency) if amount is not None else None


def read_prices(text: str) -> Prices:
    """`utility=0.0157, marketing=0.07 USD`; NeedsOwner when it reads otherwise."""
    listed, _, currency = text.strip().rpartition(" ")
    entries = [one.strip() for one in listed.split(",") if one.strip()]
    found = [ENTRY.fullmatch(one) for one in entries]
    if not text.strip():
        return Prices()
    if not CURRENCY.fullmatch(currency) or not found or None in found:
        raise NeedsOwner("Prices are written as: utility=0.0157, marketing=0.07 USD.", field="prices")
    return Prices({one[1]: one[2] for one in found if one is not None}, currency)
