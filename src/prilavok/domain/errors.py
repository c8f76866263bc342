"""What went wrong, named after what the caller should do about it."""


class TryLater(Exception):
    """The other side is busy or down. Send the same again after `after` seconds (None: the usual back-off).

    `perhaps_sent` is true when the request may have been carried out although no answer came back.
    """

    def __init__(self, reason: str, *, after: float | None = None, perhaps_sent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
        self.perhaps_sent = perhaps_sent


class Undeliverable(Exception):
    """This message will never reach this address; another address or channel may.

    `address_is_dead` is true when nothing at all can reach the address any more (blocked, no such mailbox).
    """

    def __init__(self, reason: str, *, address_is_dead: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.address_is_dead = address_is_dead


class NeedsOwner(Exception):
    """Nothing can be sent through this inbox until its owner does something (a token expired, a plan ended).

    `field` names the setting that is wrong, where one is: the form shows the reason beneath it.
    """

    def __init__(self, reason: str, *, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


class BadSignature(Exception):
    """The hook was not signed with the secret of this inbox: refuse it and keep nothing of it."""


class BadInput(Exception):
    """What came in cannot be accepted; `reason` tells its author, in plain words, what to change."""

    def __init__(self, reason: str, *, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


class NotFound(Exception):
    """No such thing in this shop (or it belongs to another shop, which is the same answer)."""


class Conflict(Exception):
    """The request contradicts what is already stored; `reason` says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
