"""What customers wrote comes back inert, wherever it is shown; files are downloads; nothing is read from the disk."""

import asyncio
import re
from html.parser import HTMLParser

import pytest

from prilavok.app import make_app
from prilavok.flows.acknowledge import LINK_GOOD_FOR
from tests.asking import until
from tests.house import on_both
from tests.services import free_port

XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></textarea><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "&lt;script&gt;",
]
DANGEROUS = {"script", "img", "svg", "iframe", "object", "embed", "form", "base", "link", "meta", "math"}


class Tags(HTMLParser):
    """Every element of a page, and every attribute that runs something."""

    def __init__(self, page):
        super().__init__()
        self.seen = []
        self.running = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        self.running += [
            name
            for name, value in attributes
            if name.startswith("on") or (value or "").strip().lower().startswith(("javascript:", "data:text"))
        ]


@on_both
@pytest.mark.parametrize("text", XSS)
async def test_the_page_of_a_request_shows_what_was_written_and_runs_none_of_it(shop, text):
    taken = await shop.customer_writes(text, who="olena", sender={"address": "olena", "name": text})
    await shop.ask("PATCH", "/api/v1/me", {"name": text})
    await shop.agent_replies(taken.conversation_id, text)
    known = {"s": shop.id, "c": taken.conversation_id}
    token = shop.house.seal.sign("track", known, expires=shop.clock() + LINK_GOOD_FOR)
    answer = await shop.ask("GET", f"/t/{token}", role=None)
    assert answer.status == 200
    page = Tags(answer.text)
    assert not (set(page.seen) & DANGEROUS - {"meta"})
    assert page.running == []
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "same-origin"
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), "x", shop.house.seal.sign("file", known)):
        assert (await shop.ask("GET", f"/t/{wrong}", role=None)).status == 404
    shop.clock.forward(days=181)
    assert (await shop.ask("GET", f"/t/{token}", role=None)).status == 404


@on_both
async def test_a_hostile_mail_is_shown_in_a_sandbox_and_loads_nothing(shop):
    mail = await shop.connect("letter")
    html = (
        "<script>alert(1)</script><img src=https://evil.test/pixel.gif onerror=alert(1)><form action=//evil.test>"
        "<a href=javascript:alert(1)>тут</a><svg onload=alert(1)><style>@import '//evil.test'</style><base href=//evil>"
    )
    taken = await shop.customer_writes("Привіт", inbox=mail, html=html)
    page = await shop.ask("GET", f"/api/v1/messages/{taken.message_id}/html")
    assert page.headers["content-security-policy"].startswith("sandbox")
    assert "allow-scripts" not in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    shown = Tags(page.text)
    assert not (set(shown.seen) & {"script", "form", "svg", "iframe", "object"})
    assert shown.running == []
    assert not re.search(r"src=.?https://evil", page.text)
    assert (await shop.ask("GET", f"/api/v1/messages/{taken.message_id}/html", role=None)).status == 401


@on_both
@pytest.mark.parametrize("text", XSS)
async def test_the_api_gives_back_what_was_written_as_json_that_no_browser_runs(shop, text):
    taken = await shop.customer_writes(text, who="olena", subject=text)
    answer = await shop.ask("GET", f"/api/v1/conversations/{taken.conversation_id}/messages")
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["items"][0]["text"] == text


@pytest.mark.parametrize(
    ("name", "data", "inline"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', False),
        ("a.png", b"<html><script>alert(1)</script>", False),
        ("a.html", b"<!doctype html><script>alert(1)</script>", False),
        ("a.xml", b'<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>', False),
        ("a.js", b"alert(1)", False),
        ("a.pdf", b"%PDF-1.7 /JS", False),
        ("../../etc/passwd", b"root:x:0:0", False),
        ('a"; filename="b.html\r\nset-cookie: a=b', b"x", False),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 30, True),
    ],
)
async def test_files_are_what_their_bytes_are_and_mostly_downloads(shop, name, data, inline):
    from urllib.parse import quote

    kept = await shop.ask("POST", f"/api/v1/files?name={quote(name)}", body=data)
    assert kept.status == 201
    file = kept.json()
    assert "/" not in file["name"]
    assert not set("\r\n\0") & set(file["name"])
    answer = await shop.ask("GET", file["url"])
    assert answer.body == data
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"].startswith("inline" if inline else "attachment")
    assert "text/html" not in answer.headers["content-type"] or not inline
    assert "set-cookie" not in answer.headers


