"""What comes in: stored once, numbered, in the right conversation."""

import asyncio
import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from prilavok.store import schema
from tests.house import on_both, on_postgresql

LONG = "".join(random.Random(1).choices("абвгдеєжзиіїйклмнопрстуфхцчшщьюя0123456789", k=20_000))  # does not compress
SENDER = {"address": "olena", "name": "Олена"}


def received(shop, text="Привіт", **fields):
    return ("Received", {"provider_id": shop.number(), "at": shop.clock(), "text": text, "sender": SENDER, **fields})


async def count(shop, table, *conditions):
    def ask(db, shop_id):
        query = select(func.count()).select_from(table).where(table.c.shop_id == shop_id, *conditions)
        return db.execute(query).scalar_one()

    return await shop.read(ask)


async def column(shop, which, *order):
    def ask(db, shop_id):
        query = select(which).where(which.table.c.shop_id == shop_id).order_by(*(order or (which,)))
        return list(db.execute(query).scalars())

    return await shop.read(ask)


@on_both
async def test_a_message_is_stored_with_its_contact_conversation_and_raw_delivery(shop):
    taken = await shop.customer_writes("Чи є синя у розмірі M?", who="olena")
    [conversation] = await shop.conversations()
    assert conversation["id"] == taken.conversation_id
    assert conversation["number"] == 1
    assert conversation["contact"]["name"] == "Olena"
    assert conversation["last_message"]["text"] == "Чи є синя у розмірі M?"
    assert conversation["waiting_since"]
    assert conversation["unread"]
    [message] = await shop.messages(taken.conversation_id)
    assert (message["seq"], message["direction"], message["receipt"]) == (1, "inbound", "delivered")
    assert await count(shop, schema.journal, schema.journal.c.state == "done") == 1


@on_both
async def test_the_same_message_again_is_stored_once(shop):
    first = await shop.customer_writes("раз", provider_id="7")
    again = await shop.customer_writes("раз", provider_id="7")
    assert again.duplicate
    assert (again.message_id, again.conversation_id) == (first.message_id, first.conversation_id)
    assert len(await shop.messages(first.conversation_id)) == 1
    other = await shop.connect("pigeon", "друга пошта")
    assert not (await shop.customer_writes("раз", provider_id="7", inbox=other)).duplicate


@on_both
async def test_the_second_of_two_equals_in_one_delivery_is_answered_like_the_first(shop):
    one = received(shop, provider_id="7")
    first, second, third = await shop.vendor_says(one, one, received(shop, provider_id="8"))
    assert not first.duplicate
    assert second.duplicate
    assert (second.message_id, second.conversation_id) == (first.message_id, first.conversation_id)
    assert second.conversation_id
    assert third.conversation_id == first.conversation_id


@on_both
async def test_a_thousand_messages_of_a_hundred_people_in_one_delivery(shop):
    parts = [
        received(shop, f"№ {n}", sender={"address": f"who-{n % 100}", "name": f"Покупець {n % 100}"})
        for n in range(1000)
    ]
    taken = await shop.vendor_says(*parts)
    assert len({one.message_id for one in taken}) == 1000
    assert await count(shop, schema.contacts) == 100
    assert sorted(await column(shop, schema.conversations.c.number)) == list(range(1, 101))
    for conversation_id in {one.conversation_id for one in taken[:5]}:
        assert [one["seq"] for one in await shop.messages(conversation_id)] == list(range(1, 11))


@on_postgresql
async def test_two_processes_receive_the_same_messages_at_once_and_store_each_once(shop, neighbour):
    deliveries = [[received(shop, f"{n}", provider_id=f"p{n}")] for n in range(20)]
    both = [one.vendor_says(*parts) for parts in deliveries for one in (shop, neighbour)]
    taken = [one for group in await asyncio.gather(*both) for one in group]
    assert len(taken) == 40, "each of the two got an answer about the message"
    assert len({one.message_id for one in taken}) == 20
    assert sum(one.duplicate for one in taken) == 20
    assert await count(shop, schema.messages) == 20
    assert await count(shop, schema.journal, schema.journal.c.state == "failed") == 0


