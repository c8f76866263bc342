"""A call that nobody took is answered in writing, once, where the policy allows it; and the call says it when not."""

import pytest

from prilavok.store import plans
from tests.asking import Answer
from tests.house import on_both
from tests.telling import Counter

MARTA = "+380671234567"
LANDLINE = "+380442345678"


@pytest.fixture
def house(open_house):
    return open_house(work=False)


@pytest.fixture
def counter(shop, loft, runner):
    counter = runner.run(Counter.open(shop, loft))
    counter.bell = runner.run(shop.connect("bell"))
    return counter


async def rings(counter, number=MARTA, call="call-1", *more):
    fields = {"provider_id": call, "at": counter.now, "sender": {"address": number}, "text": "☎", "automatic": True}
    content = {"call": {"direction": "in", "state": "ringing", "from": number}}
    taken = await counter.shop.vendor_says(("Received", {**fields, "content": content}), *more, inbox=counter.bell)
    return taken[0].conversation_id


async def ends(counter, number=MARTA, call="call-1", *, seconds=0):
    state = {"state": "answered" if seconds else "missed", "seconds": seconds}
    fields = {"provider_id": call, "at": counter.now, "sender": {"address": number}, "text": "☎"}
    over = {**fields, "content": {"call": state}, "waits": not seconds}
    await counter.shop.vendor_says(("Edited", over), inbox=counter.bell)
    await counter.work()


async def call_in(counter, conversation_id):
    calls = [one for one in await counter.shop.messages(conversation_id) if "call" in one["content"]]
    return calls[-1]["content"]["call"]


@on_both
async def test_whoever_was_not_heard_is_asked_in_writing_what_it_is_about(counter):
    conversation_id = await rings(counter)
    await ends(counter)
    assert [one for one in counter.in_sms if "не встигли відповісти на Ваш дзвінок" in one] == counter.in_sms
    assert len(counter.in_sms) == 1
    seen = await counter.shop.conversation(conversation_id)
    assert seen["waiting_since"] is not None
    assert seen["last_message"]["text"] == "☎ ✗"
    assert "unwritten" not in await call_in(counter, conversation_id)


@on_both
async def test_five_calls_in_a_row_are_one_question(counter):
    for number in range(5):
        conversation_id = await rings(counter, MARTA, f"call-{number}")
        await ends(counter, MARTA, f"call-{number}")
    assert len(counter.in_sms) == 1
    assert (await call_in(counter, conversation_id))["unwritten"]["why"] == "told_already"
    await counter.shop.agent_replies(conversation_id, "Добрий день!", inbox_id=counter.rooster.id)
    await counter.later(hours=3)
    await rings(counter, MARTA, "call-6")
    await ends(counter, MARTA, "call-6")
    assert len([one for one in counter.in_sms if "дзвінок" in one]) == 2


@on_both
async def test_a_landline_gets_nothing_and_the_call_says_why(counter):
    conversation_id = await rings(counter, LANDLINE)
    await ends(counter, LANDLINE)
    assert counter.in_sms == []
    said = (await call_in(counter, conversation_id))["unwritten"]
    assert (said["why"], said["data"]) == ("unreachable", {"reason": "landline"})
    assert await tasks(counter) == []  # it waits in the inbox: nobody has to be told twice


async def tasks(counter):
    answer: Answer = await counter.shop.ask("GET", "/api/v1/tasks")
    return answer.json()["items"]


async def test_a_hidden_number_gets_nothing_and_the_call_says_why(counter):
    blocked = ("Reachability", {"address": "hidden", "at": counter.now, "reachable": False, "reason": "hidden"})
    conversation_id = await rings(counter, "hidden", "call-1", blocked)
    await ends(counter, "hidden")
    said = (await call_in(counter, conversation_id))["unwritten"]
    assert (said["why"], said["data"]) == ("unreachable", {"reason": "hidden"})
    assert (await counter.shop.conversation(conversation_id))["waiting_since"] is not None


async def test_whoever_does_not_want_texts_gets_none(counter):
    conversation_id = await rings(counter)
    contact = (await counter.shop.conversation(conversation_id))["contact"]["id"]
    wish = {"forbidden_channels": ["sms"]}
    await counter.shop.ask("PUT", f"/api/v1/contacts/{contact}/preferences", wish)
    await ends(counter)
    assert counter.in_sms == []
    assert (await call_in(counter, conversation_id))["unwritten"]["why"] == "no_channel"


@on_both
async def test_whoever_was_spoken_to_waits_no_longer_and_gets_no_apology(counter):
    await counter.later(hours=11)  # late at night: an SMS would wait for the morning
    conversation_id = await rings(counter)
    await ends(counter)
    assert (await counter.shop.conversation(conversation_id))["waiting_since"] is not None
    await rings(counter, MARTA, "call-2")
    await ends(counter, MARTA, "call-2", seconds=64)
    assert (await counter.shop.conversation(conversation_id))["waiting_since"] is None
    await counter.later(hours=12)
    assert counter.in_sms == []
    contact = (await counter.shop.conversation(conversation_id))["contact"]["id"]
    [plan] = await counter.shop.read(plans.of_contact, contact)
    assert (plan["state"], plan["because"]["data"]) == ("stopped", {"by": "call"})


async def test_a_call_about_the_only_open_order_is_answered_with_its_number(counter):
    await counter.placed("1047", messenger=False, phone=MARTA)
    before = len(counter.in_sms)
    await rings(counter)
    await ends(counter)
    assert ["1047" in one for one in counter.in_sms[before:]] == [True]


async def test_a_note_stands_with_its_call(counter):
    conversation_id = await rings(counter)
    call = (await counter.shop.messages(conversation_id))[-1]["id"]
    path = f"/api/v1/conversations/{conversation_id}/messages"
    note = await counter.shop.ask("POST", path, {"kind": "note", "text": "Просить синю", "reply_to": call})
    assert note.json()["content"] == {"about": call}
    other = await rings(counter, "+380501112233", "call-9")
    answer = await counter.shop.ask(
        "POST", f"/api/v1/conversations/{other}/messages", {"kind": "note", "text": "чуже", "reply_to": call}
    )
    assert answer.status == 422
