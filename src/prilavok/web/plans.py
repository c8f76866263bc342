"""What is said about orders, and why: plans, the timeline of an order, what people have to do."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy.engine import Connection

from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.flows import follow, ring
from prilavok.flows.reply import Author, Draft, reply
from prilavok.flows.unit import Unit
from prilavok.kit.ids import is_id
from prilavok.kit.text import key_of, storable
from prilavok.store import contacts, conversations, inboxes, messages, orders, plans, preferences, sources, staff, tasks
from prilavok.store.questions import Row
from prilavok.web import plan_shapes as shown
from prilavok.web.ask import Ask

MOST, USUAL = 200, 50  # tasks on a page
TALKS, WORDS = 10, 50  # conversations of the customer, messages of each, in a timeline
STATES = ("open", "done", "dropped")


class Done(msgspec.Struct):
    result: Literal["answered", "no_answer", "done", "dropped"]


class Listed(msgspec.Struct):
    items: list[dict[str, Any]]
    next: str | None = None


class OrderPlans(msgspec.Struct):
    items: list[dict[str, Any]]
    silences: list[dict[str, Any]]


async def list_plans(ask: Ask) -> OrderPlans:
    order_id = await _order_id(ask, ask.query("order"))
    return await ask.services.bus.read_slowly(_plans, ask.shop_id, order_id, ask.language)


async def stop(ask: Ask) -> None:
    plan_id = ask.id()
    if await ask.read(plans.get, ask.shop_id, plan_id) is None:
        raise NotFound
    if not await ask.do(follow.stop, ask.shop_id, plan_id, f"agent:{ask.me.id}"):
        raise Conflict("Nothing of this waits any more.")


async def timeline(ask: Ask) -> Listed:
    order_id = await _order_id(ask, ask.path("id"))
    items = await ask.services.bus.read_slowly(_timeline, ask.shop_id, order_id, ask.language)
    return Listed(items)


async def list_tasks(ask: Ask) -> Listed:
    state = ask.query("state", "open")
    if state not in STATES:
        raise BadInput(f"A task is one of: {', '.join(STATES)}.", field="state")
    limit = min(ask.whole("limit", USUAL) or USUAL, MOST)
    after = ask.query_id("cursor") or ""
    return await ask.services.bus.read_slowly(_tasks, ask.shop_id, state, after, limit, ask.language)


async def finish_task(ask: Ask) -> dict[str, Any]:
    given: Done = ask.body
    await ask.do(follow.finish, ask.shop_id, ask.id(), given.result, ask.me.id)
    return await ask.services.bus.read_slowly(_task, ask.shop_id, ask.id(), ask.language)


async def call(ask: Ask) -> dict[str, Any]:
    """Rings the agent's own telephone, then the customer's."""
    await ask.do(_call, ask.shop_id, ask.id(), ask.me.id, ask.me.name)
    return await ask.services.bus.read_slowly(_task, ask.shop_id, ask.id(), ask.language)


def _call(unit: Unit, shop_id: int, task_id: str, agent_id: str, name: str) -> None:
    allowed = ring.allow(unit, shop_id, task_id)
    call = {"task": task_id, "agent": agent_id}
    draft = Draft(f"☎ {allowed.about}".strip(), allowed.inbox_id, allowed.identity_id, content={"call": call})
    reply(unit, shop_id, allowed.conversation_id, Author("agent", agent_id, name), draft)


def _plans(db: Connection, shop_id: int, order_id: str, language: str) -> OrderPlans:
    rows = plans.of_order(db, shop_id, order_id)
    tried = plans.attempts_of(db, shop_id, [row["id"] for row in rows])
    said = _messages_of(db, shop_id, tried.values())
    items = []
    for row in rows:
        rungs = [shown.attempt(one, said.get(one["message_id"]), language) for one in tried.get(row["id"], [])]
        items.append({**shown.plan(row, language), "at": row["decided_at"], "due_at": row["due_at"], "attempts": rungs})
    quiet = plans.silences_of(db, shop_id, order_id)
    return OrderPlans(items, [{**shown.silence(row, language), "at": row["at"]} for row in quiet])


def _timeline(db: Connection, shop_id: int, order_id: str, language: str) -> list[dict[str, Any]]:
    """Everything that was done and said about an order; at the end what is still to come."""
    order = orders.get(db, shop_id, order_id)
    if order is None:
        raise NotFound
    known = {row["id"]: row["name"] for row in sources.of_shop(db, shop_id)}
    items: list[dict[str, Any]] = [
        {
            "what": "event",
            "at": one["at"],
            "kind": one["kind"],
            "key": one["key"],
            "source": known.get(one["source"], one["source"]),
            "data": one["data"] or {},
        }
        for one in orders.events_of(db, shop_id, order_id)
    ]
    rows = plans.of_order(db, shop_id, order_id)
    tried = plans.attempts_of(db, shop_id, [row["id"] for row in rows])
    said = _messages_of(db, shop_id, tried.values())
    for row in rows:
        attempts = tried.get(row["id"], [])
        items.append({"what": "plan", "at": row["decided_at"], **shown.plan(row, language)})
        for one in attempts:
            made = shown.attempt(one, said.get(one["message_id"]), language)
            items.append({"what": "attempt", "at": one["created_at"], **made})
        items += [{"what": "attempt", **one} for one in shown.coming(row, attempts, language)]
    for row in plans.silences_of(db, shop_id, order_id):
        items.append({"what": "silence", "at": row["at"], **shown.silence(row, language)})
    agents = staff.names(db, shop_id)
    for row in tasks.of_order(db, shop_id, order_id):
        items.append({"what": "task", "at": row["created_at"], **shown.task(row, language, agents)})
    items += _talk(db, shop_id, order, set(said))
    items += _wishes(db, shop_id, order)
    return sorted(items, key=lambda one: (one.get("planned", False), one["at"]))


def _talk(db: Connection, shop_id: int, order: Row, known: set[str]) -> list[dict[str, Any]]:
    """What the customer and the shop wrote to each other since the order, beside what was planned."""
    items = []
    names = inboxes.names(db, shop_id)
    for place in conversations.of_contact(db, shop_id, order["contact_id"], limit=TALKS):
        if place["last_at"] < order["placed_at"] or place["public"]:
            continue
        for one in messages.page(db, shop_id, place["id"], limit=WORDS):
            if one["kind"] not in {"message", "reply"} or one["at"] < order["placed_at"] or one["id"] in known:
                continue
            items.append(
                {
                    "what": "message",
                    "at": one["at"],
                    "id": one["id"],
                    "direction": one["direction"],
                    "channel": names.get(one["inbox_id"], ("", ""))[1],
                    "text": one["text"],
                    "receipt": one["receipt"],
                    "conversation_id": one["conversation_id"],
                    "author": {"kind": one["author_kind"], "name": one["author_name"]},
                }
            )
    return items


def _wishes(db: Connection, shop_id: int, order: Row) -> list[dict[str, Any]]:
    """When the customer last said how they want to be written to."""
    row = preferences.get(db, shop_id, order["contact_id"])
    if row is None or row["updated_at"] < order["placed_at"]:
        return []
    by = str(row["by"]).partition(":")[0]
    return [{"what": "wish", "at": row["updated_at"], "by": by, "data": row["data"]}]


def _messages_of(db: Connection, shop_id: int, tried: Any) -> dict[str, Row]:
    ids = [one["message_id"] for rungs in tried for one in rungs if one["message_id"]]
    return messages.many(db, shop_id, ids) if ids else {}


def _tasks(db: Connection, shop_id: int, state: str, after: str, limit: int, language: str) -> Listed:
    rows = tasks.page(db, shop_id, state=state, after=after, limit=limit + 1)
    found = _with_names(db, shop_id, rows[:limit], language)
    return Listed(found, rows[limit - 1]["id"] if len(rows) > limit else None)


def _task(db: Connection, shop_id: int, task_id: str, language: str) -> dict[str, Any]:
    row = tasks.get(db, shop_id, task_id)
    if row is None:
        raise NotFound
    return shown.task(row, language, staff.names(db, shop_id))


def _with_names(db: Connection, shop_id: int, rows: Sequence[Any], language: str) -> list[dict[str, Any]]:
    names = contacts.names(db, shop_id, {row["contact_id"] for row in rows if row["contact_id"]})
    agents = staff.names(db, shop_id)
    return [
        {
            **shown.task(row, language, agents),
            "order": {"id": row["order_id"], "number": row["number"] or ""} if row["order_id"] else None,
            "contact": {"id": row["contact_id"], "name": names.get(row["contact_id"], "")}
            if row["contact_id"]
            else None,
        }
        for row in rows
    ]


async def _order_id(ask: Ask, given: str) -> str:
    """Our own id, or the one under which a source knows the order."""
    wanted = key_of(storable(given.strip()))
    if is_id(wanted) and await ask.read(orders.get, ask.shop_id, wanted) is not None:
        return wanted
    found = await ask.read(orders.by_external, ask.shop_id, wanted)
    if found is None:
        raise NotFound
    return found
