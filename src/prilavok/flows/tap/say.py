"""The answer to a press in the place where it was made, and the word to an agent that a person is needed."""

from datetime import timedelta
from typing import Any

from prilavok.domain.conversation import Status, answered, heard, noted, preview, rank
from prilavok.domain.events import ConversationChanged, MessageReceived, MessageWritten, OutboxFilled
from prilavok.domain.receipt import Receipt
from prilavok.flows.tap.words import Options, texts
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.kit.text import storable
from prilavok.store import contacts, conversations, counters, messages, outbox, shops
from prilavok.store.questions import Row

RECENT = timedelta(days=1)  # a wish to change is told to the agents once in this time
LOOK_BACK = 50  # messages


def answer(unit: Unit, event: MessageReceived, text: str, options: Options | None = None, by_number: str = "") -> None:
    """Goes out where the press came in; the window is open, for the customer has just written. `by_number` says how to
    choose where there are no buttons.
    """
    inbox = unit.world.directory.get(unit.db, event.shop_id, event.inbox_id)
    conversation = conversations.get(unit.db, event.shop_id, event.conversation_id or "", lock=True)
    if inbox is None or conversation is None or event.ref_id is None:
        return
    able, message_id = inbox.capabilities, new_id()
    content: dict[str, Any] = {}
    if options:
        content["choices"] = [one["data"] for one in options]
        if able.buttons >= len(options):
            content["buttons"] = options
        else:
            text += "".join(f"\n{number}. {one['text']}" for number, one in enumerate(options, 1)) + f"\n{by_number}"
    place = dict(conversation) | answered(conversation, preview(text), unit.now, automatic=True)
    row = {
        "shop_id": event.shop_id,
        "id": message_id,
        "conversation_id": conversation["id"],
        "seq": place["last_seq"],
        "kind": "reply",
        "direction": "outbound",
        "inbox_id": inbox.id,
        "identity_id": event.ref_id,
        "identity_seq": contacts.next_number(unit.db, event.shop_id, event.ref_id),
        "provider_id": message_id if able.direct else None,
        "author_kind": "bot",
        "author_name": inbox.shop_name,
        "text": text,
        "at": unit.now,
        "created_at": unit.now,
        "receipt": Receipt.SENT.value if able.direct else Receipt.ACCEPTED.value,
        "receipt_times": {"sent": unit.now} if able.direct else None,
        "automatic": True,
        "content": content or None,
    }
    messages.add(unit.db, [row])
    conversations.save_growth(unit.db, [place])
    if not able.direct:
        wanted = ("shop_id", "conversation_id", "inbox_id", "identity_id", "created_at")
        queued = {name: row[name] for name in wanted}
        outbox.add(unit.db, {**queued, "id": new_id(), "message_id": message_id, "due_at": unit.now})
        unit.emit(OutboxFilled(shop_id=event.shop_id))
    _written(unit, row)


def calm(unit: Unit, event: MessageReceived) -> None:
    """A press that was carried out waits for nobody: it leaves the agents' queue, and is not acknowledged."""
    conversation = conversations.get(unit.db, event.shop_id, event.conversation_id or "", lock=True)
    message = messages.get(unit.db, event.shop_id, event.message_id or "")
    if conversation is None or message is None:
        return
    changes: dict[str, Any] = {"acknowledged_at": conversation["acknowledged_at"] or unit.now}
    if conversation["waiting_since"] is not None and conversation["waiting_since"] >= message["at"]:
        changes |= {"waiting_since": None, "rank": rank(None, conversation["last_at"])}
        if event.opened:  # nothing but this press is in it
            changes["status"] = Status.CLOSED.value
    conversations.change(unit.db, event.shop_id, conversation["id"], changes)
    unit.emit(ConversationChanged(shop_id=event.shop_id, conversation_id=conversation["id"]))


