"""Somebody may be a person we know already: a colleague is asked, once. Nobody becomes one on a guess."""

from collections.abc import Iterator
from typing import Any

from prilavok.domain.events import ContactChanged, Hinted
from prilavok.flows.unit import Unit
from prilavok.kit import phone
from prilavok.kit.places import country_of
from prilavok.kit.text import storable
from prilavok.store import contacts, merges, orders, shops
from prilavok.store.questions import Row

MAIL = "email"  # a kind of address
Reason = dict[str, str]  # why: link | named | typed | phone | email | order | name; value: what it is
MOST_REASONS = 6


def suspect(unit: Unit, event: Hinted) -> None:
    person = contacts.identity(unit.db, event.shop_id, event.ref_id or "")
    if person is None:
        return
    found: dict[str, list[Reason]] = {}
    for contact_id, reason in _meant(unit, event):
        known = contacts.present(unit.db, event.shop_id, contact_id)
        if known is not None and known["id"] != person["contact_id"]:
            found.setdefault(known["id"], []).append(reason)
    for contact_id, reasons in found.items():
        _ask(unit, event.shop_id, person["contact_id"], contact_id, reasons)


def _meant(unit: Unit, event: Hinted) -> Iterator[tuple[str, Reason]]:
    """(contact, reason) of everybody whom the hints name."""
    for what, value in event.hints:
        match what:
            case "link" | "named" | "typed":
                row = contacts.identity(unit.db, event.shop_id, value) if what == "link" else None
                contact_id = row["contact_id"] if row is not None else value
                yield contact_id, {"why": what, "value": ""}
            case "phone":
                number = _number(unit, event.shop_id, value)
                for scope in ("phone", "whatsapp"):
                    yield from _at(unit, event.shop_id, scope, number, "phone")
            case kind if kind == MAIL:
                yield from _at(unit, event.shop_id, MAIL, storable(value).lower(), "email")
            case "order":
                bare = storable(value).lstrip("#№ ")
                rows = orders.by_numbers(unit.db, event.shop_id, [bare, f"#{bare}", f"№{bare}"])
                if len(rows) == 1:  # a number that two orders share names nobody
                    yield rows[0]["contact_id"], {"why": "order", "value": rows[0]["number"]}


def _at(unit: Unit, shop_id: int, scope: str, address: str, why: str) -> Iterator[tuple[str, Reason]]:
    row = contacts.identity_at(unit.db, shop_id, scope, address) if address else None
    if row is not None:
        yield row["contact_id"], {"why": why, "value": address}


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
