"""A colleague calls a customer from the conversation: whether that may be now, and why not; one press, and it rings."""

from datetime import datetime

import msgspec
from sqlalchemy.engine import Connection

from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.domain.reasons import sentence
from prilavok.flows import ring
from prilavok.flows.reply import Author, Draft, note, reply
from prilavok.flows.unit import Unit, World
from prilavok.kit.phone import pretty
from prilavok.store import conversations
from prilavok.store.questions import Row
from prilavok.web.ask import Ask, IdText

REASON_AT_LEAST = 3  # letters: an empty word is no reason


class Number(msgspec.Struct, kw_only=True):
    """One of the customer's numbers through one line of the shop."""

    inbox_id: str
    identity_id: str
    number: str
    line: str


class MayCall(msgspec.Struct, kw_only=True):
    """`because`: why not now, in the colleague's language. `urgent_helps`: whoever says why it cannot wait may call."""

    numbers: list[Number]
    because: list[str]
    urgent_helps: bool


class Dialled(msgspec.Struct, kw_only=True):
    """`urgent_because`: a person's word why it cannot wait; it stands as a note with the call."""

    inbox_id: IdText
    identity_id: IdText
    urgent_because: str = ""


class Called(msgspec.Struct):
    message_id: str


async def may_call(ask: Ask) -> MayCall:
    """GET /api/v1/conversations/{id}/call"""
    services = ask.services
    return await services.bus.read_slowly(
        _may_call, ask.shop_id, ask.id(), services.bus.world, services.now, ask.language
    )


async def call(ask: Ask) -> Called:
    """POST /api/v1/conversations/{id}/call"""
    given: Dialled = ask.body
    author = Author("agent", ask.me.id, ask.me.name)
    return Called(await ask.do(_call, ask.shop_id, ask.id(), author, given, ask.language))


def _may_call(
    db: Connection, shop_id: int, conversation_id: str, world: World, now: datetime, language: str
) -> MayCall:
    unit = Unit(db, now, world, {}, lambda *_: None)
    conversation = _conversation(unit, shop_id, conversation_id)
    numbers = [
        Number(
            inbox_id=way.inbox.id,
            identity_id=way.identity["id"],
            number=pretty(way.identity["address"]),
            line=way.inbox.name,
        )
        for way in ring.telephones(unit, conversation)
    ]
    found = ring.ruling(unit, conversation) if numbers else None
    return MayCall(
        numbers=numbers,
        because=[sentence(one, language) for one in found.because] if found is not None else [],
        urgent_helps=found is not None and found.urgent_helps,
    )


def _call(unit: Unit, shop_id: int, conversation_id: str, author: Author, given: Dialled, language: str) -> str:
    conversation = _conversation(unit, shop_id, conversation_id)
    chosen = (given.inbox_id, given.identity_id)
    ways = ring.telephones(unit, conversation)
    way = next((one for one in ways if (one.inbox.id, one.identity["id"]) == chosen), None)
    if way is None:
        raise BadInput("No telephone is connected that could call this number.", field="identity_id")
    reason = given.urgent_because.strip()
    if reason and len(reason) < REASON_AT_LEAST:
        raise BadInput("Say in a few words why it cannot wait.", field="urgent_because")
    found = ring.ruling(unit, conversation, urgent=bool(reason))
    if found.because:
        raise Conflict(" ".join(sentence(one, language) for one in found.because))
    number = pretty(way.identity["address"])
    content = {"call": {"agent": author.id}}
    message_id = reply(unit, shop_id, conversation_id, author, Draft(f"☎ {number}", *chosen, content=content))
    if reason:
        note(unit, shop_id, conversation_id, author, Draft(reason, reply_to=message_id))
    return message_id


def _conversation(unit: Unit, shop_id: int, conversation_id: str) -> Row:
    found = conversations.get(unit.db, shop_id, conversation_id)
    if found is None:
        raise NotFound
    return found
