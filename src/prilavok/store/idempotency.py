"""What repeated requests made the first time."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.schema import idempotency


def get(db: Connection, shop_id: int, agent_id: str, key: str) -> RowMapping | None:
    query = select(idempotency).where(
        idempotency.c.shop_id == shop_id, idempotency.c.agent_id == agent_id, idempotency.c.key == key
    )
    return db.execute(query).mappings().first()


def add(db: Connection, shop_id: int, agent_id: str, once: tuple[str, str], result_id: str, now: datetime) -> None:
    """`once` is the key and the hash of the request."""
    db.execute(
        insert(idempotency).values(
            shop_id=shop_id, agent_id=agent_id, key=once[0], request_hash=once[1], result_id=result_id, created_at=now
        )
    )


def forget_before(db: Connection, at: datetime) -> None:
    db.execute(delete(idempotency).where(idempotency.c.created_at < at))
