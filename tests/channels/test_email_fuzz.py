"""No bytes break the reader, and no mail makes it work for ever."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prilavok.channels.email.mime import MOST_DEPTH, MOST_PARTS, read
from prilavok.channels.email.understand import MOST_BODY, Mail, understand
from tests.channels.mail_corpus import samples
from tests.channels.mail_reports import AUTOMATIC, REPORTS

SEEDS = [sample.raw for sample in samples()][::9] + [report.raw for report in REPORTS] + AUTOMATIC[:5]
SLOWLY = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
PIECES = [
    b"\n", b"\n\n", b"--b", b"--b--\n", b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: text/html\n",
    b"<div", b">", b"\x00", b"Content-Transfer-Encoding: base64\n", b"=?utf-8?B?", b"?=", b"From: ", b"<", b"\xd0",
    b"Content-Type: message/rfc822\n", b"> ", b"-- \n", b"On Mon, 16 Nov 2026 at 10:15, A <a@b.c> wrote:\n",
    b"charset=utf-16", b"charset=idna", b"filename*9*=x''%", b"begin 644 x\n", b"Date: ", b"Message-ID: <\xff>\n",
    b"Final-Recipient: rfc822;\n", b"Subject: failure notice\n", b"From: mailer-daemon@x\n", b"+40", b"\xed\xa0\x80",
]  # fmt: skip


def is_storable(mail: Mail) -> bool:
    texts = [
        mail.visible_text,
        mail.folded,
        mail.text,
        mail.html,
        mail.subject,
        mail.from_address,
        mail.from_name,
        mail.thread_key,
    ]
    texts += [one.name for one in mail.attachments] + [one.reason for one in mail.bounce] + list(mail.to)
    texts += [*mail.references, *mail.in_reply_to, mail.message_id, mail.reply_to]
    return all("\x00" not in text and text.encode("utf-8") is not None for text in texts)


@SLOWLY
@given(st.binary(max_size=2000))
def test_any_bytes_give_a_mail(raw: bytes):
    assert is_storable(understand(raw))


@SLOWLY
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=12)), max_size=60))
def test_any_heap_of_mail_pieces_gives_a_mail(pieces: list[bytes]):
    assert is_storable(understand(b"".join(pieces)))


@SLOWLY
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.one_of(st.sampled_from(PIECES), st.binary(max_size=4))), max_size=8),
)
def test_a_damaged_mail_gives_a_mail(raw: bytes, damage: list[tuple[float, bytes]]):
    for where, piece in damage:
        at = int(where * len(raw))
        raw = raw[:at] + piece + raw[at + len(piece) // 2 :]
    assert is_storable(understand(raw))


def nest(levels: int) -> bytes:
    level = [b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (index, index) for index in range(levels)]
    return b"From: a@b.c\n" + b"".join(level) + b"\nhello\n"


BOMBS = {
    "a nest": nest(20_000),
    "parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000,
    "mails in mails": b"Content-Type: message/rfc822\n\n" * 20_000,
    "dashes": b"\n" + b"--\n" * 300_000,
    "quotes": b"\n" + b"> a\nb\n" * 100_000,
    "separators": b"\n" + b"-----Original Message-----\n> x\n" * 30_000,
    "words without end": b"Subject: " + b"=?utf-8?B?" * 20_000 + b"\n\nx",
    "brackets": b"From: " + b"<(\"'" * 20_000 + b"\n\nx",
    "fields": b"X: a\n" * 300_000 + b"\nx",
    "folds": b"Subject: a\n" + b" b\n" * 300_000 + b"\nx",
    "tags": b"Content-Type: text/html\n\n" + b"<div><a b='" * 100_000,
    "recipients": b"From: mailer-daemon@x\nSubject: failure notice\n\n" + b"<a@b.c>:\n" * 30_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_within_limits(name: str):
    raw = BOMBS[name]
    parts = read(raw).walk()
    assert len(parts) <= MOST_PARTS + 1
    mail = understand(raw)
    assert len(mail.text) <= MOST_BODY
    assert is_storable(mail)


def test_a_nest_ends_at_the_depth_limit():
    part, depth = read(nest(100)), 0
    while part.children:
        part, depth = part.children[0], depth + 1
    assert depth == MOST_DEPTH


@pytest.mark.timeout(90)
def test_a_mail_of_a_hundred_megabytes_is_cut():
    head = b"From: a@b.c\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    mail = understand(head + (b"QUFB" * 18 + b"\n") * 1_400_000)
    assert [one.name for one in mail.attachments] == ["a.pdf"]
    assert 40_000_000 < (mail.attachments[0].size or 0) < 64 * 1024 * 1024
