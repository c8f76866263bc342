"""Agents put conversations in order: whose, how urgent, done, later, about what. Each change leaves a line behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prilavok.domain.conversation import Priority, Status, rank
from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.events import ConversationChanged
from prilavok.flows.line import add_line
from prilavok.flows.unit import Unit
from prilavok.kit.text import storable
from prilavok.store import conversations, staff

TAGS = 200  # of one conversation at most
TAG_LENGTH = 64


class Keep:
    """Marks what a change leaves as it is (None means "nobody", "never")."""


KEEP = Keep()


@dataclass(frozen=True, slots=True)
class Changes:
    status: str | Keep = KEEP
    assignee_id: str | Keep | None = KEEP
    team_id: str | Keep | None = KEEP
    priority: str | Keep = KEEP
    tags: Sequence[str] | Keep = KEEP
    snoozed_until: datetime | Keep | None = KEEP
    subject: str | Keep = KEEP


def arrange(unit: Unit, shop_id: int, conversation_id: str, agent_id: str, agent_name: str, wanted: Changes) -> None:
    """Applies the changes that are changes. BadInput says which field cannot be."""
    conversation = conversations.get(unit.db, shop_id, conversation_id, lock=True)
    if conversation is None:
        raise NotFound
    changes, lines = _decide(unit, shop_id, conversation, wanted)
    if not isinstance(wanted.tags, Keep):
        before = conversations.tags_of(unit.db, shop_id, [conversation_id]).get(conversation_id, [])
        tags = _clean_tags(wanted.tags)
        if tags != before:
            conversations.set_tags(unit.db, shop_id, conversation_id, tags)
            added, removed = sorted(set(tags) - set(before)), sorted(set(before) - set(tags))
            lines.append({"what": "tagged", "added": added, "removed": removed})
    if not changes and not lines:
        return
    place = dict(conversation) | changes
    for line in lines:
        place = add_line(unit, place, line, (agent_id, agent_name))
    changes["last_seq"] = place["last_seq"]
    changes["rank"] = rank(place["waiting_since"], place["last_at"])
    conversations.change(unit.db, shop_id, conversation_id, changes)
    unit.emit(ConversationChanged(shop_id=shop_id, conversation_id=conversation_id))


def wake(unit: Unit, limit: int = 200) -> int:
    """Opens the snoozed conversations whose time has come; returns how many."""
    rows = conversations.snoozed_until(unit.db, unit.now, limit)
    for row in rows:
        conversation = conversations.get(unit.db, row["shop_id"], row["id"], lock=True)
        if conversation is None or conversation["status"] != Status.SNOOZED:
            continue
        place = add_line(unit, conversation, {"what": "woke"})
        changes = {"status": Status.OPEN.value, "snoozed_until": None, "last_seq": place["last_seq"]}
        conversations.change(unit.db, row["shop_id"], row["id"], changes)
        unit.emit(ConversationChanged(shop_id=row["shop_id"], conversation_id=row["id"]))
    return len(rows)


def _decide(
    unit: Unit, shop_id: int, now_is: Mapping[Any, Any], wanted: Changes
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    changes: dict[str, Any] = {}
    lines: list[dict[str, Any]] = []
    if not isinstance(wanted.assignee_id, Keep) and wanted.assignee_id != now_is["assignee_id"]:
        changes["assignee_id"] = wanted.assignee_id
        lines.append({"what": "assigned", "to": _name_of(unit, shop_id, wanted.assignee_id)})
    if not isinstance(wanted.team_id, Keep):
        changes["team_id"] = wanted.team_id
    if not isinstance(wanted.priority, Keep) and wanted.priority != now_is["priority"]:
        if wanted.priority not in list(Priority):
            raise BadInput("A priority is low, normal, high or critical.", field="priority")
        changes["priority"] = wanted.priority
        lines.append({"what": "priority", "to": wanted.priority})
    if not isinstance(wanted.subject, Keep):
        changes["subject"] = storable(wanted.subject)[:300]
    _decide_status(unit, now_is, wanted, changes, lines)
    return changes, lines


def _decide_status(
    unit: Unit, now_is: Mapping[Any, Any], wanted: Changes, changes: dict[str, Any], lines: list[dict[str, Any]]
) -> None:
    until = wanted.snoozed_until
    status = wanted.status
    if isinstance(status, Keep) and not isinstance(until, Keep) and until is not None:
        status = Status.SNOOZED.value
    if isinstance(status, Keep):
        return
    if status not in list(Status):
        raise BadInput("A conversation is open, snoozed or closed.", field="status")
    if status == Status.SNOOZED:
        if isinstance(until, Keep) or until is None or until <= unit.now:
            raise BadInput("Say until when it is put off: a time that is still to come.", field="snoozed_until")
        changes |= {"status": status, "snoozed_until": until}
        lines.append({"what": "snoozed", "until": until})
    elif status != now_is["status"]:
        changes |= {"status": status, "snoozed_until": None}
        lines.append({"what": "closed" if status == Status.CLOSED else "reopened"})
    if status == Status.CLOSED:
        changes["waiting_since"] = None


def _name_of(unit: Unit, shop_id: int, agent_id: str | None) -> str | None:
    if agent_id is None:
        return None
    row = staff.agent(unit.db, shop_id, agent_id)
    if row is None or not row["active"]:
        raise BadInput("There is no such colleague in this shop.", field="assignee_id")
    return str(row["name"])


def _clean_tags(tags: Sequence[str]) -> list[str]:
    cleaned = {" ".join(storable(tag).split())[:TAG_LENGTH] for tag in tags} - {""}
    if len(cleaned) > TAGS:
        raise BadInput(f"A conversation holds at most {TAGS} tags.", field="tags")
    return sorted(cleaned)
