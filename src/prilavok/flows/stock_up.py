"""The shop tells how much there is of what."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from prilavok.domain.errors import BadInput
from prilavok.flows.unit import Unit
from prilavok.kit.text import storable
from prilavok.store import shops, stock

LARGEST = Decimal("999999999999.99")


def stock_up(unit: Unit, shop_id: int, items: Sequence[Mapping[str, Any]]) -> int:
    """Items of: sku, quantity, name, price (a sum or None). Of two lines of one article the last counts."""
    shop = shops.get(unit.db, shop_id) or {}
    rows: dict[str, dict[str, Any]] = {}
    for item in items:
        sku = storable(item["sku"]).strip()[:100]
        if not sku:
            raise BadInput("An article needs its number (sku).", field="items.sku")
        price = item["price"]
        if price is not None and not (price.is_finite() and 0 <= price <= LARGEST):
            raise BadInput("The price is no sum.", field="items.price")
        rows[sku] = {
            "sku": sku,
            "quantity": item["quantity"],
            "name": storable(item["name"]).strip()[:300],
            "price": None if price is None else int(price.quantize(Decimal("0.01"), ROUND_HALF_UP).scaleb(2)),
            "currency": shop.get("currency", "") if price is not None else "",
        }
    stock.put(unit.db, shop_id, list(rows.values()), unit.now)
    return len(rows)
