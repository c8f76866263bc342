"""A customer asks by the form: on our page with its script, without any script, and on the shop's own page."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.open_shop import OpenShop

SITE = "http://lamps.example"


@pytest.fixture(scope="module")
def form(shop: OpenShop) -> dict[str, Any]:
    settings = {"email": "hello@lamps.example", "allowed_domains": ["lamps.example"]}
    made: dict[str, Any] = shop.ask("POST", "/api/v1/inboxes", {"kind": "form", "name": "Ask us", "config": settings})
    return made


@pytest.fixture
def plain(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB", java_script_enabled=False, viewport={"width": 390, "height": 800})
    yield context
    context.close()


def send(page: Page) -> str:
    """Presses the button; what was posted."""
    with page.expect_request(lambda request: request.method == "POST") as asked:
        page.locator("form button").last.click()
    expect(page.locator("ol li").first).to_contain_text(re.compile("Получили|Received"))
    return asked.value.post_data or ""


def test_the_browser_works_while_the_customer_types(
    shop: OpenShop, form: dict[str, Any], context: BrowserContext
) -> None:
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{shop.url}/f/{form['key']}")
    page.get_by_role("button", name="Показать адрес").click()
    expect(page.get_by_role("link", name="hello@lamps.example")).to_have_attribute("href", "mailto:hello@lamps.example")
    page.get_by_label("Ваш вопрос").fill("Есть ли лампа?")
    body = send(page)
    assert re.search(r'name="work"\s+\d+', body)
    assert 'name="ticket"' in body
    expect(page.get_by_text("Есть ли лампа?")).to_be_visible()
    page.get_by_label("Дописать").fill("И абажур")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("И абажур")).to_be_visible()
    assert complaints == []


def test_without_scripts_it_is_an_ordinary_form(shop: OpenShop, form: dict[str, Any], plain: BrowserContext) -> None:
    page = plain.new_page()
    page.goto(f"{shop.url}/f/{form['key']}")
    expect(page.get_by_text("hello, then the at sign, then lamps dot example")).to_be_visible()
    page.get_by_label("Your question").fill("Is there a lamp?")
    assert 'name="work"' not in send(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_form_on_the_shops_own_page_works_too(shop: OpenShop, form: dict[str, Any], context: BrowserContext) -> None:
    html = (
        f'<form action="{shop.url}/f/{form["key"]}" method="post" enctype="multipart/form-data" data-prilavok>'
        f'<textarea name="text"></textarea><button>Go</button></form><script src="{shop.url}/f/form.js" async></script>'
    )
    context.route(f"{SITE}/**", lambda route: route.fulfill(body=html, content_type="text/html"))
    page = context.new_page()
    page.goto(f"{SITE}/contacts")
    page.locator("textarea").fill("С вашего сайта")
    body = send(page)
    assert re.search(r'name="work"\s+\d+', body)
    expect(page).to_have_url(re.compile(re.escape(shop.url) + "/t/"))
