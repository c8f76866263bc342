"""flufl.bounce, asked last: it knows rare mail servers, and raises on some mails."""

import email
import email.policy
import logging

from flufl.bounce import all_failures

from prilavok.channels.email.mime import Part

log = logging.getLogger(__name__)

MOST_BYTES = 128 * 1024  # of the report; its detectors read line by line
TROUBLES = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError)


def failures_by_library(root: Part) -> list[str]:
    """Addresses that failed, sorted; none when the library stumbles, which is logged."""
    raw = root.everything[:MOST_BYTES]
    try:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
        temporary, permanent = all_failures(message)
    except TROUBLES as error:
        log.info("flufl.bounce stumbled over a report: %r", error)
        return []
    found = {one.decode("ascii", "replace").lower() for one in {*temporary, *permanent} if isinstance(one, bytes)}
    return sorted(one for one in found if "@" in one)
