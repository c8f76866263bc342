"""The small ones: idle visitors, reading mails, parsing a delivery."""

import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from prilavok.channels import standard_webhooks
from prilavok.channels.api import Api, ApiConfig
from prilavok.channels.base import Hook, InboxInfo
from prilavok.channels.email.understand import understand
from prilavok.simulator.load import allow_many_sockets, scenarios
from prilavok.simulator.load.shop import own_shop

ROOT = Path(__file__).parents[1]


def idle_visitors(count: int) -> str:
    allow_many_sockets()
    with own_shop() as shop:
        return asyncio.run(scenarios.idle(shop, visitors=count)).what


def mails_a_second() -> float:
    """Reading mails of the labelled corpus on one processor."""
    sys.path.insert(0, str(ROOT / "tests" / "channels"))
    import mail_corpus

    raws = [sample.raw for sample in mail_corpus.samples()]
    for raw in raws:
        understand(raw)
    began = time.process_time()
    for _ in range(3):
        for raw in raws:
            understand(raw)
    return len(raws) * 3 / (time.process_time() - began)


def parse_microseconds() -> tuple[float, float]:
    """Signature and parsing of one message, and of a batch of 1,000 for each message."""
    info = InboxInfo("i", 1, "Benchmark", "", "", b"")
    api = Api(ApiConfig(secret=standard_webhooks.new_secret()), info)
    now = datetime.now(UTC)

    def delivery(count: int) -> Hook:
        one = {"at": now, "from": {"id": "c1", "name": "Olena"}, "text": "Де моє замовлення? Обіцяли вчора."}
        body = msgspec.json.encode({"messages": [{"id": f"m{number}", **one} for number in range(count)]})
        return Hook(body, standard_webhooks.headers(api.key, "msg_1", now, body), now)

    def each(hook: Hook, times: int, messages: int) -> float:
        began = time.process_time()
        for _ in range(times):
            list(api.parse(hook))
        return (time.process_time() - began) / times / messages * 1e6

    return each(delivery(1), 5000, 1), each(delivery(1000), 20, 1000)
