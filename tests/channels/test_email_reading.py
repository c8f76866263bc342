"""Alphabets, headers, files: what mail programs get wrong and we read nevertheless."""

import base64
import struct
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from prilavok.channels.email.charsets import decode
from prilavok.channels.email.headers import addresses, instant, message_ids, parameters, words
from prilavok.channels.email.understand import understand

RUSSIAN = "Здравствуйте, где мой заказ №1042? Жду с понедельника."
UKRAINIAN = "Доброго дня! Коли буде відправлення? Дякую"


LABELS = ["", "utf-8", "windows-1251", "koi8-r", "us-ascii", "iso-8859-1", "x-unknown", "cp-1251"]
ENCODED = [(RUSSIAN, real) for real in ("cp1251", "cp866", "iso8859_5", "mac_cyrillic", "utf-8")]
ENCODED += [(UKRAINIAN, real) for real in ("cp1251", "koi8_u", "iso8859_5", "utf-8")]
ENCODED += [
    (text, real) for text in ("Привет", "ПРИВЕТ, ГДЕ ЗАКАЗ") for real in ("cp1251", "koi8_u", "iso8859_5", "cp866")
]


@pytest.mark.parametrize(("text", "real"), ENCODED)
@pytest.mark.parametrize("label", LABELS)
def test_a_wrong_label_does_not_spoil_the_text(text: str, real: str, label: str):
    if (real, label) not in {("mac_cyrillic", "windows-1251"), ("mac_cyrillic", "cp-1251")}:  # too alike to tell
        assert decode(text.encode(real), label) == text


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        ("Grüße aus Köln".encode("latin-1"), "iso-8859-1", "Grüße aus Köln"),
        ("日本語".encode("iso2022_jp"), "iso-2022-jp", "日本語"),
        ("联通".encode("gbk"), "gb2312", "联通"),
        (RUSSIAN.encode()[:-1] + b"\xd0", "utf-8", RUSSIAN[:-1] + "\ufffd"),
        (b"\xef\xbb\xbfabc", "", "abc"),
        (b"abc", "base64", "abc"),
    ],
)
def test_other_alphabets_are_left_in_peace(data: bytes, label: str, text: str):
    assert decode(data, label) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?UTF-8?B?0JLQsNGI0LUg0YHQvtC+0LHRidC10L3QuNC1?=. Mail failure.", "Ваше сообщение. Mail failure."),
        ("=?utf-8?B?0J/RgNC40LLQ?= =?utf-8?B?tdGC?=", "Привет"),
        ("=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?= =?windows-1251?Q?_=EC=E8=F0?=", "Привет мир"),
        ("=?koi8-r?B?z/Do4uXy?=", "Привет"),
        ("=?x-unknown?B?z/Do4uXy?=", "Привет"),
        ("Re: =?utf-8?Q?=D0=97=D0=B0=D0=BA=D0=B0=D0=B7?= 5", "Re: Заказ 5"),
        ("=?utf-8?B?0JfQsNC60LDQtw", "Заказ"),
        ("=?UTF-8*ru?Q?=D0=97?=", "З"),
        ("=?utf-8?q?Hello_=3F_world?=", "Hello ? world"),
        ("=?utf-8?Q?Тест?=", "Тест"),
        ("=?a?b?", "=?a?b?"),
    ],
)
def test_encoded_words_are_read_however_they_were_split(raw: str, text: str):
    assert words(raw) == text


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ('name="=?utf-8?B?0YTQsNC50LsucGRm?="', "файл.pdf"),
        ("name*=utf-8''%D1%84.pdf", "ф.pdf"),
        ("name*0*=utf-8''%D1%84;\n name*1*=%D0%B0;\n name*2=\".pdf\"", "фа.pdf"),
        ("name=my file.pdf", "my file.pdf"),
        ('name="a;b.pdf"', "a;b.pdf"),
        ("name*=windows-1251''%F4.pdf", "ф.pdf"),
    ],
)
def test_file_names_are_read_in_every_spelling(raw: str, name: str):
    assert parameters(f"application/pdf; {raw}")[1]["name"] == name


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ('"Иванов, Иван" <A@B.example>', [("Иванов, Иван", "a@b.example")]),
        ("a@b.example (Ivan)", [("Ivan", "a@b.example")]),
        ("=?utf-8?B?0JjQstCw0L0sINCf?= <a@b.example>, x@y.example", [("Иван, П", "a@b.example"), ("", "x@y.example")]),
        ("Group: a@b.example, c@d.example;", [("", "a@b.example"), ("", "c@d.example")]),
        ("undisclosed-recipients:;", []),
    ],
)
def test_addresses_are_found(raw: str, found: list[tuple[str, str]]):
    assert addresses(raw) == found


