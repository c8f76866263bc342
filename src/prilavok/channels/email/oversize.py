"""A mail too large to download: its headers, its text and the list of what was left behind, as a small mail."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

TEXT_LIMIT = 256 * 1024  # bytes of the text part as it was sent
HEADER_LIMIT = 256 * 1024
OWN_HEADERS = re.compile(rb"^(content-[a-z-]+|mime-version):", re.IGNORECASE)
Ask = Callable[..., Mapping[bytes, Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of BODYSTRUCTURE. `section` is its number in FETCH; `size` is in bytes as sent."""

    section: str
    type: str
    charset: str
    encoding: str
    size: int
    name: str


def fetch(ask: Ask) -> bytes:
    """Asks for the structure, the headers and the first text, and makes a mail of them that parses like any other."""
    answer = ask("BODYSTRUCTURE", f"BODY.PEEK[HEADER]<0.{HEADER_LIMIT}>")
    parts = list(leaves(answer[b"BODYSTRUCTURE"]))
    text = next((part for part in parts if part.type == "text/plain" and not part.name), None) or next(
        (part for part in parts if part.type == "text/html" and not part.name), None
    )
    content = b""
    if text is not None:
        key = f"BODY[{text.section}]<0>".encode()
        content = ask(f"BODY.PEEK[{text.section}]<0.{TEXT_LIMIT}>").get(key) or b""
    return shorten(answer[b"BODY[HEADER]<0>"], text, content, [part for part in parts if part is not text])


def shorten(header: bytes, text: Part | None, content: bytes, left: list[Part]) -> bytes:
    """The mail with its own headers, one text part, and a line of text for each part left out."""
    names = [f"{part.name or part.type} ({part.size * 3 // 4 // 1024 or 1} KB)" for part in left[:50]]
    notice = "[This mail is too large. Only its text was fetched; these files are still in the mailbox: {}]"
    mail = EmailMessage(policy=policy.SMTP)
    said = notice.format(", ".join(names) or "none")
    if text is not None and text.type == "text/html":
        mail.set_content(f"<p>{said}</p>" + _decode(text, content), subtype="html", cte="base64")
    else:
        mail.set_content(f"{said}\n\n" + (_decode(text, content) if text else ""), cte="base64")
    return b"".join(_kept(header)) + mail.as_bytes()


def leaves(body: Any, prefix: str = "") -> Iterator[Part]:
    """The parts of a BODYSTRUCTURE that are no multiparts, with their section numbers (RFC 3501, 6.4.5)."""
    if isinstance(body[0], list):
        for number, child in enumerate(body[0], 1):
            yield from leaves(child, f"{prefix}{number}.")
        return
    values = _pairs(body[2])
    disposition = next((item for item in body[7:] if _is_disposition(item)), None)
    name = (_pairs(disposition[1]) if disposition else {}).get("filename") or values.get("name", "")
    yield Part(
        section=prefix.rstrip(".") or "1",
        type=f"{_text(body[0])}/{_text(body[1])}".lower(),
        charset=values.get("charset", "utf-8"),
        encoding=_text(body[5]).lower(),
        size=int(body[6] or 0),
        name=_decoded(name),
    )


def _decoded(name: str) -> str:
    """A file name as people read it (RFC 2047; the server hands it over as it was sent)."""
    try:
        return " ".join(str(make_header(decode_header(name))).split())
    except (LookupError, ValueError, HeaderParseError):
        return name


def _is_disposition(item: Any) -> bool:
    return (
        isinstance(item, tuple) and len(item) == 2 and _text(item[0]).lower() in {"attachment", "inline", "form-data"}
    )


def _pairs(values: Any) -> dict[str, str]:
    flat = [_text(value) for value in values or ()]
    return {key.lower(): value for key, value in zip(flat[::2], flat[1::2], strict=False)}


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")


def _decode(part: Part, content: bytes) -> str:
    head = f"Content-Type: {part.type}\r\nContent-Transfer-Encoding: {part.encoding}\r\n\r\n"
    if part.encoding == "base64":
        content = content[: len(content) // 4 * 4] if b"\n" not in content else content[: content.rfind(b"\n") + 1]
    raw = message_from_bytes(head.encode("ascii", "replace") + content).get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else b""
    try:
        return data.decode(part.charset, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _kept(header: bytes) -> Iterator[bytes]:
    """The header lines without those that describe the content, which is another one now."""
    keeps = False
    for line in header.replace(b"\r\n", b"\n").split(b"\n"):
        if not line.strip():
            break
        if line[:1] not in b" \t":
            keeps = not OWN_HEADERS.match(line) and b":" in line
        if keeps:
            yield line + b"\r\n"
