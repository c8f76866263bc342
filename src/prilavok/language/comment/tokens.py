"""A comment cut into words, numbers and signs, each with its place in the text and the marks that stand before it."""

import re
from dataclasses import dataclass, replace
from itertools import groupby

from prilavok.language.comment.wordlist import words

PIECE = re.compile(
    r"(?P<address>[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+|www\.\S+|(?:t|wa|vk|viber)\.(?:me|com)/\S*|@\w{3,})"
    r"|(?P<phone>(?<![\w.])\+?\d(?:[\s()-]{0,2}\d){8,13}(?!\w))"
    r"|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_]+(?:['’‘ʼ`´′\u0301][^\W\d_]+)*)"
    r"|(?P<sign>[^\w\s.,;:!?()\[\]{}\"'«»„“”‘’*#№+=<>|/\\\-–—_…%&~^`$€£₴₽°\u200d\ufe0f\U0001F3FB-\U0001F3FF])"
)
SENTENCE = re.compile(r"[.!?…;\n\r]|\s[-–—]{2,}\s")
CLAUSE = re.compile(r"[,:()\[\]/|+]|[-–—](?=\s)|(?<=\s)[-–—]|–|—")
SHORT = words("""
    кв эт эл ел под подъезд ул д дом тел стр корп к г оф т ч п м мин час грн руб р р-н им пер просп пр обл др пов буд
    вул mr mrs ms dr apt fl no ent st rd ave tel a p m am pm эл пож дом моб с
""")
FEWEST_LETTERS = 5
APOSTROPHES = str.maketrans("’‘ʼ`´′ё", "''''''е")
LOOKALIKES = str.maketrans("aceopxyikmthb", "асеорхуікмтнв")
LATIN_LOOKALIKES = {there: here for here, there in LOOKALIKES.items()}


@dataclass(frozen=True, slots=True)
class Token:
    """`gap`: what stands before it, back to the token before. Sentences and clauses are counted from 0."""

    start: int
    end: int
    kind: str  # word | number | phone | address | sign
    raw: str
    low: str
    gap: str
    sentence: int
    clause: int
    keys: frozenset[str] = frozenset()


def tokens_of(text: str) -> list[Token]:
    """In order. Marks are no tokens; they end clauses and sentences."""
    found: list[Token] = []
    at = sentence = clause = 0
    for piece in PIECE.finditer(text):
        gap = text[at : piece.start()]
        if found:
            ends = SENTENCE.search(gap) is not None and not _abbreviated(found[-1], gap, piece)
            sentence += ends
            decimal = gap == "," and found[-1].kind == piece.lastgroup == "number"  # "16,5"
            clause += ends or (CLAUSE.search(gap) is not None and not decimal)
        kind = piece.lastgroup or "sign"
        found.append(Token(piece.start(), piece.end(), kind, piece[0], _folded(piece[0], kind), gap, sentence, clause))
        at = piece.end()
    return _closed_up(found)


def _closed_up(tokens: list[Token]) -> list[Token]:
    """ "Н е  з в о н и т е": a row of single letters is a word that was spread out."""
    found: list[Token] = []
    for spread, row in groupby(tokens, key=lambda token: token.kind == "word" and len(token.raw) == 1):
        letters = list(row)
        if not spread or len(letters) < FEWEST_LETTERS or any(one.gap.strip(" ._-") for one in letters[1:]):
            found += letters
            continue
        low = "".join(one.low for one in letters)
        found.append(replace(letters[0], end=letters[-1].end, raw="".join(one.raw for one in letters), low=low))
    return found


def questions_in(text: str, tokens: list[Token]) -> frozenset[int]:
    """The sentences that end in a question mark."""
    ends = [token.start for token in tokens[1:]] + [len(text)]
    return frozenset(token.sentence for token, end in zip(tokens, ends, strict=False) if "?" in text[token.end : end])


def _abbreviated(before: Token, gap: str, piece: re.Match[str]) -> bool:
    """A full stop that ends no sentence: "кв. 5", "18.00", "т.к.", and "10 a.m."."""
    if "." not in gap or gap.strip(" ") != ".":
        return False
    if before.kind == "number" and piece.lastgroup == "number":
        return True
    if before.low in {"не", "ne", "stop", "dont", "don't", "хватит", "без"} and piece.lastgroup == "word":
        return True
    if before.low in SHORT and (len(before.low) > 1 or piece.lastgroup == "number" or not gap.endswith(" ")):
        return True
    return len(before.low) == 1 and before.kind == "word" and not gap.endswith(" ")


def _folded(raw: str, kind: str) -> str:
    low = raw.lower()
    if kind != "word":
        return low
    low = low.translate(APOSTROPHES).replace("\u0301", "")
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in low)
    if 0 < cyrillic < len(low):  # Latin letters that only look Cyrillic, or the other way round ("Nе zvonite")
        whole = low.translate(LOOKALIKES)
        low = low.translate(LATIN_LOOKALIKES) if re.search("[a-z]", whole) else whole
    return re.sub(r"(.)\1{2,}", r"\1", low) if len(low) > 3 else low
