"""How each mail program writes a reply: what it puts between the reply and the history, in text and in HTML.

Written from observation of the programs, apart from the rules under test. `{n}` is the quoted person, `{a}` the
address, `{q}` the history with "> ", `{r}` the history as it is, `{h}` the history as HTML, `{s}` the subject.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Client:
    """Text below the reply and below the signature, by language; HTML around the reply."""

    below: dict[str, str]
    html: dict[str, str]  # {reply} and {signature} stand where the program puts them
    device: dict[str, str] | None = None  # the program's own last line


def same(text: str) -> dict[str, str]:
    return {"ru": text, "uk": text, "en": text}


def each(ru: str, uk: str, en: str) -> dict[str, str]:
    return {"ru": ru, "uk": uk, "en": en}


def around(intro: dict[str, str], template: str) -> dict[str, str]:
    """The HTML template with the language's attribution in place of {intro}."""
    shown = {k: v.replace("<{a}>", '&lt;<a href="mailto:{a}">{a}</a>&gt;').replace("\n", " ") for k, v in intro.items()}
    return {language: template.replace("{intro}", text) for language, text in shown.items()}


def quoted(intro: dict[str, str], gap: str = "\n\n") -> dict[str, str]:
    return {language: f"{text}{gap}{{q}}" for language, text in intro.items()}


