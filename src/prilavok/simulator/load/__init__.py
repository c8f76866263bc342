"""`prilavok load`: presses on a shop of this machine, for a bounded time, and says how it took it.

Open-loop: messages go at their moments, whether or not the server keeps up; latencies run from those moments. What
arrived is counted in the shop, not in answers.
"""

import asyncio
import contextlib
import os
import resource
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from prilavok.domain.errors import BadInput
from prilavok.simulator.load import scenarios
from prilavok.simulator.load.scenarios import Result
from prilavok.simulator.load.shop import Shop, own_shop, running_shop
from prilavok.simulator.load.timing import LONGEST
from prilavok.simulator.load.vendor import line_of

MOST_A_SECOND = 20_000
MOST_AGENTS = 500
MOST_VISITORS = 25_000  # one address has no more ports to call from


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard and for how long, per scenario; `hooks` is the rate of webhooks, `rate` that of the conversations."""

    seconds: float = 10.0
    hooks: float = 300.0
    rate: float = 100.0
    agents: int = 20
    visitors: int = 1000
    pages: float = 100.0
    channel: str = "api"  # whose deliveries the hooks are

    def check(self) -> None:
        """BadInput for what would be no measurement any more."""
        bounds = (
            ("seconds", self.seconds, LONGEST),
            ("hooks", self.hooks, MOST_A_SECOND),
            ("rate", self.rate, MOST_A_SECOND),
            ("agents", self.agents, MOST_AGENTS),
            ("visitors", self.visitors, MOST_VISITORS),
            ("pages", self.pages, MOST_A_SECOND),
        )
        for name, value, most in bounds:
            if not 0 < value <= most:
                raise BadInput(f"{name} is a number above 0 and at most {most:.0f}.", field=name)
        if self.channel != "api":
            line_of(self.channel)


Scenario = Callable[[Shop, Plan], Awaitable[Result]]
SCENARIOS: dict[str, Scenario] = {
    "hooks": lambda shop, plan: scenarios.hooks(shop, rate=plan.hooks, seconds=plan.seconds, channel=plan.channel),
    "hook-agent": lambda shop, plan: scenarios.hook_to_agent(
        shop, rate=plan.rate, seconds=plan.seconds, agents=plan.agents
    ),
    "visitor-agent": lambda shop, plan: scenarios.visitor_to_agent(
        shop, rate=plan.rate, seconds=plan.seconds, agents=plan.agents
    ),
    "reply-visitor": lambda shop, plan: scenarios.reply_to_visitor(
        shop, rate=plan.rate, seconds=plan.seconds, agents=plan.agents
    ),
    "pages": lambda shop, plan: scenarios.pages(shop, rate=plan.pages, seconds=plan.seconds),
    "idle": lambda shop, plan: scenarios.idle(shop, visitors=plan.visitors),
}


def run(
    names: Sequence[str],
    plan: Plan,
    *,
    url: str = "",
    token: str = "",
    database_url: str = "",
    say: Callable[[str], None] = print,
) -> list[Result]:
    """Runs the named scenarios (all, when none is named) against the server at `url`, or against one of its own."""
    unknown = [name for name in names if name not in SCENARIOS]
    if unknown:
        raise BadInput(f"There is no scenario “{unknown[0]}”. There is: {', '.join(SCENARIOS)}.")
    if url and not token:
        raise BadInput("A running server wants a token of its owner: prilavok token EMAIL.", field="token")
    plan.check()
    allow_many_sockets()
    with _shop(url, token, database_url) as shop:
        load = os.getloadavg()[0]
        say(f"{os.cpu_count()} processors, load average {load:.1f} before; {plan.seconds:.0f} s for each scenario")
        results = []
        for name in names or SCENARIOS:
            result = asyncio.run(_run(SCENARIOS[name], shop, plan))
            results.append(result)
            say(line(result))
    return results


async def _run(scenario: Scenario, shop: Shop, plan: Plan) -> Result:
    """Whatever happens it ends: four times the planned time is the most, and a while for a vendor that is asked."""
    async with asyncio.timeout(60 + plan.seconds * 4 + scenarios.LONGEST_ASKING):
        return await scenario(shop, plan)


def line(result: Result) -> str:
    parts = [f"{result.name:<16} {result.what:<40}"]
    if result.latencies is not None:
        parts.append(result.latencies.shown())
    parts.append(f"LOST {result.lost}" if result.lost else "nothing lost")
    return "  ".join(parts)


@contextlib.contextmanager
def _shop(url: str, token: str, database_url: str) -> Iterator[Shop]:
    if url:
        yield running_shop(url, token)
    else:
        with own_shop(database_url) as shop:
            yield shop


def allow_many_sockets() -> None:
    """As many open files as the machine allows; our own server inherits it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
