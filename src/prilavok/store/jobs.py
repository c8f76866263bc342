"""Work that follows a commit and may take a while: rows with a due time and a lease."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.kit.ids import new_id
from prilavok.store.schema import jobs

ACCOUNT = "account"  # the kind of those that ask a vendor until when it lets us in; one for each inbox


def add(
    db: Connection, shop_id: int, kind: str, data: Mapping[str, Any], due_at: datetime, *, inbox_id: str | None = None
) -> None:
    db.execute(
        insert(jobs).values(
            shop_id=shop_id,
            id=new_id(),
            kind=kind,
            inbox_id=inbox_id,
            data=dict(data),
            state="waiting",
            due_at=due_at,
            attempts=0,
        )
    )


def claim(db: Connection, now: datetime, lease: timedelta, limit: int) -> Sequence[RowMapping]:
    """Takes what is due and not leased; a lease that ran out is taken over."""
    free = or_(jobs.c.lease_until.is_(None), jobs.c.lease_until < now)
    chosen = (
        select(jobs.c.shop_id, jobs.c.id)
        .where(jobs.c.state == "waiting", jobs.c.due_at <= now, free)
        .order_by(jobs.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = db.execute(chosen).all()
    if not rows:
        return []
    ids = [row[1] for row in rows]
    db.execute(update(jobs).where(jobs.c.id.in_(ids)).values(lease_until=now + lease, attempts=jobs.c.attempts + 1))
    return db.execute(select(jobs).where(jobs.c.id.in_(ids)).order_by(jobs.c.due_at)).mappings().all()


def inboxes_with(db: Connection, kind: str) -> set[str]:
    """Inboxes for which a job of this kind waits."""
    query = select(jobs.c.inbox_id).where(jobs.c.state == "waiting", jobs.c.kind == kind)
    return {row[0] for row in db.execute(query) if row[0] is not None}


def hasten(db: Connection, shop_id: int, inbox_id: str, kind: str, now: datetime) -> None:
    """What waits for this inbox is due at once, unless it is being done."""
    waiting = (jobs.c.state == "waiting", jobs.c.lease_until.is_(None), jobs.c.due_at > now)
    mine = (jobs.c.shop_id == shop_id, jobs.c.inbox_id == inbox_id, jobs.c.kind == kind)
    db.execute(update(jobs).where(*mine, *waiting).values(due_at=now))


def any_due(db: Connection, now: datetime) -> bool:
    query = select(1).where(jobs.c.state == "waiting", jobs.c.due_at <= now).limit(1)
    return db.execute(query).first() is not None


def finish(db: Connection, shop_id: int, job_id: str) -> None:
    db.execute(delete(jobs).where(jobs.c.shop_id == shop_id, jobs.c.id == job_id))


def postpone(db: Connection, shop_id: int, job_id: str, *, due_at: datetime | None, reason: str) -> None:
    """Tries again at `due_at`; None gives it up and keeps it for a person to see."""
    changes: dict[str, Any] = {"lease_until": None, "reason": reason}
    changes |= {"state": "dead"} if due_at is None else {"due_at": due_at}
    db.execute(update(jobs).where(jobs.c.shop_id == shop_id, jobs.c.id == job_id).values(**changes))
