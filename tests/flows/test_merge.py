"""Two contacts become one person, on a colleague's word or on proof, and are taken apart again."""

import asyncio

import pytest

from prilavok.domain.errors import Conflict, NotFound
from prilavok.flows import merge, wish
from prilavok.store import contacts, merges, preferences
from tests.delivering import order_row, placed
from tests.house import on_both


@pytest.fixture
def mail(shop):
    return shop.run(shop.connect("letter", "пошта"))


async def person(shop, text, **more):
    """Somebody who writes; answers what was taken and their contact."""
    taken = await shop.customer_writes(text, **more)
    return taken, (await shop.conversation(taken.conversation_id))["contact"]["id"]


async def joined(shop, kept, gone, by="agent:01900000-0000-7000-8000-00000000cccc"):
    return await shop.house.bus.do(merge.merge, shop.id, kept, gone, by=by)


async def parted(shop, merge_id):
    return await shop.house.bus.do(merge.undo, shop.id, merge_id, by="agent:01900000-0000-7000-8000-00000000cccc")


async def addresses(shop, contact_id):
    return sorted(one["address"] for one in await shop.read(contacts.identities_of, contact_id))


async def said(shop, contact_id):
    row = await shop.read(preferences.get, contact_id)
    return row and (row["data"]["call"], tuple(row["data"]["forbidden_channels"]), row["by"], row["updated_at"])


@on_both
async def test_everything_of_the_one_becomes_the_others(shop, mail):
    first, olena = await person(shop, "Добрий день", who="olena")
    second, letter = await person(shop, "Лист", who="olena@example.org", inbox=mail)
    order = await placed(shop, who="olena")
    await joined(shop, letter, olena)
    assert await addresses(shop, letter) == ["olena", "olena@example.org"]
    assert (await shop.conversation(first.conversation_id))["contact"]["id"] == letter
    assert (await order_row(shop, order["id"]))["contact_id"] == letter
    assert (await shop.read(contacts.present, olena))["id"] == letter
    more, who = await person(shop, "І ще", who="olena")
    assert who == letter
    assert more.conversation_id in {first.conversation_id, second.conversation_id}


@on_both
async def test_taken_apart_days_later_each_has_what_came_from_their_own_address(shop, mail):
    first, olena = await person(shop, "Добрий день", who="olena")
    second, letter = await person(shop, "Лист", who="petro@example.org", inbox=mail)
    which = await joined(shop, letter, olena)
    for one in (first, second):
        await shop.arrange(one.conversation_id, status="closed")
    shop.clock.forward(days=40)
    new, who = await person(shop, "Нове питання", who="olena")
    assert who == letter
    order = await placed(shop, who="olena")
    shop.clock.forward(days=3)
    await parted(shop, which)
    assert await addresses(shop, olena) == ["olena"]
    assert await addresses(shop, letter) == ["petro@example.org"]
    for one in (first, new):
        assert (await shop.conversation(one.conversation_id))["contact"]["id"] == olena
    assert (await order_row(shop, order["id"]))["contact_id"] in {olena, letter}
    assert (await shop.read(contacts.present, olena))["id"] == olena
    assert (await parted(shop, which)) == (letter, olena)  # a second press changes nothing


@on_both
async def test_after_the_parting_nobody_is_answered_at_the_others_address(shop, mail):
    first, olena = await person(shop, "Добрий день", who="olena")
    _, petro = await person(shop, "Лист", who="petro@example.org", inbox=mail)
    which = await joined(shop, petro, olena)
    await shop.arrange(first.conversation_id, status="open")
    second = await shop.customer_writes("Це теж я", who="petro@example.org", inbox=mail, thread="інша")
    await parted(shop, which)
    ours = await shop.conversation(first.conversation_id)
    assert [way["address"] for way in ours["channels"]] == ["olena"]
    theirs = await shop.conversation(second.conversation_id)
    assert theirs["contact"]["id"] == petro
    assert {way["address"] for way in theirs["channels"]} == {"petro@example.org"}


