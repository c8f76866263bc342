"""What others wrote in public is hidden, shown again, deleted or reported, and what the shop answered there is changed
or taken away: asked for here, done after the commit.
"""

from collections.abc import Mapping
from typing import Any

from prilavok.domain.capabilities import Comments
from prilavok.domain.conversation import preview, retold
from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.domain.events import MessageChanged
from prilavok.domain.receipt import Receipt
from prilavok.flows.halt import halt
from prilavok.flows.line import add_line
from prilavok.flows.unit import Unit
from prilavok.kit.text import storable
from prilavok.store import contacts, conversations, jobs, messages
from prilavok.store.questions import Row

JOB = "moderate"
LOOK_BACK = 100  # messages of a conversation that say how it stands


def moderate(unit: Unit, shop_id: int, message_id: str, by: tuple[str, str], act: str, text: str = "") -> None:
    """Asks the vendor for it; `by` is (id, name) of the agent, `text` the new words of our own answer. BadInput says
    when that vendor has no such thing.
    """
    row = messages.get(unit.db, shop_id, message_id, lock=True)
    conversation = conversations.get(unit.db, shop_id, row["conversation_id"]) if row is not None else None
    if row is None or conversation is None:
        raise NotFound
    ours = row["direction"] == "outbound" and row["kind"] == "reply"
    if not conversation["public"] or not row["provider_id"] or not (ours or row["direction"] == "inbound"):
        raise BadInput("Only what was said in public can be moderated.", field="act")
    inbox = unit.world.directory.get(unit.db, shop_id, row["inbox_id"] or "")
    comments = inbox.capabilities.comments if inbox is not None else None
    if comments is None or act not in _may_be_done(comments, conversation, ours=ours):
        raise BadInput("This channel does not let the shop do that.", field="act")
    if row["deleted_at"] is not None or row["receipt"] == Receipt.FAILED:
        raise Conflict("This has been taken away before, or never stood there.")
    if (row["content"] or {}).get("moderation", {}).get("state") == "waiting":
        raise Conflict("This is being done at this moment.")
    data = {"message_id": message_id, "act": act, "by": list(by)} | _new_words(row, comments, act, text)
    identity = contacts.identity(unit.db, shop_id, row["identity_id"]) if row["identity_id"] else None
    data["address"] = identity["address"] if identity is not None else ""
    jobs.add(unit.db, shop_id, JOB, data, unit.now, inbox_id=row["inbox_id"])
    _mark(unit, row, {"act": act, "state": "waiting"})


def _may_be_done(comments: Comments, conversation: Row, *, ours: bool) -> frozenset[str]:
    if ours:
        return comments.amends
    kind = (conversation["context"] or {}).get("public", {}).get("kind", "comment")
    return comments.moderates if kind in comments.moderated else frozenset()


def _new_words(row: Row, comments: Comments, act: str, text: str) -> dict[str, str]:
    if act != "edit":
        return {}
    words = storable(text).strip()
    if not words or words == row["text"]:
        raise BadInput("Say what is to stand there instead.", field="text")
    if len(words) > comments.text_limit:
        raise BadInput(f"At most {comments.text_limit} characters; this has {len(words)}.", field="text")
    return {"text": words}


def moderated(unit: Unit, job: Mapping[Any, Any], failed: str = "", *, pause: bool = False) -> None:
    """The vendor did it, or said why not: a line in the conversation tells which. `pause` stops the inbox too."""
    shop_id, data = job["shop_id"], job["data"]
    jobs.finish(unit.db, shop_id, job["id"])
    row = messages.get(unit.db, shop_id, data["message_id"], lock=True)
    if pause and job["inbox_id"]:
        halt(unit, shop_id, job["inbox_id"], failed)
    conversation = conversations.get(unit.db, shop_id, row["conversation_id"], lock=True) if row is not None else None
    if row is None or conversation is None:
        return
    act, ours = data["act"], row["direction"] == "outbound"
    changes: dict[str, Any] = {}
    if act == "delete" and not failed:
        changes = {"deleted_at": unit.now}
    elif act == "edit" and not failed:
        changes = {"text": data["text"], "edited_at": unit.now}
    _mark(unit, row, {"act": act, "state": "failed" if failed else "done"}, **changes)
    line = {"what": "amended" if ours else "moderated", "act": act} | ({"failed": failed} if failed else {})
    place = add_line(unit, conversation, line, (data["by"][0], data["by"][1]))
    if ours and not failed:
        place |= _stands_anew(unit, conversation, row, data)
    conversations.save_growth(unit.db, [place])


def _stands_anew(unit: Unit, conversation: Row, row: Row, data: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever was answered there waits again when the answer is gone."""
    if data["act"] == "edit":
        latest = conversation["last_direction"] == "outbound" and conversation["last_text"] == preview(row["text"])
        return {"last_text": preview(data["text"])} if latest else {}
    context = dict(conversation["context"] or {})
    if context.get("public", {}).get("answered"):
        context["public"] = {**context["public"], "answered": False}
    page = messages.page(unit.db, row["shop_id"], conversation["id"], limit=LOOK_BACK)
    return retold(page) | {"context": context}


def _mark(unit: Unit, row: Row, moderation: Mapping[str, str], **changes: Any) -> None:
    content = {**(row["content"] or {}), "moderation": dict(moderation)}
    if moderation["state"] == "done" and moderation["act"] in {"hide", "show"}:
        content["hidden"] = moderation["act"] == "hide"
    if "text" in changes:
        content.setdefault("original_text", row["text"])
    messages.change(unit.db, row["shop_id"], row["id"], {"content": content, **changes})
    unit.emit(
        MessageChanged(
            shop_id=row["shop_id"],
            conversation_id=row["conversation_id"],
            message_id=row["id"],
            ref_id=row["identity_id"],
        )
    )
