"""A vendor tells more of what was said in public: other stars, an answer that the shop gave elsewhere."""

from collections.abc import Mapping
from typing import Any

from prilavok.domain.conversation import rank, waits_again
from prilavok.domain.events import ConversationChanged, Reported
from prilavok.domain.message import Echoed, Edited
from prilavok.domain.publicity import renewed
from prilavok.flows.line import add_line
from prilavok.flows.unit import Unit
from prilavok.kit.text import key_of, storable_tree
from prilavok.store import conversations, messages
from prilavok.store.questions import Row


def appraise(unit: Unit, event: Reported) -> None:
    """An edit may bring `public` {rating?, answerable?, answered?}; an echo in public is an answer that stands."""
    match event.report:
        case Edited(content=content) as edited if isinstance(news := content.get("public"), Mapping):
            known = messages.known(unit.db, event.shop_id, event.inbox_id, [edited.provider_id])
            row = known.get(edited.provider_id)
            place = _locked(unit, event.shop_id, row["conversation_id"]) if row is not None else None
            if place is not None and row is not None and row["direction"] == "inbound":
                _renew(unit, place, storable_tree(news))
        case Echoed(public=said) if said is not None:
            root = key_of(said.root)
            found = conversations.by_thread(unit.db, event.shop_id, event.inbox_id, [root], public=True).get(root)
            place = _locked(unit, event.shop_id, found["id"]) if found is not None else None
            if place is not None:
                _renew(unit, place, {"answered": True})


def _locked(unit: Unit, shop_id: int, conversation_id: str) -> Row | None:
    row = conversations.get(unit.db, shop_id, conversation_id, lock=True)
    return row if row is not None and row["public"] else None


def _renew(unit: Unit, place: Row, news: Mapping[str, Any]) -> None:
    context = place["context"] or {}
    before = context.get("public", {})
    after = renewed(before, news)
    if after == before:
        return
    now_is: dict[str, Any] = dict(place) | {"context": {**context, "public": after}}
    stars = before.get("rating"), after.get("rating")
    if stars[0] != stars[1]:
        now_is = add_line(unit, now_is, {"what": "rated", "from": stars[0], "to": stars[1]})
        if (stars[1] or 0) < (stars[0] or 0):
            now_is |= waits_again(now_is, unit.now)
    if after.get("answered") and not before.get("answered"):
        now_is |= {"waiting_since": None, "rank": rank(None, place["last_at"])}
    conversations.save_growth(unit.db, [now_is])
    unit.emit(ConversationChanged(shop_id=place["shop_id"], conversation_id=place["id"]))
