"""What the journeys share: a visitor's browser and a chat to talk to; a whole shop, its agents and its customers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

import prilavok
from tests.browser import PATIENCE
from tests.journeys.fake_chat import FakeChat, running
from tests.journeys.open_shop import OpenShop, opened
from tests.journeys.people import Agent, Customer, Phone
from tests.journeys.profiles import Profiles

STATIC = Path(prilavok.__file__).parent / "web" / "static"
WIDGET = STATIC / "widget.js"

EVERYTHING = "/inbox?view=all"


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


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Iterator[Profiles]:
    profiles = Profiles(browser)
    yield profiles
    profiles.close()


@pytest.fixture
def window(profiles: Profiles, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens a page; whatever a page complains about in its console fails the test.

    With PRILAVOK_TEST_PICTURES=FOLDER every page is photographed as the journey left it.
    """
    yield profiles.open
    if folder := os.environ.get("PRILAVOK_TEST_PICTURES"):
        for number, page in enumerate(profiles.in_use):
            page.screenshot(path=Path(folder) / f"{request.node.name}-{number}.png")
    assert profiles.leave() == []


@pytest.fixture
def agent_at(shop: OpenShop, window: Callable[..., Page]) -> Callable[..., Agent]:
    """A colleague who has signed in and looks at a page of the inbox, in English unless it is said otherwise."""

    def sit_down(who: str = "owner", path: str = EVERYTHING, language: str = "en", **settings: Any) -> Agent:
        shop.ask("PATCH", "/api/v1/me", {"language": language, "theme": "light"}, who=who)
        page = window(**settings)
        page.context.add_cookies([{"name": "prilavok_session", "value": shop.cookie(who), "url": shop.url}])
        page.goto(shop.url + path)
        return Agent(page, shop)

    return sit_down


@pytest.fixture
def agent(agent_at: Callable[..., Agent], shop: OpenShop, profiles: Profiles) -> Agent:
    """The owner at her counter; she stays there from one journey to the next."""
    if (page := profiles.kept("the counter")) is None:
        return agent_at(keep="the counter", viewport={"width": 1366, "height": 2400})
    everything = page.locator(f"nav a[href='{EVERYTHING}']")
    if page.url.startswith(shop.url + "/inbox") and everything.count():
        everything.click()
    else:
        page.goto(shop.url + EVERYTHING)
    return Agent(page, shop)


@pytest.fixture
def visitor(shop: OpenShop, window: Callable[..., Page]) -> Callable[..., Customer]:
    """Somebody new on the shop's site, with the chat open."""

    def come(path: str = "/shop?lang=en") -> Customer:
        page = window(keep="the site")
        page.goto(shop.url + path)
        customer = Customer(page)
        customer.open_chat()
        return customer

    return come


@pytest.fixture
def phone(shop: OpenShop, window: Callable[..., Page]) -> Phone:
    """A new customer's telephone: messenger, mailbox and the shop's site."""
    page = window(keep="the telephone", viewport={"width": 1440, "height": 900})
    page.goto(shop.url + "/phone")
    return Phone(page, shop)