def tell_agent(unit: Unit, order: Row, conversation_id: str) -> bool:
    """A note that the customer wants to change the order; False when the agents have been told lately."""
    conversation = conversations.get(unit.db, order["shop_id"], conversation_id, lock=True)
    if conversation is None:
        return False
    for one in messages.page(unit.db, order["shop_id"], conversation_id, limit=LOOK_BACK):
        same = (one["content"] or {}).get("wants_change") == order["id"]
        if same and one["kind"] == "note" and unit.now - one["created_at"] < RECENT:
            return False
    shop = shops.get(unit.db, order["shop_id"])
    words = texts(shop["language"] if shop is not None else "en")
    link = f"{unit.world.public_url}/orders/{order['id']}"
    place = dict(conversation) | noted(conversation)
    row = {
        "shop_id": order["shop_id"],
        "id": new_id(),
        "conversation_id": conversation_id,
        "seq": place["last_seq"],
        "kind": "note",
        "direction": "outbound",
        "author_kind": "bot",
        "author_name": shop["name"] if shop is not None else "",
        "text": words["note"].format(number=order["number"], link=link),
        "at": unit.now,
        "created_at": unit.now,
        "content": {"wants_change": order["id"]},
    }
    messages.add(unit.db, [row])
    conversations.save_growth(unit.db, [place])
    _written(unit, row)
    return True


def wants_change(unit: Unit, order: Row, text: str) -> bool:
    """What a customer wrote on the order's page comes in like any other message of theirs, and waits for an answer.
    False when the shop has no inbox in which anybody could read it.
    """
    conversation = _open(unit, order)
    if conversation is None:
        return False
    words = storable(text).strip()
    said = messages.page(unit.db, order["shop_id"], conversation["id"], limit=LOOK_BACK)
    if any(one["text"] == words and unit.now - one["created_at"] < RECENT for one in said):
        return True
    place = dict(conversation) | heard(conversation, preview(words), unit.now, waits=True)
    row = {
        "shop_id": order["shop_id"],
        "id": new_id(),
        "conversation_id": conversation["id"],
        "seq": place["last_seq"],
        "kind": "message",
        "direction": "inbound",
        "author_kind": "contact",
        "author_name": order["name"],
        "text": words,
        "at": unit.now,
        "created_at": unit.now,
        "receipt": Receipt.DELIVERED.value,
    }
    messages.add(unit.db, [row])
    conversations.save_growth(unit.db, [place])
    _written(unit, row)
    tell_agent(unit, order, conversation["id"])
    return True


def _open(unit: Unit, order: Row) -> Row | None:
    """The customer's latest conversation, else a new one in the inbox that reaches them best."""
    shop_id, contact_id = order["shop_id"], order["contact_id"]
    for one in conversations.of_contact(unit.db, shop_id, contact_id):
        if not one["public"]:
            return conversations.get(unit.db, shop_id, one["id"], lock=True)
    inboxes = [one for one in unit.world.directory.of_shop(unit.db, shop_id) if not one.capabilities.public]
    if not inboxes:
        return None
    scopes = {one["scope"] for one in contacts.identities_of(unit.db, shop_id, contact_id)}
    inbox = next((one for one in inboxes if one.scope in scopes), inboxes[0])
    row = {
        "shop_id": shop_id,
        "id": new_id(),
        "number": counters.take(unit.db, shop_id, "conversation", 1),
        "contact_id": contact_id,
        "inbox_id": inbox.id,
        "status": Status.OPEN.value,
        "rank": rank(None, unit.now),
        "last_seq": 0,
        "last_at": unit.now,
        "created_at": unit.now,
    }
    conversations.add(unit.db, [row])
    return conversations.get(unit.db, shop_id, str(row["id"]), lock=True)


def _written(unit: Unit, row: dict[str, Any]) -> None:
    unit.emit(
        MessageWritten(
            shop_id=row["shop_id"],
            conversation_id=row["conversation_id"],
            message_id=row["id"],
            ref_id=row.get("identity_id"),
            inbox_id=row.get("inbox_id"),
        )
    )
