"""The shop's policy: shown, changed, its versions, and tried without writing anything."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy.engine import Connection

from prilavok.commerce.shape import order_of
from prilavok.domain import editing
from prilavok.domain.errors import NotFound
from prilavok.domain.facts import Occasion, Preferences
from prilavok.domain.media import medium
from prilavok.domain.order import Order
from prilavok.domain.plan import Because, Plan, Rejected, Silence, Step, Why
from prilavok.domain.reasons import for_customer, sentence
from prilavok.domain.rules import BUILT_IN
from prilavok.domain.wishes import as_mapping, wishes_from
from prilavok.domain.written import told_once
from prilavok.flows import govern, suppose
from prilavok.store import rulebook, staff
from prilavok.web import policy_shapes as shown
from prilavok.web.ask import Ask
from prilavok.web.errors import Refusal

OF_THE_CUSTOMER = frozenset({"placed"})  # they did it themselves a moment ago
NOT_CONNECTED = Because(Why.NOT_CONNECTED)


async def show(ask: Ask) -> shown.Policy:
    return await ask.read(_active, ask.shop_id)


async def change(ask: Ask) -> shown.Policy:
    """A new version. What can never be edited away is refused with its reason."""
    given: shown.NewPolicy = ask.body
    await ask.do(govern.govern, ask.shop_id, given.data, note=given.note, author_id=ask.me.id)
    return await ask.read(_active, ask.shop_id)


async def versions(ask: Ask) -> shown.PolicyVersions:
    return shown.PolicyVersions(await ask.read(_versions, ask.shop_id))


async def version(ask: Ask) -> shown.Policy:
    number = ask.path("id")
    if not number.isascii() or not number.isdecimal() or len(number) > 9:
        raise NotFound
    return await ask.read(_version, ask.shop_id, int(number))


async def decide(ask: Ask) -> shown.Decided:
    """A dry run: nothing is stored and nobody is written to."""
    supposed = _supposed(ask)
    world = ask.services.bus.world
    if supposed.order is not None and supposed.order.comment.strip():  # beforehand, for reading one may take a while
        await asyncio.to_thread(world.read_comment, supposed.order.comment, supposed.order.buyer.language)
    found = await ask.read(suppose.suppose, world, ask.shop_id, supposed)
    return _decided(found, ask.me.language or "en")


def _active(db: Connection, shop_id: int) -> shown.Policy:
    own = rulebook.active(db, shop_id)
    data = own["data"] if own is not None else editing.as_mapping(BUILT_IN)
    number = own["version"] if own is not None else 0
    return shown.Policy(version=number, data=dict(data), built_in=own is None, schema=editing.editable())


def _versions(db: Connection, shop_id: int) -> list[shown.PolicyVersion]:
    names = staff.names(db, shop_id)
    return [
        shown.PolicyVersion(
            version=row["version"],
            note=row["note"],
            author=names.get(row["author_id"]),
            created_at=row["created_at"],
        )
        for row in rulebook.versions(db, shop_id)
    ]


def _version(db: Connection, shop_id: int, number: int) -> shown.Policy:
    """Version 0 is the built-in one."""
    row = rulebook.version(db, shop_id, number) if number else None
    if number and row is None:
        raise NotFound
    data = dict(row["data"]) if row is not None else editing.as_mapping(BUILT_IN)
    return shown.Policy(version=number, data=data, built_in=row is None, schema=editing.editable())


def _supposed(ask: Ask) -> suppose.Supposed:
    given: shown.DryRun = ask.body
    event, contact = given.event, given.contact
    now = given.at or event.at or ask.services.now
    for moment in (now, *_moments(given)):
        if not 1990 <= moment.year <= 2200:
            raise Refusal(422, "No shop is open in such a year.", field="at")
    by_customer = event.kind in OF_THE_CUSTOMER if event.by_customer is None else event.by_customer
    at = event.at or now
    wanted = wishes_from(
        {
            "call": contact.preferences.call,
            "preferred_channels": [medium(one) for one in contact.preferences.preferred_channels],
            "forbidden_channels": [medium(one) for one in contact.preferences.forbidden_channels],
            "contact_window": contact.preferences.contact_window,
        }
    )
    return suppose.Supposed(
        occasion=Occasion(kind=event.kind, at=at, key=event.key, urgent=event.urgent, by_customer=by_customer),
        now=now,
        order=_order(given, ask),
        status=given.order.status if given.order is not None else None,
        addresses=[
            suppose.Address(
                channel=medium(one.channel), address=one.address, reachable=one.reachable, last_inbound=one.last_inbound
            )
            for one in contact.identities
        ],
        timezone=contact.timezone or "",
        country=contact.country or "",
        preferences=Preferences(
            call=wanted.call,
            preferred_channels=wanted.preferred_channels,
            forbidden_channels=wanted.forbidden_channels,
            contact_window=wanted.contact_window,
            consents={purpose: given for purpose, given in contact.consents.items() if given is not None},
        ),
        told=frozenset(contact.told),
        recent=tuple(contact.recent),
        complaint_open=contact.complaint_open,
        policy=editing.policy_from(given.policy) if given.policy is not None else None,
    )


def _moments(given: shown.DryRun) -> Iterator[datetime]:
    """Every time that is said, wherever: at the edges of the calendar nothing can be added or taken away."""
    contact, order = given.contact, given.order
    said = [given.event.at, *contact.recent, *(one.last_inbound for one in contact.identities)]
    if order is not None:
        said += [order.placed_at, order.updated_at]
    return (one for one in said if one is not None)


def _order(given: shown.DryRun, ask: Ask) -> Order | None:
    if given.order is None:
        return None
    if given.order.total is None:
        given.order.total = 0  # type: ignore[assignment]  # a dry run needs no sum
    return order_of(given.order, "", given.at or ask.services.now)


def _decided(found: suppose.Supposition, language: str) -> shown.Decided:
    decision, facts = found.decision, found.facts
    steps = decision.steps if isinstance(decision, Plan) else ()
    rejected = [_not_chosen(one, language) for one in told_once(decision.rejected, steps)]
    wishes = as_mapping(found.reading.wishes) if found.reading is not None else None
    zone, country, number = facts.zone or None, facts.country or None, decision.policy_version
    match decision:
        case Plan():
            return shown.Decided(
                outcome="plan",
                steps=[_step(one, found.missing, language) for one in decision.steps],
                rejected=rejected,
                policy_version=number,
                stage=decision.stage.value,
                purpose=decision.purpose.value,
                timezone=zone,
                country=country,
                wishes=wishes,
            )
        case Silence():
            return shown.Decided(
                outcome="silence",
                because=sentence(decision.because, language),
                reasons=_said([decision.because], language),
                rejected=rejected,
                policy_version=number,
                needs_person=decision.needs_person,
                stage=decision.stage.value if decision.stage is not None else None,
                timezone=zone,
                country=country,
                wishes=wishes,
            )


def _step(step: Step, missing: Iterable[str], language: str) -> shown.DecidedStep:
    because = (*step.because, NOT_CONNECTED) if step.channel in missing else step.because
    reasons = _said(because, language)
    return shown.DecidedStep(
        channel=step.channel,
        address=step.address,
        at=step.at,
        wait_for=step.wait_for.value if step.wait_for is not None else None,
        until=step.until,
        because=" ".join(one.text for one in reasons),
        reasons=reasons,
        voice=step.voice,
        to_customer=for_customer(step.because, language),
    )


def _not_chosen(one: Rejected, language: str) -> shown.NotChosen:
    reasons = _said([one.because], language)
    return shown.NotChosen(one.channel, one.address, reasons[0].text, reasons, one.inbox_id)


def _said(reasons: Iterable[Because], language: str) -> list[shown.Said]:
    return [shown.Said(one.why.value, dict(one.data), sentence(one, language)) for one in reasons]
