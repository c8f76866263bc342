"""Numbers without gaps, per shop: conversations as people quote them, lines of the event log."""

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Connection

from prilavok.store.base import insert_into
from prilavok.store.questions import Question
from prilavok.store.schema import counters

_take = Question(
    update(counters)
    .where(counters.c.shop_id == bindparam("shop"), counters.c.name == bindparam("which"))
    .values(value=counters.c.value + bindparam("by"))
    .returning(counters.c.value)
)

_current = Question(
    select(counters.c.value).where(counters.c.shop_id == bindparam("shop"), counters.c.name == bindparam("which"))
)


def take(db: Connection, shop_id: int, name: str, count: int) -> int:
    """Reserves `count` numbers and returns the first. The counter stays locked until the commit."""
    last = _take.value(db, shop=shop_id, which=name, by=count)
    if last is None:
        row = {"shop_id": shop_id, "name": name, "value": 0}
        db.execute(insert_into(db, counters).values(row).on_conflict_do_nothing())
        last = _take.value(db, shop=shop_id, which=name, by=count)
    return int(last) - count + 1


def current(db: Connection, shop_id: int, name: str) -> int:
    return int(_current.value(db, shop=shop_id, which=name) or 0)
