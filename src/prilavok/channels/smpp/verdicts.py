"""What a message centre's status says, and what follows from it."""

from prilavok.channels.base import NeedsOwner, TryLater, Undeliverable

THROTTLED, QUEUE_FULL = 0x58, 0x14
BUSY = {THROTTLED, QUEUE_FULL}
PASSING = {
    0x04: "this connection may not send",
    0x08: "a fault of its own",
    0x64: "busy",
    0xFE: "a fault of its own",
    0xFF: "a fault of its own",
}
OWNERS = {
    0x0A: "it does not accept the sender: check the setting, and that the centre has registered it",
    0x66: "it does not accept the sender or the text",
    0x67: "this login may not send",
    0x0D: "it refuses the login",
    0x0E: "it refuses the password",
    0x0F: "it refuses the system id",
}
FINAL = {
    0x01: "the text is longer than it takes",
    0x0B: "there is no such number",
    0x33: "there is no such number",
    0x45: "it could not pass the message on",
    0x61: "it does not accept the time",
    0x62: "it does not accept the time",
}
NO_NUMBER = {0x0B, 0x33}
AFTER = 3.0  # seconds; nobody says how long


def refused(status: int, *, begun: bool) -> Exception:
    """`begun`: parts of the text are out already, so it must not be repeated blindly."""
    code = f"(0x{status:02x})"
    if begun:
        return TryLater(f"Only the first parts of this text were taken {code}", perhaps_sent=True)
    if status in BUSY:
        return TryLater(f"The message centre asks us to slow down {code}", after=AFTER)
    if status in PASSING:
        return TryLater(f"The message centre: {PASSING[status]} {code}")
    if status in OWNERS:
        return NeedsOwner(f"The message centre: {OWNERS[status]} {code}")
    said = FINAL.get(status, "it refuses the message")
    return Undeliverable(f"The message centre: {said} {code}", address_is_dead=status in NO_NUMBER)
