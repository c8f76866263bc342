"""What everybody can read: apart from what is private, answered by people, taken aside when an answer stands."""

import asyncio

import pytest

from prilavok.domain.errors import Conflict, NeedsOwner, Undeliverable
from prilavok.flows.reply import Author, Draft, reply
from prilavok.store import messages
from tests import pigeons
from tests.asking import until
from tests.house import on_both

REVIEW = {"kind": "review", "root": "r1", "rating": 2, "product": {"name": "Лампа", "sku": "L-1"}, "order": "A-7"}
COMMENT = {"kind": "comment", "root": "c1", "about": "Нова колекція"}


@pytest.fixture
def market(shop, runner):
    return runner.run(shop.connect("crier", "майдан"))


async def said(shop, market, text="Не світить", *, who="olena", public=COMMENT, **more):
    more.setdefault("provider_id", public["root"])
    return await shop.customer_writes(text, who=who, inbox=market, public=public, **more)


async def act(shop, message_id, what, text=""):
    return await shop.ask("POST", f"/api/v1/messages/{message_id}/moderate", {"act": what, "text": text})


async def in_private(shop, conversation_id, text="Напишіть нам", **more):
    return await shop.ask("POST", f"/api/v1/conversations/{conversation_id}/private", {"text": text, **more})


async def standing(shop, conversation_id, text="Вибачте, розберемося"):
    """A public answer that the vendor took."""
    message = await shop.agent_replies(conversation_id, text)

    async def taken():
        return (await shop.message(conversation_id, message["id"]))["receipt"] == "sent"

    await until(taken)
    return message


@on_both
async def test_a_review_is_a_public_conversation_that_knows_what_it_is_about(shop, market):
    taken = await said(shop, market, public=REVIEW)
    whole = await shop.conversation(taken.conversation_id)
    assert whole["public"]
    assert whole["subject"] == "Лампа"
    assert whole["waiting_since"]
    told = whole["publication"]
    assert (told["kind"], told["rating"], told["product"]) == ("review", 2, {"name": "Лампа", "sku": "L-1"})
    assert told["order"] == {"number": "A-7", "id": None}
    assert told["answerable"]
    assert told["moderates"] == ["hide", "report", "show"]
    order = (await shop.ask("PUT", "/api/v1/orders/A-7", {"total": "10", "number": "A-7"})).json()
    assert (await shop.conversation(taken.conversation_id))["publication"]["order"]["id"] == order["id"]


@on_both
async def test_what_is_said_in_public_and_in_private_never_becomes_one_conversation(shop, market):
    private = await shop.customer_writes("Доброго дня", inbox=market)
    public = await said(shop, market)
    again = await shop.customer_writes("Ви тут?", inbox=market)
    more = await said(shop, market, "І ще одне", provider_id="c2")
    other = await said(shop, market, "А в мене світить", who="petro", provider_id="c3")
    assert again.conversation_id == private.conversation_id
    assert public.conversation_id != private.conversation_id
    assert {more.conversation_id, other.conversation_id} == {public.conversation_id}
    assert [one["id"] for one in await shop.conversations("?public=true")] == [public.conversation_id]
    assert [one["id"] for one in await shop.conversations("?public=false")] == [private.conversation_id]
    assert (await shop.ask("GET", "/api/v1/conversations?public=maybe")).status == 422


async def test_another_root_and_another_inbox_are_other_conversations(shop, market):
    second = await shop.connect("crier", "другий майдан")
    first = await said(shop, market)
    found = {
        first.conversation_id,
        (await said(shop, market, public=REVIEW)).conversation_id,
        (await said(shop, second)).conversation_id,
    }
    assert len(found) == 3


async def test_an_answer_goes_to_everybody_and_only_where_it_was_said(shop, market):
    await shop.customer_writes("Доброго дня", inbox=shop.post, who="olena")
    taken = await said(shop, market)
    [way] = (await shop.conversation(taken.conversation_id))["channels"]
    assert (way["inbox_id"], way["public"], way["can_reply"], way["text_limit"]) == (market.id, True, True, 100)
    await standing(shop, taken.conversation_id)
    [flown] = pigeons.LOFT.flown[market.id]
    assert (flown.public, flown.replies_to, flown.private_to) == (True, "c1", "")
    elsewhere = await shop.ask(
        "POST",
        f"/api/v1/conversations/{taken.conversation_id}/messages",
        {"kind": "reply", "text": "Ось", "inbox_id": shop.post.id},
    )
    assert elsewhere.status == 422
    assert pigeons.LOFT.flown[shop.post.id] == []


