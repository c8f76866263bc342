"""Receipts, answers, events and hours in any order: whatever happens, nothing is said twice and nothing is lost."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prilavok.domain.errors import TryLater, Undeliverable
from prilavok.flows import attempt
from tests.telling import Counter, wednesday

KINDS = ("confirmed", "paid", "shipped", "out_for_delivery", "delayed", "delivered", "cancelled", "failed_attempt")
ENDED = {"reached", "unreached", "stopped"}
acts = st.lists(
    st.one_of(
        st.tuples(st.just("time"), st.sampled_from([30, 200, 3_700, 15_000, 40_000])),
        st.tuples(st.just("happens"), st.sampled_from(KINDS)),
        st.tuples(st.just("receipt"), st.integers(0, 9), st.sampled_from(["delivered", "read", "failed"])),
        st.tuples(st.just("answer"), st.sampled_from(["dove", "owl", "rooster"])),
        st.tuples(st.just("vendor"), st.sampled_from(["down", "refuses", "perhaps", "well"])),
        st.tuples(
            st.just("lost lease"),
        ),
    ),
    min_size=1,
    max_size=14,
)
MOODS = {
    "down": lambda: TryLater("it is down", after=300),
    "refuses": lambda: Undeliverable("it refuses"),
    "perhaps": lambda: TryLater("the line broke", perhaps_sent=True),
}


@pytest.fixture
def house(open_house):
    return open_house(work=False)


@pytest.fixture
def counter(shop, loft, runner):
    return runner.run(Counter.open(shop, loft))


def test_whatever_happens_nothing_is_said_twice_and_nothing_is_lost(counter, runner, loft):
    numbers = iter(range(10_000))

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts)
    @example([("time", 30_000), ("happens", "out_for_delivery"), ("time", 15_000), ("happens", "out_for_delivery")])
    def check_story(told):
        runner.run(_story(counter, loft, f"story-{next(numbers)}", told))

    check_story()


async def _story(counter, loft, number, told):
    loft.always.clear()
    counter.shop.clock.now = wednesday(counter.now)
    who = f"olena-{number}"
    addresses = {"dove": who, "owl": f"{who}@example.org", "rooster": ""}
    order_id = await counter.placed(number, by=who, email=addresses["owl"], phone="")
    for act, *given_ in told:
        await _do(counter, loft, order_id, addresses, act, given_)
    loft.always.clear()
    for _ in range(12):
        await counter.later(hours=13)
    await _check(counter, loft, order_id, addresses)


async def _do(counter, loft, order_id, addresses, act, given_):
    match act:
        case "time":
            await counter.later(seconds=given_[0])
        case "happens":
            await counter.happens(order_id, given_[0], key="1" if given_[0] == "failed_attempt" else "")
        case "receipt":
            place, receipt = given_
            flown = said_to(counter, loft, addresses)
            if flown:
                inbox, outbound = flown[place % len(flown)]
                await counter.receipt(outbound, receipt, inbox=inbox)
        case "answer":
            name = given_[0] if addresses[given_[0]] else "dove"
            await counter.writes("Добре", inbox=inboxes(counter)[name], who=addresses[name])
        case "vendor":
            mood = MOODS.get(given_[0])
            for inbox in inboxes(counter).values():
                loft.always[inbox.id] = mood() if mood else None
        case "lost lease":
            await counter.do(lambda unit: attempt.due(unit, 5))


async def _check(counter, loft, order_id, addresses):
    plans = await counter.plans(order_id)
    assert {one["state"] for one in plans} <= ENDED, [(one["kind"], one["state"], one["due_at"]) for one in plans]
    assert all(one["due_at"] is None and one["lease_until"] is None for one in plans)
    rungs = await counter.attempts(order_id)
    keys = [(one["plan_id"], one["position"]) for one in rungs]
    assert len(set(keys)) == len(keys)
    for plan in plans:
        mine = [one for one in rungs if one["plan_id"] == plan["id"]]
        assert [one["position"] for one in mine] == list(range(len(mine)))
        assert len({(one["channel"], one["address"]) for one in mine}) == len(mine)
        if plan["state"] == "reached":
            assert any(one["state"] == "sent" for one in mine) or plan["because"]["data"]["by"] != "receipt"
        if plan["state"] == "unreached":
            assert any(task["because"][0]["why"] == "no_channel" for task in await counter.tasks(order_id))
    # A vendor may be handed one message again after it was busy; never two messages of one rung.
    sent = {outbound.message_id for _, outbound in said_to(counter, loft, addresses)}
    assert sent <= {one["message_id"] for one in rungs}
    # Out for delivery on two days is two occasions: what may happen again is told apart by its day.
    told = [(one["kind"], one["key"]) for plan in plans for one in plan["occasions"]]
    assert len(told) == len(set(told))
    assert all(one["created_at"] - plans[0]["decided_at"] < timedelta(days=8) for one in rungs)


def inboxes(counter):
    return {"dove": counter.dove, "owl": counter.owl, "rooster": counter.rooster}


def said_to(counter, loft, addresses):
    return [
        (inbox, outbound)
        for name, inbox in inboxes(counter).items()
        for outbound in loft.flown[inbox.id]
        if outbound.address == addresses[name]
    ]
