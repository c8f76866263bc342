"""The documentation of the channels is made from the classes, or fails here."""

import json
import re

import pytest

from prilavok.channels.registry import all_channels
from prilavok.channels.table import DOCS, generated, rows, schema

PAGES = sorted(DOCS.glob("*.md"))
DOCUMENTED = ["api", "asterisk", "binotel", "echo", "mango", "sip", "telegram", "twilio", "twilio_voice", "webchat"]
DOCUMENTED += ["whatsapp", "zadarma"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_the_docs_say_is_what_the_classes_say(page) -> None:
    text = page.read_text(encoding="utf-8")
    assert generated(text, all_channels(), page.stem) == text, "run: python -m prilavok.channels.table"


@pytest.mark.parametrize("kind", sorted(all_channels().keys() - {"email"}))
def test_the_page_of_a_channel_names_every_setting_and_how_good_it_is(kind: str) -> None:
    page = (DOCS / f"{kind}.md").read_text(encoding="utf-8")
    for setting in schema(all_channels()[kind]).get("properties", {}):
        assert f"`{setting}`" in page, setting
    for what, state in all_channels()[kind].quality.items():
        assert f"- {what}: {state}\n" in page


def test_the_overview_has_the_truth_table() -> None:
    page = (DOCS / "README.md").read_text(encoding="utf-8")
    for channel in all_channels().values():
        assert f"[{channel.title}]({channel.kind}.md)" in page


def test_the_rows_for_the_api_are_plain_json_with_the_forms_schema() -> None:
    again = json.loads(json.dumps(rows()))
    assert again == rows()
    by_kind = {row["kind"]: row for row in again}
    telegram = by_kind["telegram"]
    assert telegram["capabilities"]["receipts"] == ["sent", "failed"]
    assert telegram["config_schema"]["properties"]["token"]["writeOnly"]
    assert telegram["config_schema"]["required"] == ["token"]
    assert by_kind["webchat"]["config_schema"]["$defs"]["Texts"]["properties"]["uk"]["title"] == "Українська"


def test_the_lesson_explains_every_step_that_stands_in_the_code() -> None:
    lesson = (DOCS / "write-your-own.md").read_text(encoding="utf-8")
    code = (DOCS.parents[1] / "src/prilavok/channels/echo.py").read_text(encoding="utf-8")
    steps = set(re.findall(r"# (\d)\. ", code))
    assert steps == {str(number) for number in range(1, 8)}
    assert steps <= set(re.findall(r"\*\*(\d)\. ", lesson))