async def test_an_answer_names_the_comment_that_it_is_for(shop, market):
    await said(shop, market)
    other = await said(shop, market, "А де купити?", who="petro", provider_id="c2")
    await said(shop, market, "І мені", provider_id="c3")
    await shop.agent_replies(other.conversation_id, "У нас", reply_to=other.message_id)
    await until(lambda: pigeons.LOFT.flown[market.id])
    assert pigeons.LOFT.flown[market.id][0].replies_to == "c2"


async def test_what_does_not_fit_in_public_is_refused_with_a_sentence(shop, market):
    taken = await said(shop, market)
    url = f"/api/v1/conversations/{taken.conversation_id}/messages"
    long = await shop.ask("POST", url, {"kind": "reply", "text": "я" * 101})
    assert "100" in long.json()["detail"]
    file = (await shop.ask("POST", "/api/v1/files?name=a.txt", body=b"a")).json()["id"]
    pictured = await shop.ask("POST", url, {"kind": "reply", "text": "ось", "attachments": [file]})
    assert "files" in pictured.json()["detail"]
    shut = await said(shop, market, public={"kind": "review", "root": "r9", "rating": 1, "answerable": False})
    closed = await shop.ask(
        "POST", f"/api/v1/conversations/{shut.conversation_id}/messages", {"kind": "reply", "text": "Шкода"}
    )
    assert "No answer is taken" in closed.json()["detail"]
    assert (await shop.conversation(shut.conversation_id))["waiting_since"] is None


async def test_there_is_one_answer_where_the_vendor_takes_one(shop):
    herald = await shop.connect("herald")
    taken = await said(shop, herald, public=REVIEW)
    await shop.agent_replies(taken.conversation_id, "Дякуємо")
    again = await shop.ask(
        "POST", f"/api/v1/conversations/{taken.conversation_id}/messages", {"kind": "reply", "text": "І ще"}
    )
    assert (again.status, again.json()["detail"]) == (
        422,
        "The answer stands there already, and there can be only one.",
    )
    told = await said(shop, herald, public={**REVIEW, "root": "r2", "answered": True})
    [way] = (await shop.conversation(told.conversation_id))["channels"]
    assert (way["can_reply"], way["reason"]) == (False, "answered_already")


async def test_nothing_is_written_by_itself_where_everybody_reads(shop, market):
    taken = await said(shop, market, "так", who="olena")
    for author, automatic in ((Author("bot", None, "Бот"), True), (Author("system", None, ""), False)):
        with pytest.raises(Conflict):
            await shop.house.bus.do(
                reply, shop.id, taken.conversation_id, author, Draft("Дякуємо", automatic=automatic)
            )
    assert [one["kind"] for one in await shop.messages(taken.conversation_id)] == ["message"]


async def test_a_public_word_neither_opens_the_private_window_nor_lets_us_write_first(shop, market):
    taken = await said(shop, market)
    contact = (await shop.conversation(taken.conversation_id))["contact"]
    assert [one["last_at"] for one in contact["identities"]] == [None]


async def test_five_stars_without_a_word_wait_for_nobody(shop, market):
    taken = await said(shop, market, "", public={"kind": "review", "root": "r5", "rating": 5})
    assert await shop.conversations() == []
    whole = await shop.conversation(taken.conversation_id)
    assert (whole["status"], whole["waiting_since"]) == ("closed", None)
    await said(shop, market, "Перегоріла за тиждень", provider_id="r5:2", public={"kind": "review", "root": "r5"})
    whole = await shop.conversation(taken.conversation_id)
    assert (whole["status"], whole["publication"]["rating"]) == ("open", 5)


