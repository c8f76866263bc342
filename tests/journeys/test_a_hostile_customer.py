"""Whatever a customer sends, nothing of it runs before the agent."""

import base64
import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

SHOTS = (
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(2)>",
    "<script>alert(3)</script>",
    "javascript:alert(4)//",
    "{{constructor.constructor('alert(5)')()}}",
    '"><iframe srcdoc="<script>parent.alert(6)</script>">',
)
PICTURE = "http://pixel.localhost:8999/seen.png"
MAIL = f"""<html><body onload="alert(7)"><h1>Hello</h1><script>alert(8)</script>
<img src="{PICTURE}"><img src=x onerror="parent.alert(9)"><a href="javascript:alert(10)">press</a>
<form action="http://pixel.localhost:8999/form"><input name=password></form>
<div style="background:url({PICTURE}?css)">words in a letter</div>
<iframe src="http://pixel.localhost:8999/frame"></iframe><meta http-equiv=refresh content="0;url=http://pixel.localhost:8999/">
</body></html>"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(11)"><script>alert(12)</script></svg>'


@pytest.fixture
def ran(agent) -> list[str]:
    """Dialogs that opened and requests that left the house; it must stay empty."""
    found: list[str] = []

    def watch(page: Page) -> None:
        page.on("dialog", lambda dialog: (found.append(dialog.message), dialog.dismiss()))

    def asked(request) -> None:
        if not request.url.startswith((agent.shop.url, "data:", "blob:", "about:")):
            found.append(request.url)

    agent.page.context.on("page", watch)
    agent.page.context.on("request", asked)
    watch(agent.page)
    return found


def test_words_and_names_are_only_words(agent, visitor, ran):
    marta = visitor()
    for shot in SHOTS:
        marta.write(shot)
    agent.open(SHOTS[-1])
    for shot in SHOTS:
        expect(agent.said(shot)).to_have_count(1)
    agent.page.get_by_title("Change the name").click()
    agent.page.get_by_label("Name of the customer").fill(SHOTS[0])
    agent.page.keyboard.press("Enter")
    expect(agent.page.locator("h1", has_text=SHOTS[0])).to_be_visible()
    agent.reply("<b onmouseover=alert(13)>Good day</b>")
    expect(marta.shops("<b onmouseover=alert(13)>Good day</b>")).to_be_visible()
    assert ran == []


def test_a_poisoned_letter_is_shown_cleaned_in_a_cage_and_its_pictures_only_on_click(agent, phone, ran):
    letter = EmailMessage()
    letter["From"], letter["To"] = f"{SHOTS[0]} <{phone.address}>", "hello@kardamon.example"
    letter["Subject"], letter["Message-ID"] = SHOTS[1], f"<poison-{phone.address}>"
    letter.set_content("plain words of the poisoned letter")
    letter.add_alternative(MAIL, subtype="html")
    phone.shop.post(letter.as_bytes())
    agent.row("words").first.click()
    log = agent.page.get_by_role("log")
    show = log.get_by_role("button", name="as it came")
    show.click()
    frame = log.locator("iframe")
    expect(frame).to_have_attribute("sandbox", re.compile("^(?!.*allow-scripts).*$"))
    inside = agent.page.frame_locator(".message iframe")
    expect(inside.get_by_text("words in a letter")).to_be_visible()
    expect(inside.locator("script, form, iframe, meta[http-equiv=refresh]")).to_have_count(0)
    assert ran == []
    log.get_by_role("button", name="Show them").click()
    expect(inside.get_by_text("words in a letter")).to_be_visible()
    assert all(one.startswith(PICTURE) for one in ran)


def test_a_drawing_with_a_script_is_a_download(agent, visitor, ran):
    marta = visitor()
    marta.dialog.locator("input[type=file]").set_input_files(
        {"name": "drawing.svg", "mimeType": "image/svg+xml", "buffer": SVG}
    )
    marta.write("Look at my drawing")
    agent.open("Look at my drawing")
    link = agent.said("Look at my drawing").get_by_role("link", name=re.compile("drawing.svg"))
    address = agent.shop.url + (link.get_attribute("href") or "")
    with agent.page.expect_download():
        agent.page.evaluate(
            "address => { const a = document.createElement('a'); a.href = address; a.click(); }", address
        )
    answer = agent.page.request.get(address)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert base64.b64encode(answer.body())
    assert ran == []