@on_postgresql
async def test_a_new_customer_who_writes_to_two_processes_at_once_is_one_contact_in_one_conversation(shop, neighbour):
    for n in range(10):
        who = {"address": f"new-{n}", "name": "Нова"}
        both = [one.vendor_says(received(one, f"{m}", sender=who)) for m, one in enumerate((shop, neighbour) * 2)]
        taken = [one for group in await asyncio.gather(*both) for one in group]
        assert len({one.conversation_id for one in taken}) == 1
        assert [one["seq"] for one in await shop.messages(taken[0].conversation_id)] == [1, 2, 3, 4]
    assert await count(shop, schema.contacts) == 10
    assert await count(shop, schema.identities) == 10


@on_postgresql
async def test_numbers_have_no_gaps_when_two_processes_and_their_agents_write_at_once(shop, neighbour):
    first = await shop.customer_writes("0")
    work = []
    for n in range(12):
        for one in (shop, neighbour):
            work.append(one.customer_writes(f"{n}"))
            work.append(one.customer_writes("інша", who=f"somebody-{n}-{id(one)}"))
            if n % 3 == 0:
                work.append(one.agent_replies(first.conversation_id, f"відповідь {n}"))
    await asyncio.gather(*work)
    seqs = [one["seq"] for one in await shop.messages(first.conversation_id)]
    assert seqs == list(range(1, 1 + 24 + 8 + 1))
    numbers = await column(shop, schema.conversations.c.number)
    assert numbers == list(range(1, 26))
    told = await column(shop, schema.events.c.seq)  # read once: the replies are still going out
    assert told == list(range(1, len(told) + 1))


@on_both
async def test_a_customer_goes_on_in_the_conversation_that_is_open(shop):
    first = await shop.customer_writes("перше")
    shop.clock.forward(days=20)
    assert (await shop.customer_writes("друге")).conversation_id == first.conversation_id
    assert (await shop.customer_writes("інша", who="ihor")).conversation_id != first.conversation_id


@on_both
async def test_a_message_wakes_a_snoozed_conversation(shop):
    first = await shop.customer_writes("перше")
    await shop.agent_replies(first.conversation_id)
    later = shop.clock() + timedelta(days=30)
    await shop.arrange(first.conversation_id, status="snoozed", snoozed_until=later)
    shop.clock.forward(days=10)
    assert (await shop.customer_writes("друге")).conversation_id == first.conversation_id
    conversation = await shop.conversation(first.conversation_id)
    assert (conversation["status"], conversation["snoozed_until"]) == ("open", None)
    assert conversation["waiting_since"]


@on_both
@pytest.mark.parametrize(("days", "again"), [(0, True), (6.9, True), (7.1, False), (90, False)])
async def test_a_closed_conversation_is_taken_up_again_within_a_week(shop, days, again):
    first = await shop.customer_writes("перше")
    await shop.arrange(first.conversation_id, status="closed")
    shop.clock.forward(days=days)
    second = await shop.customer_writes("друге")
    assert (second.conversation_id == first.conversation_id) is again
    assert (await shop.conversation(second.conversation_id))["status"] == "open"
    assert len(await shop.conversations()) == 1
    assert len(await shop.conversations("?status=closed")) == (0 if again else 1)


@on_both
async def test_in_a_channel_with_threads_a_new_thread_is_a_new_matter_and_an_answer_finds_its_own(shop):
    mail = await shop.connect("letter")
    write = {"inbox": mail, "who": "olena@example.org"}
    coat = await shop.customer_writes("Про пальто", **write, thread="t1", subject="Пальто", provider_id="<1>")
    hat = await shop.customer_writes("Про шапку", **write, thread="t2", subject="Шапка", provider_id="<2>")
    assert coat.conversation_id != hat.conversation_id
    more = await shop.customer_writes("Ще про пальто", **write, thread="t1")
    assert more.conversation_id == coat.conversation_id
    answer = await shop.customer_writes("Re: шапка", **write, thread="t9", replies_to=["<0>", "<2>"])
    assert answer.conversation_id == hat.conversation_id
    late = await shop.arrange(coat.conversation_id, status="closed")
    assert late["status"] == "closed"
    shop.clock.forward(days=300)
    found = await shop.customer_writes("За рік", **write, thread="t1")
    assert found.conversation_id == coat.conversation_id


