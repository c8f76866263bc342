"""What is publicly known of media that a shop may not have connected yet, so that a dry run can speak of them. A
connected channel's own table always comes before this one.
"""

from collections.abc import Mapping

from prilavok.domain.capabilities import Capabilities
from prilavok.domain.receipt import Receipt

TAKEN = frozenset({Receipt.SENT, Receipt.FAILED})
ARRIVED = TAKEN | {Receipt.DELIVERED}
SEEN = ARRIVED | {Receipt.READ}

KNOWN: Mapping[str, Capabilities] = {
    "telegram": Capabilities(address_kind="chat", receipts=TAKEN, buttons=8, medium="telegram"),
    "whatsapp": Capabilities(
        address_kind="phone",
        starts=True,
        templates=True,
        reply_window_hours=24,
        receipts=SEEN,
        buttons=3,
        cost="per message",
        medium="whatsapp",
    ),
    "viber": Capabilities(
        address_kind="phone", starts=True, receipts=SEEN, buttons=6, cost="per message", medium="viber"
    ),
    "vk": Capabilities(address_kind="chat", receipts=TAKEN | {Receipt.READ}, buttons=8, medium="vk"),
    "max": Capabilities(address_kind="chat", receipts=TAKEN, buttons=8, medium="max"),
    "facebook": Capabilities(address_kind="chat", reply_window_hours=24, receipts=SEEN, buttons=3, medium="facebook"),
    "instagram": Capabilities(address_kind="chat", reply_window_hours=24, receipts=SEEN, medium="instagram"),
    "sms": Capabilities(
        address_kind="phone", starts=True, receipts=ARRIVED, rings=True, cost="per message", media=False, medium="sms"
    ),
    "email": Capabilities(address_kind="email", starts=True, receipts=TAKEN, medium="email", subject=True),
    "phone": Capabilities(
        address_kind="phone", starts=True, voice=True, rings=True, cost="per message", media=False, medium="phone"
    ),
}
UNHEARD_OF = Capabilities(address_kind="opaque", receipts=TAKEN)
OTHER_WORDS: Mapping[str, str] = {
    "call": "phone", "voice": "phone", "tel": "phone", "telephone": "phone", "mobile": "phone", "landline": "phone",
    "mail": "email", "e-mail": "email", "tg": "telegram", "wa": "whatsapp", "text": "sms",
}  # fmt: skip


def medium(word: str) -> str:
    """As we call it. A program's other word for a telephone must not pass for a messenger of that name."""
    plain = word.strip().lower()
    return OTHER_WORDS.get(plain, plain)
