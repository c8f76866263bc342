"""What came in is stored: who wrote, in which conversation, under which number. Set-based: a batch of deliveries costs
a handful of statements, however many messages it holds.
"""

from collections.abc import Sequence
from typing import Any

from prilavok.domain.events import LinkOpened, Reported
from prilavok.domain.message import Inbound, Received, Typing, Unknown
from prilavok.flows.receive.album import join_albums
from prilavok.flows.receive.identify import ask_names, identify, notice
from prilavok.flows.receive.item import Delivery, Item, Taken
from prilavok.flows.receive.place import place
from prilavok.flows.receive.write import write
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import files as file_store
from prilavok.store import inboxes as inbox_store
from prilavok.store import journal, messages

__all__ = ["Delivery", "Taken", "receive", "set_aside"]

Key = tuple[str, str]  # inbox id, provider id


def receive(unit: Unit, deliveries: Sequence[Delivery]) -> list[list[Taken]]:
    """Stores a batch. Answers for each delivery what became of its messages, in their order."""
    _keep_raw(unit, deliveries)
    items: list[list[Item]] = [
        [Item(delivery, one) for one in delivery.inbounds if isinstance(one, Received)] for delivery in deliveries
    ]
    per_shop: dict[int, list[Item]] = {}
    for item in (item for group in items for item in group):
        per_shop.setdefault(item.delivery.inbox.shop_id, []).append(item)
    for shop_id in sorted(per_shop):
        _store(unit, shop_id, per_shop[shop_id])
    for delivery in deliveries:
        _report(unit, delivery)
    return [[_taken(item) for item in group] for group in items]


def set_aside(unit: Unit, delivery: Delivery, reason: str) -> None:
    """Keeps the raw delivery of a flow that failed, to be replayed when the reason is gone."""
    inbox = delivery.inbox
    if delivery.replayed:
        journal.settle(unit.db, inbox.shop_id, delivery.journal_id, state="failed", reason=reason)
    else:
        journal.add(unit.db, [_journal_row(delivery, "failed", reason)])
    if delivery.cursor is not None:
        inbox_store.change(unit.db, inbox.shop_id, inbox.id, {"cursor": dict(delivery.cursor)})


def _keep_raw(unit: Unit, deliveries: Sequence[Delivery]) -> None:
    fresh = []
    for delivery in deliveries:
        state = "failed" if delivery.failure else "done" if _matters(delivery.inbounds) else "ignored"
        if delivery.replayed:
            inbox = delivery.inbox
            journal.settle(unit.db, inbox.shop_id, delivery.journal_id, state=state, reason=delivery.failure or None)
        else:
            fresh.append(_journal_row(delivery, state, delivery.failure or None))
    if fresh:
        journal.add(unit.db, fresh)
    if rows := [dict(row) for delivery in deliveries for row in delivery.files]:
        file_store.add(unit.db, rows)
    for delivery in deliveries:
        if delivery.cursor is not None:
            inbox = delivery.inbox
            inbox_store.change(unit.db, inbox.shop_id, inbox.id, {"cursor": dict(delivery.cursor)})


def _journal_row(delivery: Delivery, state: str, reason: str | None) -> dict[str, Any]:
    return {
        "shop_id": delivery.inbox.shop_id,
        "id": delivery.journal_id,
        "inbox_id": delivery.inbox.id,
        "received_at": delivery.hook.received_at,
        "headers": delivery.inbox.without_secrets(delivery.hook.beside_body),
        "body": delivery.inbox.covered(delivery.hook.body),
        "state": state,
        "reason": reason,
    }


def _matters(inbounds: Sequence[Inbound]) -> bool:
    return not inbounds or any(not isinstance(one, Unknown) for one in inbounds)


def _store(unit: Unit, shop_id: int, items: list[Item]) -> None:
    fresh = _drop_duplicates(unit, shop_id, items)
    if not fresh:
        return
    identify(unit, shop_id, fresh)
    ask_names(unit, shop_id, fresh)
    spoken = join_albums(unit, shop_id, [item for item in fresh if not item.received.silent])
    if spoken:  # none is left when all were pictures of an album that is stored already
        place(unit, shop_id, spoken)
        write(unit, shop_id, spoken)
    notice(unit, shop_id, fresh)
    for item in fresh:
        if item.received.link_token and item.identity is not None:
            unit.emit(
                LinkOpened(
                    shop_id=shop_id,
                    ref_id=item.identity.id,
                    inbox_id=item.delivery.inbox.id,
                    token=item.received.link_token,
                )
            )


def _drop_duplicates(unit: Unit, shop_id: int, items: list[Item]) -> list[Item]:
    """Marks what is stored already, and the second of two equals in this very batch."""
    per_inbox: dict[str, list[str]] = {}
    for item in items:
        per_inbox.setdefault(item.delivery.inbox.id, []).append(item.received.provider_id)
    stored = {
        (inbox_id, provider_id): row
        for inbox_id, provider_ids in per_inbox.items()
        for provider_id, row in messages.known(unit.db, shop_id, inbox_id, provider_ids).items()
    }
    first: dict[Key, Item] = {}
    fresh = []
    for item in items:
        key = (item.delivery.inbox.id, item.received.provider_id)
        if key in stored:
            item.duplicate = True
            item.message_id = stored[key]["id"]
            item.conversation = {"id": stored[key]["conversation_id"]}
        elif key in first:
            item.duplicate = True
            item.first = first[key]
        else:
            item.message_id = new_id()
            first[key] = item
            fresh.append(item)
    return fresh


def _report(unit: Unit, delivery: Delivery) -> None:
    inbox = delivery.inbox
    unknown: dict[str, int] = {}
    for one in delivery.inbounds:
        match one:
            case Received() | Typing():
                continue
            case Unknown(what=what):
                unknown[what] = unknown.get(what, 0) + 1
            case _:
                unit.emit(Reported(shop_id=inbox.shop_id, inbox_id=inbox.id, scope=inbox.scope, report=one))
    if unknown:
        journal.count_unknown(unit.db, inbox.shop_id, inbox.id, unknown, unit.now)


def _taken(item: Item) -> Taken:
    whole = item
    while whole.first is not None:
        whole = whole.first
    place = whole.conversation or {}
    return Taken(item.received.provider_id, whole.message_id, place.get("id", ""), duplicate=item.duplicate)
