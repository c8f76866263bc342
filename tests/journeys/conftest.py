"""A real browser for the journeys. Chromium is the machine's own; what is missing is said in one line."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

import prilavok
from tests.journeys.fake_chat import FakeChat, running

CHROMIUM = Path(os.environ.get("PRILAVOK_TEST_CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
WIDGET = Path(prilavok.__file__).parent / "web" / "static" / "widget.js"
PATIENCE = 5_000  # ms for one expectation


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"journeys need a browser: apt-get install chromium (looked for {CHROMIUM})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


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
