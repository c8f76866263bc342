"""The one sentence in which a customer reads why the shop wrote where it wrote."""

from datetime import timedelta

import pytest

from prilavok.domain.order import ENDED, Status
from prilavok.domain.plan import Why
from prilavok.store.schema_orders import attempts, plans
from prilavok.web.public import why
from tests.delivering import KYIV, NOON, happened, page_of, placed
from tests.house import on_both

SAID = {"because": [{"why": "habit"}, {"why": "asked_for"}]}


@pytest.mark.parametrize("language", ["ru", "uk", "en"])
@pytest.mark.parametrize("status", Status)
def test_there_is_one_sentence_for_every_standing_of_an_order(language, status):
    for said in (None, SAID):
        told = why.sentence(said, None, channel="Pigeon", status=status, now=NOON, zone=KYIV, language=language)
        assert told.endswith(".")
        assert told.count(".") == 1
        assert ("Pigeon" in told) is (said is not None)
    assert (why.NO_MORE[language] in told) is (status in ENDED)


def test_every_reason_that_is_told_to_customers_is_one_of_the_policys():
    known = {one.value for one in Why}
    assert all(set(reasons) <= known for reasons in why.REASONS.values())
    assert len({tuple(reasons) for reasons in why.REASONS.values()}) == 1


@on_both
async def test_the_page_names_the_channel_the_reason_and_the_next_hour(shop, told):
    shop.clock.now = NOON
    row = await placed(shop)
    await happened(shop, row, "confirmed")
    plan = {
        "shop_id": shop.id,
        "contact_id": row["contact_id"],
        "order_id": row["id"],
        "key": "",
        "stage": "delivery",
        "purpose": "transactional",
        "occasions": [],
        "steps": [],
        "rejected": [],
        "policy_version": 0,
        "decided_at": NOON,
    }
    tried = {
        "shop_id": shop.id,
        "plan_id": row["id"],
        "position": 0,
        "channel": "pigeon",
        "inbox_id": shop.post.id,
        "because": [{"why": "asked_for", "data": {}}],
        "state": "sent",
        "created_at": NOON,
        "sent_at": NOON,
    }
    tomorrow = NOON + timedelta(days=1)

    def store(unit):
        ended = {**plan, "id": row["id"], "kind": "confirmed", "state": "reached", "due_at": None}
        waits = {**plan, "id": row["contact_id"], "kind": "paid", "state": "waiting", "due_at": tomorrow}
        unit.db.execute(plans.insert(), [ended, waits])
        unit.db.execute(attempts.insert().values(**tried))

    await shop.house.bus.do(store)
    page = (await shop.ask("GET", page_of(shop, row), role=None, headers={"accept-language": "ru"})).text
    assert "Писали Вам сюда: Pigeon (Вы так просили); следующее сообщение завтра в 12:00." in page
