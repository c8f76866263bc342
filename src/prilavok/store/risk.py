"""What earlier orders say about a new one, and the weights that a shop has learned from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.domain.order import Status
from prilavok.store.questions import Question
from prilavok.store.schema_orders import order_events, orders, risk_models

LOOK_BACK = 200  # orders of the shop that say what an ordinary sum is
OF_ONE = 50  # earlier orders with the same phone, e-mail or contact that are looked at
CAME_BACK = (Status.RETURNED.value,)
ON_THE_WAY = ("shipped", "out_for_delivery", "arrived_at_pickup")
TOOK = (Status.DELIVERED.value,)

_same = (
    orders.c.id,
    orders.c.status,
    orders.c.placed_at,
    orders.c.total,
    orders.c.currency,
    orders.c.address,
    orders.c.phone,
    orders.c.risk,
)
_by: Mapping[str, Question] = {
    name: Question(
        select(*_same)
        .where(
            orders.c.shop_id == bindparam("shop"),
            orders.c[name] == bindparam("value"),
            orders.c.id != bindparam("but"),
            orders.c.placed_at <= bindparam("until"),
        )
        .order_by(orders.c.placed_at.desc())
        .limit(OF_ONE)
    )
    for name in ("phone", "email", "contact_id")
}
_sums = Question(
    select(orders.c.total)
    .where(
        orders.c.shop_id == bindparam("shop"),
        orders.c.placed_at <= bindparam("until"),
        orders.c.id != bindparam("but"),
        orders.c.currency == bindparam("in_currency"),
    )
    .order_by(orders.c.placed_at.desc())
    .limit(LOOK_BACK)
)
_since = Question(
    select(orders.c.id, orders.c.phone, orders.c.context)
    .where(
        orders.c.shop_id == bindparam("shop"),
        orders.c.placed_at > bindparam("since"),
        orders.c.placed_at <= bindparam("until"),
        orders.c.id != bindparam("but"),
    )
    .order_by(orders.c.placed_at.desc())
    .limit(1000)
)
_refusals = Question(
    select(order_events.c.order_id).where(
        order_events.c.shop_id == bindparam("shop"),
        order_events.c.order_id == bindparam("which"),
        or_(*(order_events.c.kind == kind for kind in ON_THE_WAY)),
    )
)
_model = Question(
    select(risk_models)
    .where(risk_models.c.shop_id == bindparam("shop"), risk_models.c.active)
    .order_by(risk_models.c.version.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Past:
    """`same`: earlier orders of the same phone, e-mail or contact; `median`: of the shop, 0 without any order."""

    same: Sequence[Mapping[str, Any]]
    refused: int
    delivered: int
    median: int
    from_device: int


def past_of(db: Connection, order: Mapping[Any, Any]) -> Past:
    """Everything before an order that may tell about it; a handful of indexed reads."""
    shop, until = order["shop_id"], order["placed_at"]
    same: dict[str, Mapping[str, Any]] = {}
    for name, question in _by.items():
        if order[name]:
            found = question.rows(db, shop=shop, value=order[name], but=order["id"], until=until)
            same |= {row["id"]: row for row in found}
    sums = sorted(
        row["total"] for row in _sums.rows(db, shop=shop, until=until, but=order["id"], in_currency=order["currency"])
    )
    return Past(
        list(same.values()),
        sum(_came_back(db, shop, row) for row in same.values()),
        sum(row["status"] in TOOK for row in same.values()),
        sums[len(sums) // 2] if sums else 0,
        _from_device(db, order),
    )


def _came_back(db: Connection, shop_id: int, row: Mapping[str, Any]) -> bool:
    """Returned, or cancelled when it was already on its way."""
    if row["status"] in CAME_BACK:
        return True
    cancelled = row["status"] == Status.CANCELLED.value
    return cancelled and _refusals.value(db, shop=shop_id, which=row["id"]) is not None


def _from_device(db: Connection, order: Mapping[Any, Any]) -> int:
    device = (order["context"] or {}).get("device")
    if not device:
        return 0
    until = order["placed_at"]
    rows = _since.rows(db, shop=order["shop_id"], since=until - timedelta(days=1), until=until, but=order["id"])
    return sum((row["context"] or {}).get("device") == device and row["phone"] != order["phone"] for row in rows)


def ended(db: Connection, shop_id: int, limit: int) -> list[tuple[Mapping[str, float], bool]]:
    """(signals on placing, came back) of orders at their end, oldest first; the newest `limit`."""
    on_the_way = (
        select(1)
        .where(
            order_events.c.shop_id == orders.c.shop_id,
            order_events.c.order_id == orders.c.id,
            order_events.c.kind.in_(ON_THE_WAY),
        )
        .exists()
    )
    over = or_(orders.c.status.in_([*TOOK, *CAME_BACK]), and_(orders.c.status == Status.CANCELLED.value, on_the_way))
    query = (
        select(orders.c.risk, orders.c.status)
        .where(orders.c.shop_id == shop_id, orders.c.risk.is_not(None), over)
        .order_by(orders.c.placed_at.desc())
        .limit(limit)
    )
    rows = db.execute(query).all()
    return [(risk["signals"], status not in TOOK) for risk, status in reversed(rows)]


def model(db: Connection, shop_id: int) -> Mapping[str, Any] | None:
    """The weights in use; None while the shop uses ours."""
    return _model.row(db, shop=shop_id)


def models(db: Connection, shop_id: int, limit: int = 20) -> Sequence[RowMapping]:
    query = select(risk_models).where(risk_models.c.shop_id == shop_id).order_by(risk_models.c.version.desc())
    return db.execute(query.limit(limit)).mappings().all()


def add_model(
    db: Connection, shop_id: int, weights: Mapping[str, Any], quality: Mapping[str, Any], *, active: bool, now: datetime
) -> int:
    """Stores weights; when they are `active`, all before them no longer are."""
    last = db.execute(select(func.max(risk_models.c.version)).where(risk_models.c.shop_id == shop_id)).scalar() or 0
    if active:
        db.execute(update(risk_models).where(risk_models.c.shop_id == shop_id).values(active=False))
    row = {"shop_id": shop_id, "version": last + 1, "weights": dict(weights), "quality": dict(quality)}
    db.execute(insert(risk_models).values(**row, active=active, created_at=now))
    return int(last) + 1


def no_model(db: Connection, shop_id: int) -> None:
    """Back to our own weights."""
    db.execute(update(risk_models).where(risk_models.c.shop_id == shop_id).values(active=False))


def set_risk(
    db: Connection, shop_id: int, order_id: str, risk: Mapping[str, Any], outcome: str, *, by: str = ""
) -> None:
    values: dict[str, Any] = {"risk": dict(risk), "outcome": outcome, "outcome_by": by}
    db.execute(update(orders).where(orders.c.shop_id == shop_id, orders.c.id == order_id).values(**values))
