"""HTML of a mail into lines, with what each mail program's markup says about quotes and signatures.

A tokeniser and a stack, no tree: broken nesting, a million unclosed tags or 10 MB of styles cost one pass.
"""

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from prilavok.channels.email.lines import MOST_LINES, Line, Mark

MOST_MARKUP = 1024 * 1024  # characters
MOST_OPEN = 300

TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[[^>]*>|<[!?][^>]*>"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9:]*)(?P<attrs>(?:[^<>\"']|\"[^\"]{0,8000}\"|'[^']{0,8000}')*)>"
    r"|<(?P<close2>/?)(?P<tag2>[a-zA-Z][a-zA-Z0-9:]*)(?P<attrs2>[^<>]*)>"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL,
)
ATTRIBUTE = re.compile(
    r"(?<![\w-])(class|id|style|type|alt|hidden|name|data-signature-widget)"
    r"\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?",
    re.I,
)
BLOCKS = frozenset(
    [
        "div",
        "p",
        "table",
        "tr",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "hr",
        "article",
        "section",
        "header",
        "footer",
        "center",
        "dl",
        "dt",
        "dd",
        "form",
        "fieldset",
        "address",
        "body",
        "main",
        "nav",
        "aside",
        "figure",
    ]
)
SPACED = frozenset(["p", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dl"])
VOID = frozenset(
    ["br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr", "param", "basefont"]
)
SKIPPED = frozenset(["style", "script", "title", "template", "noscript", "svg", "object", "select"])

# `(^|[ "])x_` : Outlook on the web prefixes what it shows again.
HISTORY_HERE = re.compile(
    r"yahoo_quoted|protonmail_quote|zmail_extra|moz-cite-prefix|gmail_attr|reply-intro|"
    r"tutanota_quote|mail-quote-collapse"
    r"|ms-outlook-mobile-reference-message|hmailquote|mailru-quote|quoted_message|quote-header|cm_quote|x_gmail_attr"
    r"|acompli_reply|freshdesk_quote|front-blockquote|missive_quote|superhuman_quote|bluemail_quote|edo_quote"
    r"|mailmaster_quote|ntes_quote|h5p-quote|wm-quote|replyheader|reply-header|"
    r"rambler-quote|ukrnet-quote|qtdSeparateBR",
    re.IGNORECASE,
)
CUT_HERE = re.compile(
    r"divrplyfwdmsg|appendonsend|outlookmessageheader|stopspelling|moz-forward-container|messagereplysection"
    r"|mail-editor-reference-message|outlook-mobile-reference|ms-outlook-mobile-body-separator|replysplit|orig_msg"
    r"|original_message|zimbra-quote|origbody|isforwardcontent|forwardmessage|mimestream-quote",
    re.IGNORECASE,
)
SIGNATURE_HERE = re.compile(
    r"gmail_signature|moz-signature|protonmail_signature|applemailsignature|ms-outlook-mobile-signature"
    r"|messagesignaturesection|signature_old|mail-signature|(?:^|[\s\"_-])signature(?:[\s\"]|$)|zmail_signature"
    r"|mailsignature|email-signature|emailsignature|signature-container|sparksignature|bloop_sign|tutanota_signature"
    r"|composer-signature|mail__signature|js-signature",
    re.IGNORECASE,
)
OUTLOOK_BORDER = re.compile(
    r"border(?:-top)?\s*:\s*(?:none\s*;\s*border-top\s*:\s*)?solid\s+#?(?:e1e1e1|b5c4df|c0c0c0)\s+1(?:\.0)?pt"
    r"|border-top\s*:\s*(?:1(?:\.0)?p[tx]\s+solid|solid\s+1(?:\.0)?p[tx])\s+#?(?:e1e1e1|b5c4df)"
    r"|border-top\s*:\s*#?(?:e1e1e1|b5c4df)\s+1(?:\.0)?p[tx]\s+solid",
    re.IGNORECASE,
)
NO_BORDER = re.compile(r"border(?:-left)?\s*:\s*(?:none|0|medium none)", re.IGNORECASE)
HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
TIGHT = re.compile(
    r"(?:^|;)\s*margin(?:-bottom)?\s*:\s*0(?:cm|in|px|pt|em)?(?:\s+0\w*|\s*;|\s*$|\s+auto)", re.IGNORECASE
)
PRESERVED = re.compile(r"white-space\s*:\s*(?:pre\b|pre-wrap|-moz-pre-wrap|break-spaces|pre-line)", re.IGNORECASE)
BLANKS = re.compile(r"[ \t\n\r\f\u00a0\u200b\u2007\u202f]+")


@dataclass(slots=True)
class Open:
    """An element that is not closed yet, and what it passes on to everything inside."""

    tag: str
    depth: int = 0
    mark: Mark = Mark.NONE
    hidden: bool = False
    preserved: bool = False
    spaced: bool = False
    numbered: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What a style attribute says that matters here."""

    bordered: bool
    borderless: bool
    hidden: bool
    preserved: bool
    tight: bool


@lru_cache(maxsize=1024)  # mails repeat a handful of styles and classes thousands of times
def read_style(style: str) -> Look:
    patterns = (OUTLOOK_BORDER, NO_BORDER, HIDDEN, PRESERVED, TIGHT)
    return Look(*(bool(style) and bool(pattern.search(style)) for pattern in patterns))


@lru_cache(maxsize=1024)
def read_class(said: str) -> Mark:
    if CUT_HERE.search(said):
        return Mark.CUT
    if HISTORY_HERE.search(said):
        return Mark.HISTORY
    return Mark.SIGNATURE if SIGNATURE_HERE.search(said) else Mark.NONE


def read_attributes(attrs: str) -> dict[str, str]:
    return {m[1].lower(): m[2] or m[3] or m[4] or "" for m in ATTRIBUTE.finditer(attrs)}


class Reader:
    def __init__(self) -> None:
        self.stack = [Open("")]
        self.lines: list[Line] = []
        self.held: list[str] = []
        self.cut = False
        self.overflow = 0
        self.border = False  # Outlook draws one above the history; so do many others above anything
        self.filler = False  # a lone &nbsp; is how editors keep an empty line open

    def read(self, markup: str) -> list[Line]:
        markup = markup[:MOST_MARKUP]
        position = 0
        while position < len(markup) and len(self.lines) < MOST_LINES:
            match = TOKEN.match(markup, position)
            if match is None:
                break
            position = match.end()
            if match["text"] is not None:
                self.say(match["text"])
                continue
            tag = (match["tag"] or match["tag2"] or "").lower()
            if not tag:
                continue
            if match["close"] or match["close2"]:
                self.close(tag)
            elif tag in SKIPPED:
                position = after_element(markup, tag, position)
            else:
                self.open(tag, match["attrs"] or match["attrs2"] or "")
        self.flush()
        return self.lines

    def say(self, text: str) -> None:
        here = self.stack[-1]
        if here.hidden:
            return
        if "&" in text:
            text = html.unescape(text)
        if not here.preserved:
            self.filler = self.filler or "\u00a0" in text
            self.held.append(BLANKS.sub(" ", text))
            return
        first, *rest = text.replace("\r\n", "\n").replace("\u00a0", " ").split("\n")
        self.held.append(first)
        for line in rest:
            self.flush(even_empty=True)
            self.held.append(line)

    def open(self, tag: str, attrs: str) -> None:
        here = self.stack[-1]
        if tag == "br":
            if not here.hidden:
                self.flush(even_empty=True)
            return
        found = read_attributes(attrs) if attrs else {}
        if tag == "img":
            if not here.hidden and len(found.get("alt", "")) <= 4 and not found.get("alt", "").isascii():
                self.held.append(html.unescape(found["alt"]))  # an emoji drawn as a picture
            return
        if tag in BLOCKS:
            self.flush()
        elif tag in {"td", "th"} and self.held:
            self.held.append(" ")
        new = self.inside(here, tag, found)
        if new.spaced and not here.hidden:
            self.space()
        if tag == "li":
            here.numbered += 1
            self.held.append(f"{here.numbered}. " if here.tag == "ol" else "- ")
        if tag in VOID:
            return
        if len(self.stack) < MOST_OPEN:
            self.stack.append(new)
        else:
            self.overflow += 1

    def inside(self, here: Open, tag: str, found: dict[str, str]) -> Open:
        new = Open(tag, here.depth, here.mark, here.hidden, here.preserved or tag in {"pre", "textarea"})
        if not found:
            new.depth += tag == "blockquote"
            new.spaced = tag in SPACED
            return new
        said = f"{found.get('class', '')} {found.get('id', '')} {found.get('name', '')}"
        if "data-signature-widget" in found:
            said += " mail-signature"
        look = read_style(found.get("style", "")[:1000])
        if tag == "blockquote" and not (look.borderless and not found.get("type") and "cite" not in said):
            new.depth += 1
        if tag not in {"a", "span", "meta"} or "x_" in said:
            mark = read_class(said[:300])
            if mark is Mark.CUT:
                self.cut = True
            elif mark is Mark.HISTORY or (mark is Mark.SIGNATURE and not new.mark and not new.depth):
                new.mark = mark
        self.border = self.border or (look.bordered and tag in {"div", "p", "td", "table"})
        new.hidden = new.hidden or look.hidden
        new.preserved = new.preserved or look.preserved
        new.spaced = tag in SPACED and not (look.tight or "mso" in said.lower())
        return new

    def close(self, tag: str) -> None:
        if tag in BLOCKS:
            self.flush()
        if tag == "p" and not any(one.tag == "p" for one in self.stack[-8:]):
            return
        if self.overflow:
            self.overflow -= 1
            return
        for index in range(len(self.stack) - 1, max(0, len(self.stack) - 60), -1):
            if self.stack[index].tag == tag:
                spaced = self.stack[index].spaced
                del self.stack[index:]
                if spaced and not self.stack[-1].hidden:
                    self.space()
                return

    def flush(self, *, even_empty: bool = False) -> None:
        here = self.stack[-1]
        text = "".join(self.held)
        self.held.clear()
        text = text.rstrip() if here.preserved else BLANKS.sub(" ", text).strip()
        if text or even_empty or self.filler:
            self.lines.append(self.line(text))
        self.filler = False

    def line(self, text: str) -> Line:
        here = self.stack[-1]
        mark = Mark.CUT if self.cut else here.mark
        if self.border and not mark and text:
            mark = Mark.BORDER
        self.border = self.border and not text
        prefix = ">" * min(here.depth, 20) + " " if here.depth else ""
        return Line(prefix + text, bool(here.depth) or text.startswith(">"), mark)

    def space(self) -> None:
        """One blank line, unless there is one."""
        self.flush()
        if self.lines and not self.lines[-1].text.strip("> "):
            return
        if self.lines:
            self.lines.append(self.line(""))


def after_element(markup: str, tag: str, position: int) -> int:
    closing = re.compile(rf"</{tag}\s*>", re.IGNORECASE).search(markup, position)
    return closing.end() if closing else len(markup)


def from_html(markup: str) -> list[Line]:
    """Lines with at most one blank line in a row: margins and empty paragraphs add up otherwise."""
    lines = Reader().read(markup)
    return [line for index, line in enumerate(lines) if not (index and empty(line) and empty(lines[index - 1]))]


def empty(line: Line) -> bool:
    return not line.text.strip("> ")
