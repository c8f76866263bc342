"""Every channel this installation knows: ours, and those of other authors by entry point `prilavok.channels`."""

from functools import cache
from importlib.metadata import entry_points

import structlog

from prilavok.channels.base import Channel

log = structlog.get_logger()


@cache
def all_channels() -> dict[str, type[Channel]]:
    """By kind, in the order of the truth table. One that cannot be loaded is logged and left out."""
    found: dict[str, type[Channel]] = {}
    for entry in sorted(entry_points(group="prilavok.channels"), key=lambda entry: entry.name):
        try:
            found[entry.name] = entry.load()
        except Exception:
            log.exception("channel cannot be loaded", channel=entry.name)
    return found
