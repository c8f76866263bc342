import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.kit.html import ATTRIBUTES, MAX_DEPTH, MAX_LENGTH, clean_mail, mail_page, mail_policy
from tests.kit import hostile_mail

CHROMIUM = Path("/usr/bin/chromium")
ROUNDABOUT = ("url", "expression", "\\", "@", "/*", "position", "var(", "image")
SAFE_LINK = ("noopener noreferrer nofollow", "_blank")


class Anatomy(HTMLParser):
    """Every tag with its attributes, as written."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def complaints(html: str, *, images: bool = False) -> list[str]:
    found = []
    for tag, attributes in Anatomy(html).tags:
        if tag not in ATTRIBUTES:
            found.append(f"<{tag}>")
        for name, value in attributes.items():
            value = (value or "").lower()
            if name.startswith("on") or name in {"id", "name", "class", "srcset", "background", "ping", "formaction"}:
                found.append(f"{tag} {name}")
            if name == "href" and not value.startswith(("http://", "https://", "mailto:", "tel:")):
                found.append(f"href {value}")
            if name == "src" and not value.startswith(("data:image/", "/files/", *(("http",) if images else ()))):
                found.append(f"src {value}")
            if name == "src" and "svg" in value:
                found.append(f"src {value}")
            if name == "style" and any(
                word in value for word in ("url", "expression", "\\", "@", "/*", "position", "var(")
            ):
                found.append(f"style {value}")
        if tag == "a" and (attributes.get("rel"), attributes.get("target")) != (
            "noopener noreferrer nofollow",
            "_blank",
        ):
            found.append(f"link {attributes}")
    return found


@pytest.mark.parametrize("payload", hostile_mail.ALL)
@pytest.mark.parametrize("images", [False, True])
def test_nothing_dangerous_is_left_of(payload, images):
    cleaned = clean_mail(payload, images)
    assert complaints(cleaned, images=images) == []
    assert Anatomy(clean_mail(cleaned, images)).tags == Anatomy(cleaned).tags


@given(st.lists(st.sampled_from(hostile_mail.ALL) | st.text(max_size=20), max_size=6), st.booleans())
def test_attacks_do_not_help_each_other(parts, images):
    cleaned = clean_mail("".join(parts), images)
    assert complaints(cleaned, images=images) == []


@given(st.text(alphabet="<>/!-='\"& \nabimgsvtyleonrcx:;()\\", max_size=200))
def test_broken_markup_of_any_kind_comes_out_clean(noise):
    assert complaints(clean_mail(noise, False)) == []


def test_a_remote_image_tells_its_sender_nothing_until_it_is_asked_for():
    mail = '<p>Привет <img src="https://track.example/1.gif" width="1" alt="logo"></p>'
    bare = {"width": "1", "alt": "logo", "referrerpolicy": "no-referrer"}
    assert Anatomy(clean_mail(mail, False)).tags == [("p", {}), ("img", bare)]
    assert Anatomy(clean_mail(mail, True)).tags[1] == ("img", {**bare, "src": "https://track.example/1.gif"})


def test_an_inline_image_comes_from_our_own_files():
    mail = '<img src="cid:photo%401@shop"><img src="CID:&lt;photo@1@shop&gt;"><img src="cid:gone">'
    files = {"photo@1@shop": "/files/7/photo.png?s=abc"}
    cleaned = clean_mail(mail, False, files)
    assert cleaned.count('src="/files/7/photo.png?s=abc"') == 2
    assert "cid:" not in cleaned
    assert Anatomy(clean_mail(mail, False, files.get)).tags == Anatomy(cleaned).tags
    assert "src" not in clean_mail(mail, False)


def test_what_mail_is_usually_made_of_stays():
    mail = (
        '<table width="600" bgcolor="#ffffff" cellpadding="4"><tr><td style="color: rgb(10, 20, 30); padding: 4px 8px; '
        'font-family: Arial, \'Helvetica Neue\'; position: absolute; background: #EEE url(x)"><font color="red">'
        'Ваш <b>заказ</b></font> <a href="https://shop.example/o?a=1&amp;b=2">открыть</a></td></tr></table>'
        "<blockquote>Дякую!<br>Олена</blockquote><ul><li>один</li></ul><hr><h2>Итого</h2>"
    )
    cleaned = clean_mail(mail, False)
    assert "style=\"color:rgb(10, 20, 30);padding:4px 8px;font-family:Arial, 'Helvetica Neue'\"" in cleaned
    assert 'href="https://shop.example/o?a=1&amp;b=2"' in cleaned
    for piece in (
        'width="600"',
        'bgcolor="#ffffff"',
        "<b>заказ</b>",
        "<blockquote>Дякую!<br>Олена</blockquote>",
        "<h2>",
    ):
        assert piece in cleaned


def test_a_document_loses_its_head_and_keeps_its_body():
    mail = "<html><head><title>T</title><style>p{}</style></head><body class=x><p>тело</p></body></html>"
    assert clean_mail(mail, False) == "<p>тело</p>"


def test_a_mail_without_end_is_cut():
    assert len(clean_mail("а" * (MAX_LENGTH * 2), False)) == MAX_LENGTH


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "blockquote", "span", "ul><li", "h1", "unknown"])
def test_nesting_without_end_is_flattened_and_its_text_stays(tag):
    cleaned = clean_mail(f"<{tag}>" * 20_000 + "дно", False)
    assert "дно" in cleaned
    opened = tag.split(">")[0]
    assert cleaned.count(f"<{opened}>") <= MAX_DEPTH


@pytest.mark.parametrize(
    "trick",
    [
        *("<div><table><tr><td></div></table>", "<b><div></b>", "<span><div></span></div>", "<div></span></p>"),
        *("<div><marquee></div></marquee>", "<section><svg></section></svg>", "<DIV></div >", "<div><b></div>"),
    ],
)
def test_end_tags_that_end_nothing_do_not_hide_the_depth(trick):
    depth = deepest = 0
    for sign, name in re.findall(r"<(/?)(\w+)", clean_mail(trick * 5000 + "дно", False)):
        if name not in {"img", "br", "wbr", "hr", "col"}:
            depth += -1 if sign else 1
            deepest = max(deepest, depth)
    assert deepest <= 2 * MAX_DEPTH


def test_a_long_mail_that_is_not_deep_is_left_alone():
    rows = "<tr><td><p>a<b>b</b><br><div>c</div>" * 2000
    assert clean_mail(f"<table>{rows}</table>", False).count("<div>") == 2000


def test_the_page_forbids_what_the_cleaning_might_miss():
    page = mail_page("<p>тело</p>", "uk", origin="https://chat.example.com")
    assert '<html lang="uk">' in page
    assert "<p>тело</p></body>" in page
    assert "default-src &#x27;none&#x27;; img-src data: https://chat.example.com; style-src" in page
    assert "script-src" not in page
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert "http:" not in mail_policy("https://chat.example.com")
    assert "img-src data: https: http:;" in mail_policy(images=True)
    assert '"><script>' not in mail_page("", '"><script>')
    with pytest.raises(ValueError, match="origin"):
        mail_policy("https://x; script-src *")


PARENT = """<!doctype html><body><script>
window.ran = [];
window.alert = what => window.ran.push("alert " + what);
addEventListener("message", event => event.data === "ran" && window.ran.push("frame"));
const mails = MAILS;
mails.forEach((mail, number) => {
  const place = document.body.appendChild(document.createElement("div"));
  place.innerHTML = mail;                       // parsed as a fragment
  place.innerHTML = place.innerHTML;            // and again, as it was written out: where mutations strike
  const frame = document.body.appendChild(document.createElement("iframe"));
  frame.onload = () => window.loaded = (window.loaded || 0) + 1;
  frame.srcdoc = "<script>alert = () => parent.ran.push('document NUMBER')<\\/script>".replace("NUMBER", number) + mail;
});
for (const each of document.querySelectorAll("a, button, summary")) {
  each.dispatchEvent(new MouseEvent("click", {bubbles: true}));
}
</script>"""


def show(browser, pages: dict[str, str], ready: str) -> tuple[list[str], list[str]]:
    """What ran, and what else was asked of any host, when these pages are shown by http://mail.test/."""
    ran: list[str] = []
    asked: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))

    def answer(route):
        url = route.request.url
        if url in pages:
            route.fulfill(body=pages[url], content_type="text/html; charset=utf-8")
        else:
            asked.append(url)
            route.abort()

    context.route("**/*", answer)
    page.goto("http://mail.test/")
    page.wait_for_function(ready, timeout=30_000)
    page.mouse.move(40, 40)
    ran += page.evaluate("new Promise(done => setTimeout(() => done(window.ran), 300))")
    context.close()
    return ran, asked


