"""What the demo's database holds of orders when it opens: the tables agree with each other and with the rules."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from prilavok.app import House, build
from prilavok.demo import Size, open_if_empty, point_at
from prilavok.simulator.beyond import calls
from prilavok.store import inboxes
from prilavok.store.schema import conversations, identities, messages
from prilavok.store.schema_orders import attempts, order_events, order_keys, orders, plans, silences, tasks
from tests.house import settings_for


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("demo")
    settings = settings_for(f"sqlite:///{folder / 'prilavok.db'}", folder)
    said: list[str] = []
    assert open_if_empty(settings, Size(contacts=60, conversations=60, orders=120), said.append)
    assert [line for line in said if "60 conversations" in line], "whoever waits sees how far it is"
    made = build(settings)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def db(house: House) -> Iterator[Connection]:
    with house.engine.connect() as connection:
        yield connection


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


def test_a_restart_keeps_which_calls_are_open_and_begins_a_mailbox_anew(house):
    assert not open_if_empty(house.settings, lines=calls.LINES), "the shop that is there gets the new lines too"
    kept = {row["channel"]: row for row in house.bus.read_now(inboxes.everything)}
    with house.engine.begin() as db:
        for kind in ("asterisk", "email"):
            inboxes.change(db, kept[kind]["shop_id"], kept[kind]["id"], {"cursor": {"open": ["1.7"]}})
    point_at(house, SimpleNamespace(imap_port=1, smtp_port=2), {})
    cursors = {row["channel"]: row["cursor"] for row in house.bus.read_now(inboxes.everything)}
    assert (cursors["asterisk"], cursors["email"]) == ({"open": ["1.7"]}, None)
