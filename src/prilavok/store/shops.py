"""Shops: the tenants of one installation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.questions import Question, Row
from prilavok.store.schema import shops
from prilavok.store.schema_orders import shop_settings


def add(
    db: Connection,
    name: str,
    now: datetime,
    *,
    language: str = "uk",
    timezone: str = "Europe/Kyiv",
    currency: str = "UAH",
) -> int:
    shop_id = int(db.execute(select(func.coalesce(func.max(shops.c.id), 0))).scalar_one()) + 1
    db.execute(
        insert(shops).values(
            id=shop_id, name=name, language=language, timezone=timezone, currency=currency, created_at=now
        )
    )
    return shop_id


_one = Question(select(shops).where(shops.c.id == bindparam("shop")))


def get(db: Connection, shop_id: int) -> Row | None:
    return _one.row(db, shop=shop_id)


def change(db: Connection, shop_id: int, changes: Mapping[str, Any]) -> None:
    db.execute(update(shops).where(shops.c.id == shop_id).values(**changes))


def by_name(db: Connection, name: str) -> RowMapping | None:
    return db.execute(select(shops).where(shops.c.name == name)).mappings().first()


def everything(db: Connection) -> Sequence[RowMapping]:
    return db.execute(select(shops).order_by(shops.c.id)).mappings().all()


_setting = Question(
    select(shop_settings.c.data).where(
        shop_settings.c.shop_id == bindparam("shop"), shop_settings.c.name == bindparam("which")
    )
)


def setting(db: Connection, shop_id: int, name: str) -> Any:
    """What the owner has set under this name; None while it is as built in."""
    return _setting.value(db, shop=shop_id, which=name)


def forget_setting(db: Connection, shop_id: int, name: str) -> None:
    """As built in again."""
    db.execute(delete(shop_settings).where(shop_settings.c.shop_id == shop_id, shop_settings.c.name == name))


def save_setting(db: Connection, shop_id: int, name: str, data: Any, now: datetime) -> None:
    changed = update(shop_settings).where(shop_settings.c.shop_id == shop_id, shop_settings.c.name == name)
    if not db.execute(changed.values(data=data, updated_at=now)).rowcount:
        db.execute(insert(shop_settings).values(shop_id=shop_id, name=name, data=data, updated_at=now))
