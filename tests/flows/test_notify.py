"""Many are told of the same: each once, at the pace of the channel, and only as long as nobody stops it."""

import pytest

from prilavok.domain.events import OccasionsArose
from prilavok.domain.facts import Occasion
from prilavok.flows.queue import SHARE, UNLIMITED
from prilavok.kit.ids import new_id
from prilavok.store import incidents
from tests.house import on_both
from tests.telling import Counter


@pytest.fixture
def house(open_house):
    return open_house(work=False)


@pytest.fixture
def counter(shop, loft, runner):
    return runner.run(Counter.open(shop, loft))


async def misfortune(counter, count=6, kinds=("tired",)):
    """Orders of that many customers who write in these channels by turns, and an incident that concerns them all."""
    inboxes = [await counter.shop.connect(kind) for kind in kinds]
    tired = inboxes[0]  # four messages a second
    orders = []
    for n in range(count):
        inbox = inboxes[n % len(inboxes)]
        await counter.shop.customer_writes("Добрий день", who=f"buyer-{n}", inbox=inbox)
        person = {"messengers": {inbox.kind: f"buyer-{n}"}, "phone": "", "email": ""}
        orders.append(await counter.placed(f"{n}", messenger=False, **person))
    await counter.later(hours=1)
    incident_id, shop_id = new_id(), counter.shop.id
    row = {
        "shop_id": shop_id,
        "id": incident_id,
        "name": "Снігопад",
        "condition": {},
        "urgent": False,
        "author_id": None,
    }
    texts = {"uk": "Через снігопад замовлення {number} запізниться. Новий день: {day}.", "en": "Snow."}
    await counter.do(lambda unit: incidents.add(unit.db, {**row, "texts": texts, "created_at": unit.now}))
    occasion = Occasion(kind="incident", at=counter.now, key=incident_id)
    arose = OccasionsArose(shop_id=shop_id, ref_id=incident_id, order_ids=tuple(orders), occasion=occasion)
    counter.loft.flown[tired.id].clear()
    await counter.do(lambda unit: unit.emit(arose))
    return tired, incident_id, orders


@on_both
async def test_everybody_is_told_in_the_incidents_own_words(counter):
    tired, _, orders = await misfortune(counter)
    await counter.later(minutes=1)
    assert sorted(counter.said(tired)) == [f"Через снігопад замовлення {n} запізниться." for n in range(len(orders))]


@on_both
async def test_it_goes_out_at_the_pace_of_the_channel(counter):
    _, _, orders = await misfortune(counter)
    plans = [(await counter.plans(one))[-1] for one in orders]
    gaps = [(later["due_at"] - plans[0]["due_at"]).total_seconds() for later in plans]
    assert gaps == [pytest.approx(n / 3.2, abs=1e-5) for n in range(len(orders))]


@on_both
async def test_a_slow_channel_does_not_hold_up_what_goes_out_in_another(counter):
    _, incident_id, orders = await misfortune(counter, kinds=("tired", "pigeon"))
    waits = [((await counter.plans(one))[-1]["due_at"] - counter.now).total_seconds() for one in orders]
    slow, quick = waits[::2], waits[1::2]
    assert slow == [pytest.approx(n / 3.2, abs=0.01) for n in range(3)]
    assert quick == [pytest.approx(n / (UNLIMITED * SHARE), abs=0.01) for n in range(3)]
    queued = (await counter.do(lambda unit: incidents.get(unit.db, counter.shop.id, incident_id)))["queued"]
    assert sorted(queued.values()) == [3, 3], "the next piece queues behind this one"


@on_both
async def test_what_has_not_gone_yet_can_be_stopped(counter):
    tired, incident_id, orders = await misfortune(counter)
    await counter.work()
    gone = len(counter.said(tired))
    assert 0 < gone < len(orders)
    spared = await counter.do(lambda unit: incidents.stop_plans(unit.db, counter.shop.id, incident_id, unit.now))
    await counter.later(hours=1)
    assert len(counter.said(tired)) == gone == len(orders) - spared
