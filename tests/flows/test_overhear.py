"""What the shop writes in the vendor's own application, and what customers put under messages."""

import asyncio

import pytest

from prilavok.channels.base import Sent
from prilavok.domain.errors import TryLater
from prilavok.store import conversations, schema
from tests.asking import until
from tests.flows.test_deliver import becomes
from tests.flows.test_receive import count
from tests.house import on_both, on_postgresql


def echo(shop, text="Так, є", *, provider_id="e1", who="olena", **fields):
    return ("Echoed", {"provider_id": provider_id, "at": shop.clock(), "address": who, "text": text, **fields})


def reaction(shop, provider_id, emoji="❤️", *, who="olena", **fields):
    sender = {"address": who, "name": who.title()}
    return ("Reacted", {"provider_id": provider_id, "at": shop.clock(), "sender": sender, "emoji": emoji, **fields})


@on_both
async def test_what_the_owner_wrote_in_the_telephone_stands_in_the_conversation_and_ends_the_waiting(shop):
    taken = await shop.customer_writes("Чи є синя?")
    await shop.vendor_says(echo(shop, author="Марія"))
    [_, said] = await shop.messages(taken.conversation_id)
    assert (said["kind"], said["direction"], said["text"], said["receipt"]) == ("reply", "outbound", "Так, є", "sent")
    assert said["author"] == {"kind": "agent", "id": None, "name": "Марія"}
    assert said["content"]["elsewhere"] is True
    conversation = await shop.conversation(taken.conversation_id)
    assert conversation["waiting_since"] is None
    assert conversation["last_message"]["text"] == "Так, є"
    assert await shop.outbox() == []
    assert await count(shop, schema.answers) == 1


@on_both
async def test_an_echo_that_comes_twice_is_shown_once(shop):
    taken = await shop.customer_writes()
    await shop.vendor_says(echo(shop), echo(shop))
    await shop.vendor_says(echo(shop))
    assert len(await shop.messages(taken.conversation_id)) == 2


@on_both
async def test_what_was_said_before_the_question_does_not_answer_it(shop):
    early = echo(shop, "Доброго ранку")
    taken = await shop.customer_writes("А коли привезете?")
    await shop.vendor_says(early)
    assert (await shop.conversation(taken.conversation_id))["waiting_since"]
    assert await count(shop, schema.answers) == 0


@on_both
async def test_the_shop_writes_first_to_somebody_it_does_not_know(shop):
    await shop.vendor_says(echo(shop, "Ваше замовлення готове", who="stranger"))
    [conversation] = await shop.conversations()
    assert conversation["waiting_since"] is None
    assert conversation["number"] == 1
    [way] = (await shop.conversation(conversation["id"]))["channels"]
    assert (way["address"], way["reason"]) == ("stranger", "never_wrote")
    taken = await shop.customer_writes("Дякую", who="stranger")
    assert taken.conversation_id == conversation["id"]


@on_both
async def test_our_own_send_comes_back_and_is_not_shown_twice(shop, loft):
    taken = await shop.customer_writes()
    loft.outcomes[shop.post.id] = [Sent("mid-1", more_ids=("mid-2",))]
    message = await shop.agent_replies(taken.conversation_id, "Вже їде.")
    await becomes(shop, message, "sent")
    await shop.vendor_says(echo(shop, "Вже їде.", provider_id="mid-1"), echo(shop, "", provider_id="mid-2"))
    assert len(await shop.messages(taken.conversation_id)) == 2


@on_both
async def test_our_own_send_comes_back_before_its_answer(shop, loft):
    taken = await shop.customer_writes()
    hang = asyncio.Event()
    loft.outcomes[shop.post.id] = [hang]
    message = await shop.agent_replies(taken.conversation_id, "Вже їде.")
    await until(lambda: loft.under_way)
    await shop.vendor_says(echo(shop, "Вже  їде.", provider_id=f"sent:{message['id']}:1"))
    await becomes(shop, message, "sent")
    hang.set()
    await until(lambda: not loft.under_way)
    assert [one["text"] for one in await shop.messages(taken.conversation_id)] == ["Добрий день!", "Вже їде."]
    await shop.vendor_says(echo(shop, "Вже їде.", provider_id=f"sent:{message['id']}:1"))
    assert len(await shop.messages(taken.conversation_id)) == 2


