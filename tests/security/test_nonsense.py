"""Whatever comes in on any path: never a fault of ours, always a sentence, and hooks keep what they got."""

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prilavok.store import journal, schema
from prilavok.web.routes import ROUTES
from tests import suppliers
from tests.asking import until
from tests.house import on_both

SOMETHING = "01900000-0000-7000-8000-000000000000"
AS_IS = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
STRANGE = st.sampled_from(
    ["", "\0", "\\ud800", "x" * 3000, "../../etc/passwd", "%00", "'", '"', "🙂", "-1", "1e999", "\r\nx: y", "null"]
)
SCALAR = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    STRANGE,
    st.text(max_size=20),
    st.just(SOMETHING),
    st.just("9999-12-31T23:59:59-12:00"),
)
TREE = st.recursive(SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(STRANGE, inner, max_size=3))
RAW = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"0",
    b'"' + b"x" * 1000,
    b"\xff\xfe",
    b'{"text":"\\ud800","kind":"note","name":"\\ud800","seq":1,"email":"\\ud800","password":"\\udfff"}',
    b'{"text":"\\u0000","kind":"note","name":"\\u0000","seq":1,"email":"\\u0000","password":"\\u0000","tags":["\\u0000"]}',
    b'{"seq":' + b"9" * 400 + b"}",
    b'{"seq":1e400}',
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"kind":"note","kind":"reply","text":1}',
    b'{"snoozed_until":"9999-12-31T23:59:59-12:00","status":"snoozed"}',
    b'{"snoozed_until":"0001-01-01T00:00:00+14:00","status":"snoozed"}',
]


def name_of(route):
    return f"{route.method} {route.path}"


def shapes_of(route):
    """Bodies that have the route's fields with any values in them."""
    if route.body is None:
        return TREE
    names = route.body.__struct_fields__
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, TREE)) | TREE


def check(answer, route):
    assert answer.status < 500, (name_of(route), answer)
    if answer.status >= 400 and not route.path.startswith(("/signin", "/t/", "/f/", "/b/", "/o/", "/w/", "/u/", "/k/")):
        assert answer.headers["content-type"] == "application/problem+json", (name_of(route), answer)
        problem = answer.json()
        assert problem["status"] == answer.status
        assert problem["detail"]


def filled(path, value):
    for name in ("id", "token", "key", "name", "inbox_id", "group", "event"):
        path = path.replace("{" + name + "}", value)
    return path


async def known(shop):
    """Real things, so that bodies get past the look-up of their subject."""
    taken = await shop.customer_writes("Привіт", html="<p>Привіт")
    card = (await shop.conversation(taken.conversation_id))["contact"]["id"]
    order = (await shop.ask("PUT", "/api/v1/orders/1", {"total": "1", "comment": "Привіт"})).json()
    source = await suppliers.connect(shop, "generic")
    table = (await shop.ask("POST", "/api/v1/imports", body=b"order,total\n1,1\n")).json()
    talk = {"conversations": taken.conversation_id, "messages": taken.message_id, "contacts": card}
    return {**talk, "orders": order["id"], "sources": source.id, "imports": table["id"]}


def url_of(route, things, shop):
    word = route.path.removeprefix("/api/v1/").partition("/")[0]
    value = things.get(word, shop.post.id if "inbox" in word else SOMETHING)
    return filled(route.path, shop.post.key if "{key}" in route.path else value)


@on_both
def test_no_body_whatever_makes_a_fault(shop):
    things = shop.run(known(shop))
    routes = [route for route in ROUTES if route.method in {"POST", "PATCH", "PUT"} and route.path != "/api/v1/session"]

    async def raw():
        for route in routes:
            for body in RAW:
                answer = await shop.ask(route.method, url_of(route, things, shop), body=body)
                check(answer, route)
        for page in ("open", "snoozed", "closed"):
            assert isinstance(await shop.conversations(f"?status={page}"), list)

    shop.run(raw())
    for route in routes:

        @AS_IS
        @given(shapes_of(route))
        def with_any(body):
            text = json.dumps(body, ensure_ascii=True).encode()
            check(shop.run(shop.ask(route.method, url_of(route, things, shop), body=text)), route)  # noqa: B023

        with_any()
    for page in ("open", "snoozed", "closed"):
        assert isinstance(shop.run(shop.conversations(f"?status={page}")), list)


