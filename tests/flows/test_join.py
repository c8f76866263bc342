"""A visitor goes on in a messenger: one-time links join two addresses into one person."""

import pytest

from prilavok.flows import join, wish
from prilavok.store import contacts, preferences
from tests.delivering import kinds, order_row, page_of, placed, posted
from tests.house import on_both


@pytest.fixture
def chat(shop):
    return shop.run(shop.connect("homing", "сайт"))


async def link_for(shop, who, chat, target=None):
    identity = await shop.read(contacts.identity_at, chat.scope, who)
    url = await shop.house.bus.do(join.offer_link, shop.id, identity["id"], (target or shop.post).id)
    return url.partition("start=")[2]


async def opens(shop, token, who, **more):
    """/start in the messenger: says nothing by itself."""
    return await shop.customer_writes("", who=who, link_token=token, silent=True, **more)


async def channels(shop, conversation_id):
    card = (await shop.conversation(conversation_id))["contact"]
    return sorted(one["address"] for one in card["identities"])


@on_both
async def test_an_anonymous_visitor_goes_on_in_the_messenger_in_the_same_conversation(shop, chat):
    asked = await shop.customer_writes("Чи є синя?", who="visitor", inbox=chat)
    await opens(shop, await link_for(shop, "visitor", chat), "tg-olena")
    assert await channels(shop, asked.conversation_id) == ["tg-olena", "visitor"]
    lines = await shop.messages(asked.conversation_id)
    assert lines[-1]["content"]["event"]["what"] == "went_on"
    answer = await shop.agent_replies(asked.conversation_id, "Є!")
    assert answer["inbox_id"] == shop.post.id
    more = await shop.customer_writes("Беру", who="tg-olena")
    assert more.conversation_id == asked.conversation_id
    assert len(await shop.conversations()) == 1


@on_both
async def test_a_visitor_whom_the_messenger_knows_joins_that_person(shop, chat):
    old = await shop.customer_writes("Торік", who="tg-olena")
    asked = await shop.customer_writes("Сьогодні", who="visitor", inbox=chat)
    await opens(shop, await link_for(shop, "visitor", chat), "tg-olena")
    assert await channels(shop, asked.conversation_id) == ["tg-olena", "visitor"]
    assert await channels(shop, old.conversation_id) == ["tg-olena", "visitor"]


@on_both
async def test_a_link_works_once(shop, chat):
    asked = await shop.customer_writes("Привіт", who="visitor", inbox=chat)
    token = await link_for(shop, "visitor", chat)
    await opens(shop, token, "tg-olena")
    await opens(shop, token, "tg-thief")
    assert await channels(shop, asked.conversation_id) == ["tg-olena", "visitor"]


@on_both
async def test_a_link_ends_after_half_an_hour(shop, chat):
    asked = await shop.customer_writes("Привіт", who="visitor", inbox=chat)
    token = await link_for(shop, "visitor", chat)
    shop.clock.forward(minutes=31)
    await opens(shop, token, "tg-olena")
    assert await channels(shop, asked.conversation_id) == ["visitor"]


@on_both
async def test_a_link_for_another_inbox_or_another_shop_or_a_forged_one_opens_nothing(shop, other_shop, chat):
    asked = await shop.customer_writes("Привіт", who="visitor", inbox=chat)
    second = await shop.connect("pigeon", "друга")
    token = await link_for(shop, "visitor", chat, target=second)
    await opens(shop, token, "tg-olena")
    await opens(shop, "x" * 32, "tg-olena")
    await opens(shop, "", "tg-olena")
    await opens(other_shop, token, "tg-olena")
    assert await channels(shop, asked.conversation_id) == ["visitor"]
    await opens(shop, token, "tg-olena", inbox=second)
    assert await channels(shop, asked.conversation_id) == ["tg-olena", "visitor"]


@on_both
async def test_two_people_with_a_history_each_stay_two(shop, chat):
    asked = await shop.customer_writes("Я тут", who="visitor", inbox=chat)
    token = await link_for(shop, "visitor", chat)
    await opens(shop, token, "tg-known")
    assert await channels(shop, asked.conversation_id) == ["tg-known", "visitor"]
    stranger = await shop.customer_writes("Інша людина", who="tg-2")
    await opens(shop, await link_for(shop, "visitor", chat), "tg-2")
    assert await channels(shop, asked.conversation_id) == ["tg-known", "visitor"]
    assert await channels(shop, stranger.conversation_id) == ["tg-2"]
    assert (await shop.messages(asked.conversation_id))[-1]["content"]["event"]["inbox"] == shop.post.name
    assert len([one for one in await shop.messages(asked.conversation_id) if one["kind"] == "event"]) == 1


@on_both
async def test_orders_and_wishes_go_with_the_person_who_went_on_elsewhere(shop, chat, told):
    """An order that knew its customer by the messenger only, before a word was said there."""
    row = await placed(shop, who="tg-olena")
    await shop.house.bus.do(wish.save, shop.id, row["contact_id"], {"call": "never"}, by="customer")
    await shop.customer_writes("Це я", who="visitor", inbox=chat)
    await opens(shop, await link_for(shop, "visitor", chat), "tg-olena")
    person = await shop.read(contacts.identity_at, chat.scope, "visitor")
    moved = await order_row(shop, row["id"])
    assert moved["contact_id"] == person["contact_id"] != row["contact_id"]
    assert (await shop.read(preferences.get, person["contact_id"]))["data"]["call"] == "never"
    old_link = page_of(shop, row, "wishes")
    await posted(shop, old_link, call="only_if_urgent")
    assert (await shop.read(preferences.get, person["contact_id"]))["data"]["call"] == "only_if_urgent"
    told.clear()
    await shop.customer_writes("", who="tg-olena", content={"button": f"o:{row['id']}:confirm"})
    assert kinds(told) == ["confirmed"]
