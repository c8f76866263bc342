"""Mail through agencies, which tell of it by deliveries."""

from prilavok.simulator.agencies import mailgun, postmark, sendgrid
from prilavok.simulator.place import Line

OURS = {"address": "hello@lamps.test", "acknowledge": False}
LINES = (
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
