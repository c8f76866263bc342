"""People and their addresses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.engine import Connection

from prilavok.kit.ids import new_id
from prilavok.store.base import insert_into, is_sqlite
from prilavok.store.questions import Question, Row, among, listed
from prilavok.store.rowsets import Insertion, Renewal
from prilavok.store.schema import contacts, identities


@dataclass(slots=True)
class Known:
    """An identity as the receive flow needs it."""

    id: str
    contact_id: str
    last_seq: int
    reachable: bool
    created: bool = False
    verified: bool = False
    claimed: str = ""
    wrote: bool = False  # to us, at any time


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """What is stored when an address is seen for the first time. The ids are used only if nobody was quicker."""

    id: str
    contact_id: str
    channel: str
    inbox_id: str
    scope: str
    address: str
    display: str
    verified: bool
    name: str
    language: str
    timezone: str
    facts: Mapping[str, Any] | None
    wrote: bool = True  # to us; False: the shop wrote first, or they were only heard in public


Address = tuple[str, str]  # scope, address
ORDER, TYPED = "order", "typed"  # who named an address that nobody had written from
APART = "apart"  # somebody else had; since, its owner has come

_insert = Insertion(identities, [column.name for column in identities.columns])
_insert_contacts = Insertion(contacts, [column.name for column in contacts.columns])
_number = Renewal(identities, ("shop_id", "id"), ("last_seq", "last_at", "inbox_id", "reachable", "reason"))
_count = Renewal(identities, ("shop_id", "id"), ("last_seq",))
_find = Question(
    select(
        identities.c.id,
        identities.c.contact_id,
        identities.c.scope,
        identities.c.address,
        identities.c.last_seq,
        identities.c.reachable,
        identities.c.verified,
        identities.c.claimed,
        identities.c.last_at,
    )
    .where(
        identities.c.shop_id == bindparam("shop"),
        identities.c.scope == bindparam("in_scope"),
        among(identities.c.address, "addresses"),
    )
    .order_by(identities.c.address)
    .with_for_update()
)
_next_number = Question(
    update(identities)
    .where(identities.c.shop_id == bindparam("shop"), identities.c.id == bindparam("which"))
    .values(last_seq=identities.c.last_seq + 1)
    .returning(identities.c.last_seq)
)
_contact = Question(
    select(contacts).where(contacts.c.shop_id == bindparam("shop"), contacts.c.id == bindparam("which"))
)
_names = Question(
    select(contacts.c.id, contacts.c.name).where(
        contacts.c.shop_id == bindparam("shop"), among(contacts.c.id, "wanted")
    )
)
_of_shop = select(identities).where(identities.c.shop_id == bindparam("shop"))
_identity = Question(_of_shop.where(identities.c.id == bindparam("which")))
_identity_at = Question(
    _of_shop.where(identities.c.scope == bindparam("in_scope"), identities.c.address == bindparam("place"))
)
_owners_at = Question(
    select(identities.c.scope, identities.c.address, identities.c.contact_id).where(
        identities.c.shop_id == bindparam("shop"),
        or_(*(identities.c.scope == scope for scope in ("email", "phone", "whatsapp"))),
        among(identities.c.address, "addresses"),
    )
)
_identities_of = Question(
    _of_shop.where(identities.c.contact_id == bindparam("person")).order_by(
        identities.c.last_at.desc().nulls_last(), identities.c.id
    )
)


def find(db: Connection, shop_id: int, addresses: Iterable[Address]) -> dict[Address, Known]:
    """The identities behind the addresses, locked until the commit (PostgreSQL) in one order."""
    found: dict[Address, Known] = {}
    per_scope: dict[str, list[str]] = {}
    for scope, address in addresses:
        per_scope.setdefault(scope, []).append(address)
    for scope, wanted in sorted(per_scope.items()):
        for row in _find.rows(db, shop=shop_id, in_scope=scope, addresses=wanted):
            found[row["scope"], row["address"]] = Known(
                row["id"],
                row["contact_id"],
                row["last_seq"],
                row["reachable"],
                verified=row["verified"],
                claimed=row["claimed"],
                wrote=row["last_at"] is not None,
            )
    return found


def create(db: Connection, shop_id: int, new: Sequence[NewIdentity], now: datetime) -> dict[Address, Known]:
    """Stores contacts and identities; where another process was quicker, its identity is returned."""
    rows = [_identity_row(shop_id, one, now) for one in sorted(new, key=lambda one: (one.scope, one.address))]
    if is_sqlite(db):  # one writer: nobody can have been quicker
        _insert(db, rows)
        created = {(one.scope, one.address): _new(one) for one in new}
    else:
        statement = insert_into(db, identities).on_conflict_do_nothing(index_elements=["shop_id", "scope", "address"])
        db.execute(statement, rows)
        created = find(db, shop_id, [(one.scope, one.address) for one in new])
        ours = {one.id for one in new}
        for known in created.values():
            known.created = known.id in ours
    people = [
        {
            "shop_id": shop_id,
            "id": one.contact_id,
            "name": one.name,
            "language": one.language,
            "timezone": one.timezone,
            "country": "",
            "facts": dict(one.facts) if one.facts else None,
            "went_to": None,
            "created_at": now,
        }
        for one in new
        if created[one.scope, one.address].contact_id == one.contact_id
    ]
    if people:
        _insert_contacts(db, people)
    return created


def _new(one: NewIdentity) -> Known:
    return Known(one.id, one.contact_id, 0, True, created=True, verified=one.verified)


def _identity_row(shop_id: int, one: NewIdentity, now: datetime) -> dict[str, Any]:
    return {
        "shop_id": shop_id,
        "id": one.id,
        "contact_id": one.contact_id,
        "channel": one.channel,
        "inbox_id": one.inbox_id,
        "scope": one.scope,
        "address": one.address,
        "display": one.display,
        "verified": one.verified,
        "claimed": "",
        "reachable": True,
        "reason": "",
        "last_at": now if one.wrote else None,
        "last_seq": 0,
        "created_at": now,
    }


def add_person(
    db: Connection,
    shop_id: int,
    contact_id: str,
    now: datetime,
    *,
    name: str,
    language: str,
    timezone: str,
    country: str,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Somebody who has not written to us: an order names them. Their addresses follow with `add_addresses`."""
    row: dict[str, Any] = {
        "shop_id": shop_id,
        "id": contact_id,
        "name": name,
        "language": language,
        "timezone": timezone,
    }
    row |= {"country": country, "facts": dict(facts) if facts else None, "went_to": None}
    _insert_contacts(db, [{**row, "created_at": now}])