GMAIL = each(
    "пн, 16 нояб. 2026 г. в 10:15, {n} <{a}>:",
    "пн, 16 лист. 2026 р. о 10:15 {n} <{a}> пише:",
    "On Mon, Nov 16, 2026 at 10:15 AM {n} <{a}> wrote:",
)
GMAIL_WRAPPED = each(
    "пн, 16 нояб. 2026 г. в 10:15, {n} из отдела заказов\n<{a}>:",
    "пн, 16 лист. 2026 р. о 10:15 {n} з відділу замовлень <\n{a}> пише:",
    "On Mon, Nov 16, 2026 at 10:15 AM {n} from the order department <\n{a}> wrote:",
)
OUTLOOK = each(
    "От: {n} <{a}> \nОтправлено: 16 ноября 2026 г. 10:15\nКому: Иван Петров <ivan@mail.example>\nТема: {s}\n\n{r}",
    "Від: {n} <{a}> \nНадіслано: 16 листопада 2026 р. 10:15\nКому: Іван Петренко <ivan@mail.example>\nТема: {s}\n\n{r}",
    "From: {n} <{a}> \nSent: Monday, November 16, 2026 10:15 AM\nTo: John Peters "
    "<ivan@mail.example>\nSubject: {s}\n\n{r}",
)
OUTLOOK_HTML = {
    language: text.replace("<", "&lt;").replace(">", "&gt;").replace("\n\n{r}", "").replace("\n", "<br>")
    for language, text in OUTLOOK.items()
}
APPLE = each(
    "16 нояб. 2026 г., в 10:15, {n} <{a}> написал(а):",
    "16 лист. 2026 р. о 10:15 {n} <{a}> написав(-ла):",
    "On Nov 16, 2026, at 10:15 AM, {n} <{a}> wrote:",
)
IPHONE = each("Отправлено с iPhone", "Надіслано з iPhone", "Sent from my iPhone")
MAILRU = each(
    "Понедельник, 16 ноября 2026, 10:15 +03:00 от {n} <{a}>:",
    "Понеділок, 16 листопада 2026, 10:15 +02:00 від {n} <{a}>:",
    "Monday, November 16, 2026 10:15 AM +03:00 from {n} <{a}>:",
)
YANDEX = same('16.11.2026, 10:15, "{n}" <{a}>:')
UKRNET = each(
    '16 ноября 2026, 10:15:15, от "{n}" <{a}>:',
    '16 листопада 2026, 10:15:15, від "{n}" <{a}>:',
    '16 November 2026, 10:15:15, from "{n}" <{a}>:',
)
THUNDERBIRD = each("16.11.2026 10:15, {n} пишет:", "16.11.2026 10:15, {n} пише:", "On 16/11/2026 10:15, {n} wrote:")
THE_BAT = each(
    "Вы писали 16 ноября 2026 г., 10:15:00:",
    "Ви писали 16 листопада 2026 р., 10:15:00:",
    "Monday, November 16, 2026, 10:15:00 AM, you wrote:",
)
K9 = each(
    "16 ноября 2026 г. 10:15:00 GMT+03:00, {n} <{a}> пишет:",
    "16 листопада 2026 р. 10:15:00 GMT+02:00, {n} <{a}> пише:",
    "On 16 November 2026 10:15:00 GMT, {n} <{a}> wrote:",
)
SPARK = each(
    "16 нояб. 2026 г., 10:15 +0300, {n} <{a}>, писал:",
    "16 лист. 2026 р., 10:15 +0200, {n} <{a}>, писав:",
    "On 16 Nov 2026, 10:15 +0000, {n} <{a}>, wrote:",
)
SAMSUNG = each(
    "-------- Исходное сообщение --------\nОт: {n} <{a}>\nДата: 16.11.2026 10:15 "
    "(GMT+03:00)\nКому: ivan@mail.example\nТема: {s}\n\n{r}",
    "-------- Вихідне повідомлення --------\nВід: {n} <{a}>\nДата: 16.11.2026 10:15 "
    "(GMT+02:00)\nКому: ivan@mail.example\nТема: {s}\n\n{r}",
    "-------- Original message --------\nFrom: {n} <{a}>\nDate: 16/11/2026 10:15 "
    "(GMT+00:00)\nTo: ivan@mail.example\nSubject: {s}\n\n{r}",
)
PROTON = each(
    "------- Исходное сообщение -------\nпонедельник, 16 ноября 2026 г. в 10:15, {n} <{a}> написал(а):",
    "------- Оригінальне повідомлення -------\nпонеділок, 16 листопада 2026 р. о 10:15, {n} <{a}> написав/-ла:",
    "------- Original Message -------\nOn Monday, November 16th, 2026 at 10:15 AM, {n} <{a}> wrote:",
)
ZOHO = each(
    "---- Вкл пн, 16 нояб. 2026 10:15:00 +0300 {n} <{a}> написал(а) ----",
    "---- Увімк. пн, 16 лист. 2026 10:15:00 +0200 {n} <{a}> написав(ла) ----",
    "---- On Mon, 16 Nov 2026 10:15:00 +0000 {n} <{a}> wrote ----",
)
EM_CLIENT = each(
    '------ Исходное сообщение ------\nОт: "{n}" <{a}>\nКому: ivan@mail.example\nДата: '
    "16.11.2026 10:15:00\nТема: {s}\n\n{r}",
    '------ Вихідне повідомлення ------\nВід: "{n}" <{a}>\nКому: ivan@mail.example\n'
    "Дата: 16.11.2026 10:15:00\nТема: {s}\n\n{r}",
    '------ Original Message ------\nFrom: "{n}" <{a}>\nTo: ivan@mail.example\nSent: '
    "16/11/2026 10:15:00\nSubject: {s}\n\n{r}",
)
ROUNDCUBE = each("{n} писал 2026-11-16 10:15:", "{n} писав(ла) 2026-11-16 10:15:", "On 2026-11-16 10:15, {n} wrote:")
HORDE = each("Цитирование {n} <{a}>:", "Цитування {n} <{a}>:", "Quoting {n} <{a}>:")
YAHOO = each(
    "понедельник, 16 ноября 2026 г. в 10:15:00 GMT+3, {n} <{a}> написал(а):",
    "понеділок, 16 листопада 2026 р. о 10:15:00 GMT+2, {n} <{a}> написав(ла):",
    "On Monday, November 16, 2026 at 10:15:00 AM GMT, {n} <{a}> wrote:",
)
IUA = each(
    "--- Исходное сообщение ---\nОт кого: {n} <{a}>\nКому: ivan@mail.example\nДата: 16 "
    "ноября 2026, 10:15:15\nТема: {s}\n\n{r}",
    "--- Оригінальне повідомлення ---\nВід кого: {n} <{a}>\nКому: ivan@mail.example\n"
    "Дата: 16 листопада 2026, 10:15:15\nТема: {s}\n\n{r}",
    "--- Original message ---\nFrom: {n} <{a}>\nTo: ivan@mail.example\nDate: 16 November "
    "2026, 10:15:15\nSubject: {s}\n\n{r}",
)
RAMBLER = each(
    "16.11.2026, 10:15, {n} <{a}> написал(а):",
    "16.11.2026, 10:15, {n} <{a}> написав(ла):",
    "16.11.2026, 10:15, {n} <{a}> wrote:",
)
BODY = '<html><head><meta charset="utf-8"></head><body>{x}</body></html>'


