"""Pictures of one album become one message: the later ones are added to the first."""

import dataclasses

from prilavok.domain.events import MessageChanged
from prilavok.flows.parts import attachment_row
from prilavok.flows.receive.item import Item
from prilavok.flows.receive.write import fetch_later
from prilavok.flows.unit import Unit
from prilavok.store import messages

Key = tuple[str, str]  # inbox id, provider id


def join_albums(unit: Unit, shop_id: int, items: list[Item]) -> list[Item]:
    """Pictures of one album become one message: the later ones are added to the first."""
    plain, first = [], dict[Key, Item]()
    for item in items:
        album = item.received.album
        if not album:
            plain.append(item)
            continue
        inbox_id = item.delivery.inbox.id
        key = (inbox_id, f"album:{album}")
        stored = messages.known(unit.db, shop_id, inbox_id, [key[1]]).get(key[1])
        target = stored["id"] if stored is not None else first[key].message_id if key in first else ""
        if not target:
            first[key] = item
            plain.append(item)
            _alias(unit, shop_id, inbox_id, key[1], item.message_id)
        elif stored is not None:
            _add_to(unit, shop_id, target, item)
        else:
            _merge(first[key], item)
        if target:
            item.message_id = target
            _alias(unit, shop_id, inbox_id, item.received.provider_id, target)
    return plain


def _alias(unit: Unit, shop_id: int, inbox_id: str, provider_id: str, message_id: str) -> None:
    row = {"shop_id": shop_id, "inbox_id": inbox_id, "provider_id": provider_id, "message_id": message_id}
    messages.add_aliases(unit.db, [row])


def _add_to(unit: Unit, shop_id: int, message_id: str, item: Item) -> None:
    row = messages.get(unit.db, shop_id, message_id, lock=True)
    if row is None:
        return
    item.conversation = {"id": row["conversation_id"]}
    attachments = [*(row["attachments"] or []), *map(attachment_row, item.received.attachments)]
    text = "\n".join(part for part in (row["text"], item.received.text) if part)
    messages.change(unit.db, shop_id, message_id, {"attachments": attachments, "text": text})
    fetch_later(unit, item, message_id)
    unit.emit(
        MessageChanged(
            shop_id=shop_id, conversation_id=row["conversation_id"], message_id=message_id, ref_id=row["identity_id"]
        )
    )


def _merge(first: Item, item: Item) -> None:
    text = "\n".join(part for part in (first.received.text, item.received.text) if part)
    first.received = dataclasses.replace(
        first.received, attachments=(*first.received.attachments, *item.received.attachments), text=text
    )
    item.first = first