@on_both
async def test_a_changed_review_shows_its_old_text_and_its_old_stars(shop, market):
    taken = await said(shop, market, "Гарна", public={**REVIEW, "rating": 5})
    edited = {"provider_id": "r1", "at": shop.clock(), "sender": {"address": "olena"}, "text": "Згоріла"}
    await shop.vendor_says(("Edited", {**edited, "content": {"public": {"rating": 1}}}), inbox=market)
    first, line = await shop.messages(taken.conversation_id)
    assert (first["text"], first["original_text"]) == ("Згоріла", "Гарна")
    assert first["edited_at"]
    assert line["content"]["event"] == {"what": "rated", "from": 5, "to": 1}
    whole = await shop.conversation(taken.conversation_id)
    assert whole["publication"]["rating"] == 1
    await shop.vendor_says(("Edited", {**edited, "content": {"public": {"rating": 1}}}), inbox=market)
    assert len(await shop.messages(taken.conversation_id)) == 2


async def test_an_answer_given_at_the_vendors_ends_the_waiting(shop, market):
    taken = await said(shop, market, public=REVIEW)
    echo = {"provider_id": "a1", "at": shop.clock(), "address": "olena", "text": "Дякуємо", "public": REVIEW}
    await shop.vendor_says(("Echoed", echo), inbox=market)
    whole = await shop.conversation(taken.conversation_id)
    assert whole["publication"]["answered"]
    assert whole["waiting_since"] is None


async def test_a_private_answer_needs_a_public_one_that_stands(shop, market):
    taken = await said(shop, market)
    refused = await in_private(shop, taken.conversation_id)
    assert (refused.status, "Answer in public first" in refused.json()["detail"]) == (409, True)
    pigeons.LOFT.outcomes[market.id].append(Undeliverable("no such comment"))
    failed = await shop.agent_replies(taken.conversation_id, "Вибачте")

    async def gone():
        return (await shop.message(taken.conversation_id, failed["id"]))["receipt"] == "failed"

    await until(gone)
    assert (await in_private(shop, taken.conversation_id)).status == 409
    assert len(pigeons.LOFT.flown[market.id]) == 1


@on_both
async def test_a_matter_goes_on_in_private_once_and_both_sides_say_so(shop, market):
    taken = await said(shop, market)
    await standing(shop, taken.conversation_id)
    answer = await in_private(shop, taken.conversation_id, "Надішліть номер замовлення")
    assert answer.status == 201, answer
    aside = answer.json()
    assert aside["conversation_id"] != taken.conversation_id
    await until(lambda: len(pigeons.LOFT.flown[market.id]) == 2)
    flown = pigeons.LOFT.flown[market.id][1]
    assert (flown.public, flown.private_to) == (False, "c1")
    whole = await shop.conversation(aside["conversation_id"])
    assert not whole["public"]
    lines = [
        [one["content"]["event"]["what"] for one in await shop.messages(talk) if one["kind"] == "event"]
        for talk in (taken.conversation_id, aside["conversation_id"])
    ]
    assert lines == [["taken_aside"], ["from_public"]]
    again = await in_private(shop, taken.conversation_id, "І ще")
    assert "already" in again.json()["detail"]
    back = await shop.customer_writes("Номер 7", inbox=market)
    assert back.conversation_id == aside["conversation_id"]
    freely = await in_private(shop, taken.conversation_id, "Дякую, бачу")
    assert (freely.status, freely.json()["conversation_id"]) == (201, aside["conversation_id"])
    await until(lambda: len(pigeons.LOFT.flown[market.id]) == 3)
    assert pigeons.LOFT.flown[market.id][2].private_to == ""


async def test_the_time_for_a_private_answer_ends(shop, market, clock):
    taken = await said(shop, market)
    await standing(shop, taken.conversation_id)
    clock.forward(days=8)
    late = await in_private(shop, taken.conversation_id)
    assert (late.status, "7 days" in late.json()["detail"]) == (409, True)
    herald = await shop.connect("herald")
    review = await said(shop, herald, public=REVIEW)
    await standing(shop, review.conversation_id)
    nowhere = await in_private(shop, review.conversation_id)
    assert (nowhere.status, "cannot be written to in private" in nowhere.json()["detail"]) == (409, True)


