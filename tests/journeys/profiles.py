"""Browser profiles: each is a person of its own. Some stay open from one journey to the next, which saves most of the
time, for a fresh one has to read the whole application again."""

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser import PATIENCE

EVERYDAY = {"locale": "en-GB", "timezone_id": "Europe/Kyiv", "viewport": {"width": 1366, "height": 900}}
# A line that was cut, and answers that say no: what the page makes of them is what the journeys look at.
NOT_OURS = re.compile(r"WebSocket|net::ERR_INTERNET_DISCONNECTED|net::ERR_FAILED|net::ERR_CONNECTION|status of 4")


class Profiles:
    """`in_use` are the pages of the present journey."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.in_use: list[Page] = []
        self._kept: dict[str, BrowserContext] = {}
        self._fresh: list[BrowserContext] = []
        self._complaints: list[str] = []

    def kept(self, name: str) -> Page | None:
        """The page that stayed open under this name."""
        profile = self._kept.get(name)
        if profile is None:
            return None
        self.in_use.append(profile.pages[0])
        return profile.pages[0]

    def open(self, *, keep: str = "", **settings: Any) -> Page:
        """A page of somebody new. With `keep` the profile is reused, but it forgets who had it."""
        if keep and (page := self.kept(keep)) is not None:
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
            return page
        profile = self.browser.new_context(**{**EVERYDAY, **settings})
        profile.set_default_timeout(PATIENCE)
        profile.on("weberror", lambda error: self._complaints.append(str(error.error)))
        profile.on("console", self._heard)
        if keep:
            self._kept[keep] = profile
        else:
            self._fresh.append(profile)
        self.in_use.append(profile.new_page())
        return self.in_use[-1]

    def leave(self) -> list[str]:
        """Ends a journey; answers what the pages complained about."""
        for profile in self._fresh:
            profile.close()
        for profile in self._kept.values():
            profile.set_offline(False)
            for page in profile.pages[1:]:
                page.close()
        said, self._complaints, self._fresh, self.in_use = self._complaints, [], [], []
        return said

    def close(self) -> None:
        for profile in self._kept.values():
            profile.close()

    def _heard(self, line: ConsoleMessage) -> None:
        if line.type == "error" and not NOT_OURS.search(line.text):
            self._complaints.append(line.text)
