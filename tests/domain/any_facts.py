"""Any facts, any policy: what the decision must withstand."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from prilavok.domain.capabilities import Capabilities
from prilavok.domain.country import CLASSES
from prilavok.domain.facts import Facts, Hours, Occasion, OrderFacts, Preferences, Way
from prilavok.domain.order import Status
from prilavok.domain.plan import Purpose, Stage
from prilavok.domain.receipt import Receipt
from prilavok.domain.rules import BUILT_IN, Cap, Policy, Quiet, Rule
from prilavok.domain.wishes import DAYS, Call, Window, Wishes

Case = tuple[Occasion, Facts, datetime]
often = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = ("telegram", "whatsapp", "viber", "sms", "email", "vk", "phone", "webchat")
ZONES = (
    "Europe/Kyiv", "Europe/Moscow", "Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Africa/Casablanca", "UTC", "", "Mars/Olympus", "../x",
)  # fmt: skip
LAST_SUNDAYS = (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC))


def times() -> st.SearchStrategy[datetime]:
    """Anywhere in years, and often near a change of the clocks."""
    anywhere = st.datetimes(datetime(2009, 1, 1), datetime(2039, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    near = st.builds(
        lambda day, minutes: day + timedelta(minutes=minutes), st.sampled_from(LAST_SUNDAYS), st.integers(-1500, 1500)
    )
    return anywhere | near


def media() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(WORDS), max_size=3, unique=True).map(tuple)


clocks = st.none() | st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from([0, 30, 59]))
windows = st.builds(Window, clocks, clocks, st.sampled_from(DAYS), st.booleans()) | st.just(Window("25:99", "soon"))
maybe_windows = st.none() | windows
wishes = st.builds(
    Wishes,
    call=st.sampled_from(Call),
    preferred_channels=media(),
    forbidden_channels=media(),
    contact_window=maybe_windows,
)


@st.composite
def ways(draw: st.DrawFn) -> Way:
    word = draw(st.sampled_from(WORDS))
    voice = word == "phone"
    able = Capabilities(
        address_kind="email" if word == "email" else "phone" if voice or word == "sms" else "chat",
        receipts=draw(st.frozensets(st.sampled_from([Receipt.SENT, Receipt.DELIVERED, Receipt.READ]))),
        cost=draw(st.sampled_from(["free", "low", "per message", "gold"])),
        public=draw(st.booleans()) and draw(st.booleans()),
        rings=voice or word == "sms",
        voice=voice,
        medium=word,
    )
    seen = st.none() | times()
    return Way(
        channel=word,
        address=draw(st.sampled_from(["a", "b"])),
        able=able,
        inbox_id=draw(st.sampled_from(["1", "2"])),
        reachable=draw(st.sampled_from([True, True, True, False])),
        refusal=draw(st.sampled_from(["", "", "", "", "never_wrote", "window_shut", "unreachable: blocked"])),
        paused=draw(st.sampled_from([False, False, False, True])),
        last_inbound=draw(seen),
        last_read=draw(seen),
    )


orders = st.builds(
    OrderFacts,
    status=st.sampled_from(Status),
    paid=st.booleans(),
    wishes=wishes,
    comment_unread=st.booleans(),
)
preferences = st.builds(
    Preferences,
    call=st.sampled_from(Call),
    preferred_channels=media(),
    forbidden_channels=media(),
    contact_window=maybe_windows,
    consents=st.dictionaries(st.sampled_from(["promotion", "review", "survey"]), st.booleans()),
)
shifts = st.lists(
    st.tuples(st.integers(0, 6), st.times(time(0), time(12)), st.times(time(12, 1), time(23, 59))), max_size=4
).map(tuple)
kinds = st.sampled_from([*BUILT_IN.rules, "unheard_of"])


@st.composite
def cases(draw: st.DrawFn) -> tuple[Occasion, Facts, datetime]:
    """An occasion, the facts around it, and the present moment."""
    now = draw(times())
    occasion = Occasion(
        kind=draw(kinds),
        at=now - timedelta(minutes=draw(st.sampled_from([-600, 0, 0, 1, 3, 60, 5000, 60000]))),
        key=draw(st.sampled_from(["", "", "2"])),
        urgent=draw(st.booleans()),
        by_customer=draw(st.booleans()),
    )
    near = st.integers(-1, 9).map(lambda days: date.fromordinal(now.toordinal() + days))
    recent = st.lists(st.integers(0, 20000).map(lambda minutes: now - timedelta(minutes=minutes)), max_size=15)
    values: dict[str, Any] = {
        "ways": tuple(draw(st.lists(ways(), max_size=6))),
        "zone": draw(st.sampled_from(ZONES)),
        "country": draw(st.sampled_from(["UA", "RU", "GB", "US", "FR", "SE", "PL", "", "XX"])),
        "order": draw(st.none() | orders),
        "preferences": draw(preferences),
        "hours": draw(st.none() | st.builds(Hours, zone=st.sampled_from(ZONES), open=shifts)),
        "holidays": draw(st.frozensets(near, max_size=5)),
        "told": draw(st.frozensets(st.sampled_from([*BUILT_IN.rules, "failed_attempt:2"]), max_size=2)),
        "recent": tuple(draw(recent)),
        "complaint_open": draw(st.booleans()),
        "tried": draw(st.frozensets(st.tuples(st.sampled_from(WORDS), st.just("a")), max_size=2)),
    }
    return occasion, Facts(**values), now


quiets = st.builds(Quiet, st.integers(0, 1439), st.integers(0, 1439))
some_media = st.lists(st.sampled_from([*CLASSES, *WORDS]), max_size=5, unique=True).map(tuple)
rules = st.builds(
    Rule,
    stage=st.sampled_from(Stage),
    purpose=st.sampled_from(Purpose),
    tell=st.sampled_from([True, True, True, False]),
    media=some_media,
    rungs=st.integers(0, 6),
    wait_for=st.sampled_from([Receipt.SENT, Receipt.DELIVERED, Receipt.READ]),
    within=st.lists(st.integers(0, 90000), max_size=3).map(tuple),
    insist=st.booleans(),
    digest=st.sampled_from([0, 60, 900]),
    stale_after=st.sampled_from([0, 3600]),
    until=st.none() | st.sampled_from(Status),
    until_paid=st.booleans(),
)
any_policies = st.builds(
    Policy,
    rules=st.fixed_dictionaries({}, optional=dict.fromkeys(BUILT_IN.rules, rules)),
    quiet_messages=quiets,
    quiet_calls=quiets,
    quiet_at=st.dictionaries(st.sampled_from(Stage), st.tuples(quiets, quiets), max_size=2),
    caps=st.dictionaries(st.sampled_from(Purpose), st.builds(Cap, st.integers(0, 5), st.integers(0, 9))),
    answer_own_act_within=st.sampled_from([0, 1800, 100000]),
    no_calls_on=st.frozensets(st.integers(0, 6)),
    calls_on_holidays=st.booleans(),
    no_promotion_on=st.frozensets(st.integers(0, 6)),
    promotion_on_holidays=st.booleans(),
    prefer=st.sampled_from(["habit", "cost"]),
    habits=st.dictionaries(st.sampled_from(["UA", "GB"]), some_media),
    version=st.integers(0, 9),
)
policies = st.just(BUILT_IN) | any_policies
