"""Files that somebody named by their address, out in the open, such as a shop's own programs."""

from datetime import datetime

from prilavok.channels.base import Dialogue, Download, Fetched, TryLater, Undeliverable
from prilavok.channels.wire import retry_after


def downloaded(address: str, limit: int, now: datetime) -> Dialogue[Fetched]:
    """At most `limit` bytes. TryLater while the server is busy, else Undeliverable."""
    if not address.startswith(("https://", "http://")):
        raise Undeliverable("A file's address must begin with https:// (or http://).")
    response = yield Download("GET", address, timeout=60.0, max_bytes=limit)
    if response.status == 429 or response.status >= 500:
        raise TryLater(f"the file's address answered {response.status}", after=retry_after(response.headers, now))
    if response.status != 200:
        raise Undeliverable(f"the file's address answered {response.status}")
    return Fetched.of(response)
