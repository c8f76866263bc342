"""What was not understood is kept, shown, and taken again."""

import importlib

import pytest

from prilavok import desk
from prilavok.channels import standard_webhooks
from prilavok.store import inboxes
from tests import pigeons
from tests.house import on_both


def words(shop, n=1, **fields):
    parts = {"provider_id": f"{n}", "at": shop.clock(), "text": f"слово {n}", "sender": {"address": "olena"}, **fields}
    return ("Received", parts)


async def hook(shop, body, *, secret=pigeons.SECRET, inbox=None):
    key = (inbox or shop.post).key
    return await shop.ask("POST", f"/hooks/{key}", role=None, headers={"x-pigeon": secret}, body=body)


async def failed(shop):
    return (await shop.get("/api/v1/journal?state=failed"))["items"]


@on_both
async def test_what_cannot_be_understood_is_kept_and_its_vendor_told_that_it_arrived(shop):
    assert (await hook(shop, b"{ not json")).status == 200
    [kept] = await failed(shop)
    assert (kept["size"], kept["attempts"], kept["inbox"]["id"]) == (10, 1, shop.post.id)
    assert "JSONDecodeError" in kept["reason"]
    raw = await shop.ask("GET", f"/api/v1/journal/{kept['id']}/raw")
    assert raw.body == b"{ not json"
    assert raw.headers["content-disposition"].startswith("attachment")
    assert raw.headers["x-content-type-options"] == "nosniff"
    assert (await shop.get(f"/api/v1/inboxes/{shop.post.id}/health"))["failed_hooks"] == 1


@on_both
async def test_what_was_kept_is_taken_again_once_it_can_be_understood(shop, monkeypatch):
    received = pigeons.KINDS["Received"]
    monkeypatch.delitem(pigeons.KINDS, "Received")
    for n in (1, 2):
        assert (await hook(shop, pigeons.body_of([words(shop, n)]))).status == 200
    kept = await failed(shop)
    again = await shop.ask("POST", "/api/v1/journal/replay", {"ids": [kept[0]["id"]]})
    assert again.json() == {"replayed": 0, "failed": 1}
    assert sorted(one["attempts"] for one in await failed(shop)) == [1, 2]
    monkeypatch.setitem(pigeons.KINDS, "Received", received)
    done = await shop.ask("POST", "/api/v1/journal/replay", {})
    assert done.json() == {"replayed": 2, "failed": 0}
    assert await failed(shop) == []
    [conversation] = await shop.conversations()
    assert [one["text"] for one in await shop.messages(conversation["id"])] == ["слово 1", "слово 2"]
    assert (await shop.ask("POST", "/api/v1/journal/replay", {})).json() == {"replayed": 0, "failed": 0}


@on_both
async def test_a_flow_that_fails_takes_no_neighbour_with_it(shop, monkeypatch):
    writing = importlib.import_module("prilavok.flows.receive.write")
    real = writing._message_row

    def poisoned(unit, item, at):
        if item.received.text == "отрута":
            raise RuntimeError("a fault of ours")
        return real(unit, item, at)

    monkeypatch.setattr(writing, "_message_row", poisoned)
    import asyncio

    await asyncio.gather(
        *(shop.vendor_says(words(shop, n, text="отрута" if n == 3 else f"{n}")) for n in range(8)),
    )
    [conversation] = await shop.conversations()
    assert {one["text"] for one in await shop.messages(conversation["id"])} == {"0", "1", "2", "4", "5", "6", "7"}
    [kept] = await failed(shop)
    assert "a fault of ours" in kept["reason"]
    monkeypatch.setattr(writing, "_message_row", real)
    assert (await shop.ask("POST", "/api/v1/journal/replay", {})).json() == {"replayed": 1, "failed": 0}
    assert len(await shop.messages(conversation["id"])) == 8


@on_both
async def test_failed_deliveries_of_an_inbox_that_is_gone_do_not_stand_in_the_way(shop):
    second = await shop.connect("pigeon", "друга")
    assert (await hook(shop, b"?", inbox=second)).status == 200
    assert (await hook(shop, pigeons.body_of([("NoSuchThing", {})]))).status == 200
    assert (await shop.ask("DELETE", f"/api/v1/inboxes/{second.id}")).status == 204
    assert (await shop.ask("POST", "/api/v1/journal/replay", {})).json() == {"replayed": 0, "failed": 1}


