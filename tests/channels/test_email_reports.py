"""Bounces, complaints and automatic answers are told from people."""

import json
from pathlib import Path

import pytest

from prilavok.channels.email.understand import Mail, understand
from prilavok.channels.email.verdict import judge
from tests.channels.mail_reports import AUTOMATIC, BOUNCE_LOOKALIKES, PEOPLE, REPORTS, Report

FOLDER = Path(__file__).parent / "fixtures" / "email"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())["files"]


def kind(mail: Mail) -> str:
    return "complaint" if mail.is_complaint else "bounce" if mail.is_bounce else "auto" if mail.is_auto else "person"


@pytest.mark.parametrize("name", EXPECTED)
def test_real_reports_become_what_they_are(name: str):
    expected = EXPECTED[name]["kind"]
    mail = understand((FOLDER / name).read_bytes())
    group = {"complaint": "complaint", "auto_reply": "auto", "server_notice": "auto", "delayed_warning": "bounce"}
    wanted = "bounce" if expected.startswith("bounce") else group.get(expected, "person")
    assert kind(mail) == wanted
    assert sum((mail.is_auto, mail.is_bounce, mail.is_complaint)) <= 1
    if wanted == "bounce":
        assert bool(mail.recipients) is (expected != "delayed_warning")
        assert mail.temporary is (expected in {"bounce_soft", "delayed_warning"})
        assert any(one.policy for one in mail.bounce) is (expected == "bounce_policy")
        status = EXPECTED[name].get("status")
        if isinstance(status, list):
            assert [one.status for one in mail.bounce] == status
        elif status in {"5.1.1", "5.2.2", "5.4.4", "4.4.1", "5.2.1"}:
            assert mail.bounce[0].status == status


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_report_names_whom_we_did_not_reach_and_why(report: Report):
    mail = understand(report.raw)
    assert kind(mail) == "bounce"
    assert mail.recipients == report.recipients
    assert mail.temporary is report.temporary
    assert any(one.policy for one in mail.bounce) is report.policy
    assert mail.bounce[0].original_message_id == report.original


@pytest.mark.parametrize("raw", BOUNCE_LOOKALIKES)
def test_people_who_write_about_undelivered_things_are_heard(raw: bytes):
    assert kind(understand(raw)) == "person"


@pytest.mark.parametrize("raw", AUTOMATIC)
def test_machines_are_recognised(raw: bytes):
    assert kind(understand(raw)) == "auto"


@pytest.mark.parametrize("raw", PEOPLE)
def test_people_are_not_taken_for_machines(raw: bytes):
    assert kind(understand(raw)) == "person"


def test_a_delivered_report_is_no_bounce():
    raw = (
        b"From: MAILER-DAEMON@x.example\nSubject: Successful Mail Delivery Report\nContent-Type: multipart/report; "
        b'report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\n'
        b"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.0.0\n--b--\n"
    )
    assert kind(understand(raw)) == "auto"


def test_a_complaint_names_the_mail_it_is_about():
    mail = understand((FOLDER / "bounce-set_arf-16.eml").read_bytes())
    assert mail.is_complaint
    assert mail.recipients == ()
    assert {one.original_message_id for one in mail.bounce} != {""}


@pytest.mark.parametrize(
    ("status", "words", "temporary", "policy"),
    [
        ("5.1.1", "550 User unknown", False, False),
        ("5.7.1", "550 5.7.1 user does not exist", False, False),
        ("5.7.1", "550 5.7.1 Client host blocked using Spamhaus", False, True),
        ("5.0.0", "552 mailbox full", True, False),
        ("4.7.1", "451 greylisted, try again later", True, False),
        ("5.2.1", "mailbox disabled", False, False),
        ("", "", False, False),
    ],
)
def test_a_refusal_is_judged_by_code_and_words(status: str, words: str, temporary: bool, policy: bool):
    verdict = judge(status, words)
    assert (verdict.temporary, verdict.policy) == (temporary, policy)
