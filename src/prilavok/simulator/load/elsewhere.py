"""Vendors that are not in the demo's street: mail agencies (its letters come by IMAP), a text gateway, exchanges."""

from prilavok.simulator.agencies import AgencyOffice, mailgun, postmark, sendgrid
from prilavok.simulator.exchanges import binotel, mango, twilio
from prilavok.simulator.gateways import smsc
from prilavok.simulator.street import Line

ADDRESS = "hello@lamps.test"
EXTENSION = "101"
OURS = {"address": ADDRESS, "acknowledge": False}
WORDS = {"smsc": f"?k={smsc.CALLBACK_PASSWORD}"}  # that the owner adds to the address of the hook
VENDORS = (
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
    Line(
        "smsc",
        "SMSC",
        make=lambda _, now: smsc.SmscEmulator(now=now),
        values=lambda _: {
            "login": smsc.LOGIN,
            "password": smsc.PASSWORD,
            "callback_password": smsc.CALLBACK_PASSWORD,
        },
    ),
    Line(
        "mango",
        "Mango Office",
        make=lambda _, now: mango.MangoEmulator(now=now),
        values=lambda _: {"api_key": mango.KEY, "salt": mango.SALT, "extension": EXTENSION},
    ),
    Line(
        "binotel",
        "Binotel",
        make=lambda _, now: binotel.BinotelEmulator(now=now),
        values=lambda _: {"key": binotel.KEY, "secret": binotel.SECRET, "extension": EXTENSION},
    ),
    Line(
        "twilio_voice",
        "Twilio Voice",
        make=lambda _, now: twilio.TwilioVoiceEmulator(now=now),
        values=lambda _: {
            "account_sid": twilio.ACCOUNT,
            "auth_token": twilio.TOKEN,
            "number": twilio.NUMBER,
            "extension": "+380500000001",
        },
    ),
)


def write(office: AgencyOffice, number: int, person: str, text: str) -> None:
    """One letter. `number` makes its Message-ID."""
    head = f"From: {person}@example.com\r\nTo: {ADDRESS}\r\nMessage-ID: <load-{number}@example.com>\r\n"
    kind = "Content-Type: text/plain; charset=utf-8"
    office.user_writes(f"{head}Subject: A question of {person}\r\n{kind}\r\n\r\n{text}\r\n".encode())
