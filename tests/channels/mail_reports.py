"""Reports of mail servers, automatic answers, and the people who look like them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Report:
    name: str
    raw: bytes
    recipients: tuple[str, ...]
    temporary: bool = False
    policy: bool = False
    original: str = "<m1@lampa.example>"


ORIGINAL = (
    "Message-ID: <m1@lampa.example>\nFrom: Lamp <shop@lampa.example>\nTo: anna@gone.example\n"
    "Subject: Order 1042\n\nYour order\n"
)


def mail(subject: str, sender: str, body: str, *extra: str) -> bytes:
    head = [
        f"From: {sender}",
        "To: shop@lampa.example",
        f"Subject: {subject}",
        "Date: Mon, 16 Nov 2026 10:15:00 +0000",
        *extra,
    ]
    if not any(line.lower().startswith("content-type") for line in extra):
        head.append("Content-Type: text/plain; charset=utf-8")
    return ("\n".join(head) + "\n\n" + body).encode()


def report(subject: str, sender: str, notice: str, status: str, *extra: str, returned: str = "message/rfc822") -> bytes:
    body = (
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{notice}\n--b\nContent-Type: "
        f"message/delivery-status\n\n{status}\n"
        f"--b\nContent-Type: {returned}\n\n{ORIGINAL}\n--b--\n"
    )
    return mail(
        subject, sender, body, 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', *extra
    )


D = "Mail Delivery System <MAILER-DAEMON@mx.example>"
HEAD = "Reporting-MTA: dns; mx.example\n\n"
REPORTS = [
    Report(
        "postfix, unknown user",
        report(
            "Undelivered Mail Returned to Sender",
            D,
            "<anna@gone.example>: host said: 550 5.1.1 User unknown",
            HEAD + "Final-Recipient: rfc822; anna@gone.example\nAction: failed\nStatus: 5.1.1\n"
            "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n",
        ),
        ("anna@gone.example",),
    ),
    Report(
        "postfix, full",
        report(
            "Undelivered Mail Returned to Sender",
            D,
            "over quota",
            HEAD + "Final-Recipient: rfc822; anna@gone.example\nAction: failed\nStatus: 5.2.2\n"
            "Diagnostic-Code: smtp; 552 5.2.2 Over quota\n",
        ),
        ("anna@gone.example",),
        temporary=True,
    ),
    Report(
        "spam filter",
        report(
            "Undelivered Mail Returned to Sender",
            D,
            "blocked",
            HEAD + "Final-Recipient: rfc822; anna@gone.example\nAction: failed\nStatus: 5.7.1\n"
            "Diagnostic-Code: smtp; 550 5.7.1 Message rejected as spam by content filtering\n",
        ),
        ("anna@gone.example",),
        policy=True,
    ),
    Report(
        "spf",
        report(
            "Недоставленное сообщение",
            D,
            "отказ",
            HEAD + "Final-Recipient: rfc822; anna@gone.example\nAction: failed\nStatus: 5.0.0\n"
            "Diagnostic-Code: smtp; 550 SPF check failed: sender is not authorized\n",
        ),
        ("anna@gone.example",),
        policy=True,
    ),
    Report(
        "a delay",
        report(
            "Warning: message delayed",
            D,
            "delayed 4 hours",
            HEAD + "Final-Recipient: rfc822; anna@gone.example\nAction: delayed\nStatus: 4.4.1\n"
            "Diagnostic-Code: smtp; 421 try later\nWill-Retry-Until: Tue, 17 Nov 2026\n",
        ),
        (),
        temporary=True,
    ),
    Report(
        "headers only",
        report(
            "Delivery Status Notification (Failure)",
            D,
            "no",
            HEAD + "Original-Recipient: rfc822;anna@gone.example\nFinal-Recipient: rfc822;"
            "anna@gone.example\nAction: failed\nStatus: 5.1.1\n",
            returned="text/rfc822-headers",
        ),
        ("anna@gone.example",),
    ),
    Report(
        "expired",
        report(
            "Undeliverable",
            D,
            "gave up",
            HEAD + "Final-Recipient: rfc822; anna@gone.example\nAction: failed\nStatus: 4.4.7\n"
            "Diagnostic-Code: smtp; delivery time expired\n",
        ),
        ("anna@gone.example",),
        temporary=True,
    ),
    Report(
        "two fates",
        report(
            "Undelivered",
            D,
            "two",
            HEAD + "Final-Recipient: rfc822; anna@gone.example\nAction: failed\nStatus: 5.1.1\n\n"
            "Final-Recipient: rfc822; olga@slow.example\nAction: delayed\nStatus: 4.4.1\n",
        ),
        ("anna@gone.example",),
    ),
    Report(
        "exim",
        mail(
            "Mail delivery failed: returning message to sender",
            "Mail Delivery System <Mailer-Daemon@h.example>",
            "This message was created automatically by mail delivery software.\n\nA message that "
            "you sent could not be delivered to one or more of its\nrecipients. This is a "
            "permanent error. The following address(es) failed:\n\n  anna@gone.example\n    host "
            "mx.gone.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT "
            "TO:<anna@gone.example>:\n    550 No such user here\n\n------ This is a copy of the "
            "message, including all the headers. ------\n\n" + ORIGINAL,
            "X-Failed-Recipients: anna@gone.example",
            "Auto-Submitted: auto-replied",
        ),
        ("anna@gone.example",),
    ),
    Report(
        "exim warns",
        mail(
            "Warning: message 1abc delayed 24 hours",
            "Mail Delivery System <Mailer-Daemon@h.example>",
            "This message was created automatically by mail delivery software.\nA message that "
            "you sent has not yet been delivered to one or more of its\nrecipients after more "
            "than 24 hours on the queue.\n\nThe address to which the message has not yet been "
            "delivered is:\n\n  anna@gone.example\n\nNo action is required on your part. "
            "Delivery attempts will continue for some time.\n",
            "Auto-Submitted: auto-replied",
        ),
        (),
        temporary=True,
        original="",
    ),
    Report(
        "qmail",
        mail(
            "failure notice",
            "MAILER-DAEMON@q.example",
            "Hi. This is the qmail-send program at q.example.\nI'm afraid I wasn't able to "
            "deliver your message to the following addresses.\nThis is a permanent error; I've "
            "given up. Sorry it didn't work out.\n\n<anna@gone.example>:\nSorry, no mailbox here "
            "by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
            "Return-Path: <shop@lampa.example>\n" + ORIGINAL,
        ),
        ("anna@gone.example",),
    ),
    Report(
        "mail.ru, Russian",
        mail(
            "Ваше сообщение не доставлено. Mail failure.",
            "mailer-daemon@corp.mail.ru",
            "Это письмо создано автоматически сервером Mail.Ru, отвечать на него не нужно.\n\nК "
            "сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:\n"
            "\nanna@gone.example:\nlocal mailbox anna@gone.example is unavailable: user not "
            "found\n\n",
        ),
        ("anna@gone.example",),
        original="",
    ),
    Report(
        "yandex, Russian",
        mail(
            "Недоставленное сообщение",
            "mailer-daemon@yandex.ru",
            "Это письмо отправлено почтовым сервером yandex.ru.\n\nК сожалению, мы вынуждены "
            "сообщить Вам о том, что Ваше письмо не может\nбыть отправлено одному или нескольким "
            "адресатам. Технические подробности можно найти ниже.\n\nВозможные причины "
            "недоставки указаны по адресу: http://help.yandex.ru/mail/\n\n<anna@gone.example>: "
            "host mx.gone.example[192.0.2.1] said: 550 5.1.1 No such\n    user (in reply to RCPT "
            "TO command)\n",
            "Auto-Submitted: auto-replied",
        ),
        ("anna@gone.example",),
        original="",
    ),
    Report(
        "exchange, Russian",
        mail(
            "Не доставлено: Заказ 1042",
            "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@gone.example>",
            "Не удалось выполнить доставку следующим получателям или спискам рассылки:\n\n"
            "anna@gone.example<mailto:anna@gone.example>\nУказанный адрес электронной почты не "
            "найден. Проверьте адрес и попробуйте отправить сообщение еще раз.\n\nСведения для "
            "диагностики для администраторов:\n\nСоздающий сервер: mx.gone.example\n\n"
            "anna@gone.example\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\nИсходные "
            "заголовки сообщения:\n\n" + ORIGINAL,
        ),
        ("anna@gone.example",),
    ),
    Report(
        "exchange, Ukrainian",
        mail(
            "Не доставлено: Замовлення 1042",
            "postmaster@gone.example",
            "Не вдалося доставити повідомлення таким одержувачам або групам:\n\n"
            "anna@gone.example\nАдресу електронної пошти не знайдено.\n\nanna@gone.example\n"
            "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not "
            "found by SMTP address lookup'\n",
        ),
        ("anna@gone.example",),
        original="",
    ),
    Report(
        "exchange, delivery failed to groups",
        mail(
            "Undeliverable: Order 1042",
            "postmaster@gone.example",
            "Your message to anna@gone.example couldn't be delivered.\n\nanna wasn't found at "
            "gone.example.\n\nshop\tOffice 365\tanna\nAction Required\t\tRecipient\n\nUnknown To "
            "address\n",
        ),
        ("anna@gone.example",),
        original="",
    ),
    Report(
        "gmail, no header",
        mail(
            "Delivery Status Notification (Failure)",
            "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "** Address not found **\n\nYour message wasn't delivered to anna@gone.example "
            "because the address couldn't be found, or is unable to receive mail.\n\nThe "
            "response from the remote server was:\n550 5.1.1 User Unknown\n",
            "In-Reply-To: <m1@lampa.example>",
        ),
        ("anna@gone.example",),
    ),
    Report(
        "gmail, Russian",
        mail(
            "Delivery Status Notification (Failure)",
            "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "** Адрес не найден **\n\nПисьмо для anna@gone.example не доставлено, так как адрес "
            "не найден или не принимает почту.\n\nОтвет от удалённого сервера:\n550 5.1.1 User "
            "unknown\n",
            "In-Reply-To: <m1@lampa.example>",
        ),
        ("anna@gone.example",),
    ),
    Report(
        "sendmail transcript",
        mail(
            "Returned mail: see transcript for details",
            "Mail Delivery Subsystem <MAILER-DAEMON@s.example>",
            "The original message was received at Mon, 16 Nov 2026 10:15:00\n\n   ----- The "
            "following addresses had permanent fatal errors -----\n<anna@gone.example>\n    "
            "(reason: 550 5.1.1 <anna@gone.example>... User unknown)\n\n   ----- Transcript of "
            "session follows -----\n... while talking to mx.gone.example.:\n>>> DATA\n<<< 550 "
            "5.1.1 User unknown\n",
        ),
        ("anna@gone.example",),
        original="",
    ),
    Report(
        "ukr.net",
        mail(
            "Лист не доставлено",
            "Mail Delivery System <postmaster@ukr.net>",
            "Ваш лист не може бути доставлений одержувачу:\n\n    anna@gone.example\n\nПричина: "
            "550 Mailbox is full / Поштова скринька переповнена\n",
        ),
        ("anna@gone.example",),
        temporary=True,
        original="",
    ),
    Report(
        "i.ua",
        mail(
            "Mail delivery failed: returning message to sender",
            "Mail Delivery System <postmaster@i.ua>",
            "Сообщение не может быть доставлено:\n\nanna@gone.example\n    550 Mailbox is "
            "frozen. See http://mail.i.ua/err/3/\n",
            "Return-Path: <>",
        ),
        ("anna@gone.example",),
        original="",
    ),
    Report(
        "html only",
        mail(
            "Undelivered Mail Returned to Sender",
            D,
            "<html><body><p>Delivery to the following recipient failed permanently:</p><p><b>"
            "anna@gone.example</b></p><p>550 5.1.1 no such user</p></body></html>",
            "Content-Type: text/html; charset=utf-8",
        ),
        ("anna@gone.example",),
        original="",
    ),
    Report(
        "domino",
        mail(
            "DELIVERY FAILURE: User anna (anna@gone.example) not listed in Domino Directory",
            "Postmaster@gone.example",
            "Your message\n\n  Subject: Order 1042\n\nwas not delivered to:\n\n  "
            "anna@gone.example\n\nbecause:\n\n  User anna (anna@gone.example) not listed in "
            "Domino Directory\n",
            "Return-Path: <>",
        ),
        ("anna@gone.example",),
        original="",
    ),
    Report(
        "no such domain",
        report(
            "Undelivered Mail Returned to Sender",
            D,
            "no host",
            HEAD + "Final-Recipient: rfc822; anna@gone.example\nAction: failed\nStatus: 5.4.4\n"
            "Diagnostic-Code: X-Postfix; Host or domain name not found. Name service error for "
            "name=gone.example type=A: Host not found\n",
        ),
        ("anna@gone.example",),
    ),
    Report(
        "policy code, unknown user",
        report(
            "Undelivered Mail Returned to Sender",
            D,
            "x",
            HEAD + "Final-Recipient: rfc822; anna@gone.example\nAction: failed\nStatus: 5.7.1\n"
            "Diagnostic-Code: smtp; 550 5.7.1 Recipient address rejected: user anna@gone.example "
            "does not exist\n",
        ),
        ("anna@gone.example",),
    ),
]
BOUNCE_LOOKALIKES = [
    mail(
        "Не доставлен заказ 1042",
        "Анна <anna@mail.example>",
        "Здравствуйте, заказ не доставлен, курьер не приехал. Куда пропала посылка?",
    ),
    mail(
        "Undelivered parcel",
        "Anna <anna@mail.example>",
        "My parcel could not be delivered, the courier had the wrong address. Please send it again.",
    ),
    mail(
        "Re: Undelivered Mail Returned to Sender",
        "Anna <anna@mail.example>",
        "I got this strange message from you, what does it mean?\n\n> <anna@x.example>: host "
        "said: 550 5.1.1 User unknown",
        "In-Reply-To: <m1@lampa.example>",
    ),
    mail(
        "Fwd: Delivery Status Notification (Failure)",
        "Anna <anna@mail.example>",
        "Смотрите, ваше письмо вернулось.\n\n---------- Forwarded message ---------\nFrom: "
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n\n550 5.1.1 User unknown",
    ),
    mail("Доставка не удалась", "Анна <anna@mail.example>", "Доставка невозможна по этому адресу? Тогда заберу сама."),
    mail(
        "Ваше письмо не доставлено",
        "Анна <anna@mail.example>",
        "Мне пишут, что ваше письмо не доставлено. Почему? Мой адрес anna@mail.example верный.",
    ),
    mail("Возврат товара", "Анна <anna@mail.example>", "Хочу вернуть лампу, не подошла."),
    mail(
        "Возврат посылки отправителю", "Анна <anna@mail.example>", "Посылка вернулась отправителю, отправьте ещё раз."
    ),
    mail("Failure of the lamp", "Anna <anna@mail.example>", "The lamp failed permanently after two days."),
    mail(
        "Помилка доставки",
        "Анна <anna@mail.example>",
        "Не вдалося доставити, кажуть адреса неправильна. Перевірте будь ласка anna@mail.example",
    ),
]


def auto(subject: str, body: str, *extra: str, sender: str = "Anna <anna@mail.example>") -> bytes:
    return mail(subject, sender, body, *extra)


AUTOMATIC = [
    auto("Re: Order", "I am away.", "Auto-Submitted: auto-replied"),
    auto("Re: Order", "I am away.", "Auto-Submitted: auto-generated; owner-email=x"),
    auto("Re: Order", "I am away.", "X-Autoreply: yes"),
    auto("Re: Order", "I am away.", "X-Autorespond: Order"),
    auto("Re: Order", "I am away.", "Precedence: auto_reply"),
    auto("Re: Order", "I am away.", "Precedence: bulk"),
    auto("Re: Order", "I'm only sleeping.", "X-Apple-Action: VACATION"),
    auto("Автоответ: Заказ", "Меня нет."),
    auto("Автоматический ответ: Заказ 1042", "Я в отпуске до 1 декабря."),
    auto("Автоматична відповідь: Замовлення", "Я у відпустці."),
    auto("Автовідповідь", "Я у відпустці до 1 грудня."),
    auto("Out of Office: Order", "Back on Monday."),
    auto("Out of office", "Back on Monday."),
    auto("Automatic reply: Order 1042", "Back on Monday.", "X-Auto-Response-Suppress: All"),
    auto("Auto-Reply: Order", "Back on Monday."),
    auto("Autoreply", "Back."),
    auto("OOO Re: Order", "Back on Monday."),
    auto("Вне офиса: Заказ", "Вернусь в понедельник."),
    auto(
        "Re: Заказ 1042",
        "Здравствуйте! Я нахожусь в отпуске с 10 по 20 ноября. По срочным вопросам "
        "обращайтесь к Ивану Петрову, ivan@mail.example.",
    ),
    auto(
        "Re: Замовлення 1042",
        "Доброго дня! Я перебуваю у відпустці до 20 листопада. З термінових питань "
        "звертайтесь до колеги ivan@mail.example.",
    ),
    auto(
        "Re: Order 1042",
        "I am out of the office until 20 November with limited access to email. For urgent "
        "matters please contact Ivan at ivan@mail.example.",
    ),
    auto("Ответ", "Это автоматический ответ. Ваше письмо получено, мы свяжемся с вами."),
    auto("Ваше обращение принято", "Номер обращения 15."),
    auto(
        "Подтверждение",
        "Это письмо сформировано автоматически, пожалуйста, не отвечайте на него.",
        sender="info@bank.example",
    ),
    auto(
        "News", "Big sale", "List-Unsubscribe: <https://x.example/u>", "List-Id: <n.x.example>", sender="news@x.example"
    ),
    auto("Your receipt", "Thank you for paying.", sender="no-reply@pay.example"),
    auto("Заказ", "Ваш платёж", sender="noreply@bank.example"),
    auto("Abwesenheitsnotiz: Order", "Ich bin im Urlaub."),
    auto("Réponse automatique : Commande", "Je suis absent."),
    auto("Odpowiedź automatyczna: Zamówienie", "Jestem na urlopie."),
    auto("Re: Order", "Away", "X-Auto-Response-Suppress: All", "X-MS-Exchange-Inbox-Rules-Loop: a@b.example"),
    auto("Order", "vacation", "Return-Path: <>"),
    auto("Re: Заказ", "Я в отпуске", "X-Mail-Autoreply: Mailman"),
    auto("Вас нет? Я тоже", "x", "X-Vacation: yes"),
    auto("Re: Order", "Thank you for your e-mail. This is an automatic reply. I will return on Monday."),
    auto("Отсутствую на рабочем месте: Заказ", "Буду в понедельник."),
    auto("Я в отпуске до 20.11", "Отвечу позже."),
    auto("[Auto-Reply] Order", "We got it."),
    auto("Auto: Заказ", "Мы получили ваше письмо."),
    auto("Відсутній на робочому місці", "Буду у понеділок."),
]
PEOPLE = [
    auto("Re: Автоответ: Заказ", "Мне приходит автоответ, ответьте сами."),
    auto("Автоответчик не работает", "Купил у вас автоответчик, он не работает."),
    auto("Out of office furniture?", "Do you sell chairs for an office?"),
    auto("Заказ 1042", "Я в отпуске до 20 ноября, доставьте, пожалуйста, заказ после."),
    auto("Заказ", "Меня не будет на работе завтра, привезите посылку в субботу"),
    auto("Order", "I am out of the office until Monday, please deliver the order to my home address."),
    auto("Замовлення", "Я у відпустці до понеділка, доставте замовлення пізніше."),
    auto("Re: Order 1042", "Yes, please.", "X-Auto-Response-Suppress: DR, OOF, AutoReply"),
    auto("Re: Order 1042", "Yes, please.", "X-Auto-Response-Suppress: All"),
    auto("Re: Order 1042", "Yes, please.", "Auto-Submitted: no"),
    auto("Re: Order 1042", "Yes, please.", "Precedence: normal"),
    auto("Re: Order 1042", "Yes, please.", "Precedence: first-class", "Return-Path: <anna@mail.example>"),
    auto("Отпуск", "Хочу получить лампу до отпуска, успеете?"),
    auto("Вопрос", "Почему мне пришло «это письмо сформировано автоматически»? Я хочу поговорить с человеком."),
    auto("Question", "Your site says 'please do not reply to this email'. How do I reach a person?"),
    auto(
        "Заявка с сайта", "Имя: Анна. Когда будет лампа?", "Reply-To: anna@mail.example", sender="noreply@forms.example"
    ),
    auto("Vacation house lamp", "Which lamp fits a vacation house?"),
    auto("Автоматический выключатель", "Есть ли у вас автоматический выключатель на 16 А?"),
    auto("Auto lamps", "Do you have lamps for cars?"),
    auto("Автоматический ответ мне не нужен", "Позвоните, пожалуйста."),
    auto("Re: Automatic reply: Order", "OK, then I wait until Monday.", "In-Reply-To: <m1@lampa.example>"),
    auto("Thank you", "Thank you for the lamp!"),
    auto("Заказ", "По вопросам доставки звоните мужу +7 927 123-45-67, я в отпуске."),
    auto("Автомобильная лампа", "Подойдёт к Ладе?"),
    auto("Отсутствует деталь", "В коробке нет крепления."),
    auto("Нет на месте курьера", "Пункт выдачи закрыт."),
    auto("Я в отпуске, перенесите доставку", "На 20 ноября, пожалуйста."),
    auto("Ваше письмо получила", "Спасибо, Анна."),
    auto("Ваше обращение с клиентами ужасно", "Верните деньги."),
    auto("On holiday I broke the lamp", "Can you repair it?"),
    auto("Re: Заказ", "Буду в командировке до пятницы, потом заберу сам"),
    auto("Нет в офисе лампы", "Привезите, пожалуйста, ещё одну"),
    auto("Заказ 5", "Срочно нужна лампа! Я завтра в командировке."),
]