@on_both
def test_no_path_and_no_query_makes_a_fault(shop):
    strange = ["%00", "..%2f..%2fetc%2fpasswd", "%ff%fe", "x" * 5000, "%F0%9F%98%80", "'", "%0d%0aset-cookie:a=b", "-1"]
    lists = ("/conversations", "/messages", "/outbox", "/journal", "/inboxes", "/tags", "/orders", "/files/{id}/{name}")
    asked = [route for route in ROUTES if route.method == "GET" and route.path.endswith(lists)]
    questions = (
        "q",
        "cursor",
        "limit",
        "before",
        "after",
        "status",
        "assignee",
        "inbox",
        "tag",
        "team",
        "state",
        "s",
        "name",
    )

    async def story():
        for value in strange:
            for route in ROUTES:
                if "{" in route.path:
                    check(await shop.ask(route.method, filled(route.path, value)), route)
            for route in asked:
                for name in questions:
                    check(await shop.ask("GET", f"{filled(route.path, SOMETHING)}?{name}={value}"), route)
        for value in strange:
            answer = await shop.ask("GET", f"/{value}", role=None)
            assert answer.status in {200, 404}
            answer = await shop.ask("GET", f"/api/v1/{value}", role=None)
            assert answer.status == 404

    shop.run(story())


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "CONNECT", "", "get", "POST"])
async def test_methods_that_nobody_knows_are_refused_with_a_sentence(shop, method):
    for url in ("/api/v1/me", "/hooks/x", "/nowhere", "/widget.js"):
        answer = await shop.ask(method, url)
        assert answer.status in {404, 405}
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer " + "x" * 10_000},
        {"authorization": "Bearer \xff"},
        {"authorization": "\0"},
        {"cookie": "prilavok_session=" + "x" * 10_000},
        {"cookie": "=;;;===\xff"},
        {"idempotency-key": "\xff" * 10},
        {"idempotency-key": "x" * 129},
        {"content-length": "9" * 50},
        {"content-length": "-1"},
        {"accept-language": "\xff" * 1000},
        {"host": "[::"},
        {"origin": "https://[", "cookie": "prilavok_session=x"},
        {"sec-fetch-site": "\0", "cookie": "prilavok_session=x"},
        {"user-agent": "x" * 100_000},
    ],
    ids=lambda headers: "+".join(headers),
)
async def test_no_header_makes_a_fault(shop, headers):
    taken = await shop.customer_writes("Привіт")
    for method, url in (
        ("GET", "/api/v1/me"),
        ("POST", f"/api/v1/conversations/{taken.conversation_id}/messages"),
        ("POST", "/api/v1/session"),
        ("GET", "/signin/x"),
        ("GET", "/t/x"),
        ("POST", f"/hooks/{shop.post.key}"),
        ("OPTIONS", f"/chat/files?inbox={shop.post.key}"),
    ):
        answer = await shop.ask(
            method, url, {"kind": "note", "text": "a", "email": "a", "password": "b"}, headers=headers
        )
        assert answer.status < 500, (url, answer)
        assert "\n" not in "".join(answer.headers.values()) or "set-cookie" in answer.headers


@on_both
def test_every_hook_keeps_what_it_does_not_understand(shop):
    """Of a sender who knows the secret nothing is lost; of a stranger nothing is kept."""
    secret = {"x-pigeon": "the-pigeons-own-secret-word"}

    @settings(max_examples=25, deadline=None, derandomize=True)
    @given(st.binary(max_size=200) | TREE.map(lambda tree: json.dumps(tree).encode()))
    def any_body(body):
        async def story():
            before = await bodies(shop)
            answer = await shop.ask("POST", f"/hooks/{shop.post.key}", role=None, headers=secret, body=body)
            assert answer.status == 200
            assert sorted(await bodies(shop)) == sorted([*before, body])
            strange = await shop.ask("POST", f"/hooks/{shop.post.key}", role=None, headers={"x-pigeon": "?"}, body=body)
            assert strange.status == 401
            assert len(await bodies(shop)) == len(before) + 1

        shop.run(story())

    any_body()


