"""The words of one rung: what is known about the order, put into the texts of its occasions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from prilavok.domain.digest import still_to_tell
from prilavok.domain.phrases import OwnTexts, Rendered, called_about, day_in_words, render, subject
from prilavok.domain.phrases.causes import cause
from prilavok.domain.phrases.sums import money
from prilavok.domain.plan import Purpose
from prilavok.flows import addresses
from prilavok.flows.circumstances import Circumstances
from prilavok.flows.directory import Served
from prilavok.flows.slots import settings_of
from prilavok.flows.unit import Unit
from prilavok.store import circumstances, rulebook
from prilavok.store.questions import Row

OUTCOMES = {"tap": "placed.tap", "prepay": "placed.prepay", "person": "placed.person"}
ASKING_WHEN = ("placed", "confirmed")
AS_GIVEN = ("from", "to", "place", "reason", "carrier", "tracking", "courier")


class Words:
    """The owner's texts and those of incidents, read once for a batch of plans."""

    def __init__(self, unit: Unit, known: Circumstances, rows: Sequence[Row]) -> None:
        self.unit = unit
        self.known = known
        self.shop_id: int = known.shop["id"]
        self.own: OwnTexts = rulebook.own_texts(unit.db, self.shop_id)
        self.slots = settings_of(unit.db, self.shop_id).offered
        incidents = {row["incident_id"] for row in rows if row["incident_id"]}
        self.incidents = circumstances.incident_texts(unit.db, self.shop_id, incidents) if incidents else {}

    def render(self, plan: Row, inbox: Served) -> Rendered:
        """What this plan says through this inbox."""
        order, contact = self._of(plan)
        language = self.known.language_of(order, contact)
        told = still_to_tell(plan["occasions"])
        lead = [one for one in told if one["kind"] == plan["kind"]]
        told = [*lead, *(one for one in told if one not in lead)]
        texts = self.incidents.get(plan["incident_id"] or "")
        own = self.own
        if texts and (text := texts.get(language) or next(iter(texts.values()), "")):
            own = {**own, ("incident", language, ""): text}
        values = self._values(order, contact, told, language)
        able = inbox.capabilities
        kinds = [kind_of(one, order, slots=self.slots) for one in told]
        stop, order_id, channel = self.stop(plan), plan["order_id"] or "", able.medium or inbox.kind
        greeted = self.known.greeted(plan["contact_id"], inbox.id, plan["id"])
        return render(
            kinds, language, able, values, own, order_id=order_id, stop=stop, channel=channel, greeted=greeted
        )

    def subject(self, plan: Row) -> str:
        order, contact = self._of(plan)
        number = str(order["number"]) if order is not None else ""
        return subject(self.known.language_of(order, contact), number)

    def stop(self, plan: Row) -> str:
        """The address that ends such messages; none for what belongs to an order."""
        if plan["purpose"] == Purpose.TRANSACTIONAL:
            return ""
        return addresses.unsubscribe(self.unit.world, self.shop_id, plan["contact_id"], self.unit.now)

    def _of(self, plan: Row) -> tuple[Row | None, Row | None]:
        return self.known.orders.get(plan["order_id"] or ""), self.known.people.get(plan["contact_id"])

    def _values(
        self, order: Row | None, contact: Row | None, told: Sequence[Mapping[str, Any]], language: str
    ) -> dict[str, str]:
        """Whatever the occasions brought with them is newer than what the order says; the first occasion leads."""
        data: dict[str, Any] = {}
        for one in reversed(told):
            given = (one.get("data") or {}).items()
            data |= {name: value for name, value in given if value is not None and value != ""}
        values = {"shop": str(self.known.shop["name"]), "name": str(contact["name"]) if contact is not None else ""}
        if order is not None:
            total = money(order["total"], order["currency"], language)
            values |= {
                "number": order["number"],
                "total": total if order["total"] else "",
                "due": total if order["payment"] == "cod" and not order["paid"] and order["total"] else "",
                "day": order["delivery_day"] or "",
                "from": order["slot_from"] or "",
                "to": order["slot_to"] or "",
                "carrier": order["carrier"],
                "tracking": order["tracking"],
                "link": addresses.order_page(self.unit.world, self.shop_id, order["id"], self.unit.now),
            }
        values |= {name: str(data[name]) for name in AS_GIVEN if data.get(name)}
        values["called_at"] = str(data.get("called_at", "")) if data.get("called") else ""
        values["reason"] = cause(values.get("reason", ""), language)
        if not values.get("reason") and (about := called_about(str(data.get("about", "")), language)):
            values["reason"] = about
        day = data.get("day") or data.get("new_date") or values.get("day")
        return values | {"day": spoken_day(day, language)}


def kind_of(occasion: Mapping[str, Any], order: Row | None, *, slots: bool = False) -> str:
    """An order that has been placed is answered by what is known of its buyer; `slots`: whoever is brought a parcel by
    the shop's own courier is asked when, as soon as nothing else is asked.
    """
    kind = str(occasion["kind"])
    if order is None or kind not in ASKING_WHEN:
        return kind
    if kind == "placed" and order["outcome"] in OUTCOMES:
        return OUTCOMES[order["outcome"]]
    open_day = order["method"] == "courier" and not order["carrier"] and not order["slot_from"]
    return f"{kind}.slot" if slots and open_day else kind


def spoken_day(value: Any, language: str) -> str:
    """A date in words; what is no date stays as it was given."""
    try:
        return day_in_words(date.fromisoformat(str(value)[:10]), language)
    except ValueError:
        return str(value or "")
