"""What goes out: once, in order, and never lost in silence."""

import asyncio
from datetime import timedelta

import pytest

from prilavok.domain.errors import NeedsOwner, TryLater, Undeliverable
from prilavok.flows import deliver
from prilavok.store import outbox
from prilavok.worker.places import CROWDED
from tests.asking import until
from tests.house import on_both, on_postgresql

LEASE = deliver.lease_for(timedelta(seconds=75))


async def receipt(shop, message):
    found = await shop.message(message["conversation_id"], message["id"])
    return found["receipt"]


async def becomes(shop, message, wanted):
    async def there():
        return await receipt(shop, message) == wanted

    await until(there)


async def row_of(shop, message):
    return await shop.read(lambda db, shop_id: outbox.of_message(db, shop_id, message["id"]))


async def due_row(shop, message):
    """The outbox row once it waits for its next try."""

    async def there():
        row = await row_of(shop, message)
        return row if row and row["state"] == "waiting" and row["attempts"] else None

    return await until(there)


@on_both
async def test_a_reply_goes_out_once_and_its_receipt_climbs(shop, loft):
    taken = await shop.customer_writes("Привіт")
    message = await shop.agent_replies(taken.conversation_id, "Доброго дня!")
    await becomes(shop, message, "sent")
    assert loft.texts(shop.post.id) == ["Доброго дня!"]
    [flown] = loft.flown[shop.post.id]
    assert (flown.address, flown.author, flown.shop) == ("olena", "Owner", shop.name)
    assert await shop.outbox() == []
    assert (await shop.conversation(taken.conversation_id))["waiting_since"] is None


@on_both
async def test_one_customer_reads_in_the_order_in_which_we_wrote(shop, loft):
    taken = await shop.customer_writes("Привіт")
    hang = asyncio.Event()
    loft.outcomes[shop.post.id] = [hang]
    texts = [f"{n}" for n in range(6)]
    written = [await shop.agent_replies(taken.conversation_id, text) for text in texts]
    await until(lambda: loft.texts(shop.post.id) == ["0"])
    hang.set()
    await becomes(shop, written[-1], "sent")
    assert loft.texts(shop.post.id) == texts


@on_both
async def test_a_vendor_that_is_down_is_asked_again_ever_more_rarely(shop, loft):
    taken = await shop.customer_writes("Привіт")
    loft.always[shop.post.id] = TryLater("it is down")
    message = await shop.agent_replies(taken.conversation_id)
    row = await due_row(shop, message)
    waits = []
    for _ in range(5):
        waits.append((row["due_at"] - shop.clock.now) / timedelta(seconds=1))
        tries = row["attempts"]
        shop.clock.forward(seconds=waits[-1] + 1)
        shop.house.deliverer.ring()

        async def again(tries=tries):
            found = await due_row(shop, message)
            return found if found["attempts"] > tries else None

        row = await until(again)
    assert all(1 <= wait <= 2.1 * 2**n for n, wait in enumerate(waits))
    assert waits[4] > waits[0]
    loft.always.clear()
    shop.clock.forward(minutes=11)
    shop.house.deliverer.ring()
    await becomes(shop, message, "sent")


@on_both
async def test_retry_after_is_kept_to_the_second_and_for_the_whole_inbox(shop, loft):
    taken = await shop.customer_writes("Привіт")
    other = await shop.customer_writes("Привіт", who="ihor")
    loft.outcomes[shop.post.id] = [TryLater("slow down", after=17.0)]
    before = shop.clock.now
    message = await shop.agent_replies(taken.conversation_id)
    row = await due_row(shop, message)
    assert timedelta(seconds=17) <= row["due_at"] - before < timedelta(seconds=18)
    held = await shop.agent_replies(other.conversation_id)
    await shop.house.deliverer._lease()
    assert len(loft.flown[shop.post.id]) == 1
    assert await receipt(shop, held) == "accepted"


@on_both
async def test_after_a_day_a_message_is_a_dead_letter_that_a_person_may_send_again(shop, loft):
    taken = await shop.customer_writes("Привіт")
    loft.always[shop.post.id] = TryLater("it is down")
    message = await shop.agent_replies(taken.conversation_id)
    await due_row(shop, message)
    shop.clock.forward(hours=25)
    shop.house.deliverer.ring()
    await becomes(shop, message, "failed")
    [dead] = await shop.outbox("dead")
    assert "gave up" in dead["reason"]
    assert dead["message"]["id"] == message["id"]
    loft.always.clear()
    answer = await shop.ask("POST", f"/api/v1/outbox/{dead['id']}/retry")
    assert answer.status == 204
    await becomes(shop, message, "sent")
    assert await shop.outbox("dead") == []


@on_both
async def test_what_can_never_arrive_says_why_and_a_dead_address_is_marked(shop, loft):
    taken = await shop.customer_writes("Привіт")
    loft.outcomes[shop.post.id] = [Undeliverable("blocked by the customer", address_is_dead=True)]
    message = await shop.agent_replies(taken.conversation_id)
    await becomes(shop, message, "failed")
    assert (await shop.message(taken.conversation_id, message["id"]))["reason"] == "blocked by the customer"
    [way] = (await shop.conversation(taken.conversation_id))["channels"]
    assert not way["can_reply"]
    assert await shop.outbox() == []


