"""One matter of one customer: its states and the order in which agents see it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

MEMORY = timedelta(days=7)  # a closed conversation is taken up again by a message within this time
FAR = 1 << 52  # milliseconds; far beyond any clock time, still exact in a JavaScript number


class Status(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


def rank(waiting_since: datetime | None, last_at: datetime) -> int:
    """The place in every list, ascending: those who wait, longest first; then the others, latest first."""
    if waiting_since is not None:
        return int(waiting_since.timestamp() * 1000)
    return FAR - int(last_at.timestamp() * 1000)


def continues(status: Status, last_at: datetime, now: datetime, *, memory: timedelta = MEMORY) -> bool:
    """Whether a new message without a thread belongs to this conversation or begins a new matter."""
    return status is not Status.CLOSED or now - last_at < memory


PREVIEW = 200  # characters of the last message that a list shows


def heard(conversation: Mapping[Any, Any], text: str, at: datetime, *, waits: bool) -> dict[str, Any]:
    """What a customer's message changes. `waits` is false for what a machine wrote: that reopens nothing."""
    status, snoozed, waiting = conversation["status"], conversation["snoozed_until"], conversation["waiting_since"]
    if waits:
        status, snoozed, waiting = Status.OPEN.value, None, waiting or at
    return {
        **_last(conversation, text, at, "inbound", "message"),
        "status": status,
        "snoozed_until": snoozed,
        "waiting_since": waiting,
        "rank": rank(waiting, at),
    }


def waits_again(conversation: Mapping[Any, Any], at: datetime) -> dict[str, Any]:
    """What is already there has become a question: a call that nobody took."""
    waiting = conversation["waiting_since"] or at
    return {"status": Status.OPEN.value, "snoozed_until": None, "waiting_since": waiting, "rank": rank(waiting, at)}


def answered(conversation: Mapping[Any, Any], text: str, at: datetime, *, automatic: bool) -> dict[str, Any]:
    """What a reply changes. A person's answer ends the waiting; an automatic one does not."""
    waiting = conversation["waiting_since"] if automatic else None
    return {
        **_last(conversation, text, at, "outbound", "reply"),
        "waiting_since": waiting,
        "rank": rank(waiting, at),
    }


def retold(said: Sequence[Mapping[Any, Any]]) -> dict[str, Any]:
    """How a conversation stands after `said`, its messages in order: for when the last one was taken back.

    Notes, events and what was taken back count for nothing.
    """
    waiting, last = None, None
    for one in said:
        if one["kind"] not in {"message", "reply"} or one["deleted_at"] is not None:
            continue
        last = one
        if not one["automatic"]:
            waiting = (waiting or one["at"]) if one["direction"] == "inbound" else None
    if last is None:
        return {}
    return {
        "last_text": preview(last["text"], len(last["attachments"] or ())),
        "last_at": last["at"],
        "last_direction": last["direction"],
        "last_kind": last["kind"],
        "last_inbox_id": last["inbox_id"],
        "waiting_since": waiting,
        "rank": rank(waiting, last["at"]),
    }


def noted(conversation: Mapping[Any, Any]) -> dict[str, Any]:
    """A note or an event line takes the next number and changes nothing that a customer would notice."""
    return {"last_seq": conversation["last_seq"] + 1}


def whereabouts(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a conversation remembers of the page a message was written on: page, title, referrer, utm.

    `content` has `page` {url, title, referrer} and `utm`; what it does not say is left as it was before.
    """
    page = content.get("page") or {}
    told = {"page": page.get("url"), "title": page.get("title"), "referrer": page.get("referrer")}
    found: dict[str, Any] = {name: value for name, value in told.items() if value}
    if "page" in found:
        found["title"] = found.get("title", "")
    return found | ({"utm": content["utm"]} if content.get("utm") else {})


def preview(text: str, attachments: int = 0) -> str:
    """The first words of a message; a paper clip where there are none."""
    words = " ".join(text.split())[:PREVIEW]
    return words or ("📎" * min(attachments, 3))


def _last(conversation: Mapping[Any, Any], text: str, at: datetime, direction: str, kind: str) -> dict[str, Any]:
    return {
        "last_seq": conversation["last_seq"] + 1,
        "last_text": text,
        "last_at": at,
        "last_direction": direction,
        "last_kind": kind,
    }
