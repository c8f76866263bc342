"""The chat on the site, as its window sees it."""

import json
import re
from urllib.parse import unquote

import jwt
import pytest
from sqlalchemy import func, select

from prilavok.channels.base import Hook, Received, Sender
from prilavok.channels.registry import all_channels
from prilavok.flows.receive import Delivery
from prilavok.store import schema
from tests.asking import Line, ask, until
from tests.channels.reading import FIXTURES
from tests.house import on_both

PAGE = {"url": "https://shop.test/coat", "title": "Пальто", "referrer": "https://search.test/"}


@pytest.fixture
def chat(shop):
    return shop.run(
        shop.connect("webchat", "Сайт", allowed_domains=["shop.test"], identity_secret="s" * 40, title="Ковбаска")
    )


async def greeted(shop, chat, *, visitor=None, seq=0, **more):
    line = shop.window(chat)
    line.say({"kind": "hello", "visitor": visitor, "seq": seq, "page": PAGE, "language": "uk", **more})
    return line, await line.frame("welcome")


async def says(line, text, id="m1", **more):
    line.say({"kind": "send", "id": id, "text": text, **more})
    return await line.frame("ack", lambda one: one["id"] == id)


async def rows(shop):
    def count(db, shop_id):
        counted = (schema.contacts, schema.identities, schema.messages, schema.conversations, schema.journal)
        return [
            db.execute(select(func.count()).select_from(one).where(one.c.shop_id == shop_id)).scalar_one()
            for one in counted
        ]

    return await shop.read(count)


@on_both
async def test_who_only_looks_leaves_no_trace(shop, chat):
    line, welcome = await greeted(shop, chat)
    assert welcome["messages"] == []
    assert welcome["shop"]["name"] == "Ковбаска"
    assert welcome["visitor"]
    line.say({"kind": "page", "page": PAGE})
    line.say({"kind": "typing"})
    line.say({"kind": "seen", "read": 5})
    line.say({"kind": "older", "before": 3})
    await line.frame("older")
    await line.leave()
    assert await rows(shop) == [0, 0, 0, 0, 0]


@on_both
async def test_a_visitor_writes_an_agent_answers_and_both_see_how_far_it_came(shop, chat):
    line, welcome = await greeted(shop, chat)
    ack = await says(line, "Чи є синя?")
    assert ack["message"]["seq"] == 1
    assert ack["message"]["client_id"] == "m1"
    [conversation] = await shop.conversations()
    assert conversation["context"]["page"] == PAGE["url"]
    answer = await shop.agent_replies(conversation["id"], "Є!")
    assert answer["receipt"] == "sent"
    shown = await line.frame("message", lambda one: one["message"]["direction"] == "outbound")
    assert shown["message"]["text"] == "Є!"
    line.say({"kind": "seen", "read": shown["message"]["seq"]})

    async def read():
        return (await shop.message(conversation["id"], answer["id"]))["receipt"] == "read"

    await until(read)
    url = f"/api/v1/conversations/{conversation['id']}/read"
    assert (await shop.ask("POST", url, {"seq": conversation["last_seq"]})).status == 204
    ticks = await line.frame("receipts", lambda one: one["read"] == 1)
    assert ticks["delivered"] == 1
    assert welcome["kind"] == "welcome"
    await line.leave()


@on_both
async def test_the_same_message_sent_again_is_the_same_message(shop, chat):
    line, welcome = await greeted(shop, chat)
    first = await says(line, "раз", id="same")
    await line.leave()
    line, again = await greeted(shop, chat, visitor=welcome["visitor"], seq=0)
    assert [one["text"] for one in again["messages"]] == ["раз"]
    second = await says(line, "раз", id="same")
    assert second["message"]["id"] == first["message"]["id"]
    assert (await rows(shop))[2] == 1
    await line.leave()