@on_both
async def test_updates_that_we_have_no_use_for_are_counted(shop):
    for _ in range(3):
        await shop.vendor_says(
            ("Unknown", {"what": "poll"}), ("Unknown", {"what": "dice"}), ("Unknown", {"what": "poll"})
        )
    health = await shop.get(f"/api/v1/inboxes/{shop.post.id}/health")
    assert health["unknown"] == {"poll": 6, "dice": 3}
    ignored = (await shop.get("/api/v1/journal?state=ignored"))["items"]
    assert len(ignored) == 3


@on_both
async def test_what_was_understood_is_forgotten_after_a_month_and_what_failed_is_not(shop):
    from prilavok.flows import tidy

    await shop.customer_writes("Привіт")
    await hook(shop, b"?")
    shop.clock.forward(days=31)
    await shop.house.bus.do(tidy.forget_old)
    assert (await shop.get("/api/v1/journal?state=done"))["items"] == []
    assert len(await failed(shop)) == 1


async def test_the_command_line_takes_again_what_failed(shop, monkeypatch):
    import asyncio

    received = pigeons.KINDS["Received"]
    monkeypatch.delitem(pigeons.KINDS, "Received")
    await hook(shop, pigeons.body_of([words(shop)]))
    monkeypatch.setitem(pigeons.KINDS, "Received", received)
    said = await asyncio.to_thread(desk.replay_failed, shop.house, (), shop.name)
    assert said == "replayed: 1\nfailed: 0"


@on_both
async def test_a_cursor_is_kept_with_what_it_stands_for(shop):
    post = await shop.inbox(shop.post.id)
    good = pigeons.hook_of([words(shop)], shop.clock())
    await shop.house.intake.take(post, good, cursor={"offset": 5})
    assert (await shop.read(inboxes.get, post.id))["cursor"] == {"offset": 5}
    poison = pigeons.hook_of([("NoSuchThing", {})], shop.clock())
    await shop.house.intake.take(post, poison, cursor={"offset": 6})
    assert (await shop.read(inboxes.get, post.id))["cursor"] == {"offset": 6}, "the next one is asked for"
    assert len(await failed(shop)) == 1


@on_both
async def test_a_program_of_the_shop_is_told_what_became_of_each_message(shop):
    import msgspec

    api = await shop.connect("api")
    key = standard_webhooks.key_of(api.channel.config.secret)

    async def post(body, *, id="d1", at=None, key=key):
        raw = msgspec.json.encode(body)
        headers = standard_webhooks.headers(key, id, at or shop.clock(), raw)
        return await shop.ask("POST", f"/api/v1/inbox-messages/{api.id}", role=None, headers=headers, body=raw)

    message = {"id": "1", "from": {"id": "olena", "name": "Олена"}, "text": "Привіт"}
    answer = (await post({"messages": [message, {**message, "id": "2"}, message]})).json()
    assert (answer["accepted"], answer["duplicates"]) == (2, 1)
    assert {one["conversation_id"] for one in answer["results"]} == {answer["results"][0]["conversation_id"]}
    assert (await post({"messages": [message]})).json()["duplicates"] == 1
    wrong = await post({"messages": [{"id": "3"}]})
    assert wrong.status == 422
    assert await failed(shop) == [], "what is told at once need not be kept"
    from datetime import timedelta

    assert (await post({"messages": [message]}, at=shop.clock() - timedelta(minutes=6))).status == 401
    assert (await post({"messages": [message]}, key=b"another key of the right size")).status == 401


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_when_the_database_is_away_the_vendor_is_told_to_come_again(shop):
    """No 200 without a commit. When the database is back, so are we."""

    def cut(db):
        own = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
        db.exec_driver_sql(f"{own} and pid <> pg_backend_pid()")

    await shop.house.bus.read_slowly(cut)
    answers = [await hook(shop, pigeons.body_of([words(shop, n)])) for n in range(3)]
    assert answers[-1].status == 200
    told = sum(one.status == 200 for one in answers)
    [conversation] = await shop.conversations()
    assert len(await shop.messages(conversation["id"])) == told
