"""The documentation is a promise: what it points at is there, and what is there is in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from prilavok.__main__ import app
from prilavok.channels.registry import all_channels
from prilavok.web.routes import ROUTES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ELSEWHERE = ("http://", "https://", "mailto:")
SELF_EVIDENT = {"--help", "-h", "--version"}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def links(page: Path, *, pictures: bool) -> Iterator[str]:
    """Relative addresses in a page, those in code left out."""
    for mark, address in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
        if bool(mark) is pictures and not address.startswith(ELSEWHERE):
            yield unquote(address)


def anchors(page: Path) -> set[str]:
    """The ids that a forge gives to the headings of a page."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in HEADING.findall(text)}


def commands() -> Iterator[str]:
    """Everything that may follow `prilavok` on the command line."""
    for name in app:
        if name in SELF_EVIDENT:
            continue
        inner = [one for one in app[name] if one not in SELF_EVIDENT]
        yield from (f"{name} {one}" for one in inner) if inner else (name,)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for address in links(page, pictures=False):
        path, _, anchor = address.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_relative_to(ROOT), f"{address} leaves the project"
        assert target.exists(), f"{address} leads nowhere"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{address}: there is no such heading"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_picture_is_there(page: Path) -> None:
    missing = [address for address in links(page, pictures=True) if not (page.parent / address).is_file()]
    assert missing == []


def test_every_page_can_be_reached_from_the_map() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md", DOCS / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [(page.parent / address.partition("#")[0]).resolve() for address in links(page, pictures=False)]
    assert set(PAGES) <= reached, [name_of(page) for page in set(PAGES) - reached]


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_is_explained(command: str) -> None:
    pages = [ROOT / "README.md", *(DOCS / "operator").glob("*.md"), *(DOCS / "user").glob("*.md")]
    assert any(f"prilavok {command}" in page.read_text(encoding="utf-8") for page in pages)


def calls() -> str:
    return "".join((DOCS / "developers" / page).read_text(encoding="utf-8") for page in ("protocols.md", "orders.md"))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_call_is_in_the_protocols_with_its_permission(route) -> None:
    assert f"| `{route.method} {route.path}` | {route.permission} |" in calls()


def test_no_call_is_in_the_protocols_that_is_not_there() -> None:
    documented = set(re.findall(r"^\| `([A-Z]+ /\S*)` \|", calls(), re.MULTILINE))
    assert documented == {f"{route.method} {route.path}" for route in ROUTES} | {"GET /widget.js"}


@pytest.mark.parametrize("kind", sorted(all_channels()))
def test_every_channel_has_a_page_on_the_map(kind: str) -> None:
    assert f"channels/{kind}.md" in (DOCS / "README.md").read_text(encoding="utf-8")
    assert (DOCS / "channels" / f"{kind}.md").is_file()


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_two_commands_stand_alone_at_the_top_of_the_readme(command: str) -> None:
    top = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:60])
    assert f"```\n{command}\n```" in top
