"""Every exchange that the street of the demo does not have already, each with a number of the shop's own."""

from collections.abc import Mapping, Sequence
from typing import Any

from prilavok.simulator.exchanges import asterisk, mango, sip, twilio
from prilavok.simulator.exchanges.exchange import EXTENSION
from prilavok.simulator.handset import hum
from prilavok.simulator.place import Line, standing

FREE, PICKUP, WARSAW = "+78002001234", "+380443331234", "+48221234567"
MOBILE = "+380500000001"  # an agent's own telephone, where the exchange has no extensions
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


def reached(
    number: str, kind: str, label: str, ring: str = EXTENSION, days: Sequence[str] = WORKDAYS, until: str = "20:00"
) -> Mapping[str, Any]:
    """What all of them are told: the shop's number, and who is rung when."""
    duty = {"ring": ring, "days": list(days), "from": "09:00", "until": until}
    return {
        "extension": ring,
        "numbers": [{"number": number, "kind": kind, "label": label}],
        "duty": [duty],
    }


LINES = (
    Line(
        "mango",
        "8-800 (Mango Office)",
        FREE,
        standing(mango.MangoEmulator, number=FREE, recording=hum),
        lambda _: {"api_key": mango.KEY, "salt": mango.SALT, **reached(FREE, "toll_free", "Россия")},
    ),
    Line(
        "asterisk",
        "Самовивіз (Asterisk)",
        PICKUP,
        standing(asterisk.AsteriskEmulator, number=PICKUP, recording=hum),
        lambda _: {"user": asterisk.USER, "password": asterisk.PASSWORD, **reached(PICKUP, "local", "Київ, самовивіз")},
        resumes=True,
    ),
    Line(
        "sip",
        "Warszawa (SIP)",
        WARSAW,
        standing(sip.SipEmulator, number=WARSAW, recording=hum),
        lambda place: {
            "secret": sip.SECRET,
            "url": place.address + "/call",
            "recordings": place.address + "/rec/",
            **reached(WARSAW, "local", "Warszawa", until="17:00"),
        },
        based=False,
    ),
    Line(
        "twilio_voice",
        "Twilio Voice",
        twilio.NUMBER,
        standing(twilio.TwilioVoiceEmulator, number=twilio.NUMBER, recording=hum),
        lambda _: {
            "account_sid": twilio.ACCOUNT,
            "auth_token": twilio.TOKEN,
            "number": twilio.NUMBER,
            "record": True,
            **reached(twilio.NUMBER, "mobile", "English", MOBILE, days=()),
        },
    ),
)
