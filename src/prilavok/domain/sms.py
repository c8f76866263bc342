"""How a text is cut into SMS: the GSM 03.38 alphabet or UCS-2, and parts that each carry a header of six bytes."""

from collections.abc import Iterator

GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)  # in the order of their codes, 0 to 127
ESCAPE = 0x1B  # in place 27: the next code is of the second table
EXTENDED = dict(zip((10, 20, 40, 41, 47, 60, 61, 62, 64, 101), "\f^{}\\[~]|€", strict=True))  # of the second table
CODES = {letter: bytes([code]) for code, letter in enumerate(GSM) if code != ESCAPE}
CODES |= {letter: bytes([ESCAPE, code]) for code, letter in EXTENDED.items()}
WHOLE_GSM, PART_GSM = 160, 153  # septets of a text alone, and of one part of several
WHOLE_UCS2, PART_UCS2 = 70, 67  # units of 16 bits


def is_gsm(text: str) -> bool:
    """Whether every letter is of the alphabet in which 160 fit into one SMS."""
    return all(letter in CODES for letter in text)


def parts(text: str) -> list[str]:
    """The text as the SMS that it is sent, and paid, as. No letter that counts as two is cut in half."""
    plain = is_gsm(text)
    whole, part = (WHOLE_GSM, PART_GSM) if plain else (WHOLE_UCS2, PART_UCS2)
    return [text] if units(text) <= whole else list(_cut(text, part, plain=plain))


def units(text: str) -> int:
    """Septets when the whole text is GSM, else units of 16 bits."""
    plain = is_gsm(text)
    return sum(_units(letter, plain=plain) for letter in text)


def _cut(text: str, most: int, *, plain: bool) -> Iterator[str]:
    begin, size = 0, 0
    for at, letter in enumerate(text):
        more = _units(letter, plain=plain)
        if size + more > most:
            yield text[begin:at]
            begin, size = at, 0
        size += more
    yield text[begin:]


def _units(letter: str, *, plain: bool) -> int:
    return len(CODES[letter]) if plain else 1 if ord(letter) < 0x10000 else 2


def to_gsm(text: str) -> bytes:
    """One code a byte, as SMPP carries it. ValueError for a letter that is not in the alphabet."""
    try:
        return b"".join(CODES[letter] for letter in text)
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} is no letter of the GSM alphabet") from None


def from_gsm(codes: bytes) -> str:
    """Codes that nobody has defined become spaces, as telephones show them."""
    letters = []
    escaped = False
    for code in codes:
        if escaped:
            letters.append(EXTENDED.get(code) or (GSM[code] if code < 128 else " "))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            letters.append(GSM[code] if code < 128 else " ")
    return "".join(letters)
