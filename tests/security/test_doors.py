"""Who comes in: passwords, links, cookies, other sites."""

import asyncio
import logging

import pytest
from argon2 import PasswordHasher

from prilavok.flows import admit
from prilavok.web import guard
from tests.house import on_both

COOKIE = "prilavok_session"
PASSWORD = "eine lange Parole"


async def with_password(shop, role="agent"):
    hashed = await asyncio.to_thread(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash, PASSWORD)
    await shop.house.bus.do(admit.edit_me, shop.id, shop.staff[role].id, {"password_hash": hashed})
    return shop.staff[role].email


async def sign_in(shop, email, password=PASSWORD, *, client="203.0.113.7", **headers):
    return await shop.ask(
        "POST", "/api/v1/session", {"email": email, "password": password}, role=None, headers=headers, client=client
    )


def cookie_of(answer):
    value, *flags = (part.strip() for part in answer.headers["set-cookie"].split(";"))
    name, _, token = value.partition("=")
    assert name == COOKIE
    return token, {flag.lower() for flag in flags}


@on_both
async def test_the_right_password_opens_a_fresh_session_that_scripts_cannot_read(shop):
    email = await with_password(shop)
    brought = "cookie-that-a-stranger-has-set"
    answer = await sign_in(shop, email.upper(), cookie=f"{COOKIE}={brought}")
    assert answer.status == 200
    token, flags = cookie_of(answer)
    assert token != brought
    assert len(token) >= 43
    assert {"httponly", "samesite=lax", "secure", "path=/"} <= flags
    me = await shop.ask("GET", "/api/v1/me", role=None, headers={"cookie": f"{COOKIE}={token}"})
    assert me.json()["agent"]["email"] == email
    assert (await shop.ask("GET", "/api/v1/me", role=None, headers={"cookie": f"{COOKIE}={brought}"})).status == 401


@on_both
async def test_signing_out_ends_the_session_for_good(shop):
    token, _ = cookie_of(await sign_in(shop, await with_password(shop)))
    headers = {"cookie": f"{COOKIE}={token}", "origin": "https://shop.test"}
    assert (await shop.ask("DELETE", "/api/v1/session", role=None, headers=headers)).status == 204
    assert (await shop.ask("GET", "/api/v1/me", role=None, headers=headers)).status == 401


async def test_a_session_ends_after_a_month(shop):
    token, _ = cookie_of(await sign_in(shop, await with_password(shop)))
    shop.clock.forward(days=31)
    assert (await shop.ask("GET", "/api/v1/me", role=None, headers={"cookie": f"{COOKIE}={token}"})).status == 401


async def test_a_new_password_ends_the_other_sessions_and_needs_the_old_one(shop):
    email = await with_password(shop)
    here, _ = cookie_of(await sign_in(shop, email))
    there, _ = cookie_of(await sign_in(shop, email))
    headers = {"cookie": f"{COOKIE}={here}", "origin": "https://shop.test"}
    wanted = {"password": "another long word"}
    for old in ({}, {"old_password": "wrong"}):
        assert (await shop.ask("PATCH", "/api/v1/me", wanted | old, role=None, headers=headers)).status == 422
    short = {"password": "short", "old_password": PASSWORD}
    assert (await shop.ask("PATCH", "/api/v1/me", short, role=None, headers=headers)).status == 422
    done = await shop.ask("PATCH", "/api/v1/me", wanted | {"old_password": PASSWORD}, role=None, headers=headers)
    assert done.status == 200
    assert (await shop.ask("GET", "/api/v1/me", role=None, headers=headers)).status == 200
    assert (await shop.ask("GET", "/api/v1/me", role=None, headers={"cookie": f"{COOKIE}={there}"})).status == 401


async def test_nobody_learns_who_works_here(shop):
    email = await with_password(shop)
    without = shop.staff["owner"].email  # has no password yet
    answers = [
        await sign_in(shop, email, "wrong password"),
        await sign_in(shop, without, "wrong password"),
        await sign_in(shop, "nobody@example.org", "wrong password"),
        await sign_in(shop, "\0", "\0"),
        await sign_in(shop, email, "x" * 5000),
    ]
    assert {(one.status, one.body) for one in answers} == {(401, answers[0].body)}


