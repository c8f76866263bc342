"""What the server says went wrong is read in the language of whoever works here: no sentence is without its words."""

import json
import re
from pathlib import Path

import pytest

from tests.reasons import reasons

ROOT = Path(__file__).parents[1]
WORDS = {
    language: json.loads((ROOT / "web" / "src" / "i18n" / f"reasons.{language}.json").read_text(encoding="utf-8"))
    for language in ("ru", "uk")
}
VENDORS_OWN = re.compile(r"[A-Z]\w*( [A-Z]\w*)?: \{\}[^a-z]*")  # "Telegram: {}": a name, and what the vendor says
NAMED = {  # what stands in a sentence and is said elsewhere: the names of settings, servers, roles, rights
    "IMAP server {}",
    "SMTP server {}",
    "page ID",
    "Instagram account ID",
    "e-mail and the API key",
    "token",
    "read and write",
    "read_orders and read_fulfillments",
    "owner",
    "admin",
    "agent",
    "paused by hand",  # stored with the pause, and shown beside it
}
OF_PROGRAMS = {  # nobody meets them but who writes a program against the API, in which English is spoken
    "policy {}",
    "An interval is {from, to, capacity}.",
    "Hours are {from, to}, each as HH:MM.",
    "Hours are {from, to, days}.",
    "Consents are {purpose: true or false}.",
    "A delivery is failed, done, ignored or pending.",
    "A message in the outbox is waiting, dead or perhaps (sent).",
    "This address understands {}.",
    "A sum is written as 1250.00.",
    "A time has its zone: 2026-11-20T21:10:00Z, or +02:00.",
    "A time is written as 2026-11-20T21:10:00Z.",
    "A time needs its zone, e.g. 2026-11-22T09:00:00Z.",
    "The body is not JSON that we can read: {}.",
    "“{}” is a whole number from 0 to {}.",
    "“{}” is an id, as the API gives them.",
    "“{}” is true or false.",
    "Send “Authorization: Bearer TOKEN”.",
    "This socket was opened by another site.",
    "This frame is not one of ours.",
    "An Idempotency-Key has at most {} printable characters.",
    "This Idempotency-Key was used for another request. Take a new one.",
    "This cursor is not one of ours. Begin without a cursor.",
    "This cursor is not one that we gave.",
    "An order is open, or one of: {}.",
    "A task is one of: {}.",
}


WIDGET = ROOT / "web" / "src" / "widget" / "words" / "shape.ts"  # a visitor's words lie in the widget
OF_VISITORS = {
    one.replace("#", "{}") for one in re.findall(r'^  \| "(.+)";?$', WIDGET.read_text(encoding="utf-8"), re.M)
}


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    return {words: file for words, file in reasons().items() if not VENDORS_OWN.fullmatch(words)}


def test_sentences_are_found_wherever_they_are_written(told: dict[str, str]) -> None:
    assert told["“{}” is no sum."] == "commerce/csv.py"  # an f-string that is raised
    assert told["the token was taken back"] == "channels/meta/verdicts.py"  # in a table
    assert told["its certificate is not accepted"] == "channels/transport.py"  # returned by a function
    assert told["The text has {} characters; this channel takes {}."] == "domain/capabilities.py"
    assert len(told) > 750


@pytest.mark.parametrize("language", WORDS)
def test_every_reason_is_said_in_the_language(told: dict[str, str], language: str) -> None:
    missing = {
        words: file for words, file in told.items() if words not in WORDS[language].keys() | OF_PROGRAMS | OF_VISITORS
    }
    assert missing == {}, f"web/src/i18n/reasons.{language}.json has no words for these"


@pytest.mark.parametrize("language", WORDS)
def test_nothing_is_translated_that_nobody_says(told: dict[str, str], language: str) -> None:
    assert sorted(WORDS[language].keys() - told.keys() - NAMED) == []
    assert not (OF_PROGRAMS | OF_VISITORS) - told.keys()
    assert not OF_PROGRAMS & WORDS[language].keys()


@pytest.mark.parametrize(("language", "strange"), [("ru", "іїєґІЇЄҐ"), ("uk", "ыэъёЫЭЪЁ")])
def test_words_are_of_their_language_and_keep_what_is_named(language: str, strange: str) -> None:
    wrong = [
        words
        for told, words in WORDS[language].items()
        if words.count("{}") != told.count("{}") or set(words) & {*strange, "“", "”", '"', "!"}
    ]
    assert not wrong