def flat(block: dict[str, str]) -> dict[str, str]:
    """A header block as lines of HTML, without the history below it."""
    return {
        k: v.replace("<", "&lt;").replace(">", "&gt;").replace("\n\n{r}", "").replace("\n", "<br>")
        for k, v in block.items()
    }


CLIENTS = {
    "gmail": Client(
        quoted(GMAIL),
        around(
            GMAIL,
            '<div dir="ltr">{reply}{signature}</div><br><div class="gmail_quote '
            'gmail_quote_container"><div dir="ltr" class="gmail_attr">{intro}<br></div>'
            '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px '
            'solid rgb(204,204,204);padding-left:1ex">{h}</blockquote></div>',
        ),
    ),
    "gmail-wrapped": Client(
        quoted(GMAIL_WRAPPED, "\n"),
        around(
            GMAIL_WRAPPED,
            '<div dir="auto">{reply}{signature}</div><br><div class="gmail_quote"><div dir="ltr">'
            '{intro}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;'
            'border-left:1px #ccc solid;padding-left:1ex">{h}</blockquote></div>',
        ),
    ),
    "outlook": Client(
        OUTLOOK,
        around(
            OUTLOOK_HTML,
            '<div class="WordSection1">{reply_mso}{signature}<p class="MsoNormal">&nbsp;</p><div>'
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
            '<p class="MsoNormal">{intro}</p></div></div>{h}</div>',
        ),
    ),
    "outlook-web": Client(
        {k: "________________________________\n" + v for k, v in OUTLOOK.items()},
        around(
            OUTLOOK_HTML,
            '<div style="font-family:Calibri" class="elementToProof">{reply}</div>'
            '{signature}<div id="appendonsend"></div><hr style="display:inline-block;width:98%" '
            'tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{intro}</font>'
            "<div>&nbsp;</div></div><div>{h}</div>",
        ),
    ),
    "outlook-mobile": Client(
        {k: "________________________________\n" + v for k, v in OUTLOOK.items()},
        around(
            OUTLOOK_HTML,
            '<div dir="ltr">{reply}{signature}</div><div id="ms-outlook-mobile-signature" '
            'dir="ltr">{device}</div><hr style="display:inline-block;width:98%"><div '
            'id="divRplyFwdMsg" dir="ltr">{intro}</div>{h}',
        ),
        each(
            "Скачать Outlook для Android<https://aka.ms/AAb9ysg>",
            "Отримати Outlook для Android<https://aka.ms/AAb9ysg>",
            "Get Outlook for Android<https://aka.ms/AAb9ysg>",
        ),
    ),
    "apple-mail": Client(
        {k: f"> {v}\n> \n{{q}}" for k, v in APPLE.items()},
        around(
            APPLE,
            '{reply}{signature}<div><br><blockquote type="cite"><div>{intro}</div><br '
            'class="Apple-interchange-newline"><div>{h}</div></blockquote></div>',
        ),
    ),
    "iphone": Client(
        {k: f"> {v}\n> \n{{q}}" for k, v in APPLE.items()},
        around(
            APPLE,
            '{reply}{signature}<br><br><div dir="ltr">{device}</div><div dir="ltr"><br>'
            '<blockquote type="cite">{intro}<br><br></blockquote></div><blockquote type="cite">'
            '<div dir="ltr">{h}</div></blockquote>',
        ),
        IPHONE,
    ),
    "mailru": Client(
        quoted(MAILRU, "\n \n"),
        around(
            MAILRU,
            '{reply}{signature}<br><br><blockquote style="border-left:1px solid #0857A6; '
            'margin:10px; padding:0 0 0 10px;">{intro}<br>&nbsp;<br><div class="js-helper '
            'js-readmsg-msg">{h}</div></blockquote>',
        ),
    ),
    "mailru-mobile": Client(
        quoted(MAILRU),
        around(
            MAILRU,
            "<div>{reply}{signature}</div><br><div>{device}</div><br><div>{intro}</div>"
            '<blockquote style="margin:0 0 0 .8ex;border-left:1px #ccc solid">'
            "{h}</blockquote>",
        ),
        each(
            "Отправлено из мобильной Почты Mail.ru",
            "Надіслано з мобільної Пошти Mail.ru",
            "Sent from Mail.ru app for Android",
        ),
    ),
    "yandex": Client(
        quoted(YANDEX),
        around(
            YANDEX,
            "<div>{reply}</div>{signature}<div>&nbsp;</div><div>{intro}</div><blockquote><div>{h}</div></blockquote>",
        ),
    ),
    "yandex-mobile": Client(
        quoted(YANDEX),
        around(
            YANDEX,
            "<div>{reply}</div>{signature}<div>{device}</div><div><br></div><div>{intro}</div>"
            "<blockquote>{h}</blockquote>",
        ),
        each(
            "Отправлено из мобильной Яндекс Почты",
            "Надіслано з мобільної Яндекс Пошти",
            "Sent from Yandex Mail for mobile",
        ),
    ),
    "ukrnet": Client(
        quoted(UKRNET),
        around(
            UKRNET,
            "<div>{reply}</div>{signature}<div><br></div><div><i>{intro}</i></div><blockquote "
            'style="border-left:1px solid #cccccc;margin:0px 0px 0px 0.8ex;padding-left:1ex">'
            "{h}</blockquote>",
        ),
    ),
    "iua": Client(IUA, around(flat(IUA), "<div>{reply}</div>{signature}<br><div>{intro}</div><br><div>{h}</div>")),
    "rambler": Client(
        quoted(RAMBLER), around(RAMBLER, "<p>{reply}</p>{signature}<p>{intro}</p><blockquote>{h}</blockquote>")
    ),
    "thunderbird": Client(
        quoted(THUNDERBIRD, "\n"),
        around(
            THUNDERBIRD,
            '<p>{reply}</p>{signature}<div class="moz-cite-prefix">{intro}<br></div><blockquote '
            'type="cite" cite="mid:x@y">{h}</blockquote>',
        ),
    ),
    "the-bat": Client(
        quoted(THE_BAT),
        around(
            THE_BAT,
            "<div>{reply}</div>{signature}<div>{intro}</div><table><tr><td "
            'style="border-left:2px solid #0000ff"><blockquote>{h}</blockquote></td></tr></table>',
        ),
    ),
    "k9": Client(
        quoted(K9, "\n"),
        around(
            K9,
            '<div>{reply}</div>{signature}<div>{device}</div><br><br><div class="gmail_quote">'
            '{intro}<blockquote class="gmail_quote" style="margin: 0pt 0pt 0pt 0.8ex; '
            'border-left: 1px solid">{h}</blockquote></div>',
        ),
        each(
            "Простите за краткость, создано в K-9 Mail.",
            "Вибачте за стислість, надіслано з K-9 Mail.",
            "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
        ),
    ),
    "spark": Client(
        quoted(SPARK, "\n"),
        around(
            SPARK,
            '<div name="messageBodySection"><div dir="auto">{reply}</div></div><div '
            'name="messageSignatureSection">{signature}</div><div name="messageReplySection">'
            '{intro}<br><blockquote type="cite" style="border-left:thin solid">{h}</blockquote>'
            "</div>",
        ),
    ),
    "samsung": Client(
        SAMSUNG,
        around(
            flat(SAMSUNG),
            '<div dir="auto">{reply}</div>{signature}<div dir="auto"><br></div><div '
            'id="composer_signature" dir="auto">{device}</div><div><br></div><div align="left" '
            'dir="auto" style="font-size:100%;color:#000000">{intro}</div><div>{h}</div>',
        ),
        each("Отправлено с моего Galaxy", "Надіслано з мого Galaxy", "Sent from my Galaxy"),
    ),
    "proton": Client(
        quoted(PROTON),
        around(
            PROTON,
            '<div style="font-family: Arial">{reply}</div>{signature}<div '
            'class="protonmail_signature_block"><div class="protonmail_signature_block-proton">'
            '{device}</div></div><div><br></div><div class="protonmail_quote">{intro}<br>'
            '<blockquote class="protonmail_quote" type="cite">{h}</blockquote></div>',
        ),
        each(
            "Отправлено с помощью защищенной электронной почты Proton Mail.",
            "Надіслано із захищеної пошти Proton Mail.",
            "Sent with Proton Mail secure email.",
        ),
    ),
    "zoho": Client(
        quoted(ZOHO, "\n\n"),
        around(
            ZOHO,
            '<div>{reply}</div>{signature}<div class="zmail_extra"><div id="Zm-_Id_-Sgn1">'
            '{intro}</div><blockquote id="blockquote_zmail">{h}</blockquote></div>',
        ),
    ),
    "em-client": Client(
        EM_CLIENT,
        around(
            flat(EM_CLIENT),
            '<div>{reply}</div>{signature}<div><br></div><div>{intro}</div><div id="xe2">'
            '<blockquote cite="x@y" type="cite" class="cite2">{h}</blockquote></div>',
        ),
    ),
    "roundcube": Client(
        quoted(ROUNDCUBE, "\n"),
        around(
            ROUNDCUBE,
            '<p>{reply}</p>{signature}<p id="reply-intro">{intro}</p><blockquote type="cite" '
            'style="padding:0 0.4em;border-left:#1010ff 2px solid">{h}</blockquote>',
        ),
    ),
    "horde": Client(
        quoted(HORDE), around(HORDE, '<p>{reply}</p>{signature}<p>{intro}</p><blockquote type="cite">{h}</blockquote>')
    ),
    "yahoo": Client(
        {k: f"    {v}  \n \n {{r}}" for k, v in YAHOO.items()},
        around(
            YAHOO,
            '<div class="ydp1yahoo-style-wrap"><div>{reply}</div>{signature}</div><div '
            'id="ydp1yahoo_quoted_123" class="ydp1yahoo_quoted"><div>{intro}</div><div>{h}</div>'
            "</div>",
        ),
    ),
    "windows-mail": Client(
        OUTLOOK,
        around(
            OUTLOOK_HTML,
            '<div class="WordSection1">{reply_mso}{signature}<p class="MsoNormal">{device}</p><p '
            'class="MsoNormal">&nbsp;</p><div style="mso-element:para-border-div;border:none;'
            'border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal">'
            "{intro}</p></div>{h}</div>",
        ),
        each(
            "Отправлено из приложения «Почта» для Windows",
            "Надіслано з Пошти для Windows",
            "Sent from Mail for Windows",
        ),
    ),
}
