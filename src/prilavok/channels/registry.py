"""Every channel this installation knows: ours, and those of other authors by entry point `prilavok.channels`."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

import structlog

from prilavok.channels.base import Channel

log = structlog.get_logger()


class Channels(Mapping[str, type[Channel]]):
    """By kind, in the order of the truth table. One that cannot be loaded is logged and left out.

    A channel is loaded when its kind is first asked for: a start that waited for three dozen of them, most of them
    without an inbox, would take a third longer. Going through them all loads them all.
    """

    def __init__(self, entries: Mapping[str, EntryPoint]) -> None:
        self._entries = dict(sorted(entries.items()))
        self._loaded: dict[str, type[Channel]] = {}

    def __getitem__(self, kind: str) -> type[Channel]:
        loaded = self._loaded.get(kind)
        return loaded if loaded is not None else self._load(kind)

    def __iter__(self) -> Iterator[str]:
        # A copy, for a channel that cannot be loaded goes; in two threads at once, maybe.
        return (kind for kind in tuple(self._entries) if kind in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _load(self, kind: str) -> type[Channel]:
        """Two threads may both come here: Python imports a module once, and both find the same class in it."""
        entry = self._entries[kind]
        try:
            found: type[Channel] = entry.load()
        except Exception:
            log.exception("channel cannot be loaded", channel=kind)
            self._entries.pop(kind, None)
            raise KeyError(kind) from None
        self._loaded[kind] = found
        return found


@cache
def all_channels() -> Channels:
    """Those of this installation."""
    return Channels({entry.name: entry for entry in entry_points(group="prilavok.channels")})
