"""Somebody may be a person we know already: a colleague is asked, once. Nobody becomes one on a guess."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from prilavok.domain.events import ContactChanged, Hinted
from prilavok.flows.unit import Unit
from prilavok.kit import phone
from prilavok.kit.places import country_of
from prilavok.kit.text import storable
from prilavok.store import contacts, merges, orders, shops
from prilavok.store.questions import Row

SCOPES = {"phone": ("phone", "whatsapp"), "email": ("email",)}  # hint → where such an address may be somebody's
Reason = dict[str, str]  # why: link | named | typed | phone | email | order | name; value: what it is
MOST_REASONS = 6


def suspect(unit: Unit, event: Hinted) -> None:
    found: dict[str, dict[str, list[Reason]]] = {}  # identity → who it may be → why
    for identity_id, contact_id, reason in _meant(unit, event):
        reasons = found.setdefault(identity_id, {}).setdefault(contact_id, [])
        if reason not in reasons:
            reasons.append(reason)
    for identity_id, others in found.items():
        if person := contacts.identity(unit.db, event.shop_id, identity_id):
            _compare(unit, event.shop_id, person["contact_id"], others)


def _compare(unit: Unit, shop_id: int, contact_id: str, others: Mapping[str, list[Reason]]) -> None:
    found: dict[str, list[Reason]] = {}
    for other_id, reasons in others.items():
        known = contacts.present(unit.db, shop_id, other_id)
        if known is not None and known["id"] != contact_id:
            found.setdefault(known["id"], []).extend(reasons)
    for other_id, reasons in found.items():
        _ask(unit, shop_id, contact_id, other_id, reasons)


def _meant(unit: Unit, event: Hinted) -> Iterator[tuple[str, str, Reason]]:
    """(identity, contact, reason) of everybody whom the hints name: two statements for all of them, and nothing more
    where they name nobody, as nearly always.
    """
    sought = [(what, value, _spelt(unit, event.shop_id, what, value)) for _, what, value in event.hints]
    ordered = _ordered(unit, event.shop_id, {spelt for what, _, spelt in sought if what == "order"})
    addresses = {spelt for what, _, spelt in sought if what in SCOPES and spelt}
    owners = contacts.owners_at(unit.db, event.shop_id, addresses) if addresses else {}
    for (identity_id, _, _), (what, value, spelt) in zip(event.hints, sought, strict=True):
        if what == "order":
            orders_so_called = ordered.get(spelt, [])
            if len(orders_so_called) == 1:  # a number that two orders share names nobody
                [(contact_id, number)] = orders_so_called
                yield identity_id, contact_id, {"why": "order", "value": number}
        elif what in SCOPES:
            for scope in SCOPES[what]:
                if owner := owners.get((scope, spelt)):
                    yield identity_id, owner, {"why": what, "value": spelt}
        else:
            row = contacts.identity(unit.db, event.shop_id, value) if what == "link" else None
            yield identity_id, row["contact_id"] if row is not None else value, {"why": what, "value": ""}


def _spelt(unit: Unit, shop_id: int, what: str, value: str) -> str:
    """As it is stored."""
    if what == "phone":
        return _number(unit, shop_id, value)
    if what == "order":
        return storable(value).lstrip("#№ ")
    return storable(value).lower() if what in SCOPES else value


def _ordered(unit: Unit, shop_id: int, wanted: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """bare number → (contact, number as the shop writes it) of every order that is called so."""
    bare_of = {f"{mark}{bare}": bare for bare in wanted for mark in ("", "#", "№")}
    found: dict[str, list[tuple[str, str]]] = {}
    for row in orders.owners_of(unit.db, shop_id, bare_of) if bare_of else ():
        found.setdefault(bare_of[row["number"]], []).append((row["contact_id"], row["number"]))
    return found


def _number(unit: Unit, shop_id: int, typed: str) -> str:
    shop: dict[str, Any] = dict(shops.get(unit.db, shop_id) or {})
    home = country_of(shop.get("timezone", ""), shop.get("currency", ""))
    return phone.normalise(typed, home) or ""


def _ask(unit: Unit, shop_id: int, contact_id: str, other_id: str, reasons: list[Reason]) -> None:
    one = merges.family(unit.db, shop_id, contact_id)
    other = merges.family(unit.db, shop_id, other_id)
    rows = merges.resemblances_of(unit.db, shop_id, one)
    asked = [row for row in rows if {row["one_id"], row["other_id"]} & set(other)]
    if any(row["state"] == merges.DISMISSED for row in asked):
        return
    if _same_name(unit, shop_id, contact_id, other_id):
        reasons = [*reasons, {"why": "name", "value": ""}]
    waiting = [row for row in asked if row["state"] == merges.OPEN]
    if waiting:
        before = waiting[0]["because"]
        after = [*before, *(reason for reason in reasons if reason not in before)][:MOST_REASONS]
        if after == before:
            return
        merges.add_reasons(unit.db, shop_id, waiting[0]["id"], after)
    else:
        distinct = [reason for place, reason in enumerate(reasons) if reason not in reasons[:place]]
        merges.suggest(unit.db, shop_id, (contact_id, other_id), distinct[:MOST_REASONS], unit.now)
    for person in (contact_id, other_id):
        unit.emit(ContactChanged(shop_id=shop_id, ref_id=person))


def _same_name(unit: Unit, shop_id: int, contact_id: str, other_id: str) -> bool:
    rows: list[Row | None] = [contacts.contact(unit.db, shop_id, one) for one in (contact_id, other_id)]
    said = {" ".join(sorted(row["name"].casefold().split())) for row in rows if row is not None}
    return len(said) == 1 and " " in said.pop()
