"""What a colleague may never do by pressing “Call”, over any facts and any policy."""

from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.calling import UNDER_WAY, may_ring
from prilavok.domain.facts import Facts
from prilavok.domain.rules import BUILT_IN, Policy
from prilavok.domain.wishes import Call, Window
from tests.domain.any_facts import ZONES, often, orders, preferences, quiets, times
from tests.domain.test_policy_rules import is_night, minute_at

Matter = tuple[Facts, bool]


@st.composite
def customers(draw: st.DrawFn) -> tuple[list[Matter], Policy, datetime]:
    """One person with some orders (or none): each with whether it is urgent; what a shop may edit of calls."""
    facts = Facts(
        ways=(),
        zone=draw(st.sampled_from(ZONES)),
        country=draw(st.sampled_from(["UA", "GB", "US", ""])),
        order=None,
        preferences=draw(preferences),
    )
    known = draw(st.lists(st.tuples(orders, st.booleans()), max_size=2))
    matters = [(facts._replace(order=order), urgent) for order, urgent in known]
    policy = replace(BUILT_IN, quiet_calls=draw(quiets), no_calls_on=draw(st.frozensets(st.integers(0, 6), max_size=2)))
    return matters or [(facts, draw(st.booleans()))], policy, draw(times())


def refuses(facts: Facts) -> bool:
    said = [facts.preferences, *([facts.order.wishes] if facts.order is not None else [])]
    return any(one.call is Call.NEVER or "phone" in one.forbidden_channels for one in said)


def unread(facts: Facts) -> bool:
    return facts.order is not None and facts.order.comment_unread


def minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def named_hours(facts: Facts) -> Window | None:
    """The hours that the customer has named exactly, where there is no doubt which."""
    wished = facts.order.wishes.contact_window if facts.order is not None else None
    found = [one for one in (wished, facts.preferences.contact_window) if one is not None]
    if len(found) != 1 or found[0].vague or not found[0].from_ or not found[0].to:
        return None
    sane = found[0].from_ < found[0].to < "24"
    return found[0] if sane else None


@often
@given(customers())
def test_nobody_rings_against_the_customers_word_at_night_or_before_delivery_without_a_reason(
    customer: tuple[list[Matter], Policy, datetime],
) -> None:
    matters, policy, now = customer
    calm, pressing = (
        may_ring([(facts, urgent or said) for facts, urgent in matters], policy, now) for said in (False, True)
    )
    if any(forbids(facts, now) for facts, _ in matters):
        assert calm.because
        assert pressing.because
    if not any(urgent or (facts.order and facts.order.status in UNDER_WAY) for facts, urgent in matters):
        assert calm.because  # before delivery a person says why it cannot wait
    # A reason takes no call away, and helps where it is said to help.
    assert not pressing.urgent_helps
    assert bool(pressing.because) == bool(calm.because and not calm.urgent_helps)


def forbids(facts: Facts, now: datetime) -> bool:
    """Whatever the reason and the policy."""
    window = named_hours(facts)
    outside = window is not None and not minutes(window.from_) <= minute_at(facts, now) <= minutes(window.to)
    return refuses(facts) or unread(facts) or outside or is_night(facts, now, 21 * 60, 8 * 60)
