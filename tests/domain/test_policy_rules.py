"""What no policy can edit away, over any facts and any policy."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings

from prilavok.domain.country import habit_of
from prilavok.domain.facts import Facts
from prilavok.domain.hours import zone_of
from prilavok.domain.plan import Plan, Purpose, Silence, Stage, Why
from prilavok.domain.policy import decide
from prilavok.domain.rules import BUILT_IN, Policy, Quiet
from prilavok.domain.wishes import Call
from prilavok.domain.written import told_once
from tests.domain.any_facts import Case, cases, often, policies

MAY_KEEP_QUIET = {Why.TOLD_ALREADY, Why.OVERTAKEN, Why.NOT_TOLD, Why.STOPPED, Why.NO_CHANNEL}


def minute_at(facts: Facts, at: datetime) -> int:
    local = at.astimezone(zone_of(facts.zone) or zone_of(habit_of(facts.country).zone))
    return local.hour * 60 + local.minute


def is_night(facts: Facts, at: datetime, start: int, end: int) -> bool:
    minute = minute_at(facts, at)
    return start <= minute < end if start < end else start != end and (minute >= start or minute < end)


def nobody_is_called_before_the_delivery_unless_a_person_said_it_is_urgent(case: Case, policy: Policy) -> None:
    occasion, facts, now = case
    decision = decide(occasion, facts, policy, now)
    if isinstance(decision, Plan) and any(step.voice for step in decision.steps):
        assert decision.stage is Stage.DELIVERY or occasion.urgent


def the_telephone_is_silent_in_quiet_hours_and_so_is_an_sms(case: Case, policy: Policy) -> None:
    occasion, facts, now = case
    decision = decide(occasion, facts, policy, now)
    if not isinstance(decision, Plan):
        return
    own = policy.quiet_at.get(decision.stage, (policy.quiet_messages, policy.quiet_calls))
    rings = {(way.channel, way.inbox_id, way.address): way.able.rings for way in facts.ways}
    for step in decision.steps:
        if step.voice:
            assert not is_night(facts, step.at, 21 * 60, 8 * 60)
        if rings[step.channel, step.inbox_id, step.address]:
            assert not is_night(facts, step.at, 23 * 60, 7 * 60)
        if step.voice and not _whole_day(own[1].start, own[1].end):
            assert not is_night(facts, step.at, own[1].start, own[1].end)


def the_built_in_nights_are_kept_unless_the_customer_acts_or_named_the_hour(case: Case, _policy: Policy) -> None:
    occasion, facts, now = case
    decision = decide(occasion, facts, BUILT_IN, now)
    wished = facts.preferences.contact_window or (facts.order and facts.order.wishes.contact_window)
    rings = {(way.channel, way.inbox_id, way.address): way.able.rings for way in facts.ways}
    for position, step in enumerate(decision.steps if isinstance(decision, Plan) else ()):
        loud = rings[step.channel, step.inbox_id, step.address]
        answers = position == 0 and occasion.by_customer
        if loud or not (wished or answers):
            assert not is_night(facts, step.at, 21 * 60, 9 * 60)


def what_the_customer_refused_is_never_used(case: Case, policy: Policy) -> None:
    occasion, facts, now = case
    decision = decide(occasion, facts, policy, now)
    refused = set(facts.preferences.forbidden_channels)
    calls = {facts.preferences.call}
    if facts.order is not None:
        refused |= set(facts.order.wishes.forbidden_channels)
        calls.add(facts.order.wishes.call)
    word = facts.order.wishes.call if facts.order is not None else Call.NO_STATEMENT
    word = facts.preferences.call if word is Call.NO_STATEMENT else word
    for step in decision.steps if isinstance(decision, Plan) else ():
        assert step.channel not in refused
        if step.voice:
            assert "phone" not in refused
            assert Call.NEVER not in calls
            assert facts.order is None or not facts.order.comment_unread
            assert word is not Call.ONLY_IF_URGENT or occasion.urgent
            assert word is not Call.BEFORE_ARRIVAL or decision.stage is Stage.DELIVERY


def nobody_is_advertised_to_without_their_consent_or_with_a_complaint_open(case: Case, policy: Policy) -> None:
    occasion, facts, now = case
    decision = decide(occasion, facts, policy, now)
    if not isinstance(decision, Plan) or decision.purpose is Purpose.TRANSACTIONAL:
        return
    assert not facts.complaint_open
    if decision.purpose is Purpose.PROMOTION:
        assert facts.preferences.consents.get("promotion") is True


def what_the_customer_needs_to_know_waits_and_never_vanishes(case: Case, policy: Policy) -> None:
    occasion, facts, now = case
    decision = decide(occasion, facts, policy, now)
    rule = policy.rules.get(occasion.kind)
    if isinstance(decision, Silence) and rule is not None and rule.purpose is Purpose.TRANSACTIONAL:
        assert decision.because.why in MAY_KEEP_QUIET
        assert decision.needs_person == (decision.because.why is Why.NO_CHANNEL)
    if isinstance(decision, Silence) and decision.because.why is Why.NO_CHANNEL:
        assert len(decision.rejected) >= len(facts.ways)


def every_address_is_spoken_of_once(plan: Plan) -> None:
    """Twice only where two lines reach it and differ; then each has its line's name."""
    told = told_once(plan.rejected, plan.steps)
    used = [(step.channel, step.address) for step in plan.steps]
    spoken = Counter([*used, *((one.channel, one.address) for one in told)])
    assert spoken.keys() == {*used, *((one.channel, one.address) for one in plan.rejected)}, "nothing is left out"
    assert all(bool(one.inbox_id) == (spoken[one.channel, one.address] > 1 and one.address != "") for one in told)
    assert not [one for one in told if one.because.why is Why.SAME_ADDRESS]


