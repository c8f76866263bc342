"""A reply that the vendor takes as several messages: the first must not go twice because a later one failed."""

from collections.abc import Callable, Iterable

from prilavok.channels.base import Dialogue, Pause, Sent, TryLater, Undeliverable

PATIENCE = 10.0  # seconds that we wait in the middle of a message rather than leave half of it out


def in_parts(saying: Iterable[Callable[[], Dialogue[str]]]) -> Dialogue[Sent]:
    """Says one after the other; each returns the vendor's id of its message."""
    ids: list[str] = []
    for number, say in enumerate(saying):
        try:
            ids.append((yield from say()))
        except TryLater as error:
            if number == 0:
                raise
            ids.append((yield from _again(say, error)))
        except Undeliverable as error:
            if number == 0:
                raise
            raise Undeliverable(f"Only a part was sent. {error.reason}") from error
    return Sent(provider_id=ids[0], more_ids=tuple(ids[1:]))


def _again(say: Callable[[], Dialogue[str]], error: TryLater) -> Dialogue[str]:
    """The first part is out already; what comes after it may wait a little, but must not make us repeat the first."""
    if error.perhaps_sent or error.after is None or error.after > PATIENCE:
        raise TryLater(f"only a part was sent: {error.reason}", after=error.after, perhaps_sent=True) from error
    yield Pause(error.after)
    try:
        return (yield from say())
    except TryLater as again:
        raise TryLater(f"only a part was sent: {again.reason}", after=again.after, perhaps_sent=True) from again
