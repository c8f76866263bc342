"""Every other way of short words: gateways, message centres, servers of XMPP."""

from collections.abc import Callable
from datetime import datetime

from prilavok.simulator import smpp, xmpp
from prilavok.simulator.gateways import smsaero, smsc
from prilavok.simulator.listening import HOST
from prilavok.simulator.place import Line, Place, standing


def made_xmpp(place: Place, now: Callable[[], datetime]) -> xmpp.XmppServer:
    return xmpp.XmppServer(address=place.address, now=now)


LINES = (
    Line("smsc", "SMSC", smsc.SmscEmulator.sender, standing(smsc.SmscEmulator), lambda _: {
        "login": smsc.LOGIN, "password": smsc.PASSWORD, "callback_password": smsc.CALLBACK_PASSWORD,
    }, word=f"?k={smsc.CALLBACK_PASSWORD}"),
    Line("smpp", "SMPP", smpp.NUMBER, standing(smpp.MessageCentre), lambda _: {
        "host": HOST, "system_id": smpp.SYSTEM_ID, "password": smpp.PASSWORD, "sender": smpp.NUMBER,
    }, based=False),
    Line("xmpp", "Jabber", xmpp.SHOP, made_xmpp, lambda place: {
        "jid": xmpp.SHOP, "password": xmpp.PASSWORD, "url": HOST, "security": "none",
        "link": place.base + "/phone/app/xmpp",
    }, "Jabber", "#2a6f97", based=False, library="slixmpp", extra="xmpp"),
    Line("smsaero", "SMS Aero", smsaero.SENDER, standing(smsaero.SmsAeroEmulator), lambda _: {
        "email": smsaero.EMAIL, "api_key": smsaero.API_KEY, "sender": smsaero.SENDER,
    }),
)  # fmt: skip
