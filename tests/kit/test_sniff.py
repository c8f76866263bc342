import io
import re
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.kit.sniff import image_size, inline_allowed, kind_of, safe_name, type_of

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 640, 480) + b"\x08\x06\x00\x00\x00"
GIF = b"GIF89a" + struct.pack("<HH", 320, 200) + b"\x00" * 20
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xe1\x00\x08Exif\x00\x00\xff\xff\xc2\x00\x11\x08" + struct.pack(">HH", 768, 1024) + b"\x03" + b"\x00" * 12
)
WEBP = (
    b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", 99, 77) + b"\x00" * 8
)
WEBP_LOSSLESS = b"RIFF\x24\x00\x00\x00WEBPVP8L\x18\x00\x00\x00\x2f" + struct.pack("<I", 98 | 76 << 14) + b"\x00" * 8
WEBP_LARGE = b"RIFF\x24\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00" + b"\x62\x00\x00" + b"\x4c\x00\x00"


def packed(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "x" * 50)
    return file.getvalue()


def opendocument() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "type"),
    [
        (PNG, "image/png"),
        (GIF, "image/gif"),
        (JPEG, "image/jpeg"),
        (WEBP, "image/webp"),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x13OpusHead", "audio/ogg"),
        (b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x2a\x80theora", "video/ogg"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x64\x00\x00", "audio/mpeg"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "video/mp4"),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x02\x00", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "image/heic"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm V_VP9", "video/webm"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm A_OPUS", "audio/webm"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (packed("a.txt", "b.txt"), "application/zip"),
        (
            packed("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            packed("[Content_Types].xml", "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (opendocument(), "application/vnd.oasis.opendocument.text"),
        (b"MZ\x90\x00\x03", "application/vnd.microsoft.portable-executable"),
        ("Замовлення № 5".encode(), "text/plain"),
        (b"MZ is how this note begins", "text/plain"),
        ("привет".encode("utf-16"), "text/plain"),
        (("я" * 5000).encode()[: 8192 + 1], "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"", "text/plain"),
    ],
)
def test_a_file_is_what_its_bytes_say(data, type):
    assert type_of(data) == type


@pytest.mark.parametrize(
    ("data", "type"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
        (b"<?xml version='1.0'?><!-- x --><!DOCTYPE svg><svg>", "image/svg+xml"),
        (b"\xef\xbb\xbf  \n<SVG/onload=alert(1)>", "image/svg+xml"),
        (b"<?xml version='1.0'?><s:svg xmlns:s='http://www.w3.org/2000/svg'>", "image/svg+xml"),
        ("<svg onload=alert(1)>".encode("utf-16"), "image/svg+xml"),
        (b"<!DOCTYPE html><p>", "text/html"),
        (b"   <html>", "text/html"),
        (b"hello <script>alert(1)</script>", "text/html"),
        (b"\x00\x00<script >alert(1)</script>", "text/html"),
        (b"\xff\xff\xff<iframe src=x>", "text/html"),
        (b"<?xml version='1.0'?><x xmlns='http://www.w3.org/1999/xhtml'/>", "text/html"),
        (b"<?xml version='1.0'?><?xml-stylesheet href='x'?><order/>", "text/xml"),
    ],
)
def test_what_a_browser_might_run_is_recognised_and_never_shown_inline(data, type):
    assert type_of(data) == type or (type_of(data) == "text/plain" and data[:2] == b"\xff\xfe")
    assert not inline_allowed(type_of(data))


@given(st.binary(max_size=300), st.sampled_from([b"<script>x</script>", b"<svg onload=x>", b"<html><body>"]))
def test_a_page_behind_noise_is_never_taken_for_plain_text(noise, page):
    type = type_of(noise + page)
    assert not type.startswith("text/plain") or noise[:2] in {b"\xff\xfe", b"\xfe\xff"}


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (PNG, (640, 480)),
        (GIF, (320, 200)),
        (JPEG, (1024, 768)),
        (WEBP, (99, 77)),
        (WEBP_LOSSLESS, (99, 77)),
        (WEBP_LARGE, (99, 77)),
    ],
)
def test_a_picture_tells_its_size_and_a_cut_one_none(data, size):
    assert image_size(data) == size
    for length in range(len(data)):
        assert image_size(data[:length]) in {None, size}
    assert image_size(data[:9]) is None


@given(st.sampled_from([PNG, GIF, JPEG, WEBP, WEBP_LOSSLESS, WEBP_LARGE]), st.integers(0, 60), st.binary(max_size=30))
def test_a_spoiled_picture_harms_nobody(data, place, noise):
    size = image_size(data[:place] + noise + data[place:])
    assert size is None or min(size) > 0


def test_no_picture_has_no_size():
    assert image_size(b"text") is None
    assert image_size(b"GIF89a" + b"\x00" * 20) is None


def test_what_is_shown_and_what_is_a_download():
    assert inline_allowed("image/png")
    assert not any(inline_allowed(type) for type in ("image/svg+xml", "text/html", "application/pdf", "text/plain", ""))
    assert [kind_of(type) for type in ("image/webp", "audio/ogg", "video/mp4", "image/svg+xml", "application/pdf")] == [
        *("image", "audio", "video", "file", "file")
    ]


@pytest.mark.parametrize(
    ("given_name", "stored"),
    [
        ("Счёт № 5.pdf", "Счёт № 5.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\shop\\photo.jpg", "photo.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\r\nSet-Cookie: x.txt", "ab Set-Cookie x.txt"),
        ("nul", "_nul"),
        ("COM1.txt", "_COM1.txt"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ('a<b>"c|d?.png', "a b c d .png"),
        ("name. . ", "name"),
        ("e\u0301.txt", "é.txt"),
        ("\ud800.txt", "txt"),
    ],
)
def test_names_lose_what_deceives(given_name, stored):
    assert safe_name(given_name) == stored


def test_a_long_name_keeps_its_ending():
    assert re.fullmatch(r"a{116}\.png", safe_name("a" * 500 + ".png"))
    assert len(safe_name("я" * 500 + ".docx").encode()) <= 200
    assert safe_name("я" * 500 + ".docx").endswith(".docx")


@given(st.text())
def test_any_name_becomes_one_that_can_be_stored(name):
    stored = safe_name(name)
    assert stored
    assert len(stored.encode()) <= 200
    assert not re.search(r'[/\\<>:"|?*\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]', stored)
    assert stored not in {".", ".."}
    assert safe_name(stored) == stored
