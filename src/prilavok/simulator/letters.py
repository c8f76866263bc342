"""Letters that a shop gets every week, ready to be sent with one click: each is a trap for a careless mail reader."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime, formataddr, make_msgid

from prilavok.simulator.postbox import Letter

QUESTION = {  # subject, text, the line above the quote, the quote
    "ru": (
        "Чайник «Туман» и посудомойка",
        "Здравствуйте!\n\nА крышку тоже можно мыть в машине? И сколько стоит запасная?\n\nМарта",
        "{date} Лавка «Кардамон» пишет:",
        "Добрый день, Марта!\n\nДа, чайник «Туман» есть, отложили до пятницы.\n\nОксана",
    ),
    "uk": (
        "Чайник «Туман» і посудомийка",
        "Добрий день!\n\nА кришку теж можна мити в машині? І скільки коштує запасна?\n\nМарта",
        "{date} Крамниця «Кардамон» пише:",
        "Добрий день, Марто!\n\nТак, чайник «Туман» є, притримали до п’ятниці.\n\nОксана",
    ),
    "en": (
        "Mist teapot and the dishwasher",
        "Hello,\n\nMay the lid go into the dishwasher too? And how much is a spare one?\n\nMarta",
        "On {date}, Kardamon wrote:",
        "Hello Marta,\n\nYes, we have the Mist teapot and kept one until Friday.\n\nOksana",
    ),
}
ANGRY = {  # subject, charset, text
    "ru": (
        "ГДЕ МОЙ ЗАКАЗ",
        "windows-1251",
        "Третью неделю жду чашки! Деньги вы взяли сразу, а теперь тишина.\n"
        "Если до вечера не ответите, напишу отзыв везде, где смогу.\n\nМарта",
    ),
    "uk": (
        "ДЕ МОЄ ЗАМОВЛЕННЯ",
        "windows-1251",
        "Третій тиждень чекаю на чашки! Гроші взяли одразу, а тепер мовчите.\n"
        "Не відповісте до вечора — напишу відгук усюди, де зможу.\n\nМарта",
    ),
    "en": (
        "WHERE IS MY ORDER",
        "windows-1252",
        "I’ve been waiting for my cups for three weeks! You took the money at once…\n"
        "Answer by tonight or I’ll say so in every review I can write.\n\nMarta",
    ),
}
AWAY = {
    "ru": ("Автоответ: меня нет на месте", "Здравствуйте! Я в отпуске до понедельника и письма не читаю."),
    "uk": ("Автовідповідь: мене немає", "Вітаю! Я у відпустці до понеділка й листів не читаю."),
    "en": ("Automatic reply: out of office", "Hello! I am on holiday until Monday and do not read mail."),
}


def question(sender: tuple[str, str], to: str, language: str, at: datetime, last: Letter | None) -> bytes:
    """A question above quoted history that is not ours to answer again."""
    subject, text, heading, quoted = QUESTION[language]
    date = f"{at - timedelta(days=1):%d.%m.%Y %H:%M}"
    tail = "\n".join(f"> {line}" for line in quoted.splitlines())
    body = f"{text}\n\n{heading.format(date=date)}\n{tail}\n"
    del last
    return _letter(sender, to, f"Re: {subject}", body, at=at)


def angry(sender: tuple[str, str], to: str, language: str, at: datetime, last: Letter | None) -> bytes:
    """In a charset of the nineties, which still arrives every day."""
    subject, charset, text = ANGRY[language]
    del last
    return _letter(sender, to, subject, text, at=at, charset=charset)


def away(sender: tuple[str, str], to: str, language: str, at: datetime, last: Letter | None) -> bytes:
    """A machine's answer: nobody, and no machine, must answer it."""
    subject, text = AWAY[language]
    extra = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", "Precedence": "bulk"}
    if last is not None:
        extra |= {"In-Reply-To": last.id, "References": last.id}
    return _letter(sender, to, subject, text, at=at, extra=extra)


def bounce(sender: tuple[str, str], to: str, language: str, at: datetime, last: Letter | None) -> bytes:
    """The post office's report (RFC 3464) that the shop's last letter found no mailbox."""
    del language
    edge, address = "=_report", sender[1]
    lost = last.id if last else make_msgid(domain="shop.example")
    subject = last.subject if last else "Re: your order"
    parts = (
        f"Content-Type: text/plain; charset=utf-8\n\nYour message to {address} could not be delivered:\n"
        "550 5.1.1 The mailbox does not exist.",
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.mail.example\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 The mailbox does not exist",
        f"Content-Type: text/rfc822-headers; charset=utf-8\n\nMessage-ID: {lost}\nFrom: {to}\nTo: {address}\n"
        f"Subject: {_one_line(subject)}",
    )
    head = (
        f"From: Mail Delivery Subsystem <mailer-daemon@mx.mail.example>\nTo: {to}\n"
        f"Subject: Undelivered Mail Returned to Sender\nDate: {format_datetime(at)}\n"
        f"Message-ID: {make_msgid(domain='mx.mail.example')}\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{edge}"\n'
    )
    return (head + "".join(f"\n--{edge}\n{part}\n" for part in parts) + f"\n--{edge}--\n").encode()


def complaint(sender: tuple[str, str], to: str, last: Letter, at: datetime) -> bytes:
    """The report of a mail provider (RFC 5965) that its user called a letter of the shop spam."""
    edge, address = "=_feedback", sender[1]
    parts = (
        f"Content-Type: text/plain; charset=utf-8\n\nThis is an abuse report about a letter to {address}.",
        f"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: mail.example/1.0\nVersion: 1\n"
        f"Original-Rcpt-To: {address}\nArrival-Date: {format_datetime(last.at)}",
        f"Content-Type: text/rfc822-headers; charset=utf-8\n\nMessage-ID: {last.id}\nFrom: {to}\nTo: {address}\n"
        f"Subject: {_one_line(last.subject)}",
    )
    head = (
        f"From: Feedback loop <fbl@mail.example>\nTo: {to}\nSubject: Abuse report\nDate: {format_datetime(at)}\n"
        f"Message-ID: {make_msgid(domain='mail.example')}\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type=feedback-report; boundary="{edge}"\n'
    )
    return (head + "".join(f"\n--{edge}\n{part}\n" for part in parts) + f"\n--{edge}--\n").encode()


SAMPLES: dict[str, Callable[[tuple[str, str], str, str, datetime, Letter | None], bytes]] = {
    "question": question,
    "angry": angry,
    "away": away,
    "bounce": bounce,
}


def _letter(
    sender: tuple[str, str],
    to: str,
    subject: str,
    text: str,
    *,
    at: datetime,
    charset: str = "utf-8",
    extra: dict[str, str] | None = None,
) -> bytes:
    """By hand, in eight bits: the library would choose a kinder form than the mail programs of customers do."""
    headers = {
        "From": formataddr(sender),
        "To": to,
        "Subject": _encoded(subject, charset),
        "Date": format_datetime(at),
        "Message-ID": make_msgid(domain="mail.example"),
        **(extra or {}),
        "MIME-Version": "1.0",
        "Content-Type": f"text/plain; charset={charset}",
        "Content-Transfer-Encoding": "8bit",
    }
    head = "".join(f"{name}: {value}\n" for name, value in headers.items())
    return head.encode() + b"\n" + text.encode(charset)


def _encoded(text: str, charset: str) -> str:
    quoted = "".join(f"={byte:02X}" for byte in text.encode(charset))
    return f"=?{charset}?Q?{quoted}?="


def _one_line(text: str) -> str:
    return " ".join(text.split())
