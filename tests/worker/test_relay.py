import asyncio
import secrets

import pytest
import redis.asyncio
from hypothesis import given
from hypothesis import strategies as st

from prilavok.worker import redis_relay as module
from prilavok.worker.redis_relay import RedisRelay, first_of, packed, unpacked
from prilavok.worker.relay import MemoryRelay, make_relay

NOTE = st.tuples(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), st.binary(max_size=50))


async def until(condition, seconds=10.0):
    """Fails when it does not come true in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  it asks another process
            await asyncio.sleep(0.005)


def test_without_a_server_one_process_talks_to_itself():
    async def main():
        relay = make_relay(None)
        assert isinstance(relay, MemoryRelay)
        await relay.start()
        heard = []
        end = relay.subscribe("shop/1", heard.append)
        await relay.publish("shop/1", b"one")
        await relay.publish("shop/2", b"not ours")
        await relay.publish_many([("shop/1", b"two"), ("shop/1", b"three")])
        end()
        end()
        await relay.publish("shop/1", b"late")
        await relay.stop()
        return heard

    assert asyncio.run(main()) == [b"one", b"two", b"three"]


def test_one_who_subscribes_twice_hears_twice_and_leaves_once_each():
    async def main():
        relay = MemoryRelay()
        heard = []
        first, second = relay.subscribe("a", heard.append), relay.subscribe("a", heard.append)
        await relay.publish("a", b"1")
        first()
        first()
        await relay.publish("a", b"2")
        second()
        await relay.publish("a", b"3")
        assert relay._subscribers == {}
        return heard

    assert asyncio.run(main()) == [b"1", b"1", b"2"]


def test_a_subscriber_that_fails_or_leaves_does_not_keep_others_from_hearing():
    async def main():
        relay = MemoryRelay()
        heard = []

        def fail(data):
            raise RuntimeError("the socket is gone")

        def leave(data):
            end()

        relay.subscribe("a", fail)
        end = relay.subscribe("a", leave)
        relay.subscribe("a", heard.append)
        await relay.publish("a", b"1")
        await relay.publish("a", b"2")
        return heard

    assert asyncio.run(main()) == [b"1", b"2"]


@given(st.lists(NOTE))
def test_notes_travel_unchanged_and_in_order(notes):
    assert list(unpacked(packed(b"12345678", notes))) == notes


@given(st.binary(max_size=60))
def test_noise_on_the_channel_is_refused_and_harms_nobody(noise):
    relay = RedisRelay("redis://127.0.0.1:1/0")
    relay.subscribe("a", lambda data: None)
    relay._take(noise)
    assert not relay.connected


def test_a_frame_has_an_end_and_no_note_is_too_long_for_one():
    many = [("a", b"x" * 100_000)] * 5
    assert len(first_of(many)) == 2
    assert len(first_of([("a", b"x" * 1_000_000), ("b", b"")])) == 1


def run_with_two(url, story, **gaps):
    """Two processes' relays on one server."""

    async def main():
        one, other = RedisRelay(url, gaps.get("one")), RedisRelay(url, gaps.get("other"))
        await one.start()
        await other.start()
        try:
            await story(one, other)
        finally:
            await one.stop()
            await other.stop()

    asyncio.run(main())


def test_what_happens_in_one_process_is_heard_in_every_other_and_only_once(valkey):
    topic = secrets.token_hex(8)

    async def story(one, other):
        here, there = [], []
        one.subscribe(topic, here.append)
        other.subscribe(topic, there.append)
        await one.publish(topic, "привіт".encode())
        assert here == ["привіт".encode()], "here at once, without the detour"
        await one.publish_many([(topic, b"%d" % n) for n in range(500)])
        await until(lambda: len(there) >= 501)
        assert there == ["привіт".encode(), *(b"%d" % n for n in range(500))]
        await other.publish(topic, b"back")
        await until(lambda: len(here) == 502)
        assert len(there) == 502
        assert here[-1] == b"back"

    run_with_two(valkey, story)


