"""Russian and Ukrainian written in Latin letters: "ne zvonite, pishite v viber"."""

import re
from collections.abc import Iterator
from itertools import combinations, product

SOUNDS: dict[str, tuple[str, ...]] = {
    "shch": ("щ",), "sch": ("щ", "сч"), "zh": ("ж",), "kh": ("х",), "ch": ("ч",), "sh": ("ш",),
    "ts": ("ц", "тс"),
    "yu": ("ю",), "ju": ("ю",), "iu": ("ю", "иу"), "ya": ("я",), "ja": ("я",), "ia": ("я", "иа"),
    "yo": ("е", "йо"),
    "jo": ("е", "йо"), "ye": ("е", "є", "ье"), "je": ("е", "є", "ье"), "ie": ("ие", "є"),
    "yi": ("ї", "ый", "иї", "иі"), "iy": ("ий",), "yj": ("ый",), "ij": ("ий",),
    "a": ("а",), "b": ("б",), "c": ("ц", "к"), "d": ("д",), "e": ("е", "э"), "f": ("ф",), "g": ("г", "ж"),
    "h": ("х", "г"), "i": ("и", "і", "й"), "j": ("й", "ж", "ь"), "k": ("к",), "l": ("л", "ль"), "m": ("м",),
    "n": ("н", "нь"), "o": ("о",), "p": ("п",), "q": ("к",), "r": ("р",), "s": ("с", "сь"),
    "t": ("т", "ть"), "u": ("у",),
    "v": ("в",), "w": ("в", "ш"), "x": ("х", "кс"), "y": ("ы", "й", "и"), "z": ("з",), "'": ("ь",),
}  # fmt: skip
SOFT = frozenset(
    "lnst"
)  # may stand for a soft consonant, but only where Russian softens: before a consonant or the end
VOWELS = frozenset("aeiouy'")
LETTERS = re.compile("|".join(sorted(map(re.escape, SOUNDS), key=len, reverse=True)))


def spellings(word: str) -> Iterator[str]:
    """Cyrillic spellings of a word in lower case, likeliest first; there may be thousands, so take few.

    None when a letter has no counterpart.
    """
    parts = LETTERS.findall(word)
    if "".join(parts) != word or len(word) > 24:
        return
    choices = []
    for place, part in enumerate(parts):
        after = parts[place + 1] if place + 1 < len(parts) else ""
        hard = part in SOFT and after[:1] in VOWELS and after != ""
        choices.append(SOUNDS[part][:1] if hard else SOUNDS[part])
    for changes in range(min(3, len(parts)) + 1):
        for places in combinations(range(len(parts)), changes):
            for others in product(*(choices[place][1:] for place in places)):
                other = dict(zip(places, others, strict=True))
                yield "".join(other.get(place, choice[0]) for place, choice in enumerate(choices))
