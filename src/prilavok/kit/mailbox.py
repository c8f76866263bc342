"""What an e-mail address tells before anybody writes to it."""

import re

ADDRESS = re.compile(r"[^@\s<>\"',;]{1,64}@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62})", re.I)
RESERVED = ("test", "invalid", "localhost", "local")
# Mailboxes that anybody opens for ten minutes. Not complete, and need not be: one sign among many.
THROWAWAY = frozenset(
    [
        "10minutemail.com",
        "20minutemail.com",
        "discard.email",
        "dispostable.com",
        "dropmail.me",
        "emailondeck.com",
        "fakeinbox.com",
        "getnada.com",
        "guerrillamail.com",
        "guerrillamail.info",
        "inboxkitten.com",
        "mail-temp.com",
        "mailcatch.com",
        "maildrop.cc",
        "mailinator.com",
        "mailnesia.com",
        "mailpoof.com",
        "minuteinbox.com",
        "mintemail.com",
        "moakt.com",
        "mohmal.com",
        "mytemp.email",
        "one-off.email",
        "sharklasers.com",
        "spam4.me",
        "spambox.xyz",
        "spamgourmet.com",
        "temp-mail.io",
        "temp-mail.org",
        "tempail.com",
        "tempinbox.com",
        "tempmail.dev",
        "tempmail.plus",
        "tempmailo.com",
        "tempr.email",
        "throwawaymail.com",
        "trashmail.com",
        "trashmail.de",
        "yopmail.com",
        "yopmail.fr",
    ]
)


def kind_of(address: str) -> str:
    """none, impossible, throwaway or ordinary."""
    address = address.strip()
    if not address:
        return "none"
    found = ADDRESS.fullmatch(address)
    if found is None or ".." in address:
        return "impossible"
    domain = found.group(1).lower()
    if any(domain == known or domain.endswith(f".{known}") for known in RESERVED):
        return "impossible"
    parents = {domain, ".".join(domain.split(".")[-2:])}
    return "throwaway" if parents & THROWAWAY else "ordinary"
