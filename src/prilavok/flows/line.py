"""A thin line in a conversation: what happened there besides words."""

from collections.abc import Mapping
from typing import Any

from prilavok.domain.conversation import noted
from prilavok.domain.events import MessageWritten
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import messages

NOBODY: tuple[str | None, str] = (None, "")


def add_line(
    unit: Unit, place: Mapping[Any, Any], line: Mapping[str, Any], by: tuple[str | None, str] = NOBODY
) -> dict[str, Any]:
    """Stores the line as the next message of a locked conversation; returns it with its new number, to be stored.

    `by` is (id, name) of the agent; nobody for what happened by itself.
    """
    grown = dict(place) | noted(place)
    agent_id, name = by
    message_id = new_id()
    messages.add(
        unit.db,
        [
            {
                "shop_id": place["shop_id"],
                "id": message_id,
                "conversation_id": place["id"],
                "seq": grown["last_seq"],
                "kind": "event",
                "direction": "outbound",
                "author_kind": "agent" if agent_id else "system",
                "author_id": agent_id,
                "author_name": name,
                "at": unit.now,
                "created_at": unit.now,
                "content": {"event": dict(line)},
            }
        ],
    )
    unit.emit(MessageWritten(shop_id=place["shop_id"], conversation_id=place["id"], message_id=message_id))
    return grown
