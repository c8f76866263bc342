"""The labelled corpus: 26 mail programs × 3 languages × (text, HTML, both), with the reply that each must give."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from tests.channels.mail_clients import BODY, CLIENTS, Client
from tests.channels.mail_letters import ADDRESS, AUTHOR, CUSTOMER, EARLIER, REPLIES, SHOP, SIGNATURES, SUBJECT


@dataclass(frozen=True)
class Sample:
    key: str
    client: str
    form: str
    raw: bytes
    reply: str


def samples() -> Iterator[Sample]:
    for number, (name, client) in enumerate(CLIENTS.items()):
        for offset, language in enumerate(("ru", "uk", "en")):
            for shift, form in enumerate(("plain", "html", "both")):
                reply = REPLIES[language][(number + offset + 2 * shift) % len(REPLIES[language])]
                signature = SIGNATURES[language][(number + 2 * offset + shift) % len(SIGNATURES[language])]
                raw = write(client, language, form, reply, signature)
                yield Sample(f"{name}/{language}/{form}", name, form, raw, reply)


def write(client: Client, language: str, form: str, reply: str, signature: str) -> bytes:
    plain, markup = as_text(client, language, reply, signature), as_html(client, language, reply, signature)
    message: Message
    if form == "plain":
        message = MIMEText(plain, "plain", "utf-8")
    elif form == "html":
        message = MIMEText(markup, "html", "utf-8")
    else:
        message = MIMEMultipart("alternative")
        message.attach(MIMEText(plain, "plain", "utf-8"))
        message.attach(MIMEText(markup, "html", "utf-8"))
    message["From"] = f"{Header(AUTHOR[language], 'utf-8').encode()} <{CUSTOMER}>"
    message["To"] = ADDRESS
    message["Subject"] = Header(SUBJECT[language], "utf-8").encode()
    message["Message-ID"] = "<reply@mail.example>"
    message["In-Reply-To"] = "<first@lampa.example>"
    message["Date"] = "Mon, 16 Nov 2026 10:20:00 +0200"
    return message.as_bytes()


def as_text(client: Client, language: str, reply: str, signature: str) -> str:
    earlier = EARLIER[language]
    below = client.below[language].format(
        n=SHOP[language],
        a=ADDRESS,
        s=SUBJECT[language],
        r=earlier,
        q="\n".join(f"> {line}".rstrip() for line in earlier.split("\n")),
    )
    device = client.device[language] if client.device else ""
    return "\n\n".join(part for part in (reply, signature, device, below) if part) + "\n"


def as_html(client: Client, language: str, reply: str, signature: str) -> str:
    def lines(text: str) -> str:
        return "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.split("\n"))

    mso = "".join(f'<p class="MsoNormal">{html.escape(line) or "&nbsp;"}</p>' for line in reply.split("\n"))
    own = f"<div><br></div>{lines(signature)}" if signature else ""
    device = html.escape(client.device[language].partition("<")[0]) if client.device else ""
    inner = (
        client.html[language].replace("{reply_mso}", mso).replace("{reply}", lines(reply)).replace("{signature}", own)
    )
    inner = inner.replace("{device}", device).replace("{h}", lines(EARLIER[language]))
    inner = inner.replace("{n}", html.escape(SHOP[language])).replace("{a}", ADDRESS).replace("{s}", SUBJECT[language])
    return BODY.replace("{x}", inner)
