import asyncio
import random
from collections import Counter

import pytest
from sqlalchemy import select

from prilavok.store.base import open_engine
from prilavok.store.schema import conversations, events, identities, journal, messages, outbox
from tests.chaos.storm import Storm

UNSETTLED = {"waiting", "leased"}


@pytest.fixture(params=["sqlite", "postgresql"])
def storm(request, tmp_path, size) -> Storm:
    url = f"sqlite:///{tmp_path / 'prilavok.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres")()
    return Storm(size, tmp_path, url, random.Random(request.param))


def test_a_shop_that_is_killed_again_and_again_loses_nothing_and_says_nothing_twice(storm):
    asyncio.run(storm.rage())
    rows = everything(storm.database_url)
    assert storm.kills == storm.size.kills
    assert_stored_once(storm, rows)
    assert_numbered_without_gaps(rows)
    assert_sent_once(storm, rows)
    assert [row["state"] for row in rows["outbox"] if row["state"] in UNSETTLED] == []


def everything(url) -> dict[str, list]:
    engine = open_engine(url)
    try:
        with engine.connect() as db:
            tables = (messages, conversations, identities, outbox, events, journal)
            return {table.name: list(db.execute(select(table)).mappings()) for table in tables}
    finally:
        engine.dispose()


def assert_stored_once(storm, rows):
    stored = Counter(row["provider_id"] for row in rows["messages"] if row["inbox_id"] == storm.api_inbox)
    assert storm.accepted == {f"m{number}" for number in range(storm.size.messages)}
    assert set(stored) == storm.accepted
    assert set(stored.values()) == {1}
    assert [row["reason"] for row in rows["journal"] if row["state"] == "failed"] == []


def assert_numbered_without_gaps(rows):
    numbers: dict[str, list[int]] = {}
    own: dict[str, list[int]] = {}
    for row in rows["messages"]:
        numbers.setdefault(row["conversation_id"], []).append(row["seq"])
        if row["identity_id"] is not None:
            own.setdefault(row["identity_id"], []).append(row["identity_seq"])
    for conversation in rows["conversations"]:
        assert sorted(numbers[conversation["id"]]) == list(range(1, conversation["last_seq"] + 1))
    for identity in rows["identities"]:
        assert sorted(own[identity["id"]]) == list(range(1, identity["last_seq"] + 1))
    assert sorted(row["number"] for row in rows["conversations"]) == list(range(1, len(rows["conversations"]) + 1))
    assert sorted(row["seq"] for row in rows["events"]) == list(range(1, len(rows["events"]) + 1))


def assert_sent_once(storm, rows):
    replies = {row["text"]: row for row in rows["messages"] if row["kind"] == "reply"}
    assert {text: row["id"] for text, row in replies.items()} == storm.answered
    assert len(storm.answered) == storm.size.replies
    for text, row in replies.items():
        times = storm.delivered[text]
        match row["receipt"]:
            case "sent":
                assert times == 1, f"{text} is called sent and was delivered {times} times"
            case "perhaps_sent":
                assert times <= 1, f"{text} was sent again although it perhaps had been"
            case "failed":
                assert times == 0, f"{text} is called failed and was delivered"
            case other:
                pytest.fail(f"{text} is still {other}")
