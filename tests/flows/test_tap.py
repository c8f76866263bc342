import pytest

from prilavok.store import conversations, messages, orders
from tests.asking import until
from tests.delivering import NOON, changed, happened, happenings, kinds, order_row, placed
from tests.house import on_both


async def pressed(shop, row, act, *, who="olena", **more):
    """A press of a button, or a message with its data."""
    return await shop.customer_writes(
        "Нажал кнопку", who=who, content={"button": f"o:{row['id']}:{act}"}, sender={"address": who}, **more
    )


async def asked(shop, row, *choices, who="olena"):
    """The shop's own question with its choices, as it went out."""
    taken = await shop.customer_writes("Добрий день!", who=who)
    sent = await shop.agent_replies(taken.conversation_id, "Підтверджуєте?")
    data = [f"o:{row['id']}:{act}" for act in choices]
    await shop.house.bus.do(
        lambda unit: messages.change(
            unit.db, shop.id, sent["id"], {"content": {"choices": data}, "automatic": True, "author_kind": "bot"}
        )
    )
    return taken.conversation_id


async def answers(shop, conversation_id):
    return [one["text"] for one in await shop.messages(conversation_id) if one["automatic"]]


@on_both
async def test_one_tap_confirms_and_a_second_says_that_it_stands(shop, told):
    row = await placed(shop)
    told.clear()
    first = await pressed(shop, row, "confirm")
    assert (await order_row(shop, row["id"]))["status"] == "confirmed"
    assert kinds(told) == ["confirmed"]
    assert told[0].occasion.by_customer
    assert told[0].contact_id == row["contact_id"]
    assert await answers(shop, first.conversation_id) == []
    await pressed(shop, row, "confirm")
    assert kinds(told) == ["confirmed"]
    assert ("confirmed", "customer") in await happenings(shop, row)
    [said] = await answers(shop, first.conversation_id)
    assert "уже підтверджено" in said


@on_both
async def test_a_tap_that_was_carried_out_waits_for_nobody(shop, told):
    row = await placed(shop)
    taken = await pressed(shop, row, "confirm")
    talk = await shop.read(conversations.get, taken.conversation_id)
    assert talk["waiting_since"] is None
    assert talk["status"] == "closed"
    asking = await shop.customer_writes("А коли привезете?")
    assert (await shop.read(conversations.get, asking.conversation_id))["waiting_since"] is not None
    await pressed(shop, row, "ok")
    assert (await shop.read(conversations.get, asking.conversation_id))["waiting_since"] is not None


@on_both
@pytest.mark.parametrize("text", ["1", " 1. ", "1)", "да", "Так", "Подтверждаю!", "yes", "+"])
async def test_a_numbered_question_is_answered_with_its_number_or_a_yes(shop, told, text):
    row = await placed(shop)
    await asked(shop, row, "confirm", "change", "cancel")
    told.clear()
    await shop.customer_writes(text)
    assert kinds(told) == ["confirmed"]


async def test_the_third_choice_cancels(shop, told):
    row = await placed(shop)
    await asked(shop, row, "confirm", "change", "cancel")
    told.clear()
    await shop.customer_writes("3")
    assert kinds(told) == ["cancelled"]
    assert (await order_row(shop, row["id"]))["status"] == "cancelled"


@pytest.mark.parametrize("text", ["4", "0", "1 или 2?", "да, но адрес другой", "нет", "11"])
async def test_whatever_is_more_than_a_choice_is_for_people(shop, told, text):
    row = await placed(shop)
    await asked(shop, row, "confirm", "change", "cancel")
    told.clear()
    taken = await shop.customer_writes(text)
    assert told == []
    assert (await shop.read(conversations.get, taken.conversation_id))["waiting_since"] is not None


async def test_a_yes_to_a_colleague_confirms_no_order(shop, told):
    row = await placed(shop)
    conversation_id = await asked(shop, row, "confirm", "change", "cancel")
    await shop.agent_replies(conversation_id, "Вам зручно завтра?")
    told.clear()
    await shop.customer_writes("да")
    assert told == []


async def test_a_question_of_last_week_is_not_answered_by_a_yes_of_today(shop, told):
    row = await placed(shop)
    await asked(shop, row, "confirm")
    shop.clock.forward(days=8)
    told.clear()
    await shop.customer_writes("да")
    assert told == []


