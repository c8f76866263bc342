"""`python -m benchmarks`: everything, or the named parts, as one table."""

import os
import platform
from collections.abc import Sequence
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from benchmarks import cold, decide, hanging, hooks, incidents, pages, parse, rest, steps

Part = Literal["hooks", "pages", "idle", "cold", "mail", "parse", "decide", "steps", "incident", "hanging"]
PARTS: tuple[Part, ...] = ("parse", "decide", "mail", "cold", "hooks", "pages", "idle", "steps", "incident", "hanging")
app = App(name="benchmarks", help="Measures the house; see benchmarks/README.md.")


@app.default
def main(
    *parts: Part,
    quick: Annotated[bool, Parameter(help="50,000 messages instead of a million or five, and less patience")] = False,
    size: Annotated[int, Parameter(help="conversations for the list and for opening, five messages each")] = 1_000_000,
    database: Annotated[tuple[Literal["sqlite", "postgresql"], ...], Parameter(negative=())] = ("sqlite", "postgresql"),
) -> None:
    """PARTS: parse, decide, mail, cold, hooks, pages, idle, steps, incident, hanging; all when none is named."""
    console = Console(width=180)
    console.print(f"{_processor()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    for part in parts or PARTS:
        before = os.getloadavg()[0]
        table = Table(title=f"{part}  (load average {before:.1f} before)", title_justify="left")
        for row in _measure(part, quick=quick, size=10_000 if quick else size, databases=database):
            if not table.columns:
                for name in row:
                    table.add_column(name, no_wrap=True)
            table.add_row(*row.values())
        console.print(table)


def _measure(part: Part, *, quick: bool, size: int, databases: Sequence[str]) -> list[dict[str, str]]:
    match part:
        case "hooks":
            return [_hooks(one, quick=quick) for one in databases]
        case "pages":
            times = 300 if quick else 2000
            found = [row for one in databases for row in pages.run(one, conversations=size, each=5, times=times)]
            return [_page(row, size) for row in found]
        case "idle":
            return [{"what": "10,000 idle visitors", "found": rest.idle_visitors(500 if quick else 10_000)}]
        case "steps":
            waiting, affected = (50_000, 2_000) if quick else (1_000_000, 100_000)
            return [row for one in databases for row in steps.run(one, waiting=waiting, affected=affected)]
        case "cold":
            return [_cold(one) for one in cold.run(times=3 if quick else 7)]
        case "mail":
            return [{"mails understood": f"{rest.mails_a_second():,.0f}/s on one processor"}]
        case "decide":
            stories, incident = decide.decisions_a_second()
            return [{"decisions": f"{stories:,.0f}/s on one processor", "of an incident": f"{incident:,.0f}/s"}]
        case "incident":
            return [_incident(incidents.run(one, 2_000 if quick else 100_000)) for one in databases]
        case "parse":
            one, many = rest.parse_microseconds()
            batch = {"channel": "api", "deliveries": "1,000 in one", "each": f"{many:.1f} µs", "of telegram's": ""}
            return [*_parsed(parse.per_channel()), {**batch, "slowest": f"{one:.0f} µs for one alone"}]
        case "hanging":
            return [_hanging(row) for one in databases for row in hanging.run(one, 10 if quick else 60)]


def _parsed(found: Sequence[parse.Parsed]) -> list[dict[str, str]]:
    known = next(one.middle for one in found if one.kind == "telegram")
    return [
        {
            "channel": one.kind,
            "deliveries": str(one.deliveries),
            "each": f"{one.middle:.0f} µs",
            "of telegram's": f"{one.middle / known:.1f}",
            "slowest": f"{one.most:.0f} µs ({one.most / known:.1f}) {one.slowest}",
        }
        for one in found
    ]


def _cold(found: cold.Cold) -> dict[str, str]:
    return {
        "what": found.what,
        "wall": f"{found.wall:.2f} s",
        "processor": f"{found.processor:.2f} s",
        "memory at rest": f"{found.memory:.0f} MiB" if found.memory else "",
    }


def _hanging(found: hanging.Hang) -> dict[str, str]:
    return {
        "database": found.database,
        "beside hanging inboxes": f"{found.beside} ({found.held} sends hung)",
        "replies": f"{found.latencies.expected:,}",
        "reply to its vendor's door": found.latencies.shown(),
        "processor": f"{found.processor * 1000:.1f} ms each",
    }


def _incident(found: incidents.Found) -> dict[str, str]:
    return {
        "database": found.database,
        "orders": f"{found.orders:,}",
        "planned": f"{found.planned:.1f} s ({found.orders / found.planned:,.0f}/s)",
        "processor": f"{found.processor:.1f} s ({found.processor / found.orders * 1e6:.0f} µs each)",
        "first word out": f"{found.first_out:.2f} s",
        "the inbox meanwhile": f"p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms",
    }


def _hooks(database: str, *, quick: bool) -> dict[str, str]:
    ratio = hooks.run(database, quick=quick, conversations=10_000 if quick else 200_000, each=5)
    lost = ratio.sent - ratio.arrived
    return {
        "database": database,
        "stored": f"{ratio.stored:,.0f}/s",
        "not stored": f"{ratio.bare:,.0f}/s",
        "ratio": f"{ratio.of_speed:.2f}",
        "processor": f"{ratio.stored_cpu * 1e6:.0f} : {ratio.bare_cpu * 1e6:.0f} µs",
        "its ratio": f"{ratio.of_cpu:.2f}",
        "database's": f"{ratio.database_cpu * 1e6:.0f} µs",
        "at half the speed": f"{ratio.rate:,.0f}/s {ratio.half.shown()}",
        "rows": f"{ratio.arrived:,}" + (f", {lost} LOST" if lost else ""),
    }


def _page(found: pages.Pages, size: int) -> dict[str, str]:
    return {
        "database": found.database,
        "at": f"{size:,} conversations, {size * 5:,} messages",
        "what": found.what,
        "in process": found.latencies.shown(),
        "pages": f"{found.per_second:,.0f}/s",
        "processor": f"{found.processor * 1e6:,.0f} µs",
    }


def _processor() -> str:
    with open("/proc/cpuinfo") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    app()
