"""What an uploaded file truly is: by its bytes, never by its name or by what its sender says."""

import re
import struct
import unicodedata
from collections.abc import Callable

UNKNOWN = "application/octet-stream"
WINDOW = 8192  # bytes looked at
LONGEST_NAME = 120  # characters
LONGEST_BYTES = 200  # of the name in UTF-8: file systems end at 255

STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"),
)
OFFICE = "application/vnd.openxmlformats-officedocument."
IN_ZIP: tuple[tuple[bytes, str], ...] = (
    (b"word/", OFFICE + "wordprocessingml.document"),
    (b"xl/", OFFICE + "spreadsheetml.sheet"),
    (b"ppt/", OFFICE + "presentationml.presentation"),
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
)
BRANDS = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
}
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
SVG = re.compile(r"<(?:\w+:)?svg[\s>/]", re.IGNORECASE)
HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|script|iframe|frameset|style|link|meta|img|object|embed|form|base|title|table"
    r"|div|a|br|p|b|h1|font|math|template|video|audio|input|details)[\s>/]",
    re.IGNORECASE,
)
XHTML = "http://www.w3.org/1999/xhtml"
INLINE = {
    *("image/png", "image/jpeg", "image/gif", "image/webp"),
    *("audio/mpeg", "audio/ogg", "audio/mp4", "audio/wav", "audio/webm", "video/mp4", "video/webm", "video/ogg"),
}
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def type_of(data: bytes) -> str:
    """The media type. Text that a browser might run is named for what it is: image/svg+xml, text/html, text/xml."""
    head = data[:WINDOW]
    for start, type in STARTS:
        if head.startswith(start) and not (len(start) == 2 and is_text(head)):
            return type
    if head[:4] == b"RIFF" and head[8:12] in RIFF:
        return RIFF[head[8:12]]
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"OggS":
        return "video/ogg" if b"\x80theora" in head[:512] else "audio/ogg"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return matroska(head)
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return in_zip(data)
    # The first frame of layer III; the other layers would take UTF-16's byte order mark for music.
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] & 0xF0 != 0xF0:
        return "audio/mpeg"
    return type_of_text(head)


def matroska(head: bytes) -> str:
    if b"webm" not in head[:64]:
        return "video/x-matroska"
    return "audio/webm" if b"A_OPUS" in head and b"V_VP" not in head else "video/webm"


def in_zip(data: bytes) -> str:
    """By the names of what is packed: local headers carry them uncompressed."""
    if data[30:38] == b"mimetype" and (document := re.match(rb"application/[\w.+-]{1,80}", data[38:128])):
        return document[0].removesuffix(b"PK").decode()
    names = [data[match.end() + 26 : match.end() + 90] for match in re.finditer(rb"PK\x03\x04", data[:1_000_000])]
    for beginning, type in IN_ZIP:
        if any(name.startswith(beginning) for name in names):
            return type
    return "application/zip"


def type_of_text(head: bytes) -> str:
    text = as_text(head)
    if text is None:
        # Bytes that no text has, yet a browser may still find a page behind them.
        text, fallback = head.decode("latin-1").replace("\x00", ""), UNKNOWN
    else:
        fallback = "text/plain"
    if SVG.search(text):
        return "image/svg+xml"
    if XHTML in text or HTML.search(text):
        return "text/html"
    return "text/xml" if text.lstrip("\ufeff \t\r\n")[:5].lower() == "<?xml" else fallback


def is_text(head: bytes) -> bool:
    return as_text(head) is not None


def as_text(head: bytes) -> str | None:
    """Decoded when it reads as text; a character cut in two by the window's end is forgiven."""
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head.decode("utf-16", "replace")
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or len(head) < WINDOW:
            return None
        text = head[: error.start].decode()
    return None if any(ord(sign) < 32 and sign not in "\t\n\r\f\x1b" for sign in text) else text


def kind_of(type: str) -> str:
    """How it is shown: image, audio, video, or file."""
    family = type.partition("/")[0]
    return family if type in INLINE and family in {"image", "audio", "video"} else "file"


def inline_allowed(type: str) -> bool:
    """Whether a browser may show it on our own address; everything else is a download."""
    return type in INLINE


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as the header says; None when it is no such image or cut off."""
    measure = MEASURES.get(type_of(data))
    try:
        size = measure(data) if measure else None
    except (struct.error, IndexError):
        return None
    return size if size and all(size) else None


def png_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def gif_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:  # padding
            place += 1
        elif marker in JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        elif marker in {0xD9, 0xDA}:  # the picture itself, and no frame came before it
            return None
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            place += 2
        else:
            place += 2 + max(2, struct.unpack_from(">H", data, place + 2)[0])
    return None


def webp_size(data: bytes) -> tuple[int, int] | None:
    chunk = data[12:16]
    if chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if chunk == b"VP8L" and data[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None


MEASURES: dict[str, Callable[[bytes], tuple[int, int] | None]] = {
    "image/png": png_size,
    "image/gif": gif_size,
    "image/jpeg": jpeg_size,
    "image/webp": webp_size,
}


def safe_name(name: str) -> str:
    """A file name that any system can store and that reads as it is: no folder, nothing invisible, nothing turned
    around (a right-to-left mark makes "exe.gpj" of an image), its ending kept."""
    shown = "".join(sign for sign in unicodedata.normalize("NFC", name) if is_visible(sign))
    last = re.split(r"[/\\]", shown)[-1]
    clean = re.sub(r'[<>:"|?*\s]+', " ", last).strip(" .")
    if RESERVED.match(clean):
        clean = "_" + clean
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 12:
        stem, dot, ending = clean, "", ""
    while len(stem) + len(dot + ending) > LONGEST_NAME or len((stem + dot + ending).encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return stem + dot + ending or "file"


def is_visible(sign: str) -> bool:
    return sign in "\t\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
