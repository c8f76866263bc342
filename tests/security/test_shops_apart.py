"""Shops are apart. The cases are made from the table of routes: a new one is covered, or named as lacking."""

import json
import re
from datetime import datetime, timedelta

import pytest

from prilavok.domain.errors import TryLater
from prilavok.store import merges
from prilavok.web.ask import RIGHTS
from prilavok.web.routes import ROUTES
from tests import pigeons, suppliers
from tests.asking import until
from tests.house import on_both

PERMISSIONS = {"public", "signed", "agent", "admin", "owner"}
GUARDED = [route for route in ROUTES if route.permission in RIGHTS]
WITH_ID = [route for route in GUARDED if "{" in route.path]
LISTS = [route for route in GUARDED if route.method == "GET" and "{" not in route.path]
name_of = lambda route: f"{route.method} {route.path}"  # noqa: E731
SECRET = "таємниця-другої-крамниці"

BODIES = {  # what each route with a body takes, so that it is refused for its id and for nothing else
    "PATCH /api/v1/conversations/{id}": {"priority": "high"},
    "POST /api/v1/conversations/{id}/messages": {"kind": "note", "text": "чужа"},
    "POST /api/v1/conversations/{id}/read": {"seq": 1},
    "PUT /api/v1/conversations/{id}/draft": {"text": "чужа"},
    "POST /api/v1/conversations/{id}/private": {"text": "чужа"},
    "POST /api/v1/messages/{id}/moderate": {"act": "hide"},
    "PATCH /api/v1/contacts/{id}": {"name": "чуже"},
    "POST /api/v1/contacts/{id}/merge": {"other_id": "01900000-0000-7000-8000-000000000000"},
    "POST /api/v1/contacts/{id}/merge/preview": {"other_id": "01900000-0000-7000-8000-000000000000"},
    "PUT /api/v1/contacts/{id}/preferences": {"call": "never"},
    "POST /api/v1/conversations/{id}/call": {
        "inbox_id": "01900000-0000-7000-8000-000000000000",
        "identity_id": "01900000-0000-7000-8000-000000000000",
    },
    "PATCH /api/v1/inboxes/{id}": {"name": "чуже"},
    "PATCH /api/v1/orders/{id}": {"urgent": True},
    "PUT /api/v1/orders/{id}/wishes": {"call": "never"},
    "POST /api/v1/orders/{id}/lasting": {"keep": True},
    "POST /api/v1/orders/{id}/events": {"kind": "cancelled"},
    "PUT /api/v1/orders/{id}": {"total": 1},
    "PATCH /api/v1/sources/{id}": {"name": "чуже"},
    "POST /api/v1/tasks/{id}/done": {"result": "dropped"},
}
MAKES = {"PUT /api/v1/orders/{id}"}  # what is not there: by an id of the caller's own
SILENT = {  # they answer alike whether or not there is such a thing, and do nothing when there is none
    "GET /api/v1/conversations/{id}/draft",
    "PUT /api/v1/conversations/{id}/draft",
    "DELETE /api/v1/conversations/{id}/draft",
}
THINGS = {  # the thing of the other shop that a path's first word names
    "conversations": "conversation",
    "messages": "message",
    "calls": "call",
    "contacts": "contact",
    "inboxes": "inbox",
    "outbox": "row",
    "journal": "delivery",
    "orders": "order",
    "sources": "source",
    "imports": "import",
    "incidents": "incident",
    "plans": "plan",
    "tasks": "task",
    "policy": "policy",
    "merges": "merge",
    "resemblances": "resemblance",
}


async def belongings(shop):
    """One of each thing that a shop can have."""
    mail = await shop.connect("letter", SECRET)
    pigeons.LOFT.always[mail.id] = TryLater("busy", after=3600)  # so that something waits in the outbox
    taken = await shop.customer_writes(SECRET, who=f"{SECRET}@example.org", inbox=mail, html=f"<p>{SECRET}</p>")
    await shop.arrange(taken.conversation_id, tags=[SECRET])
    await shop.ask("PUT", f"/api/v1/conversations/{taken.conversation_id}/draft", {"text": SECRET})
    card = (await shop.conversation(taken.conversation_id))["contact"]["id"]
    file = (await shop.ask("POST", "/api/v1/files?name=secret.txt", body=SECRET.encode())).json()
    await shop.vendor_says(("NoSuchThing", {}))
    [failed] = (await shop.get("/api/v1/journal?state=failed"))["items"]
    rows = await until(shop.outbox)
    return {
        "conversation": taken.conversation_id,
        "message": taken.message_id,
        "contact": card,
        "inbox": mail.id,
        "row": rows[0]["id"],
        "delivery": failed["id"],
        "file": file["id"],
        **await supplies(shop),
        **await rules(shop),
        "call": await ringing(shop),
        **await likenesses(shop),
    }