def add_addresses(
    db: Connection,
    shop_id: int,
    contact_id: str,
    addresses: Iterable[tuple[str, str, str]],
    now: datetime,
    *,
    claimed: str,
    verified: bool = False,
) -> None:
    """(scope, channel, address) of a person, never written from so far. What is somebody's already stays theirs.

    `claimed`: who named them, see ORDER and TYPED; empty when they are `verified`.
    """
    rows = [
        {
            "shop_id": shop_id,
            "id": new_id(),
            "contact_id": contact_id,
            "channel": channel,
            "inbox_id": None,
            "scope": scope,
            "address": address,
            "display": "",
            "verified": verified,
            "claimed": claimed,
            "reachable": True,
            "reason": "",
            "last_at": None,
            "last_seq": 0,
            "created_at": now,
        }
        for scope, channel, address in sorted(addresses)
    ]
    if rows:
        unique = ["shop_id", "scope", "address"]
        db.execute(insert_into(db, identities).on_conflict_do_nothing(index_elements=unique), rows)


def save_numbers(db: Connection, rows: Sequence[tuple[int, str, int, datetime, str]]) -> None:
    """After messages came in: (shop, identity, last number, time, inbox). Who writes can be reached again."""
    _number(
        db,
        [
            {
                "shop_id": shop,
                "id": which,
                "last_seq": seq,
                "last_at": at,
                "inbox_id": inbox,
                "reachable": True,
                "reason": "",
            }
            for shop, which, seq, at, inbox in rows
        ],
    )


def save_counts(db: Connection, rows: Sequence[tuple[int, str, int]]) -> None:
    """After words in public: (shop, identity, last number). Whoever comments has not written to us by that."""
    _count(db, [{"shop_id": shop, "id": which, "last_seq": seq} for shop, which, seq in rows])


def next_number(db: Connection, shop_id: int, identity_id: str) -> int:
    """Takes the next number of one identity's messages, for one that we send."""
    return int(_next_number.value(db, shop=shop_id, which=identity_id))


def set_reachable(db: Connection, shop_id: int, identity_id: str, *, reachable: bool, reason: str) -> None:
    db.execute(
        update(identities)
        .where(identities.c.shop_id == shop_id, identities.c.id == identity_id)
        .values(reachable=reachable, reason=reason)
    )


