"""Every other way of short words: gateways, message centres, servers of XMPP."""

from prilavok.simulator.gateways import smsc
from prilavok.simulator.place import Line

LINES = (
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
)
