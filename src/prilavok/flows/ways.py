"""The ways in which a customer can be answered: each address through each inbox that reaches it, the best first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from prilavok.domain.capabilities import why_not, window_until
from prilavok.flows.directory import Directory, Served
from prilavok.store import closures, contacts
from prilavok.store.questions import Row


@dataclass(frozen=True, slots=True)
class Way:
    """`refusal` is empty when the customer can be written to this way now; "voice" is one to call, not to write."""

    inbox: Served
    identity: Row
    refusal: str
    until: datetime | None


def ways_to(
    db: Connection, directory: Directory, conversation: Mapping[Any, Any], now: datetime, *, person: bool = True
) -> list[Way]:
    """Where the customer last wrote comes first, then what can be used, then what cannot (with the reason).

    `person`: a colleague writes, and not a program.
    """
    shop_id = conversation["shop_id"]
    inboxes = directory.of_shop(db, shop_id)
    found = []
    addresses = contacts.identities_of(db, shop_id, conversation["contact_id"])
    shut = closures.of(db, shop_id, [one["id"] for one in addresses])
    for identity in addresses:
        for inbox in inboxes:
            if inbox.scope == identity["scope"] and not inbox.capabilities.public:
                closed = shut.get(identity["id"], {}).get(inbox.medium)
                found.append(_way(inbox, identity, closed, now, person=person))
    best = (conversation["reply_inbox_id"], conversation["reply_identity_id"])
    return sorted(
        found,
        key=lambda way: (
            bool(way.refusal),
            (way.inbox.id, way.identity["id"]) != best,
            way.inbox.id != way.identity["inbox_id"],
        ),
    )


def _way(inbox: Served, identity: Row, shut: str | None, now: datetime, *, person: bool) -> Way:
    able = inbox.capabilities
    refusal = why_not(
        able,
        reachable=identity["reachable"] and shut is None,
        blocked_because=identity["reason"] if shut is None else shut,
        last_inbound=identity["last_at"],
        now=now,
        person=person,
    )
    if not refusal and inbox.state != "active":
        refusal = "inbox_paused"
    if not refusal and able.voice:
        refusal = "voice"
    return Way(inbox, identity, refusal, window_until(able, identity["last_at"], person=person))
