"""The token in the address is the key: no other opens the page, and no other site presses its buttons."""

import logging

import pytest

from prilavok.store import orders, preferences
from tests.delivering import happenings, page_of, placed, posted
from tests.house import on_both
from tests.security.test_pages import DANGEROUS, XSS, Tags

DOORS = {"order": "/o/", "courier": "/k/", "wishes": "/w/", "unsubscribe": "/u/"}
PRESSES = {
    "order": {"act": "cancel"},
    "courier": {"act": "delivered", "attempt": "1"},
    "wishes": {"call": "never"},
    "unsubscribe": {"List-Unsubscribe": "One-Click"},
}


def forged(shop, row, token):
    """Keys that look like one."""
    seal, now = shop.house.seal, shop.clock()
    yield from (
        "x",
        "%00",
        "..",
        "A" * 9000,
        "",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token + "=",
        token.lower(),
    )
    for purpose in ("track", "file", "order", "courier", "wishes"):
        yield seal.sign(purpose, {"s": shop.id, "c": "x", "o": "x"}, expires=None)
        yield seal.sign(purpose, {"s": shop.id}, expires=None)
    yield seal.sign("order", {"s": shop.id, "o": row["id"]}, expires=now)
    yield seal.sign("signin", {"s": shop.id, "o": row["id"], "c": row["contact_id"]}, expires=None)


@on_both
@pytest.mark.parametrize("which", DOORS)
async def test_no_forged_or_foreign_key_opens_a_page_or_presses_anything(shop, told, which):
    row = await placed(shop)
    others = [page_of(shop, row, one).rpartition("/")[2] for one in DOORS if {which, one} != {"wishes", "unsubscribe"}]
    token = page_of(shop, row, which).rpartition("/")[2]
    for wrong in (*forged(shop, row, token), *(one for one in others if one != token)):
        if wrong == token or not wrong:
            continue
        path = DOORS[which] + wrong
        assert (await shop.ask("GET", path, role=None, client="198.51.100.1")).status in {404, 429}, wrong[:80]
        answer = await posted(shop, path, **PRESSES[which])
        assert answer.status in {404, 405, 429}, wrong[:80]
    assert await happenings(shop, row) == [("placed", "")]
    assert await shop.read(preferences.get, row["contact_id"]) is None


@on_both
@pytest.mark.parametrize("which", DOORS)
async def test_a_key_opens_its_own_shops_thing_and_dies_in_time(shop, other_shop, told, which):
    row = await placed(shop)
    path = page_of(shop, row, which)
    seal = shop.house.seal
    swapped = {"s": other_shop.id, "o": row["id"], "c": row["contact_id"]}
    purpose = "wishes" if which == "unsubscribe" else which
    foreign = DOORS[which] + seal.sign(purpose, swapped, expires=None)
    assert (await shop.ask("GET", foreign, role=None)).status == 404
    assert (await posted(shop, foreign, **PRESSES[which])).status == 404
    assert (await shop.ask("GET", path, role=None)).status == 200
    shop.clock.forward(days=91)
    assert (await shop.ask("GET", path, role=None)).status == 404
    assert (await posted(shop, path, **PRESSES[which])).status == 404
    assert (await shop.read(orders.get, row["id"]))["status"] == "placed"


@on_both
@pytest.mark.parametrize("which", ["order", "courier", "wishes", "unsubscribe"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://shop.test", "sec-fetch-site": "cross-site"},
    ],
)
async def test_another_site_presses_no_button_of_ours(shop, told, which, headers):
    row = await placed(shop)
    fields = {"unsubscribe": {"a": "b"}}.get(which, PRESSES[which])
    answer = await posted(shop, page_of(shop, row, which), headers, **fields)
    assert answer.status == 403
    assert await happenings(shop, row) == [("placed", "")]
    assert await shop.read(preferences.get, row["contact_id"]) is None


@pytest.mark.parametrize("which", DOORS)
async def test_the_pages_are_kept_from_search_engines_caches_frames_and_scripts(shop, told, which):
    row = await placed(shop)
    answer = await shop.ask("GET", page_of(shop, row, which), role=None)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["referrer-policy"] == "same-origin"
    policy = answer.headers["content-security-policy"]
    for wall in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert wall in policy
    assert "unsafe-inline'" not in policy.replace("style-src 'unsafe-inline'", "")
    assert ("script-src" in policy) is (which == "courier")
    assert "noindex" in answer.text
    assert "set-cookie" not in answer.headers


@on_both
@pytest.mark.parametrize("text", XSS)
async def test_nothing_that_a_customer_wrote_runs_on_a_page(shop, told, text):
    row = await placed(shop, comment=text, address=text, city=text, buyer={"name": text})
    wishes = {"call": "no_statement", "intercom": text, "floor": text, "entrance": text, "apartment": text}

    def spoil(unit):
        orders.change(unit.db, shop.id, row["id"], {"wishes": wishes, "tracking": text, "number": text})

    await shop.house.bus.do(spoil)
    for which in DOORS:
        answer = await shop.ask("GET", page_of(shop, row, which) + "?did=<script>", role=None)
        page = Tags(answer.text)
        assert not (set(page.seen) & DANGEROUS - {"meta", "form"} - ({"script"} if which == "courier" else set()))
        assert page.running == []
        assert page.seen.count("script") == (which == "courier")


@on_both
async def test_who_tries_many_keys_is_slowed_down_and_nobody_else(shop, told):
    row = await placed(shop)
    statuses = [
        (await shop.ask("GET", f"/o/guess{number}", role=None, client="198.51.100.9")).status for number in range(70)
    ]
    assert statuses[:60] == [404] * 60
    assert set(statuses[60:]) == {429}
    assert (await shop.ask("GET", page_of(shop, row), role=None, client="198.51.100.9")).status == 200


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a" * 20_000, b"&".join([b"a=b"] * 300), b"text=%00&act=change"])
async def test_nonsense_in_a_form_is_refused_or_does_nothing(shop, told, body):
    row = await placed(shop)
    for which in DOORS:
        if which in {"wishes", "unsubscribe"} and body.startswith(b"text"):
            continue  # a form without an answer is an answer there: nothing is wished
        answer = await shop.ask("POST", page_of(shop, row, which), role=None, body=body)
        assert answer.status in {303, 413, 422}, (which, answer.status)
    assert await happenings(shop, row) == [("placed", "")]


async def test_no_key_is_ever_written_to_the_log(shop, told, caplog, capsys, monkeypatch):
    row = await placed(shop)
    caplog.set_level(logging.DEBUG)

    def broken(*_args, **_more):
        raise RuntimeError("out of order")

    from prilavok.web.public import order_page

    path = page_of(shop, row)
    await shop.ask("GET", path, role=None)
    await posted(shop, path, act="confirm")
    monkeypatch.setattr(order_page, "_render", broken)
    assert (await shop.ask("GET", path, role=None)).status == 500
    said = capsys.readouterr()
    token = path.rpartition("/")[2]
    assert token not in caplog.text + said.out + said.err
