"""Telephone exchanges on loopback: the same people with their telephones, behind each vendor's own interface.

    mango = MangoEmulator(hook="https://shop.example/hooks/KEY")
    mango.user_calls("+79161234567")        # the shop's telephone rings
    mango.shop_picks_up("+79161234567")
    mango.user_hangs_up("+79161234567")

When the shop calls, its agent is taken to have picked up at once; then the customer's telephone rings for a while.
"""

from prilavok.simulator.exchanges.asterisk import AsteriskEmulator
from prilavok.simulator.exchanges.binotel import BinotelEmulator
from prilavok.simulator.exchanges.exchange import SHOP_NUMBER, Exchange
from prilavok.simulator.exchanges.mango import MangoEmulator
from prilavok.simulator.exchanges.sip import SipEmulator
from prilavok.simulator.exchanges.twilio import TwilioVoiceEmulator

__all__ = [
    "SHOP_NUMBER",
    "AsteriskEmulator",
    "BinotelEmulator",
    "Exchange",
    "MangoEmulator",
    "SipEmulator",
    "TwilioVoiceEmulator",
]
