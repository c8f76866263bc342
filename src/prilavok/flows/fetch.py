"""Attachments that only the vendor has are fetched after the commit and shown as soon as they are here."""

from collections.abc import Mapping, Sequence
from typing import Any

from prilavok.domain.events import MessageChanged
from prilavok.flows.unit import Unit
from prilavok.store import files, jobs, messages


def arrived(
    unit: Unit, shop_id: int, job_id: str, message_id: str, found: Mapping[str, Mapping[str, Any] | str]
) -> None:
    """`found` is, by the vendor's ref or address, the row of the stored file or the reason why there is none."""
    row = messages.get(unit.db, shop_id, message_id, lock=True)
    jobs.finish(unit.db, shop_id, job_id)
    if row is None:
        return
    rows = [{**one, "created_at": unit.now} for one in found.values() if not isinstance(one, str)]
    if rows:
        files.add(unit.db, rows)
    attachments = [_renewed(one, found) for one in row["attachments"] or ()]
    messages.set_attachments(unit.db, shop_id, message_id, attachments)
    unit.emit(
        MessageChanged(
            shop_id=shop_id,
            conversation_id=row["conversation_id"],
            message_id=message_id,
            ref_id=row["identity_id"],
        )
    )


def due(unit: Unit, lease: Any, limit: int) -> Sequence[Mapping[Any, Any]]:
    return jobs.claim(unit.db, unit.now, lease, limit)


def again(unit: Unit, job: Mapping[Any, Any], reason: str, *, at: Any) -> None:
    jobs.postpone(unit.db, job["shop_id"], job["id"], due_at=at, reason=reason)


def done(unit: Unit, job: Mapping[Any, Any]) -> None:
    jobs.finish(unit.db, job["shop_id"], job["id"])


def _renewed(one: Mapping[str, Any], found: Mapping[str, Mapping[str, Any] | str]) -> dict[str, Any]:
    outcome = found.get(one.get("ref") or one.get("url") or "")
    if outcome is None or one.get("id"):
        return dict(one)
    if isinstance(outcome, str):
        return {**one, "failed": outcome}
    kept = {"content_id": one["content_id"]} if "content_id" in one else {}
    shown = {
        name: outcome[name] for name in ("id", "name", "type", "size", "width", "height") if outcome[name] is not None
    }
    kind = "voice" if one.get("kind") == "voice" else outcome["kind"]
    return {**kept, **shown, "kind": kind}