def every_choice_and_every_refusal_has_its_reason(case: Case, policy: Policy) -> None:
    occasion, facts, now = case
    decision = decide(occasion, facts, policy, now)
    assert decision.policy_version == policy.version
    if isinstance(decision, Plan):
        assert decision.steps
        assert all(step.because for step in decision.steps)
        used = [(step.channel, step.inbox_id, step.address) for step in decision.steps]
        assert len({(channel, address) for channel, _, address in used}) == len(used), "no address twice"
        rejected = [one for one in decision.rejected if one.because.why is not Why.NOT_CONNECTED]
        assert len(used) + len(rejected) == len(facts.ways), "every way is chosen or rejected"
        every_address_is_spoken_of_once(decision)
        times = [step.at for step in decision.steps]
        assert all(a < b for a, b in itertools.pairwise(times))
        assert times[0] >= now
        assert all(at.tzinfo is UTC for at in times)
        assert [step.wait_for is None for step in decision.steps] == [False] * (len(used) - 1) + [True]
        assert not {(step.channel, step.address) for step in decision.steps} & facts.tried


PROMISES = (
    nobody_is_called_before_the_delivery_unless_a_person_said_it_is_urgent,
    the_telephone_is_silent_in_quiet_hours_and_so_is_an_sms,
    the_built_in_nights_are_kept_unless_the_customer_acts_or_named_the_hour,
    what_the_customer_refused_is_never_used,
    nobody_is_advertised_to_without_their_consent_or_with_a_complaint_open,
    what_the_customer_needs_to_know_waits_and_never_vanishes,
    every_choice_and_every_refusal_has_its_reason,
)


@settings(often, max_examples=250)
@given(cases(), policies)
def test_every_decision_keeps_every_promise(case: Case, policy: Policy) -> None:
    """All of them at once: to think up a case takes a hundred times as long as to look at what was decided of it."""
    occasion, facts, now = case
    assert decide(occasion, facts, policy, now) == decide(occasion, facts, policy, now), "the same facts, the same plan"
    for promise in PROMISES:
        promise(case, policy)


def _whole_day(start: int, end: int) -> bool:
    """Quiet hours that leave no hour at all, together with those of every policy, count as those alone."""
    return start == end or not any(
        not (start <= minute < end if start < end else minute >= start or minute < end) for minute in range(480, 1260)
    )


def test_a_policy_without_nights_has_those_that_no_owner_can_take_away() -> None:
    """The editor refuses such a policy; should one be stored nevertheless, the customers sleep."""
    sleepless = replace(BUILT_IN, quiet_messages=Quiet(0, 1), quiet_calls=Quiet(0, 1), quiet_at={})
    for messages, calls in sleepless.hours.values():
        assert messages == ((7 * 60, 23 * 60),)
        assert calls == ((8 * 60, 21 * 60),)
