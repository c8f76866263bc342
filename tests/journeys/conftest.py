"""What the journeys share: a visitor's browser and a chat to talk to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

import prilavok
from tests.journeys.fake_chat import FakeChat, running

WIDGET = Path(prilavok.__file__).parent / "web" / "static" / "widget.js"
PATIENCE = 5_000  # ms for one expectation


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
