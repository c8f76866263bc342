"""Two contacts prove to be one person, or a colleague says so; and whatever became one can be taken apart again.

What moved is written down by its ids. What came afterwards goes, when they part, with the address that it came from.
"""

from collections.abc import Mapping
from typing import Any

from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.domain.events import ConversationChanged, OnePersonProven, OrderChanged, WishesChanged
from prilavok.domain.facts import Preferences
from prilavok.domain.preferences import as_mapping, newly_refused, preferences_from, refusing, united
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import belongings, contacts, merges, preferences
from prilavok.store.base import instant, micros
from prilavok.store.questions import Row

CARD = ("name", "language", "timezone", "country")
Stored = Mapping[str, Any]  # JSON of a row of `merges`


def merge(unit: Unit, shop_id: int, kept_id: str, gone_id: str, *, by: str) -> str:
    """Everything of the one becomes the other's; answers the id by which it is undone. `by` is agent:ID, or the word
    for the proof. NotFound when one of them is not there; those who are one already cannot become it (Conflict).
    """
    if kept_id == gone_id:
        raise BadInput("These are one and the same already.", field="other_id")
    people = merges.lock(unit.db, shop_id, (kept_id, gone_id))
    if len(people) < len({kept_id, gone_id}):
        raise NotFound
    kept, gone = people[kept_id], people[gone_id]
    if kept["went_to"] is not None or gone["went_to"] is not None:
        raise Conflict("Somebody has joined one of them with another person meanwhile. Look again.")
    rows = belongings.move(unit.db, shop_id, gone_id, kept_id)
    moved = {"rows": rows, "card": _unite_cards(unit, kept, gone), "wishes": _unite_wishes(unit, kept, gone)}
    contacts.update_contact(unit.db, shop_id, gone_id, {"went_to": kept_id})
    merge_id = new_id()
    row = {"id": merge_id, "kept_id": kept_id, "gone_id": gone_id, "by": by, "moved": moved, "at": unit.now}
    merges.add(unit.db, shop_id, row)
    _settle(unit, shop_id, {kept_id, gone_id}, merges.ACCEPTED, by)
    _tell(unit, shop_id, rows, kept_id)
    return merge_id


def undo(unit: Unit, shop_id: int, merge_id: str, *, by: str) -> tuple[str, str]:
    """Takes two apart; answers (who was kept, who comes back). Only the last one that joined a person can leave them
    (Conflict); a second press changes nothing.
    """
    row = merges.get(unit.db, shop_id, merge_id)
    if row is None:
        raise NotFound
    kept_id, gone_id = row["kept_id"], row["gone_id"]
    people = merges.lock(unit.db, shop_id, (kept_id, gone_id))
    row = merges.get(unit.db, shop_id, merge_id)
    assert row is not None
    if row["undone_at"] is not None:
        return kept_id, gone_id
    if people[kept_id]["went_to"] is not None:
        raise Conflict("This person has since become one with another. Undo that first.")
    if merges.of(unit.db, shop_id, kept_id)[0]["id"] != merge_id:
        raise Conflict("Somebody else has joined this person since. Undo the latest first.")
    rows = _with_what_came(unit, row)
    belongings.move_some(unit.db, shop_id, kept_id, gone_id, rows)
    belongings.follow_orders(unit.db, shop_id, kept_id, gone_id, rows["orders"])
    leaving = [one["id"] for one in contacts.identities_of(unit.db, shop_id, gone_id)]
    staying = [one["id"] for one in contacts.identities_of(unit.db, shop_id, kept_id)]
    belongings.answer_at_home(unit.db, shop_id, kept_id, leaving)
    belongings.answer_at_home(unit.db, shop_id, gone_id, staying)
    _part_cards(unit, people[kept_id], row["moved"]["card"])
    _part_wishes(unit, row)
    contacts.update_contact(unit.db, shop_id, gone_id, {"went_to": None})
    merges.close(unit.db, shop_id, merge_id, by=by, now=unit.now)
    _settle(unit, shop_id, {kept_id, gone_id}, merges.DISMISSED, by)  # and no proof joins them by itself again
    _tell(unit, shop_id, rows, kept_id, gone_id)
    return kept_id, gone_id


