import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.channels.base import Attachment, Undeliverable
from prilavok.channels.email.compose import Composed, address_of, compose, one_line
from prilavok.channels.email.threading import Ours, read_address, read_id
from tests.channels.email.driving import INBOX, KEY, NOW, outbound, shop

BREAKS = ["\r\n", "\n", "\r", "\u2028", "\u0085", "\x0b", "\x00\n", "=?utf-8?q?a=0D=0ABcc:_evil@evil.test?="]
EVIL = st.sampled_from(BREAKS).map(lambda line: f"x{line}Bcc: evil@evil.test{line}{line}body")
KNOWN = {
    *("message-id", "x-prilavok-id", "in-reply-to", "references", "list-unsubscribe", "list-unsubscribe-post"),
    *("from", "to", "cc", "reply-to", "subject", "date", "auto-submitted", "x-auto-response-suppress"),
    *("mime-version", "content-type", "content-transfer-encoding"),
}


def composed(settings: dict[str, Any] | None = None, **fields: Any) -> Composed:
    return compose(outbound(**fields), shop(**(settings or {})).config, INBOX, NOW)


def written(settings: dict[str, Any] | None = None, **fields: Any) -> EmailMessage:
    return message_from_bytes(composed(settings, **fields).mail, policy=policy.default)


def test_an_answer_carries_all_that_a_mail_program_needs_to_thread_it() -> None:
    mail = written(subject="Где заказ?", replies_to="<2@anna>", references=("1@anna", "p.x@shop"), name="Анна")
    assert mail["Subject"] == "Re: Где заказ?"
    assert (mail["In-Reply-To"], mail["References"]) == ("<2@anna>", "<1@anna> <p.x@shop> <2@anna>")
    assert read_id(KEY, mail["Message-ID"]) == Ours("m1", "c1")
    assert str(mail["To"]) == "Анна <anna@customers.test>"
    assert str(mail["From"]) == "Лавка <shop@shop.test>"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] is None


def test_the_same_message_has_the_same_id_at_every_attempt() -> None:
    assert composed(attempt=1).message_id == composed(attempt=2).message_id


def test_text_and_html_say_the_same_and_links_can_be_clicked() -> None:
    mail = written(text="Ваш заказ <№1>:\nhttps://shop.test/t?a=1&b=2.\n\nДо встречи", language="ru")
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == "Ваш заказ <№1>:\nhttps://shop.test/t?a=1&b=2.\n\nДо встречи\n"
    shown = html.get_content()
    assert '<a href="https://shop.test/t?a=1&amp;b=2">' in shown
    assert "&lt;№1&gt;" in shown
    assert '<html lang="ru">' in shown


@settings(deadline=None)
@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    html = written(text=text).get_body(("html",))
    assert html is not None
    tags = {"html", "head", "meta", "body", "p", "br", "a"}
    assert set(re.findall(r"<\s*([a-zA-Z]+)", html.get_content().removeprefix("<!doctype html>"))) <= tags


def test_the_signature_stands_under_the_answer_where_mail_programs_fold_it() -> None:
    plain = written({"signature": "Лавка\n+380 44 000"}).get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == "Да\n\n-- \nЛавка\n+380 44 000\n"


def test_the_agent_is_named_in_an_answer_but_not_in_what_a_machine_wrote() -> None:
    assert str(written(author="Олена")["From"]) == '"Олена (Лавка)" <shop@shop.test>'
    assert str(written(author="Олена", automatic=True)["From"]) == "Лавка <shop@shop.test>"


def test_what_a_machine_wrote_says_so_that_no_machine_answers() -> None:
    acknowledgement, notice = written(automatic=True, replies_to="1@anna"), written(automatic=True)
    assert (acknowledgement["Auto-Submitted"], notice["Auto-Submitted"]) == ("auto-replied", "auto-generated")
    assert acknowledgement["X-Auto-Response-Suppress"] == "All"


def test_a_long_conversation_keeps_its_first_and_its_latest_ids() -> None:
    mail = written(replies_to="99@x", references=tuple(f"{number}@x" for number in range(99)))
    ids = mail["References"].split()
    assert (ids[0], ids[-1], len(ids)) == ("<0@x>", "<99@x>", 10)


