"""What the whole suite shares: real services, a real browser, and the order of the tests."""

import pytest
from hypothesis import settings

settings.register_profile("busy", deadline=None)  # a machine that does other things too makes no test wrong
settings.load_profile("busy")

pytest_plugins = ["tests.services", "tests.message_centre", "tests.browser", "tests.house", "tests.delivering"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in the browser come last: its driver keeps an event loop of its own in the main thread while it lives.

    A file stays with one process, so that what its tests share is made once.
    """
    items.sort(key=in_browser)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(f"{'browser ' if in_browser(item) else ''}{item.path}"))


def in_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Names what was skipped, a line each, so that nobody believes it was tested."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", ()):
        reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason.removeprefix("Skipped: ")] = reasons.get(reason.removeprefix("Skipped: "), 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"skipped {count}: {reason}")
