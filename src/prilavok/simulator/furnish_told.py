"""Stores what the customers of the latest orders were told: plans, tries, silences, and the messages themselves."""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from prilavok.domain.conversation import Status, preview, rank
from prilavok.domain.digest import still_to_tell
from prilavok.domain.phrases import render, subject
from prilavok.domain.phrases.causes import cause
from prilavok.domain.phrases.sums import money
from prilavok.domain.rendering import LANGUAGES
from prilavok.flows import addresses
from prilavok.flows.attempt.words import kind_of, spoken_day
from prilavok.flows.directory import Served
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.simulator.seeds import OrderSeed
from prilavok.simulator.told import Customer, Told, tell
from prilavok.store import contacts, conversations, counters, messages, plans, shops

LATEST = timedelta(days=14)


def furnish_told(unit: Unit, shop_id: int, seeds: Sequence[OrderSeed], rows: Sequence[Mapping[str, Any]]) -> None:
    """`rows` are those of `orders`, in the order of their seeds."""
    rng = random.Random(f"told of {len(rows)}")
    inboxes = unit.world.directory.of_shop(unit.db, shop_id)
    by_scope: dict[str, list[Served]] = {}
    for inbox in inboxes:
        if not inbox.capabilities.public:
            by_scope.setdefault(inbox.scope, []).append(inbox)
    shop = shops.get(unit.db, shop_id) or {}
    clerk = _Clerk(unit, shop_id, str(shop.get("name", "")), {one.id: one for one in inboxes})
    for seed, order in zip(seeds, rows, strict=True):
        if order["last_event_at"] > unit.now - LATEST:
            known = contacts.identities_of(unit.db, shop_id, order["contact_id"])
            told = tell(rng, order, seed.events, Customer(known, by_scope), unit.now, deaf=seed.case == "call")
            clerk.take(order, told)
    clerk.store()


class _Clerk:
    """Collects rows for a handful of statements."""

    def __init__(self, unit: Unit, shop_id: int, shop: str, inboxes: Mapping[str, Served]) -> None:
        self.unit, self.shop_id, self.shop, self.inboxes = unit, shop_id, shop, inboxes
        self.all = Told()
        self.talks: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []

    def take(self, order: Mapping[str, Any], told: Told) -> None:
        for row in told.plans:
            del row["plan"], row["due"]
        self.all.plans += told.plans
        self.all.attempts += told.attempts
        self.all.silences += told.silences
        if told.letters:
            self._write(order, sorted(told.letters, key=lambda one: one[1]["sent_at"]))

    def _write(self, order: Mapping[str, Any], letters: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> None:
        """One conversation about the order, with everything that was said."""
        talk_id = new_id()
        for seq, (plan, attempt) in enumerate(letters, 1):
            self.messages.append(self._message(order, plan, attempt, talk_id, seq))
        last, first = self.messages[-1], letters[0][1]
        self.talks.append(
            {
                "shop_id": self.shop_id,
                "id": talk_id,
                "number": 0,
                "contact_id": order["contact_id"],
                "inbox_id": first["inbox_id"],
                "reply_inbox_id": last["inbox_id"],
                "reply_identity_id": last["identity_id"],
                "thread": "",
                "subject": subject(_language(order), order["number"]),
                "public": False,
                "status": Status.CLOSED.value,
                "priority": "normal",
                "assignee_id": None,
                "snoozed_until": None,
                "waiting_since": None,
                "rank": rank(None, last["at"]),
                "last_seq": len(letters),
                "seen_seq": len(letters),
                "last_text": preview(last["text"]),
                "last_at": last["at"],
                "last_direction": "outbound",
                "last_kind": "reply",
                "last_inbox_id": last["inbox_id"],
                "context": {"order_id": order["id"]},
                "created_at": first["sent_at"],
            }
        )

    def _message(
        self, order: Mapping[str, Any], plan: Mapping[str, Any], attempt: Mapping[str, Any], talk_id: str, seq: int
    ) -> dict[str, Any]:
        inbox, language = self.inboxes[attempt["inbox_id"]], _language(order)
        told = still_to_tell([one for one in plan["occasions"] if one["at"] <= attempt["sent_at"].isoformat()])
        kinds = [kind_of(one, order, slots=True) for one in told]
        rendered = render(kinds, language, inbox.capabilities, self._values(order, told, language), {})
        content: dict[str, Any] = {"plan": plan["id"], "why": attempt["because"]}
        if inbox.capabilities.subject:
            content["subject"] = subject(language, order["number"])
        times = {"sent": attempt["sent_at"]}
        if attempt["receipt"] != "sent":
            times[attempt["receipt"]] = attempt["receipt_at"]
        return {
            "shop_id": self.shop_id,
            "id": attempt["message_id"],
            "conversation_id": talk_id,
            "seq": seq,
            "kind": "reply",
            "direction": "outbound",
            "inbox_id": inbox.id,
            "identity_id": attempt["identity_id"],
            "identity_seq": contacts.next_number(self.unit.db, self.shop_id, attempt["identity_id"]),
            "author_kind": "bot",
            "author_id": None,
            "author_name": self.shop,
            "text": rendered.text,
            "at": attempt["sent_at"],
            "created_at": attempt["sent_at"],
            "receipt": attempt["receipt"],
            "receipt_times": times,
            "reason": None,
            "automatic": True,
            "edited_at": None,
            "attachments": None,
            "content": content,
        }

    def _values(self, order: Mapping[str, Any], told: Sequence[Mapping[str, Any]], language: str) -> dict[str, str]:
        data: dict[str, Any] = {}
        for one in reversed(told):
            data |= one.get("data") or {}
        total = money(order["total"], order["currency"], language)
        day = data.get("new_date") or order["delivery_day"]
        return {
            "shop": self.shop,
            "number": order["number"],
            "total": total,
            "due": total if order["payment"] == "cod" and not order["paid"] else "",
            "day": spoken_day(day, language) if day else "",
            "from": order["slot_from"] or "",
            "to": order["slot_to"] or "",
            "tracking": order["tracking"],
            "place": str(data.get("place", "")),
            "reason": cause(str(data.get("reason", "")), language),
            "link": addresses.order_page(self.unit.world, self.shop_id, order["id"], self.unit.now),
        }

    def store(self) -> None:
        db = self.unit.db
        first = counters.take(db, self.shop_id, "conversation", len(self.talks)) if self.talks else 0
        for place, talk in enumerate(sorted(self.talks, key=lambda one: one["created_at"])):
            talk["number"] = first + place
        if self.talks:
            conversations.add(db, self.talks)
            messages.add(db, self.messages)
        plans.add(db, self.all.plans)
        plans.add_attempts(db, self.all.attempts)
        plans.add_silences(db, self.all.silences)


def _language(order: Mapping[str, Any]) -> str:
    return order["language"] if order["language"] in LANGUAGES else "en"
