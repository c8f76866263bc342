"""How far a message has come. A receipt only climbs: what arrives late or twice changes nothing."""

from enum import StrEnum


class Receipt(StrEnum):
    ACCEPTED = "accepted"  # stored by us, waiting to be sent
    SENT = "sent"  # the vendor took it
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    PERHAPS_SENT = "perhaps_sent"  # we stopped between sending and hearing the answer; a person decides


RANK = {
    Receipt.ACCEPTED: 0,
    Receipt.PERHAPS_SENT: 1,
    Receipt.FAILED: 2,
    Receipt.SENT: 3,
    Receipt.DELIVERED: 4,
    Receipt.READ: 5,
}


def climbs(now: Receipt | None, new: Receipt) -> bool:
    """Whether `new` tells more than `now`.

    A bounce may follow "sent", so a failure overrules "sent" too, but never "delivered" or "read".
    """
    if now is None:
        return True
    if new is Receipt.FAILED:
        return now in {Receipt.ACCEPTED, Receipt.PERHAPS_SENT, Receipt.SENT}
    return RANK[new] > RANK[now]
