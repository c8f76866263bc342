"""Agents' screens: everything, in order, once; and what only passes."""

import asyncio
import json

import pytest

from prilavok.store import schema
from prilavok.web import live, socket
from prilavok.web.socket import MOST_QUEUED
from tests.asking import Line, until
from tests.house import on_both, on_postgresql

NEW = "message.new"


def texts(line):
    return [one["message"]["text"] for one in line.of(NEW)]


@on_both
async def test_a_screen_shows_what_happens_with_the_conversation_it_happens_in(shop):
    screen = shop.screen()
    hello = await screen.frame("hello")
    taken = await shop.customer_writes("Привіт")
    frame = await screen.frame(NEW)
    assert frame["seq"] > hello["seq"]
    assert frame["message"]["text"] == "Привіт"
    assert frame["conversation"]["id"] == taken.conversation_id
    assert frame["conversation"]["contact"]["name"] == "Olena"
    await shop.agent_replies(taken.conversation_id, "Добрий день")
    await screen.frame(NEW, lambda one: one["message"]["direction"] == "outbound")
    await screen.frame("message.changed", lambda one: one["message"]["receipt"] == "sent")
    await screen.leave()


@on_both
async def test_a_screen_that_was_away_gets_what_it_missed_and_nothing_twice(shop):
    taken = await shop.customer_writes("1")
    first = shop.screen()
    hello = await first.frame("hello")
    await shop.customer_writes("2")
    seen = await first.frame(NEW)
    await first.leave()
    await shop.customer_writes("3")
    await shop.agent_replies(taken.conversation_id, "4")
    second = shop.screen(seq=seen["seq"])
    await shop.customer_writes("5")
    await until(lambda: "5" in texts(second))
    assert sorted(texts(second)) == ["3", "4", "5"]
    again = shop.screen(seq=hello["seq"])
    await until(lambda: "5" in texts(again))
    assert sorted(texts(again)) == ["2", "3", "4", "5"]
    await second.leave()
    await again.leave()


@on_both
@pytest.mark.parametrize("seq", [0, 1, 10**15])
async def test_a_screen_that_missed_too_much_or_comes_from_another_life_loads_anew(shop, monkeypatch, seq):
    monkeypatch.setattr(live, "RESUMABLE", 3)
    for n in range(6):
        await shop.customer_writes(f"{n}")
    screen = shop.screen(seq=seq)
    await screen.frame("reset")
    await screen.frame("hello")
    assert texts(screen) == []
    await screen.leave()


async def test_a_screen_that_missed_more_than_waits_for_a_slow_one_gets_all_of_it(shop, monkeypatch):
    monkeypatch.setattr(socket, "MOST_QUEUED", 3)
    hello = await (away := shop.screen()).frame("hello")
    await away.leave()
    wanted = [f"{n}" for n in range(8)]
    for text in wanted:
        await shop.customer_writes(text)
    back = shop.screen(seq=hello["seq"])
    await back.frame("hello")
    assert texts(back) == wanted
    await back.leave()


@on_both
async def test_nothing_falls_between_what_was_missed_and_what_comes(shop):
    """Screens open while messages pour in: each must see all that came after the number it began with."""
    screens = []

    async def write():
        for n in range(40):
            await shop.customer_writes(f"{n}", who=f"who-{n % 3}")

    async def look():
        for _ in range(10):
            seq = (await shop.get("/api/v1/me"))["seq"]
            screens.append((seq, shop.screen(seq=seq)))
            await asyncio.sleep(0.01)

    await asyncio.gather(write(), look())
    now = (await shop.get("/api/v1/me"))["seq"]
    log = await shop.read(
        lambda db, shop_id: [
            row.seq for row in db.execute(schema.events.select().where(schema.events.c.kind == NEW)) if row.shop_id
        ]
    )
    for began, screen in screens:
        wanted = sorted(seq for seq in log if began < seq <= now)
        await screen.frame("hello")
        await until(lambda screen=screen, wanted=wanted: len(screen.of(NEW)) >= len(wanted))
        assert [one["seq"] for one in screen.of(NEW)] == wanted
        assert screen.of("reset") == []
        await screen.leave()


@on_both
async def test_every_contact_and_inbox_that_changed_is_told_not_only_the_last(shop):
    taken = [await shop.customer_writes("Привіт", who=who) for who in ("olena", "ihor")]
    cards = [(await shop.conversation(one.conversation_id))["contact"]["id"] for one in taken]
    seq = (await shop.get("/api/v1/me"))["seq"]
    for card in cards:
        await shop.ask("PATCH", f"/api/v1/contacts/{card}", {"name": "Інше ім’я"})
    screen = shop.screen(seq=seq)
    await screen.frame("hello")
    assert [one["contact_id"] for one in screen.of("contact.changed")] == cards
    await screen.leave()


async def test_a_screen_that_does_not_read_is_closed_and_may_come_again(shop):
    screen = shop.screen()
    await screen.frame("hello")
    screen.flowing.clear()
    for n in range(MOST_QUEUED + 10):
        shop.house.hub.fleeting(shop.id, {"kind": "typing", "n": n})
        if n % 50 == 0:
            await asyncio.sleep(0)
    await until(
        lambda: (
            shop.house.hub._shops[shop.id].screens and next(iter(shop.house.hub._shops[shop.id].screens)).socket.closed
        )
    )
    screen.flowing.set()
    assert await screen.closed() == 4408
    assert len(screen.frames) < MOST_QUEUED


