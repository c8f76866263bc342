from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from prilavok.domain.capabilities import Capabilities, why_not, window_until
from prilavok.domain.conversation import PREVIEW, Status, continues, preview, rank
from prilavok.domain.receipt import RANK, Receipt, climbs

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
WAITING = st.tuples(st.none() | TIMES, TIMES)


@given(WAITING, WAITING)
def test_who_waits_stands_first_the_longest_waiting_at_the_top_then_the_latest(one, other):
    def place(of):
        waits, last = of
        return (0, waits) if waits else (1, -last.timestamp())

    millisecond = 1
    if abs(rank(*one) - rank(*other)) > millisecond:
        assert (rank(*one) < rank(*other)) == (place(one) < place(other))
    assert 0 <= rank(*one) < 1 << 53, "JavaScript reads it exactly"


@given(TIMES, st.floats(0, 400))
def test_only_a_closed_matter_ends_and_only_after_a_week(last, days):
    now = last + timedelta(days=days)
    assert continues(Status.OPEN, last, now)
    assert continues(Status.SNOOZED, last, now)
    assert continues(Status.CLOSED, last, now) is (days < 7)


@given(st.text(max_size=500), st.integers(0, 20))
def test_a_preview_is_one_short_line(text, files):
    shown = preview(text, files)
    assert len(shown) <= PREVIEW
    assert "\n" not in shown
    assert shown or not (text.split() or files)


class Message(RuleBasedStateMachine):
    """Receipts in any order, however often: what was known is never forgotten."""

    def __init__(self):
        super().__init__()
        self.receipt = None
        self.read = False

    @rule(came=st.sampled_from(Receipt))
    def hears(self, came):
        if climbs(self.receipt, came):
            self.receipt = came
        self.read = self.read or came is Receipt.READ

    @invariant()
    def read_stays_read(self):
        assert not self.read or self.receipt is Receipt.READ

    @invariant()
    def nothing_twice(self):
        assert self.receipt is None or not climbs(self.receipt, self.receipt)


TestReceiptsOnlyClimb = Message.TestCase


@given(st.sampled_from(Receipt), st.sampled_from(Receipt))
def test_of_two_receipts_at_most_one_tells_more(one, other):
    assert not (climbs(one, other) and climbs(other, one)) or Receipt.FAILED in {one, other}
    assert set(RANK) == set(Receipt)


def able(**more):
    return Capabilities(address_kind="opaque", **more)


def test_who_can_be_written_to():
    ask = {"reachable": True, "blocked_because": "", "last_inbound": NOW, "now": NOW + timedelta(hours=30)}
    assert why_not(able(), **ask) == ""
    assert why_not(able(reply_window_hours=24), **ask) == "window_shut"
    assert why_not(able(reply_window_hours=48), **ask) == ""
    assert why_not(able(), **{**ask, "last_inbound": None}) == "never_wrote"
    assert why_not(able(starts=True), **{**ask, "last_inbound": None}) == ""
    blocked = {**ask, "reachable": False, "blocked_because": "blocked"}
    assert why_not(able(starts=True), **blocked) == "unreachable: blocked"
    assert why_not(able(), **{**blocked, "blocked_because": ""}) == "unreachable"


def test_a_person_may_answer_longer_than_a_program_where_the_vendor_says_so():
    week = able(reply_window_hours=24, person_window_hours=168)
    known = {"reachable": True, "blocked_because": "", "last_inbound": NOW}
    assert why_not(week, **known, now=NOW + timedelta(days=6)) == "window_shut"
    assert why_not(week, **known, now=NOW + timedelta(days=6), person=True) == ""
    assert why_not(week, **known, now=NOW + timedelta(days=8), person=True) == "window_shut"
    assert why_not(able(reply_window_hours=24), **known, now=NOW + timedelta(days=6), person=True) == "window_shut"
    assert window_until(week, NOW, person=True) == NOW + timedelta(days=7)
    assert window_until(able(), NOW, person=True) is None


@given(st.floats(0.1, 1000), TIMES)
def test_a_window_is_open_until_it_says(hours, last):
    window = able(reply_window_hours=hours)
    until = window_until(window, last)
    known = {"reachable": True, "blocked_because": "", "last_inbound": last}
    assert why_not(window, **known, now=until) == ""
    assert why_not(window, **known, now=until + timedelta(seconds=1)) == "window_shut"
    assert window_until(able(), last) is window_until(window, None) is None