def on_proof(unit: Unit, event: OnePersonProven) -> None:
    """Whom a colleague has taken apart once stays apart until a colleague says otherwise."""
    kept = contacts.present(unit.db, event.shop_id, event.ref_id or "")
    gone = contacts.present(unit.db, event.shop_id, event.other_id)
    if kept is None or gone is None or kept["id"] == gone["id"]:
        return
    ours = set(merges.family(unit.db, event.shop_id, kept["id"]))
    theirs = set(merges.family(unit.db, event.shop_id, gone["id"]))
    known = merges.resemblances_of(unit.db, event.shop_id, sorted(ours))
    pairs = [{one["one_id"], one["other_id"]} for one in known if one["state"] == merges.DISMISSED]
    if any(pair & ours and pair & theirs for pair in pairs):
        return
    merge(unit, event.shop_id, kept["id"], gone["id"], by=event.by)


def accept(unit: Unit, shop_id: int, resemblance_id: str, *, by: str) -> str:
    """Both are one; the older contact stays. Answers the id of the merge."""
    one, other = _pair(unit, shop_id, resemblance_id)
    return merge(unit, shop_id, min(one, other), max(one, other), by=by)


def dismiss(unit: Unit, shop_id: int, resemblance_id: str, *, by: str) -> None:
    """Remembered: nobody is asked about these two again."""
    one, other = _pair(unit, shop_id, resemblance_id)
    agent = by.removeprefix("agent:")
    merges.decide(unit.db, shop_id, [resemblance_id], merges.DISMISSED, agent_id=agent, now=unit.now)
    for person in (one, other):
        unit.emit(WishesChanged(shop_id=shop_id, ref_id=person))


def _pair(unit: Unit, shop_id: int, resemblance_id: str) -> tuple[str, str]:
    """Who these two are today."""
    row = merges.resemblance(unit.db, shop_id, resemblance_id)
    if row is None:
        raise NotFound
    one = contacts.present(unit.db, shop_id, row["one_id"])
    other = contacts.present(unit.db, shop_id, row["other_id"])
    if one is None or other is None:
        raise NotFound
    return one["id"], other["id"]


def _settle(unit: Unit, shop_id: int, pair: set[str], state: str, by: str) -> None:
    """What was asked about these two is answered, and stays so."""
    agent = by.removeprefix("agent:") if by.startswith("agent:") else None
    people = sorted(pair)
    known = merges.resemblances_of(unit.db, shop_id, people)
    ids = [one["id"] for one in known if {one["one_id"], one["other_id"]} == pair]
    if ids:
        merges.decide(unit.db, shop_id, ids, state, agent_id=agent, now=unit.now)
    elif state == merges.DISMISSED:
        merges.suggest(unit.db, shop_id, (people[0], people[1]), [], unit.now, state=state)


def _unite_cards(unit: Unit, kept: Row, gone: Row) -> dict[str, Any]:
    """What is empty is filled; nothing that was known is overwritten."""
    after = {name: kept[name] or gone[name] for name in CARD}
    after["facts"] = {**(gone["facts"] or {}), **(kept["facts"] or {})} or None
    before = {name: kept[name] for name in after}
    if after != before:
        contacts.update_contact(unit.db, kept["shop_id"], kept["id"], after)
    return {"before": before, "after": after}


def _part_cards(unit: Unit, kept: Row, card: Stored) -> None:
    """What somebody changed since stays as they changed it."""
    before, after = card["before"], card["after"]
    changes: dict[str, Any] = {name: before[name] for name in CARD if kept[name] == after[name]}
    now, had, got = kept["facts"] or {}, before["facts"] or {}, after["facts"] or {}
    left = {name: value for name, value in now.items() if name in had or name not in got or value != got[name]}
    changes["facts"] = left or before["facts"]
    contacts.update_contact(unit.db, kept["shop_id"], kept["id"], changes)


