"""Is the buyer real? Every new order is given its score before anything is said about it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Connection

from prilavok.domain.errors import BadInput
from prilavok.domain.events import OccasionArose, OrderChanged, TaskChanged
from prilavok.domain.learning import MOST, Ended, Learned, learn
from prilavok.domain.order import Happened
from prilavok.domain.risk import BUILT_IN, Model, OrderMarks, Outcome, Risk, assess
from prilavok.flows.unit import Unit
from prilavok.kit import mailbox, phone
from prilavok.kit.ids import new_id
from prilavok.store import contacts, orders, risk, tasks

TWIN = timedelta(days=3)
NEARLY = 0.1  # of a sum: by so much may a twin's differ
BORDERS = ("tap_from", "prepay_from", "person_from")


def assess_order(unit: Unit, event: OccasionArose) -> None:
    """Scores an order when it becomes known, and again when it is changed; never what a person has decided."""
    again = event.occasion.kind == Happened.CHANGED.value
    if event.ref_id is None or not (event.first or again):
        return
    row = orders.get(unit.db, event.shop_id, event.ref_id)
    if row is None or row["outcome_by"]:
        return
    found = assess(marks_of(unit.db, row), model_of(unit.db, event.shop_id))
    risk.set_risk(unit.db, event.shop_id, row["id"], stored(found), found.outcome.value)
    if found.outcome is Outcome.PERSON and row["outcome"] != Outcome.PERSON.value:
        _ask_a_person(unit, row, found)
    unit.emit(OrderChanged(shop_id=event.shop_id, ref_id=row["id"]))


def marks_of(db: Connection, order: Mapping[Any, Any]) -> OrderMarks:
    """What is known of a stored order; no name, no language, no origin."""
    past = risk.past_of(db, order)
    return OrderMarks(
        phone=phone.kind_of(order["phone"]),
        email=mailbox.kind_of(order["email"]),
        address_parts=_address_parts(order),
        twins=sum(_is_twin(order, other) for other in past.same),
        delivered=past.delivered,
        refused=past.refused,
        sum_ratio=order["total"] / past.median if past.median else 1.0,
        from_device=past.from_device,
        proven=any(one["verified"] for one in contacts.identities_of(db, order["shop_id"], order["contact_id"])),
        paid=order["paid"],
        cash=order["payment"] == "cod",
    )


def model_of(db: Connection, shop_id: int) -> Model:
    """The shop's own weights, or ours."""
    row = risk.model(db, shop_id)
    if row is None:
        return BUILT_IN
    known = row["weights"]
    borders = {name: known[name] for name in BORDERS}
    return Model(known["weights"], **borders, version=row["version"])


def stored(found: Risk) -> dict[str, Any]:
    return {
        "score": found.score,
        "outcome": found.outcome.value,
        "reasons": [{"why": one.why, "points": one.points, "data": dict(one.data)} for one in found.reasons],
        "signals": dict(found.signals),
    }


def learn_from(db: Connection, shop_id: int) -> Learned:
    """Out of the shop's ended orders. Takes seconds: for a reader's thread, never for the writer's."""
    ended = [Ended(signals, came_back) for signals, came_back in risk.ended(db, shop_id, MOST)]
    return learn(ended, model_of(db, shop_id))


def keep_learned(unit: Unit, shop_id: int, learned: Learned) -> int:
    """Stores what was learned with its proof; it is used from the next order on, if it is better."""
    model = learned.model
    weights = {"weights": dict(model.weights)} | {name: getattr(model, name) for name in BORDERS}
    return risk.add_model(unit.db, shop_id, weights, asdict(learned.quality), active=learned.quality.used, now=unit.now)


def set_borders(unit: Unit, shop_id: int, borders: Mapping[str, float], author_id: str | None) -> int:
    """The owner moves the scores from which on something is asked of a customer."""
    present = model_of(unit.db, shop_id)
    wanted = {name: float(borders.get(name, getattr(present, name))) for name in BORDERS}
    tap, prepay, person = (wanted[name] for name in BORDERS)
    if not 0 <= tap <= prepay <= person <= 100:
        raise BadInput("The borders must climb from 0 to 100: one tap, prepayment, a person.", field="tap_from")
    weights = {"weights": dict(present.weights), **wanted}
    quality = {"because": "by_hand", "used": True, "author_id": author_id}
    return risk.add_model(unit.db, shop_id, weights, quality, active=True, now=unit.now)


def forget_learned(unit: Unit, shop_id: int) -> None:
    """Back to our own weights and borders."""
    risk.no_model(unit.db, shop_id)


def _address_parts(order: Mapping[Any, Any]) -> int:
    """Of street, house and town how many there are; a parcel that is fetched needs none."""
    if order["method"] in {"pickup", "post"}:
        return 3
    address = order["address"].strip()
    street = sum(sign.isalpha() for sign in address) >= 3
    return int(street) + int(any(sign.isdigit() for sign in address)) + int(bool(order["city"].strip() or street))


def _is_twin(order: Mapping[Any, Any], other: Mapping[str, Any]) -> bool:
    near = abs(order["placed_at"] - other["placed_at"]) <= TWIN
    return bool(near and abs(order["total"] - other["total"]) <= NEARLY * max(order["total"], 1))


def _ask_a_person(unit: Unit, row: Mapping[Any, Any], found: Risk) -> None:
    because = [{"why": one.why, "data": dict(one.data)} for one in found.reasons[:3]]
    tasks.add(
        unit.db,
        {
            "shop_id": row["shop_id"],
            "id": new_id(),
            "kind": "look",
            "order_id": row["id"],
            "contact_id": row["contact_id"],
            "phone": row["phone"],
            "because": because,
            "created_at": unit.now,
        },
    )
    unit.emit(TaskChanged(shop_id=row["shop_id"], ref_id=row["id"]))
