"""Signature and parsing of every channel's own fixtures, side by side: a parser that is far off Telegram's shows."""

import contextlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
ROUND = 0.004  # seconds of processor time that one delivery is parsed for, each of ROUNDS times
ROUNDS = 3


class Parsed(NamedTuple):
    """Microseconds of processor time a delivery; `slowest` names the fixture that took longest."""

    kind: str
    deliveries: int
    middle: float
    most: float
    slowest: str


def per_channel() -> list[Parsed]:
    sys.path.insert(0, str(ROOT))
    from tests.channels.reading import channel, deliveries, delivery

    from prilavok.channels.registry import all_channels

    found = []
    for kind in sorted(all_channels()):
        took = {}
        for path in deliveries(kind):
            fixture = json.loads(path.read_text())
            if "error" in fixture:
                continue
            hook, reader = delivery(kind, fixture, path.parent), channel(kind)
            with contextlib.suppress(NotImplementedError):
                took[path.stem] = _microseconds(lambda reader=reader, hook=hook: list(reader.parse(hook)))  # type: ignore[misc]
        if took:
            slowest = max(took, key=took.__getitem__)
            found.append(Parsed(kind, len(took), median(took.values()), took[slowest], slowest))
    return found


def _microseconds(parse: Callable[[], object]) -> float:
    """The best of some rounds: what a neighbour on the machine takes away belongs to nobody here."""
    parse()
    began = time.process_time()
    parse()
    times = max(1, int(ROUND / max(time.process_time() - began, 1e-6)))
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(times):
            parse()
        best = min(best, (time.process_time() - began) / times)
    return best * 1e6