async def test_every_refused_sign_in_has_compared_a_password(shop, monkeypatch):
    compared = []
    monkeypatch.setattr(guard.Guard, "_verify", lambda self, stored, password: compared.append(stored) or False)
    await sign_in(shop, await with_password(shop), "wrong")
    await sign_in(shop, "nobody@example.org", "wrong")
    await sign_in(shop, shop.staff["owner"].email, "wrong")
    assert len(compared) == 3


async def test_guessing_is_slowed_down_by_address_and_by_person(shop):
    email = await with_password(shop)
    tries = [await sign_in(shop, email, f"guess {n}", client=f"198.51.100.{n}") for n in range(12)]
    assert [one.status for one in tries[:10]] == [401] * 10
    assert tries[10].status == 429
    assert int(tries[10].headers["retry-after"]) > 0
    from_one = [await sign_in(shop, f"n{n}@example.org", "guess", client="192.0.2.1") for n in range(12)]
    assert from_one[-1].status == 429


def test_passwords_are_kept_as_argon2id():
    assert guard.decoy().startswith("$argon2id$")


@on_both
async def test_a_sign_in_link_works_once_and_is_not_used_up_by_looking(shop):
    link = await shop.house.bus.do(admit.make_link, shop.id, shop.staff["owner"].id)
    for _ in range(3):
        looked = await shop.ask("GET", f"/signin/{link}", role=None)
        assert looked.status == 200
        assert "set-cookie" not in looked.headers
        assert looked.headers["referrer-policy"] == "same-origin"
        assert looked.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in looked.headers["content-security-policy"]
    foreign = {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}
    assert (await shop.ask("POST", f"/signin/{link}", role=None, headers=foreign)).status == 403
    opened = await shop.ask("POST", f"/signin/{link}", role=None)
    assert opened.status == 303
    assert opened.headers["location"] == "/"
    token, _ = cookie_of(opened)
    me = await shop.ask("GET", "/api/v1/me", role=None, headers={"cookie": f"{COOKIE}={token}"})
    assert me.json()["agent"]["role"] == "owner"
    for method in ("GET", "POST"):
        assert (await shop.ask(method, f"/signin/{link}", role=None)).status == 404


async def test_a_sign_in_link_ends_after_a_day_and_an_api_token_is_none(shop):
    link = await shop.house.bus.do(admit.make_link, shop.id, shop.staff["owner"].id)
    assert (await shop.ask("POST", f"/signin/{shop.staff['owner'].token}", role=None)).status == 404
    assert (await shop.ask("GET", "/api/v1/me", role=None, headers={"authorization": f"Bearer {link}"})).status == 401
    shop.clock.forward(hours=25)
    assert (await shop.ask("POST", f"/signin/{link}", role=None)).status == 404


SITES = [
    ({}, False),
    ({"origin": "https://shop.test"}, True),
    ({"origin": "https://shop.test", "sec-fetch-site": "same-origin"}, True),
    ({"sec-fetch-site": "same-origin"}, True),
    ({"origin": "https://evil.test"}, False),
    ({"origin": "https://shop.test.evil.test"}, False),
    ({"origin": "https://evil.test#shop.test"}, False),
    ({"origin": "https://shop.test@evil.test"}, False),
    ({"origin": "null"}, False),
    ({"origin": ""}, False),
    ({"sec-fetch-site": "cross-site"}, False),
    ({"sec-fetch-site": "same-site"}, False),
    ({"origin": "https://shop.test", "sec-fetch-site": "cross-site"}, False),
    ({"origin": "https://shop.test", "sec-fetch-site": "same-site"}, False),
    ({"origin": "\xff"}, False),
    ({"origin": "https://["}, False),
]


@pytest.mark.parametrize(("headers", "own"), SITES, ids=lambda value: str(value))
async def test_only_our_own_pages_change_anything_with_a_cookie(shop, headers, own):
    token = await shop.house.bus.do(admit.sign_in, shop.id, shop.staff["agent"].id)
    given = {"cookie": f"{COOKIE}={token}", **headers}
    for method, url in (("PATCH", "/api/v1/me"), ("POST", "/api/v1/files?name=a"), ("DELETE", "/api/v1/session")):
        answer = await shop.ask(method, url, {"theme": "dark"}, role=None, headers=given)
        assert (answer.status != 403) is own, (method, answer)
    signed = await sign_in(shop, "nobody@example.org", **headers)
    assert signed.status == (401 if own or not any(headers.values()) else 403)


