"""The load harness: only at home, never without end, and honest about those who waited."""

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.channels.registry import all_channels
from prilavok.domain.errors import BadInput
from prilavok.simulator import load
from prilavok.simulator.load import timing
from prilavok.simulator.load.elsewhere import NOT_DRIVEN
from prilavok.simulator.load.shop import Shop
from prilavok.simulator.load.timing import Latencies, at_rate
from prilavok.simulator.load.vendor import Vendor, line_of
from prilavok.simulator.load.wire import loopback


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example",
        "http://10.0.0.1:8000",
        "http://127.0.0.1.example",
        "http://0.0.0.0",
        "https://127.0.0.1",
        "http://[::ffff:10.0.0.1]:80",
        "ftp://127.0.0.1",
        "",
    ],
)
def test_it_presses_on_no_other_machine(url):
    with pytest.raises(BadInput):
        loopback(url)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("http://localhost", ("127.0.0.1", 80)),
        ("http://[::1]:9", ("::1", 9)),
    ],
)
def test_this_machine_is_known_by_all_its_names(url, address):
    assert loopback(url) == address


@pytest.mark.parametrize("wrong", [{"seconds": 601}, {"hooks": 0}, {"agents": -1}, {"visitors": 25_001}])
def test_it_is_bounded_in_count_and_time(wrong):
    with pytest.raises(BadInput):
        load.Plan(**wrong).check()
    with pytest.raises(BadInput):
        load.run(["flood"], load.Plan())
    with pytest.raises(BadInput):
        load.run([], load.Plan(), url="http://127.0.0.1:1")


def test_a_channel_without_a_vendor_is_refused_before_anything_starts():
    with pytest.raises(BadInput, match="There is no vendor of “pigeon” here"):
        load.Plan(channel="pigeon").check()


async def test_a_vendors_deliveries_are_signed_in_advance_and_one_that_is_asked_makes_none():
    shop = Shop(("127.0.0.1", 9), "token")
    viber = Vendor(line_of("viber"), ("127.0.0.1", 8))
    assert viber.settings["api_base"] == "http://127.0.0.1:8/pa"
    made = await viber.deliveries(shop, "http://127.0.0.1:9/hooks/k", 3, customers=2)
    assert [one.startswith(b"POST /hooks/k HTTP/1.1") and b"x-viber-content-signature" in one for one in made] == [
        True
    ] * 3
    asked = Vendor(line_of("wildberries"), ("127.0.0.1", 8))
    assert await asked.deliveries(shop, "http://127.0.0.1:9/hooks/k", 1, customers=1) == []


@pytest.mark.parametrize("kind", ["smsc", "mango", "binotel", "sip", "twilio_voice", "zadarma"])
async def test_a_text_and_a_call_are_told_as_their_vendors_do(kind):
    vendor = Vendor(line_of(kind), ("127.0.0.1", 8))
    made = await vendor.deliveries(Shop(("127.0.0.1", 9), "token"), "http://127.0.0.1:9/hooks/k", 2, customers=2)
    await vendor.office.close()
    assert len(made) >= 2
    assert all(one.startswith(b"POST /hooks/k") for one in made)


@pytest.mark.parametrize("kind", sorted(all_channels()))
def test_every_channel_is_pressed_on_or_says_why_not(kind):
    if kind in NOT_DRIVEN:
        with pytest.raises(BadInput, match=r"cannot be pressed on: .{30}"):
            load.Plan(channel=kind).check()
        return
    load.Plan(channel=kind).check()
    if kind != "api":
        settings = Vendor(line_of(kind), ("127.0.0.1", 8)).settings
        assert settings.keys() <= set(all_channels()[kind].Config.__struct_fields__)


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=200), st.integers(0, 50), st.floats(0.01, 1))
def test_what_never_came_counts_as_endless(seconds, missing, share):
    found = Latencies(list(seconds), expected=len(seconds) + missing)
    value = found.percentile(share)
    within = sum(one <= value for one in seconds) + (missing if value == math.inf else 0)
    assert within >= share * found.expected - 1e-6
    assert found.percentile(1.0) == (math.inf if missing else max(seconds))


def test_who_comes_while_the_server_stands_still_is_charged_for_the_whole_wait():
    async def run() -> list[float]:
        loop = asyncio.get_running_loop()
        one_at_a_time = asyncio.Lock()
        waited: list[float] = []

        async def act(number: int, moment: float) -> None:
            async with one_at_a_time:
                if number == 0:
                    await asyncio.sleep(0.2)
                waited.append(loop.time() - moment)

        await at_rate(11, 100, act)
        return waited

    waited = asyncio.run(run())
    assert len(waited) == 11
    # Each came a hundredth of a second after the one before and was let in when the first had ended.
    assert all(0.2 - number * 0.01 - 0.02 <= seconds for number, seconds in enumerate(waited))


def test_a_scenario_of_too_many_acts_is_refused():
    async def never(number: int, moment: float) -> None:
        raise AssertionError

    with pytest.raises(ValueError, match="at most"):
        asyncio.run(at_rate(timing.MOST + 1, 1e9, never))
    with pytest.raises(ValueError, match="at most"):
        asyncio.run(at_rate(1000, 1, never))


def test_a_small_load_on_a_server_of_its_own_loses_nothing():
    said: list[str] = []
    plan = load.Plan(seconds=1, hooks=30, rate=20, agents=2, visitors=10, pages=20)
    results = load.run([], plan, say=said.append)
    assert [result.name for result in results] == [
        "webhook → 200",
        "webhook → agent",
        "visitor → agent",
        "reply → visitor",
        "list and open",
        "idle visitors",
    ]
    assert [result.lost for result in results] == [0] * 6
    assert [result.latencies.expected for result in results if result.latencies] == [30, 40, 40, 20, 20]
    assert all(math.isfinite(result.latencies.percentile(1.0)) for result in results if result.latencies)
    assert len(said) == 7


@pytest.mark.parametrize(
    "kind", ["echo", "mailgun", "max", "postmark", "sendgrid", "teams", "telegram", "twilio", "viber", "vk", "whatsapp"]
)
async def test_a_vendor_that_knocks_signs_whole_requests_in_its_own_shape(kind):
    nowhere = ("127.0.0.1", 9)
    made = Vendor(line_of(kind), nowhere)
    requests = await made.deliveries(Shop(nowhere, "token"), "http://127.0.0.1:9/hooks/key", 3, 2)
    heads = [one.partition(b"\r\n\r\n")[0].lower().splitlines() for one in requests]
    assert [sum(line.startswith(b"content-type:") for line in head) for head in heads] == [1, 1, 1]
    assert {head[0] for head in heads} == {b"post /hooks/key http/1.1"}
    await made.office.close()
