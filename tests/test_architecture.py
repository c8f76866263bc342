"""What holds the house: sizes, names, permissions, and that everything a user can set or call is written down."""

import ast
import configparser
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from prilavok import __main__ as commands
from prilavok.channels.registry import all_channels
from prilavok.settings import PREFIX, Settings
from prilavok.web.ask import RIGHTS
from prilavok.web.routes import ROUTES

ROOT = Path(__file__).parents[1]
MODULE, FUNCTION, SVELTE = 400, 60, 250  # lines
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}
LONGER = {  # an exception needs its reason here
    "tests/channels/mail_reports.py": "a corpus: mails as they came, one below the other",
    "tests/channels/test_transport.py": "one server, one misbehaviour a test",
    "tests/journeys/test_widget_alone.py": "one page, one habit of a visitor's browser a test",
}
PYTHON = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])
SVELTE_FILES = sorted((ROOT / "web" / "src").rglob("*.svelte")) if (ROOT / "web" / "src").is_dir() else []
DOCS = ROOT / "docs"


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_module_is_longer_than_a_reader_bears():
    long = {name_of(path): lines(path) for path in PYTHON if lines(path) > MODULE}
    assert long.keys() <= LONGER.keys(), long


def test_no_function_is_longer_than_a_screen():
    long = []
    for path in PYTHON:
        if name_of(path) in LONGER:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > FUNCTION:
                    long.append(f"{name_of(path)}:{node.lineno} {node.name} ({size})")
    assert long == []


def test_no_component_is_longer_than_a_reader_bears():
    assert {name_of(path): lines(path) for path in SVELTE_FILES if lines(path) > SVELTE} == {}


def test_nothing_is_named_after_nothing():
    named = [path for path in ROOT.glob("*/**/*") if "node_modules" not in path.parts and ".venv" not in path.parts]
    assert [name_of(path) for path in named if path.stem.lower() in VAGUE] == []


def test_files_are_whole_in_memory_only_where_a_vendor_takes_them_in_no_other_way():
    channels = ROOT / "src" / "prilavok" / "channels"
    taken = re.compile(r"from prilavok\.kit\.content import .*\bwhole\b")
    held = {name_of(path) for path in channels.rglob("*.py") if taken.search(path.read_text(encoding="utf-8"))}
    # Pictures of 1 MB at most inside JSON; a mail without its files, to be taken apart.
    assert held == {f"src/prilavok/channels/{one}.py" for one in ("teams/sending", "email/agency")}
    for path in channels.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "    def fetch(self, ref" in text and path.name != "base.py":
            assert re.search(r"Download\(|\.download\(|\bdownloaded\(", text), name_of(path)


def test_every_route_says_who_may_take_it():
    assert {route.permission for route in ROUTES} <= {"public", "signed", *RIGHTS}
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("setting", [each.name for each in fields(Settings)])
def test_every_setting_is_explained_to_the_operator(setting):
    page = (DOCS / "operator" / "settings.md").read_text(encoding="utf-8")
    assert f"`{PREFIX}{setting.upper()}`" in page


def spoken():
    """Every command as it is typed."""
    found = []
    for words in commands.app:
        if words.startswith("-"):
            continue
        inner = [one for one in commands.app[words] if not one.startswith("-")]
        found += [f"prilavok {words} {one}" for one in inner] or [f"prilavok {words}"]
    return found


def test_the_commands_are_found():
    assert {"prilavok serve", "prilavok shop add", "prilavok journal replay"} <= set(spoken())


@pytest.mark.parametrize("words", spoken())
def test_every_command_is_explained_to_the_operator(words):
    pages = [path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")]
    assert any(re.search(rf"\b{re.escape(words)}\b", page) for page in pages), (
        f"docs/operator/commands.md lacks: {words}"
    )


@pytest.mark.parametrize("kind", sorted(all_channels()))
def test_every_channel_has_its_page(kind):
    assert (DOCS / "channels" / f"{kind}.md").is_file()


def test_every_connector_stands_in_each_layer_check():
    """A check that does not name a connector lets it do what it likes."""
    entries = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["prilavok.channels"]
    modules = {".".join(place.partition(":")[0].split(".")[:3]) for place in entries.values()}
    rules = configparser.ConfigParser()
    rules.read(ROOT / ".importlinter")
    named = {"connectors": "modules", "bases": "forbidden_modules", "source_ground": "forbidden_modules"}
    for contract, words in named.items():
        listed = rules[f"importlinter:contract:{contract}"][words].split()
        assert modules <= set(listed), contract
        assert len(listed) == len(set(listed)), contract
