"""Every exchange that the street of the demo does not have already."""

from prilavok.simulator.exchanges import asterisk, mango, sip, twilio
from prilavok.simulator.place import Line

EXTENSION = "101"
LINES = (
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
        based=False,
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
