"""`prilavok understand order-comment` answers every line, in order."""

import json
import subprocess

from prilavok.language.comment.command import understand_lines
from tests.house import command

LABELS = {
    "call", "preferred_channels", "forbidden_channels", "contact_window", "delivery_window", "intercom", "floor",
    "entrance", "apartment", "recipient_other", "leave_at_door", "change_from", "gift", "free_text_needs_human",
}  # fmt: skip


def test_lines_are_answered_in_order_and_bad_ones_with_their_error():
    questions = [
        json.dumps({"key": 1, "text": "не дзвоніть, код 15В", "lang": "uk"}).encode(),
        b"{broken",
        json.dumps({"key": "b"}).encode(),
        b"",
        json.dumps({"key": "c", "text": 5}).encode(),
        b"\xff\xfe",
        b"[" * 5000,
        json.dumps({"key": "d", "text": "спасибо", "lang": None}).encode(),
    ]
    answers = [json.loads(line) for line in understand_lines(questions)]
    assert [one["key"] for one in answers] == [1, None, "b", "c", None, None, "d"]
    assert answers[0]["labels"].keys() == LABELS
    assert answers[0]["labels"]["call"] == "never"
    assert [one["calls_wait"] for one in answers if "labels" in one] == [False, False]
    assert answers[0]["labels"]["intercom"] == "15В"
    assert [("error" in one) for one in answers] == [False, True, True, True, True, True, False]


def test_an_owner_can_try_their_own_export(tmp_path):
    export = tmp_path / "comments.jsonl"
    export.write_text('{"key":"7","text":"пишите в вайбер"}\n', encoding="utf-8")
    words = [*command("understand", "order-comment"), "--file", str(export)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=100, check=True)
    assert json.loads(done.stdout)["labels"]["preferred_channels"] == ["viber"]
