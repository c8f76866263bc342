"""What the virus scanner said of a file is noted, and shown wherever the file stands in a conversation."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from prilavok.domain.events import MessageChanged
from prilavok.domain.scan import Checked
from prilavok.flows.line import add_line
from prilavok.flows.unit import Unit
from prilavok.store import conversations, files, messages

BEFORE = timedelta(days=1)  # a file may come that much later than its message, ...
AFTER = timedelta(days=1)  # ... and be sent that much later than it was uploaded


def judge(unit: Unit, row: Mapping[Any, Any], checked: Checked, virus: str = "") -> None:
    """Says nothing twice. A clean file is marked only where it was marked as something else before."""
    known = files.get(unit.db, row["shop_id"], row["id"])
    if known is None or (known["checked"] == checked and (known["virus"] or "") == virus):
        return
    files.judge(unit.db, row["shop_id"], row["id"], checked, virus)
    if checked is Checked.CLEAN and known["checked"] is None:
        return
    since, until = row["created_at"] - BEFORE, row["created_at"] + AFTER
    for message in messages.holding(unit.db, row["shop_id"], row["id"], since, until):
        _mark(unit, message, row["id"], checked)
        if checked is Checked.INFECTED:
            _say(unit, message, known["name"], virus)


def mark_of(row: Mapping[Any, Any]) -> dict[str, str]:
    """What an attachment carries besides its name; nothing for a clean file."""
    checked = row.get("checked")
    return {"checked": checked} if checked and checked != Checked.CLEAN else {}


def _mark(unit: Unit, message: Mapping[Any, Any], file_id: str, checked: Checked) -> None:
    attachments = []
    for one in message["attachments"]:
        if one.get("id") != file_id:
            attachments.append(one)
            continue
        plain = {name: value for name, value in one.items() if name != "checked"}
        attachments.append({**plain, **mark_of({"checked": checked.value})})
    messages.set_attachments(unit.db, message["shop_id"], message["id"], attachments)
    unit.emit(
        MessageChanged(
            shop_id=message["shop_id"],
            conversation_id=message["conversation_id"],
            message_id=message["id"],
            ref_id=message["identity_id"],
        )
    )


def _say(unit: Unit, message: Mapping[Any, Any], name: str, virus: str) -> None:
    conversation = conversations.get(unit.db, message["shop_id"], message["conversation_id"], lock=True)
    if conversation is not None:
        place = add_line(unit, conversation, {"what": "infected", "file": name, "virus": virus})
        conversations.save_growth(unit.db, [place])