@on_both
async def test_two_tabs_of_a_visitor_show_the_same(shop, chat):
    one, welcome = await greeted(shop, chat)
    await says(one, "перша вкладка")
    two, again = await greeted(shop, chat, visitor=welcome["visitor"])
    assert [each["text"] for each in again["messages"]] == ["перша вкладка"]
    await says(two, "друга вкладка", id="m2")
    mirrored = await one.frame("message", lambda frame: frame["message"]["text"] == "друга вкладка")
    assert mirrored["message"]["client_id"] == "m2"
    await one.leave()
    await two.leave()


@on_both
async def test_who_comes_back_gets_what_they_missed_and_can_leaf_back(shop, chat):
    line, welcome = await greeted(shop, chat)
    taken = await says(line, "Питання")
    await line.leave()
    [conversation] = await shop.conversations()
    for n in range(5):
        await shop.agent_replies(conversation["id"], f"{n}")
    await shop.ask("POST", f"/api/v1/conversations/{conversation['id']}/messages", {"kind": "note", "text": "потай"})
    line, again = await greeted(shop, chat, visitor=welcome["visitor"], seq=taken["message"]["seq"])
    assert [one["text"] for one in again["messages"]] == ["0", "1", "2", "3", "4"]
    line.say({"kind": "older", "before": 4})
    older = await line.frame("older")
    assert [one["seq"] for one in older["messages"]] == [1, 2, 3]
    assert "потай" not in str(line.frames)
    await line.leave()


async def test_typing_is_shown_to_both_sides_and_stored_nowhere(shop, chat):
    line, _ = await greeted(shop, chat)
    await says(line, "Привіт")
    screen = shop.screen()
    await screen.frame("hello")
    line.say({"kind": "typing"})
    typing = await screen.frame("typing")
    screen.say({"kind": "typing", "conversation_id": typing["conversation_id"]})
    assert (await line.frame("typing"))["who"]["name"] == "Agent"
    assert (await rows(shop))[4] == 1
    await line.leave()
    await screen.leave()


@on_both
async def test_a_visitor_may_go_on_in_a_messenger(shop, chat):
    line, welcome = await greeted(shop, chat)
    [offered] = [one for one in welcome["links"] if one["inbox_id"] == shop.post.id]
    line.say({"kind": "link", "inbox_id": offered["inbox_id"]})
    bare = await line.frame("link")
    assert "start" not in bare["url"]
    await says(line, "Привіт")
    line.say({"kind": "link", "inbox_id": offered["inbox_id"]})
    link = await line.frame("link", lambda one: "start=" in one["url"])
    token = link["url"].partition("start=")[2]
    await shop.customer_writes("", who="tg", link_token=token, silent=True)
    [conversation] = await shop.conversations()
    card = (await shop.conversation(conversation["id"]))["contact"]
    assert len(card["identities"]) == 2
    line.say({"kind": "link", "inbox_id": chat.id})
    assert "not possible" in (await line.frame("error"))["detail"]
    await line.leave()


TAKERS = sorted(kind for kind, one in all_channels().items() if one.capabilities.takes_along)


@pytest.mark.parametrize("kind", TAKERS)
async def test_every_messenger_whose_links_take_a_token_along_goes_on_with_the_same_conversation(shop, chat, kind):
    settings = json.loads((FIXTURES / kind / "inbox.json").read_text())["config"]
    inbox = await shop.connect(kind, **settings)
    line, welcome = await greeted(shop, chat)
    assert inbox.id in {one["inbox_id"] for one in welcome["links"]}
    await says(line, "Є пальто в синьому?")
    line.say({"kind": "link", "inbox_id": inbox.id})
    url = (await line.frame("link"))["url"]
    token = max(re.findall(r"[A-Za-z0-9_-]{20,}", unquote(url)), key=len)
    sender = Sender("380671112233", name="Олена")
    came = Received("m-1", at=shop.clock(), sender=sender, link_token=token, silent=True)
    await shop.house.bus.receive(Delivery(inbox, Hook(b"", {}, shop.clock()), [came]))
    [talk] = await shop.conversations()
    assert talk["reply_inbox_id"] == inbox.id
    assert talk["contact"]["name"] == "Олена"
    await line.leave()


