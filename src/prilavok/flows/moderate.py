"""What others wrote in public is hidden, shown again, deleted or reported: asked for here, done after the commit."""

from collections.abc import Mapping
from typing import Any

from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.domain.events import InboxChanged, MessageChanged
from prilavok.flows.line import add_line
from prilavok.flows.unit import Unit
from prilavok.store import conversations, inboxes, jobs, messages
from prilavok.store.questions import Row

JOB = "moderate"


def moderate(unit: Unit, shop_id: int, message_id: str, by: tuple[str, str], act: str) -> None:
    """Asks the vendor for it; `by` is (id, name) of the agent. BadInput says when that vendor has no such thing."""
    row = messages.get(unit.db, shop_id, message_id, lock=True)
    conversation = conversations.get(unit.db, shop_id, row["conversation_id"]) if row is not None else None
    if row is None or conversation is None:
        raise NotFound
    if not conversation["public"] or row["direction"] != "inbound" or not row["provider_id"]:
        raise BadInput("Only what a customer said in public can be moderated.", field="act")
    inbox = unit.world.directory.get(unit.db, shop_id, row["inbox_id"] or "")
    comments = inbox.capabilities.comments if inbox is not None else None
    if comments is None or act not in comments.moderates:
        raise BadInput("This channel does not let the shop do that.", field="act")
    if row["deleted_at"] is not None:
        raise Conflict("This has been taken away before.")
    if (row["content"] or {}).get("moderation", {}).get("state") == "waiting":
        raise Conflict("This is being done at this moment.")
    data = {"message_id": message_id, "act": act, "by": list(by)}
    jobs.add(unit.db, shop_id, JOB, data, unit.now, inbox_id=row["inbox_id"])
    _mark(unit, row, {"act": act, "state": "waiting"})


def moderated(unit: Unit, job: Mapping[Any, Any], failed: str = "", *, pause: bool = False) -> None:
    """The vendor did it, or said why not: a line in the conversation tells which. `pause` stops the inbox too."""
    shop_id, data = job["shop_id"], job["data"]
    jobs.finish(unit.db, shop_id, job["id"])
    row = messages.get(unit.db, shop_id, data["message_id"], lock=True)
    if pause and job["inbox_id"]:
        inboxes.change(unit.db, shop_id, job["inbox_id"], {"state": "paused", "reason": failed})
        unit.emit(InboxChanged(shop_id=shop_id, ref_id=job["inbox_id"]))
    conversation = conversations.get(unit.db, shop_id, row["conversation_id"], lock=True) if row is not None else None
    if row is None or conversation is None:
        return
    act = data["act"]
    line = {"what": "moderated", "act": act} | ({"failed": failed} if failed else {})
    place = add_line(unit, conversation, line, (data["by"][0], data["by"][1]))
    conversations.save_growth(unit.db, [place])
    changes = {"deleted_at": unit.now} if act == "delete" and not failed else {}
    _mark(unit, row, {"act": act, "state": "failed" if failed else "done"}, **changes)


def _mark(unit: Unit, row: Row, moderation: Mapping[str, str], **changes: Any) -> None:
    content = {**(row["content"] or {}), "moderation": dict(moderation)}
    if moderation["state"] == "done" and moderation["act"] in {"hide", "show"}:
        content["hidden"] = moderation["act"] == "hide"
    messages.change(unit.db, row["shop_id"], row["id"], {"content": content, **changes})
    unit.emit(
        MessageChanged(
            shop_id=row["shop_id"],
            conversation_id=row["conversation_id"],
            message_id=row["id"],
            ref_id=row["identity_id"],
        )
    )
