"""The shop's own words: whole sentences in three languages, short where words cost, with something to press."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.capabilities import Capabilities
from prilavok.domain.phrases import (
    ACTS,
    BOOKS,
    KINDS,
    LINKS,
    SAMPLES,
    VARIABLES,
    built_in,
    day_in_words,
    holes,
    render,
)
from prilavok.domain.phrases.length import in_parts, length
from prilavok.domain.phrases.sums import money

LANGUAGES = sorted(BOOKS)
MESSENGER = Capabilities(address_kind="chat", buttons=10, medium="telegram")
PLAIN = Capabilities(address_kind="chat", medium="viber")
MAIL = Capabilities(address_kind="email", html=True, subject=True, medium="email")
SMS = Capabilities(address_kind="phone", text_limit=800, cost="per message", rings=True, medium="sms")
ONE_WAY_SMS = Capabilities(
    address_kind="phone", text_limit=800, cost="per message", rings=True, medium="sms", hooked=False
)
EVERYWHERE = {"messenger": MESSENGER, "plain": PLAIN, "mail": MAIL, "sms": SMS, "one-way sms": ONE_WAY_SMS}
ORDER = "018f0000-0000-7000-8000-000000000001"
SENTENCE = re.compile(r"[.!?…](?=\s|$)")


def say(kind, language="uk", able=MESSENGER, values=None, own=None, **more):
    known = SAMPLES[language] if values is None else values
    kinds = [kind] if isinstance(kind, str) else kind
    return render(kinds, language, able, known, own or {}, order_id=ORDER, **more)


def test_every_language_has_words_for_every_occasion():
    assert {language: sorted(BOOKS[language].TEXTS) for language in LANGUAGES} == dict.fromkeys(
        LANGUAGES, sorted(KINDS)
    )
    assert set(ACTS) <= set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_text_says_who_writes_and_about_which_order_in_few_sentences(kind, language):
    greeting = BOOKS[language].HELLO.partition("{shop}")[0]
    rendered = say(kind, language)
    assert rendered.text.startswith(greeting)
    assert "Shop" in rendered.text
    assert "1047" in rendered.text
    assert len(SENTENCE.findall(rendered.text.removeprefix(greeting))) <= 4
    assert holes(built_in(kind, language, short=False)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if not LINKS & set(ACTS.get(kind, ()))])
def test_an_sms_has_two_parts_at_most(kind, language):
    text = say(kind, language, SMS).text
    assert in_parts(text).parts <= 2, (len(text), text)


@given(
    st.sampled_from(KINDS),
    st.sampled_from(LANGUAGES),
    st.sampled_from(sorted(EVERYWHERE)),
    st.sets(st.sampled_from(sorted(VARIABLES - {"shop", "number"}))),
)
def test_whatever_is_unknown_no_text_shows_a_hole(kind, language, where, known):
    values = {name: value for name, value in SAMPLES[language].items() if name in known | {"shop", "number"}}
    text = say(kind, language, EVERYWHERE[where], values).text
    assert "1047" in text
    assert not re.search(r"[{}|]|  | [.,:]|: *$", text), text


@given(st.text(alphabet="{}abnumber .!?\n", max_size=80), st.sampled_from(sorted(EVERYWHERE)))
def test_an_owner_may_write_anything(text, where):
    own = {("shipped", "en", ""): text}
    rendered = say("shipped", "en", EVERYWHERE[where], own=own)
    assert rendered.text.strip()


def test_a_sentence_of_the_owners_goes_when_something_in_it_is_unknown():
    own = {("shipped", "uk", ""): "Їде! Номер {tracking}. До зустрічі."}
    assert say("shipped", values={"number": "1"}, own=own).text == "Їде! До зустрічі."
    assert say("shipped", values={"number": "1", "tracking": "77"}, own=own).text == "Їде! Номер 77. До зустрічі."


def test_words_for_one_channel_come_before_words_for_all():
    own = {("shipped", "uk", ""): "Усім.", ("shipped", "uk", "telegram"): "У телеграмі."}
    assert say("shipped", own=own).text == "У телеграмі."
    assert say("shipped", able=PLAIN, own=own).text == "Усім."


def test_one_tap_confirms_changes_or_cancels():
    rendered = say("placed.tap")
    assert [one.data for one in rendered.buttons] == [f"o:{ORDER}:{act}" for act in ("confirm", "change", "cancel")]
    assert rendered.choices == ()


def test_without_buttons_a_number_is_the_answer():
    rendered = say("placed.tap", able=PLAIN)
    assert "1 — підтвердити, 2 — змінити, 3 — скасувати" in rendered.text
    assert [one.data.rpartition(":")[2] for one in rendered.choices] == ["confirm", "change", "cancel"]


@pytest.mark.parametrize("able", [MAIL, ONE_WAY_SMS])
def test_where_nothing_can_be_pressed_an_address_is_given(able):
    rendered = say("placed.tap", able=able)
    assert rendered.buttons == rendered.choices == ()
    assert SAMPLES["uk"]["link"] in rendered.text


def test_what_the_customer_may_pay_is_a_link():
    [button] = say("prepay_request").buttons
    assert (button.url, button.data) == (SAMPLES["uk"]["link"], "")


def test_several_things_are_told_with_one_greeting():
    text = say(["placed", "paid"], "en").text
    assert text.count("Hello") == 1
    assert "We have your payment" in text
    assert "we have your order 1047" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_is_still_owed_is_asked_for_at_the_door(language):
    """What has been paid has a total and nothing due."""
    due, total = SAMPLES[language]["due"], SAMPLES[language]["total"]
    text = say("out_for_delivery", language, values={**SAMPLES[language], "due": ""}).text
    assert total not in text
    assert due in say("out_for_delivery", language).text
    assert "|" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_courier_on_the_way_says_by_when_and_not_that_they_are_there_now(language):
    values = {**SAMPLES[language], "from": "19:40", "to": "20:45"}
    for text in (
        say("courier_on_the_way", language, values=values).text,
        say("courier_on_the_way", language, SMS, values=values).text,
    ):
        assert "20:45" in text
        assert "19:40" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unanswered_courier_says_who_called_and_when(language):
    known = SAMPLES[language]
    text = say("courier_no_answer", language).text
    assert known["courier"] in text
    assert known["called_at"] in text
    assert known["called_at"] in say("courier_no_answer", language, SMS).text
    unnamed = say("courier_no_answer", language, values={**known, "courier": "", "called_at": ""}).text
    assert "1047" in unnamed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_text_shows_how_it_was_put_together(kind, language):
    for able in EVERYWHERE.values():
        assert not re.search(r"[{}|]", say(kind, language, able).text)


def test_whoever_asked_for_nothing_can_end_it():
    text = say("shipped", "en", stop="https://shop.example/u/1").text
    assert text.endswith("No more of these: https://shop.example/u/1")


@pytest.mark.parametrize(
    ("hundredths", "currency", "language", "read"),
    [
        (125000, "UAH", "uk", "1\u00a0250\u00a0грн"),
        (125050, "RUB", "ru", "1\u00a0250,50\u00a0₽"),
        (125050, "EUR", "en", "€1,250.50"),
        (9900, "SEK", "en", "99\u00a0SEK"),
        (9900, "EUR", "ru", "99\u00a0€"),
    ],
)
def test_sums_are_written_as_people_read_them(hundredths, currency, language, read):
    assert money(hundredths, currency, language) == read


def test_an_sms_is_counted_in_its_parts():
    assert in_parts("a" * 160).parts == 1
    assert in_parts("a" * 161).parts == 2
    assert in_parts("я" * 70).parts == 1
    assert in_parts("я" * 71).parts == 2
    assert in_parts("€" * 80).parts == 1
    assert length("я" * 71, MESSENGER).parts == 1


def test_days_are_said_in_words():
    assert day_in_words(date(2026, 11, 24), "ru") == "24 ноября"
    assert day_in_words(date(2026, 11, 24), "en") == "24 November"
