import pytest

from tests.chaos.storm import Size

SHORT = Size(kills=3, messages=500, replies=30, chats=20, seconds=3)
WHOLE = Size(kills=20, messages=10_000, replies=2_000, chats=200, seconds=150)


def pytest_addoption(parser):
    parser.addoption("--whole", action="store_true", help="chaos: twenty kills, 10,000 messages, 2,000 replies")


@pytest.fixture
def size(request) -> Size:
    return WHOLE if request.config.getoption("--whole", default=False) else SHORT
