"""A number that was thought dead for texts writes one: it lives. One that said STOP stays shut until it says START."""

from prilavok.domain.capabilities import BLOCKED
from prilavok.domain.events import ContactChanged, MessageReceived
from prilavok.flows.unit import Unit
from prilavok.store import closures, contacts


def reopen(unit: Unit, event: MessageReceived) -> None:
    if not event.shut or event.ref_id is None:
        return  # nearly every message: it costs no question
    inbox = unit.world.directory.get(unit.db, event.shop_id, event.inbox_id)
    if inbox is None:
        return
    reason = closures.of(unit.db, event.shop_id, [event.ref_id]).get(event.ref_id, {}).get(inbox.medium)
    identity = contacts.identity(unit.db, event.shop_id, event.ref_id) if reason not in {None, BLOCKED} else None
    if identity is not None:
        closures.reopen(unit.db, event.shop_id, event.ref_id, inbox.medium)
        unit.emit(ContactChanged(shop_id=event.shop_id, ref_id=identity["contact_id"]))