@pytest.mark.parametrize(
    ("origin", "code"),
    [
        ("https://evil.test", 4403),
        ("https://shop.test.evil.test", 4403),
        ("null", 4403),
        ("", 4403),
        ("https://www.shop.test", None),
        ("https://shop.test", None),
    ],
)
async def test_only_the_shops_own_pages_show_the_chat(shop, chat, origin, code):
    line = shop.window(chat, origin=origin)
    if code:
        assert await line.closed() == code
    else:
        line.say({"kind": "hello"})
        await line.frame("welcome")
        await line.leave()


@pytest.mark.parametrize("key", ["", "nonsense", "x" * 1000, "%00", "%F0%9F%98%80"])
async def test_an_unknown_inbox_has_no_chat(shop, key):
    line = Line(shop.app, f"/chat/live?inbox={key}", {"origin": "https://shop.test"})
    assert await line.closed() == 4404


async def test_an_inbox_of_another_kind_has_no_chat(shop):
    line = Line(shop.app, f"/chat/live?inbox={shop.post.key}", {"origin": "https://shop.test"})
    assert await line.closed() == 4404


@on_both
async def test_who_the_shop_names_is_named_and_who_forges_stays_anonymous(shop, chat):
    until_then = int(shop.clock().timestamp()) + 600
    good = jwt.encode({"sub": "42", "name": "Олена", "exp": until_then}, "s" * 40, "HS256")
    forged = jwt.encode({"sub": "1", "name": "Директор", "exp": until_then}, "t" * 40, "HS256")
    for identity in (good, forged):
        line, _ = await greeted(shop, chat, identity=identity)
        await says(line, "Привіт")
        await line.leave()
    names = {one["contact"]["name"] for one in await shop.conversations()}
    assert names == {"Олена", ""}


@on_both
async def test_another_visitors_token_and_files_are_of_no_use(shop, chat):
    line, mine = await greeted(shop, chat)
    other_line, _ = await greeted(shop, chat)

    async def upload(token, **headers):
        given = {"authorization": f"Visitor {token}", "origin": "https://shop.test", **headers}
        return await ask(
            shop.app, "POST", f"/chat/files?inbox={chat.key}&name=a.png", headers=given, body=b"\x89PNG something"
        )

    kept = await upload(mine["visitor"])
    assert kept.status == 201
    assert kept.headers["access-control-allow-origin"] == "https://shop.test"
    file = kept.json()
    other_line.say({"kind": "send", "id": "m1", "text": "моє?", "files": [file["id"]]})
    assert "Attach it again" in (await other_line.frame("error"))["detail"]
    other_line.say({"kind": "send", "id": "m1", "text": "моє?", "files": ["../../etc/passwd"]})
    await until(lambda: len(other_line.of("error")) == 2)
    sent = await says(line, "ось", files=[file["id"]])
    [shown] = sent["message"]["attachments"]
    path = shown["url"].removeprefix("https://shop.test")
    assert (await ask(shop.app, "GET", path)).body == b"\x89PNG something"
    assert (await ask(shop.app, "GET", path.partition("?")[0])).status == 401
    assert (await upload("forged")).status == 401
    assert (await upload(mine["visitor"], origin="https://evil.test")).status == 403
    big = await ask(
        shop.app,
        "POST",
        f"/chat/files?inbox={chat.key}&name=a.png",
        headers={"authorization": f"Visitor {mine['visitor']}", "origin": "https://shop.test"},
        body=b"x" * (64 * 1024 + 1),
    )
    assert big.status == 413
    changed = mine["visitor"][:-2] + ("aa" if not mine["visitor"].endswith("aa") else "bb")
    stranger, welcome = await greeted(shop, chat, visitor=changed)
    assert welcome["visitor"] != changed
    assert welcome["messages"] == []
    for one in (line, other_line, stranger):
        await one.leave()


@on_both
async def test_a_visitor_whose_inbox_is_paused_is_not_let_in(shop, chat):
    await shop.ask("PATCH", f"/api/v1/inboxes/{chat.id}", {"state": "paused"})
    line = shop.window(chat)
    assert await line.closed() == 4404