async def bodies(shop):
    def ask(db, shop_id):
        query = schema.journal.select().where(schema.journal.c.shop_id == shop_id)
        return [bytes(row.body) for row in db.execute(query)]

    return await shop.read(ask)


@on_both
@pytest.mark.parametrize("kind", ["api", "telegram", "echo", "email", "webchat"])
async def test_no_stranger_leaves_anything_at_the_hook_of_a_real_channel(shop, kind):
    values = {
        "telegram": {"token": "123456:" + "a" * 35},
        "echo": {"secret": "s" * 40, "reply_url": "https://example.org"},
        "email": {
            "address": "shop@example.org",
            "imap_host": "imap.example.org",
            "imap_password": "p",
            "smtp_host": "smtp.example.org",
        },
    }
    inbox = await shop.connect(kind, **values.get(kind, {}))
    for body in (*RAW[::3], b"PK\x03\x04", b"<xml/>"):
        for headers in (
            {},
            {"x-echo-secret": ""},
            {"x-telegram-bot-api-secret-token": ""},
            {"webhook-signature": "v1,"},
        ):
            for url in (f"/hooks/{inbox.key}", f"/api/v1/inbox-messages/{inbox.id}"):
                answer = await shop.ask("POST", url, role=None, headers=headers, body=body)
                assert answer.status in {401, 404, 422}, (url, headers, answer)
    assert await bodies(shop) == []
    assert await shop.read(journal.unfinished, ["failed", "pending"]) == []


@on_both
def test_no_frame_ends_the_chat_of_a_visitor_with_a_fault(shop):
    chat = shop.run(shop.connect("webchat"))
    kinds = st.sampled_from(["send", "seen", "typing", "page", "link", "older", "hello", "?"])
    fields = dict.fromkeys(
        ("id", "text", "files", "button", "delivered", "read", "page", "inbox_id", "before", "seq", "utm"), TREE
    )
    frames = st.fixed_dictionaries({"kind": kinds | TREE}, optional=fields)

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(st.lists(frames, min_size=1, max_size=5), st.booleans())
    def any_frames(said, greeted):
        async def story():
            line = shop.window(chat)
            if greeted:
                line.say({"kind": "hello"})
                await line.frame("welcome")
            for frame in said:
                line.say(frame)
            line.say({"kind": "hello"})
            if greeted:
                line.say({"kind": "send", "id": "last", "text": "ще тут"})
                await until(lambda: line.of("ack") and line.of("ack")[-1]["id"] == "last")
            else:
                await until(lambda: line.code is not None or line.of("welcome"))
                assert line.code in {None, 1008, 1009}
            assert "our side" not in str(line.of("error"))
            await line.leave()
            assert line.task.exception() is None

        shop.run(story())

    any_frames()


async def test_the_first_frame_of_a_visitor_may_be_anything(shop):
    chat = await shop.connect("webchat")
    for frame in ("", "{", "null", "[" * 60_000, '{"kind":1}', '{"seq":1e400}', "\0", '{"kind":"hello","page":[]}'):
        line = shop.window(chat)
        line.say(frame)
        assert await line.closed() in {1008, 1009}
    line = shop.window(chat)
    line.say_bytes(b"\xff")
    assert await line.closed() == 1009
    line = shop.window(chat)
    line.say("x" * (64 * 1024 + 1))
    assert await line.closed() == 1009
    for number in (-1, 2**53, 2**63, 2**64 - 1):
        line = shop.window(chat)
        line.say({"kind": "hello", "seq": number, "language": "x" * 1000, "timezone": "\0"})
        await line.frame("welcome")
        await line.leave()
    await asyncio.sleep(0)