def _unite_wishes(unit: Unit, kept: Row, gone: Row) -> dict[str, Any]:
    """Nobody is called after all because they came by another way. The record of who goes stays for their return."""
    shop_id = kept["shop_id"]
    theirs = preferences.get(unit.db, shop_id, gone["id"])
    before = preferences.get(unit.db, shop_id, kept["id"])
    if theirs is None:
        return {"before": _packed(before), "after": _packed(before)}
    said = united(_said(before), _said(theirs))
    latest = theirs if before is None or before["updated_at"] < theirs["updated_at"] else before
    preferences.save(unit.db, shop_id, kept["id"], as_mapping(said), by=latest["by"], now=latest["updated_at"])
    return {"before": _packed(before), "after": _packed(preferences.get(unit.db, shop_id, kept["id"]))}


def _part_wishes(unit: Unit, row: Row) -> None:
    """Each has again what they had said. What was said while they were one stays with who was kept; and what was
    refused in that time is refused by both, for nobody can tell which of them it was.
    """
    shop_id, wishes = row["shop_id"], row["moved"]["wishes"]
    now = preferences.get(unit.db, shop_id, row["kept_id"])
    if _packed(now) == wishes["after"]:
        _restore(unit, shop_id, row["kept_id"], wishes["before"])
        return
    fresh = newly_refused(preferences_from((wishes["after"] or {}).get("data")), _said(now))
    theirs = preferences.get(unit.db, shop_id, row["gone_id"])
    said = refusing(_said(theirs), fresh)
    if now is not None and said != _said(theirs):
        preferences.save(unit.db, shop_id, row["gone_id"], as_mapping(said), by=now["by"], now=unit.now)


def _restore(unit: Unit, shop_id: int, contact_id: str, packed: Stored | None) -> None:
    if packed is None:
        preferences.forget(unit.db, shop_id, contact_id)
        return
    at = instant(packed["at"])
    preferences.save(unit.db, shop_id, contact_id, packed["data"], by=packed["by"], now=at)


def _packed(row: Row | None) -> dict[str, Any] | None:
    return None if row is None else {"data": row["data"], "by": row["by"], "at": micros(row["updated_at"])}


def _said(row: Row | None) -> Preferences:
    return preferences_from(row["data"] if row is not None else None)


def _with_what_came(unit: Unit, row: Row) -> dict[str, list[str]]:
    """What moved, and what has come since from the addresses that leave."""
    shop_id, kept_id, since = row["shop_id"], row["kept_id"], row["at"]
    rows = {name: list(ids) for name, ids in row["moved"]["rows"].items()}
    mine = contacts.identities_of(unit.db, shop_id, kept_id)
    leaving = [one for one in mine if one["id"] in set(rows["identities"])]
    ids, addresses = {one["id"] for one in leaving}, {one["address"] for one in leaving}
    for conversation_id, speakers in belongings.speakers(unit.db, shop_id, kept_id, since).items():
        if speakers <= ids:
            rows["conversations"].append(conversation_id)
    staying = {one["address"] for one in mine} - addresses
    for order_id, named in belongings.orders_since(unit.db, shop_id, kept_id, since).items():
        if named & addresses and not named & staying:
            rows["orders"].append(order_id)
    return rows


def _tell(unit: Unit, shop_id: int, rows: Mapping[str, list[str]], *people: str) -> None:
    for person in people:  # what is planned for them is decided again: by other ways, with other refusals
        unit.emit(WishesChanged(shop_id=shop_id, ref_id=person))
    for conversation_id in rows["conversations"]:
        unit.emit(ConversationChanged(shop_id=shop_id, conversation_id=conversation_id))
    for order_id in rows["orders"]:
        unit.emit(OrderChanged(shop_id=shop_id, ref_id=order_id))