async def test_a_program_with_a_token_needs_no_origin(shop):
    assert (await shop.ask("PATCH", "/api/v1/me", {"theme": "dark"})).status == 200
    evil = {"origin": "https://evil.test"}
    assert (await shop.ask("PATCH", "/api/v1/me", {"theme": "light"}, headers=evil)).status == 200


async def test_secrets_are_in_no_answer_no_log_and_no_database_file(shop, tmp_path, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    secret = "the-owner-typed-this-secret"
    made = await shop.ask("POST", "/api/v1/inboxes", {"kind": "pigeon", "name": "Пошта", "config": {"secret": secret}})
    assert made.status == 201
    inbox = made.json()
    assert inbox["config"]["secret"] == ""
    texts = [made.text]
    for url in ("/api/v1/inboxes", f"/api/v1/inboxes/{inbox['id']}", f"/api/v1/inboxes/{inbox['id']}/health"):
        texts.append((await shop.ask("GET", url)).text)
    wrong = {"kind": "pigeon", "name": "x", "config": {"secret": secret, "place": "nowhere"}}
    texts.append((await shop.ask("POST", "/api/v1/inboxes", wrong)).text)
    texts.append((await shop.ask("POST", "/api/v1/inboxes/check", wrong)).text)
    key = inbox["hook_url"].rpartition("/")[2]
    for body in (b"[]", b"not json"):
        hook = await shop.ask("POST", f"/hooks/{key}", role=None, headers={"x-pigeon": secret}, body=body)
        assert hook.status == 200
    renamed = await shop.ask("PATCH", f"/api/v1/inboxes/{inbox['id']}", {"config": {"secret": "", "place": "Львів"}})
    assert renamed.status == 200
    again = await shop.ask("POST", f"/hooks/{key}", role=None, headers={"x-pigeon": secret}, body=b"[]")
    assert again.status == 200, "an empty secret keeps the old one"
    link = await shop.house.bus.do(admit.make_link, shop.id, shop.staff["owner"].id)
    cookie = await shop.house.bus.do(admit.sign_in, shop.id, shop.staff["owner"].id)
    said = capsys.readouterr()
    hidden = [secret, link, cookie, shop.staff["owner"].token, PASSWORD]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any("Пошта".encode() in content for content in files), "the database is among them"
    for word in hidden:
        assert all(word not in text for text in texts)
        assert word not in said.out + said.err + caplog.text
        assert not any(word.encode() in content for content in files)


async def test_a_delivery_whose_header_was_a_secret_can_still_be_taken_again(shop, monkeypatch):
    from tests import pigeons

    known = dict(pigeons.KINDS)
    monkeypatch.delitem(pigeons.KINDS, "Received")
    sender = {"address": "olena"}
    parts = {"provider_id": "1", "at": shop.clock(), "text": "Привіт", "sender": sender}
    assert await shop.vendor_says(("Received", parts)) == []
    pigeons.KINDS.update(known)
    answer = await shop.ask("POST", "/api/v1/journal/replay", {})
    assert answer.json() == {"replayed": 1, "failed": 0}
    assert len(await shop.conversations()) == 1


async def test_a_stored_secret_does_not_follow_the_inbox_to_another_address(shop, loft):
    """Whoever may change an inbox may not have its token sent to a server of their own."""
    inbox = await shop.connect("telegram", token="123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi")
    evil = {"config": {"token": "", "api_base": "https://evil.example"}}
    for method, url, body in (
        ("PATCH", f"/api/v1/inboxes/{inbox.id}", evil),
        ("POST", "/api/v1/inboxes/check", {"kind": "telegram", "inbox_id": inbox.id, **evil}),
    ):
        answer = await shop.ask(method, url, body)
        assert answer.status == 422, answer
        assert answer.json()["field"] == "config.token"
    kept = await shop.get(f"/api/v1/inboxes/{inbox.id}")
    assert kept["config"]["api_base"] != "https://evil.example"
