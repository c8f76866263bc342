"""The customer's comment is read when the order comes, and again when it changes."""

from dataclasses import asdict
from typing import Any

from prilavok.domain.events import TaskChanged, WishesChanged
from prilavok.domain.preferences import lasting_in
from prilavok.domain.wishes import Call, Reading, Wishes, as_mapping, wishes_from
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import contacts, preferences, tasks
from prilavok.store.questions import Row

ACCOUNTS = "buyer:"  # the scope of a customer's id in a shop platform


def read_comment(unit: Unit, row: Row) -> dict[str, Any]:
    """The columns of an order that come out of its comment. What nobody understood becomes somebody's task."""
    shop_id, order_id = row["shop_id"], row["id"]
    reading = unit.world.read_comment(row["comment"], row["language"]) if row["comment"] else Reading()
    to_read = bool(reading.needs_human or reading.to_read)
    wishes = reading.wishes
    if row["wishes_by"]:  # somebody had put the old comment right: let them look at the new one
        to_read = True
        wishes = _still_refusing(wishes, wishes_from(row["wishes"] or {}))
    if reading.lasting:
        _keep_for_good(unit, row, reading)
    if to_read and not _asked(unit, row):
        task = {
            "shop_id": shop_id,
            "id": new_id(),
            "kind": "read",
            "order_id": order_id,
            "contact_id": row["contact_id"],
        }
        tasks.add(unit.db, {**task, "because": [], "created_at": unit.now})
        unit.emit(TaskChanged(shop_id=shop_id, ref_id=order_id))
    elif not to_read and row["to_read"] and tasks.drop(unit.db, shop_id, order_id, "read", unit.now):
        unit.emit(TaskChanged(shop_id=shop_id, ref_id=order_id))
    return {
        "reading": stored(reading),
        "wishes": as_mapping(wishes),
        "wishes_by": "",
        "to_read": to_read,
        "calls_wait": to_read or reading.calls_wait,
        "read_by": None,
        "read_at": None,
    }


def _still_refusing(new: Wishes, old: Wishes) -> Wishes:
    """A refusal to be called is not taken back by silence."""
    if old.call is Call.NEVER and new.call is Call.NO_STATEMENT:
        return Wishes(**{**_fields(new), "call": Call.NEVER})
    return new


def _fields(wishes: Wishes) -> dict[str, Any]:
    return {name: getattr(wishes, name) for name in Wishes.__dataclass_fields__}


def _asked(unit: Unit, row: Row) -> bool:
    return any(
        task["kind"] == "read" and task["state"] == "open"
        for task in tasks.of_order(unit.db, row["shop_id"], row["id"])
    )


def _keep_for_good(unit: Unit, row: Row, reading: Reading) -> None:
    """Lasting wishes become the contact's, unless they said something of the kind after this order. Nobody has proven
    that who placed it is a person we know: then they hold for this order alone, and a colleague may keep them.
    """
    shop_id, contact_id = row["shop_id"], row["contact_id"]
    if _known_otherwise(unit, row):
        return
    known = preferences.get(unit.db, shop_id, contact_id)
    if known is not None and known["updated_at"] > row["placed_at"] and not known["by"].startswith("comment:"):
        return
    before = dict(known["data"]) if known is not None else {}
    if lasting := lasting_in(stored(reading), before):
        preferences.save(unit.db, shop_id, contact_id, {**before, **lasting}, by=f"comment:{row['id']}", now=unit.now)
        unit.emit(WishesChanged(shop_id=shop_id, ref_id=contact_id))


def _known_otherwise(unit: Unit, row: Row) -> bool:
    """Whether somebody has come to us as this contact, and the shop's own accounts do not say that it was they who
    ordered. Who is known by orders alone is whoever orders under that number.
    """
    theirs = contacts.identities_of(unit.db, row["shop_id"], row["contact_id"])
    if any(one["scope"].startswith(ACCOUNTS) for one in theirs):
        return False
    return any(one["verified"] or one["last_at"] is not None for one in theirs)


def stored(reading: Reading) -> dict[str, Any]:
    """A reading as a row of an order keeps it."""
    return {
        "wishes": as_mapping(reading.wishes),
        "spans": [asdict(span) for span in reading.spans],
        "to_read": [{"start": span.start, "end": span.end} for span in reading.to_read],
        "needs_human": reading.needs_human,
        "lasting": sorted(reading.lasting),
        "language": reading.language,
    }
