"""Which contacts became one, with what moved; and which resemble each other."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, or_, select, update
from sqlalchemy.engine import Connection

from prilavok.kit.ids import new_id
from prilavok.store.base import insert_into
from prilavok.store.questions import Question, Row, among, listed
from prilavok.store.schema import contacts, identities
from prilavok.store.schema_people import merges, resemblances

OPEN, ACCEPTED, DISMISSED = "open", "accepted", "dismissed"

_gone_to = Question(
    select(contacts.c.id).where(contacts.c.shop_id == bindparam("shop"), among(contacts.c.went_to, "people"))
)
_of = Question(
    select(merges.c.id, merges.c.gone_id, merges.c.by, merges.c.at, contacts.c.name)
    .join(contacts, and_(contacts.c.shop_id == merges.c.shop_id, contacts.c.id == merges.c.gone_id))
    .where(merges.c.shop_id == bindparam("shop"), merges.c.kept_id == bindparam("person"), merges.c.undone_at.is_(None))
    .order_by(merges.c.at.desc(), merges.c.id.desc())
)
_like = Question(
    select(resemblances)
    .where(
        resemblances.c.shop_id == bindparam("shop"),
        or_(among(resemblances.c.one_id, "people"), among(resemblances.c.other_id, "people")),
    )
    .order_by(resemblances.c.at.desc(), resemblances.c.id)
)


def lock(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, Row]:
    """The contacts, locked until the commit with all their addresses: whoever writes meanwhile waits (PostgreSQL).
    In the order in which receiving locks them, addresses first.
    """
    wanted = sorted(ids)
    theirs = select(identities.c.id).where(identities.c.shop_id == shop_id, identities.c.contact_id.in_(wanted))
    db.execute(theirs.order_by(identities.c.scope, identities.c.address).with_for_update()).all()
    people = select(contacts).where(contacts.c.shop_id == shop_id, contacts.c.id.in_(wanted)).order_by(contacts.c.id)
    return {row["id"]: row for row in db.execute(people.with_for_update()).mappings()}


def add(db: Connection, shop_id: int, row: Mapping[str, Any]) -> None:
    """Row of: id, kept_id, gone_id, by, moved, at."""
    db.execute(insert(merges).values(shop_id=shop_id, undone_by="", **row))


def get(db: Connection, shop_id: int, merge_id: str) -> Row | None:
    query = select(merges).where(merges.c.shop_id == shop_id, merges.c.id == merge_id)
    return db.execute(query).mappings().first()


def of(db: Connection, shop_id: int, contact_id: str) -> Sequence[Row]:
    """Who is one with this person, the latest first: id, gone_id, by, at and the name they had."""
    return _of.rows(db, shop=shop_id, person=contact_id)


def close(db: Connection, shop_id: int, merge_id: str, *, by: str, now: datetime) -> None:
    which = (merges.c.shop_id == shop_id, merges.c.id == merge_id)
    db.execute(update(merges).where(*which).values(undone_at=now, undone_by=by))


def family(db: Connection, shop_id: int, contact_id: str) -> list[str]:
    """This contact and all who went over into them."""
    found = [contact_id]
    while more := [row["id"] for row in _gone_to.rows(db, shop=shop_id, people=found) if row["id"] not in found]:
        found += more
    return found


def resemblances_of(db: Connection, shop_id: int, people: Sequence[str]) -> Sequence[Row]:
    """Every pair of which one is among these people, however it was decided."""
    return _like.rows(db, shop=shop_id, people=listed(people))


def resemblance(db: Connection, shop_id: int, resemblance_id: str) -> Row | None:
    query = select(resemblances).where(resemblances.c.shop_id == shop_id, resemblances.c.id == resemblance_id)
    return db.execute(query).mappings().first()


def suggest(
    db: Connection,
    shop_id: int,
    pair: tuple[str, str],
    because: Sequence[Mapping[str, str]],
    now: datetime,
    *,
    state: str = OPEN,
) -> None:
    """A pair that is there already stays as it was decided."""
    one, other = sorted(pair)
    row = {"shop_id": shop_id, "id": new_id(), "one_id": one, "other_id": other, "because": list(because)}
    add_one = insert_into(db, resemblances)
    pairs = ["shop_id", "one_id", "other_id"]
    db.execute(add_one.values(**row, state=state, at=now).on_conflict_do_nothing(index_elements=pairs))


def add_reasons(db: Connection, shop_id: int, resemblance_id: str, because: Sequence[Mapping[str, str]]) -> None:
    which = (resemblances.c.shop_id == shop_id, resemblances.c.id == resemblance_id)
    db.execute(update(resemblances).where(*which).values(because=list(because)))


def decide(
    db: Connection, shop_id: int, ids: Iterable[str], state: str, *, agent_id: str | None, now: datetime
) -> None:
    which = (resemblances.c.shop_id == shop_id, resemblances.c.id.in_(list(ids)))
    db.execute(update(resemblances).where(*which).values(state=state, decided_at=now, decided_by=agent_id))