@on_both
async def test_two_letters_of_one_thread_in_one_delivery_are_one_matter(shop):
    mail = await shop.connect("letter")
    one, two = await shop.vendor_says(received(shop, thread="t"), received(shop, thread="t"), inbox=mail)
    assert one.conversation_id == two.conversation_id


@on_both
async def test_a_proven_hint_names_a_conversation_of_this_shop_only(shop, other_shop):
    theirs = await other_shop.customer_writes("чуже")
    mine = await shop.customer_writes("моє", who="one")
    hinted = await shop.customer_writes("сюди", who="two", conversation_hint=mine.conversation_id)
    assert hinted.conversation_id == mine.conversation_id
    lost = await shop.customer_writes("туди", who="three", conversation_hint=theirs.conversation_id)
    assert lost.conversation_id not in {theirs.conversation_id, mine.conversation_id}
    for nonsense in ("no id", "0' or '1'='1", "\0"):
        assert (await shop.customer_writes("?", who="four", conversation_hint=nonsense)).conversation_id
    assert len(await other_shop.messages(theirs.conversation_id)) == 1


@on_both
async def test_a_machine_neither_reopens_nor_waits(shop):
    first = await shop.customer_writes("перше")
    await shop.arrange(first.conversation_id, status="closed")
    robot = await shop.customer_writes("Я у відпустці", automatic=True)
    assert robot.conversation_id == first.conversation_id
    conversation = await shop.conversation(first.conversation_id)
    assert (conversation["status"], conversation["waiting_since"]) == ("closed", None)
    alone = await shop.customer_writes("Ваша посилка", who="robot", automatic=True)
    assert (await shop.conversation(alone.conversation_id))["waiting_since"] is None


@on_both
async def test_pictures_of_an_album_become_one_message_however_they_arrive(shop):
    def picture(n):
        return [{"name": f"{n}.jpg", "ref": f"ref-{n}", "kind": "image"}]

    one, two = await shop.vendor_says(
        received(shop, "ось", album="a", attachments=picture(1), provider_id="1"),
        received(shop, "", album="a", attachments=picture(2), provider_id="2"),
    )
    three = await shop.customer_writes("", album="a", attachments=picture(3), provider_id="3")
    assert one.message_id == two.message_id == three.message_id
    assert one.conversation_id == two.conversation_id == three.conversation_id != ""
    again = await shop.customer_writes("", album="a", attachments=picture(2), provider_id="2")
    assert again.duplicate
    assert again.message_id == one.message_id
    [message] = await shop.messages(one.conversation_id)
    assert [file["name"] for file in message["attachments"]] == ["1.jpg", "2.jpg", "3.jpg"]
    assert message["text"] == "ось"
    other = await shop.customer_writes("", album="b", attachments=picture(4))
    assert other.message_id != one.message_id


@on_both
async def test_only_the_author_edits_and_deletes_a_message(shop):
    taken = await shop.customer_writes("Хочу синю", who="olena", provider_id="1")

    async def report(what, who, **fields):
        parts = {"provider_id": "1", "at": shop.clock(), "sender": {"address": who}, **fields}
        await shop.vendor_says((what, parts))
        return await shop.message(taken.conversation_id, taken.message_id)

    assert (await report("Edited", "ihor", text="Хочу все"))["text"] == "Хочу синю"
    assert "deleted_at" not in await report("Deleted", "ihor")
    assert (await report("Edited", "", text="Хочу все"))["text"] == "Хочу синю", "only a call may go without an address"
    assert "deleted_at" not in await report("Deleted", "")
    changed = await report("Edited", "olena", text="Хочу червону")
    assert (changed["text"], changed["original_text"]) == ("Хочу червону", "Хочу синю")
    assert (await report("Edited", "olena", text="Хочу білу"))["original_text"] == "Хочу синю"
    assert (await shop.conversation(taken.conversation_id))["last_message"]["text"] == "Хочу білу"
    assert (await report("Deleted", "olena"))["deleted_at"]