def set_display(db: Connection, shop_id: int, identity_id: str, display: str) -> None:
    """What the vendor calls the person behind an address."""
    db.execute(
        update(identities)
        .where(identities.c.shop_id == shop_id, identities.c.id == identity_id)
        .values(display=display)
    )


def verify(db: Connection, shop_id: int, ids: Iterable[str]) -> None:
    """The channel vouches for these addresses, whoever named them first."""
    db.execute(
        update(identities).where(identities.c.shop_id == shop_id, identities.c.id.in_(list(ids))).values(verified=True)
    )


def come_apart(db: Connection, shop_id: int, contact_id: str, address: str, to: str) -> list[str]:
    """One address, in every medium that uses it, becomes another contact's, who came to us with it. Answers its ids."""
    mine = (identities.c.shop_id == shop_id, identities.c.contact_id == contact_id, identities.c.address == address)
    gone = update(identities).where(*mine).values(contact_id=to, claimed=APART).returning(identities.c.id)
    return sorted(db.execute(gone).scalars())


def update_contact(db: Connection, shop_id: int, contact_id: str, changes: Mapping[str, Any]) -> None:
    db.execute(update(contacts).where(contacts.c.shop_id == shop_id, contacts.c.id == contact_id).values(**changes))


def contact(db: Connection, shop_id: int, contact_id: str) -> Row | None:
    return _contact.row(db, shop=shop_id, which=contact_id)


def present(db: Connection, shop_id: int, contact_id: str) -> Row | None:
    """Who this contact is today: links in old messages still name those who have since proved to be somebody else."""
    found = contact(db, shop_id, contact_id)
    while found is not None and found["went_to"] is not None:  # ends: nobody goes over into one who has gone
        found = contact(db, shop_id, found["went_to"])
    return found


def identity(db: Connection, shop_id: int, identity_id: str) -> Row | None:
    return _identity.row(db, shop=shop_id, which=identity_id)


def identity_at(db: Connection, shop_id: int, scope: str, address: str) -> Row | None:
    return _identity_at.row(db, shop=shop_id, in_scope=scope, place=address)


def owners_at(db: Connection, shop_id: int, addresses: Iterable[str]) -> dict[Address, str]:
    """Whose these mail addresses and numbers are."""
    rows = _owners_at.rows(db, shop=shop_id, addresses=listed(addresses))
    return {(row["scope"], row["address"]): row["contact_id"] for row in rows}


def identities_of(db: Connection, shop_id: int, contact_id: str) -> Sequence[Row]:
    """Where this person can be written to, the most recently used first."""
    return _identities_of.rows(db, shop=shop_id, person=contact_id)


def names(db: Connection, shop_id: int, ids: Iterable[str]) -> dict[str, str]:
    """contact id → name."""
    return {row["id"]: row["name"] for row in _names.rows(db, shop=shop_id, wanted=listed(ids))}


def language_of(db: Connection, shop_id: int, identity_id: str) -> str:
    query = (
        select(contacts.c.language)
        .join(identities, (identities.c.shop_id == contacts.c.shop_id) & (identities.c.contact_id == contacts.c.id))
        .where(identities.c.shop_id == shop_id, identities.c.id == identity_id)
    )
    return str(db.execute(query).scalar() or "")


def add(db: Connection, people: Sequence[Mapping[str, Any]], addresses: Sequence[Mapping[str, Any]]) -> None:
    """Whole rows of contacts and identities: an import, or a made-up history."""
    db.execute(contacts.insert(), list(people))
    db.execute(identities.insert(), list(addresses))


def set_numbers(db: Connection, shop_id: int, numbers: Mapping[str, int]) -> None:
    """identity → the number of its last message."""
    statement = (
        update(identities)
        .where(identities.c.shop_id == bindparam("shop"), identities.c.id == bindparam("which"))
        .values(last_seq=bindparam("seq"))
    )
    if numbers:
        db.execute(statement, [{"shop": shop_id, "which": one, "seq": seq} for one, seq in numbers.items()])


def addresses_in(db: Connection, shop_id: int, inbox_id: str) -> Sequence[Row]:
    """Everybody who was last seen in this inbox."""
    query = select(identities).where(identities.c.shop_id == shop_id, identities.c.inbox_id == inbox_id)
    return db.execute(query).mappings().all()
