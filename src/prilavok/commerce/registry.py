"""Every source of orders this installation knows, by the entry points `prilavok.commerce` and `prilavok.carriers`."""

from functools import cache
from importlib.metadata import entry_points

import structlog

from prilavok.commerce.base import Source

log = structlog.get_logger()
GROUPS = ("prilavok.commerce", "prilavok.carriers")


@cache
def all_sources() -> dict[str, type[Source]]:
    """By kind, shop platforms first. One that cannot be loaded is logged and left out."""
    found: dict[str, type[Source]] = {}
    for group in GROUPS:
        for entry in sorted(entry_points(group=group), key=lambda entry: entry.name):
            try:
                found[entry.name] = entry.load()
            except Exception:
                log.exception("source cannot be loaded", source=entry.name)
    return found