async def likenesses(shop):
    """Two who became one, and two who may be."""
    people = []
    for who in ("перша", "друга", "третя"):
        taken = await shop.customer_writes(SECRET, who=f"{SECRET}-{who}")
        people.append((await shop.conversation(taken.conversation_id))["contact"]["id"])
    merge = (await shop.ask("POST", f"/api/v1/contacts/{people[0]}/merge", {"other_id": people[1]})).json()
    pair = (people[0], people[2])
    await shop.house.bus.do(lambda unit: merges.suggest(unit.db, shop.id, pair, [], unit.now))
    [like] = (await shop.get(f"/api/v1/contacts/{people[2]}"))["resembles"]
    return {"merge": merge["id"], "resemblance": like["id"]}


async def ringing(shop):
    """Somebody calls at this moment."""
    bell = await shop.connect("bell", SECRET)
    call = {"call": {"direction": "in", "state": "ringing"}}
    taken = await shop.customer_writes(SECRET, inbox=bell, who="+380501112233", content=call, automatic=True)
    return taken.message_id


async def supplies(shop):
    """An order with an unread comment and what is to be said of it, a source of orders, a table that was read in."""
    line = await shop.connect("rooster", SECRET)
    pigeons.LOFT.always[line.id] = TryLater("busy", after=3600)
    comment = f"{SECRET}. А можна замінити чашку на іншу?"
    body = {"total": "1", "comment": comment, "customer": {"name": SECRET, "phone": "0671234567"}}
    order = (await shop.ask("PUT", f"/api/v1/orders/{SECRET}", body)).json()
    source = await suppliers.connect(shop, "generic")
    table = f"order,total,name\n{SECRET},1,{SECRET}\n".encode()
    made = (await shop.ask("POST", f"/api/v1/imports?name={SECRET}.csv", body=table)).json()
    [task, *_] = (await shop.get("/api/v1/tasks"))["items"]

    async def settled():
        plans = (await shop.get(f"/api/v1/plans?order={order['id']}"))["items"]
        if plans and plans[0]["state"] == "sending":  # and the vendor has said that it is busy
            return plans if all(row["reason"] for row in await shop.outbox()) else None
        soon = shop.clock.now + timedelta(minutes=10)
        waits = plans and datetime.fromisoformat(plans[0]["steps"][0]["at"]) > soon  # at night
        return plans if waits else None

    async def read_in():
        return (await shop.get(f"/api/v1/imports/{made['id']}"))["state"] == "done"

    await until(read_in)
    [plan, *_] = await until(settled)
    things = {"order": order["id"], "source": source.id, "import": made["id"]}
    return {**things, "task": task["id"], "plan": plan["id"]}


async def rules(shop):
    """A policy of one's own, and an incident."""
    data = (await shop.get("/api/v1/policy"))["data"]
    policy = (await shop.ask("PUT", "/api/v1/policy", {"data": data, "note": SECRET})).json()
    incident = (await shop.ask("POST", "/api/v1/incidents", {"name": SECRET, "texts": {"uk": SECRET}})).json()
    return {"policy": str(policy["version"]), "incident": incident["id"]}


def path_for(route, things):
    word = route.path.removeprefix("/api/v1/").partition("/")[0]
    assert word in THINGS, f"{route.path}: say in THINGS what its id names"
    return route.path.replace("{id}", things[THINGS[word]])


def test_every_route_has_a_permission_of_the_known_ones_and_a_body_to_test_it_with():
    for route in ROUTES:
        assert route.permission in PERMISSIONS, name_of(route)
    for route in WITH_ID:
        assert route.body is None or name_of(route) in BODIES, f"{name_of(route)}: write its body into BODIES"
        assert re.findall(r"{(\w+)}", route.path) == ["id"], name_of(route)


