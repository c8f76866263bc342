"""The list and an opened conversation, in process: from the question to the encoded answer."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from benchmarks.fill import conversation_id
from benchmarks.ground import GROUNDS, Ground
from prilavok.app import build
from prilavok.settings import Settings
from prilavok.simulator.load.timing import Latencies
from prilavok.store.conversations import Filter
from prilavok.web import looks

WARM = 30
PAGE = 50


@dataclass(frozen=True, slots=True)
class Pages:
    database: str
    what: str
    latencies: Latencies
    per_second: float
    processor: float  # seconds of it for a page


def run(database: str, *, conversations: int, each: int, times: int) -> list[Pages]:
    with GROUNDS[database](conversations, each, copied=False) as ground:
        settings = Settings.from_environment(
            {"PRILAVOK_DATABASE_URL": ground.database_url, "PRILAVOK_LOG_LEVEL": "error"}, data=ground.data
        )
        house = build(settings)
        try:
            questions = _questions(ground, house.directory)
            return [_time(database, what, house, question, times) for what, question in questions.items()]
        finally:
            house.bus.stop()
            house.engine.dispose()


def _questions(ground: Ground, directory: Any) -> dict[str, Callable[[Any], Any]]:
    chance = random.Random(11)
    shop, count, each = ground.shop_id, ground.conversations, ground.each
    places = [conversation_id(chance.randrange(count), conversations=count, each=each) for _ in range(5000)]
    cursors: list[tuple[int, str] | None] = [None]

    def any_id() -> str:
        return chance.choice(places)

    def listed(db: Any) -> Any:
        """Goes down the list of open ones, page after page, then begins anew."""
        items, following = looks.conversation_list(db, shop, Filter(), after=cursors[0], limit=PAGE)
        cursors[0] = following
        return items

    return {
        "list of 50": listed,
        "open one": lambda db: looks.open_conversation(db, shop, any_id(), directory, datetime.now(UTC)),
        "its messages": lambda db: looks.message_page(db, shop, any_id(), before=None, after=None, limit=PAGE),
    }


def _time(database: str, what: str, house: Any, question: Callable[[Any], Any], times: int) -> Pages:
    found = Latencies(expected=times)
    for _ in range(WARM):
        msgspec.json.encode(house.bus.read_now(question))
    began, burnt = time.perf_counter(), time.process_time()
    for _ in range(times):
        one = time.perf_counter()
        msgspec.json.encode(house.bus.read_now(question))
        found.seconds.append(time.perf_counter() - one)
    return Pages(database, what, found, times / (time.perf_counter() - began), (time.process_time() - burnt) / times)
