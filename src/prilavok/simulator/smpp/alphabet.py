"""The bytes of short messages, written down from GSM 03.38 and 03.40 for the message centre alone: the channel has a
table of its own, and two that are one could not find each other's mistakes.
"""

from collections.abc import Iterator

ROWS = (
    "@Δ 0¡P¿p",
    "£_!1AQaq",
    '$Φ"2BRbr',
    "¥Γ#3CScs",
    "èΛ¤4DTdt",
    "éΩ%5EUeu",
    "ùΠ&6FVfv",
    "ìΨ'7GWgw",
    "òΣ(8HXhx",
    "ÇΘ)9IYiy",
    "\nΞ*:JZjz",
    "Ø\x1b+;KÄkä",
    "øÆ,<LÖlö",
    "\ræ-=MÑmñ",
    "Åß.>NÜnü",
    "åÉ/?O§oà",
)  # as the standard prints them: a row for the low half of the code, a column for the high one
BASIC = {column * 16 + row: letter for row, letters in enumerate(ROWS) for column, letter in enumerate(letters)}
SECOND = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|"}
SECOND |= {0x65: "€"}
SHIFT = 0x1B
CODES = {letter: bytes([code]) for code, letter in BASIC.items() if code != SHIFT}
CODES |= {letter: bytes([SHIFT, code]) for code, letter in SECOND.items()}
DEFAULT, LATIN, UCS2 = 0, 3, 8  # data_coding


def read(coding: int, raw: bytes) -> str:
    """LookupError for a coding that carries no text."""
    if coding == UCS2:
        return raw.decode("utf-16-be", "replace")
    if coding in {1, LATIN}:
        return raw.decode("latin-1")
    if coding != DEFAULT:
        raise LookupError(coding)
    letters, shifted = [], False
    for code in raw:
        if code == SHIFT and not shifted:
            shifted = True
            continue
        letters.append((SECOND if shifted else BASIC).get(code, "?"))
        shifted = False
    return "".join(letters)


def pieces(text: str) -> tuple[int, list[bytes]]:
    """The coding, and the text as the bytes of its parts, none of which cuts a letter in half."""
    plain = all(letter in CODES for letter in text)
    letters = [CODES[one] if plain else one.encode("utf-16-be", "replace") for one in text]
    whole, part = (160, 153) if plain else (140, 134)
    most = whole if sum(map(len, letters)) <= whole else part
    return (DEFAULT if plain else UCS2), list(_filled(letters, most))


def _filled(letters: list[bytes], most: int) -> Iterator[bytes]:
    held = b""
    for one in letters:
        if len(held) + len(one) > most:
            yield held
            held = b""
        held += one
    yield held
