"""How long a text is where every letter is paid for."""

from dataclasses import dataclass

from prilavok.domain.capabilities import Capabilities

GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = set("^{}\\[~]|€\f")  # letters of the GSM alphabet that count as two
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
    plain = all(letter in GSM or letter in TWICE for letter in text)
    size = sum(2 if letter in TWICE else 1 for letter in text) if plain else len(text.encode("utf-16-le")) // 2
    whole, part = (160, 153) if plain else (70, 67)
    return Length(size, whole, 1 if size <= whole else -(-size // part))
