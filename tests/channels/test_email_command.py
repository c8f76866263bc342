"""`prilavok understand email` answers every line, in order."""

import base64
import json
from pathlib import Path

from prilavok.channels.email.command import understand_lines

MAIL = b"From: Anna <anna@mail.example>\nSubject: Order\nMessage-ID: <1@mail.example>\n\nYes.\n\n-- \nAnna"
FIELDS = [
    "key", "visible_text", "text", "subject", "from", "from_name", "is_auto", "is_bounce", "is_complaint",
    "recipients", "temporary", "thread_key", "attachment_names",
]  # fmt: skip


def test_lines_are_answered_in_order_and_bad_ones_with_their_error(tmp_path: Path):
    path = tmp_path / "a.eml"
    path.write_bytes(MAIL)
    questions = [
        json.dumps({"key": 1, "raw": base64.b64encode(MAIL).decode()}).encode(),
        b"{broken",
        json.dumps({"key": "b", "path": str(path)}).encode(),
        json.dumps({"key": "c", "path": str(tmp_path / "missing.eml")}).encode(),
        json.dumps({"key": "d"}).encode(),
        json.dumps({"key": "e", "raw": 5}).encode(),
        b"\xff\xfe",
        b"[" * 5000,
        json.dumps({"key": "f", "raw": "!"}).encode(),
        b"",
    ]
    answers = [json.loads(line) for line in understand_lines(questions)]
    assert [one["key"] for one in answers] == [1, None, "b", "c", "d", "e", None, None, "f"]
    assert list(answers[0]) == FIELDS
    assert answers[0] | {"key": "b"} == answers[2]
    assert answers[0]["visible_text"] == "Yes."
    assert answers[0]["from"] == "anna@mail.example"
    assert all("error" in one for one in answers if one["key"] in {None, "c", "d", "e"})


def test_answers_stream():
    def endless():
        while True:
            yield json.dumps({"key": 1, "raw": base64.b64encode(MAIL).decode()}).encode()

    assert json.loads(next(understand_lines(endless())))["subject"] == "Order"
