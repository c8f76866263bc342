"""What happens is told to every process that shows it to somebody: to browsers' sockets, to waiting workers.

A relay only wakes; it keeps nothing. Whoever may have missed something is told so (`on_gap`) and reads again from the
database by its sequence number. Therefore publishing never fails and never waits for the network: it comes after the
commit, when nobody could do anything about it.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

import structlog

log = structlog.get_logger()

Callback = Callable[[bytes], None]
Unsubscribe = Callable[[], None]
Note = tuple[str, bytes]  # topic and data


class Relay(Protocol):
    on_gap: Callable[[], None] | None  # called in the event loop when notes may have been missed

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def publish(self, topic: str, data: bytes) -> None:
        """To every subscriber of the topic, in this process before it returns, in others soon."""
        ...

    async def publish_many(self, notes: Iterable[Note]) -> None:
        """In their order, in one round trip."""
        ...

    def subscribe(self, topic: str, callback: Callback) -> Unsubscribe:
        """The callback runs in the event loop and must not block. Call the result to end it; twice does no harm."""
        ...


def make_relay(url: str | None, on_gap: Callable[[], None] | None = None) -> Relay:
    """In memory without a URL: enough for one process."""
    if not url:
        return MemoryRelay(on_gap)
    # Not at the top: the client takes longer to import than everything else that a single process needs.
    from prilavok.worker.redis_relay import RedisRelay

    return RedisRelay(url, on_gap)


class MemoryRelay:
    """Within one process. Nothing is ever missed."""

    def __init__(self, on_gap: Callable[[], None] | None = None) -> None:
        self.on_gap = on_gap
        self._subscribers: dict[str, dict[object, Callback]] = {}

    async def start(self) -> None:
        log.debug("the relay stays within this process")

    async def stop(self) -> None:
        self._subscribers.clear()

    async def publish(self, topic: str, data: bytes) -> None:
        self._deliver(topic, data)

    async def publish_many(self, notes: Iterable[Note]) -> None:
        for topic, data in notes:
            self._deliver(topic, data)

    def subscribe(self, topic: str, callback: Callback) -> Unsubscribe:
        callbacks = self._subscribers.setdefault(topic, {})
        place = object()  # the same function may be subscribed twice, each with its own end
        callbacks[place] = callback

        def unsubscribe() -> None:
            callbacks.pop(place, None)
            if not callbacks and self._subscribers.get(topic) is callbacks:
                del self._subscribers[topic]

        return unsubscribe

    def _deliver(self, topic: str, data: bytes) -> None:
        for callback in tuple(self._subscribers.get(topic, {}).values()):
            try:
                callback(data)
            except Exception:
                log.exception("a subscriber failed", topic=topic)
