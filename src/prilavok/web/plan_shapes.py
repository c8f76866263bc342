"""Plans, attempts, silences and tasks as the API shows them; every reason is a sentence in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from prilavok.domain.plan import Because, Why
from prilavok.domain.reasons import sentence
from prilavok.domain.risk_words import in_words

Row = Mapping[Any, Any]
KNOWN = frozenset(Why)


def because(written: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A reason of the policy, a mark of risk, or a parcel that stands still."""
    why, data = written["why"], written.get("data") or {}
    text = sentence(Because(Why(why), data), language) if why in KNOWN else in_words(why, data, language)
    return {"why": why, "data": data, "text": text}


def reasons(written: Iterable[Mapping[str, Any]] | None, language: str) -> list[dict[str, Any]]:
    return [because(one, language) for one in written or ()]


def plan(row: Row, language: str) -> dict[str, Any]:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "occasions": [{"kind": one["kind"], "at": one["at"]} for one in row["occasions"]],
        "stage": row["stage"],
        "purpose": row["purpose"],
        "state": row["state"],
        "steps": [step(one, language) for one in row["steps"]],
        "rejected": rejected(row["rejected"], language),
        "because": because(row["because"], language) if row["because"] else None,
        "policy_version": row["policy_version"],
    }


def step(written: Mapping[str, Any], language: str) -> dict[str, Any]:
    at, until = datetime.fromisoformat(written["at"]), None
    if written["wait_for"]:
        until = at + timedelta(seconds=written["within"])
    return {
        "channel": written["channel"],
        "address": written["address"],
        "at": at,
        "wait_for": written["wait_for"],
        "until": until,
        "because": reasons(written["because"], language),
        "voice": written["voice"],
    }


def rejected(written: Iterable[Mapping[str, Any]] | None, language: str) -> list[dict[str, Any]]:
    return [{**one, "because": because(one["because"], language)} for one in written or ()]


def attempt(row: Row, message: Row | None, language: str) -> dict[str, Any]:
    until = None
    if row["wait_for"] and row["sent_at"] is not None:
        until = row["sent_at"] + timedelta(seconds=row["within"])
    return {
        "plan_id": row["plan_id"],
        "position": row["position"],
        "channel": row["channel"],
        "address": row["address"],
        "state": row["state"],
        "sent_at": row["sent_at"],
        "receipt": row["receipt"],
        "receipt_at": row["receipt_at"],
        "wait_for": row["wait_for"],
        "until": until,
        "message_id": row["message_id"],
        "task_id": row["task_id"],
        "conversation_id": message["conversation_id"] if message is not None else None,
        "text": message["text"] if message is not None else None,
        "because": reasons(row["because"], language),
    }


def coming(row: Row, attempts: Sequence[Row], language: str) -> list[dict[str, Any]]:
    """Rungs that a living plan may still come to; all but the first only if the one before is not enough."""
    if row["due_at"] is None:
        return []
    found = []
    for position, written in enumerate(row["steps"][len(attempts) :], len(attempts)):
        shown = step(written, language)
        at = max(shown["at"], row["due_at"]) if position == len(attempts) else shown["at"]
        common = {"planned": True, "at": at, "plan_id": row["id"], "position": position, "state": "waiting"}
        found.append({**common, **{name: shown[name] for name in ("channel", "address", "wait_for", "because")}})
    return found


def silence(row: Row, language: str) -> dict[str, Any]:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "because": because(row["because"], language),
        "rejected": rejected(row["rejected"], language),
        "needs_person": bool(row["needs_person"]),
    }


def task(row: Row, language: str, agents: Mapping[str, str]) -> dict[str, Any]:
    by = row["done_by"]
    return {
        "id": row["id"],
        "kind": row["kind"],
        "phone": row["phone"],
        "because": reasons(row["because"], language),
        "state": row["state"],
        "result": row["result"],
        "not_before": row["not_before"],
        "not_after": row["not_after"],
        "created_at": row["created_at"],
        "done_at": row["done_at"],
        "done_by": {"id": by, "name": agents.get(by, "")} if by else None,
    }