def test_many_notes_take_one_round_trip(valkey):
    topic = secrets.token_hex(8)

    async def story(one, other):
        there = []
        other.subscribe(topic, there.append)
        async with redis.asyncio.from_url(valkey) as client:
            before = (await client.info("commandstats")).get("cmdstat_publish", {}).get("calls", 0)
            await one.publish_many([(topic, b"x")] * 1000)
            await until(lambda: len(there) == 1000)
            assert (await client.info("commandstats"))["cmdstat_publish"]["calls"] - before == 1

    run_with_two(valkey, story)


def test_two_installations_on_one_server_do_not_hear_each_other(valkey):
    async def main():
        one, other = RedisRelay(valkey), RedisRelay(valkey.removesuffix("/0") + "/7")
        await one.start()
        await other.start()
        there = []
        other.subscribe("a", there.append)
        await one.publish("a", b"private")
        await one.stop()
        await other.publish("a", b"own")
        await other.stop()
        return there

    assert asyncio.run(main()) == [b"own"]


def test_what_was_published_goes_out_before_the_process_ends(valkey):
    topic = secrets.token_hex(8)

    async def story(one, other):
        there = []
        other.subscribe(topic, there.append)
        await one.publish_many([(topic, b"last")] * 50)
        await one.stop()
        await until(lambda: len(there) >= 50)
        assert there == [b"last"] * 50

    run_with_two(valkey, story)


def test_after_a_restart_of_the_server_everybody_hears_again_and_is_told_of_the_gap(valkey_server):
    topic = secrets.token_hex(8)
    gaps = []

    async def story(one, other):
        there = []
        other.subscribe(topic, there.append)
        await one.publish(topic, b"before")
        await until(lambda: there == [b"before"])
        valkey_server.stop()
        await until(lambda: not one.connected and not other.connected)
        here = []
        one.subscribe(topic, here.append)
        await one.publish(topic, b"meanwhile")
        assert here == [b"meanwhile"], "one's own screens go on"
        valkey_server.start()
        await until(lambda: one.connected and other.connected and len(gaps) >= 1)
        await one.publish(topic, b"after")
        await until(lambda: b"after" in there)

    run_with_two(valkey_server.url, story, other=lambda: gaps.append(True))
    assert gaps


def test_when_too_much_waits_for_a_server_the_others_are_told_to_read_again(valkey, monkeypatch):
    monkeypatch.setattr(module, "WAITING", 10)
    topic = secrets.token_hex(8)
    gaps = []

    async def story(one, other):
        there = []
        other.subscribe(topic, there.append)
        await one.publish_many([(topic, b"x")] * 11)
        await until(lambda: gaps == [True])
        assert there == []
        await one.publish(topic, b"next")
        await until(lambda: there == [b"next"])

    run_with_two(valkey, story, other=lambda: gaps.append(True))


def test_a_gap_that_cannot_be_told_does_not_end_the_listening(valkey):
    topic = secrets.token_hex(8)

    def fail():
        raise RuntimeError("no")

    async def story(one, other):
        there = []
        other.subscribe(topic, there.append)
        one._owes_gap = True
        await one.publish(topic, b"x")
        await until(lambda: there)
        assert there == [b"x"]
        assert other.connected

    run_with_two(valkey, story, other=fail)


def test_without_its_server_a_process_starts_and_serves_its_own(monkeypatch):
    async def main():
        relay = RedisRelay("redis://127.0.0.1:1/0")
        starting = asyncio.create_task(relay.start())
        heard = []
        relay.subscribe("a", heard.append)
        await relay.publish("a", b"x")
        await asyncio.sleep(0.05)
        assert not relay.connected
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await relay.stop()
        return heard

    assert asyncio.run(main()) == [b"x"]


def test_a_connection_that_is_silent_for_too_long_is_left(valkey, monkeypatch):
    monkeypatch.setattr(module, "BEAT", 0.4)
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    gaps = []

    async def story(one, other):
        await until(lambda: len(gaps) >= 1)

    run_with_two(valkey, story, other=lambda: gaps.append(True))
    assert gaps


@pytest.mark.parametrize("url", ["http://127.0.0.1", "127.0.0.1:6379"])
def test_an_address_that_is_none_is_an_error_at_once(url):
    with pytest.raises(ValueError, match="URL"):
        make_relay(url)
