"""Vendors that are not in the demo's street: Telegram and mail (which stand beside it there), mail agencies, a text
gateway, exchanges. `NOT_DRIVEN` names the channels that have no deliveries to press with, each with its reason.
"""

from prilavok.simulator.agencies import AgencyOffice, mailgun, postmark, sendgrid
from prilavok.simulator.exchanges import asterisk, mango, sip, twilio
from prilavok.simulator.gateways import smsc
from prilavok.simulator.load import offices
from prilavok.simulator.street import Line

ADDRESS = "hello@lamps.test"
EXTENSION = "101"
OURS = {"address": ADDRESS, "acknowledge": False}
ANSWERS = {"twilio_voice": b"<Response/>"}  # where the vendor reads what it is answered
WORDS = {"smsc": f"?k={smsc.CALLBACK_PASSWORD}"}  # that the owner adds to the address of the hook
NOT_DRIVEN = {
    "cards": "everybody may write on the shop's own pages, so each word costs its writer some work, by design",
    "form": "its page takes a few messages a minute from one address, by design",
    "smpp": "it speaks through one lasting connection to a message centre, and none is emulated here",
    "smsaero": "it passes no answers on: nothing comes in",
    "turbosms": "it passes no answers on: nothing comes in",
    "webchat": "its visitors speak through sockets: the scenario visitor-agent drives them",
    "xmpp": "it speaks through one lasting connection to a server of XMPP, and none is emulated here",
}
VENDORS = (
    Line(
        "telegram",
        "Telegram",
        make=lambda _, now: offices.TelegramOffice(),  # noqa: ARG005  it has a clock of its own
        values=lambda _: {"token": offices.TOKEN, "mode": "webhook", "secret_token": offices.HOOK_SECRET},
    ),
    Line(
        "echo",
        "Echo",
        make=lambda _, now: offices.EchoOffice(),  # noqa: ARG005
        values=lambda place: {"secret": offices.ECHO_SECRET, "reply_url": place.address + "/reply"},
    ),
    Line(
        "email",
        "E-mail",
        make=lambda _, now: offices.MailOffice(ADDRESS),  # noqa: ARG005
        values=lambda _: {**OURS, "poll_seconds": 5},
    ),
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
        "asterisk",
        "Asterisk",
        make=lambda _, now: asterisk.AsteriskEmulator(now=now),
        values=lambda _: {"user": asterisk.USER, "password": asterisk.PASSWORD, "extension": EXTENSION},
    ),
    Line(
        "sip",
        "Another exchange",
        make=lambda _, now: sip.SipEmulator(now=now),
        values=lambda place: {"secret": sip.SECRET, "url": place.address + "/call"},
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


def write(office: AgencyOffice | offices.MailOffice, number: int, person: str, text: str) -> None:
    """One letter. `number` makes its Message-ID."""
    head = f"From: {person}@example.com\r\nTo: {ADDRESS}\r\nMessage-ID: <load-{number}@example.com>\r\n"
    kind = "Content-Type: text/plain; charset=utf-8"
    office.user_writes(f"{head}Subject: A question of {person}\r\n{kind}\r\n\r\n{text}\r\n".encode())
