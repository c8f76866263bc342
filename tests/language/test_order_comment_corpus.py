"""The labelled order comments are themselves sound, and so is the counting over them."""

import re
from collections import Counter

import pytest
from benchmarks.comment_accuracy import DEFAULTS, completed, corpus, score

CALLS = {"never", "only_if_urgent", "required", "before_arrival", "no_statement"}
CHANNELS = {"telegram", "whatsapp", "viber", "sms", "email", "vk", "phone"}
PARTS_OF_A_DAY = {("08:00", "12:00"), (None, "13:00"), ("13:00", None), ("18:00", "22:00")}
COMMENTS = list(corpus())


@pytest.mark.parametrize(("lang", "least"), [("ru", 210), ("uk", 160), ("en", 110)])
def test_every_language_has_its_share(lang, least):
    rows = list(corpus(lang))
    assert len(rows) >= least
    assert {row["lang"] for row in rows} == {lang}
    assert all(row["key"].startswith(f"{lang}-") for row in rows)


def test_no_comment_counts_twice():
    assert [key for key, times in Counter(row["key"] for row in COMMENTS).items() if times > 1] == []
    texts = Counter(" ".join(row["text"].casefold().split()) for row in COMMENTS)
    assert [text for text, times in texts.items() if times > 1] == []


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_labels_are_lawful(lang):
    for row in corpus(lang):
        assert row.keys() == {"key", "text", "lang", "labels"}, row
        labels = row["labels"]
        assert labels.keys() <= DEFAULTS.keys(), row
        assert all(value != DEFAULTS[name] for name, value in labels.items()), ("a default is not written", row)
        whole = completed(labels)
        assert whole["call"] in CALLS, row
        for name in ("preferred_channels", "forbidden_channels"):
            assert set(whole[name]) <= CHANNELS, row
            assert len(set(whole[name])) == len(whole[name]), row
        assert not set(whole["preferred_channels"]) & set(whole["forbidden_channels"]), row
        for name in ("intercom", "floor", "entrance", "apartment"):
            assert whole[name] is None or (whole[name] and whole[name] == whole[name].strip()), row
        for name in ("recipient_other", "leave_at_door", "gift", "free_text_needs_human"):
            assert isinstance(whole[name], bool), row
        assert whole["intercom"] is None or whole["intercom"] == re.sub(r"\s", "", whole["intercom"]).upper(), row
        assert whole["change_from"] is None or whole["change_from"] > 0, row


@pytest.mark.parametrize(("channels", "call"), [("forbidden_channels", "never"), ("preferred_channels", "required")])
def test_the_telephone_is_forbidden_and_preferred_with_the_call(channels, call):
    with_phone = {row["key"] for row in COMMENTS if "phone" in row["labels"].get(channels, ())}
    assert with_phone == {row["key"] for row in COMMENTS if row["labels"].get("call") == call}


@pytest.mark.parametrize("name", ["contact_window", "delivery_window"])
def test_windows_are_lawful(name):
    for row in COMMENTS:
        window = row["labels"].get(name)
        if window is None:
            continue
        assert window.keys() - {"vague"} == {"from", "to", "days"}, row
        start, end = window["from"], window["to"]
        assert all(hour is None or re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", hour) for hour in (start, end)), row
        assert window["days"] in {"any", "weekdays", "weekends"}, row
        assert start or end or window["days"] != "any", row
        assert not (start and end) or start < end, row
        assert window.get("vague", True) is True, row
        assert "vague" not in window or (start, end) in PARTS_OF_A_DAY, row


def test_whoever_reads_all_is_told_so():
    labels = {(row["text"], row["lang"]): row["labels"] for row in COMMENTS}
    report = score(lambda text, lang: labels[text, lang])
    assert (report.comments, report.whole, report.wrong) == (len(COMMENTS), 1.0, [])
    assert set(report.by_field.values()) == {1.0}


def test_whoever_reads_nothing_calls_every_refuser():
    report = score(lambda text, lang: {})
    refusers = [row["key"] for row in COMMENTS if row["labels"].get("call") == "never"]
    assert [each.key for each in report.called_refusers] == refusers
    assert report.refusers == len(refusers) >= 100
    assert report.false_refusals == []
    assert report.all_right == sum(not row["labels"] for row in COMMENTS)


def test_whoever_calls_nobody_invents_refusals():
    report = score(lambda text, lang: {"call": "never", "forbidden_channels": ["phone"]}, lang="en")
    others = [row["key"] for row in corpus("en") if row["labels"].get("call") != "never"]
    assert [each.key for each in report.false_refusals] == others
    assert report.called_refusers == []


def test_a_window_may_leave_out_what_is_usual():
    assert completed({"delivery_window": {"from": "18:00"}}) == completed(
        {"delivery_window": {"from": "18:00", "to": None, "days": "any", "vague": False}}
    )