@on_both
async def test_an_inbox_that_needs_its_owner_stops_and_goes_on_when_it_was_repaired(shop, loft):
    taken = await shop.customer_writes("Привіт")
    loft.outcomes[shop.post.id] = [NeedsOwner("the token has expired")]
    message = await shop.agent_replies(taken.conversation_id)

    async def paused():
        return (await shop.get(f"/api/v1/inboxes/{shop.post.id}"))["state"] == "paused"

    await until(paused)
    inbox = await shop.get(f"/api/v1/inboxes/{shop.post.id}")
    assert inbox["reason"] == "the token has expired"
    assert len(await shop.outbox()) == 1
    [way] = (await shop.conversation(taken.conversation_id))["channels"]
    assert way["reason"] == "inbox_paused"
    assert not (await shop.customer_writes("Ви тут?")).duplicate, "what comes in is still taken"
    await shop.ask("PATCH", f"/api/v1/inboxes/{shop.post.id}", {"state": "active"})
    await becomes(shop, message, "sent")


@on_both
async def test_after_a_crash_nobody_is_told_twice_and_a_person_decides(shop, loft, monkeypatch):
    taken = await shop.customer_writes("Привіт")
    loft.outcomes[shop.post.id] = [asyncio.Event()]  # never answers: as if the process had ended here
    message = await shop.agent_replies(taken.conversation_id)
    await until(lambda: loft.under_way)
    shop.clock.forward(seconds=LEASE.total_seconds() + 1)
    await shop.house.bus.do(deliver.recover)
    await becomes(shop, message, "perhaps_sent")
    [row] = await shop.outbox("perhaps")
    assert "stopped" in row["reason"]
    assert len(loft.flown[shop.post.id]) == 1
    answer = await shop.ask("POST", f"/api/v1/messages/{message['id']}/retry")
    assert answer.status == 200
    await becomes(shop, message, "sent")
    assert len(loft.flown[shop.post.id]) == 2


@on_both
async def test_after_a_crash_a_channel_that_drops_repeats_is_simply_sent_again(shop, loft):
    post = await shop.connect("homing")
    taken = await shop.customer_writes("Привіт", inbox=post)
    loft.outcomes[post.id] = [asyncio.Event()]
    message = await shop.agent_replies(taken.conversation_id)
    await until(lambda: loft.under_way)
    shop.clock.forward(seconds=LEASE.total_seconds() + 1)
    await shop.house.bus.do(deliver.recover)
    shop.house.deliverer.ring()
    await becomes(shop, message, "sent")
    assert len(loft.flown[post.id]) == 2


@on_both
async def test_a_receipt_settles_what_was_perhaps_sent(shop, loft):
    taken = await shop.customer_writes("Привіт")
    loft.outcomes[shop.post.id] = [TryLater("cut off", perhaps_sent=True)]
    message = await shop.agent_replies(taken.conversation_id)
    await becomes(shop, message, "perhaps_sent")
    report = {"receipt": "read", "at": shop.clock(), "message_id": message["id"]}
    await shop.vendor_says(("ReceiptCame", report))
    assert await receipt(shop, message) == "read"
    assert await shop.outbox("perhaps") == []


@on_both
async def test_what_a_tired_inbox_cannot_take_at_once_goes_a_little_later(shop, loft):
    post = await shop.connect("tired")
    for n in range(5):
        taken = await shop.customer_writes("Привіт", inbox=post, who=f"who-{n}")
        last = await shop.agent_replies(taken.conversation_id)
    await until(lambda: len(loft.times[post.id]) == 5)
    await becomes(shop, last, "sent")
    assert sorted(loft.times[post.id]) == loft.times[post.id]
    assert len(loft.flown[post.id]) == 5


@on_both
async def test_an_inbox_whose_vendor_hangs_delays_no_other(shop, loft):
    silent = await shop.connect("homing", "мовчить")
    loft.always[silent.id] = asyncio.Event()
    for n in range(5):
        taken = await shop.customer_writes("Привіт", inbox=silent, who=f"who-{n}")
        await shop.agent_replies(taken.conversation_id)
    await until(lambda: loft.under_way == 2)
    taken = await shop.customer_writes("Привіт")
    message = await shop.agent_replies(taken.conversation_id)
    await becomes(shop, message, "sent")
    assert loft.under_way == 2, "no more at once than the channel takes"
    loft.always[silent.id].set()