def test_dates_and_ids_are_forgiven():
    assert instant("Mon, 16 Nov 2026 10:15:00 +0200") == datetime(2026, 11, 16, 8, 15, tzinfo=UTC)
    assert instant("16 ноя 2026 10:15:00 +0300") == datetime(2026, 11, 16, 7, 15, tzinfo=UTC)
    assert instant("2026-11-16T10:15:00Z") == datetime(2026, 11, 16, 10, 15, tzinfo=UTC)
    assert instant("Mon, 99 Nov 2026 25:15:00") is None
    assert message_ids("<a@b>, <a@b> (comment) <c@d>") == ("<a@b>", "<c@d>")
    assert message_ids("a@b c@d") == ("<a@b>", "<c@d>")


def test_a_thread_keeps_its_key():
    first = understand(b"Message-ID: <1@shop.example>\n\na")
    reply = understand(b"Message-ID: <2@x.example>\nIn-Reply-To: <1@shop.example>\n\na")
    third = understand(b"Message-ID: <3@x.example>\nReferences: <1@shop.example> <2@x.example>\n\na")
    assert first.thread_key == reply.thread_key == third.thread_key == "<1@shop.example>"
    assert understand(b"\n\na").thread_key == understand(b"\n\na").thread_key != understand(b"\n\nb").thread_key


def test_raw_letters_in_the_header_are_read():
    mail = understand("From: Иван <a@b.example>\nSubject: Где заказ\n\nПривет, где мой заказ".encode("cp1251"))
    assert (mail.from_name, mail.subject, mail.text) == ("Иван", "Где заказ", "Привет, где мой заказ")


def test_files_images_calendars_and_mails_come_as_attachments():
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("См. вложение")
    message.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<logo@x>", filename="logo.png")
    inner = EmailMessage()
    inner["Subject"] = "Старое"
    inner.set_content("тело")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="счёт.pdf")
    message.add_attachment(inner)
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="invite.ics")
    mail = understand(message.as_bytes())
    assert mail.visible_text == "См. вложение"
    assert [one.name for one in mail.attachments] == ["logo.png", "счёт.pdf", "Старое.eml", "invite.ics"]
    image = mail.attachments[0]
    assert (image.kind, image.content_id, image.data) == ("image", "logo@x", b"\x89PNG")
    assert b"Subject:" in (mail.attachments[2].data or b"")


def test_flowed_lines_are_joined():
    raw = b"Content-Type: text/plain; format=flowed\n\nHello \nworld\n\n> quoted \n> line\n-- \nJohn"
    mail = understand(raw)
    assert mail.visible_text == "Hello world"
    assert "> quoted line" in mail.folded


def test_damaged_encodings_give_what_can_be_read():
    head = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
    assert understand(head + b"base64\n\n" + base64.b64encode("Привет, мир".encode())[:-3]).text.startswith("Привет")
    assert understand(head + b"quoted-printable\n\nA=ZZ =D0=9F=D1=80=\nok=3").text.startswith("A=ZZ Пр")


def test_uuencoded_files_leave_the_text():
    mail = understand(b"Content-Type: text/plain\n\nSee file\n\nbegin 644 a.txt\n%:&5L;&\\\n`\nend\n\nBye")
    assert [(one.name, one.data) for one in mail.attachments] == [("a.txt", b"hello")]
    assert "begin 644" not in mail.text


def test_winmail_dat_is_unwrapped():
    def attribute(kind: int, value: bytes) -> bytes:
        return struct.pack("<BII", 2, kind, len(value)) + value + b"\0\0"

    name = "Счёт.pdf".encode("utf-16-le") + b"\0\0"
    long_name = struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, len(name)) + name + b"\0" * (-len(name) % 4)
    tnef = struct.pack("<IH", 0x223E9F78, 1) + attribute(0x9002, b"") + attribute(0x8010, b"S.PDF\0")
    tnef += attribute(0x800F, b"%PDF") + attribute(0x9005, long_name)
    raw = b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    mail = understand(raw + base64.b64encode(tnef))
    assert [(one.name, one.type, one.data) for one in mail.attachments] == [("Счёт.pdf", "application/pdf", b"%PDF")]


def test_an_excuse_for_html_is_not_the_text():
    raw = (
        b'Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain\n\n'
        b"Your e-mail program does not support HTML.\n--b\nContent-Type: text/html\n\n<p>Real text</p>\n--b--"
    )
    assert understand(raw).text == "Real text"
