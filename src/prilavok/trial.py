"""`prilavok simulate`: policies beside each other, as a table with bars or as JSON."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from prilavok.app import House
from prilavok.desk import the_shop
from prilavok.domain.editing import policy_from
from prilavok.domain.errors import BadInput
from prilavok.domain.population import population
from prilavok.domain.rules import BUILT_IN, Policy
from prilavok.domain.whatif import COMPARISONS, Decider, Story, Tally, by_policy
from prilavok.flows import rehearse

WIDE = 7  # signs of a full bar
SHARES = ("reached_15m", "reached_1h", "reached_24h", "in_patience")
TITLES: Mapping[str, str] = {
    "contacts_per_order": "contacts an order",
    "calls_per_order": "calls an order",
    "reached_15m": "knew in 15 min",
    "reached_1h": "in an hour",
    "reached_24h": "in a day",
    "in_patience": "before patience ended",
    "cost_per_order": "€ an order",
    "forbidden": "forbidden contacts",
    "night": "at night",
}


def deciders(files: Sequence[Path]) -> dict[str, Decider]:
    """The built-in policy, those of the files, and the ways in which many shops work."""
    found: dict[str, Decider] = {rehearse.OWN: by_policy(BUILT_IN)}
    for file in files:
        found[file.stem] = by_policy(_policy_in(file))
    return found | dict(COMPARISONS)


def _policy_in(file: Path) -> Policy:
    """As the API shows it, whole or its `data` alone. BadInput names the file and what in it cannot be."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return policy_from(data["data"] if isinstance(data, dict) and "data" in data else data)
    except UnicodeDecodeError:
        raise BadInput(f"{file} is no policy: it is no text in UTF-8.") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise BadInput(f"{file} is no policy: {error}.") from None
    except BadInput as error:
        where = f" ({error.field})" if error.field else ""
        raise BadInput(f"{file}{where}: {error.reason}") from None


def stories_of(house: House, shop: str | None, since: str, orders: int) -> list[Story]:
    """Recorded orders since a day ("2026-03-01") or in the last days ("30d")."""
    now = datetime.now(UTC)
    if orders < 1:
        raise BadInput("Say how many orders: --orders 100.")
    if days := re.fullmatch(r"(\d{1,4})d", since):
        start = now - timedelta(days=int(days[1]))
    else:
        try:
            start = datetime.fromisoformat(since)
        except ValueError:
            raise BadInput("Say --since 30d, or --since 2026-03-01.") from None
        start = start if start.tzinfo is not None else start.replace(tzinfo=UTC)
    found = the_shop(house, shop)
    if found is None:
        raise BadInput("Open a shop first: prilavok shop add NAME.")
    stories = house.bus.read_now(rehearse.recorded, house.bus.world, found["id"], start, now, orders)
    if not stories:
        raise BadInput(
            f"No orders were recorded since {start:%Y-%m-%d}. Without --since a made-up population is played."
        )
    return stories


def people(seed: int, orders: int) -> Callable[[], Iterable[Story]]:
    if orders < 1:
        raise BadInput("Say how many orders: --orders 100.")
    return lambda: population(seed, orders)


def run(
    stories: Callable[[], Iterable[Story]], orders: int, compared: Mapping[str, Decider], *, as_json: bool
) -> dict[str, Tally]:
    """Shows a progress bar; Ctrl-C stops it and the figures so far are printed."""
    tallies = {name: Tally() for name in compared}
    columns = (TextColumn("orders"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    quiet = Console(stderr=True)
    stopped = False
    with closing(rehearse.step_by_step(stories, compared, tallies)) as steps:
        try:
            with Progress(*columns, console=quiet, transient=True) as progress:
                bar = progress.add_task("orders", total=orders)
                for done in steps:
                    progress.advance(bar, done)
        except KeyboardInterrupt:
            stopped = True
    if as_json:
        print(json.dumps(as_data(tallies, stopped=stopped), ensure_ascii=False))
    else:
        Console().print(as_table(tallies, stopped=stopped))
    return tallies


def as_data(tallies: Mapping[str, Tally], *, stopped: bool = False) -> dict[str, Any]:
    runs = [{"name": name, "figures": one.figures(), "series": one.series()} for name, one in tallies.items()]
    return {"runs": runs, "stopped": stopped}


def as_table(tallies: Mapping[str, Tally], *, stopped: bool = False) -> Table:
    figures = {name: one.figures() for name, one in tallies.items()}
    orders = int(next(iter(figures.values()))["orders"]) if figures else 0
    table = Table(title=f"{orders:,} orders" + (", stopped early" if stopped else ""), title_justify="left")
    table.add_column("", no_wrap=True)
    for name in figures:
        table.add_column(name, no_wrap=True)
    for key, title in TITLES.items():
        most = 1.0 if key in SHARES else max((one[key] for one in figures.values()), default=0.0)
        table.add_row(title, *(_cell(one[key], most, share=key in SHARES) for one in figures.values()))
    return table


def _cell(value: float, most: float, *, share: bool) -> str:
    bar = "█" * round(WIDE * value / most) if most else ""
    text = f"{value:.0%}" if share else f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return f"{text:>5} {bar}"
