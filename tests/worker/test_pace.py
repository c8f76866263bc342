from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.capabilities import RateLimit
from prilavok.worker.pace import Pace

LIMITS = st.lists(
    st.builds(
        RateLimit,
        messages=st.integers(1, 5),
        per=st.sampled_from([0.5, 1.0, 3.0, 60.0]),
        each=st.sampled_from(["inbox", "recipient"]),
    ),
    max_size=3,
).map(tuple)
ASKED = st.lists(st.tuples(st.floats(0, 5), st.sampled_from("абв")), max_size=40)


@given(LIMITS, ASKED)
def test_nobody_sends_faster_than_the_channel_takes_however_many_ask_at_once(limits, asked):
    pace = Pace(limits)
    now, sent = 100.0, []
    for passes, who in asked:
        now += passes
        at = now + pace.wait(who, now)
        pace.count(who, at)
        sent.append((at, who))
    for limit in limits:
        for who in {None} if limit.each == "inbox" else set("абв"):
            times = sorted(at for at, to in sent if who in {None, to})
            for first, over in zip(times, times[limit.messages :], strict=False):
                assert over - first >= limit.per - 1e-6


def test_a_pause_that_the_vendor_asked_for_holds_everybody():
    pace = Pace(())
    pace.pause(110.0)
    pace.pause(105.0)
    assert pace.wait("а", 100.0) == 10.0
    assert pace.wait("б", 111.0) == 0.0


def test_recipients_of_long_ago_are_forgotten():
    pace = Pace((RateLimit(1, 1.0, "recipient"),))
    for n in range(10_001):
        pace.count(f"who-{n}", 100.0 + n)
    assert len(pace._sent) < 10