@on_both
async def test_a_signature_opens_one_file_of_one_shop(shop, other_shop):
    from prilavok.flows.addresses import sign_file

    files = [
        (await one.ask("POST", "/api/v1/files?name=a.txt", body=b"secret")).json() for one in (shop, shop, other_shop)
    ]
    seal = shop.house.seal
    good = sign_file(seal, shop.id, files[0]["id"])
    assert (await shop.ask("GET", f"{files[0]['url']}?s={good}", role=None)).status == 200
    forged = [
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        f"{other_shop.id}.{good.partition('.')[2]}",
        ".",
        "1.",
        "x.y",
    ]
    for signature in forged:
        assert (await shop.ask("GET", f"{files[0]['url']}?s={signature}", role=None)).status == 401
    for file in files[1:]:
        assert (await shop.ask("GET", f"{file['url']}?s={good}", role=None)).status == 401


@pytest.mark.parametrize(
    "path",
    [
        "../settings.py",
        "..%2fsettings.py",
        "%2e%2e/%2e%2e/settings.py",
        "assets/../../settings.py",
        "/etc/passwd",
        "%00",
    ],
)
async def test_no_path_leads_out_of_the_front_end(shop, path):
    answer = await shop.ask("GET", f"/{path}", role=None)
    assert b"PRILAVOK_" not in answer.body
    assert b"root:" not in answer.body
    assert answer.status in {200, 404}


@pytest.fixture
def server(shop):
    """The shop behind a real server on a real port."""
    import uvicorn

    port = free_port()
    config = uvicorn.Config(
        make_app(shop.house, work=False), port=port, log_level="error", lifespan="off", ws="websockets-sansio"
    )
    one = uvicorn.Server(config)
    one.install_signal_handlers = lambda: None
    task = shop.runner.get_loop().create_task(one._serve())
    shop.run(until(lambda: one.started))
    yield port
    one.should_exit = True
    shop.run(asyncio.wait_for(task, 20))


async def spoken(port, *parts):
    """What a server answers to these bytes; it may close the connection in the middle of them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await asyncio.wait_for(reader.read(2000), 20)
    finally:
        writer.close()


def head(shop, length):
    return (
        f"POST /hooks/{shop.post.key} HTTP/1.1\r\nhost: shop.test\r\nx-pigeon: a\r\n"
        f"content-length: {length}\r\nconnection: close\r\n\r\n"
    ).encode()


def test_a_body_that_comes_too_slowly_or_is_too_large_is_refused(shop, server):
    async def story():
        assert b" 408 " in await spoken(server, head(shop, 100), b"slow")
        assert b" 413 " in await spoken(server, head(shop, 256 * 1024 + 1))
        chunked = head(shop, 0).replace(b"content-length: 0", b"transfer-encoding: chunked")
        piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        assert b" 413 " in await spoken(server, chunked, piece, piece, piece, piece, b"1\r\nx\r\n")
        assert b" 401 " in await spoken(server, head(shop, 2), b"[]")

    shop.run(story())


def test_a_header_cannot_be_smuggled_into_an_answer(shop, server):
    async def story():
        smuggled = f"GET /hooks/{shop.post.key}%0d%0aset-cookie:a=b HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
        answer = await spoken(server, smuggled.encode())
        assert b" 404 " in answer
        assert b"\r\nset-cookie" not in answer.lower()

    shop.run(story())


@on_both
@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/a", "http://[::1]/a", "http://0x7f000001/", "http://localhost/", "file:///etc/passwd"],
)
async def test_nobody_makes_us_look_into_our_own_network(shop, address):
    """Neither through an inbox's settings nor through an attachment."""
    echo = {"kind": "echo", "name": "E", "config": {"secret": "s" * 40, "reply_url": address}}
    checked = await shop.ask("POST", "/api/v1/inboxes/check", echo)
    assert checked.json()["ok"] is False
    assert (await shop.ask("POST", "/api/v1/inboxes", echo)).status == 422
    taken = await shop.customer_writes("ось", attachments=[{"name": "a", "url": address}])

    async def given_up():
        [file] = (await shop.message(taken.conversation_id, taken.message_id))["attachments"]
        return file["id"] is None if "id" in file else "url" not in file or file["url"] is None

    await until(given_up)


@on_both
async def test_a_wrong_setting_is_named_so_that_the_form_says_so_beneath_it(shop):
    line = {
        "kind": "sip",
        "name": "S",
        "config": {"country": "UA", "numbers": [{"number": "044 123-45-67"}, {"number": "?"}]},
    }
    checked = await shop.ask("POST", "/api/v1/inboxes/check", line)
    assert (checked.json()["ok"], checked.json()["field"]) == (False, "config.numbers.1.number")
    refused = await shop.ask("POST", "/api/v1/inboxes", line)
    assert (refused.status, refused.json()["field"]) == (422, "config.numbers.1.number")
