"""Every other way of short words: gateways, message centres, servers of XMPP."""

from collections.abc import Callable
from datetime import datetime

from prilavok.simulator import smpp, xmpp
from prilavok.simulator.gateways import smsaero, smsc
from prilavok.simulator.place import Line, Place


def made_smsc(place: Place, now: Callable[[], datetime]) -> smsc.SmscEmulator:
    return smsc.SmscEmulator(hook=place.hook, address=place.address, now=now)


def made_smpp(place: Place, now: Callable[[], datetime]) -> smpp.MessageCentre:
    return smpp.MessageCentre(address=place.address, now=now)


def made_xmpp(place: Place, now: Callable[[], datetime]) -> xmpp.XmppServer:
    return xmpp.XmppServer(address=place.address, now=now)


def made_smsaero(place: Place, now: Callable[[], datetime]) -> smsaero.SmsAeroEmulator:
    return smsaero.SmsAeroEmulator(hook=place.hook, address=place.address, now=now)


LINES = (
    Line("smsc", "SMSC", smsc.SmscEmulator.sender, made_smsc, lambda _: {
        "login": smsc.LOGIN, "password": smsc.PASSWORD, "callback_password": smsc.CALLBACK_PASSWORD,
    }, word=f"?k={smsc.CALLBACK_PASSWORD}"),
    Line("smpp", "SMPP", smpp.NUMBER, made_smpp, lambda _: {
        "host": smpp.HOST, "system_id": smpp.SYSTEM_ID, "password": smpp.PASSWORD, "sender": smpp.NUMBER,
    }, based=False),
    Line("xmpp", "Jabber", xmpp.SHOP, made_xmpp, lambda place: {
        "jid": xmpp.SHOP, "password": xmpp.PASSWORD, "url": xmpp.HOST, "security": "none",
        "link": place.base + "/phone/app/xmpp",
    }, "Jabber", "#2a6f97", based=False, library="slixmpp", extra="xmpp"),
    Line("smsaero", "SMS Aero", smsaero.SENDER, made_smsaero, lambda _: {
        "email": smsaero.EMAIL, "api_key": smsaero.API_KEY, "sender": smsaero.SENDER,
    }),
)  # fmt: skip
