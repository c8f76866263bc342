"""The event log: one line per change that a screen must show, numbered per shop in the order of the commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, bindparam, delete, select
from sqlalchemy.engine import Connection

from prilavok.domain.events import Event
from prilavok.store import counters
from prilavok.store.questions import Question, Row
from prilavok.store.rowsets import Insertion
from prilavok.store.schema import events

_insert = Insertion(events, [column.name for column in events.columns])
_since = Question(
    select(events)
    .where(events.c.shop_id == bindparam("shop"), events.c.seq > bindparam("after"))
    .order_by(events.c.seq)
    .limit(bindparam("most", type_=Integer))
)


def append(db: Connection, lines: Sequence[Event], now: datetime) -> list[int]:
    """Stores the lines and returns their numbers, in the same order."""
    per_shop: dict[int, int] = {}
    for line in lines:
        per_shop[line.shop_id] = per_shop.get(line.shop_id, 0) + 1
    # Sorted: two processes lock the shops' counters in one order.
    following = {shop_id: counters.take(db, shop_id, "event", count) for shop_id, count in sorted(per_shop.items())}
    numbers = []
    rows = []
    for line in lines:
        seq = following[line.shop_id]
        following[line.shop_id] = seq + 1
        numbers.append(seq)
        rows.append(
            {
                "shop_id": line.shop_id,
                "seq": seq,
                "kind": line.kind,
                "conversation_id": line.conversation_id,
                "message_id": line.message_id,
                "ref_id": line.ref_id,
                "at": now,
            }
        )
    _insert(db, rows)
    return numbers


def current(db: Connection, shop_id: int) -> int:
    return counters.current(db, shop_id, "event")


def since(db: Connection, shop_id: int, seq: int, limit: int) -> Sequence[Row]:
    return _since.rows(db, shop=shop_id, after=seq, most=limit)


def forget_before(db: Connection, at: datetime) -> int:
    """Drops lines older than `at`: a screen that was away for longer loads anew."""
    return db.execute(delete(events).where(events.c.at < at)).rowcount