def show_mails(browser, mails: list[str]) -> tuple[list[str], list[str]]:
    """Without any protection but the cleaning."""
    text = json.dumps(mails).replace("</", "<\\/").replace("<!--", "<\\u0021--").replace("<script", "<\\u0073cript")
    return show(browser, {"http://mail.test/": PARENT.replace("MAILS", text)}, f"window.loaded >= {len(mails)}")


def test_in_a_real_browser_no_cleaned_mail_runs_or_asks_anything(browser):
    ran, asked = show_mails(browser, [clean_mail(payload, False) for payload in hostile_mail.ALL])
    assert ran == []
    assert {url for url in asked if not url.startswith("https://good.example")} == set(), "only links that we clicked"


def test_the_browser_would_have_noticed(browser):
    ran, asked = show_mails(browser, hostile_mail.HANDLERS[:9] + hostile_mail.FOREIGN[:4] + hostile_mail.STYLES[:5])
    assert len({what for what in ran if what.startswith("document")}) > 6
    assert any(what.startswith("alert") for what in ran)
    assert any("evil.example" in url for url in asked)


def test_the_page_in_its_frame_shows_our_files_and_nothing_else_even_if_the_cleaning_failed(browser):
    raw = "".join(hostile_mail.HANDLERS + hostile_mail.SCRIPTS[:1]) + '<img src="/files/1/photo.png">'
    raw += '<img src="https://evil.example/pixel.gif"><div style="background:url(https://evil.example/style)">x</div>'
    pages = {
        "http://mail.test/": "<script>ran = []</script><iframe sandbox src=/mail onload='window.done = 1'></iframe>",
        "http://mail.test/mail": mail_page(raw, "en", origin="http://mail.test"),
    }
    ran, asked = show(browser, pages, "window.done === 1")
    assert ran == []
    assert {url for url in asked if "/files/" in url} == {"http://mail.test/files/1/photo.png"}
    assert not any("evil.example" in url for url in asked)