async def test_a_message_never_leaves_for_others_than_it_was_written_for(shop, market, loft):
    taken = await said(shop, market)
    first = asyncio.Event()
    loft.outcomes[market.id].append(first)
    await shop.agent_replies(taken.conversation_id, "Вибачте")
    message = await shop.agent_replies(taken.conversation_id, "Розберемося")  # waits behind the first

    def forget(unit):
        messages.change(unit.db, shop.id, message["id"], {"content": {}})

    await shop.house.bus.do(forget)
    first.set()
    [dead] = await until(lambda: shop.outbox("dead"))
    assert "read by others" in dead["reason"]
    assert len(loft.flown[market.id]) == 1


async def test_a_comment_is_hidden_and_the_conversation_says_who_did_it(shop, market):
    taken = await said(shop, market)
    assert (await act(shop, taken.message_id, "hide")).status == 202

    async def hidden():
        return (await shop.message(taken.conversation_id, taken.message_id))["content"].get("hidden")

    await until(hidden)
    assert pigeons.LOFT.moderated == [("hide", "c1")]
    [_, line] = await shop.messages(taken.conversation_id)
    assert line["content"]["event"] == {"what": "moderated", "act": "hide"}
    assert line["author"]["name"] == "Owner"
    assert (await act(shop, taken.message_id, "show")).status == 202

    async def shown():
        return not await hidden()

    await until(shown)


@pytest.mark.parametrize(("error", "stops"), [(Undeliverable("too old"), False), (NeedsOwner("token ended"), True)])
async def test_what_the_vendor_refuses_to_hide_is_said(shop, market, error, stops):
    taken = await said(shop, market)
    pigeons.LOFT.moderation.append(error)
    await act(shop, taken.message_id, "report")

    async def told():
        found = await shop.messages(taken.conversation_id)
        return found if len(found) == 2 else None

    [_, line] = await until(told)
    assert line["content"]["event"] == {"what": "moderated", "act": "report", "failed": error.reason}
    health = await shop.get(f"/api/v1/inboxes/{market.id}/health")
    assert (health["state"] == "paused") is stops


async def test_only_what_a_customer_said_in_public_is_moderated_and_only_as_the_vendor_lets(shop, market):
    taken = await said(shop, market)
    private = await shop.customer_writes("Доброго дня", inbox=market)
    answer = await shop.agent_replies(taken.conversation_id, "Вибачте")
    refused = [
        await act(shop, taken.message_id, "delete"),
        await act(shop, private.message_id, "hide"),
        await act(shop, answer["id"], "hide"),
        await act(shop, taken.message_id, "burn"),
    ]
    assert [one.status for one in refused] == [422] * 4
    assert pigeons.LOFT.moderated == []


async def test_an_answer_of_ours_is_changed_and_taken_away_and_its_author_waits_again(shop, market):
    taken = await said(shop, market)
    answer = await standing(shop, taken.conversation_id, "Вибачте")

    async def now(state, act):
        one = await shop.message(taken.conversation_id, answer["id"])
        return one if one["content"].get("moderation") == {"act": act, "state": state} else None

    pigeons.LOFT.moderation.append(Undeliverable("too late"))
    for words, state in (("Пробачте", "failed"), ("Пробачте нам", "done")):
        assert (await act(shop, answer["id"], "edit", words)).status == 202
        changed = await until(lambda state=state: now(state, "edit"))
    assert (changed["text"], changed["original_text"]) == ("Пробачте нам", "Вибачте")
    talk = await shop.conversation(taken.conversation_id)
    assert (talk["last_message"]["text"], talk["waiting_since"]) == ("Пробачте нам", None)
    assert talk["publication"]["amends"] == ["delete", "edit"]
    assert (await act(shop, answer["id"], "edit", "д" * 101)).status == 422
    assert (await act(shop, answer["id"], "delete")).status == 202
    gone = await until(lambda: now("done", "delete"))
    assert gone["deleted_at"]
    assert (await shop.conversation(taken.conversation_id))["waiting_since"]
    assert pigeons.LOFT.moderated == [("say Пробачте", "c1"), ("say Пробачте нам", "c1"), ("unsay", "c1")]
    lines = [one["content"]["event"] for one in await shop.messages(taken.conversation_id) if one["kind"] == "event"]
    assert [(one["what"], one["act"], "failed" in one) for one in lines] == [
        ("amended", "edit", True), ("amended", "edit", False), ("amended", "delete", False),
    ]  # fmt: skip
    assert (await act(shop, answer["id"], "delete")).status == 409
