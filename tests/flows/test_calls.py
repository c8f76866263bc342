"""Calls are made by people, where the policy allows one; what they hear decides how it goes on."""

import pytest

from prilavok.domain.errors import Conflict
from prilavok.flows import follow, wish
from prilavok.store import orders as order_store
from tests.house import on_both
from tests.telling import Counter


@pytest.fixture
def house(open_house):
    return open_house(work=False)


@pytest.fixture
def counter(shop, loft, runner):
    return runner.run(Counter.open(shop, loft))


async def knocked_in_vain(counter, *, at_once=False, **fields):
    """A courier stood before the door; mail and SMS were sent and not answered. The order. `at_once`: the shop told of
    it all in one moment.
    """
    order_id = await counter.placed(messenger=False, said=not at_once, **fields)
    await counter.happens(order_id, "failed_attempt", "1", reason="нікого немає вдома")
    await counter.later(minutes=16)
    await counter.later(minutes=16)
    return order_id


@on_both
async def test_when_words_were_not_heard_at_delivery_a_person_calls(counter):
    order_id = await knocked_in_vain(counter)
    [task] = await counter.tasks(order_id)
    assert (task["kind"], task["phone"]) == ("call", "+380671234567")
    assert {one["why"] for one in task["because"]} >= {"fallback", "at_delivery"}
    assert task["not_before"] <= counter.now < task["not_after"]


@on_both
@pytest.mark.parametrize("at_once", [False, True])
async def test_whoever_does_not_answer_reads_at_once_who_called_and_why(counter, at_once):
    order_id = await knocked_in_vain(counter, at_once=at_once)
    before = len(counter.in_sms + counter.in_mail)
    [task] = await counter.tasks(order_id)
    await counter.do(lambda unit: follow.finish(unit, counter.shop.id, task["id"], "no_answer", None))
    await counter.work()
    assert len(counter.in_sms + counter.in_mail) == before + 1
    [text] = [one for one in counter.in_sms + counter.in_mail if "телефонували" in one]
    assert counter.shop.name in text
    assert "не вдалося вручити" in text


@on_both
async def test_a_call_through_our_own_telephone_that_nobody_answers_needs_no_word_of_a_person(counter):
    order_id = await knocked_in_vain(counter)
    [task] = await counter.tasks(order_id)
    bell = await counter.shop.connect("bell")
    ends = ({"outcome": one} for one in ("agent_no_answer", "cancelled", "failed", "no_answer"))
    for told in ({"reason": "nobody answered"}, *ends):  # no sentence ends it
        before = len(counter.in_sms + counter.in_mail)
        answer = await counter.shop.ask("POST", f"/api/v1/tasks/{task['id']}/call")
        assert answer.status == 200, answer
        [*_, call] = await calls(counter, order_id)
        gone = {"receipt": "failed", "at": counter.now, "message_id": call["id"], **told}
        await counter.shop.vendor_says(("ReceiptCame", gone), inbox=bell)
        await counter.work()
    assert len(counter.in_sms + counter.in_mail) == before + 1
    assert task["id"] not in {one["id"] for one in await counter.tasks(order_id)}


async def test_a_call_that_is_made_again_has_not_ended(counter):
    order_id = await knocked_in_vain(counter)
    [task] = await counter.tasks(order_id)
    bell = await counter.shop.connect("bell")
    await counter.shop.ask("POST", f"/api/v1/tasks/{task['id']}/call")
    [call] = await calls(counter, order_id)
    cost = {"amount": "0.02", "currency": "USD"}
    gone = {"receipt": "failed", "at": counter.now, "message_id": call["id"], "outcome": "failed", "price": cost}
    await counter.shop.vendor_says(("ReceiptCame", gone), inbox=bell)
    [failed] = await calls(counter, order_id)
    assert (failed["content"]["call"]["outcome"], failed["content"]["price"]) == ("failed", cost)
    assert (await counter.shop.ask("POST", f"/api/v1/messages/{call['id']}/retry")).status == 200
    [again] = await calls(counter, order_id)
    assert again["content"]["call"] == call["content"]["call"]


async def calls(counter, order_id):
    """Made to whoever placed it."""
    contact_id = (await counter.shop.get(f"/api/v1/orders/{order_id}"))["contact"]["id"]
    talks = (await counter.shop.get(f"/api/v1/contacts/{contact_id}"))["conversations"]
    return [one for talk in talks for one in await counter.shop.messages(talk["id"]) if "call" in one["content"]]


@on_both
async def test_whoever_answers_the_call_is_reached(counter):
    order_id = await knocked_in_vain(counter)
    [task] = await counter.tasks(order_id)
    await counter.do(lambda unit: follow.finish(unit, counter.shop.id, task["id"], "answered", None))
    last = (await counter.plans(order_id))[-1]
    assert (last["state"], last["because"]["data"]["by"]) == ("reached", "call")
    with pytest.raises(Conflict):
        await counter.do(lambda unit: follow.finish(unit, counter.shop.id, task["id"], "answered", None))


@on_both
async def test_an_answer_in_writing_makes_the_call_needless(counter):
    order_id = await knocked_in_vain(counter)
    await counter.writes("Давайте завтра", inbox=counter.owl, who="olena@example.org")
    assert await counter.tasks(order_id) == []
    assert (await counter.plans(order_id))[-1]["state"] == "reached"


@on_both
async def test_nobody_is_called_who_does_not_want_to_be(counter):
    order_id = await counter.placed(messenger=False)
    refused = {"wishes": {"call": "never"}}
    await counter.do(lambda unit: order_store.change(unit.db, counter.shop.id, order_id, refused))
    await counter.happens(order_id, "failed_attempt", "1")
    for _ in range(6):
        await counter.later(minutes=30)
    assert [one["kind"] for one in await counter.tasks(order_id) if one["kind"] == "call"] == []


@on_both
@pytest.mark.parametrize("refusal", [{"call": "never"}, {"forbidden_channels": ["phone"]}])
async def test_whoever_refuses_calls_while_one_waits_is_not_called(counter, refusal):
    order_id = await knocked_in_vain(counter)
    [task] = await counter.tasks(order_id)
    await counter.do(lambda unit: wish.save(unit, counter.shop.id, task["contact_id"], refusal, by="customer"))
    await counter.work()
    assert [one["kind"] for one in await counter.tasks(order_id)] == ["look"]


@on_both
async def test_another_wish_leaves_the_call_as_it_is(counter):
    order_id = await knocked_in_vain(counter)
    [task] = await counter.tasks(order_id)
    given = {"contact_window": {"from": "08:00", "to": "20:00"}}
    await counter.do(lambda unit: wish.save(unit, counter.shop.id, task["contact_id"], given, by="customer"))
    await counter.work()
    assert [one["id"] for one in await counter.tasks(order_id)] == [task["id"]]


@on_both
async def test_a_call_that_nobody_made_in_time_does_not_stay_open_for_ever(counter):
    order_id = await knocked_in_vain(counter)
    await counter.later(hours=25)
    assert [one["kind"] for one in await counter.tasks(order_id)] == ["look"]
    assert (await counter.plans(order_id))[-1]["state"] == "unreached"
