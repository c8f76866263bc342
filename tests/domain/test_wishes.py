"""Wishes are stored, edited and brought back unharmed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.errors import BadInput
from prilavok.domain.wishes import CHANNELS, DAYS, Call, Reading, Window, Wishes, as_mapping, labels, wishes_from

CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
WINDOWS = st.builds(Window, st.none() | CLOCKS, st.none() | CLOCKS, st.sampled_from(DAYS), st.booleans())
NAMES = st.lists(st.sampled_from(CHANNELS), unique=True).map(tuple)
SHORT = st.none() | st.text(min_size=1, max_size=20)
WISHES = st.builds(
    Wishes,
    st.sampled_from(Call), NAMES, NAMES, st.none() | WINDOWS, st.none() | WINDOWS, SHORT, SHORT, SHORT, SHORT,
    st.booleans(), st.booleans(), st.none() | st.integers(1, 10**6) | st.floats(0.5, 1e6), st.booleans(),
)  # fmt: skip


@given(WISHES)
def test_what_is_stored_comes_back(wishes):
    assert wishes_from(json.loads(json.dumps(as_mapping(wishes)))) == wishes


def test_nothing_stored_is_nothing_wished():
    assert wishes_from({}) == Wishes()


@pytest.mark.parametrize(
    ("stored", "field"),
    [
        ({"call": "perhaps"}, "call"),
        ({"call": ["never"]}, "call"),
        ({"mood": "good"}, "mood"),
        ({"preferred_channels": "telegram"}, "preferred_channels"),
        ({"forbidden_channels": ["pigeon"]}, "forbidden_channels"),
        ({"forbidden_channels": [1]}, "forbidden_channels"),
        ({"contact_window": "evening"}, "contact_window"),
        ({"contact_window": {"from": "6 pm"}}, "contact_window"),
        ({"delivery_window": {"to": "25:00"}}, "delivery_window"),
        ({"delivery_window": {"days": "mondays"}}, "delivery_window"),
        ({"delivery_window": {"until": "18:00"}}, "delivery_window"),
        ({"intercom": 45}, "intercom"),
        ({"floor": "5" * 100}, "floor"),
        ({"gift": "yes"}, "gift"),
        ({"change_from": -5}, "change_from"),
        ({"change_from": float("nan")}, "change_from"),
        ({"change_from": True}, "change_from"),
    ],
)
def test_an_agent_is_told_what_cannot_be_wished(stored, field):
    with pytest.raises(BadInput) as refused:
        wishes_from(stored)
    assert refused.value.field == field
    assert refused.value.reason


def test_labels_say_whether_a_person_must_read():
    assert labels(Reading(Wishes(gift=True), needs_human=True)) == {
        **as_mapping(Wishes(gift=True)),
        "free_text_needs_human": True,
    }
