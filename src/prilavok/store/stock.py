"""How much there is of what. A feed for what comes later: questions about availability, waiting lists."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.base import insert_into
from prilavok.store.schema_orders import stock

TOGETHER = 200  # rows in one statement


def put(db: Connection, shop_id: int, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Rows of: sku, quantity, name, price (hundredths or None), currency. A name or price that is not said stays."""
    whole = [{"shop_id": shop_id, "updated_at": now, **row} for row in rows]
    for start in range(0, len(whole), TOGETHER):
        statement = insert_into(db, stock).values(whole[start : start + TOGETHER])
        said = statement.excluded
        changes = {
            "quantity": said.quantity,
            "updated_at": said.updated_at,
            "name": _unless_empty(said.name, stock.c.name),
            "currency": _unless_empty(said.currency, stock.c.currency),
            "price": _unless_none(said.price, stock.c.price),
        }
        db.execute(statement.on_conflict_do_update(index_elements=["shop_id", "sku"], set_=changes))


def some(db: Connection, shop_id: int, skus: Sequence[str]) -> Sequence[RowMapping]:
    query = select(stock).where(stock.c.shop_id == shop_id, stock.c.sku.in_(list(skus))).order_by(stock.c.sku)
    return db.execute(query).mappings().all()


def _unless_empty(said: Any, known: Any) -> Any:
    return case((said != "", said), else_=known)


def _unless_none(said: Any, known: Any) -> Any:
    return func.coalesce(said, known)
