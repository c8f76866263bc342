"""Providers where a mailbox is signed in to on a page of theirs: their servers, and what that page is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from prilavok.channels.email.wire import Security

Server = tuple[str, int, Security]


@dataclass(frozen=True, slots=True)
class Provider:
    """`{tenant}` in an address is the owner's organisation."""

    name: str
    imap: Server
    smtp: Server
    page: str
    tokens: str
    scope: str
    asks: Mapping[str, str] = field(default_factory=dict)


PROVIDERS: Mapping[str, Provider] = {
    "google": Provider(
        "Google",
        ("imap.gmail.com", 993, "ssl"),
        ("smtp.gmail.com", 465, "ssl"),
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
        # Only so does it give a refresh token, and again at the second time.
        {"access_type": "offline", "prompt": "consent"},
    ),
    "microsoft": Provider(
        "Microsoft",
        ("outlook.office365.com", 993, "ssl"),
        ("smtp.office365.com", 587, "starttls"),
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        {"response_mode": "query"},
    ),
}
