"""How the request form looks. Everything that was typed comes back after a mistake; only files cannot."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from prilavok.web.calls import ShopPhone
from prilavok.web.public.form_words import WORDS
from prilavok.web.public.page import whole
from prilavok.web.public.phones import block
from prilavok.web.public.style import FORMS

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
MOST_FILES = 10
# How each optional field is typed in. Not type=email: browsers refuse a Cyrillic mailbox, and in their own words.
INPUTS = {
    "name": 'type="text" autocomplete="name" maxlength="200"',
    "email": 'type="text" inputmode="email" autocapitalize="none" autocomplete="email" maxlength="200"',
    "phone": 'type="tel" autocomplete="tel" maxlength="32"',
    "order": 'type="text" autocomplete="off" maxlength="64"',
}
SCRIPTS = '<script src="/f/form.js" defer></script>'
STYLE = """
label, .label { display: block; font-weight: 600; margin: 20px 0 4px }
label small { font-weight: 400; color: var(--muted); margin-inline-start: 6px }
input:not([type=hidden]) {
  display: block; width: 100%; font: inherit; color: inherit; background: var(--raised); min-height: 44px;
  border: 1px solid var(--edge); border-radius: 8px; padding: 10px 12px;
}
input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
input[type=file] { padding: 9px 12px }
textarea { min-height: 144px; margin: 0 }
.help { color: var(--muted); font-size: .875rem; margin: 4px 0 0 }
.wrong { color: var(--danger); font-weight: 600; margin: 4px 0 8px }
.send { margin: 28px 0 12px }
.send button { width: 100% }
.send button[aria-busy=true] { opacity: .7 }
.mail button { padding: 4px 12px; min-height: 36px; font-weight: 400 }
.files { list-style: none; margin: 8px 0 0; padding: 0 }
.files li { padding: 0; margin: 0; border: 0 }
.files li::before { content: none }
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One showing of the form. `wrong`: the field (or "" for the whole) and what to say of it."""

    key: str
    shop: str
    drawn: Mapping[str, Any]  # Hosted.sheet
    language: str
    when: str  # «в течение 4 часов»
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[str, str] | None = None
    phones: Sequence[ShopPhone] = ()
    most: int = 20 << 20  # bytes of all files together


def render(sheet: Sheet) -> str:
    words, drawn = WORDS[sheet.language], sheet.drawn
    title = drawn["title"] or words["title"]
    intro = f'<p class="lead">{escape(drawn["intro"])}</p>' if drawn["intro"] else ""
    at_large = sheet.wrong is not None and not sheet.wrong[0]
    notice = f'<p class="notice wrong" role="alert">{escape(sheet.wrong[1])}</p>' if at_large and sheet.wrong else ""
    contacts = "" if drawn["asks"] & {"email", "phone"} else f" {words['no_contacts']}"
    fields = "".join(_field(sheet, name) for name in INPUTS if name in drawn["asks"])
    files = _files(sheet) if "files" in drawn["asks"] else ""
    body = (
        f'<p class="shop">{escape(sheet.shop)}</p><h1>{escape(title)}</h1>{intro}{notice}'
        f'<form method="post" action="/f/{sheet.key}?lang={sheet.language}" enctype="multipart/form-data" '
        f"data-prilavok>{_question(sheet)}{fields}{files}"
        f'<p class="send"><button>{escape(words["send"])}</button></p></form>'
        f'<p class="help">{escape(words["after"].format(when=sheet.when) + contacts)}</p>{_mail(drawn["email"], words)}'
        f"{block(sheet.phones, sheet.language)}"
    )
    return whole(title, sheet.language, body, style=FORMS + STYLE, head=SCRIPTS)


def _question(sheet: Sheet) -> str:
    words = WORDS[sheet.language]
    wrong = _complaint(sheet, "text")
    return (
        f'<label for="text">{escape(words["text"])}</label>'
        f'<textarea id="text" name="text" required maxlength="8000" {_about(sheet, "text", "text-help")}'
        f">{escape(sheet.typed.get('text', ''))}</textarea>{wrong}"
        f'<p class="help" id="text-help">{escape(words["text_help"])}</p>'
    )


def _field(sheet: Sheet, name: str) -> str:
    words = WORDS[sheet.language]
    help_text = words.get(f"{name}_help", "")
    wrong = _complaint(sheet, name)
    return (
        f'<label for="{name}">{escape(words[name])}<small>{escape(words["optional"])}</small></label>'
        f'<input id="{name}" name="{name}" {INPUTS[name]} value="{escape(sheet.typed.get(name, ""))}"'
        f"{_about(sheet, name, f'{name}-help' if help_text else '')}>{wrong}"
        + (f'<p class="help" id="{name}-help">{escape(help_text)}</p>' if help_text else "")
    )


def _files(sheet: Sheet) -> str:
    return file_field(sheet.language, sheet.most, _about(sheet, "files")) + _complaint(sheet, "files")


def file_field(language: str, most: int, about: str = "") -> str:
    """`most`: bytes of all files together. The script says so before they are sent for nothing."""
    words = WORDS[language]
    large = words["large"].format(most=most >> 20, files=MOST_FILES)
    return (
        f'<label for="files">{escape(words["files"])}<small>{escape(words["optional"])}</small></label>'
        f'<input id="files" name="files" type="file" multiple data-most="{most}" data-count="{MOST_FILES}" '
        f'data-large="{escape(large)}"{about}>'
    )


def _about(sheet: Sheet, name: str, described: str = "") -> str:
    """What belongs to a field, in attributes. The one that is wrong has the focus: it may be below the fold."""
    if sheet.wrong is None or sheet.wrong[0] != name:
        return f' aria-describedby="{described}"' if described else ""
    return f' aria-describedby="{f"{name}-wrong {described}".strip()}" aria-invalid="true" autofocus'


def _complaint(sheet: Sheet, name: str) -> str:
    if sheet.wrong is None or sheet.wrong[0] != name:
        return ""
    return f'<p class="wrong" id="{name}-wrong" role="alert">{escape(sheet.wrong[1])}</p>'


def _mail(address: str, words: Mapping[str, str]) -> str:
    """The shop's address as a person reads it; with the script it is a button that puts the real one together."""
    user, _, host = address.rpartition("@")
    if not user:
        return ""
    spelled = words["spelled"].format(user=user, host=f" {words['dot']} ".join(host.split(".")))
    return (
        f'<footer><p class="help">{escape(words["by_mail"])}</p><p class="mail" data-u="{_turned(user)}" '
        f'data-h="{_turned(host)}" data-show="{escape(words["show_mail"])}"><span>{escape(spelled)}</span></p></footer>'
    )


def _turned(text: str) -> str:
    return base64.b64encode(text[::-1].encode("ascii", "xmlcharrefreplace")).decode()
