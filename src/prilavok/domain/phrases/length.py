"""How long a text is where every letter is paid for."""

from dataclasses import dataclass

from prilavok.domain.capabilities import Capabilities
from prilavok.domain.sms import WHOLE_GSM, WHOLE_UCS2, is_gsm, parts, units

SHORT_BELOW = 1000  # characters; a channel that takes fewer gets the short words


@dataclass(frozen=True, slots=True)
class Length:
    """`limit` is of one message: of one part where the channel counts parts."""

    characters: int
    limit: int
    parts: int = 1


def is_short(able: Capabilities) -> bool:
    return able.text_limit < SHORT_BELOW or able.cost == "per message"


def length(text: str, able: Capabilities) -> Length:
    if not is_short(able):
        return Length(len(text), able.text_limit)
    return in_parts(text)


def in_parts(text: str) -> Length:
    """As an SMS: 160 letters of the GSM alphabet or 70 of any other; 153 and 67 a part when there are several."""
    return Length(units(text), WHOLE_GSM if is_gsm(text) else WHOLE_UCS2, len(parts(text)))
