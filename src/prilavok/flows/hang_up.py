"""A call is over. Whoever was spoken to waits no longer; whoever was not is answered in writing, where the policy
allows it; and where nothing is written the call says why.
"""

from prilavok.domain.conversation import rank
from prilavok.domain.events import CallEnded, ConversationChanged, LeftUnsaid, MessageChanged, OccasionArose
from prilavok.domain.facts import Occasion
from prilavok.domain.plan import Because, Why
from prilavok.domain.written import because_out
from prilavok.flows.unit import Unit
from prilavok.store import contacts, conversations, messages, order_pages, plans
from prilavok.store.questions import Row

MISSED = "missed_call"
LOOK_BACK = 10  # plans of a contact among which one about a call may still wait


def hang_up(unit: Unit, event: CallEnded) -> None:
    identity = contacts.identity(unit.db, event.shop_id, event.ref_id or "")
    conversation = conversations.get(unit.db, event.shop_id, event.conversation_id or "", lock=True)
    if identity is None or conversation is None:
        return
    if event.answered:
        _spoken(unit, event, conversation)
        return
    # One word for all the calls of one wait: whoever rings five times is asked once what it is about.
    since = conversation["waiting_since"] or unit.now
    order = _their_order(unit, event.shop_id, identity["contact_id"])
    unit.emit(
        OccasionArose(
            shop_id=event.shop_id,
            ref_id=order,
            contact_id=identity["contact_id"],
            occasion=Occasion(
                kind=MISSED, at=unit.now, key=f"{conversation['id']}:{int(since.timestamp())}", by_customer=True
            ),
            data={"caller": identity["address"], "call": event.message_id},
        )
    )


def left_unsaid(unit: Unit, event: LeftUnsaid) -> None:
    """Stands with the call: no message was sent, because ..."""
    row = messages.get(unit.db, event.shop_id, event.message_id or "", lock=True)
    if row is None or "call" not in (row["content"] or {}):
        return
    content = dict(row["content"])
    content["call"] = {**content["call"], "unwritten": dict(event.because)}
    messages.change(unit.db, event.shop_id, row["id"], {"content": content})
    unit.emit(
        MessageChanged(
            shop_id=event.shop_id,
            conversation_id=row["conversation_id"],
            message_id=row["id"],
            ref_id=row["identity_id"],
        )
    )


def _spoken(unit: Unit, event: CallEnded, conversation: Row) -> None:
    """Somebody talked to them: nothing has to be answered any more, and no apology goes out."""
    if conversation["waiting_since"] is not None:
        place = {"waiting_since": None, "rank": rank(None, conversation["last_at"])}
        conversations.change(unit.db, event.shop_id, conversation["id"], place)
        unit.emit(ConversationChanged(shop_id=event.shop_id, conversation_id=conversation["id"]))
    because = because_out(Because(Why.STOPPED, {"by": "call"}))
    ended = {"state": "stopped", "because": because, "due_at": None, "lease_until": None, "ended_at": unit.now}
    for plan in plans.of_contact(unit.db, event.shop_id, conversation["contact_id"], limit=LOOK_BACK):
        if plan["state"] == "waiting" and {one["kind"] for one in plan["occasions"]} == {MISSED}:
            plans.change(unit.db, event.shop_id, plan["id"], ended)


def _their_order(unit: Unit, shop_id: int, contact_id: str) -> str | None:
    """The only open one: of several nobody knows which they rang about."""
    which = order_pages.Which(status="open", contact_id=contact_id)
    found = order_pages.page(unit.db, shop_id, which, after=None, limit=2)
    return str(found[0]["id"]) if len(found) == 1 else None
