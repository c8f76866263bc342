"""Comments are understood outside of the unit of work: a long one keeps nobody else's commit waiting."""

import threading
from functools import lru_cache

from prilavok.flows.take.ahead import read_ahead
from tests.house import on_both


async def put(shop, number, comment):
    return await shop.ask("PUT", f"/api/v1/orders/{number}", {"number": number, "total": "10", "comment": comment})


@on_both
async def test_a_comment_is_read_once_and_not_by_the_writer(shop):
    world, readers = shop.house.bus.world, []
    really = world.read_comment.__wrapped__

    def watched(text, language):
        readers.append((text, threading.current_thread().name == "writer"))
        return really(text, language)

    object.__setattr__(world, "read_comment", lru_cache(watched))
    assert (await put(shop, "7001", "не звоните")).status == 200
    assert (await put(shop, "7002", "не звоните")).status == 200
    assert readers == [("не звоните", False)]


async def test_orders_without_a_word_ask_nobody(shop):
    await read_ahead(shop.house.bus, [])
    assert shop.house.bus.world.read_comment.cache_info().currsize == 0
