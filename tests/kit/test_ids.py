import os
import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.kit import ids
from prilavok.kit.ids import is_id, new_id, new_ids, new_token, time_of


def test_an_id_is_a_uuid_of_version_7_in_its_usual_spelling():
    made = new_id()
    parsed = uuid.UUID(made)
    assert (parsed.version, parsed.variant, str(parsed)) == (7, uuid.RFC_4122, made)
    assert is_id(made)


def test_ids_ascend_even_within_a_millisecond():
    many = [new_id() for _ in range(5000)]
    assert many == sorted(set(many))
    batch = new_ids(5000)
    assert batch == sorted(set(batch))
    assert batch[0] > many[-1]


def test_ids_ascend_when_the_clock_is_set_back(monkeypatch):
    before = new_id()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_000_000_000)
    after = new_ids(100)
    assert after == sorted(after)
    assert after[0] > before


def test_many_threads_never_share_an_id():
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.extend(new_id() for _ in range(2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8000


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_does_not_repeat_its_parents_random_bytes():
    new_id()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, new_id()[19:].encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reading, 100).decode()
    os.close(reading)
    os.close(writing)
    assert len(theirs) == 17
    assert theirs != new_id()[19:]


def test_an_id_tells_when_it_was_made():
    before = datetime.now(UTC) - timedelta(seconds=1)
    assert before < time_of(new_id()) < datetime.now(UTC) + timedelta(seconds=1)


@given(st.integers(0, 253402300799999))
def test_every_time_comes_back_to_the_millisecond(milliseconds):
    made = ids.head_of(milliseconds) + "fff-8000-000000000000"
    assert time_of(made) == ids.EPOCH + timedelta(milliseconds=milliseconds)


@given(st.integers(0, (1 << 48) - 1), st.integers(0, (1 << 48) - 1))
def test_the_spelling_sorts_as_the_time_does(one, other):
    assert (ids.head_of(one) < ids.head_of(other)) == (one < other)


def test_an_id_still_ascends_when_a_millisecond_is_full(monkeypatch):
    monkeypatch.setattr(ids.time, "time_ns", lambda: 2_000_000_000_000_000_000_000)
    many = new_ids(3 * ids.COUNTS)
    assert many == sorted(set(many))
    monkeypatch.undo()
    ids.source.__init__()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        None,
        7,
        "018f3c1e-7b2a-7c3d-8e4f-1234567890A1",
        "018f3c1e7b2a7c3d8e4f1234567890a1",
        "018f3c1e-7b2a-4c3d-8e4f-1234567890a1",
        "018f3c1e-7b2a-7c3d-ce4f-1234567890a1",
        "{018f3c1e-7b2a-7c3d-8e4f-1234567890a1}",
        "018f3c1e-7b2a-7c3d-8e4f-1234567890a1\n",
        " 018f3c1e-7b2a-7c3d-8e4f-1234567890a1",
        "018f3c1e-7b2a-7c3d-8e4f-1234567890a١",
    ],
)
def test_nothing_else_passes_for_an_id(text):
    assert not is_id(text)


def test_the_time_of_something_else_is_an_error():
    with pytest.raises(ValueError, match="not an id"):
        time_of("yesterday")
    with pytest.raises(ValueError, match="calendar"):
        time_of("ffffffff-ffff-7000-8000-000000000000")


def test_tokens_are_long_and_never_repeat():
    many = {new_token() for _ in range(100)}
    assert len(many) == 100
    assert all(len(token) == 43 and token.replace("-", "").replace("_", "").isalnum() for token in many)
    with pytest.raises(ValueError, match="guessed"):
        new_token(8)
