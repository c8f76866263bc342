"""A channel vouches for somebody's phone or e-mail. Whom we know by the same proven address is the same person."""

from prilavok.domain.events import Hinted, OnePersonProven, Vouched
from prilavok.flows.unit import Unit
from prilavok.store import contacts
from prilavok.store.questions import Row

SCOPES = (("phone", "phone"), ("phone", "whatsapp"), ("email", "email"))  # what is vouched for, where it is an address


def vouch(unit: Unit, event: Vouched) -> None:
    """One on the same proven address. Where another has written from it unproven, or came by several ways, a colleague
    is asked. An address that nobody has becomes theirs.
    """
    person = contacts.identity(unit.db, event.shop_id, event.ref_id or "")
    given = {"phone": event.phone, "email": event.email.lower()}
    for what, scope in SCOPES:
        value = given[what]
        if person is None or not value or (person["scope"], person["address"]) == (scope, value):
            continue
        known = contacts.identity_at(unit.db, event.shop_id, scope, value)
        if known is None:
            _keep(unit, person, what, scope, value)
        elif known["contact_id"] == person["contact_id"]:
            contacts.verify(unit.db, event.shop_id, [known["id"]])
        elif known["verified"] or not _shown(unit, known):
            one, other = sorted((person["contact_id"], known["contact_id"]))
            unit.emit(OnePersonProven(shop_id=event.shop_id, ref_id=one, other_id=other, by=what))
            contacts.verify(unit.db, event.shop_id, [known["id"]])
            return
        else:
            unit.emit(Hinted(shop_id=event.shop_id, hints=((person["id"], what, value),)))


def _keep(unit: Unit, person: Row, what: str, scope: str, value: str) -> None:
    """Not twice: a number that they write from as WhatsApp is not also kept as one to text."""
    if what != scope or value == person["address"]:
        return
    inboxes = unit.world.directory.of_shop(unit.db, person["shop_id"])
    kinds = {one.scope: one.kind for one in inboxes if not one.capabilities.public}
    theirs = [(scope, kinds.get(scope, scope), value)]
    contacts.add_addresses(
        unit.db, person["shop_id"], person["contact_id"], theirs, unit.now, claimed="", verified=True
    )


def _shown(unit: Unit, known: Row) -> bool:
    """Whether somebody has come as this contact already, and not only an order named it."""
    theirs = contacts.identities_of(unit.db, known["shop_id"], known["contact_id"])
    return any(one["verified"] or one["last_at"] is not None for one in theirs)
