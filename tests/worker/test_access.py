"""A vendor's access that ends is asked about daily, and after a refusal; the owner hears of it two weeks ahead."""

from datetime import timedelta

import pytest

from prilavok.flows import expire
from prilavok.flows.halt import halt
from prilavok.simulator import meta
from prilavok.store import inboxes, jobs
from tests.asking import until
from tests.channels.loopback import Loopback
from tests.simulator.test_lines import Roads


@pytest.fixture
def page(shop, runner):
    """A Facebook page and the shop's inbox for it, watched since this moment."""
    roads = Roads({"shop.test": Loopback(shop.app)})
    vendor = meta.MetaEmulator("messenger", address="https://meta.test", post=roads.post, now=shop.clock)
    roads.houses["meta.test"] = Loopback(vendor)
    shop.house.deliverer.network = shop.house.chores.network = roads
    keys = {"access_token": meta.TOKEN, "app_secret": meta.APP_SECRET}
    vendor.inbox = runner.run(
        shop.connect("messenger", page_id=meta.IDS["messenger"], api_base="https://meta.test", **keys)
    )
    runner.run(shop.house.bus.do(expire.watch))
    yield vendor
    runner.run(vendor.close())


async def health_is(shop, page, **wanted):
    async def there():
        found = await shop.get(f"/api/v1/inboxes/{page.inbox.id}/health")
        return found if wanted.items() <= found.items() else None

    return await until(there)


async def test_an_end_that_came_after_the_inbox_was_saved_is_learned_within_a_day_and_told_two_weeks_ahead(shop, page):
    ends = shop.clock() + timedelta(days=20)
    page.token_until = int(ends.timestamp())
    shop.clock.forward(days=1, minutes=1)
    assert await health_is(shop, page, expires_at=f"{ends:%Y-%m-%dT%H:%M:%SZ}", expires_in=None)
    shop.clock.forward(days=6)
    assert await shop.house.bus.do(expire.warn) == 1
    assert await health_is(shop, page, expires_in=14, state="active")


async def test_a_longer_access_ends_the_warning(shop, page):
    page.token_until = int((shop.clock() + timedelta(days=3)).timestamp())
    shop.clock.forward(days=1, minutes=1)
    assert await health_is(shop, page, expires_in=3)
    page.token_until = int((shop.clock() + timedelta(days=60)).timestamp())
    shop.clock.forward(days=1)
    assert await health_is(shop, page, expires_in=None)


async def test_after_a_refusal_the_end_is_asked_for_at_once(shop, page):
    ends = shop.clock() - timedelta(minutes=5)
    page.token_until = int(ends.timestamp())
    await shop.house.bus.do(halt, shop.id, page.inbox.id, "Facebook asks for a new access token.")
    assert await health_is(shop, page, expires_in=0, state="paused", reason="Facebook asks for a new access token.")


async def test_a_token_that_was_taken_back_stops_the_inbox_before_anybody_writes(shop, page):
    page.token = "another"
    shop.clock.forward(days=1, minutes=1)
    found = await health_is(shop, page, state="paused")
    assert "token" in found["reason"]


async def test_an_inbox_that_is_gone_is_asked_about_no_more(shop, page):
    await shop.house.bus.do(lambda unit: inboxes.remove(unit.db, shop.id, page.inbox.id))
    shop.clock.forward(days=1, minutes=1)

    async def nobody_is_asked():
        return await shop.house.bus.read(jobs.inboxes_with, expire.JOB) == set()

    assert await until(nobody_is_asked)
