"""Mail agencies under load: they are not in the demo's street, for its letters come by IMAP."""

from prilavok.simulator.agencies import AgencyOffice, mailgun, postmark, sendgrid
from prilavok.simulator.street import Line

ADDRESS = "hello@lamps.test"
OURS = {"address": ADDRESS, "acknowledge": False}
AGENCIES = (
    Line(
        "mailgun",
        "Mailgun",
        make=lambda _, now: mailgun.MailgunEmulator(now=now),
        values=lambda _: {
            **OURS,
            "domain": mailgun.DOMAIN,
            "api_key": mailgun.API_KEY,
            "signing_key": mailgun.SIGNING_KEY,
        },
    ),
    Line(
        "postmark",
        "Postmark",
        make=lambda _, now: postmark.PostmarkEmulator(now=now),
        values=lambda _: {**OURS, "server_token": postmark.TOKEN},
    ),
    Line(
        "sendgrid",
        "SendGrid",
        make=lambda _, now: sendgrid.SendGridEmulator(now=now),
        values=lambda _: {**OURS, "api_key": sendgrid.API_KEY},
    ),
)


def write(office: AgencyOffice, number: int, person: str, text: str) -> None:
    """One letter. `number` makes its Message-ID."""
    head = f"From: {person}@example.com\r\nTo: {ADDRESS}\r\nMessage-ID: <load-{number}@example.com>\r\n"
    kind = "Content-Type: text/plain; charset=utf-8"
    office.user_writes(f"{head}Subject: A question of {person}\r\n{kind}\r\n\r\n{text}\r\n".encode())