@on_both
async def test_who_blocks_us_cannot_be_answered_until_they_write_again(shop):
    taken = await shop.customer_writes("Привіт")
    block = {"address": "olena", "at": shop.clock(), "reachable": False, "reason": "blocked"}
    await shop.vendor_says(("Reachability", block))
    [way] = (await shop.conversation(taken.conversation_id))["channels"]
    assert (way["can_reply"], way["reason"]) == (False, "unreachable: blocked")
    url = f"/api/v1/conversations/{taken.conversation_id}/messages"
    refused = await shop.ask("POST", url, {"kind": "reply", "text": "Агов"})
    assert refused.status == 422
    await shop.customer_writes("Я знову тут")
    [way] = (await shop.conversation(taken.conversation_id))["channels"]
    assert way["can_reply"]


@on_both
@pytest.mark.parametrize(
    "fields",
    [
        {"text": "a\0b"},
        {"sender": {"address": "a\0b", "name": "\0", "language": "\0", "timezone": "x" * 300}},
        {"sender": {"address": "zh", "language": "zh-Hant-TW-x-whatever"}},
        {"provider_id": "\0"},
        {"thread": "\0", "subject": "\0" * 1000, "folded": "\0", "html": "<p>\0"},
        {"album": "\0", "link_token": "\0", "replies_to": ["\0"], "conversation_hint": "\0"},
        {"content": {"page": {"url": "\0"}}, "copies": ["\0"]},
        {"attachments": [{"name": "\0/../../etc/passwd", "url": "http://\0", "type": "\0"}]},
        {"at": "0001-01-01T00:00:00Z"},
        {"at": "9999-12-31T23:59:59-12:00"},
        {"provider_id": LONG},
        {"sender": {"address": LONG}},
        {"thread": LONG, "album": LONG},
    ],
    ids=lambda fields: "+".join(fields),
)
async def test_whatever_a_vendor_sends_is_stored_and_never_set_aside(shop, fields):
    for inbox in (shop.post, await shop.connect("letter")):
        parts = {"provider_id": "p", "at": shop.clock(), "text": "слово", "sender": SENDER, **fields}
        [taken] = await shop.vendor_says(("Received", parts), inbox=inbox)
        assert [one["id"] for one in await shop.messages(taken.conversation_id) if not one["automatic"]]
        [again] = await shop.vendor_says(("Received", parts), inbox=inbox)
        assert again.duplicate


@on_both
@pytest.mark.parametrize(
    "part",
    [
        ("Edited", {"provider_id": "\0", "sender": {"address": "\0"}, "text": "\0"}),
        ("Deleted", {"provider_id": "\0", "sender": {"address": "\0"}}),
        ("ReceiptCame", {"receipt": "read", "provider_id": "\0"}),
        ("ReceiptCame", {"receipt": "failed", "address": "\0", "up_to_seq": 1 << 62, "reason": "\0"}),
        ("ReceiptCame", {"receipt": "read", "message_id": "not an id of ours"}),
        ("Reachability", {"address": "\0", "reachable": False, "reason": "\0"}),
        ("Unknown", {"what": "\0" * 300}),
    ],
    ids=lambda part: part[0],
)
async def test_reports_of_nothing_that_we_know_change_nothing(shop, part):
    name, fields = part
    if name != "Unknown":
        fields = {"at": shop.clock(), **fields}
    await shop.vendor_says((name, fields))
    assert await count(shop, schema.journal, schema.journal.c.state == "failed") == 0
    assert await count(shop, schema.messages) == 0


@on_both
async def test_a_batch_of_forty_costs_hardly_more_questions_than_one_message(shop, monkeypatch):
    """Nothing that reacts to a message may ask the database once for each of them."""
    from prilavok.store import questions, rowsets

    asked = []

    def counting(execute):
        return lambda db, text, values: asked.append(text) or execute(db, text, values)

    def letters(count):
        return [
            (
                "Received",
                {
                    "provider_id": shop.number(),
                    "at": shop.clock(),
                    "text": "Чи є ще чайник «Туман» і коли він буде в наявності у Львові?",
                    "sender": {"address": f"who-{one}"},
                },
            )
            for one in range(count)
        ]

    await shop.vendor_says(*letters(40))  # from now on they are known
    monkeypatch.setattr(questions, "execute", counting(questions.execute))
    monkeypatch.setattr(rowsets, "send", counting(rowsets.send))
    counts = []
    for size in (1, 40):
        asked.clear()
        await shop.vendor_says(*letters(size))
        counts.append(len(asked))
    assert counts[0] > 5
    assert counts[1] - counts[0] < 20, counts