@on_both
async def test_cancelling_is_possible_until_the_parcel_has_left(shop, told):
    row = await placed(shop)
    await happened(shop, row, "packed")
    told.clear()
    await pressed(shop, row, "cancel")
    assert kinds(told) == ["cancelled"]
    assert told[0].data["by"] == "customer"
    sent = await placed(shop, "1043")
    await happened(shop, sent, "shipped")
    told.clear()
    taken = await pressed(shop, sent, "cancel")
    assert told == []
    assert (await order_row(shop, sent["id"]))["status"] == "shipped"
    assert "уже відправлено" in (await answers(shop, taken.conversation_id))[-1]


async def test_an_old_button_does_not_take_a_cancelled_order_up_again(shop, told):
    row = await placed(shop)
    taken = await pressed(shop, row, "cancel")
    told.clear()
    await pressed(shop, row, "confirm")
    assert told == []
    assert (await order_row(shop, row["id"]))["status"] == "cancelled"
    assert "скасовано" in (await answers(shop, taken.conversation_id))[-1]


@on_both
async def test_a_change_is_a_matter_for_a_person_and_noted_once(shop, told):
    row = await placed(shop)
    taken = await pressed(shop, row, "change")
    again = await pressed(shop, row, "change")
    assert again.conversation_id == taken.conversation_id
    talk = await shop.conversation(taken.conversation_id)
    assert talk["status"] == "open"
    assert talk["waiting_since"] is not None
    notes = [one for one in await shop.messages(taken.conversation_id) if one["kind"] == "note"]
    assert len(notes) == 1
    assert f"/orders/{row['id']}" in notes[0]["text"]
    first, second = await answers(shop, taken.conversation_id)
    assert "Відповість людина" in first
    assert "вже знаємо" in second


@on_both
async def test_hours_are_picked_in_the_messenger(shop, told, loft):
    shop.clock.now = NOON
    row = await placed(shop)
    await happened(shop, row, "confirmed")
    taken = await pressed(shop, row, "slot")
    [offer] = [one for one in await shop.messages(taken.conversation_id) if one["automatic"]]
    assert "\n1. сьогодні, вт 24.11, 18:00–21:00\n2. завтра, ср 25.11, 10:00–14:00\n" in offer["text"]
    await until(lambda: offer["text"] in loft.texts(shop.post.id))
    told.clear()
    await shop.customer_writes("1")
    assert kinds(told) == ["slot_confirmed"]
    fresh = await order_row(shop, row["id"])
    assert (fresh["delivery_day"], fresh["slot_from"], fresh["slot_to"]) == ("2026-11-24", "18:00", "21:00")
    assert told[0].data == {"day": "2026-11-24", "from": "18:00", "to": "21:00"}


async def test_hours_that_somebody_else_took_are_not_promised_twice(shop, told):
    shop.clock.now = NOON
    await shop.ask("PUT", "/api/v1/delivery-settings", {"intervals": [{"from": "10:00", "to": "14:00", "capacity": 1}]})
    first, second = await placed(shop), await placed(shop, "1043", who="taras")
    await pressed(shop, first, "slot:2611251000")
    told.clear()
    taken = await pressed(shop, second, "slot:2611251000", who="taras")
    assert told == []
    assert (await order_row(shop, second["id"]))["delivery_day"] is None
    assert "щойно зайняли" in (await answers(shop, taken.conversation_id))[-1]
    await pressed(shop, first, "slot:2611251000")
    assert told == []


@on_both
async def test_nobody_presses_the_buttons_of_somebody_elses_order(shop, other_shop, told):
    mine = await placed(shop)
    foreign = await placed(other_shop, who="olena")
    told.clear()
    for act in ("confirm", "cancel", "change", "slot", "slot:2611251000"):
        await pressed(shop, mine, act, who="mallory")
        await pressed(shop, foreign, act)
    assert told == []
    assert await happenings(shop, mine) == [("placed", "")]
    assert await happenings(other_shop, foreign) == [("placed", "")]
    assert (await changed(shop, mine, courier=""))["delivery_day"] is None


@on_both
@pytest.mark.parametrize(
    "data",
    [
        "o:x:confirm",
        "o::confirm",
        "o:00000000-0000-0000-0000-000000000000:confirm",
        "o:{id}:delivered",
        "o:{id}:confirm:1",
        "O:{id}:confirm",
        "o:{id}:slot:9999999999",
        "o:{id}:confirm\n",
        "' or 1=1",
        7,
        {"a": 1},
        None,
    ],
)
async def test_what_is_no_button_of_ours_does_nothing(shop, told, data):
    row = await placed(shop)
    told.clear()
    given = data.format(id=row["id"]) if isinstance(data, str) else data
    taken = await shop.customer_writes("?", content={"button": given})
    assert taken.message_id
    assert told == []
    assert await happenings(shop, row) == [("placed", "")]
    assert (await shop.read(orders.get, row["id"]))["status"] == "placed"
