"""A reply that was taken back leaves the conversation as if it had never been."""

from datetime import UTC, datetime, timedelta
from typing import Any

from prilavok.domain.conversation import FAR, retold

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def said(minute: int, kind: str, text: str = "…", **more: Any) -> dict[str, Any]:
    inbound = kind == "message"
    row = {"kind": kind, "text": text, "at": NOON + timedelta(minutes=minute), "automatic": False, "deleted_at": None}
    return row | {"direction": "inbound" if inbound else "outbound", "attachments": None, "inbox_id": "i"} | more


def test_the_customer_waits_again_since_they_first_asked() -> None:
    place = retold([said(0, "message"), said(3, "message", "Hello?"), said(5, "reply", deleted_at=NOON)])
    assert place["waiting_since"] == NOON
    assert place["rank"] == int(NOON.timestamp() * 1000)
    assert (place["last_text"], place["last_direction"]) == ("Hello?", "inbound")


def test_an_answer_before_it_still_counts_and_an_automatic_one_does_not() -> None:
    talk = [said(0, "message"), said(1, "reply", automatic=True), said(2, "note"), said(4, "reply", deleted_at=NOON)]
    assert retold(talk)["waiting_since"] == NOON
    answered = retold(
        [said(0, "message"), said(1, "reply", "Yes."), said(2, "event"), said(4, "reply", deleted_at=NOON)]
    )
    assert answered["waiting_since"] is None
    assert (answered["last_text"], answered["last_kind"]) == ("Yes.", "reply")
    assert answered["rank"] > FAR // 2


def test_nothing_said_changes_nothing() -> None:
    assert retold([said(0, "note"), said(1, "reply", deleted_at=NOON)]) == {}