@pytest.fixture
def two(database, open_house, runner, clock, loft, valkey, request):
    """Two processes on one PostgreSQL and one Valkey, and the shop as each of them sees it."""
    from tests.house import Shop

    url = valkey.replace("/0", "/3")
    one = runner.run(Shop.open(open_house(redis_url=url), "Ковбаска", runner, clock))
    return one, one.in_house(open_house(redis_url=url))


@on_postgresql
async def test_two_processes_show_everything_to_every_agent(two):
    lines = [shop.screen(role=role) for shop in two for role in ("owner", "agent")]
    for line in lines:
        await line.frame("hello")
    taken = await two[0].customer_writes("до першого")
    await two[1].customer_writes("до другого")
    await two[1].agent_replies(taken.conversation_id, "з другого")
    for line in lines:
        await until(lambda line=line: len(line.of(NEW)) == 3)
        assert texts(line) == ["до першого", "до другого", "з другого"]
        await line.frame("message.changed", lambda one: one["message"]["receipt"] == "sent")
    two[0].house.hub.fleeting(two[0].id, {"kind": "typing", "conversation_id": taken.conversation_id})
    for line in lines:
        await line.frame("typing")
        await line.leave()


@on_postgresql
async def test_an_inbox_that_is_paused_in_one_process_is_paused_in_the_other(two):
    one, other = two
    await other.customer_writes("щоб він був відомий")
    await one.ask("PATCH", f"/api/v1/inboxes/{one.post.id}", {"state": "paused"})

    async def known():
        return (await other.inbox(other.post.id)).state == "paused"

    assert await until(known)


async def test_colleagues_see_who_types_and_who_looks(shop):
    taken = await shop.customer_writes("Привіт")
    mine, theirs = shop.screen(role="owner"), shop.screen(role="agent")
    await mine.frame("hello")
    await theirs.frame("presence", lambda one: len(one["agents"]) == 2)
    mine.say({"kind": "typing", "conversation_id": taken.conversation_id})
    typing = await theirs.frame("typing")
    assert typing["who"]["name"] == "Owner"
    mine.say({"kind": "viewing", "conversation_id": taken.conversation_id})
    viewing = await theirs.frame("viewing")
    assert [one["name"] for one in viewing["agents"]] == ["Owner"]
    await mine.leave()
    await theirs.frame("viewing", lambda one: one["agents"] == [])
    await theirs.frame("presence", lambda one: one["agents"] == [shop.staff["agent"].id])
    await theirs.leave()


async def test_what_happens_in_one_shop_no_screen_of_another_sees(shop, other_shop):
    screen, other = shop.screen(), other_shop.screen()
    await other.frame("hello")
    taken = await shop.customer_writes("таємниця")
    await screen.frame(NEW)
    other.say({"kind": "typing", "conversation_id": taken.conversation_id})
    other.say({"kind": "viewing", "conversation_id": taken.conversation_id})
    await other_shop.customer_writes("своє")
    await other.frame(NEW)
    assert "таємниця" not in json.dumps(other.frames, ensure_ascii=False)
    assert screen.of("typing") == screen.of("viewing") == []
    await screen.leave()
    await other.leave()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer nonsense"},
        {"authorization": "Basic abc"},
        {"cookie": "prilavok_session=nonsense"},
        {"cookie": "prilavok_session=nonsense", "origin": "https://shop.test"},
    ],
)
async def test_a_stranger_gets_no_screen(shop, headers):
    line = Line(shop.app, "/api/v1/live", headers)
    assert await line.closed() == 4401
    assert line.frames == []


async def test_signing_out_closes_the_screens_of_that_session_and_no_other(shop):
    from prilavok.flows import admit

    async def signed_in():
        cookie = await shop.house.bus.do(admit.sign_in, shop.id, shop.staff["agent"].id)
        headers = {"cookie": f"prilavok_session={cookie}", "origin": "https://shop.test"}
        line = Line(shop.app, "/api/v1/live", headers)
        await line.frame("hello")
        return headers, line

    (phone, on_phone), (desk, on_desk) = await signed_in(), await signed_in()
    by_token = shop.screen(role="agent")
    await by_token.frame("hello")
    assert (await shop.ask("DELETE", "/api/v1/session", role=None, headers=phone)).status == 204
    assert await on_phone.closed() == 4401
    await shop.customer_writes("Привіт")
    await on_desk.frame(NEW)
    await by_token.frame(NEW)
    changed = await shop.ask("PATCH", "/api/v1/me", {"password": "ten letters"}, role=None, headers=desk)
    assert changed.status == 200
    await shop.customer_writes("Ще")
    await on_desk.frame(NEW, lambda one: one["message"]["text"] == "Ще")
    await on_desk.leave()
    await by_token.leave()


async def test_nonsense_on_the_agents_socket_is_answered_and_harms_nobody(shop):
    screen = shop.screen()
    await screen.frame("hello")
    for nonsense in ("", "{", "[]", "null", '{"kind":1}', '{"kind":"typing","conversation_id":"x"}', "[" * 3000):
        screen.say(nonsense)
    screen.say({"kind": "viewing", "conversation_id": "'; drop table"})
    await until(lambda: len(screen.of("error")) == 6)
    await shop.customer_writes("Привіт")
    await screen.frame(NEW)
    screen.say("x" * 5000)
    assert await screen.closed() == 1009
