"""The owner edits the policy; what can never be edited away is refused by name."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prilavok.domain.editing import as_mapping, editable, policy_from
from prilavok.domain.errors import BadInput
from prilavok.domain.rules import BUILT_IN, Policy


def test_the_built_in_policy_survives_being_stored() -> None:
    assert policy_from(as_mapping(BUILT_IN)) == BUILT_IN
    assert policy_from({}) == BUILT_IN


def test_an_edited_policy_survives_being_stored() -> None:
    edited = policy_from(
        {
            "rules": {"shipped": {"media": ["telegram", "sms"], "within": [600], "digest": 0, "tell": True}},
            "quiet_messages": {"from": "20:00", "to": "10:00"},
            "quiet_at": {"payment": {"calls": {"from": "18:00", "to": "12:00"}}},
            "caps": {"promotion": {"messages": 1, "days": 30}},
            "habits": {"GB": ["sms", "mail"]},
            "no_calls_on": [5, 6],
            "prefer": "cost",
        },
        version=3,
    )  # fmt: skip
    assert edited.rules["shipped"].media == ("telegram", "sms")
    assert edited.no_calls_on == {5, 6}
    assert policy_from(as_mapping(edited), version=3) == edited


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"rules": {"placed": {"media": ["messenger", "call"]}}}, "rules.placed.media"),
        ({"rules": {"promotion": {"purpose": "transactional"}}}, "rules.promotion.purpose"),
        ({"rules": {"placed": {"stage": "delivery"}}}, "rules.placed.stage"),
        ({"quiet_calls": {"from": "22:00", "to": "08:00"}}, "quiet_calls"),
        ({"quiet_messages": {"from": "00:00", "to": "06:00"}}, "quiet_messages"),
        ({"quiet_at": {"payment": {"calls": {"from": "12:00", "to": "13:00"}}}}, "quiet_at.payment.calls"),
        ({"quiet_messages": {"from": "09:00", "to": "08:59"}}, "quiet_messages"),
        ({"rules": {"placed": {"media": []}}}, "rules.placed.media"),
        ({"rules": {"unheard_of": {}}}, "rules.unheard_of"),
        ({"rules": {"placed": {"within": []}}}, "rules.placed.within"),
        ({"rules": {"placed": {"within": [1]}}}, "rules.placed.within"),
        ({"rules": {"placed": {"rungs": True}}}, "rules.placed.rungs"),
        ({"rules": {"placed": {"wait_for": "thanks"}}}, "rules.placed.wait_for"),
        ({"rules": []}, "rules"),
        ({"no_calls_on": ["someday"]}, "no_calls_on"),
        ({"caps": {"promotion": {"messages": 0}}}, "caps.promotion.messages"),
        ({"habits": {"Britain": []}}, "habits"),
        ({"prefer": "luck"}, "prefer"),
        ({"hours": {}}, "hours"),
    ],
)  # fmt: skip
def test_nonsense_and_what_cannot_be_edited_away_is_refused_by_field(data: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        policy_from(data)
    assert refused.value.field == field
    assert refused.value.reason


words = st.sampled_from(["call", "21:00", "sun", "", "messenger", "email"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 100000) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(["placed", "shipped", "from", "to", "payment", "GB", "promotion"])
deeper = st.sampled_from(["media", "within", "from", "to", "messages", "days"])
sections = st.dictionaries(
    st.sampled_from(["rules", "quiet_messages", "quiet_at", "no_calls_on", "caps", "habits", "prefer"]),
    json_values | st.dictionaries(names, json_values | st.dictionaries(deeper, json_values)),
)


def outcome(data: dict[str, Any]) -> Policy | BadInput:
    try:
        return policy_from(data)
    except BadInput as refused:
        return refused


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sections)
def test_whatever_is_sent_either_is_a_policy_or_is_refused_with_a_reason(data: dict[str, Any]) -> None:
    found = outcome(data)
    assert found.reason if isinstance(found, BadInput) else policy_from(as_mapping(found)) == found


def test_the_editor_knows_where_calls_may_be_allowed() -> None:
    offered = editable()["rules"]
    assert offered["failed_attempt"]["may_call"]
    assert not offered["placed"]["may_call"]
