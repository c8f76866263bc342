"""Hostile mail made fit to look at.

Three walls, each enough by itself: nh3 parses as a browser does and writes out only what is listed here; the page that
carries it forbids scripts, forms and foreign addresses by policy; and the frame around the page is sandboxed.
"""

import re
from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import unquote

import nh3

MAX_LENGTH = 512 * 1024  # characters; what is longer is cut
MAX_DEPTH = 256  # open elements; a parser's time grows with its square, and browsers themselves stop at 512
LONGEST_URL = 8192

LAYOUT = {"align", "valign", "width", "height", "bgcolor", "style", "dir", "lang"}
ATTRIBUTES: dict[str, set[str]] = {
    **{
        tag: {*LAYOUT}
        for tag in ("p", "div", "span", "center", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote")
    },
    **{tag: {"style", "dir", "lang"} for tag in ("b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "small")},
    **{tag: {"style"} for tag in ("big", "sub", "sup", "code", "kbd", "samp", "tt", "q", "cite", "mark", "abbr", "dl")},
    **{tag: {"style"} for tag in ("dt", "dd", "figure", "figcaption", "address", "section", "article", "header")},
    **{tag: {"style"} for tag in ("footer", "main", "aside", "nav")},
    **{tag: set() for tag in ("br", "wbr", "bdi")},
    "bdo": {"dir"},
    "hr": {"align", "width", "size", "color", "noshade", "style"},
    "font": {"color", "face", "size", "style"},
    "a": {"href", "title", "style"},
    "img": {"src", "alt", "title", "width", "height", "align", "border", "hspace", "vspace", "style"},
    "ul": {"type", "style"},
    "ol": {"type", "start", "style"},
    "li": {"value", "type", "style"},
    "table": {*LAYOUT, "border", "cellpadding", "cellspacing", "bordercolor", "summary"},
    "caption": {*LAYOUT},
    **{tag: {*LAYOUT} for tag in ("thead", "tbody", "tfoot", "tr")},
    **{tag: {*LAYOUT, "span"} for tag in ("col", "colgroup")},
    **{tag: {*LAYOUT, "colspan", "rowspan", "nowrap", "scope", "headers"} for tag in ("td", "th")},
}
# With their content: it is either code or read differently by a browser than by a parser.
DROPPED = {
    *("script", "style", "title", "iframe", "frame", "frameset", "noframes", "noscript", "noembed", "embed", "object"),
    *("applet", "param", "svg", "math", "template", "xmp", "plaintext", "listing", "textarea", "select", "option"),
    *("audio", "video", "source", "track", "canvas", "dialog", "portal", "slot", "base", "link", "meta"),
}
STYLES = {
    *("color", "background-color", "background", "font", "font-family", "font-size", "font-style", "font-weight"),
    *("font-variant", "line-height", "letter-spacing", "word-spacing", "text-align", "text-decoration", "text-indent"),
    *("text-transform", "vertical-align", "white-space", "word-break", "word-wrap", "overflow-wrap", "direction"),
    *("width", "height", "max-width", "max-height", "min-width", "min-height", "display", "float", "clear"),
    *("margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "overflow", "table-layout"),
    *("padding", "padding-top", "padding-right", "padding-bottom", "padding-left", "border-collapse", "border-spacing"),
    *("border", "border-top", "border-right", "border-bottom", "border-left", "border-color", "border-style"),
    *("border-width", "border-radius", "list-style-type", "list-style-position", "box-sizing", "opacity"),
}
HARMLESS_VALUE = re.compile(r"[\w #.,%+'\"!/()-]*", re.ASCII | re.IGNORECASE)
FUNCTION = re.compile(r"([\w-]*)\s*\(", re.ASCII)
FUNCTIONS = {"rgb", "rgba", "hsl", "hsla"}
LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\\<>\"`\x00-\x20\x7f]+", re.IGNORECASE)
REMOTE = re.compile(r"https?://[^\s\\<>\"`\x00-\x20\x7f]+", re.IGNORECASE)
INLINE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>?")
CLOSE_THEMSELVES = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"),
    *("p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup"),
    *("html", "head", "body"),
}
FORMATTING = {*("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")}
BLOCKS = {
    *("address", "article", "aside", "blockquote", "center", "div", "dl", "figure", "footer", "header", "main", "nav"),
    *("ol", "pre", "section", "table", "ul", "h1", "h2", "h3", "h4", "h5", "h6"),
}
WALLS = {"table", "object", "applet", "marquee", "template", "svg", "math", "select"}

Images = Mapping[str, str] | Callable[[str], str | None]


def clean_mail(html: str, images: bool, cid: Images | None = None) -> str:
    """A fragment without anything that runs, asks, or reaches out by itself.

    `cid` gives our URL of an inline image by its Content-ID. Remote images stay away unless `images`: they tell the
    sender that, when and where the mail was read.
    """
    pictures = cid.get if isinstance(cid, Mapping) else cid

    def allowed(_tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return clean_style(value) or None
        if attribute == "href":
            return clean_link(value)
        if attribute == "src":
            return clean_source(value, images, pictures)
        return value

    return nh3.clean(
        flattened(html[:MAX_LENGTH].replace("\x00", "")),
        tags=set(ATTRIBUTES),
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        attribute_filter=allowed,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}, "img": {"referrerpolicy": "no-referrer"}},
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    )


def flattened(html: str) -> str:
    """Without the tags that open deeper than `MAX_DEPTH`; their text stays.

    What is open is followed roughly as a browser does. In doubt an element counts as still open: too many lost tags
    cost a mail its looks, too few cost us seconds.
    """
    opened: list[str] = []

    def keep(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name in CLOSE_THEMSELVES:
            return tag[0]
        if tag[1]:
            close(opened, name)
            return tag[0]
        if len(opened) >= MAX_DEPTH:
            return " "
        opened.append(name)
        return tag[0]

    return TAG.sub(keep, html)


def close(opened: list[str], name: str) -> None:
    if name not in opened:
        return
    for place in range(len(opened) - 1, -1, -1):
        if opened[place] == name:
            if name in FORMATTING:
                del opened[place]  # the blocks inside of it stay open
            else:
                del opened[place:]
            return
        # An end tag does not reach out of a table, nor that of a span out of a block.
        if opened[place] in WALLS or not (name in FORMATTING or name in BLOCKS):
            return


def clean_style(style: str) -> str:
    """The declarations that only say how something looks; nothing that loads, computes or leaves its place."""
    kept = []
    for declaration in style.split(";"):
        name, mark, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        # A backslash, a comment or an at sign ends the match: what is spelled in a roundabout way is not wanted.
        if not mark or name not in STYLES or not HARMLESS_VALUE.fullmatch(value) or "/*" in value:
            continue
        if all(function.lower() in FUNCTIONS for function in FUNCTION.findall(value)):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def clean_link(href: str) -> str | None:
    href = href.strip()
    return href if len(href) <= LONGEST_URL and LINK.fullmatch(href) else None


def clean_source(src: str, images: bool, cid: Callable[[str], str | None] | None) -> str | None:
    src = src.strip()
    if src[:4].lower() == "cid:":
        return cid(unquote(src[4:]).strip().strip("<>")) if cid else None
    if INLINE.fullmatch(src):
        return src
    return src if images and len(src) <= LONGEST_URL and REMOTE.fullmatch(src) else None


def mail_policy(origin: str = "", images: bool = False) -> str:
    """The Content-Security-Policy of a cleaned mail. Send it as a header too, with `; sandbox allow-popups
    allow-popups-to-escape-sandbox` behind it, for whoever opens the address outside of our frame.

    `origin` is where our own files come from: in a sandboxed frame 'self' means nobody.
    """
    if origin and not re.fullmatch(r"https?://[\w.:\[\]-]+", origin, re.ASCII):
        raise ValueError("an origin is a scheme and a host")
    sources = " ".join(filter(None, ["data:", origin, "https: http:" if images else ""]))
    return f"default-src 'none'; img-src {sources}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def mail_page(html: str, language: str, *, origin: str = "", images: bool = False) -> str:
    """A whole page around what `clean_mail` gave, for an `<iframe sandbox>`."""
    return PAGE.format(policy=escape(mail_policy(origin, images)), language=escape(language), html=html)


PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<title></title>
<style>
html {{ background: #fff; color: #1a1a1a; color-scheme: light; }}
body {{ margin: 0; padding: 12px; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }}
img {{ max-width: 100%; height: auto; }}
table {{ max-width: 100%; }}
pre {{ white-space: pre-wrap; }}
blockquote {{ margin: 0.5em 0; padding-left: 0.8em; border-left: 3px solid #d0d4da; color: #555; }}
</style>
</head>
<body>{html}</body>
</html>
"""
