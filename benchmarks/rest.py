"""The small ones: idle visitors, cold start, reading mails, parsing a delivery."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.ground import CACHE
from prilavok.channels import standard_webhooks
from prilavok.channels.api import Api, ApiConfig
from prilavok.channels.base import Hook, InboxInfo
from prilavok.channels.email.understand import understand
from prilavok.simulator.load import allow_many_sockets, scenarios
from prilavok.simulator.load.shop import free_port, own_shop, stop, wait_for

ROOT = Path(__file__).parents[1]


def environment() -> dict[str, str]:
    """As a user has it: with compiled modules from the start before."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**known, "PYTHONPYCACHEPREFIX": str(CACHE / "bytecode"), "PRILAVOK_LOG_LEVEL": "warning"}


def idle_visitors(count: int) -> str:
    allow_many_sockets()
    with own_shop() as shop:
        return asyncio.run(scenarios.idle(shop, visitors=count)).what


def cold_start(times: int = 5) -> tuple[float, float, float]:
    """Seconds until the first answer: the best and the middle one; and MiB of memory of an idle server."""
    took, memory = [], 0.0
    with tempfile.TemporaryDirectory(prefix="prilavok-bench-") as folder:
        for _ in range(times + 1):
            port = free_port()
            known = environment() | {"PRILAVOK_DATA": folder, "PRILAVOK_PORT": str(port)}
            began = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-m", "prilavok", "serve"], env=known, stderr=subprocess.DEVNULL
            )
            try:
                wait_for(process, ("127.0.0.1", port))
                took.append(time.perf_counter() - began)
                time.sleep(1)
                pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
                memory = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
            finally:
                stop(process)
    took = sorted(took[1:])  # the first one compiled the modules and made the database
    return took[0], took[len(took) // 2], memory


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
