"""multipart/form-data and urlencoded forms, out of bytes that are already bounded: what browsers and vendors post.

Total: whatever the bytes are, the answer is a form or `NotAForm`; the number of fields and the length of their names
are bounded, so that a hostile body costs no more than its own length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote_to_bytes

MOST_PARTS = 300
LONGEST_HEAD = 8 * 1024  # bytes of one part's headers
BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
PARAMETER = re.compile(r';\s*(name|filename|filename\*)\s*=\s*(?:"((?:[^"\\\r\n]|\\.)*)"|([^\s;"]*))', re.IGNORECASE)


class NotAForm(ValueError):
    """The body is no form that we know, or one with far too many parts."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form, from the input called `input`. `name` is what the sender says, good for showing only."""

    input: str
    name: str
    type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Posted:
    """The last value of each field as bytes (vendors write their texts in several charsets), and the files in order."""

    values: dict[str, bytes]
    files: tuple[Upload, ...] = ()

    def text(self, name: str) -> str:
        return self.values.get(name, b"").decode("utf-8", "replace")


def posted(content_type: str, body: bytes) -> Posted:
    """The form in a body of this Content-Type. NotAForm for everything else."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        found = BOUNDARY.search(content_type)
        if found is None:
            raise NotAForm("a multipart body without its boundary")
        return _multipart((found[1] or found[2]).encode("latin-1", "replace"), body)
    if kind == "application/x-www-form-urlencoded":
        try:
            text = body.decode("latin-1")  # and back: which charset the values are in is not ours to say
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARTS, encoding="latin-1")
        except ValueError as error:
            raise NotAForm(str(error)) from error
        return Posted({name: value.encode("latin-1") for name, value in pairs})
    raise NotAForm(f"a body of type {kind[:60] or 'none'}")


def _multipart(boundary: bytes, body: bytes) -> Posted:
    values: dict[str, bytes] = {}
    files: list[Upload] = []
    for head, data in _parts(b"--" + boundary, body):
        about = _about(head)
        name = about.get("name")
        if name is None:
            continue
        if "filename" in about:
            if about["filename"] or data:  # browsers send an empty part where no file was chosen
                files.append(Upload(name, about["filename"], about.get("type", ""), data))
        else:
            values[name] = data
    return Posted(values, tuple(files))


def _parts(delimiter: bytes, body: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = body.find(delimiter) if not body.startswith(delimiter) else 0
    count = 0
    while place >= 0:
        start = place + len(delimiter)
        if body.startswith(b"--", start):
            return
        count += 1
        if count > MOST_PARTS:
            raise NotAForm("too many parts")
        end = body.find(b"\r\n" + delimiter, start)
        if end < 0:
            raise NotAForm("the last part has no end")
        cut = body.find(b"\r\n\r\n", start, min(end, start + LONGEST_HEAD) + 4)
        if cut < 0:
            raise NotAForm("a part without headers")
        yield body[start:cut], body[cut + 4 : max(end, cut + 4)]
        place = end + 2


def _about(head: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        text = value.decode("utf-8", "replace").strip()
        match name.strip().lower():
            case b"content-disposition":
                for one in PARAMETER.finditer(text):
                    found[one[1].lower()] = re.sub(r'\\(["\\])', r"\1", one[2] if one[2] is not None else one[3])
            case b"content-type":
                found["type"] = text[:200]
    if "filename*" in found:  # RFC 5987: UTF-8''%D0%B0.txt
        found["filename"] = unquote_to_bytes(found.pop("filename*").rpartition("'")[2]).decode("utf-8", "replace")
    return found
