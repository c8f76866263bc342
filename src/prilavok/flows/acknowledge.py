"""The immediate "received, we answer by ...": once for each conversation, never to a machine, never in a loop."""

from datetime import timedelta

from prilavok.domain.conversation import answered, preview
from prilavok.domain.events import MessageReceived, MessageWritten, OutboxFilled
from prilavok.domain.promise import expected, hour_of_week
from prilavok.domain.receipt import Receipt
from prilavok.domain.rendering import ACKNOWLEDGEMENT, language_of, within
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import answers, contacts, conversations, messages, outbox, shops

AT_MOST = 3  # automatic messages to one address
PER = timedelta(hours=1)
HISTORY = timedelta(days=90)
DEFAULT = 4 * 3600  # seconds until an answer, where nothing has been measured yet
LINK_GOOD_FOR = timedelta(days=180)


def acknowledge(unit: Unit, event: MessageReceived) -> None:
    if not event.opened or event.automatic or event.conversation_id is None or event.ref_id is None:
        return
    inbox = unit.world.directory.get(unit.db, event.shop_id, event.inbox_id)
    if inbox is None or not inbox.channel.acknowledges:
        return
    conversation = conversations.get(unit.db, event.shop_id, event.conversation_id, lock=True)
    if conversation is None or conversation["acknowledged_at"] is not None:
        return
    if messages.automatic_since(unit.db, event.shop_id, event.ref_id, unit.now - PER) >= AT_MOST:
        return  # the other side may be a machine that does not say so: the rate breaks the loop
    text = _text(unit, event)
    message_id = new_id()
    place = dict(conversation) | answered(conversation, preview(text), unit.now, automatic=True)
    # The list goes on showing what the customer wrote: that is what waits for an answer.
    place |= {name: conversation[name] for name in ("last_text", "last_direction", "last_kind", "last_at", "rank")}
    common = {
        "shop_id": event.shop_id,
        "conversation_id": event.conversation_id,
        "inbox_id": event.inbox_id,
        "identity_id": event.ref_id,
        "created_at": unit.now,
    }
    messages.add(
        unit.db,
        [
            {
                **common,
                "id": message_id,
                "seq": place["last_seq"],
                "kind": "reply",
                "direction": "outbound",
                "identity_seq": contacts.next_number(unit.db, event.shop_id, event.ref_id),
                "author_kind": "bot",
                "author_name": inbox.shop_name,
                "text": text,
                "at": unit.now,
                "receipt": Receipt.ACCEPTED.value,
                "automatic": True,
            }
        ],
    )
    conversations.save_growth(unit.db, [place])
    conversations.change(unit.db, event.shop_id, event.conversation_id, {"acknowledged_at": unit.now})
    outbox.add(unit.db, {**common, "id": new_id(), "message_id": message_id, "due_at": unit.now})
    unit.emit(OutboxFilled(shop_id=event.shop_id))
    unit.emit(
        MessageWritten(
            shop_id=event.shop_id,
            conversation_id=event.conversation_id,
            message_id=message_id,
            ref_id=event.ref_id,
            inbox_id=event.inbox_id,
        )
    )


def _text(unit: Unit, event: MessageReceived) -> str:
    shop = shops.get(unit.db, event.shop_id)
    received = messages.get(unit.db, event.shop_id, event.message_id or "")
    assert shop is not None and received is not None  # noqa: PT018  both were stored in this unit
    known = contacts.language_of(unit.db, event.shop_id, event.ref_id or "")
    language = language_of(received["text"], known, shop["language"])
    samples = [
        row[1:] for row in answers.recent(unit.db, event.shop_id, unit.now - HISTORY, 1000) if row[0] == event.inbox_id
    ]
    promise = expected(samples, hour_of_week(unit.now, shop["timezone"]), default=DEFAULT)
    token = unit.world.seal.sign(
        "track", {"s": event.shop_id, "c": event.conversation_id}, expires=unit.now + LINK_GOOD_FOR
    )
    return ACKNOWLEDGEMENT[language].format(
        shop=shop["name"], when=within(promise.seconds, language), link=f"{unit.world.public_url}/t/{token}"
    )