@on_both
async def test_an_echo_in_other_words_that_overtook_its_answer_is_taken_back(shop, loft):
    taken = await shop.customer_writes()
    hang = asyncio.Event()
    loft.outcomes[shop.post.id] = [hang]
    message = await shop.agent_replies(taken.conversation_id, "Вже їде.")
    await until(lambda: loft.under_way)
    await shop.vendor_says(echo(shop, "[шаблон]", provider_id=f"sent:{message['id']}:1"))
    hang.set()

    async def settled():
        return (await shop.messages(taken.conversation_id))[-1].get("deleted_at")

    assert await until(settled)
    assert (await shop.message(taken.conversation_id, message["id"]))["receipt"] == "sent"
    await shop.vendor_says(
        (
            "ReceiptCame",
            {"receipt": "read", "at": shop.clock(), "provider_id": f"sent:{message['id']}:1", "address": "olena"},
        )
    )
    assert (await shop.message(taken.conversation_id, message["id"]))["receipt"] == "read"


@on_both
async def test_an_echo_settles_a_doubt_and_nothing_is_sent_again(shop, loft):
    taken = await shop.customer_writes()
    loft.outcomes[shop.post.id] = [TryLater("no answer in time", perhaps_sent=True)]
    message = await shop.agent_replies(taken.conversation_id, "Вже їде.")
    await becomes(shop, message, "perhaps_sent")
    await shop.vendor_says(echo(shop, "Вже їде."))
    assert (await shop.message(taken.conversation_id, message["id"]))["receipt"] == "sent"
    assert await shop.outbox("perhaps") == []
    assert len(await shop.messages(taken.conversation_id)) == 2


@on_both
async def test_an_echo_that_names_our_message_is_that_message(shop, loft):
    taken = await shop.customer_writes()
    hang = asyncio.Event()
    loft.outcomes[shop.post.id] = [hang]
    message = await shop.agent_replies(taken.conversation_id, "Вже їде.")
    await until(lambda: loft.under_way)
    await shop.vendor_says(echo(shop, "Інші слова", message_id=message["id"]))
    hang.set()
    await becomes(shop, message, "sent")
    assert len(await shop.messages(taken.conversation_id)) == 2


@on_both
async def test_two_different_answers_at_once_are_both_shown(shop, loft):
    taken = await shop.customer_writes()
    hang = asyncio.Event()
    loft.outcomes[shop.post.id] = [hang]
    await shop.agent_replies(taken.conversation_id, "Так, звісно є")
    await until(lambda: loft.under_way)
    await shop.vendor_says(echo(shop, "Так"))
    assert [one["text"] for one in await shop.messages(taken.conversation_id)][1:] == ["Так, звісно є", "Так"]


@on_both
async def test_the_owner_corrects_and_takes_back_what_was_written_on_the_telephone(shop):
    taken = await shop.customer_writes()
    await shop.vendor_says(echo(shop, "Так, э"))
    fields = {"provider_id": "e1", "at": shop.clock(), "sender": {"address": "olena"}}
    await shop.vendor_says(("Edited", {**fields, "text": "Так, є"}))
    said = (await shop.messages(taken.conversation_id))[-1]
    assert (said["text"], said["original_text"]) == ("Так, є", "Так, э")
    await shop.vendor_says(("Deleted", fields))
    assert (await shop.messages(taken.conversation_id))[-1]["deleted_at"]


@on_both
async def test_nobody_corrects_what_was_written_here(shop, loft):
    taken = await shop.customer_writes()
    loft.outcomes[shop.post.id] = [Sent("mid-1")]
    message = await shop.agent_replies(taken.conversation_id, "Вже їде.")
    await becomes(shop, message, "sent")
    fields = {"provider_id": "mid-1", "at": shop.clock(), "sender": {"address": "olena"}}
    await shop.vendor_says(("Edited", {**fields, "text": "Ні"}), ("Deleted", fields))
    said = await shop.message(taken.conversation_id, message["id"])
    assert said["text"] == "Вже їде."
    assert "deleted_at" not in said


@on_both
async def test_an_echo_without_a_customer_under_a_post_is_nobodys_conversation(shop):
    await shop.vendor_says(echo(shop, "Знижки!", public={"kind": "comment", "root": "post-1"}))
    assert await shop.conversations() == []


@on_both
async def test_the_shops_own_comment_stands_under_the_customers_and_ours_is_not_shown_twice(shop, loft):
    taken = await shop.customer_writes("Скільки коштує?", provider_id="c-1")

    def for_everybody(unit):
        conversations.change(unit.db, shop.id, taken.conversation_id, {"public": True, "thread": "c-1"})

    hang = asyncio.Event()
    loft.outcomes[shop.post.id] = [hang]
    await shop.agent_replies(taken.conversation_id, "1250 грн")
    await until(lambda: loft.under_way)
    await shop.house.bus.do(for_everybody)
    public = {"kind": "comment", "root": "c-1"}
    await shop.vendor_says(
        echo(shop, "1250 грн", provider_id="c-2", who="", public=public),
        echo(shop, "І в подарунок кава", provider_id="c-3", who="", author="Крамниця", public=public),
    )
    said = await shop.messages(taken.conversation_id)
    assert [one["text"] for one in said] == ["Скільки коштує?", "1250 грн", "І в подарунок кава"]
    assert said[-1]["author"]["name"] == "Крамниця"
    assert await count(shop, schema.contacts) == 1


