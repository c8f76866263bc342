"""Bytes into text when the label is missing, unknown or wrong. Never raises: in the end U+FFFD stands for a byte."""

import codecs
import re

import chardet

# Labels that mail programs write and Python does not know.
SPELLINGS = {
    "utf-8": "utf utf8mb4 utf-8mb4 unicode unicode-1-1-utf-8 x-unicode",
    "utf-7": "unicode-1-1-utf-7",
    "cp1251": "win-1251 win1251 windows1251 x-cp1251 cp-1251 ansi-1251 x-windows-1251 win ms-cyrl "
    "windows-cyrillic windows-1251-1 cyrillic-windows ansi",
    "koi8_r": "koi8 koi koi8r koi-8-r x-koi8-r cskoi8r",
    "koi8_u": "koi8u koi8-ru",
    "cp866": "dos-866 cp-866 dos oem x-cp866 ibm-866",
    "mac_cyrillic": "x-mac-cyrillic mac-cyrillic x-mac-ukrainian",
    "mac_roman": "x-mac-roman macintosh",
    "iso8859_5": "iso8859-5 iso-8859-5-e",
    "iso8859_8": "iso-8859-8-i iso-8859-8-e",
    "iso8859_6": "iso-8859-6-i",
    "cp1252": "windows1252 x-ansi iso-8859-1-windows-3.1-latin-1",
    "cp949": "ks_c_5601-1987 ks_c_5601 x-windows-949",
    "gbk": "x-gbk",
    "cp932": "x-sjis",
    "euc_jp": "x-euc-jp",
    "gb18030": "gb2312",
    "big5": "x-big5",
    "cp850": "cp-850",
}
ALIASES = {name: codec for codec, names in SPELLINGS.items() for name in names.split()}
STATEFUL = {"utf-7", "iso2022_jp", "hz", "iso2022_kr", "utf-16", "utf-16-le", "utf-16-be", "utf-32"}
# Windows programs say Latin-1 and mean cp1252.
SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}
NOT_TEXT = {"hex", "base64", "bz2", "zlib", "rot13", "uu", "quopri", "idna", "punycode", "mbcs", "oem", "undefined",
            "unicode_escape", "raw_unicode_escape", "raw-unicode-escape", "unicode-escape"}  # fmt: skip