@on_both
async def test_a_reply_that_still_waits_can_be_taken_back(shop, loft):
    taken = await shop.customer_writes("Привіт")
    await shop.ask("PATCH", f"/api/v1/inboxes/{shop.post.id}", {"state": "active"})
    loft.always[shop.post.id] = TryLater("not now", after=500)
    message = await shop.agent_replies(taken.conversation_id, "Ой")
    await due_row(shop, message)
    assert (await shop.ask("DELETE", f"/api/v1/messages/{message['id']}")).status == 204
    gone = await shop.message(taken.conversation_id, message["id"])
    assert gone["deleted_at"]
    assert gone["receipt"] == "failed"
    assert (await shop.ask("DELETE", f"/api/v1/messages/{message['id']}")).status == 409
    loft.always.clear()
    other = await shop.customer_writes("Привіт", who="ihor")
    shop.house.deliverer._held.clear()
    sent = await shop.agent_replies(other.conversation_id)
    await becomes(shop, sent, "sent")
    assert (await shop.ask("DELETE", f"/api/v1/messages/{sent['id']}")).status == 409
    assert (await shop.ask("POST", f"/api/v1/messages/{sent['id']}/retry")).status == 409


async def test_stopping_lets_what_is_under_way_come_to_its_end(shop, loft):
    taken = await shop.customer_writes("Привіт")
    hang = asyncio.Event()
    loft.outcomes[shop.post.id] = [hang]
    work = asyncio.ensure_future(shop.house.deliverer.run())
    message = await shop.agent_replies(taken.conversation_id)
    await until(lambda: loft.under_way)
    work.cancel()
    asyncio.get_running_loop().call_later(0.05, hang.set)
    await asyncio.gather(work, return_exceptions=True)
    await becomes(shop, message, "sent")
    assert len(loft.flown[shop.post.id]) == 1


@on_postgresql
async def test_two_processes_deliver_each_reply_once(shop, neighbour, loft):
    written = []
    for n in range(20):
        taken = await shop.customer_writes("Привіт", who=f"who-{n}")
        written.append((taken.conversation_id, f"{n}"))
    houses = [shop, neighbour]
    done = await asyncio.gather(*(houses[n % 2].agent_replies(*one) for n, one in enumerate(written)))
    for message in done:
        await becomes(shop, message, "sent")
    assert sorted(loft.texts(shop.post.id)) == sorted(text for _, text in written)


@on_both
async def test_the_limits_of_a_channel_are_told_before_anything_is_sent(shop, loft):
    post = await shop.connect("window", "Вікно")
    taken = await shop.customer_writes("Привіт", inbox=post)
    url = f"/api/v1/conversations/{taken.conversation_id}/messages"
    long = await shop.ask("POST", url, {"kind": "reply", "text": "x" * 21})
    assert long.status == 422
    assert "at most 20 characters" in long.json()["detail"]
    file = (await shop.ask("POST", "/api/v1/files?name=a.txt", body=b"hello")).json()
    assert (await shop.ask("POST", url, {"kind": "reply", "attachments": [file["id"]]})).status == 422
    assert (await shop.ask("POST", url, {"kind": "reply", "text": "\n\0 "})).status in {201, 422}
    shop.clock.forward(hours=2)
    late = await shop.ask("POST", url, {"kind": "reply", "text": "Пізно"})
    assert late.status == 422
    assert "over" in late.json()["detail"]
    assert (await shop.ask("POST", url, {"kind": "note", "text": "спізнилися"})).status == 201


@pytest.mark.parametrize("seconds", [0.1, 1, 75, 3600])
def test_the_lease_is_longer_than_any_send(seconds):
    longest = timedelta(seconds=seconds)
    assert deliver.lease_for(longest) >= longest + timedelta(seconds=5)


@pytest.mark.parametrize("attempts", range(1, 60))
def test_the_wait_between_tries_grows_to_ten_minutes_and_no_further(attempts):
    least, most = deliver.back_off(attempts, 0.0), deliver.back_off(attempts, 0.999999)
    assert 1 <= least <= most <= 600
    assert most <= deliver.back_off(attempts + 1, 0.999999)


async def open_lines(shop, count):
    """Inboxes of one customer each, with messages waiting for the agent's answer."""
    lines = []
    for n in range(count):
        inbox = await shop.connect("pigeon", name=f"line {n}", api_base=f"tower {n}")
        taken = [await shop.customer_writes("Привіт", who=f"{n}-{k}", inbox=inbox) for k in range(4)]
        lines.append((inbox, taken))
    return lines


async def test_inboxes_that_hang_delay_nobody_else(shop, loft):
    """Sixteen vendors take what they are given and say nothing: what others write goes out at once all the same."""
    lines = await open_lines(shop, 16)
    never = asyncio.Event()
    for inbox, taken in lines:
        loft.always[inbox.id] = never
        for one in taken:
            await shop.agent_replies(one.conversation_id)
    await until(lambda: len(loft.hanging) >= CROWDED)
    written = [await shop.customer_writes("Привіт", who=f"patient-{n}") for n in range(8)]
    replies = [await shop.agent_replies(one.conversation_id, f"{n}") for n, one in enumerate(written)]
    for one in replies:
        await becomes(shop, one, "sent")
    assert sorted(loft.texts(shop.post.id)) == [f"{n}" for n in range(8)]
    assert loft.under_way >= CROWDED, "none of the sixteen has answered meanwhile"
    never.set()
    await until(lambda: loft.under_way == 0)
