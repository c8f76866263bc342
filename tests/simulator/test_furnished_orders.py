"""What the demo's database holds of orders when it opens: the tables agree with each other and with the rules."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from prilavok.app import build
from prilavok.store.schema import conversations, identities, messages
from prilavok.store.schema_orders import attempts, order_events, order_keys, orders, plans, silences, tasks
from tests.house import settings_for

OPEN = """
import sys
from pathlib import Path
from prilavok.demo import Size, open_apart
from prilavok.settings import Settings

settings = Settings.from_environment({}, data=Path(sys.argv[1]))
open_apart(settings, Size(contacts=60, conversations=60, orders=120), lambda line: print(line, flush=True))
"""


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("demo")
    words = [sys.executable, "-c", OPEN, str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=600)
    assert "60 conversations" in done.stdout, "whoever waits sees how far it is"
    house = build(settings_for(f"sqlite:///{folder / 'prilavok.db'}", folder))
    with house.engine.connect() as connection:
        yield connection
    house.engine.dispose()


def rows(db, table):
    return [dict(row) for row in db.execute(select(table)).mappings()]


def test_every_order_is_somebodys_known_to_its_source_and_was_placed(db):
    known = {row["id"]: row for row in rows(db, orders)}
    assert len(known) >= 120
    assert {row["order_id"] for row in rows(db, order_keys)} == set(known)
    placed = {row["order_id"] for row in rows(db, order_events) if row["kind"] == "placed"}
    assert placed == set(known)
    owners = {row["contact_id"] for row in rows(db, identities) if row["scope"] == "phone"}
    reachable = {row["contact_id"] for row in known.values() if len(row["phone"]) > 8}
    assert reachable <= owners


def test_comments_were_read_and_what_nobody_understood_waits_for_a_person(db):
    read = [row for row in rows(db, orders) if row["comment"]]
    assert any(row["wishes"]["call"] == "never" for row in read)
    assert any(row["reading"]["spans"] for row in read)
    waiting = {row["id"] for row in read if row["to_read"]}
    assert len(waiting) == 2
    assert {row["order_id"] for row in rows(db, tasks) if row["kind"] == "read"} == waiting


def test_doubtful_buyers_wait_for_a_person_and_every_score_has_its_signals(db):
    known = rows(db, orders)
    assert all(row["risk"]["signals"] for row in known)
    doubtful = {row["id"] for row in known if row["outcome"] == "person"}
    assert {row["order_id"] for row in rows(db, tasks) if row["kind"] == "look"} <= doubtful
    assert doubtful


def test_what_was_said_is_in_a_conversation_as_its_try_says(db):
    said = {row["id"]: row for row in rows(db, messages)}
    places = {row["id"]: row for row in rows(db, conversations)}
    tries = rows(db, attempts)
    assert len(tries) > 30
    for one in tries:
        message = said[one["message_id"]]
        assert (message["receipt"], message["inbox_id"]) == (one["receipt"], one["inbox_id"])
        assert message["text"]
        assert message["automatic"]
        assert places[message["conversation_id"]]["status"] == "closed"


def test_plans_are_at_their_end_or_have_an_hour_and_silences_a_reason(db):
    made = rows(db, plans)
    for row in made:
        assert (row["state"] in {"waiting", "watching"}) is (row["due_at"] is not None)
        assert row["steps"]
    assert {row["state"] for row in made} >= {"reached"}
    assert all(row["because"]["why"] for row in rows(db, silences))
    assert any(row["because"]["why"] == "not_told" for row in rows(db, silences))


def test_nobody_who_refused_calls_has_a_call_before_them(db):
    refused = {row["id"] for row in rows(db, orders) if (row["wishes"] or {}).get("call") == "never"}
    calls = {row["order_id"] for row in rows(db, plans) if any(step["voice"] for step in row["steps"])}
    assert refused
    assert not refused & calls
