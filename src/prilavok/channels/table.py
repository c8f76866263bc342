"""The truth table: what every channel can do, read from the classes, for the API and for the documentation.

`python -m prilavok.channels.table` writes the generated parts of docs/channels anew.
"""

import dataclasses
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from prilavok.channels.base import Capabilities, Channel
from prilavok.channels.registry import all_channels

DOCS = Path(__file__).resolve().parents[3] / "docs" / "channels"
SECTION = re.compile(r"(<!-- generated: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)
RECEIPTS = ("sent", "delivered", "read", "failed")


def rows() -> list[dict[str, Any]]:
    """One dictionary a channel, ready for JSON; `config_schema` is the JSON schema that draws the settings form."""
    return [
        {
            "kind": kind,
            "title": channel.title,
            "summary": channel.summary,
            "capabilities": capabilities(channel.capabilities),
            "config_schema": schema(channel),
            "quality": dict(channel.quality),
        }
        for kind, channel in all_channels().items()
    ]


def capabilities(table: Capabilities) -> dict[str, Any]:
    shown = {field.name: getattr(table, field.name) for field in dataclasses.fields(table)}
    shown["receipts"] = [receipt for receipt in RECEIPTS if receipt in table.receipts]
    if (comments := table.comments) is not None:
        shown["comments"] = {**dataclasses.asdict(comments), "moderates": sorted(comments.moderates)}
        shown["comments"] |= {"amends": sorted(comments.amends), "moderated": sorted(comments.moderated)}
    shown["rate"] = [dataclasses.asdict(limit) for limit in table.rate]
    shown["inquires"] = list(table.inquires)
    return shown


def schema(channel: type[Channel]) -> dict[str, Any]:
    """The Config's own schema at the top, so that a form need not look up the first `$ref`."""
    whole = msgspec.json.schema(channel.Config)
    parts = dict(whole["$defs"])
    top = parts.pop(channel.Config.__name__)
    top["properties"] = {name: one for name, one in top["properties"].items() if not one.get("hidden")}
    return {**top, **({"$defs": parts} if parts else {})}


def markdown() -> str:
    """The truth table as the documentation shows it."""
    head = (
        "channel",
        "may write first",
        "window",
        "receipts",
        "text",
        "files",
        "buttons",
        "edits",
        "in public",
        "cost",
        "rate",
    )
    lines = [line(head), line(["---"] * len(head))]
    lines += [line(cells(kind, channel)) for kind, channel in all_channels().items()]
    return "\n".join(lines) + "\n"


def cells(kind: str, channel: type[Channel]) -> Iterator[str]:
    can = channel.capabilities
    yield f"[{channel.title}]({kind}.md)"
    yield ("with a template" if can.templates else "yes") if can.starts else "no"
    yield "none" if can.reply_window_hours is None else f"{can.reply_window_hours:g} h"
    yield ", ".join(receipt for receipt in RECEIPTS if receipt in can.receipts) or "none"
    yield f"{can.text_limit}"
    yield f"{can.media_limit // (1024 * 1024)} MB" if can.media else "no"
    yield str(can.buttons) if can.buttons else "as text"
    yield "seen" if can.edits_in else "no"
    yield " · ".join(in_public(can)) or "–"
    yield can.cost
    yield "; ".join(f"{limit.messages} in {limit.per:g} s a{_n(limit.each)} {limit.each}" for limit in can.rate) or "–"


def in_public(can: Capabilities) -> Iterator[str]:
    """What can be done about what everybody reads."""
    if can.comments is None:
        return
    yield f"{can.comments.text_limit} characters"
    if can.comments.answers is not None:
        yield "one answer" if can.comments.answers == 1 else f"{can.comments.answers} answers"
    yield from sorted(can.comments.moderates)
    yield from (f"own answers: {act}" for act in sorted(can.comments.amends, reverse=True))
    if can.comments.private_reply:
        yield f"private answer for {can.comments.private_days} days"


def settings_of(channel: type[Channel]) -> str:
    """The settings of a channel as a table: what the form in the interface asks."""
    described = schema(channel)
    lines = [line(("setting", "key", "what it is")), line(["---"] * 3)]
    for name, about in described.get("properties", {}).items():
        notes = [about.get("description", "")]
        if name in described.get("required", []):
            notes.append("Required.")
        if about.get("writeOnly"):
            notes.append("Secret.")
        lines.append(line((about.get("title", name), f"`{name}`", " ".join(filter(None, notes)))))
    return "\n".join(lines) + "\n"


def quality_of(channel: type[Channel]) -> str:
    return "".join(f"- {what}: {state}\n" for what, state in channel.quality.items())


def line(cells: Any) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def generated(page: str, channels: Mapping[str, type[Channel]], kind: str) -> str:
    """The page with its generated sections as they should be."""
    sections = {"table": markdown}
    if kind in channels:
        sections["settings"] = lambda: settings_of(channels[kind])
        sections["quality"] = lambda: quality_of(channels[kind])
    return SECTION.sub(lambda found: f"{found[1]}{sections[found[2]]()}{found[3]}", page)


def main() -> int:
    for path in sorted(DOCS.glob("*.md")):
        page = path.read_text(encoding="utf-8")
        if (fresh := generated(page, all_channels(), path.stem)) != page:
            path.write_text(fresh, encoding="utf-8")
            sys.stdout.write(f"{path.name} written anew\n")
    return 0


def _n(word: str) -> str:
    return "n" if word[0] in "aeiou" else ""


if __name__ == "__main__":
    sys.exit(main())
