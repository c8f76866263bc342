"""What is special about texts, whole: their price, STOP and START, deliveries that are taken again from the journal."""

import json

import pytest
from sqlalchemy import select, update

from prilavok.domain.events import Reported
from prilavok.domain.facts import Occasion
from prilavok.domain.message import Reachability
from prilavok.flows.circumstances import Circumstances, Matter
from prilavok.simulator import twilio
from prilavok.simulator.telegram import Fault
from prilavok.store import contacts
from prilavok.store.schema import identities, journal
from tests.asking import until
from tests.simulator.test_lines import MARTA, lines  # noqa: F401


async def way_through(shop, conversation, inbox):
    ways = (await shop.conversation(conversation["id"]))["channels"]
    return next(way for way in ways if way["inbox_id"] == inbox.id)


async def shut(shop, conversation, inbox):
    way = await way_through(shop, conversation, inbox)
    return way if not way["can_reply"] else None


def facts(unit, shop_id, contact_id):
    """What a decision about this person knows, once the number is proven to be theirs."""
    unit.db.execute(update(identities).values(verified=True))
    matter = Matter(contact_id, None, Occasion(kind="shipped", at=unit.now))
    return Circumstances(unit, shop_id, [matter]).facts_of(matter)


@pytest.mark.parametrize("word", ["Стоп", "відписатися", "STOP"])
async def test_stop_shuts_the_number_for_texts_and_leaves_calls_to_the_wishes(shop, lines, word):  # noqa: F811
    lines.twilio.user_texts(MARTA, "Скільки коштує?")
    conversation = await lines.only()
    assert (await way_through(shop, conversation, lines.sms))["can_reply"]
    lines.twilio.user_texts(MARTA, word)
    assert (await until(lambda: shut(shop, conversation, lines.sms)))["reason"] == "unreachable: blocked"
    assert (await way_through(shop, conversation, lines.phone))["reason"] == "voice"
    said = await shop.messages(conversation["id"])
    assert [one["automatic"] for one in said if one["text"] == word] == [True]
    identity = await shop.read(contacts.identity_at, "phone", MARTA)
    known = await shop.house.bus.do(facts, shop.id, identity["contact_id"])
    assert {way.channel: (way.reachable, way.refusal) for way in known.ways} == {
        "sms": (False, "unreachable: blocked"),
        "phone": (True, ""),
    }


async def test_a_question_after_stop_opens_nothing_but_start_does(shop, lines):  # noqa: F811
    lines.twilio.user_texts(MARTA, "Стоп")
    conversation = await lines.only()
    await until(lambda: shut(shop, conversation, lines.sms))
    asked = lines.twilio.user_texts(MARTA, "А де замовлення?")
    await until(lambda: asked.taken)
    assert await shut(shop, conversation, lines.sms)
    lines.twilio.user_texts(MARTA, "Старт")

    async def opened():
        return not await shut(shop, conversation, lines.sms)

    assert await until(opened)


async def test_a_text_that_still_waited_when_stop_came_does_not_go(shop, lines):  # noqa: F811
    lines.twilio.user_texts(MARTA, "Скільки коштує?")
    conversation = await lines.only()
    lines.twilio.fail(Fault.TOO_MANY, seconds=30)
    message = await shop.agent_replies(conversation["id"], "Сто гривень")

    async def held():
        return [one for one in await shop.outbox("waiting") if one["reason"]]

    await until(held)
    lines.twilio.user_texts(MARTA, "стоп")
    await until(lambda: shut(shop, conversation, lines.sms))
    shop.house.deliverer._held.clear()
    shop.clock.forward(seconds=60)
    await lines.receipt(conversation["id"], message, "failed")
    assert [one.text for one in lines.twilio.thread(MARTA).messages if not one.mine] == []


async def test_a_number_that_was_thought_dead_lives_when_it_writes(shop, lines):  # noqa: F811
    lines.twilio.user_texts(MARTA, "Скільки коштує?")
    conversation = await lines.only()

    def dead(unit):
        told = Reachability(MARTA, unit.now, reachable=False, reason="no SMS here")
        unit.emit(Reported(shop_id=shop.id, inbox_id=lines.sms.id, scope="phone", report=told))

    await shop.house.bus.do(dead)
    assert (await shut(shop, conversation, lines.sms))["reason"] == "unreachable: no SMS here"
    lines.twilio.user_texts(MARTA, "Беру!")

    async def opened():
        return not await shut(shop, conversation, lines.sms)

    assert await until(opened)


async def test_what_a_text_cost_is_learned_when_twilio_has_settled_it(shop, lines):  # noqa: F811
    lines.twilio.user_texts(MARTA, "Де моє замовлення?")
    conversation = await lines.only()
    message = await shop.agent_replies(conversation["id"], "Ваше замовлення вже їде. " * 4)
    await lines.receipt(conversation["id"], message, "delivered")
    assert (await shop.message(conversation["id"], message["id"]))["content"]["price"] == {"units": 2}
    shop.clock.forward(seconds=121)

    async def priced():
        price = (await shop.message(conversation["id"], message["id"]))["content"]["price"]
        return price if "amount" in price else None

    assert await until(priced) == {"amount": "0.0158", "currency": "USD", "units": 2}


async def test_a_receipt_is_verified_from_the_journal_as_it_was_from_the_wire(shop, lines):  # noqa: F811
    lines.twilio.user_texts(MARTA, "Ви тут?")
    conversation = await lines.only()
    message = await shop.agent_replies(conversation["id"], "Тут!")
    await lines.receipt(conversation["id"], message, "delivered")

    def rows(db, shop_id):
        return db.execute(select(journal).where(journal.c.shop_id == shop_id).order_by(journal.c.id)).mappings().all()

    kept = await shop.read(rows)
    callbacks = [row for row in kept if row["headers"].get("?m") == message["id"]]
    assert len(callbacks) == 2
    assert twilio.TOKEN not in json.dumps([row["headers"] for row in kept])
    for row in kept:
        assert await shop.house.intake.replay(shop.id, row["id"])
    assert (await shop.message(conversation["id"], message["id"]))["receipt"] == "delivered"
    assert len(await shop.messages(conversation["id"])) == 2
