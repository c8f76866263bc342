"""Every reason can be said, in every language that the shop speaks."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from prilavok.domain.plan import Because, Plan, Rejected, Step, Why
from prilavok.domain.policy import decide
from prilavok.domain.reasons import SENTENCES, TO_CUSTOMER, for_customer, sentence
from prilavok.domain.rules import BUILT_IN
from prilavok.domain.written import told_once
from tests.domain.any_facts import Case, cases, often


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("why", Why)
def test_every_reason_is_a_sentence(language: str, why: Why) -> None:
    said = sentence(Because(why), language)
    assert said[0].isupper()
    assert said.endswith(".")
    assert "{" not in said


@often
@given(cases())
def test_no_particular_of_a_decision_stays_unsaid(case: Case) -> None:
    occasion, facts, now = case
    decision = decide(occasion, facts, BUILT_IN, now)
    reasons = [one.because for one in decision.rejected]
    if isinstance(decision, Plan):
        reasons += [one for step in decision.steps for one in step.because]
        for language in TO_CUSTOMER:
            assert all(for_customer(step.because, language) for step in decision.steps)
    else:
        reasons.append(decision.because)
    for language in SENTENCES:
        for because in reasons:
            said = sentence(because, language)
            assert "  " not in said
            assert "()" not in said


def test_a_fallback_says_after_what_and_when() -> None:
    because = Because(Why.FALLBACK, {"after": "telegram", "minutes": 120, "receipt": "read"})
    assert sentence(because, "en") == ("A fallback: if 2 h after writing (Telegram) there is no sign of reading.")
    assert sentence(because, "ru") == ("Запасной путь: если за 2 ч после отправки (Telegram) не будет прочтения.")


def test_a_matter_that_ended_says_by_what() -> None:
    def ended(**data: str) -> str:
        return sentence(Because(Why.ANSWERED, data), "en")

    assert ended(by="receipt", receipt="sent") == "Told: there is a receipt of sending."
    assert ended(by="page") == "The customer opened the order’s page."
    assert ended(by="receipt") == "Told."  # of before the receipt was kept
    assert ended(by="answer") == "The customer answered."


def test_a_number_that_two_lines_reach_is_said_once() -> None:
    at_delivery, paused, same = Because(Why.CALLS_ONLY_AT_DELIVERY), Because(Why.PAUSED), Because(Why.SAME_ADDRESS)
    office, depot = (Rejected("phone", at_delivery, "+380671234567", line) for line in ("office", "depot"))
    assert told_once([office, depot]) == [Rejected("phone", at_delivery, "+380671234567")]

    one, other = (Rejected("sms", why, "+380671234567", line) for why, line in ((same, "first"), (paused, "second")))
    text = Step("sms", "third", "", "+380671234567", datetime(2026, 3, 1, tzinfo=UTC), None, 0, ())
    assert told_once([one], [text]) == []
    assert told_once([one, other], [text]) == [other], "with its line, for the other one works"
    assert told_once([other]) == [Rejected("sms", paused, "+380671234567")]


def test_the_customer_is_told_the_reason_that_matters_most() -> None:
    reasons = (Because(Why.FALLBACK), Because(Why.ASKED_FOR), Because(Why.QUIET_HOURS))
    assert for_customer(reasons, "en") == "We write here because you asked us to."
    assert for_customer((), "uk") == "Пишемо сюди, бо цю адресу вказано в замовленні."
    assert for_customer(reasons, "de") == for_customer(reasons, "en")


def test_until_when_is_said_as_a_day_and_an_hour() -> None:
    because = Because(Why.WEEKEND, {"until": "2026-11-23 10:00"})
    assert sentence(because, "ru") == "День отдыха: ждём до 10:00, 23 ноября."
    assert sentence(because, "en") == "A day of rest: we wait until 10:00, 23 November."
