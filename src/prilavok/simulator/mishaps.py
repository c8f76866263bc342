"""What goes wrong now and then, and is told: a mail that came back, a blocked bot, a talk that changed its channel."""

from dataclasses import replace
from datetime import timedelta

from prilavok.domain.capabilities import BLOCKED
from prilavok.domain.message import AuthorKind, Kind
from prilavok.domain.receipt import Receipt
from prilavok.simulator.seeds import InboxSeed, MessageSeed

NO_SUCH_MAILBOX = "550 5.1.1 The mailbox does not exist"


def bounced(written: list[MessageSeed]) -> list[MessageSeed]:
    """The shop's last letter came back half a minute after it was sent."""
    return _failed(written, NO_SUCH_MAILBOX, after=timedelta(seconds=31), sent=True)


def blocked(written: list[MessageSeed]) -> list[MessageSeed]:
    """The customer had blocked the shop before its last answer."""
    return _failed(written, BLOCKED, after=timedelta(seconds=1), sent=False)


def _failed(written: list[MessageSeed], reason: str, *, after: timedelta, sent: bool) -> list[MessageSeed]:
    last = max(at for at, one in enumerate(written) if one.kind is Kind.REPLY)
    message = written[last]
    times = {**(message.times if sent else {}), "failed": message.at + after}
    failed = replace(message, receipt=Receipt.FAILED, reason=reason, times=times)
    return [*written[:last], failed, *written[last + 1 :]]


def moved_to_messenger(written: list[MessageSeed], messenger: InboxSeed) -> list[MessageSeed]:
    """After the first answer the customer left the site and went on in the messenger, in the same conversation."""
    first = next((at for at, one in enumerate(written, 1) if one.kind is Kind.REPLY), len(written))
    if first == len(written):
        return written
    line = MessageSeed(
        kind=Kind.EVENT,
        direction="inbound",
        text="",
        at=written[first - 1].at + (written[first].at - written[first - 1].at) / 2,
        author_kind=AuthorKind.SYSTEM,
        author="",
        inbox=messenger.key,
        content={"event": {"what": "went_on", "inbox": messenger.name, "channel": messenger.channel}},
    )
    rest = [_in_messenger(one, messenger.key) for one in written[first:]]
    return [*written[:first], line, *rest]


def _in_messenger(message: MessageSeed, inbox: str) -> MessageSeed:
    if message.kind is not Kind.REPLY:
        return replace(message, inbox=inbox)
    return replace(message, inbox=inbox, receipt=Receipt.SENT, times={"sent": message.times["sent"]})