def test_ids_stay_whole_however_long_and_no_line_is_too_long_for_a_server() -> None:
    long = tuple(f"{'x' * 200}.{number}@customers.test" for number in range(12))
    raw = composed(replies_to=long[-1], references=long).mail
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"=?" not in raw.split(b"From:")[0]
    assert message_from_bytes(raw, policy=policy.default)["References"].split()[-1] == f"<{long[-1]}>"


def test_without_an_answered_mail_the_thread_still_goes_on() -> None:
    assert written(references=("1@x", "2@x"))["In-Reply-To"] == "<2@x>"


def test_only_a_secure_link_becomes_a_one_click_unsubscription() -> None:
    secure = written(links={"unsubscribe": "https://shop.test/u/1"})
    assert secure["List-Unsubscribe"] == "<https://shop.test/u/1>"
    assert secure["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert written(links={"unsubscribe": "http://localhost/u/1"})["List-Unsubscribe-Post"] is None
    assert written()["List-Unsubscribe"] is None


def test_the_reply_address_is_signed_where_the_server_knows_plus_addresses() -> None:
    mail = written({"plus_addresses": True})
    assert read_address(KEY, [mail["Reply-To"].addresses[0].addr_spec]) == "c1"
    assert written()["Reply-To"] is None


def test_files_go_along_whatever_they_are_called() -> None:
    files = (
        Attachment("чек №1.pdf", "application/pdf", data=b"%PDF"),
        Attachment("a\r\nBcc: evil@evil.test", "text/html\r\nX: y", data=b"<script>"),
        Attachment("brief.eml", "message/rfc822", data=b"From: x\n\n"),
        Attachment("фото", url="https://shop.test/f/1"),
    )
    mail = written(attachments=files)
    found = [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in mail.iter_attachments()
    ]
    assert found == [
        ("чек №1.pdf", "application/pdf", b"%PDF"),
        ("a Bcc: evil@evil.test", "application/octet-stream", b"<script>"),
        ("brief.eml", "application/octet-stream", b"From: x\n\n"),
    ]
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "фото: https://shop.test/f/1" in plain.get_content()


def test_a_file_that_is_gone_is_said_and_not_left_out_in_silence() -> None:
    with pytest.raises(Undeliverable, match="no longer there"):
        composed(attachments=(Attachment("чек.pdf", ref="x"),))


def test_those_in_copy_get_it_too_but_not_twice_and_not_ourselves() -> None:
    found = composed(copies=("Boss@x.test", "boss@x.test", "shop@shop.test", "anna@customers.test", "broken", "a@b\nc"))
    assert found.recipients == ("anna@customers.test", "Boss@x.test")


@settings(deadline=None)
@given(name=EVIL, subject=EVIL, author=EVIL, replies_to=EVIL, reference=EVIL, link=EVIL, copy=EVIL, file=EVIL)
def test_nobody_can_write_a_header_of_their_own(
    name: str, subject: str, author: str, replies_to: str, reference: str, link: str, copy: str, file: str
) -> None:
    raw = composed(
        {"from_name": author},
        name=name,
        subject=subject,
        author=author,
        replies_to=replies_to,
        references=(reference, f"<{reference}>"),
        links={"unsubscribe": f"https://{link}"},
        copies=(copy, f"a@{copy}"),
        attachments=(Attachment(file, file, data=b"x"),),
    ).mail
    head = raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    assert {line.partition(b":")[0].decode().lower() for line in head.split(b"\r\n")} <= KNOWN
    assert b"\n" not in head.replace(b"\r\n", b"")


@settings(deadline=None)
@given(st.text())
def test_any_line_is_one_line_and_any_address_is_either_clean_or_refused(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    for given_address in (text, f"{text}@x.test", f"a@{text}"):
        try:
            address = address_of(given_address)
        except Undeliverable:
            continue
        assert re.fullmatch(r"[^\s<>,;]+@[!-~]+", address)


def test_a_domain_in_cyrillic_letters_is_written_to() -> None:
    mail = composed(address="anna@пошта.test")
    assert mail.recipients == ("anna@xn--80a1acn3a.test",)
    assert b"anna@xn--80a1acn3a.test" in mail.mail