@on_postgresql
async def test_two_processes_hear_the_same_echo_at_once_and_store_it_once(shop, neighbour):
    taken = await shop.customer_writes()
    for n in range(10):
        await asyncio.gather(*(one.vendor_says(echo(one, f"{n}", provider_id=f"e{n}")) for one in (shop, neighbour)))
    assert len(await shop.messages(taken.conversation_id)) == 11
    assert await count(shop, schema.journal, schema.journal.c.state == "failed") == 0


@on_both
async def test_a_reaction_stands_under_the_message_and_nobody_waits(shop, loft):
    taken = await shop.customer_writes()
    loft.outcomes[shop.post.id] = [Sent("mid-1")]
    message = await shop.agent_replies(taken.conversation_id)
    await becomes(shop, message, "sent")
    await shop.vendor_says(reaction(shop, "mid-1"))
    found = await shop.message(taken.conversation_id, message["id"])
    assert [(one["emoji"], one["name"]) for one in found["content"]["reactions"]] == [("❤️", "Olena")]
    assert (await shop.conversation(taken.conversation_id))["waiting_since"] is None
    await shop.vendor_says(reaction(shop, "mid-1", "👍"))
    found = await shop.message(taken.conversation_id, message["id"])
    assert [one["emoji"] for one in found["content"]["reactions"]] == ["👍"]
    await shop.vendor_says(reaction(shop, "mid-1", ""))
    assert (await shop.message(taken.conversation_id, message["id"]))["content"]["reactions"] == []


@on_both
async def test_reactions_in_the_wrong_order_leave_the_latest(shop):
    taken = await shop.customer_writes("Гарна!", provider_id="c1")
    first, second = reaction(shop, "c1", "😮"), reaction(shop, "c1", "😂")
    await shop.vendor_says(second, first)
    [message] = await shop.messages(taken.conversation_id)
    assert [one["emoji"] for one in message["content"]["reactions"]] == ["😂"]


async def test_words_of_our_own_wait_for_their_template(shop):
    """Within the window nothing is asked; after it the words go into the template, unless the vendor has paused it."""

    async def way():
        [found] = (await shop.conversation(taken.conversation_id))["channels"]
        return found["can_reply"], found.get("reason"), found["templated"], found["media"]

    formal = await shop.connect("formal")
    taken = await shop.customer_writes("Доброго дня! Чи є кава?", inbox=formal)
    paused = ("Noticed", {"about": "uk", "at": shop.clock(), "trouble": "paused"})
    await shop.vendor_says(paused, inbox=formal)
    assert await way() == (True, None, False, True)
    shop.clock.forward(hours=2)
    assert await way() == (False, "template_paused: people complained", True, False)
    said = {"kind": "reply", "text": "Є."}
    answer = await shop.ask("POST", f"/api/v1/conversations/{taken.conversation_id}/messages", said)
    assert (answer.status, "paused the template" in answer.json()["detail"]) == (422, True)
    await shop.vendor_says(("Noticed", {"about": "uk", "at": shop.clock()}), inbox=formal)
    assert await way() == (True, None, True, False)


@on_both
@pytest.mark.parametrize("which", ["somebody-else's", "nobody's"])
async def test_a_reaction_to_the_message_of_another_customer_changes_nothing(shop, which):
    taken = await shop.customer_writes("Моє", provider_id="c1")
    await shop.customer_writes("Інше", who="ihor")
    await shop.vendor_says(reaction(shop, "c1" if which == "somebody-else's" else "c9", who="ihor"))
    [message] = await shop.messages(taken.conversation_id)
    assert "reactions" not in message["content"]


@on_both
async def test_what_the_vendor_says_of_the_inbox_stands_beside_it_until_it_is_well_again(shop):
    def news(about, trouble=""):
        return ("Noticed", {"about": about, "at": shop.clock(), "trouble": trouble})

    async def reason():
        return (await shop.get(f"/api/v1/inboxes/{shop.post.id}"))["reason"]

    await shop.vendor_says(news("template notice (uk)", "was rejected\nwhy: {{1}}"), news("account", "is restricted"))
    assert await reason() == "template notice (uk): was rejected why: {{1}}\naccount: is restricted"
    await shop.vendor_says(news("template notice (uk)", "is paused"))
    assert await reason() == "account: is restricted\ntemplate notice (uk): is paused"
    await shop.vendor_says(news("template notice (uk)"), news("account"), news("something else"))
    assert await reason() == ""
    await shop.ask("PATCH", f"/api/v1/inboxes/{shop.post.id}", {"state": "paused"})
    await shop.vendor_says(news("account", "is restricted"))
    assert await reason() == "paused by hand"