EAST = ("gb", "big5", "cp932", "cp949", "cp950", "euc", "shift", "johab", "hz")
CYRILLIC = ("cp1251", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic")
SAMPLE = 1600  # bytes that are looked at when guessing

WORD = re.compile(r"[^\W\d_]+")
PAIRS = frozenset(
    [
        "ст",
        "но",
        "то",
        "на",
        "ен",
        "ов",
        "ни",
        "ра",
        "во",
        "ко",
        "не",
        "по",
        "ро",
        "го",
        "пр",
        "ос",
        "ал",
        "ло",
        "ли",
        "от",
        "ка",
        "ер",
        "ет",
        "ол",
        "ва",
        "ть",
        "та",
        "ан",
        "ел",
        "ор",
        "ит",
        "та",
        "ом",
        "ре",
        "де",
        "ла",
        "ми",
        "за",
        "ес",
        "тр",
        "ас",
        "ск",
        "ри",
        "ле",
        "ак",
        "од",
        "об",
        "мо",
        "те",
        "до",
        "ин",
        "бы",
        "ве",
        "ил",
        "ам",
        "ой",
        "ем",
        "ки",
        "да",
        "ав",
        "ат",
        "ль",
        "че",
        "со",
        "ся",
        "ит",
        "ие",
        "ий",
        "ия",
        "им",
        "ух",
        "уж",
        "ум",
        "ві",
        "ні",
        "ть",
        "ся",
        "ти",
        "ть",
        "ою",
        "ів",
        "ій",
        "ськ",
        "пі",
        "мі",
        "лі",
        "сі",
        "зі",
        "ії",
        "іт",
        "ін",
        "ід",
        "із",
        "ює",
        "єт",
        "аю",
        "дя",
        "ку",
        "хо",
        "чу",
        "ку",
        "ще",
        "ще",
        "як",
        "ро",
        "зд",
        "ст",
        "ви",
        "вк",
        "жа",
        "ду",
        "ме",
        "ня",
        "пл",
        "ша",
        "ба",
        "ых",
        "ую",
        "ую",
        "сл",
        "св",
        "см",
        "ди",
        "бо",
        "тн",
        "ад",
        "ещ",
        "ви",
        "ив",
        "ра",
        "еч",
        "ож",
        "уд",
        "га",
        "иш",
        "ее",
        "ых",
    ]
)
RARE = frozenset("ЂЃѓЉЊЌЋЏђљњќћџЎўЈјЅѕ¤¦§©®°±µ¶·¬†‡‰‹›•™‚")


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`, which says of itself that it is `declared`.

    Order of belief: pure ASCII; a byte order mark; valid UTF-8 over any other label; the label, unless it reads as
    nonsense and another Cyrillic alphabet reads well; the best guess.
    """
    codec = known_codec(declared)
    if data.isascii() and codec not in STATEFUL:
        return data.decode("ascii")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-8-sig" if data[0] == 0xEF else "utf-16", "replace")
    if codec in STATEFUL:
        return data.decode(codec, "replace")
    as_utf8 = strictly(data, "utf-8")
    if as_utf8 is not None and not (codec.startswith(EAST) and not re.search(rb"[\xe0-\xf4][\x80-\xbf]{2}", data)):
        return as_utf8
    if codec == "utf-8" and mostly_utf8(data):
        return data.decode("utf-8", "replace")
    return relabelled(data, codec)


def known_codec(declared: str) -> str:
    """Python's name for a label, or "" when it names no alphabet."""
    name = declared.strip().strip("\"'").lower().split("*")[0].split(";")[0].split(" ")[0][:40]
    name = ALIASES.get(name, name)
    if not name or name in NOT_TEXT:
        return ""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if not getattr(found, "_is_text_encoding", True) or found.name.replace("-", "_") in NOT_TEXT:
        return ""
    return SUPERSETS.get(found.name, found.name)


def strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except ValueError:
        return None


def mostly_utf8(data: bytes) -> bool:
    """A cut or damaged character here and there does not make it another alphabet."""
    sample = data[:SAMPLE]
    good = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", sample))
    return good > 2 * sample.decode("utf-8", "replace").count("\ufffd")


def relabelled(data: bytes, codec: str) -> str:
    sample = data[:SAMPLE]
    own = strictly(data, codec) if codec and codec != "utf-8" else None
    if own is not None and codec.startswith(EAST):
        return own
    if codec in {"koi8-r", "koi8_r"}:
        codec = "koi8_u"  # the same but for four Ukrainian letters in place of line drawing
    own_score = plausibility(sample.decode(codec, "replace")) if codec and codec != "utf-8" else -1.0
    best, best_score = "", 0.35
    for candidate in CYRILLIC if own_score < 0.75 else ():
        score = plausibility(sample.decode(candidate, "replace"))
        if score > best_score:
            best, best_score = candidate, score
    if best and best != codec and best_score > own_score + 0.25:
        return data.decode(best, "replace")
    if codec and codec != "utf-8":
        return data.decode(codec, "replace")
    if best:
        return data.decode(best, "replace")
    return guessed(data)


def guessed(data: bytes) -> str:
    found = chardet.detect(data[:SAMPLE])
    codec = known_codec(str(found.get("encoding") or ""))
    text = strictly(data, codec) if codec else None
    if text is None:
        text = strictly(data, "cp1252")
    return text if text is not None else data.decode("utf-8", "replace")


def plausibility(text: str) -> float:
    """How much the letters beyond ASCII look like Russian or Ukrainian: about 1 for a text, below 0.3 for nonsense."""
    high = sum(char > "\x7f" for char in text)
    if not high:
        return 0.0
    good = bad = 0
    for word in WORD.findall(text):
        if word.isascii():
            continue
        latin = any(char < "\u0250" for char in word)
        shaped = word.islower() or word.istitle() or word.isupper()
        letters = sum("\u0400" <= char <= "\u04ff" for char in word)
        if latin or not shaped:
            bad += letters
            continue
        lower = word.lower()
        pairs = sum(lower[i : i + 2] in PAIRS for i in range(len(lower) - 1))
        good += letters * (0.4 + 0.6 * min(1.0, 1.5 * pairs / max(1, len(lower) - 1))) * (0.9 if word.isupper() else 1)
    bad += 2 * sum(char in RARE or "\u2500" <= char <= "\u25ff" or char == "\ufffd" for char in text)
    return (good - bad) / high