@on_both
async def test_whoever_refused_anywhere_stays_refused_and_each_gets_their_own_words_back(shop, mail):
    _, olena = await person(shop, "Добрий день", who="olena")
    _, letter = await person(shop, "Лист", who="olena@example.org", inbox=mail)
    save = lambda who, given: shop.house.bus.do(wish.save, shop.id, who, given, by="customer")  # noqa: E731
    await save(olena, {"call": "never"})
    await save(letter, {"forbidden_channels": ["sms"]})
    before = await said(shop, olena), await said(shop, letter)
    which = await joined(shop, letter, olena)
    assert (await said(shop, letter))[:2] == ("never", ("sms",))
    await parted(shop, which)
    assert (await said(shop, olena), await said(shop, letter)) == before
    which = await joined(shop, letter, olena)
    await save(letter, {"forbidden_channels": ["sms", "telegram"]})
    await parted(shop, which)
    assert (await said(shop, olena))[:2] == ("never", ("telegram",))  # said while they were one: both refuse it
    assert (await said(shop, letter))[:2] == ("never", ("sms", "telegram"))


@on_both
async def test_a_name_that_was_put_right_meanwhile_stays_right(shop, mail):
    _, olena = await person(shop, "Добрий день", who="olena", sender={"name": "", "facts": {"username": "ol"}})
    _, letter = await person(shop, "Лист", who="olena@example.org", inbox=mail, sender={"name": "Олена"})
    which = await joined(shop, olena, letter)
    card = await shop.read(contacts.contact, olena)
    assert (card["name"], card["facts"]["username"]) == ("Олена", "ol")
    await shop.house.bus.do(lambda unit: contacts.update_contact(unit.db, shop.id, olena, {"name": "Олена Ткач"}))
    await parted(shop, which)
    assert (await shop.read(contacts.contact, olena))["name"] == "Олена Ткач"
    assert (await shop.read(contacts.contact, letter))["name"] == "Олена"


@on_both
async def test_only_the_latest_of_two_who_joined_can_leave(shop):
    people = [(await person(shop, "Це я", who=who))[1] for who in ("anna", "bohdan", "vira")]
    first = await joined(shop, people[0], people[1])
    second = await joined(shop, people[2], people[0])
    with pytest.raises(Conflict):
        await parted(shop, first)
    await parted(shop, second)
    assert await addresses(shop, people[0]) == ["anna", "bohdan"]
    third = await joined(shop, people[0], people[2])
    with pytest.raises(Conflict):
        await parted(shop, first)
    await parted(shop, third)
    await parted(shop, first)
    assert [await addresses(shop, one) for one in people] == [["anna"], ["bohdan"], ["vira"]]


@on_both
async def test_who_has_gone_cannot_go_again(shop, other_shop):
    people = [(await person(shop, "Це я", who=who))[1] for who in ("anna", "bohdan", "vira")]
    await joined(shop, people[0], people[1])
    for pair in ((people[2], people[1]), (people[1], people[2])):
        with pytest.raises(Conflict):
            await joined(shop, *pair)
    _, foreign = await person(other_shop, "Чужа", who="foreign")
    with pytest.raises(NotFound):
        await joined(shop, people[0], foreign)


@on_both
async def test_of_two_colleagues_who_join_the_same_two_at_once_one_is_told(shop, neighbour):
    _, anna = await person(shop, "Це я", who="anna")
    _, bohdan = await person(shop, "І я", who="bohdan")
    both = [joined(shop, anna, bohdan), joined(neighbour, bohdan, anna)]
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "str"]
    kept = (await shop.read(contacts.present, anna))["id"]
    assert await addresses(shop, kept) == ["anna", "bohdan"]


@on_both
async def test_a_message_that_comes_while_two_become_one_is_not_lost_between_them(shop, neighbour):
    _, anna = await person(shop, "Це я", who="anna")
    _, bohdan = await person(shop, "І я", who="bohdan")
    _, taken = await asyncio.gather(joined(shop, anna, bohdan), neighbour.customer_writes("Де моє?", who="bohdan"))
    assert (await shop.conversation(taken.conversation_id))["contact"]["id"] == anna


async def test_what_two_have_become_is_told_to_every_screen(shop):
    taken, anna = await person(shop, "Це я", who="anna")
    _, bohdan = await person(shop, "І я", who="bohdan")
    screen = shop.screen()
    await screen.frame("hello")
    await joined(shop, bohdan, anna)
    assert (await screen.frame("contact.changed"))["contact_id"] == bohdan
    assert (await screen.frame("conversation.changed"))["conversation"]["id"] == taken.conversation_id
    assert [one["gone_id"] for one in await shop.read(merges.of, bohdan)] == [anna]
