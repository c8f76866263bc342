"""How fast an inbox may send: the limits of its channel, and pauses that its vendor asked for."""

from collections import defaultdict, deque

from prilavok.domain.capabilities import RateLimit


class Pace:
    """Counts sends of one inbox. Times are seconds of a monotonic clock."""

    def __init__(self, limits: tuple[RateLimit, ...]) -> None:
        self._limits = limits
        self._sent: dict[tuple[int, str], deque[float]] = defaultdict(deque)
        self._paused_until = 0.0

    def pause(self, until: float) -> None:
        """The vendor said "not before": for the whole inbox."""
        self._paused_until = max(self._paused_until, until)

    def wait(self, address: str, now: float) -> float:
        """Seconds until one more message to this address may go; 0 when it may go now."""
        delay = max(0.0, self._paused_until - now)
        for place, limit in enumerate(self._limits):
            sent = self._sent.get((place, address if limit.each == "recipient" else ""))
            if sent is None:
                continue
            while sent and sent[0] <= now - limit.per:
                sent.popleft()
            if len(sent) >= limit.messages:
                delay = max(delay, sent[-limit.messages] + limit.per - now)
        return delay

    def count(self, address: str, now: float) -> None:
        """Notes a send, now or at a time that `wait` gave."""
        for place, limit in enumerate(self._limits):
            self._sent[place, address if limit.each == "recipient" else ""].append(now)
        if len(self._sent) > 10_000:
            self._forget(now)

    def _forget(self, now: float) -> None:
        for key in [key for key, sent in self._sent.items() if sent[-1] <= now - self._limits[key[0]].per]:
            del self._sent[key]