@on_both
def test_the_things_of_another_shop_are_not_there(shop, other_shop):
    async def story():
        things = await belongings(other_shop)
        before = await everything(other_shop)
        for route in WITH_ID:
            if name_of(route) in MAKES:
                continue
            url = path_for(route, things)
            answer = await shop.ask(route.method, url, BODIES.get(name_of(route)))
            expected = {404} if name_of(route) not in SILENT else {204}
            assert answer.status in expected, (name_of(route), answer)
            assert SECRET not in answer.text, name_of(route)
            own = await other_shop.ask(route.method, url, BODIES.get(name_of(route))) if is_question(route) else None
            assert own is None or own.status in {200, 204}, (name_of(route), own)
        after = await everything(other_shop)
        assert {path: body for path, body in after[0].items() if body != before[0][path]} == {}
        assert after == before

    shop.run(story())


def is_question(route):
    return route.method == "GET"


async def everything(shop):
    """What the owner of a shop sees of it."""
    answers = {route.path: await shop.ask("GET", route.path) for route in LISTS if route.path != "/api/v1/me"}
    [one, *_] = await shop.conversations()
    draft = await shop.ask("GET", f"/api/v1/conversations/{one['id']}/draft")
    return {path: answer.body for path, answer in answers.items()}, draft.body, await shop.messages(one["id"])


@on_both
def test_no_list_shows_anything_of_another_shop(shop, other_shop):
    async def story():
        things = await belongings(other_shop)
        await shop.customer_writes("своє")
        for route in LISTS:
            queries = (
                "",
                f"?q={SECRET}",
                f"?tag={SECRET}",
                *(f"?state={one}" for one in ("failed", "dead", "waiting")),
            )
            for query in queries:
                text = (await shop.ask("GET", route.path + query)).text
                assert SECRET not in text, name_of(route)
                for name, thing in things.items():
                    assert name == "policy" or thing not in text, name_of(route)
                assert json.dumps(other_shop.name, ensure_ascii=False) not in text

    shop.run(story())


@on_both
async def test_what_names_things_of_another_shop_in_its_body_is_refused(shop, other_shop):
    things = await belongings(other_shop)
    mine = await shop.customer_writes("моє")
    url = f"/api/v1/conversations/{mine.conversation_id}"
    agent = other_shop.staff["agent"].id
    refused = [
        await shop.ask("PATCH", url, {"assignee_id": agent}),
        await shop.ask("POST", f"{url}/messages", {"kind": "reply", "text": "a", "inbox_id": things["inbox"]}),
        await shop.ask("POST", f"{url}/messages", {"kind": "reply", "text": "a", "attachments": [things["file"]]}),
        await shop.ask("POST", f"{url}/messages", {"kind": "note", "text": "a", "attachments": [things["file"]]}),
        await shop.ask("POST", f"{url}/messages", {"kind": "reply", "text": "a", "reply_to": things["message"]}),
        await shop.ask("POST", "/api/v1/journal/replay", {"ids": [things["delivery"]]}),
        await shop.ask("POST", "/api/v1/inboxes/check", {"kind": "letter", "inbox_id": things["inbox"]}),
        await shop.ask("GET", f"/files/{things['file']}/secret.txt"),
    ]
    for answer in refused:
        assert answer.status in {404, 422}, answer
    assert (await shop.conversations(f"?inbox={things['inbox']}")) == []


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
async def test_without_signing_in_or_with_too_small_a_role_nothing_is_answered(shop, route):
    url = route.path.replace("{id}", "01900000-0000-7000-8000-000000000000")
    for headers in (
        {},
        {"authorization": "Bearer nonsense"},
        {"authorization": "Bearer"},
        {"cookie": "prilavok_session=x"},
    ):
        same_site = {"origin": "https://shop.test"}
        answer = await shop.ask(route.method, url, {}, role=None, headers={**same_site, **headers})
        assert answer.status == 401, headers
        assert answer.headers["content-type"] == "application/problem+json"
    for role in RIGHTS:
        if RIGHTS[role] < RIGHTS[route.permission]:
            assert (await shop.ask(route.method, url, {}, role=role)).status == 403
