"""What the journeys share: a visitor's browser and a chat to talk to; a whole shop, its agents and its customers."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

import prilavok
from tests.journeys.fake_chat import FakeChat, running
from tests.journeys.open_shop import OpenShop, opened
from tests.journeys.people import Agent, Customer, Phone

STATIC = Path(prilavok.__file__).parent / "web" / "static"
WIDGET = STATIC / "widget.js"
PATIENCE = 5_000  # ms for one expectation
WHOLE_SHOP = 15_000  # ms for the same when a whole shop runs on the same two cores

NOT_OURS = re.compile(r"WebSocket|net::ERR_INTERNET_DISCONNECTED|net::ERR_FAILED|net::ERR_CONNECTION|status of 4")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One visitor's browser: tabs share its storage, nobody else does."""
    context = browser.new_context(locale="ru-RU", timezone_id="Europe/Warsaw", viewport={"width": 1024, "height": 768})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def chat() -> Iterator[FakeChat]:
    if not WIDGET.exists():
        pytest.skip("the widget is not built: run `make`, or `npm run build` in web/")
    with running(FakeChat(WIDGET)) as chat:
        yield chat


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    """One for the whole run: every journey brings its own customers."""
    if not WIDGET.exists() or not (STATIC / "index.html").exists():
        pytest.skip("the pages are not built: run `make`, or `npm run build` in web/")
    with opened(tmp_path_factory.mktemp("shop")) as shop:
        yield shop


@pytest.fixture
def window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser profile of its own; whatever it complains about in its console fails the test.

    With PRILAVOK_TEST_PICTURES=FOLDER every page is photographed as the journey left it.
    """
    complaints: list[str] = []
    pages: list[Page] = []

    def heard(line: ConsoleMessage) -> None:
        if line.type == "error" and not NOT_OURS.search(line.text):
            complaints.append(line.text)

    with ExitStack() as profiles:

        def open_window(**settings: Any) -> Page:
            given = {"locale": "en-GB", "timezone_id": "Europe/Kyiv", "viewport": {"width": 1366, "height": 800}}
            profile = browser.new_context(**{**given, **settings})
            profiles.callback(profile.close)
            profile.set_default_timeout(WHOLE_SHOP)
            profile.on("weberror", lambda error: complaints.append(str(error.error)))
            profile.on("console", heard)
            pages.append(profile.new_page())
            return pages[-1]

        before = expect._timeout  # type: ignore[attr-defined]
        expect.set_options(timeout=WHOLE_SHOP)
        yield open_window
        expect.set_options(timeout=before)
        for number, page in enumerate(pages if "PRILAVOK_TEST_PICTURES" in os.environ else ()):
            page.screenshot(path=Path(os.environ["PRILAVOK_TEST_PICTURES"]) / f"{request.node.name}-{number}.png")
    assert complaints == []


@pytest.fixture
def agent_at(shop: OpenShop, window: Callable[..., Page]) -> Callable[..., Agent]:
    """A colleague who has signed in and looks at a page of the inbox, in English unless it is said otherwise."""

    def sit_down(who: str = "owner", path: str = "/inbox?view=all", language: str = "en", **settings: Any) -> Agent:
        cookie = {"name": "prilavok_session", "value": shop.cookie(who), "url": shop.url}
        shop.ask("PATCH", "/api/v1/me", {"language": language, "theme": "light"}, who=who)
        page = window(**settings)
        page.context.add_cookies([cookie])
        page.goto(shop.url + path)
        return Agent(page, shop)

    return sit_down


@pytest.fixture
def agent(agent_at: Callable[..., Agent]) -> Agent:
    return agent_at()


@pytest.fixture
def visitor(shop: OpenShop, window: Callable[..., Page]) -> Callable[..., Customer]:
    """Somebody on the shop's site with the chat open."""

    def come(path: str = "/shop?lang=en", **settings: Any) -> Customer:
        page = window(**settings)
        page.goto(shop.url + path)
        customer = Customer(page)
        customer.open_chat()
        return customer

    return come


@pytest.fixture
def phone(shop: OpenShop, window: Callable[..., Page]) -> Phone:
    """A customer's telephone: messenger, mailbox and the shop's site."""
    page = window(viewport={"width": 1440, "height": 900})
    page.goto(shop.url + "/phone")
    return Phone(page, shop)
